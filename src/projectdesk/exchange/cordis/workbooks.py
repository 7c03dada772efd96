"""Workbooks of CORDIS exports as the delimited text that the same tables are published as.

May import: errors, exchange.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.cordis.columns import recognise
from projectdesk.exchange.files import Source
from projectdesk.exchange.sheets import HEADER_ROWS, Workbook, open_workbook


@dataclass(frozen=True)
class SheetSource(Source):
    """One sheet as a file of its own: its rows from the header on, in UTF-8 with semicolons."""

    content: bytes = b""

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open it as seekable bytes."""
        with io.BytesIO(self.content) as stream:
            yield stream


def sheet_sources(path: Path, expected: str) -> list[SheetSource]:
    """Return the sheets of a workbook that hold a table of an export.

    Args:
        path: the workbook.
        expected: what would be read, for the refusal.

    Raises:
        UnreadableFile: `not_cordis`, or no workbook. FileTooLarge, NotFound.
    """
    found: list[SheetSource] = []
    first: list[str] = []
    with open_workbook(path) as workbook:
        for sheet in workbook.sheets:
            head = list(islice(workbook.rows(sheet), HEADER_ROWS))
            first = first or (head[0][1] if head else [])
            at = next((row for row, cells in head if recognise(cells) is not None), 0)
            if at:
                content = _as_text(workbook, sheet, at)
                name = f"{path.name}, sheet {sheet}"
                found.append(SheetSource(name, path, len(content), content=content))
    if not found:
        raise UnreadableFile(
            "not_cordis",
            "{file} has the columns {found}. Expected {expected}.",
            file=path.name,
            found=", ".join(first)[:200] or "none",
            expected=expected,
        )
    return found


def _as_text(workbook: Workbook, sheet: str, header: int) -> bytes:
    """Return the rows from the header on as delimited text; every row is as wide as the header."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
    rows = ((number, cells) for number, cells in workbook.rows(sheet) if number >= header)
    first = next(rows)
    for _, cells in chain([first], rows):
        writer.writerow([*cells, *([""] * (len(first[1]) - len(cells)))])
    return text.getvalue().encode()
