"""What a room asks of its host; executed in order, each at once or in the background."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from projectdesk.room.timers import Timer
from projectdesk.signalling.call import HostMessage
from projectdesk.signalling.journal import Fact
from projectdesk.signalling.media import FeedSource, RecordedPerson, WantedFeed
from projectdesk.signalling.recording import Consent
from projectdesk.signalling.writing import Author


@dataclass(frozen=True)
class Send:
    """Send a message to these peers."""

    peers: tuple[str, ...]
    message: HostMessage


@dataclass(frozen=True)
class ClosePeer:
    """Close a socket once what was sent to it before is out."""

    peer: str


@dataclass(frozen=True)
class ForgetSession:
    """A session is over; it cannot be resumed."""

    session: str


@dataclass(frozen=True)
class StartTimer:
    """Send `TimerFired` at an instant; replaces a timer of the same value."""

    timer: Timer
    due: datetime


@dataclass(frozen=True)
class CancelTimer:
    """Forget a timer; nothing happens if there is none."""

    timer: Timer


@dataclass(frozen=True)
class Record:
    """Write a fact to the journal, in the order of the commands."""

    at: datetime
    fact: Fact


@dataclass(frozen=True)
class KeepUpdate:
    """Keep a change of the minutes; `MinutesKept` or `MinutesUnkept` tells how it went.

    n: the number that the writer at `peer` gave it.
    """

    document: str
    update: bytes
    peer: str
    n: int


@dataclass(frozen=True)
class KeepAuthor:
    """Keep who writes with a replica of the minutes; who was first to say so stays."""

    document: str
    author: Author


@dataclass(frozen=True)
class NameDocument:
    """The document that had no name has one; `anew`: another, empty one is written now."""

    document: str
    anew: bool = False


@dataclass(frozen=True)
class OpenMedia:
    """Start the room's media server; `MediaReady` or `MediaLost` tells how it went."""


@dataclass(frozen=True)
class CloseMedia:
    """End the room's media server."""


@dataclass(frozen=True)
class PublishLeg:
    """Hand a publish offer over; `PublishAccepted` or `MediaRefused` follows."""

    peer: str
    participant: str
    sdp: str
    sources: dict[str, FeedSource]
    rebuild: bool


@dataclass(frozen=True)
class SubscribeLeg:
    """Open a participant's subscribe leg; its offers come as `MediaReported`."""

    peer: str
    participant: str
    rebuild: bool


@dataclass(frozen=True)
class AnswerLeg:
    """Hand over the answer to a subscribe offer."""

    peer: str
    participant: str
    offer: int
    sdp: str


@dataclass(frozen=True)
class WantFeeds:
    """Set which feeds a participant receives; None = all."""

    peer: str
    participant: str
    feeds: tuple[WantedFeed, ...] | None


@dataclass(frozen=True)
class HearVoices:
    """Set whose voices are forwarded: the `loudest` (None = all), and those of `always`."""

    loudest: int | None = None
    always: tuple[str, ...] = ()
    participant: str = ""
    """Nobody's: it is about the whole room."""


@dataclass(frozen=True)
class SetCircles:
    """Set among whom the speaker is looked for: circles of participants; None = all are one."""

    circles: tuple[tuple[str, ...], ...] | None = None
    participant: str = ""
    """Nobody's: it is about the whole room."""


@dataclass(frozen=True)
class CloseLegs:
    """Close both legs of a participant."""

    participant: str


@dataclass(frozen=True)
class HoldFeed:
    """Stop (or resume) forwarding what a participant sends; nothing happens if they do not."""

    participant: str
    source: FeedSource
    held: bool


@dataclass(frozen=True)
class GiveRelays:
    """Send somebody in the call relays that are valid until an instant, if the host has any."""

    peer: str
    participant: str
    until: datetime


@dataclass(frozen=True)
class StartRecording:
    """Record these people; go on after a pause; or take other people. `MediaReported` may follow.

    recording: id of the recording, part of its folder's name.
    """

    recording: str
    people: tuple[RecordedPerson, ...]


@dataclass(frozen=True)
class PauseRecording:
    """Record nothing for the moment."""


@dataclass(frozen=True)
class StopRecording:
    """End a recording and make it ready to be fetched, without the material of `erased`.

    consents: who agreed, refused and withdrew; kept with it.
    """

    recording: str
    erased: tuple[str, ...]
    consents: tuple[Consent, ...]


@dataclass(frozen=True)
class DropBallot:
    """Put a secret ballot into the box; `BallotTaken` or `BallotRefused` follows.

    It is the only thing here that has a member and a choice: it must not be logged, nor kept.
    """

    vote: int
    seat: str
    choice: str = field(repr=False)
    peer: str


@dataclass(frozen=True)
class ReadTurnout:
    """Tell who has voted in a secret vote: `TurnoutRead` follows."""

    vote: int


@dataclass(frozen=True)
class CountBallots:
    """Open the box of a secret vote: `BallotsCounted` follows. burn: forget what is in it."""

    vote: int
    burn: bool = False


BallotCommand = DropBallot | ReadTurnout | CountBallots
MediaCommand = (
    PublishLeg
    | SubscribeLeg
    | AnswerLeg
    | WantFeeds
    | HearVoices
    | SetCircles
    | CloseLegs
    | HoldFeed
)

RoomCommand = (
    Send
    | ClosePeer
    | ForgetSession
    | StartTimer
    | CancelTimer
    | Record
    | KeepUpdate
    | KeepAuthor
    | NameDocument
    | OpenMedia
    | CloseMedia
    | GiveRelays
    | StartRecording
    | PauseRecording
    | StopRecording
    | MediaCommand
    | BallotCommand
)
