"""Use cases that change data: one transaction each, announced after the commit.

A name loads its module when it is first asked for (docs/adr/0065): a start needs a few of them,
and all are a second of loading. Any of them loads SQLAlchemy; see `services.workspace`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from projectdesk.services.lazily import lazily

if TYPE_CHECKING:
    from projectdesk.mail.ballot_letter import BallotOccasion as BallotOccasion
    from projectdesk.services.commands.after_call import take_to_meeting as take_to_meeting
    from projectdesk.services.commands.agenda_sending import (
        compose_agenda_mails as compose_agenda_mails,
    )
    from projectdesk.services.commands.agenda_sending import mark_agenda_sent as mark_agenda_sent
    from projectdesk.services.commands.agenda_sending import save_agenda_mails as save_agenda_mails
    from projectdesk.services.commands.agenda_sending import send_agenda as send_agenda
    from projectdesk.services.commands.agendas import add_agenda_item as add_agenda_item
    from projectdesk.services.commands.agendas import add_drafts as add_drafts
    from projectdesk.services.commands.agendas import import_agenda as import_agenda
    from projectdesk.services.commands.agendas import move_agenda_item as move_agenda_item
    from projectdesk.services.commands.agendas import rename_section as rename_section
    from projectdesk.services.commands.agendas import replace_agenda as replace_agenda
    from projectdesk.services.commands.agendas import set_days as set_days
    from projectdesk.services.commands.attach_existing import attach_existing as attach_existing
    from projectdesk.services.commands.attachments import attach_documents as attach_documents
    from projectdesk.services.commands.attachments import copy_to_open as copy_to_open
    from projectdesk.services.commands.attachments import move_document as move_document
    from projectdesk.services.commands.attendance import add_companion as add_companion
    from projectdesk.services.commands.attendance import announce_proxy as announce_proxy
    from projectdesk.services.commands.attendance import confirm_attendance as confirm_attendance
    from projectdesk.services.commands.attendance import correct_attendance as correct_attendance
    from projectdesk.services.commands.attendance import end_proxy as end_proxy
    from projectdesk.services.commands.attendance import mark_attendance as mark_attendance
    from projectdesk.services.commands.attendance import measured_only as measured_only
    from projectdesk.services.commands.attendance import set_hours as set_hours
    from projectdesk.services.commands.backlog import carry_over as carry_over
    from projectdesk.services.commands.backlog import to_agenda as to_agenda
    from projectdesk.services.commands.backlog import to_backlog as to_backlog
    from projectdesk.services.commands.backup import back_up as back_up
    from projectdesk.services.commands.backup import back_up_daily as back_up_daily
    from projectdesk.services.commands.backup import restore as restore
    from projectdesk.services.commands.bodies import add_body_members as add_body_members
    from projectdesk.services.commands.calendar_feeds import create_feed as create_feed
    from projectdesk.services.commands.calendar_feeds import renew_feed as renew_feed
    from projectdesk.services.commands.calendar_feeds import revoke_feed as revoke_feed
    from projectdesk.services.commands.calendar_files import export_calendar as export_calendar
    from projectdesk.services.commands.calendar_imports import Refreshed as Refreshed
    from projectdesk.services.commands.calendar_imports import add_busy_address as add_busy_address
    from projectdesk.services.commands.calendar_imports import import_busy as import_busy
    from projectdesk.services.commands.calendar_imports import import_calendar as import_calendar
    from projectdesk.services.commands.calendar_imports import refresh_busy as refresh_busy
    from projectdesk.services.commands.collect import collect as collect
    from projectdesk.services.commands.collect import journal_position as journal_position
    from projectdesk.services.commands.compiling import compile_period as compile_period
    from projectdesk.services.commands.consortium import NewPartner as NewPartner
    from projectdesk.services.commands.consortium import Succession as Succession
    from projectdesk.services.commands.consortium import change_coordinator as change_coordinator
    from projectdesk.services.commands.consortium import join_consortium as join_consortium
    from projectdesk.services.commands.consortium import leave_consortium as leave_consortium
    from projectdesk.services.commands.consortium import renumber_partners as renumber_partners
    from projectdesk.services.commands.consortium import replace_partner as replace_partner
    from projectdesk.services.commands.copy_database import copy_to_file as copy_to_file
    from projectdesk.services.commands.copy_database import copy_to_team as copy_to_team
    from projectdesk.services.commands.copy_database import refresh_copy as refresh_copy
    from projectdesk.services.commands.date_polls import NewVoter as NewVoter
    from projectdesk.services.commands.date_polls import add_dates as add_dates
    from projectdesk.services.commands.date_polls import cancel_poll as cancel_poll
    from projectdesk.services.commands.date_polls import close_poll as close_poll
    from projectdesk.services.commands.date_polls import create_poll as create_poll
    from projectdesk.services.commands.date_polls import enter_answers as enter_answers
    from projectdesk.services.commands.date_polls import enter_votes as enter_votes
    from projectdesk.services.commands.date_polls import open_poll as open_poll
    from projectdesk.services.commands.date_polls import remind_voters as remind_voters
    from projectdesk.services.commands.date_polls import renew_poll_link as renew_poll_link
    from projectdesk.services.commands.date_polls import revoke_voter as revoke_voter
    from projectdesk.services.commands.date_polls import set_voters as set_voters
    from projectdesk.services.commands.decisions import add_follow_up as add_follow_up
    from projectdesk.services.commands.decisions import raise_veto as raise_veto
    from projectdesk.services.commands.decisions import reinstate_decision as reinstate_decision
    from projectdesk.services.commands.decisions import replace_decision as replace_decision
    from projectdesk.services.commands.decisions import settle_veto as settle_veto
    from projectdesk.services.commands.decisions import withdraw_decision as withdraw_decision
    from projectdesk.services.commands.directory import add_partner as add_partner
    from projectdesk.services.commands.directory import (
        add_partner_from_directory as add_partner_from_directory,
    )
    from projectdesk.services.commands.directory import directory_fields as directory_fields
    from projectdesk.services.commands.directory import import_directory as import_directory
    from projectdesk.services.commands.documents import export_document as export_document
    from projectdesk.services.commands.documents import export_register as export_register
    from projectdesk.services.commands.edit import RecordEdit as RecordEdit
    from projectdesk.services.commands.edit import create as create
    from projectdesk.services.commands.edit import delete as delete
    from projectdesk.services.commands.edit import delete_many as delete_many
    from projectdesk.services.commands.edit import edit_many as edit_many
    from projectdesk.services.commands.edit import set_fields as set_fields
    from projectdesk.services.commands.effort import set_efforts as set_efforts
    from projectdesk.services.commands.gantt import move_bars as move_bars
    from projectdesk.services.commands.gantt_files import write_gantt_pdf as write_gantt_pdf
    from projectdesk.services.commands.gantt_files import write_picture as write_picture
    from projectdesk.services.commands.held_times import forget_when_held as forget_when_held
    from projectdesk.services.commands.held_times import say_when_held as say_when_held
    from projectdesk.services.commands.imports import import_cordis as import_cordis
    from projectdesk.services.commands.invitations import invite as invite
    from projectdesk.services.commands.invitations import renew_invitation as renew_invitation
    from projectdesk.services.commands.invitations import revoke_invitation as revoke_invitation
    from projectdesk.services.commands.mailing_lists import (
        export_mailing_list as export_mailing_list,
    )
    from projectdesk.services.commands.meetings import plan_meeting as plan_meeting
    from projectdesk.services.commands.meetings import (
        refresh_planned_times as refresh_planned_times,
    )
    from projectdesk.services.commands.merge import bring_back as bring_back
    from projectdesk.services.commands.merge import resolve as resolve
    from projectdesk.services.commands.merge import save_fields as save_fields
    from projectdesk.services.commands.merge_many import save_many as save_many
    from projectdesk.services.commands.merging import merge_organisations as merge_organisations
    from projectdesk.services.commands.merging import merge_people as merge_people
    from projectdesk.services.commands.minutes_acceptance import AcceptedMinutes as AcceptedMinutes
    from projectdesk.services.commands.minutes_acceptance import accept_minutes as accept_minutes
    from projectdesk.services.commands.minutes_acceptance import approve_minutes as approve_minutes
    from projectdesk.services.commands.minutes_acceptance import revise_minutes as revise_minutes
    from projectdesk.services.commands.minutes_acceptance import settle_minutes as settle_minutes
    from projectdesk.services.commands.minutes_life import (
        add_minutes_readers as add_minutes_readers,
    )
    from projectdesk.services.commands.minutes_life import circulate_minutes as circulate_minutes
    from projectdesk.services.commands.minutes_life import circulate_to_files as circulate_to_files
    from projectdesk.services.commands.minutes_life import renew_reader_link as renew_reader_link
    from projectdesk.services.commands.minutes_life import revoke_reader as revoke_reader
    from projectdesk.services.commands.minutes_life import save_minutes_mails as save_minutes_mails
    from projectdesk.services.commands.minutes_life import send_minutes_again as send_minutes_again
    from projectdesk.services.commands.minutes_notices import choose_notices as choose_notices
    from projectdesk.services.commands.minutes_notices import save_notices as save_notices
    from projectdesk.services.commands.minutes_notices import send_notices as send_notices
    from projectdesk.services.commands.minutes_objections import (
        answer_objection as answer_objection,
    )
    from projectdesk.services.commands.minutes_objections import enter_objection as enter_objection
    from projectdesk.services.commands.minutes_objections import note_received as note_received
    from projectdesk.services.commands.notice import note_sent as note_sent
    from projectdesk.services.commands.people import export_people as export_people
    from projectdesk.services.commands.people import import_people as import_people
    from projectdesk.services.commands.periodic_report import (
        export_periodic_report as export_periodic_report,
    )
    from projectdesk.services.commands.plan_files import CORDIS_DELIVERABLES as CORDIS_DELIVERABLES
    from projectdesk.services.commands.plan_files import PlanFormat as PlanFormat
    from projectdesk.services.commands.plan_files import (
        export_application_tables as export_application_tables,
    )
    from projectdesk.services.commands.plan_files import export_work_plan as export_work_plan
    from projectdesk.services.commands.plan_files import (
        import_published_deliverables as import_published_deliverables,
    )
    from projectdesk.services.commands.plan_files import import_work_plan as import_work_plan
    from projectdesk.services.commands.plan_files import (
        is_published_deliverables as is_published_deliverables,
    )
    from projectdesk.services.commands.plan_files import plan_losses as plan_losses
    from projectdesk.services.commands.planning_moves import move_what_waits as move_what_waits
    from projectdesk.services.commands.planning_moves import preview_shift as preview_shift
    from projectdesk.services.commands.planning_moves import preview_start as preview_start
    from projectdesk.services.commands.planning_moves import (
        preview_what_waits as preview_what_waits,
    )
    from projectdesk.services.commands.planning_moves import shift_start as shift_start
    from projectdesk.services.commands.planning_moves import (
        shift_work_package as shift_work_package,
    )
    from projectdesk.services.commands.plans import PlanTable as PlanTable
    from projectdesk.services.commands.plans import export_plan as export_plan
    from projectdesk.services.commands.plans import import_plan as import_plan
    from projectdesk.services.commands.poll_settling import settle_polls as settle_polls
    from projectdesk.services.commands.procedure_settling import ClosedProcedure as ClosedProcedure
    from projectdesk.services.commands.procedure_settling import Settled as Settled
    from projectdesk.services.commands.procedure_settling import (
        settle_procedures as settle_procedures,
    )
    from projectdesk.services.commands.procedure_trails import (
        export_procedure_trail as export_procedure_trail,
    )
    from projectdesk.services.commands.procedures import cancel_procedure as cancel_procedure
    from projectdesk.services.commands.procedures import change_procedure as change_procedure
    from projectdesk.services.commands.procedures import close_procedure as close_procedure
    from projectdesk.services.commands.procedures import create_procedure as create_procedure
    from projectdesk.services.commands.procedures import enter_ballot as enter_ballot
    from projectdesk.services.commands.procedures import note_asked as note_asked
    from projectdesk.services.commands.procedures import open_procedure as open_procedure
    from projectdesk.services.commands.procedures import renew_ballot_link as renew_ballot_link
    from projectdesk.services.commands.procedures import revoke_ballot_link as revoke_ballot_link
    from projectdesk.services.commands.procedures import set_voter as set_voter
    from projectdesk.services.commands.procedures import tell_result as tell_result
    from projectdesk.services.commands.project_files import (
        export_project_file as export_project_file,
    )
    from projectdesk.services.commands.project_files import (
        import_project_file as import_project_file,
    )
    from projectdesk.services.commands.reminders import add_reminders as add_reminders
    from projectdesk.services.commands.reminders import (
        drop_stale_reminders as drop_stale_reminders,
    )
    from projectdesk.services.commands.reminders import send_reminder as send_reminder
    from projectdesk.services.commands.reminders import set_usual_reminders as set_usual_reminders
    from projectdesk.services.commands.renumbering import move_to_package as move_to_package
    from projectdesk.services.commands.renumbering import preview_numbers as preview_numbers
    from projectdesk.services.commands.renumbering import renumber as renumber
    from projectdesk.services.commands.renumbering import reorder as reorder
    from projectdesk.services.commands.reporting import add_reporting_period as add_reporting_period
    from projectdesk.services.commands.reporting import approve_effort as approve_effort
    from projectdesk.services.commands.reporting import ask_effort as ask_effort
    from projectdesk.services.commands.reporting import divide_into_periods as divide_into_periods
    from projectdesk.services.commands.reporting import enter_effort as enter_effort
    from projectdesk.services.commands.reporting import freeze_period as freeze_period
    from projectdesk.services.commands.reporting import remind_effort as remind_effort
    from projectdesk.services.commands.reporting import renew_effort_link as renew_effort_link
    from projectdesk.services.commands.reporting import send_back_effort as send_back_effort
    from projectdesk.services.commands.reviews import add_question as add_question
    from projectdesk.services.commands.reviews import export_questions as export_questions
    from projectdesk.services.commands.reviews import export_review_pack as export_review_pack
    from projectdesk.services.commands.reviews import plan_rehearsal as plan_rehearsal
    from projectdesk.services.commands.sample import open_sample as open_sample
    from projectdesk.services.commands.settings import set_me as set_me
    from projectdesk.services.commands.talk_files import keep_document as keep_document
    from projectdesk.services.commands.talk_files import save_document as save_document
    from projectdesk.services.commands.talk_files import save_transcript as save_transcript
    from projectdesk.services.commands.templates import export_template as export_template
    from projectdesk.services.commands.templates import import_template as import_template
    from projectdesk.services.commands.templates import save_as_template as save_as_template
    from projectdesk.services.commands.templates import use_template as use_template
    from projectdesk.services.commands.undo import redo as redo
    from projectdesk.services.commands.undo import redo_label as redo_label
    from projectdesk.services.commands.undo import undo as undo
    from projectdesk.services.commands.undo import undo_label as undo_label
    from projectdesk.services.commands.vote_joins import join_vote as join_vote
    from projectdesk.services.commands.votes import HeldByHand as HeldByHand
    from projectdesk.services.commands.votes import call_off_vote as call_off_vote
    from projectdesk.services.commands.votes import record_vote as record_vote
    from projectdesk.services.document_store import document_folder as document_folder
    from projectdesk.services.document_store import document_path as document_path
    from projectdesk.services.effort_desks import effort_desks as effort_desks
    from projectdesk.services.effort_desks import effort_links as effort_links
    from projectdesk.services.effort_desks import open_periods as open_periods
    from projectdesk.services.hosting import desk_snapshots as desk_snapshots
    from projectdesk.services.hosting import personal_links as personal_links
    from projectdesk.services.hosting import room_snapshot as room_snapshot
    from projectdesk.services.kept_settings import set_setting as set_setting
    from projectdesk.services.notes import join_others as join_others
    from projectdesk.services.notes import open_notes as open_notes
    from projectdesk.services.notes_store import join_aside as join_aside
    from projectdesk.services.poll_desks import poll_desks as poll_desks
    from projectdesk.services.poll_desks import poll_links as poll_links
    from projectdesk.services.poll_mail import asked_by_mail as asked_by_mail
    from projectdesk.services.poll_mail import asking_letters as asking_letters
    from projectdesk.services.poll_mail import compose_poll_mails as compose_poll_mails
    from projectdesk.services.poll_mail import due_poll_reminders as due_poll_reminders
    from projectdesk.services.poll_mail import mail_voters as mail_voters
    from projectdesk.services.poll_mail import remind_due as remind_due
    from projectdesk.services.procedure_desks import ballot_links as ballot_links
    from projectdesk.services.procedure_desks import procedure_desks as procedure_desks
    from projectdesk.services.procedure_mail import BallotMail as BallotMail
    from projectdesk.services.procedure_mail import DueBallotReminder as DueBallotReminder
    from projectdesk.services.procedure_mail import asked_members as asked_members
    from projectdesk.services.procedure_mail import ballot_letters as ballot_letters
    from projectdesk.services.procedure_mail import compose_ballot_mails as compose_ballot_mails
    from projectdesk.services.procedure_mail import due_ballot_reminders as due_ballot_reminders
    from projectdesk.services.procedure_mail import mail_members as mail_members
    from projectdesk.services.typed_lines import step_typed_lines as step_typed_lines

NAMES: Final[Mapping[str, str]] = {
    "mail.ballot_letter": "BallotOccasion",
    "services.commands.after_call": "take_to_meeting",
    "services.commands.agenda_sending": (
        "compose_agenda_mails mark_agenda_sent save_agenda_mails send_agenda"
    ),
    "services.commands.agendas": (
        "add_agenda_item add_drafts import_agenda move_agenda_item rename_section "
        "replace_agenda set_days"
    ),
    "services.commands.attach_existing": "attach_existing",
    "services.commands.attachments": "attach_documents copy_to_open move_document",
    "services.commands.attendance": (
        "add_companion announce_proxy confirm_attendance correct_attendance end_proxy "
        "mark_attendance measured_only set_hours"
    ),
    "services.commands.backlog": "carry_over to_agenda to_backlog",
    "services.commands.backup": "back_up back_up_daily restore",
    "services.commands.bodies": "add_body_members",
    "services.commands.calendar_feeds": "create_feed renew_feed revoke_feed",
    "services.commands.calendar_files": "export_calendar",
    "services.commands.calendar_imports": (
        "Refreshed add_busy_address import_busy import_calendar refresh_busy"
    ),
    "services.commands.collect": "collect journal_position",
    "services.commands.compiling": "compile_period",
    "services.commands.consortium": (
        "NewPartner Succession change_coordinator join_consortium leave_consortium "
        "renumber_partners replace_partner"
    ),
    "services.commands.copy_database": "copy_to_file copy_to_team refresh_copy",
    "services.commands.date_polls": (
        "NewVoter add_dates cancel_poll close_poll create_poll enter_answers "
        "enter_votes open_poll remind_voters renew_poll_link revoke_voter set_voters"
    ),
    "services.commands.decisions": (
        "add_follow_up raise_veto reinstate_decision replace_decision settle_veto withdraw_decision"
    ),
    "services.commands.directory": (
        "add_partner add_partner_from_directory directory_fields import_directory"
    ),
    "services.commands.documents": "export_document export_register",
    "services.commands.edit": "RecordEdit create delete delete_many edit_many set_fields",
    "services.commands.effort": "set_efforts",
    "services.commands.gantt": "move_bars",
    "services.commands.gantt_files": "write_gantt_pdf write_picture",
    "services.commands.held_times": "forget_when_held say_when_held",
    "services.commands.imports": "import_cordis",
    "services.commands.invitations": "invite renew_invitation revoke_invitation",
    "services.commands.mailing_lists": "export_mailing_list",
    "services.commands.meetings": "plan_meeting refresh_planned_times",
    "services.commands.merge": "bring_back resolve save_fields",
    "services.commands.merge_many": "save_many",
    "services.commands.merging": "merge_organisations merge_people",
    "services.commands.minutes_acceptance": (
        "AcceptedMinutes accept_minutes approve_minutes revise_minutes settle_minutes"
    ),
    "services.commands.minutes_life": (
        "add_minutes_readers circulate_minutes circulate_to_files "
        "renew_reader_link revoke_reader save_minutes_mails send_minutes_again"
    ),
    "services.commands.minutes_notices": "choose_notices save_notices send_notices",
    "services.commands.minutes_objections": "answer_objection enter_objection note_received",
    "services.commands.notice": "note_sent",
    "services.commands.people": "export_people import_people",
    "services.commands.periodic_report": "export_periodic_report",
    "services.commands.plan_files": (
        "CORDIS_DELIVERABLES PlanFormat export_application_tables export_work_plan "
        "import_published_deliverables import_work_plan is_published_deliverables plan_losses"
    ),
    "services.commands.planning_moves": (
        "move_what_waits preview_shift preview_start preview_what_waits shift_start "
        "shift_work_package"
    ),
    "services.commands.plans": "PlanTable export_plan import_plan",
    "services.commands.poll_settling": "settle_polls",
    "services.commands.procedure_settling": "ClosedProcedure Settled settle_procedures",
    "services.commands.procedure_trails": "export_procedure_trail",
    "services.commands.procedures": (
        "cancel_procedure change_procedure close_procedure create_procedure enter_ballot "
        "note_asked open_procedure renew_ballot_link revoke_ballot_link set_voter tell_result"
    ),
    "services.commands.project_files": "export_project_file import_project_file",
    "services.commands.reminders": (
        "add_reminders drop_stale_reminders send_reminder set_usual_reminders"
    ),
    "services.commands.renumbering": "move_to_package preview_numbers renumber reorder",
    "services.commands.reporting": (
        "add_reporting_period approve_effort ask_effort divide_into_periods enter_effort "
        "freeze_period remind_effort renew_effort_link send_back_effort"
    ),
    "services.commands.reviews": "add_question export_questions export_review_pack plan_rehearsal",
    "services.commands.sample": "open_sample",
    "services.commands.settings": "set_me",
    "services.commands.talk_files": "keep_document save_document save_transcript",
    "services.commands.templates": "export_template import_template save_as_template use_template",
    "services.commands.undo": "redo redo_label undo undo_label",
    "services.commands.vote_joins": "join_vote",
    "services.commands.votes": "HeldByHand call_off_vote record_vote",
    "services.document_store": "document_folder document_path",
    "services.effort_desks": "effort_desks effort_links open_periods",
    "services.hosting": "desk_snapshots personal_links room_snapshot",
    "services.kept_settings": "set_setting",
    "services.notes": "join_others open_notes",
    "services.notes_store": "join_aside",
    "services.poll_desks": "poll_desks poll_links",
    "services.poll_mail": (
        "asked_by_mail asking_letters compose_poll_mails due_poll_reminders mail_voters remind_due"
    ),
    "services.procedure_desks": "ballot_links procedure_desks",
    "services.procedure_mail": (
        "BallotMail DueBallotReminder asked_members ballot_letters compose_ballot_mails "
        "due_ballot_reminders mail_members"
    ),
    "services.typed_lines": "step_typed_lines",
}
"""By the module below `projectdesk` that has them; a test compares them with the imports."""

lazily(__name__, NAMES)
