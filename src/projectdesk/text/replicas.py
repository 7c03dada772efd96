"""Characters of a Yjs text by their ids, exactly: cursors, who wrote what, marks of lines.

Every character has the id (replica, clock) of whoever typed it, wherever it moves, and a clock
counts UTF-16 units. pycrdt (0.14) counts bytes within a block of characters where Yjs counts units,
and what it tells does not show where a block begins: behind an umlaut it tells the id of another
character. At the start of a block it is right. So blocks are parted before the characters that are
asked for, in a copy of the document.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from pycrdt import Assoc, Doc, StickyIndex, Text

from projectdesk.errors import DomainError
from projectdesk.text import lib0
from projectdesk.text.lib0 import Octets
from projectdesk.text.positions import utf8_range, utf16_length

_BY_ID: Final = 0
_END_OF_NAMED: Final = 1
_AFTER: Final = 0
"""The end of a relative position: it moves with the character behind it."""
_WEDGE: Final = "-"
_INNER: Final = 0x80
_INNER_MASK: Final = 0xC0
"""What an inner byte of a UTF-8 character looks like."""

Id = tuple[int, int]
"""Replica and clock."""


def clocks(vector: bytes) -> dict[int, int]:
    """Return a state vector as replica -> clock of the next change that is not known yet.

    Raises:
        ValueError: it is damaged.
    """
    octets = Octets(vector)
    return {octets.number(): octets.number() for _ in range(octets.number())}


def stretches(text: Text) -> list[tuple[int, int, int]]:
    """Return (start, length, replica) of each stretch of a text, in UTF-16 units."""
    found: list[tuple[int, int, int]] = []
    place = byte = 0
    with text.doc.transaction():
        for letter in str(text):
            replica, _ = _id(text, byte)  # of the right block, wherever in it
            units = utf16_length(letter)
            if found and found[-1][2] == replica:
                found[-1] = (found[-1][0], found[-1][1] + units, replica)
            else:
                found.append((place, units, replica))
            place, byte = place + units, byte + len(letter.encode())
    return found


class Characters:
    """What the characters of a text are known by, as long as nothing in its document changes."""

    def __init__(self, document: Doc[Text], name: str) -> None:
        """Make ready to look at the text of this name; the document is not changed."""
        self._name = name
        self._known = clocks(document.get_state())
        self._text = document.get(name, type=Text)
        self._words = str(self._text)
        self._octets = self._words.encode()
        # Before which bytes the copy has a wedge, ascending. Where bytes are units there is none.
        self._wedges: list[int] = []
        self._parts = not self._words.isascii()
        if self._parts:
            copy: Doc[Text] = Doc()
            copy.apply_update(document.get_update())
            self._text = copy.get(name, type=Text)

    def ids(self, places: Sequence[int]) -> list[Id]:
        """Return the ids of the characters at places within the text, in UTF-16 units."""
        return [self._id_at(utf8_range(self._words, place, 0)[0]) for place in places]

    def position(self, place: int) -> bytes:
        """Return a place in the text (UTF-16 units) as yjs encodes a relative position.

        Raises:
            DomainError: `position_outside_text` or `position_inside_character`.
        """
        byte, _ = utf8_range(self._words, place, 0)
        if byte == len(self._octets):
            return bytes([_END_OF_NAMED, *lib0.words(self._name), _AFTER])
        replica, clock = self._id_at(byte)
        return bytes([_BY_ID, *lib0.number(replica), *lib0.number(clock), _AFTER])

    def place(self, encoded: bytes) -> int | None:
        """Return where a relative position is in the text, in UTF-16 units.

        None: it is damaged, of the end of another text, or of what is not here (yet).
        """
        octets = Octets(encoded)
        try:
            kind = octets.number()
            if kind == _END_OF_NAMED:
                is_ours = octets.words() == self._name
                return utf16_length(self._words) if is_ours else None
            one = octets.number(), octets.number()
        except ValueError:
            return None
        if kind != _BY_ID or one[1] >= self._known.get(one[0], 0):
            return None
        return self._place_of(one)

    def _place_of(self, one: Id) -> int | None:
        near = self._byte_near(one)
        if near is None:
            return None
        place = utf16_length(self._octets[:near].decode())
        if near == len(self._octets):
            return place
        replica, clock = self._id_at(near)
        ahead = one[1] - clock
        # What is deleted is where the character behind it is, which may be of the same replica.
        if ahead > 0 and replica == one[0] and self._is_at(one, place + ahead):
            return place + ahead
        return place

    def _is_at(self, one: Id, place: int) -> bool:
        try:
            byte, _ = utf8_range(self._words, place, 0)
        except DomainError:
            return False
        return byte < len(self._octets) and self._id_at(byte) == one

    def _byte_near(self, one: Id) -> int | None:
        """Return a byte from the start of a character's block up to the character itself.

        What is deleted is at the start of the character behind it. None: the id is of no character.
        """
        item = {"item": {"client": one[0], "clock": one[1]}, "assoc": _AFTER}
        try:
            found = StickyIndex.from_json(item, self._text).get_index()
        except BaseException as error:
            # What was collected with its parent makes pycrdt panic, and that is no Exception.
            if type(error).__name__ != "PanicException":
                raise
            return None
        # pycrdt counts bytes up to the block, and units within it.
        wedges = sum(byte + number < found for number, byte in enumerate(self._wedges))
        byte = min(found - wedges, len(self._octets))
        while byte < len(self._octets) and self._octets[byte] & _INNER_MASK == _INNER:
            byte -= 1
        return byte

    def _id_at(self, byte: int) -> Id:
        """Return the id of the character that begins at a byte of the text."""
        if not self._parts:
            return _id(self._text, byte)
        number = bisect_left(self._wedges, byte)
        if self._wedges[number : number + 1] != [byte]:
            self._text.insert(byte + number, _WEDGE)
            self._wedges.insert(number, byte)
        return _id(self._text, byte + number + 1)


def _id(text: Text, byte: int) -> Id:
    item = text.sticky_index(byte, Assoc.AFTER).to_json()["item"]
    return item["client"], item["clock"]
