"""What can be edited of a row, told without widgets: forms, cells and inspectors are made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar
from uuid import UUID

from projectdesk.desktop.theme.tokens import Tone
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.desktop.models.months import MonthUnit

RowT = TypeVar("RowT")


class Entry(StrEnum):
    """How a value is entered."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    PERSON_MONTHS = "person_months"
    DATE = "date"
    TIME = "time"
    CHOICE = "choice"
    CHOICES = "choices"
    SHARE = "share"
    ZONE = "zone"


@dataclass(frozen=True)
class Option:
    """One value that can be chosen, and what it is called."""

    value: object
    label: str


@dataclass(frozen=True)
class Target:
    """The record that an edit goes to, and the version that was seen."""

    kind: Kind
    id: UUID
    version: int


def _no_options() -> Sequence[Option]:
    return ()


@dataclass(frozen=True)
class Field(Generic[RowT]):
    """One editable field of a row.

    name: the field of the domain's dataclass. target: the record it belongs to where that is not
    the row itself; None from it = not editable for this row. minimum, maximum: of a number.
    prefix: shown before a number ("M"). months: it is a project month, shown in that unit; ends: it
    stands for the end of the month. suggestions: texts that are offered and need not be taken.
    """

    name: str
    label: str
    value: Callable[[RowT], object]
    entry: Entry = Entry.TEXT
    options: Callable[[], Sequence[Option]] = _no_options
    target: Callable[[RowT], Target | None] | None = None
    hint: str = ""
    minimum: int = 0
    maximum: int = 9999
    prefix: str = ""
    parts: tuple[str, ...] = ()
    months: MonthUnit | None = None
    ends: bool = False
    suggestions: tuple[str, ...] = ()

    def kept(self, value: object) -> dict[str, object]:
        """Return a value as the fields of the domain's dataclass that keep it."""
        if self.parts and isinstance(value, tuple):
            return dict(zip(self.parts, value, strict=True))
        return {self.name: value}


def by_name(lines: Sequence[Field[RowT] | Sequence[Field[RowT]]]) -> dict[str, Field[RowT]]:
    """Return the fields of a form's lines by their names: cells are edited as forms are."""
    flat = (f for line in lines for f in ([line] if isinstance(line, Field) else line))
    return {field.name: field for field in flat}


@dataclass(frozen=True)
class RowHeading(Generic[RowT]):
    """What rows are called at the left of a table whose columns have only figures."""

    title: str
    name: Callable[[RowT], str]


@dataclass(frozen=True)
class Column(Generic[RowT]):
    """One column of a table.

    text: what is shown. sort: key to order by, the text when None. tone: shows the text as a chip
    of that tone. width: in pixels, 0 = shares what is left (by `stretch`). optional: goes where
    there is no room. name: under which its look is kept, the field's or the title when "". spare:
    shown only when the person asks for it. bold: which cells stand out. about: says more of the
    column than its title.
    """

    title: str
    text: Callable[[RowT], str]
    sort: Callable[[RowT], object] | None = None
    width: int = 0
    stretch: int = 1
    tone: Callable[[RowT], Tone | None] | None = None
    muted: bool = False
    strong: bool = False
    right: bool = False
    optional: bool = False
    alarm: Callable[[RowT], bool] | None = None
    field: Field[RowT] | None = None
    tip: Callable[[RowT], str] | None = None
    name: str = ""
    spare: bool = False
    bold: Callable[[RowT], bool] | None = None
    about: str = ""
