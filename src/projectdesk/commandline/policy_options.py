"""How `projectdesk policy` is spelled."""

from __future__ import annotations

import argparse
from pathlib import Path

from projectdesk.commandline.grammar import Commands, command, run


def add_policies(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add what concerns the policy of this computer."""
    about = "What an administrator settled on this computer."
    group = commands.add_parser("policy", help=about, description=about)
    kinds = group.add_subparsers(required=True, metavar="show|files")
    command(kinds, "show", run("policies", "show"), "Show what is settled, and what is in force.")
    text = "Write templates: ADMX and ADML, a profile of macOS, an example and its JSON Schema."
    files = command(kinds, "files", run("policies", "files"), text)
    files.add_argument("--out", type=Path, required=True, metavar="DIR")
