"""Mailing lists: everybody by role, body, work package, function; copied, mailed or written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QCheckBox, QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.mailing_lists import MailingListsPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.badges import Banner
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.file_dialogs import ask_new_file
from projectdesk.desktop.widgets.filter_bar import FilterBar, filter_field
from projectdesk.desktop.widgets.header import Segments
from projectdesk.desktop.widgets.layout import button, column, plain, row, show_if, text
from projectdesk.domain.consortium import PartnerRole
from projectdesk.domain.rules import mailing
from projectdesk.services.consortium_rows import (
    ListKind,
    ListPart,
    MailingListRow,
    RecipientRow,
)

_LISTS_WIDTH: Final = 470
_NO_LIMIT: Final = 16_777_215
"""Qt's QWIDGETSIZE_MAX."""


def list_name(shown: MailingListRow) -> str:
    """Return what a list is called, in the reader's language."""
    match shown.kind:
        case ListKind.ALL:
            return say("Whole consortium")
        case ListKind.EXTERNALS:
            return say("Externals")
        case ListKind.LEADERS:
            return say("Work package leaders")
        case ListKind.ROLE:
            return _role(PartnerRole(shown.subject))
        case ListKind.BODY if shown.part is ListPart.REPRESENTATIVES:
            return say("{body}: representatives", body=shown.subject)
        case ListKind.BODY if shown.part is ListPart.DEPUTIES:
            return say("{body}: deputies", body=shown.subject)
        case _:
            return shown.subject


def _role(role: PartnerRole) -> str:
    """Return what the partners of a role are called together."""
    match role:
        case PartnerRole.COORDINATOR:
            return say("Coordinator")
        case PartnerRole.BENEFICIARY:
            return say("Beneficiaries")
        case PartnerRole.AFFILIATED_ENTITY:
            return say("Affiliated entities")
        case PartnerRole.ASSOCIATED_PARTNER:
            return say("Associated partners")
        case PartnerRole.SUBCONTRACTOR:
            return say("Subcontractors")
        case PartnerRole.THIRD_PARTY:
            return say("Third parties")
        case PartnerRole.GRANTING_AUTHORITY:
            return say("Granting authority")


def _kind(shown: MailingListRow) -> str:
    match shown.kind:
        case ListKind.ROLE:
            return say("Role")
        case ListKind.BODY:
            return say("Body")
        case ListKind.WORK_PACKAGE | ListKind.LEADERS:
            return say("Work plan")
        case ListKind.FUNCTION:
            return say("Function")
        case ListKind.PARTNER:
            return say("Partner")
        case _:
            return say("Everybody")


def _list_columns() -> list[Column[MailingListRow]]:
    return [
        Column(say("List"), list_name, stretch=3, strong=True),
        Column(say("By"), _kind, width=104, muted=True),
        Column(
            say("People"),
            lambda r: str(r.reached + len(r.missing)),
            sort=lambda r: r.reached + len(r.missing),
            width=92,
            right=True,
            alarm=lambda r: bool(r.missing),
            tip=lambda r: (
                say("Without an address: {names}", names=r.without_address) if r.missing else ""
            ),
        ),
    ]


def _people_columns() -> list[Column[RecipientRow]]:
    return [
        Column(say("Name"), lambda r: r.name, stretch=2, strong=True),
        Column(
            say("E-mail"),
            lambda r: r.email or say("No address"),
            stretch=3,
            alarm=lambda r: not r.email,
            tip=lambda r: r.email,
        ),
        Column(say("Partner"), lambda r: r.partner or say("External"), width=116, muted=True),
        Column(say("Function"), lambda r: r.function, stretch=2, muted=True, optional=True),
    ]


class MailingListsPane(Presented, QWidget):
    """The lists at the left; who is on one, and what can be done with it, at the right."""

    go = Signal(object)

    def __init__(
        self,
        session: Session,
        open_link: Callable[[QUrl], bool] = QDesktopServices.openUrl,
    ) -> None:
        """Make the pane.

        Args:
            session: the outside.
            open_link: hands a mailto link to the mail program; False = there is none.
        """
        super().__init__()
        self._open_link = open_link
        self._shown: MailingListRow | None = None
        self.presenter = self.present(MailingListsPresenter(session, self))
        self.lists: DataTable[MailingListRow] = DataTable(
            _list_columns(),
            lambda r: r.key,
            EmptyState(
                "users",
                say("No lists yet"),
                say("Add people to the project: lists by role, body and work package follow."),
            ),
            name="mailing-lists",
        )
        self.lists.setAccessibleName(say("Mailing lists"))
        self.lists.current_changed.connect(self._show)
        self.filter = filter_field(self.lists, say("Filter lists"))
        self._left = plain(column(self.filter, FilterBar(self.lists), self.lists, spacing=SPACE_M))
        self._left.setMinimumWidth(_LISTS_WIDTH)
        self._right = self._beside()
        layout = row(
            self._left,
            self._right,
            spacing=SPACE_XL,
            margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL),
        )
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def _beside(self) -> QWidget:
        self._name = text("", "heading", wrap=True)
        self._count = text("", "muted", wrap=True)
        self.separator = Segments(
            [(mailing.SEMICOLON, say("Semicolons")), (mailing.COMMA, say("Commas"))]
        )
        self.separator.setToolTip(say("Between addresses: Outlook takes semicolons only."))
        self.hidden = QCheckBox(say("Bcc: nobody sees the others’ addresses"))
        self.hidden.setChecked(True)
        self.copying = button(say("Copy addresses"), "", "copy", self.copy)
        self.writing = button(say("Write mail"), "primary", "external-link", self.write)
        self.exporting = button(say("Export table"), "", "file-up", self._ask_file)
        self.missing = Banner()
        self.people: DataTable[RecipientRow] = DataTable(
            _people_columns(),
            lambda r: r.person_id,
            EmptyState("users", say("Choose a list"), say("Its people are shown here.")),
            name="mailing-list-people",
        )
        self.people.setAccessibleName(say("People"))
        return plain(
            column(
                column(self._name, self._count, spacing=0),
                row(self.writing, self.copying, self.exporting, None, spacing=SPACE_S),
                row(self.hidden, None, self.separator, spacing=SPACE_M),
                self.missing,
                self.people,
                spacing=SPACE_M,
            )
        )

    # --- what the project's page calls

    def open_project(self, project: UUID) -> None:
        """Show the lists of `project`."""
        self.lists.clear_selection()
        self.presenter.open(project)

    # --- what the presenter calls

    def show_lists(self, rows: Sequence[MailingListRow]) -> None:
        """Show all lists; the one that is looked at stays."""
        wanted = self._shown.key if self._shown else None
        self.lists.show_rows(rows)
        self._left.setMaximumWidth(_LISTS_WIDTH if rows else _NO_LIMIT)
        show_if(self.filter, bool(rows))
        show_if(self._right, bool(rows))
        if not (wanted and self.lists.select(wanted)) and rows:
            self.lists.select(rows[0].key)
        self._show(self.lists.current())

    # --- one list

    def _show(self, shown: MailingListRow | None) -> None:
        self._shown = shown
        able = shown is not None and shown.reached > 0
        for control in (self.copying, self.writing, self.exporting):
            control.setEnabled(able)
        if shown is None:
            self._name.setText("")
            self._count.setText("")
            self.missing.say("")
            self.people.show_rows(())
            return
        self._name.setText(list_name(shown))
        self._count.setText(say_count(shown.reached, "{count} address", "{count} addresses"))
        self.missing.say(
            say("Without an address: {names}", names=shown.without_address) if shown.missing else ""
        )
        self.people.show_rows((*shown.recipients, *shown.missing))

    def _separator(self) -> str:
        return str(self.separator.value)

    def copy(self) -> None:
        """Put the addresses on the clipboard."""
        if self._shown is None:
            return
        words = mailing.in_a_row(self._shown.addresses, self._separator())
        QGuiApplication.clipboard().setText(words)
        copied = say_count(
            self._shown.reached, "{count} address is copied.", "{count} addresses are copied."
        )
        if self.hidden.isChecked():
            copied += " " + say("Paste into Bcc.")
        self.presenter.tell(copied)

    def write(self) -> None:
        """Open a mail to the list; ask first where it takes several."""
        if self._shown is None:
            return
        links = mailing.mailtos(
            self._shown.addresses, self._separator(), hidden=self.hidden.isChecked()
        )
        if len(links) > 1:
            self._ask_many(links)
        else:
            self._open(links)

    def _ask_many(self, links: Sequence[str]) -> None:
        dialog = Dialog(
            self.window(),
            say("This list is long"),
            say(
                "A link to a mail program holds about {count} characters on Windows, and these "
                "addresses need more. Copy them and paste them into one mail, or open {mails} "
                "mails with a part each.",
                count=mailing.LONGEST_LINK,
                mails=len(links),
            ),
        )

        def chosen(run: Callable[[], None]) -> None:
            dialog.accept()
            run()

        dialog.add_button(say("Cancel"), "", dialog.reject)
        words = say("Open {mails} mails", mails=len(links))
        dialog.add_button(words, "", lambda: chosen(lambda: self._open(links)))
        dialog.add_button(say("Copy addresses"), "primary", lambda: chosen(self.copy), default=True)
        dialog.open()

    def _open(self, links: Sequence[str]) -> None:
        for link in links:
            if not self._open_link(QUrl.fromEncoded(link.encode())):
                self.copy()
                self.presenter.say_problem(
                    say("No mail program answered, so the addresses were copied instead.")
                )
                return

    def _ask_file(self) -> None:
        if self._shown is None:
            return
        key = self._shown.key
        ask_new_file(
            self.window(),
            f"{_file_name(self._shown)}.csv",
            lambda path: self.presenter.export(key, path),
            title=say("Export table"),
            filters=[say("CSV (*.csv)"), "Excel (*.xlsx)"],
        )


def _file_name(shown: MailingListRow) -> str:
    """Return a list's name as a file can be called everywhere."""
    return "".join(c if c.isalnum() or c in " -_" else "-" for c in list_name(shown)).strip()
