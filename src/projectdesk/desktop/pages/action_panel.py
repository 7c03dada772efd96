"""One action beside the register: what can be done with it, its links, and what was told of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QMenu, QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import action_words, formats
from projectdesk.desktop.models.words import word
from projectdesk.desktop.presenters.reader import system_zone
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Banner
from projectdesk.desktop.widgets.layout import (
    button,
    column,
    hairline,
    icon_button,
    plain,
    row,
    show_if,
    text,
)
from projectdesk.domain.minutes import ActionStatus
from projectdesk.services.action_rows import ActionDetail, ActionNoteRow, ActionRow
from projectdesk.services.rows import Kind

_NEWEST: Final = 3
"""Notes that are shown before somebody asks for all."""


class NoteLine(QWidget):
    """Who told what of an action, and when."""

    def __init__(self, note: ActionNoteRow, when: str) -> None:
        super().__init__()
        self.title = text(action_words.note_title(note), "strong", wrap=True)
        self.when = text(when, "caption")
        words = text(note.text, "", wrap=True)
        show_if(words, bool(note.text))
        if not note.text:
            words.hide()
        self.setLayout(column(self.title, words, self.when, spacing=2))
        self.setAccessibleName(f"{self.title.text()}, {when}. {note.text}".strip())


class ActionPanel(QWidget):
    """What can be done with an action, where it comes from, and its history of notes."""

    go = Signal(object)
    done_asked = Signal(object)
    reopen_asked = Signal(object)
    postpone_asked = Signal(object)
    comment_asked = Signal(object)
    drop_asked = Signal(object)
    step_taken = Signal(object)
    link_asked = Signal(object)
    mail_asked = Signal(object)
    renew_asked = Signal(object)
    revoke_asked = Signal(object)

    def __init__(self, zone: Callable[[], str] | None = None, *, links: bool = True) -> None:
        """Make it empty.

        Args:
            zone: the reader's; None = the computer's.
            links: whether personal links can be made here.
        """
        super().__init__()
        self._zone = zone or system_zone
        self._detail: ActionDetail | None = None
        self._links = links
        self.done = button(say("Done"), "primary", "check", lambda: self._emit(self.done_asked))
        self.reopen = button(say("Reopen"), "", "undo-2", lambda: self._emit(self.reopen_asked))
        self.postpone = button(
            say("Postpone…"), "", "clock", lambda: self._emit(self.postpone_asked)
        )
        self.comment = button(
            say("Comment…"), "", "message-square", lambda: self._emit(self.comment_asked)
        )
        self.more = icon_button("ellipsis", say("More"))
        self.more.setPopupMode(self.more.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.more)
        self.more.setMenu(self.menu)
        buttons = row(self.done, self.reopen, self.postpone, None, self.more, spacing=SPACE_S)
        self.first = text("", "muted", wrap=True)
        self.proposal = Banner()
        self._sources = column(spacing=SPACE_XS)
        self.link = text("", "muted", wrap=True)
        self.copy = button(say("Copy link"), "link", "", lambda: self._emit(self.link_asked))
        self.mail = button(say("Mail it"), "link", "", lambda: self._emit(self.mail_asked))
        self._notes = column(spacing=SPACE_M)
        self.earlier = button("", "link", "", self._show_earlier)
        self._whole: UUID | None = None
        self.nothing = text(say("Nothing was told of it yet."), "muted", wrap=True)
        notes_head = row(text(say("What was told"), "strong"), None, self.comment, spacing=SPACE_S)
        self.setLayout(
            column(
                buttons,
                self.proposal,
                self.first,
                plain(self._sources),
                hairline(),
                self.link,
                row(self.copy, self.mail, None, spacing=SPACE_M),
                hairline(),
                notes_head,
                plain(self._notes),
                row(self.earlier, None, spacing=0),
                self.nothing,
                hairline(),
                spacing=SPACE_S,
            )
        )
        self.lines: list[NoteLine] = []
        self.show_detail(None)

    def show_detail(self, detail: ActionDetail | None) -> None:
        """Show an action; None = it is not known yet."""
        self._detail = detail
        self.setEnabled(detail is not None)
        if detail is None:
            return
        shown = detail.action
        is_open = shown.status is ActionStatus.OPEN
        self.done.setVisible(is_open)
        self.postpone.setVisible(is_open)
        self.reopen.setVisible(not is_open)
        self._fill_menu(shown)
        first = shown.first_due_on
        self.first.setVisible(first is not None)
        if first is not None:
            self.first.setText(say("First agreed for {day}.", day=formats.day(first)))
        proposal = detail.proposal
        words = (
            say("{label} is “{now}”. With this action done it could be “{next}”.",
                label=proposal.label, now=word(proposal.now), next=word(proposal.status))
            if proposal is not None
            else ""
        )  # fmt: skip
        self.proposal.say(words, say("Set it"), self._take_step)
        self._show_sources(shown)
        self.link.setText(action_words.link_words(shown, self._moment))
        can_link = self._links and shown.owner_person_id is not None and not shown.revoked
        self.copy.setVisible(can_link)
        self.mail.setVisible(can_link and is_open and bool(shown.email))
        self._show_notes(detail)

    def _fill_menu(self, shown: ActionRow) -> None:
        self.menu.clear()
        if shown.status is ActionStatus.OPEN:
            self.menu.addAction(say("Drop…"), lambda: self._emit(self.drop_asked))
        if shown.desk is not None and shown.owner_person_id is not None:
            self.menu.addAction(say("Issue the link anew"), lambda: self._emit(self.renew_asked))
            if not shown.revoked:
                self.menu.addAction(say("Shut the link"), lambda: self._emit(self.revoke_asked))
        self.more.setVisible(not self.menu.isEmpty())

    def _show_sources(self, shown: ActionRow) -> None:
        """Show where the action comes from and what it belongs to, each a link."""
        while (taken := self._sources.takeAt(0)) is not None:
            if (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for words, route in sources(shown):
            made = button(words, "link", "", partial(self.go.emit, route))
            self._sources.addWidget(plain(row(made, None, spacing=0)))

    def _show_notes(self, detail: ActionDetail) -> None:
        for line in self.lines:
            self._notes.removeWidget(line)
            line.hide()
            line.deleteLater()
        shown = list(reversed(detail.notes))
        if self._whole != detail.action.id:
            shown = shown[:_NEWEST]
        hidden = len(detail.notes) - len(shown)
        self.lines = [NoteLine(note, self._moment(note.made_at)) for note in shown]
        self.earlier.setText(say_count(hidden, "{count} earlier note", "{count} earlier notes"))
        self.earlier.setVisible(hidden > 0)
        for line in self.lines:
            self._notes.addWidget(line)
        self.nothing.setVisible(not self.lines)

    def _show_earlier(self) -> None:
        if self._detail is not None:
            self._whole = self._detail.action.id
            self._show_notes(self._detail)

    def _take_step(self) -> None:
        if self._detail is not None and self._detail.proposal is not None:
            self.step_taken.emit(self._detail.proposal)

    def _emit(self, signal: SignalInstance) -> None:
        if self._detail is not None:
            signal.emit(self._detail.action)

    def _moment(self, at: object) -> str:
        return formats.moment(at, self._zone()) if isinstance(at, datetime) else ""


def sources(shown: ActionRow) -> list[tuple[str, Route]]:
    """Return where an action comes from and what it belongs to: words, and where that is."""
    found = []
    if shown.meeting_id is not None:
        words = f"{shown.meeting}, {shown.item}" if shown.item else shown.meeting
        route = Route(Place.MEETING, shown.meeting_id, tab="minutes", select=shown.id)
        found.append((words, route))
    if shown.decision_id is not None:
        words = say("Follows up decision {label}", label=shown.decision)
        found.append((words, Route(Place.DECISIONS, tab=Kind.DECISION, select=shown.decision_id)))
    for kind, record, label in (
        (Kind.DELIVERABLE, shown.deliverable_id, shown.deliverable),
        (Kind.MILESTONE, shown.milestone_id, shown.milestone),
        (Kind.WORK_PACKAGE, shown.work_package_id, shown.work_package),
    ):
        if record is not None:
            status = shown.deliverable_status if kind is Kind.DELIVERABLE else None
            words = f"{label} ({word(status)})" if status is not None else label
            found.append((words, Route(Place.PROJECT, shown.project_id, kind, record)))
    return found
