"""How the demo talks to a player's process: one JSON object a line, each answered by one.

Orders to guests (`{"do": ORDER, ...}`):
    accept url: accept an invitation by its form; open name url camera: open a link;
    join name: press Join and wait for lobby or call; read: tell what everybody sees;
    drop name: vanish without a word; leave name, rejoin name: by the page's controls;
    reload name; picture name out: write a picture to a file.
Every player takes `{"do": "quit"}`. Answers: `{"ok": true, ...}` or `{"ok": false, "text": WHY}`.
The first line says that all is ready.
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
