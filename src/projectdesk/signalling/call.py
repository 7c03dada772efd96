"""The call page and its host: what crosses `/r/ROOM/api/*` and the WebSocket `/r/ROOM/ws`.

How a partner gets in
    1. `GET /r/ROOM` gives the page; the token stays in the fragment.
    2. `POST /r/ROOM/api/look` with `LookRequest` gives `Look`: what the page shows before the call.
       It changes nothing.
    3. `POST /r/ROOM/api/join` with `JoinRequest` gives `JoinReply` and sets the cookie `pd_ROOM`.
    4. `GET /r/ROOM/ws` opens the WebSocket; the first message is `Hello`. The host answers with
       `Welcome`, then `Lobby` while waiting, and `RoomState` once admitted.
    5. Admitted, the page opens its two peer connections by `Publish` and `OpenSubscribe`.
    6. A lost socket is kept 60 s: a new one with the same cookie and `Hello.resume` goes on.

The console of the desktop (`/api/v1/rooms/ROOM/console`, API key) speaks the same messages: it is
a second seat of the chair without media.

A participant's id is the id of the invitation: it stays the same across reloads and devices, and
one invitation is in the call once. Times are UTC instants (RFC 3339). HTTP errors have the body
`Problem`; on the socket it is `Problem` too, and the socket stays open unless `fatal`.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from projectdesk.signalling.breakouts import (
    BreakoutNews,
    BreakoutRequest,
    Breakouts,
    PlannedGroup,
)
from projectdesk.signalling.floor import FloorNews, FloorRequest, RemovedPerson
from projectdesk.signalling.instant import Instant
from projectdesk.signalling.languages import LanguageNews, LanguageRequest
from projectdesk.signalling.leading import Dropped, Focus, LeadingNews, LeadingRequest
from projectdesk.signalling.media import FeedSource, SubscribedFeed, WantedFeed
from projectdesk.signalling.notes import NotesNews, NotesRequest
from projectdesk.signalling.polls import PollNews, PollRequest
from projectdesk.signalling.recording import RecordingNews, RecordingRequest
from projectdesk.signalling.relays import RelayNews
from projectdesk.signalling.sight import RoomLimits, SightNews
from projectdesk.signalling.votes import VoteNews, VoteRequest
from projectdesk.signalling.writing import WritingNews, WritingRequest

MAX_MESSAGE = 16 * 1024
"""Largest message from a page in bytes, but for those that carry SDP."""
MAX_SDP = 256 * 1024
"""Largest message with SDP in bytes."""
MAX_WANTED = 128
"""Pictures that one `Want` names: camera and screen of each of a full room, with room to spare."""
MAX_PINNED = 16

Role = Literal["chair", "cohost", "presenter", "participant", "observer", "interpreter"]
ItemKind = Literal["information", "discussion", "decision", "break"]
LookState = Literal["early", "open", "ended", "revoked"]
Presence = Literal["waiting", "here", "away"]


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", rename="camel"):
    """Base of the socket's messages: frozen, tagged by `type`, camelCase on the wire."""


class _Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of what messages are made of."""


# --- HTTP before the socket -------------------------------------------------------------------


class LookRequest(_Record, frozen=True):
    """Ask what this link opens."""

    token: str


class Look(_Record, frozen=True):
    """What the page shows before the call.

    opens_at / closes_at: when Join is allowed (30 min before .. 24 h after by default).
    starts_at: UTC instant of the meeting; local_start and zone: as planned ("2026-03-02T10:00",
    "Europe/Copenhagen"). desk: id of the invitee's answer desk, None if there is none.
    present: how many people are in the call now. elsewhere: this link is in the call already.
    recorded: the meeting is being recorded; nobody is let in without having agreed. meeting: its
    id, by which an entry of a calendar is known.
    """

    state: LookState
    title: str
    project: str
    name: str
    organisation: str
    role: Role
    starts_at: Instant
    local_start: str
    zone: str
    duration_minutes: int
    opens_at: Instant
    closes_at: Instant
    now: Instant
    desk: str | None
    present: int
    elsewhere: bool
    organiser: str
    recorded: bool = False
    meeting: str = ""


class JoinRequest(_Record, frozen=True):
    """Join for real. `name` as the person wants to be shown; `move` takes over another device."""

    token: str
    name: str
    move: bool = False


class JoinReply(_Record, frozen=True):
    """`resume`: secret for this tab, kept in sessionStorage, sent in `Hello`."""

    resume: str


class Problem(_Message, frozen=True, tag="problem"):
    """Refuse something. `code` is stable and picks the translation; `text` is English.

    in_reply_to: the `type` of the refused message; fatal: the session is over.
    """

    code: str
    text: str
    in_reply_to: str | None = None
    fatal: bool = False


# --- what rooms are made of -------------------------------------------------------------------


class ShownItem(_Record, frozen=True):
    """One agenda item as everybody sees it. Planned and elapsed are whole minutes and seconds.

    number: "" of a break. allotted_minutes: what it may take since the rest was re-planned, None =
    as planned. dropped: it is not treated today. section, day, track, starts_at: as of
    `control.PlannedItem`.
    """

    id: str
    number: str
    title: str
    kind: ItemKind
    planned_minutes: int
    presenter: str
    presenter_participant: str | None
    elapsed_seconds: float = 0.0
    allotted_minutes: int | None = None
    dropped: Dropped = ""
    section: str = ""
    day: int = 1
    track: str = ""
    starts_at: Instant | None = None


class AgendaClock(_Record, frozen=True):
    """The clock at the instant `at`: the page extrapolates from there.

    current: id of the running item, None before, between and after. started_at: when the meeting's
    clock started (first item), None before. `elapsed_seconds` of the items hold what was spent up
    to `at`, the current item's running time included.
    """

    at: Instant
    started_at: Instant | None
    current: str | None
    items: list[ShownItem]


class Participant(_Record, frozen=True):
    """One person in the call (or in the lobby).

    marked: the name equals another's after normalising. since: joined or knocked at. feeds are what
    the person sends now; audio/video say whether microphone and camera are on. hand: since when the
    hand is raised; the earliest has the word first. writes: may write the minutes.
    """

    id: str
    name: str
    organisation: str
    country: str
    role: Role
    zone: str
    since: Instant
    audio: bool = False
    video: bool = False
    screen: bool = False
    away: bool = False
    marked: bool = False
    hand: Instant | None = None
    writes: bool = False


# --- page to host -------------------------------------------------------------------------------


class Hello(_Message, frozen=True, tag="hello"):
    """First message. `version`: of the wire; `resume`: from JoinReply (empty on the console).

    seat: on the console, id of the invitation of the person at the desktop, "" = not invited: what
    they write in the chat is in their name, and what is written to them alone comes to them here.
    """

    version: int
    resume: str = ""
    seat: str = ""


class Publish(_Message, frozen=True, tag="publish"):
    """Offer the publish connection. `sources` maps each sending m-line's mid to its source."""

    sdp: str
    sources: dict[str, FeedSource]
    rebuild: bool = False


class OpenSubscribe(_Message, frozen=True, tag="openSubscribe"):
    """Ask for the subscribe connection; the host will offer. `rebuild`: a new connection."""

    rebuild: bool = False


class SubscribeAnswer(_Message, frozen=True, tag="subscribeAnswer"):
    """Answer offer number `offer`."""

    offer: int
    sdp: str


class Want(_Message, frozen=True, tag="want"):
    """Say which pictures this page shows, and how large; None = all (as before the first Want).

    feeds: cameras and screens on the screen now, each with the height of its tile in device
        pixels; one that is not named is paused for this page. Sound is not listed: everybody who
        may be heard is heard.
    pinned: participants whom this person chose to see, the most wanted first; in a room that shows
        only some cameras to each, theirs come first.
    """

    feeds: Annotated[list[WantedFeed], msgspec.Meta(max_length=MAX_WANTED)] | None = None
    pinned: Annotated[list[str], msgspec.Meta(max_length=MAX_PINNED)] = []


class SetMedia(_Message, frozen=True, tag="setMedia"):
    """Tell the others whether microphone, camera and screen are on.

    heard: `order` of the last `FeedHeld` that this page obeyed; what a later one stopped stays off.
    """

    audio: bool
    video: bool
    screen: bool = False
    heard: int = 0


class Leave(_Message, frozen=True, tag="leave"):
    """Leave at once (no 60 s grace)."""


class Ping(_Message, frozen=True, tag="ping"):
    """Keep alive; `n` comes back in `Pong`."""

    n: int


class Admit(_Message, frozen=True, tag="admit"):
    """Chair, co-host: let one waiting person in; None = all."""

    participant: str | None = None


class Refuse(_Message, frozen=True, tag="refuse"):
    """Chair, co-host: turn one waiting person away."""

    participant: str


class StartItem(_Message, frozen=True, tag="startItem"):
    """Chair, co-host: make an agenda item the current one; None pauses between items."""

    item: str | None


class EndMeeting(_Message, frozen=True, tag="endMeeting"):
    """Chair, co-host: end the meeting for all."""


ClientMessage = (
    Hello
    | Publish
    | OpenSubscribe
    | SubscribeAnswer
    | Want
    | SetMedia
    | Leave
    | Ping
    | Admit
    | Refuse
    | StartItem
    | EndMeeting
    | FloorRequest
    | PollRequest
    | VoteRequest
    | LanguageRequest
    | RecordingRequest
    | LeadingRequest
    | NotesRequest
    | WritingRequest
    | BreakoutRequest
)

# --- host to page -------------------------------------------------------------------------------


class Welcome(_Message, frozen=True, tag="welcome"):
    """Answer `Hello`. `you`: own participant id ("" on the console)."""

    version: int
    you: str
    role: Role
    now: Instant
    title: str
    project: str


class Lobby(_Message, frozen=True, tag="lobby"):
    """You are waiting. `message`: words of the chair, may be empty."""

    message: str = ""


class RoomState(_Message, frozen=True, tag="roomState"):
    """Everything, once admitted (again after a resume).

    `lobby`, `lobby_message`, `removed` and `proposed_groups` are empty for who may not admit.
    limits: None from who does not tell.
    """

    now: Instant
    participants: list[Participant]
    lobby: list[Participant]
    clock: AgendaClock
    ends_at: Instant
    locked: bool = False
    removed: list[RemovedPerson] = []
    limits: RoomLimits | None = None
    focus: Focus = Focus()
    lobby_message: str = ""
    notes_shared: bool = True
    breakouts: Breakouts | None = None
    proposed_groups: list[PlannedGroup] = []


class ParticipantJoined(_Message, frozen=True, tag="participantJoined"):
    """Somebody is in the call now."""

    participant: Participant


class ParticipantChanged(_Message, frozen=True, tag="participantChanged"):
    """Name, media or presence of somebody changed."""

    participant: Participant


class ParticipantLeft(_Message, frozen=True, tag="participantLeft"):
    """Somebody left the call."""

    participant: str


class LobbyChanged(_Message, frozen=True, tag="lobbyChanged"):
    """Who waits now; sent to chair and co-hosts."""

    lobby: list[Participant]


class ClockChanged(_Message, frozen=True, tag="clockChanged"):
    """The agenda moved (or its plan was changed on the desktop)."""

    clock: AgendaClock


class SpeakerChanged(_Message, frozen=True, tag="speakerChanged"):
    """Who is loudest; None = silence."""

    participant: str | None


class PublishAnswered(_Message, frozen=True, tag="publishAnswered"):
    """The SDP answer to `Publish`."""

    sdp: str


class SubscribeOffered(_Message, frozen=True, tag="subscribeOffered"):
    """An SDP offer for the subscribe connection; answer with the same number."""

    offer: int
    sdp: str
    feeds: list[SubscribedFeed]


class MediaRestarted(_Message, frozen=True, tag="mediaRestarted"):
    """The media server was replaced: build both connections anew (rebuild = true)."""


class Pong(_Message, frozen=True, tag="pong"):
    """Answer `Ping`."""

    n: int


class Ended(_Message, frozen=True, tag="ended"):
    """The session is over for you.

    reason: ended, removed, refused, moved, revoked, lobby_timeout.
    """

    reason: str
    text: str


HostMessage = (
    Welcome
    | Lobby
    | RoomState
    | ParticipantJoined
    | ParticipantChanged
    | ParticipantLeft
    | LobbyChanged
    | ClockChanged
    | SpeakerChanged
    | PublishAnswered
    | SubscribeOffered
    | MediaRestarted
    | Pong
    | Ended
    | Problem
    | FloorNews
    | PollNews
    | VoteNews
    | LanguageNews
    | RecordingNews
    | RelayNews
    | SightNews
    | LeadingNews
    | NotesNews
    | WritingNews
    | BreakoutNews
)
