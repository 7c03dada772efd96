"""A new revision of minutes, and how they are accepted: by themselves, or by somebody's word."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from projectdesk.domain.meetings import Meeting
from projectdesk.domain.minutes import (
    Acceptance,
    Minutes,
    MinutesReader,
    MinutesState,
)
from projectdesk.domain.rules import validation
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.domain.rules.minutes_life import Standing, Step
from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.services import audit, minutes_mail, minutes_notices, outbox
from projectdesk.services.binding import settle_binding
from projectdesk.services.circulation_rows import MinutesLife
from projectdesk.services.inbox_heard import is_read_past
from projectdesk.services.labels import name_of
from projectdesk.services.minutes_keys import minutes_host_key
from projectdesk.services.minutes_steps import (
    MAX_WORDS,
    check_step,
    circulated_content,
    my_name,
    name_of_person,
    newest_minutes,
    titled,
)
from projectdesk.services.minutes_versions import (
    keep_version,
)
from projectdesk.services.notes import settle_notes
from projectdesk.services.numbers import reserve
from projectdesk.services.queries.minutes_life import life_of
from projectdesk.services.rows import Changes
from projectdesk.services.session import Unit
from projectdesk.services.unit_settings import kept
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

log = logging.getLogger(__name__)


def revise_minutes(
    workspace: Workspace, meeting_id: UUID, reason: str = ""
) -> tuple[UUID, Changes]:
    """Begin a new revision: a new document with the text as it is; the old one is superseded.

    Its links say so. Decisions and actions stay the records that they are.

    Args:
        workspace: the open data.
        meeting_id: whose minutes.
        reason: why, in words.

    Returns:
        The new revision's id, and what changed.

    Raises:
        NotFound: no such meeting.
        DomainError: `minutes_not_circulated`; `minutes_objected`, an objection has no answer yet;
            the reason is too long.
    """
    from projectdesk.text.minutes import MinutesText  # pycrdt loads when text is read

    settle_notes(workspace, meeting_id)
    words = validation.prose(reason, "reason", limit=MAX_WORDS)
    with workspace.change("Begin a new revision", undoable=False, in_turn=True) as unit:
        reserve(unit.session, meeting_id)
        life = life_of(unit.session, meeting_id, unit.now)
        check_step(life, Step.REVISE)
        old = newest_minutes(unit, life)
        reserve(unit.session, old.id)
        table = schema.minutes_update
        updates = unit.session.scalars(
            select(table.c.update).where(table.c.minutes_id == old.id).order_by(table.c.seq)
        ).all()
        state = MinutesText.from_state(updates).state()
        old.state = MinutesState.SUPERSEDED
        _cancel_mail(unit, old.id)
        new = Minutes(meeting_id=meeting_id, revision=old.revision + 1, reason=words)
        unit.add(new)
        unit.session.flush()
        unit.session.execute(
            insert(table).values(minutes_id=new.id, seq=1, update=state, at=unit.now)
        )
        _carry_over(unit.session, old.id, new.id)
        audit.append(unit, old.id, AuditStep.SUPERSEDED, new.id, words)
        audit.begin(unit, new.id, titled(life, new))
        audit.append(unit, new.id, AuditStep.REVISED, old.id, words)
        unit.label = f"Begin revision {new.revision} of the minutes"
    settle_notes(workspace, meeting_id)
    return new.id, unit.changes


def accept_minutes(workspace: Workspace, meeting_id: UUID) -> Changes:
    """Accept minutes whose window is over and whose objections are answered: the chair's word.

    Raises:
        NotFound: no such meeting.
        DomainError: `minutes_window`, `minutes_waiting`, `minutes_objected`, `minutes_upheld`, ...
    """
    return _accept(workspace, meeting_id, Step.ACCEPT, None)


def approve_minutes(workspace: Workspace, meeting_id: UUID, at_meeting_id: UUID) -> Changes:
    """Accept minutes that the body approved at a later meeting.

    Raises:
        NotFound: no such meeting.
        DomainError: `minutes_not_circulated`, `minutes_objected`, ...; `not_a_later_meeting`.
    """
    return _accept(workspace, meeting_id, Step.APPROVE, at_meeting_id)


@dataclass(frozen=True)
class AcceptedMinutes:
    """Minutes that were accepted by themselves."""

    minutes_id: UUID
    meeting_id: UUID
    meeting: str
    revision: int


def settle_minutes(workspace: Workspace) -> list[AcceptedMinutes]:
    """Accept the minutes to which nobody objected until now; note which mails went out.

    Those that went out by mail wait for the inbox too that answers come to (`inbox_heard`).
    To be called after collecting, and at times: a window ends without any event.
    """
    minutes = schema.minutes.c
    query = select(minutes.id, minutes.meeting_id).where(minutes.state == MinutesState.CIRCULATED)
    with workspace.read() as session:
        rows = [
            row
            for row in session.execute(query).all()
            if kept(session, minutes_host_key(row.id)) is not None
        ]
        now = workspace.now()
        due = {row.meeting_id for row in rows if _is_unopposed(session, row.meeting_id, now)}
    accepted = []
    for row in rows:
        try:
            _note_sent(workspace, row.id)
            if row.meeting_id in due:
                accepted += _accept_unopposed(workspace, row.meeting_id)
        except ProjectDeskError as error:
            log.warning("minutes %s are not settled: %s", row.id, error.code)
    return accepted


# --- inside ---------------------------------------------------------------------------------------


def _is_unopposed(session: Session, meeting_id: UUID, now: datetime) -> bool:
    """Return whether nobody objected in time, by the link or by mail."""
    life = life_of(session, meeting_id, now)
    readers = [reader.id for reader in life.readers]
    return life.standing is Standing.UNOPPOSED and (
        life.until is None or is_read_past(session, life.until, now, readers)
    )


def _accept(
    workspace: Workspace, meeting_id: UUID, step: Step, at_meeting_id: UUID | None
) -> Changes:
    author = my_name(workspace)
    with workspace.change("Accept the minutes", undoable=False, in_turn=True) as unit:
        reserve(unit.session, meeting_id)
        life = life_of(unit.session, meeting_id, unit.now)
        check_step(life, step)
        how, said = Acceptance.UNOPPOSED, "the window is over"
        if at_meeting_id is not None:
            later = unit.get(Meeting, at_meeting_id)
            if later.id == meeting_id or later.project_id != life.project_id:
                raise DomainError(
                    "not_a_later_meeting", "Minutes are approved at another meeting of the project."
                )
            how, said = Acceptance.APPROVED, f"approved at {later.title}"
        _finish(unit, workspace, life, how, f"{author}: {said}" if author else said)
    settle_notes(workspace, meeting_id)
    return unit.changes


def _accept_unopposed(workspace: Workspace, meeting_id: UUID) -> list[AcceptedMinutes]:
    with workspace.change("Minutes are accepted", undoable=False, in_turn=True) as unit:
        reserve(unit.session, meeting_id)
        life = life_of(unit.session, meeting_id, unit.now)
        if life.standing is not Standing.UNOPPOSED:
            return []  # another desktop was faster, or an objection came
        minutes = _finish(unit, workspace, life, Acceptance.UNOPPOSED, "nobody objected")
        found = AcceptedMinutes(minutes.id, meeting_id, life.meeting, minutes.revision)
    settle_notes(workspace, meeting_id)
    return [found]


def _finish(
    unit: Unit, workspace: Workspace, life: MinutesLife, how: Acceptance, said: str
) -> Minutes:
    minutes = newest_minutes(unit, life)
    minutes.state = MinutesState.ACCEPTED
    minutes.accepted_at = unit.now
    minutes.acceptance = how
    content = circulated_content(unit.session, minutes)
    keep_version(unit, minutes, content, MinutesState.ACCEPTED, my_name(workspace))
    audit.append(unit, minutes.id, AuditStep.ACCEPTED, text=said)
    settle_binding(unit, meeting_id=minutes.meeting_id)  # the trail is told when the change ends
    minutes_notices.tell_accepted(unit, workspace, minutes)
    unit.label = f"Accept {name_of(unit.session, minutes)}"
    return minutes


def _carry_over(session: Session, old: UUID, new: UUID) -> None:
    """Let who wrote what, and which line made which record, go on in the new revision."""
    author, line = schema.minutes_author, schema.typed_line
    rows = session.execute(
        select(author.c.client, author.c.name, author.c.person_id, author.c.since).where(
            author.c.minutes_id == old
        )
    ).all()
    if rows:
        session.execute(insert(author), [{**row._mapping, "minutes_id": new} for row in rows])
    session.execute(update(line).where(line.c.minutes_id == old).values(minutes_id=new))


def _cancel_mail(unit: Unit, minutes_id: UUID) -> None:
    """Take back mails of a revision that wait: what they hold is superseded."""
    reader = schema.minutes_reader.c
    ids = unit.session.scalars(select(reader.id).where(reader.minutes_id == minutes_id)).all()
    for each in ids:
        outbox.cancel(unit, record_id=each)


def _note_sent(workspace: Workspace, minutes_id: UUID) -> None:
    """Stamp the readers whose mail went out, each once, with a step of the trail."""
    reader, mail = schema.minutes_reader.c, schema.outgoing_mail.c
    query = (
        select(reader.id, func.min(mail.sent_at).label("sent_at"))
        .join_from(schema.minutes_reader, schema.outgoing_mail, mail.record_id == reader.id)
        .where(
            reader.minutes_id == minutes_id,
            reader.sent_at.is_(None),
            mail.purpose == minutes_mail.MINUTES_PURPOSE,
            mail.state == outbox.MailState.SENT.value,
        )
        .group_by(reader.id)
    )
    with workspace.read() as session:
        if not session.execute(query).first():
            return
    with workspace.change("Note what was sent", undoable=False) as unit:
        for row in unit.session.execute(query).all():
            found = unit.get(MinutesReader, row.id)
            found.sent_at = row.sent_at or unit.now
            name = name_of_person(unit, found.person_id)
            audit.append(unit, minutes_id, AuditStep.SENT, found.id, name)
