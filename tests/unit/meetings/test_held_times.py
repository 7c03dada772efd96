"""When a meeting was held that had no call: said by hand, and what counts with it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from projectdesk.domain.meetings import Meeting, MeetingState
from projectdesk.domain.minutes import AttendanceInterval, CorrectionKind
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.domain.rules.course import Course
from projectdesk.errors import Conflict, DomainError
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import audit, commands, queries
from projectdesk.services.commands.project_files import export_project_file, import_project_file
from projectdesk.services.documents.meetings import minutes_content
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.meetings.circulating import assembly as assembly
from tests.unit.meetings.circulating import circulated
from tests.unit.meetings.circulating import plain_pdf as plain_pdf
from tests.unit.meetings.circulating import written as written

BEGIN = datetime.fromisoformat("2026-03-10T10:20")
END = datetime.fromisoformat("2026-03-10T12:00")
"""By the clock of Copenhagen, an hour before UTC."""
BEGAN = datetime(2026, 3, 10, 9, 20, tzinfo=UTC)
ENDED = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)


@pytest.fixture
def meeting(kick_off: UUID, clock) -> UUID:
    """A meeting in a room that is over."""
    clock.advance(days=10)
    return kick_off


def refused(run) -> tuple[str, object]:
    with pytest.raises(DomainError) as caught:
        run()
    return caught.value.code, caught.value.facts.get("field")


def invitee(workspace: Workspace, meeting: UUID, name: str) -> UUID:
    rows = queries.invitations(workspace, meeting)
    return next(row.id for row in rows if row.name.startswith(name))


def test_it_is_said_in_the_time_of_its_zone_and_undone(workspace: Workspace, meeting: UUID):
    commands.say_when_held(workspace, meeting, BEGIN, END)
    row = queries.meeting(workspace, meeting)
    assert (row.held_from, row.held_until, row.state) == (BEGAN, ENDED, MeetingState.HELD)
    assert (row.opened_at, row.ended_at) == (None, None)
    history = queries.history(workspace, meeting)
    assert history[0].label == f"Say when {row.title} was held"
    commands.undo(workspace)
    row = queries.meeting(workspace, meeting)
    assert (row.held_from, row.held_until, row.state) == (None, None, MeetingState.PLANNED)


def test_attendance_is_a_share_of_it(workspace: Workspace, meeting: UUID):
    commands.say_when_held(workspace, meeting, BEGIN, END)
    commands.correct_attendance(
        workspace, invitee(workspace, meeting, "Ole"), CorrectionKind.PRESENT, BEGAN,
        BEGAN + timedelta(minutes=25),
    )  # fmt: skip
    found = queries.attendance_list(workspace, meeting)
    assert (found.start, found.end) == (BEGAN, ENDED)
    row = next(each for each in found.people if each.name.startswith("Ole"))
    assert row.share == pytest.approx(0.25)
    early = refused(
        lambda: commands.correct_attendance(
            workspace, invitee(workspace, meeting, "Rui"), CorrectionKind.PRESENT,
            BEGAN - timedelta(minutes=5), ENDED,
        )
    )  # fmt: skip
    assert early == ("outside", "from_at")


def test_minutes_deadlines_and_the_report_count_with_it(workspace: Workspace, meeting: UUID):
    before = queries.minutes_life(workspace, meeting).draft_due
    assert queries.after_call(workspace, meeting).held_minutes is None
    commands.say_when_held(workspace, meeting, BEGIN, END + timedelta(days=1))
    after = queries.minutes_life(workspace, meeting).draft_due
    assert before is not None
    assert after == before + timedelta(days=1)
    content = minutes_content(workspace, meeting)
    assert (content.opened_at, content.ended_at) == (BEGAN, ENDED + timedelta(days=1))
    report = queries.after_call(workspace, meeting)
    assert report.unmeasured
    assert report.actual_minutes == report.held_minutes == 25 * 60 + 40


def test_what_cannot_be_is_refused_and_changes_nothing(
    workspace: Workspace, meeting: UUID, clock
) -> None:
    say = commands.say_when_held
    assert refused(lambda: say(workspace, meeting, END, BEGIN)) == ("held_backwards", "held_until")
    late = clock.now.replace(tzinfo=None) + timedelta(hours=3)
    assert refused(lambda: say(workspace, meeting, BEGIN, late)) == ("still_to_come", "held_until")
    long_ago = END - timedelta(days=15)
    assert refused(lambda: say(workspace, meeting, long_ago, END))[0] == "held_too_long"
    half = {"held_from": BEGAN}
    version = queries.meeting(workspace, meeting).version
    assert refused(
        lambda: commands.set_fields(workspace, Kind.MEETING, meeting, version, half)
    ) == ("half_held", "held_until")
    with pytest.raises(Conflict):
        say(workspace, meeting, BEGIN, END, version + 1)
    assert queries.meeting(workspace, meeting).held_from is None
    commands.set_fields(
        workspace, Kind.MEETING, meeting, version, {"state": MeetingState.CANCELLED}
    )
    assert refused(lambda: say(workspace, meeting, BEGIN, END))[0] == "meeting_cancelled"


def test_what_a_call_measured_is_not_said_by_hand(workspace: Workspace, meeting: UUID):
    with workspace.change("Be there", undoable=False) as unit:
        unit.add(
            AttendanceInterval(
                meeting_id=meeting, invitation_id=invitee(workspace, meeting, "Ole"), name="Ole",
                joined_at=BEGAN, left_at=ENDED,
            )
        )  # fmt: skip
    code = refused(lambda: commands.say_when_held(workspace, meeting, BEGIN, END))
    assert code == ("measured_by_call", "held_from")


def test_a_call_that_is_held_after_all_takes_its_place():
    met = Meeting(
        project_id=UUID(int=1), title="Call", local_start=BEGIN, zone="UTC", starts_at=BEGAN,
        state=MeetingState.HELD, held_from=BEGAN, held_until=ENDED,
    )  # fmt: skip
    course = Course(met, (), ())
    course.opened(ENDED)
    assert met.held_until == ENDED
    course.joined(ENDED, entry=UUID(int=2), invitation=UUID(int=3), name="Ole")
    assert (met.held_from, met.held_until, met.opened_at) == (None, None, ENDED)


@pytest.mark.full
def test_the_trail_of_circulated_minutes_is_told(workspace: Workspace, written: UUID):
    circulated(workspace, written)
    commands.say_when_held(
        workspace, written, *[datetime.fromisoformat(f"2026-03-02T0{hour}:00") for hour in (8, 9)]
    )
    [minutes] = queries.minutes_life(workspace, written).revisions
    last = audit.trail(workspace, minutes.id)[-1]
    assert last.step is AuditStep.TIMES_CORRECTED
    assert last.text == "2026-03-02T07:00Z until 2026-03-02T08:00Z"
    commands.undo(workspace)
    last = audit.trail(workspace, minutes.id)[-1]
    assert (last.step, last.text) == (AuditStep.TIMES_CORRECTED, "as measured or planned")


@pytest.mark.full
def test_a_project_file_takes_it_along(
    workspace: Workspace, consortium, meeting: UUID, tmp_path: Path, blank_data: Path, clock
) -> None:
    commands.say_when_held(workspace, meeting, BEGIN, END)
    file = export_project_file(workspace, consortium.project, tmp_path / "tide.projectdesk")
    shutil.copytree(blank_data, tmp_path / "other")
    with Workspace.open(tmp_path / "other", secrets=MemorySecrets(), now=clock) as other:
        import_project_file(other, file)
        [row] = queries.meetings(other)
    assert (row.held_from, row.held_until) == (BEGAN, ENDED)


@pytest.mark.full
def test_it_is_taken_back_by_hand(workspace: Workspace, meeting: UUID):
    commands.say_when_held(workspace, meeting, BEGIN, END)
    commands.forget_when_held(workspace, meeting)
    row = queries.meeting(workspace, meeting)
    assert (row.held_from, row.held_until, row.state) == (None, None, MeetingState.HELD)
