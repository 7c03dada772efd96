"""When Python looks for garbage in circles: seldom while the desktop starts, never in its code.

Python looks at what is new after 700 objects, and at everything whenever there is a quarter more.
A start loads a hundred thousand objects that all stay: a tenth of its time went into looking at
them. Later each look at everything took 70 ms on whatever thread it came, also that of the window.
What is counted by references goes at once, as ever; only circles wait.

May import: nothing of ours.
"""

from __future__ import annotations

import gc

_WHILE_STARTING = 200_000
"""New objects after which Python looks all the same, should a start never come to its end."""
_USUAL = gc.get_threshold()


def start() -> None:
    """Look seldom from now on: what is made now are modules, classes and pages that stay."""
    gc.set_threshold(_WHILE_STARTING, *_USUAL[1:])


def settle() -> None:
    """Look as usual from now on, but not at what is there already: the code and the first pages.

    Idempotent, so that only the first pages are kept where the data is opened anew.
    """
    gc.set_threshold(*_USUAL)
    if not gc.get_freeze_count():
        gc.freeze()
