"""The tree of a window as Qt's accessibility gives it to a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QWidget

Role, Text = QAccessible.Role, QAccessible.Text
VIEWS = frozenset({Role.Table, Role.Tree, Role.List})
"""What has rows and cells as its children: `rules` reads those from the model."""
_MOST_CHILDREN = 400


@dataclass(frozen=True)
class Element:
    """One thing of the tree.

    place: the classes from the window down to it, for who looks for it.
    group: id of the widget it stands in, None for what is no widget (a tab of a bar).
    """

    role: QAccessible.Role
    name: str
    description: str
    value: str
    place: str
    group: int | None
    focusable: bool
    enabled: bool
    checkable: bool
    labelled: bool
    widget: QWidget | None


def elements(window: QWidget) -> Iterator[Element]:
    """Yield what is visible in `window`, parents first; cells of views are not among it."""
    top = QAccessible.queryAccessibleInterface(window)
    if top is not None:
        yield from _below(top, "")


def _below(one: QAccessibleInterface, above: str) -> Iterator[Element]:
    state = one.state()
    if not one.isValid() or state.invisible:
        return
    made = _element(one, above)
    yield made
    if made.role in VIEWS:
        return
    for number in range(min(one.childCount(), _MOST_CHILDREN)):
        child = one.child(number)
        if child is not None:
            yield from _below(child, made.place)


def _element(one: QAccessibleInterface, above: str) -> Element:
    thing: QObject | None = one.object()
    widget = thing if isinstance(thing, QWidget) else None
    parent = widget.parentWidget() if widget is not None else None
    state = one.state()
    called = type(thing).__name__ if thing is not None else one.role().name
    return Element(
        role=one.role(),
        name=one.text(Text.Name),
        description=one.text(Text.Description),
        value=one.text(Text.Value),
        place=f"{above} > {called}" if above else called,
        group=id(parent) if parent is not None else None,
        focusable=bool(state.focusable),
        enabled=not state.disabled,
        checkable=bool(state.checkable),
        labelled=bool(one.relations(QAccessible.RelationFlag.Label)),
        widget=widget,
    )
