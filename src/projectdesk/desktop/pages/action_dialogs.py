"""Dialogs of actions: another date, a comment, dropping, giving by mail, when mail goes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QCheckBox, QWidget

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.models.ordering import in_order
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.presenters.actions import Done, Failed
from projectdesk.desktop.theme.tokens import SPACE_S
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.form import Form
from projectdesk.desktop.widgets.layout import column, plain, text
from projectdesk.domain.rules.action_dates import FollowUp
from projectdesk.errors import ProjectDeskError
from projectdesk.services.action_rows import ActionRow

Postpone = Callable[[Sequence[ActionRow], date, str, Done, Failed], None]
Tell = Callable[[ActionRow, str, Done, Failed], None]
Give = Callable[..., None]
Save = Callable[[FollowUp, Mapping[UUID, bool], Done, Failed], None]
_NEVER: Final = -1


def _field(name: str, label: str, entry: Entry, first: object = None, **more: Any) -> Field[Any]:
    return Field(name, label, lambda _: first, entry, **more)


def ask_postpone(parent: QWidget, rows: Sequence[ActionRow], postpone: Postpone) -> FormDialog:
    """Ask for another date of actions."""

    def run(dialog: FormDialog, values: Values) -> None:
        postpone(rows, values["due_on"], values["text"] or "", dialog.close_done, dialog.refuse)

    one = rows[0] if len(rows) == 1 else None
    what = one.text if one is not None else say("{count} actions get this date.", count=len(rows))
    dialog = FormDialog(
        parent,
        say("Postpone {label}", label=one.label) if one is not None else say("Postpone actions"),
        what,
        [
            _field("due_on", say("New date"), Entry.DATE, one.due_on if one is not None else None),
            _field("text", say("Why (optional)"), Entry.LONG_TEXT, ""),
        ],
        say("Postpone"),
        run,
        required=["due_on"],
    )
    dialog.open()
    return dialog


def ask_comment(parent: QWidget, row: ActionRow, comment: Tell) -> FormDialog:
    """Ask for a comment on an action."""
    return _ask_words(
        parent,
        row,
        (say("Comment on {label}", label=row.label), say("Comment"), say("Keep the comment")),
        comment,
    )


def ask_drop(parent: QWidget, row: ActionRow, drop: Tell) -> FormDialog:
    """Ask why an action is dropped."""
    return _ask_words(
        parent,
        row,
        (say("Drop {label}", label=row.label), say("Why it is not to be done any more"),
         say("Drop")),
        drop,
    )  # fmt: skip


def _ask_words(
    parent: QWidget, row: ActionRow, words: tuple[str, str, str], tell: Tell
) -> FormDialog:
    title, label, action = words

    def run(dialog: FormDialog, values: Values) -> None:
        tell(row, values["text"] or "", dialog.close_done, dialog.refuse)

    dialog = FormDialog(
        parent,
        title,
        row.text,
        [_field("text", label, Entry.LONG_TEXT, "")],
        action,
        run,
        required=["text"],
    )
    dialog.open()
    return dialog


class GiveDialog(Dialog):
    """Says who gets how many actions by mail, and sends them."""

    def __init__(self, parent: QWidget | None, rows: Sequence[ActionRow], give: Give) -> None:
        """Ask.

        Args:
            parent: the window it belongs to.
            rows: open actions.
            give: mails them: (rows, done, failed, again=, anyway=).
        """
        super().__init__(
            parent,
            say("Give actions by mail"),
            say(
                "Each person gets one mail with all of theirs, and a personal link for each "
                "action. From then on reminders and the weekly digest of the project go out by "
                "themselves."
            ),
        )
        self._rows, self._give = rows, give
        self.again = QCheckBox(say("Also what was mailed before"))
        self.anyway = QCheckBox(say("Also with links that only this network can open"))
        self.anyway.hide()
        self.listing = text("", "", wrap=True)
        self.missing = text("", "muted", wrap=True)
        self.add(plain(column(self.listing, self.missing, self.again, self.anyway,
                              spacing=SPACE_S)))  # fmt: skip
        self.add_button(say("Cancel"), "", self.reject)
        self.action = self.add_button("", "primary", self.submit, default=True)
        self.again.toggled.connect(self._show)
        self._show()

    def _show(self) -> None:
        told = [row for row in self._rows if self.again.isChecked() or row.sent_at is None]
        theirs: dict[str, int] = {}
        for row in told:
            if row.owner_person_id is not None and row.email:
                theirs[row.person] = theirs.get(row.person, 0) + 1
        people = [f"{name} ({theirs[name]})" for name in in_order(theirs, str)]
        self.listing.setText(", ".join(people) or say("Nobody gets a mail."))
        nobody = sum(row.owner_person_id is None for row in self._rows)
        silent = sum(row.owner_person_id is not None and not row.email for row in self._rows)
        parts = [say("{count} without an owner", count=nobody)] if nobody else []
        parts += [say("{count} whose owner has no e-mail address", count=silent)] if silent else []
        self.missing.setText(say("Left out: {what}.", what=", ".join(parts)) if parts else "")
        self.missing.setVisible(bool(parts))
        self.action.setText(say_count(len(theirs), "Send {count} mail", "Send {count} mails"))
        self.action.setEnabled(bool(theirs))

    def submit(self) -> None:
        """Send them."""
        self.show_problem("")
        self.action.setEnabled(False)
        self._give(
            self._rows,
            lambda _count: self.accept(),
            self._refuse,
            again=self.again.isChecked(),
            anyway=self.anyway.isChecked(),
        )

    def _refuse(self, error: Exception) -> None:
        self.action.setEnabled(True)
        words = say_error(error) if isinstance(error, ProjectDeskError) else str(error)
        if getattr(error, "code", "") == "link_not_public":
            self.anyway.show()
        self.show_problem(words)


class FollowUpDialog(Dialog):
    """When mail of open actions goes out by itself, and of which projects."""

    def __init__(
        self,
        parent: QWidget | None,
        rules: FollowUp,
        projects: Sequence[tuple[UUID, str, date | None]],
        save: Save,
    ) -> None:
        """Ask.

        Args:
            parent: the window it belongs to.
            rules: as they are.
            projects: id, acronym, since when mail of it goes out (None = it does not).
            save: keeps them: (rules, project to whether it is on, done, failed).
        """
        super().__init__(
            parent,
            say("Mail that goes out by itself"),
            say(
                "While ProjectDesk runs on a computer with a mail account, it reminds the owners "
                "of open actions. Each mail goes out once, also from a team's several computers."
            ),
            width=560,
        )
        self._save = save
        weekdays = [Option(day, QLocale().standaloneDayName(day + 1)) for day in range(7)]
        late = _NEVER if rules.escalate_after is None else rules.escalate_after
        self.form = Form(
            [
                [
                    _field("before", say("Remind days before"), Entry.TEXT,
                           " ".join(map(str, rules.before)), hint="3"),
                    _field("after", say("Remind days after"), Entry.TEXT,
                           " ".join(map(str, rules.after)), hint="1 7"),
                ],
                [
                    _field("weekday", say("Weekly digest"), Entry.CHOICE,
                           _NEVER if rules.weekday is None else rules.weekday,
                           options=lambda: [Option(_NEVER, say("Never")), *weekdays]),
                    _field("escalate", say("Tell the partner's lead"), Entry.CHOICE, late,
                           options=lambda: _escalations(late)),
                ],
            ]
        )  # fmt: skip
        self.form.show_row(None)
        self.projects = {each: QCheckBox(acronym) for each, acronym, _ in projects}
        for each, _, since in projects:
            self.projects[each].setChecked(since is not None)
            if since is not None:
                words = say("On since {day}", day=formats.day(since))
                self.projects[each].setToolTip(words)
        boxes = column(*self.projects.values(), spacing=SPACE_S)
        head = text(say("Projects whose mail goes out"), "strong")
        none = text(say("There is no project yet."), "muted")
        self.add(self.form, plain(column(head, *([boxes] if self.projects else [none]),
                                         spacing=SPACE_S)))  # fmt: skip
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
            if not all(each.isdecimal() for each in words):
                self.form.show_problem(name, say("Give numbers of days, as in 7 2."))
                return
            days[name] = tuple(dict.fromkeys(int(each) for each in words))
        rules = FollowUp(
            days["before"],
            days["after"],
            None if values["escalate"] == _NEVER else values["escalate"],
            None if values["weekday"] == _NEVER else values["weekday"],
        )
        chosen = {each: box.isChecked() for each, box in self.projects.items()}
        self._save(rules, chosen, self.accept, self._refuse)

    def _refuse(self, error: Exception) -> None:
        self.show_problem(say_error(error) if isinstance(error, ProjectDeskError) else str(error))


def _escalations(now: int) -> list[Option]:
    days = sorted({7, 14, 21, 30} | ({now} if now != _NEVER else set()))
    told = [
        Option(each, say_count(each, "after {count} day", "after {count} days")) for each in days
    ]
    return [Option(_NEVER, say("Never")), *told]
