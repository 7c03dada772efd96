"""Dialogs of reporting: divide a project, ask, send back, enter figures, write to partners."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QCheckBox, QWidget

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models import formats, person_months
from projectdesk.desktop.models.effort_mail import Letter
from projectdesk.desktop.models.fields import Entry, Field
from projectdesk.desktop.pages.dialogs import FormDialog, Lines, Values
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Banner, Elided
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.layout import button, column, plain, row, scrolled, text
from projectdesk.domain.rules.reporting import USUAL_PERIOD_MONTHS
from projectdesk.errors import ProjectDeskError
from projectdesk.services.reporting_rows import EffortLink, StatementRow

Done = Callable[[], None]
Failed = Callable[[ProjectDeskError], None]
Figures = Mapping[UUID, Decimal | None]
_LIST_HEIGHT = 260


def _field(name: str, label: str, entry: Entry, first: object = None, **more: Any) -> Field[Any]:
    return Field(name, label, lambda _: first, entry, **more)


def ask_division(
    parent: QWidget,
    divide: Callable[[int | None, int | None, Done, Failed], None],
) -> FormDialog:
    """Ask how a project is divided into periods: by their number or by their length."""

    def run(dialog: FormDialog, values: Values) -> None:
        divide(values["count"], values["every"], dialog.close_done, dialog.refuse)

    dialog = FormDialog(
        parent,
        say("Divide the project into periods"),
        say("Give their number, or how many months each has; the last one may be shorter."),
        [
            [
                _field("count", say("Number of periods"), Entry.NUMBER, minimum=1, maximum=99),
                _field(
                    "every",
                    say("Months each"),
                    Entry.NUMBER,
                    minimum=1,
                    maximum=600,
                    hint=str(USUAL_PERIOD_MONTHS),
                ),
            ]
        ],
        say("Divide"),
        run,
    )
    dialog.open()
    return dialog


class AskDialog(Dialog):
    """Asks whom of a period to ask, and by when."""

    def __init__(
        self,
        parent: QWidget,
        rows: Sequence[StatementRow],
        deadline: date,
        run: Callable[[Sequence[UUID], date, Done, Failed], None],
    ) -> None:
        """Ask.

        Args:
            parent: the window it belongs to.
            rows: partners whose figures are missing.
            deadline: the first proposal.
            run: asks the chosen ones.
        """
        super().__init__(
            parent,
            say("Ask partners for their effort"),
            say("Each gets a personal link to a page with its figures; no account is needed."),
        )
        self._run = run
        self.form = FormOfDeadline(deadline)
        self.boxes: dict[UUID, QCheckBox] = {}
        inside = column(spacing=SPACE_XS)
        for each in rows:
            who = each.person or say("nobody is known there")
            box = QCheckBox(f"{each.partner} – {who}")
            box.setChecked(bool(each.person))
            self.boxes[each.partner_id] = box
            inside.addWidget(box)
        inside.addStretch(1)
        area = scrolled(plain(inside))
        area.setMinimumHeight(min(_LIST_HEIGHT, 34 * len(rows) + SPACE_M))
        self.add(area, self.form)
        self.add_button(say("Cancel"), "", self.reject)
        self.action = self.add_button(say("Ask"), "primary", self.submit, default=True)

    def submit(self) -> None:
        """Ask those that are ticked."""
        chosen = [partner for partner, box in self.boxes.items() if box.isChecked()]
        deadline = self.form.day()
        if not chosen:
            self.show_problem(say("Choose at least one partner."))
        elif deadline is not None:
            self.show_problem("")
            self.action.setEnabled(False)
            self._run(chosen, deadline, self.accept, self.refuse)

    def refuse(self, error: ProjectDeskError) -> None:
        """Say why not."""
        self.action.setEnabled(True)
        self.show_problem(say_error(error))


class FormOfDeadline(QWidget):
    """One field: the last day."""

    def __init__(self, deadline: date) -> None:
        from projectdesk.desktop.widgets.form import Form

        super().__init__()
        self._form = Form([_field("deadline", say("Answers count until"), Entry.DATE, deadline)])
        self._form.show_row(None)
        self.setLayout(column(self._form))

    def day(self) -> date | None:
        """Return the day; None, said beside the field, if it is none."""
        values = self._form.values()
        if values is None:
            return None
        day = values["deadline"]
        if day is None:
            self._form.show_problem("deadline", say("This is needed."))
        return day if isinstance(day, date) else None


def ask_send_back(
    parent: QWidget,
    shown: StatementRow,
    deadline: date,
    send_back: Callable[[StatementRow, str, date, Done, Failed], None],
) -> FormDialog:
    """Ask what is to be corrected, and by when."""

    def run(dialog: FormDialog, values: Values) -> None:
        send_back(shown, values["remark"], values["deadline"], dialog.close_done, dialog.refuse)

    dialog = FormDialog(
        parent,
        say("Send back the figures of {partner}", partner=shown.partner),
        say("The page of the personal link shows the remark and takes figures again."),
        [
            _field("remark", say("What is to be corrected"), Entry.LONG_TEXT),
            _field("deadline", say("Answers count until"), Entry.DATE, deadline),
        ],
        say("Send back"),
        run,
        required=["remark", "deadline"],
    )
    dialog.open()
    return dialog


def ask_figures(
    parent: QWidget,
    shown: StatementRow,
    enter: Callable[[StatementRow, Figures, str, Done, Failed], None],
) -> FormDialog:
    """Ask for figures that came by mail or telephone."""

    def run(dialog: FormDialog, values: Values) -> None:
        figures: dict[UUID, Decimal | None] = {}
        for line in shown.lines:
            try:
                figures[line.work_package_id] = person_months.read(
                    values[line.work_package_id.hex] or ""
                )
            except ValueError:
                words = say("Expected person-months, as in 2.25.")
                dialog.form.show_problem(line.work_package_id.hex, words)
                dialog.action.setEnabled(True)
                return
        enter(shown, figures, values["comment"] or "", dialog.close_done, dialog.refuse)

    fields = [
        _field(
            line.work_package_id.hex,
            say(
                "{label}, planned {months}",
                label=line.label,
                months=person_months.shown(line.planned),
            ),
            Entry.TEXT,
            person_months.typed(line.reported),
        )
        for line in shown.lines
    ]
    lines: Lines = [list(fields[at : at + 3]) for at in range(0, len(fields), 3)]
    dialog = FormDialog(
        parent,
        say("Enter the figures of {partner}", partner=shown.partner),
        say("Person-months in this period. The partner sees them by its personal link."),
        [*lines, _field("comment", say("Comment of the partner"), Entry.LONG_TEXT, shown.comment)],
        say("Enter"),
        run,
    )
    dialog.open()
    return dialog


class LinksDialog(Dialog):
    """Personal links that wait to be sent: by the mail program, or copied."""

    def __init__(
        self,
        parent: QWidget,
        letters: Sequence[tuple[EffortLink, Letter]],
        written: Callable[[UUID], None],
        warning: str = "",
        *,
        reminder: bool,
    ) -> None:
        """Offer to write.

        Args:
            parent: the window it belongs to.
            letters: whom, and what.
            written: gets the statement whose partner is being written to.
            warning: what has to be known of the links, "" = nothing.
            reminder: they were asked before.
        """
        sentence = say("A link is for its partner alone: whoever has it can enter its figures.")
        title = say("Remind partners") if reminder else say("Send the personal links")
        super().__init__(parent, title, sentence, width=560)
        self._written = written
        self.warning = Banner()
        self.add(self.warning)
        self.warning.say(warning)
        inside = column(spacing=SPACE_M)
        for link, one in letters:
            inside.addWidget(self._line(link, one))
        inside.addStretch(1)
        area = scrolled(plain(inside))
        area.setMinimumHeight(min(_LIST_HEIGHT, 56 * len(letters) + SPACE_M))
        self.add(area)
        self.add_button(say("Close"), "primary", self.accept, default=True)

    def _line(self, link: EffortLink, one: Letter) -> QWidget:
        mail = button(say("E-mail"), "", "external-link", lambda: self._mail(link, one))
        mail.setEnabled(bool(one.to))
        mail.setAccessibleName(say("Write an e-mail to {partner}", partner=link.partner))
        copy = button(say("Copy text"), "", "copy", lambda: self._copy(link, one))
        copy.setAccessibleName(say("Copy the text for {partner}", partner=link.partner))
        who = formats.joined((link.person, link.email))
        names = column(
            text(link.partner, "strong"),
            Elided(who or say("nobody is known there"), "caption"),
            spacing=0,
        )
        line = row(names, mail, copy, spacing=SPACE_S)
        line.setStretch(0, 1)
        return plain(line)

    def _mail(self, link: EffortLink, one: Letter) -> None:
        QDesktopServices.openUrl(QUrl.fromEncoded(one.address.encode("ascii")))
        self._written(link.statement_id)

    def _copy(self, link: EffortLink, one: Letter) -> None:
        QGuiApplication.clipboard().setText(one.text)
        self._written(link.statement_id)
