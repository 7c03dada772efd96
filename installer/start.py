"""The program of a bundle: `projectdesk` with its arguments; the windowed one is the desktop."""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path


def main() -> int:
    """Run the command that was asked for."""
    multiprocessing.freeze_support()
    from projectdesk import cli

    if Path(sys.executable).stem == "projectdesk-desktop":
        return cli.desktop_main()
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
