from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.rules import validation
from projectdesk.errors import DomainError


def _code(check: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as caught:
        check()
    assert "field" in caught.value.facts
    return caught.value.code


@given(st.text())
def test_a_line_is_clean_and_stays_so(text: str) -> None:
    kept = validation.line(text, "title", limit=10_000)
    assert kept == kept.strip()
    assert unicodedata.is_normalized("NFC", kept)
    assert not any(unicodedata.category(c) == "Cc" for c in kept)
    assert validation.line(kept, "title", limit=10_000) == kept


def test_lines_and_prose() -> None:
    assert validation.line(" Cafe\u0301\r\nbar \u202egnp.exe\x00", "title") == "Café bar gnp.exe"
    assert validation.prose(" One\r\n\r\ntwo\rthree ", "text") == "One\n\ntwo\nthree"
    assert _code(lambda: validation.line(" \u200f ", "title", required=True)) == "required"
    assert _code(lambda: validation.line("x" * 501, "title")) == "too_long"


@pytest.mark.parametrize(
    "good", ["", "ana@example.org", "a.b+c@mail.exa-mple.co.uk", "ö@exämple.de"]
)
def test_good_addresses(good: str) -> None:
    assert validation.email(f" {good} ") == good


@pytest.mark.parametrize(
    "bad",
    ["ana", "ana@", "@x.org", "ana@example", "a b@x.org", "ana@x..org", "<a@x.org>", "a@b@c.org"],
)
def test_bad_addresses(bad: str) -> None:
    assert _code(lambda: validation.email(bad)) == "bad_email"


def test_pic() -> None:
    assert validation.pic(" 999 999 999 ") == "999999999"
    assert validation.pic("") == ""
    for bad in ("12345678", "1234567890", "99999999a", "९९९९९९९९९"):
        assert _code(partial(validation.pic, bad)) == "bad_pic"


def test_zone() -> None:
    assert validation.zone("Asia/Kolkata") == "Asia/Kolkata"
    assert validation.zone("") == ""
    assert _code(lambda: validation.zone("", required=True)) == "required"
    for bad in ("Mars/Base", "../etc/passwd", "{x}", "Europe"):
        assert _code(partial(validation.zone, bad)) == "unknown_zone"


def test_country_nuts_web_languages() -> None:
    assert validation.country(" pt", {"PT"}) == "PT"
    assert _code(lambda: validation.country("P1", {"PT"})) == "unknown_country"
    assert validation.nuts("pt17") == "PT17"
    assert _code(lambda: validation.nuts("17")) == "bad_nuts"
    for good in ("", "www.example.org", "https://example.org/a?b#c", "example.org/x"):
        assert validation.web(good) == good
    for bad in ("javascript:alert(1)", "ftp://x", "example", "a b.org"):
        assert _code(partial(validation.web, bad)) == "bad_address"
    assert validation.languages(["en", "pt-BR", "en", " "]) == ["en", "pt-BR"]
    assert _code(lambda: validation.languages(["English!"])) == "unknown_language"


def test_money() -> None:
    assert validation.money(None, "total_cost") is None
    assert validation.money(Decimal("12.50"), "total_cost") == Decimal("12.50")
    for bad in ("-0.01", "0.001", "NaN", "Infinity", "1e13"):
        assert _code(partial(validation.money, Decimal(bad), "total_cost")) == "bad_money"


def test_months_days_shares_and_limits() -> None:
    assert validation.month(36, "due_month", 36, 600) == 36
    assert _code(lambda: validation.month(37, "due_month", 36, 600)) == "month_out_of_range"
    assert _code(lambda: validation.month(0, "due_month", None, 600)) == "month_out_of_range"
    assert _code(lambda: validation.months_in_order(3, 2, "end_month")) == "end_before_start"
    validation.days_in_order(None, date(2026, 1, 1), "active_to")
    later, earlier = date(2026, 1, 2), date(2026, 1, 1)
    assert _code(lambda: validation.days_in_order(later, earlier, "x")) == "end_before_start"
    validation.share(3, 3, "quorum_numerator")
    for top, bottom in ((0, 3), (4, 3)):
        assert _code(partial(validation.share, top, bottom, "q")) == "bad_share"
    assert _code(lambda: validation.whole(11, "n", 0, 10)) == "out_of_range"
    assert _code(lambda: validation.degrees(90.1, "latitude", 90)) == "out_of_range"
    assert validation.degrees(None, "latitude", 90) is None
