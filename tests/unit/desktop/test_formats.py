"""How values are written for people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QLocale

from projectdesk.desktop.language import speaking
from projectdesk.desktop.models import formats, words
from projectdesk.desktop.models.plan_words import problem_text
from projectdesk.domain import consortium, meetings, minutes, workplan
from projectdesk.services.plan_problems import PlanProblem, Severity
from projectdesk.services.rows import Kind


@pytest.fixture(autouse=True)
def british() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("locale", "written"),
    [("en_GB", "5 Mar 2027"), ("en_US", "Mar 5, 2027"), ("de_DE", "5. März 2027")],
)
def test_a_day_is_written_as_the_reader_writes_it(locale, written):
    QLocale.setDefault(QLocale(locale))
    assert formats.day(date(2027, 3, 5)) == written


def test_a_time_has_a_zone_when_people_are_in_several():
    start = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
    assert (
        formats.in_zones(start, "Europe/Copenhagen", "America/New_York")
        == "10:00 Copenhagen, 04:00 New York"
    )
    assert formats.in_zones(start, "Europe/Copenhagen", "Europe/Paris") == "10:00 Copenhagen"


def test_another_day_there_is_said():
    start = datetime(2027, 4, 1, 20, 0, tzinfo=UTC)
    assert "(2 Apr 2027)" in formats.in_zones(start, "Europe/Copenhagen", "Asia/Tokyo")


def test_months_and_dates_are_two_ways_to_say_the_same():
    start = date(2027, 1, 1)
    assert formats.month_start(3, start, formats.MONTHS) == "M3"
    assert formats.month_start(3, start, formats.CALENDAR) == "1 Mar 2027"
    assert formats.month_end(2, start, formats.CALENDAR) == "28 Feb 2027"
    assert formats.month_end(2, None, formats.CALENDAR) == "M2"


def test_lengths_and_amounts():
    assert formats.minutes(45) == "45 min"
    assert formats.minutes(90) == "1 h 30"
    assert formats.minutes(120) == "2 h"
    assert formats.span(725) == "12:05"
    assert formats.span(3725) == "1:02:05"
    assert formats.money(Decimal("1234567")) == "1,234,567 €"
    assert formats.money(Decimal("12.5")) == "12.50 €"
    assert formats.money(None) == ""


def test_ages_are_said_in_words():
    now = datetime(2027, 3, 1, tzinfo=UTC)
    assert formats.how_long_ago(now - timedelta(minutes=5), now) == "5 min ago"
    assert formats.how_long_ago(now - timedelta(days=3), now) == "3 d ago"


_ELSEWHERE = {
    meetings.FoldRule,  # not shown
    meetings.LeftOut,
    minutes.Acceptance,  # in sentences of their own: models/*_words.py
    minutes.ObjectionState,
    minutes.DecisionOrigin,
    minutes.DecisionState,
    minutes.ActionNoteKind,
}


def _enumerations() -> Iterator[type[StrEnum]]:
    for module in (consortium, meetings, minutes, workplan):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum:
                yield value
    yield Kind


@pytest.mark.parametrize(
    "enumeration", list(dict.fromkeys(_enumerations())), ids=lambda e: e.__name__
)
def test_every_value_has_a_word_of_its_own_type(enumeration):
    if enumeration in _ELSEWHERE:
        return
    for value in enumeration:
        assert words.word(value)
        assert words.tone(value)
    assert words.word(meetings.MeetingState.PLANNED) == "Planned"
    assert words.word(consortium.BodyKind.GENERAL_ASSEMBLY) == "General Assembly"


def test_languages_have_their_own_names() -> None:
    assert formats.language("de") == "Deutsch"
    assert formats.language("en") == "English"
    assert formats.language("xx-unknown") == "xx-unknown"


def test_the_own_time_comes_first_then_each_other_clock_once():
    start = datetime(2027, 4, 1, 8, tzinfo=UTC)
    others = ("Europe/Copenhagen", "Europe/Lisbon", "No/Where", "Asia/Seoul", "Europe/Berlin")
    shown = formats.own_first(start, "Europe/Paris", others)
    assert shown == "10:00 Paris, 09:00 Lisbon, 17:00 Seoul"
    assert formats.own_first(start, "Europe/Paris", others, 2) == "10:00 Paris, 09:00 Lisbon"
    late = datetime(2027, 4, 1, 22, tzinfo=UTC)
    assert (
        formats.own_first(late, "America/New_York", ["Asia/Seoul"])
        == "18:00 New York, 07:00 Seoul +1"
    )
    assert formats.own_first(start, "Asia/Seoul", ["America/Los_Angeles"]).endswith(
        "01:00 Los Angeles"
    )


def test_times_of_two_places_keep_together_where_one_reads_from_the_right(qapp):
    start = datetime(2026, 12, 8, 9, 30, tzinfo=UTC)
    with speaking(qapp, "ar"):
        told = formats.in_zones(start, "Europe/Lisbon", "Europe/Berlin")
        assert told == "\u20689:30 ص Lisbon\u2069، \u206810:30 ص Berlin\u2069"
        assert formats.minutes(92) == "1 س 32 د"
    assert formats.in_zones(start, "Europe/Lisbon", "Europe/Berlin") == "09:30 Lisbon, 10:30 Berlin"
    assert (formats.minutes(92), formats.minutes(120)) == ("1 h 32", "2 h")


def test_facts_on_one_line_keep_together_where_lines_are_read_from_the_right(qapp):
    facts = ["12", "", "3 of 4"]
    assert formats.joined(facts) == "12  \N{MIDDLE DOT}  3 of 4"
    with speaking(qapp, "ar"):
        parts = formats.joined(facts).split("  \N{MIDDLE DOT}  ")
    assert parts == ["\u206812\u2069", "\u20683 of 4\u2069"]


def test_facts_are_joined_at_one_place():
    """Elsewhere nothing would keep them together."""
    desktop = Path(formats.__file__).parents[1]
    dotted = re.compile(r"[\"' ](?:\u00b7|\\N\{MIDDLE DOT\})[\"' ]")
    found = {
        file.name
        for file in desktop.rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if dotted.search(line) and '"""' not in line
    }
    assert found == {"formats.py"}


def test_amounts_of_a_problem_are_written_as_the_reader_writes_them(qapp):
    facts = {"sum": Decimal("5974300.00"), "total": Decimal("6482750.50")}
    problem = PlanProblem(
        "cost_differs", Severity.WARNING, Kind.PROJECT, UUID(int=1), "P", "Project", "", "", facts
    )
    with speaking(qapp, "de"):
        QLocale.setDefault(QLocale("de_DE"))
        assert "5.974.300 €" in problem_text(problem)
        assert "6.482.750,50 €" in problem_text(problem)
