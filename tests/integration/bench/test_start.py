"""`bench start` measures the real programs; nothing heavy is loaded before the first paint."""

from __future__ import annotations

import pytest

from projectdesk.bench import start


@pytest.mark.full
@pytest.mark.timeout(180)
def test_the_three_programs_paint_and_report() -> None:
    made = start.run(["--rounds", "1"])
    assert [row["program"] for row in made["rows"]] == ["empty", "shell", "ready"]
    assert all(row["ms"] > 0 for row in made["rows"])
    names = [goal["name"] for goal in made["goals"]]
    assert names == ["start.ratio", "start.ready_ratio", "start.early_modules"]
    assert made["machine"]["early_modules"] == [], "loaded before the first paint"
