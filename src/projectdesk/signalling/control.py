"""Desktop and host: `/api/v1/*`, with `Authorization: Bearer KEY`.

| method and path | body | answer |
| --- | --- | --- |
| GET /healthz (no key) | - | Health |
| GET /api/v1/host | - | HostFacts |
| PUT /api/v1/rooms/ROOM | RoomSnapshot | RoomFacts |
| GET /api/v1/rooms/ROOM | - | RoomFacts |
| DELETE /api/v1/rooms/ROOM[?moved=true] | - | 204; throws out who is in; moved: links say so |
| GET /api/v1/rooms/ROOM/console | WebSocket | messages of `call` |
| GET /api/v1/rooms/ROOM/minutes | - | writing.KeptMinutes |
| GET /api/v1/rooms/ROOM/files/FILE | - | a file of the chat |
| GET /api/v1/rooms/ROOM/recordings | - | recording.RecordingList |
| GET /api/v1/rooms/ROOM/recordings/ID/files/NAME | - | the file; Range is understood |
| POST /api/v1/rooms/ROOM/recordings/ID/fetched | - | 204; the host erases it |
| DELETE /api/v1/rooms/ROOM/recordings/ID | - | 204; erased without being fetched |
| PUT /api/v1/desks/DESK | desk.DeskSnapshot | 204 |
| DELETE /api/v1/desks/DESK | - | 204; the link then says it was withdrawn |
| GET /api/v1/journal?after=SEQ&limit=N | - | journal.JournalBatch |
| POST /api/v1/journal/acknowledge | Acknowledge | 204 |
| PUT, DELETE /api/v1/mails/MAIL, GET /api/v1/mails | see `mails` | mail that is due later |
| GET, PUT, DELETE /api/v1/link-keys/DATABASE | see `link_keys` | a team's link key, sealed |
| POST /api/v1/stop | - | 204; ends the host process when it was started by a desktop |

A key sees only the rooms, desks and journal entries that it made. Errors: call.Problem with status
400, 401, 403, 404, 409, 413, 429.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from projectdesk.signalling.breakouts import PlannedGroup
from projectdesk.signalling.call import ItemKind, Role
from projectdesk.signalling.instant import Instant
from projectdesk.signalling.line_words import LineWords
from projectdesk.signalling.votes import BodyPlan


class _Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base: frozen, camelCase on the wire."""


class Health(_Record, frozen=True):
    """What anybody may know of a host."""

    status: str
    version: str
    protocol: int


class HostFacts(_Record, frozen=True):
    """What a desktop needs to know of its host.

    journal: uuid of the journal; epoch rises when the host is restored from a backup. public_url:
    where links point to, without trailing slash. local: started by a desktop on its own computer.
    now: the host's clock. mailFrom: domains whose mail, due later, it sends for the key that asks.
    """

    version: str
    protocol: int
    journal: str
    epoch: int
    public_url: str
    local: bool
    now: Instant
    mail_from: list[str] = []


class RoomRules(_Record, frozen=True):
    """Rules of one room; times in minutes, sizes in people (security.md).

    everyone: up to so many people, each gets the cameras of all; cameras: how many each gets at
    most when there are more. 25 people with 5 cameras each are 125 pictures to forward, no more
    than the 132 of 12 people who all see each other, which one core carries.
    file_megabytes: largest file of the chat (1 MB = 1,000,000 bytes), 0 = none; a host may allow
    less. recording: the meeting may be recorded, where its host can.
    """

    lobby: bool = True
    lobby_minutes: int = 15
    lobby_size: int = 20
    capacity: int = 25
    everyone: int = 12
    cameras: Annotated[int, msgspec.Meta(ge=1)] = 5
    opens_before_minutes: int = 30
    closes_after_minutes: int = 24 * 60
    grace_seconds: int = 60
    file_megabytes: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 25
    recording: bool = True


class PlannedItem(_Record, frozen=True):
    """One agenda item of the plan.

    number: "" of a break. section: the heading it stands under. day: of the meeting, from 1. track:
    of parallel sessions, "" = for all. starts_at: planned, None = not told.
    """

    id: str
    number: str
    title: str
    kind: ItemKind
    planned_minutes: int
    presenter: str = ""
    presenter_participant: str | None = None
    section: str = ""
    day: int = 1
    track: str = ""
    starts_at: Instant | None = None


class Invitee(_Record, frozen=True):
    """Who may come in with which link.

    id: the invitation's id (32 hex digits). token_hash: hex SHA-256 of the token's ASCII text;
    empty = revoked. desk: id of the answer desk. partner: id of the partner that they are of (32
    hex digits), None = of none. writes_minutes: in the call, as chair and co-hosts do. beside:
    partners of who sits in the room behind their camera: there while they are.
    """

    id: str
    name: str
    organisation: str
    country: str
    role: Role
    zone: str
    token_hash: str
    desk: str | None = None
    partner: str | None = None
    writes_minutes: bool = False
    beside: list[str] = []


class RoomSnapshot(_Record, frozen=True):
    """What a room needs of its meeting. Sending again updates: running clocks and people stay.

    proposed_groups: breakout rooms that suggest themselves, by work package; nothing is opened.
    body: that meets, with its members and rules; None = no body, so no quorum and no votes.
    line_words: what typed lines of the minutes may name; only who writes them is told.
    """

    meeting: str
    title: str
    project: str
    organiser: str
    starts_at: Instant
    local_start: str
    zone: str
    duration_minutes: int
    agenda: list[PlannedItem]
    invitees: list[Invitee]
    rules: RoomRules = RoomRules()
    proposed_groups: list[PlannedGroup] = []
    body: BodyPlan | None = None
    line_words: LineWords | None = None


class RoomFacts(_Record, frozen=True):
    """What a host says of a room. state: waiting (nobody came yet), live, ended."""

    room: str
    state: str
    present: int
    waiting: int


class Acknowledge(_Record, frozen=True):
    """The desktop has entries up to `seq` of `journal` and `epoch` safely in its database."""

    journal: str
    epoch: int
    seq: int
