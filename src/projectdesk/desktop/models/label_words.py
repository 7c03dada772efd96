"""What was done, in the reader's language: for undo, redo, and what others did meanwhile.

The history keeps what a change is called as an English sentence ("Change title of WP3"): it is
data, seen by all who share it and by the command line. Here it is known again by its shape and said
anew. The shapes are the keys of the catalogues `labels.LANGUAGE.json`; a test reads out of the code
what changes are called. What is not known is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Final

from projectdesk import catalogues
from projectdesk.catalogues import ENGLISH
from projectdesk.desktop import language
from projectdesk.desktop.language import say_count
from projectdesk.desktop.models.field_words import field_word
from projectdesk.desktop.models.words import word
from projectdesk.services.rows import Kind

_KIND: Final = "labels"
_PLACE: Final = re.compile(r"\\\{(\w+)\\\}")
_FIELDS: Final = r"[a-z0-9_ ]+(?:, [a-z0-9_ ]+)*"
_Shape = tuple[str, re.Pattern[str]]


def say_label(label: str) -> str:
    """Return what a change is called, in the reader's language."""
    tag = language.current()
    if tag == ENGLISH or tag not in catalogues.languages(_KIND):
        return label
    texts = catalogues.catalogue(_KIND, tag)
    if label in texts and "{" not in label:
        return catalogues.form(texts[label], tag)
    for sentence, shape in _shapes(tag):
        if found := shape.fullmatch(label):
            said = {name: _SAID.get(name, str)(part) for name, part in found.groupdict().items()}
            count = found.groupdict().get("count")
            form = catalogues.form(texts[sentence], tag, int(count) if count else None)
            return form.format(**said)
    return label


def noun(noun: str) -> str:
    """Return what a kind of record is called within a sentence; services call it `noun`."""
    kind = _kinds().get(noun)
    if kind is None:
        return noun
    said = word(kind)
    is_name = said[:2].isupper() or language.current() == "de"
    return said if is_name else said[:1].lower() + said[1:]


def field(words: str) -> str:
    """Return what a field is called; services call it by its name, with blanks."""
    return field_word(words.replace(" ", "_"))


@cache
def _kinds() -> Mapping[str, Kind]:
    """Return the kinds of records by their English nouns, of one and of several."""
    from projectdesk.services.kinds import SPECS

    several = {spec.plural: kind for kind, spec in SPECS.items()}
    return {**several, **{spec.noun: kind for kind, spec in SPECS.items()}}


@cache
def _shapes(tag: str) -> tuple[_Shape, ...]:
    """Return each sentence with places and what knows it again, the most telling ones first."""
    sentences = [each for each in catalogues.catalogue(_KIND, tag) if "{" in each]
    sentences.sort(key=_telling, reverse=True)
    return tuple(_shaped(sentences))


def _telling(sentence: str) -> tuple[int, int]:
    """Return how much of a sentence is its own, and how few of its places take anything."""
    own = re.sub(r"\{\w+\}", "", sentence)
    return len(own), sum(f"{{{name}}}" in sentence for name in (*_SAID, "count"))


def _shaped(sentences: list[str]) -> Iterator[_Shape]:
    nouns = "|".join(re.escape(each) for each in sorted(_kinds(), key=len, reverse=True))
    takes = {
        "count": r"\d+",
        "number": r"\S+",
        "noun": nouns,
        "nouns": rf"(?:{nouns})(?:, (?:{nouns}))*",
        "fields": _FIELDS,
        "months": r"\d+ months?",
        "day": r"\d{4}-\d{2}-\d{2}",
    }
    for sentence in sentences:
        shape = _PLACE.sub(
            lambda place: f"(?P<{place[1]}>{takes.get(place[1], '.+?')})", re.escape(sentence)
        )
        yield sentence, re.compile(shape, re.DOTALL)


def _fields(words: str) -> str:
    return ", ".join(field(each) for each in words.split(", "))


def _nouns(words: str) -> str:
    return ", ".join(noun(each) for each in words.split(", "))


def _months(words: str) -> str:
    return say_count(int(words.split()[0]), "{count} month", "{count} months")


_SAID: Final[Mapping[str, Callable[[str], str]]] = {
    "label": say_label,
    "noun": noun,
    "nouns": _nouns,
    "fields": _fields,
    "months": _months,
}
"""What fills a place that is words of ours."""
