"""Find records by words, and by what they are called (WP3, D3.2, A12)."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from projectdesk.services.rows import Hit, Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.store.folding import fold
from projectdesk.store.search import Found, find

_LABEL = re.compile(r"(wp|t|d|ms|a)\s?(\d{1,4})(?:\.(\d{1,4}))?")
_CONTEXT = 160
"""Characters of context at most."""


def search(workspace: Workspace, text: str, limit: int = 30) -> list[Hit]:
    """Return what is called `text` or holds every word of it, best first.

    A hit of kind MINUTES is a note; its id is the agenda item's.

    Args:
        workspace: the open database.
        text: as typed; case and accents do not matter.
        limit: how many at most.
    """
    with workspace.read() as session:
        hits = _by_label(session, fold(text), limit)
        known = {(hit.kind, hit.id) for hit in hits}
        found = _present(session, find(session, text, limit))
        labels = _labels(session, found)
        for each in found:
            kind = Kind(each.kind)
            if (kind, each.record_id) not in known:
                label = labels.get(each.record_id, "")
                hits.append(_hit(each, kind, f"{label} {each.title}".strip(), text))
    return hits[:limit]


def _present(session: Session, found: list[Found]) -> list[Found]:
    """Leave out notes whose agenda item is deleted: their entry waits for an undo."""
    notes = [each.record_id for each in found if each.kind == Kind.MINUTES.value]
    if not notes:
        return found
    item = schema.agenda_item.c
    items = set(session.scalars(select(item.id).where(item.id.in_(notes))))
    return [each for each in found if each.kind != Kind.MINUTES.value or each.record_id in items]


def _hit(found: Found, kind: Kind, title: str, text: str) -> Hit:
    return Hit(kind, found.record_id, found.project_id, title, context_of(found, text))


def context_of(found: Found, text: str) -> str:
    """Return the line of a record's text that holds a word the title does not, "" if none."""
    title = fold(found.title)
    for word in fold(text).split():
        if word in title:
            continue
        for line in found.body.splitlines():
            if (place := fold(line).find(word)) >= 0:
                return _around(line.strip(), place)
    return ""


def _around(line: str, place: int) -> str:
    if len(line) <= _CONTEXT:
        return line
    start = max(0, min(place - _CONTEXT // 3, len(line) - _CONTEXT))
    cut = line[start : start + _CONTEXT].strip()
    return f"{'…' if start else ''}{cut}{'…' if start + _CONTEXT < len(line) else ''}"


# --- labels ---------------------------------------------------------------------------------------


def _by_label(session: Session, text: str, limit: int) -> list[Hit]:
    match = _LABEL.fullmatch(text)
    if match is None:
        return []
    letters, number, below = match[1], int(match[2]), int(match[3] or 0)
    package = schema.work_package.c
    query: Select[tuple[UUID, UUID, str]]
    if below and letters in {"t", "d"}:
        table = schema.task if letters == "t" else schema.deliverable
        kind = Kind.TASK if letters == "t" else Kind.DELIVERABLE
        query = (
            select(table.c.id, package.project_id, table.c.title)
            .join_from(table, schema.work_package)
            .where(package.number == number, table.c.number == below)
        )
    elif not below and letters != "t":
        kind, table, words = _NUMBERED[letters]
        query = select(table.c.id, table.c.project_id, table.c[words]).where(
            table.c.number == number
        )
    else:
        return []
    label = text.replace(" ", "").upper()
    rows = session.execute(query.order_by(table.c.id).limit(limit)).all()
    return [Hit(kind, row[0], row[1], f"{label} {row[2]}", "") for row in rows]


_NUMBERED = {
    "wp": (Kind.WORK_PACKAGE, schema.work_package, "title"),
    "ms": (Kind.MILESTONE, schema.milestone, "title"),
    "d": (Kind.DECISION, schema.decision, "text"),
    "a": (Kind.ACTION, schema.action, "text"),
}


def _labels(session: Session, found: list[Found]) -> dict[UUID, str]:
    """Return the labels of tasks and deliverables, whose number is half their work package's."""
    package = schema.work_package.c
    labels: dict[UUID, str] = {}
    for kind, table, letter in (
        (Kind.TASK, schema.task, "T"),
        (Kind.DELIVERABLE, schema.deliverable, "D"),
    ):
        ids = [each.record_id for each in found if each.kind == kind.value]
        if ids:
            rows = session.execute(
                select(table.c.id, package.number.label("wp"), table.c.number)
                .join_from(table, schema.work_package)
                .where(table.c.id.in_(ids))
            )
            labels |= {row.id: f"{letter}{row.wp}.{row.number}" for row in rows}
    return labels
