"""The tables: a record's is named as its kind (`services.rows.Kind`), its columns as its fields.

References are deferred to the commit, so that the rows of one change come in any order. None of
them cascades: a change deletes and loosens what depends on a record itself, with history, and a
dependent it forgot is refused by the database instead of lost (docs/adr/0031).
"""

from __future__ import annotations

from projectdesk.store.schema.base import metadata
from projectdesk.store.schema.consortium import (
    body,
    body_member,
    membership,
    organisation,
    partner,
    person,
    project,
)
from projectdesk.store.schema.effort import (
    effort,
    effort_statement,
    reported_effort,
    reporting_period,
)
from projectdesk.store.schema.meetings import (
    action,
    agenda_item,
    attendance,
    decision,
    invitation,
    meeting,
    minutes,
)
from projectdesk.store.schema.preparation import (
    backlog_item,
    busy_source,
    busy_time,
    calendar_feed,
    date_option,
    date_poll,
    date_vote,
    date_voter,
    incoming_mail,
    meeting_series,
    outgoing_mail,
    own_template,
    reminder,
    review_question,
)
from projectdesk.store.schema.records import (
    applied_entry,
    connection_check,
    directory_entry,
    history,
    journal_cursor,
    minutes_update,
    search_entry,
    setting,
)
from projectdesk.store.schema.talk import caption_line, document, document_content, poll
from projectdesk.store.schema.told import told_invitee
from projectdesk.store.schema.workplan import (
    deliverable,
    dependency,
    milestone,
    risk,
    task,
    work_package,
)

__all__ = [
    "action",
    "agenda_item",
    "applied_entry",
    "attendance",
    "backlog_item",
    "body",
    "body_member",
    "busy_source",
    "busy_time",
    "calendar_feed",
    "caption_line",
    "connection_check",
    "date_option",
    "date_poll",
    "date_vote",
    "date_voter",
    "decision",
    "deliverable",
    "dependency",
    "directory_entry",
    "document",
    "document_content",
    "effort",
    "effort_statement",
    "history",
    "incoming_mail",
    "invitation",
    "journal_cursor",
    "meeting",
    "meeting_series",
    "membership",
    "metadata",
    "milestone",
    "minutes",
    "minutes_update",
    "organisation",
    "outgoing_mail",
    "own_template",
    "partner",
    "person",
    "poll",
    "project",
    "reminder",
    "reported_effort",
    "reporting_period",
    "review_question",
    "risk",
    "search_entry",
    "setting",
    "task",
    "told_invitee",
    "work_package",
]
