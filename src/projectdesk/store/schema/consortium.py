"""Tables of projects, organisations, partners, people and bodies."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Float, Integer, Table, UniqueConstraint

from projectdesk.domain.consortium import BodyKind, OrganisationType, PartnerRole
from projectdesk.store.schema.base import count, identity, line, metadata, prose, reference
from projectdesk.store.types import Money, Spelling, TextList

project = Table(
    "project",
    metadata,
    *identity(),
    Column("acronym", line("").type, nullable=False, index=True),
    line("title"),
    Column("grant_number", line("").type, nullable=False, default="", index=True),
    line("programme"),
    line("call"),
    Column("topics", TextList, nullable=False, default=list),
    line("funding_scheme"),
    line("status"),
    prose("objective"),
    line("website"),
    Column("start_date", Date),
    Column("end_date", Date),
    Column("duration_months", Integer),
    Column("total_cost", Money),
    Column("eu_contribution", Money),
    line("source"),
    line("source_id"),
)

organisation = Table(
    "organisation",
    metadata,
    *identity(),
    Column("legal_name", line("").type, nullable=False, index=True),
    line("short_name"),
    line("country"),
    Column("pic", line("").type, nullable=False, default="", index=True),
    line("vat_number"),
    Column("type", Spelling(OrganisationType), nullable=False, default=OrganisationType.UNKNOWN),
    Column("sme", Boolean),
    line("street"),
    line("post_code"),
    line("city"),
    line("nuts_code"),
    line("website"),
    Column("latitude", Float),
    Column("longitude", Float),
)

# Participant numbers are not unique: third parties may share their parent's in the real files.
partner = Table(
    "partner",
    metadata,
    *identity(),
    reference("project_id", "project"),
    reference("organisation_id", "organisation"),
    Column("number", Integer),
    Column("parent_number", Integer),
    reference("parent_id", "partner", nullable=True),
    reference("replaces_id", "partner", nullable=True),
    count("position"),
    line("short_name"),
    Column("role", Spelling(PartnerRole), nullable=False, default=PartnerRole.BENEFICIARY),
    Column("active_from", Date),
    Column("active_to", Date),
    Column("coordinator_from", Date),
    Column("coordinator_to", Date),
    Column("contribution", Money),
    Column("total_cost", Money),
    line("source_id"),
)

person = Table(
    "person",
    metadata,
    *identity(),
    line("given_name"),
    line("family_name"),
    Column("email", line("").type, nullable=False, default="", index=True),
    line("phone"),
    reference("organisation_id", "organisation", nullable=True),
    line("country"),
    line("region"),
    line("zone"),
    count("work_from", 9 * 60),
    count("work_to", 17 * 60),
    Column("languages", TextList, nullable=False, default=list),
    Column("is_me", Boolean, nullable=False, default=False),
)

membership = Table(
    "membership",
    metadata,
    *identity(),
    reference("project_id", "project"),
    reference("person_id", "person"),
    reference("partner_id", "partner", nullable=True),
    line("function"),
)

body = Table(
    "body",
    metadata,
    *identity(),
    reference("project_id", "project"),
    Column("kind", Spelling(BodyKind), nullable=False, default=BodyKind.GENERAL_ASSEMBLY),
    line("name"),
    reference("chair_id", "person", nullable=True),
    count("quorum_numerator", 2),
    count("quorum_denominator", 3),
    count("majority_numerator", 2),
    count("majority_denominator", 3),
    count("notice_ordinary_days", 45),
    count("notice_extraordinary_days", 15),
    count("agenda_days", 21),
    count("agenda_extraordinary_days", 10),
    count("items_days", 14),
    count("minutes_draft_days", 10),
    count("minutes_accept_days", 15),
    count("written_days", 10),
    count("written_numerator", 51),
    count("written_denominator", 100),
    count("veto_days", 15),
    count("proxy_limit", 2),
    Column("chair_breaks_ties", Boolean, nullable=False, default=False),
)

body_member = Table(
    "body_member",
    metadata,
    *identity(),
    reference("body_id", "body"),
    reference("partner_id", "partner"),
    reference("representative_id", "person", nullable=True),
    reference("deputy_id", "person", nullable=True),
    count("weight", 1),
    Column("in_default", Boolean, nullable=False, default=False),
    UniqueConstraint("body_id", "partner_id"),
)
