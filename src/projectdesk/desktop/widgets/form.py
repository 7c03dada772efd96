"""Labelled fields that save at once, with what is wrong said beside them; and the inspector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models.fields import Field
from projectdesk.desktop.theme.tokens import (
    INSPECTOR_WIDTH,
    SPACE_L,
    SPACE_M,
    SPACE_S,
    SPACE_XL,
    SPACE_XS,
)
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.desktop.widgets.editors import (
    ChoiceEditor,
    ChoicesEditor,
    Editor,
    LongTextEditor,
    NotAValue,
    TextEditor,
    editor_for,
    mark_invalid,
)
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


class FieldRow(QWidget):
    """A label, an editor, and under it what is wrong with the value.

    seen: the row whose value the editor shows. While a person types it stays the one they began
    with, though somebody else may have saved a newer one: an edit goes out with what was seen.
    """

    entered = Signal(str, object)

    def __init__(self, field: Field[Any]) -> None:
        super().__init__()
        self.field = field
        self.seen: Any = None
        self.editor: Editor = editor_for(field)
        label = text(field.label, "label")
        label.setBuddy(self.editor)
        self._problem = text("", "error", wrap=True)
        self._problem.hide()
        self.setLayout(column(label, self.editor, self._problem, spacing=SPACE_XS))
        self.editor.committed.connect(self._on_committed)

    @property
    def problem(self) -> str:
        """What is wrong, "" when nothing is."""
        return "" if self._problem.isHidden() else self._problem.text()

    def value(self) -> Any:
        """Return the value; raises NotAValue."""
        return self.editor.value()

    def load(self) -> None:
        """Ask for the options again, where there are any."""
        if isinstance(self.editor, ChoiceEditor | ChoicesEditor):
            self.editor.load()

    def show_row(self, shown: Any) -> None:
        """Show the field of `shown`; what was refused or is being typed stays where it is."""
        self.load()
        same = self.seen is not None and _identity(self.seen) == _identity(shown)
        if same and self.problem and getattr(self.editor, "refused", False):
            return
        value = self.field.value(shown)
        self.editor.set_value(value)
        if not same or not self.editor.hasFocus() or self._shows(value):
            self.seen = shown
        editable = self.field.target is None or self.field.target(shown) is not None
        self.editor.setEnabled(editable)
        self.show_problem("")

    def show_problem(self, words: str) -> None:
        """Say what is wrong with what was entered; "" = nothing."""
        if words == self.problem:
            return
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
        mark_invalid(self.editor, bool(words))

    def refuse(self, words: str) -> None:
        """Say why the value was not saved; leaving the field offers it again."""
        self.show_problem(words)
        if isinstance(self.editor, TextEditor | LongTextEditor):
            self.editor.refused = bool(words)

    def _shows(self, value: Any) -> bool:
        """Return whether the editor holds just this value."""
        try:
            return bool(self.editor.value() == ("" if value is None else value))
        except NotAValue:
            return False

    def _on_committed(self) -> None:
        try:
            value = self.editor.value()
        except NotAValue as error:
            self.show_problem(str(error))
            return
        self.show_problem("")
        self.entered.emit(self.field.name, value)


def _identity(shown: Any) -> object:
    return getattr(shown, "id", shown)


class Form(QWidget):
    """Fields under one another, or some beside each other."""

    entered = Signal(str, object)

    def __init__(self, lines: Sequence[Field[Any] | Sequence[Field[Any]]]) -> None:
        super().__init__()
        self.rows: dict[str, FieldRow] = {}
        box = column(spacing=SPACE_M)
        for line in lines:
            fields = [line] if isinstance(line, Field) else list(line)
            made = [self._make(field) for field in fields]
            if len(made) == 1:
                box.addWidget(made[0])
            else:
                beside = row(*made, spacing=SPACE_M)
                for number in range(len(made)):
                    beside.setStretch(number, 1)
                    beside.setAlignment(made[number], Qt.AlignmentFlag.AlignTop)
                box.addLayout(beside)
        self.setLayout(box)

    def _make(self, field: Field[Any]) -> FieldRow:
        made = FieldRow(field)
        made.entered.connect(self.entered)
        self.rows[field.name] = made
        return made

    def show_row(self, shown: Any) -> None:
        """Show the fields of a row."""
        for made in self.rows.values():
            made.show_row(shown)

    def load_options(self) -> None:
        """Ask for the options of all fields again: they came after the row was shown."""
        for made in self.rows.values():
            made.load()

    def show_problem(self, field: str, words: str) -> bool:
        """Say what is wrong beside `field`; False when there is no such field here."""
        if field not in self.rows:
            return False
        self.rows[field].refuse(words)
        return True

    def seen(self, field: str) -> Any:
        """Return the row whose value a field showed when the person began to change it."""
        return self.rows[field].seen

    def values(self) -> dict[str, Any] | None:
        """Return all values, or None when one is no value (said beside it)."""
        values: dict[str, Any] = {}
        for name, made in self.rows.items():
            try:
                values[name] = made.value()
            except NotAValue as error:
                made.show_problem(str(error))
                made.editor.setFocus()
                return None
            made.show_problem("")
        return values


class Inspector(QFrame):
    """One record beside its list: its fields, and what can be done with it."""

    entered = Signal(str, object)
    closed = Signal()
    delete_asked = Signal()
    history_asked = Signal()

    def __init__(
        self,
        lines: Sequence[Field[Any] | Sequence[Field[Any]]],
        delete_words: str = "",
        extra: Sequence[QWidget] = (),
        above: Sequence[QWidget] = (),
    ) -> None:
        super().__init__()
        self.setProperty("surface", "inspector")
        self.setFixedWidth(INSPECTOR_WIDTH)
        self._title = text("", "heading", wrap=True)
        self._subtitle = text("", "caption", wrap=True)
        self._chip = Chip()
        self.form = Form(lines)
        self.form.entered.connect(self.entered)
        close = icon_button("x", say("Close"), self.closed.emit)
        top = row(
            column(self._title, self._subtitle, spacing=SPACE_XS),
            close,
            spacing=SPACE_S,
            margins=(SPACE_XL, SPACE_L, SPACE_M, SPACE_M),
        )
        top.setAlignment(close, Qt.AlignmentFlag.AlignTop)
        top.setStretch(0, 1)
        inside = column(
            row(self._chip, None),
            *above,
            self.form,
            *extra,
            margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L),
        )
        self.delete = button(delete_words or say("Delete"), "danger", "trash-2")
        self.delete.clicked.connect(self.delete_asked)
        show_if(self.delete, bool(delete_words))
        inside.addSpacing(SPACE_S)
        inside.addLayout(row(self.delete, None))
        self.history = button(say("Show history"), "link", "", self.history_asked.emit)
        self._history = column(spacing=SPACE_S)
        inside.addSpacing(SPACE_S)
        inside.addLayout(row(self.history, None))
        inside.addLayout(self._history)
        inside.addStretch(1)
        self._scroll = scrolled(plain(inside))
        layout = column(top, hairline(), self._scroll, spacing=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def show_row(self, shown: Any, title: str, subtitle: str = "") -> None:
        """Show a record."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._subtitle.setVisible(bool(subtitle))
        self.form.show_row(shown)
        self._clear_history()

    def show_history(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show saved changes, newest first: what was done, and when by whom."""
        self._clear_history()
        self.history.hide()
        for what, when in lines or [(say("Nothing was changed yet."), "")]:
            self._history.addWidget(
                plain(column(text(what, wrap=True), text(when, "caption"), spacing=0))
            )

    def scroll_down(self) -> None:
        """Show the end of the inspector."""
        bar = self._scroll.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _clear_history(self) -> None:
        while (taken := self._history.takeAt(0)) is not None:
            if (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        show_if(self.history, True)

    @property
    def title(self) -> str:
        """What the record shown is called."""
        return self._title.text()
