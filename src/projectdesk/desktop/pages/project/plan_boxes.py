"""What the inspector of a plan's record has beside its fields: its life, and what it waits for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats, plan_words
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.pages import dialogs
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.planning import PlanningPresenter
from projectdesk.desktop.theme.tokens import SPACE_S, SPACE_XS, Tone
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.desktop.widgets.layout import (
    button,
    column,
    icon_button,
    plain,
    row,
    show_if,
    text,
)
from projectdesk.domain.rules import deliverables as rules
from projectdesk.domain.workplan import DeliverableStatus, DependencyType
from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.services.plan_rows import DependencyRow
from projectdesk.services.rows import DeliverableRow, Kind, MilestoneRow, TaskRow, WorkPackageRow


class Box(Protocol):
    """More about the record that an inspector shows."""

    def show_row(self, shown: Any) -> None:
        """Show what belongs to a record."""


def _cleared(box: QVBoxLayout) -> QVBoxLayout:
    while (taken := box.takeAt(0)) is not None:
        if (widget := taken.widget()) is not None:
            widget.hide()
            widget.deleteLater()
    return box


def _field(name: str, label: str, first: object, entry: Entry, **more: Any) -> Field[Any]:
    return Field(name, label, lambda _: first, entry, **more)


class LifeBox(QWidget):
    """Where a deliverable stands: what is late, and the steps that come next."""

    def __init__(self, presenter: PlanningPresenter, today: Callable[[], date]) -> None:
        super().__init__()
        self._presenter, self._today = presenter, today
        self._row: DeliverableRow | None = None
        self.late = Chip()
        self._due = text("", "muted", wrap=True)
        self._steps = column(spacing=SPACE_S)
        self.steps: dict[DeliverableStatus, QWidget] = {}
        self.setLayout(column(row(self.late, None), self._due, self._steps, spacing=SPACE_S))

    def show_row(self, shown: DeliverableRow) -> None:
        """Show the life of a deliverable."""
        before, self._row, today = self._row, shown, self._today()
        self.late.set(
            plan_words.deliverable_chip(shown, today), plan_words.deliverable_tone(shown, today)
        )
        self.setVisible(bool(self.late.words) or bool(rules.next_statuses(shown.status)))
        words = self._waiting(shown, today)
        self._due.setText(words)
        show_if(self._due, bool(words))
        if before is not None and (before.id, before.status) == (shown.id, shown.status):
            return
        box, self.steps = _cleared(self._steps), {}
        for number, status in enumerate(rules.next_statuses(shown.status)):
            role = "primary" if number == 0 else ""
            made = button(
                plan_words.step_action(status, shown.status), role, "", partial(self._go, status)
            )
            self.steps[status] = made
            box.addWidget(made)

    @staticmethod
    def _waiting(shown: DeliverableRow, today: date) -> str:
        found = rules.awaited(shown, today)
        if found is None:
            return ""
        return say(
            "{what} by {day}",
            what=plan_words.step_word(found.step),
            day=formats.day(found.due_on),
        )

    def _go(self, status: DeliverableStatus) -> None:
        shown = self._row
        if shown is None:
            return
        if rules.dated_field(shown.status, status) is None:
            self._save(shown, status, self._today(), self._presenter.refuse)
            return

        def run(dialog: dialogs.FormDialog, values: dialogs.Values) -> None:
            if self._save(shown, status, values["day"], dialog.refuse):
                dialog.close_done()

        dialogs.FormDialog(
            self.window(),
            plan_words.step_action(status, shown.status),
            f"{shown.label}  {shown.title}",
            [_field("day", say("On"), self._today(), Entry.DATE)],
            say("Save"),
            run,
            required=["day"],
        ).open()

    def _save(
        self,
        shown: DeliverableRow,
        status: DeliverableStatus,
        day: date,
        failed: Callable[[ProjectDeskError], None],
    ) -> bool:
        try:
            values = rules.step_values(shown, status, day)
        except DomainError as error:
            failed(error)
            return False
        done = say(
            "{what}: {state}.",
            what=shown.label,
            state=plan_words.step_action(status, shown.status),
        )
        self._presenter.save_steps(Kind.DELIVERABLE, shown.id, shown.version, values, done)
        return True


class AchievedBox(QWidget):
    """Whether a milestone is achieved; who verified it, and by what."""

    def __init__(
        self, presenter: PlanningPresenter, choices: Choices, today: Callable[[], date]
    ) -> None:
        super().__init__()
        self._presenter, self._choices, self._today = presenter, choices, today
        self._row: MilestoneRow | None = None
        self.late = Chip()
        self._words = text("", "muted", wrap=True)
        self.achieve = button(say("Achieved"), "primary", "", self._ask)
        self.take_back = button(say("Not achieved"), "", "", self._take_back)
        self.setLayout(
            column(row(self.late, None), self._words, self.achieve, self.take_back, spacing=SPACE_S)
        )

    def show_row(self, shown: MilestoneRow) -> None:
        """Show how a milestone stands."""
        self._row = shown
        chip = plan_words.milestone_chip(shown, self._today())
        if shown.achieved_on is not None:
            self.late.set(say("Achieved"), Tone.SUCCESS)
            parts = (formats.day(shown.achieved_on), shown.verified_by)
            self._words.setText(formats.joined(parts))
        else:
            self.late.set(chip, Tone.DANGER)
            self._words.setText(
                say("Due on {day}", day=formats.day(shown.due_on)) if shown.due_on else ""
            )
        show_if(self._words, bool(self._words.text()))
        show_if(self.achieve, shown.achieved_on is None)
        show_if(self.take_back, shown.achieved_on is not None)

    def _ask(self) -> None:
        shown = self._row
        if shown is None:
            return

        def run(dialog: dialogs.FormDialog, values: dialogs.Values) -> None:
            dialog.close_done()
            self._presenter.save_steps(
                Kind.MILESTONE,
                shown.id,
                shown.version,
                dict(values),
                say("{what} is achieved.", what=shown.label),
            )

        means = shown.means_of_verification
        dialogs.FormDialog(
            self.window(),
            say("{what} is achieved", what=shown.label),
            say("Means of verification: {means}", means=means) if means else shown.title,
            [
                [
                    _field("achieved_on", say("Achieved on"), self._today(), Entry.DATE),
                    _field("verified_by_id", say("Verified by"), shown.verified_by_id,
                           Entry.CHOICE, options=self._choices.people),
                ],
                _field("verification", say("How it was verified"), shown.verification,
                       Entry.LONG_TEXT),
            ],
            say("Save"),
            run,
            required=["achieved_on"],
        ).open()  # fmt: skip

    def _take_back(self) -> None:
        shown = self._row
        if shown is not None:
            self._presenter.save_steps(
                Kind.MILESTONE,
                shown.id,
                shown.version,
                {"achieved_on": None},
                say("{what} is not achieved.", what=shown.label),
            )


class LinksBox(QWidget):
    """What a work package or task waits for, and what waits for it."""

    def __init__(
        self,
        presenter: PlanningPresenter,
        bars: Callable[[], Sequence[Option]],
        open_bar: Callable[[Kind, UUID], None],
    ) -> None:
        """Show the dependencies of the record shown.

        Args:
            presenter: keeps and changes them.
            bars: what can be waited for: values are (kind, id).
            open_bar: goes to a work package or task.
        """
        super().__init__()
        self._presenter, self._bars, self._open = presenter, bars, open_bar
        self._row: WorkPackageRow | TaskRow | None = None
        self._list = column(spacing=SPACE_XS)
        self.add = button(say("Waits for…"), "link", "", self._ask)
        self.setLayout(
            column(
                text(say("Dependencies"), "label"),
                self._list,
                row(self.add, None),
                spacing=SPACE_S,
            )
        )
        presenter.on_links(self._refresh)

    @property
    def shown(self) -> Sequence[DependencyRow]:
        """The dependencies of the record shown: what it waits for, then what waits for it."""
        record = self._row.id if self._row else None
        links = self._presenter.links
        return [
            *(link for link in links if link.after_id == record),
            *(link for link in links if link.before_id == record),
        ]

    def show_row(self, shown: WorkPackageRow | TaskRow) -> None:
        """Show the dependencies of a work package or task."""
        self._row = shown
        self._refresh()

    def _refresh(self) -> None:
        box = _cleared(self._list)
        for link in self.shown:
            box.addWidget(self._line(link))
        if not self.shown:
            box.addWidget(text(say("It waits for nothing."), "muted"))

    def _line(self, link: DependencyRow) -> QWidget:
        waits = self._row is not None and link.after_id == self._row.id
        name = link.before if waits else link.after
        kind, record = (
            (link.before_kind, link.before_id) if waits else (link.after_kind, link.after_id)
        )
        start = say("Waits for") if waits else say("Before|order")
        go = button(f"{start} {name}", "link", "", partial(self._open, kind, record))
        go.setToolTip(link.before_title if waits else link.after_title)
        parts = [plan_words.dependency_word(link.type), plan_words.lag_words(link.lag_months)]
        words = text(", ".join(part for part in parts if part), "caption", wrap=True)
        pieces: list[QWidget | QLayout] = [row(go, None, spacing=0), words]
        if link.violated:
            chip = Chip(plan_words.too_early(link), Tone.WARNING)
            pieces.append(row(chip, None))
        change = icon_button("settings", say("Change"), partial(self._ask_change, link))
        away = icon_button("x", say("Take away"), partial(self._presenter.untie, link))
        layout = row(column(*pieces, spacing=2), change, away, spacing=SPACE_XS)
        layout.setStretch(0, 1)
        return plain(layout)

    # --- dialogs

    def _ask(self) -> None:
        shown = self._row
        if shown is None:
            return
        own = Kind.TASK if isinstance(shown, TaskRow) else Kind.WORK_PACKAGE
        bars = [bar for bar in self._bars() if bar.value != (own, shown.id)]

        def run(dialog: dialogs.FormDialog, values: dialogs.Values) -> None:
            kind, record = values["before_task_id"]
            ends = {f"before_{kind.value}_id": record, f"after_{own.value}_id": shown.id}
            self._presenter.tie({**ends, **_tie(values)}, dialog.close_done, dialog.refuse)

        dialogs.FormDialog(
            self.window(),
            say("{what} waits for", what=shown.label),
            say("It can start or end only after another work package or task."),
            [
                _field("before_task_id", say("Work package or task"), None, Entry.CHOICE,
                       options=lambda: bars),
                *_tie_lines(DependencyType.FINISH_START, 0),
            ],
            say("Add"),
            run,
            required=["before_task_id"],
        ).open()  # fmt: skip

    def _ask_change(self, link: DependencyRow) -> None:
        def run(dialog: dialogs.FormDialog, values: dialogs.Values) -> None:
            self._presenter.change_tie(link, _tie(values), dialog.close_done, dialog.refuse)

        dialogs.FormDialog(
            self.window(),
            say("{after} waits for {before}", after=link.after, before=link.before),
            "",
            _tie_lines(link.type, link.lag_months),
            say("Save"),
            run,
        ).open()


def tie_dialog(
    window: QWidget, presenter: PlanningPresenter, bars: Callable[[], Sequence[Option]]
) -> dialogs.FormDialog:
    """Return the dialog that asks what waits for what.

    Args:
        window: what it belongs to.
        presenter: ties them.
        bars: what can be tied: values are (kind, id).
    """

    def run(dialog: dialogs.FormDialog, values: dialogs.Values) -> None:
        ends = {}
        for side in ("before", "after"):
            kind, record = values[f"{side}_task_id"]
            ends[f"{side}_{kind.value}_id"] = record
        presenter.tie({**ends, **_tie(values)}, dialog.close_done, dialog.refuse)

    def bar(name: str, label: str) -> Field[Any]:
        return _field(name, label, None, Entry.CHOICE, options=bars)

    return dialogs.FormDialog(
        window,
        say("New dependency"),
        say("It can start or end only after another work package or task."),
        [
            bar("after_task_id", say("What")),
            bar("before_task_id", say("Waits for")),
            *_tie_lines(DependencyType.FINISH_START, 0),
        ],
        say("Add"),
        run,
        required=["after_task_id", "before_task_id"],
    )


def _tie_lines(kind: DependencyType, lag: int) -> list[Field[Any] | list[Field[Any]]]:
    kinds = [Option(each, plan_words.dependency_word(each)) for each in DependencyType]
    ways = [Option(1, say("later")), Option(-1, say("earlier"))]
    return [
        _field("type", say("How"), kind, Entry.CHOICE, options=lambda: kinds),
        [
            _field("lag_months", say("Months between"), abs(lag), Entry.NUMBER, maximum=600),
            _field("way", say("Where to"), -1 if lag < 0 else 1, Entry.CHOICE,
                   options=lambda: ways),
        ],
    ]  # fmt: skip


def _tie(values: dialogs.Values) -> dict[str, object]:
    return {"type": values["type"], "lag_months": (values["lag_months"] or 0) * values["way"]}
