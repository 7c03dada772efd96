"""`projectdesk guide`: where the user guide is, and opening it."""

from __future__ import annotations

import argparse
import webbrowser

from projectdesk import guide
from projectdesk.commandline.printing import print_json
from projectdesk.errors import EnvironmentFailure


def show(options: argparse.Namespace) -> int:
    """`projectdesk guide [--page NAME] [--open]`."""
    file, part = guide.place(options.page, options.language)
    address = file.as_uri() + (f"#{part}" if part else "")
    if options.open and not webbrowser.open(address):
        raise EnvironmentFailure(
            "no_browser",
            "No browser could be started. Open {file} by hand.",
            file=str(file),
        )
    if options.json:
        names = list(guide.pages(options.language))
        print_json({"file": file, "part": part, "address": address, "pages": names})
    else:
        print(address)
    return 0
