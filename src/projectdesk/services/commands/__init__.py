"""Use cases that change data: one transaction each, announced after the commit.

Importing this loads SQLAlchemy; see `services.workspace`.
"""

from __future__ import annotations

from projectdesk.services.commands.backup import back_up as back_up
from projectdesk.services.commands.backup import restore as restore
from projectdesk.services.commands.bodies import add_body_members as add_body_members
from projectdesk.services.commands.collect import collect as collect
from projectdesk.services.commands.collect import journal_position as journal_position
from projectdesk.services.commands.documents import export_document as export_document
from projectdesk.services.commands.edit import create as create
from projectdesk.services.commands.edit import delete as delete
from projectdesk.services.commands.edit import set_fields as set_fields
from projectdesk.services.commands.effort import set_efforts as set_efforts
from projectdesk.services.commands.gantt import move_bars as move_bars
from projectdesk.services.commands.imports import import_cordis as import_cordis
from projectdesk.services.commands.invitations import invite as invite
from projectdesk.services.commands.invitations import renew_invitation as renew_invitation
from projectdesk.services.commands.invitations import revoke_invitation as revoke_invitation
from projectdesk.services.commands.meetings import move_agenda_item as move_agenda_item
from projectdesk.services.commands.meetings import plan_meeting as plan_meeting
from projectdesk.services.commands.meetings import refresh_planned_times as refresh_planned_times
from projectdesk.services.commands.people import export_people as export_people
from projectdesk.services.commands.people import import_people as import_people
from projectdesk.services.commands.plans import PlanTable as PlanTable
from projectdesk.services.commands.plans import export_plan as export_plan
from projectdesk.services.commands.plans import import_plan as import_plan
from projectdesk.services.commands.sample import open_sample as open_sample
from projectdesk.services.commands.settings import set_me as set_me
from projectdesk.services.commands.settings import set_setting as set_setting
from projectdesk.services.commands.talk_files import document_folder as document_folder
from projectdesk.services.commands.talk_files import document_path as document_path
from projectdesk.services.commands.talk_files import keep_document as keep_document
from projectdesk.services.commands.talk_files import save_document as save_document
from projectdesk.services.commands.talk_files import save_transcript as save_transcript
from projectdesk.services.commands.undo import redo as redo
from projectdesk.services.commands.undo import redo_label as redo_label
from projectdesk.services.commands.undo import undo as undo
from projectdesk.services.commands.undo import undo_label as undo_label
from projectdesk.services.hosting import desk_snapshots as desk_snapshots
from projectdesk.services.hosting import personal_links as personal_links
from projectdesk.services.hosting import room_snapshot as room_snapshot
from projectdesk.services.notes import open_notes as open_notes
