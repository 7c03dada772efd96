"""The recording in the console: asks, shows who has agreed, pauses and stops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from projectdesk.desktop.call.panel import Panel, Surroundings
from projectdesk.desktop.call.room import LiveRoom, spell
from projectdesk.desktop.language import say, say_count, say_refusal
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.desktop.widgets.layout import button, column, plain, row, scrolled, show_if, text
from projectdesk.signalling import call, recording

OFF = recording.RecordingView(state="off")


def recording_after(
    known: recording.RecordingView, message: call.HostMessage
) -> recording.RecordingView:
    """Return the recording after a message of the host; pure."""
    match message:
        case call.Welcome():
            return OFF
        case recording.RecordingChanged(recording=view):
            return view
        case _:
            return known


def ended_words(ended: str) -> str:
    """Return why the last recording is over, "" while none is."""
    if not ended:
        return ""
    return {
        "refused": say("Not everybody agreed. Nothing was recorded."),
        "cancelled": say("The question was taken back. Nothing was recorded."),
        "withdrawn": say(
            "Somebody withdrew their consent. The recording is over and holds nothing of them."
        ),
        "disk_full": say("The host's disk is full. The recording is over, the call goes on."),
        "folder_gone": say("The host cannot keep the recording. The call goes on without it."),
        "recorder_slow": say(
            "The host's disk is too slow. The recording is over, the call goes on."
        ),
        "recorder_ended": say("The recording ended by a failure. The call goes on."),
    }.get(ended, say("The recording is over. Fetch it in the meeting's page, at Recordings."))


class RecordingPanel(Panel):
    """The recording at hand, and everybody's answer."""

    key: ClassVar[str] = "recording"
    icon: ClassVar[str] = "circle-dot"

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._view = OFF
        self._shown: tuple[object, ...] = ()
        self._state = Chip("", Tone.NEUTRAL)
        self._time = text("", "muted")
        self._words = text("", "", wrap=True)
        self.ask = button(say("Ask to record"), "primary", "circle-dot", self._asker())
        self.pause = button(say("Pause"), "", "pause", self._sender(recording.PauseRecording()))
        self.resume = button(
            say("Go on"), "primary", "play", self._sender(recording.ResumeRecording())
        )
        self.stop = button(
            say("Stop"), "danger", "circle-stop", self._sender(recording.StopRecording())
        )
        self._promise = text(
            say(
                "Everybody in the call is asked and must agree; asking counts as your own consent. "
                "Who comes later is asked before they are let in. One refusal, and nothing is "
                "recorded."
            ),
            "muted",
            wrap=True,
        )
        self._box = column(spacing=SPACE_S)
        inner = QWidget()
        inner.setLayout(
            column(
                row(self._state, self._time, None, spacing=SPACE_M),
                self._words,
                row(self.ask, self.pause, self.resume, self.stop, None, spacing=SPACE_S),
                self._promise,
                self._box,
                None,
                spacing=SPACE_M,
                margins=(SPACE_S, SPACE_M, SPACE_S, SPACE_M),
            )
        )
        self.setLayout(column(scrolled(inner), spacing=0))
        self._show()

    @property
    def title(self) -> str:
        """What the tab is called."""
        return say("Record")

    @property
    def count(self) -> int:
        """How many answers are missing."""
        return self._view.missing if self._view.state == "asked" else 0

    def hear(self, message: call.HostMessage) -> None:
        """Take news of the recording."""
        after = recording_after(self._view, message)
        if after != self._view:
            self._view = after
            self._show()
            self.labelled.emit()

    def show_refusal(self, problem: call.Problem) -> None:
        """Say here why nothing is recorded."""
        if problem.in_reply_to in {"askToRecord", "resumeRecording", "pauseRecording"}:
            self._words.setText(say_refusal(problem.code, problem.text))
            show_if(self._words, True)

    def show_clocks(self, room: LiveRoom, now: datetime) -> None:
        """Show since when it is recorded, or paused."""
        since = self._view.since
        runs = self._view.state in {"running", "paused"} and since is not None
        shown = spell(room.host_now(now) - since) if runs and since is not None else ""
        self._time.setText(shown)

    def end(self) -> None:
        """Offer nothing more."""
        for offered in (self.ask, self.pause, self.resume, self.stop, self._promise):
            offered.hide()

    def _show(self) -> None:
        view = self._view
        names = {
            "off": (say("Not recording"), Tone.NEUTRAL),
            "asked": (say("Waiting for consent"), Tone.WARNING),
            "running": (say("Recording"), Tone.DANGER),
            "paused": (say("Paused"), Tone.WARNING),
        }
        self._state.set(*names[view.state])
        words = ended_words(view.ended) if view.state == "off" else ""
        if view.state == "asked":
            words = say_count(
                view.missing, "{count} answer is missing.", "{count} answers are missing."
            )
        self._words.setText(words)
        show_if(self._words, bool(words))
        show_if(self.ask, view.state == "off")
        show_if(self.pause, view.state == "running")
        show_if(self.resume, view.state == "paused")
        show_if(self.stop, view.state != "off")
        self.stop.setText(say("Stop") if view.begun else say("Take the question back"))
        show_if(self._promise, view.state == "off")
        if view.state in {"off", "asked"}:
            self._time.setText("")
        _clear(self._box)
        for person in view.people:
            self._box.addWidget(_row(person))

    def _sender(self, message: call.ClientMessage) -> Callable[[], object]:
        return lambda: self.sent.emit(message)

    def _asker(self) -> Callable[[], object]:
        return self._sender(recording.AskToRecord())


def _row(person: recording.AskedPerson) -> QWidget:
    words, tone = {
        "given": (say("agreed"), Tone.SUCCESS),
        "refused": (say("refused"), Tone.DANGER),
    }.get(person.answer, (say("not answered"), Tone.WARNING))
    return plain(row(text(person.name), None, Chip(words, tone), spacing=SPACE_S))


def _clear(box: QVBoxLayout) -> None:
    while box.count():
        entry = box.takeAt(0)
        widget = entry.widget() if entry is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
