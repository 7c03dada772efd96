"""Text as it is searched and compared: without case and accents."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Return `text` without case and accents."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
