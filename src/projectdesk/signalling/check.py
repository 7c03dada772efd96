"""The connection check: what crosses `/r/ROOM/check/*` and `/check/*`, days before a meeting.

`GET /r/ROOM/check#TOKEN` gives the page; `POST .../api/look` with `CheckRequest` says whose link it
is. The socket `.../ws` begins with `CheckHello`; the host answers `TrialOpened` (relays included)
and then acts as the host of a call with one person in it, who receives their own picture. Of `call`
the page sends `Publish`, `OpenSubscribe`, `SubscribeAnswer` and `Ping`, and gets `PublishAnswered`,
`SubscribeOffered`, `Pong` and `Problem`. `MeasureDownload` and binary frames measure how much the
path carries. `POST .../api/report` sends the result to the organiser.

`GET /check` is the same page for anybody: no token, no media, no relays, no report; its socket
answers pings.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from projectdesk.signalling.call import (
    OpenSubscribe,
    Ping,
    Pong,
    Problem,
    Publish,
    PublishAnswered,
    SubscribeAnswer,
    SubscribeOffered,
)
from projectdesk.signalling.instant import Instant
from projectdesk.signalling.relays import RelayServer

MAX_BLOCK = 64 * 1024
"""Largest binary frame in bytes."""
MAX_VOLUME = 6 * 1024 * 1024
"""Bytes that a measurement moves at most, each way."""

Verdict = Literal["good", "limited", "bad"]
DeviceFinding = Literal["works", "silent", "denied", "missing", "busy", "unknown"]
SpeakerFinding = Literal["heard", "unheard", "unknown"]
MediaPath = Literal["direct", "relayUdp", "relayTcp", "relayTls", "none"]
CheckProblem = Literal[
    "browserOld",
    "noMicrophone",
    "silentMicrophone",
    "noCamera",
    "noSpeaker",
    "noSocket",
    "noMedia",
    "relayOnly",
    "slowUp",
    "slowDown",
    "lossy",
    "far",
]

_Short = Annotated[str, msgspec.Meta(max_length=64)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", rename="camel"):
    """Base of the socket's messages: frozen, tagged by `type`, camelCase on the wire."""


class _Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of what messages are made of."""


class CheckRequest(_Record, frozen=True):
    """Ask whose link it is; an empty token at `/check`."""

    token: str = ""


class CheckLook(_Record, frozen=True):
    """What the page shows. personal: the result goes to the organiser; else the names are empty."""

    personal: bool
    now: Instant
    title: str = ""
    project: str = ""
    name: str = ""
    organiser: str = ""
    starts_at: Instant | None = None


class CheckReport(_Record, frozen=True):
    """What was found.

    browser: name and version, e.g. "Firefox 140". socket: the WebSocket opened. path: by which the
    test picture came back. round_trip_ms: to the host. up_kbps, down_kbps: kilobits per second that
    the connection carried to and from the host for two seconds. lost_percent: of the test picture.
    None = not measured.
    """

    verdict: Verdict
    problems: Annotated[list[CheckProblem], msgspec.Meta(max_length=12)]
    browser: _Short
    microphone: DeviceFinding
    camera: DeviceFinding
    speaker: SpeakerFinding
    socket: bool
    path: MediaPath
    round_trip_ms: _Count | None = None
    up_kbps: _Count | None = None
    down_kbps: _Count | None = None
    lost_percent: Annotated[float, msgspec.Meta(ge=0, le=100)] | None = None


class ReportRequest(_Record, frozen=True):
    """Send the result to the organiser. submission: made by the page; repeating it counts once."""

    token: str
    submission: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    report: CheckReport


# --- the socket -----------------------------------------------------------------------------------


class CheckHello(_Message, frozen=True, tag="checkHello"):
    """First message of a personal check."""

    version: int
    token: str


class MeasureDownload(_Message, frozen=True, tag="measureDownload"):
    """Ask for binary frames for two seconds; `DownloadEnded` follows them."""


class UploadEnded(_Message, frozen=True, tag="uploadEnded"):
    """Tell that all binary frames of the page are sent; `UploadMeasured` answers."""


class TrialOpened(_Message, frozen=True, tag="trialOpened"):
    """Answer `CheckHello`. relays: valid for some minutes; empty where the host has none.

    media: whether the host can take a test picture now; False while too many people check.
    """

    relays: list[RelayServer]
    media: bool


class DownloadEnded(_Message, frozen=True, tag="downloadEnded"):
    """Tell how many bytes were sent."""

    bytes: int


class UploadMeasured(_Message, frozen=True, tag="uploadMeasured"):
    """Tell what arrived. seconds: from the first frame to the last."""

    bytes: int
    seconds: float


CheckMessage = (
    CheckHello | Publish | OpenSubscribe | SubscribeAnswer | Ping | MeasureDownload | UploadEnded
)
CheckNews = (
    TrialOpened
    | PublishAnswered
    | SubscribeOffered
    | Pong
    | Problem
    | DownloadEnded
    | UploadMeasured
)
