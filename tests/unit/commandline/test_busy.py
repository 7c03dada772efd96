"""Calendars of others, as scripts import, list and forget them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from projectdesk import cli
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services.commands import create
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    def run(*words: object) -> Any:
        capsys.readouterr()
        code = cli.main([*map(str, words), "--json", "--data", str(tmp_path / "data")])
        out, error = capsys.readouterr()
        return json.loads(out) if code == 0 else json.loads(error)["error"]["code"]

    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    start = datetime.now(UTC) + timedelta(days=3)
    made = tmp_path / "week.ics"
    made.write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nX-WR-CALNAME:Work\nBEGIN:VEVENT\nUID:w1@them\n"
        f"SUMMARY:Seminar\nDTSTART:{start:%Y%m%dT%H%M%S}Z\nDURATION:PT1H\nEND:VEVENT\n"
        "END:VCALENDAR\n"
    )
    return made


@pytest.fixture
def people(tmp_path: Path) -> None:
    """A project and a person, written without the command line: each command opens the data."""
    with Workspace.open(tmp_path / "data", secrets=MemorySecrets()) as workspace:
        create(workspace, Kind.PROJECT, {"acronym": "AQUA"})
        create(workspace, Kind.PERSON, {"given_name": "Ana", "email": "ana@x.example"})


@pytest.mark.full
def test_a_calendar_is_imported_as_meetings_or_as_busy_times(
    run: Callable[..., Any], people: None, file: Path, tmp_path: Path
) -> None:
    assert run("import", file, "--as", "busy") == "busy_of_whom"
    assert run("import", file, "--dry-run")["added"] == 1, "there is one project only"
    with Workspace.open(tmp_path / "data", secrets=MemorySecrets()) as workspace:
        create(workspace, Kind.PROJECT, {"acronym": "TERRA"})
    assert run("import", file) == "calendar_for_whom"
    assert run("import", file, "--project", "AQUA", "--dry-run")["added"] == 1
    assert run("list", "meetings") == []
    assert run("import", file, "--project", "AQUA")["added"] == 1
    assert [row["title"] for row in run("list", "meetings")] == ["Seminar"]
    assert run("import", file, "--person", "ana@x.example")["added"] == 1
    (time,) = run("busy", "times", "ana@x.example", "--days", 7)
    assert (time["source"], time["title"]) == ("Work", "")
    (source,) = run("list", "busy")
    assert (source["name"], source["times"], source["kind"]) == ("Work", 1, "file")


@pytest.mark.full
def test_calendars_are_added_refreshed_and_forgotten(
    run: Callable[..., Any], people: None, file: Path
) -> None:
    assert run("import", file, "--as", "busy", "--person", "nobody@x.example") == "no_such_person"
    run("import", file, "--person", "Ana@X.example")
    assert run("busy", "times", "ana@x.example", "--days", 1) == []
    refused = run("busy", "add", "ana@x.example", "http://calendar.example/x.ics")
    assert refused == "bad_calendar_address"
    assert run("busy", "refresh") == {"read": [], "failed": {}}
    assert run("busy", "remove", "ana@x.example", "Home") == "no_such_calendar"
    run("busy", "remove", "ana@x.example", "Work")
    assert run("list", "busy", "--project", "AQUA") == []
    assert run("list", "busy") == []
