"""Dates, times and zones as documents spell them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from projectdesk.exchange.documents import wording

START = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def test_a_day_is_spelled_out_whatever_the_locale() -> None:
    assert wording.long_day(date(2026, 3, 9)) == "Monday 9 March 2026"


def test_a_time_names_its_place_and_another_day_of_its_end() -> None:
    assert wording.span(START, 90, "Europe/Copenhagen") == "10:00 to 11:30, Copenhagen time"
    night = wording.span(START, 90, "Pacific/Auckland")
    assert night == "22:00 to 23:30, Auckland time"
    assert "on 10 March 2026" in wording.span(START, 180, "Pacific/Auckland")


def test_other_zones_share_a_text_where_their_clocks_agree() -> None:
    zones = ["America/New_York", "Asia/Seoul", "Europe/Lisbon", "Atlantic/Canary", "Europe/Berlin"]
    assert wording.elsewhere(START, "Europe/Copenhagen", zones) == (
        "05:00 New York",
        "09:00 Canary, Lisbon",
        "18:00 Seoul",
    )


def test_another_day_is_said_and_an_unknown_zone_loses_nothing() -> None:
    late = datetime(2026, 3, 9, 18, 0, tzinfo=UTC)
    assert wording.elsewhere(late, "Europe/Berlin", ["Asia/Seoul", "Mars/Base", ""]) == (
        "03:00 Seoul (10 March 2026)",
    )


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 min"), (0.4, "under 1 min"), (45, "45 min"), (60, "1 h"), (127, "2 h 7 min")],
)
def test_lengths(minutes: float, text: str) -> None:
    assert wording.length(minutes) == text
