"""Frozen rows of the consortium in time: what a partner holds, mailing lists, the world view."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from projectdesk.domain.consortium import PartnerRole
from projectdesk.services.rows import Kind


@dataclass(frozen=True)
class HoldingRow:
    """Something open that a partner leads, owns or sits in, and that somebody must take over.

    kind: of the record. label: "WP3", "D3.2", "A12"; "" for a seat. title: what it is called.
    holder_id, holder: the partner, which may be an affiliated entity of the one asked about.
    """

    kind: Kind
    id: UUID
    version: int
    label: str
    title: str
    holder_id: UUID
    holder: str


class ZoneSource(StrEnum):
    """How a partner's time zone is known."""

    PEOPLE = "people"
    PLACE = "place"
    COUNTRY = "country"
    SEVERAL = "several"
    """Its country's main zone, but clocks differ there and nobody knows where it is."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class WorldRow:
    """One partner on the globe, now.

    zone, source: its time zone and how it is known; "" and UNKNOWN without one, and then local,
    offset_minutes and working are None. other_zones: more zones of its people whose clocks differ.
    latitude, longitude: degrees; exact = of the organisation, else of the zone's principal place.
    daylight: whether the sun is up there. holiday: today's name, "" for none. working: whether
    anybody is in their working hours; at_work: how many of its people are.
    """

    id: UUID
    number: int | None
    partner: str
    legal_name: str
    role: PartnerRole
    country: str
    region: str
    city: str
    zone: str
    source: ZoneSource
    other_zones: tuple[str, ...]
    local: datetime | None
    offset_minutes: int | None
    latitude: float | None
    longitude: float | None
    exact: bool
    daylight: bool | None
    weekend: bool
    holiday: str
    next_holiday: str
    next_holiday_on: date | None
    working: bool | None
    at_work: int
    people: int


class ListKind(StrEnum):
    """What a mailing list is made by."""

    ALL = "all"
    ROLE = "role"
    BODY = "body"
    WORK_PACKAGE = "work_package"
    LEADERS = "leaders"
    FUNCTION = "function"
    PARTNER = "partner"
    EXTERNALS = "externals"


class ListPart(StrEnum):
    """Who of a body is on a list."""

    WHOLE = ""
    REPRESENTATIVES = "representatives"
    DEPUTIES = "deputies"


@dataclass(frozen=True)
class RecipientRow:
    """Somebody on a mailing list; partner is "" for externals."""

    person_id: UUID
    name: str
    email: str
    partner: str
    function: str


@dataclass(frozen=True)
class MailingListRow:
    """One computed mailing list, up to date each time it is asked for.

    key: what commands call it ("wp3", "role/beneficiary", "body/general assembly/deputies").
    name: what it is called in English. subject: what it is about ("WP3 Sensors", a role's value,
    the name of a body). recipients: who has an address, each address once. missing: who has none.
    """

    key: str
    kind: ListKind
    name: str
    subject: str
    part: ListPart
    recipients: tuple[RecipientRow, ...]
    missing: tuple[RecipientRow, ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses, in the order of the people."""
        return tuple(row.email for row in self.recipients)

    @property
    def reached(self) -> int:
        """How many addresses there are."""
        return len(self.recipients)

    @property
    def without_address(self) -> str:
        """The names of those who have none."""
        return ", ".join(row.name for row in self.missing)


@dataclass(frozen=True)
class MembershipRow:
    """A person's part in one project. partners: (id, name) of those that it may be for."""

    id: UUID
    version: int
    project_id: UUID
    project: str
    partner_id: UUID | None
    partner: str
    function: str
    partners: tuple[tuple[UUID, str], ...]
