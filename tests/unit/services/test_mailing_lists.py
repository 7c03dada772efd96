from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from projectdesk.domain.consortium import PartnerRole
from projectdesk.errors import DomainError, EnvironmentFailure, NotFound
from projectdesk.services import commands, queries
from projectdesk.services.commands import NewPartner, create
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import Clock


class Lists:
    """A coordinator, two beneficiaries and an affiliated entity, with people; one is external."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.project = create(workspace, Kind.PROJECT, {"acronym": "AQUA"})[0]
        self.udr = self.partner("UDR", PartnerRole.COORDINATOR)
        self.www = self.partner("WWW", PartnerRole.BENEFICIARY)
        self.kiw = self.partner("KIW", PartnerRole.BENEFICIARY)
        self.dau = self.partner("DAU", PartnerRole.AFFILIATED_ENTITY, parent_id=self.www)
        self.ana = self.person("Ana", self.udr, "Project manager")
        self.eva = self.person("Eva", self.www, "Scientific lead")
        self.max = self.person("Max", self.www, "financial officer")
        self.kim = self.person("Kim", self.kiw, "Financial officer", email="")
        self.dan = self.person("Dan", self.dau, "WP1 leader", email="EVA@x.eu")
        self.petra = self.person("Petra", None, "Project officer")

    def partner(self, name: str, role: PartnerRole, **more) -> UUID:
        new = NewPartner({"legal_name": name}, role, name, **more)
        return commands.join_consortium(self.workspace, self.project, new)[0]

    def person(self, name: str, partner: UUID | None, function: str, email: str | None = None):
        address = f"{name.lower()}@x.eu" if email is None else email
        values = {"given_name": name, "email": address}
        person = create(self.workspace, Kind.PERSON, values)[0]
        self.add(
            Kind.MEMBERSHIP,
            project_id=self.project,
            person_id=person,
            partner_id=partner,
            function=function,
        )
        return person

    def add(self, kind: Kind, **values: object) -> UUID:
        return create(self.workspace, kind, values)[0]

    def seen(self) -> dict[str, list[str]]:
        """Return who is on each list; without an address in brackets."""
        return {
            row.key: [r.name for r in row.recipients] + [f"({r.name})" for r in row.missing]
            for row in queries.mailing_lists(self.workspace, self.project)
        }


@pytest.fixture
def lists(workspace: Workspace) -> Lists:
    return Lists(workspace)


def test_lists_are_made_by_role_function_partner_and_for_externals(lists: Lists) -> None:
    assert lists.seen() == {
        "all": ["Ana", "Dan", "Max", "(Kim)"],  # Eva's address is Dan's too
        "externals": ["Petra"],
        "role/coordinator": ["Ana"],
        "role/beneficiary": ["Eva", "Max", "(Kim)"],
        "role/affiliated_entity": ["Dan"],
        "function/financial officer": ["Max", "(Kim)"],
        "function/project manager": ["Ana"],
        "function/project officer": ["Petra"],
        "function/scientific lead": ["Eva"],
        "function/wp1 leader": ["Dan"],
        "partner/udr": ["Ana"],
        "partner/www": ["Eva", "Max"],
        "partner/dau": ["Dan"],
        "partner/kiw": ["(Kim)"],
    }


def test_a_work_package_reaches_who_leads_in_it_or_has_effort_in_it(lists: Lists) -> None:
    package = lists.add(
        Kind.WORK_PACKAGE, project_id=lists.project, title="Pilots", lead_partner_id=lists.www
    )
    lists.add(Kind.WORK_PACKAGE, project_id=lists.project, title="Nobody's")
    assert lists.seen()["wp1"] == ["Eva", "Max"]
    assert lists.seen()["leaders"] == ["Eva"]
    assert "wp2" not in lists.seen()
    lists.add(Kind.TASK, work_package_id=package, title="Sites", lead_partner_id=lists.udr)
    assert lists.seen()["wp1"] == ["Ana", "Eva", "Max"]
    for partner, months in ((lists.kiw, "2.5"), (lists.dau, "0")):
        lists.add(Kind.EFFORT, partner_id=partner, work_package_id=package, months=Decimal(months))
    assert lists.seen()["wp1"] == ["Ana", "Eva", "Max", "(Kim)"]
    row = queries.mailing_list(lists.workspace, lists.project, " WP1   Pilots")
    assert (row.key, row.addresses) == ("wp1", ("ana@x.eu", "eva@x.eu", "max@x.eu"))


def test_a_body_has_its_representatives_and_deputies(lists: Lists) -> None:
    values = {"project_id": lists.project, "name": "General Assembly", "chair_id": lists.ana}
    body = lists.add(Kind.BODY, **values)
    commands.add_body_members(lists.workspace, body, [lists.www, lists.kiw])
    seats = queries.body_members(lists.workspace, body)
    for seat, who in zip(seats, ((lists.eva, lists.max), (lists.kim, None)), strict=True):
        people = {"representative_id": who[0], "deputy_id": who[1]}
        commands.set_fields(lists.workspace, Kind.BODY_MEMBER, seat.id, 1, people)
    seen = lists.seen()
    assert seen["body/general assembly"] == ["Ana", "Eva", "Max", "(Kim)"]
    assert seen["body/general assembly/representatives"] == ["Eva", "(Kim)"]
    assert seen["body/general assembly/deputies"] == ["Max"]
    found = queries.mailing_list(lists.workspace, lists.project, "general assembly: deputies")
    assert found.name == "General Assembly: deputies"


def test_who_left_is_on_no_list(lists: Lists, clock: Clock) -> None:
    commands.leave_consortium(lists.workspace, lists.www, 1, clock.now.date())
    assert "Eva" in lists.seen()["role/beneficiary"]
    clock.advance(days=1)
    assert lists.seen()["all"] == ["Ana", "(Kim)"]
    assert "partner/www" not in lists.seen()
    clock.now -= timedelta(days=1)


def test_two_lists_of_one_name_have_two_keys(lists: Lists) -> None:
    twin = lists.partner("www", PartnerRole.SUBCONTRACTOR)
    lists.person("Tom", twin, "")
    assert lists.seen()["partner/www"] == ["Eva", "Max"]
    assert lists.seen()["partner/www (2)"] == ["Tom"]


def test_a_list_is_written_as_a_table(lists: Lists, tmp_path: Path) -> None:
    out = tmp_path / "finance.csv"
    found = commands.export_mailing_list(
        lists.workspace, lists.project, "function/financial officer", out
    )
    assert [row.name for row in found.missing] == ["Kim"]
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    assert lines == ["Name;E-mail address;Partner;Function", "Max;max@x.eu;WWW;financial officer"]
    with pytest.raises(DomainError, match=r"not finance\.csv") as refused:
        commands.export_mailing_list(lists.workspace, lists.project, found.key, out, "xlsx")
    assert refused.value.code == "bad_format"
    assert out.read_text(encoding="utf-8-sig").splitlines() == lines, "no workbook called .csv"
    bare = tmp_path / "finance"
    commands.export_mailing_list(lists.workspace, lists.project, found.key, bare, "xlsx")
    assert bare.read_bytes().startswith(b"PK"), "where the name does not say, what is asked for"
    commands.export_mailing_list(lists.workspace, lists.project, found.key, tmp_path / "x.XLSX")
    assert (tmp_path / "x.XLSX").read_bytes().startswith(b"PK"), "no CSV under a workbook's name"
    with pytest.raises(DomainError) as refused:
        commands.export_mailing_list(lists.workspace, lists.project, found.key, tmp_path / "x.pdf")
    assert refused.value.code == "bad_format"
    assert not (tmp_path / "x.pdf").exists()
    with pytest.raises(NotFound, match="function/financial officer"):
        commands.export_mailing_list(lists.workspace, lists.project, "nobody", out)
    with pytest.raises(EnvironmentFailure):
        commands.export_mailing_list(
            lists.workspace, lists.project, "all", tmp_path / "no" / "x.csv"
        )
