"""Host and SFU process: the control connection of `projectdesk sfu`.

The SFU connects back to its host over one loopback TCP connection (decisions 6). Every frame is a
4-byte big-endian length (at most 1 MiB) and that many bytes of JSON: one struct of this module.
The first frame is `SfuHello` with the one-time secret that the SFU read from its standard input.
After it the host sends requests, each with an `id`; the SFU answers each with `Done` or `Failed`
of the same `id`, and sends events (no id) when it likes.

A *leg* is one peer connection of one participant: `publish` (the client offers) or `subscribe`
(the SFU offers). A *feed* is one track that a participant publishes: `audio`, `video`, `screen`, or
`sound`, which is what a shared screen is heard playing.
SDP is text as in RFC 8866; at most 256 KiB.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

MAX_FRAME = 1 << 20
"""Largest control frame in bytes."""

FeedSource = Literal["audio", "video", "screen", "sound"]
SOUNDS: tuple[FeedSource, ...] = ("audio", "sound")
"""The sources that are heard; the others are seen."""
VideoCodec = Literal["vp8", "vp9", "h264"]
"""H.264 is its constrained baseline profile, VP9 its profile 0."""
LegKind = Literal["publish", "subscribe"]
LegState = Literal["connecting", "connected", "failed", "closed"]
PixelHeight = Annotated[int, msgspec.Meta(ge=0, le=8640)]
"""Up to the height of a 16K screen; 0 asks for the smallest layer."""


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", rename="camel"):
    """Base of all control messages: frozen, tagged by `type`, camelCase on the wire."""


class FeedReference(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Names one feed: whose (`participant`) and which (`source`)."""

    participant: str
    source: FeedSource


class WantedFeed(FeedReference, frozen=True, kw_only=True, rename="camel"):
    """One feed that somebody receives, and how large it is shown.

    height: of its tile in device pixels; None = not known, and for audio. It picks the layer of a
    feed that is sent in several sizes: the smallest that fills the tile.
    """

    height: PixelHeight | None = None


class SubscribedFeed(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Tells which m-line (`mid`) of a subscribe offer carries which feed."""

    mid: str
    participant: str
    source: FeedSource


class RecordedPerson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Somebody in the call who agreed to be recorded.

    interprets: the language into which they interpret now, by which their voice is none of the
        floor's; "" = none.
    """

    id: str
    name: str
    organisation: str = ""
    interprets: str = ""


# --- SFU to host, first frame -------------------------------------------------------------------


class SfuHello(_Message, frozen=True, tag="hello"):
    """First frame from the SFU: proves with the secret from stdin that it is ours."""

    secret: str
    pid: int
    version: int


# --- host to SFU: requests ----------------------------------------------------------------------


class Configure(_Message, frozen=True, tag="configure"):
    """First request: addresses and ports of this room's media.

    interfaces: local IP addresses to bind; empty = all usable ones (loopback included).
    udp_ports: inclusive range [low, high], or None for any port the system gives.
    public_addresses: addresses to announce instead of the local ones (1:1 NAT); empty = local ones.
    announce_private: also announce local addresses that only a private network reaches, where
        there are others. A server does not: they would tell guests of its network.
    max_participants, max_screens: limits of the room; more are refused with `room_full` and
        `screen_taken`.
    video_codecs: what pictures may be sent in, the best first. Each publisher is answered with the
        first that it offers and all subscribers take; VP8 needs not be named.
    """

    id: int
    room: str
    interfaces: list[str] = []
    udp_ports: tuple[int, int] | None = None
    public_addresses: list[str] = []
    announce_private: bool = True
    max_participants: int = 25
    max_screens: int = 1
    video_codecs: tuple[VideoCodec, ...] = ("vp8",)


class Publish(_Message, frozen=True, tag="publish"):
    """Take a client's publish offer; `Done.sdp` is the answer.

    Replaces an earlier publish leg only when `rebuild` is true (new peer connection in the page);
    otherwise it renegotiates the existing one. `sources` maps each sending m-line's mid to its
    source.
    """

    id: int
    participant: str
    sdp: str
    sources: dict[str, FeedSource]
    rebuild: bool = False


class Subscribe(_Message, frozen=True, tag="subscribe"):
    """Open (or with `rebuild` reopen) the subscribe leg of a participant.

    The SFU then offers by `SubscribeOffered` at once and whenever the wanted feeds change.
    """

    id: int
    participant: str
    rebuild: bool = False


class SubscribeAnswer(_Message, frozen=True, tag="subscribeAnswer"):
    """Hand over the client's answer to offer number `offer`; a stale number is ignored."""

    id: int
    participant: str
    offer: int
    sdp: str


class Want(_Message, frozen=True, tag="want"):
    """Set which feeds a participant receives; None = every feed of everybody else (default).

    A feed that is not named is paused: it keeps its m-line, and no packet of it is sent. A feed
    that nobody publishes (yet) may be named: it counts from when it comes.
    """

    id: int
    participant: str
    feeds: list[WantedFeed] | None = None


class Hear(_Message, frozen=True, tag="hear"):
    """Set whose voices are forwarded.

    loudest: how many of the loudest at most; None = everybody (default).
    always: participants who are heard besides, however quiet: who presents, who interprets.
    """

    id: int
    loudest: Annotated[int, msgspec.Meta(ge=1)] | None = None
    always: list[str] = []


class SetCircles(_Message, frozen=True, tag="setCircles"):
    """Set among whom the loudest is looked for: circles of people who hear each other.

    circles: participants of each; None = all are one (default). Who is in none never speaks for it:
    an interpreter, who talks at the same time as the floor.
    """

    id: int
    circles: list[list[str]] | None = None


class Mute(_Message, frozen=True, tag="mute"):
    """Stop (or resume) forwarding one feed to everybody, by the chair's order."""

    id: int
    participant: str
    source: FeedSource
    muted: bool


class CloseLegs(_Message, frozen=True, tag="closeLegs"):
    """Close both legs of a participant; its feeds end for all others. Idempotent."""

    id: int
    participant: str


class StartRecording(_Message, frozen=True, tag="startRecording"):
    """Record what these people send, into `folder`; go on after a pause; or take other people.

    folder: an absolute path that the SFU's computer can write to. people: everybody in the call
    (who is not named is not recorded). A feed that is muted by the chair's order is not recorded.
    """

    id: int
    folder: str
    people: list[RecordedPerson]


class PauseRecording(_Message, frozen=True, tag="pauseRecording"):
    """Record nothing until the next `StartRecording`."""

    id: int


class StopRecording(_Message, frozen=True, tag="stopRecording"):
    """End the recording; `Done` comes when its files are closed. Idempotent.

    erased: participants of whom nothing may be kept.
    """

    id: int
    erased: list[str] = []


class ReadStatistics(_Message, frozen=True, tag="readStatistics"):
    """Ask for counters; `Done.statistics` holds them."""

    id: int


class Shutdown(_Message, frozen=True, tag="shutdown"):
    """Close everything and end the process after `Done`."""

    id: int


# --- SFU to host: answers -----------------------------------------------------------------------


class LegStatistics(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Counters of one leg since it opened; packets and bytes of RTP, not RTCP."""

    participant: str
    kind: LegKind
    state: LegState
    packets_in: int = 0
    packets_out: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    lost: int = 0
    round_trip_ms: float | None = None


class RoomStatistics(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Counters of the whole SFU.

    cpu_s: its process time in seconds. tasks: background tasks that it has now.
    """

    cpu_s: float
    packets_in: int
    packets_out: int
    dropped_datagrams: int
    legs: list[LegStatistics]
    tasks: int = 0


class Done(_Message, frozen=True, tag="done"):
    """The request `id` is carried out."""

    id: int
    sdp: str | None = None
    statistics: RoomStatistics | None = None


class Failed(_Message, frozen=True, tag="failed"):
    """The request `id` is refused; the leg it names is as it was before."""

    id: int
    code: str
    text: str


# --- SFU to host: events ------------------------------------------------------------------------


class SubscribeOffered(_Message, frozen=True, tag="subscribeOffered"):
    """Pass this offer to the participant's page.

    At most one offer per participant is outstanding. `feeds` lists every live m-line.
    """

    participant: str
    offer: int
    sdp: str
    feeds: list[SubscribedFeed]


class PublishAgain(_Message, frozen=True, tag="publishAgain"):
    """Ask the participant's page to offer its publish connection once more, as it is.

    The answer will name another picture codec first, which a browser then sends: somebody came who
    lacks the one of now, or left. Asked again after some seconds where no offer came.
    """

    participant: str


class LayersWanted(_Message, frozen=True, tag="layersWanted"):
    """Tell a publisher which sizes of a picture somebody gets: it need not send the others.

    layers: stream ids of its offer (RFC 8851), as it listed them; the smallest is always among
        them. Every new publish connection sends all until told otherwise.
    """

    participant: str
    source: FeedSource
    layers: list[str]


class LegChanged(_Message, frozen=True, tag="legChanged"):
    """Tell that a leg connected, failed or closed."""

    participant: str
    kind: LegKind
    state: LegState


class FeedStarted(_Message, frozen=True, tag="feedStarted"):
    """Tell that the first packet of a feed arrived."""

    participant: str
    source: FeedSource


class FeedStopped(_Message, frozen=True, tag="feedStopped"):
    """Tell that a feed ended (its m-line went inactive, or its leg closed)."""

    participant: str
    source: FeedSource


class SpeakerChanged(_Message, frozen=True, tag="speakerChanged"):
    """Tell who is loudest by the audio-level extension (RFC 6464); None = silence.

    among: the circle whose speaker it is, as `SetCircles` has it; empty = everybody.
    """

    participant: str | None
    among: list[str] = []


class RecordingFailed(_Message, frozen=True, tag="recordingFailed"):
    """Tell that the recording ended by itself; the call goes on, what was written is kept.

    code: `disk_full`, `folder_gone`, `recorder_ended`, `recorder_slow`.
    """

    code: str
    text: str


Request = (
    Configure
    | Publish
    | Subscribe
    | SubscribeAnswer
    | Want
    | Hear
    | SetCircles
    | Mute
    | CloseLegs
    | StartRecording
    | PauseRecording
    | StopRecording
    | ReadStatistics
    | Shutdown
)
Reply = Done | Failed
Event = (
    SubscribeOffered
    | PublishAgain
    | LayersWanted
    | LegChanged
    | FeedStarted
    | FeedStopped
    | SpeakerChanged
    | RecordingFailed
)
FromSfu = (
    SfuHello
    | Done
    | Failed
    | SubscribeOffered
    | PublishAgain
    | LayersWanted
    | LegChanged
    | FeedStarted
    | FeedStopped
    | SpeakerChanged
    | RecordingFailed
)
