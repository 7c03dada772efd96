"""Use cases that read: frozen rows, never entities.

A name loads its module when it is first asked for, as those of `services.commands` do. Any of
them loads SQLAlchemy; see `services.workspace`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from projectdesk.services.lazily import lazily

if TYPE_CHECKING:
    from projectdesk.services.conflicts import conflict as conflict
    from projectdesk.services.kept_settings import setting as setting
    from projectdesk.services.queries.actions import action_detail as action_detail
    from projectdesk.services.queries.actions import action_numbered as action_numbered
    from projectdesk.services.queries.actions import actions as actions
    from projectdesk.services.queries.after_call import after_call as after_call
    from projectdesk.services.queries.agenda_drafts import agenda_templates as agenda_templates
    from projectdesk.services.queries.agenda_drafts import filled_template as filled_template
    from projectdesk.services.queries.agenda_drafts import read_agenda_text as read_agenda_text
    from projectdesk.services.queries.agendas import agenda as agenda
    from projectdesk.services.queries.agendas import agenda_plan as agenda_plan
    from projectdesk.services.queries.attendance import attendance as attendance
    from projectdesk.services.queries.attendance import attendance_list as attendance_list
    from projectdesk.services.queries.attendance import partner_attendance as partner_attendance
    from projectdesk.services.queries.backlog import backlog as backlog
    from projectdesk.services.queries.backlog import carry_over as carry_over
    from projectdesk.services.queries.busy import busy_sources as busy_sources
    from projectdesk.services.queries.busy import busy_times as busy_times
    from projectdesk.services.queries.calendar import calendar as calendar
    from projectdesk.services.queries.calendar import calendar_meetings as calendar_meetings
    from projectdesk.services.queries.checking import check_plan as check_plan
    from projectdesk.services.queries.consortium import bodies as bodies
    from projectdesk.services.queries.consortium import body_members as body_members
    from projectdesk.services.queries.consortium import me as me
    from projectdesk.services.queries.consortium import organisations as organisations
    from projectdesk.services.queries.consortium import partners as partners
    from projectdesk.services.queries.consortium import people as people
    from projectdesk.services.queries.consortium import project as project
    from projectdesk.services.queries.consortium import project_by_acronym as project_by_acronym
    from projectdesk.services.queries.consortium import projects as projects
    from projectdesk.services.queries.date_polls import date_poll as date_poll
    from projectdesk.services.queries.date_polls import date_poll_named as date_poll_named
    from projectdesk.services.queries.date_polls import date_polls as date_polls
    from projectdesk.services.queries.decisions import decision_detail as decision_detail
    from projectdesk.services.queries.decisions import decision_named as decision_named
    from projectdesk.services.queries.decisions import decision_register as decision_register
    from projectdesk.services.queries.decisions import find_decisions as find_decisions
    from projectdesk.services.queries.directory import (
        choosable_organisations as choosable_organisations,
    )
    from projectdesk.services.queries.directory import directory_state as directory_state
    from projectdesk.services.queries.directory import search_directory as search_directory
    from projectdesk.services.queries.documents import attached_documents as attached_documents
    from projectdesk.services.queries.documents import document_owners as document_owners
    from projectdesk.services.queries.documents import meeting_documents as meeting_documents
    from projectdesk.services.queries.duplicates import (
        duplicate_organisations as duplicate_organisations,
    )
    from projectdesk.services.queries.duplicates import duplicate_people as duplicate_people
    from projectdesk.services.queries.effort import effort_lines as effort_lines
    from projectdesk.services.queries.effort import effort_matrix as effort_matrix
    from projectdesk.services.queries.gantt import gantt as gantt
    from projectdesk.services.queries.history import dependents as dependents
    from projectdesk.services.queries.history import dependents_of as dependents_of
    from projectdesk.services.queries.history import history as history
    from projectdesk.services.queries.holdings import holdings as holdings
    from projectdesk.services.queries.home import home as home
    from projectdesk.services.queries.late import late_items as late_items
    from projectdesk.services.queries.mailing_lists import mailing_list as mailing_list
    from projectdesk.services.queries.mailing_lists import mailing_lists as mailing_lists
    from projectdesk.services.queries.meetings import invitations as invitations
    from projectdesk.services.queries.meetings import meeting as meeting
    from projectdesk.services.queries.meetings import meetings as meetings
    from projectdesk.services.queries.meetings import notes as notes
    from projectdesk.services.queries.memberships import memberships as memberships
    from projectdesk.services.queries.memberships import project_names as project_names
    from projectdesk.services.queries.minutes_life import accepting_meetings as accepting_meetings
    from projectdesk.services.queries.minutes_life import circulation_plan as circulation_plan
    from projectdesk.services.queries.minutes_life import minutes_life as minutes_life
    from projectdesk.services.queries.notice import meeting_notice as meeting_notice
    from projectdesk.services.queries.plan import dependencies as dependencies
    from projectdesk.services.queries.plan import risks as risks
    from projectdesk.services.queries.procedures import deciding_bodies as deciding_bodies
    from projectdesk.services.queries.procedures import procedure_named as procedure_named
    from projectdesk.services.queries.procedures import procedures as procedures
    from projectdesk.services.queries.procedures import vote_detail as vote_detail
    from projectdesk.services.queries.recent import changes_since as changes_since
    from projectdesk.services.queries.register import decisions as decisions
    from projectdesk.services.queries.reminders import due_reminders as due_reminders
    from projectdesk.services.queries.reminders import meeting_reminders as meeting_reminders
    from projectdesk.services.queries.reminders import usual_reminders as usual_reminders
    from projectdesk.services.queries.reporting import effort_statements as effort_statements
    from projectdesk.services.queries.reporting import period_by_number as period_by_number
    from projectdesk.services.queries.reporting import reporting_period as reporting_period
    from projectdesk.services.queries.reporting import reporting_periods as reporting_periods
    from projectdesk.services.queries.reviews import review_pack as review_pack
    from projectdesk.services.queries.reviews import review_questions as review_questions
    from projectdesk.services.queries.sacrifices import sacrifices as sacrifices
    from projectdesk.services.queries.searching import recent as recent
    from projectdesk.services.queries.searching import search as search
    from projectdesk.services.queries.slots import slot_at as slot_at
    from projectdesk.services.queries.slots import slot_series as slot_series
    from projectdesk.services.queries.slots import slots as slots
    from projectdesk.services.queries.talk import captions as captions
    from projectdesk.services.queries.talk import documents as documents
    from projectdesk.services.queries.talk import pending_documents as pending_documents
    from projectdesk.services.queries.talk import polls as polls
    from projectdesk.services.queries.typed_lines import kept_records as kept_records
    from projectdesk.services.queries.typed_lines import line_place as line_place
    from projectdesk.services.queries.typed_lines import line_reading as line_reading
    from projectdesk.services.queries.typed_lines import lines_concerned as lines_concerned
    from projectdesk.services.queries.typed_lines import lines_lately as lines_lately
    from projectdesk.services.queries.typed_lines import recorded_lines as recorded_lines
    from projectdesk.services.queries.typed_lines import typed_lines as typed_lines
    from projectdesk.services.queries.votes import meeting_votes as meeting_votes
    from projectdesk.services.queries.votes import project_votes as project_votes
    from projectdesk.services.queries.workplan import deliverables as deliverables
    from projectdesk.services.queries.workplan import milestones as milestones
    from projectdesk.services.queries.workplan import tasks as tasks
    from projectdesk.services.queries.workplan import work_packages as work_packages
    from projectdesk.services.queries.world import world as world
    from projectdesk.services.queries.zones import coordinator_zone as coordinator_zone

NAMES: Final[Mapping[str, str]] = {
    "services.conflicts": "conflict",
    "services.kept_settings": "setting",
    "services.queries.actions": "action_detail action_numbered actions",
    "services.queries.after_call": "after_call",
    "services.queries.agenda_drafts": "agenda_templates filled_template read_agenda_text",
    "services.queries.agendas": "agenda agenda_plan",
    "services.queries.attendance": "attendance attendance_list partner_attendance",
    "services.queries.backlog": "backlog carry_over",
    "services.queries.busy": "busy_sources busy_times",
    "services.queries.calendar": "calendar calendar_meetings",
    "services.queries.checking": "check_plan",
    "services.queries.consortium": (
        "bodies body_members me organisations partners people project project_by_acronym projects"
    ),
    "services.queries.date_polls": "date_poll date_poll_named date_polls",
    "services.queries.decisions": "decision_detail decision_named decision_register find_decisions",
    "services.queries.directory": "choosable_organisations directory_state search_directory",
    "services.queries.documents": "attached_documents document_owners meeting_documents",
    "services.queries.duplicates": "duplicate_organisations duplicate_people",
    "services.queries.effort": "effort_lines effort_matrix",
    "services.queries.gantt": "gantt",
    "services.queries.history": "dependents dependents_of history",
    "services.queries.holdings": "holdings",
    "services.queries.home": "home",
    "services.queries.late": "late_items",
    "services.queries.mailing_lists": "mailing_list mailing_lists",
    "services.queries.meetings": "invitations meeting meetings notes",
    "services.queries.memberships": "memberships project_names",
    "services.queries.minutes_life": "accepting_meetings circulation_plan minutes_life",
    "services.queries.notice": "meeting_notice",
    "services.queries.plan": "dependencies risks",
    "services.queries.procedures": "deciding_bodies procedure_named procedures vote_detail",
    "services.queries.recent": "changes_since",
    "services.queries.register": "decisions",
    "services.queries.reminders": "due_reminders meeting_reminders usual_reminders",
    "services.queries.reporting": (
        "effort_statements period_by_number reporting_period reporting_periods"
    ),
    "services.queries.reviews": "review_pack review_questions",
    "services.queries.sacrifices": "sacrifices",
    "services.queries.searching": "recent search",
    "services.queries.slots": "slot_at slot_series slots",
    "services.queries.talk": "captions documents pending_documents polls",
    "services.queries.typed_lines": (
        "kept_records line_place line_reading lines_concerned lines_lately recorded_lines "
        "typed_lines"
    ),
    "services.queries.votes": "meeting_votes project_votes",
    "services.queries.workplan": "deliverables milestones tasks work_packages",
    "services.queries.world": "world",
    "services.queries.zones": "coordinator_zone",
}
"""By the module below `projectdesk` that has them; a test compares them with the imports."""

lazily(__name__, NAMES)
