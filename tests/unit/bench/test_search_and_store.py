"""`bench search` and `bench store` measure what they say, in the agreed form."""

from __future__ import annotations

from pathlib import Path

import pytest

from projectdesk.bench import heavy, search, store
from projectdesk.bench.invented import write_organisations
from projectdesk.exchange.cordis import read_organisations
from projectdesk.exchange.findings import Findings
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import queries
from projectdesk.services.workspace import Workspace


def test_what_is_typed_is_every_beginning_of_a_text() -> None:
    assert list(search.typed(["ab c", "d"])) == ["a", "ab", "ab c", "d"]


def test_the_percentile_is_a_value_that_was_measured() -> None:
    assert search.percentile([float(n) for n in range(100)]) == 95
    assert search.percentile([7.0]) == 7


def test_invented_organisations_are_the_same_each_time_and_read_without_oddities(
    tmp_path: Path,
) -> None:
    one = write_organisations(tmp_path / "a.csv", 50, 70)
    other = write_organisations(tmp_path / "b.csv", 50, 70)
    assert one.read_bytes() == other.read_bytes()
    findings = Findings()
    assert len(read_organisations([one], findings)) == 50
    assert findings.all() == ()


def test_the_heavy_project_has_the_sizes_of_the_goals() -> None:
    size = heavy.Size()
    assert (size.partners, size.packages, size.tasks, size.deliverables) == (60, 15, 120, 110)
    assert (size.people, size.meetings, size.actions) == (2000, 500, 20_000)


@pytest.mark.full
def test_the_search_is_measured_over_project_and_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "EVERYTHING", ("tide", "D1.2"))
    monkeypatch.setattr(search, "ORGANISATION", ("univ",))
    search.fill(tmp_path / "data", tmp_path, 60, heavy.SMALL)
    with Workspace.open(tmp_path / "data", secrets=MemorySecrets()) as workspace:
        [project] = queries.projects(workspace)
        assert project.partners == heavy.SMALL.partners
        assert len(queries.actions(workspace, project.id)) == heavy.SMALL.actions
        assert queries.directory_state(workspace).entries == 60
        assert queries.search(workspace, "tide gauges")
    rows = search._measure(tmp_path / "data", 1)
    assert [row["what"] for row in rows] == ["everything", "organisations"]
    assert rows[0]["answers"] == len(list(search.typed(search.EVERYTHING)))
    made = search._report(rows, 60)
    [goal] = made["goals"]
    assert (goal["name"], goal["limit"]) == ("search.p95_ms", 30.0)
    assert made["rows"][-1]["ratio"] > 0


@pytest.mark.full
def test_opening_and_editing_are_measured(tmp_path: Path) -> None:
    made = store.run(["--small", "--edits", "20", "--rounds", "1", "--folder", str(tmp_path)])
    assert [row["what"] for row in made["rows"]] == [
        "open floor",
        "open",
        "edit floor",
        "edit",
        "ratio to the bare SQL",
    ]
    assert [goal["name"] for goal in made["goals"]] == ["store.open_cpu_ms", "store.edit_p95_ms"]
    assert [goal["limit"] for goal in made["goals"]] == [300.0, 10.0]
