"""Tells what kind of address book a file is, and reads it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.contacts.ldif import is_ldif, read_ldif
from projectdesk.exchange.contacts.lines import decode
from projectdesk.exchange.contacts.records import ContactRecord
from projectdesk.exchange.contacts.sheets import (
    has_names,
    has_names_in_workbook,
    read_sheet,
    read_workbook,
)
from projectdesk.exchange.contacts.vcards import read_cards
from projectdesk.exchange.files import Source, sources
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.sheets import is_workbook
from projectdesk.worded import Worded, worded

CONTACTS_BYTES_LIMIT = 64 << 20
"""An address book with pictures of a thousand people."""

_LOOKED_AT = 4096
_OLE = b"\xd0\xcf\x11\xe0"
_AS_CARD = worded("In Outlook save the contact as a vCard (.vcf).")
_EXPORTED = worded("Export the contacts from its program as CSV or vCard.")
_OTHERS: tuple[tuple[bytes, str, Worded, Worded], ...] = (
    (_OLE, ".msg", worded("a message of Outlook (.msg)"), _AS_CARD),
    (b"!BDN", "", worded("a data file of Outlook (.pst)"), _EXPORTED),
    (b"SQLite format 3", "", worded("the database of a program"), _EXPORTED),
    (b"// <!-- <mdb:mork", "", worded("an old address book of Thunderbird (.mab)"), _EXPORTED),
    (b'["vcard"', "", worded("a vCard as JSON (jCard)"), worded("Save it as a vCard (.vcf).")),
    (b'[["vcard"', "", worded("vCards as JSON (jCard)"), worded("Save them as a vCard (.vcf).")),
    (b"PK", ".olm", worded("an archive of Outlook for Mac (.olm)"), _EXPORTED),
    (
        b"PK",
        ".numbers",
        worded("a spreadsheet of Numbers"),
        worded("Export it as Excel (.xlsx) or CSV."),
    ),
)
"""Address books that are not read: how they begin, their suffix, what they are, what to do."""


def _refuse_others(path: Path) -> None:
    """Refuse address books of other sorts by their name.

    Raises:
        UnreadableFile: `other_address_book`.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(_LOOKED_AT)
    except OSError:
        return  # who reads it says why it cannot be read
    for begins, suffix, what, instead in _OTHERS:
        if head.startswith(begins) and path.suffix.casefold().endswith(suffix):
            raise UnreadableFile(
                "other_address_book",
                "{file} is {what}, which is not read as an address book. {instead}",
                file=path.name,
                what=what,
                instead=instead,
                expected="vCard, LDIF, CSV, XLSX",
            )


def has_people(path: Path) -> bool:
    """Return whether a file is a vCard, LDIF, or a table with names or addresses of people.

    Raises:
        NotFound, UnreadableFile, FileTooLarge: it cannot be looked into, or is no table.
    """
    _refuse_others(path)
    if is_workbook(path):
        return has_names_in_workbook(path)
    with sources([path]) as found:
        for source in found:
            head = source.head()
            if _is_card(head) or is_ldif(head):
                return True
            with source.open() as stream:
                if has_names(stream, source.name):
                    return True
    return False


def read_contacts(path: Path, findings: Findings) -> Iterator[ContactRecord]:
    """Yield the people of an address book: vCard (also several in a ZIP), LDIF, CSV or XLSX.

    Args:
        path: the file.
        findings: takes what was odd.

    Raises:
        NotFound, FileTooLarge.
        UnreadableFile: `other_address_book`, of a sort that is not read; `no_contacts`, none of
            those that are.
        BadRow: a row of a table that lost its meaning.
    """
    _refuse_others(path)
    if is_workbook(path):
        yield from read_workbook(path, findings)
        return
    with sources([path]) as found:
        books = [source for source in found if source.archive is None or _is_book(source)]
        for source in books:
            data = source.read(CONTACTS_BYTES_LIMIT)
            if _is_card(data[:_LOOKED_AT]):
                yield from read_cards(data, source.name, findings)
            elif is_ldif(data[:_LOOKED_AT]):
                yield from read_ldif(data, source.name, findings)
            else:
                with source.open() as stream:
                    yield from read_sheet(stream, source.name, findings)
        if not books:
            raise UnreadableFile(
                "no_contacts",
                "{file} holds no address book.",
                file=path.name,
                expected="vCard, LDIF, CSV, XLSX",
            )


def _is_book(source: Source) -> bool:
    """Return whether a member of an archive is an address book, or a table that may be one."""
    if "__MACOSX/" in source.member:
        return False
    head = source.head()
    return source.member.casefold().endswith(".csv") or _is_card(head) or is_ldif(head)


def _is_card(head: bytes) -> bool:
    return "BEGIN:VCARD" in decode(head).upper().replace(" ", "")
