"""The option that says in which language a command tells results of votes."""

from __future__ import annotations

import argparse


def add_language(parser: argparse.ArgumentParser) -> None:
    """Let a command be asked in which language it tells results."""
    parser.add_argument(
        "--language",
        default="",
        metavar="TAG",
        help="of the result in words: en, de, ... (default: that of documents)",
    )
