"""The notes of a meeting while they are written: a live document, kept in the database.

Every change is one CRDT update, queued for a thread that writes what came within 200 ms as one
transaction (`synchronous=FULL`), so that a keystroke is on the disk within a second.

One document per meeting and workspace is live at a time, shared by whoever has it open; each closes
what they opened, and the last one ends it.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from projectdesk.domain.minutes import MinutesState
from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.services import notes_authors, notes_store
from projectdesk.services.notes_writer import NotesWriter, Watcher
from projectdesk.services.workspace import Workspace

SEARCH_SECONDS: Final = 5.0
"""How often at most the search index follows while somebody writes; it does at flush and close."""


_FIXED: Final = {
    MinutesState.CIRCULATED: (
        "minutes_circulated",
        "The minutes are circulated: what is to be changed goes into a new revision.",
    ),
    MinutesState.ACCEPTED: (
        "minutes_accepted",
        "The minutes are accepted: reopen them as a new revision.",
    ),
    MinutesState.SUPERSEDED: (
        "minutes_superseded",
        "A newer revision took the place of these minutes: open them again.",
    ),
}
"""Why minutes in these states are only read: code and words."""


class _LiveNotes:
    """One document with its writer, shared. openers: how many have it open."""

    def __init__(self, workspace: Workspace, meeting_id: UUID) -> None:
        self.place = notes_store.place_of(workspace, meeting_id)
        self.text = notes_store.load(workspace, self.place)
        self.openers = 0
        self._seen = 0
        self._joining: int | None = None
        self._signed = False
        self._workspace = workspace
        self._indexed: dict[UUID, str] = {}  # nothing is known of what an older session indexed
        self._index_stale = False
        self._indexed_at = time.monotonic()
        self.writer = NotesWriter(self._write)
        self._stop_listening = self.text.listen(self._note)

    def end(self) -> None:
        self._stop_listening()
        self.writer.stop()

    def look_again(self, workspace: Workspace) -> None:
        """Learn whether these minutes may still be written."""
        self.place = notes_store.place_by_id(workspace, self.place.minutes_id) or self.place

    def join(self, workspace: Workspace) -> None:
        """Take in what others wrote meanwhile; it is kept already, so it is not written again."""
        self.look_again(workspace)
        updates, self._seen = notes_store.newer(workspace, self.place.minutes_id, self._seen)
        self._joining = threading.get_ident()
        try:
            for update in updates:
                self.text.apply(update)
        finally:
            self._joining = None

    def edit_aside(
        self, item: UUID, seen: str, edits: Sequence[tuple[int, int, str]]
    ) -> list[bytes] | None:
        """Change the text and return the updates, which are not queued."""
        made: list[bytes] = []
        me = threading.get_ident()

        def note(update: bytes) -> None:
            if threading.get_ident() == me:
                made.append(update)

        stop = self.text.listen(note)
        self._joining = me
        try:
            return made if self.text.edit_if(item, seen, edits) else None
        finally:
            self._joining = None
            stop()

    def _note(self, update: bytes) -> None:
        if self._joining != threading.get_ident():
            self.writer.put(update)

    def _write(self, updates: Sequence[bytes], thorough: bool) -> None:
        now = time.monotonic()
        self._index_stale = self._index_stale or bool(updates)
        due = self._index_stale and (thorough or now - self._indexed_at >= SEARCH_SECONDS)
        if not updates and not due:
            return
        texts = self.text.texts() if due else self._indexed
        moved = {
            item: texts.get(item, "")
            for item in texts.keys() | self._indexed.keys()
            if texts.get(item) != self._indexed.get(item)
        }
        notes_store.write(self._workspace, self.place, updates, moved)
        if updates and not self._signed:
            self._signed = notes_authors.sign_here(
                self._workspace, self.place.minutes_id, self.text.replica
            )
        if due:
            self._indexed, self._index_stale, self._indexed_at = texts, False, now


class _LiveDocuments:
    """The live documents of one workspace, by meeting."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._live: dict[UUID, _LiveNotes] = {}

    def take(self, workspace: Workspace, meeting_id: UUID) -> _LiveNotes:
        with self._lock:
            live = self._live.get(meeting_id)
            if live is not None:
                live.look_again(workspace)
            if live is None or live.place.state is MinutesState.SUPERSEDED:
                live = self._live[meeting_id] = _LiveNotes(workspace, meeting_id)
            live.openers += 1
            return live

    def of(self, minutes: frozenset[UUID]) -> list[_LiveNotes]:
        """Return those of some minutes; of all without any."""
        with self._lock:
            every = list(self._live.values())
        return [live for live in every if not minutes or live.place.minutes_id in minutes]

    def leave(self, live: _LiveNotes) -> None:
        meeting_id = live.place.meeting_id
        with self._lock:
            live.openers -= 1
            if live.openers > 0:
                return
            if self._live.get(meeting_id) is live:  # else a newer revision is written by now
                del self._live[meeting_id]
        # Outside: the writer's last commit tells listeners, and one of them may open notes.
        live.end()


# Two live documents of one meeting would not see each other's changes; so there is one, wherever in
# the process it is opened. Kept beside the workspace, and no longer than it.
_documents: weakref.WeakKeyDictionary[Workspace, _LiveDocuments] = weakref.WeakKeyDictionary()
_documents_lock = threading.Lock()


class NotesDocument:
    """The open notes of one meeting, made by `open_notes`. Usable from any thread.

    meeting_id: whose notes. minutes_id: the revision that is written.
    """

    def __init__(self, documents: _LiveDocuments, live: _LiveNotes, meeting_id: UUID) -> None:
        self.meeting_id = meeting_id
        self.minutes_id = live.place.minutes_id
        self._documents = documents
        self._live = live
        self._closing = threading.Lock()
        self._closed = False

    def item_text(self, item_id: UUID) -> str:
        """Return the text of one agenda item; "" when nothing was written."""
        return self._live.text.item_text(item_id)

    def texts(self) -> dict[UUID, str]:
        """Return all texts that are not empty, by agenda item."""
        return self._live.text.texts()

    def edit(self, item_id: UUID, start_utf16: int, removed_utf16: int, inserted: str) -> None:
        """Replace a stretch of one item's text; it is in the database within a second.

        Args:
            item_id: the agenda item.
            start_utf16: where, in UTF-16 units.
            removed_utf16: how many UTF-16 units go.
            inserted: what comes in their place.

        Raises:
            DomainError: the range does not fit (see `MinutesText.edit`), `minutes_accepted`, or
                `notes_closed`.
        """
        self._check_writable()
        self._live.text.edit(item_id, start_utf16, removed_utf16, inserted)

    def edit_aside(
        self, item_id: UUID, seen: str, edits: Sequence[tuple[int, int, str]]
    ) -> list[bytes] | None:
        """Replace stretches of an item's text as one change that the caller keeps.

        Args:
            item_id: the agenda item.
            seen: its text that the edits were made for.
            edits: as for `MinutesText.edit_if`.

        Returns:
            The updates, to be kept with `notes_store.add_updates` in the caller's change, or with
            `keep` when that failed. None when the text is not `seen` any more.

        Raises:
            DomainError: as for `edit`.
        """
        self._check_writable()
        return self._live.edit_aside(item_id, seen, edits)

    def keep(self, updates: Sequence[bytes]) -> None:
        """Keep what `edit_aside` changed as any edit is kept."""
        for update in updates:
            self._live.writer.put(update)

    def marks(self, item_id: UUID, seen: str, places: Sequence[int]) -> list[str] | None:
        """Return by what the characters at `places` (UTF-16 units) are known, wherever they move.

        Returns:
            None when the item's text is not `seen` any more.
        """
        return self._live.text.marks(item_id, seen, places)

    @property
    def writable(self) -> bool:
        """Whether these minutes are a draft and open."""
        return not self._closed and self._live.place.state not in _FIXED

    def apply(self, update: bytes) -> None:
        """Merge an update that was made elsewhere; it is kept as an edit is.

        Raises:
            DomainError: `bad_update`, `minutes_accepted`, or `notes_closed`.
        """
        self._check_writable()
        self._live.text.apply(update)

    def undo(self, item_id: UUID, *, again: bool = False) -> bool:
        """Take back what was written here last in an item, or (`again`) write it once more.

        What others wrote stays. Returns whether there was anything.

        Raises:
            DomainError: as for `edit`.
        """
        self._check_writable()
        return self._live.text.undo(item_id, again=again)

    def state(self) -> bytes:
        """Return the whole document as one update, to seed a host with."""
        return self._live.text.state()

    # --- together with others

    @property
    def replica(self) -> int:
        """The Yjs client id by which what is written here is known."""
        return self._live.text.replica

    def vector(self) -> bytes:
        """Return the state vector: how much of each replica's changes is here."""
        return self._live.text.vector()

    def missing(self, vector: bytes) -> bytes:
        """Return what a document of this state vector lacks; `bad_vector`."""
        return self._live.text.missing(vector)

    def authors(self, item_id: UUID) -> list[tuple[int, int, int]]:
        """Return (start, length, replica) of who wrote what of an item, in UTF-16 units."""
        return self._live.text.authors(item_id)

    def position(self, item_id: UUID, place: int) -> bytes:
        """Return a place in an item's text as a relative position of Yjs; as `edit` refuses."""
        return self._live.text.position(item_id, place)

    def place(self, item_id: UUID, position: bytes) -> int | None:
        """Return where a relative position is in an item's text; None = nowhere."""
        return self._live.text.place(item_id, position)

    def listen(self, listener: Callable[[bytes], None]) -> Callable[[], None]:
        """Tell `listener` of each change as an update, on the thread that made it.

        The listener must only take the update and return.

        Returns:
            A function that ends it.
        """
        return self._live.text.listen(listener)

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Tell `watcher` when writing fails, with the error, and when it goes on, with None.

        It is called on the writing thread.

        Returns:
            A function that ends it.
        """
        return self._live.writer.watch(watcher)

    @property
    def unsaved(self) -> int:
        """How many changes are not in the database yet."""
        return self._live.writer.unsaved

    def flush(self) -> None:
        """Write what was changed and index it for search; return when it is so.

        Raises:
            EnvironmentFailure: it could not be written; it stays queued and is tried again.
        """
        self._live.writer.flush()

    def close(self, *, abandon: bool = False) -> None:
        """Write what is left and let go. Idempotent.

        Args:
            abandon: let go even if what is left cannot be written; keep `state()` first.

        Raises:
            EnvironmentFailure: it could not be written; the document stays open.
        """
        with self._closing:
            if self._closed:
                return
            self._closed = True  # before the last write: what comes after it would be lost
            try:
                self.flush()
            except ProjectDeskError:
                if not abandon:
                    self._closed = False
                    raise
            self._documents.leave(self._live)

    def _check_writable(self) -> None:
        if self._closed:
            raise DomainError("notes_closed", "These notes are closed.")
        if (why := _FIXED.get(self._live.place.state)) is not None:
            raise DomainError(*why)


def open_notes(workspace: Workspace, meeting_id: UUID) -> NotesDocument:
    """Open the notes of a meeting: its newest minutes, made when there are none.

    Raises:
        NotFound: no such meeting.
        EnvironmentFailure: the database cannot be read or written.
    """
    with _documents_lock:
        documents = _documents.setdefault(workspace, _LiveDocuments())
    return NotesDocument(documents, documents.take(workspace, meeting_id), meeting_id)


def merged_updates(updates: Sequence[bytes]) -> bytes:
    """Return updates of one document as one."""
    from projectdesk.text.minutes import merged  # pycrdt loads when text is read

    return updates[0] if len(updates) == 1 else merged(updates)


def join_others(workspace: Workspace, minutes: frozenset[UUID] = frozenset()) -> None:
    """Let open notes show what other desktops wrote in them.

    Args:
        workspace: the open database.
        minutes: whose text changed; empty = perhaps any.

    Raises:
        EnvironmentFailure: the database cannot be read.
    """
    with _documents_lock:
        documents = _documents.get(workspace)
    for live in documents.of(minutes) if documents is not None else ():
        live.join(workspace)


def settle_notes(workspace: Workspace, meeting_id: UUID) -> None:
    """Write what was typed here into the minutes of a meeting, and learn what state they are in.

    To be called before their text is read to be circulated, and after it was.

    Raises:
        EnvironmentFailure: it could not be written; it stays queued and is tried again.
    """
    with _documents_lock:
        documents = _documents.get(workspace)
    for live in documents.of(frozenset()) if documents is not None else ():
        if live.place.meeting_id == meeting_id:
            live.writer.flush()
            live.look_again(workspace)
