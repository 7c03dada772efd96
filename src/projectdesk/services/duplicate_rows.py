"""Rows of records that may be the same, and of what a person chooses about them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from projectdesk.services.rows import Kind


class Likeness(StrEnum):
    """Why two records may be the same, the surest first."""

    EMAIL = "email"
    """The same e-mail address."""
    PIC = "pic"
    VAT_NUMBER = "vat_number"
    NAME_AND_ORGANISATION = "name_and_organisation"
    NAME = "name"
    """The same name, whatever its case and accents."""
    SWAPPED = "swapped"
    """The same name with given and family name the other way round."""


@dataclass(frozen=True)
class FieldPair:
    """A field in which two records differ. *_words: as a person reads it, "" = blank."""

    name: str
    first: object
    second: object
    first_words: str
    second_words: str


@dataclass(frozen=True)
class DuplicateRow:
    """Two records that may be one. first: the one that is used more, which is kept by default."""

    kind: Kind
    likeness: Likeness
    first_id: UUID
    first_version: int
    first: str
    first_detail: str
    second_id: UUID
    second_version: int
    second: str
    second_detail: str
    fields: tuple[FieldPair, ...]

    @property
    def id(self) -> str:
        """What tells this pair from others."""
        return f"{self.first_id} {self.second_id}"


@dataclass(frozen=True)
class DoubleRow:
    """A person of a file who may be somebody that is here, or that stood before in the file.

    row: where in the file. same: whether the import takes them for one, as it stands. fields: what
    differs; `first` is what is here, `second` what the file says.
    """

    row: int
    likeness: Likeness
    same: bool
    here: str
    here_detail: str
    there: str
    there_detail: str
    fields: tuple[FieldPair, ...]


@dataclass(frozen=True)
class DoubleChoice:
    """What a person chose about one double. take: fields of which the file's value wins."""

    same: bool
    take: frozenset[str] = frozenset()
