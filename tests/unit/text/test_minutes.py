from __future__ import annotations

import random
import threading
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projectdesk.domain.identity import new_id
from projectdesk.errors import DomainError
from projectdesk.text.minutes import MinutesText
from projectdesk.text.positions import utf16_length

ITEM = UUID("0195d2a0-0000-7000-8000-000000000001")
OTHER = UUID("0195d2a0-0000-7000-8000-000000000002")

words = st.text(st.sampled_from("ab \nß€漢😀𝔘👩‍🚀é"), max_size=6)


def change(text: str, place: float, share: float, inserted: str) -> tuple[int, int, str]:
    """Return a change of `text` between whole characters, in UTF-16 units."""
    start = int(place * len(text))
    end = start + int(share * (len(text) - start))
    return utf16_length(text[:start]), utf16_length(text[start:end]), inserted


shares = st.floats(0, 1)
changes = st.tuples(st.booleans(), shares, shares, words)


def test_each_item_has_a_text_of_its_own():
    notes = MinutesText()
    notes.edit(ITEM, 0, 0, "Welcome")
    notes.edit(OTHER, 0, 0, "Budget")
    notes.edit(ITEM, 0, 7, "Hello")
    assert notes.item_text(ITEM) == "Hello"
    assert notes.item_text(new_id()) == ""
    assert notes.texts() == {ITEM: "Hello", OTHER: "Budget"}


def test_a_change_is_one_update_and_no_change_is_none():
    heard: list[bytes] = []
    notes = MinutesText(heard.append)
    notes.edit(ITEM, 0, 0, "abc")
    notes.edit(ITEM, 1, 1, "😀")
    notes.edit(ITEM, 0, 0, "")
    notes.item_text(OTHER)
    assert len(heard) == 2
    assert MinutesText.from_state(heard).item_text(ITEM) == "a😀c"
    assert MinutesText.from_state(reversed(heard)).item_text(ITEM) == "a😀c"


def test_a_listener_that_stopped_hears_nothing():
    heard: list[bytes] = []
    notes = MinutesText()
    stop = notes.listen(heard.append)
    notes.edit(ITEM, 0, 0, "a")
    stop()
    notes.edit(ITEM, 0, 0, "b")
    assert len(heard) == 1


def test_applying_twice_changes_nothing():
    notes = MinutesText()
    notes.edit(ITEM, 0, 0, "once")
    heard: list[bytes] = []
    copy = MinutesText.from_state([notes.state(), notes.state()])
    copy.listen(heard.append)
    copy.apply(notes.state())
    assert copy.item_text(ITEM) == "once"
    assert heard == []


def test_a_damaged_update_is_refused_and_changes_nothing():
    notes = MinutesText()
    notes.edit(ITEM, 0, 0, "kept")
    for damaged in (b"", b"\x01", notes.state()[:-3], b"\xff" * 20):
        with pytest.raises(DomainError) as caught:
            notes.apply(damaged)
        assert caught.value.code == "bad_update"
    assert notes.item_text(ITEM) == "kept"


@pytest.mark.parametrize("bad", [(1, 1, "x"), (2, 1, "x"), (0, 9, "x"), (0, 1, "\ud800")])
def test_a_refused_change_leaves_the_text(bad):
    heard: list[bytes] = []
    notes = MinutesText()
    notes.edit(ITEM, 0, 0, "a😀")
    notes.listen(heard.append)
    with pytest.raises(DomainError):
        notes.edit(ITEM, *bad)
    assert notes.item_text(ITEM) == "a😀"
    assert heard == []


def test_texts_of_other_programs_are_kept_and_not_shown(yjs):
    update = yjs.edit(ITEM, 0, 0, "ours")
    notes = MinutesText.from_state([update])
    notes._document.get("board", type=type(notes._text(OTHER))).insert(0, "theirs")
    assert notes.texts() == {ITEM: "ours"}
    assert "board" in set(MinutesText.from_state([notes.state()])._document.keys())


@given(script=st.lists(changes, max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_merges_with_yjs_in_any_order(yjs, script):
    """Both sides type, hear of each other late, and end with the same text, as Python has it."""
    yjs.reset()
    heard: list[bytes] = []
    notes = MinutesText(heard.append)
    for ours, place, share, inserted in script:
        if ours:
            notes.edit(ITEM, *change(notes.item_text(ITEM), place, share, inserted))
        else:
            yjs.edit(ITEM, *change(yjs.text(ITEM), place, share, inserted))
    random.Random(len(script)).shuffle(heard)
    for update in heard:
        yjs.apply(update)
    notes.apply(yjs.state())
    assert notes.item_text(ITEM) == yjs.text(ITEM)
    assert utf16_length(notes.item_text(ITEM)) == yjs.length(ITEM)


@given(script=st.lists(changes, max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_the_same_changes_make_the_same_text_here_and_in_yjs(yjs, script):
    yjs.reset()
    notes = MinutesText()
    plain = ""
    for _, place, share, inserted in script:
        start, removed, _ = edit = change(plain, place, share, inserted)
        units = plain.encode("utf-16-le")
        plain = (
            units[: 2 * start].decode("utf-16-le")
            + inserted
            + units[2 * (start + removed) :].decode("utf-16-le")
        )
        notes.edit(ITEM, *edit)
        yjs.edit(ITEM, *edit)
        assert notes.item_text(ITEM) == yjs.text(ITEM) == plain


def test_threads_may_type_at_once():
    heard: list[bytes] = []
    notes = MinutesText(heard.append)

    def type_letters(letter: str) -> None:
        for _ in range(100):
            notes.edit(ITEM, 0, 0, letter)

    threads = [threading.Thread(target=type_letters, args=(letter,)) for letter in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(notes.item_text(ITEM)) == sorted("abcd" * 100)
    assert MinutesText.from_state(heard).item_text(ITEM) == notes.item_text(ITEM)
