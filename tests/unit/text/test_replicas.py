"""Cursors and authors: the same place here and in yjs, whatever letters stand before it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment, XmlText

from projectdesk.errors import DomainError
from projectdesk.text.lib0 import Octets
from projectdesk.text.lib0 import number as encoded
from projectdesk.text.minutes import MinutesText, merged
from projectdesk.text.positions import utf16_length
from projectdesk.text.replicas import clocks

ITEM = UUID("0195d2a0-0000-7000-8000-000000000001")
OTHER = UUID("0195d2a0-0000-7000-8000-000000000002")
YJS = 2
"""The writer that is yjs; those before it are pycrdt."""
WORDS = st.text(st.sampled_from("ab \nß€漢😀𝔘é"), max_size=5)
EDITS = st.lists(
    st.tuples(
        st.integers(0, YJS),  # who writes
        st.sampled_from([ITEM, ITEM, OTHER]),
        st.floats(0, 1),  # where
        st.floats(0, 1),  # how much of what is behind goes
        WORDS,
        st.booleans(),  # whether all meet then
    ),
    max_size=14,
)


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


def write_apart(yjs, edits) -> tuple[MinutesText, list[bytes]]:
    """Let three write apart and meet now and then; return the text of all, and old positions."""
    yjs.reset()
    writers = [MinutesText() for _ in range(YJS)]
    old: list[bytes] = []

    def meet() -> None:
        for writer in writers:
            yjs.apply(writer.state())
        for writer in writers:
            writer.apply(yjs.state())

    for who, item, at, share, words, do_meet in edits:
        text = yjs.text(item) if who == YJS else writers[who].item_text(item)
        first = int(at * len(text))
        last = first + int(share * share * (len(text) - first))
        change = (item, utf16_length(text[:first]), utf16_length(text[first:last]), words)
        if who == YJS:
            old.append(yjs.position(item, change[1]))
            yjs.edit(*change)
        else:
            old.append(writers[who].position(item, change[1]))
            writers[who].edit(*change)
        if do_meet:
            meet()
    meet()
    return writers[0], old


def check_places(yjs, edits) -> None:
    notes, old = write_apart(yjs, edits)
    text = notes.item_text(ITEM)
    assert text == yjs.text(ITEM)
    places = [utf16_length(text[:number]) for number in range(len(text))]
    size = utf16_length(text)
    for place in [*places, size]:
        position = yjs.position(ITEM, place)
        assert notes.position(ITEM, place) == position
        assert notes.place(ITEM, position) == place
    for position in old:
        assert_same_place(yjs, notes, position)
    marks = notes.marks(ITEM, text, places)
    assert marks == [mark(position) for position in (yjs.position(ITEM, at) for at in places)]
    stretches = notes.authors(ITEM)
    ends = [start + length for start, length, _ in stretches]
    assert [0, *ends] == [*(start for start, _, _ in stretches), size]
    wrote = [of for start, length, of in stretches for at in places if 0 <= at - start < length]
    assert wrote == [int(one.partition(":")[0]) for one in marks]


def assert_same_place(yjs, notes: MinutesText, position: bytes) -> None:
    """Compare where a position is; the end of the other text is in that text alone."""
    for item in (ITEM, OTHER):
        place = yjs.place(item, position)
        if place is not None:
            assert notes.place(item, position) == place


def mark(position: bytes) -> str:
    """Return the id in a position that names a character."""
    octets = Octets(position)
    assert octets.number() == 0
    return f"{octets.number()}:{octets.number()}"


@example([(0, ITEM, 0, 0, "éß", False), (0, OTHER, 0, 0, "xy", False), (0, ITEM, 1, 0, "z", True)])
@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(EDITS)
def test_every_character_is_known_as_yjs_knows_it(yjs, edits):
    check_places(yjs, edits)


@pytest.mark.full
@settings(
    max_examples=1_000,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(EDITS)
def test_every_character_is_known_as_yjs_knows_it_at_length(yjs, edits):
    check_places(yjs, edits)


def test_what_other_programs_put_into_the_document_is_passed_over():
    notes = MinutesText()
    notes.edit(ITEM, 0, 0, "äh 🚀")
    document: Any = notes._document
    document["map"] = Map({"list": Array([1, -70, 2.5, None, True, "ß", b"x", {"a": [0]}])})
    document["xml"] = XmlFragment([XmlElement("p", {"k": "v"}, [XmlText("ü")])])
    document["rich"] = rich = Text("bold")
    rich.format(0, 2, {"bold": True})
    rich.insert_embed(1, {"picture": 1})
    document["map"]["doc"] = Doc()
    del document["map"]["list"]
    notes.edit(ITEM, 3, 0, "é")
    assert notes.item_text(ITEM) == "äh é🚀"
    ids = notes.marks(ITEM, "äh é🚀", [0, 1, 2, 3, 4])
    assert ids is not None
    clocks_there = [int(one.partition(":")[2]) for one in ids]
    assert [clocks_there[n] for n in (0, 1, 2, 4)] == [0, 1, 2, 3]
    assert clocks_there[3] == clocks(notes.vector())[notes.replica] - 1
    assert notes.place(ITEM, notes.position(ITEM, 4)) == 4


def test_a_place_in_what_was_collected_or_at_the_end_of_another_text_is_nowhere():
    notes = MinutesText()
    notes.edit(ITEM, 0, 0, "é")
    notes.edit(OTHER, 0, 0, "ß")
    document: Any = notes._document
    document["map"] = Map({"list": Array([1, 2])})
    nested = clocks(notes.vector())[notes.replica] - 1
    del document["map"]["list"]
    assert notes.place(ITEM, b"\0" + encoded(notes.replica) + encoded(nested) + b"\0") is None
    assert notes.place(ITEM, notes.position(OTHER, 1)) is None
    notes.edit(ITEM, 1, 0, "!")  # the document is as good as before
    assert notes.place(ITEM, notes.position(ITEM, 1)) == 1


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
