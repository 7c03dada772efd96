"""Collect what a host wrote down: attendance, item clocks, answers (decisions 4).

A batch and the cursor move in one transaction. An entry counts once, known by its own uuid: batches
may overlap, be repeated, or come again under a new epoch after the host was restored. What names a
room, desk, person or item that is not here (any more) is logged and passed over, never an error:
the rest of the journal must not wait for it.

What runs between two batches (the current item) is kept beside the settings, so that a batch may
end anywhere.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from projectdesk.domain.meetings import (
    AgendaItem,
    Invitation,
    InvitationAnswer,
    LeftOut,
    Meeting,
)
from projectdesk.domain.minutes import AttendanceInterval
from projectdesk.domain.rules.course import Course, RunningItem
from projectdesk.errors import RemoteProtocolError
from projectdesk.services.commands import (
    collected_actions,
    collected_ballot,
    collected_checks,
    collected_effort,
    collected_mail,
    collected_minutes,
    collected_poll,
    collected_talk,
    collected_votes,
)
from projectdesk.services.rows import Changes
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.signalling import desk, journal
from projectdesk.signalling.leading import Retiming
from projectdesk.signalling.outcome import ActionAnswer, BallotAnswer, MinutesAnswer
from projectdesk.store import schema

log = logging.getLogger(__name__)

CHUNK: Final = 500
"""Ids in one query."""

_TAKERS: Final[Mapping[type[object], Callable[[Unit, datetime, journal.DeskAnswered], bool]]] = {
    desk.EffortAnswer: collected_effort.effort_answered,
    desk.PollAnswer: collected_poll.poll_answered,
    ActionAnswer: collected_actions.action_answered,
    BallotAnswer: collected_ballot.ballot_answered,
    MinutesAnswer: collected_minutes.minutes_answered,
}
"""What takes an answer by its kind: of every kind of desk but the invitation's."""

FRESH: Final = timedelta(minutes=1)
"""How old the cursor's "collected until" may grow before a batch without news is written down."""


def collect(workspace: Workspace, batch: journal.JournalBatch) -> Changes:
    """Apply a batch of a host's journal and move the cursor, in one transaction.

    It cannot be undone; what a person corrects afterwards stays.

    Args:
        workspace: the open data.
        batch: entries in the order of their `seq`; there may be holes (a key sees its own only).

    Raises:
        RemoteProtocolError: `bad_journal` or `journal_out_of_order`; nothing was applied.
        Conflict: another desktop collects the same right now; ask again.
    """
    journal_id = _identity(batch.journal)
    if journal_id is None:
        raise RemoteProtocolError("bad_journal", "The host's journal has no proper id.")
    _check_order(batch)
    if not batch.entries and _is_fresh(workspace, journal_id, batch):
        return Changes()
    with workspace.change("Collect from the host", undoable=False, in_turn=True) as unit:
        _move_cursor(unit.session, journal_id, batch)
        entries = _unseen(unit.session, batch.entries)
        _remember(unit.session, journal_id, entries)
        _Collection(unit, journal_id).apply(entries)
    return unit.changes


def journal_position(workspace: Workspace, journal_id: str) -> tuple[int, int]:
    """Return (epoch, seq) up to which a journal is collected; (0, 0) for a new one.

    A journal that has another epoch than this was restored: ask for it from its beginning, entries
    that are known are passed over.

    Raises:
        RemoteProtocolError: `bad_journal`.
    """
    identity = _identity(journal_id)
    if identity is None:
        raise RemoteProtocolError("bad_journal", "The host's journal has no proper id.")
    with workspace.read() as session:
        row = _cursor(session, identity)
    return (row.epoch, row.seq) if row else (0, 0)


def _retimed(course: Course, items: Iterable[Retiming]) -> bool:
    """Keep which items were left out; the other minutes hold for that call only."""
    known = True
    for item in items:
        identity = _identity(item.item)
        known &= identity is not None and course.item_left_out(identity, LeftOut(item.dropped))
    return known


def _spoke(course: Course, spoken: Iterable[journal.Spoken]) -> bool:
    """Add up for how long each person spoke."""
    known = True
    for each in spoken:
        identity = _identity(each.invitation)
        known &= identity is not None and course.spoke(invitation=identity, seconds=each.seconds)
    return known


class _Collection:
    """One batch while it is applied. Each meeting's records are loaded once."""

    def __init__(self, unit: Unit, journal_id: UUID) -> None:
        self._unit = unit
        self._session = unit.session
        self._journal = journal_id
        self._courses: dict[str, Course | None] = {}

    def apply(self, entries: Iterable[journal.JournalEntry]) -> None:
        for entry in entries:
            match entry.fact:
                case journal.DeskAnswered():
                    self._answer(entry, entry.fact)
                case journal.MailSettled():
                    if not collected_mail.mail_settled(self._unit, entry.at, entry.fact):
                        log.warning("entry %s is of the unknown mail %s", entry.id, entry.fact.mail)
                case journal.HostStarted(alive_until=until):
                    for unfinished in self._unfinished():
                        unfinished.host_started(entry.at, until)
                case _:
                    course = self._course(entry.room)
                    if course is None:
                        log.warning("entry %s is of the unknown room %s", entry.id, entry.room)
                    elif not self._apply(course, entry):
                        log.warning("entry %s names what its meeting does not have", entry.id)
        self._save_running()

    def _apply(self, course: Course, entry: journal.JournalEntry) -> bool:
        """Apply one fact; False if it names something unknown."""
        match entry.fact:
            case journal.RoomOpened():
                course.opened(entry.at)
            case journal.PersonJoined(invitation=invitation, name=name):
                return self._joined(course, entry, invitation, name)
            case journal.PersonLeft(invitation=invitation, reason=reason):
                person = _identity(invitation)
                if person is None:
                    return False
                course.left(entry.at, invitation=person, reason=reason)
            case journal.ItemStarted(item=item):
                identity = _identity(item)
                return identity is not None and course.item_started(entry.at, identity)
            case journal.ItemEnded(item=item):
                identity = _identity(item)
                return identity is not None and course.item_ended(entry.at, identity)
            case journal.AgendaRetimed(items=items):
                return _retimed(course, items)
            case journal.MeetingEnded(by=by):
                course.ended(entry.at, by_time=not by)
            case journal.PollClosed():
                return collected_talk.poll_closed(
                    self._unit, course, entry.at, entry.id, entry.fact
                )
            case journal.FileShared():
                return collected_talk.file_shared(
                    self._unit, course, entry.at, entry.id, entry.fact
                )
            case journal.ConnectionChecked():
                return collected_checks.connection_checked(self._unit, course, entry.at, entry.fact)
            case journal.TalkMeasured(spoken=spoken):
                return _spoke(course, spoken)
            case journal.CaptionWritten():
                written = collected_talk.caption_written
                return written(self._unit, course, entry.at, entry.id, entry.fact)
            case _ if isinstance(entry.fact, collected_votes.VoteFact):
                apply = collected_votes.apply_vote_fact
                return apply(self._unit, course, entry.at, entry.id, entry.fact)
            case _:  # knocking, being refused or removed, and roles leave no trace in the records
                pass
        return True

    def _joined(
        self, course: Course, entry: journal.JournalEntry, invitation: str, name: str
    ) -> bool:
        person, identity = _identity(invitation), _identity(entry.id)
        if person is None or identity is None:
            return False
        known = self._session.get(Invitation, person)
        if known is None or known.meeting_id != course.meeting.id:
            return False
        course.joined(entry.at, entry=identity, invitation=person, name=name)
        self._unit.add(course.intervals[-1])
        return True

    def _answer(self, entry: journal.JournalEntry, fact: journal.DeskAnswered) -> None:
        """Write an answer down; the one that the host received last counts."""
        taken = _TAKERS.get(type(fact.answer))
        if taken is not None:
            if not taken(self._unit, entry.at, fact):
                log.warning(
                    "entry %s answers the desk %s, which takes nothing", entry.id, fact.desk
                )
            return
        if not isinstance(fact.answer, desk.InvitationAnswer):
            log.warning("entry %s has an answer of no kind that is known", entry.id)
            return
        query = select(Invitation).where(schema.invitation.c.desk == fact.desk)
        invitation = self._session.scalars(query).first()
        if invitation is None or invitation.id != _identity(fact.subject):
            log.warning("entry %s answers the unknown desk %s", entry.id, fact.desk)
            return
        if invitation.answered_at is None or entry.at >= invitation.answered_at:
            invitation.answer = InvitationAnswer(fact.answer.answer)
            invitation.comment = fact.answer.comment
            invitation.answered_at = entry.at

    def _course(self, room: str) -> Course | None:
        if room not in self._courses:
            query = select(Meeting).where(schema.meeting.c.room == room)
            meeting = self._session.scalars(query).first() if room else None
            self._courses[room] = self._load(meeting) if meeting else None
        return self._courses[room]

    def _load(self, meeting: Meeting) -> Course:
        items = select(AgendaItem).where(schema.agenda_item.c.meeting_id == meeting.id)
        attended = (
            select(AttendanceInterval)
            .where(schema.attendance.c.meeting_id == meeting.id)
            .order_by(schema.attendance.c.joined_at)
        )
        return Course(
            meeting,
            self._session.scalars(items),
            self._session.scalars(attended),
            self._running(meeting.room),
        )

    def _unfinished(self) -> list[Course]:
        """Return the courses in which somebody is in, or an item runs, by this journal."""
        joined = schema.applied_entry.c
        rooms = set(
            self._session.scalars(
                select(schema.meeting.c.room)
                .join_from(schema.attendance, schema.meeting)
                .join(schema.applied_entry, joined.entry == schema.attendance.c.id)
                .where(joined.journal == self._journal, schema.attendance.c.left_at.is_(None))
            )
        )
        prefix = self._running_key("")
        keys = select(schema.setting.c.key).where(
            schema.setting.c.key.startswith(prefix, autoescape=True)
        )
        rooms |= {key.removeprefix(prefix) for key in self._session.scalars(keys)}
        rooms |= self._courses.keys()
        return [course for room in sorted(rooms) if (course := self._course(room)) is not None]

    # --- the current item, between two batches ------------------------------------------------

    def _running_key(self, room: str) -> str:
        return f"collected.{self._journal.hex}.current.{room}"

    def _running(self, room: str) -> RunningItem | None:
        value = self._session.scalar(
            select(schema.setting.c.value).where(schema.setting.c.key == self._running_key(room))
        )
        if value is None:
            return None
        kept = json.loads(value)
        return RunningItem(UUID(kept["item"]), datetime.fromisoformat(kept["since"]))

    def _save_running(self) -> None:
        for room, course in self._courses.items():
            if course is None:
                continue
            key = self._running_key(room)
            self._session.execute(delete(schema.setting).where(schema.setting.c.key == key))
            if course.running is not None:
                kept = {"item": course.running.item.hex, "since": course.running.since.isoformat()}
                value = {"key": key, "value": json.dumps(kept)}
                self._session.execute(insert(schema.setting).values(value))


def _identity(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _check_order(batch: journal.JournalBatch) -> None:
    before = 0
    for entry in batch.entries:
        if entry.seq <= before or _identity(entry.id) is None:
            raise RemoteProtocolError(
                "journal_out_of_order",
                "The host's journal is damaged at entry {seq}: nothing of it was taken.",
                seq=entry.seq,
            )
        before = entry.seq


def _cursor(session: Session, journal_id: UUID, *, lock: bool = False) -> Any:
    query = select(schema.journal_cursor).where(schema.journal_cursor.c.journal == journal_id)
    return session.execute(query.with_for_update() if lock else query).first()


def _is_fresh(workspace: Workspace, journal_id: UUID, batch: journal.JournalBatch) -> bool:
    """Return whether a batch without entries says nothing that is worth a write."""
    with workspace.read() as session:
        row = _cursor(session, journal_id)
    return (
        row is not None
        and row.collected_until is not None
        and row.epoch >= batch.epoch
        and batch.collected_until < row.collected_until + FRESH
    )


def _move_cursor(session: Session, journal_id: UUID, batch: journal.JournalBatch) -> None:
    """Move the cursor to the batch's end, never back; the row is locked until the commit."""
    row = _cursor(session, journal_id, lock=True)
    last = batch.entries[-1].seq if batch.entries else 0
    table = schema.journal_cursor
    if row is None:
        place = {"epoch": batch.epoch, "seq": last, "collected_until": batch.collected_until}
        session.execute(insert(table).values(place | {"journal": journal_id}))
        return
    if batch.epoch < row.epoch:
        return
    place = {
        "epoch": batch.epoch,
        "seq": last if batch.epoch > row.epoch else max(last, row.seq),
        "collected_until": max(batch.collected_until, row.collected_until or batch.collected_until),
    }
    session.execute(update(table).where(table.c.journal == journal_id).values(place))


def _unseen(
    session: Session, entries: Sequence[journal.JournalEntry]
) -> list[journal.JournalEntry]:
    """Return the entries that were not applied yet, each once."""
    ids = [UUID(entry.id) for entry in entries]
    column = schema.applied_entry.c.entry
    seen: set[UUID] = set()
    for start in range(0, len(ids), CHUNK):
        query = select(column).where(column.in_(ids[start : start + CHUNK]))
        seen.update(session.scalars(query))
    unseen = []
    for entry, identity in zip(entries, ids, strict=True):
        if identity not in seen:
            seen.add(identity)
            unseen.append(entry)
    return unseen


def _remember(session: Session, journal_id: UUID, entries: Sequence[journal.JournalEntry]) -> None:
    if entries:
        rows = [{"entry": UUID(e.id), "journal": journal_id, "at": e.at} for e in entries]
        session.execute(insert(schema.applied_entry), rows)
