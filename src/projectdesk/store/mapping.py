"""Which table holds which entity; imperative, so that the domain knows no database (decisions 8).

Importing this module maps. Versions are raised by the unit of work (`services.session`), once a
change, and every UPDATE and DELETE names the version it saw.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import registry

from projectdesk.domain.consortium import (
    Body,
    BodyMember,
    Membership,
    Organisation,
    Partner,
    Person,
    Project,
)
from projectdesk.domain.effort import (
    Effort,
    EffortStatement,
    PlannedShare,
    ReportedEffort,
    ReportingPeriod,
)
from projectdesk.domain.meetings import AgendaItem, Invitation, Meeting
from projectdesk.domain.minutes import (
    Action,
    ActionNote,
    AttendanceCorrection,
    AttendanceInterval,
    Companion,
    Decision,
    Information,
    Minutes,
    MinutesReader,
    Objection,
)
from projectdesk.domain.preparation import (
    BacklogItem,
    BusySource,
    CalendarFeed,
    DateOption,
    DatePoll,
    DateVote,
    DateVoter,
    MeetingSeries,
    OwnTemplate,
    Reminder,
    ReviewQuestion,
)
from projectdesk.domain.talk import CaptionLine, Document, Poll
from projectdesk.domain.voting import Proxy, Veto, Vote, VoteSeat
from projectdesk.domain.workplan import (
    Deliverable,
    Dependency,
    Milestone,
    Risk,
    Task,
    WorkPackage,
)
from projectdesk.store import schema

mapper_registry = registry(metadata=schema.metadata)

TABLES: dict[type[Any], Table] = {
    Project: schema.project,
    Organisation: schema.organisation,
    Partner: schema.partner,
    Person: schema.person,
    Membership: schema.membership,
    Body: schema.body,
    BodyMember: schema.body_member,
    WorkPackage: schema.work_package,
    Task: schema.task,
    Deliverable: schema.deliverable,
    Milestone: schema.milestone,
    Dependency: schema.dependency,
    Risk: schema.risk,
    Effort: schema.effort,
    ReportingPeriod: schema.reporting_period,
    EffortStatement: schema.effort_statement,
    ReportedEffort: schema.reported_effort,
    PlannedShare: schema.planned_share,
    MeetingSeries: schema.meeting_series,
    Meeting: schema.meeting,
    AgendaItem: schema.agenda_item,
    Invitation: schema.invitation,
    Minutes: schema.minutes,
    Decision: schema.decision,
    Action: schema.action,
    AttendanceInterval: schema.attendance,
    Poll: schema.poll,
    Document: schema.document,
    CaptionLine: schema.caption_line,
    BacklogItem: schema.backlog_item,
    OwnTemplate: schema.own_template,
    DatePoll: schema.date_poll,
    DateOption: schema.date_option,
    DateVoter: schema.date_voter,
    DateVote: schema.date_vote,
    BusySource: schema.busy_source,
    Reminder: schema.reminder,
    CalendarFeed: schema.calendar_feed,
    ReviewQuestion: schema.review_question,
    MinutesReader: schema.minutes_reader,
    Objection: schema.objection,
    Vote: schema.vote,
    VoteSeat: schema.vote_seat,
    Proxy: schema.proxy,
    Veto: schema.veto,
    ActionNote: schema.action_note,
    Information: schema.information,
    AttendanceCorrection: schema.attendance_correction,
    Companion: schema.companion,
}
"""Every mapped entity and its table. The table's name is the entity's kind."""

ENTITIES: dict[str, type[Any]] = {table.name: entity for entity, table in TABLES.items()}
"""Every mapped entity by kind."""

for _entity, _table in TABLES.items():
    mapper_registry.map_imperatively(
        _entity, _table, version_id_col=_table.c.version, version_id_generator=False
    )


def kind_of(entity: object) -> str:
    """Return the kind of a mapped entity or class: the name of its table."""
    return TABLES[entity if isinstance(entity, type) else type(entity)].name
