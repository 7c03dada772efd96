"""Cursors and authors: the same place here and in yjs, whatever letters stand before it."""

from __future__ import annotations

from uuid import UUID

import pytest

from projectdesk.errors import DomainError
from projectdesk.text.minutes import MinutesText, merged
from projectdesk.text.positions import utf16_length
from projectdesk.text.replicas import clocks

ITEM = UUID("0195d2a0-0000-7000-8000-000000000001")


def both(yjs) -> MinutesText:
    """Return a text that both sides wrote in turn, with letters of one to four bytes."""
    notes = MinutesText()
    script = [
        (0.0, "Träger 🚀 "),
        (0.5, "漢字"),
        (1.0, "plain "),
        (0.2, "ß"),
        (0.7, "👩‍🚀"),
        (0.4, "ab"),
    ]
    for number, (share, words) in enumerate(script):
        text = notes.item_text(ITEM)
        start = utf16_length(text[: int(share * len(text))])
        if number % 2:
            notes.apply(yjs.edit(ITEM, start, 0, words))
        else:
            notes.edit(ITEM, start, 0, words)
            yjs.apply(notes.state())
    cut = notes.item_text(ITEM)
    notes.edit(ITEM, utf16_length(cut[:3]), utf16_length(cut[3:5]), "")
    yjs.apply(notes.state())
    assert yjs.text(ITEM) == notes.item_text(ITEM)
    return notes


def test_a_place_is_the_same_relative_position_here_and_in_yjs(yjs):
    notes = both(yjs)
    text = notes.item_text(ITEM)
    for number in range(len(text) + 1):
        place = utf16_length(text[:number])
        assert notes.position(ITEM, place) == yjs.position(ITEM, place)
        assert notes.place(ITEM, yjs.position(ITEM, place)) == place
        assert yjs.place(ITEM, notes.position(ITEM, place)) == place
    notes.edit(ITEM, 0, 0, "🚀 before ")
    shifted = notes.position(ITEM, utf16_length("🚀 before ") + 4)
    assert notes.place(ITEM, yjs.position(ITEM, 4)) == notes.place(ITEM, shifted)


@pytest.mark.parametrize(
    "bad", [b"", b"\xff", b"\x05\x01", b"\x00\x01\x7f", b"\x01\x02ab", b"\x00" * 9]
)
def test_a_position_that_is_none_is_nowhere(bad):
    notes = MinutesText()
    notes.edit(ITEM, 0, 0, "words")
    assert notes.place(ITEM, bad) is None


def test_a_place_outside_or_inside_a_character_is_refused():
    notes = MinutesText()
    notes.edit(ITEM, 0, 0, "🚀")
    for place, code in ((3, "position_outside_text"), (1, "position_inside_character")):
        with pytest.raises(DomainError) as refused:
            notes.position(ITEM, place)
        assert refused.value.code == code


def test_each_stretch_has_its_author_and_all_of_the_text_has_one(yjs):
    notes = both(yjs)
    text = notes.item_text(ITEM)
    stretches = notes.authors(ITEM)
    assert sum(length for _, length, _ in stretches) == utf16_length(text)
    assert [start for start, _, _ in stretches] == sorted({start for start, _, _ in stretches})
    replicas = {replica for _, _, replica in stretches}
    assert notes.replica in replicas
    assert replicas == clocks(notes.vector()).keys()


def test_what_lacks_is_sent_and_a_damaged_vector_refused():
    one, other = MinutesText(), MinutesText()
    one.edit(ITEM, 0, 0, "one")
    other.apply(one.missing(other.vector()))
    assert other.item_text(ITEM) == "one"
    with pytest.raises(DomainError) as refused:
        one.missing(b"\xff")
    assert refused.value.code == "bad_vector"


def test_updates_become_one_and_undo_is_ones_own():
    heard: list[bytes] = []
    notes, other = MinutesText(heard.append), MinutesText()
    notes.edit(ITEM, 0, 0, "Mine")
    other.apply(merged(heard))
    other.edit(ITEM, 0, 0, "Theirs ")
    notes.apply(other.state())
    assert notes.undo(ITEM)
    assert notes.item_text(ITEM) == "Theirs "
    assert notes.undo(ITEM, again=True)
    assert notes.item_text(ITEM) == "Theirs Mine"
    assert not other.undo(UUID(int=1))
