"""The notice of a meeting out of the database, in the list, in words and on the command line."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from uuid import UUID

import pytest

from projectdesk.cli import main
from projectdesk.domain.consortium import Body
from projectdesk.domain.meetings import AgendaItem, ItemKind, Meeting, MeetingState, MeetingType
from projectdesk.domain.rules.notice import NoticeLight, NoticeRule, NoticeState
from projectdesk.domain.rules.zoned_time import to_utc
from projectdesk.errors import DomainError
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import Clock

SEOUL = "Asia/Seoul"


def assembly(workspace: Workspace, project_id: UUID, day: date) -> UUID:
    """Add a General Assembly in Seoul at 10:00, with its body and one decision item."""
    start = datetime.combine(day, time(10))
    body = Body(project_id=project_id, name="General Assembly")
    meeting = Meeting(
        project_id=project_id,
        type=MeetingType.GENERAL_ASSEMBLY,
        title="Third assembly",
        body_id=body.id,
        local_start=start,
        zone=SEOUL,
        starts_at=to_utc(start, SEOUL),
    )
    first = AgendaItem(meeting_id=meeting.id, title="Budget", kind=ItemKind.DECISION)
    with workspace.change("Add assembly") as unit:
        unit.add(body, meeting, first)
    return meeting.id


def test_days_are_counted_where_the_meeting_is(
    workspace: Workspace, project_id: UUID, clock: Clock
) -> None:
    meeting = assembly(workspace, project_id, date(2026, 6, 20))
    # 45 days before the 20 June is the 6 May; there it is the 7th already at 15:30 UTC of the 6th.
    clock.now = datetime(2026, 5, 6, 14, 30, tzinfo=UTC)
    invited = queries.meeting_notice(workspace, meeting).deadlines[0]
    assert (invited.due_on, invited.state) == (date(2026, 5, 6), NoticeState.NEAR)
    clock.now = datetime(2026, 5, 6, 15, 30, tzinfo=UTC)
    invited = queries.meeting_notice(workspace, meeting).deadlines[0]
    assert (invited.state, invited.days_late) == (NoticeState.MISSED, 1)


def test_what_was_sent_by_other_means_is_noted_and_undone(
    workspace: Workspace, project_id: UUID, clock: Clock
) -> None:
    meeting = assembly(workspace, project_id, date(2026, 6, 20))
    clock.now = datetime(2026, 5, 10, 9, tzinfo=UTC)
    row = queries.meeting(workspace, meeting)
    assert row.notice is NoticeLight.RED
    sent = date(2026, 5, 5)
    commands.note_sent(workspace, meeting, row.version, NoticeRule.INVITATION, sent)
    found = queries.meeting_notice(workspace, meeting).deadlines[0]
    assert (found.done_on, found.state) == (sent, NoticeState.KEPT)
    assert queries.meetings(workspace)[0].notice is NoticeLight.GREEN
    commands.undo(workspace)
    assert queries.meeting(workspace, meeting).invited_at is None


def test_what_goes_out_tomorrow_was_not_sent(
    workspace: Workspace, project_id: UUID, clock: Clock
) -> None:
    meeting = assembly(workspace, project_id, date(2026, 6, 20))
    clock.now = datetime(2026, 5, 10, 16, tzinfo=UTC)  # there it is the 11th
    version = queries.meeting(workspace, meeting).version
    commands.note_sent(workspace, meeting, version, NoticeRule.AGENDA, date(2026, 5, 11))
    with pytest.raises(DomainError) as refused:
        commands.note_sent(workspace, meeting, version + 1, NoticeRule.AGENDA, date(2026, 5, 12))
    assert refused.value.code == "in_future"


def test_items_added_after_the_agenda_are_marked(
    workspace: Workspace, project_id: UUID, clock: Clock
) -> None:
    meeting = assembly(workspace, project_id, date(2026, 6, 20))
    clock.now = datetime(2026, 5, 1, 9, tzinfo=UTC)
    for rule in (NoticeRule.INVITATION, NoticeRule.AGENDA):
        version = queries.meeting(workspace, meeting).version
        commands.note_sent(workspace, meeting, version, rule, date(2026, 5, 1))
    clock.now = datetime(2026, 6, 10, 9, tzinfo=UTC)
    with workspace.change("Add an item") as unit:
        unit.add(
            AgendaItem(
                meeting_id=meeting,
                position=1,
                title="New partner",
                kind=ItemKind.DECISION,
                added_at=clock.now,
            )
        )
    found = queries.meeting_notice(workspace, meeting)
    assert [each.title for each in found.added] == ["New partner"]
    assert found.light is NoticeLight.RED
    assert any("until 15 days after receiving the draft minutes" in w for w in found.effect_words)
    assert queries.meetings(workspace)[0].notice is NoticeLight.RED


def test_a_meeting_without_a_body_has_a_word_and_no_light(
    workspace: Workspace, project_id: UUID
) -> None:
    meeting = assembly(workspace, project_id, date(2026, 6, 20))
    row = queries.meeting(workspace, meeting)
    commands.set_fields(workspace, Kind.MEETING, meeting, row.version, {"body_id": None})
    found = queries.meeting_notice(workspace, meeting)
    assert (found.light, found.deadlines) == (NoticeLight.NONE, ())
    assert "no body" in found.words


def test_a_cancelled_meeting_and_one_that_was_held_have_no_light_in_the_list(
    workspace: Workspace, project_id: UUID
) -> None:
    meeting = assembly(workspace, project_id, date(2026, 3, 20))
    assert queries.meeting(workspace, meeting).notice is NoticeLight.RED
    for state in (MeetingState.CANCELLED, MeetingState.HELD):
        row = queries.meeting(workspace, meeting)
        commands.set_fields(workspace, Kind.MEETING, meeting, row.version, {"state": state})
        assert queries.meeting(workspace, meeting).notice is NoticeLight.NONE
    assert queries.meeting_notice(workspace, meeting).light is NoticeLight.RED


@pytest.mark.full
def test_the_command_line_says_it(
    workspace: Workspace,
    project_id: UUID,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    meeting = assembly(workspace, project_id, date(2020, 6, 20))
    workspace.close()
    asked = ["check", "--meeting", str(meeting), "--data", str(tmp_path / "data")]
    assert main([*asked, "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["light"] == "red"
    assert [each["rule"] for each in said["deadlines"]] == ["invitation", "agenda", "items"]
    assert said["deadlines"][0]["due_on"] == "2020-05-06"
    data = ["--data", str(tmp_path / "data")]
    for what in ("invitation", "agenda"):
        day = ["--on", "2020-04-30"]
        assert main(["note-sent", what, "--meeting", str(meeting), *day, *data]) == 0
    assert main(asked) == 0
    assert "In order" in capsys.readouterr().out
