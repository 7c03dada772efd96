"""Where the time of a join goes."""

from __future__ import annotations

from projectdesk.bench.join_stages import STAGES, medians, seconds_since_click


def test_stages_count_from_the_click_and_keep_their_order() -> None:
    noted = {"picture": 900.0, "clicked": 400.0, "joined": 420.0, "else": 1.0}
    assert seconds_since_click(noted) == {"joined": 0.02, "picture": 0.5}
    assert list(seconds_since_click({"clicked": 0.0, **dict.fromkeys(STAGES, 1.0)})) == [*STAGES]


def test_the_median_is_of_the_joins_in_which_a_stage_came() -> None:
    joins = [{"path": 0.1, "picture": 0.2}, {"path": 0.5, "picture": 0.6}, {"picture": 0.7}]
    assert medians(joins) == {"path": 0.3, "picture": 0.6}
