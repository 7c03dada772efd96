"""A sentence that keeps what it was made of, so that it can be said in another language later.

Readers of files and rules say in English what they found; who shows it knows the reader's language.
A `Worded` is that English text, to be printed, compared and written down as any other, and beside
it the text with its places, by which the catalogues know it, and what fills them.

This module imports nothing of the project.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


class Worded(str):
    """An English text that is known by its template. Facts may be worded themselves."""

    __slots__ = ("facts", "template")

    template: str
    facts: Mapping[str, object]

    def __new__(cls, template: str, /, **facts: object) -> Worded:
        """Fill the `{name}` places of a literal."""
        made = super().__new__(cls, template.format(**facts))
        made.template = template
        made.facts = MappingProxyType(facts)
        return made

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by what it was made of, so that it survives a process boundary whole."""
        return (_rebuild, (self.template, dict(self.facts)))


def why(error: Exception) -> str:
    """Return what an exception of Python says: worded, where it was raised with such a text."""
    said = error.args[0] if error.args else ""
    return said if isinstance(said, Worded) else str(error)


def _rebuild(template: str, facts: dict[str, object]) -> Worded:
    return Worded(template, **facts)


def worded(template: str, /, **facts: object) -> Worded:
    """Return a sentence for people, in English, that can be said in other languages.

    Args:
        template: a literal (the catalogues are checked against the literals in the code).
        facts: what fills its places: what people wrote, numbers, or words that are `Worded` too.
            `count`, a number, chooses the plural form.
    """
    return Worded(template, **facts)
