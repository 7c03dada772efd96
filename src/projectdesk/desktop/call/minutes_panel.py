"""The minutes as a panel of the console, and on their way to those who read along."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtWidgets import QCheckBox

from projectdesk.desktop.call.live_notes import LiveNotes
from projectdesk.desktop.call.panel import Panel, Surroundings
from projectdesk.desktop.call.room import LiveRoom
from projectdesk.desktop.language import say
from projectdesk.desktop.theme.tokens import SPACE_S
from projectdesk.desktop.widgets.layout import column
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
        self._minutes = around.minutes
        self._live = LiveNotes(around.minutes, self)
        self._live.sent.connect(self.sent)
        self.setLayout(column(SPACE_S, self.shared, around.minutes, spacing=0))

    @property
    def title(self) -> str:
        """What the tab is called."""
        return say("Minutes")

    def hear(self, message: call.HostMessage) -> None:
        """Tell a host all that it may not know: it greets who comes with the whole room."""
        if isinstance(message, call.RoomState):
            self._live.start_over()

    def show_room(self, room: LiveRoom, now: datetime) -> None:
        """Show whether the minutes are read along."""
        self.shared.setChecked(room.notes_shared)

    def end(self) -> None:
        """Go on writing; nobody reads along any more."""
        self._live.stop()
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
