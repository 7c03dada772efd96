"""The commands on a work plan, as a script uses them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from projectdesk import cli


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command on a data folder with the sample project; returns code and JSON."""

    def command(*words: str) -> tuple[int, Any]:
        code = cli.main([*words, "--json", "--data", str(tmp_path)])
        told = capsys.readouterr()
        return code, json.loads(told.out or told.err)

    assert command("sample")[0] == 0
    return command


OF = ("--project", "SALTMARK")


@pytest.mark.full
def test_a_plan_is_moved_and_checked(run: Any):
    code, told = run("check", *OF)
    assert code == 0
    assert {each["severity"] for each in told["problems"]} <= {"warning", "hint"}
    code, told = run("shift", *OF, "--wp", "WP3", "--months", "2", "--dry-run")
    moved = {row["label"]: (row["end"], row["end_after"]) for row in told["preview"]["rows"]}
    assert (code, told["done"], moved["WP3"]) == (0, False, (30, 32))
    assert run("shift", *OF, "--wp", "3", "--months", "2")[1]["done"]
    _, packages = run("list", "workpackages", *OF)
    assert (packages[2]["start_month"], packages[2]["end_month"]) == (5, 32)
    code, refused = run("shift", *OF, "--wp", "WP3", "--months", "11")
    assert (code, refused["error"]["code"]) == (2, "beyond_project")
    assert run("shift", *OF, "--wp", "WP3", "--months", "11", "--extend")[0] == 0
    assert run("list", "projects")[1][0]["duration_months"] == 43
    code, refused = run("shift", *OF, "--wp", "WP99", "--months", "1")
    assert (code, refused["error"]["code"]) == (2, "no_such_number")


@pytest.mark.full
def test_the_start_moves_and_lists_say_what_is_late(run: Any):
    _, told = run("shift", *OF, "--start", "2020-03-01")
    assert any(row["passed"] for row in told["rows"])
    assert run("list", "projects")[1][0]["start_date"] == "2020-03-01"
    _, late = run("list", "late", *OF)
    assert late[0]["days"] > 0
    assert {row["step"] for row in late} >= {"submission", "milestone"}
    assert run("shift", *OF, "--waiting")[0] == 0
    assert isinstance(run("list", "risks", *OF)[1], list)
    assert isinstance(run("list", "dependencies", *OF)[1], list)


@pytest.mark.full
def test_numbers_are_given_anew(run: Any):
    run("shift", *OF, "--wp", "WP2", "--months", "1")
    code, told = run("renumber", "deliverables", "tasks", *OF, "--by-month", "--dry-run")
    assert code == 0
    before = run("list", "tasks", *OF)[1]
    run("renumber", "deliverables", "tasks", *OF, "--by-month")
    after = {row["id"]: row["label"] for row in run("list", "tasks", *OF)[1]}
    changed = {row["id"]: row["label_after"] for row in told["preview"]["rows"]}
    assert changed, "the sample has tasks that are not in the order of their months"
    for row in before:
        assert after[row["id"]] == changed.get(row["id"], row["label"])
