"""A support bundle says what is needed to help, and nothing that is secret."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from projectdesk.commandline.support import write_bundle
from projectdesk.doctor import Check
from projectdesk.errors import EnvironmentFailure
from projectdesk.services import commands
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import any_workspace as any_workspace
from tests.unit.services.conftest import blank_data as blank_data
from tests.unit.services.conftest import clock as clock
from tests.unit.services.conftest import postgres_database as postgres_database
from tests.unit.services.conftest import postgres_server as postgres_server

FOUND = [Check("Qt", ok=True, text="fine")]


def test_it_has_findings_counts_and_masked_logs(any_workspace: Workspace, tmp_path: Path) -> None:
    data = any_workspace.data
    commands.create(any_workspace, Kind.PERSON, {"given_name": "Xiomara", "email": "x@y.example"})
    logs = data / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    (logs / "projectdesk.log").write_text("mail to xiomara.q@y.example failed\n", encoding="utf-8")
    out = tmp_path / "support.zip"
    names = write_bundle(out, data, FOUND)
    assert "logs/logs-projectdesk.log" in names
    with zipfile.ZipFile(out) as bundle:
        content = {name: bundle.read(name).decode() for name in names}
    assert json.loads(content["doctor.json"])[0]["name"] == "Qt"
    facts = json.loads(content["database.json"])
    if facts["there"]:  # a team's database is not on this computer
        assert facts["rows"]["person"] == 1
        assert facts["check"] == ["ok"]
    whole = "".join(content.values())
    assert "***@y.example" in whole
    assert "xiomara" not in whole.lower()


def test_a_damaged_database_and_no_data_are_told(tmp_path: Path) -> None:
    (tmp_path / "projectdesk.sqlite").write_bytes(b"no database" * 100)
    names = write_bundle(tmp_path / "1.zip", tmp_path, FOUND)
    with zipfile.ZipFile(tmp_path / "1.zip") as bundle:
        assert "error" in json.loads(bundle.read("database.json"))
    assert "doctor.json" in names
    write_bundle(tmp_path / "2.zip", tmp_path / "nowhere", FOUND)
    with pytest.raises(EnvironmentFailure):
        write_bundle(tmp_path / "no folder" / "3.zip", tmp_path, FOUND)
