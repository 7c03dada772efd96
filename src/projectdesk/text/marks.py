"""Characters of a Yjs text by their ids, exactly.

A character is known by the replica that typed it and that replica's clock, wherever it moves.
pycrdt (0.14) counts bytes within a block of characters where Yjs counts UTF-16 units, and what it
tells does not show where a block begins: behind an umlaut the id of another character comes out. At
the start of a block it is right. So the blocks are parted before the characters, in a copy.
"""

from __future__ import annotations

from collections.abc import Sequence

from pycrdt import Assoc, Doc, Text

from projectdesk.text.positions import utf8_range

_WEDGE = "-"


def characters(document: Doc[Text], name: str, places: Sequence[int]) -> list[tuple[int, int]]:
    """Return (replica, clock) of characters.

    Args:
        document: that they are in; it is not changed.
        name: of the text.
        places: of characters of one UTF-16 unit, in units, ascending.
    """
    text = document.get(name, type=Text)
    words = str(text)
    at = [utf8_range(words, place, 1)[0] for place in places]
    if not words.isascii():
        text = _parted(document, name, at)
        at = [byte + number for number, byte in enumerate(at, 1)]
    found = (text.sticky_index(byte, Assoc.AFTER).to_json()["item"] for byte in at)
    return [(item["client"], item["clock"]) for item in found]


def _parted(document: Doc[Text], name: str, at: Sequence[int]) -> Text:
    """Return the text in a copy, with a wedge before each of these bytes."""
    copy: Doc[Text] = Doc()
    copy.apply_update(document.get_update())
    text = copy.get(name, type=Text)
    with copy.transaction():
        for byte in reversed(at):
            text.insert(byte, _WEDGE)
    return text
