"""What the panes of a work plan share: its unit, its dependencies, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Entry, Field
from projectdesk.desktop.models.plan_tree import Node
from projectdesk.desktop.pages import dialogs
from projectdesk.desktop.pages.project import plan_boxes, plan_dialogs
from projectdesk.desktop.pages.project.plan_files import PlanFiles
from projectdesk.desktop.pages.project.plan_parts import PlanParts
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.planning import PlanningPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.header import Segments
from projectdesk.desktop.widgets.layout import icon_button
from projectdesk.services import queries
from projectdesk.services.rows import Kind, WorkPackageRow

MOVABLE = frozenset({Kind.TASK, Kind.DELIVERABLE})
"""What can go to another work package."""


class PlanDesk(QObject):
    """One project's plan, for the panes that show parts of it."""

    open_asked = Signal(object, object)
    """Kind and id of a record to go to."""
    tab_asked = Signal(str)
    """Name of a tab of the project to go to."""
    add_asked = Signal(object)
    """Kind: what to add."""

    def __init__(
        self,
        session: Session,
        choices: Choices,
        today: Callable[[], date],
        window: Callable[[], QWidget],
    ) -> None:
        """Share.

        Args:
            session: the outside.
            choices: of the project.
            today: the date where the person is.
            window: what dialogs belong to.
        """
        super().__init__()
        self.session, self.choices, self.today = session, choices, today
        self._window = window
        self.planning = PlanningPresenter(session)
        self.planning.activate()
        self.files = PlanFiles(session, window, lambda: choices.project)
        self.parts = PlanParts(choices, self.planning, today, self.open_asked.emit)

    # --- controls that every pane has

    def unit_toggle(self) -> Segments:
        """Return the toggle between months and dates; all of a project are one."""
        unit = self.choices.unit
        made = Segments(
            [(formats.MONTHS, say("Months")), (formats.CALENDAR, say("Calendar|scale"))]
        )
        made.choose(unit.name)
        made.chosen.connect(lambda name: self.choices.choose_unit(str(name)))
        unit.changed.connect(lambda: made.choose(unit.name))
        return made

    def more_button(self, kind: Callable[[], Kind]) -> QToolButton:
        """Return the button with what can be done with the whole plan.

        Args:
            kind: what is shown, for importing, exporting and renumbering.
        """
        made = icon_button("ellipsis", say("More"))
        made.setPopupMode(made.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(made)
        for words, icon, run in (
            (say("Move what waits…"), "skip-forward", self.ask_waiting),
            (say("Move the start of the project…"), "calendar-clock", self.ask_start),
            (say("Renumber…"), "list-checks", lambda: self.ask_renumber(kind())),
            (say("Check the plan"), "circle-check", lambda: self.tab_asked.emit("check")),
        ):
            _add(menu, words, icon, run)
        menu.addSeparator()
        for files, icon in (
            (self.files.import_menu(kind, menu), "file-up"),
            (self.files.export_menu(kind, menu), "download"),
        ):
            set_icon(menu.addMenu(files), icon, Tone.MUTED)
        made.setMenu(menu)
        return made

    def row_actions(self, kind: Kind) -> list[RowAction[Any]]:
        """Return what can be done with rows of a table of the plan, beside deleting them."""
        actions: list[RowAction[Any]] = []
        if kind is Kind.WORK_PACKAGE:
            actions.append(
                RowAction(
                    say("Move with all in it…"),
                    "calendar-clock",
                    lambda rows: self.ask_shift(rows[0]),
                )
            )
        if kind in MOVABLE:
            actions.append(
                RowAction(
                    say("Move to another work package…"),
                    "arrow-right",
                    lambda rows: self.ask_move_to(kind, rows),
                    many=True,
                )
            )
        return actions

    def fill_menu(self, menu: QMenu, node: Node) -> None:
        """Add to the menu of a line of the tree what can be done with it."""
        for action in self.row_actions(node.kind):
            _add(menu, action.words, action.icon, partial(action.run, [node.row]))

    # --- dialogs

    def ask_shift(self, row: WorkPackageRow) -> None:
        """Ask by how many months a work package moves."""

        def then(milestones: Sequence[Any]) -> None:
            plan_dialogs.ShiftDialog(
                self._window(), self.planning, self.choices, row, milestones
            ).open()

        self.planning.ask(lambda ws: queries.milestones(ws, row.project_id), then)

    def ask_waiting(self) -> Dialog:
        """Show what moving all that waits would do."""
        dialog = plan_dialogs.WaitingDialog(self._window(), self.planning, self.choices)
        dialog.open()
        return dialog

    def ask_start(self) -> Dialog | None:
        """Ask when the project begins."""
        project = self.choices.project
        if project is None:
            return None
        dialog = plan_dialogs.StartDialog(self._window(), self.planning, project, self.today())
        dialog.open()
        return dialog

    def ask_tie(self) -> Dialog:
        """Ask what waits for what."""
        dialog = plan_boxes.tie_dialog(self._window(), self.planning, self.parts.bars)
        dialog.open()
        return dialog

    def ask_renumber(self, kind: Kind) -> Dialog:
        """Ask what gets other numbers."""
        dialog = plan_dialogs.RenumberDialog(self._window(), self.planning, self.choices, kind)
        dialog.open()
        return dialog

    def ask_move_to(self, kind: Kind, rows: Sequence[Any]) -> None:
        """Ask to which work package tasks or deliverables go."""
        here = {row.work_package_id for row in rows}
        packages = [
            option
            for option in self.choices.work_packages()
            if option.value is not None and here != {option.value}
        ]

        def run(dialog: dialogs.FormDialog, values: dialogs.Values) -> None:
            dialog.close_done()
            self.planning.move_to(kind, [row.id for row in rows], values["work_package_id"])

        dialogs.FormDialog(
            self._window(),
            say("Move {what}", what=", ".join(row.label for row in rows)),
            say("It takes the next free number there; what stays keeps its numbers."),
            [
                Field(
                    "work_package_id",
                    say("Work package"),
                    lambda _: packages[0].value if packages else None,
                    Entry.CHOICE,
                    lambda: packages,
                )
            ],
            say("Move"),
            run,
            required=["work_package_id"],
        ).open()

    # --- the project

    def open_project(self, project: UUID) -> None:
        """Share the plan of `project`."""
        self.planning.open(project)

    def close_presenters(self) -> None:
        """Let the presenter go."""
        self.planning.close()


def _add(menu: QMenu, words: str, icon: str, run: Callable[[], object]) -> None:
    made = menu.addAction(words)
    set_icon(made, icon, Tone.MUTED)
    made.triggered.connect(lambda: run())
