"""What one keystroke did to a text, in the units of Yjs and Qt."""

from __future__ import annotations


def utf16_length(text: str) -> int:
    """Return the length of `text` in UTF-16 units (Qt's and Yjs' unit, decisions 12)."""
    return len(text) + sum(ord(letter) > 0xFFFF for letter in text)


def change_between(before: str, after: str, near: int | None = None) -> tuple[int, int, str]:
    """Return the one replacement that makes `after` of `before`.

    Args:
        before: the old text.
        after: the new text.
        near: UTF-16 offset of the place that the editor says has changed; where several
            replacements would do (a letter doubled), the one at that place is taken.

    Returns:
        Start and removed length in UTF-16 units, and the text that comes in place. No character
        outside the BMP is cut in two.
    """
    longest = min(len(before), len(after))
    limit = longest if near is None else min(longest, _code_points(before, near))
    start = 0
    while start < limit and before[start] == after[start]:
        start += 1
    end = 0
    while end < longest - start and before[-1 - end] == after[-1 - end]:
        end += 1
    removed = before[start : len(before) - end]
    return utf16_length(before[:start]), utf16_length(removed), after[start : len(after) - end]


def _code_points(text: str, units: int) -> int:
    count = 0
    for number, letter in enumerate(text):
        if count >= units:
            return number
        count += 2 if ord(letter) > 0xFFFF else 1
    return len(text)
