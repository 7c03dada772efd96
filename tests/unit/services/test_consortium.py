from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from projectdesk.domain.consortium import PartnerRole
from projectdesk.domain.rules import consortium
from projectdesk.errors import Conflict, DomainError
from projectdesk.services import commands, queries
from projectdesk.services.commands.consortium import NEW
from projectdesk.services.rows import Kind, PartnerRow
from projectdesk.services.workspace import Workspace

LAST, FIRST = date(2026, 2, 28), date(2026, 3, 1)


class Consortium:
    """A coordinator and two beneficiaries; the second leads, owns and sits in everything."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.project = self.add(
            Kind.PROJECT, acronym="AQUA", start_date=date(2026, 1, 1), duration_months=36
        )
        self.udr, self.www, self.kiw = (
            self.join(f"University {name}", short_name=name, role=role)
            for name, role in (
                ("UDR", PartnerRole.COORDINATOR),
                ("WWW", PartnerRole.BENEFICIARY),
                ("KIW", PartnerRole.BENEFICIARY),
            )
        )
        self.eva = self.person("Eva", self.www, "Scientific lead")
        self.max = self.person("Max", self.www, "Financial officer")

    def add(self, kind: Kind, **values: object) -> UUID:
        return commands.create(self.workspace, kind, values)[0]

    def join(self, legal_name: str, on: date | None = None, **more) -> UUID:
        new = commands.NewPartner({"legal_name": legal_name, "country": "AT"}, **more)
        return commands.join_consortium(self.workspace, self.project, new, on)[0]

    def person(self, name: str, partner: UUID, function: str) -> UUID:
        organisation = self.row(partner).organisation_id
        person = self.add(Kind.PERSON, given_name=name, organisation_id=organisation)
        self.add(
            Kind.MEMBERSHIP,
            project_id=self.project,
            person_id=person,
            partner_id=partner,
            function=function,
        )
        return person

    def row(self, partner: UUID) -> PartnerRow:
        rows = queries.partners(self.workspace, self.project)
        return next(row for row in rows if row.id == partner)

    def names(self, on: date | None = None) -> list[str]:
        return [row.short_name for row in queries.partners(self.workspace, self.project, on)]

    def burden(self, partner: UUID) -> None:
        """Give a partner one of everything that can be held, and one of each that is over."""
        package = self.add(
            Kind.WORK_PACKAGE,
            project_id=self.project,
            title="Pilots",
            lead_partner_id=partner,
            start_month=1,
            end_month=36,
        )
        lead = {"lead_partner_id": partner}
        self.add(Kind.WORK_PACKAGE, project_id=self.project, title="Over", end_month=1, **lead)
        self.add(Kind.TASK, work_package_id=package, title="Sites", end_month=9, **lead)
        self.add(Kind.TASK, work_package_id=package, title="Done", end_month=2, **lead)
        self.add(Kind.DELIVERABLE, work_package_id=package, title="Report", due_month=1, **lead)
        self.add(Kind.MILESTONE, project_id=self.project, title="Go", due_month=9, **lead)
        achieved = {"title": "Gone", "due_month": 1, "achieved_on": date(2026, 1, 9)}
        self.add(Kind.MILESTONE, project_id=self.project, **achieved, **lead)
        self.add(Kind.RISK, project_id=self.project, title="Flood", owner_partner_id=partner)
        self.add(
            Kind.ACTION,
            project_id=self.project,
            text="Call the harbour",
            owner_partner_id=partner,
            owner_person_id=self.eva,
        )
        self.body = self.add(Kind.BODY, project_id=self.project, name="General Assembly")
        commands.add_body_members(self.workspace, self.body, [self.udr, partner])
        [_, seat] = queries.body_members(self.workspace, self.body)
        people = {"representative_id": self.eva, "deputy_id": self.max}
        commands.set_fields(self.workspace, Kind.BODY_MEMBER, seat.id, seat.version, people)

    def held(self, partner: UUID, last_day: date = LAST) -> list[str]:
        rows = queries.holdings(self.workspace, partner, last_day)
        return [f"{row.label} {row.title}".strip() for row in rows]


@pytest.fixture
def scene(any_workspace: Workspace) -> Consortium:
    return Consortium(any_workspace)


ALL = [
    "WP1 Pilots",
    "T1.1 Sites",
    "D1.1 Report",
    "MS1 Go",
    "R1 Flood",
    "A1 Call the harbour",
    "General Assembly",
]


def test_who_joins_takes_the_next_number_from_its_first_day(scene: Consortium) -> None:
    made, changes = commands.join_consortium(
        scene.workspace,
        scene.project,
        commands.NewPartner(
            {"legal_name": "New Harbour AG", "pic": "999999998"}, contribution=Decimal(1000)
        ),
        FIRST,
    )
    row = scene.row(made)
    assert (row.number, row.active_from, row.contribution) == (4, FIRST, Decimal(1000))
    assert scene.names(LAST) == ["UDR", "WWW", "KIW"]
    assert scene.names(FIRST) == ["UDR", "WWW", "KIW", "New Harbour AG"]
    assert changes.label == "New Harbour AG joins on 2026-03-01"
    commands.undo(scene.workspace)
    assert scene.names() == ["UDR", "WWW", "KIW"]
    assert queries.organisations(scene.workspace, "Harbour") == []


def test_an_organisation_that_is_here_is_taken_again(scene: Consortium) -> None:
    mine = scene.row(scene.www).organisation_id
    again = scene.join("UNIVERSITY www")
    assert scene.row(again).organisation_id == mine
    commands.set_fields(scene.workspace, Kind.ORGANISATION, mine, 1, {"pic": "999999997"})
    new = commands.NewPartner({"legal_name": "WWW GmbH", "pic": "999999997"})
    by_pic, _ = commands.join_consortium(scene.workspace, scene.project, new)
    assert scene.row(by_pic).organisation_id == mine
    by_id, _ = commands.join_consortium(scene.workspace, scene.project, commands.NewPartner(mine))
    assert scene.row(by_id).organisation_id == mine


def test_what_a_partner_holds_is_what_is_open_after_its_last_day(scene: Consortium) -> None:
    scene.burden(scene.www)
    assert scene.held(scene.www) == ALL
    assert scene.held(scene.www, date(2026, 10, 31)) == [h for h in ALL if h != "T1.1 Sites"]
    assert scene.held(scene.kiw) == []
    third = scene.add(Kind.WORK_PACKAGE, project_id=scene.project, title="Late", end_month=36)
    for package, title in (
        (third, "Last"),
        (queries.work_packages(scene.workspace, scene.project)[0].id, "Next"),
    ):
        lead = {"lead_partner_id": scene.www, "end_month": 36}
        scene.add(Kind.TASK, work_package_id=package, title=title, **lead)
    tasks = [name for name in scene.held(scene.www) if name.startswith("T")]
    assert tasks == ["T1.1 Sites", "T1.3 Next", "T3.1 Last"]


def test_who_leaves_hands_over_what_was_chosen_and_keeps_the_rest(scene: Consortium) -> None:
    scene.burden(scene.www)
    row = scene.row(scene.www)
    rows = queries.holdings(scene.workspace, row.id, LAST)
    takers = {each.id: scene.kiw for each in rows if each.kind is not Kind.RISK}
    nobody = next(each.id for each in rows if each.kind is Kind.MILESTONE)
    changes = commands.leave_consortium(
        scene.workspace, row.id, row.version, LAST, {**takers, nobody: None}
    )
    assert changes.label == "WWW leaves after 2026-02-28"
    assert scene.held(scene.www) == ["R1 Flood"]
    assert scene.held(scene.kiw) == [h for h in ALL if h not in ("R1 Flood", "MS1 Go")]
    [action] = queries.actions(scene.workspace, scene.project)
    assert (action.owner_partner_id, action.owner_person_id) == (scene.kiw, None)
    seats = queries.body_members(scene.workspace, scene.body)
    assert [(seat.partner, seat.representative) for seat in seats] == [("UDR", ""), ("KIW", "")]
    assert scene.row(scene.www).active_to == LAST
    assert scene.names(FIRST) == ["UDR", "KIW"]
    commands.undo(scene.workspace)
    assert (scene.row(scene.www).active_to, scene.held(scene.www)) == (None, ALL)
    assert [s.deputy for s in queries.body_members(scene.workspace, scene.body)] == ["", "Max"]


def test_what_belongs_to_a_partner_leaves_with_it_unless_it_is_handed_over(
    scene: Consortium,
) -> None:
    daughter, other = (
        scene.join(name, short_name=name, role=PartnerRole.AFFILIATED_ENTITY, parent_id=scene.www)
        for name in ("DAU", "OTH")
    )
    assert scene.names() == ["UDR", "WWW", "DAU", "OTH", "KIW"]
    assert scene.row(daughter).parent == "WWW"
    assert scene.held(scene.www) == ["DAU", "OTH"]
    row = scene.row(scene.www)
    takers = {other: scene.kiw}
    commands.leave_consortium(scene.workspace, row.id, row.version, LAST, takers)
    assert scene.row(daughter).active_to == LAST
    assert (scene.row(other).active_to, scene.row(other).parent) == (None, "KIW")
    assert scene.names(FIRST) == ["UDR", "KIW", "OTH"]


def test_nothing_goes_to_who_leaves_too(scene: Consortium) -> None:
    scene.burden(scene.www)
    daughter = scene.join("DAU", role=PartnerRole.AFFILIATED_ENTITY, parent_id=scene.www)
    package = queries.holdings(scene.workspace, scene.www, LAST)[0].id
    row = scene.row(scene.www)
    for taker in (daughter, scene.www):
        with pytest.raises(DomainError) as caught:
            commands.leave_consortium(scene.workspace, row.id, row.version, LAST, {package: taker})
        assert caught.value.code == "taker_not_active"
    with pytest.raises(DomainError, match="look again"):
        commands.leave_consortium(
            scene.workspace, row.id, row.version, LAST, {scene.project: scene.kiw}
        )
    with pytest.raises(Conflict):
        commands.leave_consortium(scene.workspace, row.id, 99, LAST)
    assert scene.row(scene.www).active_to is None


def test_the_coordinator_does_not_just_leave(scene: Consortium) -> None:
    with pytest.raises(DomainError) as caught:
        commands.leave_consortium(scene.workspace, scene.udr, 1, LAST)
    assert (caught.value.code, caught.value.facts["field"]) == ("coordinator_leaves", "active_to")


def test_a_replaced_partner_stays_with_its_period(scene: Consortium) -> None:
    scene.burden(scene.www)
    rows = queries.holdings(scene.workspace, scene.www, LAST)
    people = queries.people(scene.workspace, scene.project)
    eva = next(row for row in people if row.given_name == "Eva")
    made, changes = commands.replace_partner(
        scene.workspace,
        scene.www,
        scene.row(scene.www).version,
        commands.NewPartner({"legal_name": "Neue Wasser AG"}, short_name="NWA"),
        FIRST,
        commands.Succession({row.id: NEW for row in rows}, [eva.membership_id]),
    )
    old, new = scene.row(scene.www), scene.row(made)
    assert (old.active_to, old.replaced_by) == (LAST, "NWA")
    assert (new.active_from, new.replaces, new.number) == (FIRST, "WWW", 4)
    assert (scene.held(scene.www), scene.held(made)) == ([], ALL)
    seat = queries.body_members(scene.workspace, scene.body)[1]
    assert (seat.partner, seat.representative, seat.deputy) == ("NWA", "Eva", "")
    moved = {
        row.given_name: (row.partner, row.organisation)
        for row in queries.people(scene.workspace, scene.project)
    }
    assert moved == {"Eva": ("NWA", "Neue Wasser AG"), "Max": ("WWW", "University WWW")}
    assert changes.label == "NWA replaces WWW from 2026-03-01"
    commands.undo(scene.workspace)
    assert scene.held(scene.www) == ALL
    assert scene.names() == ["UDR", "WWW", "KIW"]


def test_a_coordinator_can_be_replaced(scene: Consortium) -> None:
    made, _ = commands.replace_partner(
        scene.workspace, scene.udr, 1, commands.NewPartner({"legal_name": "Nova"}), FIRST
    )
    rows = queries.partners(scene.workspace, scene.project)
    assert consortium.coordinator_on(rows, LAST).id == scene.udr
    assert consortium.coordinator_on(rows, FIRST).id == made
    assert queries.project(scene.workspace, scene.project).coordinator == "Nova"


@pytest.mark.parametrize(("swap", "numbers"), [(False, [1, 2]), (True, [2, 1])])
def test_the_coordinator_changes_and_numbers_stay_unless_asked(
    scene: Consortium, swap: bool, numbers: list[int]
) -> None:
    changes = commands.change_coordinator(scene.workspace, scene.www, 1, FIRST, swap_numbers=swap)
    old, new = scene.row(scene.udr), scene.row(scene.www)
    assert (old.role, old.coordinator_to) == (PartnerRole.BENEFICIARY, LAST)
    assert (new.role, new.coordinator_from) == (PartnerRole.COORDINATOR, FIRST)
    assert [old.number, new.number] == numbers
    assert changes.label == "WWW coordinates from 2026-03-01"
    rows = {row.id: row for row in queries.partners(scene.workspace, scene.project, on=LAST)}
    assert rows[scene.udr].role is PartnerRole.COORDINATOR
    assert rows[scene.www].role is PartnerRole.BENEFICIARY
    commands.undo(scene.workspace)
    assert scene.row(scene.udr).role is PartnerRole.COORDINATOR


def test_a_change_of_coordinator_is_refused_where_it_cannot_be(scene: Consortium) -> None:
    late = scene.join("Late", date(2026, 3, 2))
    builder = scene.join("Builder", role=PartnerRole.SUBCONTRACTOR)
    for partner, day, code in (
        (scene.udr, FIRST, "coordinates_already"),
        (builder, FIRST, "cannot_coordinate"),
        (scene.www, date(2026, 3, 4), "not_yet"),
        (late, FIRST, "not_active"),
    ):
        with pytest.raises(DomainError) as caught:
            commands.change_coordinator(scene.workspace, partner, 1, day)
        assert caught.value.code == code
    commands.change_coordinator(scene.workspace, scene.www, 1, FIRST)
    with pytest.raises(DomainError, match="since 2026-03-01 only"):
        commands.change_coordinator(scene.workspace, scene.kiw, 1, FIRST)


def test_there_is_one_coordinator_at_a_time(scene: Consortium) -> None:
    def make(partner: UUID, **values: object) -> None:
        row = scene.row(partner)
        commands.set_fields(scene.workspace, Kind.PARTNER, partner, row.version, values)

    with pytest.raises(DomainError) as caught:
        make(scene.www, role=PartnerRole.COORDINATOR)
    assert (caught.value.code, caught.value.facts["field"]) == ("second_coordinator", "role")
    make(scene.udr, active_to=LAST)
    make(scene.www, active_from=FIRST, role=PartnerRole.COORDINATOR)
    with pytest.raises(DomainError, match="WWW is the coordinator"):
        make(scene.udr, active_to=FIRST)


def test_affiliation_is_one_step_and_of_who_is_no_beneficiary(scene: Consortium) -> None:
    role = PartnerRole.AFFILIATED_ENTITY
    daughter = scene.join("DAU", role=role, parent_id=scene.www)

    def refused(partner: UUID, parent: UUID) -> str:
        row = scene.row(partner)
        with pytest.raises(DomainError) as caught:
            commands.set_fields(
                scene.workspace, Kind.PARTNER, partner, row.version, {"parent_id": parent}
            )
        assert caught.value.facts["field"] == "parent_id"
        return caught.value.code

    assert refused(daughter, daughter) == "own_parent"
    assert refused(scene.kiw, scene.www) == "not_affiliated"
    grandchild = scene.join("GRA", role=role)
    assert refused(grandchild, daughter) == "parent_belongs"
    row = scene.row(daughter)
    values = {"role": PartnerRole.BENEFICIARY}
    commands.set_fields(scene.workspace, Kind.PARTNER, daughter, row.version, values)
    assert scene.row(daughter).parent_id is None


def test_partners_are_numbered_anew_the_coordinator_first(scene: Consortium) -> None:
    commands.leave_consortium(scene.workspace, scene.kiw, 1, LAST)
    scene.join("Nine", short_name="NIN", number=9)
    commands.change_coordinator(scene.workspace, scene.www, 1, FIRST)
    commands.renumber_partners(scene.workspace, scene.project)
    assert scene.names() == ["WWW", "UDR", "KIW", "NIN"]
    assert [row.number for row in queries.partners(scene.workspace, scene.project)] == [1, 2, 3, 4]
    order = [scene.kiw, scene.udr]
    assert commands.renumber_partners(scene.workspace, scene.project, order).change_id
    assert scene.names() == ["KIW", "UDR", "WWW", "NIN"]
    assert not commands.renumber_partners(scene.workspace, scene.project, order)
