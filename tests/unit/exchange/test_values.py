"""Amounts, dates and names as other people's files write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.exchange.values import (
    clean_line,
    clean_text,
    fold,
    read_amount,
    read_date,
    read_flag,
)

AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=2)
DATES = st.dates(min_value=date(1980, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1499998,75", "1499998.75"),
        ("1499998.75", "1499998.75"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("1 234 567,89", "1234567.89"),
        ("1\u00a0234\u202f567,5", "1234567.5"),
        ("1'234.50", "1234.50"),
        ("1.500", "1500"),
        ("1,500", "1500"),
        ("1234.567", "1234.57"),
        ("0.123", "0.12"),
        ("0", "0"),
        ("0.0", "0"),
        ("75000.0", "75000"),
        ("1.5E6", "1500000"),
        ("€ 12,50", "12.50"),
        ("7643751,25", "7643751.25"),
    ],
)
def test_amounts_with_comma_or_point(cell: str, expected: str):
    assert read_amount(cell) == Decimal(expected)


@pytest.mark.parametrize("cell", ["", "  ", "-", "n/a", "nan", "NULL"])
def test_a_blank_amount_is_not_known(cell: str):
    assert read_amount(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "abc",
        "-5",
        "1.2.3",
        "1,23,45",
        "12..5",
        "1e400",
        "9" * 14,
        "/RIA",
        "2017-01-01",
        "١٢",
        "5 %",
    ],
)
def test_what_is_no_amount_is_refused(cell: str):
    with pytest.raises(ValueError, match="amount"):
        read_amount(cell)


@given(AMOUNTS)
def test_an_amount_means_the_same_in_every_spelling(amount: Decimal):
    english = f"{amount:,.2f}"
    for cell in (
        f"{amount:.2f}",
        f"{amount:.2f}".replace(".", ","),
        english,
        english.translate(str.maketrans(",.", ".,")),
        english.translate(str.maketrans(",.", " ,")),
    ):
        assert read_amount(cell) == amount


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_refused(cell: str):
    try:
        amount = read_amount(cell)
    except ValueError:
        return
    assert amount is None or (amount >= 0 and amount == round(amount, 2))


@given(DATES)
def test_a_date_means_the_same_in_every_spelling(day: date):
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%Y-%m-%d 14:40:12"):
        assert read_date(day.strftime(form)) == day
    assert read_date(f"{day.isoformat()}T00:00:00Z") == day


@pytest.mark.parametrize(
    "cell", ["31/02/2020", "2020-13-01", "1388530800", "soon", "2020", "1/2/20"]
)
def test_what_is_no_date_is_refused(cell: str):
    with pytest.raises(ValueError):
        read_date(cell)


def test_days_come_before_months():
    assert read_date("01/02/1996") == date(1996, 2, 1)


def test_flags():
    assert [read_flag(cell) for cell in ("true", "False", "1", "N", "")] == [
        True,
        False,
        True,
        False,
        None,
    ]
    with pytest.raises(ValueError, match="yes nor no"):
        read_flag("perhaps")


def test_text_is_cleaned():
    assert clean_line("  A\u0000B \t\n C\u0301 ") == "AB Ć"
    assert clean_line("plain  text") == "plain text"
    assert clean_text(" a\r\nb\rc\x07 ") == "a\nb\nc"
    assert clean_line("\ud800x") == "x"


def test_names_are_folded_for_comparing():
    assert fold("Université de l'Île-d'Yeu") == fold("UNIVERSITE DE L ILE D YEU")
