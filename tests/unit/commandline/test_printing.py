"""How commands print rows and errors."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from uuid import UUID

import pytest

from projectdesk import cli
from projectdesk.commandline.printing import print_error, print_table
from projectdesk.errors import BadRow
from projectdesk.plain import plain


class _Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class _Row:
    id: UUID
    when: datetime
    day: date
    money: Decimal
    colour: _Colour
    parts: tuple[int, ...]


def test_rows_become_json_with_ids_dates_and_numbers() -> None:
    row = _Row(
        UUID(int=1),
        datetime(2026, 3, 9, 9, tzinfo=UTC),
        date(2026, 3, 9),
        Decimal("1499998.50"),
        _Colour.RED,
        (1, 2),
    )
    assert plain([row]) == [
        {
            "id": "00000000-0000-0000-0000-000000000001",
            "when": "2026-03-09T09:00:00+00:00",
            "day": "2026-03-09",
            "money": 1499998.5,
            "colour": "red",
            "parts": [1, 2],
        }
    ]
    assert plain(Decimal("12.00")) == 12


def test_what_has_no_json_is_a_bug_not_a_text() -> None:
    with pytest.raises(TypeError, match="object has no JSON"):
        plain(object())


def test_a_table_is_aligned_and_long_cells_are_cut(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([("a", "x" * 80), ("bcd", None)], ("One", "Two"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "One  Two"
    assert lines[1].startswith("a    xxx")
    assert lines[1].endswith("…")
    assert lines[2] == "bcd"


def test_an_error_says_code_text_and_facts_on_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = BadRow("bad_month", "Line {row}: no month.", file="plan.csv", row=3)
    print_error(error, as_json=True)
    print_error(error, as_json=False)
    out, err = capsys.readouterr()
    assert out == ""
    first, second = err.splitlines()
    assert json.loads(first)["error"] == {
        "code": "bad_month",
        "text": "Line 3: no month.",
        "facts": {"file": "plan.csv", "row": 3},
    }
    assert second == "projectdesk: Line 3: no month. [bad_month]"


def test_dates_before_the_start_name_the_option(capsys: pytest.CaptureFixture[str]) -> None:
    print_error(BadRow("before_start", "{file}: too early.", file="p.xml", row=1), as_json=False)
    assert "too early. Add --own-start to count" in capsys.readouterr().err


@pytest.mark.full
def test_a_column_of_days_says_which(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["list", "late", "--data", str(tmp_path)]) == 0
    assert "  Days late  " in capsys.readouterr().out
