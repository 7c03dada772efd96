"""An actor that answers what it is told, fails at "fail" and ends at "die"."""

from __future__ import annotations

import sys

from projectdesk.demo.lines import Order, answer, orders


def carry_out(order: Order) -> Order:
    if order["do"] == "fail":
        raise RuntimeError("it cannot be done")
    return {"said": order["do"]}


for order in orders():
    if order["do"] == "die":
        sys.exit(1)
    answer(lambda order=order: carry_out(order))  # type: ignore[misc]
