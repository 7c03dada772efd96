"""The minutes as the desktop showed them last, for those who read them in the call."""

from __future__ import annotations

from collections.abc import Iterator

from projectdesk.signalling.notes import NotesShown


class Noticeboard:
    """The last notes of each item; in memory only, and erased with the meeting."""

    def __init__(self, *, shared: bool) -> None:
        self.shared = shared
        self._by_item: dict[str, NotesShown] = {}

    def keep(self, shown: NotesShown) -> None:
        """Keep an item's notes in place of those before."""
        self._by_item[shown.notes.item] = shown

    def of(self, item: str) -> NotesShown | None:
        """Return an item's notes as they were shown last."""
        return self._by_item.get(item)

    def readable(self) -> Iterator[NotesShown]:
        """Yield what may be read now, in the order in which items were first written on."""
        if self.shared:
            yield from self._by_item.values()

    def erase(self) -> None:
        """Forget everything."""
        self._by_item.clear()
