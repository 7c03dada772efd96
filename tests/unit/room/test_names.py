from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.room.names import MAX_NAME, clean_name, sounding


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  Ada   Lovelace ", "Ada Lovelace"),
        ("A\u030angstro\u0308m", "Ångström"),
        ("Evil\u202egnp.exe", "Evilgnp.exe"),
        ("a\u2066b\u2069c", "abc"),
        ("line\nbreak\ttab", "line break tab"),
        ("nul\x00bell\x07", "nulbell"),
        ("\u200b\u200b", ""),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("x" * 100, "x" * MAX_NAME),
    ],
)
def test_names_are_made_safe_to_show(typed, shown):
    assert clean_name(typed) == shown


@given(st.text(max_size=200))
def test_a_clean_name_stays_as_it_is(typed):
    shown = clean_name(typed)
    assert clean_name(shown) == shown
    assert len(shown) <= MAX_NAME
    assert unicodedata.is_normalized("NFC", shown)
    assert not any(unicodedata.bidirectional(c) in {"RLO", "LRO", "RLE", "LRE"} for c in shown)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada", "ADA"), ("ﬁnn", "finn"), ("Straße", "STRASSE"), ("Ada L", "AdaL"), ("Ａda", "ada")],
)
def test_names_a_reader_would_mix_up_sound_alike(one, other):
    assert sounding(one) == sounding(other)


def test_different_names_sound_different():
    assert sounding("Ada") != sounding("Ida")
