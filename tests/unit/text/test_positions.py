from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.errors import DomainError
from projectdesk.text.positions import utf8_range, utf16_length

texts = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("😀𝔘é€\u0301"))


@given(before=texts, inside=texts, after=texts)
def test_a_utf16_range_names_the_same_characters_in_utf8(before, inside, after):
    text = before + inside + after
    first, last = utf8_range(text, utf16_length(before), utf16_length(inside))
    assert text.encode()[first:last].decode() == inside


@given(before=texts, after=texts)
def test_a_position_inside_a_surrogate_pair_is_refused(before, after):
    text = before + "😀" + after
    inside = utf16_length(before) + 1
    for start, length in [(inside, 0), (inside, 1), (inside - 1, 1)]:
        with pytest.raises(DomainError) as caught:
            utf8_range(text, start, length)
        assert caught.value.code == "position_inside_character"


@pytest.mark.parametrize(("start", "length"), [(-1, 0), (0, -1), (4, 0), (3, 1), (0, 4)])
def test_a_range_outside_the_text_is_refused(start, length):
    with pytest.raises(DomainError) as caught:
        utf8_range("a😀", start, length)
    assert caught.value.code == "position_outside_text"
    assert caught.value.facts["size"] == 3


def test_half_a_character_is_refused():
    with pytest.raises(DomainError) as caught:
        utf16_length("ab\ud83d")
    assert caught.value.code == "lone_surrogate"
