"""How commands are spelled: what every group of them shares. Imports nothing heavy."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Handler = Callable[[argparse.Namespace], int]

Commands = argparse._SubParsersAction


def command(
    commands: Commands[argparse.ArgumentParser],
    name: str,
    handler: Handler,
    help_text: str,
    *,
    json: bool = True,
) -> argparse.ArgumentParser:
    """Add a command with the options that all have: the data folder, and JSON."""
    parser = commands.add_parser(name, help=help_text, description=help_text)
    parser.add_argument("--data", metavar="DIR", help="data folder (default: the platform's)")
    if json:
        parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(handler=handler)
    return parser


def run(module: str, function: str) -> Handler:
    """Return a handler that imports its module only when it runs."""

    def handler(options: argparse.Namespace) -> int:
        from importlib import import_module

        from projectdesk.commandline.way_out import way_out

        found: Handler = getattr(import_module(f"projectdesk.commandline.{module}"), function)
        with way_out(options.data):
            return found(options)

    return handler
