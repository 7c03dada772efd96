"""The minutes as those write them who may: one Yjs document, edited at once by all of them.

Who only reads gets text (`notes`), never the document: it also holds what was deleted (adr/0044).

    openMinutes  the state vector of what this side has; the answer is `minutesOpened` with what it
                 lacks and with the host's vector, upon which it sends what the host lacks
    editMinutes  a change; the host merges it, passes it on as `minutesEdited`, and says
                 `minutesKept` once it is on the disk. What is not kept after a while, after a
                 refusal or after a lost socket is sent again by opening anew: nothing that was
                 applied before is applied twice

Updates and vectors are Yjs's (version 1), base64 in JSON. A document is named by the id of the
minutes' revision, 32 hex digits; "" = nobody named it yet, which only a console does.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from projectdesk.signalling.line_words import LineWords

MAX_UPDATE = 128 * 1024
"""Largest update of one message in bytes; a larger one comes in parts."""
MAX_DOCUMENT = 4 * 1024 * 1024
"""Largest document in bytes: a hundred times the minutes of a long meeting."""
MAX_PARTS = MAX_DOCUMENT // MAX_UPDATE
MAX_VECTOR = 32 * 1024
"""Largest state vector in bytes: some 2,000 replicas."""
MAX_POSITION = 128
MAX_REPLICA = 2**53

Update = Annotated[bytes, msgspec.Meta(max_length=MAX_UPDATE)]
Vector = Annotated[bytes, msgspec.Meta(max_length=MAX_VECTOR)]
Position = Annotated[bytes, msgspec.Meta(max_length=MAX_POSITION)]
Replica = Annotated[int, msgspec.Meta(ge=0, le=MAX_REPLICA)]
DocumentName = Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{32})?$")]


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", rename="camel"):
    """Base of the socket's messages: frozen, tagged by `type`, camelCase on the wire."""


class _Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of what messages are made of."""


class Author(_Record, frozen=True):
    """Who wrote with a replica of the document. name: as shown when they began."""

    replica: int
    participant: str
    name: str


# --- writer to host -----------------------------------------------------------------------------


class OpenMinutes(_Message, frozen=True, tag="openMinutes"):
    """Write along from now on, or find out again what either side lacks.

    replica: the Yjs client id by which this side's words are known. vector: of what it has; of
    another document than `document` it says nothing.
    """

    replica: Replica
    vector: Vector
    document: DocumentName = ""


class EditMinutes(_Message, frozen=True, tag="editMinutes"):
    """A change. n: counts this writer's changes; `MinutesKept` says it again.

    part, parts: of a change that is cut in pieces, sent in order; the last one counts.
    """

    n: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    document: DocumentName
    update: Update
    part: Annotated[int, msgspec.Meta(ge=0)] = 0
    parts: Annotated[int, msgspec.Meta(ge=1, le=MAX_PARTS)] = 1


class PointMinutes(_Message, frozen=True, tag="pointMinutes"):
    """Where this writer's cursor is. item: agenda item, None = nowhere.

    anchor, head: relative positions of Yjs in its text.
    """

    item: Annotated[str, msgspec.Meta(max_length=64)] | None
    anchor: Position = b""
    head: Position = b""


class LetWrite(_Message, frozen=True, tag="letWrite"):
    """Chair, co-host, console: somebody may write the minutes in this meeting, or not any more."""

    participant: str
    writes: bool


WritingRequest = OpenMinutes | EditMinutes | PointMinutes | LetWrite

# --- host to writer -----------------------------------------------------------------------------


class MinutesOpened(_Message, frozen=True, tag="minutesOpened"):
    """Answer `OpenMinutes`. update: what you lack; vector: of what the host has.

    document: another one than you named means that yours is not written here any more. words: what
    typed lines may name; None for a console, which knows.
    """

    document: str
    update: bytes
    vector: bytes
    words: LineWords | None = None


class MinutesEdited(_Message, frozen=True, tag="minutesEdited"):
    """Somebody else wrote."""

    document: str
    update: bytes


class MinutesKept(_Message, frozen=True, tag="minutesKept"):
    """Your changes up to number `n` are on the host's disk."""

    n: int


class MinutesUnkept(_Message, frozen=True, tag="minutesUnkept"):
    """The host cannot write to its disk at the moment; `MinutesKept` follows when it can again."""


class MinutesPointed(_Message, frozen=True, tag="minutesPointed"):
    """Where another writer's cursor is. item: None = nowhere any more.

    writer: number of this writer in the room, by which the next is known to be theirs; colour:
    from 0.
    """

    writer: int
    name: str
    colour: int
    item: str | None
    anchor: bytes = b""
    head: bytes = b""


class MinutesSigned(_Message, frozen=True, tag="minutesSigned"):
    """Consoles: who writes with a replica. participant: "" = a console nobody is invited at."""

    document: str
    author: Author


class MinutesShut(_Message, frozen=True, tag="minutesShut"):
    """You do not write along any more. reason: not_allowed, replaced (open the new document)."""

    reason: str


WritingNews = (
    MinutesOpened
    | MinutesEdited
    | MinutesKept
    | MinutesUnkept
    | MinutesPointed
    | MinutesSigned
    | MinutesShut
)


class KeptMinutes(_Record, frozen=True):
    """GET /api/v1/rooms/ROOM/minutes: what a host has of the minutes. update: the whole document.

    document: "" = nobody named it, or nothing was written.
    """

    document: str
    update: bytes
    authors: list[Author]
