"""The minutes as everybody in the call reads them while they are written.

The desktop's console shows the notes of an item whenever they changed; the host keeps the last of
each item for who comes later and passes it on. It is text and not the Yjs document: a document also
holds what was deleted from it, and who reads must not get that (adr/0044).
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from projectdesk.signalling.instant import Instant

MAX_NOTES = 60_000
"""Longest notes of one item in characters; what is longer is shown up to there."""
MAX_LINES = 200
"""Most decisions, and most actions, of one item."""
MAX_LINE = 2000
"""Longest decision or action in characters."""

Line = Annotated[str, msgspec.Meta(max_length=MAX_LINE)]


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", rename="camel"):
    """Base of the socket's messages: frozen, tagged by `type`, camelCase on the wire."""


class _Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of what messages are made of."""


class NotedAction(_Record, frozen=True):
    """One action item. owner: who does it, "" = nobody yet; due: a date (RFC 3339), or None."""

    text: Line
    owner: str = ""
    due: str | None = None
    done: bool = False


class ItemNotes(_Record, frozen=True):
    """What the minutes say of one agenda item. text: light Markdown, as it was typed."""

    item: str
    text: Annotated[str, msgspec.Meta(max_length=MAX_NOTES)] = ""
    decisions: Annotated[list[Line], msgspec.Meta(max_length=MAX_LINES)] = []
    actions: Annotated[list[NotedAction], msgspec.Meta(max_length=MAX_LINES)] = []


# --- console to host ----------------------------------------------------------------------------


class WriteNotes(_Message, frozen=True, tag="writeNotes"):
    """Console: these are the notes of an item now; they replace those before."""

    notes: ItemNotes


class ShareNotes(_Message, frozen=True, tag="shareNotes"):
    """Chair, co-host, console: let everybody read the minutes while they are written, or not."""

    shared: bool


NotesRequest = WriteNotes | ShareNotes

# --- host to page -------------------------------------------------------------------------------


class NotesShown(_Message, frozen=True, tag="notesShown"):
    """The notes of an item as they were written at `at`; they replace those before.

    After `RoomState` one comes for each item that has any.
    """

    notes: ItemNotes
    at: Instant


class NotesShared(_Message, frozen=True, tag="notesShared"):
    """Whether the minutes can be read from now on; False: forget what was shown."""

    shared: bool


NotesNews = NotesShown | NotesShared
