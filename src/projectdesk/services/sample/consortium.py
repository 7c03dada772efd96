"""Project, partners, people and bodies of the sample."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any

from projectdesk.domain.consortium import (
    Body,
    BodyKind,
    BodyMember,
    Membership,
    Organisation,
    OrganisationType,
    Partner,
    PartnerRole,
    Person,
    Project,
)
from projectdesk.services.sample.cast import Cast
from projectdesk.services.session import Unit

SOURCE = "sample"

_OF_PARTNER = frozenset({"number", "role", "zone", "contribution", "cost"})
_MONEY = frozenset({"total_cost", "eu_contribution"})


def make_consortium(unit: Unit, told: dict[str, Any], name: str) -> Cast:
    """Add the project with everybody in it.

    Args:
        unit: the change.
        told: the sample's `consortium.toml`.
        name: of the sample, kept as the project's source id.
    """
    values: dict[str, Any] = {
        key: Decimal(value) if key in _MONEY else value for key, value in told["project"].items()
    }
    project = Project(**values, source=SOURCE, source_id=name)
    unit.add(project)
    cast = Cast(project)
    zones: dict[str, str] = {}
    for position, partner in enumerate(told["partners"]):
        zones[partner["short_name"]] = partner["zone"]
        _partner(unit, cast, partner, position)
    for row in told["people"]["rows"]:
        _person(unit, cast, row, zones | told["zones"])
    for body in told["bodies"]:
        _body(unit, cast, body)
    return cast


def _partner(unit: Unit, cast: Cast, told: dict[str, Any], position: int) -> None:
    values = {key: value for key, value in told.items() if key not in _OF_PARTNER}
    values["type"] = OrganisationType(values["type"])
    organisation = Organisation(**values)
    contribution = Decimal(told["contribution"])
    partner = Partner(
        project_id=cast.project.id,
        organisation_id=organisation.id,
        number=told["number"],
        position=position,
        short_name=told["short_name"],
        role=PartnerRole(told.get("role", PartnerRole.BENEFICIARY)),
        contribution=contribution,
        total_cost=Decimal(told.get("cost", contribution)),
    )
    cast.partners[partner.short_name] = partner
    unit.add(organisation, partner)


def _person(unit: Unit, cast: Cast, row: list[str], zones: dict[str, str]) -> None:
    key, given, family, partner_name, function, languages = row
    partner = cast.partners.get(partner_name)
    person = Person(
        given_name=given,
        family_name=family,
        email=_address(given, family, partner_name.lower() or "reviews"),
        organisation_id=partner.organisation_id if partner else None,
        zone=zones[partner_name if partner else key],
        languages=languages.split(),
    )
    cast.people[key] = person
    if partner is not None:
        cast.partner_of[key] = partner
    unit.add(
        person,
        Membership(
            project_id=cast.project.id,
            person_id=person.id,
            partner_id=partner.id if partner else None,
            function=function,
        ),
    )


def _address(given: str, family: str, domain: str) -> str:
    """Return an address at a domain that can never exist (RFC 2606)."""
    name = f"{given}.{family.split()[-1]}".casefold().replace("ø", "o").replace("æ", "ae")
    letters = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("ß", "ss"))
    plain = "".join(c for c in letters if c.isascii() and (c.isalnum() or c == "."))
    return f"{plain}@{domain}.example"


def _body(unit: Unit, cast: Cast, told: dict[str, Any]) -> None:
    values = {key: value for key, value in told.items() if key not in {"members", "chair"}}
    values["kind"] = BodyKind(values["kind"])
    body = Body(**values, project_id=cast.project.id, chair_id=cast.people[told["chair"]].id)
    unit.add(body)
    for partner, representative, deputy in told["members"]:
        unit.add(
            BodyMember(
                body_id=body.id,
                partner_id=cast.partners[partner].id,
                representative_id=cast.people[representative].id,
                deputy_id=cast.people[deputy].id,
            )
        )
