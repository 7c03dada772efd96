"""Attendance as people say it was: corrections, companions, proxies, the quorum over time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from projectdesk.domain.consortium import Body, BodyMember
from projectdesk.domain.meetings import (
    AgendaItem,
    CallRole,
    Invitation,
    InvitationAnswer,
    Meeting,
    MeetingState,
    MeetingType,
)
from projectdesk.domain.minutes import AttendanceInterval, CorrectionKind
from projectdesk.domain.rules.attendance import AttendanceStatus, CorrectionFault
from projectdesk.domain.rules.quorum import ProxyFault
from projectdesk.domain.voting import Vote, VoteState
from projectdesk.errors import DomainError
from projectdesk.services import commands, queries
from projectdesk.services.attendance_rows import AttendanceRow, PartnerAttendanceRow
from projectdesk.services.hosting import room_snapshot
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.meetings.conftest import Consortium

START = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
"""The meeting, 10:00 in Copenhagen."""


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


class Held:
    """A meeting of a body of UNI, LAB, FIRM and GHOST, held for 100 minutes."""

    def __init__(self, workspace: Workspace, consortium: Consortium, meeting: UUID) -> None:
        self.workspace, self.consortium, self.meeting = workspace, consortium, meeting
        rows = queries.invitations(workspace, meeting)
        self.invitation = {row.name.split()[0]: row.id for row in rows}
        self.body = Body(project_id=consortium.project, name="General Assembly", proxy_limit=1)
        with workspace.change("Hold", undoable=False) as unit:
            unit.add(self.body)
            for partner in consortium.partners.values():
                unit.add(BodyMember(body_id=self.body.id, partner_id=partner))
            held = unit.get(Meeting, meeting)
            held.body_id, held.state = self.body.id, MeetingState.HELD
            held.opened_at, held.ended_at = at(-10), at(100)
            items = queries.agenda(workspace, meeting)
            self.items = [item.title for item in items]
            for number, item in enumerate(items[:2]):
                entity = unit.session.get_one(AgendaItem, item.id)
                entity.first_started_at = at(60 * number)

    def there(self, name: str, *spans: tuple[float, float]) -> None:
        with self.workspace.change("Be there", undoable=False) as unit:
            for start, end in spans:
                unit.add(
                    AttendanceInterval(
                        meeting_id=self.meeting,
                        invitation_id=self.invitation[name],
                        name=name,
                        joined_at=at(start),
                        left_at=at(end),
                    )
                )

    def row(self, name: str) -> AttendanceRow:
        rows = queries.attendance(self.workspace, self.meeting)
        return next(row for row in rows if row.name.split()[0] == name)

    def partner(self, name: str) -> PartnerAttendanceRow:
        rows = queries.partner_attendance(self.workspace, self.meeting)
        return next(row for row in rows if row.partner == name)

    def correct(self, name: str, kind: str, start: float | None, end: float | None) -> UUID:
        made, _ = commands.correct_attendance(
            self.workspace,
            self.invitation[name],
            CorrectionKind(kind),
            None if start is None else at(start),
            None if end is None else at(end),
        )
        return made

    def proxy(self, giver: str, holder: str, minute: float = -60) -> UUID:
        partners = self.consortium.partners
        made, _ = commands.announce_proxy(
            self.workspace,
            self.meeting,
            partners[giver],
            partners[holder],
            announced_at=at(minute),
        )
        return made


@pytest.fixture
def held(workspace: Workspace, consortium: Consortium, kick_off: UUID) -> Held:
    return Held(workspace, consortium, kick_off)


def test_a_correction_stands_beside_what_was_measured(held, workspace):
    held.there("Rui", (-5, 20), (30, 60))
    held.correct("Rui", "present", 60, None)
    row = held.row("Rui")
    assert row.measured_minutes == 55
    assert (row.first_in, row.last_out, row.minutes) == (at(-5), at(100), 95)
    assert row.share == pytest.approx(0.9)
    assert row.measured == ((at(-5), at(20)), (at(30), at(60)))
    assert row.is_corrected
    commands.undo(workspace)
    assert held.row("Rui").minutes == 55
    assert not held.row("Rui").is_corrected


def test_who_was_measured_may_not_have_been_there(held):
    held.there("Rui", (-5, 100))
    held.correct("Rui", "absent", None, None)
    assert held.row("Rui").status is AttendanceStatus.ABSENT
    assert held.row("Rui").measured_minutes == 105
    assert not held.partner("LAB").present


def test_late_and_early_are_said(held):
    held.there("Kiri", (12, 70))
    row = held.row("Kiri")
    assert (row.late_minutes, row.early_minutes) == (12, 30)
    held.there("Maya", (0.5, 99.5))
    assert (held.row("Maya").late_minutes, held.row("Maya").early_minutes) == (0, 0)


def test_who_declined_is_excused_and_who_did_not_come_is_absent(held, workspace):
    with workspace.change("Decline", undoable=False) as unit:
        unit.get(Invitation, held.invitation["Kiri"]).answer = InvitationAnswer.DECLINED
    assert held.row("Kiri").status is AttendanceStatus.EXCUSED
    assert held.partner("FIRM").status is AttendanceStatus.EXCUSED
    assert held.row("Maya").status is AttendanceStatus.ABSENT
    assert held.partner("UNI").status is AttendanceStatus.ABSENT


@pytest.mark.parametrize(
    ("start", "end", "code", "field"),
    [
        (50, 40, "backwards", "to_at"),
        (-30, 20, "outside", "from_at"),
        (20, 130, "outside", "to_at"),
        (30, 40, "overlap", "from_at"),
        (None, 25, "overlap", "to_at"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(held, start, end, code, field):
    held.there("Rui", (0, 100))
    held.correct("Rui", "absent", 20, 35)
    with pytest.raises(DomainError) as refused:
        held.correct("Rui", "present", start, end)
    assert (refused.value.code, refused.value.facts["field"]) == (code, field)
    if code == "outside":
        assert "from 09:50 to 11:40" in refused.value.text
    assert held.row("Rui").minutes == 85


def test_a_correction_that_the_meeting_left_behind_is_marked(held, workspace):
    held.correct("Rui", "present", 80, 100)
    with workspace.change("Shorter", undoable=False) as unit:
        unit.get(Meeting, held.meeting).ended_at = at(90)
    (correction,) = held.row("Rui").corrections
    assert correction.fault is CorrectionFault.OUTSIDE


def test_hours_are_set_by_what_is_missing_or_too_much(held, workspace):
    held.there("Rui", (10, 60))
    commands.set_hours(workspace, held.invitation["Rui"], first_in=at(0))
    commands.set_hours(workspace, held.invitation["Rui"], last_out=at(50))
    row = held.row("Rui")
    assert (row.first_in, row.last_out, row.minutes) == (at(0), at(50), 50)
    commands.set_hours(workspace, held.invitation["Rui"], last_out=at(80))
    row = held.row("Rui")
    assert (row.first_in, row.last_out, row.minutes) == (at(0), at(80), 80)
    assert [each.fault for each in row.corrections] == [None] * len(row.corrections)
    with pytest.raises(DomainError) as refused:
        commands.set_hours(workspace, held.invitation["Rui"], last_out=at(101))
    assert (refused.value.code, refused.value.facts["field"]) == ("outside", "last_out")
    commands.measured_only(workspace, [held.invitation["Rui"]])
    assert held.row("Rui").intervals == ((at(10), at(60)),)


def test_a_meeting_without_a_call_is_written_down_by_hand(workspace, plan, consortium):
    meeting = plan(MeetingType.AD_HOC, local_start=datetime.fromisoformat("2026-02-20T10:00"))
    with workspace.change("Held elsewhere", undoable=False) as unit:
        unit.get(Meeting, meeting).state = MeetingState.HELD
    commands.invite(workspace, meeting, consortium.people["Petra"], CallRole.OBSERVER)
    rows = queries.invitations(workspace, meeting)
    commands.mark_attendance(workspace, [row.id for row in rows], CorrectionKind.PRESENT)
    found = queries.attendance_list(workspace, meeting)
    assert found.by_hand
    assert found.present == len(rows) > 0
    assert {row.share for row in found.people} == {1.0}
    commands.undo(workspace)
    assert queries.attendance_list(workspace, meeting).present == 0


def test_who_sits_behind_another_camera_is_there_while_it_is(held, workspace, consortium):
    held.there("Maya", (0, 40), (50, 100))
    made, _ = commands.add_companion(
        workspace, held.invitation["Maya"], name="Jens Guest", from_at=at(20)
    )
    row = held.row("Jens")
    assert row.intervals == ((at(20), at(40)), (at(50), at(100)))
    assert (row.partner, row.with_name, row.companion_id) == ("UNI", "Maya Test", made)
    held.correct("Maya", "absent", 90, None)
    assert held.row("Jens").last_out == at(90)
    commands.add_companion(workspace, held.invitation["Maya"], person_id=consortium.people["Rui"])
    lab = held.partner("LAB")
    assert lab.present
    assert lab.people == ("Rui Test",)
    with pytest.raises(DomainError, match="in a room with somebody already"):
        commands.add_companion(
            workspace, held.invitation["Kiri"], person_id=consortium.people["Rui"]
        )
    with pytest.raises(DomainError) as refused:
        commands.add_companion(workspace, held.invitation["Maya"])
    assert refused.value.facts["field"] == "name"


def test_who_was_in_the_call_is_nobody_elses_companion(held, workspace, consortium):
    held.there("Maya", (0, 100))
    with pytest.raises(DomainError) as refused:
        commands.add_companion(
            workspace, held.invitation["Kiri"], person_id=consortium.people["Maya"]
        )
    assert (refused.value.code, refused.value.facts["field"]) == ("invited", "person_id")


def test_the_quorum_breaks_is_restored_and_says_what_it_touched(held, workspace):
    held.there("Maya", (0, 100))
    held.there("Rui", (0, 40), (60, 100))
    held.there("Kiri", (0, 100))
    with workspace.change("Vote", undoable=False) as unit:
        unit.add(
            Vote(
                project_id=held.consortium.project,
                meeting_id=held.meeting,
                question="Budget?",
                state=VoteState.CLOSED,
                opened_at=at(50),
                closed_at=at(52),
            )
        )
    line = queries.attendance_list(workspace, held.meeting).quorum
    assert (line.body, line.rule) == ("General Assembly", "2/3")
    assert [(s.start, s.end, s.there, s.needed, s.seats, s.met) for s in line.stretches] == [
        (at(0), at(40), 3, 3, 4, True),
        (at(40), at(60), 2, 3, 4, False),
        (at(60), at(100), 3, 3, 4, True),
    ]
    (broken,) = line.broken
    assert line.broken_minutes == 20
    assert broken.items == (held.items[0],)
    assert broken.votes == ("V1 Budget?",)
    held.proxy("LAB", "FIRM")
    line = queries.attendance_list(workspace, held.meeting).quorum
    assert not line.broken
    assert [s.represented for s in line.stretches] == [0, 1, 0]
    lab = held.partner("LAB")
    assert lab.status is AttendanceStatus.PRESENT
    assert lab.represented_by == "FIRM"
    assert lab.represented_share == pytest.approx(0.2)


def test_a_partner_may_be_represented_only(held):
    held.there("Maya", (0, 100))
    held.proxy("GHOST", "UNI")
    ghost = held.partner("GHOST")
    assert ghost.status is AttendanceStatus.REPRESENTED
    assert (ghost.represented_by, ghost.represented_share) == ("UNI", 1.0)


@pytest.mark.parametrize(
    ("giver", "holder", "code"),
    [
        ("FIRM", "FIRM", "proxy_itself"),
        ("GHOST", "FIRM", "proxy_twice"),
        ("UNI", "FIRM", "proxy_chain"),
        ("FIRM", "UNI", "proxy_limit"),
        ("UNI", "GHOST", "proxy_chain"),
    ],
)
def test_a_proxy_keeps_to_the_rules_of_the_body(held, giver, holder, code):
    held.proxy("GHOST", "UNI")
    with pytest.raises(DomainError) as refused:
        held.proxy(giver, holder)
    assert refused.value.code == code
    assert refused.value.facts["field"] in {"from_partner_id", "to_partner_id"}


def test_an_ended_proxy_makes_room_for_another(held, workspace):
    held.there("Maya", (0, 100))
    held.there("Kiri", (0, 100))
    first = held.proxy("GHOST", "UNI")
    row = queries.attendance_list(workspace, held.meeting).proxies[0]
    commands.end_proxy(workspace, first, row.version, at(30))
    held.proxy("GHOST", "FIRM", 30)
    proxies = queries.attendance_list(workspace, held.meeting).proxies
    assert [each.fault for each in proxies] == [None, None]
    assert held.partner("GHOST").represented_by == "UNI, FIRM"


def test_a_proxy_that_the_rules_left_behind_is_marked(held, workspace):
    held.proxy("GHOST", "UNI")
    with workspace.change("No proxies", undoable=False) as unit:
        unit.get(Body, held.body.id).proxy_limit = 0
    (row,) = queries.attendance_list(workspace, held.meeting).proxies
    assert row.fault is ProxyFault.NOT_ALLOWED


def test_a_meeting_of_no_body_has_no_proxies_and_no_quorum(workspace, plan, consortium):
    meeting = plan(MeetingType.AD_HOC)
    with pytest.raises(DomainError) as refused:
        commands.announce_proxy(
            workspace, meeting, consortium.partners["LAB"], consortium.partners["UNI"]
        )
    assert refused.value.code == "no_body"
    assert queries.attendance_list(workspace, meeting).quorum.stretches == ()


def test_attendance_is_confirmed_once_it_is_over(held, workspace, plan: Callable[..., UUID]):
    commands.confirm_attendance(workspace, held.meeting)
    assert queries.attendance_list(workspace, held.meeting).confirmed_at == workspace.now()
    commands.undo(workspace)
    assert queries.attendance_list(workspace, held.meeting).confirmed_at is None
    with pytest.raises(DomainError) as refused:
        commands.confirm_attendance(workspace, plan())
    assert refused.value.code == "not_held"


def test_a_room_learns_whose_partners_sit_beside_an_invitee(workspace, kick_off, consortium):
    rows = {row.name.split()[0]: row for row in queries.invitations(workspace, kick_off)}
    commands.add_companion(workspace, rows["Maya"].id, person_id=consortium.people["Rui"])
    commands.add_companion(workspace, rows["Maya"].id, name="Zita", partner_id=None)
    made, _ = commands.add_companion(
        workspace, rows["Kiri"].id, name="Jan", partner_id=consortium.partners["GHOST"]
    )
    invitees = {each.id: each for each in room_snapshot(workspace, kick_off).invitees}
    maya, kiri = (invitees[rows[name].id.hex] for name in ("Maya", "Kiri"))
    lab, uni = consortium.partners["LAB"].hex, consortium.partners["UNI"].hex
    assert sorted(maya.beside) == sorted([lab, uni])
    assert kiri.beside == [consortium.partners["GHOST"].hex]
    row = next(r for r in queries.attendance_list(workspace, kick_off).companions if r.id == made)
    commands.set_fields(workspace, Kind.COMPANION, made, row.version, {"to_at": at(50)})
    invitees = {each.id: each for each in room_snapshot(workspace, kick_off).invitees}
    assert invitees[rows["Kiri"].id.hex].beside == []
