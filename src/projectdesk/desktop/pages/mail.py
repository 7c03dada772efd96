"""Mail: what waits, what was delivered, what was refused with the server's words; what came in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.models.formats import moment, size
from projectdesk.desktop.models.mail_words import (
    answer,
    explained,
    outcome,
    purpose_word,
    state_tone,
    state_word,
)
from projectdesk.desktop.pages.page import Page
from projectdesk.desktop.presenters.mail import (
    ALL,
    SENT,
    TROUBLED,
    WAITING,
    MailPresenter,
    Outbox,
    read_files,
)
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.mailing import Mailing
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import (
    INSPECTOR_WIDTH,
    SPACE_L,
    SPACE_M,
    SPACE_S,
    SPACE_XL,
    SPACE_XS,
)
from projectdesk.desktop.widgets.badges import Chip, Elided, Icon
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.dialog import confirm
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.file_dialogs import ask_new_file
from projectdesk.desktop.widgets.header import PageHeader, Segments, Tabs
from projectdesk.desktop.widgets.layout import (
    button,
    column,
    hairline,
    icon_button,
    plain,
    row,
    scrolled,
    show_if,
    text,
)
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.services.mail_rows import MailContent, MailRow, ReceivedRow
from projectdesk.services.outbox import MailState

_AGAIN = (MailState.REFUSED, MailState.UNCERTAIN)
_TEXT_HEIGHT = 320


def _columns(zone: Callable[[], str]) -> list[Column[MailRow]]:
    return [
        Column(
            say("State"),
            lambda r: state_word(r.state),
            width=118,
            tone=lambda r: state_tone(r.state),
        ),
        Column(say("Recipient"), lambda r: r.person or r.recipient, stretch=2, strong=True),
        Column(say("Subject"), lambda r: r.subject, stretch=4, tip=lambda r: r.subject),
        Column(
            say("For|purpose"),
            lambda r: purpose_word(r.purpose),
            width=104,
            muted=True,
            optional=True,
        ),
        Column(say("Project"), lambda r: r.project, width=96, muted=True, optional=True),
        Column(
            say("When"),
            lambda r: moment(when(r), zone()),
            sort=when,
            width=148,
            alarm=lambda r: r.late and r.next_at is not None,
        ),
        Column(
            say("Answer"),
            answer,
            stretch=3,
            muted=True,
            tip=answer,
            optional=True,
        ),
    ]


def _received_columns(zone: Callable[[], str]) -> list[Column[ReceivedRow]]:
    return [
        Column(
            say("Read"), lambda r: moment(r.read_at, zone()), sort=lambda r: r.read_at, width=160
        ),
        Column(say("From|sender"), lambda r: r.person or r.sender, stretch=2, strong=True),
        Column(say("Subject"), lambda r: r.subject, stretch=3),
        Column(say("Meeting"), lambda r: r.meeting, stretch=2, muted=True, optional=True),
        Column(say("What became of it"), outcome, stretch=4, tip=outcome),
    ]


def when(mail: MailRow) -> datetime:
    """Return the moment that tells most of a mail: sent, tried next, or made."""
    return mail.sent_at or mail.next_at or mail.tried_at or mail.made_at


class MailReader(QFrame):
    """One mail beside the list: where it stands, what is in it, what can be done."""

    closed = Signal()
    again_asked = Signal(object)
    now_asked = Signal(object)
    back_asked = Signal(object)
    save_asked = Signal(object)
    meeting_asked = Signal(object)

    def __init__(self, zone: Callable[[], str]) -> None:
        super().__init__()
        self._zone = zone
        self._row: MailRow | None = None
        self.setProperty("surface", "inspector")
        self.setFixedWidth(INSPECTOR_WIDTH)
        self.title = text("", "heading", wrap=True)
        self.chip = Chip()
        self.purpose = text("", "caption", wrap=True)
        self.said = text("", "", wrap=True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.advice = text("", "muted", wrap=True)
        self.facts: QVBoxLayout = column(spacing=SPACE_S)
        self.again = button(
            say("Send again"), "primary", "refresh-cw", self._asks(self.again_asked)
        )
        self.now = button(say("Send now"), "", "arrow-right", self._asks(self.now_asked))
        self.back = button(say("Take back"), "", "undo-2", self._asks(self.back_asked))
        self.save = button(say("Save as .eml…"), "", "download", self._asks(self.save_asked))
        self.meeting = button(say("Open the meeting"), "link", "", self._asks(self.meeting_asked))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setMinimumHeight(_TEXT_HEIGHT)
        self.text.setAccessibleName(say("Text of the mail"))
        close = icon_button("x", say("Close"), self.closed.emit)
        top = row(
            column(self.title, self.purpose, spacing=SPACE_XS),
            close,
            spacing=SPACE_S,
            margins=(SPACE_XL, SPACE_L, SPACE_M, SPACE_M),
        )
        top.setAlignment(close, Qt.AlignmentFlag.AlignTop)
        top.setStretch(0, 1)
        inside = column(
            row(self.chip, None),
            self.said,
            self.advice,
            row(self.again, self.now, None, spacing=SPACE_S),
            row(self.back, self.save, None, spacing=SPACE_S),
            self.facts,
            row(self.meeting, None),
            self.text,
            None,
            spacing=SPACE_M,
            margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L),
        )
        layout = column(top, hairline(), scrolled(plain(inside)), spacing=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def show_row(self, shown: MailRow) -> None:
        """Show where a mail stands; its text follows."""
        if self._row is None or self._row.id != shown.id:
            self.text.setPlainText("")
        self._row = shown
        self.title.setText(shown.subject)
        parts = (purpose_word(shown.purpose), shown.project, shown.meeting)
        self.purpose.setText(formats.joined(parts))
        self.chip.set(state_word(shown.state), state_tone(shown.state))
        self.said.setText(answer(shown))
        show_if(self.said, bool(shown.reply))
        words = explained(shown)
        self.advice.setText(words)
        show_if(self.advice, bool(words))
        self.again.setText(say("Send all the same") if shown.private_links else say("Send again"))
        show_if(self.again, shown.state in _AGAIN)
        waits = shown.state is MailState.QUEUED
        show_if(self.now, waits and shown.mine)
        show_if(self.back, waits)
        show_if(self.meeting, shown.meeting_id is not None)
        self._show_facts(shown, ())

    def show_content(self, content: MailContent) -> None:
        """Show what is in the mail."""
        if self._row is None or self._row.id != content.row.id:
            return
        self.text.setPlainText(content.text)
        self._show_facts(content.row, content.files)

    def _show_facts(self, shown: MailRow, files: Sequence[tuple[str, int]]) -> None:
        while (taken := self.facts.takeAt(0)) is not None:
            if (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        facts = [(say("Recipient"), shown.person)] if shown.person else []
        facts += [(say("Address"), shown.recipient), (say("From|sender"), shown.author)]
        if shown.sent_at is not None:
            facts.append((say("Sent"), moment(shown.sent_at, self._zone())))
        if shown.late and shown.sent_at is not None:
            facts.append((say("Was due"), moment(shown.due_at, self._zone())))
        if shown.next_at is not None:
            facts.append((say("Goes out"), moment(shown.next_at, self._zone())))
        if shown.attempts > 1:
            facts.append((say("Tries"), str(shown.attempts)))
        facts += [(say("File"), f"{name}, {size(octets)}") for name, octets in files]
        for label, value in facts:
            self.facts.addWidget(_fact(label, value))

    def _asks(self, signal: object) -> Callable[[], None]:
        def ask() -> None:
            if self._row is not None:
                signal.emit(self._row)  # type: ignore[attr-defined]

        return ask


def _fact(label: str, value: str) -> QWidget:
    name = text(label, "caption")
    name.setFixedWidth(88)
    said = Elided(value)
    layout = row(name, said, spacing=SPACE_S)
    layout.setAlignment(name, Qt.AlignmentFlag.AlignTop)
    layout.setStretch(1, 1)
    return plain(layout)


class Banner(QFrame):
    """What is wrong with the account, and the way to it."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.words: QLabel = text("", wrap=True)
        self.act = button(say("Mail settings"), "", "settings", self.asked.emit)
        layout = row(
            Icon("triangle-alert", Tone.WARNING, 18),
            self.words,
            self.act,
            spacing=SPACE_M,
            margins=(SPACE_L, SPACE_M, SPACE_M, SPACE_M),
        )
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.hide()

    def tell(self, words: str) -> None:
        """Say what is wrong; "" = nothing."""
        self.words.setText(words)
        show_if(self, bool(words))


class OutboxPane(QWidget):
    """The list of mails, and the one that is read beside it."""

    def __init__(self, zone: Callable[[], str]) -> None:
        super().__init__()
        self.filters = Segments(
            [
                (ALL, say("All")),
                (TROUBLED, say("Needs you")),
                (WAITING, say("Waiting")),
                (SENT, say("Sent")),
            ]
        )
        empty = EmptyState(
            "mail",
            say("No mail here"),
            say(
                "Invitations, polls and reminders are put here when they are sent, and stay here "
                "with what the server said."
            ),
        )
        self.records: RecordsPane[MailRow] = RecordsPane(
            _columns(zone),
            empty,
            left=[self.filters],
            placeholder=say("Filter mail"),
            label=say("Outbox"),
            name="outbox",
        )
        self.reader = MailReader(zone)
        self.reader.hide()
        self.reader.closed.connect(self.records.table.clear_selection)
        layout = row(self.records, self.reader, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)


class MailPage(Page):
    """The outbox of this computer's person, and the answers that came by mail."""

    def __init__(self, session: Session, reader: Reader, mailing: Mailing) -> None:
        """Make the page.

        Args:
            session: the outside.
            reader: in whose zone times are.
            mailing: sends in the background.
        """
        super().__init__()
        self._session = session
        self._mailing = mailing
        self._found = Outbox()
        self.check = button(
            say("Check inbox"), "", "inbox", lambda: mailing.look_into_inbox(asked=True)
        )
        self.open_file = button(say("Read a mail…"), "", "folder-open", self.choose_files)
        self.send = button(say("Send what is due"), "primary", "mail", mailing.send_now)
        self.header = PageHeader(say("Mail"), "", [self.open_file, self.check, self.send])
        self.banner = Banner()
        self.banner.asked.connect(lambda: self.go.emit(Route(Place.SETTINGS, tab="mail")))
        self.outbox = OutboxPane(lambda: reader.zone)
        received_empty = EmptyState(
            "inbox",
            say("No answers by mail yet"),
            say(
                "Answers to invitations and polls that come by mail are read from the inbox, or "
                "from a mail that you drop on the window."
            ),
        )
        self.received: RecordsPane[ReceivedRow] = RecordsPane(
            _received_columns(lambda: reader.zone),
            received_empty,
            key=lambda r: r.message_id,
            placeholder=say("Filter answers"),
            label=say("Received|mails"),
            name="received-mail",
        )
        self.tabs = Tabs([(say("Outbox"), self.outbox), (say("Received|mails"), self.received)])
        self.presenter = self.present(MailPresenter(session, self))
        top = plain(
            column(
                self.header,
                self.banner,
                spacing=SPACE_M,
                margins=(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_S),
            )
        )
        layout = column(top, self.tabs, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._connect()

    def _connect(self) -> None:
        table, reader = self.outbox.records.table, self.outbox.reader
        self.outbox.filters.chosen.connect(lambda name: self.presenter.show_only(str(name)))
        table.current_changed.connect(self._read)
        self.received.table.opened.connect(lambda mail: self._open_meeting(mail.meeting_id))
        reader.again_asked.connect(lambda mail: self.ask_again([mail]))
        reader.now_asked.connect(lambda mail: self._now([mail]))
        reader.back_asked.connect(lambda mail: self.presenter.take_back([mail]))
        reader.save_asked.connect(self._save)
        reader.meeting_asked.connect(lambda mail: self._open_meeting(mail.meeting_id))
        table.set_actions(
            [
                RowAction(
                    say("Send again"),
                    "refresh-cw",
                    self.ask_again,
                    many=True,
                    when=lambda r: r.state in _AGAIN,
                ),
                RowAction(
                    say("Send now"),
                    "arrow-right",
                    self._now,
                    many=True,
                    when=lambda r: r.state is MailState.QUEUED and r.mine,
                ),
                RowAction(
                    say("Take back"),
                    "undo-2",
                    self.presenter.take_back,
                    "Del",
                    many=True,
                    when=lambda r: r.state is MailState.QUEUED,
                ),
                RowAction(say("Save as .eml…"), "download", lambda rows: self._save(rows[0])),
            ]
        )
        self._mailing.changed.connect(self._show_mailing)
        self._mailing.renewed.connect(self.presenter.reload)
        self._show_mailing()

    def open(self, route: Route) -> None:
        """Show the tab or filter, and the mail, that `route` names."""
        self.tabs.show_tab(1 if route.tab == "received" else 0)
        if route.tab in (ALL, TROUBLED, WAITING, SENT):
            self.outbox.filters.choose(route.tab)
            self.presenter.show_only(route.tab)
        if route.select is not None:
            self.outbox.records.select(route.select)

    def set_project(self, project: UUID | None) -> None:
        """Show one project only, None = all."""
        self.presenter.set_project(project)

    # --- what the presenter calls

    def show_outbox(self, found: Outbox, rows: Sequence[MailRow]) -> None:
        """Show the mails that pass the filter, and the rest around them."""
        self._found = found
        self.outbox.records.show_rows(rows)
        self.received.show_rows(found.received)
        current = self.outbox.records.table.current()
        if current is not None and not self.outbox.reader.isHidden():
            self.outbox.reader.show_row(current)
            self.presenter.read(current.id)
        self._show_mailing()

    def show_content(self, content: MailContent) -> None:
        """Show what is in a mail."""
        self.outbox.reader.show_content(content)

    # --- what a person does

    def ask_again(self, rows: Sequence[MailRow]) -> None:
        """Send mails again; of what may have arrived, or opens here only, ask first."""
        local = any(mail.private_links for mail in rows)
        again = partial(
            self.presenter.send_again, rows, self._mailing.send_now, private_links=local
        )
        if local:
            confirm(
                self.window(),
                say("Send links that open here only?"),
                say(
                    "Who is not in this network cannot open them. For people elsewhere, hold the "
                    "meeting on a team server and send the invitation anew."
                ),
                say("Send all the same"),
                again,
            )
        elif any(mail.state is MailState.UNCERTAIN for mail in rows):
            confirm(
                self.window(),
                say("Send again?"),
                say(
                    "It may have arrived. It is sent with the same identity, so that most mail "
                    "programs show it once."
                ),
                say("Send again"),
                again,
            )
        else:
            again()

    def choose_files(self) -> None:
        """Ask for saved mails that hold answers."""
        dialog = QFileDialog(self.window(), say("Read a mail"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter(say("Mail (*.eml)"))
        dialog.filesSelected.connect(
            lambda names: read_files(self._session, [Path(name) for name in names])
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _now(self, rows: Sequence[MailRow]) -> None:
        self.presenter.send_now(rows, self._mailing.send_now)

    def _read(self, mail: MailRow | None) -> None:
        show_if(self.outbox.reader, mail is not None)
        if mail is not None:
            self.outbox.reader.show_row(mail)
            self.presenter.read(mail.id)

    def _save(self, mail: MailRow) -> None:
        def choose(name: str) -> None:
            ask_new_file(
                self.window(),
                name,
                lambda chosen: self.presenter.save_file(mail, chosen),
                title=say("Save mail"),
            )

        self.presenter.file_name(mail, choose)

    def _open_meeting(self, meeting: UUID | None) -> None:
        if meeting is not None:
            self.go.emit(Route(Place.MEETING, meeting))

    def _show_mailing(self) -> None:
        mailing, known = self._mailing, self._found.account
        waiting = sum(mail.state is MailState.QUEUED for mail in self._found.rows)
        words = []
        if known is not None:
            words.append(say("As {address}", address=known.address))
        if mailing.sending:
            words.append(say("Sending…"))
        elif waiting:
            words.append(say_count(waiting, "{count} mail waits", "{count} mails wait"))
        if mailing.looking:
            words.append(say("Looking into the inbox…"))
        self.header.set(say("Mail"), formats.joined(words))
        self.send.setEnabled(known is not None and not mailing.sending)
        has_inbox = known is not None and known.inbox.server.known
        show_if(self.check, has_inbox)
        self.check.setEnabled(not mailing.looking)
        self.banner.tell(self._trouble(waiting))

    def _trouble(self, waiting: int) -> str:
        if self._found.account is None:
            if not waiting:
                return ""
            return say(
                "No mail account is set up on this computer, so mail waits here. Set one up, or "
                "save the mails as files and send them with your mail program."
            )
        problem = self._mailing.problem or self._mailing.inbox_problem
        return say_error(problem) if problem is not None else ""
