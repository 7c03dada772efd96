"""Change agendas: order, sections, days; items to and from the backlog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

from projectdesk.domain.meetings import AgendaItem, Meeting, MeetingState
from projectdesk.domain.rules.agenda_template import DraftItem
from projectdesk.domain.rules.agenda_times import LAST_DAY, Night
from projectdesk.domain.rules.zoned_time import to_utc
from projectdesk.errors import DomainError
from projectdesk.services.agenda_making import (
    agenda_items,
    insert_items,
    items_in_order,
    renumber,
)
from projectdesk.services.editing import add_record
from projectdesk.services.queries.agenda_drafts import ImportedAgenda, read_agenda_text
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.workspace import Workspace


def move_agenda_item(
    workspace: Workspace,
    item_id: UUID,
    new_position: int,
    *,
    day: int | None = None,
    section: str | None = None,
    track: str | None = None,
) -> Changes:
    """Put an agenda item at another place; the items between move up or down by one.

    Args:
        workspace: the open data.
        item_id: which item.
        new_position: its place among the other items, 0 = first; beyond the last is the last.
        day: on which day it is then, None = as before.
        section: under which heading it stands then, None = as before.
        track: in which of parallel sessions it is then, None = as before.

    Raises:
        NotFound: no such item.
        DomainError: `bad_day`.
    """
    if day is not None and not 1 <= day <= LAST_DAY:
        raise DomainError("bad_day", "A meeting has days 1 to {last}.", last=LAST_DAY)
    with workspace.change("Move an agenda item") as unit:
        moved = unit.get(AgendaItem, item_id)
        unit.label = f"Move “{moved.title}”"
        items = [
            item for item in items_in_order(unit.session, moved.meeting_id) if item is not moved
        ]
        items.insert(max(0, new_position), moved)
        wanted = (("day", day), ("section", section), ("track", track))
        for name, value in wanted:
            if value is not None and getattr(moved, name) != value:
                setattr(moved, name, value)
        renumber(sorted(items, key=lambda item: item.day))
    return unit.changes


def add_agenda_item(
    workspace: Workspace, meeting_id: UUID, values: Mapping[str, object], at: int | None = None
) -> tuple[UUID, Changes]:
    """Make an agenda item at a place.

    Args:
        workspace: the open data.
        meeting_id: of which meeting.
        values: its fields, as for `commands.create`.
        at: before the item that stands there, 0 = first; None = last of its day.

    Raises:
        DomainError: a field cannot hold its value.
    """
    with workspace.change("Add agenda item") as unit:
        others = items_in_order(unit.session, meeting_id)
        item: AgendaItem = add_record(
            unit, Kind.AGENDA_ITEM, {**values, "meeting_id": meeting_id, "position": 0}
        )
        if at is None:
            at = sum(other.day <= item.day for other in others)
        others.insert(at, item)
        renumber(sorted(others, key=lambda each: each.day))
        unit.label = f"Add agenda item “{item.title}”"
    return item.id, unit.changes


def add_drafts(
    workspace: Workspace, meeting_id: UUID, drafts: Sequence[DraftItem], label: str = ""
) -> Changes:
    """Put drafts at the end of an agenda, those of a day at the end of that day, as one change.

    label: what is done, in words.
    """
    with workspace.change(label or "Add agenda items") as unit:
        unit.get(Meeting, meeting_id)
        insert_items(unit.session, meeting_id, agenda_items(meeting_id, drafts, unit.now))
    return unit.changes


def replace_agenda(
    workspace: Workspace, meeting_id: UUID, drafts: Sequence[DraftItem], label: str = ""
) -> Changes:
    """Put drafts in place of the agenda that is there, as one change.

    Raises:
        DomainError: `meeting_began`: what was talked about stays.
    """
    from projectdesk.services import dependents

    with workspace.change(label or "Replace the agenda") as unit:
        meeting = unit.get(Meeting, meeting_id)
        if meeting.state is not MeetingState.PLANNED:
            raise DomainError(
                "meeting_began", "This meeting was begun: its agenda is not replaced any more."
            )
        ids = [item.id for item in items_in_order(unit.session, meeting_id)]
        if ids:
            dependents.carry_out(
                unit.session, dependents.plan_deletions(unit.session, Kind.AGENDA_ITEM, ids)
            )
        unit.add(*agenda_items(meeting_id, drafts, unit.now))
    return unit.changes


def rename_section(workspace: Workspace, meeting_id: UUID, day: int, old: str, new: str) -> Changes:
    """Give a heading of one day another text; "" takes it away and keeps its items."""
    new = " ".join(new.split())
    with workspace.change(f"Rename section “{old}”") as unit:
        for item in items_in_order(unit.session, meeting_id):
            if item.day == day and item.section == old and item.section != new:
                item.section = new
    return unit.changes


def set_days(workspace: Workspace, meeting_id: UUID, hours: Sequence[tuple[time, time]]) -> Changes:
    """Say from when until when each day of a meeting lasts, in its zone.

    Args:
        workspace: the open data.
        meeting_id: which meeting.
        hours: begin and end of each day; the first begin moves the meeting's start.

    Raises:
        DomainError: `bad_day`: no day, too many, or one that ends before it begins.
    """
    if not 1 <= len(hours) <= LAST_DAY:
        raise DomainError("bad_day", "A meeting has 1 to {last} days.", last=LAST_DAY)
    for number, (begins, ends) in enumerate(hours, 1):
        if ends <= begins:
            raise DomainError(
                "bad_day",
                "Day {day} ends at {ends}, before it begins at {begins}.",
                day=number,
                begins=f"{begins:%H:%M}",
                ends=f"{ends:%H:%M}",
            )
    with workspace.change("Set the days") as unit:
        meeting = unit.get(Meeting, meeting_id)
        unit.label = f"Set the days of {meeting.title}"
        first = datetime.combine(meeting.local_start.date(), hours[0][0])
        last = first.date() + timedelta(days=len(hours) - 1)
        starts = to_utc(first, meeting.zone, meeting.fold_rule)
        ends_at = to_utc(datetime.combine(last, hours[-1][1]), meeting.zone, meeting.fold_rule)
        values = {
            "local_start": first,
            "starts_at": starts,
            "duration_minutes": round((ends_at - starts) / timedelta(minutes=1)),
            "nights": [str(Night(one[1], other[0])) for one, other in pairwise(hours)],
        }
        for name, value in values.items():
            if getattr(meeting, name) != value:
                setattr(meeting, name, value)
    return unit.changes


def import_agenda(
    workspace: Workspace, meeting_id: UUID, text: str, name: str = "", *, replace: bool = False
) -> tuple[ImportedAgenda, Changes]:
    """Put an agenda out of a text (Markdown, or pasted) on that of a meeting, as one change.

    Args:
        workspace: the open data.
        meeting_id: which meeting.
        text: the agenda; see `exchange.agendas`.
        name: of the file it comes from.
        replace: in place of what is there, else after it.

    Returns:
        What was read, with its findings, and what changed.

    Raises:
        NotFound: no such meeting.
        UnreadableFile: the text holds no agenda.
        DomainError: `meeting_began`.
    """
    read = read_agenda_text(workspace, meeting_id, text, name)
    what = f"Import the agenda {name}".strip() if name else "Import an agenda"
    put = replace_agenda if replace else add_drafts
    return read, put(workspace, meeting_id, read.drafts, what)
