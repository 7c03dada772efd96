"""What keys and buttons of the notes' editor do to light Markdown, and how its lines look.

Pure: texts in, changes out. The page's editor does the same (`resources/web/markdown.js`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

BOLD: Final = "**"
HEADING: Final = "## "
BULLET: Final = "- "

_ENTRY: Final = re.compile(
    r"(?P<indent>\s*)(?:(?P<bullet>[-*+•])|(?P<number>[0-9]{1,3})(?P<dot>[.)]))(?P<space>\s+)"
    r"(?P<box>\[[ xX]\]\s+)?"
)
_HEAD: Final = re.compile(r"(?:#{1,4}|[-*+•]|[0-9]{1,3}[.)])\s+")
_TITLE: Final = re.compile(r"#{1,4}\s+(?=\S)")
_ROW: Final = re.compile(r"\s*\|.*\|\s*$")
_ADDRESS: Final = re.compile(r"https?://\S+")
_PIECES: Final = re.compile(
    r"(?P<open>\*\*)(?=\S)(?P<bold>.+?)(?<=\S)(?P<close>\*\*)"
    r"|(?P<begin>\[)(?P<words>[^\[\]]+)(?P<end>\]\([^()\s]+\))"
)


class Look(Enum):
    """How a stretch of a line is shown. MARK: what makes it so, and is not printed."""

    TITLE = "title"
    BOLD = "bold"
    LINK = "link"
    MARK = "mark"


@dataclass(frozen=True)
class Piece:
    """A stretch of a line with a look. start, end: in characters."""

    start: int
    end: int
    look: Look


def pieces(line: str) -> Iterator[Piece]:
    """Return what looks otherwise than plain text in a line; later ones lie over earlier ones."""
    title, entry = _TITLE.match(line), _ENTRY.match(line)
    if title is not None:
        yield Piece(0, len(line), Look.TITLE)
        yield Piece(0, title.end(), Look.MARK)
    elif entry is not None:
        yield Piece(0, entry.end(), Look.MARK)
    elif _ROW.match(line):
        for found in re.finditer(r"\|", line):
            yield Piece(found.start(), found.end(), Look.MARK)
    for found in _PIECES.finditer(line):
        before, inner, behind = (
            ("open", "bold", "close") if found["bold"] else ("begin", "words", "end")
        )
        yield Piece(*found.span(before), Look.MARK)
        yield Piece(*found.span(inner), Look.BOLD if found["bold"] else Look.LINK)
        yield Piece(*found.span(behind), Look.MARK)


def toggled_lines(lines: Sequence[str], mark: str) -> list[tuple[int, str]]:
    """Begin lines with a mark in place of another; without it, if all have it already.

    Args:
        lines: without their ends.
        mark: `HEADING` or `BULLET`.

    Returns:
        For each line how many characters go from its start, and what comes there.
    """
    written = [line for line in lines if line.strip()]
    is_on = bool(written) and all(line.startswith(mark) for line in written)
    changes = []
    for line in lines:
        if not line.strip() and len(lines) > 1:
            changes.append((0, ""))
            continue
        head = _HEAD.match(line)
        changes.append((head.end() if head is not None else 0, "" if is_on else mark))
    return changes


def continued(line: str, place: int) -> str | None:
    """Return what Enter puts into a list's entry to go on with the list.

    Args:
        line: where the cursor is.
        place: of the cursor in the line. Before the words of an entry UTF-16 units are characters.

    Returns:
        The new line; "" = the entry is empty, so its mark goes and the list is over. None: it is no
        entry, or the cursor is before its words.
    """
    entry = _ENTRY.match(line)
    if entry is None or place < entry.end():
        return None
    if not line[entry.end() :].strip():
        return ""
    mark = entry["bullet"] or f"{int(entry['number']) + 1}{entry['dot']}"
    return f"\n{entry['indent']}{mark}{entry['space']}{'[ ] ' if entry['box'] else ''}"


def is_address(words: str) -> bool:
    """Return whether words are an address that a link may lead to."""
    return _ADDRESS.fullmatch(words) is not None


def table(titles: Sequence[str], *, is_below: bool) -> tuple[str, str]:
    """Return an empty table in two parts; the cursor goes between them, into its first cell.

    is_below: the line has words; the table comes below, after an empty line.
    """
    head = f"| {' | '.join(titles)} |\n|{' --- |' * len(titles)}\n"
    before = "\n\n" if is_below else ""
    return f"{before}{head}| ", f" |{'   |' * (len(titles) - 1)}\n"
