"""Agenda templates: ours, a consortium's own, and what each fills itself from."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk import resources
from projectdesk.catalogues import ENGLISH
from projectdesk.domain.consortium import BodyKind
from projectdesk.domain.meetings import MeetingType
from projectdesk.domain.preparation import OwnTemplate
from projectdesk.domain.rules.agenda_tables import stands_as_table
from projectdesk.domain.rules.agenda_template import AgendaTemplate, said
from projectdesk.domain.rules.agenda_toml import parse_template
from projectdesk.errors import NotFound
from projectdesk.services.agenda_rows import TemplateRow
from projectdesk.services.circles import Circle
from projectdesk.services.documents.languages import language_in
from projectdesk.store import schema

_OF_TYPE: Final = {
    MeetingType.PITCHING: "workshop",
    MeetingType.MATCHMAKING: "workshop",
    MeetingType.CONCEPT_WORKSHOP: "workshop",
    MeetingType.WEBINAR: "ad_hoc",
}
"""Which template a type takes that has none of its own name."""

_BODIES: Final = {
    MeetingType.GENERAL_ASSEMBLY: BodyKind.GENERAL_ASSEMBLY,
    MeetingType.EXECUTIVE_BOARD: BodyKind.EXECUTIVE_BOARD,
}
"""Which body meets in a meeting of this type."""

_QUOTED: Final = re.compile(r'"([^"\n]+)"')

OURS: Final = tuple(kind for kind in MeetingType if kind not in _OF_TYPE)
"""The types that have a template of their own."""


def agenda_template(meeting_type: MeetingType, language: str = ENGLISH) -> AgendaTemplate:
    """Return our template of a type of meeting, in a language (BCP 47).

    Raises:
        DomainError: `bad_template`, the file is wrong.
    """
    name = f"{_OF_TYPE.get(meeting_type, meeting_type.value)}.toml"
    template = parse_template(usual_text(meeting_type, language), name)
    return replace(template, break_title=said(language, template.break_title))


def usual_text(meeting_type: MeetingType, language: str = ENGLISH) -> str:
    """Return the TOML text of our template of a type of meeting, what it says in a language."""
    name = f"{_OF_TYPE.get(meeting_type, meeting_type.value)}.toml"
    text = resources.path("templates", "agendas", name).read_text(encoding="utf-8")
    return _QUOTED.sub(lambda quoted: f'"{said(language, quoted[1])}"', text)


def agenda_language(session: Session) -> str:
    """Return in which language agendas are filled: that of documents, see `document_language`."""
    return language_in(session, "agendas")


def body_of(session: Session, project_id: UUID, meeting_type: MeetingType) -> UUID | None:
    """Return the body that meets in a meeting of a type, None for one of no body."""
    kind = _BODIES.get(meeting_type)
    if kind is None:
        return None
    body = schema.body.c
    query = select(body.id).where(body.project_id == project_id, body.kind == kind)
    return session.scalar(query.order_by(body.id).limit(1))


def circle_of(
    session: Session,
    project_id: UUID,
    meeting_type: MeetingType,
    starts_at: datetime,
    work_package_id: UUID | None = None,
) -> Circle:
    """Return who meets in a meeting that is to be planned."""
    return Circle(
        project_id=project_id,
        type=meeting_type,
        body_id=body_of(session, project_id, meeting_type),
        work_package_id=work_package_id,
        before=starts_at,
    )


def template_rows(session: Session, project_id: UUID | None = None) -> list[TemplateRow]:
    """Return our templates, then the own ones of all projects and of `project_id`, by name.

    An own one that cannot be read (edited elsewhere) has no items.
    """
    own, project = schema.own_template.c, schema.project.c
    query = (
        select(schema.own_template, project.acronym)
        .join_from(schema.own_template, schema.project, isouter=True)
        .order_by(own.name, own.id)
    )
    if project_id is not None:
        query = query.where(own.project_id.is_(None) | (own.project_id == project_id))
    language = agenda_language(session)
    rows = [_usual_row(kind, language) for kind in OURS]
    rows += [
        TemplateRow(
            key=str(row.id),
            id=row.id,
            version=row.version,
            name=row.name,
            type=row.type,
            project_id=row.project_id,
            project=row.acronym or "",
            items=row.content.count("[[item]]"),
            content=row.content,
            tabled=stands_as_table(row.content),
        )
        for row in session.execute(query)
    ]
    return rows


def _usual_row(kind: MeetingType, language: str) -> TemplateRow:
    template = agenda_template(kind, language)
    content = usual_text(kind, language)
    return TemplateRow(
        key=kind.value,
        id=None,
        version=0,
        name=template.title,
        type=kind,
        project_id=None,
        project="",
        items=len(template.items),
        content=content,
        tabled=stands_as_table(content),
    )


def find_template(
    session: Session, key: str, project_id: UUID | None = None
) -> tuple[AgendaTemplate, MeetingType]:
    """Return a template and the type of its meetings.

    Args:
        session: to look own ones up.
        key: "kick_off" or "kick-off" for ours; the id or the name of an own one.
        project_id: whose own ones, beside those of all.

    Raises:
        NotFound: `no_such_template`.
        DomainError: `bad_template`.
    """
    spelled = key.strip().replace("-", "_").replace(" ", "_").lower()
    if spelled in {kind.value for kind in MeetingType}:
        kind = MeetingType(spelled)
        return agenda_template(kind, agenda_language(session)), kind
    for row in template_rows(session, project_id):
        if row.id is not None and key.strip().lower() in {str(row.id), row.name.lower()}:
            return parse_template(row.content, row.name), row.type
    raise NotFound(
        "no_such_template",
        "There is no template “{key}”: expected one of {ours}, or the name of an own one "
        "(`projectdesk template list`).",
        key=key,
        ours=", ".join(kind.value.replace("_", "-") for kind in OURS),
    )


def own_template(session: Session, template_id: UUID) -> OwnTemplate:
    """Return an own template.

    Raises:
        NotFound: it does not exist (any more).
    """
    found = session.get(OwnTemplate, template_id)
    if found is None:
        raise NotFound("not_found", "This template does not exist any more.", noun="template")
    return found
