"""How `projectdesk serve` is told how to send the mail that desktops hand over."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_posting(serve: argparse.ArgumentParser) -> None:
    """Add the options."""
    mail = serve.add_argument_group("mail that is due later, sent for desktops")
    mail.add_argument(
        "--smtp",
        metavar="HOST[:PORT]",
        help="the mail server that it goes over; whose mail: serve keys mail",
    )
    mail.add_argument(
        "--smtp-security",
        choices=("tls", "starttls", "none"),
        default="starttls",
        help="default starttls (port 587); tls has port 465, none port 25",
    )
    mail.add_argument(
        "--smtp-user", default="", metavar="NAME", help="to sign in with; password: smtp-password"
    )
    mail.add_argument(
        "--smtp-authority", type=Path, metavar="FILE", help="certificate of who vouches for it"
    )
    mail.add_argument(
        "--mail-most",
        type=int,
        default=5_000,
        metavar="N",
        help="mails that may wait for one key, or team (default 5000)",
    )
    mail.add_argument(
        "--mail-most-mb", type=int, default=200, metavar="N", help="their size (default 200)"
    )
