"""The text of one meeting's minutes: a Yjs document with one text per agenda item.

The texts are named by the agenda item's id as 32 hex digits, on the page (yjs) and here (pycrdt)
alike. A document is seeded by encoded state, never by text: the same text seeded twice would be
there twice after a merge (decisions 12).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from pycrdt import Doc, Text, TransactionEvent, UndoManager, merge_updates

from projectdesk.errors import DomainError
from projectdesk.text.positions import utf8_range, utf16_length
from projectdesk.text.replicas import Characters, stretches

EMPTY_UPDATE = b"\x00\x00"
"""A Yjs update (version 1) that says nothing: no structs, no deletions."""

_TYPED = "typed"
"""Origin of what is written here, which alone is undone here."""
_TOGETHER_MS = 700
"""Keystrokes that follow each other so soon are undone together."""

Listener = Callable[[bytes], None]
"""Told of each change as an encoded Yjs update, in order, on the thread that made it."""


class MinutesText:
    """A live document. Every method may be called from any thread.

    A listener is called while the document is locked: it must only take the update and return.
    """

    def __init__(self, listener: Listener | None = None) -> None:
        """Make an empty document; `listener` is told of each change from now on."""
        # RLock: a listener may look at the document that called it.
        self._lock = threading.RLock()
        # They copy the document: they are kept until it changes.
        self._characters: dict[UUID, Characters] = {}
        self._document: Doc[Text] = Doc(allow_multithreading=True)
        self._listeners: list[Listener] = [listener] if listener is not None else []
        self._subscription = self._document.observe(self._announce)
        self._undo: dict[UUID, UndoManager] = {}

    @classmethod
    def from_state(cls, updates: Iterable[bytes]) -> MinutesText:
        """Return the document that `updates` (a state, or any updates in any order) make.

        Raises:
            DomainError: `bad_update`, one of them is damaged.
        """
        made = cls()
        for update in updates:
            made.apply(update)
        return made

    @property
    def replica(self) -> int:
        """The Yjs client id by which what is written here is known."""
        return self._document.client_id

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` of each change from now on; return what ends that."""
        with self._lock:
            self._listeners.append(listener)

        def stop() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return stop

    def item_text(self, item: UUID) -> str:
        """Return the text of one agenda item; "" when nothing was written."""
        with self._lock:
            return str(self._text(item))

    def texts(self) -> dict[UUID, str]:
        """Return all texts that are not empty, by agenda item.

        Shared types whose name is no id of an item are another program's: they are kept and left
        out.
        """
        with self._lock:
            names = list(self._document.keys())
            items = [item for name in names if (item := _item_of(name))]
            texts = {item: str(self._text(item)) for item in items}
        return {item: text for item, text in texts.items() if text}

    def edit(self, item: UUID, start: int, removed: int, inserted: str) -> None:
        """Replace a stretch of one item's text: one change, one update.

        Args:
            item: the agenda item.
            start: where, in UTF-16 units.
            removed: how many UTF-16 units go.
            inserted: what comes in their place.

        Raises:
            DomainError: `position_outside_text`, `position_inside_character` or `lone_surrogate`;
                the text is as it was.
        """
        utf16_length(inserted)  # refuses half a character before anything is removed
        with self._lock:
            text = self._text(item)
            first, last = utf8_range(str(text), start, removed)
            if first == last and not inserted:
                return
            self._undo_of(item)
            with self._document.transaction(origin=_TYPED):
                if first < last:
                    del text[first:last]
                if inserted:
                    text.insert(first, inserted)

    def edit_if(self, item: UUID, seen: str, edits: Sequence[tuple[int, int, str]]) -> bool:
        """Replace stretches of one item's text as one change, if it still is what was seen.

        Args:
            item: the agenda item.
            seen: the text that the edits were made for.
            edits: start and removed length in UTF-16 units of `seen`, and what comes in place;
                they do not overlap.

        Returns:
            False when the text is another by now; nothing was changed then.

        Raises:
            DomainError: as for `edit`.
        """
        with self._lock:
            text = self._text(item)
            if str(text) != seen:
                return False
            places = [(*utf8_range(seen, start, gone), words) for start, gone, words in edits]
            with self._document.transaction():
                for first, last, words in sorted(places, reverse=True):
                    if first < last:
                        del text[first:last]
                    if words:
                        text.insert(first, words)
        return True

    def marks(self, item: UUID, seen: str, places: Sequence[int]) -> list[str] | None:
        """Return by what characters of an item's text are known, wherever they move.

        Args:
            item: the agenda item.
            seen: its text as the places were found in it.
            places: of characters of one UTF-16 unit, in units, ascending.

        Returns:
            "replica:clock" of each; None when the text is not `seen` any more.
        """
        with self._lock:
            if str(self._text(item)) != seen:
                return None
            ids = self._characters_of(item).ids(places)
        return [f"{replica}:{clock}" for replica, clock in ids]

    def undo(self, item: UUID, *, again: bool = False) -> bool:
        """Take back what was written here last in an item, or (`again`) write it once more.

        What others wrote stays. Returns whether there was anything.
        """
        with self._lock:
            manager = self._undo_of(item)
            return bool(manager.redo() if again else manager.undo())

    def state(self) -> bytes:
        """Return the whole document as one encoded update, to store or to seed a host with."""
        with self._lock:
            return self._document.get_update()

    def vector(self) -> bytes:
        """Return the state vector: how much of each replica's changes is here."""
        with self._lock:
            return self._document.get_state()

    def missing(self, vector: bytes) -> bytes:
        """Return what a document lacks that has this state vector, as one encoded update.

        Raises:
            DomainError: `bad_vector`, it is damaged.
        """
        with self._lock:
            try:
                return self._document.get_update(vector)
            except ValueError as error:
                raise DomainError("bad_vector", "A state of the notes is damaged.") from error

    def authors(self, item: UUID) -> list[tuple[int, int, int]]:
        """Return who wrote each stretch of an item's text, in order.

        Returns:
            (start, length, replica), in UTF-16 units.
        """
        with self._lock:
            return stretches(self._text(item))

    def position(self, item: UUID, place: int) -> bytes:
        """Return a place (UTF-16 units) in an item's text as a relative position of Yjs.

        Raises:
            DomainError: `position_outside_text` or `position_inside_character`.
        """
        with self._lock:
            return self._characters_of(item).position(place)

    def place(self, item: UUID, position: bytes) -> int | None:
        """Return where a relative position is in an item's text, in UTF-16 units.

        None: it is damaged, of the end of another text, or of what is not here (yet).
        """
        with self._lock:
            return self._characters_of(item).place(position)

    def apply(self, update: bytes) -> None:
        """Merge an encoded update. Applying it again, or out of order, changes nothing.

        Raises:
            DomainError: `bad_update`, it is damaged; the document is as it was.
        """
        with self._lock:
            try:
                self._document.apply_update(update)
            except ValueError as error:
                raise DomainError(
                    "bad_update", "A change to the notes is damaged and was not taken."
                ) from error

    def _undo_of(self, item: UUID) -> UndoManager:
        manager = self._undo.get(item)
        if manager is None:
            manager = self._undo[item] = UndoManager(
                scopes=[self._text(item)], capture_timeout_millis=_TOGETHER_MS
            )
            manager.include_origin(_TYPED)
        return manager

    def _characters_of(self, item: UUID) -> Characters:
        found = self._characters.get(item)
        if found is None:
            found = self._characters[item] = Characters(self._document, item.hex)
        return found

    def _text(self, item: UUID) -> Text:
        return self._document.get(item.hex, type=Text)

    def _announce(self, event: TransactionEvent) -> None:
        update = event.update
        if update != EMPTY_UPDATE:
            self._characters.clear()
            for listener in tuple(self._listeners):
                listener(update)


def merged(updates: Iterable[bytes]) -> bytes:
    """Return updates of one document as one."""
    return merge_updates(*updates)


def _item_of(name: str) -> UUID | None:
    try:
        item = UUID(hex=name)
    except ValueError:
        return None
    return item if item.hex == name else None
