"""Which characters a document can hold: no controls, no halves of pairs, no non-characters."""

from __future__ import annotations

import re
import unicodedata

NO_CHARACTER = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(p * 0x10000 + 0xFFFE)}{chr(p * 0x10000 + 0xFFFF)}" for p in range(17))
    + "]"
)
"""XML 1.0, section 2.2 (Char) and what Unicode keeps for itself (section 23.7)."""

_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_FROM_RIGHT = re.compile(f"[{_RIGHT_TO_LEFT}]")
_NAME = re.compile(f"[{_RIGHT_TO_LEFT}](?:[{_RIGHT_TO_LEFT}0-9 .'’-]*[{_RIGHT_TO_LEFT}])?")
LEFT_TO_RIGHT_MARK = "\u200e"
_MAY_BREAK = "\u200b"


def clean(text: str) -> str:
    """Return a text without what is no character."""
    return text if text.isprintable() else NO_CHARACTER.sub("", text)


def says_something(text: str) -> bool:
    """Tell whether there is anything to read in a text; PDF/UA-1 refuses a heading without."""
    return bool(clean(text).strip())


def in_line(text: str) -> str:
    """Return a text in which what stands behind a name written from right to left keeps its order.

    Without the mark (U+200E) the times of "name (10:00-11:00)" would change places, because digits
    and signs go with the letters before them (Unicode Bidirectional Algorithm, W2 and N1).
    For documents that are themselves written from the right see `in_line_from_right`.
    """
    if text.isascii():
        return clean(text)
    return _NAME.sub(lambda name: name[0] + LEFT_TO_RIGHT_MARK, clean(text))


def reads_from_left(text: str) -> bool:
    """Tell whether a text has no letter that is written from right to left, but others or a mark.

    The mark (U+200E) is before the sign of a number.
    """
    if _FROM_RIGHT.search(text):
        return False
    return LEFT_TO_RIGHT_MARK in text or any(map(str.isalpha, text))


def in_line_from_right(text: str) -> str:
    """Return a text of a document that is written from the right.

    What is written from the left, a title in English or "-0.12", keeps its full stop, sign or
    bracket at the end where it was written, by marks around it (U+200E).
    """
    text = clean(text)
    if (text[:1].isalpha() and text[-1:].isalnum()) or not reads_from_left(text):
        return text
    return f"{LEFT_TO_RIGHT_MARK}{text}{LEFT_TO_RIGHT_MARK}"


def breakable(text: str, longest: int) -> str:
    """Return a text whose words longer than `longest` may be broken, wherever they are too long."""
    if len(text) <= longest:
        return text
    return re.sub(rf"\S{{{longest + 1},}}", lambda word: _broken(word[0], longest // 2), text)


def _broken(word: str, every: int) -> str:
    """Return a word with a chance to break it after so many characters, but not before marks."""
    pieces = [word[start : start + every] for start in range(0, len(word), every)]
    joined = pieces[0]
    for piece in pieces[1:]:
        apart = not unicodedata.combining(piece[0]) and piece[0] not in "\u200d\ufe0f"
        joined += (_MAY_BREAK if apart and joined[-1] != "\u200d" else "") + piece
    return joined
