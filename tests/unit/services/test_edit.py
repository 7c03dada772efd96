from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import select

from projectdesk.domain.consortium import Body, BodyKind, Partner, PartnerRole, Project
from projectdesk.domain.identity import new_id
from projectdesk.domain.meetings import FoldRule, Meeting, MeetingState
from projectdesk.domain.minutes import Action, ActionStatus, Decision, Minutes
from projectdesk.domain.workplan import Deliverable, Milestone, Task, WorkPackage
from projectdesk.errors import Conflict, DomainError, NotFound
from projectdesk.services import queries
from projectdesk.services.commands import (
    add_body_members,
    create,
    delete,
    set_fields,
    set_me,
    undo,
)
from projectdesk.services.dependents import plan_deletion
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from tests.unit.services.conftest import add_project

NOBODY = new_id()
EntityT = TypeVar("EntityT")


def _get(workspace: Workspace, entity: type[EntityT], record_id: UUID) -> EntityT:
    with workspace.read() as session:
        return session.get_one(entity, record_id)


def meeting_in(workspace: Workspace, project_id: UUID, **values: object) -> UUID:
    given: dict[str, object] = {
        "project_id": project_id,
        "title": "Kick-off",
        "local_start": datetime.fromisoformat("2026-03-10T10:00"),
        "zone": "Europe/Lisbon",
    }
    return create(workspace, Kind.MEETING, {**given, **values})[0]


def _work_package(workspace: Workspace, project_id: UUID, **values: object) -> UUID:
    return create(
        workspace, Kind.WORK_PACKAGE, {"project_id": project_id, "title": "Pilots", **values}
    )[0]


@pytest.mark.full
def test_a_record_of_every_hand_made_kind_is_created(any_workspace: Workspace) -> None:
    ws = any_workspace
    project, _ = create(ws, Kind.PROJECT, {"acronym": "  AQUA ", "start_date": date(2026, 1, 31)})
    organisation, _ = create(ws, Kind.ORGANISATION, {"legal_name": "TU Wien", "country": "AT"})
    person, _ = create(ws, Kind.PERSON, {"given_name": "Ana", "family_name": "Sousa"})
    partner, _ = create(ws, Kind.PARTNER, {"project_id": project, "organisation_id": organisation})
    membership = {"project_id": project, "person_id": person, "partner_id": partner}
    create(ws, Kind.MEMBERSHIP, membership)
    body, _ = create(ws, Kind.BODY, {"project_id": project, "name": "Board", "chair_id": person})
    create(ws, Kind.BODY_MEMBER, {"body_id": body, "partner_id": partner})
    package = _work_package(ws, project, lead_partner_id=partner)
    create(ws, Kind.TASK, {"work_package_id": package, "title": "Sites"})
    create(ws, Kind.DELIVERABLE, {"work_package_id": package, "title": "Report"})
    create(
        ws, Kind.MILESTONE, {"project_id": project, "title": "Go", "work_package_ids": [package]}
    )
    meeting = meeting_in(ws, project, body_id=body)
    item, _ = create(ws, Kind.AGENDA_ITEM, {"meeting_id": meeting, "title": "Welcome"})
    create(ws, Kind.INVITATION, {"meeting_id": meeting, "person_id": person})
    decision, _ = create(
        ws, Kind.DECISION, {"meeting_id": meeting, "agenda_item_id": item, "text": "Go on."}
    )
    action, changes = create(ws, Kind.ACTION, {"project_id": project, "text": "Write it."})
    assert changes.label == "Add action A1"
    assert _get(ws, Project, project).acronym == "AQUA"
    assert _get(ws, Partner, partner).role is PartnerRole.COORDINATOR
    assert _get(ws, Decision, decision).project_id == project
    assert _get(ws, Action, action).number == 1


def test_numbers_are_the_next_free_of_their_parent(any_workspace: Workspace) -> None:
    project_id = add_project(any_workspace)
    first = _work_package(any_workspace, project_id)
    _work_package(any_workspace, project_id, number=5)
    third = _work_package(any_workspace, project_id)
    assert _get(any_workspace, WorkPackage, first).number == 1
    assert _get(any_workspace, WorkPackage, third).number == 6
    for package, expected in ((first, [1, 2]), (third, [1])):
        numbers = [
            _get(
                any_workspace,
                Deliverable,
                create(any_workspace, Kind.DELIVERABLE, {"work_package_id": package, "title": "R"})[
                    0
                ],
            ).number
            for _ in expected
        ]
        assert numbers == expected
    with pytest.raises(DomainError) as caught:
        _work_package(any_workspace, project_id, number=5)
    assert caught.value.code == "number_taken"
    assert caught.value.facts["field"] == "number"


def test_decisions_added_as_entities_are_numbered_in_their_project(workspace: Workspace) -> None:
    project_id = add_project(workspace)
    meeting = meeting_in(workspace, project_id)
    made = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
    for _ in range(2):
        with workspace.change("Decide") as unit:
            for text in ("One", "Two"):
                unit.add(
                    Decision(project_id=project_id, meeting_id=meeting, text=text, made_at=made)
                )
    with workspace.read() as session:
        numbers = session.scalars(select(schema.decision.c.number)).all()
    assert sorted(numbers) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("kind", "values", "code", "field"),
    [
        (Kind.ORGANISATION, {"legal_name": " "}, "required", "legal_name"),
        (Kind.ORGANISATION, {"country": "PT"}, "required", "legal_name"),
        (Kind.ORGANISATION, {"legal_name": "X", "pic": "12"}, "bad_pic", "pic"),
        (Kind.ORGANISATION, {"legal_name": "X", "country": "ZZ"}, "unknown_country", "country"),
        (Kind.PERSON, {"family_name": "X", "zone": "Europe/Nowhere"}, "unknown_zone", "zone"),
        (Kind.PERSON, {"family_name": "X", "email": "x@y"}, "bad_email", "email"),
        (Kind.PERSON, {}, "required", "family_name"),
        (Kind.PERSON, {"family_name": "X", "work_to": 540}, "no_working_hours", "work_to"),
        (Kind.PROJECT, {"acronym": "X", "total_cost": Decimal(-1)}, "bad_money", "total_cost"),
        (Kind.PROJECT, {"acronym": "X", "id": new_id()}, "not_editable", "id"),
        (Kind.TASK, {"work_package_id": NOBODY, "title": "T"}, "no_such_record", "work_package_id"),
    ],
)  # fmt: skip
def test_bad_values_are_refused_beside_their_field(
    workspace: Workspace, kind: Kind, values: Mapping[str, object], code: str, field: str
) -> None:
    with pytest.raises(DomainError) as caught:
        create(workspace, kind, values)
    assert (caught.value.code, caught.value.facts["field"]) == (code, field)


def test_a_value_of_a_wrong_type_is_a_bug(workspace: Workspace) -> None:
    with pytest.raises(TypeError):
        create(workspace, Kind.ORGANISATION, {"legal_name": 5})
    with pytest.raises(TypeError):
        create(workspace, Kind.ORGANISATION, {"legal_name": "X", "sme": "yes"})
    with pytest.raises(TypeError):
        create(workspace, Kind.PROJECT, {"acronym": "X", "duration_months": True})


def test_minutes_are_not_made_by_hand(workspace: Workspace) -> None:
    with pytest.raises(DomainError, match="by hand"):
        create(workspace, Kind.MINUTES, {})


def test_months_stay_within_the_project(workspace: Workspace) -> None:
    project_id = add_project(workspace)
    package = _work_package(workspace, project_id, start_month=3, end_month=36)
    for values, code, field in (
        ({"end_month": 37}, "month_out_of_range", "end_month"),
        ({"end_month": 2}, "end_before_start", "end_month"),
        ({"start_month": 0}, "out_of_range", "start_month"),
    ):
        with pytest.raises(DomainError) as caught:
            set_fields(workspace, Kind.WORK_PACKAGE, package, 1, values)
        assert (caught.value.code, caught.value.facts["field"]) == (code, field)
    assert _get(workspace, WorkPackage, package).version == 1


def test_a_reference_stays_within_its_project(workspace: Workspace) -> None:
    here, there = add_project(workspace), add_project(workspace, "OTHER")
    with workspace.read() as session:
        partner = session.scalar(
            select(schema.partner.c.id).where(schema.partner.c.project_id == there)
        )
    with pytest.raises(DomainError) as caught:
        _work_package(workspace, here, lead_partner_id=partner)
    assert caught.value.code == "other_project"
    assert caught.value.facts["field"] == "lead_partner_id"


def test_set_fields_changes_what_differs_and_nothing_else(any_workspace: Workspace) -> None:
    project_id = add_project(any_workspace)
    changes = set_fields(any_workspace, Kind.PROJECT, project_id, 1, {"acronym": "BLUE"})
    assert changes.label == "Change acronym of AQUA"
    assert changes.change_id is not None
    same = set_fields(any_workspace, Kind.PROJECT, project_id, 2, {"acronym": " BLUE "})
    assert not same
    assert same.change_id is None
    assert _get(any_workspace, Project, project_id).version == 2
    with pytest.raises(Conflict):
        set_fields(any_workspace, Kind.PROJECT, project_id, 1, {"acronym": "RED"})
    with pytest.raises(NotFound):
        set_fields(any_workspace, Kind.PROJECT, new_id(), 1, {"acronym": "RED"})


def test_project_dates_follow_each_other(workspace: Workspace) -> None:
    project_id = add_project(workspace)

    def dates() -> tuple[object, ...]:
        project = _get(workspace, Project, project_id)
        return project.start_date, project.end_date, project.duration_months

    set_fields(workspace, Kind.PROJECT, project_id, 1, {"start_date": date(2026, 2, 1)})
    assert dates() == (date(2026, 2, 1), date(2029, 1, 31), 36)
    set_fields(workspace, Kind.PROJECT, project_id, 2, {"duration_months": 48})
    assert dates() == (date(2026, 2, 1), date(2030, 1, 31), 48)
    set_fields(workspace, Kind.PROJECT, project_id, 3, {"end_date": date(2028, 1, 31)})
    assert dates() == (date(2026, 2, 1), date(2028, 1, 31), 24)
    with pytest.raises(DomainError) as caught:
        set_fields(workspace, Kind.PROJECT, project_id, 4, {"end_date": date(2020, 1, 31)})
    assert caught.value.facts["field"] == "end_date"


def test_the_instant_of_a_meeting_follows_its_local_time(any_workspace: Workspace) -> None:
    meeting_id = meeting_in(any_workspace, add_project(any_workspace))
    meeting = _get(any_workspace, Meeting, meeting_id)
    assert meeting.starts_at == datetime(2026, 3, 10, 10, 0, tzinfo=UTC)
    assert meeting.local_start == datetime.fromisoformat("2026-03-10T10:00")
    assert meeting.tzdata
    set_fields(any_workspace, Kind.MEETING, meeting_id, 1, {"zone": "Asia/Kolkata"})
    moved = _get(any_workspace, Meeting, meeting_id)
    assert moved.starts_at == datetime(2026, 3, 10, 4, 30, tzinfo=UTC)
    folded = {"local_start": datetime.fromisoformat("2026-10-25T02:30"), "zone": "Europe/Berlin"}
    set_fields(any_workspace, Kind.MEETING, meeting_id, 2, folded)
    earlier = _get(any_workspace, Meeting, meeting_id).starts_at
    set_fields(any_workspace, Kind.MEETING, meeting_id, 3, {"fold_rule": FoldRule.LATER})
    later = _get(any_workspace, Meeting, meeting_id).starts_at
    assert (later - earlier).total_seconds() == 3600


def test_an_action_reopened_is_not_done_on_a_day(workspace: Workspace) -> None:
    project_id = add_project(workspace)
    action, _ = create(
        workspace,
        Kind.ACTION,
        {
            "project_id": project_id,
            "text": "Write",
            "status": ActionStatus.DONE,
            "done_on": date(2026, 3, 1),
        },
    )
    assert _get(workspace, Action, action).done_on == date(2026, 3, 1)
    set_fields(workspace, Kind.ACTION, action, 1, {"status": ActionStatus.OPEN})
    assert _get(workspace, Action, action).done_on is None


def test_deleting_takes_what_cannot_be_without_and_loosens_the_rest(
    any_workspace: Workspace,
) -> None:
    ws = any_workspace
    project_id = add_project(ws)
    going, staying = _work_package(ws, project_id), _work_package(ws, project_id)
    task, _ = create(ws, Kind.TASK, {"work_package_id": going, "title": "Sites"})
    deliverable, _ = create(ws, Kind.DELIVERABLE, {"work_package_id": going, "title": "Report"})
    milestone, _ = create(
        ws,
        Kind.MILESTONE,
        {"project_id": project_id, "title": "Go", "work_package_ids": [going, staying]},
    )
    action, _ = create(
        ws, Kind.ACTION, {"project_id": project_id, "text": "Do", "deliverable_id": deliverable}
    )
    with ws.read() as session:
        plan = plan_deletion(session, Kind.WORK_PACKAGE, going)
    assert plan.going == {
        Kind.WORK_PACKAGE: {going},
        Kind.TASK: {task},
        Kind.DELIVERABLE: {deliverable},
    }
    changes = delete(ws, Kind.WORK_PACKAGE, going, 1)
    assert changes.label == "Delete work package WP1"
    assert changes.ids == {going, task, deliverable, milestone, action}
    assert _get(ws, Milestone, milestone).work_package_ids == [staying]
    assert _get(ws, Action, action).deliverable_id is None
    with ws.read() as session:
        assert session.get(Task, task) is None
        assert session.get(Deliverable, deliverable) is None


def test_a_whole_project_goes_with_its_meetings(any_workspace: Workspace) -> None:
    project_id = add_project(any_workspace)
    meeting = meeting_in(any_workspace, project_id)
    with any_workspace.change("Open minutes") as unit:
        unit.add(Minutes(meeting_id=meeting))
    delete(any_workspace, Kind.PROJECT, project_id, 1)
    with any_workspace.read() as session:
        for table in (schema.project, schema.partner, schema.meeting, schema.minutes):
            assert session.execute(select(table)).first() is None
        assert session.execute(select(schema.organisation)).first() is not None


def test_a_running_meeting_and_myself_are_not_deleted(workspace: Workspace) -> None:
    meeting = meeting_in(workspace, add_project(workspace), state=MeetingState.LIVE)
    with pytest.raises(DomainError, match="running"):
        delete(workspace, Kind.MEETING, meeting, 1)
    [me] = set_me(workspace, {"given_name": "Ana", "family_name": "Sousa"}).ids
    with pytest.raises(DomainError, match="you"):
        delete(workspace, Kind.PERSON, me, 1)


def test_there_is_one_me_whose_name_is_in_the_history(workspace: Workspace) -> None:
    [me] = set_me(workspace, {"given_name": "Ana", "family_name": "Sousa"}).ids
    assert set_me(workspace, {"zone": "Europe/Lisbon"}).ids == {me}
    project_id = add_project(workspace)
    with workspace.read() as session:
        who = session.scalar(
            select(schema.history.c.who).where(schema.history.c.record_id == project_id)
        )
    assert who == "Ana Sousa"


def test_a_list_as_loaded_is_not_changed_in_place(workspace: Workspace) -> None:
    project_id = add_project(workspace)
    set_fields(workspace, Kind.PROJECT, project_id, 1, {"topics": ["water", " water", ""]})
    with workspace.change("Change topics") as unit:
        project = unit.get(Project, project_id)
        assert project.topics == ["water"]
        with pytest.raises(TypeError):
            project.topics.append("rivers")
        with pytest.raises(TypeError):
            project.topics += ["rivers"]


def test_a_body_starts_with_the_notice_of_its_kind(workspace: Workspace) -> None:
    project = add_project(workspace)

    def told(body_id: UUID) -> tuple[int, int, int]:
        body = _get(workspace, Body, body_id)
        return body.notice_ordinary_days, body.notice_extraordinary_days, body.agenda_days

    assembly, _ = create(workspace, Kind.BODY, {"project_id": project, "name": "GA"})
    board, _ = create(
        workspace,
        Kind.BODY,
        {
            "project_id": project,
            "name": "Board",
            "kind": BodyKind.EXECUTIVE_BOARD,
            "agenda_days": 9,
        },
    )
    assert (told(assembly), told(board)) == ((45, 15, 21), (14, 7, 9))
    changes = set_fields(workspace, Kind.BODY, board, 1, {"kind": BodyKind.GENERAL_ASSEMBLY})
    assert told(board) == (45, 15, 9), "what was agreed otherwise stays"
    assert changes.label == "Change kind of Board"


def test_a_share_is_changed_as_one(workspace: Workspace) -> None:
    project = add_project(workspace)
    body, _ = create(workspace, Kind.BODY, {"project_id": project, "name": "Board"})
    values = {"quorum_numerator": 1, "quorum_denominator": 2}
    assert set_fields(workspace, Kind.BODY, body, 1, values).label == "Change quorum of Board"
    with pytest.raises(DomainError, match="share"):
        set_fields(workspace, Kind.BODY, body, 2, {"quorum_numerator": 3})


def test_a_partner_has_one_seat_in_a_body(workspace: Workspace) -> None:
    project = add_project(workspace)
    organisation, _ = create(workspace, Kind.ORGANISATION, {"legal_name": "TU Wien"})
    values = {"project_id": project, "organisation_id": organisation}
    partner, _ = create(workspace, Kind.PARTNER, values)
    body, _ = create(workspace, Kind.BODY, {"project_id": project, "name": "Board"})
    seat, _ = create(workspace, Kind.BODY_MEMBER, {"body_id": body, "partner_id": partner})
    with pytest.raises(DomainError, match="already") as refused:
        create(workspace, Kind.BODY_MEMBER, {"body_id": body, "partner_id": partner})
    assert refused.value.facts["field"] == "partner_id"
    delete(workspace, Kind.BODY_MEMBER, seat, 1)
    create(workspace, Kind.BODY_MEMBER, {"body_id": body, "partner_id": partner})


def test_all_partners_get_a_seat_at_once_or_none(workspace: Workspace) -> None:
    project = add_project(workspace)
    partners = []
    for name in ("TU Wien", "Universidade do Rio"):
        organisation, _ = create(workspace, Kind.ORGANISATION, {"legal_name": name})
        values = {"project_id": project, "organisation_id": organisation}
        partners.append(create(workspace, Kind.PARTNER, values)[0])
    body, _ = create(workspace, Kind.BODY, {"project_id": project, "name": "Board"})
    with pytest.raises(DomainError):
        add_body_members(workspace, body, [*partners, partners[0]])
    assert queries.body_members(workspace, body) == []
    assert add_body_members(workspace, body, partners).label == "Add members"
    assert len(queries.body_members(workspace, body)) == 2
    undo(workspace)
    assert queries.body_members(workspace, body) == []
