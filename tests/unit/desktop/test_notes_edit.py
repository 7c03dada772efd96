"""One keystroke as a replacement in UTF-16 units."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from projectdesk.desktop.presenters.notes_edit import change_between, utf16_length

texts = st.text(alphabet="ab\n é😀𝄞", max_size=12)


def apply(text: str, start: int, removed: int, inserted: str) -> str:
    units = text.encode("utf-16-le")
    head, tail = units[: 2 * start], units[2 * (start + removed) :]
    return head.decode("utf-16-le") + inserted + tail.decode("utf-16-le")


@given(texts, texts, st.none() | st.integers(0, 30))
def test_the_replacement_makes_the_new_text_of_the_old(before, after, near):
    assert apply(before, *change_between(before, after, near)) == after


@given(texts, texts)
def test_nothing_outside_the_change_is_touched(before, after):
    start, removed, inserted = change_between(before, after)
    assert start + removed <= utf16_length(before)
    if before == after:
        assert (removed, inserted) == (0, "")


def test_a_doubled_letter_is_put_where_it_was_typed():
    assert change_between("aaa", "aaaa", 1) == (1, 0, "a")
    assert change_between("aaa", "aaaa", 3) == (3, 0, "a")


def test_a_pair_of_surrogates_is_never_cut():
    assert change_between("😀", "😁") == (0, 2, "😁")
    assert change_between("x😀y", "x😀zy") == (3, 0, "z")
