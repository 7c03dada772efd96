"""What the chair console does: keeps the room's picture, gives the chair's orders.

No widget here; the view is a protocol, the host a link of `runtime.host_client`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from PySide6.QtCore import QObject, QTimer

from projectdesk.desktop.call.room import LiveRoom
from projectdesk.desktop.runtime.host_client import ConsoleLink, HostAddress
from projectdesk.signalling import call

_TICK_MS = 500


def utc_now() -> datetime:
    """Return this computer's clock."""
    return datetime.now(UTC)


class ConsoleView(Protocol):
    """What shows the console."""

    def show_room(self, room: LiveRoom, now: datetime) -> None:
        """Show the room as it is at this computer's `now`."""

    def hear(self, message: call.HostMessage) -> None:
        """Take a message for what is no part of the room's picture; `show_room` follows."""

    def show_clocks(self, room: LiveRoom, now: datetime) -> None:
        """Show the clocks only; called twice a second."""

    def show_link(self, connected: bool, reason: str) -> None:
        """Say whether the host is heard."""

    def show_knock(self, person: call.Participant) -> None:
        """Draw attention to somebody who waits."""

    def show_refusal(self, problem: call.Problem) -> None:
        """Say why the host refused something."""


class Console(QObject):
    """The chair's seat without media."""

    def __init__(
        self,
        link: ConsoleLink,
        view: ConsoleView,
        parent: QObject | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(parent)
        self.room = LiveRoom()
        self._link = link
        self._view = view
        self._now = now
        link.received.connect(self._on_message)
        link.connected.connect(lambda: view.show_link(True, ""))
        link.lost.connect(lambda reason: view.show_link(False, reason))
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(lambda: view.show_clocks(self.room, now()))

    def open(self) -> None:
        """Connect to the room."""
        self._link.open()
        self._tick.start()

    def close(self) -> None:
        """Leave the console; the meeting goes on. Idempotent."""
        self._tick.stop()
        self._link.close()

    def go_on_at(self, address: HostAddress) -> None:
        """Go on where the host is now."""
        self._link.go_on_at(address)

    def admit(self, participant: str | None) -> None:
        """Let one waiting person in, or all (None)."""
        self._link.send(call.Admit(participant=participant))

    def refuse(self, participant: str) -> None:
        """Turn one waiting person away."""
        self._link.send(call.Refuse(participant=participant))

    def start_item(self, item: str | None) -> None:
        """Make an agenda item the current one; None pauses."""
        self._link.send(call.StartItem(item=item))

    def next_item(self) -> None:
        """Go on to the next agenda item."""
        following = self.room.next_item()
        if following is not None:
            self.start_item(following.id)

    def send(self, message: call.ClientMessage) -> None:
        """Send what a panel asks of the host."""
        self._link.send(message)

    def end_meeting(self) -> None:
        """End the meeting for all."""
        self._link.send(call.EndMeeting())

    def _on_message(self, message: call.HostMessage) -> None:
        if isinstance(message, call.Problem):
            self._view.show_refusal(message)
            return
        before = {person.id for person in self.room.lobby}
        now = self._now()
        self.room = self.room.after(message, now=now)
        self._view.hear(message)
        self._view.show_room(self.room, now)
        for person in self.room.lobby:
            if person.id not in before:
                self._view.show_knock(person)
        if self.room.ended:
            self.close()
