"""What a typed line may name: people and partners after `@`, and the records of the work plan.

Names are compared without case and accents; the longest name that stands there is meant, so that
`@Ana Silva` is not the other Ana. A given or family name alone will do while only one has it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

_LONGEST: Final = 160
"""Letters after `@` that are looked at."""
_INSIDE: Final = frozenset("-&_.")
"""Between letters these go on with a name: `UNIV-X` is not `UNIV`."""
_LETTERS: Final = {
    "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "\u0131": "i", "æ": "ae", "œ": "oe",
    "þ": "th", "ð": "d", "’": "'", "‘": "'", "–": "-", "\u2010": "-", "\u2011": "-",
}  # fmt: skip


class Mark(StrEnum):
    """What a stretch of a typed line is. KIND: the letter at its start, with the colon."""

    KIND = "kind"
    PERSON = "person"
    PARTNER = "partner"
    WORK_PACKAGE = "work_package"
    TASK = "task"
    DELIVERABLE = "deliverable"
    MILESTONE = "milestone"
    RISK = "risk"
    DUE = "due"


PREFIXES: Final[Mapping[str, Mark]] = {
    "WP": Mark.WORK_PACKAGE,
    "T": Mark.TASK,
    "D": Mark.DELIVERABLE,
    "MS": Mark.MILESTONE,
    "R": Mark.RISK,
}
"""What a label begins with."""


@dataclass(frozen=True)
class Name:
    """Somebody, or a partner, who may stand after `@`.

    mark: PERSON or PARTNER. name: as it is written. aliases: other names that mean the same while
    nobody shares them. detail: what tells two of a name apart (a person's partner). partner_id: of
    a person. invited: to the meeting.
    """

    id: UUID
    mark: Mark
    name: str
    aliases: tuple[str, ...] = ()
    detail: str = ""
    partner_id: UUID | None = None
    invited: bool = True


@dataclass(frozen=True)
class Label:
    """A record of the work plan. label: `WP3`, `D3.2`. work_package_id: that a task is of."""

    id: UUID
    mark: Mark
    label: str
    title: str = ""
    work_package_id: UUID | None = None


@dataclass(frozen=True)
class NameFound:
    """What stands after an `@`.

    end: where it ends in the text. name: who is meant, None = nobody is called so, or `choices`,
    the names of those who are.
    """

    end: int
    name: Name | None
    choices: tuple[str, ...] = ()


class Vocabulary:
    """Names and labels of one meeting's project."""

    def __init__(self, names: Iterable[Name] = (), labels: Iterable[Label] = ()) -> None:
        self.names = tuple(names)
        self.labels = tuple(labels)
        self._labels = {each.label.upper(): each for each in self.labels}
        self._label_of = {each.id: each for each in self.labels}
        self._name_of = {each.id: each for each in self.names}
        self._primary: dict[str, list[Name]] = {}
        self._aliases: dict[str, list[Name]] = {}
        for name in self.names:
            _enter(self._primary, name.name, name)
            for alias in name.aliases:
                _enter(self._aliases, alias, name)
        self._written = self._spell()
        keys = self._primary.keys() | self._aliases.keys()
        self._lengths = sorted({len(key) for key in keys}, reverse=True)

    def name(self, record_id: UUID) -> Name | None:
        """Return a person or partner by id."""
        return self._name_of.get(record_id)

    def written(self, record_id: UUID) -> str | None:
        """Return how a person or partner is written, so that nobody else is meant."""
        return self._written.get(record_id)

    def label(self, record_id: UUID) -> Label | None:
        """Return a record of the plan by id."""
        return self._label_of.get(record_id)

    def labelled(self, label: str) -> Label | None:
        """Return the record of the plan that is called `label` (any case)."""
        return self._labels.get(label.upper())

    def called(self, words: str) -> NameFound:
        """Return who is called exactly `words`; end: its length."""
        name, choices = self._meant(folded(words))
        return NameFound(len(words), name, choices)

    def name_at(self, text: str, start: int) -> NameFound | None:
        """Return the longest name that begins at `start`, None when none does."""
        letters, ends = _folded_part(text, start)
        for length in self._lengths:
            if length > len(letters) or not _is_boundary(letters, length):
                continue
            name, choices = self._meant(letters[:length])
            if name is not None or choices:
                return NameFound(ends[length - 1], name, choices)
        return None

    def _meant(self, key: str) -> tuple[Name | None, tuple[str, ...]]:
        for names in (self._primary.get(key), self._aliases.get(key)):
            if names:
                if len(names) == 1:
                    return names[0], ()
                return None, tuple(self._written[each.id] for each in names)
        return None, ()

    def _spell(self) -> dict[UUID, str]:
        """Return how each is written; who shares a name is told apart by detail or number."""
        spelled: dict[UUID, str] = {}
        for name in self.names:
            written = _plain(name.name)
            if len(self._primary[folded(written)]) > 1:
                base = f"{written} ({_plain(name.detail)})" if name.detail else written
                written, number = base, 1
                while folded(written) in self._primary:
                    number += 1
                    written = f"{base} {number}"
                _enter(self._primary, written, name)
            spelled[name.id] = written
        return spelled


def folded(text: str) -> str:
    """Return a name as names are compared: without case, accents, typographic variants."""
    return _folded_part(text.strip(), 0, None)[0].strip()


def _enter(table: dict[str, list[Name]], words: str, name: Name) -> None:
    key = folded(_plain(words))
    if key and name not in table.setdefault(key, []):
        table[key].append(name)


def _plain(words: str) -> str:
    return " ".join(words.replace('"', "'").split()) or "?"


def _folded_part(text: str, start: int, longest: int | None = _LONGEST) -> tuple[str, list[int]]:
    """Return the folded text from `start` on, and where each letter of it ends in `text`."""
    letters: list[str] = []
    ends: list[int] = []
    stop = len(text) if longest is None else min(len(text), start + longest)
    for place in range(start, stop):
        for letter in _fold_letter(text[place]):
            if letter == " " and (not letters or letters[-1] == " "):
                if not letters:
                    return "", []
                continue
            letters.append(letter)
            ends.append(place + 1)
        if ends and unicodedata.combining(text[place]):
            ends[-1] = place + 1
    return "".join(letters), ends


def _fold_letter(letter: str) -> str:
    if letter.isascii():
        return " " if letter.isspace() else letter.lower()
    if letter.isspace():
        return " "
    bare = unicodedata.normalize("NFKD", letter.casefold()).casefold()
    return "".join(
        _LETTERS.get(c, c)
        for c in unicodedata.normalize("NFKD", bare)
        if not unicodedata.combining(c)
    )


def _is_boundary(letters: str, length: int) -> bool:
    after = letters[length : length + 2]
    if not after or letters[length - 1] == " ":
        return not after
    return not (after[0].isalnum() or (after[0] in _INSIDE and after[1:].isalnum()))
