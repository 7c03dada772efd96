"""How the demo talks to a player's process: one JSON object a line, each answered by one.

Orders to guests: `{"do": "open", "name": N, "url": U}` (the link), `{"do": "join", "name": N}`
(and wait for lobby or call), `{"do": "read"}` (what everybody sees), `{"do": "drop", "name": N}`
(vanish without a word), `{"do": "leave", "name": N}` and `{"do": "rejoin", "name": N}` (by the
page's controls), `{"do": "reload", "name": N}`, `{"do": "picture", "name": N, "out": FILE}`. All
take `{"do": "quit"}`. Answers: `{"ok": true, ...}` or `{"ok": false, "text": WHY}`. The first line
says that all is ready.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

Order = dict[str, Any]


def orders() -> Iterator[Order]:
    """Say that all is ready, then yield the orders of standard input until it ends or says quit."""
    answer(dict)
    for line in sys.stdin:
        order: Order = json.loads(line)
        if order["do"] == "quit":
            return
        yield order


def answer(work: Callable[[], Order]) -> None:
    """Do one piece of work and answer with its result, or with why it failed."""
    try:
        result: Order = {"ok": True} | work()
    except Exception as error:
        result = {"ok": False, "text": f"{type(error).__name__}: {error}"}
    print(json.dumps(result), flush=True)
