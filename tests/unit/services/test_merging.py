"""People and organisations that are here twice are found, and made one as one change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from projectdesk.domain.consortium import (
    Body,
    BodyMember,
    Membership,
    Organisation,
    Person,
)
from projectdesk.domain.meetings import Invitation, InvitationAnswer, Meeting
from projectdesk.domain.minutes import Action, AttendanceInterval
from projectdesk.errors import Conflict, DomainError
from projectdesk.services import commands, queries
from projectdesk.services.duplicate_rows import Likeness
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import START, add_project


def add(workspace: Workspace, *records: object) -> None:
    with workspace.change("Add") as unit:
        unit.add(*records)


def names(workspace: Workspace) -> list[tuple[Likeness, str, str]]:
    return [
        (each.likeness, each.first, each.second) for each in queries.duplicate_people(workspace)
    ]


def test_doubles_are_found_the_surest_first(any_workspace: Workspace) -> None:
    organisation = Organisation(legal_name="AU")
    add(
        any_workspace,
        organisation,
        Person(given_name="Ida", family_name="Holm", organisation_id=organisation.id),
        Person(given_name="IDA", family_name="Hölm", organisation_id=organisation.id),
        Person(given_name="Jan", family_name="Nowak", email="j@x.example"),
        Person(given_name="Other", family_name="Name", email="J@X.example"),
        Person(given_name="Łukasz", family_name="Kowalski"),
        Person(given_name="Kowalski", family_name="Lukasz"),
        Person(given_name="Ana", family_name="Reis", email="a@x.example"),
        Person(given_name="Ana", family_name="Reis", email="b@x.example"),
        Person(given_name="Ana", family_name="Reisinger"),
    )
    assert names(any_workspace) == [
        (Likeness.EMAIL, "Jan Nowak", "Other Name"),
        (Likeness.NAME_AND_ORGANISATION, "Ida Holm", "IDA Hölm"),
        (Likeness.NAME, "Ana Reis", "Ana Reis"),
        (Likeness.SWAPPED, "Łukasz Kowalski", "Kowalski Lukasz"),
    ]
    pair = queries.duplicate_people(any_workspace)[2]
    assert [(each.name, each.first, each.second) for each in pair.fields] == [
        ("email", "a@x.example", "b@x.example")
    ]


def test_organisations_with_two_pics_are_two(any_workspace: Workspace) -> None:
    add(
        any_workspace,
        Organisation(legal_name="Universität Wien", country="AT", pic="900000001"),
        Organisation(legal_name="UNIVERSITAT WIEN", country="AT"),
        Organisation(legal_name="Universität Wien", country="DE"),
        Organisation(legal_name="Universität Wien", country="AT", pic="900000002"),
        Organisation(legal_name="Alpha", vat_number="PT123456"),
        Organisation(legal_name="Beta", vat_number="pt123456"),
    )
    found = queries.duplicate_organisations(any_workspace)
    assert [(each.likeness, each.first, each.second) for each in found] == [
        (Likeness.VAT_NUMBER, "Alpha", "Beta"),
        (Likeness.NAME, "Universität Wien", "UNIVERSITAT WIEN"),
    ]


class Twice:
    """Ida Holm, twice: each with a part in everything that a person can have a part in."""

    def __init__(self, workspace: Workspace) -> None:
        self.project = add_project(workspace)
        partner = queries.partners(workspace, self.project)[0]
        self.kept = Person(given_name="Ida", family_name="Holm", email="ida@a.example")
        self.gone = Person(given_name="I.", family_name="Holm", phone="+45 1")
        self.meetings = [
            Meeting(
                project_id=self.project,
                title=title,
                local_start=START.replace(tzinfo=None),
                zone="UTC",
                starts_at=START,
            )
            for title in ("Both", "One")
        ]
        both, one = self.meetings
        self.first = Invitation(meeting_id=both.id, person_id=self.kept.id)
        second = Invitation(
            meeting_id=both.id, person_id=self.gone.id, answer=InvitationAnswer.ACCEPTED
        )
        alone = Invitation(meeting_id=one.id, person_id=self.gone.id)
        body = Body(project_id=self.project, name="Board", chair_id=self.gone.id)
        self.action = Action(
            project_id=self.project, number=1, text="Do", owner_person_id=self.gone.id
        )
        ends = START + timedelta(hours=1)
        self.attended = AttendanceInterval(
            meeting_id=both.id, invitation_id=second.id, name="I", joined_at=START, left_at=ends
        )
        add(
            workspace,
            self.kept,
            self.gone,
            *self.meetings,
            self.first,
            second,
            alone,
            body,
            BodyMember(
                body_id=body.id,
                partner_id=partner.id,
                representative_id=self.kept.id,
                deputy_id=self.gone.id,
            ),
            self.action,
            self.attended,
            Membership(project_id=self.project, person_id=self.kept.id, partner_id=partner.id),
            Membership(project_id=self.project, person_id=self.gone.id, function="Lead"),
        )


def test_everything_of_the_one_becomes_the_others_and_comes_back(any_workspace: Workspace) -> None:
    ws = any_workspace
    twice = Twice(ws)
    commands.merge_people(ws, twice.kept.id, twice.gone.id, {"given_name": "Ida M."})
    [person] = queries.people(ws, twice.project)
    assert (person.id, person.given_name) == (twice.kept.id, "Ida M.")
    assert (person.email, person.phone, person.function) == ("ida@a.example", "+45 1", "Lead")
    both, one = twice.meetings
    [invitation] = queries.invitations(ws, both.id)
    assert (invitation.id, invitation.answer) == (twice.first.id, InvitationAnswer.ACCEPTED)
    assert [each.person_id for each in queries.invitations(ws, one.id)] == [twice.kept.id]
    assert queries.actions(ws, twice.project)[0].owner_person_id == twice.kept.id
    [body] = queries.bodies(ws, twice.project)
    [seat] = queries.body_members(ws, body.id)
    assert (body.chair_id, seat.representative_id, seat.deputy_id) == (
        twice.kept.id,
        twice.kept.id,
        None,
    )
    with ws.read() as session:
        moved = session.get_one(AttendanceInterval, twice.attended.id)
        assert moved.invitation_id == twice.first.id
    assert commands.undo_label(ws) == "Merge I. Holm into Ida Holm"
    commands.undo(ws)
    assert len(queries.people(ws, twice.project)) == 2
    assert len(queries.invitations(ws, both.id)) == 2
    assert queries.actions(ws, twice.project)[0].owner_person_id == twice.gone.id


def test_who_uses_this_desktop_is_never_merged_away(workspace: Workspace) -> None:
    commands.set_me(workspace, {"given_name": "Ida", "family_name": "Holm"})
    other, _ = commands.create(workspace, Kind.PERSON, {"given_name": "Ida", "family_name": "Holm"})
    mine = queries.me(workspace)
    assert mine is not None
    [pair] = queries.duplicate_people(workspace)
    assert pair.first_id == mine.id
    with pytest.raises(DomainError, match="Ida Holm is you"):
        commands.merge_people(workspace, other, mine.id)
    with pytest.raises(DomainError):
        commands.merge_people(workspace, other, other)
    commands.merge_people(workspace, mine.id, other)
    assert queries.duplicate_people(workspace) == []


def test_a_pair_that_changed_since_is_not_merged(workspace: Workspace) -> None:
    twice = Twice(workspace)
    commands.set_fields(workspace, Kind.PERSON, twice.gone.id, 1, {"phone": "+45 2"})
    with pytest.raises(Conflict):
        commands.merge_people(workspace, twice.kept.id, twice.gone.id, versions=(1, 1))
    assert len(queries.people(workspace, twice.project)) == 2


def test_two_organisations_become_one(any_workspace: Workspace) -> None:
    ws = any_workspace
    project = add_project(ws)
    [partner] = queries.partners(ws, project)
    other = add_project(ws, "BETA")
    [second] = queries.partners(ws, other)
    person = Person(family_name="Reis", organisation_id=second.organisation_id)
    add(ws, person)
    organisation = next(o for o in queries.organisations(ws) if o.id == second.organisation_id)
    commands.set_fields(
        ws, Kind.ORGANISATION, organisation.id, organisation.version, {"city": "Rio", "pic": ""}
    )
    [pair] = queries.duplicate_organisations(ws)
    ids = {pair.first_id, pair.second_id}
    assert ids == {partner.organisation_id, second.organisation_id}
    kept, gone = partner.organisation_id, second.organisation_id
    commands.merge_organisations(ws, kept, gone)
    [row] = queries.organisations(ws)
    assert (row.id, row.city, row.projects) == (kept, "Rio", 2)
    assert queries.partners(ws, other)[0].organisation_id == kept
    assert queries.people(ws)[0].organisation_id == kept
    commands.undo(ws)
    assert len(queries.organisations(ws)) == 2
    assert queries.partners(ws, other)[0].organisation_id == gone
