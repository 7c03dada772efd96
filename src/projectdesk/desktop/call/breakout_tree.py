"""People in their groups as a tree: dragged, or moved by the menu of the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTreeWidget, QTreeWidgetItem

from projectdesk.desktop.language import say
from projectdesk.desktop.theme import Tone, theme

_KEY = Qt.ItemDataRole.UserRole
_PERSON = Qt.ItemDataRole.UserRole + 1

_ROW_HEIGHT = 28

MAIN = ""
"""Key of the main room."""


@dataclass(frozen=True)
class Shown:
    """A group as it is shown. people: id and words of each; marked: it asks for the chair."""

    key: str
    name: str
    people: tuple[tuple[str, str], ...]
    marked: bool = False


class GroupTree(QTreeWidget):
    """Groups with their people.

    moved: a person's id and the key of the group where they go. renamed: key and name of a group.
    """

    moved = Signal(str, str)
    renamed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setAccessibleName(say("Breakout rooms"))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_where)
        self.itemChanged.connect(self._on_changed)
        self._shown: object = None
        self._groups: tuple[Shown, ...] = ()

    def show_groups(self, groups: Sequence[Shown], *, names_change: bool) -> None:
        """Show groups; what is selected stays so.

        Args:
            groups: in order, the main room among them.
            names_change: names are edited in place.
        """
        shown = (tuple(groups), names_change)
        if shown == self._shown:
            return
        self._shown, self._groups = shown, tuple(groups)
        chosen = self.chosen_person() or ""
        self.blockSignals(True)
        self.clear()
        for group in groups:
            self._add(group, chosen, can_rename=names_change and group.key != MAIN)
        self.blockSignals(False)
        self.expandAll()

    def _add(self, group: Shown, chosen: str, *, can_rename: bool) -> None:
        words = group.name
        if group.marked:
            words = say("{group} asks for the chair", group=group.name)
        top = QTreeWidgetItem([words])
        top.setData(0, _KEY, group.key)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        flags |= Qt.ItemFlag.ItemIsDropEnabled
        top.setFlags(flags | Qt.ItemFlag.ItemIsEditable if can_rename else flags)
        icon, tone = ("bell", Tone.WARNING) if group.marked else ("layers", Tone.MUTED)
        top.setIcon(0, theme().icon(icon, tone))
        top.setSizeHint(0, QSize(0, _ROW_HEIGHT))
        self.addTopLevelItem(top)
        for person, name in group.people:
            entry = QTreeWidgetItem([name])
            entry.setData(0, _KEY, group.key)
            entry.setData(0, _PERSON, person)
            entry.setSizeHint(0, QSize(0, _ROW_HEIGHT))
            movable = Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemIsSelectable
            entry.setFlags(movable | Qt.ItemFlag.ItemIsEnabled)
            entry.setIcon(0, theme().icon("user", Tone.MUTED))
            top.addChild(entry)
            if person == chosen:
                self.setCurrentItem(entry)

    def chosen_person(self) -> str | None:
        """Return the id of the person that is selected."""
        return self._current(_PERSON)

    def chosen_group(self) -> str | None:
        """Return the key of the group that is selected, or of the selected person's group."""
        return self._current(_KEY)

    def _current(self, role: int) -> str | None:
        chosen = self.selectedItems()
        found = chosen[0].data(0, role) if chosen else None
        return found if isinstance(found, str) else None

    def menu_for(self, person: str) -> QMenu:
        """Return where somebody may go, as a menu."""
        menu = QMenu(self)
        for group in self._groups:
            action = menu.addAction(group.name)
            action.setEnabled(all(person != one for one, _ in group.people))
            action.triggered.connect(partial(self._move, person, group.key))
        return menu

    def _move(self, person: str, group: str, _checked: bool = False) -> None:
        self.moved.emit(person, group)

    def _ask_where(self, place: QPoint) -> None:
        person = self.chosen_person()
        if person is not None:
            menu = self.menu_for(person)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.viewport().mapToGlobal(place))

    def _on_changed(self, item: QTreeWidgetItem, _column: int) -> None:
        if item.data(0, _PERSON) is None:
            self.renamed.emit(item.data(0, _KEY), item.text(0))

    def dropEvent(self, event: QDropEvent) -> None:
        """Say who was dropped where; what is shown follows from what comes of it."""
        target = self.itemAt(event.position().toPoint())
        person = self.chosen_person()
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        group = target.data(0, _KEY) if target is not None else None
        if person is not None and group is not None and group != self.chosen_group():
            self._move(person, group)
