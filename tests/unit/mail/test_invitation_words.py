"""What an invitation says of times and rules, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from projectdesk.catalogues import languages
from projectdesk.domain.rules.series import LAST, Repeat
from projectdesk.mail.invitation_words import Words, city, offset
from projectdesk.mail.words import language_of


@pytest.mark.parametrize(
    ("languages", "language"),
    [
        ((), "en"),
        (("xx",), "en"),
        (("xx", "de"), "de"),
        (("en", "de"), "en"),
        (("de-AT", "en"), "de"),
    ],
)
def test_somebody_is_written_in_the_first_of_their_languages_that_letters_speak(
    languages: tuple[str, ...], language: str
) -> None:
    assert language_of(languages) == language


def test_days_and_spans() -> None:
    english, german = Words("en"), Words("de")
    assert english.day(date(2026, 3, 3)) == "Tuesday 3 March 2026"
    assert german.day(date(2026, 3, 3)) == "Dienstag, 3. März 2026"
    late = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)
    assert english.span(late, 120, "Europe/Lisbon") == "22:30 – 00:30 (Wed 4 March)"
    assert german.length(95) == "1 Std. 35 Min."
    # The clock of Copenhagen skips an hour at 01:00 UTC.
    spring = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert english.span(spring, 60, "Europe/Copenhagen") == "01:30 – 03:30"


def test_places_and_their_distance_to_utc() -> None:
    summer = datetime(2026, 7, 1, tzinfo=UTC)
    assert city("America/Argentina/Buenos_Aires") == "Buenos Aires"
    assert offset(summer, "America/St_Johns") == "UTC\N{MINUS SIGN}2:30"
    assert offset(summer, "Asia/Kolkata") == "UTC+5:30"
    assert offset(summer, "Atlantic/Reykjavik") == "UTC"


def test_rules_in_both_languages() -> None:
    weekly, monthly = Repeat(2, (1, 3), None, 6), Repeat(1, (3,), LAST, 4)
    assert Words("en").rule(weekly) == "every 2 weeks on Tuesday and Thursday, 6 dates"
    assert Words("de").rule(weekly) == "alle 2 Wochen am Dienstag und Donnerstag, 6 Termine"
    assert Words("en").rule(monthly) == "on the last Thursday of every month, 4 dates"
    assert Words("de").rule(monthly) == "am letzten Donnerstag jedes Monats, 4 Termine"


def test_words_that_are_asked_for_stand_in_the_marks_of_the_language() -> None:
    told = {tag: Words(tag).quoted("x") for tag in languages("mail")}
    assert told["de"] == "„x“"
    assert told["fr"] == "«\u00a0x\u00a0»"
    assert told["pl"] == "„x”"
    assert told["es"] == told["it"] == told["ar"] == "«x»"
    assert told["en"] == told["da"] == "“x”"


def test_a_letter_without_a_name_greets_too() -> None:
    assert Words("en").greeting("Ida Holm") == "Dear Ida Holm,"
    assert Words("en").greeting("") == "Hello,"
