"""Rows of the Home page: what waits, and what happened since the person was last here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from projectdesk.services.circulation_rows import MinutesLife
from projectdesk.services.notice_rows import NoticeRow
from projectdesk.services.plan_rows import LateRow
from projectdesk.services.rows import ActionRow, Kind, MeetingRow


@dataclass(frozen=True)
class RecentRow:
    """One change that somebody else made, or that a host told of.

    what: in words. who: made it, "" for a host. kind, record_id: one record of it, to be opened.
    project: acronym, "" for what is in no project.
    """

    change_id: UUID
    at: datetime
    who: str
    what: str
    kind: Kind
    record_id: UUID
    project_id: UUID | None
    project: str


@dataclass(frozen=True)
class HomeRow:
    """What waits, each ordered by its date.

    meetings: the next ones. late: late or due soon of the plans. my_actions, late_actions: open;
    late_actions are everybody's, mine included. recent: since the person was last here. notices:
    of meetings to come with a date of notice that is near or missed. zones: of who is invited to
    each of the meetings, where most are first. minutes: drafts that are due, windows that run,
    objections to answer. unfinished: of drafts, how many things are to finish before they go out.
    """

    meetings: tuple[MeetingRow, ...]
    late: tuple[LateRow, ...]
    my_actions: tuple[ActionRow, ...]
    late_actions: tuple[ActionRow, ...]
    recent: tuple[RecentRow, ...]
    notices: tuple[NoticeRow, ...] = ()
    zones: Mapping[UUID, tuple[str, ...]] = field(default_factory=dict)
    minutes: tuple[MinutesLife, ...] = ()
    unfinished: Mapping[UUID, int] = field(default_factory=dict)
