"""Addresses of mail, with names and domains of any script.

A domain goes over the wire in ASCII (IDNA 2008, RFC 5891). A local part of another script cannot:
it needs a server that knows SMTPUTF8 (RFC 6531).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from email.headerregistry import Address
from typing import Final

import idna

from projectdesk.domain.rules.validation import email
from projectdesk.errors import DomainError

LONGEST_NAME: Final = 200
"""Characters of a name in a header; what is longer is cut."""


_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?"
_DOMAIN: Final = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}")


@dataclass(frozen=True)
class Mailbox:
    """Somebody's mailbox. address: as people write it; name: "" = none."""

    address: str
    name: str = ""

    def __str__(self) -> str:
        """Return "Name <address>" for people to read."""
        return f"{self.name} <{self.address}>" if self.name else self.address


def wire_address(address: str) -> str:
    """Return an address as it goes over the wire: its domain in ASCII.

    Raises:
        DomainError: `bad_email`; it is none, or its domain cannot exist.
    """
    checked = email(address)
    local, _, domain = checked.rpartition("@")
    if not local:
        raise _bad(address)
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise _bad(address) from error
    if len(domain) > 253 or not _DOMAIN.fullmatch(domain):
        raise _bad(address)
    return f"{local}@{domain}"


def shown_address(address: str) -> str:
    """Return an address as people write it: a domain that is coded in ASCII, decoded."""
    local, at, domain = address.rpartition("@")
    if "xn--" not in domain.lower():
        return address
    try:
        return f"{local}{at}{idna.decode(domain)}"
    except idna.IDNAError:
        return address


def same_address(one: str, other: str) -> bool:
    """Tell whether two spellings are one mailbox, by all that can be known without its server."""
    try:
        return wire_address(one).casefold() == wire_address(other).casefold()
    except DomainError:
        return one.strip().casefold() == other.strip().casefold()


def needs_utf8(address: str) -> bool:
    """Tell whether an address can only be reached through servers that know SMTPUTF8."""
    return not address.rpartition("@")[0].isascii()


def header_address(mailbox: Mailbox) -> Address:
    """Return a mailbox as a header holds it.

    Raises:
        DomainError: `bad_email`.
    """
    local, _, domain = wire_address(mailbox.address).rpartition("@")
    return Address(display_name=clean_name(mailbox.name), username=local, domain=domain)


def clean_name(name: str) -> str:
    """Return a name without what no header may hold: breaks, controls, marks of direction."""
    kept = "".join(
        " " if character in "\r\n\t" else character
        for character in unicodedata.normalize("NFC", name)
        if character in "\r\n\t" or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co"}
    )
    return " ".join(kept.split())[:LONGEST_NAME]


def _bad(address: str) -> DomainError:
    return DomainError(
        "bad_email",
        "“{address}” is no e-mail address. Expected one such as name@example.org.",
        field="email",
        address=address[:100],
    )
