"""Roles in a project, as the framework programmes have spelled them, in the words of terms.md.

May import: domain.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from projectdesk.domain.consortium import OrganisationType, PartnerRole

HOST_INSTITUTION = "hostinstitution"

_ROLES = {
    "coordinator": PartnerRole.COORDINATOR,
    "coordinatingentity": PartnerRole.COORDINATOR,
    "participant": PartnerRole.BENEFICIARY,
    "beneficiary": PartnerRole.BENEFICIARY,
    "contractor": PartnerRole.BENEFICIARY,
    "principalcontractor": PartnerRole.COORDINATOR,
    HOST_INSTITUTION: PartnerRole.BENEFICIARY,
    "thirdparty": PartnerRole.THIRD_PARTY,
    "linkedthirdparty": PartnerRole.AFFILIATED_ENTITY,
    "affiliatedentity": PartnerRole.AFFILIATED_ENTITY,
    "associatedpartner": PartnerRole.ASSOCIATED_PARTNER,
    "internationalpartner": PartnerRole.ASSOCIATED_PARTNER,
    "partnerorganisation": PartnerRole.ASSOCIATED_PARTNER,
    "subcontractor": PartnerRole.SUBCONTRACTOR,
    "grantingauthority": PartnerRole.GRANTING_AUTHORITY,
}


@lru_cache(maxsize=256)
def normalised_role(text: str) -> str:
    """Return a role as it is compared: letters only, lower case."""
    return "".join(c for c in text.casefold() if c.isalpha()).replace(
        "organization", "organisation"
    )


def partner_role(text: str, contribution: Decimal | None) -> PartnerRole | None:
    """Return the role, None if nobody knows it.

    CORDIS' plain `partner` is a partner organisation, which gets no money from the EU; with a
    contribution it is what other people call a beneficiary.
    """
    role = normalised_role(text)
    if role == "partner":
        return PartnerRole.BENEFICIARY if contribution else PartnerRole.ASSOCIATED_PARTNER
    return _ROLES.get(role)


@lru_cache(maxsize=256)
def organisation_type(code: str) -> OrganisationType:
    """Return the kind of legal entity by its CORDIS code; UNKNOWN for any other."""
    try:
        return OrganisationType(code.strip().upper())
    except ValueError:
        return OrganisationType.UNKNOWN
