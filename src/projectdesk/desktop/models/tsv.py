"""Tables on the clipboard as spreadsheets write them: tab-separated text, and HTML.

Excel and LibreOffice put a cell into double quotes when it holds a tab or a line break, double the
quotes inside, end lines with CR LF (or LF), and end the last line too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_BREAKS = "\r\n"


def write(rows: Iterable[Sequence[str]]) -> str:
    """Return rows of cells as tab-separated text, without a line break at the end."""
    return "\n".join("\t".join(_quoted(cell) for cell in row) for row in rows)


def _quoted(cell: str) -> str:
    if cell[:1] == '"' or any(mark in cell for mark in "\t\r\n"):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def read(text: str) -> list[list[str]]:
    """Return the rows of cells of tab-separated text; a line break at the end adds no row.

    A cell that only begins with a quote (`"Smart" rivers`) is taken as it stands. Rows may have
    different lengths. An empty text is one empty cell.
    """
    rows: list[list[str]] = [[]]
    at = 0
    while True:
        cell, at = _cell(text, at)
        rows[-1].append(cell)
        if at >= len(text):
            return rows
        if text[at] == "\t":
            at += 1
            continue
        at += 2 if text.startswith("\r\n", at) else 1
        if at >= len(text):
            return rows
        rows.append([])


def _cell(text: str, at: int) -> tuple[str, int]:
    """Return the cell that begins at `at`, and where it ends."""
    if text.startswith('"', at):
        closing = _closing(text, at + 1)
        if closing is not None:
            inside = text[at + 1 : closing].replace('""', '"')
            return inside.replace("\r\n", "\n").replace("\r", "\n"), closing + 1
    end = at
    while end < len(text) and text[end] not in "\t\r\n":
        end += 1
    return text[at:end], end


def _closing(text: str, at: int) -> int | None:
    """Return where the quote closes, None when what follows it is no end of a cell."""
    while (at := text.find('"', at)) >= 0:
        if text.startswith('""', at):
            at += 2
            continue
        ends = at + 1 == len(text) or text[at + 1] in "\t\r\n"
        return at if ends else None
    return None


def write_html(rows: Iterable[Sequence[str]], texts: Sequence[bool]) -> str:
    """Return rows of cells as an HTML table.

    Args:
        rows: of cells.
        texts: of each column whether its cells are text, which a spreadsheet must not read as
            dates or numbers ("1-2", "T1.2").
    """
    style = " style=\"mso-number-format:'\\@'\""
    lines = [
        "<tr>"
        + "".join(
            f"<td{style if is_text else ''}>{escape(cell).replace(chr(10), '<br>')}</td>"
            for cell, is_text in zip(row, texts, strict=True)
        )
        + "</tr>"
        for row in rows
    ]
    return '<meta charset="utf-8"><table>' + "".join(lines) + "</table>"
