"""Who gets which mail of a meeting: looked at before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from PySide6.QtCore import QSignalBlocker, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.presenters.asking import while_it_runs
from projectdesk.desktop.presenters.inviting import InvitingPresenter
from projectdesk.desktop.presenters.meeting import Links
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S
from projectdesk.desktop.widgets.badges import Banner, Elided
from projectdesk.desktop.widgets.data_table import DataTable, RowAction
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.file_dialogs import ask_folder
from projectdesk.desktop.widgets.header import Segments
from projectdesk.desktop.widgets.layout import button, column, plain, row, show_if, text
from projectdesk.domain.rules.invitation_changes import Change, Telling
from projectdesk.services.commands.invite_orders import InviteState
from projectdesk.services.inviting.planning import NO_ADDRESS, ORGANISER, InviteeLine
from projectdesk.services.meeting_hosts import THIS_COMPUTER
from projectdesk.services.rows import MeetingRow

_WIDTH = 1140
_HEIGHT = 660
_LIST_WIDTH = 680
_TONES = {
    Telling.NEW: Tone.ACCENT,
    Telling.UPDATE: Tone.WARNING,
    Telling.CANCEL: Tone.DANGER,
    Telling.NOTHING: Tone.NEUTRAL,
}


def telling_words(line: InviteeLine) -> str:
    """Return what somebody gets, in a word or two."""
    if line.problem:
        return say("Nothing")
    if line.again:
        return say("Invitation again")
    return {
        Telling.NEW: say("Invitation"),
        Telling.UPDATE: say("Update"),
        Telling.CANCEL: say("Cancellation"),
        Telling.NOTHING: say("Nothing"),
    }[line.telling]


def change_words(change: Change) -> str:
    """Return what of a meeting changed."""
    return {
        Change.TIME: say("Time"),
        Change.DURATION: say("Length"),
        Change.TITLE: say("Title"),
        Change.PLACE: say("Place"),
        Change.LINK: say("Link"),
        Change.PRESENCE: say("Presence"),
        Change.DATES: say("Dates"),
    }[change]


def why(line: InviteeLine) -> str:
    """Return why somebody gets it, or does not."""
    if line.problem == NO_ADDRESS:
        return say("No e-mail address")
    if line.problem == ORGANISER:
        return say("You invite")
    if line.removed:
        return say("No longer invited")
    if line.changes:
        return ", ".join(change_words(each) for each in line.changes)
    if line.telling is Telling.NOTHING and line.told is not None:
        return say("Knows already")
    return "" if line.zone_known else say("Time zone not known")


class InvitingDialog(Dialog):
    """Shows who gets what; sends it, or writes it to files."""

    def __init__(
        self,
        parent: QWidget,
        session: Session,
        links: Links,
        meeting: MeetingRow,
        *,
        cancel: bool = False,
        whole: bool = False,
    ) -> None:
        """Ask.

        Args:
            parent: the window it belongs to.
            session: the open data.
            links: gives personal links.
            meeting: what is invited to.
            cancel: the meeting is cancelled with it.
            whole: of its series, all dates.
        """
        title = say("Cancel this meeting?") if cancel else say("Send invitations")
        super().__init__(
            parent,
            title,
            say("Each person gets a mail of their own; nobody sees the addresses of the others."),
            width=_WIDTH,
        )
        self._cancel = cancel
        self._left_out: set[UUID] = set()
        self._mail_of: InviteeLine | None = None
        self.which = Segments([(False, say("This date")), (True, say("The whole series"))])
        self.series = Elided("", "muted")
        self.reach = Banner()
        self.anyway = QCheckBox(say("Send these links all the same"))
        self.account = Banner()
        self.table = self._make_table()
        self.note = QPlainTextEdit()
        self.note.setPlaceholderText(say("A few words of your own (not needed)"))
        self.note.setTabChangesFocus(True)
        self.note.setAccessibleName(say("A few words of your own"))
        self.note.setFixedHeight(72)
        self.subject = Elided("", "strong")
        self.mail = QPlainTextEdit()
        self.mail.setReadOnly(True)
        self.mail.setAccessibleName(say("The mail"))
        self.by_mail_program = button(
            say("Open in your mail program"), "", "external-link", self._open_mail_program
        )
        self._lay_out()
        self.add_button(say("Close") if cancel else say("Cancel"), "", self.reject)
        self.files = self.add_button(say("Save as files…"), "", self._ask_folder)
        self.action = self.add_button(say("Send"), "primary", self._send)
        self.action.setEnabled(False)
        self.presenter = InvitingPresenter(session, self, links, meeting.id, cancel=cancel)
        self.which.chosen.connect(self._choose)
        self.anyway.toggled.connect(self._count)
        self.finished.connect(self.presenter.close)
        if whole:
            with QSignalBlocker(self.which):
                self.which.choose(True)
            self.presenter.choose(True)
        self.presenter.activate()

    def _make_table(self) -> DataTable[InviteeLine]:
        empty = EmptyState(
            "users", say("Nobody is invited yet"), say("Invite people first, under Invitees.")
        )
        table: DataTable[InviteeLine] = DataTable(
            [
                Column(
                    say("Name"), lambda r: r.name, stretch=3, strong=True, tip=lambda r: r.email
                ),
                Column(
                    say("Gets"),
                    self._gets,
                    width=132,
                    tone=lambda r: Tone.NEUTRAL if self._is_out(r) else _TONES[r.telling],
                ),
                Column(say("Why"), why, stretch=2, muted=True),
                Column(
                    say("Their time"),
                    lambda r: f"{formats.clock(r.local_start)} {formats.city(r.zone)}",
                    width=140,
                    muted=True,
                    tip=lambda r: formats.weekday(r.local_start.date()),
                    optional=True,
                ),
            ],
            lambda line: line.id,
            empty,
        )
        table.setAccessibleName(say("Invitees"))
        table.set_actions(
            [
                RowAction(
                    say("Leave out this time"),
                    "ban",
                    self.leave_out,
                    many=True,
                    when=lambda r: r.goes_out and r.id not in self._left_out,
                ),
                RowAction(
                    say("Send as well"),
                    "mail",
                    self.take_in,
                    many=True,
                    when=lambda r: r.id in self._left_out,
                ),
            ]
        )
        table.current_changed.connect(self._on_current)
        return table

    def _lay_out(self) -> None:
        self.setMinimumHeight(_HEIGHT)
        list_side = plain(column(self.table, text(say("Note"), "label"), self.note,
                                 spacing=SPACE_S))  # fmt: skip
        list_side.setMinimumWidth(_LIST_WIDTH)
        mail_side = column(
            self.subject, self.mail, row(None, self.by_mail_program), spacing=SPACE_S
        )
        both = row(list_side, plain(mail_side), spacing=SPACE_M)
        both.setStretch(0, 3)
        both.setStretch(1, 2)
        top = row(self.which, self.series, spacing=SPACE_M)
        top.setStretch(1, 1)
        self.top = plain(top)
        self.top.hide()
        self.anyway.hide()
        self.by_mail_program.setEnabled(False)
        self.add(self.top, self.account, self.reach, self.anyway, both)
        self.body.setStretch(4, 1)

    # --- what the presenter calls

    def show_state(self, state: InviteState) -> None:
        """Show who gets what."""
        show_if(self.top, state.series_id is not None and not self._cancel)
        self.series.setText(state.series_words)
        self.table.show_rows(state.lines)
        self._say_account(state)
        first = next((line for line in state.lines if line.goes_out), None)
        if first is not None:
            self.table.select(first.id)
        self._count()

    def show_reach(self, reach: str) -> None:
        """Say who can open the links."""
        state = self.presenter.state
        words = ""
        if reach == "here":
            words = say(
                "The links lead to this computer: nobody elsewhere can open them. Hold the meeting "
                "on a server (Details, Held on)."
            )
        elif reach == "network":
            words = say(
                "The links lead into this network, to this computer: they open there, while it is "
                "on and ProjectDesk runs. On a server they always do."
            )
        elif state is not None and state.meeting.host == THIS_COMPUTER and not self._cancel:
            words = while_it_runs()
        self.reach.say(words)
        show_if(self.anyway, bool(reach))
        self._count()
        if self._mail_of is not None:
            self._on_current(self._mail_of)

    def show_mail(self, subject: str, words: str) -> None:
        """Show one mail as it would be sent."""
        self.subject.setText(subject)
        self.mail.setPlainText(words)
        self.by_mail_program.setEnabled(bool(words))

    def show_failure(self, words: str) -> None:
        """Say why nothing can be sent, or was."""
        self.show_problem(words)
        self._count()

    def sent(self) -> None:
        """It is done: close."""
        self.accept()

    # --- what a person asks for

    def leave_out(self, lines: Sequence[InviteeLine]) -> None:
        """Send these people nothing this time."""
        self._left_out |= {line.id for line in lines}
        self.table.refresh()
        self._count()

    def take_in(self, lines: Sequence[InviteeLine]) -> None:
        """Send these people their mail after all."""
        self._left_out -= {line.id for line in lines}
        self.table.refresh()
        self._count()

    def chosen(self) -> list[UUID]:
        """Return who gets a mail."""
        return [line.id for line in self.table.rows if line.goes_out and not self._is_out(line)]

    def save_to(self, folder: Path) -> None:
        """Write the mails to a folder."""
        self.presenter.send(self.chosen(), self.note.toPlainText(), folder)

    def _send(self) -> None:
        self.show_problem("")
        self.action.setEnabled(False)
        self.presenter.send(self.chosen(), self.note.toPlainText())

    def _ask_folder(self) -> None:
        ask_folder(self, say("Save the mails in"), self.save_to)

    def _open_mail_program(self) -> None:
        QDesktopServices.openUrl(QUrl(self.mailto()))

    def mailto(self) -> str:
        """Return the shown mail as an address for the system's mail program."""
        if self._mail_of is None:
            return ""
        body = quote(self.mail.toPlainText().replace("\n", "\r\n"))
        to = quote(self._mail_of.email, safe="@")
        return f"mailto:{to}?subject={quote(self.subject.text())}&body={body}"

    # --- inside

    def _choose(self, whole: object) -> None:
        self._left_out.clear()
        self.presenter.choose(bool(whole))

    def _on_current(self, line: InviteeLine | None) -> None:
        self._mail_of = line if line is not None and line.goes_out else None
        if self._mail_of is None:
            self.show_mail("", "")
        else:
            self.presenter.show_mail_of(self._mail_of.id, self.note.toPlainText())

    def _is_out(self, line: InviteeLine) -> bool:
        return line.id in self._left_out

    def _gets(self, line: InviteeLine) -> str:
        return say("Left out") if self._is_out(line) else telling_words(line)

    def _say_account(self, state: InviteState) -> None:
        words = ""
        if not state.sender:
            words = say(
                "Nobody knows yet from which address you write: set up a mail account, or give "
                "yourself an e-mail address in the directory."
            )
        elif not state.account:
            words = say(
                "No mail account is set up on this computer. Save the mails as files and send them "
                "with your mail program, or set up an account under Mail."
            )
        self.account.say(words)

    def _count(self) -> None:
        state = self.presenter.state
        count = len(self.chosen())
        if self._cancel:
            words = say_count(count, "Cancel and send {count}", "Cancel and send {count}")
            self.action.setText(words if count else say("Cancel the meeting"))
        else:
            self.action.setText(say("Send {count}", count=count) if count else say("Send"))
        reached = self.anyway.isHidden() or self.anyway.isChecked()
        known = state is not None and bool(state.sender)
        ready = self.presenter.ready and reached and known
        sends = state is not None and state.account
        self.action.setEnabled(ready and (sends or (self._cancel and not count))
                               and (bool(count) or self._cancel))  # fmt: skip
        self.files.setEnabled(ready and bool(count))
