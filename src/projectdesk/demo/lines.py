"""How the demo talks to its guests' process: one JSON object a line, each answered by one.

Orders: `{"do": "join", "name": N, "url": U}`, `{"do": "read"}` (what everybody sees),
`{"do": "drop", "name": N}` (vanish without a word), `{"do": "leave", "name": N}`,
`{"do": "picture", "name": N, "out": FILE}`, `{"do": "quit"}`.
Answers: `{"ok": true, ...}` or `{"ok": false, "text": WHY}`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

Order = dict[str, Any]


def orders() -> Iterator[Order]:
    """Yield the orders of standard input until it ends or says quit."""
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
