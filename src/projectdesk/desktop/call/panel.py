"""What a panel of the console is; `panels` lists those there are.

A panel is one tab: it hears every message of the host, shows the room, and says what it wants of
the host by `sent`. A new one is a subclass in a module of its own and one line in `panels`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.call.room import LiveRoom
from projectdesk.desktop.pages.meeting.minutes import MinutesPane
from projectdesk.desktop.runtime.hosting import Published
from projectdesk.desktop.runtime.session import Session
from projectdesk.signalling import call


@dataclass(frozen=True)
class Surroundings:
    """What a panel may need beside the host's messages.

    published: the meeting as it is on the host. session: asks the workspace. minutes: the editor,
    which belongs to the window.
    """

    published: Published
    session: Session
    minutes: MinutesPane

    @property
    def meeting_id(self) -> UUID:
        """Which meeting it is."""
        return self.published.meeting_id


class Panel(QWidget):
    """One tab of the console.

    sent: a message for the host (`call.ClientMessage`). labelled: `title` or `count` changed.
    wanted: the panel asks to be shown. item_chosen: show this agenda item's minutes.
    """

    sent = Signal(object)
    labelled = Signal()
    wanted = Signal()
    item_chosen = Signal(str)

    key: ClassVar[str] = ""
    """Names the panel where it is remembered; never changes."""
    icon: ClassVar[str] = ""
    """Name of its icon."""

    @property
    def title(self) -> str:
        """What the tab is called, in a word or two."""
        raise NotImplementedError

    @property
    def count(self) -> int:
        """Number shown at the tab; 0 = none."""
        return 0

    def hear(self, message: call.HostMessage) -> None:
        """Take a message of the host (not those that refuse something)."""

    def show_room(self, room: LiveRoom, now: datetime) -> None:
        """Show the room as it is at this computer's `now`."""

    def show_clocks(self, room: LiveRoom, now: datetime) -> None:
        """Show what moves with time; called twice a second while the panel is seen."""

    def show_refusal(self, problem: call.Problem) -> None:
        """Take note that the host refused something; `in_reply_to` says what."""

    def end(self) -> None:
        """Offer nothing more: the meeting is over for all."""

    def draft(self) -> Mapping[str, str]:
        """Return what is half typed, so that it survives a crash; empty texts are left out."""
        return {}

    def restore(self, draft: Mapping[str, str]) -> None:
        """Take back what was half typed; what is unknown or missing changes nothing."""
