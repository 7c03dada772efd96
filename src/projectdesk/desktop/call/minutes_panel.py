"""The minutes as a panel of the console: written together, and read by everybody in the call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from PySide6.QtWidgets import QCheckBox

from projectdesk.desktop.call.live_notes import LiveNotes
from projectdesk.desktop.call.live_writing import LiveWriting, Pointed
from projectdesk.desktop.call.panel import Panel, Surroundings
from projectdesk.desktop.call.room import LiveRoom
from projectdesk.desktop.language import say
from projectdesk.desktop.pages.meeting.notes_editor import RemoteCursor
from projectdesk.desktop.theme.tokens import SPACE_S
from projectdesk.desktop.widgets.layout import column, show_if, text
from projectdesk.signalling import call, notes


class MinutesPanel(Panel):
    """Notes, decisions and actions of the running item."""

    key = "minutes"
    icon = "file-text"

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self.shared = QCheckBox(say("Everybody in the call reads along"))
        self.shared.setChecked(True)
        self.shared.clicked.connect(self._share)
        self._word = text("", "caption", wrap=True)
        show_if(self._word, False)
        self._minutes = around.minutes
        self._live = LiveNotes(around.minutes, self)
        self._live.sent.connect(self.sent)
        self.writing = LiveWriting(self)
        self.writing.sent.connect(self.sent)
        self.writing.pointed.connect(self._show_others)
        self.writing.kept.connect(self._on_kept)
        self.writing.refused.connect(self._on_refused)
        self.writing.signed.connect(around.minutes.presenter.sign)
        around.minutes.written.connect(self._on_written)
        around.minutes.notes.pointed.connect(self.writing.point)
        self._on_written()
        self.setLayout(column(SPACE_S, self.shared, self._word, around.minutes, spacing=0))

    @property
    def title(self) -> str:
        """What the tab is called."""
        return say("Minutes")

    def hear(self, message: call.HostMessage) -> None:
        """Tell a host all that it may not know: it greets who comes with the whole room."""
        if isinstance(message, call.RoomState):
            self._live.start_over()
        self.writing.hear(message)

    def show_room(self, room: LiveRoom, now: datetime) -> None:
        """Show whether the minutes are read along."""
        self.shared.setChecked(room.notes_shared)

    def show_refusal(self, problem: call.Problem) -> None:
        """Compare with the host again where it did not take what was written."""
        self.writing.hear_refusal(problem)

    def end(self) -> None:
        """Go on writing; nobody reads along any more."""
        self._live.stop()
        self.writing.stop()
        self._show_others(())
        self.shared.hide()

    def draft(self) -> Mapping[str, str]:
        """Return a decision and an action that are not written down yet."""
        minutes = self._minutes
        typed = {"decision": minutes.new_decision.field, "action": minutes.new_action.what}
        return {name: field.text() for name, field in typed.items() if field.text()}

    def restore(self, draft: Mapping[str, str]) -> None:
        """Take back what was half typed."""
        self._minutes.new_decision.field.setText(draft.get("decision", ""))
        self._minutes.new_action.what.setText(draft.get("action", ""))

    def _share(self, shared: bool) -> None:
        self.sent.emit(notes.ShareNotes(shared=shared))

    def _on_written(self) -> None:
        """Write the document that is open now; show the others where the text is by now."""
        self.writing.write(self._minutes.presenter.notes)
        self._show_others(self.writing.others())

    def _show_others(self, others: Sequence[Pointed]) -> None:
        document, item = self._minutes.presenter.notes, self._minutes.item
        cursors = []
        for one in others:
            if document is None or one.item != item:
                continue
            anchor = document.place(one.item, one.anchor)
            head = document.place(one.item, one.head)
            if anchor is not None and head is not None:
                cursors.append(RemoteCursor(one.name, one.colour, anchor, head))
        self._minutes.notes.show_cursors(cursors)

    def _on_kept(self, kept: bool) -> None:
        words = say(
            "The meeting host cannot save at the moment. The minutes are saved on this computer "
            "and sent to it again."
        )
        self._say("" if kept else words)

    def _on_refused(self, code: str) -> None:
        if code == "minutes_full":
            self._say(say("The minutes are too large for the meeting host: others see no more."))

    def _say(self, words: str) -> None:
        self._word.setText(words)
        show_if(self._word, bool(words))
