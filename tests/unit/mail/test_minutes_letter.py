"""What readers of minutes are written."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from projectdesk.mail.minutes_letter import MinutesLetter, as_html, as_text

END = datetime(2026, 12, 12, 23, 59, 59, tzinfo=UTC)
"""The end of a window in Lisbon."""


def letter(language: str, zone: str) -> MinutesLetter:
    return MinutesLetter(
        language=language,
        title="Board 2",
        project="SALTMARK",
        held_on=date(2026, 11, 17),
        organiser="Ida Holm",
        name="Jan Nowak",
        organisation="MIERZEJA",
        revision=1,
        reason="",
        until=END,
        zone=zone,
        link="https://meet.example.org/d/x#y",
        code="x-123456",
        head="12345678",
        may_object=True,
    )


@pytest.mark.parametrize(
    ("language", "zone", "until"),
    [
        ("en", "Europe/Lisbon", "objections until Saturday 12 December 2026, 23:59 Lisbon"),
        ("en", "Europe/Warsaw", "objections until Sunday 13 December 2026, 00:59 Warsaw"),
        ("de", "Europe/Berlin", "Einwände bis Sonntag, 13. Dezember 2026, 00:59 Berlin"),
    ],
)
def test_the_subject_says_when_the_window_ends_where_the_reader_is(
    language: str, zone: str, until: str
) -> None:
    assert letter(language, zone).subject.endswith(f" (SALTMARK) – {until}")


def test_the_day_of_the_meeting_has_its_year_once() -> None:
    found = letter("en", "Europe/Lisbon")
    assert found.about == "SALTMARK · Tuesday 17 November 2026"
    for shown in (as_text(found), as_html(found)):
        assert "2026 2026" not in shown
