"""`projectdesk attendance ...` and `projectdesk meeting report`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from projectdesk.cli import main
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, queries
from projectdesk.services.workspace import Workspace


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder with the sample, and the id of its meeting that was held last."""
    folder = tmp_path_factory.mktemp("sample") / "data"
    with Workspace.open(folder, secrets=MemorySecrets()) as workspace:
        project = commands.open_sample(workspace)
        rows = queries.meetings(workspace, project)
        meeting = next(row.id for row in rows if row.title == "Executive Board 2")
    return folder, str(meeting)


@pytest.fixture
def run(sample: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> Any:
    folder, meeting = sample

    def call(what: str, *words: str, code: int = 0) -> Any:
        group, name = what.split()
        assert main([group, name, "--data", str(folder), "--json", meeting, *words]) == code
        out, err = capsys.readouterr()
        return json.loads(err if code else out)

    return call


@pytest.mark.full
def test_who_was_there_is_printed_and_corrected(run: Any):
    found = run("attendance show")
    broken = [each for each in found["quorum"]["stretches"] if not each["met"]]
    assert len(broken) == 1
    assert [each["from_partner"] for each in found["proxies"]] == ["LFTU"]
    row = run("attendance correct", "seo-jun", "--present", "--from", "10:00", "--reason", "phone")
    assert row["status"] == "present"
    assert round(row["minutes"]) == 62
    assert run("attendance correct", "seo-jun", "--measured")["status"] == "absent"
    refused = run("attendance correct", "seo-jun", "--present", "--from", "7:00", code=2)
    assert refused["error"]["code"] == "not_a_time"
    refused = run("attendance correct", "seo-jun", "--present", "--from", "07:00", code=2)
    assert refused["error"]["code"] == "outside"
    assert "09:21 to 11:02" in refused["error"]["text"]


@pytest.mark.full
def test_companions_and_proxies_are_entered(run: Any):
    row = run("attendance companion", "Aoife", "--who", "Cormac", "--from", "09:45")
    assert (row["name"], row["partner"]) == ("Cormac Deasy", "TIDEWORKS")
    refused = run("attendance proxy", "TIDEWORKS", "--by", "LFTU", code=2)
    assert refused["error"]["code"] == "proxy_chain"
    proxies = run("attendance proxy", "LFTU", "--end", "--at", "10:30")
    assert proxies[0]["ended_at"] is not None
    assert run("attendance confirm")["confirmed_at"] is not None


@pytest.mark.full
def test_the_report_says_what_is_left(run: Any, sample: tuple[Path, str], capsys):
    report = run("meeting report")
    checks = {each["check"]: each["about"] for each in report["findings"]}
    assert checks["action_date"] == ["A18"]
    assert checks["left_over"] == ["Letters of the four harbours", "Any other business"]
    assert report["decisions"][0]["words"].startswith("carried: 7 of 7")
    assert report["spoken"][0]["partner"] == "UMV"
    assert report["minutes"]["standing"] == "draft"
    folder, meeting = sample
    assert main(["meeting", "report", "--data", str(folder), meeting]) == 0
    said = capsys.readouterr().out
    assert "Who pays for the second float?" in said
    assert "! Actions without a date: A18" in said
