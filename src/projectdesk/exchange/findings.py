"""What a reader found odd in a file but could live with.

May import: errors, worded. A file of 150,000 rows can be odd 150,000 times, so each kind of
finding is kept a limited number of times and counted beyond that.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from projectdesk.errors import ProjectDeskError
from projectdesk.worded import Worded, worded

KEPT_PER_CODE = 100
"""Findings of one code that are kept whole for one file."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One oddity. row: 1-based line of the file, 0 = the whole file. column: its header name."""

    file: str
    row: int
    column: str
    code: str
    text: Worded


class Findings:
    """Collects findings in the order in which they were made."""

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._seen: Counter[tuple[str, str]] = Counter()

    def add(self, file: str, row: int, column: str, code: str, text: Worded) -> None:
        """Note one oddity; beyond `KEPT_PER_CODE` of a code and file it is only counted."""
        self._seen[file, code] += 1
        if self._seen[file, code] <= KEPT_PER_CODE:
            self._kept.append(Finding(file, row, column, code, text))

    def count(self, code: str) -> int:
        """Return how often a code was noted, in all files."""
        return sum(number for (_, seen), number in self._seen.items() if seen == code)

    def all(self) -> tuple[Finding, ...]:
        """Return the kept findings, and one line for each kind of which more were counted."""
        more = [
            Finding(
                file,
                0,
                "",
                code,
                worded("{count} more like this ({code})", count=number - KEPT_PER_CODE, code=code),
            )
            for (file, code), number in self._seen.items()
            if number > KEPT_PER_CODE
        ]
        return (*self._kept, *more)


def said_by(error: ProjectDeskError) -> Worded:
    """Return what an error says, where a file is read all the same without what it is about."""
    return Worded(error.template, **error.facts)
