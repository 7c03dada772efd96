"""People out of LDIF, as Thunderbird and directories export them (RFC 2849, RFC 4519).

May import: exchange.contacts, exchange.findings, exchange.values.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator

from projectdesk.exchange.contacts.lines import decode
from projectdesk.exchange.contacts.records import ContactRecord
from projectdesk.exchange.contacts.vcards import address_in, split_name
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.values import clean_line
from projectdesk.worded import worded

_BEGINS = re.compile(r"\s*(?:(?:#[^\r\n]*[\r\n]|version:\s*1)\s*)*dn:", re.IGNORECASE)
"""Comments, of which each takes its whole line, and the version before the first name."""

_LINE = re.compile(r"([A-Za-z][A-Za-z0-9.-]*)(?:;[^:]*)?:(:?)\s*(.*)", re.DOTALL)
_GROUPS = frozenset({"groupofnames", "groupofuniquenames", "mozillaablist"})
_PEOPLE = frozenset({"person", "organizationalperson", "inetorgperson", "mozillaabpersonalpha"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?=$|[-_;,])")

_Entry = dict[str, list[str]]


def is_ldif(data: bytes) -> bool:
    """Return whether the beginning of a file is LDIF's."""
    return _BEGINS.match(decode(data)) is not None


def read_ldif(data: bytes, file: str, findings: Findings) -> Iterator[ContactRecord]:
    """Yield the people of an LDIF file.

    Args:
        data: the file.
        file: its name, for findings.
        findings: takes what is nobody: lists, entries without a name and an address.
    """
    for row, entry in _entries(decode(data)):
        kinds = {kind.casefold() for kind in entry.get("objectclass", ())}
        if kinds & _GROUPS:
            text = worded(
                "A list of {count} members, not a person: left out.",
                count=len(entry.get("member", ())),
            )
            findings.add(file, row, "", "not_a_person", text)
            continue
        record = _read(row, entry, file, findings)
        if record is not None:
            yield record
        elif kinds & _PEOPLE or not kinds:
            text = worded("A card without a name and without an address: left out.")
            findings.add(file, row, "", "nobody", text)


def _entries(text: str) -> Iterator[tuple[int, _Entry]]:
    """Yield (row, values by attribute in small letters) of each entry; blank lines part them."""
    entry: _Entry = {}
    begins = 0
    for row, line in _unfolded(text):
        if not line.strip():
            if "dn" in entry:
                yield begins, entry
            entry = {}
            continue
        found = _LINE.fullmatch(line)
        if found is None or line.startswith("#"):
            continue
        name = found[1].lower()
        begins = begins if entry else row
        entry.setdefault(name, []).append(_plain(found[3]) if found[2] else found[3].strip())
    if "dn" in entry:
        yield begins, entry


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield (row, whole line): a line goes on in those that begin with a space."""
    row, pieces = 0, [""]
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if line.startswith(" ") and pieces != [""]:
            pieces.append(line[1:])
            continue
        if row:
            yield row, "".join(pieces)
        row, pieces = number, [line]
    yield row, "".join(pieces)
    yield row + 1, ""


def _plain(text: str) -> str:
    try:
        return decode(b64decode("".join(text.split()), validate=True))
    except (Base64Error, ValueError):
        return ""


def _read(row: int, entry: _Entry, file: str, findings: Findings) -> ContactRecord | None:
    def first(*names: str) -> str:
        values = (clean_line(one) for each in names for one in entry.get(each, ()))
        return next(filter(None, values), "")

    given, family = first("givenname"), first("sn", "surname")
    whole = first("cn", "commonname", "displayname")
    if not given and not family and "@" not in whole:
        given, family = split_name(whole)
    elif not given and whole.endswith(f" {family}"):
        # Directories must have the family name and the whole one alone (RFC 4519 section 3.12).
        given = whole.removesuffix(family).strip()
    emails: dict[str, str] = {}
    for name in ("mail", "rfc822mailbox", "mozillasecondemail", "mailalternateaddress"):
        for text in filter(str.strip, entry.get(name, ())):
            if address := address_in(text):
                emails.setdefault(address.casefold(), address)
            else:
                words = worded("“{text}” is no e-mail address; it was left out.", text=text[:60])
                findings.add(file, row, name, "no_address", words)
    if not given and not family and not emails:
        return None
    language = _LANGUAGE.match(first("preferredlanguage"))
    return ContactRecord(
        row=row,
        given_name=given,
        family_name=family,
        emails=tuple(emails.values()),
        phone=first("telephonenumber", "mobile", "cellphone", "homephone"),
        organisation=first("o", "organizationname", "company"),
        function=first("title"),
        languages=(language[0].lower(),) if language else (),
    )
