"""`bench import` measures what it says, and prints what scripts rely on."""

from __future__ import annotations

from pathlib import Path

import pytest

from projectdesk.bench import importing
from projectdesk.services import commands
from projectdesk.services.workspace import Workspace


@pytest.mark.full
def test_the_report_has_the_agreed_form():
    report = importing.run(["--rows", "600", "--rounds", "1"])
    assert report["bench"] == "import"
    records = {row["what"]: row["records"] for row in report["rows"]}
    assert records["floor"] == 700
    assert 700 < records["import"] <= 860  # and each organisation once
    goals = {goal["name"]: goal for goal in report["goals"]}
    assert goals.keys() == {"import.ratio", "import.rss_mb"}
    assert goals["import.ratio"]["limit"] == 4.0
    assert goals["import.rss_mb"]["limit"] == 300
    floor, ours = (row["seconds"] for row in report["rows"])
    assert goals["import.ratio"]["value"] == pytest.approx(ours / floor, rel=0.02)
    for goal in goals.values():
        assert goal["holds"] is (goal["value"] <= goal["limit"])


def test_the_invented_export_is_always_the_same_and_without_oddities(
    workspace: Workspace, tmp_path: Path
):
    (tmp_path / "again").mkdir()
    files = importing.write_export(tmp_path, 600)
    again = importing.write_export(tmp_path / "again", 600)
    assert [path.read_bytes() for path in files] == [path.read_bytes() for path in again]
    report = commands.import_cordis(workspace, files)
    assert (report.projects, report.partners, report.warnings) == (100, 600, ())


@pytest.mark.full
def test_a_programme_fits_into_300_mb():
    report = importing.run(["--rounds", "1"])
    rss = next(goal for goal in report["goals"] if goal["name"] == "import.rss_mb")
    assert rss["value"] < 300
