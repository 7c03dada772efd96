"""Rows of the directory of organisations that partners are chosen from."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from projectdesk.domain.consortium import OrganisationType


@dataclass(frozen=True)
class DirectoryRow:
    """One organisation of the directory, or one of ours that is found beside them.

    organisation_id: our own record of it; None = it is in the directory only. projects: in how many
    of our projects it takes part.
    """

    pic: str
    legal_name: str
    short_name: str
    country: str
    city: str
    type: OrganisationType
    sme: bool | None
    vat_number: str
    street: str
    post_code: str
    nuts_code: str
    website: str
    latitude: float | None
    longitude: float | None
    organisation_id: UUID | None = None
    projects: int = 0

    @property
    def id(self) -> str:
        """What tells it from the others: its record here, else its PIC."""
        return str(self.organisation_id or self.pic)


@dataclass(frozen=True)
class DirectoryState:
    """How much the directory holds. countries: ISO codes with how many organisations each has."""

    entries: int
    countries: tuple[tuple[str, int], ...] = ()
