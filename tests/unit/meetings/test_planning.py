from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from projectdesk.domain.consortium import Body, BodyKind, PartnerRole, Person
from projectdesk.domain.identity import new_id
from projectdesk.domain.meetings import (
    CallRole,
    Invitation,
    InvitationAnswer,
    ItemKind,
    Meeting,
    MeetingState,
    MeetingType,
)
from projectdesk.domain.minutes import Action
from projectdesk.domain.rules.zoned_time import tzdata_version
from projectdesk.errors import Conflict, DomainError, NotFound
from projectdesk.services.commands.agendas import move_agenda_item
from projectdesk.services.commands.edit import set_fields
from projectdesk.services.commands.invitations import invite, renew_invitation, revoke_invitation
from projectdesk.services.commands.meetings import plan_meeting, refresh_planned_times
from projectdesk.services.queries.meetings import agenda, invitations, meeting, meetings
from projectdesk.services.rows import Changes, Kind
from projectdesk.store import schema
from tests.unit.meetings.conftest import LOCAL, add_consortium


def roles(workspace, meeting_id) -> dict[str, CallRole]:
    return {row.name.split()[0]: row.role for row in invitations(workspace, meeting_id)}


def test_a_kick_off_is_planned_from_the_work_plan(workspace, consortium, kick_off):
    items = agenda(workspace, kick_off)
    works = [row for row in items if row.work_package]
    assert [row.work_package for row in works] == ["WP1", "WP2", "WP3", "WP4"]
    assert [(row.presenter, row.presenter_text) for row in works] == [
        ("Ole Test", ""),
        ("Rui Test", ""),
        ("", "GHOST"),
        ("Kiri Test", ""),
    ]
    assert items[0].presenter == "Maya Test"
    assert {row.kind for row in items} >= {ItemKind.DECISION, ItemKind.DISCUSSION}
    dates = next(row for row in items if row.title == "Reporting and dates")
    assert "- D2.1 R, LAB: M5 (2026-07-31)" in dates.description
    assert "MS1" in dates.description
    numbered = [row.label for row in items if not row.is_break]
    assert numbered == [str(n) for n in range(1, len(numbered) + 1)]
    assert [(row.title, row.label) for row in items if row.is_break] == [("Break", "")]
    assert {row.added_at for row in items} == {workspace.now()}
    assert items[2].starts_after_minutes == sum(row.duration_minutes for row in items[:2])


def test_a_meeting_lasts_as_long_as_its_agenda_unless_told(workspace, plan, kick_off):
    whole = sum(row.duration_minutes for row in agenda(workspace, kick_off))
    assert meeting(workspace, kick_off).duration_minutes == whole
    assert meeting(workspace, plan(duration_minutes=45)).duration_minutes == 45


def test_the_start_is_kept_local_and_derived(workspace, kick_off):
    row = meeting(workspace, kick_off)
    assert (row.local_start, row.zone) == (LOCAL, "Europe/Copenhagen")
    assert row.starts_at == datetime(2026, 3, 10, 9, tzinfo=UTC)
    assert row.title == "Kick-off meeting"
    assert row.project == "TIDE"
    assert row.state is MeetingState.PLANNED


def test_everybody_of_a_partner_is_invited_in_their_role(workspace, consortium, kick_off):
    assert roles(workspace, kick_off) == {
        "Maya": CallRole.CHAIR,
        "Ole": CallRole.PRESENTER,
        "Inês": CallRole.PARTICIPANT,
        "Rui": CallRole.PRESENTER,
        "Kiri": CallRole.PRESENTER,
    }
    rows = {row.name: row for row in invitations(workspace, kick_off)}
    kiri = rows["Kiri Test"]
    assert (kiri.partner, kiri.country, kiri.zone) == ("FIRM", "NZ", "Pacific/Auckland")
    assert kiri.local_start == datetime.fromisoformat("2026-03-10T22:00")
    assert meeting(workspace, kick_off).invited == len(rows) == 5


def test_people_of_no_partner_are_invited_as_observers_when_asked(workspace, plan, consortium):
    asked = plan(externals=True)
    assert roles(workspace, asked)["Petra"] is CallRole.OBSERVER
    petra = next(row for row in invitations(workspace, asked) if row.name == "Petra Test")
    assert (petra.partner_id, petra.local_start) == (None, None)


def test_i_chair_even_if_i_am_of_no_partner_and_the_manager_is_beside_me(workspace):
    made = add_consortium(workspace, me="Petra")
    planned, _ = plan_meeting(workspace, made.project, MeetingType.KICK_OFF, LOCAL, "UTC")
    assert roles(workspace, planned)["Petra"] is CallRole.CHAIR
    assert roles(workspace, planned)["Maya"] is CallRole.COHOST


def test_before_i_said_who_i_am_the_coordinators_manager_chairs(workspace):
    made = add_consortium(workspace, me=None)
    planned, _ = plan_meeting(workspace, made.project, MeetingType.KICK_OFF, LOCAL, "UTC")
    assert roles(workspace, planned)["Maya"] is CallRole.CHAIR


def test_a_board_is_those_who_coordinate_or_lead(workspace, plan):
    assert set(roles(workspace, plan(MeetingType.EXECUTIVE_BOARD))) == {
        "Maya", "Ole", "Rui", "Kiri",
    }  # fmt: skip


def test_an_assembly_looks_back(workspace, consortium, plan, kick_off):
    with workspace.change("Hold the meeting") as unit:
        body = Body(
            project_id=consortium.project, kind=BodyKind.GENERAL_ASSEMBLY, name="General Assembly"
        )
        action = Action(project_id=consortium.project, text="Send the logo")
        action.owner_partner_id = consortium.partners["LAB"]
        unit.add(body, action)
    first = plan(MeetingType.GENERAL_ASSEMBLY)
    with workspace.change("Hold it") as unit:
        unit.get(Meeting, first).state = MeetingState.HELD
    later = plan(MeetingType.GENERAL_ASSEMBLY, local_start=LOCAL + timedelta(days=250))
    items = {row.title: row for row in agenda(workspace, later)}
    assert "General Assembly, 2026-03-10" in items["Minutes of the last meeting"].description
    assert "| A1 | Send the logo | LAB |" in items["Open actions"].description
    assert "D1.1" in items["Late deliverables"].description
    with workspace.read() as session:
        bodies = session.scalars(
            select(schema.meeting.c.body_id).where(schema.meeting.c.id == later)
        )
        assert bodies.one() == body.id


@pytest.mark.parametrize("meeting_type", list(MeetingType))
def test_every_type_can_be_planned(workspace, plan, meeting_type):
    planned = plan(meeting_type)
    assert agenda(workspace, planned)
    assert meeting(workspace, planned).type is meeting_type


def test_planning_is_one_change_that_can_be_undone(workspace, consortium):
    heard: list[Changes] = []
    stop = workspace.subscribe(heard.append)
    planned, changes = plan_meeting(
        workspace, consortium.project, MeetingType.WORKSHOP, LOCAL, "UTC", title="  Data  day "
    )
    stop()
    assert heard == [changes]
    assert changes.kinds == {Kind.MEETING, Kind.AGENDA_ITEM, Kind.INVITATION}
    assert changes.project_ids == {consortium.project}
    assert changes.label == "Plan Data day"
    assert changes.change_id is not None
    assert [row.id for row in meetings(workspace, consortium.project)] == [planned]
    assert meetings(workspace, new_id()) == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"zone": "Mars/Olympus"}, "unknown_zone"),
        ({"local_start": LOCAL.replace(tzinfo=UTC)}, "local_time_with_zone"),
        ({"duration_minutes": 0}, "bad_duration"),
        ({"duration_minutes": 10**6}, "bad_duration"),
    ],
)
def test_a_wrong_plan_is_refused_and_nothing_is_made(workspace, plan, values, code):
    with pytest.raises(DomainError) as caught:
        plan(**values)
    assert caught.value.code == code
    assert meetings(workspace) == []


def test_a_meeting_of_no_project_is_refused(workspace):
    with pytest.raises(NotFound):
        plan_meeting(workspace, new_id(), MeetingType.AD_HOC, LOCAL, "UTC")


def test_an_agenda_item_moves_and_the_others_make_room(workspace, kick_off):
    def titles() -> list[str]:
        return [row.title for row in agenda(workspace, kick_off)]

    before = agenda(workspace, kick_off)
    names = titles()
    changes = move_agenda_item(workspace, before[1].id, 3)
    assert titles() == [names[0], names[2], names[3], names[1], *names[4:]]
    assert changes.ids == {row.id for row in before[1:4]}
    assert changes.label == "Move “Partner round”"
    move_agenda_item(workspace, before[1].id, 99)
    assert titles()[-1] == "Partner round"
    move_agenda_item(workspace, before[1].id, -5)
    assert titles()[0] == "Partner round"
    assert not move_agenda_item(workspace, before[1].id, 0)
    with pytest.raises(NotFound):
        move_agenda_item(workspace, new_id(), 0)


# --- invitations ----------------------------------------------------------------------------------


def test_a_person_is_invited_for_their_partner_once(workspace, consortium, plan):
    board = plan(MeetingType.EXECUTIVE_BOARD)
    person = consortium.people["Inês"]
    invited, changes = invite(workspace, board, person, CallRole.INTERPRETER)
    row = next(row for row in invitations(workspace, board) if row.id == invited)
    assert (row.role, row.partner) == (CallRole.INTERPRETER, "LAB")
    assert changes.label == "Invite Inês Test"
    with pytest.raises(DomainError) as caught:
        invite(workspace, board, person, CallRole.PARTICIPANT)
    assert caught.value.code == "already_invited"


def test_a_partner_of_another_project_is_refused(workspace, consortium, kick_off):
    other = add_consortium(workspace, me=None)
    with pytest.raises(DomainError) as caught:
        invite(
            workspace, kick_off, other.people["Rui"], CallRole.PARTICIPANT, other.partners["LAB"]
        )
    assert caught.value.code == "foreign_partner"


def test_a_link_is_revoked_and_renewed(workspace, kick_off):
    first = invitations(workspace, kick_off)[0]
    revoke_invitation(workspace, first.id, first.version)
    revoked = invitations(workspace, kick_off)[0]
    assert (revoked.revoked, revoked.generation) == (True, 1)
    assert meeting(workspace, kick_off).invited == 4
    assert not revoke_invitation(workspace, first.id, revoked.version)
    changes = renew_invitation(workspace, first.id, revoked.version)
    assert changes.change_id is None, "the old link may be in wrong hands"
    renewed = invitations(workspace, kick_off)[0]
    assert (renewed.revoked, renewed.generation) == (False, 2)
    with pytest.raises(Conflict):
        revoke_invitation(workspace, first.id, first.version)


def test_answers_are_counted(workspace, kick_off):
    first = invitations(workspace, kick_off)[0]
    with workspace.change("Accept") as unit:
        unit.get(Invitation, first.id).answer = InvitationAnswer.ACCEPTED
    assert meeting(workspace, kick_off).accepted == 1


def test_an_invitee_whose_zone_is_no_zone_has_no_local_start(workspace, consortium, kick_off):
    with workspace.change("Mistype") as unit:
        unit.get(Person, consortium.people["Rui"]).zone = "Portugal time"
    row = next(row for row in invitations(workspace, kick_off) if row.name == "Rui Test")
    assert row.local_start is None


# --- time zones that change -----------------------------------------------------------------------


def test_planned_times_follow_the_rules_of_their_zone(workspace, plan):
    moved, same, held, lost = plan(), plan(), plan(), plan()
    truth = meeting(workspace, moved).starts_at
    with workspace.change("As an older tzdata had it") as unit:
        for planned in (moved, same, held, lost):
            row = unit.get(Meeting, planned)
            row.tzdata = "1999a"
            if planned != same:
                row.starts_at = truth - timedelta(hours=1)
        unit.get(Meeting, held).state = MeetingState.HELD
        unit.get(Meeting, lost).zone = "Atlantis/Harbour"
    told = refresh_planned_times(workspace)
    assert [(each.id, each.before, each.after) for each in told] == [
        (moved, truth - timedelta(hours=1), truth)
    ]
    assert meeting(workspace, moved).starts_at == truth
    assert meeting(workspace, moved).local_start == LOCAL
    for kept in (held, lost):
        assert meeting(workspace, kept).starts_at == truth - timedelta(hours=1)
    assert refresh_planned_times(workspace) == []
    with workspace.read() as session:
        versions = session.scalars(
            select(schema.meeting.c.tzdata).where(schema.meeting.c.id == same)
        )
        assert versions.one() == tzdata_version()


def test_who_left_before_a_meeting_is_not_invited(workspace, consortium):
    for name, values in (
        ("LAB", {"active_to": LOCAL.date() - timedelta(days=1)}),
        ("UNI", {"role": PartnerRole.BENEFICIARY, "coordinator_to": date(2020, 1, 1)}),
        ("FIRM", {"role": PartnerRole.COORDINATOR, "coordinator_from": date(2020, 1, 2)}),
    ):
        set_fields(workspace, Kind.PARTNER, consortium.partners[name], 1, values)
    planned, _ = plan_meeting(
        workspace, consortium.project, MeetingType.GENERAL_ASSEMBLY, LOCAL, "UTC"
    )
    invited = roles(workspace, planned)
    assert "Rui" not in invited
    assert invited["Kiri"] is CallRole.COHOST
