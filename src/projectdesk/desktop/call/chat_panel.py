"""The chat in the console: what is written to all and to who sits here, and a field to write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QFont,
    QHideEvent,
    QKeyEvent,
    QShowEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QTextBrowser

from projectdesk.desktop.call.links import pieces
from projectdesk.desktop.call.panel import Panel, Surroundings
from projectdesk.desktop.call.room import LiveRoom
from projectdesk.desktop.language import say, say_refusal
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.ordering import in_order
from projectdesk.desktop.theme import Tone, tokens
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S
from projectdesk.desktop.widgets.layout import button, column, row, show_if, text
from projectdesk.signalling import call, floor

KEPT = 600
"""Messages that stay in the panel."""
_FIELD_HEIGHT = 64


def chat_after(
    known: tuple[floor.ChatMessage, ...], message: call.HostMessage
) -> tuple[floor.ChatMessage, ...]:
    """Return what was written after a message of the host; pure."""
    match message:
        case floor.ChatHistory(messages=messages, first=first):
            return (*(() if first else known), *messages)[-KEPT:]
        case floor.ChatReceived(message=written):
            return (*known, written)[-KEPT:]
        case _:
            return known


class ChatPanel(Panel):
    """All that this person may read, oldest first."""

    key: ClassVar[str] = "chat"
    icon: ClassVar[str] = "message-square"

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._seat = around.published.seat
        self._messages: tuple[floor.ChatMessage, ...] = ()
        self._unread = 0
        self._people: tuple[tuple[str, str], ...] = ()
        self._sent = ""
        self._none = text(say("Nothing has been written yet."), "muted", wrap=True)
        self.log = QTextBrowser()
        self.log.setOpenLinks(False)
        self.log.anchorClicked.connect(_open)
        self.log.setAccessibleName(say("Chat"))
        self.log.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.to = QComboBox()
        self.to.addItem(say("Everybody"), "")
        self.to.setAccessibleName(say("Send to"))
        self.field = QPlainTextEdit()
        self.field.setPlaceholderText(say("Write a message"))
        self.field.setAccessibleName(say("Write a message"))
        self.field.setTabChangesFocus(True)
        self.field.setFixedHeight(_FIELD_HEIGHT)
        self.field.installEventFilter(self)
        self.problem = text("", "error", wrap=True)
        self.problem.hide()
        self.send = button(say("Send"), "primary", "", self._submit)
        to = row(text(say("Send to"), "caption"), self.to, spacing=SPACE_S)
        to.setStretch(1, 1)
        layout = column(
            self._none,
            self.log,
            self.problem,
            to,
            self.field,
            row(None, self.send),
            spacing=SPACE_S,
            margins=(SPACE_S, SPACE_S, SPACE_S, SPACE_S),
        )
        layout.setStretch(1, 1)
        self.setLayout(layout)

    @property
    def title(self) -> str:
        """What the tab is called."""
        return say("Chat")

    @property
    def count(self) -> int:
        """How many messages of others came while the panel was not seen."""
        return self._unread

    def hear(self, message: call.HostMessage) -> None:
        """Take what was written."""
        before, self._messages = self._messages, chat_after(self._messages, message)
        if self._messages is before:
            return
        goes_on = isinstance(message, floor.ChatReceived) and len(self._messages) > len(before)
        if not goes_on:
            self.log.clear()
        at_end = self.log.verticalScrollBar()
        follows = at_end.value() >= at_end.maximum() - _FIELD_HEIGHT
        for written in self._messages[len(before) :] if goes_on else self._messages:
            self._append(written)
        if follows:
            at_end.setValue(at_end.maximum())
        show_if(self._none, not self._messages)
        if isinstance(message, floor.ChatReceived):
            self._note(message.message)

    def show_room(self, room: LiveRoom, now: datetime) -> None:
        """Offer who is in the call as addressees."""
        others = in_order(
            ((one.id, one.name) for one in room.participants if one.id != self._seat),
            lambda one: one[1],
        )
        if tuple(others) == self._people:
            return
        self._people = tuple(others)
        chosen, words = self.to.currentData(), self.to.currentText()
        self.to.clear()
        self.to.addItem(say("Everybody"), "")
        for who, name in others:
            self.to.addItem(name, who)
        place = self.to.findData(chosen)
        if chosen and place < 0:
            # Words meant for one who left must not go to all by themselves.
            self.to.addItem(_left(words.removesuffix(_left(""))), chosen)
            place = self.to.count() - 1
        self.to.setCurrentIndex(max(place, 0))

    def show_refusal(self, problem: call.Problem) -> None:
        """Say why a message was not taken, and give its words back."""
        if problem.in_reply_to != "sendChat":
            return
        self.problem.setText(say_refusal(problem.code, problem.text))
        self.problem.show()
        if not self.field.toPlainText():
            self.field.setPlainText(self._sent)

    def end(self) -> None:
        """Offer nothing more."""
        for gone in (self.to, self.field, self.send):
            gone.setEnabled(False)

    def draft(self) -> Mapping[str, str]:
        """Return what is half written."""
        return {"text": self.field.toPlainText()}

    def restore(self, draft: Mapping[str, str]) -> None:
        """Go on with what was half written."""
        self.field.setPlainText(draft.get("text", ""))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._unread:
            self._unread = 0
            self.labelled.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.problem.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Send by Enter; Shift+Enter begins a line."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._submit()
                return True
        return super().eventFilter(watched, event)

    def _submit(self) -> None:
        words = self.field.toPlainText().strip()
        if words:
            self._sent = words
            self.field.clear()
            self.problem.hide()
            self.sent.emit(floor.SendChat(text=words, to=self.to.currentData() or None))

    def _note(self, written: floor.ChatMessage) -> None:
        if not self.isVisible() and written.sender != self._seat:
            self._unread += 1
            self.labelled.emit()

    def _append(self, written: floor.ChatMessage) -> None:
        """Write a message at the end, as text and never as markup."""
        colours, cursor = tokens(), QTextCursor(self.log.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        apart = QTextBlockFormat()
        if not self.log.document().isEmpty():
            apart.setTopMargin(SPACE_M)
            cursor.insertBlock(apart)
        head = _colour(colours.colour(Tone.TEXT), bold=True)
        quiet = _colour(colours.colour(Tone.MUTED))
        own = bool(self._seat) and written.sender == self._seat
        cursor.insertText(say("You") if own else written.sender_name, head)
        cursor.insertText(f"  {formats.clock(written.at.astimezone())}", quiet)
        if written.to is not None:
            whom = say("to {name} alone", name=written.to_name) if own else say("to you alone")
            cursor.insertText(f"  {whom}", _colour(colours.colour(Tone.WARNING)))
        cursor.insertBlock(QTextBlockFormat())
        plain = _colour(colours.colour(Tone.TEXT))
        if written.file is not None:
            file = written.file
            words = say("File: {name} ({size})", name=file.name, size=formats.size(file.size))
            cursor.insertText(words, plain)
            return
        for words, address in pieces(written.text):
            look = _link(colours.colour(Tone.ACCENT), address) if address else plain
            # A line of a message stays in its paragraph.
            cursor.insertText(words.replace("\n", "\u2028"), look)


def _left(name: str) -> str:
    return say("{name} (left)", name=name)


def _colour(colour: str, *, bold: bool = False) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setForeground(QColor(colour))
    look.setFontWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return look


def _link(colour: str, address: str) -> QTextCharFormat:
    look = _colour(colour)
    look.setAnchor(True)
    look.setAnchorHref(address)
    look.setFontUnderline(True)
    return look


def _open(url: QUrl) -> None:
    if url.scheme() in {"http", "https"}:
        QDesktopServices.openUrl(url)
