"""To-do entries that calendar programs read (RFC 5545, VTODO)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class TodoStatus(StrEnum):
    """How a to-do stands, as RFC 5545 spells it."""

    OPEN = "NEEDS-ACTION"
    DONE = "COMPLETED"
    DROPPED = "CANCELLED"


@dataclass(frozen=True)
class TodoEntry:
    """One to-do. uid: by which programs know it again."""

    uid: str
    summary: str
    status: TodoStatus
    due_on: date | None = None
    description: str = ""
    category: str = ""


def write_todos(entries: Iterable[TodoEntry], now: datetime) -> bytes:
    """Return a calendar object with to-dos; now: UTC, when they are what is written."""
    from icalendar import Calendar, Todo

    calendar = Calendar()
    calendar.add("prodid", "-//ProjectDesk//Actions//EN")
    calendar.add("version", "2.0")
    for entry in entries:
        todo = Todo()
        todo.add("uid", entry.uid)
        todo.add("dtstamp", now)
        todo.add("summary", entry.summary)
        todo.add("status", entry.status.value)
        if entry.due_on is not None:
            todo.add("due", entry.due_on)
        if entry.status is TodoStatus.DONE:
            todo.add("percent-complete", 100)
        if entry.description:
            todo.add("description", entry.description)
        if entry.category:
            todo.add("categories", [entry.category])
        calendar.add_component(todo)
    return bytes(calendar.to_ical())
