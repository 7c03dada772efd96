"""The words of letters, out of the catalogues `resources/i18n/mail.LANGUAGE.json`.

A key begins with its letter: "poll.question". What several letters say is the invitation's.
"""

from __future__ import annotations

from functools import cache

from projectdesk import catalogues


def language_of(languages: tuple[str, ...]) -> str:
    """Return in which of somebody's languages, best first, they are written; else English."""
    return catalogues.first_known("mail", languages)


def said(language: str, key: str, **facts: object) -> str:
    """Return a text; facts replace what is in braces, as they are. `count` chooses the plural.

    Raises:
        KeyError: no such text; a test finds that.
    """
    text = catalogues.catalogue("mail", language)[key]
    words = catalogues.form(text, language, facts.get("count"))
    for name, value in facts.items():
        words = words.replace("{" + name + "}", str(value))
    return words


@cache
def listed(language: str, key: str) -> tuple[str, ...]:
    """Return a text that is a list, parted by blanks; a no-break space stands inside a word."""
    words = said(language, key).split(" ")
    return tuple(word.replace("\N{NO-BREAK SPACE}", " ") for word in words)
