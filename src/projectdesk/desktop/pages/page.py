"""What all pages are: something the shell can open, that goes places by a signal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from projectdesk.desktop.language import say_error
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.cell_edits import CellEdit
from projectdesk.desktop.models.field_words import field_word
from projectdesk.desktop.models.fields import Field, Target
from projectdesk.desktop.models.formats import moment
from projectdesk.desktop.models.label_words import say_label
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.reader import system_zone
from projectdesk.desktop.presenters.records import RecordsPresenter
from projectdesk.desktop.routes import Route
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.desktop.widgets.tab_groups import TabGroups
from projectdesk.errors import Conflict, ProjectDeskError
from projectdesk.services import commands
from projectdesk.services.rows import HistoryRow, Kind

_MOST_HISTORY = 12
_MOST_LETTERS = 60


class Page(Presented, QFrame):
    """Base of pages."""

    go = Signal(object)
    """Route: where the person wants to be."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "page")

    @property
    def tab(self) -> str:
        """Name of the tab that is shown, as routes have it; "" = there are none."""
        tabs = getattr(self, "tabs", None)
        return tabs.current if isinstance(tabs, TabGroups) else ""

    def open(self, route: Route) -> None:
        """Show what `route` names."""

    def set_project(self, project: UUID | None) -> None:
        """Show one project only, None = all; pages of one record do not care."""

    def close_page(self) -> None:
        """Let the presenters go."""
        self.close_presenters()


def wire(pane: RecordsPane[Any], presenter: RecordsPresenter[Any], kind: Kind) -> None:
    """Connect a list with its presenter.

    Args:
        pane: the list and its inspector.
        presenter: loads while the pane is on the screen.
        kind: the kind that a field belongs to unless it names its own target.
    """
    pane.came.connect(presenter.activate)
    pane.went.connect(presenter.deactivate)
    pane.table.refused.connect(presenter.say_problem)

    def enter(row: Any, field: Field[Any], value: object) -> None:
        own = Target(kind, row.id, row.version)
        target = field.target(row) if field.target else own
        if target is not None:
            kept = field.kept(value)
            presenter.edit_parts(target.kind, target.id, target.version, field.name, kept)

    def enter_many(edits: Sequence[CellEdit], label: str) -> None:
        records = []
        for edit in edits:
            own = Target(kind, edit.row.id, edit.row.version)
            target = edit.field.target(edit.row) if edit.field.target else own
            if target is not None:
                kept = edit.field.kept(edit.value)
                records.append(commands.RecordEdit(target.kind, target.id, target.version, kept))
        presenter.edit_many(records, label, failed)

    def failed(error: ProjectDeskError) -> None:
        record_id, field = error.facts.get("record_id"), error.facts.get("field")
        name = error.facts.get("record")
        words = f"{name}: {say_error(error)}" if name else say_error(error)
        if isinstance(error, Conflict) or not isinstance(record_id, str):
            presenter.say_problem(words)
            presenter.reload()
        else:
            pane.show_problem_of(UUID(record_id), str(field or ""), words)

    def show_history(rows: Sequence[HistoryRow]) -> None:
        pane.show_history(history_lines(rows))

    pane.entered.connect(enter)
    pane.entered_many.connect(enter_many)
    pane.history_asked.connect(lambda row: presenter.ask_history(row.id, show_history))


def history_lines(rows: Sequence[HistoryRow]) -> list[tuple[str, str]]:
    """Return the newest saved changes, as an inspector shows them."""
    return [_history_line(row) for row in rows[:_MOST_HISTORY]]


def _history_line(row: HistoryRow) -> tuple[str, str]:
    """Return what was done, and when by whom."""
    what = say_label(row.label)
    if row.field:
        change = f"{formats.apart(_short(row.before))} → {formats.apart(_short(row.after))}"
        what = f"{field_word(row.field)}: {change}"
    when = moment(row.at, system_zone())
    return what, formats.joined((when, row.who))


def _short(words: str) -> str:
    line = " ".join(words.split())
    return (line[:_MOST_LETTERS] + "…" if len(line) > _MOST_LETTERS else line) or "–"
