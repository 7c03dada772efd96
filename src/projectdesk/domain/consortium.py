"""Projects, the organisations in them, and their people (terms.md, People and organisations).

Entities are mutable dataclasses that compare by identity; `version` counts saved edits. Money is
`Decimal` in euro. Every text is NFC and trimmed; `""` means not known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from projectdesk.domain.identity import new_id


class PartnerRole(StrEnum):
    """What an organisation is in a project."""

    COORDINATOR = "coordinator"
    BENEFICIARY = "beneficiary"
    AFFILIATED_ENTITY = "affiliated_entity"
    ASSOCIATED_PARTNER = "associated_partner"
    SUBCONTRACTOR = "subcontractor"
    THIRD_PARTY = "third_party"
    GRANTING_AUTHORITY = "granting_authority"


class OrganisationType(StrEnum):
    """Kind of legal entity, as CORDIS spells it."""

    HES = "HES"
    REC = "REC"
    PRC = "PRC"
    PUB = "PUB"
    OTH = "OTH"
    UNKNOWN = ""


class BodyKind(StrEnum):
    """Which body of the consortium."""

    GENERAL_ASSEMBLY = "general_assembly"
    EXECUTIVE_BOARD = "executive_board"
    STEERING_COMMITTEE = "steering_committee"
    ADVISORY_BOARD = "advisory_board"
    WORK_PACKAGE_TEAM = "work_package_team"
    OTHER = "other"


@dataclass(eq=False, kw_only=True)
class Project:
    """One project with its grant; M1 starts on `start_date`, the last month is `duration_months`.

    source: where it came from ("cordis", "sample", "" = by hand). source_id: its id there.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    acronym: str
    title: str = ""
    grant_number: str = ""
    programme: str = ""
    call: str = ""
    topics: list[str] = field(default_factory=list)
    funding_scheme: str = ""
    status: str = ""
    objective: str = ""
    website: str = ""
    start_date: date | None = None
    end_date: date | None = None
    duration_months: int | None = None
    total_cost: Decimal | None = None
    eu_contribution: Decimal | None = None
    source: str = ""
    source_id: str = ""


@dataclass(eq=False, kw_only=True)
class Organisation:
    """A legal entity. country: ISO 3166 alpha-2 (EL and UK kept as GR and GB; XK for Kosovo).

    pic: 9 digits as text, a unique hint, never a key. latitude/longitude in degrees.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    legal_name: str
    short_name: str = ""
    country: str = ""
    pic: str = ""
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


@dataclass(eq=False, kw_only=True)
class Partner:
    """An organisation's participation in one project.

    number: participant number, 1 = coordinator; None when not known (third parties that share
    their parent's number have it in `parent_number`). parent_id: the beneficiary that an affiliated
    entity is linked to. replaces_id: the partner whose place this one took. position: order in
    lists. active_from/to: first and last day, None = the project's. coordinator_from/to: first and
    last day as coordinator, where the coordinator changed during the project; a partner with a
    last day that is a beneficiary now coordinated until then.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID
    organisation_id: UUID
    number: int | None = None
    parent_number: int | None = None
    parent_id: UUID | None = None
    replaces_id: UUID | None = None
    position: int = 0
    short_name: str = ""
    role: PartnerRole = PartnerRole.BENEFICIARY
    active_from: date | None = None
    active_to: date | None = None
    coordinator_from: date | None = None
    coordinator_to: date | None = None
    contribution: Decimal | None = None
    total_cost: Decimal | None = None
    source_id: str = ""


@dataclass(eq=False, kw_only=True)
class Person:
    """Somebody. zone: IANA name, "" = not known.

    work_from, work_to: minutes since local midnight; work that ends earlier spans midnight.

    country, region: whose public holidays they keep (ISO 3166 alpha-2; subdivision code without
    the country, "BY" of DE-BY); "" = their organisation's country, no region.

    is_me: the person whose desktop this is (exactly one, after first start).
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    phone: str = ""
    organisation_id: UUID | None = None
    country: str = ""
    region: str = ""
    zone: str = ""
    work_from: int = 9 * 60
    work_to: int = 17 * 60
    languages: list[str] = field(default_factory=list)
    is_me: bool = False

    @property
    def name(self) -> str:
        """Given and family name as one text."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(eq=False, kw_only=True)
class Membership:
    """A person's part in a project: for which partner (None = external), in which function."""

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID
    person_id: UUID
    partner_id: UUID | None = None
    function: str = ""


@dataclass(eq=False, kw_only=True)
class Body:
    """A body of the consortium with its rules; numbers default to terms.md and stay editable.

    quorum and majority are shares 0..1; notice in days. written_days: least time to answer in a
    written procedure, which passes with the written share of all; veto_days: how long a veto is
    taken. proxy_limit: how many members one member may represent, 0 = no proxies.
    chair_breaks_ties: a tie is decided by the chair's own vote, else it is lost.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID
    kind: BodyKind = BodyKind.GENERAL_ASSEMBLY
    name: str
    chair_id: UUID | None = None
    quorum_numerator: int = 2
    quorum_denominator: int = 3
    majority_numerator: int = 2
    majority_denominator: int = 3
    notice_ordinary_days: int = 45
    notice_extraordinary_days: int = 15
    agenda_days: int = 21
    agenda_extraordinary_days: int = 10
    items_days: int = 14
    minutes_draft_days: int = 10
    minutes_accept_days: int = 15
    written_days: int = 10
    written_numerator: int = 51
    written_denominator: int = 100
    veto_days: int = 15
    proxy_limit: int = 2
    chair_breaks_ties: bool = False


@dataclass(eq=False, kw_only=True)
class BodyMember:
    """A partner's seat in a body: a representative and a deputy.

    weight: of its vote where votes are weighted. in_default: declared in default, has no vote.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    body_id: UUID
    partner_id: UUID
    representative_id: UUID | None = None
    deputy_id: UUID | None = None
    weight: int = 1
    in_default: bool = False
