"""People out of a table: as Outlook, Google Contacts and Thunderbird export it, or made by hand.

May import: exchange.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.contacts.headers import COLUMNS
from projectdesk.exchange.contacts.records import ContactRecord, known_zone
from projectdesk.exchange.contacts.vcards import address_in, split_name, without_degrees
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.sheets import SheetTable, open_workbook
from projectdesk.exchange.tables import Table, normalised, restored
from projectdesk.exchange.values import clean_line
from projectdesk.worded import worded

_BARE = {"name", "namn", "naam", "navn"}
_NAMING = {"Given name", "Family name", "Name", "E-mail"}


def has_names(stream: BinaryIO, name: str) -> bool:
    """Return whether a table has a column for names or e-mail addresses.

    Raises:
        UnreadableFile: it is no table.
    """
    with Table(stream, name, Findings()) as table:
        return bool(_NAMING & table.positions(COLUMNS).keys())


def has_names_in_workbook(path: Path) -> bool:
    """Return whether a workbook has a sheet with a column for names or e-mail addresses.

    Raises:
        UnreadableFile, FileTooLarge: see `exchange.sheets`.
    """
    with open_workbook(path) as workbook:
        table = SheetTable(workbook, COLUMNS, Findings())
        return bool(_NAMING & table.positions(COLUMNS).keys())


def read_sheet(stream: BinaryIO, name: str, findings: Findings) -> Iterator[ContactRecord]:
    """Yield the people of a table; rows with neither name nor address are findings.

    Args:
        stream: the file's bytes, seekable.
        name: of the file.
        findings: takes what was odd.

    Raises:
        UnreadableFile: no table, or `no_contacts`: none of its columns is a name or an address.
        BadRow: a row that lost its meaning.
    """
    with Table(stream, name, findings) as table:
        yield from _people(table, name, findings)


def read_workbook(path: Path, findings: Findings) -> Iterator[ContactRecord]:
    """Yield the people of an Excel workbook: of its first sheet with names or addresses.

    Args:
        path: the file.
        findings: takes what was odd.

    Raises:
        UnreadableFile: no workbook, an old one, or `no_contacts`.
        FileTooLarge: see `exchange.sheets`.
    """
    with open_workbook(path) as workbook:
        yield from _people(SheetTable(workbook, COLUMNS, findings), path.name, findings)


def _people(table: Table | SheetTable, name: str, findings: Findings) -> Iterator[ContactRecord]:
    present = table.positions(COLUMNS)
    if not _NAMING & present.keys():
        raise UnreadableFile(
            "no_contacts",
            "{file} has no column for names or e-mail addresses.",
            file=name,
            expected="a column such as Name, First name, Last name, E-mail",
        )
    bare = "Name" in present and normalised(table.header[present["Name"]]) in _BARE
    titles = [column.name for column in COLUMNS]
    for row, cells in table.rows(COLUMNS):
        found = {
            title: clean_line(restored(cell)) for title, cell in zip(titles, cells, strict=True)
        }
        record = _read(row, found, name, findings, bare=bare)
        if record is not None:
            yield record


def _name(cells: dict[str, str], *, bare: bool) -> tuple[str, str]:
    """Return given and family name.

    Args:
        cells: of a row.
        bare: whether the column of the whole name is headed "Name" and no more: beside the given
            name it may be the family's.
    """
    first, whole = cells["Given name"], cells["Name"]
    given = f"{first} {cells['Middle name']}".strip()
    family = cells["Family name"]
    if family or not whole:
        return given, family
    if not given:
        return split_name(whole)
    rest = _without(given, first, whole)
    return given, rest if rest is not None else whole if bare else ""


def _without(given: str, first: str, whole: str) -> str | None:
    """Return a whole name without the given names, None where the first of them is not in it.

    "Holm, Ida Maria" has all of the family's before the comma.
    """
    family, comma, behind = without_degrees(whole).partition(",")
    if comma and _has(behind.split(), first):
        return family.strip()
    words = family.split()
    if not _has(words, first):
        return None
    for name in given.split():
        same = (at for at, word in enumerate(words) if word.casefold() == name.casefold())
        if (at := next(same, None)) is not None:
            del words[at]
    return " ".join(words)


def _has(words: Sequence[str], name: str) -> bool:
    return {*name.casefold().split()} <= {word.casefold() for word in words}


def _read(
    row: int, cells: dict[str, str], name: str, findings: Findings, *, bare: bool
) -> ContactRecord | None:
    given, family = _name(cells, bare=bare)
    emails: dict[str, str] = {}
    for column in ("E-mail", "E-mail 2", "E-mail 3"):
        for text in cells[column].replace(":::", ";").split(";"):  # Google joins by ":::"
            address = address_in(text)
            if not address and text.strip():
                words = worded(
                    "“{text}” is no e-mail address; it was left out.", text=text.strip()[:60]
                )
                findings.add(name, row, column, "no_address", words)
            elif address:
                emails.setdefault(address.casefold(), address)
    if not given and not family and not emails:
        if any(cells.values()):
            text = worded("A row without a name and an address: left out.")
            findings.add(name, row, "", "nobody", text)
        return None
    return ContactRecord(
        row=row,
        given_name=given,
        family_name=family,
        emails=tuple(emails.values()),
        phone=cells["Phone"] or cells["Mobile phone"],
        organisation=cells["Organisation"],
        function=cells["Function"],
        zone=known_zone(cells["Time zone"]),
        languages=tuple(
            code.strip().lower()
            for code in cells["Languages"].replace(";", ",").split(",")
            if code.strip()
        ),
    )
