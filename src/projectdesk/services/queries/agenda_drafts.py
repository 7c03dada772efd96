"""Look at an agenda before it is made: out of a text, or of a template; and the templates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Project
from projectdesk.domain.meetings import ItemKind, Meeting, MeetingType
from projectdesk.domain.rules.agenda_template import AgendaTemplate, DraftItem, Plan, fill
from projectdesk.domain.rules.agenda_times import Frame, frame_around, read_nights
from projectdesk.domain.rules.zoned_time import to_local, to_utc
from projectdesk.errors import NotFound
from projectdesk.services.agenda_rows import AgendaPlan, TemplateRow
from projectdesk.services.queries.drafts import shown
from projectdesk.services.queries.names import partner_names
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

if TYPE_CHECKING:
    from projectdesk.exchange.agendas import ReadAgenda, ReadItem
    from projectdesk.exchange.findings import Finding

_LABEL: Final = re.compile(r"\b(WP|D|MS|R)\s?(\d{1,3})(?:\.(\d{1,3}))?\b")


@dataclass(frozen=True)
class ImportedAgenda:
    """An agenda out of a text, before it is put anywhere. plan: as it would be shown."""

    title: str
    drafts: tuple[DraftItem, ...]
    plan: AgendaPlan
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class FilledTemplate:
    """What a template makes of a project on a day, before it is made."""

    title: str
    type: MeetingType
    drafts: tuple[DraftItem, ...]
    plan: AgendaPlan
    duration_minutes: int


def read_agenda_text(
    workspace: Workspace, meeting_id: UUID, text: str, name: str = ""
) -> ImportedAgenda:
    """Return what a text would put on the agenda of a meeting.

    Raises:
        NotFound: no such meeting.
        UnreadableFile: the text holds no agenda.
    """
    with workspace.read() as session:
        meeting = session.get(Meeting, meeting_id)
        if meeting is None:
            raise NotFound("not_found", "This meeting does not exist any more.", noun="meeting")
        return imported(session, meeting, text, name)


def agenda_templates(workspace: Workspace, project_id: UUID | None = None) -> list[TemplateRow]:
    """Return our templates, then the own ones: of all projects, and of one or every project."""
    from projectdesk.services.agenda_templates import template_rows  # it asks queries itself

    with workspace.read() as session:
        return template_rows(session, project_id)


def filled_template(
    workspace: Workspace,
    project_id: UUID,
    key: str,
    local_start: datetime,
    zone: str,
    work_package_id: UUID | None = None,
) -> FilledTemplate:
    """Return what a template makes of a project on a day.

    Raises:
        NotFound: no such template or project.
        DomainError: `bad_template`, `unknown_zone`.
    """
    from projectdesk.services.agenda_templates import find_template  # it asks queries itself

    with workspace.read() as session:
        template, kind = find_template(session, key, project_id)
        return filled(session, project_id, template, kind, local_start, zone, work_package_id)


def imported(session: Session, meeting: Meeting, text: str, name: str = "") -> ImportedAgenda:
    """Return what a text would put on the agenda of a meeting.

    People and partners of the project are recognised by their names; work packages, deliverables,
    milestones and risks by their labels in titles.

    Raises:
        UnreadableFile: it holds no agenda.
    """
    from projectdesk.exchange.agendas import read_agenda  # loads when a text is read

    people = _People(session, meeting.project_id)
    read = read_agenda(text, name, people.known)
    labels = _labels(session, meeting.project_id)
    at = meeting.local_start.hour * 60 + meeting.local_start.minute
    drafts = tuple(
        _draft(item, people, labels, _fixed(read, item, at, first=number == 0))
        for number, item in enumerate(read.items)
    )
    frame = Frame(
        meeting.local_start,
        meeting.zone,
        meeting.duration_minutes,
        read_nights(meeting.nights),
        meeting.fold_rule,
    )
    return ImportedAgenda(
        read.title, drafts, shown(session, drafts, frame, meeting.id), read.findings
    )


def filled(
    session: Session,
    project_id: UUID,
    template: AgendaTemplate,
    kind: MeetingType,
    local_start: datetime,
    zone: str,
    work_package_id: UUID | None = None,
) -> FilledTemplate:
    """Return what a template makes for a meeting at a time.

    Raises:
        NotFound: no such project.
        DomainError: `unknown_zone`.
    """
    from projectdesk.services.agenda_templates import circle_of  # it asks queries itself

    starts_at = to_utc(local_start, zone)
    local_start = to_local(starts_at, zone)  # another one only where the clocks skip it
    circle = circle_of(session, project_id, kind, starts_at, work_package_id)
    drafts = tuple(fill(template, _plan(session, project_id, circle, local_start)))
    frame = frame_around(local_start, zone, [draft.timed for draft in drafts])
    return FilledTemplate(
        template.title, kind, drafts, shown(session, drafts, frame), frame.duration_minutes
    )


def _plan(session: Session, project_id: UUID, circle: Any, local_start: datetime) -> Plan:
    from projectdesk.services.planning import Consortium, read_plan  # it asks queries itself

    project = session.get(Project, project_id)
    if project is None:
        raise NotFound("no_such_project", "This project does not exist.")
    consortium = Consortium(session, project_id, local_start.date())
    return read_plan(session, project, consortium, circle, local_start.date())


def _fixed(read: ReadAgenda, item: ReadItem, starts: int, *, first: bool) -> int | None:
    """Return the fixed start of an item: a first one that is not the meeting's start has one.

    The first item of a later day keeps the time at which the text begins that day.
    """
    if item.starts_minute is not None:
        return item.starts_minute
    if first:
        said = read.starts.get(item.day)
        return said if said not in (None, starts) else None
    opens = next(each for each in read.items if each.day == item.day) is item
    return read.starts.get(item.day) if opens else None


def _draft(
    item: ReadItem, people: _People, labels: dict[str, tuple[str, UUID]], starts: int | None
) -> DraftItem:
    person = people.find(item.presenter)
    links: dict[str, UUID] = {}
    for found in _LABEL.finditer(item.title):
        label = f"{found[1]}{found[2]}" + (f".{found[3]}" if found[3] else "")
        if label in labels:
            field, record = labels[label]
            links.setdefault(field, record)
    is_break = item.kind is ItemKind.BREAK
    return DraftItem(
        title=item.title,
        kind=item.kind,
        duration_minutes=item.minutes,
        presenter_id=None if is_break else person,
        presenter_text="" if person or is_break else item.presenter,
        description=item.description,
        work_package_id=links.get("work_package_id"),
        deliverable_id=links.get("deliverable_id"),
        milestone_id=links.get("milestone_id"),
        risk_id=links.get("risk_id"),
        section=item.section,
        day=item.day,
        starts_minute=starts,
        track=item.track,
    )


class _People:
    """The people of a project by how they are written: full name, or a family name alone."""

    def __init__(self, session: Session, project_id: UUID) -> None:
        membership, person = schema.membership.c, schema.person.c
        rows = session.execute(
            select(person.id, person.given_name, person.family_name)
            .join_from(schema.membership, schema.person)
            .where(membership.project_id == project_id)
            .distinct()
        ).all()
        names = partner_names().subquery()
        partners = session.scalars(select(names.c.name).where(names.c.project_id == project_id))
        self._by_name: dict[str, UUID | None] = {}
        for row in rows:
            given, family = row.given_name.strip(), row.family_name.strip()
            written = (f"{given} {family}", f"{family} {given}", f"{family}, {given}")
            for name in {*written, family, given}:
                key = name.strip().lower()
                if key:
                    self._by_name[key] = None if key in self._by_name else row.id
        self.known = frozenset({*self._by_name, *(name.lower() for name in partners)})

    def find(self, text: str) -> UUID | None:
        """Return the one person that a text names, None for nobody, several or a partner."""
        bare = re.sub(r"\s*[(\[].*?[)\]]", "", text)
        bare = re.sub(r"^(?:(?:dr|prof|mr|mrs|ms)\.?\s+)+", "", bare.strip(), flags=re.IGNORECASE)
        return self._by_name.get(bare.strip(" .,").lower())


def _labels(session: Session, project_id: UUID) -> dict[str, tuple[str, UUID]]:
    """Return what a label in a title names: the field of the item, and the record."""
    work, deliverable = schema.work_package.c, schema.deliverable.c
    found: dict[str, tuple[str, UUID]] = {}
    packages = session.execute(select(work.id, work.number).where(work.project_id == project_id))
    found |= {f"WP{row.number}": ("work_package_id", row.id) for row in packages}
    deliverables = session.execute(
        select(deliverable.id, deliverable.number, work.number.label("work"))
        .join_from(schema.deliverable, schema.work_package)
        .where(work.project_id == project_id)
    )
    found |= {f"D{row.work}.{row.number}": ("deliverable_id", row.id) for row in deliverables}
    for table, letters, field in (
        (schema.milestone, "MS", "milestone_id"),
        (schema.risk, "R", "risk_id"),
    ):
        rows: Sequence[Any] = session.execute(
            select(table.c.id, table.c.number).where(table.c.project_id == project_id)
        ).all()
        found |= {f"{letters}{row.number}": (field, row.id) for row in rows}
    return found
