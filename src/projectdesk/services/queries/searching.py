"""Find records by words, and by what they are called (WP3, D3.2, A12)."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.services.rows import Hit, Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.store.folding import fold
from projectdesk.store.search import Found, by_ids, find

_LABEL = re.compile(r"(wp|t|d|ms|a|r)\s?(\d{1,4})(?:(\.)(\d{1,4})?)?")
_CONTEXT = 160
"""Characters of context at most."""

_LATEST = 400
"""Lines of the history that are looked through for the records changed last."""


def search(
    workspace: Workspace,
    text: str,
    limit: int = 30,
    *,
    project_id: UUID | None = None,
    kind: Kind | None = None,
) -> list[Hit]:
    """Return what is called `text` or holds every word of it, best first.

    A hit of kind MINUTES is a note; its id is the agenda item's.

    Args:
        workspace: the open database.
        text: as typed; case and accents do not matter.
        limit: how many at most.
        project_id: only records of this project, its organisations and people included.
        kind: only records of this kind.
    """
    with workspace.read() as session:
        hits = _by_label(session, fold(text), limit, project_id, kind)
        known = {(hit.kind, hit.id) for hit in hits}
        wanted = None if kind is None else kind.value
        found = _present(session, find(session, text, limit, kind=wanted, project_id=project_id))
        hits += [
            hit for hit in _hits(session, found[:limit], text) if (hit.kind, hit.id) not in known
        ]
    return hits[:limit]


def recent(workspace: Workspace, limit: int = 12) -> list[Hit]:
    """Return the records that were changed last, newest first, for a search box that is empty."""
    history = schema.history.c
    query = (
        select(history.kind, history.record_id)
        .where(history.record_id.is_not(None), history.operation != "delete")
        .order_by(history.change_id.desc(), history.seq)
        .limit(_LATEST)
    )
    with workspace.read() as session:
        latest = list(dict.fromkeys((row[0], row[1]) for row in session.execute(query)))
        found = {(each.kind, each.record_id): each for each in by_ids(session, latest)}
        return _hits(session, [found[each] for each in latest if each in found][:limit], "")


def _hits(session: Session, found: list[Found], text: str) -> list[Hit]:
    labels, places = _labels(session, found), _places(session, found)
    return [
        Hit(
            Kind(each.kind),
            each.record_id,
            each.project_id,
            f"{labels.get(each.record_id, '')} {each.title}".strip(),
            context_of(each, text) or places.get(each.record_id, ""),
        )
        for each in found
    ]


def _present(session: Session, found: list[Found]) -> list[Found]:
    """Leave out notes whose agenda item is deleted: their entry waits for an undo."""
    notes = [each.record_id for each in found if each.kind == Kind.MINUTES.value]
    if not notes:
        return found
    item = schema.agenda_item.c
    items = set(session.scalars(select(item.id).where(item.id.in_(notes))))
    return [each for each in found if each.kind != Kind.MINUTES.value or each.record_id in items]


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


def _by_label(
    session: Session, text: str, limit: int, project_id: UUID | None, wanted: Kind | None
) -> list[Hit]:
    """Return what has a label: WP3, D3.2, T1.2, MS4, A12, R3; "D3." is all deliverables of WP3."""
    match = _LABEL.fullmatch(text)
    if match is None:
        return []
    letters, number, dot, below = match[1], int(match[2]), match[3], match[4]
    if dot:
        if letters not in _OF_PACKAGE:
            return []
        kind, table = _OF_PACKAGE[letters]
        package = schema.work_package.c
        query = (
            select(table.c.id, package.project_id, table.c.title, table.c.number)
            .join_from(table, schema.work_package)
            .where(package.number == number, *([table.c.number == int(below)] if below else []))
            .order_by(table.c.number)
        )
        owner = package.project_id
    elif letters in _NUMBERED:
        kind, table, words = _NUMBERED[letters]
        owner = table.c.project_id
        query = select(table.c.id, owner, table.c[words], table.c.number).where(
            table.c.number == number
        )
    else:
        return []
    if wanted not in {None, kind}:
        return []
    if project_id is not None:
        query = query.where(owner == project_id)
    start = f"{letters.upper()}{number}." if dot else letters.upper()
    rows = session.execute(query.order_by(table.c.id).limit(limit))
    return [Hit(kind, row[0], row[1], f"{start}{row[3]} {row[2]}", "") for row in rows]


_OF_PACKAGE = {
    "t": (Kind.TASK, schema.task),
    "d": (Kind.DELIVERABLE, schema.deliverable),
}
_NUMBERED = {
    "wp": (Kind.WORK_PACKAGE, schema.work_package, "title"),
    "ms": (Kind.MILESTONE, schema.milestone, "title"),
    "d": (Kind.DECISION, schema.decision, "text"),
    "a": (Kind.ACTION, schema.action, "text"),
    "r": (Kind.RISK, schema.risk, "title"),
}


def _labels(session: Session, found: list[Found]) -> dict[UUID, str]:
    """Return the labels that are no part of the title: T1.2, D3.2, A12, D4."""
    package = schema.work_package.c
    labels: dict[UUID, str] = {}
    for letter, (kind, table) in _OF_PACKAGE.items():
        if ids := _ids(found, kind):
            rows = session.execute(
                select(table.c.id, package.number.label("wp"), table.c.number)
                .join_from(table, schema.work_package)
                .where(table.c.id.in_(ids))
            )
            labels |= {row.id: f"{letter.upper()}{row.wp}.{row.number}" for row in rows}
    for letter in ("d", "a"):
        kind, table, _ = _NUMBERED[letter]
        if ids := _ids(found, kind):
            rows = session.execute(select(table.c.id, table.c.number).where(table.c.id.in_(ids)))
            labels |= {row.id: f"{letter.upper()}{row.number}" for row in rows}
    return labels


# --- context --------------------------------------------------------------------------------------


def _places(session: Session, found: list[Found]) -> dict[UUID, str]:
    """Return where a record belongs: a person's organisation, an action's meeting."""
    places: dict[UUID, str] = {}
    meeting = schema.meeting.c
    for kind, table in (
        (Kind.AGENDA_ITEM, schema.agenda_item),
        (Kind.MINUTES, schema.agenda_item),
        (Kind.DECISION, schema.decision),
        (Kind.ACTION, schema.action),
    ):
        if ids := _ids(found, kind):
            rows = session.execute(
                select(table.c.id, meeting.title)
                .join(schema.meeting, meeting.id == table.c.meeting_id)
                .where(table.c.id.in_(ids))
            )
            places |= {row[0]: row[1] for row in rows}
    organisation, person = schema.organisation.c, schema.person.c
    if ids := _ids(found, Kind.PERSON):
        employers = session.execute(
            select(person.id, organisation.short_name, organisation.legal_name)
            .join(schema.organisation, organisation.id == person.organisation_id)
            .where(person.id.in_(ids))
        )
        places |= {row[0]: row[1] or row[2] for row in employers}
    if ids := _ids(found, Kind.ORGANISATION):
        cities = session.execute(
            select(organisation.id, organisation.short_name, organisation.city).where(
                organisation.id.in_(ids)
            )
        )
        places |= {row[0]: ", ".join(filter(None, (row[1], row[2]))) for row in cities}
    return places


def _ids(found: list[Found], kind: Kind) -> list[UUID]:
    return [each.record_id for each in found if each.kind == kind.value]
