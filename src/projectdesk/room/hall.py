"""Who is where in a room: in the call, in the lobby, at a console; and who is told what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from projectdesk.room.names import sounding
from projectdesk.room.pace import CHAT_BURST, CHAT_PERIOD, WANT_BURST, Pace
from projectdesk.room.permissions import CONSOLE, PERMISSIONS, Act
from projectdesk.signalling.call import Participant
from projectdesk.signalling.control import Invitee
from projectdesk.signalling.floor import HeldSource
from projectdesk.signalling.media import WantedFeed


@dataclass
class Person:
    """Somebody in the call (`here`) or in the lobby; without `peer` they are away since `lost_at`.

    cleared_by: who let them in while they were away from the lobby. hand: since when it is raised.
    held: what the chair stopped and the person has not switched on again. order, held_by:
    number of the last such stop, and name of who gave it. wrote, reacted: how fast they do.
    offers_screen, offers_sound: the last publish offer has a screen, or the sound of one, also
    before it is said to be on.
    wanted, pinned, wanted_at: what the page shows (None = it did not say), whom the person chose to
    see, and how fast that changes.
    """

    invitee: Invitee
    session: str
    name: str
    since: datetime
    here: bool = False
    peer: str | None = None
    lost_at: datetime | None = None
    cleared_by: str | None = None
    audio: bool = False
    video: bool = False
    screen: bool = False
    offers_screen: bool = False
    offers_sound: bool = False
    marked: bool = False
    hand: datetime | None = None
    held: set[HeldSource] = field(default_factory=set)
    order: int = 0
    held_by: str = ""
    wrote: Pace = field(default_factory=lambda: Pace(CHAT_BURST, CHAT_PERIOD))
    reacted: Pace = field(default_factory=lambda: Pace(CHAT_BURST, CHAT_PERIOD))
    wanted: tuple[WantedFeed, ...] | None = None
    pinned: tuple[str, ...] = ()
    wanted_at: Pace = field(default_factory=lambda: Pace(WANT_BURST, CHAT_PERIOD))

    @property
    def id(self) -> str:
        """Id of the invitation, which is the participant's id."""
        return self.invitee.id

    def may(self, act: Act) -> bool:
        """Tell whether the person's role may do something."""
        return act in PERMISSIONS[self.invitee.role]

    @property
    def writes(self) -> bool:
        """True for who may write the minutes, now that they are in the call."""
        return self.here and (self.may(Act.MINUTE) or self.invitee.writes_minutes)

    @property
    def shares(self) -> bool:
        """True while a screen is (or is about to be) shown to others."""
        return self.screen or (self.offers_screen and "screen" not in self.held)

    def shown(self) -> Participant:
        """Return the person as others see them."""
        return Participant(
            id=self.id,
            name=self.name,
            organisation=self.invitee.organisation,
            country=self.invitee.country,
            role=self.invitee.role,
            zone=self.invitee.zone,
            since=self.since,
            audio=self.audio,
            video=self.video,
            screen=self.screen,
            away=self.peer is None,
            marked=self.marked,
            hand=self.hand,
            writes=self.writes,
        )


@dataclass
class Sitter:
    """Who sits at a console, and how fast they write. seat: invitation, "" = not invited."""

    seat: str
    wrote: Pace = field(default_factory=lambda: Pace(CHAT_BURST, CHAT_PERIOD))


class Hall:
    """The people of a room by invitation, in the order they came, and the desktop's consoles."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.consoles: set[str] = set()
        self.sitters: dict[str, Sitter] = {}

    def here(self) -> list[Person]:
        """Return who is in the call, those away included."""
        return [person for person in self.people.values() if person.here]

    def waiting(self) -> list[Person]:
        """Return who is in the lobby, those away included."""
        return [person for person in self.people.values() if not person.here]

    def by_peer(self, peer: str) -> Person | None:
        """Return whose socket this is; None for a console or a socket of nobody (any more)."""
        return next((p for p in self.people.values() if p.peer == peer), None)

    def occupied(self) -> bool:
        """Tell whether anybody is in the call or at a console."""
        return bool(self.consoles) or any(person.here for person in self.people.values())

    def listeners(self, *, but: str | None = None) -> tuple[str, ...]:
        """Return the peers of everybody in the call and of the consoles, without peer `but`."""
        peers = [p.peer for p in self.here() if p.peer is not None and p.peer != but]
        return (*peers, *sorted(c for c in self.consoles if c != but))

    def seats(self) -> tuple[str, ...]:
        """Return the peers of everybody in the call, without the consoles."""
        return tuple(p.peer for p in self.here() if p.peer is not None)

    def seat_of(self, console: str) -> str:
        """Return the invitation of who sits at a console, "" for somebody who is not invited."""
        return self.sitters[console].seat if console in self.sitters else ""

    def peers_of(self, invitation: str) -> tuple[str, ...]:
        """Return where somebody reads: their page in the call, and consoles at which they sit."""
        pages = [p.peer for p in self.here() if p.id == invitation and p.peer is not None]
        desks = [c for c in sorted(self.consoles) if invitation and self.seat_of(c) == invitation]
        return (*pages, *desks)

    def readers(self) -> list[tuple[str, str]]:
        """Return peer and invitation of everybody in the call; consoles have the invitation ""."""
        here = [(p.peer, p.id) for p in self.here() if p.peer is not None]
        return [*here, *((console, "") for console in sorted(self.consoles))]

    def may(self, peer: str, act: Act) -> bool:
        """Tell whether who is at a socket, in the call or at a console, may do something."""
        person = self.by_peer(peer)
        return act in CONSOLE if person is None else person.here and person.may(act)

    def those_who(self, act: Act) -> tuple[str, ...]:
        """Return the peers of those in the call and of the consoles that may do something."""
        return tuple(peer for peer, _ in self.readers() if self.may(peer, act))

    def doorkeepers(self) -> tuple[str, ...]:
        """Return the peers of those who see the lobby."""
        peers = [p.peer for p in self.here() if p.peer is not None and p.may(Act.ADMIT)]
        return (*peers, *sorted(self.consoles))

    def participants(self) -> list[Participant]:
        """Return who is in the call, as shown."""
        return [person.shown() for person in self.here()]

    def lobby(self) -> list[Participant]:
        """Return who waits, as shown."""
        return [person.shown() for person in self.waiting()]

    def remark(self, invitees: list[Invitee]) -> list[Person]:
        """Mark names that could be taken for another's, present or invited; return who changed."""
        names = Counter(sounding(person.name) for person in self.people.values())
        invited = {invitee.id: sounding(invitee.name) for invitee in invitees}
        changed = []
        for person in self.people.values():
            own = sounding(person.name)
            borrowed = any(name == own for id_, name in invited.items() if id_ != person.id)
            marked = names[own] > 1 or (borrowed and invited.get(person.id) != own)
            if marked != person.marked:
                person.marked = marked
                changed.append(person)
        return changed
