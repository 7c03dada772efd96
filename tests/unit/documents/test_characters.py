from __future__ import annotations

from projectdesk.exchange.documents.characters import clean

_PLANES = range(17)


def test_nothing_that_is_no_character_is_kept() -> None:
    none = [
        *map(chr, (*range(9), *range(0x0B, 0x20), *range(0x7F, 0xA0))),
        *map(chr, range(0xD800, 0xE000)),
        *map(chr, range(0xFDD0, 0xFDF0)),
        *(chr(plane * 0x10000 + last) for plane in _PLANES for last in (0xFFFE, 0xFFFF)),
    ]
    assert [point for point in none if clean(f"a{point}b") != "ab"] == []


def test_what_is_a_character_is_kept() -> None:
    text = "Évora\tŁódź\n\u200b\u200e\u2028 \U0001f600 مرحبا 会议 \ue000"
    assert clean(text) == text
