"""Who is invited to a meeting: role, time there, answer, personal link."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models import connection, formats
from projectdesk.desktop.models.fields import Column, Entry, Field, Option
from projectdesk.desktop.models.words import options, tone, word
from projectdesk.desktop.pages.page import wire
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.meeting import InviteesPresenter, Links
from projectdesk.desktop.presenters.reader import system_zone
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import Tone
from projectdesk.desktop.widgets.clock_width import with_clock
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.editors import ChoiceEditor
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.header import FilterField
from projectdesk.desktop.widgets.layout import button, row, text
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.domain.meetings import CallRole, InvitationAnswer
from projectdesk.errors import ProjectDeskError
from projectdesk.services.inviting.planning import Pending
from projectdesk.services.rows import InvitationRow, Kind, PersonRow

_PERSON = Qt.ItemDataRole.UserRole


def _local(row: InvitationRow) -> str:
    if row.local_start is None:
        return "–"
    return f"{formats.clock(row.local_start)} {formats.city(row.zone)}"


def _columns() -> list[Column[InvitationRow]]:
    return [
        Column(say("Name"), lambda r: r.name, stretch=2, strong=True, tip=lambda r: r.email),
        Column(say("Partner"), lambda r: r.partner or say("External"), width=120),
        Column(say("Country"), lambda r: r.country, width=84, muted=True, optional=True),
        Column(
            say("Their time"),
            _local,
            width=with_clock(152),
            muted=True,
            tip=lambda r: formats.weekday(r.local_start) if r.local_start else "",
            optional=True,
        ),
        Column(
            say("Role"),
            lambda r: word(r.role),
            width=128,
            tone=lambda r: tone(r.role),
            field=_role(),
        ),
        Column(
            say("Presence"),
            lambda r: say("Needed") if r.required else say("Welcome"),
            width=104,
            muted=True,
            optional=True,
            field=_presence(),
        ),
        Column(
            say("Minutes"),
            lambda r: say("Writes") if writes(r) else say("Reads"),
            width=104,
            muted=True,
            optional=True,
            spare=True,
            field=_minutes(),
        ),
        Column(
            say("Invited on"),
            lambda r: formats.moment(r.sent_at, system_zone()).partition(", ")[0] or "–",
            sort=lambda r: r.sent_at.timestamp() if r.sent_at else 0.0,
            width=112,
            muted=True,
            tip=lambda r: formats.moment(r.sent_at, system_zone()),
            spare=True,
        ),
        Column(
            say("Answer"),
            lambda r: word(r.answer) if r.proposal is None else say("Other time"),
            width=122,
            tone=lambda r: tone(r.answer) if r.proposal is None else Tone.WARNING,
            tip=lambda r: "\n".join(part for part in (_proposed(r), r.comment) if part),
        ),
        Column(
            say("Connection"),
            connection.verdict,
            width=116,
            tone=connection.verdict_tone,
            tip=lambda r: connection.findings(r, system_zone()),
            optional=True,
        ),
        Column(
            say("Link"),
            lambda r: say("Revoked") if r.revoked else say("Active"),
            width=104,
            tone=lambda r: Tone.DANGER if r.revoked else Tone.NEUTRAL,
            optional=True,
        ),
    ]


def writes(row: InvitationRow) -> bool:
    """Tell whether somebody may write the minutes in the call."""
    return row.writes_minutes or row.role in {CallRole.CHAIR, CallRole.COHOST}


def _minutes() -> Field[InvitationRow]:
    choices = [Option(True, say("Writes")), Option(False, say("Reads"))]
    return Field(
        "writes_minutes",
        say("Minutes"),
        lambda r: r.writes_minutes,
        Entry.CHOICE,
        lambda: choices,
    )


def _proposed(row: InvitationRow) -> str:
    """Return which other time somebody proposes, by the reader's clock; "" without one."""
    if row.proposal is None:
        return ""
    when = formats.moment(row.proposal.starts_at, system_zone())
    return say("Proposes {when}", when=when)


def _presence() -> Field[InvitationRow]:
    choices = [Option(True, say("Needed")), Option(False, say("Welcome"))]
    return Field("required", say("Presence"), lambda r: r.required, Entry.CHOICE, lambda: choices)


def _role() -> Field[InvitationRow]:
    return Field("role", say("Role"), lambda r: r.role, Entry.CHOICE, lambda: options(CallRole))


class InviteesPane(RecordsPane[InvitationRow]):
    """The people of a meeting."""

    send_asked = Signal()
    """The person wants to see who gets which mail."""

    def __init__(self, session: Session, choices: Choices, links: Links) -> None:
        self._choices = choices
        self.invite = button(say("Invite"), "", "user-plus", self.ask_people)
        self.send = button(say("Send invitations"), "primary", "mail", self._ask_send)
        self.copy_all = button(say("Copy all links"), "", "link", self._copy_all)
        self.answers = text("", "muted")
        empty = EmptyState(
            "users",
            say("Nobody is invited yet"),
            say("Invite people of the consortium; each gets a personal link and needs no account."),
            say("Invite"),
        )
        super().__init__(
            _columns(),
            empty,
            left=[self.answers],
            right=[self.copy_all, self.invite, self.send],
            placeholder=say("Filter invitees"),
            label=say("Invitees"),
        )
        self.presenter = InviteesPresenter(
            session, self, links, lambda words: QGuiApplication.clipboard().setText(words)
        )
        wire(self, self.presenter, Kind.INVITATION)
        self.table.empty_acted.connect(self.ask_people)
        self.table.set_actions(self._actions())

    def _actions(self) -> list[RowAction[InvitationRow]]:
        return [
            RowAction(
                say("Copy personal link"),
                "link",
                self.presenter.copy_links,
                "Ctrl+L",
                many=True,
                when=lambda r: not r.revoked,
            ),
            RowAction(
                say("Copy link of the connection check"),
                "signal",
                self.presenter.copy_checks,
                many=True,
                when=lambda r: not r.revoked,
            ),
            RowAction(
                say("Move the meeting to the proposed time"),
                "calendar-clock",
                lambda rows: self.presenter.take_proposal(rows[0]),
                when=lambda r: r.proposal is not None,
            ),
            RowAction(
                say("Keep the time of the meeting"),
                "calendar",
                self.presenter.dismiss_proposals,
                many=True,
                when=lambda r: r.proposal is not None,
            ),
            RowAction(say("Renew link"), "refresh-cw", self.presenter.renew, many=True),
            RowAction(
                say("Revoke link"),
                "ban",
                self.presenter.revoke,
                many=True,
                when=lambda r: not r.revoked,
            ),
            RowAction(
                say("Remove from meeting"),
                "trash-2",
                lambda rows: self.presenter.delete_rows(rows, lambda row: row.name),
                "Del",
                many=True,
                danger=True,
            ),
        ]

    def open_meeting(self, meeting: UUID) -> None:
        """Show the invitees of `meeting`."""
        self.table.clear_selection()
        self.presenter.open(meeting)

    def close_presenters(self) -> None:
        """Let the presenter go."""
        self.presenter.close()

    def show_rows(self, rows: Sequence[InvitationRow]) -> None:
        """Show the invitees and how many have answered what."""
        super().show_rows(rows)
        parts = []
        for answer in (
            InvitationAnswer.ACCEPTED,
            InvitationAnswer.TENTATIVE,
            InvitationAnswer.DECLINED,
            InvitationAnswer.NONE,
        ):
            count = sum(row.answer is answer for row in rows)
            if count:
                parts.append(f"{count} {word(answer).lower()}")
        self.answers.setText(formats.joined(parts))
        self.copy_all.setEnabled(bool(rows))
        self.send.setEnabled(bool(rows))
        self.presenter.ask_pending(self._show_pending)

    def _show_pending(self, pending: Pending) -> None:
        """Say on the button what is to be sent."""
        words = say("Send invitations")
        if pending.cancel and not pending.update and not pending.new:
            words = say("Send cancellations: {count}", count=pending.cancel)
        elif pending.update and not pending.new:
            words = say("Send the change: {count}", count=pending.update + pending.cancel)
        elif pending.new:
            count = pending.new + pending.update + pending.cancel
            words = say("Send invitations: {count}", count=count)
        self.send.setText(words)

    def _ask_send(self) -> None:
        self.send_asked.emit()

    def _copy_all(self) -> None:
        self.presenter.copy_links(self.table.rows)

    def ask_people(self) -> None:
        """Ask whom to invite."""
        invited = {row.person_id for row in self.table.rows}
        people = [row for row in self._choices.people_rows if row.id not in invited]
        InviteDialog(self, people).open()


class InviteDialog(Dialog):
    """Whom to invite, in which role."""

    def __init__(self, pane: InviteesPane, people: Sequence[PersonRow]) -> None:
        super().__init__(
            pane.window(),
            say("Invite people"),
            say("From the people of the project. Add others there first, under People."),
            width=520,
        )
        self._pane = pane
        self.filter = FilterField(say("Filter people"))
        self.filter.setMaximumWidth(16777215)
        self.list = QListWidget()
        self.list.setAccessibleName(say("People"))
        self.list.setMinimumHeight(280)
        for person in people:
            where = person.partner or person.organisation or say("External")
            item = QListWidgetItem(f"{person.name}   –   {where}")
            item.setData(_PERSON, person.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.role = ChoiceEditor(lambda: options(CallRole))
        self.role.set_value(CallRole.PARTICIPANT)
        label = text(say("Role in the call"), "label")
        label.setBuddy(self.role)
        self.add(self.filter, self.list, row(label, self.role))
        self.filter.textChanged.connect(self._filter)
        self.list.itemChanged.connect(self._count)
        self.add_button(say("Cancel"), "", self.reject)
        self.action = self.add_button(say("Invite"), "primary", self.submit, default=True)
        self._count()

    def chosen(self) -> list[UUID]:
        """Return the people that are ticked."""
        items = [self.list.item(number) for number in range(self.list.count())]
        return [i.data(_PERSON) for i in items if i.checkState() is Qt.CheckState.Checked]

    def submit(self) -> None:
        """Invite who is ticked."""
        self.action.setEnabled(False)
        self._pane.presenter.invite(self.chosen(), self.role.value(), self.accept, self._refuse)

    def _refuse(self, error: ProjectDeskError) -> None:
        self.action.setEnabled(True)
        self.show_problem(say_error(error))

    def _filter(self, words: str) -> None:
        for number in range(self.list.count()):
            item = self.list.item(number)
            item.setHidden(words.casefold() not in item.text().casefold())

    def _count(self) -> None:
        count = len(self.chosen())
        self.action.setText(say("Invite {count}", count=count) if count else say("Invite"))
        self.action.setEnabled(count > 0)
