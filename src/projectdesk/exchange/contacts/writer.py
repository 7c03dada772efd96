"""People as an address book: vCard 4.0 (RFC 6350) or CSV and XLSX that Outlook and Google read.

May import: errors, exchange.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from projectdesk.errors import DomainError
from projectdesk.exchange.contacts.records import ContactRecord
from projectdesk.exchange.sheets import Sheet, write_workbook
from projectdesk.exchange.tables import write_table

_FORMS = ("vcf", "csv", "xlsx")
_LINE_BYTES = 75
_HEADER = (
    "First name", "Last name", "E-mail address", "Business phone", "Company", "Job title",
    "Time zone", "Languages",
)  # fmt: skip


def contacts_form(path: Path, form: str = "") -> str:
    """Return how people are written to a file: "vcf", "csv" or "xlsx".

    Args:
        path: the file, whose name says it.
        form: says it where the name does not, and nothing else than the name; "" = the name does.

    Raises:
        DomainError: `unknown_contacts_format`.
    """
    named = path.suffix.removeprefix(".").lower()
    wanted = form.lower() or named
    if wanted not in _FORMS or (named in _FORMS and named != wanted):
        raise DomainError(
            "unknown_contacts_format",
            "{file}: people are not written so. Name it .vcf (vCard), .csv or .xlsx.",
            file=f"{path.name} ({form})" if form else path.name,
        )
    return wanted


def write_contacts(path: Path, people: Iterable[ContactRecord], form: str = "") -> None:
    """Write people to a file, as `contacts_form` says.

    Raises:
        DomainError: `unknown_contacts_format`; nothing is written.
        OSError: it cannot be written.
    """
    form = contacts_form(path, form)
    rows = (
        (one.given_name, one.family_name, one.email, one.phone, one.organisation, one.function,
         one.zone, ",".join(one.languages))
        for one in people
    )  # fmt: skip
    if form == "csv":
        write_table(path, _HEADER, rows)
        return
    if form == "xlsx":
        write_workbook(path, [Sheet("People", _HEADER, rows)])
        return
    text = "".join(_folded(line) for one in people for line in _card(one))
    path.write_bytes(text.encode("utf-8"))


def _card(one: ContactRecord) -> Sequence[str]:
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"FN:{_escaped(one.name or one.email)}",
        f"N:{_escaped(one.family_name)};{_escaped(one.given_name)};;;",
    ]
    for number, address in enumerate(one.emails, start=1):
        lines.append(f"EMAIL;PREF={number}:{_escaped(address)}")
    for name, value in (
        ("TEL;TYPE=work", one.phone),
        ("ORG", one.organisation),
        ("TITLE", one.function),
        ("TZ", one.zone),
    ):
        if value:
            lines.append(f"{name}:{_escaped(value)}")
    lines += [f"LANG;PREF={n}:{code}" for n, code in enumerate(one.languages, start=1)]
    return [*lines, "END:VCARD"]


def _escaped(text: str) -> str:
    return re.sub(r"([\\,;])", r"\\\1", text).replace("\n", r"\n")


def _folded(line: str) -> str:
    """Return a line in pieces of at most 75 bytes, no character cut (RFC 6350 section 3.2)."""
    pieces, piece, size = [], "", 0
    for sign in line:
        width = len(sign.encode("utf-8"))
        if size + width > _LINE_BYTES:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + sign, size + width
    return "\r\n".join([*pieces, piece]) + "\r\n"
