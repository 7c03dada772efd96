"""Read typed lines: what stands in the notes of a meeting, and where the line of a record is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from projectdesk.domain.minutes import MinutesState
from projectdesk.domain.rules.line_steps import Agreed, Tie
from projectdesk.domain.rules.typed_lines import parse_line
from projectdesk.services import line_records, line_table
from projectdesk.services.line_reading import line_reading as line_reading
from projectdesk.services.queries.meetings import notes
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.typed_line_rows import (
    KeptRecordRow,
    LinePlace,
    LinesOfMeeting,
    RecordedLine,
    TypedLineRow,
)
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.store.mapping import TABLES

NAMED_IN_LINES: Final = frozenset(
    {
        Kind.PROJECT,
        Kind.MEETING,
        Kind.PERSON,
        Kind.PARTNER,
        Kind.ORGANISATION,
        Kind.WORK_PACKAGE,
        Kind.TASK,
        Kind.DELIVERABLE,
        Kind.MILESTONE,
    }
)
"""What lines name, or count their dates from."""
_MOST: Final = 500
"""Changed records that are looked for one by one."""


def typed_lines(workspace: Workspace, meeting_id: UUID) -> LinesOfMeeting:
    """Return the typed lines of a meeting's newest minutes as they are kept, in order.

    Raises:
        NotFound: no such meeting.
    """
    reading = line_reading(workspace, meeting_id)
    texts = notes(workspace, meeting_id)
    item = schema.agenda_item.c
    with workspace.read() as session:
        items = session.execute(
            select(item.id, item.title)
            .where(item.meeting_id == meeting_id)
            .order_by(item.position, item.id)
        ).all()
        agreed = line_table.agreed_of(session, meeting_id)
        labels = _labels(workspace, agreed)
    live = {(each.item_id, each.words): each for each in agreed if each.tie is Tie.LIVE}
    lines = []
    for row in items:
        for number, words in enumerate(texts.get(row.id, "").split("\n"), 1):
            parsed = parse_line(words, reading)
            if parsed is None:
                continue
            known = live.get((row.id, words))
            lines.append(
                TypedLineRow(
                    meeting_id,
                    row.id,
                    row.title,
                    number,
                    words,
                    parsed,
                    known.record_id if known else None,
                    labels.get(known.record_id, "") if known else "",
                )
            )
    return LinesOfMeeting(meeting_id, reading, tuple(lines), _kept(agreed, labels))


def recorded_lines(
    workspace: Workspace, meeting_id: UUID, texts: Mapping[UUID, str]
) -> dict[UUID, tuple[RecordedLine, ...]]:
    """Return the lines of notes whose records exist, by agenda item, in order.

    texts: the notes by item. A line that is not (yet) in step with a record is not among them.
    """
    with workspace.read() as session:
        agreed = [
            each for each in line_table.agreed_of(session, meeting_id) if each.tie is Tie.LIVE
        ]
    labels = _labels(workspace, agreed)
    live: dict[tuple[UUID, str], list[Agreed]] = {}
    for each in agreed:
        if each.record_id in labels:
            live.setdefault((each.item_id, each.words), []).append(each)
    found: dict[UUID, tuple[RecordedLine, ...]] = {}
    for item, text in texts.items():
        lines = []
        for place, words in enumerate(text.split("\n")):
            if tied := live.get((item, words)):
                record = tied.pop(0)
                lines.append(RecordedLine(place, labels[record.record_id], record.record.text))
        if lines:
            found[item] = tuple(lines)
    return found


def kept_records(workspace: Workspace, meeting_id: UUID) -> tuple[KeptRecordRow, ...]:
    """Return the records that stay although their line is gone from the notes."""
    with workspace.read() as session:
        agreed = [
            each for each in line_table.agreed_of(session, meeting_id) if each.tie is Tie.KEPT
        ]
    return _kept(agreed, _labels(workspace, agreed)) if agreed else ()


def line_place(workspace: Workspace, record_id: UUID) -> LinePlace | None:
    """Return where a record stands in minutes; None when it is of no meeting (any more).

    A record without a line stands under its agenda item; an agenda item is its own place.
    """
    line, minutes, item = schema.typed_line, schema.minutes, schema.agenda_item
    with workspace.read() as session:
        row = session.execute(
            select(line, minutes.c.meeting_id)
            .join_from(line, minutes, minutes.c.id == line.c.minutes_id)
            .where(line.c.record_id == record_id)
        ).first()
        if row is not None:
            there = line_table.read(row).tie is Tie.LIVE
            return LinePlace(row.meeting_id, row.agenda_item_id, row.line if there else "")
        tables = (schema.action, schema.decision, schema.information, schema.review_question)
        of_records = [(table, table.c.agenda_item_id) for table in tables]
        for table, column in [(item, item.c.id), *of_records]:
            query = select(table.c.meeting_id, column).where(table.c.id == record_id)
            found = session.execute(query).first()
            if found is not None and found[0] is not None:
                return LinePlace(found[0], found[1], "")
    return None


def lines_concerned(workspace: Workspace, changes: Changes) -> list[UUID]:
    """Return the meetings whose typed lines a change may concern: drafts only, newest first.

    Those whose text or records changed; where people or the plan changed, all of the project that
    have typed lines.
    """
    line, minutes, meeting = schema.typed_line.c, schema.minutes.c, schema.meeting.c
    many = len(changes.ids) > _MOST
    ids = [] if many else list(changes.ids)
    chosen: list[ColumnElement[bool]] = [minutes.id.in_(ids), line.record_id.in_(ids)]
    if many or changes.kinds & NAMED_IN_LINES:
        of_project: ColumnElement[bool] = line.record_id.is_not(None)
        if changes.project_ids:
            of_project = and_(of_project, meeting.project_id.in_(list(changes.project_ids)))
        chosen.append(of_project)
    query = (
        select(meeting.id)
        .join_from(schema.minutes, schema.meeting, minutes.meeting_id == meeting.id)
        .outerjoin(schema.typed_line, line.minutes_id == minutes.id)
        .where(minutes.state == MinutesState.DRAFT, or_(*chosen))
        .group_by(meeting.id, meeting.starts_at)
        .order_by(meeting.starts_at.desc(), meeting.id)
    )
    with workspace.read() as session:
        return list(session.scalars(query))


def lines_lately(workspace: Workspace, most: int) -> list[UUID]:
    """Return the meetings whose draft minutes were written last."""
    minutes, update = schema.minutes.c, schema.minutes_update.c
    last = func.max(update.at)
    query = (
        select(minutes.meeting_id)
        .join_from(schema.minutes, schema.minutes_update, update.minutes_id == minutes.id)
        .where(minutes.state == MinutesState.DRAFT)
        .group_by(minutes.meeting_id)
        .order_by(last.desc())
        .limit(most)
    )
    with workspace.read() as session:
        return list(session.scalars(query))


def _labels(workspace: Workspace, agreed: list[Agreed]) -> dict[UUID, str]:
    labels: dict[UUID, str] = {}
    with workspace.read() as session:
        for kind in {each.kind for each in agreed}:
            table = TABLES[line_records.entity_of(kind)]
            ids = [each.record_id for each in agreed if each.kind is kind]
            for row in session.execute(
                select(table.c.id, table.c.number).where(table.c.id.in_(ids))
            ):
                labels[row.id] = line_records.label_of(kind, row.number)
    return labels


def _kept(agreed: list[Agreed], labels: dict[UUID, str]) -> tuple[KeptRecordRow, ...]:
    return tuple(
        KeptRecordRow(
            each.item_id, each.kind, each.record_id, labels[each.record_id], each.line.text
        )
        for each in agreed
        if each.tie is Tie.KEPT and each.record_id in labels
    )
