"""Who measures goes before other programs, as what is measured does.

A robot that waits for the processor sends its packets in one go: then the server works on many at
a wake-up, costs less, and looks late.
"""

from __future__ import annotations

import contextlib
import os

NICENESS = -5
"""What the embedded SFU takes where the system allows it; robots and Janus take the same."""


def go_first() -> None:
    """Take the priority for this process, where the system allows it."""
    nice = getattr(os, "nice", None)
    if nice is not None:
        with contextlib.suppress(OSError):
            nice(NICENESS)
