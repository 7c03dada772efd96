"""Words by which people answer mails, in every language that letters are written in.

They stand in the catalogues of rules, parted by "|", so that a letter asks for a word (the first)
and the reading of answers knows it, whatever language the answer is in.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from projectdesk.catalogues import catalogue, first_known, form, languages

Meaning = Literal[
    "done",
    "not_yet",
    "postponed",
    "yes",
    "no",
    "if_need_be",
    "all",
    "and",
    "for",
    "against",
    "abstain",
    "condition",
    "veto",
    "veto_back",
    "veto_against",
    "because",
]


def reply_word(language: str, meaning: Meaning) -> str:
    """Return the word that a letter of a language asks for: "done", "erledigt"."""
    return _words(first_known("rules", [language]), meaning)[0]


@cache
def reply_words(meaning: Meaning) -> tuple[str, ...]:
    """Return what means the same in any language, without doubles."""
    every = (word for language in languages("rules") for word in _words(language, meaning))
    return tuple(dict.fromkeys(every))


def alternatives(*words: str) -> str:
    """Return a regular expression of any of these, the longest first; blanks may be several."""
    longest_first = sorted(set(words), key=len, reverse=True)
    return "|".join(r"\s+".join(map(re.escape, word.split())) for word in longest_first)


def plain_word(found: str) -> str:
    """Return a word as tables of them hold it: folded, with single blanks.

    >>> plain_word("If  need be")
    'if need be'
    """
    return " ".join(found.casefold().split())


def _words(language: str, meaning: Meaning) -> tuple[str, ...]:
    text = form(catalogue("rules", language)[f"reply.{meaning}"], language)
    return tuple(word.strip() for word in text.split("|") if word.strip())


def month_number(name: str) -> int | None:
    """Return which month a name or its beginning is, 1 to 12; None = none, or it may be several.

    >>> month_number("déc"), month_number("marca"), month_number("jui")
    (12, 3, None)
    """
    begun = name.casefold()
    found = {number for month, number in _month_names() if month.startswith(begun)}
    return found.pop() if len(found) == 1 and len(begun) > 2 else None


@cache
def _month_names() -> tuple[tuple[str, int], ...]:
    """Return the names that letters write dates with, and English plain ones' usual forms."""
    every = [
        (name.casefold(), number)
        for language in languages("mail")
        for number, name in enumerate(
            form(catalogue("mail", language)["invitation.months"], language).split(), 1
        )
    ]
    return (*every, ("sept", 9))
