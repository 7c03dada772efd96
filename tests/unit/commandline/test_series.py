"""`projectdesk series`: plan with a preview, show, extend, change, cancel, send."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from projectdesk import cli
from projectdesk.bootstrap import open_workspace
from projectdesk.secrets import PASSPHRASE_VARIABLE
from projectdesk.services import commands
from projectdesk.services.rows import Kind

START = ["--start", "2026-03-17T10:00", "--zone", "Europe/Copenhagen"]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "northern lights")
    with open_workspace(tmp_path) as workspace:
        commands.set_me(workspace, {"given_name": "Ada", "email": "ada@example.org"})
        project, _ = commands.create(workspace, Kind.PROJECT, {"acronym": "AURORA"})
        organisation, _ = commands.create(
            workspace, Kind.ORGANISATION, {"legal_name": "MIT", "country": "US"}
        )
        partner, _ = commands.create(
            workspace,
            Kind.PARTNER,
            {"project_id": project, "organisation_id": organisation, "short_name": "MIT"},
        )
        guest, _ = commands.create(
            workspace,
            Kind.PERSON,
            {"family_name": "Lee", "email": "lee@example.edu", "zone": "America/New_York"},
        )
        commands.create(
            workspace,
            Kind.MEMBERSHIP,
            {"project_id": project, "person_id": guest, "partner_id": partner},
        )
    return ["--data", str(tmp_path)]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert cli.main(["series", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.full
def test_a_series_from_its_preview_to_its_end(
    data: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = ["create", "--project", "AURORA", *START, "--every", "2", "--until", "2026-05-26", *data]
    preview = run(capsys, *rule, "--dry-run")
    assert preview["words"] == "every 2 weeks on Tuesday, 6 times"
    # Boston is five hours behind while only America has summer time, six hours after.
    assert [date["clocks"] for date in preview["dates"]][:2] == [[], ["New York 04:00"]]
    made = run(capsys, *rule, "--title", "WP call")
    assert len(made["meetings"]) == 6
    first = made["meetings"][0]["id"]
    out = tmp_path / "out"
    sent = run(capsys, "invite", first, "--dry-run", "--out", str(out), *data)
    assert [(mail["email"], mail["action"]) for mail in sent["mails"]] == [
        ("lee@example.edu", "new")
    ]
    assert b"RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=6" in ((out / "01 Lee.ics").read_bytes())
    assert len(run(capsys, "extend", first, "--by", "2", *data)["meetings"]) == 8
    changed = run(capsys, "change", first, "--start", "2026-03-17T14:00", *data)
    assert {each["local_start"][11:16] for each in changed["meetings"]} == {"14:00"}
    cancelled = run(capsys, "cancel", first, *data)
    assert {each["state"] for each in cancelled["meetings"]} == {"cancelled"}


@pytest.mark.full
def test_what_makes_no_series_is_refused(
    data: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    rule = ["series", "create", "--project", "AURORA", *START, *data]
    assert cli.main([*rule, "--days", "we", "--count", "4"]) == cli.REFUSED
    assert "bad_series" in capsys.readouterr().err


@pytest.mark.full
def test_a_preview_says_what_is_left_out_and_which_time_a_skipped_one_becomes(
    data: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    rule = ["series", "create", "--project", "AURORA", "--zone", "Europe/Berlin", *data]
    night = [*rule, "--start", "2027-03-21T02:30", "--dry-run"]
    assert cli.main([*night, "--count", "3", "--without", "2027-04-04"]) == 0
    out, err = capsys.readouterr()
    assert "every week on Sunday, 3 times without 2027-04-04" in out
    assert "2027-03-28 03:30" in out
    assert "2027-04-04 02:30" not in out
    assert "all others are compared with this" in out
    assert "On 2027-03-28 the clocks of Europe/Berlin skip 02:30: it becomes 03:30." in err
    for ends, said in ((["--count", "0"], "2 to 200"), (["--until", "2027-03-01"], "before the")):
        assert cli.main([*night, *ends]) == cli.REFUSED
        assert said in capsys.readouterr().err
