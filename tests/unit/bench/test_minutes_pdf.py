"""The measurement of PDFs makes the minutes that it says it does."""

from __future__ import annotations

from projectdesk.bench import minutes_pdf
from projectdesk.exchange.documents import pdf
from projectdesk.exchange.documents.minutes_outline import of_minutes
from tests.support.pdf_ua import assert_accessible


def test_the_minutes_have_as_many_items_as_they_say_and_no_two_are_alike() -> None:
    first, second = minutes_pdf.minutes(30, 1), minutes_pdf.minutes(30, 2)
    assert len(first.items) == 30
    assert sum(len(item.outcome.decisions) for item in first.items) == 10
    assert sum(len(item.outcome.actions) for item in first.items) == 10
    assert not {item.notes for item in first.items} & {item.notes for item in second.items}


def test_what_is_timed_is_an_accessible_document() -> None:
    made = of_minutes(minutes_pdf.minutes(6, 1), now=minutes_pdf._START)
    data, unshown = pdf.render(made, author="bench", now=minutes_pdf._START)
    assert not unshown
    assert assert_accessible(data).kinds["/H2"] == 6
