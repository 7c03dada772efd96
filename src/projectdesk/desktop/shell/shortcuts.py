"""All keys of the desktop, in one list that can be searched (Ctrl+/)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.routes import RAIL
from projectdesk.desktop.shell.bars import place_name
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.header import FilterField

_HEIGHT = 420


@dataclass(frozen=True)
class Shortcut:
    """What a key does. where: in which part of the window. keys: as Qt writes them."""

    where: str
    keys: str
    does: str


def shortcuts() -> list[Shortcut]:
    """Return every key, in the order in which a person meets them."""
    return [
        *_of(say("Everywhere"), _everywhere()),
        *_of(say("Tables"), _tables()),
        *_of(say("Agenda and work plan"), _ordered()),
        *_of(say("Calendar"), _calendar()),
        *_of(say("Gantt chart"), _gantt()),
        *_of(say("Minutes"), _minutes()),
    ]


def _of(where: str, keys: dict[str, str]) -> list[Shortcut]:
    return [Shortcut(where, key, does) for key, does in keys.items()]


def _everywhere() -> dict[str, str]:
    places = {
        f"Ctrl+{number}": say("Go to {place}", place=place_name(place))
        for number, place in enumerate(RAIL, start=1)
    }
    return {
        "Ctrl+K": say("Search or do anything"),
        **places,
        "F1": say("User guide to this page"),
        "F6": say("To the next region: rail, bar, page, list, details"),
        "Shift+F6": say("To the region before"),
        "Ctrl+Z": say("Undo"),
        "Ctrl+Shift+Z": say("Redo"),
        "Ctrl+F": say("Filter the list"),
        "Shift+F10": say("Open the menu of what has the focus"),
        "Ctrl+/": say("Keyboard shortcuts"),
        "Esc": say("Close a dialog, a menu or a suggestion"),
    }


def _tables() -> dict[str, str]:
    return {
        "Return": say("Open the row"),
        "F2": say("Edit the cell"),
        "F4": say("Sort and filter by the column, choose columns"),
        "Del": say("Delete the rows or empty the cells"),
        "Shift+Space": say("Select whole rows"),
        "Ctrl+A": say("Select everything"),
        "Ctrl+C": say("Copy"),
        "Ctrl+Shift+C": say("Copy with titles"),
        "Ctrl+V": say("Paste"),
        "Ctrl+D": say("Fill down"),
        "Ctrl+R": say("Fill to the right"),
    }


def _ordered() -> dict[str, str]:
    return {
        "Alt+Up": say("Move up"),
        "Alt+Down": say("Move down"),
        "Ctrl+B": say("To the backlog"),
    }


def _calendar() -> dict[str, str]:
    return {
        "M": say("Month"),
        "W": say("Week"),
        "L": say("List"),
        "T": say("Today"),
        "PgUp": say("One step back"),
        "PgDown": say("One step on"),
        "N": say("To the next entry"),
        "P": say("To the entry before"),
        "Return": say("Open the entry, or plan a meeting here"),
        "Alt+Left": say("Move the meeting to the day before"),
        "Alt+Right": say("Move the meeting to the day after"),
        "Alt+Up": say("Move the meeting a quarter of an hour earlier"),
        "Alt+Down": say("Move the meeting a quarter of an hour later"),
    }


def _gantt() -> dict[str, str]:
    return {
        "Alt+Left": say("Move the bar a month earlier"),
        "Alt+Right": say("Move the bar a month later"),
        "Alt+Shift+Left": say("End a month earlier"),
        "Alt+Shift+Right": say("End a month later"),
        "Space": say("Fold the work package or unfold it"),
        "Ctrl++": say("Zoom in"),
        "Ctrl+-": say("Zoom out"),
        "Ctrl+0": say("Show the whole project"),
    }


def _minutes() -> dict[str, str]:
    return {
        "Tab": say("Take the suggestion, or go on to the next field"),
        "Ctrl+B": say("Bold"),
        "Ctrl+Shift+Q": say("New question"),
        "F7": say("Next change between two versions"),
        "Shift+F7": say("Change before"),
    }


class ShortcutsDialog(Dialog):
    """The list, with a field to filter it."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent, say("Keyboard shortcuts"), width=640)
        self.filter = FilterField(say("Filter keys"))
        self.filter.setMaximumWidth(self.maximumWidth())
        self.table: DataTable[Shortcut] = DataTable(
            [
                Column(say("Where|shortcut"), lambda r: r.where, width=170, muted=True),
                Column(say("Keys"), lambda r: r.keys, width=150, strong=True),
                Column(say("What it does"), lambda r: r.does, tip=lambda r: r.does),
            ],
            lambda r: (r.where, r.keys),
            EmptyState("keyboard", say("Nothing matches"), say("Try fewer letters.")),
        )
        self.table.setAccessibleName(say("Keyboard shortcuts"))
        self.table.setMinimumHeight(_HEIGHT)
        self.table.show_rows(shortcuts())
        self.filter.textChanged.connect(self.table.set_filter)
        self.filter.left_down.connect(self.table.setFocus)
        self.add(self.filter, self.table)
        self.add_button(say("Close"), "primary", self.accept, default=True)
        self.filter.setFocus()
