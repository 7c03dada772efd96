"""The audit trails of minutes and procedures: written with what they tell of, read, and checked.

    with workspace.change("Circulate the minutes", undoable=False) as unit:
        ...
        head = audit.append(unit, minutes.id, AuditStep.CIRCULATED, text="to Ana Reis")

A revision of minutes, or a written procedure, has one (decisions 15; ADR 0086, 0111). The database
refuses to change or delete an entry; whoever goes past it is found by `verify`. The tables call the
id of what a trail is of `minutes_id`, after the first kind.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from projectdesk.domain.minutes import Minutes
from projectdesk.domain.rules.audit_chain import (
    SALT_BYTES,
    AuditStep,
    Break,
    Fault,
    Link,
    Text,
    first_break,
    first_untold,
)
from projectdesk.domain.rules.audit_chain import append as next_link
from projectdesk.domain.voting import Vote, VoteSetting
from projectdesk.services.audit_anchor import Kept, check_end
from projectdesk.services.audit_records import expected_steps
from projectdesk.services.numbers import reserve
from projectdesk.services.procedure_records import expected_of_procedure, note_trails_since
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
    """The trail of one revision of minutes, or of one written procedure, checked.

    meeting: its title, "" of a procedure. procedure: "ACRONYM-V3", "" of minutes. broken: the first
    place where it does not hold. end: what is known of where it ended.
    """

    minutes_id: UUID | None
    meeting_id: UUID | None
    meeting: str
    revision: int
    steps: int
    head: str
    broken: Break | None
    end: Kept = Kept.NOT
    vote_id: UUID | None = None
    procedure: str = ""


def append(
    unit: Unit,
    chain_id: UUID,
    step: AuditStep,
    subject_id: UUID | None = None,
    text: str = "",
    at: datetime | None = None,
) -> str:
    """Write the next step of a trail, in the caller's unit; return the new head.

    The trail is locked until the commit: two desktops write one after the other.

    Args:
        unit: the change that the step tells of.
        chain_id: the revision of minutes, or the written procedure.
        step: what happened.
        subject_id: the reader, objection, seat, decision, ... that it is about.
        text: what it says; may name people.
        at: when it happened; None = now.

    Raises:
        NotFound: no such minutes.
    """
    vote = unit.session.get(Vote, chain_id)
    if vote is None:
        unit.get(Minutes, chain_id)
    reserve(unit.session, chain_id)
    unit.session.flush()
    before = _last(unit.session, chain_id)
    said = Text(secrets.token_hex(SALT_BYTES), text)
    link = next_link(before, chain_id, at or unit.now, step, subject_id, said)
    unit.session.execute(
        insert(schema.audit_entry).values(
            minutes_id=chain_id,
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
            minutes_id=chain_id, seq=link.seq, salt=said.salt, text=said.text
        )
    )
    unit.traced.add((chain_id, step, subject_id))
    kind = Kind.MINUTES if vote is None else Kind.VOTE
    unit.trails[chain_id] = kind
    if vote is not None and link.seq == 1:
        note_trails_since(unit)
    unit.touch(kind, chain_id, None if vote is None else vote.project_id)
    return link.hash


def begin(unit: Unit, chain_id: UUID, text: str = "") -> None:
    """Write the first step of a trail, if there is none yet."""
    unit.session.flush()
    if _last(unit.session, chain_id) is None:
        append(unit, chain_id, AuditStep.BEGUN, text=text)


def trail(workspace: Workspace, chain_id: UUID) -> list[AuditRow]:
    """Return the steps of a trail, the first one first."""
    with workspace.read() as session:
        links, texts = _chain(session, chain_id)
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


def verify(workspace: Workspace, project_id: UUID | None = None) -> list[ChainRow]:
    """Check the trails of a project (None = of all): minutes by meeting and revision, procedures.

    A revision that was circulated has to have a trail, with the head that was printed then; so has
    a procedure that was opened, since procedures have one. Each has to tell what the records say,
    and to end where it ended (`audit_anchor`).
    """
    minutes, votes = _minutes(), _procedures()
    if project_id is not None:
        minutes = minutes.where(schema.meeting.c.project_id == project_id)
        votes = votes.where(schema.vote.c.project_id == project_id)
    with workspace.read() as session:
        checked = [_checked(session, workspace, row) for row in session.execute(minutes)]
        return checked + [_checked_vote(session, workspace, row) for row in session.execute(votes)]


def check(workspace: Workspace, chain_id: UUID) -> ChainRow | None:
    """Check one trail, as `verify` does; None = of nothing that is here."""
    with workspace.read() as session:
        row = session.execute(_minutes().where(schema.minutes.c.id == chain_id)).first()
        if row is not None:
            return _checked(session, workspace, row)
        row = session.execute(_procedures().where(schema.vote.c.id == chain_id)).first()
        return _checked_vote(session, workspace, row) if row is not None else None


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


def differing(session: Session, vote_id: UUID) -> list[UUID | None]:
    """Return of which seats a procedure's trail tells last what the records do not say.

    None among them: so it does of the result.
    """
    links, texts = _chain(session, vote_id)
    voting = {AuditStep.VOTED, AuditStep.COUNTED}
    return [
        each.subject
        for each in expected_of_procedure(session, vote_id, links)
        if voting.intersection(each.steps)
        and (found := first_untold(links, [each], texts)) is not None
        and found.fault is Fault.DIFFERS
    ]


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


def _minutes() -> Select[Any]:
    minutes, meeting = schema.minutes.c, schema.meeting.c
    return (
        select(minutes.id, minutes.meeting_id, minutes.revision, minutes.audit_head, meeting.title)
        .join_from(schema.minutes, schema.meeting)
        .order_by(meeting.starts_at, meeting.id, minutes.revision)
    )


def _procedures() -> Select[Any]:
    """Select of the written procedures that were opened."""
    vote, project = schema.vote.c, schema.project.c
    return (
        select(vote.id, vote.number, project.acronym)
        .join_from(schema.vote, schema.project)
        .where(vote.setting == VoteSetting.WRITTEN_PROCEDURE, vote.opened_at.is_not(None))
        .order_by(project.acronym, vote.number)
    )


def _checked_vote(session: Session, workspace: Workspace, row: Any) -> ChainRow:
    links, texts = _chain(session, row.id)
    end, cut = check_end(session, workspace, row.id, links, Kind.VOTE)
    untold = first_untold(links, expected_of_procedure(session, row.id, links), texts)
    return ChainRow(
        None,
        None,
        "",
        0,
        len(links),
        links[-1].hash if links else "",
        first_break(links, texts) or untold or cut,
        end,
        row.id,
        f"{row.acronym}-V{row.number}",
    )


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
