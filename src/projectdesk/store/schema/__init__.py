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
    "body",
    "body_member",
    "caption_line",
    "connection_check",
    "decision",
    "deliverable",
    "dependency",
    "directory_entry",
    "document",
    "document_content",
    "effort",
    "effort_statement",
    "history",
    "invitation",
    "journal_cursor",
    "meeting",
    "membership",
    "metadata",
    "milestone",
    "minutes",
    "minutes_update",
    "organisation",
    "partner",
    "person",
    "poll",
    "project",
    "reported_effort",
    "reporting_period",
    "risk",
    "search_entry",
    "setting",
    "task",
    "work_package",
]
