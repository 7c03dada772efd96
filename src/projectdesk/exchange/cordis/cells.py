"""Cells of the exports as values, oddities as findings.

May import: exchange.findings, exchange.values.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from projectdesk.domain.countries import is_known, iso_country
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.values import read_amount, read_date, read_flag
from projectdesk.worded import Worded, worded

PIC_DIGITS = 9


class Cells:
    """Reads cells of one row after another; what cannot be read is noted and taken as not known."""

    def __init__(self, file: str, findings: Findings) -> None:
        self.file = file
        self.findings = findings
        self.row = 0
        self._countries: dict[str, str] = {}
        self._numbers: dict[str, int] = {}

    def note(self, column: str, code: str, text: Worded) -> None:
        """Note an oddity of the current row."""
        self.findings.add(self.file, self.row, column, code, text)

    def amount(self, cell: str, column: str) -> Decimal | None:
        """Return an amount in euro, None where none can be read."""
        try:
            return read_amount(cell)
        except ValueError:
            self._unread(cell, column, "bad_amount", worded("an amount"))
            return None

    def date(self, cell: str, column: str) -> date | None:
        """Return a date, None where none can be read."""
        try:
            return read_date(cell)
        except ValueError:
            self._unread(cell, column, "bad_date", worded("a date"))
            return None

    def flag(self, cell: str, column: str) -> bool | None:
        """Return yes or no, None where neither can be read."""
        try:
            return read_flag(cell)
        except ValueError:
            self._unread(cell, column, "bad_flag", worded("yes or no"))
            return None

    def whole(self, cell: str, column: str, largest: int) -> int | None:
        """Return a whole number from 1, None where none can be read ("" and "0" say nothing)."""
        known = self._numbers.get(cell)
        if known is not None and known <= largest:
            return known
        text = cell.strip().removesuffix(".0")
        if not text or not text.strip("0"):
            return None
        if text.isascii() and text.isdigit() and len(text) < 9 and int(text) <= largest:
            self._numbers[cell] = int(text)
            return int(text)
        self.note(
            column,
            "bad_number",
            worded("“{cell}” is no number from 1 to {largest}.", cell=cell[:40], largest=largest),
        )
        return None

    def country(self, cell: str, column: str) -> str:
        """Return an ISO code; a code nobody knows stays readable and is noted once a row."""
        known = self._countries.get(cell)
        if known is not None:
            return known
        code = iso_country(cell)
        if code and not is_known(code):
            self.note(
                column,
                "unknown_country",
                worded("“{code}” is no known country code; kept.", code=code[:40]),
            )
        else:
            self._countries[cell] = code
        return code

    def pic(self, cell: str, column: str) -> str:
        """Return a PIC of nine digits, "" where there is none."""
        text = cell.strip().removesuffix(".0")
        if len(text) == PIC_DIGITS and text.isascii() and text.isdigit():
            return text
        if text:
            self.note(
                column,
                "odd_pic",
                worded(
                    "“{text}” is no PIC of {count} digits; left out.",
                    text=text[:40],
                    count=PIC_DIGITS,
                ),
            )
        return ""

    def position(self, cell: str, column: str) -> tuple[float | None, float | None]:
        """Return latitude and longitude in degrees out of "51.9,5.6" or "(51.9,5.6)"."""
        text = cell.strip().strip("()")
        if not text:
            return None, None
        try:
            latitude, longitude = (float(part) for part in text.split(","))
        except ValueError:
            latitude = longitude = float("nan")
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            return latitude, longitude
        self.note(
            column, "bad_position", worded("“{cell}” is no latitude,longitude.", cell=cell[:40])
        )
        return None, None

    def _unread(self, cell: str, column: str, code: str, expected: Worded) -> None:
        self.note(
            column,
            code,
            worded(
                "“{cell}” is not {expected}; taken as not known.", cell=cell[:40], expected=expected
            ),
        )
