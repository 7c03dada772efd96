"""The audit trail of minutes: written with what it tells of, read, and checked (decisions 15).

    with workspace.change("Circulate the minutes", undoable=False) as unit:
        ...
        head = audit.append(unit, minutes.id, AuditStep.CIRCULATED, text="to Ana Reis")

The database refuses to change or delete an entry; whoever goes past it is found by `verify`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session

from projectdesk.domain.minutes import Minutes
from projectdesk.domain.rules.audit_chain import (
    SALT_BYTES,
    AuditStep,
    Break,
    Link,
    Text,
    first_break,
    first_untold,
)
from projectdesk.domain.rules.audit_chain import append as next_link
from projectdesk.services.audit_anchor import Kept, check_end
from projectdesk.services.audit_records import expected_steps
from projectdesk.services.numbers import reserve
from projectdesk.services.rows import Kind
from projectdesk.store import schema

if TYPE_CHECKING:  # a unit writes into the trail itself
    from projectdesk.services.session import Unit
    from projectdesk.services.workspace import Workspace

SHOWN: Final = 16
"""How much of a hash is printed where people read it, in characters."""


@dataclass(frozen=True)
class AuditRow:
    """One step. text: what it says, None = erased. hash: hex."""

    seq: int
    at: datetime
    step: AuditStep | str
    subject_id: UUID | None
    text: str | None
    hash: str


@dataclass(frozen=True)
class ChainRow:
    """The trail of one revision, checked.

    broken: the first place where it does not hold. end: what is known of where it ended.
    """

    minutes_id: UUID
    meeting_id: UUID
    meeting: str
    revision: int
    steps: int
    head: str
    broken: Break | None
    end: Kept = Kept.NOT


def append(
    unit: Unit,
    minutes_id: UUID,
    step: AuditStep,
    subject_id: UUID | None = None,
    text: str = "",
    at: datetime | None = None,
) -> str:
    """Write the next step of a revision's trail, in the caller's unit; return the new head.

    The row of the minutes is locked until the commit: two desktops write one after the other.

    Args:
        unit: the change that the step tells of.
        minutes_id: the revision.
        step: what happened.
        subject_id: the reader, objection, decision, ... that it is about.
        text: what it says; may name people.
        at: when it happened; None = now.

    Raises:
        NotFound: no such minutes.
    """
    minutes = unit.get(Minutes, minutes_id)
    reserve(unit.session, minutes_id)
    unit.session.flush()
    before = _last(unit.session, minutes_id)
    said = Text(secrets.token_hex(SALT_BYTES), text)
    link = next_link(before, minutes_id, at or unit.now, step, subject_id, said)
    unit.session.execute(
        insert(schema.audit_entry).values(
            minutes_id=minutes_id,
            seq=link.seq,
            at=link.at,
            step=link.step,
            subject_id=link.subject,
            commitment=link.commitment,
            previous=link.previous,
            hash=link.hash,
        )
    )
    unit.session.execute(
        insert(schema.audit_text).values(
            minutes_id=minutes_id, seq=link.seq, salt=said.salt, text=said.text
        )
    )
    unit.traced.add((step, subject_id))
    unit.trails.add(minutes_id)
    unit.touch(Kind.MINUTES, minutes.id)
    return link.hash


def begin(unit: Unit, minutes_id: UUID, text: str = "") -> None:
    """Write the first step of a trail, if there is none yet."""
    unit.session.flush()
    if _last(unit.session, minutes_id) is None:
        append(unit, minutes_id, AuditStep.BEGUN, text=text)


def head_of(session: Session, minutes_id: UUID) -> str:
    """Return the newest hash of a trail, "" before there is one."""
    last = _last(session, minutes_id)
    return last.hash if last is not None else ""


def trail(workspace: Workspace, minutes_id: UUID) -> list[AuditRow]:
    """Return the steps of a revision, the first one first."""
    with workspace.read() as session:
        links, texts = _chain(session, minutes_id)
    return [
        AuditRow(
            link.seq,
            link.at,
            _step(link.step),
            link.subject,
            texts[link.seq].text if link.seq in texts else None,
            link.hash,
        )
        for link in links
    ]


def erase_text(unit: Unit, minutes_id: UUID, seq: int) -> None:
    """Erase what a step says of people, with its salt; the chain stays whole. It is not undone."""
    table = schema.audit_text
    unit.undoable = False
    unit.session.execute(delete(table).where(table.c.minutes_id == minutes_id, table.c.seq == seq))


def verify(workspace: Workspace, project_id: UUID | None = None) -> list[ChainRow]:
    """Check the trails of a project (None = of all), by meeting and revision.

    A revision that was circulated has to have a trail, with the head that was printed then; it has
    to tell what the records say, and to end where it ended (`audit_anchor`).
    """
    minutes, meeting = schema.minutes.c, schema.meeting.c
    query = (
        select(minutes.id, minutes.meeting_id, minutes.revision, minutes.audit_head, meeting.title)
        .join_from(schema.minutes, schema.meeting)
        .order_by(meeting.starts_at, meeting.id, minutes.revision)
    )
    if project_id is not None:
        query = query.where(meeting.project_id == project_id)
    with workspace.read() as session:
        return [_checked(session, workspace, row) for row in session.execute(query)]


def is_whole(workspace: Workspace, minutes_id: UUID, heads: Sequence[str] = ()) -> Break | None:
    """Return where one trail does not hold; `heads`: hashes that were printed or kept elsewhere."""
    with workspace.read() as session:
        links, texts = _chain(session, minutes_id)
    return first_break(links, texts, heads)


def hashes(session: Session, minutes_id: UUID) -> list[str]:
    """Return the hashes of a trail, the first link's first."""
    return list(session.scalars(_entries(minutes_id).with_only_columns(schema.audit_entry.c.hash)))


def told(session: Session, minutes_id: UUID) -> set[tuple[str, UUID | None, datetime]]:
    """Return what a trail tells: step, what it is about, when it happened."""
    return {(row.step, row.subject_id, row.at) for row in session.execute(_entries(minutes_id))}


def broken_at(
    entries: Sequence[Mapping[str, Any]], texts: Sequence[Mapping[str, Any]]
) -> Break | None:
    """Return where a trail that comes from elsewhere does not hold.

    Args:
        entries: rows as `audit_entry` has them, by `seq`.
        texts: rows as `audit_text` has them.
    """
    links = [_link(SimpleNamespace(**row)) for row in entries]
    return first_break(links, {row["seq"]: Text(row["salt"], row["text"]) for row in texts})


# --- inside ---------------------------------------------------------------------------------------


def _checked(session: Session, workspace: Workspace, row: Any) -> ChainRow:
    links, texts = _chain(session, row.id)
    end, cut = check_end(session, workspace, row.id, links)
    untold = first_untold(links, expected_steps(session, row.id))
    return ChainRow(
        row.id,
        row.meeting_id,
        row.title,
        row.revision,
        len(links),
        links[-1].hash if links else "",
        first_break(links, texts) or untold or cut or first_break(links, texts, [row.audit_head]),
        end,
    )


def _chain(session: Session, minutes_id: UUID) -> tuple[list[Link], Mapping[int, Text]]:
    links = [_link(row) for row in session.execute(_entries(minutes_id))]
    text = schema.audit_text.c
    query = select(text.seq, text.salt, text.text).where(text.minutes_id == minutes_id)
    return links, {row.seq: Text(row.salt, row.text) for row in session.execute(query)}


def _last(session: Session, minutes_id: UUID) -> Link | None:
    newest = _entries(minutes_id).order_by(None).order_by(schema.audit_entry.c.seq.desc()).limit(1)
    row = session.execute(newest).first()
    return _link(row) if row is not None else None


def _entries(minutes_id: UUID) -> Select[Any]:
    entry = schema.audit_entry
    return select(entry).where(entry.c.minutes_id == minutes_id).order_by(entry.c.seq)


def _link(row: Any) -> Link:
    return Link(
        row.minutes_id,
        row.seq,
        row.at,
        row.step,
        row.subject_id,
        row.commitment,
        row.previous,
        row.hash,
    )


def _step(text: str) -> AuditStep | str:
    try:
        return AuditStep(text)
    except ValueError:  # of a newer program
        return text
