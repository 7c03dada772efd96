"""Cards as people.

May import: exchange.contacts, exchange.findings, exchange.values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from projectdesk.exchange.contacts.lines import Property, decode, properties
from projectdesk.exchange.contacts.records import ContactRecord, known_zone
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.values import clean_line
from projectdesk.worded import worded

EMAIL = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\".]{2,}")
_LOOKED_AT = 1_000
_ORDER_LAST = 101
_DEGREE = re.compile(
    r"\s*(?:P[hH]\.? ?D|Dr|M\.?D|M\.? ?Sc|B\.? ?Sc|M\.?A|B\.?A|M\.?B\.?A|LL\.?M|Esq|Jr|Sr"
    r"|CPA|CFA|PMP|P\.?E|Dipl\.?-?Ing|II|III|IV)\.?\s*"
)
"""What may follow a comma behind a name that is written as it is spoken."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?=$|[-_])")


@dataclass
class _Card:
    """The properties of a card so far."""

    row: int
    properties: list[Property] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        """Return the properties of a name, the preferred first."""
        found = [each for each in self.properties if each.name == name]
        return sorted(found, key=_preference)

    def first(self, name: str) -> Property | None:
        """Return the preferred property of a name."""
        return next(iter(self.all(name)), None)


def read_cards(data: bytes, file: str, findings: Findings) -> Iterator[ContactRecord]:
    """Yield the people of a vCard file.

    Args:
        data: the file.
        file: its name, for findings.
        findings: takes what was odd: lines that are none, cards that do not end, hold nobody, or
            are groups, addresses that are none.
    """
    for card in _cards(properties(decode(data)), file, findings):
        record = _read(card, file, findings)
        if record is not None:
            yield record


def _cards(lines: Iterable[Property | int], file: str, findings: Findings) -> Iterator[_Card]:
    """Gather the lines of each card; a card inside another (AGENT) is left out."""
    card: _Card | None = None
    inside = 0
    for line in lines:
        if isinstance(line, int):
            findings.add(
                file, line, "", "not_a_line", worded("Not a line of a vCard; it was left out.")
            )
        elif line.name == "BEGIN" and line.value.strip().upper() == "VCARD":
            if card is None:
                card = _Card(line.row)
            elif card.properties and card.properties[-1].name == "AGENT":
                inside += 1
            else:
                text = worded("This card does not end; the next one begins inside it.")
                findings.add(file, card.row, "", "unended_card", text)
                yield card
                card = _Card(line.row)
        elif line.name == "END" and line.value.strip().upper() == "VCARD":
            if inside:
                inside -= 1
            elif card is not None:
                yield card
                card = None
        elif card is None:
            text = worded("This stands outside of any card; it was left out.")
            findings.add(file, line.row, line.name, "outside_a_card", text)
        elif not inside:
            card.properties.append(line)
    if card is not None:
        findings.add(file, card.row, "", "unended_card", worded("The file ends within this card."))
        yield card


_NO_PEOPLE = {
    "org": worded("An organisation, not a person: left out."),
    "group": worded("A group, not a person: left out."),
    "location": worded("A place, not a person: left out."),
    "application": worded("A program, not a person: left out."),
    "device": worded("A device, not a person: left out."),
}
"""The kinds of RFC 6350 section 6.1.4, RFC 6473 and RFC 6869 in words."""


def _read(card: _Card, file: str, findings: Findings) -> ContactRecord | None:
    kind = card.first("KIND") or card.first("X-ADDRESSBOOKSERVER-KIND")
    if kind is not None and kind.value.strip().casefold() not in {"individual", ""}:
        what = kind.value.strip().casefold()[:20]
        named = _NO_PEOPLE.get(
            what, worded("A card of the kind “{what}”, not a person: left out.", what=what)
        )
        findings.add(file, card.row, "KIND", "not_a_person", named)
        return None
    given, family = _name(card)
    emails = _emails(card, file, findings)
    if not given and not family and not emails:
        text = worded("A card without a name and without an address: left out.")
        findings.add(file, card.row, "", "nobody", text)
        return None
    organisation = card.first("ORG")
    title = card.first("TITLE") or card.first("ROLE")
    return ContactRecord(
        row=card.row,
        given_name=given,
        family_name=family,
        emails=emails,
        phone=_phone(card),
        organisation=clean_line(organisation.parts()[0]) if organisation else "",
        function=clean_line(title.text()) if title else "",
        zone=_zone(card),
        languages=_languages(card),
    )


def _name(card: _Card) -> tuple[str, str]:
    """Return given and family name: as written apart, else out of the formatted name."""
    structured = card.first("N")
    if structured is not None:
        parts = [clean_line(part.replace(",", " ")) for part in structured.parts()]
        family, given, more = (*parts, "", "", "")[:3]
        given = f"{given} {more}".strip()
        if family or given:
            return given, family
    formatted = card.first("FN") or card.first("NICKNAME")
    return split_name(clean_line(formatted.text())) if formatted is not None else ("", "")


def without_degrees(name: str) -> str:
    """Return a name without the degrees behind it, where it has two words before them."""
    end = len(name)
    while (comma := name.rfind(",", 0, end)) >= 0 and _DEGREE.fullmatch(name, comma + 1, end):
        end = comma
    bare = name[:end].strip()
    return bare if " " in bare else name


def split_name(name: str) -> tuple[str, str]:
    """Return given and family name of a name in one piece.

    "Holm, Ida" has the family first; else the last word is the family's, with the small words
    before it ("van der Berg"). What is a degree or the like behind a comma belongs to neither.
    """
    name = without_degrees(name)
    if "," in name:
        family, _, given = name.partition(",")
        return given.strip(), family.strip()
    words = name.split()
    if len(words) < 2:
        return "", name
    start = len(words) - 1
    while start > 1 and words[start - 1].islower():
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:])


def address_in(text: str) -> str:
    """Return the first e-mail address of a text, "" without one.

    An address has at most 254 letters (RFC 5321 section 4.5.3.1): no more than a few of those are
    looked at, as a search of this kind takes the square of the length.
    """
    found = EMAIL.search(text[:_LOOKED_AT])
    return found[0] if found else ""


def _emails(card: _Card, file: str, findings: Findings) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for line in card.all("EMAIL"):
        if line.has("type", "x400"):
            continue
        text = clean_line(line.text())
        address = address_in(text.removeprefix("mailto:"))
        if not address:
            if text:
                words = worded("“{text}” is no e-mail address; it was left out.", text=text[:60])
                findings.add(file, line.row, "EMAIL", "no_address", words)
            continue
        found.setdefault(address.casefold(), address)
    return tuple(found.values())


def _phone(card: _Card) -> str:
    """Return the number for work, else for the pocket, else any but a fax."""
    lines = [one for one in card.all("TEL") if not one.has("type", "fax")]
    for kind in ("work", "cell", ""):
        for line in lines:
            if not kind or line.has("type", kind):
                text = clean_line(line.text()).removeprefix("tel:").replace(";ext=", " ext. ")
                if any(sign.isdigit() for sign in text):
                    return text
    return ""


def _zone(card: _Card) -> str:
    line = card.first("TZ")
    return known_zone(clean_line(line.text())) if line is not None else ""


def _languages(card: _Card) -> tuple[str, ...]:
    codes = [_LANGUAGE.match(line.value.strip()) for line in card.all("LANG")]
    return tuple(dict.fromkeys(code[0].lower() for code in codes if code))


def _preference(line: Property) -> int:
    """Return 1 (most wanted) to 101: PREF of version 4, or the type "pref" of the older ones."""
    said: Sequence[str] = line.parameters.get("pref", ())
    if said and said[0].isdigit():
        return int(said[0])
    return 1 if line.has("type", "pref") else _ORDER_LAST
