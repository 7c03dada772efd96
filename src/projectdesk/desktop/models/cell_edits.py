"""What pasting, filling and clearing would change: values by the fields of the columns.

Everything is read before anything is saved: what cannot be read is a problem with its row, its
column and what was expected.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from projectdesk.desktop.language import say
from projectdesk.desktop.models.entries import (
    NotAValue,
    copied,
    empty_value,
    read_choice,
    read_value,
)
from projectdesk.desktop.models.fields import Column, Field, Option
from projectdesk.desktop.models.folding import fold


@dataclass(frozen=True)
class CellEdit:
    """A new value of one cell."""

    row: Any
    field: Field[Any]
    value: object


@dataclass(frozen=True)
class CellProblem:
    """A cell that cannot take what it should. row, column: what they are called."""

    row: str
    column: str
    words: str


@dataclass(frozen=True)
class Area:
    """Cells of a table: numbers of shown rows, and of columns from left to right."""

    rows: Sequence[int]
    columns: Sequence[int]
    whole_rows: bool = False


@dataclass
class CellPlan:
    """What would change, and what cannot."""

    edits: list[CellEdit] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)


class CellPlanner:
    """Plans changes of cells.

    Args:
        rows: as shown.
        columns: the visible ones, from left to right.
        name: what a row is called in a problem.
    """

    def __init__(
        self, rows: Sequence[Any], columns: Sequence[Column[Any]], name: Callable[[Any], str]
    ) -> None:
        self._rows = rows
        self._columns = columns
        self._name = name
        self._read: dict[tuple[str, str], object] = {}
        self._plan = CellPlan()

    def paste(self, block: Sequence[Sequence[str]], area: Area) -> CellPlan:
        """Plan to put a block of texts at the top left of an area, or all over it.

        A block that fits several times into the area fills it, as in a spreadsheet. A first line
        with the titles of columns is no data.
        """
        width = max(len(line) for line in block)
        block = [[*line, *[""] * (width - len(line))] for line in block]
        titles = [column.title for column in self._columns]
        left = area.columns[0]
        if len(block) > 1:
            for start in (left, 0):
                if block[0] == titles[start : start + width]:
                    block, left = block[1:], start
                    break
        height = len(block)
        down, across = self._times(height, width, area)
        for number in range(height * down):
            for step in range(width * across):
                words = block[number % height][step % width]
                self._put(area.rows[0] + number, left + step, words)
        return self._plan

    def paste_named(self, block: Sequence[Sequence[str]]) -> CellPlan | None:
        """Plan to put a block whose first line and column name columns and rows where they belong.

        Returns:
            None when it is no such block: its first line names other things than columns.
        """
        titles = {fold(column.title): step for step, column in enumerate(self._columns)}
        named = [fold(words.strip()) for words in block[0][1:]]
        if len(block) < 2 or not named or not all(words in titles for words in named):
            return None
        rows = [Option(number, self._name(row)) for number, row in enumerate(self._rows)]
        for line in block[1:]:
            try:
                number = read_choice(line[0], rows)
            except NotAValue:
                self._plan.problems.append(
                    CellProblem(line[0].strip() or "–", "", say("There is no such row here."))
                )
                continue
            for words, title in zip(line[1:], named, strict=False):
                self._put(int(str(number)), titles[title], words)
        return self._plan

    def fill(self, area: Area, *, right: bool) -> CellPlan:
        """Plan to copy the first row (or column) of an area over the rest of it.

        An area of one row takes what is above it, one of one column what is left of it.
        """
        rows, columns = list(area.rows), list(area.columns)
        if right:
            from_column = columns[0] if len(columns) > 1 else columns[0] - 1
            for number in rows:
                for target in columns[1:] or columns:
                    self._copy(number, from_column, number, target)
        else:
            from_row = rows[0] if len(rows) > 1 else rows[0] - 1
            for number in rows[1:] or rows:
                for target in columns:
                    self._copy(from_row, target, number, target)
        return self._plan

    def clear(self, area: Area) -> CellPlan:
        """Plan to empty the cells of an area."""
        for number in area.rows:
            row = self._rows[number]
            for step in area.columns:
                column = self._columns[step]
                if not editable(column, row) or column.field is None:
                    self._blame(row, column, say("This is not changed here."))
                    continue
                try:
                    self._add(row, column, empty_value(column.field))
                except NotAValue as error:
                    self._blame(row, column, str(error))
        return self._plan

    # --- inside

    def _times(self, height: int, width: int, area: Area) -> tuple[int, int]:
        """Return how often a block fits into the area, down and across; once if not evenly."""
        if area.whole_rows:
            return 1, 1
        down, across = len(area.rows), len(area.columns)
        if down % height or across % width:
            return 1, 1
        return down // height, across // width

    def _copy(self, from_row: int, from_column: int, number: int, step: int) -> None:
        if from_row < 0 or from_column < 0:
            return
        source, column = self._rows[from_row], self._columns[from_column]
        if from_column == step and column.field is not None:
            row = self._rows[number]
            if editable(column, row):
                self._add(row, column, column.field.value(source))
            else:
                self._blame(row, column, say("This is not changed here."))
            return
        self._put(number, step, copied(column, source))

    def _put(self, number: int, step: int, words: str) -> None:
        """Plan one cell."""
        if number >= len(self._rows) or step >= len(self._columns):
            self._blame_outside(number, step, words)
            return
        row, column = self._rows[number], self._columns[step]
        if words.strip() == copied(column, row).strip():
            return
        if not editable(column, row) or column.field is None:
            if words.strip() != column.text(row).strip():
                self._blame(row, column, say("This is not changed here."))
            return
        try:
            self._add(row, column, self._value(column.field, words))
        except NotAValue as error:
            shown = words if len(words) <= 40 else f"{words[:39]}…"
            self._blame(row, column, f"“{shown}” – {error}" if words.strip() else str(error))

    def _value(self, of: Field[Any], words: str) -> object:
        known = (of.name, words)
        if known not in self._read:
            self._read[known] = read_value(of, words)
        return self._read[known]

    def _add(self, row: Any, column: Column[Any], value: object) -> None:
        if column.field is not None and not _same(column.field.value(row), value):
            self._plan.edits.append(CellEdit(row, column.field, value))

    def _blame(self, row: Any, column: Column[Any], words: str) -> None:
        self._plan.problems.append(CellProblem(self._name(row), column.title, words))

    def _blame_outside(self, number: int, step: int, words: str) -> None:
        if not words.strip():
            return
        inside = number < len(self._rows)
        row = self._name(self._rows[number]) if inside else say("Row {row}", row=number + 1)
        column = self._columns[step].title if step < len(self._columns) else "–"
        self._plan.problems.append(CellProblem(row, column, say("The table ends before here.")))


def _same(one: object, other: object) -> bool:
    """Return whether two values are one; lists and tuples of the same values are."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return list(one) == list(other)
    return one == other


def editable(column: Column[Any], row: Any) -> bool:
    """Return whether a cell can be changed."""
    of = column.field
    return of is not None and (of.target is None or of.target(row) is not None)
