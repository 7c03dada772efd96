"""Cells between the application and spreadsheets: tab-separated text and values of fields."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale

from projectdesk.desktop.models import tsv
from projectdesk.desktop.models.entries import (
    NotAValue,
    copied,
    empty_value,
    read_choice,
    read_choices,
    read_money,
    read_person_months,
    read_value,
    write_decimal,
)
from projectdesk.desktop.models.fields import Column, Entry, Field, Option
from projectdesk.desktop.models.words import options
from projectdesk.domain.workplan import DisseminationLevel

CELLS = st.text(st.sampled_from("ab\"\t\n'=é "), max_size=6)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=4)
)
PARTNERS = (
    Option(None, "–"),
    Option(UUID(int=1), "1  Universität Köln"),
    Option(UUID(int=2), "2  DTU"),
    Option(UUID(int=12), "12  MIT"),
)


@given(TABLES)
def test_what_is_written_is_read_again(table):
    last = table[-1] == [""]  # Excel ends the last line too: an empty last line is no row
    assert tsv.read(tsv.write(table)) == (table[:-1] if last and len(table) > 1 else table)


@given(st.text(st.sampled_from('ab"\t\r\n'), max_size=20))
def test_any_text_is_a_table(text):
    rows = tsv.read(text)
    assert rows
    assert all(row for row in rows)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ('"two\nlines"\t"tab\there"\r\n', [["two\nlines", "tab\there"]]),
        ('"say ""yes"""\tb', [['say "yes"', "b"]]),
        ('"Smart" rivers\tb', [['"Smart" rivers', "b"]]),
        ("a\t\n\tb", [["a", ""], ["", "b"]]),
        ("", [[""]]),
    ],
)
def test_spreadsheets_are_read(text, rows):
    assert tsv.read(text) == rows


def test_html_keeps_texts_from_being_read_as_dates():
    html = tsv.write_html([["1-2", "3"], ["<b>", "4\n5"]], [True, False])
    assert "mso-number-format" in html.split("1-2")[0]
    assert "&lt;b&gt;" in html
    assert "<td>4<br>5</td>" in html


@pytest.fixture
def german(qapp):
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("12500.5", "12500.50"),
        ("12,5", "12.50"),
        ("12,500", "12500"),
        ("1,234,567.89 €", "1234567.89"),
        ("1.234.567,89", "1234567.89"),
        ("1 234,50", "1234.50"),
        ("-3", "-3"),
    ],
)
def test_money_has_a_comma_or_a_point(qapp, words, amount):
    QLocale.setDefault(QLocale("en_GB"))
    assert read_money(words) == Decimal(amount)


@pytest.mark.parametrize(("words", "amount"), [("12.500", "12500"), ("12,500", "12.5")])
def test_thousands_are_parted_as_the_reader_does(german, words, amount):
    assert read_money(words) == Decimal(amount)
    assert write_decimal(Decimal("1234.50")) == "1234,5"


@pytest.fixture(params=["en_GB", "de_DE"])
def every_locale(request: pytest.FixtureRequest, qapp: object) -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize("words", ["0,500", "0.500"])
def test_thousands_never_follow_a_nought(every_locale, words):
    assert read_money(words) == Decimal("0.5")


@pytest.mark.parametrize(
    ("words", "months"),
    [("0,500", "0.5"), ("0.50", "0.5"), ("2,25", "2.25"), ("1.234,5", "1234.5"), ("1 000", "1000")],
)
def test_a_lone_mark_in_person_months_is_the_decimal_one(every_locale, words, months):
    """As an import of a file reads them (exchange.plans.cells)."""
    assert read_person_months(words) == Decimal(months)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("0,005", "two places"),
        ("1,125", "two places"),
        ("1.125", "two places"),
        ("99999999", "from 0 to 100"),
        ("-4", "from 0 to 100"),
        ("=1+1", "Expected person-months"),
        ("0.0.1", "Expected person-months"),
        ("NaN", "Expected person-months"),
    ],
)
def test_what_is_no_person_months_is_told_by_what_is_wrong(every_locale, words, expected):
    with pytest.raises(NotAValue, match=expected):
        read_person_months(words)


@pytest.mark.parametrize(
    "words", ["twelve", "1,2,3.4.5", "1.2.3", "nan", "inf", "1e", "--3", "1e30"]
)
def test_what_is_no_amount_is_refused(qapp, words):
    with pytest.raises(NotAValue):
        read_money(words)


def _field(entry: Entry, choices: tuple[Option, ...] = (), **more: object) -> Field[object]:
    return Field("f", "F", lambda r: r, entry, lambda: choices, **more)  # type: ignore[arg-type]


def test_values_are_read_by_their_field(qapp):
    month = _field(Entry.NUMBER, prefix="M", minimum=1, maximum=600)
    assert read_value(month, "M12") == read_value(month, " 12 ") == read_value(month, "12.0") == 12
    assert read_value(month, "") is None
    with pytest.raises(NotAValue, match="M1"):
        read_value(month, "M0")
    assert read_value(_field(Entry.DATE), "2027-03-12") == date(2027, 3, 12)
    assert read_value(_field(Entry.DATE), "2027-03-12 00:00:00") == date(2027, 3, 12)
    assert read_value(_field(Entry.DATE), "12 Mar 2027") == date(2027, 3, 12)
    with pytest.raises(NotAValue):
        read_value(_field(Entry.DATE), "2027-02-30")
    assert read_value(_field(Entry.TIME), "14.30") == time(14, 30)
    assert read_value(_field(Entry.SHARE), "50 %") == (1, 2)
    assert read_value(_field(Entry.ZONE), "copenhagen") == "Europe/Copenhagen"
    assert read_value(_field(Entry.TEXT), " two\nlines ") == "two lines"
    assert read_value(_field(Entry.LONG_TEXT), " two\nlines ") == "two\nlines"


@pytest.mark.parametrize("words", ["DTU", "dtu", "2", "2  DTU", "2 DTU"])
def test_a_partner_is_named_by_short_name_or_number(qapp, words):
    assert read_choice(words, PARTNERS) == UUID(int=2)


def test_a_choice_is_named_by_label_or_code_and_nothing_is_none(qapp):
    levels = options(DisseminationLevel)
    assert read_choice("PU", levels) is DisseminationLevel.PU
    assert read_choice("public (pu)", levels) is DisseminationLevel.PU
    assert read_choice("universitat koln", PARTNERS) == UUID(int=1)
    assert read_choice("", PARTNERS) is None
    with pytest.raises(NotAValue, match="empty"):
        read_choice("", levels)
    with pytest.raises(NotAValue, match=r"Expected one of.*DTU"):
        read_choice("Oxford", PARTNERS)
    twice = (Option(1, "1  Lund"), Option(2, "2  Lund"))
    with pytest.raises(NotAValue, match="several"):
        read_choice("Lund", twice)


def test_several_choices_are_parted_by_commas(qapp):
    packages = (Option(None, "–"), Option(1, "WP1 Lead"), Option(2, "WP2 Sense"))
    assert read_choices("WP2; WP1", packages) == [2, 1]
    assert read_choices("–", packages) == []
    with pytest.raises(NotAValue):
        read_choices("WP1, WP9", packages)


def test_clearing_needs_a_field_that_may_be_empty(qapp):
    assert empty_value(_field(Entry.TEXT)) == ""
    assert empty_value(_field(Entry.DATE)) is None
    assert empty_value(_field(Entry.CHOICES)) == []
    assert empty_value(_field(Entry.CHOICE, PARTNERS)) is None
    with pytest.raises(NotAValue):
        empty_value(_field(Entry.CHOICE, options(DisseminationLevel)))


@pytest.mark.parametrize(
    ("entry", "value", "words"),
    [
        (Entry.MONEY, Decimal("1234.50"), "1234.5"),
        (Entry.DATE, date(2027, 3, 12), "2027-03-12"),
        (Entry.NUMBER, 12, "M12"),
        (Entry.LONG_TEXT, "two\nlines", "two\nlines"),
        (Entry.MONEY, None, ""),
    ],
)
def test_what_is_copied_can_be_pasted(qapp, entry, value, words):
    QLocale.setDefault(QLocale("en_GB"))
    field = _field(entry, prefix="M" if entry is Entry.NUMBER else "", minimum=1)
    column = Column("F", lambda r: "" if r is None else "shown otherwise", field=field)
    text = copied(column, value)
    assert text == words
    assert read_value(field, text) == value
