"""Own agenda templates: save an agenda as one, use one, take one in from a file, write one out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from projectdesk.domain.meetings import ItemKind, Meeting, MeetingType
from projectdesk.domain.preparation import OwnTemplate
from projectdesk.domain.rules.agenda_template import AgendaTemplate, TemplateItem
from projectdesk.domain.rules.agenda_toml import literal, parse_template, write_template
from projectdesk.errors import DomainError, NotFound, UnreadableFile
from projectdesk.services.agenda_making import agenda_items, insert_items, items_in_order
from projectdesk.services.agenda_rows import AgendaItemRow
from projectdesk.services.agenda_templates import find_template, template_rows
from projectdesk.services.planning import Consortium
from projectdesk.services.queries.agenda_drafts import filled
from projectdesk.services.queries.agendas import agenda
from projectdesk.services.rows import Changes
from projectdesk.services.session import Unit
from projectdesk.services.whole_files import whole
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

LARGEST_FILE: Final = 256 * 1024
"""Bytes of a template's file; what is larger is something else."""

_LISTED: Final = re.compile(r"^- (?P<kind>D\d+\.|MS\d|A\d|R\d)")
_TABLED: Final = re.compile(r"^\| A\d+ \|")
"""A row of the table of open actions."""
_LISTS: Final = {
    "D": "deliverables_due_soon",
    "M": "milestones_due_soon",
    "A": "open_actions",
    "R": "risks",
}


def save_as_template(
    workspace: Workspace, meeting_id: UUID, name: str, project_id: UUID | None = None
) -> tuple[UUID, Changes]:
    """Save the agenda of a meeting as a template.

    Items that go through the work packages become a loop; lists of deliverables, milestones,
    actions and risks in descriptions are filled anew each time; the coordinator stays who presents,
    other people do not.

    Args:
        workspace: the open data.
        meeting_id: whose agenda.
        name: what the template is called.
        project_id: of which project only, None = of all.

    Raises:
        NotFound: no such meeting.
        DomainError: `name_taken`, `empty_agenda`, `required`.
    """
    rows = agenda(workspace, meeting_id)
    if not rows:
        raise DomainError("empty_agenda", "The agenda is empty: there is nothing to save.")
    with workspace.change(f"Save template {name}") as unit:
        meeting = unit.get(Meeting, meeting_id)
        consortium = Consortium(unit.session, meeting.project_id, meeting.local_start.date())
        template = AgendaTemplate(
            title=name.strip(),
            items=tuple(_template_items(rows, consortium.coordinator().person_id)),
            type=meeting.type.value,
        )
        own = _add(unit, name, meeting.type, write_template(template), project_id)
    return own.id, unit.changes


def import_template(
    workspace: Workspace, file: Path, project_id: UUID | None = None
) -> tuple[UUID, Changes]:
    """Take a template in from a TOML file.

    Raises:
        NotFound: no such file.
        UnreadableFile: `not_text`, `template_too_large`.
        DomainError: `bad_template`, `name_taken`.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise NotFound("no_file", "{file} cannot be read.", file=file.name) from error
    if len(data) > LARGEST_FILE:
        raise UnreadableFile("template_too_large", "{file} is too large.", file=file.name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile("not_text", "{file} is no UTF-8 text.", file=file.name) from error
    template = parse_template(text, file.name)
    kind = MeetingType(template.type) if template.type else MeetingType.AD_HOC
    with workspace.change(f"Import template {template.title}") as unit:
        own = _add(unit, template.title, kind, text, project_id)
    return own.id, unit.changes


def export_template(workspace: Workspace, key: str, out: Path) -> Path:
    """Write a template, ours or an own one, to a TOML file.

    Raises:
        NotFound: no such template.
        EnvironmentFailure: `file_not_written`.
    """
    with workspace.read() as session:
        rows = template_rows(session)
        wanted = key.strip().lower()
        spelled = wanted.replace("-", "_")
        row = next(
            (row for row in rows if row.key == spelled or wanted in {row.key, row.name.lower()}),
            None,
        )
        if row is None:
            find_template(session, key)  # says which there are
            raise NotFound("no_such_template", "There is no template “{key}”.", key=key)
    content = row.content
    whole(out, lambda path: path.write_text(content, encoding="utf-8", newline="\n"))
    return out


def use_template(workspace: Workspace, meeting_id: UUID, key: str) -> Changes:
    """Put what a template makes at the end of a meeting's agenda, as one change.

    Raises:
        NotFound: no such meeting or template.
        DomainError: `bad_template`.
    """
    with workspace.change("Use a template") as unit:
        meeting = unit.get(Meeting, meeting_id)
        template, _ = find_template(unit.session, key, meeting.project_id)
        subject = next((i.work_package_id for i in items_in_order(unit.session, meeting_id)), None)
        of_work = meeting.type is MeetingType.WORK_PACKAGE_CALL
        made = filled(
            unit.session,
            meeting.project_id,
            template,
            meeting.type,
            meeting.local_start,
            meeting.zone,
            subject if of_work else None,
        )
        insert_items(unit.session, meeting_id, agenda_items(meeting_id, made.drafts, unit.now))
        unit.label = f"Use template {template.title}"
    return unit.changes


def _add(
    unit: Unit, name: str, kind: MeetingType, content: str, project_id: UUID | None
) -> OwnTemplate:
    name = " ".join(name.split())
    if not name:
        raise DomainError("required", "A template needs a name.", field="name")
    own = schema.own_template.c
    same = select(own.id).where(func.lower(own.name) == name.lower())
    if unit.session.scalar(same.limit(1)) is not None:
        raise DomainError(
            "name_taken", "There is a template “{name}” already.", name=name, field="name"
        )
    made = OwnTemplate(project_id=project_id, name=name, type=kind, content=content)
    unit.add(made)
    return made


def _template_items(rows: Sequence[AgendaItemRow], coordinator: UUID | None) -> list[TemplateItem]:
    items: list[TemplateItem] = []
    for row in rows:
        looped = row.work_package and row.title.startswith(f"{row.work_package} ")
        if looped and items and items[-1].each == "work_package":
            continue
        items.append(_looped(row) if looped else _single(row, coordinator))
    return items


def _looped(row: AgendaItemRow) -> TemplateItem:
    text, lists, tables = _description(row.description)
    return TemplateItem(
        title="{label} {title}",
        kind=row.kind,
        minutes=row.duration_minutes,
        presenter="leader",
        each="work_package",
        lists=lists,
        tables=tables,
        description=text,
        section=literal(row.section),
        day=row.day,
    )


def _single(row: AgendaItemRow, coordinator: UUID | None) -> TemplateItem:
    text, lists, tables = _description(row.description)
    approves = row.minutes_of_id is not None
    leads = row.presenter_id is not None and row.presenter_id == coordinator
    return TemplateItem(
        title="Minutes of the last meeting" if approves else literal(row.title),
        kind=row.kind,
        minutes=row.duration_minutes,
        presenter="coordinator" if leads and row.kind is not ItemKind.BREAK else "",
        only_with="minutes_to_approve" if approves else "",
        lists=lists,
        tables=tables,
        description="" if approves else text,
        section=literal(row.section),
        day=row.day,
        starts=row.starts_minute,
        track=row.track,
        approves=approves,
    )


def _description(text: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return a description without its lists of records, and the lists and tables that fill it."""
    lists: dict[str, None] = {}
    tables: dict[str, None] = {}
    kept: list[str] = []
    for is_table, lines in groupby(text.splitlines(), lambda line: line.startswith("|")):
        block = list(lines)
        if is_table and any(_TABLED.match(line) for line in block):
            tables["open_actions"] = None
            continue
        for line in block:
            found = _LISTED.match(line)
            if found is None:
                kept.append(line)
            else:
                lists[_LISTS[found["kind"][0]]] = None
    return literal("\n".join(kept).strip()), tuple(lists), tuple(tables)
