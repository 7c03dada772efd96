"""What can happen to a room: everything that `Room.handle` understands.

`at` is the host's clock, UTC. A *peer* is one open socket, named by the host; a *session* is one
device's permission to be there, made by the explicit Join.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from projectdesk.room.timers import Timer
from projectdesk.signalling.call import ClientMessage
from projectdesk.signalling.control import RoomSnapshot
from projectdesk.signalling.files import SharedFile
from projectdesk.signalling.media import Event


@dataclass(frozen=True, kw_only=True)
class _Event:
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SessionOpened(_Event):
    """Somebody pressed Join and was not refused, or a session outlived a restart of the host."""

    session: str
    invitation: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Connected(_Event):
    """A socket said Hello with a valid session: the first, a reload or a resumed one."""

    peer: str
    session: str


@dataclass(frozen=True, kw_only=True)
class ConsoleAttached(_Event):
    """The desktop's console said Hello. seat: invitation of the person at it, "" = none."""

    peer: str
    seat: str = ""


@dataclass(frozen=True, kw_only=True)
class Disconnected(_Event):
    """A socket is gone."""

    peer: str


@dataclass(frozen=True, kw_only=True)
class MessageReceived(_Event):
    """A peer sent a message (never `Hello`: the host answers that)."""

    peer: str
    message: ClientMessage


@dataclass(frozen=True, kw_only=True)
class FileTaken(_Event):
    """The host has a whole file of somebody in the call. sha256: of its content, hex."""

    session: str
    file: SharedFile
    sha256: str


@dataclass(frozen=True, kw_only=True)
class TimerFired(_Event):
    """A timer that the room started has run out."""

    timer: Timer


@dataclass(frozen=True, kw_only=True)
class SnapshotChanged(_Event):
    """The desktop sent the room again: plan, invitees or rules changed."""

    snapshot: RoomSnapshot


@dataclass(frozen=True, kw_only=True)
class RoomWithdrawn(_Event):
    """The desktop deleted the room. moved: the meeting is held on another host from now on."""

    moved: bool = False


@dataclass(frozen=True, kw_only=True)
class RoomLoaded(_Event):
    """First event of every room. `alive_until`: when the host before was last known alive."""

    alive_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class HostStopping(_Event):
    """The host process ends in good order; sessions outlive it."""


@dataclass(frozen=True, kw_only=True)
class MediaReady(_Event):
    """The media server asked for by `OpenMedia` is there."""


@dataclass(frozen=True, kw_only=True)
class MediaLost(_Event):
    """The media server died, or could not be started."""


@dataclass(frozen=True, kw_only=True)
class PublishAccepted(_Event):
    """The media server answered a publish offer of this peer."""

    peer: str
    sdp: str


@dataclass(frozen=True, kw_only=True)
class MediaRefused(_Event):
    """The media server refused what a peer asked; `request` is the message's `type`."""

    peer: str
    request: str
    code: str
    text: str


@dataclass(frozen=True, kw_only=True)
class MediaReported(_Event):
    """The media server tells of a leg, a feed, an offer or the speaker."""

    event: Event


@dataclass(frozen=True, kw_only=True)
class MinutesKept(_Event):
    """Changes of the minutes are on the disk. numbers: of the last one of each peer."""

    numbers: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class MinutesUnkept(_Event):
    """Changes of the minutes could not be written; it is tried again."""


@dataclass(frozen=True, kw_only=True)
class BallotTaken(_Event):
    """A secret ballot is in the box. receipt: random, for the voter."""

    vote: int
    seat: str
    peer: str
    receipt: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class BallotRefused(_Event):
    """The box did not take a ballot. code: already_voted, journal_unavailable."""

    vote: int
    seat: str
    peer: str
    code: str
    text: str


@dataclass(frozen=True, kw_only=True)
class TurnoutRead(_Event):
    """Who has voted in a secret vote, read after the host started. seats: of members."""

    vote: int
    seats: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BallotsCounted(_Event):
    """The box of a secret vote is open.

    turnout: members that voted, by id. ballots: receipt and choice, by receipt; of nobody.
    """

    vote: int
    turnout: tuple[str, ...]
    ballots: tuple[tuple[str, str], ...]


BallotEvent = BallotTaken | BallotRefused | TurnoutRead | BallotsCounted
RoomEvent = (
    SessionOpened
    | Connected
    | ConsoleAttached
    | Disconnected
    | MessageReceived
    | FileTaken
    | TimerFired
    | MinutesKept
    | MinutesUnkept
    | SnapshotChanged
    | RoomWithdrawn
    | RoomLoaded
    | HostStopping
    | MediaReady
    | MediaLost
    | PublishAccepted
    | MediaRefused
    | MediaReported
    | BallotEvent
)
