"""Short questions about an agenda: days, sections, what waits, what is carried over, sending."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QWidget,
)

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.agenda_lines import AgendaLine
from projectdesk.desktop.models.fields import Entry, Field
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.presenters.agenda import AgendaPresenter
from projectdesk.desktop.theme.tokens import SPACE_XS
from projectdesk.desktop.widgets.dialog import Dialog, confirm
from projectdesk.desktop.widgets.file_dialogs import ask_folder
from projectdesk.desktop.widgets.layout import button, column, icon_button, plain, row, text
from projectdesk.domain.rules.agenda_times import LAST_DAY
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.errors import ProjectDeskError
from projectdesk.services.agenda_rows import AgendaPlan
from projectdesk.services.queries.backlog import CarriedItem, CarryOver
from projectdesk.services.rows import MeetingRow

_OFFER = Qt.ItemDataRole.UserRole


class DaysDialog(Dialog):
    """Asks from when until when each day of a meeting lasts."""

    def __init__(
        self,
        parent: QWidget,
        presenter: AgendaPresenter,
        zone: str,
        hours: Sequence[tuple[time, time]],
    ) -> None:
        super().__init__(
            parent,
            say("Days and hours"),
            say(
                "A day may be longer than its agenda; one that is too short turns red. Times are "
                "{city} time.",
                city=formats.city(zone),
            ),
        )
        self._presenter = presenter
        self._rows = column(spacing=8)
        self.fields: list[tuple[Any, Any, QWidget]] = []
        self.add(self._rows)
        self.add(row(button(say("Add a day"), "quiet", "plus", self.add_day), None))
        for begins, ends in hours:
            self._add_row(begins, ends)
        self.add_button(say("Cancel"), "", self.reject)
        self.add_button(say("Set the days"), "primary", self.submit, default=True)

    def add_day(self) -> None:
        """Add a day with the hours of the last one."""
        if len(self.fields) < LAST_DAY:
            begins, ends, _ = self.fields[-1]
            self._add_row(_read(begins.text()) or time(9), _read(ends.text()) or time(17))
            self.grow()

    def hours(self) -> list[tuple[time, time]] | None:
        """Return what was typed; None when something of it is no time, which is said."""
        found = []
        for number, (begins, ends, _) in enumerate(self.fields, 1):
            first, last = _read(begins.text()), _read(ends.text())
            if first is None or last is None:
                self.show_problem(say("Day {day}: expected times such as 9:30.", day=number))
                return None
            found.append((first, last))
        return found

    def submit(self) -> None:
        """Set the days."""
        hours = self.hours()
        if hours is not None:
            self._presenter.set_days(
                hours, self.accept, lambda error: self.show_problem(say_error(error))
            )

    def _add_row(self, begins: time, ends: time) -> None:
        from projectdesk.desktop.widgets.editors import TextEditor

        number = len(self.fields) + 1
        first, last = TextEditor(), TextEditor()
        first.setText(f"{begins:%H:%M}")
        last.setText(f"{ends:%H:%M}")
        first.setAccessibleName(say("Day {day} begins at", day=number))
        last.setAccessibleName(say("Day {day} ends at", day=number))
        label = text(say("Day {day}", day=number))
        label.setMinimumWidth(72)
        remove = icon_button("x", say("Remove day {day}", day=number))
        line = plain(row(label, first, text("–", "muted"), last, remove))
        remove.clicked.connect(lambda: self._remove(line))
        remove.setEnabled(number > 1)
        self.fields.append((first, last, line))
        self._rows.addWidget(line)

    def _remove(self, line: QWidget) -> None:
        kept = [each for each in self.fields if each[2] is not line]
        hours = [(_read(b.text()) or time(9), _read(e.text()) or time(17)) for b, e, _ in kept]
        for _, _, each in self.fields:
            self._rows.removeWidget(each)
            each.deleteLater()
        self.fields = []
        for begins, ends in hours:
            self._add_row(begins, ends)


def days_dialog(
    parent: QWidget, presenter: AgendaPresenter, meeting: MeetingRow, plan: AgendaPlan
) -> DaysDialog:
    """Return the dialog for the days of a meeting, with those that it has."""
    hours = []
    for day in plan.days:
        begins = to_local(day.starts_at, plan.zone).time()
        limit = day.limit if day.limit is not None and not day.beyond else day.ends_at
        ends = to_local(limit, plan.zone).time()
        hours.append((begins, ends if ends > begins else time(17)))
    return DaysDialog(parent, presenter, meeting.zone, hours or [(time(9), time(17))])


class CarryOverDialog(Dialog):
    """Shows what the last meeting left, before it is added."""

    def __init__(self, parent: QWidget, presenter: AgendaPresenter, found: CarryOver) -> None:
        last = found.last
        sentence = (
            say("No meeting of this kind was held before.")
            if last is None
            else say("From {meeting}. Each is linked to where it stood.", meeting=last.title)
        )
        super().__init__(parent, say("Carry over"), sentence, width=560)
        self._presenter = presenter
        self.list = QListWidget()
        self.list.setAccessibleName(say("What was left"))
        self.list.setMinimumHeight(220)
        self.list.setSpacing(SPACE_XS)
        for offer in found.offers:
            self.list.addItem(_offer_item(offer))
        if found.offers:
            self.add(self.list)
        if found.unknown:
            self.add(
                text(
                    say(
                        "The agenda was not followed in that call, so what was treated is not "
                        "known: put items into the backlog there, or add them by hand."
                    ),
                    "muted",
                    wrap=True,
                )
            )
        elif last is not None and not found.offers:
            self.add(
                text(say("Everything was treated, and no action is open."), "muted", wrap=True)
            )
        self.add_button(say("Cancel") if found.open else say("Close"), "", self.reject)
        if found.open:
            self.take = self.add_button(say("Carry over"), "primary", self.submit, default=True)
            self.list.itemChanged.connect(lambda _: self._follow())
            self._follow()

    def keys(self) -> list[str]:
        """Return the keys of what is ticked."""
        items = [self.list.item(number) for number in range(self.list.count())]
        return [
            item.data(_OFFER).key
            for item in items
            if item.checkState() is Qt.CheckState.Checked and not item.data(_OFFER).taken
        ]

    def submit(self) -> None:
        """Take what is ticked."""
        self._presenter.carry_over(
            self.keys(), self.accept, lambda error: self.show_problem(say_error(error))
        )

    def _follow(self) -> None:
        count = len(self.keys())
        self.take.setEnabled(count > 0)
        self.take.setText(say_count(count, "Carry {count} item over", "Carry {count} items over"))


def _offer_item(offer: CarriedItem) -> QListWidgetItem:
    why = {
        "not_treated": say("not treated"),
        "skipped": say("skipped"),
        "postponed": say("postponed"),
        "open_actions": say("open actions"),
        "minutes": say("minutes to approve"),
    }[offer.reason]
    parts = [why, formats.minutes(offer.draft.duration_minutes)]
    if offer.taken:
        parts.append(say("on the agenda already"))
    item = QListWidgetItem(f"{offer.draft.title}\n{formats.joined(parts)}")
    item.setData(_OFFER, offer)
    item.setToolTip(offer.draft.description)
    item.setCheckState(Qt.CheckState.Checked)
    if offer.taken:
        item.setFlags(Qt.ItemFlag.NoItemFlags)
    return item


class SendAgendaDialog(Dialog):
    """Asks how the agenda goes out: by mail, as files, or it went out already."""

    def __init__(self, parent: QWidget, presenter: AgendaPresenter, meeting: MeetingRow) -> None:
        sent = meeting.agenda_sent_at
        zone = meeting.zone
        before = say("It was sent on {day}.", day=formats.moment(sent, zone)) + " " if sent else ""
        super().__init__(
            parent,
            say("Send the agenda"),
            before
            + say_count(
                meeting.invited,
                "{count} invitee gets a mail with the agenda in their time zone and as PDF.",
                "{count} invitees get a mail each, with the agenda in their time zone and as PDF.",
            ),
            width=520,
        )
        self._presenter = presenter
        self._before = before
        self.note = QPlainTextEdit()
        self.note.setPlaceholderText(say("Your words above the agenda, if any"))
        self.note.setAccessibleName(say("Your words above the agenda, if any"))
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(96)
        self.as_word = QCheckBox(say("Also as Word document"))
        self.as_markdown = QCheckBox(say("Also as Markdown"))
        self.add(self.note, self.as_word, self.as_markdown)
        self.add_button(say("Cancel"), "", self.reject)
        self.add_button(say("Mark as sent"), "", self._mark)
        self.add_button(say("Save as files"), "", self._choose_folder)
        self.send = self.add_button(say("Send"), "primary", self._send, default=True)

    def _send(self) -> None:
        def go() -> None:
            self.send.setEnabled(False)
            self._presenter.send(
                self.note.toPlainText(),
                self._formats(),
                self.accept,
                self._refused,
                again=bool(self._before),
            )

        self._ask_again(go)

    def _formats(self) -> list[str]:
        also = (("docx", self.as_word), ("md", self.as_markdown))
        return ["pdf", *(kind for kind, box in also if box.isChecked())]

    def _ask_again(self, go: Callable[[], None]) -> None:
        """Ask before an agenda goes out that everybody has; then `go`."""
        if not self._before:
            go()
            return
        confirm(
            self,
            say("Send the agenda again?"),
            self._before + say("Everybody who is invited gets it once more."),
            say("Send again"),
            go,
        )

    def _mark(self) -> None:
        self._presenter.mark_sent(self.accept)

    def _choose_folder(self) -> None:
        ask_folder(self, say("Save the mails in"), self.save_in)

    def save_in(self, folder: Path) -> None:
        """Write the mails to a folder."""

        def go() -> None:
            self._presenter.save_mails(
                folder,
                self.note.toPlainText(),
                self._formats(),
                self.accept,
                self._refused,
                again=bool(self._before),
            )

        self._ask_again(go)

    def _refused(self, error: ProjectDeskError) -> None:
        self.send.setEnabled(True)
        self.show_problem(say_error(error))


def section_dialog(parent: QWidget, presenter: AgendaPresenter, line: AgendaLine) -> FormDialog:
    """Return the dialog that names a section: of a heading, or one that begins with an item."""
    begins = line.item is not None

    def done(dialog: FormDialog, values: Values) -> None:
        name = str(values["section"] or "")
        if begins:
            presenter.begin_section(line, name, dialog.close_done, dialog.refuse)
        else:
            presenter.rename_section(line, name, dialog.refuse)
            dialog.close_done()

    return FormDialog(
        parent,
        say("Begin a section here") if begins else say("Rename section"),
        say("The items up to the next heading stand under it.")
        if begins
        else say("Leave it empty to take the heading away; its items stay."),
        [Field("section", say("Section"), lambda r: r.section)],
        say("Begin section") if begins else say("Rename"),
        done,
        required=["section"] if begins else (),
        start=SimpleNamespace(section="" if begins else line.section),
    )


def waiting_dialog(parent: QWidget, presenter: AgendaPresenter, meeting: MeetingRow) -> FormDialog:
    """Return the dialog that puts something new into the backlog."""

    def done(dialog: FormDialog, values: Values) -> None:
        presenter.add_waiting(
            {
                "project_id": meeting.project_id,
                "body_id": meeting.body_id,
                "title": values["title"],
                "duration_minutes": values["duration_minutes"],
            }
        )
        dialog.close_done()

    return FormDialog(
        parent,
        say("Add to the backlog"),
        say("It waits until somebody puts it on an agenda."),
        [
            Field("title", say("Item"), lambda r: r.title),
            Field(
                "duration_minutes",
                say("Minutes|duration"),
                lambda r: r.duration_minutes,
                Entry.NUMBER,
                minimum=0,
                maximum=24 * 60,
            ),
        ],
        say("Add"),
        done,
        required=["title"],
        start=SimpleNamespace(title="", duration_minutes=10),
    )


def _read(words: str) -> time | None:
    from projectdesk.desktop.models.entries import NotAValue, read_time

    try:
        return read_time(words)
    except NotAValue:
        return None
