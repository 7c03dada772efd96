"""The sample project is whole, consistent and invented."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from projectdesk.domain.meetings import CallRole, InvitationAnswer, MeetingState, MeetingType
from projectdesk.domain.minutes import ActionStatus
from projectdesk.domain.voting import ABSTAIN
from projectdesk.domain.workplan import DeliverableStatus
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace

WINTER = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_the_consortium(any_workspace: Workspace):
    project_id = commands.open_sample(any_workspace)
    project = queries.project(any_workspace, project_id)
    assert (project.acronym, project.source) == ("SALTMARK", "sample")
    assert (project.start_date, project.duration_months) == (date(2026, 3, 1), 42)
    partners = queries.partners(any_workspace, project_id)
    assert [partner.number for partner in partners] == list(range(1, 13))
    assert len({partner.country for partner in partners}) == 8
    assert sum(partner.contribution or 0 for partner in partners) == project.eu_contribution
    people = queries.people(any_workspace, project_id)
    members = [person for person in people if person.partner_id]
    offsets = {ZoneInfo(person.zone).utcoffset(WINTER) for person in members}
    assert len(offsets) == 4
    for partner in partners:
        assert 2 <= sum(person.partner_id == partner.id for person in members) <= 3
    assert all(person.email.endswith(".example") for person in people)
    assert len({person.email for person in people}) == len(people) == 29
    bodies = queries.bodies(any_workspace, project_id)
    assert {(body.name, body.members) for body in bodies} == {
        ("General Assembly", 12),
        ("Executive Board", 8),
    }


def test_the_work_plan(workspace: Workspace):
    project_id = commands.open_sample(workspace)
    packages = queries.work_packages(workspace, project_id)
    assert [package.label for package in packages] == [f"WP{n}" for n in range(1, 8)]
    spans = {package.id: (package.start_month, package.end_month) for package in packages}
    tasks = queries.tasks(workspace, project_id)
    deliverables = queries.deliverables(workspace, project_id)
    milestones = queries.milestones(workspace, project_id)
    assert (len(tasks), len(deliverables), len(milestones)) == (26, 30, 10)
    for task in tasks:
        start, end = spans[task.work_package_id]
        assert start <= task.start_month <= task.end_month <= end
    for package in packages:
        due = [d.due_month for d in deliverables if d.work_package_id == package.id]
        assert due == sorted(due), "deliverables are numbered in the order of their months"
        assert all(spans[package.id][0] <= month <= spans[package.id][1] for month in due)
    for rows in (packages, tasks, deliverables, milestones):
        assert all(row.lead for row in rows)
    ties = queries.dependencies(workspace, project_id)
    assert [(tie.after, tie.before) for tie in ties if tie.violated] == [("T6.2", "T3.3")]
    assert len(ties) == 7
    risks = queries.risks(workspace, project_id)
    assert [risk.number for risk in risks] == list(range(1, 9))
    assert all(risk.owner and risk.mitigation and risk.work_packages for risk in risks)
    over = {DeliverableStatus.SUBMITTED, DeliverableStatus.ACCEPTED}
    assert {d.status in over for d in deliverables if d.submitted_on} == {True}
    assert {d.due_month <= 8 for d in deliverables if d.status in over} == {True}


def test_meetings_held_have_attendance_minutes_decisions_and_actions(workspace: Workspace):
    project_id = commands.open_sample(workspace)
    meetings = queries.meetings(workspace, project_id)
    held = [meeting for meeting in meetings if meeting.state is MeetingState.HELD]
    assert len(held) == 4
    for meeting in held:
        items = queries.agenda(workspace, meeting.id)
        assert sum(item.duration_minutes for item in items) == meeting.duration_minutes
        assert queries.notes(workspace, meeting.id).keys() == {item.id for item in items}
        assert queries.decisions(workspace, meeting_id=meeting.id)
        assert queries.actions(workspace, meeting_id=meeting.id)
        attendance = queries.attendance(workspace, meeting.id)
        assert any(row.times > 1 for row in attendance)
        assert any(row.times == 0 for row in attendance)
        assert all(0 <= row.share <= 1 for row in attendance)
        roles = [row.role for row in queries.invitations(workspace, meeting.id)]
        assert roles.count(CallRole.CHAIR) == roles.count(CallRole.COHOST) == 1
    actions = queries.actions(workspace, project_id)
    assert sorted(action.number for action in actions) == list(range(1, len(actions) + 1))
    assert {action.status for action in actions} == set(ActionStatus)
    assert all((action.done_on is not None) == (action.status == "done") for action in actions)
    assert [hit.kind for hit in queries.search(workspace, "condensation")] == [Kind.MINUTES] * 2


def test_minutes_name_the_member_that_abstained_in_the_vote(workspace: Workspace):
    meetings = queries.meetings(workspace, commands.open_sample(workspace))
    assembly = next(m for m in meetings if m.title == "General Assembly 1")
    vote = next(
        each
        for each in queries.meeting_votes(workspace, assembly.id)
        if each.vote.question.startswith("Raw measurements")
    )
    [abstained] = [seat.partner for seat in vote.seats if seat.choice == ABSTAIN]
    texts = queries.notes(workspace, assembly.id).values()
    assert any(f"1 abstention ({abstained})" in text for text in texts)


def test_the_review_is_to_come(workspace: Workspace):
    project_id = commands.open_sample(workspace)
    (review,) = [m for m in queries.meetings(workspace, project_id) if m.opened_at is None]
    assert (review.type, review.state) == (MeetingType.INTERIM_REVIEW, MeetingState.PLANNED)
    assert (review.items, review.starts_at.date()) == (11, date(2026, 12, 8))
    answers = {row.answer for row in queries.invitations(workspace, review.id)}
    assert answers == set(InvitationAnswer)


def test_opening_it_again_gives_the_same_project_as_it_was_edited(workspace: Workspace):
    project_id = commands.open_sample(workspace)
    project = queries.project(workspace, project_id)
    commands.set_fields(workspace, Kind.PROJECT, project_id, project.version, {"acronym": "OURS"})
    assert commands.open_sample(workspace) == project_id
    assert [row.acronym for row in queries.projects(workspace)] == ["OURS"]


@pytest.mark.full
def test_it_can_be_undone_and_opened_anew(workspace: Workspace):
    first = commands.open_sample(workspace)
    commands.undo(workspace)
    assert queries.projects(workspace) == []
    assert queries.people(workspace) == []
    assert commands.open_sample(workspace) != first
    assert len(queries.projects(workspace)) == 1
