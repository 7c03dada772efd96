"""Who is told which sizes of their camera are of use; the media server knows who gets which.

What it says is passed on at once. Who was away meanwhile, and comes back with the same connections,
is told what holds now.
"""

from __future__ import annotations

from projectdesk.room.commands import CloseLegs, Send
from projectdesk.room.meeting import Meeting
from projectdesk.signalling import sight
from projectdesk.signalling.media import FeedSource, LayersWanted


class Sizes:
    """What each publisher is to send."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting
        self._wanted: dict[tuple[str, FeedSource], list[str]] = {}
        self._told: dict[str, str] = {}
        """Participants, and by which peer they were told all of it."""

    def note(self, wanted: LayersWanted) -> None:
        """Pass on what the media server wants of a picture, also where it wanted that before.

        A page that builds its connection anew starts over, and the server repeats what it said.
        """
        self._wanted[wanted.participant, wanted.source] = wanted.layers
        person = self._meeting.hall.people.get(wanted.participant)
        if person is not None and person.here and person.peer is not None:
            if self._told.get(person.id) == person.peer:
                self._send(person.peer, wanted.source, wanted.layers)
            else:
                self._tell_all(person.id, person.peer)

    def server_lost(self) -> None:
        """Forget everything: who builds a connection to another server sends all by it."""
        self._wanted.clear()
        self._told.clear()

    def settle(self) -> None:
        """Tell who came back, at the end of every event."""
        for command in self._meeting.commands():
            if isinstance(command, CloseLegs):
                self._forget(command.participant)
        for participant in {participant for participant, _ in self._wanted}:
            person = self._meeting.hall.people.get(participant)
            peer = person.peer if person is not None and person.here else None
            if person is None:
                self._forget(participant)
            elif peer is not None and self._told.get(participant) != peer:
                self._tell_all(participant, peer)

    def _tell_all(self, participant: str, peer: str) -> None:
        self._told[participant] = peer
        for (whose, source), layers in self._wanted.items():
            if whose == participant:
                self._send(peer, source, layers)

    def _forget(self, participant: str) -> None:
        self._told.pop(participant, None)
        for key in [key for key in self._wanted if key[0] == participant]:
            del self._wanted[key]

    def _send(self, peer: str, source: FeedSource, layers: list[str]) -> None:
        self._meeting.do(Send((peer,), sight.LayersWanted(source=source, layers=layers)))
