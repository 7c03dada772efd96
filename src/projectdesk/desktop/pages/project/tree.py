"""The work plan as a tree, with the inspector of whatever is selected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtGui import QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats, plan_words
from projectdesk.desktop.models.fields import Column, Field
from projectdesk.desktop.models.plan_tree import Node, PlanRows
from projectdesk.desktop.models.words import tone, word
from projectdesk.desktop.pages.page import history_lines
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.pages.project import plan_tables
from projectdesk.desktop.pages.project.plan_desk import MOVABLE, PlanDesk
from projectdesk.desktop.pages.project.plan_parts import PlanInspector, empty_state
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.plan_tree import PlanTreePresenter
from projectdesk.desktop.presenters.records import RecordsPresenter
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.dialog import confirm_deletion
from projectdesk.desktop.widgets.header import FilterField
from projectdesk.desktop.widgets.layout import button, column, plain, row, show_if
from projectdesk.desktop.widgets.plan_tree import PlanTree
from projectdesk.desktop.widgets.toolbar import toolbar
from projectdesk.domain.rules import deliverables as rules
from projectdesk.services.rows import DeliverableRow, Kind, MilestoneRow, WorkPackageRow

KINDS = (Kind.WORK_PACKAGE, Kind.TASK, Kind.DELIVERABLE, Kind.MILESTONE)
_MARGINS = (SPACE_XL, 0, SPACE_XL, SPACE_XL)
_BAR = (SPACE_XL, SPACE_L, SPACE_XL, SPACE_M)
_MONTH, _STATUS = 124, 160


class TreePane(Presented, QWidget):
    """The tree of a plan."""

    def __init__(self, desk: PlanDesk) -> None:
        super().__init__()
        self._desk = desk
        self._naming: UUID | None = None
        self._wanted: UUID | None = None
        self._records: dict[Kind, RecordsPresenter[Any]] = {}
        self.inspectors: dict[Kind, PlanInspector] = {}
        self.presenter = self.present(PlanTreePresenter(desk.session, self))
        self.tree = PlanTree(tree_columns(desk.choices, desk.today))
        self._empty = empty_state(Kind.WORK_PACKAGE)
        self._empty.setParent(self.tree.viewport())
        self._empty.acted.connect(self._add_package)
        self._empty.hide()
        self._beside = row(plain(column(self.tree, margins=_MARGINS)), spacing=0)
        self._beside.setStretch(0, 1)
        layout = column(plain(column(self._bar(), margins=_BAR)), plain(self._beside), spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._connect()

    def _bar(self) -> QWidget:
        self.filter = FilterField()
        self.unit = self._desk.unit_toggle()
        self.fold_button = button(say("Close all"), "quiet", "", self._fold_all)
        self.more = self._desk.more_button(self._kind)
        self.add_button = button(say("Add"), "primary", "plus")
        self.add_button.setMenu(self._add_menu())
        return toolbar(
            self.filter, self.fold_button, None, self.unit, SPACE_S, self.more, self.add_button
        )

    def _connect(self) -> None:
        tree, planning = self.tree, self._desk.planning
        self.filter.textChanged.connect(tree.set_filter)
        self.filter.left_down.connect(tree.setFocus)
        self._desk.choices.unit.changed.connect(self.refresh)
        self._desk.choices.on_loaded(self.refresh)
        tree.current_changed.connect(self._inspect)
        tree.edited.connect(self._edit)
        tree.refused.connect(self.presenter.say_problem)
        tree.folded.connect(lambda: self.presenter.keep_closed([*tree.closed_packages]))
        tree.moved.connect(lambda kind, record, to: planning.move_to(kind, [record], to))
        tree.reordered.connect(planning.reorder)
        tree.delete_asked.connect(self._delete)
        tree.make_menu = self.menu

    # --- what the presenter calls

    def show_plan(self, rows: PlanRows) -> None:
        """Show the plan; the inspector follows the selected line."""
        self.tree.show_rows(rows)
        if self._wanted is not None and self.tree.select(self._wanted):
            self._wanted = None
        if self._naming is not None and self.tree.select(self._naming):
            self._naming = None
            self.tree.edit_title()
        self._inspect(self.tree.current())
        show_if(self._empty, not rows.work_packages and not rows.milestones)
        self._place_empty()

    def show_closed(self, packages: Sequence[UUID]) -> None:
        """Hide the lines below some work packages, as they were left."""
        self.tree.set_closed(packages)
        self.fold_button.setText(say("Open all") if packages else say("Close all"))

    def show_problem(self, field: str, words: str) -> None:
        """Say what is wrong beside a field, or on the page when the inspector is closed."""
        node = self.tree.current()
        inspector = self.inspectors.get(node.kind) if node else None
        shown = inspector is not None and inspector.isVisible()
        if not (shown and inspector and inspector.form.show_problem(field, words)):
            self.presenter.say_problem(words)

    def begin_title(self, record: UUID) -> None:
        """Let the person name a record, now or as soon as it is there."""
        if self.tree.select(record):
            self.tree.edit_title()
        else:
            self._naming = record

    def confirm_delete(self, what: str, also: Sequence[str], run: Callable[[], None]) -> None:
        """Ask whether `also` may go with `what`; then `run`."""
        confirm_deletion(self.window(), what, also, run)

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Take no rows: the tree has a presenter of its own for them."""

    # --- what the page calls

    def open_project(self, project: UUID) -> None:
        """Show the plan of `project`."""
        self._close()
        self.presenter.open(project)

    def close_presenters(self) -> None:
        """Let the presenters go."""
        super().close_presenters()
        for presenter in self._records.values():
            presenter.close()

    def select(self, record: UUID) -> None:
        """Select a record as soon as it is there."""
        if not self.tree.select(record):
            self._wanted = record

    def refresh(self) -> None:
        """Show the same lines again, in another unit."""
        self.tree.plan.refresh()

    def add_below(self, kind: Kind) -> None:
        """Add a task or deliverable to the selected work package; its title is typed in place."""
        node = self.tree.current()
        package = node.parent or node if node else None
        if package is None or not isinstance(package.row, WorkPackageRow):
            return
        shown = package.row
        values: dict[str, object] = {"lead_partner_id": shown.lead_partner_id}
        if kind is Kind.TASK:
            values |= {"start_month": shown.start_month, "end_month": shown.end_month}
            values["title"] = say("New task")
        else:
            values |= {"due_month": shown.end_month, "title": say("New deliverable")}
        self.presenter.add_below(kind, shown.id, values)

    def menu(self) -> QMenu:
        """Return what can be done with the selected line; its owner deletes it."""
        menu, node = QMenu(self), self.tree.current()
        if node is None:
            return menu
        inside = node.parent or node
        if inside.kind is Kind.WORK_PACKAGE:
            for kind, words, icon in (
                (Kind.TASK, say("Add task"), "list-todo"),
                (Kind.DELIVERABLE, say("Add deliverable"), "package"),
            ):
                made = menu.addAction(words)
                set_icon(made, icon, Tone.MUTED)
                made.triggered.connect(lambda _=False, each=kind: self.add_below(each))
            menu.addSeparator()
        self._desk.fill_menu(menu, node)
        menu.addSeparator()
        for words, step in ((say("Move up"), -1), (say("Move down"), 1)):
            made = menu.addAction(words)
            set_icon(made, "chevron-up" if step < 0 else "chevron-down", Tone.MUTED)
            made.setShortcut("Alt+Up" if step < 0 else "Alt+Down")
            made.triggered.connect(partial(self.tree.move_by, step))
        copy = menu.addAction(say("Copy"))
        set_icon(copy, "copy", Tone.MUTED)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.triggered.connect(self.tree.copy)
        delete = menu.addAction(say("Delete"))
        set_icon(delete, "trash-2", Tone.DANGER)
        delete.setShortcut("Del")
        delete.triggered.connect(self._delete)
        return menu

    # --- inside

    def _inspect(self, node: Node | None) -> None:
        for kind, inspector in self.inspectors.items():
            if node is None or kind is not node.kind:
                inspector.hide()
        if node is None:
            return
        inspector = self._inspector(node.kind)
        inspector.show_row(node.row, f"{node.row.label}  {node.row.title}")
        inspector.show()

    def _inspector(self, kind: Kind) -> PlanInspector:
        """Return the inspector of a kind, made when it is first needed."""
        if kind not in self.inspectors:
            made = self._desk.parts.inspector(kind)
            made.closed.connect(self._close)
            made.entered.connect(self._enter)
            made.delete_asked.connect(self._delete)
            made.history_asked.connect(self._ask_history)
            made.hide()
            self._beside.addWidget(made)
            self.inspectors[kind] = made
        return self.inspectors[kind]

    def _close(self) -> None:
        self.tree.selectionModel().clear()
        self._inspect(None)

    def _enter(self, name: str, value: object) -> None:
        node = self.tree.current()
        if node is not None:
            inspector = self.inspectors[node.kind]
            seen = inspector.form.seen(name) or node.row
            self._save(node.kind, seen, inspector.fields[name], value)

    def _edit(self, node: Node, field: Field[Any], value: object) -> None:
        self._save(node.kind, node.row, field, value)

    def _save(self, kind: Kind, shown: Any, field: Field[Any], value: object) -> None:
        self.presenter.edit(kind, shown.id, shown.version, field.name, field.kept(value))

    def _presenter_of(self, kind: Kind) -> RecordsPresenter[Any]:
        """Return what deletes records of a kind and tells their history."""
        if kind not in self._records:
            self._records[kind] = RecordsPresenter(
                self._desk.session, self, kind, lambda _: (), frozenset()
            )
        return self._records[kind]

    def _delete(self) -> None:
        if (node := self.tree.current()) is not None:
            self._presenter_of(node.kind).delete(node.row, node.row.label)

    def _ask_history(self) -> None:
        if (node := self.tree.current()) is not None:
            show = self.inspectors[node.kind].show_history
            self._presenter_of(node.kind).ask_history(
                node.row.id, lambda rows: show(history_lines(rows))
            )

    def _kind(self) -> Kind:
        node = self.tree.current()
        return node.kind if node else Kind.DELIVERABLE

    def _add_package(self) -> None:
        self._desk.add_asked.emit(Kind.WORK_PACKAGE)

    def _add_menu(self) -> QMenu:
        menu = QMenu(self)
        for words, icon, kind in (
            (say("Work package"), "layers", Kind.WORK_PACKAGE),
            (say("Task"), "list-todo", Kind.TASK),
            (say("Deliverable"), "package", Kind.DELIVERABLE),
            (say("Milestone"), "flag", Kind.MILESTONE),
        ):
            made = menu.addAction(words)
            set_icon(made, icon, Tone.MUTED)
            made.triggered.connect(lambda _=False, each=kind: self._add(each))
        return menu

    def _add(self, kind: Kind) -> None:
        """Add to the selected work package in place, else ask where."""
        node = self.tree.current()
        inside = node is not None and (node.parent or node).kind is Kind.WORK_PACKAGE
        if kind in MOVABLE and inside:
            self.add_below(kind)
        else:
            self._desk.add_asked.emit(kind)

    def _fold_all(self) -> None:
        """Close all work packages, or open them all again when none is open."""
        packages = [node.row.id for node in self.tree.plan.top if node.children]
        closed = [] if set(packages) <= self.tree.closed_packages else packages
        self.tree.set_closed(closed)
        self.presenter.keep_closed(closed)
        self.fold_button.setText(say("Open all") if closed else say("Close all"))

    def _place_empty(self) -> None:
        self._empty.setGeometry(self.tree.viewport().rect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_empty()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place_empty()


def tree_columns(choices: Choices, today: Callable[[], date]) -> dict[Kind, Sequence[Column[Any]]]:
    """Return what the tree shows of each kind, as many columns of each."""
    return {kind: _columns(kind, choices, today) for kind in KINDS}


def _columns(kind: Kind, choices: Choices, today: Callable[[], date]) -> Sequence[Column[Any]]:
    unit = choices.unit
    bar = kind in (Kind.WORK_PACKAGE, Kind.TASK)
    title = plan_tables.title_field()
    start = plan_tables.month_field(
        "start_month", say("Start month"), lambda r: r.start_month, unit
    )
    end = plan_tables.month_field(
        "end_month" if bar else "due_month",
        say("End month") if bar else say("Due month"),
        (lambda r: r.end_month) if bar else (lambda r: r.due_month),
        unit,
        ends=True,
    )
    return [
        Column(say("No."), lambda r: r.label, width=124, muted=kind is not Kind.WORK_PACKAGE),
        Column(say("Title"), lambda r: r.title, strong=True, field=title, tip=lambda r: r.title),
        Column(
            say("Lead"),
            lambda r: r.lead,
            width=130,
            optional=True,
            field=plan_tables.lead_field(choices),
        ),
        Column(
            say("Start"),
            (lambda r: unit.begins(r.start_month)) if bar else (lambda _: ""),
            width=_MONTH,
            field=start if bar else None,
        ),
        Column(
            say("End or due"),
            lambda r: unit.ends(end.value(r)),  # type: ignore[arg-type]
            width=_MONTH,
            field=end,
            alarm=lambda r: _is_late(r, today()),
        ),
        Column(
            say("Status"),
            lambda r: _status(r, today()),
            width=_STATUS,
            tone=lambda r: _tone(r, today()),
        ),
    ]


def _is_late(shown: Any, today: date) -> bool:
    match shown:
        case DeliverableRow():
            return rules.lateness(shown, today) is not None
        case MilestoneRow():
            return bool(plan_words.milestone_chip(shown, today))
        case _:
            return False


def _status(shown: Any, today: date) -> str:
    match shown:
        case DeliverableRow():
            late = plan_words.late_chip(rules.lateness(shown, today))
            return late or word(shown.status)
        case MilestoneRow():
            if shown.achieved_on is not None:
                return formats.day(shown.achieved_on)
            return plan_words.milestone_chip(shown, today)
        case _:
            return ""


def _tone(shown: Any, today: date) -> Tone | None:
    if _is_late(shown, today):
        return Tone.DANGER
    if isinstance(shown, DeliverableRow):
        return tone(shown.status)
    return Tone.SUCCESS if isinstance(shown, MilestoneRow) else None
