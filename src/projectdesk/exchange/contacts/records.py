"""What an address book says of one person, as we understand it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones


@dataclass(frozen=True, kw_only=True)
class ContactRecord:
    """One person. row: 1-based line of the file at which they begin.

    emails: addresses in their order, the preferred one first, without repeats of another case.
    function: what they are there ("Project manager"). zone: IANA name, "" = not said. languages:
    ISO 639 codes, the preferred first.
    """

    row: int
    given_name: str = ""
    family_name: str = ""
    emails: tuple[str, ...] = ()
    phone: str = ""
    organisation: str = ""
    function: str = ""
    zone: str = ""
    languages: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Given and family name as one text."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def email(self) -> str:
        """The first address, or nothing."""
        return self.emails[0] if self.emails else ""


@cache
def _zones() -> frozenset[str]:
    # It walks over a folder of 1,800 files, so once for all people of a book.
    return frozenset(available_timezones())


def known_zone(name: str) -> str:
    """Return a name that is an IANA zone, "" for any other."""
    return name if name in _zones() else ""
