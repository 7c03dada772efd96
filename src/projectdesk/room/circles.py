"""Among whom a speaker is looked for: the main room, and each breakout room, without interpreters.

What is loudest of the whole call is heard in one breakout room alone, and an interpreter talks
while the floor does. `settle`, at the end of every event, tells the media server who hears whom.
"""

from __future__ import annotations

from projectdesk.room.commands import SetCircles
from projectdesk.room.meeting import Meeting

Asked = tuple[tuple[str, ...], ...] | None
"""Participants by circle; None = all are one, as a new media server takes them."""


class SpeakerCircles:
    """What the media server was told of who hears whom."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting
        self._asked: Asked = None
        self._has_server = False

    def server_ready(self) -> None:
        """Note that a new media server is there, which was told nothing."""
        self._has_server, self._asked = True, None

    def server_lost(self) -> None:
        """Note that the media server is gone."""
        self._has_server = False

    def settle(self) -> None:
        """Ask the media server where the circles are others by the event in hand."""
        if not self._has_server:
            return
        circles = self._read()
        if circles != self._asked:
            self._asked = circles
            self._meeting.do(SetCircles(circles))

    def _read(self) -> Asked:
        meeting = self._meeting
        interpreters = meeting.languages.interpreters
        if meeting.partition.now is None and not interpreters:
            return None
        circles: dict[str, list[str]] = {}
        for person in meeting.hall.here():
            if person.id not in interpreters:
                group = meeting.partition.group_of(person.id)
                circles.setdefault(group.id if group is not None else "", []).append(person.id)
        return tuple(tuple(circle) for circle in circles.values())
