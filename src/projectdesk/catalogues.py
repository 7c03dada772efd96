"""Texts by language: the catalogues of `resources/i18n` and the plural form that a number takes.

A language of a kind (`desktop`, `errors`, `documents`, `mail`, `rules`) is one file,
`KIND.LANGUAGE.json`, flat, from key to text with `{facts}` in it. A text may be an object of the
plural categories of CLDR instead, `{"one": ..., "few": ..., "other": ...}`; its `{count}` says
which. What a language is called, where it is spoken and from which side it is written stands in
`languages.json`. Which languages there are is nowhere else: the files say it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from projectdesk import resources

ENGLISH: Final = "en"
"""The language that every text is in, and that is used where there is no other."""

_REFUSAL: Final = re.compile(r'"problem\.(\w+)":\s*("(?:[^"\\]|\\.)*")')
_SENSE: Final = "|"
"""Parts an English key from the sense it has, where another language has two words for it."""

Category = Literal["zero", "one", "two", "few", "many", "other"]
Text = str | Mapping[str, str]
"""A text, or its plural forms by category."""


@dataclass(frozen=True)
class Language:
    """A language. name: its own; region: ISO 3166, whose spelling and dates are followed."""

    tag: str
    name: str
    region: str
    right_to_left: bool = False

    @property
    def regional(self) -> str:
        """The tag with its region: "en-GB" (BCP 47)."""
        return f"{self.tag}-{self.region}"

    @property
    def direction(self) -> str:
        """From which side it is written: "ltr" or "rtl"."""
        return "rtl" if self.right_to_left else "ltr"


@cache
def known() -> Mapping[str, Language]:
    """Return every language that something of ours speaks, by its tag, in the order of lists."""
    rows = json.loads(resources.path("i18n", "languages.json").read_text(encoding="utf-8"))
    return {tag: Language(tag, **facts) for tag, facts in rows.items()}


def right_to_left(language: str) -> bool:
    """Tell whether a language is written from the right."""
    found = known().get(language)
    return found is not None and found.right_to_left


@cache
def languages(kind: str) -> tuple[str, ...]:
    """Return the tags of the languages that there is a file of a kind for, English first."""
    start, end = f"{kind}.", ".json"
    names = (file.name for file in resources.path("i18n").glob(f"{start}*{end}"))
    tags = {name.removeprefix(start).removesuffix(end) for name in names}
    return (ENGLISH, *sorted(tags - {ENGLISH}))


def first_known(kind: str, tags: Iterable[str]) -> str:
    """Return the first of somebody's languages (BCP 47, best first) that a kind has, or English."""
    for tag in tags:
        base = tag.lower().partition("-")[0]
        if base in languages(kind):
            return base
    return ENGLISH


@cache
def catalogue(kind: str, language: str) -> Mapping[str, Text]:
    """Return the texts of a kind in a language, read once a process.

    What a language does not say yet is English: a letter goes out in two languages rather than not.

    Raises:
        FileNotFoundError: no such language of this kind; see `languages`.
    """
    texts = written(kind, language)
    if language == ENGLISH or not _file(kind, ENGLISH).exists():
        return texts
    return {**written(kind, ENGLISH), **texts}


def written(kind: str, language: str) -> Mapping[str, Text]:
    """Return what the file of a language says, and no more."""
    texts: dict[str, Text] = json.loads(_file(kind, language).read_text(encoding="utf-8"))
    return texts


def _file(kind: str, language: str) -> Path:
    return resources.path("i18n", f"{kind}.{language}.json")


@cache
def refusals(language: str) -> Mapping[str, str]:
    """Return what the page says where a host refuses something, by the code of the refusal.

    The page and the desktop say the same: the texts are those of `resources/web/i18n`, whose
    modules are one object of JSON strings each.
    """
    source = resources.path("web", "i18n", f"{language}.js").read_text(encoding="utf-8")
    return {code: json.loads(text) for code, text in _REFUSAL.findall(source)}


def without_sense(text: str) -> str:
    """Return an English text that is a key as it is shown: "Open|verb" is "Open"."""
    return text.partition(_SENSE)[0]


def form(text: Text, language: str, count: object = None) -> str:
    """Return a text in the plural form of a count; without a count the form for many things."""
    if isinstance(text, str):
        return text
    wanted = category(language, count) if isinstance(count, int) else "other"
    return next(text[key] for key in (wanted, "other", "many", *text) if key in text)


def category(language: str, count: int) -> Category:
    """Return the plural category of a whole number (CLDR 46, plurals.xml; TR 35 part 3).

    Languages that are not ours have the rule of English.
    """
    return _CATEGORIES.get(language.partition("-")[0], _english)(abs(count))


def _english(n: int) -> Category:
    return "one" if n == 1 else "other"


def _spanish(n: int) -> Category:
    return "many" if n and n % 1_000_000 == 0 else _english(n)


def _french(n: int) -> Category:
    return "one" if n == 0 else _spanish(n)


def _polish(n: int) -> Category:
    if n == 1:
        return "one"
    return "few" if n % 10 in {2, 3, 4} and n % 100 not in {12, 13, 14} else "many"


def _arabic(n: int) -> Category:
    if n < 3:
        first: tuple[Category, ...] = ("zero", "one", "two")
        return first[n]
    rest = n % 100
    if rest < 3:
        return "other"
    return "few" if rest < 11 else "many"


_CATEGORIES: Final[Mapping[str, Callable[[int], Category]]] = {
    "ar": _arabic,
    "es": _spanish,
    "fr": _french,
    "it": _spanish,
    "pl": _polish,
}
