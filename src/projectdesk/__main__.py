"""`python -m projectdesk` is the command `projectdesk`."""

from __future__ import annotations

import sys

from projectdesk.cli import main

if __name__ == "__main__":
    sys.exit(main())
