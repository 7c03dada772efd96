"""`projectdesk partner ...` and `coordinator change`: a consortium in time, as a script has it."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from projectdesk.cli import main
from projectdesk.commandline.consortium import named
from projectdesk.commandline.consortium_options import ROLES
from projectdesk.domain.consortium import PartnerRole
from projectdesk.errors import DomainError, NotFound
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace

OF = ("--project", "AQUA")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A coordinator UDR and a beneficiary WWW, who leads WP1 and has two people and a seat."""
    folder = tmp_path_factory.mktemp("consortium") / "data"
    with Workspace.open(folder, secrets=MemorySecrets()) as workspace:

        def add(kind: Kind, **values: object) -> Any:
            return commands.create(workspace, kind, values)[0]

        start = date(2026, 1, 1)
        project = add(Kind.PROJECT, acronym="AQUA", start_date=start, duration_months=36)
        made = {}
        for name, role in (("UDR", PartnerRole.COORDINATOR), ("WWW", PartnerRole.BENEFICIARY)):
            new = commands.NewPartner(
                {"legal_name": f"University {name}", "country": "AT"}, role, name
            )
            made[name], _ = commands.join_consortium(workspace, project, new)
        www = made["WWW"]
        span = {"start_month": 1, "end_month": 36}
        package = add(
            Kind.WORK_PACKAGE, project_id=project, title="Pilots", lead_partner_id=www, **span
        )
        add(
            Kind.DELIVERABLE,
            work_package_id=package,
            title="Report",
            due_month=9,
            lead_partner_id=www,
        )
        body = add(Kind.BODY, project_id=project, name="General Assembly")
        commands.add_body_members(workspace, body, [www])
        for name in ("Eva", "Max"):
            person = add(Kind.PERSON, family_name=name, email=f"{name.lower()}@www.at")
            add(Kind.MEMBERSHIP, project_id=project, person_id=person, partner_id=www)
    return folder


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(made, tmp_path / "data"))


@pytest.fixture
def run(data: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command with --json: its exit code, and what it printed."""

    def command(*words: str) -> tuple[int, Any]:
        code = main([*words, *OF, "--json", "--data", str(data)])
        told = capsys.readouterr()
        return code, json.loads(told.out or told.err)

    return command


def partners(data: Path) -> dict[str, Any]:
    with Workspace.open(data, secrets=MemorySecrets()) as workspace:
        project = queries.project_by_acronym(workspace, "AQUA").id
        return {row.short_name: row for row in queries.partners(workspace, project)}


def test_the_options_name_every_role() -> None:
    assert set(ROLES) == {role.value for role in PartnerRole}


@pytest.mark.full
def test_a_partner_is_replaced_and_the_old_one_stays(run: Any, data: Path) -> None:
    words = (
        "partner",
        "replace",
        "www",
        "University KIW",
        "--short-name",
        "KIW",
        "--country",
        "FI",
    )
    day = ("--from", "2026-06-01")
    give = ("--give", "D1.1=UDR", "--give", "general assembly=nobody", "--people", "eva")
    code, told = run(*words, *day, *give, "--dry-run")
    assert (code, told["done"], told["partner"]) == (0, False, None)
    goes = {each["label"] or each["title"]: each["to"] for each in told["held"]}
    assert goes == {"WP1": "the new partner", "D1.1": "UDR", "General Assembly": "nobody"}
    assert "KIW" not in partners(data), "a dry run changes nothing"

    code, told = run(*words, *day, *give)
    assert (code, told["label"]) == (0, "KIW replaces WWW from 2026-06-01")
    after = partners(data)
    assert (after["WWW"].active_to, after["WWW"].replaced_by) == (date(2026, 5, 31), "KIW")
    assert (after["KIW"].active_from, after["KIW"].people) == (date(2026, 6, 1), 1)
    with Workspace.open(data, secrets=MemorySecrets()) as workspace:
        project = after["KIW"].project_id
        assert queries.work_packages(workspace, project)[0].lead == "KIW"
        assert queries.deliverables(workspace, project)[0].lead == "UDR"
        assert queries.bodies(workspace, project)[0].members == 0


@pytest.mark.full
def test_a_partner_leaves_and_keeps_what_nobody_took(run: Any, data: Path) -> None:
    code, held = run("partner", "holdings", "2", "--on", "2026-05-31")
    assert (code, [each["label"] for each in held]) == (0, ["WP1", "D1.1", ""])
    give = ("--give", "D1.1=keep", "--rest-to", "1")
    code, told = run("partner", "leave", "University WWW", "--last-day", "2026-05-31", *give)
    assert (code, told["label"]) == (0, "WWW leaves after 2026-05-31")
    assert [each["to"] for each in told["held"]] == ["UDR", "keep", "UDR"]
    assert partners(data)["WWW"].active_to == date(2026, 5, 31)
    code, told = run("partner", "leave", "UDR", "--last-day", "2026-05-31")
    assert (code, told["error"]["code"]) == (2, "coordinator_leaves")
    assert partners(data)["UDR"].active_to is None


@pytest.mark.full
def test_another_partner_coordinates(run: Any, data: Path) -> None:
    code, told = run("coordinator", "change", "WWW", "--from", "2026-02-01", "--swap-numbers")
    assert (code, told["label"]) == (0, "WWW coordinates from 2026-02-01")
    after = partners(data)
    assert (after["WWW"].role, after["WWW"].number) == (PartnerRole.COORDINATOR, 1)
    assert (after["UDR"].coordinator_to, after["UDR"].number) == (date(2026, 1, 31), 2)
    code, told = run("coordinator", "change", "WWW", "--from", "2026-02-01")
    assert (code, told["error"]["code"]) == (2, "coordinates_already")


@pytest.mark.full
def test_partners_join_and_are_numbered_anew(run: Any, data: Path) -> None:
    entity = ("--role", "affiliated_entity", "--belongs-to", "WWW", "--from", "2026-03-01")
    code, told = run("partner", "join", "Labs of WWW", "--short-name", "LAB", *entity)
    assert (code, told["label"]) == (0, "LAB joins on 2026-03-01")
    assert (told["partner"]["parent"], told["partner"]["number"]) == ("WWW", 3)
    code, told = run("partner", "join", "--pic", "999999999")
    assert (code, told["error"]["code"]) == (2, "no_such_organisation")
    code, told = run("partner", "join")
    assert (code, told["error"]["code"]) == (2, "organisation_needed")

    code, told = run("partner", "renumber", "LAB", "UDR", "--dry-run")
    assert {row["partner"]: row["after"] for row in told["rows"]} == {"LAB": 1, "UDR": 2, "WWW": 3}
    assert run("partner", "renumber", "LAB", "UDR")[0] == 0
    assert {name: row.number for name, row in partners(data).items()} == {
        "LAB": 1,
        "UDR": 2,
        "WWW": 3,
    }


@pytest.mark.full
def test_what_is_named_wrongly_is_refused_before_anything_changes(run: Any, data: Path) -> None:
    leave = ("partner", "leave", "WWW", "--last-day", "2026-05-31")
    for more, code in (
        (("--give", "D9.9=UDR"), "not_held_so"),
        (("--give", "D1.1"), "not_held_so"),
        (("--give", "D1.1=XYZ"), "no_such_partner"),
        (("--rest-to", "XYZ"), "no_such_partner"),
    ):
        assert run(*leave, *more)[1]["error"]["code"] == code
    replace = ("partner", "replace", "WWW", "K", "--from", "2026-06-01", "--people", "Tom")
    assert run(*replace)[1]["error"]["code"] == "no_such_person"
    assert partners(data)["WWW"].active_to is None
    with pytest.raises(SystemExit):
        main(["partner", "join", "K", *OF, "--contribution", "much", "--data", str(data)])


@pytest.mark.full
def test_two_partners_of_one_name_are_told_apart(run: Any, data: Path) -> None:
    assert run("partner", "join", "Another", "--short-name", "WWW")[0] == 0
    with Workspace.open(data, secrets=MemorySecrets()) as workspace:
        project = queries.project_by_acronym(workspace, "AQUA").id
        rows = queries.partners(workspace, project)
    with pytest.raises(DomainError) as refused:
        named(rows, "www")
    assert refused.value.code == "ambiguous_partner"
    assert named(rows, "3").legal_name == "Another"
    with pytest.raises(NotFound):
        named(rows, " ")
