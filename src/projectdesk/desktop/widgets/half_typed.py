"""Fields of text: which hold something that is not saved, and how one is found again after a start.

A field of a record is found by the record and the field's name, whether it stands in an inspector
or in a cell of a table. Any other is found by where it stands: the classes around it, the names
under which they hold it, and the record that they show.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QWidget

from projectdesk.desktop.shell.shell import Shell
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.editors import LongTextEditor, TextEditor
from projectdesk.desktop.widgets.form import FieldRow
from projectdesk.desktop.widgets.layout import NOT_KEPT

TextField = QLineEdit | QPlainTextEdit


@dataclass(frozen=True)
class FieldName:
    """How a field is found again, and what it is called. where: the dialog, or "" for a page."""

    key: str
    label: str
    where: str


def as_field(widget: QObject | None) -> TextField | None:
    """Return a widget whose text is kept while it is typed; None for any other, such as passwords.

    The call window keeps what is typed in it by itself (`call.open_calls`).
    """
    if not isinstance(widget, QLineEdit | QPlainTextEdit) or widget.isReadOnly():
        return None
    if isinstance(widget, QLineEdit) and widget.echoMode() != QLineEdit.EchoMode.Normal:
        return None
    if widget.property(NOT_KEPT) or not isinstance(widget.window(), Dialog | Shell):
        return None
    return widget


def text_of(field: TextField) -> str:
    """Return what a field holds."""
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def unsaved(field: TextField, before: str) -> str | None:
    """Return what a field holds that is saved nowhere; None for nothing.

    Args:
        field: the field.
        before: what it held when the person came to it. Fields of a page know it themselves, and
            save when one leaves them; those of a dialog are saved with it.
    """
    words = text_of(field)
    if _knows_itself(field):
        return words if field.is_unsaved else None
    return words if words != before and words.strip() else None


def saved_text(field: TextField, otherwise: str) -> str:
    """Return what is saved of a field; `otherwise` where the field does not know."""
    return field.saved if _knows_itself(field) else otherwise


def _knows_itself(field: TextField) -> TypeGuard[TextEditor | LongTextEditor]:
    own = isinstance(field, TextEditor | LongTextEditor)
    return own and not isinstance(field.window(), Dialog)


def put_back(field: TextField, words: str) -> None:
    """Type a text into a field as a person would: Ctrl+Z takes it back."""
    if isinstance(field, QLineEdit):
        field.selectAll()
        field.insert(words)
        return
    cursor = field.textCursor()
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.insertText(words)
    field.setTextCursor(cursor)


def fields_in(window: QWidget) -> Iterator[TextField]:
    """Yield the fields of a window or page that can be seen."""
    for kind in (QLineEdit, QPlainTextEdit):
        for child in window.findChildren(kind):
            field = as_field(child)
            if field is not None and field.isVisibleTo(window):
                yield field


def name_of(field: TextField, context: str) -> FieldName:
    """Return how a field is found again.

    Args:
        field: the field.
        context: where one is, such as the id of the meeting that is shown.
    """
    window = field.window()
    title = where = ""
    if isinstance(window, Dialog):
        # One class asks for many things: what it asks for tells them apart.
        asked = ",".join(sorted(each.field.name for each in window.findChildren(FieldRow)))
        title, where = window.windowTitle(), f"{type(window).__name__}:{asked}:{context}"
    row = _row_around(field)
    if row is not None:
        record = _id(row.seen)
        key = f"{where}/{record or context}/{row.field.name}"
        return FieldName(key, row.field.label, title)
    cell = _cell(field)
    if cell is not None:
        return FieldName(f"/{cell[0]}/{cell[1]}", cell[2], title)
    held = "/".join(_path(field))
    record = _record_around(field)
    return FieldName(f"{where}/{record or context}/{held}", _label(field), title)


def _row_around(field: QWidget) -> FieldRow | None:
    parent = field.parentWidget()
    return parent if isinstance(parent, FieldRow) else None


def _cell(field: QWidget) -> tuple[UUID, str, str] | None:
    """Return record, name and label of the cell that is edited, where it is one of a table."""
    viewport = field.parentWidget()
    table = viewport.parentWidget() if viewport is not None else None
    if not isinstance(table, DataTable) or not table.currentIndex().isValid():
        return None
    shown, column = table.cell(table.currentIndex())
    record = _id(shown)
    if record is None or column.field is None:
        return None
    return record, column.field.name, column.field.label


def _around(field: QWidget) -> Iterator[QWidget]:
    parent = field.parentWidget()
    while parent is not None:
        yield parent
        if parent.isWindow():
            return
        parent = parent.parentWidget()


def _path(field: QWidget) -> list[str]:
    """Return the names under which what is around a field holds it, from the inside out."""
    path, inner = [], field
    for each in _around(field):
        name = next((name for name, held in vars(each).items() if held is inner), "")
        if name or type(each).__module__.startswith("projectdesk."):
            path.append(f"{type(each).__name__}.{name}")
            inner = each
    return path


def _record_around(field: QWidget) -> UUID | None:
    """Return the record that what is around a field shows."""
    for each in _around(field):
        for held in vars(each).values():
            record = None if isinstance(held, QObject) else _id(held)
            if record is not None:
                return record
    return None


def _id(shown: object) -> UUID | None:
    found = getattr(shown, "id", None)
    return found if isinstance(found, UUID) else None


def _label(field: TextField) -> str:
    """Return what a field is called: its name, else the label beside it, else its hint."""
    if field.accessibleName():
        return field.accessibleName()
    parent = field.parentWidget()
    for label in parent.findChildren(QLabel) if parent is not None else ():
        if label.buddy() is field:
            return label.text()
    return field.placeholderText()
