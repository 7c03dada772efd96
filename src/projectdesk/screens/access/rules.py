"""What is wrong with what a screen reader is told.

Each rule names the success criterion it stands for (WCAG 2.2; for software by EN 301 549, 11.x).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QTreeView,
    QWidget,
)

from projectdesk.screens.access.reading import Element, Role

_MUTE = frozenset({Role.NoRole, Role.Client, Role.Pane, Role.Border, Role.Whitespace})
"""Roles that say nothing of what can be done with what has them."""
_ACTED_ON = frozenset(
    {
        Role.Button,
        Role.CheckBox,
        Role.ComboBox,
        Role.EditableText,
        Role.Link,
        Role.PageTab,
        Role.RadioButton,
        Role.SpinBox,
    }
)
_READ = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole)
_PICTURED = (Qt.ItemDataRole.DecorationRole, Qt.ItemDataRole.CheckStateRole)
_MOST_ROWS = 40


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong. rule: its name. what: where, and what was expected."""

    rule: str
    what: str


def findings(tree: Iterable[Element]) -> list[Finding]:
    """Return what is wrong with the elements of one window."""
    seen = list(tree)
    found = [each for element in seen for each in _of_one(element)]
    return sorted({*found, *_named_twice(seen)})


def _of_one(element: Element) -> Iterator[Finding]:
    if element.focusable and not _named(element):
        yield Finding("name", f"{element.place}: a control without a name (4.1.2)")
    if element.focusable and element.role in _MUTE:
        yield Finding("role", f"{element.place}: can be reached, but its role says nothing (4.1.2)")
    widget = element.widget
    if isinstance(widget, QAbstractButton):
        yield from _of_button(widget, element)
    if isinstance(widget, QAbstractItemView):
        yield from _of_view(widget, element)
    elif widget is not None and paints_itself(widget):
        yield from _of_painted(element)


def _named(element: Element) -> bool:
    """Tell whether it has a name; a box whose name is only what is chosen in it has none."""
    if element.role is Role.ComboBox and element.name == element.value:
        widget = element.widget
        return element.labelled or bool(widget is not None and widget.accessibleName())
    return bool(element.name.strip())


def _of_button(button: QAbstractButton, element: Element) -> Iterator[Finding]:
    pictured = element.role is not Role.Graphic and not button.text()
    if pictured and not button.icon().isNull() and not button.toolTip():
        yield Finding(
            "tip", f"{element.place} “{element.name}”: an icon without a tool tip (1.1.1)"
        )
    if button.isCheckable() and not element.checkable:
        yield Finding("state", f"{element.place} “{element.name}”: its state is not told (4.1.2)")


def _of_painted(element: Element) -> Iterator[Finding]:
    """Judge what paints its own content: the content has to be there in words, too (1.1.1)."""
    if not (element.name or element.description or element.value):
        yield Finding("contents", f"{element.place}: painted, and not said in words (1.1.1)")


def paints_itself(widget: QWidget) -> bool:
    """Tell whether the widget's class (one of ours) paints what it shows."""
    for kind in type(widget).__mro__:
        if not kind.__module__.startswith("projectdesk"):
            return False
        if "paintEvent" in vars(kind):
            return True
    return False


def _of_view(view: QAbstractItemView, element: Element) -> Iterator[Finding]:
    model: QAbstractItemModel | None = view.model()
    if model is None:
        return
    for header in _headers(view):
        for number in range(header.count()):
            if not header.isSectionHidden(number) and not _title(model, number, header):
                yield Finding("header", f"{element.place}: column {number} has no title (1.3.1)")
    for index in _indexes(view, model):
        if any(model.data(index, role) is not None for role in _PICTURED) and not _words(index):
            place = f"row {index.row()}, column {index.column()}"
            yield Finding("cell", f"{element.place}: {place} is a picture without words (1.1.1)")


def _headers(view: QAbstractItemView) -> Iterator[QHeaderView]:
    header: QHeaderView | None = None
    if isinstance(view, QTableView):
        header = view.horizontalHeader()
    elif isinstance(view, QTreeView):
        header = view.header()
    if header is not None and not header.isHidden():
        yield header


def _title(model: QAbstractItemModel, number: int, header: QHeaderView) -> str:
    said = (model.headerData(number, header.orientation(), role) for role in _READ)
    return next((str(words) for words in said if words), "")


def _indexes(view: QAbstractItemView, model: QAbstractItemModel) -> Iterator[QModelIndex]:
    root = view.rootIndex()
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(root)
    for row in range(min(model.rowCount(root), _MOST_ROWS)):
        for column in range(columns):
            if not isinstance(view, QTableView) or not view.isColumnHidden(column):
                yield model.index(row, column, root)


def _words(index: QModelIndex) -> str:
    return next((str(words) for role in _READ if (words := index.data(role))), "")


def _named_twice(seen: list[Element]) -> Iterator[Finding]:
    """Find controls that stand in one group and cannot be told from one another (2.4.6)."""
    counted = Counter(
        (element.group, element.role, element.name)
        for element in seen
        if element.enabled and element.name and element.role in _ACTED_ON and element.widget
    )
    for element in seen:
        if counted[(element.group, element.role, element.name)] > 1 and element.widget:
            words = f"{element.place}: “{element.name}” is there more than once (2.4.6)"
            yield Finding("twice", words)
