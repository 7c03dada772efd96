"""When two people, or two organisations, may be one (CO-4).

Pure rules over anything with the fields of the domain's classes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from projectdesk.services.duplicate_rows import FieldPair, Likeness
from projectdesk.store.folding import fold

PERSON_FIELDS = (
    *("given_name", "family_name", "email", "phone", "organisation_id", "zone"),
    *("languages", "country", "region"),
)
ORGANISATION_FIELDS = (
    *("legal_name", "short_name", "country", "pic", "vat_number", "type", "sme", "street"),
    *("post_code", "city", "nuts_code", "website"),
)
_WORD = re.compile(r"\w+")


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a name as they are compared."""
    return tuple(_WORD.findall(fold(text)))


def person_likeness(one: Any, other: Any) -> Likeness | None:
    """Return why two people may be the same; None = nothing says so."""
    if one.email and one.email.casefold() == other.email.casefold():
        return Likeness.EMAIL
    name = words_of(f"{one.given_name} {one.family_name}")
    theirs = words_of(f"{other.given_name} {other.family_name}")
    if not name or sorted(name) != sorted(theirs):
        return None
    if name != theirs:
        return Likeness.SWAPPED
    if one.organisation_id is not None and one.organisation_id == other.organisation_id:
        return Likeness.NAME_AND_ORGANISATION
    return Likeness.NAME


def organisation_likeness(one: Any, other: Any) -> Likeness | None:
    """Return why two organisations may be the same; two PICs are two organisations."""
    if one.pic and other.pic:
        return Likeness.PIC if one.pic == other.pic else None
    if one.country and other.country and one.country != other.country:
        return None
    if one.vat_number and _bare(one.vat_number) == _bare(other.vat_number):
        return Likeness.VAT_NUMBER
    return Likeness.NAME if words_of(one.legal_name) == words_of(other.legal_name) else None


def _bare(number: str) -> str:
    return "".join(words_of(number))


def person_keys(person: Any) -> Iterator[tuple[str, ...]]:
    """Yield what people who may be the same have in common."""
    if person.email:
        yield "email", person.email.casefold()
    if name := words_of(f"{person.given_name} {person.family_name}"):
        yield "name", *sorted(name)


def organisation_keys(organisation: Any) -> Iterator[tuple[str, ...]]:
    """Yield what organisations that may be the same have in common."""
    if organisation.pic:
        yield "pic", organisation.pic
    if number := _bare(organisation.vat_number):
        yield "vat", number
    if name := words_of(organisation.legal_name):
        yield "name", *name


def pairs(
    records: Iterable[Any],
    keys: Callable[[Any], Iterable[tuple[str, ...]]],
    likeness: Callable[[Any, Any], Likeness | None],
) -> list[tuple[Likeness, Any, Any]]:
    """Return the pairs that may be one, the surest first.

    Of many with one name each is paired with the first, so that n people make n - 1 pairs.
    """
    groups: dict[tuple[str, ...], list[Any]] = {}
    for record in records:
        for key in keys(record):
            groups.setdefault(key, []).append(record)
    found: dict[frozenset[UUID], tuple[Likeness, Any, Any]] = {}
    for members in groups.values():
        first, *others = members
        for other in others:
            alike = likeness(first, other)
            if alike is not None:
                found.setdefault(frozenset((first.id, other.id)), (alike, first, other))
    order = list(Likeness)
    return sorted(found.values(), key=lambda pair: order.index(pair[0]))


def differing(
    one: Any, other: Any, names: Sequence[str], organisations: Mapping[UUID, str]
) -> tuple[FieldPair, ...]:
    """Return the fields in which two records differ.

    Args:
        one: a record, or anything with its fields.
        other: the other one.
        names: of the fields.
        organisations: what organisations are called.
    """
    found = []
    for name in names:
        first, second = getattr(one, name), getattr(other, name)
        if (first or None) != (second or None):
            words = (in_words(value, organisations) for value in (first, second))
            found.append(FieldPair(name, first, second, *words))
    return tuple(found)


def in_words(value: object, organisations: Mapping[UUID, str]) -> str:
    """Return a value of a field as a person reads it."""
    match value:
        case None | "":
            return ""
        case UUID():
            return organisations.get(value, "")
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(str(each) for each in value)
        case _:
            return str(value)


def preferred(pair: FieldPair) -> bool:
    """Return whether the second value is the better one when nobody chooses: the first is blank."""
    return not pair.first_words and bool(pair.second_words)
