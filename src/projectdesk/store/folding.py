"""Text as a search compares it: without case, accents or typographic variants."""

from __future__ import annotations

import re
import unicodedata

# Letters of their own, which Unicode does not take apart.
_LETTERS = str.maketrans(
    {
        "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "\u0131": "i", "æ": "ae", "œ": "oe",
        "þ": "th", "ð": "d", "ŋ": "n", "’": "'", "‘": "'", "–": "-", "—": "-", "\u00ad": "",
    }
)  # fmt: skip
_SPACE = re.compile(r"\s+")


def fold(text: str) -> str:
    """Return text for comparing: `Łódź  Straße` becomes `lodz strasse`.

    SQLite 3.40 refuses `trigram remove_diacritics`, so the text is folded before it is indexed,
    and alike for PostgreSQL (decisions 23).
    """
    if text.isascii():
        return _SPACE.sub(" ", text.lower()).strip()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    # Taking apart can uncover capitals (of mathematics, say); folding those can join letters again.
    decomposed = unicodedata.normalize("NFKD", decomposed.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _SPACE.sub(" ", bare.translate(_LETTERS)).strip()
