"""Dialogs of circulated minutes: to whom they go, who reads them besides, why they are revised."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.models import circulation_words, formats, ordering
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.presenters.circulation import CirculatingOffer, Done, Failed
from projectdesk.desktop.theme.tokens import SPACE_S
from projectdesk.desktop.widgets.badges import Banner
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.file_dialogs import ask_folder
from projectdesk.desktop.widgets.layout import button, column, row, show_if, text
from projectdesk.errors import ProjectDeskError
from projectdesk.services.agenda_rows import AgendaItemRow
from projectdesk.services.circulation_rows import PlannedReader, ReaderLink, ReaderRow
from projectdesk.services.rows import MeetingRow, PersonRow

_PERSON: Final = Qt.ItemDataRole.UserRole
_LIST_HEIGHT: Final = 280


class Circulate(Protocol):
    """Circulates minutes: `presenters.circulation.CirculationPresenter.circulate`."""

    def __call__(
        self,
        host: str,
        leave_out: Collection[UUID],
        message: str,
        *,
        folder: Path | None,
        anyway: bool,
        done: Done,
        failed: Failed,
    ) -> None:
        """Do it; by mail, or as files in a folder."""


class CirculateDialog(Dialog):
    """Asks to whom the minutes go; says until when objections are taken, and where links lead."""

    def __init__(
        self,
        parent: QWidget | None,
        offer: CirculatingOffer,
        circulate: Circulate,
    ) -> None:
        """Ask.

        Args:
            parent: the window it belongs to.
            offer: what would be done.
            circulate: does it.
        """
        plan, zone = offer.plan, offer.life.zone
        until = formats.moment(plan.until, zone)
        super().__init__(
            parent,
            say("Circulate revision {number} of the minutes", number=plan.revision),
            say(
                "Each gets a mail with the PDF and a personal link. Objections are taken until "
                "{until}. What they say is fixed then: it is changed by a new revision only.",
                until=until,
            ),
            width=640,
        )
        self._offer = offer
        self._circulate = circulate
        self.warning = Banner()
        self.people = QListWidget()
        self.people.setAccessibleName(say("Readers"))
        self.people.setMinimumHeight(_LIST_HEIGHT)
        for reader in plan.readers:
            self.people.addItem(_entry(reader))
        self.people.itemChanged.connect(lambda _: self._count())
        self._counted = text("", "muted")
        self.message = QLineEdit()
        self.message.setMaxLength(500)
        self.message.setPlaceholderText(say("A line of your own in the mail (optional)"))
        self.message.setAccessibleName(say("A line of your own in the mail"))
        self.anyway = QCheckBox(say("Send links that only this computer or its network can open"))
        self.anyway.hide()
        self.add(self.warning, self.people, self._counted, self.message, self.anyway)
        if offer.host == "":
            self.warning.say(
                say(
                    "The links lead to this computer: they work only while it runs, and where it "
                    "can be reached. A team server is better for readers elsewhere."
                )
            )
        if not offer.can_send:
            self.add(
                text(
                    say(
                        "No mail account is set up on this computer. Save the mails as files and "
                        "open them with your mail program; each is a draft."
                    ),
                    "muted",
                    wrap=True,
                )
            )
        self.add_button(say("Cancel"), "", self.reject)
        self.files = self.add_button(say("Save the mails as files"), "", self._ask_folder)
        self.action = self.add_button(say("Circulate"), "primary", self._send, default=True)
        self.action.setEnabled(offer.can_send)
        self._count()

    @property
    def left_out(self) -> set[UUID]:
        """Who does not get them."""
        items = [self.people.item(n) for n in range(self.people.count())]
        return {
            item.data(_PERSON) for item in items if item.checkState() is not Qt.CheckState.Checked
        }

    def _count(self) -> None:
        count = self.people.count() - len(self.left_out)
        unmailed = [
            row.name
            for row in self._offer.plan.readers
            if not row.email and row.person_id not in self.left_out
        ]
        words = say_count(count, "{count} reader", "{count} readers")
        if unmailed:
            names = ", ".join(unmailed)
            words = formats.joined((words, say("without an address: {names}", names=names)))
        self._counted.setText(words)

    def _ask_folder(self) -> None:
        ask_folder(self, say("Save the mails as files"), self._run)

    def _send(self) -> None:
        self._run(None)

    def _run(self, folder: Path | None) -> None:
        self.show_problem("")
        self._enable(False)
        message, anyway = self.message.text().strip(), self.anyway.isChecked()
        self._circulate(
            self._offer.host,
            self.left_out,
            message,
            folder=folder,
            anyway=anyway,
            done=self.accept,
            failed=self._refuse,
        )

    def _refuse(self, error: ProjectDeskError) -> None:
        self._enable(True)
        if error.code == "link_not_public":
            show_if(self.anyway, True)
        self.show_problem(say_error(error))

    def _enable(self, enabled: bool) -> None:
        self.files.setEnabled(enabled)
        self.action.setEnabled(enabled and self._offer.can_send)


def _entry(reader: PlannedReader) -> QListWidgetItem:
    whose = f"{reader.name} ({reader.partner})" if reader.partner else reader.name
    why = circulation_words.why_words(reader.why)
    item = QListWidgetItem(formats.joined((whose, why)))
    item.setData(_PERSON, reader.person_id)
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(Qt.CheckState.Checked)
    rights = "" if reader.may_object else say("Reads only: stands for no party of the project.")
    item.setToolTip("\n".join(part for part in (reader.email, rights) if part))
    return item


def ask_reason(parent: QWidget, revise: Callable[[str, Done, Failed], None]) -> FormDialog:
    """Ask why a new revision is begun."""

    def run(dialog: FormDialog, values: Values) -> None:
        revise(values["reason"] or "", dialog.close_done, dialog.refuse)

    dialog = FormDialog(
        parent,
        say("Begin a new revision"),
        say(
            "The text goes on as it is, in a new document. The links of this revision say that it "
            "was superseded; the new one is circulated when it is ready, with a new window."
        ),
        [_blank("reason", say("Why (readers see it)"), Entry.LONG_TEXT)],
        say("Begin|verb"),
        run,
    )
    dialog.open()
    return dialog


def ask_approval(
    parent: QWidget,
    meetings: Sequence[MeetingRow],
    approve: Callable[[UUID, Done, Failed], None],
) -> FormDialog:
    """Ask at which meeting the body approved the minutes."""
    choices = [
        Option(row.id, f"{row.title}, {formats.day(row.local_start.date())}") for row in meetings
    ]

    def run(dialog: FormDialog, values: Values) -> None:
        approve(values["at"], dialog.close_done, dialog.refuse)

    first = meetings[0].id if meetings else None
    dialog = FormDialog(
        parent,
        say("Approved at a meeting"),
        say("The minutes are accepted by that; nobody has to wait for the window."),
        [_blank("at", say("Meeting"), Entry.CHOICE, first, options=lambda: choices)],
        say("Accept the minutes"),
        run,
        required=["at"],
    )
    dialog.open()
    return dialog


def ask_objection(
    parent: QWidget,
    reader: ReaderRow,
    items: Sequence[AgendaItemRow],
    enter: Callable[[UUID, UUID | None, str, Done, Failed], None],
) -> FormDialog:
    """Ask for an objection that came by mail or by telephone."""
    choices = [Option(None, say("To the minutes as a whole"))]
    choices += [Option(row.id, f"{row.label} {row.title}".strip()) for row in items]

    def run(dialog: FormDialog, values: Values) -> None:
        enter(reader.id, values["item"], values["text"], dialog.close_done, dialog.refuse)

    dialog = FormDialog(
        parent,
        say("Objection of {name}", name=reader.name),
        say("For what came another way than by the link."),
        [
            _blank("item", say("To|subject"), Entry.CHOICE, None, options=lambda: choices),
            _blank("text", say("What is objected"), Entry.LONG_TEXT),
        ],
        say("Enter"),
        run,
        required=["text"],
    )
    dialog.open()
    return dialog


def ask_readers(
    parent: QWidget,
    people: Sequence[PersonRow],
    add: Callable[[Mapping[UUID, UUID | None], Done, Failed], None],
) -> FormDialog:
    """Ask who is to read the minutes besides."""
    choices = [
        Option(row.id, f"{row.name} ({row.partner})" if row.partner else row.name)
        for row in ordering.people(people)
    ]
    partner = {row.id: row.partner_id for row in people}

    def run(dialog: FormDialog, values: Values) -> None:
        person = values["person"]
        add({person: partner[person]}, dialog.close_done, dialog.refuse)

    dialog = FormDialog(
        parent,
        say("Add a reader"),
        say("They get a link of their own by mail. The time for objections stays what it is."),
        [_blank("person", say("Person"), Entry.CHOICE, None, options=lambda: choices)],
        say("Add"),
        run,
        required=["person"],
    )
    dialog.open()
    return dialog


class LinksDialog(Dialog):
    """Personal links, to be copied."""

    def __init__(self, parent: QWidget | None, links: Sequence[ReaderLink]) -> None:
        super().__init__(
            parent,
            say("Personal links"),
            say("Each link is of one reader and says so: give it to nobody else."),
            width=640,
        )
        self.links = QListWidget()
        self.links.setAccessibleName(say("Personal links"))
        self.links.setMinimumHeight(_LIST_HEIGHT)
        for link in links:
            item = QListWidgetItem(formats.joined((link.name, link.url)))
            item.setData(_PERSON, link.url)
            self.links.addItem(item)
        hosts = {urlsplit(link.url).hostname or "" for link in links}
        lead = say("They lead to {host}.", host=", ".join(sorted(hosts))) if hosts else ""
        copy = button(say("Copy the link"), "", "copy", self._copy)
        self.add(self.links, row(text(lead, "muted"), None, copy, spacing=SPACE_S), column())
        self.add_button(say("Close"), "primary", self.accept, default=True)

    def _copy(self) -> None:
        if self.links.count():
            item = self.links.item(max(self.links.currentRow(), 0))
            QGuiApplication.clipboard().setText(item.data(_PERSON))


def _blank(name: str, label: str, entry: Entry, first: object = None, **more: Any) -> Field[Any]:
    return Field(name, label, lambda _: first, entry, **more)
