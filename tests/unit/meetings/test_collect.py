from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from projectdesk.domain.identity import new_id
from projectdesk.domain.meetings import Invitation, InvitationAnswer, MeetingState
from projectdesk.errors import RemoteProtocolError
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services.commands.collect import collect, journal_position
from projectdesk.services.queries.attendance import attendance, partner_attendance
from projectdesk.services.queries.meetings import (
    agenda,
    invitations,
    meeting,
)
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.signalling import journal
from projectdesk.signalling.desk import InvitationAnswer as Answer
from projectdesk.store import schema

START = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


@dataclass
class Script:
    """A host's journal about one meeting, written fact by fact."""

    workspace: Workspace
    meeting_id: UUID

    def __post_init__(self) -> None:
        rows = invitations(self.workspace, self.meeting_id)
        self.people = {row.name.split()[0]: row for row in rows}
        self.items = [row.id.hex for row in agenda(self.workspace, self.meeting_id)]
        self.room = meeting(self.workspace, self.meeting_id).room
        self.entries: list[journal.JournalEntry] = []
        self.journal = str(new_id())

    def add(self, minute: float, fact: Any, room: str | None = None) -> None:
        entry = journal.JournalEntry(
            seq=3 * len(self.entries) + 1,  # holes: other keys' entries
            id=str(new_id()),
            at=at(minute),
            room=self.room if room is None else room,
            fact=fact,
        )
        self.entries.append(entry)

    def opened(self, minute: float) -> None:
        self.add(minute, journal.RoomOpened())

    def joined(self, minute: float, name: str) -> None:
        invitation = self.people[name].id.hex
        self.add(minute, journal.PersonJoined(invitation=invitation, name=name))

    def left(self, minute: float, name: str, reason: str = "left") -> None:
        self.add(minute, journal.PersonLeft(invitation=self.people[name].id.hex, reason=reason))

    def item(self, minute: float, number: int) -> None:
        self.add(minute, journal.ItemStarted(item=self.items[number]))

    def item_over(self, minute: float, number: int) -> None:
        self.add(minute, journal.ItemEnded(item=self.items[number]))

    def ended(self, minute: float) -> None:
        self.add(minute, journal.MeetingEnded(by="x"))

    def restarted(self, minute: float, alive_until: float | None) -> None:
        until = None if alive_until is None else at(alive_until)
        self.add(minute, journal.HostStarted(alive_until=until), room="")

    def answered(self, minute: float, name: str, answer: Any, comment: str = "") -> None:
        row = self.people[name]
        fact = journal.DeskAnswered(
            desk=row.desk, subject=row.id.hex, answer=Answer(answer=answer, comment=comment)
        )
        self.add(minute, fact, room="")

    def batch(
        self, entries: Iterable[journal.JournalEntry] | None = None, *, epoch: int = 1
    ) -> journal.JournalBatch:
        chosen = self.entries if entries is None else list(entries)
        return journal.JournalBatch(
            journal=self.journal,
            epoch=epoch,
            entries=chosen,
            last=self.entries[-1].seq if self.entries else 0,
            collected_until=at(1000),
        )

    def collect(self) -> None:
        collect(self.workspace, self.batch())


@pytest.fixture
def script(workspace, kick_off) -> Script:
    return Script(workspace, kick_off)


def record(workspace: Workspace, meeting_id: UUID) -> Any:
    """Return everything the journal decides of a meeting."""
    row = meeting(workspace, meeting_id)
    with workspace.read() as session:
        table = schema.attendance.c
        intervals = session.execute(
            select(table.invitation_id, table.name, table.joined_at, table.left_at, table.reason)
            .where(table.meeting_id == meeting_id)
            .order_by(table.joined_at, table.id)
        ).all()
    return (
        (row.state, row.opened_at, row.ended_at),
        [(i.first_started_at, i.actual_seconds) for i in agenda(workspace, meeting_id)],
        [(i.answer, i.answered_at, i.comment) for i in invitations(workspace, meeting_id)],
        [tuple(interval) for interval in intervals],
    )


def there(workspace, meeting_id) -> dict[str, tuple[float, int]]:
    rows = attendance(workspace, meeting_id)
    return {row.name.split()[0]: (row.minutes, row.times) for row in rows if row.times}


def test_a_meeting_comes_out_as_it_went(workspace, kick_off, script):
    script.opened(-10)
    script.joined(-10, "Maya")
    script.joined(-5, "Rui")
    script.item(0, 0)
    script.joined(5, "Inês")
    script.item_over(10, 0)
    script.item(10, 1)
    script.left(20, "Rui", "lost")
    script.joined(30, "Rui")
    script.ended(50)
    script.collect()
    row = meeting(workspace, kick_off)
    assert (row.state, row.opened_at, row.ended_at) == (MeetingState.HELD, at(-10), at(50))
    items = agenda(workspace, kick_off)
    assert [(i.first_started_at, i.actual_seconds) for i in items[:3]] == [
        (at(0), 600.0),
        (at(10), 2400.0),
        (None, 0.0),
    ]
    assert there(workspace, kick_off) == {"Maya": (60, 1), "Inês": (45, 1), "Rui": (45, 2)}
    rows = {r.name.split()[0]: r for r in attendance(workspace, kick_off)}
    assert rows["Maya"].share == 1.0
    assert rows["Rui"].share == pytest.approx(0.8)
    assert (rows["Rui"].first_in, rows["Rui"].last_out) == (at(-5), at(50))
    assert (rows["Kiri"].first_in, rows["Kiri"].minutes, rows["Kiri"].times) == (None, 0.0, 0)


def test_a_partner_is_there_while_any_of_its_people_is(workspace, kick_off, script):
    script.opened(0)
    script.item(0, 0)
    script.joined(0, "Rui")
    script.left(10, "Rui")
    script.joined(5, "Inês")
    script.left(20, "Inês")
    script.joined(30, "Rui")
    script.ended(40)
    script.collect()
    rows = {row.partner: row for row in partner_attendance(workspace, kick_off)}
    assert list(rows) == ["UNI", "LAB", "FIRM", "GHOST"]
    lab = rows["LAB"]
    assert (lab.present, lab.minutes, lab.share) == (True, 30.0, 0.75)
    assert sorted(lab.people) == ["Inês Test", "Rui Test"]
    assert not rows["UNI"].present
    assert rows["UNI"].people == ()


def test_while_a_meeting_is_live_attendance_runs_until_now(workspace, clock, kick_off, script):
    script.opened(0)
    script.joined(0, "Maya")
    script.joined(10, "Rui")
    script.collect()
    clock.now = at(20)
    assert there(workspace, kick_off) == {"Maya": (20, 1), "Rui": (10, 1)}
    rows = {row.name.split()[0]: row for row in attendance(workspace, kick_off)}
    assert rows["Rui"].share == 0.5
    assert meeting(workspace, kick_off).state is MeetingState.LIVE
    clock.advance(minutes=20)
    assert there(workspace, kick_off)["Rui"] == (30, 1)


def test_a_meeting_that_everybody_left_does_not_go_on(workspace, clock, kick_off, script):
    script.opened(0)
    script.joined(0, "Maya")
    script.left(40, "Maya")
    script.collect()
    clock.now = at(600)
    row = next(row for row in attendance(workspace, kick_off) if row.times)
    assert row.share == 1.0
    script.add(24 * 60, journal.MeetingEnded(by=""))
    script.collect()
    assert meeting(workspace, kick_off).ended_at == at(40)


def test_a_restart_of_the_host_ends_what_it_did_not_see_end(workspace, kick_off, plan, script):
    script.opened(0)
    script.joined(0, "Maya")
    script.item(0, 0)
    collect(workspace, script.batch())
    done = len(script.entries)
    script.restarted(20, 15)
    script.joined(21, "Maya")
    script.ended(31)
    collect(workspace, script.batch(script.entries[done:]))
    assert there(workspace, kick_off)["Maya"] == (25, 2)
    assert agenda(workspace, kick_off)[0].actual_seconds == 15 * 60


def test_a_restart_of_one_host_leaves_meetings_of_another_alone(workspace, kick_off, plan, script):
    script.opened(0)
    script.joined(0, "Maya")
    script.item(0, 0)
    script.collect()
    other = journal.JournalBatch(
        journal=str(new_id()),
        epoch=1,
        entries=[
            journal.JournalEntry(
                seq=1,
                id=str(new_id()),
                at=at(5),
                room="",
                fact=journal.HostStarted(alive_until=at(4)),
            )
        ],
        last=1,
        collected_until=at(6),
    )
    before = record(workspace, kick_off)
    collect(workspace, other)
    assert record(workspace, kick_off) == before


def test_answers_count_by_the_time_the_host_received_them(workspace, kick_off, script):
    script.answered(-100, "Rui", "tentative", "perhaps")
    script.answered(-50, "Rui", "accepted", "yes")
    script.answered(-60, "Inês", "declined", "away")
    script.collect()
    rows = {row.name.split()[0]: row for row in invitations(workspace, kick_off)}
    rui = rows["Rui"]
    assert (rui.answer, rui.comment, rui.answered_at) == (
        InvitationAnswer.ACCEPTED,
        "yes",
        at(-50),
    )
    assert rows["Inês"].answer is InvitationAnswer.DECLINED
    assert meeting(workspace, kick_off).accepted == 1


def test_an_answer_written_down_by_hand_later_stays(workspace, kick_off, script):
    with workspace.change("They told me on the phone") as unit:
        invitation = unit.get(Invitation, script.people["Rui"].id)
        invitation.answer, invitation.answered_at = InvitationAnswer.DECLINED, at(0)
    script.answered(-50, "Rui", "accepted")
    script.collect()
    rows = {row.name.split()[0]: row for row in invitations(workspace, kick_off)}
    assert rows["Rui"].answer is InvitationAnswer.DECLINED


def test_a_meeting_that_goes_on_after_its_end_loses_nothing(workspace, kick_off, script):
    script.opened(0)
    script.joined(0, "Maya")
    script.item(0, 0)
    script.ended(30)
    script.collect()
    done = len(script.entries)
    script.opened(35)
    script.joined(40, "Maya")
    script.item(40, 0)
    collect(workspace, script.batch(script.entries[done:]))
    assert meeting(workspace, kick_off).state is MeetingState.LIVE
    script.ended(60)
    collect(workspace, script.batch(script.entries[done:]))
    assert there(workspace, kick_off)["Maya"] == (50, 2)
    assert agenda(workspace, kick_off)[0].actual_seconds == 50 * 60
    assert meeting(workspace, kick_off).ended_at == at(60)


def test_what_is_unknown_is_passed_over_and_said(workspace, kick_off, script, caplog):
    unknown = new_id().hex
    script.add(0, journal.RoomOpened(), room="nowhere123")
    script.add(1, journal.PersonJoined(invitation=unknown, name="X"))
    script.add(1, journal.PersonJoined(invitation="not an id", name="X"))
    script.add(2, journal.PersonLeft(invitation="not an id", reason="left"))
    script.add(3, journal.ItemStarted(item=unknown))
    script.add(4, journal.ItemEnded(item="?"))
    answer = Answer(answer="accepted")
    script.add(5, journal.DeskAnswered(desk="nodesk", subject=unknown, answer=answer), room="")
    script.joined(6, "Maya")
    script.ended(7)
    script.collect()
    assert there(workspace, kick_off) == {"Maya": (1, 1)}
    assert len([r for r in caplog.records if r.name.endswith("commands.collect")]) == 7


def test_knocking_leaves_no_trace(workspace, kick_off, script):
    before = record(workspace, kick_off)
    invitation = script.people["Rui"].id.hex
    script.add(0, journal.PersonKnocked(invitation=invitation, name="Rui"))
    script.add(1, journal.PersonRefused(invitation=invitation, by=""))
    script.collect()
    assert record(workspace, kick_off) == before


def test_removing_and_roles_are_not_attendance_and_nothing_is_amiss(
    workspace, kick_off, script, caplog
):
    script.joined(0, "Rui")
    rui = script.people["Rui"].id.hex
    script.add(1, journal.RoleChanged(invitation=rui, role="cohost", by="x"))
    script.add(5, journal.PersonRemoved(invitation=rui, by="x"))
    script.left(5, "Rui", "removed")
    script.add(6, journal.PersonLetBackIn(invitation=rui, by="x"))
    script.collect()
    assert there(workspace, kick_off)["Rui"] == (5, 1)
    assert not caplog.records


def test_the_cursor_moves_with_the_entries_and_never_back(workspace, script):
    assert journal_position(workspace, script.journal) == (0, 0)
    script.opened(0)
    script.joined(1, "Maya")
    script.joined(2, "Rui")
    collect(workspace, script.batch(script.entries[:2]))
    assert journal_position(workspace, script.journal) == (1, 4)
    script.collect()
    assert journal_position(workspace, script.journal) == (1, 7)
    collect(workspace, script.batch(script.entries[:1]))
    assert journal_position(workspace, script.journal) == (1, 7)
    assert journal_position(workspace, str(new_id())) == (0, 0)


def test_a_restored_host_is_reconciled_by_entry(workspace, kick_off, script):
    """The host lost its last entries; what it still has comes again in a new epoch."""
    script.opened(0)
    script.joined(0, "Maya")
    script.joined(1, "Rui")
    script.left(10, "Rui")
    script.collect()
    lost = script.entries[3:]
    script.entries = script.entries[:3]
    script.restarted(15, 5)
    script.joined(16, "Maya")
    script.ended(26)
    collect(workspace, script.batch(epoch=2))
    assert journal_position(workspace, script.journal) == (2, script.entries[-1].seq)
    assert there(workspace, kick_off) == {"Maya": (15, 2), "Rui": (9, 1)}
    before = record(workspace, kick_off)
    collect(workspace, script.batch(lost, epoch=1))
    assert record(workspace, kick_off) == before
    assert journal_position(workspace, script.journal)[0] == 2


def test_collecting_tells_what_changed_and_has_no_undo(workspace, kick_off, script):
    script.opened(0)
    script.joined(0, "Maya")
    changes = collect(workspace, script.batch())
    assert changes.kinds == {Kind.MEETING, Kind.ATTENDANCE}
    assert kick_off in changes.ids
    assert changes.change_id is None
    assert not collect(workspace, script.batch())


def test_a_batch_without_news_writes_only_now_and_then(workspace, script):
    script.opened(0)
    script.collect()

    def until() -> datetime | None:
        with workspace.read() as session:
            return session.scalar(select(schema.journal_cursor.c.collected_until))

    for seconds, expected in [(20, at(1000)), (90, at(1000) + timedelta(seconds=90))]:
        empty = journal.JournalBatch(
            journal=script.journal,
            epoch=1,
            entries=[],
            last=1,
            collected_until=at(1000) + timedelta(seconds=seconds),
        )
        assert not collect(workspace, empty)
        assert until() == expected


@pytest.mark.parametrize("bad", ["order", "twice", "id", "journal"])
def test_a_damaged_journal_is_refused_whole(workspace, kick_off, script, bad):
    script.opened(0)
    script.joined(0, "Maya")
    entries = script.entries
    match bad:
        case "order":
            entries = entries[::-1]
        case "twice":
            entries = [entries[0], entries[0]]
        case "id":
            entries = [
                journal.JournalEntry(seq=1, id="7", at=at(0), room="", fact=journal.RoomOpened())
            ]
    batch = script.batch(entries)
    if bad == "journal":
        batch = journal.JournalBatch(
            journal="mine", epoch=1, entries=entries, last=9, collected_until=at(1)
        )
    with pytest.raises(RemoteProtocolError):
        collect(workspace, batch)
    assert meeting(workspace, kick_off).state is MeetingState.PLANNED
    assert journal_position(workspace, script.journal) == (0, 0)


@pytest.mark.parametrize(
    "workspace", [pytest.param("postgresql", marks=pytest.mark.full)], indirect=True
)
def test_two_desktops_that_collect_at_once_count_each_entry_once(
    workspace, kick_off, script, tmp_path, postgres_urls
):
    script.opened(0)
    script.collect()
    for minute in range(40):
        (script.joined if minute % 2 == 0 else script.left)(minute, "Maya")
    ready = threading.Barrier(2)
    with Workspace.open(tmp_path / "b", url=postgres_urls[-1], secrets=MemorySecrets()) as other:

        def gather(desktop: Workspace) -> None:
            ready.wait()
            for end in range(4, 42, 4):
                collect(desktop, script.batch(script.entries[:end]))
            collect(desktop, script.batch())

        with ThreadPoolExecutor() as pool:
            for done in [pool.submit(gather, workspace), pool.submit(gather, other)]:
                done.result()
    assert there(workspace, kick_off) == {"Maya": (20, 20)}


# --- any split, any repetition --------------------------------------------------------------------

names = st.sampled_from(["Maya", "Rui", "Inês"])
steps = st.one_of(
    st.tuples(st.just("joined"), names),
    st.tuples(st.just("left"), names),
    st.tuples(st.just("item"), st.integers(0, 2)),
    st.tuples(st.just("item_over"), st.integers(0, 2)),
    st.tuples(st.just("ended"), st.none()),
    st.tuples(st.just("restarted"), st.none()),
    st.tuples(st.just("answered"), names),
)


def write(script: Script, facts: list[tuple[str, Any]]) -> None:
    script.opened(0)
    for minute, (what, value) in enumerate(facts, 1):
        match what:
            case "ended":
                script.ended(minute)
            case "restarted":
                script.restarted(minute, minute - 0.5)
            case "answered":
                script.answered(minute, value, "accepted", str(minute))
            case _:
                getattr(script, what)(minute, value)


@pytest.mark.full
@given(
    facts=st.lists(steps, max_size=14),
    cuts=st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=5),
)
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_split_and_any_repetition_give_the_same_record(workspace, plan, facts, cuts):
    whole = Script(workspace, plan(zone="UTC"))
    write(whole, facts)
    collect(workspace, whole.batch())

    parts = Script(workspace, plan(zone="UTC"))
    write(parts, facts)
    known = 0
    for first, last in [*cuts, (0, len(parts.entries))]:
        # A desktop asks for what comes after its cursor; a repeated batch begins before it.
        start, end = min(first, known), max(last, first)
        collect(workspace, parts.batch(parts.entries[start:end]))
        known = max(known, min(end, len(parts.entries)))

    ids = {row.id: row.name for s in (whole, parts) for row in s.people.values()}

    def comparable(script: Script) -> Any:
        state, items, answers, intervals = record(workspace, script.meeting_id)
        return state, items, answers, [(ids[i[0]], *i[1:]) for i in intervals]

    assert comparable(whole) == comparable(parts)


def test_who_spoke_for_how_long_is_added_up(workspace, kick_off, script):
    script.opened(0)
    script.joined(0, "Maya")
    script.joined(0, "Rui")
    maya, rui = (script.people[name].id.hex for name in ("Maya", "Rui"))
    first = [journal.Spoken(invitation=maya, seconds=30), journal.Spoken(invitation=rui, seconds=9)]
    script.add(5, journal.TalkMeasured(spoken=first))
    script.left(6, "Maya")
    script.joined(7, "Maya")
    script.add(10, journal.TalkMeasured(spoken=[journal.Spoken(invitation=maya, seconds=12.5)]))
    script.ended(20)
    script.add(20, journal.TalkMeasured(spoken=[journal.Spoken(invitation=maya, seconds=1)]))
    script.collect()
    script.collect()
    rows = {row.name.split()[0]: row.spoken_seconds for row in attendance(workspace, kick_off)}
    assert (rows["Maya"], rows["Rui"], rows["Kiri"]) == (43.5, 9, 0)
    partners = {row.partner: row.spoken_seconds for row in partner_attendance(workspace, kick_off)}
    assert (partners["UNI"], partners["LAB"]) == (43.5, 9)
