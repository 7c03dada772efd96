"""Marks: by what a character is known is the same everywhere, and nobody else's."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from projectdesk.errors import DomainError
from projectdesk.text.minutes import MinutesText
from projectdesk.text.positions import utf16_length

ITEM = UUID(int=1)


def places(text: str) -> list[int]:
    found, units = [], 0
    for letter in text:
        if letter <= "\uffff":
            found.append(units)
        units += utf16_length(letter)
    return found


EDITS = st.lists(
    st.tuples(
        st.booleans(),
        st.integers(0, 30),
        st.integers(0, 2),
        st.sampled_from(["ä", "A: ", "😀", "xyz", "é\n", "漢"]),
        st.booleans(),
    ),
    max_size=14,
)


@settings(max_examples=40, deadline=None)
@given(EDITS)
def test_each_character_is_known_by_one_mark_on_every_replica(edits) -> None:
    here, there = MinutesText(), MinutesText()
    for is_here, at, removed, words, meet in edits:
        text = here if is_here else there
        size = utf16_length(text.item_text(ITEM))
        start = min(at, size)
        try:
            text.edit(ITEM, start, min(removed, size - start), words)
        except DomainError:
            continue  # inside a character
        if meet:
            here.apply(there.state())
            there.apply(here.state())
    here.apply(there.state())
    there.apply(here.state())
    words = here.item_text(ITEM)
    marks = here.marks(ITEM, words, places(words))
    assert marks is not None
    assert len(set(marks)) == len(marks)
    assert there.marks(ITEM, words, places(words)) == marks
    assert MinutesText.from_state([here.state()]).marks(ITEM, words, places(words)) == marks


def test_a_mark_goes_where_its_character_goes() -> None:
    text = MinutesText()
    text.edit(ITEM, 0, 0, "ä\nA: x")
    [mark] = text.marks(ITEM, "ä\nA: x", [2]) or []
    text.edit(ITEM, 0, 1, "😀😀")
    assert text.marks(ITEM, "😀😀\nA: x", [5]) == [mark]


def test_marks_and_edits_are_refused_when_the_text_moved_on() -> None:
    text = MinutesText()
    text.edit(ITEM, 0, 0, "two")
    assert text.marks(ITEM, "one", [0]) is None
    assert not text.edit_if(ITEM, "one", [(0, 1, "x")])
    assert text.edit_if(ITEM, "two", [(0, 1, "T"), (3, 0, "!")])
    assert text.item_text(ITEM) == "Two!"
