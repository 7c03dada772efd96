"""Many people in one mail: addresses in a row, and the link that opens a mail program.

People of different organisations are put into Bcc unless asked otherwise: nobody sees the others'
addresses. Outlook takes semicolons only, everything else commas (RFC 5322).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote

LONGEST_LINK: Final = 2000
"""Characters of a mailto link that all mail programs take: Windows hands on 2,083 at most."""
COMMA, SEMICOLON = ",", ";"


def unique_addresses(addresses: Iterable[str]) -> list[str]:
    """Return addresses without blanks and doubles, in order; case is no difference."""
    found: dict[str, str] = {}
    for address in addresses:
        if address.strip():
            found.setdefault(address.strip().casefold(), address.strip())
    return list(found.values())


def in_a_row(addresses: Iterable[str], separator: str = SEMICOLON) -> str:
    """Return addresses as one pastes them into a mail."""
    return f"{separator} ".join(unique_addresses(addresses))


def mailto(addresses: Sequence[str], separator: str = COMMA, *, hidden: bool = True) -> str:
    """Return the link that opens a new mail (RFC 6068).

    Args:
        addresses: who gets it.
        separator: between them.
        hidden: in Bcc; False = in To, seen by everybody.
    """
    coded = [quote(address, safe="@!$*'.-_~") for address in addresses]
    if hidden:
        return "mailto:?bcc=" + quote(separator, safe=",").join(coded)
    return "mailto:" + quote(separator, safe=",").join(coded)


def mailtos(
    addresses: Iterable[str],
    separator: str = COMMA,
    *,
    hidden: bool = True,
    longest: int = LONGEST_LINK,
) -> list[str]:
    """Return as many links as it takes for none to be too long; none without addresses."""
    links: list[str] = []
    taken: list[str] = []
    for address in unique_addresses(addresses):
        if taken and len(mailto([*taken, address], separator, hidden=hidden)) > longest:
            links.append(mailto(taken, separator, hidden=hidden))
            taken = []
        taken.append(address)
    if taken:
        links.append(mailto(taken, separator, hidden=hidden))
    return links
