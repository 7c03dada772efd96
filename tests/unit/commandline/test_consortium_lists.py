"""`projectdesk list` and `export` of a consortium."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from projectdesk.cli import main
from projectdesk.domain.consortium import PartnerRole
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    with Workspace.open(folder, secrets=MemorySecrets()) as workspace:
        project, _ = commands.create(workspace, Kind.PROJECT, {"acronym": "AQUA"})
        for name, role, first_day in (
            ("UDR", PartnerRole.COORDINATOR, None),
            ("WWW", PartnerRole.BENEFICIARY, date(2026, 3, 1)),
        ):
            new = commands.NewPartner({"legal_name": name, "country": "AT"}, role, name)
            partner, _ = commands.join_consortium(workspace, project, new, first_day)
            for person, address in ((f"Ana {name}", f"ana@{name.lower()}.eu"), (f"Bo {name}", "")):
                values = {"family_name": person, "email": address}
                member, _ = commands.create(workspace, Kind.PERSON, values)
                part = {"project_id": project, "person_id": member, "partner_id": partner}
                commands.create(workspace, Kind.MEMBERSHIP, part)
    return folder


def told(capsys: pytest.CaptureFixture[str], data: Path, *words: str):
    assert main([*words, "--data", str(data), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.full
def test_partners_of_a_day_the_world_and_mailing_lists_are_listed(capsys, data, tmp_path) -> None:
    def names(*more: str) -> list[str]:
        rows = told(capsys, data, "list", "partners", "--project", "AQUA", *more)
        return [row["short_name"] for row in rows]

    assert names() == ["UDR", "WWW"]
    assert names("--on", "2026-02-28") == ["UDR"]
    assert names("--on", "2026-03-01") == ["UDR", "WWW"]
    assert main(["list", "partners", "--on", "tomorrow", "--data", str(data)]) == 2
    assert "expected YYYY-MM-DD" in capsys.readouterr().err

    world = told(capsys, data, "list", "world", "--project", "AQUA")
    assert {row["zone"] for row in world} == {"Europe/Vienna"}
    lists = told(capsys, data, "list", "mailing-lists", "--project", "AQUA")
    everybody = next(row for row in lists if row["key"] == "all")
    assert [row["email"] for row in everybody["recipients"]][:1] == ["ana@udr.eu"]
    assert [row["name"] for row in everybody["missing"]][:1] == ["Bo UDR"]

    out = tmp_path / "all.csv"
    export = ["export", "mailing-list", "all", "--project", "AQUA", "--out", str(out)]
    assert main([*export, "--data", str(data)]) == 0
    said = capsys.readouterr()
    assert "Bo UDR has no address." in said.err
    assert "ana@udr.eu" in out.read_text(encoding="utf-8-sig")
    assert main([*export[:2], "--out", str(out), "--data", str(data)]) == 2
    assert "Say which list" in capsys.readouterr().err
