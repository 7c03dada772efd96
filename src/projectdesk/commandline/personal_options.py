"""How `projectdesk person` is spelled."""

from __future__ import annotations

import argparse
from pathlib import Path

from projectdesk.commandline.grammar import Commands, command, run


def add_personal(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add what concerns the data of one person."""
    about = "What is kept of one person: give it out, or forget it (GDPR)."
    group = commands.add_parser("person", help=about, description=about)
    kinds = group.add_subparsers(required=True, metavar="export|erase")
    export = command(kinds, "export", run("personal", "export"), "All that is kept, as JSON.")
    export.add_argument("person", metavar="PERSON", help="name, e-mail address or id")
    export.add_argument("--out", type=Path, metavar="FILE")
    erase = command(kinds, "erase", run("personal", "erase"), "Forget names, addresses and words.")
    erase.add_argument("person", metavar="PERSON", help="name, e-mail address or id")
    erase.add_argument("--yes", action="store_true", help="it cannot be undone")
