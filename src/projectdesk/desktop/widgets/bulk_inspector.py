"""Several selected records at once: what they have in common, changed for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models.cell_edits import CellEdit
from projectdesk.desktop.models.fields import Entry, Field, Target
from projectdesk.desktop.theme.tokens import (
    INSPECTOR_WIDTH,
    SPACE_L,
    SPACE_M,
    SPACE_S,
    SPACE_XL,
    SPACE_XS,
)
from projectdesk.desktop.widgets.editors import ChoiceEditor, ChoicesEditor
from projectdesk.desktop.widgets.form import Form
from projectdesk.desktop.widgets.layout import (
    button,
    column,
    hairline,
    icon_button,
    plain,
    row,
    scrolled,
    show_if,
    text,
)

Lines = Sequence[Field[Any] | Sequence[Field[Any]]]
Rows = tuple[Any, ...]
_SEVERAL = object()


class BulkInspector(QFrame):
    """The fields of all selected records; an edit goes to each of them."""

    entered = Signal(object)
    """list[CellEdit]: of the records whose value differs"""
    closed = Signal()
    delete_asked = Signal()

    def __init__(self, lines: Lines, delete_words: str = "") -> None:
        """Make it for the fields of an inspector; "" = nothing is deleted here."""
        super().__init__()
        self.setProperty("surface", "inspector")
        self.setFixedWidth(INSPECTOR_WIDTH)
        self._rows: Rows = ()
        self._fields = {f.name: f for line in lines for f in _flat(line)}
        self._title = text("", "heading", wrap=True)
        hint = text(say("What you change here changes for all of them."), "caption", wrap=True)
        self.form = Form([_line_for_many(line) for line in lines])
        self.form.entered.connect(self._on_entered)
        self._hints = {name: made.editor.placeholderText() for name, made in self.form.rows.items()}
        close = icon_button("x", say("Close"), self.closed.emit)
        top = row(
            column(self._title, hint, spacing=SPACE_XS),
            close,
            spacing=SPACE_S,
            margins=(SPACE_XL, SPACE_L, SPACE_M, SPACE_M),
        )
        top.setStretch(0, 1)
        self.delete = button(delete_words or say("Delete"), "danger", "trash-2")
        self.delete.clicked.connect(self.delete_asked)
        show_if(self.delete, bool(delete_words))
        inside = column(
            self.form, row(self.delete, None), None, margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        )
        layout = column(top, hairline(), scrolled(plain(inside)), spacing=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show several records."""
        self._rows = tuple(rows)
        self._title.setText(say_count(len(rows), "{count} selected", "{count} selected"))
        self.form.show_row(self._rows)
        for made in self.form.rows.values():
            several = made.field.name in self._several()
            editor = made.editor
            if isinstance(editor, ChoicesEditor):
                continue
            hint = self._hints[made.field.name]
            editor.setPlaceholderText(say("Several values") if several else hint)
            if isinstance(editor, ChoiceEditor):
                editor.update()

    @property
    def title(self) -> str:
        """How many are selected, in words."""
        return self._title.text()

    def _several(self) -> set[str]:
        return {name for name, of in self._fields.items() if common(of, self._rows) is _SEVERAL}

    def _on_entered(self, name: str, value: object) -> None:
        of = self._fields[name]
        edits = [
            CellEdit(each, of, value)
            for each in self._rows
            if of.value(each) != value and (of.target is None or of.target(each) is not None)
        ]
        if edits:
            self.entered.emit(edits)


def common(of: Field[Any], rows: Sequence[Any]) -> object:
    """Return the value that all rows have, a mark of its own when they differ."""
    values = (of.value(each) for each in rows)
    first = next(values, None)
    return first if all(value == first for value in values) else _SEVERAL


def _line_for_many(line: Field[Any] | Sequence[Field[Any]]) -> Field[Any] | list[Field[Any]]:
    return _for_many(line) if isinstance(line, Field) else [_for_many(each) for each in line]


def _for_many(of: Field[Any]) -> Field[Any]:
    """Return a field of a tuple of rows."""
    nothing = _SEVERAL if of.entry is Entry.CHOICE else None
    own = of.target

    def value(rows: Rows) -> object:
        shared = common(of, rows)
        return nothing if shared is _SEVERAL else shared

    def target(rows: Rows) -> Target | None:
        found: Callable[[Any], Target | None] | None = own
        return None if found is None else next((t for each in rows if (t := found(each))), None)

    return replace(of, value=value, target=None if own is None else target)


def _flat(line: Field[Any] | Sequence[Field[Any]]) -> Sequence[Field[Any]]:
    return [line] if isinstance(line, Field) else line
