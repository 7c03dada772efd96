"""Polls in the console: the chair writes, opens and closes them, and sees how they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from PySide6.QtWidgets import (
    QCheckBox,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from projectdesk.desktop.call.panel import Panel, Surroundings
from projectdesk.desktop.call.room import LiveRoom
from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.desktop.widgets.layout import (
    Piece,
    button,
    column,
    frame,
    plain,
    row,
    scrolled,
    show_if,
    text,
)
from projectdesk.signalling import call, polls

_ORDER = {"open": 0, "draft": 1, "closed": 2}
_OPTIONS_HEIGHT = 96


def polls_after(known: tuple[polls.Poll, ...], message: call.HostMessage) -> tuple[polls.Poll, ...]:
    """Return the polls after a message of the host: the open one first, then the newest; pure."""
    match message:
        case call.Welcome():
            return ()
        case polls.PollsListed(polls=listed):
            return _in_order(listed)
        case polls.PollChanged(poll=poll):
            return _in_order([*(one for one in known if one.number != poll.number), poll])
        case polls.PollDiscarded(poll=number):
            return tuple(one for one in known if one.number != number)
        case _:
            return known


def _in_order(listed: Iterable[polls.Poll]) -> tuple[polls.Poll, ...]:
    return tuple(sorted(listed, key=lambda one: (_ORDER[one.state], -one.number)))


class PollForm(QWidget):
    """Writes a poll: the question, an option a line, three choices."""

    def __init__(
        self, send: Callable[[polls.PreparePoll], None], close: Callable[[], None]
    ) -> None:
        super().__init__()
        self._send = send
        self._close = close
        self._poll: int | None = None
        self.question = QLineEdit()
        self.question.setMaxLength(polls.MAX_QUESTION)
        self.question.setPlaceholderText(say("Question"))
        self.question.setAccessibleName(say("Question"))
        self.options = QPlainTextEdit()
        self.options.setPlaceholderText(say("One option a line, 2 to 10"))
        self.options.setAccessibleName(say("One option a line, 2 to 10"))
        self.options.setTabChangesFocus(True)
        self.options.setFixedHeight(_OPTIONS_HEIGHT)
        self.multiple = QCheckBox(say("Several options may be chosen"))
        self.named = QCheckBox(say("Show who chose what"))
        self.hidden_result = QCheckBox(say("Show the result only when the poll is closed"))
        self.problem = text("", "error", wrap=True)
        self.problem.hide()
        self.open = button(say("Open now"), "primary", "", lambda: self._submit(open_now=True))
        self.keep = button(say("Keep as draft"), "", "", lambda: self._submit(open_now=False))
        cancel = button(say("Cancel"), "quiet", "", close)
        card = frame(
            "card",
            column(
                self.question,
                self.options,
                self.multiple,
                self.named,
                self.hidden_result,
                self.problem,
                row(self.open, self.keep, cancel, None, spacing=SPACE_S),
                spacing=SPACE_S,
                margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_L),
            ),
        )
        self.setLayout(column(card, spacing=0))

    def fill(self, draft: polls.Poll | None) -> None:
        """Begin anew, or with a draft that is changed."""
        self._poll = draft.number if draft is not None else None
        self.question.setText(draft.question if draft is not None else "")
        self.options.setPlainText("\n".join(draft.options) if draft is not None else "")
        self.multiple.setChecked(draft is not None and draft.multiple)
        self.named.setChecked(draft is not None and draft.named)
        self.hidden_result.setChecked(draft is not None and not draft.live)
        self.problem.hide()
        self.question.setFocus()

    def lines(self) -> list[str]:
        """Return the options that are written."""
        lines = (line.strip() for line in self.options.toPlainText().splitlines())
        return [line for line in lines if line]

    def _submit(self, *, open_now: bool) -> None:
        question, options = self.question.text().strip(), self.lines()
        words = _trouble(question, options)
        self.problem.setText(words)
        show_if(self.problem, bool(words))
        if words:
            return
        self._send(
            polls.PreparePoll(
                question=question,
                options=options,
                multiple=self.multiple.isChecked(),
                named=self.named.isChecked(),
                live=not self.hidden_result.isChecked(),
                poll=self._poll,
                open=open_now,
            )
        )
        self._close()


def _trouble(question: str, options: list[str]) -> str:
    """Return in words what a poll is missing, "" for nothing."""
    if not question or len(options) < polls.MIN_OPTIONS:
        return say("A poll needs a question and at least two options.")
    if len(options) > polls.MAX_OPTIONS:
        return say("A poll has 10 options at most.")
    if any(len(option) > polls.MAX_OPTION for option in options):
        return say("An option has 200 characters at most.")
    if len({option.casefold() for option in options}) < len(options):
        return say("Two options are the same.")
    return ""


class PollsPanel(Panel):
    """All polls of the meeting."""

    key: ClassVar[str] = "polls"
    icon: ClassVar[str] = "chart-bar"

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._polls: tuple[polls.Poll, ...] = ()
        self._over = False
        self.new = button(say("New poll"), "primary", "plus", lambda: self._write(None))
        self.form = PollForm(self.sent.emit, self._stop_writing)
        self.form.hide()
        self._none = text(say("There is no poll yet."), "muted")
        self._box = column(spacing=SPACE_M)
        inner = QWidget()
        inner.setLayout(
            column(
                row(self.new, None),
                self.form,
                self._none,
                self._box,
                None,
                margins=(SPACE_S, SPACE_M, SPACE_S, SPACE_M),
            )
        )
        self.setLayout(column(scrolled(inner), spacing=0))

    @property
    def title(self) -> str:
        """What the tab is called."""
        return say("Polls")

    @property
    def count(self) -> int:
        """How many have voted on the open poll."""
        return next((poll.voted for poll in self._polls if poll.state == "open"), 0)

    def hear(self, message: call.HostMessage) -> None:
        """Take news of polls."""
        after = polls_after(self._polls, message)
        if after != self._polls:
            self._polls = after
            self._show()
            self.labelled.emit()

    def show_room(self, room: LiveRoom, now: datetime) -> None:
        """Nothing of the room is shown here."""

    def end(self) -> None:
        """Offer nothing more."""
        self._over = True
        self.new.hide()
        self.form.hide()
        self._show()

    def draft(self) -> Mapping[str, str]:
        """Return the poll that is half written."""
        if self.form.isHidden():
            return {}
        options = self.form.options.toPlainText()
        return {"question": self.form.question.text(), "options": options}

    def restore(self, draft: Mapping[str, str]) -> None:
        """Go on with a poll that was half written."""
        if draft.get("question") or draft.get("options"):
            self._write(None)
            self.form.question.setText(draft.get("question", ""))
            self.form.options.setPlainText(draft.get("options", ""))

    def _write(self, poll: polls.Poll | None) -> None:
        self.new.hide()
        self.form.show()
        self.form.fill(poll)

    def _stop_writing(self) -> None:
        self.form.hide()
        self.new.show()
        self.new.setFocus()

    def _show(self) -> None:
        """Show all anew; a button that has the focus gives it to the one that stands for it."""
        focused = self.focusWidget()
        has_focus = isinstance(focused, QPushButton) and focused.hasFocus()
        name = focused.objectName() if has_focus else ""
        _clear(self._box)
        one_open = any(poll.state == "open" for poll in self._polls)
        for poll in self._polls:
            card = self._card(poll, one_open=one_open)
            self._box.addWidget(card)
            for same in card.findChildren(QPushButton, name) if name else ():
                same.setFocus()
        show_if(self._none, not self._polls)

    def _card(self, poll: polls.Poll, *, one_open: bool) -> QWidget:
        state = {
            "open": (say("Open"), Tone.SUCCESS),
            "draft": (say("Draft"), Tone.NEUTRAL),
            "closed": (say("Closed"), Tone.NEUTRAL),
        }[poll.state]
        voted = say_count(poll.voted, "{count} vote", "{count} votes")
        pieces: list[Piece] = [
            row(Chip(*state), text("" if poll.state == "draft" else voted, "caption"), None),
            text(poll.question, "strong", wrap=True),
            *(_option(poll, place) for place in range(len(poll.options))),
        ]
        if poll.state == "open" and not poll.live:
            pieces.append(text(say("The result is shown when the poll is closed."), "caption"))
        if not self._over and poll.state != "closed":
            pieces.append(self._actions(poll, one_open=one_open))
        card = column(*pieces, spacing=SPACE_S, margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_M))
        return frame("card", card)

    def _actions(self, poll: polls.Poll, *, one_open: bool) -> QWidget:
        number = poll.number
        if poll.state == "open":
            close = button(say("Close poll"), "", "", self._sender(polls.ClosePoll(poll=number)))
            close.setObjectName(f"close-{number}")
            return plain(row(close, None))
        start = button(say("Open poll"), "primary", "", self._sender(polls.OpenPoll(poll=number)))
        start.setEnabled(not one_open)
        start.setToolTip(say("Another poll is open. Close it first.") if one_open else "")
        edit = button(say("Change"), "", "", lambda: self._write(poll))
        discard = button(say("Discard"), "quiet", "", self._sender(polls.DiscardPoll(poll=number)))
        for name, made in (("open", start), ("edit", edit), ("discard", discard)):
            made.setObjectName(f"{name}-{number}")
        return plain(row(start, edit, discard, None, spacing=SPACE_S))

    def _sender(self, message: polls.PollRequest) -> Callable[[], None]:
        return lambda: self.sent.emit(message)


def _option(poll: polls.Poll, place: int) -> QWidget:
    """Return one option with its bar, and the names where the poll shows them."""
    words = text(poll.options[place], wrap=True)
    if poll.result is None:
        return words
    count = poll.result.counts[place]
    bar = QProgressBar()
    bar.setRange(0, max(poll.voted, 1))
    bar.setValue(count)
    bar.setTextVisible(False)
    bar.setFixedHeight(6)
    bar.setAccessibleName(say("{option}: {count}", option=poll.options[place], count=count))
    names = ", ".join(poll.result.names[place]) if poll.result.names else ""
    shown = text(names, "caption", wrap=True)
    head = row(words, text(str(count), "strong"), spacing=SPACE_S)
    head.setStretch(0, 1)
    made = plain(column(head, bar, shown, spacing=SPACE_XS))
    show_if(shown, bool(names))
    return made


def _clear(box: QVBoxLayout) -> None:
    while box.count():
        entry = box.takeAt(0)
        widget = entry.widget() if entry is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
