"""`projectdesk minutes write|lines`."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from projectdesk.cli import main
from projectdesk.domain.meetings import MeetingType
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import blank_data as blank_data


@pytest.fixture
def meeting(tmp_path: Path, blank_data: Path) -> str:
    shutil.copytree(blank_data, tmp_path, dirs_exist_ok=True)
    with Workspace.open(tmp_path, secrets=MemorySecrets()) as workspace:
        project, _ = commands.create(
            workspace,
            Kind.PROJECT,
            {"acronym": "TIDE", "start_date": date(2026, 3, 1), "duration_months": 36},
        )
        local = datetime.fromisoformat("2026-03-10T10:00")
        made, _ = commands.plan_meeting(
            workspace, project, MeetingType.KICK_OFF, local_start=local, zone="Europe/Berlin"
        )
    return str(made)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*words: str, code: int = 0) -> Any:
        assert main(["minutes", words[0], "--data", str(tmp_path), "--json", *words[1:]]) == code
        out, err = capsys.readouterr()
        return json.loads(err if code else out)

    return call


@pytest.mark.full
def test_lines_are_written_read_and_told(run, meeting, tmp_path, capsys) -> None:
    written = run("write", meeting, "A: @Nobody send it //+2w\nplain", "--item", "1")
    assert written["step"]["made"] == ["A1"]
    run("write", meeting, "D: agreed", "--item", "1")
    told = run("lines", meeting)
    assert [(each["line"], each["record"]) for each in told["lines"]] == [(1, "A1"), (3, "D1")]
    first = told["lines"][0]
    assert (first["due_on"], first["text"]) == ("2026-03-24", "@Nobody send it")
    assert [each["code"] for each in first["problems"]] == ["unknown_name"]
    assert run("lines", meeting, "--records")["step"]["made"] == []
    (item,) = run("authors", meeting)
    assert item["item"] == "1"
    assert "".join(each["text"] for each in item["written"]).endswith("D: agreed")
    assert main(["minutes", "lines", "--data", str(tmp_path), meeting]) == 0
    assert "@Nobody: nobody here is called so" in capsys.readouterr().out

    run("write", meeting, "D:", "--item", "1")
    assert main(["minutes", "lines", "--data", str(tmp_path), meeting]) == 0
    assert "D: there are no words yet" in capsys.readouterr().out

    before = run("lines", meeting)
    assert run("write", meeting, " ", "--item", "1", code=2)["error"]["code"] == "no_words"
    assert run("lines", meeting) == before
    refused = run("write", meeting, "A: x", "--item", "99", code=2)
    assert refused["error"]["code"] == "no_such_item"
