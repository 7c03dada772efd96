"""Read projects, organisations, partners, people and bodies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import PartnerRole
from projectdesk.domain.rules import consortium
from projectdesk.errors import DomainError, NotFound
from projectdesk.services.mine import is_me
from projectdesk.services.queries.names import (
    full_name,
    partner_name,
    partner_names,
    person_name,
)
from projectdesk.services.queries.reading import named
from projectdesk.services.rows import (
    BodyMemberRow,
    BodyRow,
    Kind,
    OrganisationRow,
    PartnerRow,
    PersonRow,
    ProjectRow,
)
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema, search


def projects(workspace: Workspace) -> list[ProjectRow]:
    """Return all projects by acronym."""
    with workspace.read() as session:
        return _projects(session, _project_query())


def project(workspace: Workspace, project_id: UUID) -> ProjectRow:
    """Return one project.

    Raises:
        NotFound: no such project.
    """
    with workspace.read() as session:
        found = _projects(session, _project_query().where(schema.project.c.id == project_id))
    return _only(found, "")


def project_by_acronym(workspace: Workspace, text: str) -> ProjectRow:
    """Return the project of an acronym (in any case), a grant number or an id.

    Raises:
        NotFound: no such project.
        DomainError: `ambiguous_project`, several have it; says their grant numbers and ids.
    """
    p = schema.project.c
    wanted = text.strip()
    same = (func.lower(p.acronym) == wanted.lower()) | (p.grant_number == wanted)
    if (identity := _uuid(wanted)) is not None:
        same |= p.id == identity
    with workspace.read() as session:
        found = _projects(session, _project_query().where(same))
    if len(found) > 1:
        raise DomainError(
            "ambiguous_project",
            "Several projects are called “{wanted}”: {projects}. Say which by its grant number or "
            "id.",
            wanted=wanted,
            projects="; ".join(f"grant {row.grant_number or '–'}, id {row.id}" for row in found),
        )
    return _only(found, wanted)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def organisations(workspace: Workspace, text: str = "", limit: int = 200) -> list[OrganisationRow]:
    """Return organisations by name, or those that hold every word of `text`, best first.

    Args:
        workspace: the open database.
        text: words of the name, short name, PIC, VAT number, city or country.
        limit: how many at most.
    """
    organisation, partner = schema.organisation, schema.partner.c
    taking_part = select(func.count()).where(partner.organisation_id == organisation.c.id)
    query = select(organisation, taking_part.scalar_subquery().label("projects"))
    with workspace.read() as session:
        if not text.strip():
            ordered = query.order_by(organisation.c.legal_name, organisation.c.id).limit(limit)
            return [_organisation_row(row) for row in session.execute(ordered)]
        found = search.find(session, text, limit, kind=Kind.ORGANISATION.value)
        rows: dict[UUID, OrganisationRow] = {}
        for start in range(0, len(found), search.CHUNK):
            ids = [each.record_id for each in found[start : start + search.CHUNK]]
            for row in session.execute(query.where(organisation.c.id.in_(ids))):
                rows[row.id] = _organisation_row(row)
    return [rows[each.record_id] for each in found if each.record_id in rows]


def partners(workspace: Workspace, project_id: UUID, on: date | None = None) -> list[PartnerRow]:
    """Return the partners of a project by number, each followed by those that belong to it.

    Args:
        workspace: the open database.
        project_id: the project.
        on: only those that take part on this day, in the role that they have then; None = all.
    """
    partner, organisation, membership = schema.partner, schema.organisation, schema.membership.c
    people = select(func.count(func.distinct(membership.person_id))).where(
        membership.partner_id == partner.c.id
    )
    query = (
        select(
            partner,
            partner_name(partner, organisation).label("name"),
            organisation.c.version.label("organisation_version"),
            organisation.c.legal_name,
            organisation.c.country,
            organisation.c.city,
            organisation.c.pic,
            organisation.c.type,
            organisation.c.sme,
            organisation.c.street,
            organisation.c.post_code,
            organisation.c.nuts_code,
            organisation.c.vat_number,
            organisation.c.website,
            organisation.c.latitude,
            organisation.c.longitude,
            people.scalar_subquery().label("people"),
        )
        .join_from(partner, organisation)
        .where(partner.c.project_id == project_id)
        .order_by(partner.c.position, partner.c.id)
    )
    with workspace.read() as session:
        found = session.execute(query).all()
    names = {row.id: row.name for row in found}
    successors = {row.replaces_id: row.name for row in found if row.replaces_id is not None}
    parent_of = consortium.parents(found)
    rows = [
        _partner_row(row, names, successors, parent_of.get(row.id))
        for row in consortium.in_order(found)
    ]
    if on is None:
        return rows
    return [
        replace(row, role=consortium.role_on(row, on)) for row in consortium.active_on(rows, on)
    ]


def people(workspace: Workspace, project_id: UUID | None = None) -> list[PersonRow]:
    """Return the people of a project with their part in it, or everybody; by family name."""
    person, membership = schema.person.c, schema.membership
    query = _people()
    if project_id is not None:
        names = partner_names().subquery()
        query = (
            query.add_columns(
                membership.c.id.label("membership_id"),
                membership.c.version.label("membership_version"),
                membership.c.partner_id,
                names.c.name.label("partner"),
                names.c.number.label("partner_number"),
                membership.c.function,
            )
            .join(membership, membership.c.person_id == person.id)
            .outerjoin(names, names.c.id == membership.c.partner_id)
            .where(membership.c.project_id == project_id)
        )
    query = query.order_by(person.family_name, person.given_name, person.email, person.id)
    with workspace.read() as session:
        query = query.add_columns(is_me(session).label("mine"))
        taking_part = project_id is not None
        found = named(session.execute(query))
        return [_person_row(row, taking_part=taking_part) for row in found]


def me(workspace: Workspace) -> PersonRow | None:
    """Return the person whose desktop this is; None before the first start asked."""
    with workspace.read() as session:
        query = _people().where(is_me(session)).limit(1)
        row = session.execute(query.add_columns(is_me(session).label("mine"))).first()
    return None if row is None else _person_row(row, taking_part=False)


def bodies(workspace: Workspace, project_id: UUID) -> list[BodyRow]:
    """Return the bodies of a project by name."""
    body, person, member = schema.body, schema.person, schema.body_member.c
    members = select(func.count()).where(member.body_id == body.c.id)
    unrepresented = members.where(member.representative_id.is_(None))
    query = (
        select(
            body,
            person.c.given_name,
            person.c.family_name,
            members.scalar_subquery().label("members"),
            unrepresented.scalar_subquery().label("unrepresented"),
        )
        .join_from(body, person, isouter=True)
        .where(body.c.project_id == project_id)
        .order_by(body.c.name, body.c.id)
    )
    with workspace.read() as session:
        return [_body_row(row) for row in session.execute(query)]


def body_members(workspace: Workspace, body_id: UUID) -> list[BodyMemberRow]:
    """Return the members of a body by participant number."""
    member = schema.body_member
    names = partner_names().subquery()
    representative, deputy = schema.person.alias(), schema.person.alias()
    query = (
        select(
            member,
            names.c.name.label("partner"),
            names.c.number,
            full_name(representative).label("representative"),
            full_name(deputy).label("deputy"),
        )
        .join_from(member, names, names.c.id == member.c.partner_id)
        .outerjoin(representative, representative.c.id == member.c.representative_id)
        .outerjoin(deputy, deputy.c.id == member.c.deputy_id)
        .where(member.c.body_id == body_id)
        .order_by(names.c.number.is_(None), names.c.number, names.c.name, member.c.id)
    )
    with workspace.read() as session:
        return [_body_member_row(row) for row in session.execute(query)]


# --- queries and rows -----------------------------------------------------------------------------


def _only(found: list[ProjectRow], wanted: str) -> ProjectRow:
    if not found:
        text = "There is no project “{wanted}”." if wanted else "This project does not exist."
        raise NotFound("no_such_project", text, wanted=wanted)
    return found[0]


def _project_query() -> Select[Any]:
    project = schema.project
    return select(project).order_by(func.lower(project.c.acronym), project.c.id)


def _projects(session: Session, query: Select[Any]) -> list[ProjectRow]:
    partner, organisation = schema.partner, schema.organisation
    rows = session.execute(query).all()
    ids = [row.id for row in rows]
    about = select(
        partner.c.project_id,
        func.count(),
        func.count(func.distinct(func.nullif(organisation.c.country, ""))),
    ).join_from(partner, organisation)
    leads = (
        select(partner.c.project_id, partner_name(partner, organisation))
        .join_from(partner, organisation)
        .where(partner.c.role == PartnerRole.COORDINATOR)
        .order_by(
            # The last one stays: who still coordinates wins over who was replaced.
            partner.c.active_to.is_(None),
            partner.c.position.desc(),
            partner.c.id.desc(),
        )
    )
    if len(ids) == 1:
        about = about.where(partner.c.project_id == ids[0])
        leads = leads.where(partner.c.project_id == ids[0])
    counts = {
        row[0]: (row[1], row[2]) for row in session.execute(about.group_by(partner.c.project_id))
    }
    coordinators = {row[0]: row[1] for row in session.execute(leads)}
    return [
        _project_row(row, *counts.get(row.id, (0, 0)), coordinators.get(row.id, "")) for row in rows
    ]


def _project_row(row: Any, partners: int, countries: int, coordinator: str) -> ProjectRow:
    return ProjectRow(
        id=row.id,
        version=row.version,
        acronym=row.acronym,
        title=row.title,
        grant_number=row.grant_number,
        programme=row.programme,
        call=row.call,
        topics=tuple(row.topics),
        funding_scheme=row.funding_scheme,
        status=row.status,
        objective=row.objective,
        website=row.website,
        start_date=row.start_date,
        end_date=row.end_date,
        duration_months=row.duration_months,
        total_cost=row.total_cost,
        eu_contribution=row.eu_contribution,
        source=row.source,
        partners=partners,
        countries=countries,
        coordinator=coordinator,
    )


def _organisation_row(row: Any) -> OrganisationRow:
    return OrganisationRow(
        id=row.id,
        version=row.version,
        legal_name=row.legal_name,
        short_name=row.short_name,
        country=row.country,
        pic=row.pic,
        vat_number=row.vat_number,
        type=row.type,
        sme=row.sme,
        street=row.street,
        post_code=row.post_code,
        city=row.city,
        nuts_code=row.nuts_code,
        website=row.website,
        projects=row.projects,
    )


def _partner_row(
    row: Any, names: Mapping[UUID, str], successors: Mapping[UUID, str], parent: Any
) -> PartnerRow:
    return PartnerRow(
        id=row.id,
        version=row.version,
        project_id=row.project_id,
        organisation_id=row.organisation_id,
        organisation_version=row.organisation_version,
        number=row.number,
        parent_number=row.parent_number,
        parent_id=None if parent is None else parent.id,
        parent="" if parent is None else parent.name,
        replaces_id=row.replaces_id,
        replaces=names.get(row.replaces_id, ""),
        replaced_by=successors.get(row.id, ""),
        position=row.position,
        short_name=row.name,
        legal_name=row.legal_name,
        country=row.country,
        city=row.city,
        pic=row.pic,
        type=row.type,
        sme=row.sme,
        role=row.role,
        contribution=row.contribution,
        total_cost=row.total_cost,
        active_from=row.active_from,
        active_to=row.active_to,
        coordinator_from=row.coordinator_from,
        coordinator_to=row.coordinator_to,
        people=row.people,
        street=row.street,
        post_code=row.post_code,
        nuts_code=row.nuts_code,
        vat_number=row.vat_number,
        website=row.website,
        latitude=row.latitude,
        longitude=row.longitude,
    )


def _people() -> Select[Any]:
    person, organisation = schema.person, schema.organisation
    return select(
        person,
        func.coalesce(func.nullif(organisation.c.short_name, ""), organisation.c.legal_name).label(
            "organisation"
        ),
        organisation.c.country.label("organisation_country"),
    ).join_from(person, organisation, isouter=True)


def _person_row(row: Any, *, taking_part: bool) -> PersonRow:
    """Return a person. taking_part: the row has the membership in the asked project too."""
    return PersonRow(
        id=row.id,
        version=row.version,
        given_name=row.given_name,
        family_name=row.family_name,
        name=person_name(row),
        email=row.email,
        phone=row.phone,
        organisation_id=row.organisation_id,
        organisation=row.organisation or "",
        country=row.country or row.organisation_country or "",
        own_country=row.country,
        region=row.region,
        zone=row.zone,
        work_from=row.work_from,
        work_to=row.work_to,
        languages=tuple(row.languages),
        is_me=row.mine,
        membership_id=row.membership_id if taking_part else None,
        membership_version=row.membership_version if taking_part else None,
        partner_id=row.partner_id if taking_part else None,
        partner=(row.partner or "") if taking_part else "",
        partner_number=row.partner_number if taking_part else None,
        function=row.function if taking_part else "",
    )


def _body_row(row: Any) -> BodyRow:
    return BodyRow(
        id=row.id,
        version=row.version,
        project_id=row.project_id,
        kind=row.kind,
        name=row.name,
        chair_id=row.chair_id,
        chair=person_name(row),
        members=row.members,
        unrepresented=row.unrepresented,
        quorum=f"{row.quorum_numerator}/{row.quorum_denominator}",
        majority=f"{row.majority_numerator}/{row.majority_denominator}",
        quorum_numerator=row.quorum_numerator,
        quorum_denominator=row.quorum_denominator,
        majority_numerator=row.majority_numerator,
        majority_denominator=row.majority_denominator,
        notice_ordinary_days=row.notice_ordinary_days,
        notice_extraordinary_days=row.notice_extraordinary_days,
        agenda_days=row.agenda_days,
        agenda_extraordinary_days=row.agenda_extraordinary_days,
        items_days=row.items_days,
        minutes_draft_days=row.minutes_draft_days,
        minutes_accept_days=row.minutes_accept_days,
        written_days=row.written_days,
        written_numerator=row.written_numerator,
        written_denominator=row.written_denominator,
        veto_days=row.veto_days,
        proxy_limit=row.proxy_limit,
        chair_breaks_ties=row.chair_breaks_ties,
    )


def _body_member_row(row: Any) -> BodyMemberRow:
    return BodyMemberRow(
        id=row.id,
        version=row.version,
        body_id=row.body_id,
        partner_id=row.partner_id,
        partner=row.partner,
        partner_number=row.number,
        representative_id=row.representative_id,
        representative=row.representative,
        deputy_id=row.deputy_id,
        deputy=row.deputy,
        weight=row.weight,
        in_default=row.in_default,
    )
