"""Tells what kind of address book a file is, and reads it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.contacts.lines import decode
from projectdesk.exchange.contacts.records import ContactRecord
from projectdesk.exchange.contacts.sheets import (
    has_names,
    has_names_in_workbook,
    read_sheet,
    read_workbook,
)
from projectdesk.exchange.contacts.vcards import read_cards
from projectdesk.exchange.files import sources
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.sheets import is_workbook

CONTACTS_BYTES_LIMIT = 64 << 20
"""An address book with pictures of a thousand people."""

_LOOKED_AT = 4096


def has_people(path: Path) -> bool:
    """Return whether a file is a vCard, or a table with names or addresses of people.

    Raises:
        NotFound, UnreadableFile, FileTooLarge: it cannot be looked into, or is no table.
    """
    if is_workbook(path):
        return has_names_in_workbook(path)
    with sources([path]) as found:
        for source in found:
            if "BEGIN:VCARD" in decode(source.head()).upper().replace(" ", ""):
                return True
            with source.open() as stream:
                if has_names(stream, source.name):
                    return True
    return False


def read_contacts(path: Path, findings: Findings) -> Iterator[ContactRecord]:
    """Yield the people of an address book: vCard (also several in a ZIP), CSV or XLSX.

    Args:
        path: the file.
        findings: takes what was odd.

    Raises:
        NotFound, FileTooLarge.
        UnreadableFile: `no_contacts`, neither a vCard nor a table with names or addresses.
        BadRow: a row of a table that lost its meaning.
    """
    if is_workbook(path):
        yield from read_workbook(path, findings)
        return
    with sources([path]) as found:
        for source in found:
            data = source.read(CONTACTS_BYTES_LIMIT)
            if "BEGIN:VCARD" in decode(data[:_LOOKED_AT]).upper().replace(" ", ""):
                yield from read_cards(data, source.name, findings)
            elif source.archive is not None and not source.name.lower().endswith(".csv"):
                continue  # what else lies in an archive
            else:
                with source.open() as stream:
                    yield from read_sheet(stream, source.name, findings)
        if not found:
            raise UnreadableFile(
                "no_contacts",
                "{file} holds no address book.",
                file=path.name,
                expected="vCard, CSV, XLSX",
            )
