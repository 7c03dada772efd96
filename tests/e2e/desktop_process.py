"""A desktop in a process of its own, to be killed: `python desktop_process.py DATA [MEETING]`.

With MEETING it opens that one, as a desktop does that is started again; else it plans the sample's
kick-off. It lives on between orders: its window is painted, its page plays, its console listens.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from projectdesk.demo import stage, story
from projectdesk.demo.coordinator import Coordinator, type_into
from projectdesk.demo.lines import Order, answer
from projectdesk.desktop.call.open_calls import read_open_calls
from projectdesk.desktop.runtime.host_process import read_record

_HOUR = 3600.0


def carry_out(desk: Coordinator, order: Order) -> Order:
    """Do what an order says and return how the meeting stands."""
    match order["do"]:
        case "host":
            desk.start_host()
        case "window":
            desk.open_window()
        case "admit":
            desk.admit_all()
        case "next":
            desk.next_item()
        case "notes":
            desk.type_notes(order["words"])
        case "type on":
            type_on(desk, order["words"])
        case "half":
            type_half(desk, order["words"])
        case "end":
            desk.end_meeting()
        case "read":
            pass
        case other:
            raise ValueError(f"unknown order {other!r}")
    return facts(desk, host=order["do"] == "host")


def type_half(desk: Coordinator, words: str) -> None:
    """Show the people, begin to write a decision, and wait until both are noted."""
    desk.window.tabs.show_panel("people")
    desk.window.minutes.new_decision.field.setText(words)
    meeting, folder = desk.story.meeting.id, desk.data

    def is_noted() -> bool:
        noted = read_open_calls(folder, datetime.now(UTC)).get(meeting)
        return noted is not None and noted.state == desk.window.state()

    stage.wait(is_noted, "the console's state to be noted", 10)


def type_on(desk: Coordinator, words: str) -> None:
    """Type into the notes as a fast writer does, letter by letter."""
    for letter in words:
        type_into(desk.window.minutes.notes, letter)
        stage.pause(0.05)


def facts(desk: Coordinator, *, host: bool) -> dict[str, Any]:
    """Return the host's process and links, or what the console shows."""
    if host:
        record = read_record(desk.host.folder)
        assert record is not None
        links = {who.hex: link for who, link in desk.published.links}
        return {"pid": record.pid, "links": links, "meeting": desk.story.meeting.id.hex}
    return {
        "item": desk.running_item,
        "here": [person.id for person in desk.room.participants if not person.away],
        "lobby": [person.id for person in desk.room.lobby],
        "panel": desk.window.tabs.current,
        "half": desk.window.minutes.new_decision.field.text(),
    }


def main(data: Path, meeting: UUID | None) -> int:
    """Serve orders until standard input ends or says quit."""
    stage.application()
    desk = Coordinator(
        data,
        (lambda workspace: story.prepare(workspace, None))
        if meeting is None
        else (lambda workspace: story.cast(workspace, meeting)),
    )
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        for line in sys.stdin:
            lines.put(line)
        lines.put('{"do": "quit"}')

    threading.Thread(target=read, daemon=True).start()
    answer(dict)
    while True:
        stage.wait(lambda: not lines.empty(), "an order", _HOUR)
        order = json.loads(lines.get())
        if order["do"] == "quit":
            desk.close(end_host=True)
            return 0
        answer(partial(carry_out, desk, order))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), UUID(sys.argv[2]) if len(sys.argv) > 2 else None))
