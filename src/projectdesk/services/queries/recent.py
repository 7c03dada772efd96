"""What others did, and what hosts told of, since the person was last here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from projectdesk.services.home_rows import RecentRow
from projectdesk.services.kinds import in_words
from projectdesk.services.labels import name_of
from projectdesk.services.mine import is_me
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.store.mapping import ENTITIES

COLLECTED: Final = "Collect from the host"
"""Label of what a host told of: no person of this database did it."""
_ANSWERS: Final = {
    "accepted": "{name} accepted “{what}”",
    "tentative": "{name} may come to “{what}”",
    "declined": "{name} declined “{what}”",
}
_NOTES: Final = {
    "done": "{name} has done {label} “{what}”",
    "postponed": "{name} postponed {label} “{what}” to {day}",
    "reopened": "{name} reopened {label} “{what}”",
    "comment": "{name} comments on {label} “{what}”",
}
_ROWS: Final = 2000
"""History rows that are looked at, at most: after a long absence the newest count."""


def changes_since(workspace: Workspace, since: datetime, limit: int = 50) -> list[RecentRow]:
    """Return what others changed and what hosts told of since an instant, newest first.

    What this person did is left out. A change of many records is one row.

    Args:
        workspace: the open data.
        since: UTC.
        limit: rows at most.
    """
    h, person = schema.history.c, schema.person.c
    with workspace.read() as session:
        me = session.execute(
            select(person.given_name, person.family_name).where(is_me(session)).limit(1)
        ).first()
        mine = f"{me.given_name} {me.family_name}".strip() if me else ""
        query = (
            select(schema.history, schema.project.c.acronym)
            .outerjoin(schema.project, schema.project.c.id == h.project_id)
            .where(
                h.at > since,
                h.record_id.is_not(None),
                or_(h.who != mine, h.label == COLLECTED),
            )
            .order_by(h.change_id.desc(), h.seq)
            .limit(_ROWS)
        )
        found = session.execute(query).all()
        made: list[RecentRow] = []
        for _, rows in groupby(found, lambda row: row.change_id):
            made += _told(session, list(rows))
            if len(made) >= limit:
                break
    return made[:limit]


def _told(session: Session, rows: Sequence[Any]) -> Iterator[RecentRow]:
    """Yield what a change was: one line, or one for each answer that a host told of."""
    first = rows[0]
    if first.label != COLLECTED:
        yield _row(first, first.who, first.label)
        return
    answers = [row for row in rows if _answer(row) is not None]
    notes = [row for row in rows if row.kind == Kind.ACTION_NOTE.value]
    for row in notes:
        told = _of_action(session, row)
        if told is not None:
            yield told
    of_notes = {UUID(str(row.after["action_id"])) for row in notes if row.after}
    for row in answers:
        invitation = session.get(ENTITIES[Kind.INVITATION.value], row.record_id)
        if invitation is None:
            continue
        meeting = session.get(ENTITIES[Kind.MEETING.value], invitation.meeting_id)
        words = _ANSWERS[str(_answer(row))]
        name = name_of(session, invitation)
        yield _row(row, "", words.format(name=name, what=meeting.title if meeting else ""))
    rest = [
        row
        for row in rows
        if row not in answers
        and row not in notes
        and not (row.kind == Kind.ACTION.value and UUID(str(row.record_id)) in of_notes)
    ]
    by_kind: dict[Kind, list[Any]] = {}
    for row in rest:
        by_kind.setdefault(Kind(row.kind), []).append(row)
    for kind, of_kind in by_kind.items():
        count = len({row.record_id for row in of_kind})
        yield _row(of_kind[0], "", f"Collected: {in_words(kind, count)}")


def _of_action(session: Session, row: Any) -> RecentRow | None:
    """Return what the owner of an action told, as a row that leads to the action."""
    note = session.get(ENTITIES[Kind.ACTION_NOTE.value], row.record_id)
    action = None
    if note is not None:
        action = session.get(ENTITIES[Kind.ACTION.value], note.action_id)
    if note is None or action is None:
        return None
    person = session.get(ENTITIES[Kind.PERSON.value], note.person_id) if note.person_id else None
    facts = {
        "name": name_of(session, person) if person is not None else "",
        "what": action.text,
        "label": f"A{action.number}",
        "day": note.due_on.isoformat() if note.due_on is not None else "",
    }
    words = _NOTES[note.kind.value].format(**facts)
    if note.text:
        words += f": {note.text}"
    made = _row(row, "", words)
    return replace(made, kind=Kind.ACTION, record_id=action.id)


def _answer(row: Any) -> str | None:
    if row.kind != Kind.INVITATION.value or not row.after:
        return None
    answer = row.after.get("answer")
    return answer if answer in _ANSWERS else None


def _row(row: Any, who: str, what: str) -> RecentRow:
    return RecentRow(
        change_id=row.change_id,
        at=row.at,
        who=who,
        what=what,
        kind=Kind(row.kind),
        record_id=UUID(str(row.record_id)),
        project_id=row.project_id,
        project=row.acronym or "",
    )
