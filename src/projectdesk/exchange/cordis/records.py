"""What CORDIS says about projects, whichever file it came from.

May import: domain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from projectdesk.domain.consortium import OrganisationType, PartnerRole


@dataclass(slots=True)
class ProjectRecord:
    """One project. number: its grant number, any text ("EN3M0034"). rcn: CORDIS' own id."""

    number: str
    acronym: str
    title: str = ""
    rcn: str = ""
    programme: str = ""
    call: str = ""
    topics: tuple[str, ...] = ()
    funding_scheme: str = ""
    status: str = ""
    objective: str = ""
    website: str = ""
    start_date: date | None = None
    end_date: date | None = None
    duration_months: int | None = None
    total_cost: Decimal | None = None
    eu_contribution: Decimal | None = None


@dataclass(slots=True, eq=False)
class OrganisationRecord:
    """One legal entity.

    pic: 9 digits or "". occurrence: 2 for the second organisation of the same name, country and
    missing PIC in one project, and so on; 1 for all others.
    """

    legal_name: str
    country: str = ""
    pic: str = ""
    short_name: str = ""
    vat_number: str = ""
    type: OrganisationType = OrganisationType.UNKNOWN
    sme: bool | None = None
    street: str = ""
    post_code: str = ""
    city: str = ""
    nuts_code: str = ""
    website: str = ""
    latitude: float | None = None
    longitude: float | None = None
    occurrence: int = 1


@dataclass(slots=True, eq=False)
class ParticipationRecord:
    """One organisation's part in one project.

    source_role: as the file spells it, normalised. order: as the file says, None where it does not.
    number, parent_number, position: as `numbering.arrange` settles them. ended: it left before the
    end; the file does not say when.
    """

    organisation: OrganisationRecord
    role: PartnerRole
    source_role: str = ""
    order: int | None = None
    number: int | None = None
    parent_number: int | None = None
    position: int = 0
    short_name: str = ""
    contribution: Decimal | None = None
    total_cost: Decimal | None = None
    ended: bool = False
    row: int = 0


@dataclass(slots=True)
class ConsortiumRecord:
    """A project with who takes part in it.

    project: None where only an organisation file was given; `number` names the project then, and
    is "" for organisations that belong to none. acronym: as the organisation file says.
    """

    number: str
    acronym: str = ""
    project: ProjectRecord | None = None
    participations: list[ParticipationRecord] = field(default_factory=list)
    file: str = ""
    row: int = 0
