"""The shape of every measurement, and what a goal says of a value."""

from __future__ import annotations

from projectdesk.bench.report import at_least, at_most, below, report


def test_a_goal_holds_up_to_its_limit() -> None:
    assert at_most("x", 2.0, 2.0)["holds"] is True
    assert at_most("x", 2.01, 2.0)["holds"] is False
    assert below("x", 2.0, 2.0)["holds"] is False
    assert at_least("x", 0.999, 0.999)["holds"] is True


def test_a_goal_that_was_not_validly_measured_says_neither() -> None:
    assert at_most("x", None, 2.0)["holds"] is None
    assert at_least("x", 1.0, 0.5, valid=False)["holds"] is None


def test_a_report_names_the_machine_it_was_measured_on() -> None:
    made = report("start", [{"ms": 1}], [at_most("x", 1, 2)], rounds=3)
    assert list(made) == ["bench", "machine", "rows", "goals"]
    assert made["machine"]["rounds"] == 3
    assert made["machine"]["cores"] >= 1
