"""`projectdesk list calendar`, `export calendar`, `feed ...`."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import icalendar
import pytest

from projectdesk import cli
from projectdesk.commandline.exporting import counted
from projectdesk.domain.meetings import MeetingType
from projectdesk.secrets import PASSPHRASE_VARIABLE
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace

SERVER = "https://meet.example.org"


@pytest.fixture(scope="module")
def two_projects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two projects, each with a meeting in March 2027; copied for each test."""
    folder = tmp_path_factory.mktemp("calendars") / "data"
    with Workspace.open(folder, secrets=MemorySecrets()) as workspace:
        commands.set_me(workspace, {"family_name": "Lund", "zone": "Asia/Seoul"})
        for acronym, day in (("AQUA", 10), ("ZEPHYR", 11)):
            made, _ = commands.create(workspace, Kind.PROJECT, {"acronym": acronym})
            commands.plan_meeting(
                workspace,
                made,
                MeetingType.AD_HOC,
                datetime(2027, 3, day, 22),  # noqa: DTZ001 - planned times are naive
                "Europe/Lisbon",
                title=f"{acronym} call",
            )
    return folder


@pytest.fixture
def run(
    two_projects: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Any:
    """Return what runs a command on the data and returns its JSON."""
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "a passphrase for this test")
    data = str(shutil.copytree(two_projects, tmp_path / "data"))

    def command(*arguments: str, code: int = 0) -> Any:
        assert cli.main([*arguments, "--data", data, "--json"]) == code
        said = capsys.readouterr()
        return json.loads(said.err if code else said.out)

    return command


@pytest.mark.full
def test_the_calendar_of_some_days_in_the_own_zone(run: Any) -> None:
    found = run("list", "calendar", "--from", "2027-03-11", "--to", "2027-03-11")
    assert [(row["title"], row["first_day"]) for row in found] == [("AQUA call", "2027-03-11")]
    assert found[0]["local_start"] == "2027-03-10T22:00:00"
    every = run("list", "calendar", "--from", "2027-03-01", "--project", "ZEPHYR")
    assert [row["project"] for row in every] == ["ZEPHYR"]
    days = run("list", "calendar", "--from", "2027-06-10", "--to", "2027-06-10", "--country", "pt")
    assert [row["kind"] for row in days] == ["holiday"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--from", "March"), "bad_day"),
        (("--from", "2027-03-02", "--to", "2027-03-01"), "bad_span"),
    ],
)
def test_what_are_no_days_is_refused(run: Any, arguments: tuple[str, ...], code: str) -> None:
    assert run("list", "calendar", *arguments, code=2)["error"]["code"] == code


def test_the_calendar_is_exported(run: Any, tmp_path: Path) -> None:
    out = tmp_path / "calendar.ics"
    assert run("export", "calendar", "--out", str(out))["meetings"] == 2
    assert run("export", "calendar", "AQUA", "--out", str(out))["meetings"] == 1
    (event,) = icalendar.Calendar.from_ical(out.read_bytes()).walk("VEVENT")
    assert str(event["SUMMARY"]) == "AQUA call"


def test_one_meeting_is_counted_as_one() -> None:
    assert counted(1, "meetings") == "1 meeting"
    assert counted(2, "meetings") == "2 meetings"
    assert counted(1, "people") == "1 person"


@pytest.mark.full
def test_an_address_is_made_listed_renewed_and_revoked(run: Any) -> None:
    made = run("feed", "create", "Aqua", "--project", "AQUA", "--host", SERVER)
    assert made["url"].startswith(f"{SERVER}/d/")
    assert made["webcal"].startswith("webcal://meet.example.org/d/")
    assert run("feed", "list") == [made]
    renewed = run("feed", "renew", "aqua")
    assert renewed["url"] not in ("", made["url"])
    revoked = run("feed", "revoke", made["id"])
    assert (revoked["state"], revoked["url"]) == ("revoked", None)
    here = run("feed", "create", "Here")
    assert here["url"] is None, "where this computer's host is reached is not known to a command"
    listed = run("feed", "list", "--public-url", "http://127.0.0.1:23456")
    assert [bool(row["url"]) for row in listed] == [False, True]
    assert run("feed", "revoke", "Nobody's", code=2)["error"]["code"] == "no_such_feed"
