"""When reminders of a plan go out by themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtWidgets import QCheckBox, QWidget

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Entry, Field
from projectdesk.desktop.theme.tokens import SPACE_S
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.form import Form
from projectdesk.desktop.widgets.layout import column, plain, text
from projectdesk.errors import ProjectDeskError

if TYPE_CHECKING:
    from projectdesk.services.plan_reminders import PlanReminding

Keep = Callable[
    [
        tuple[int, ...],
        tuple[int, ...],
        bool,
        Callable[[], None],
        Callable[[ProjectDeskError], None],
    ],
    None,
]
"""Keeps it: (days before, days after, whether it is on here, done, failed)."""


class LateRemindersDialog(Dialog):
    """Asks whether reminders go out by themselves, and on which days around the due day."""

    def __init__(
        self, parent: QWidget | None, settings: PlanReminding, project: UUID, keep: Keep
    ) -> None:
        """Ask.

        Args:
            parent: the window it belongs to.
            settings: as they are.
            project: which one is looked at.
            keep: keeps what is chosen.
        """
        super().__init__(
            parent,
            say("Reminders of the plan"),
            say(
                "Who answers for a draft, a review, a deliverable or a milestone gets a mail on "
                "these days around its due day, while ProjectDesk runs on a computer with a mail "
                "account. Each goes out once, also from a team's several computers."
            ),
            width=560,
        )
        self._keep = keep
        since = settings.projects.get(project)
        self.on = QCheckBox(say("Send reminders of this project by themselves"))
        self.on.setChecked(since is not None)
        self.form = Form(
            [
                [
                    _days("before", say("Remind days before"), settings.rules.before, "14 3"),
                    _days("after", say("Remind days after"), settings.rules.after, "1 7 21"),
                ]
            ]
        )
        self.form.show_row(None)
        note = text(_since_words(since), "caption", wrap=True)
        self.add(plain(column(self.on, note, spacing=SPACE_S)), self.form)
        self.add(text(say("The days hold for all projects."), "caption", wrap=True))
        self.add_button(say("Cancel"), "", self.reject)
        self.action = self.add_button(say("Save"), "primary", self.submit, default=True)

    def submit(self) -> None:
        """Keep what was chosen."""
        values = self.form.values()
        if values is None:
            return
        days: dict[str, tuple[int, ...]] = {}
        for name in ("before", "after"):
            words = str(values[name] or "").replace(",", " ").split()
            if not all(each.isascii() and each.isdecimal() and len(each) < 4 for each in words):
                self.form.show_problem(name, say("Give numbers of days, as in 7 2."))
                return
            days[name] = tuple(int(each) for each in words)
        self.action.setEnabled(False)
        self._keep(days["before"], days["after"], self.on.isChecked(), self.accept, self._refuse)

    def _refuse(self, error: ProjectDeskError) -> None:
        self.action.setEnabled(True)
        self.show_problem(say_error(error))


def _days(name: str, label: str, days: tuple[int, ...], hint: str) -> Field[Any]:
    return Field(name, label, lambda _: " ".join(map(str, days)), Entry.TEXT, hint=hint)


def _since_words(since: date | None) -> str:
    if since is None:
        return say("What was due before you turn them on is left alone.")
    return say("On since {day}", day=formats.day(since))
