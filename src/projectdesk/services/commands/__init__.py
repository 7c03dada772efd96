"""Use cases that change data: one transaction each, announced after the commit.

Importing this loads SQLAlchemy; see `services.workspace`.
"""

from __future__ import annotations

from projectdesk.services.commands.backup import back_up as back_up
from projectdesk.services.commands.backup import restore as restore
from projectdesk.services.commands.documents import export_document as export_document
from projectdesk.services.commands.edit import create as create
from projectdesk.services.commands.edit import delete as delete
from projectdesk.services.commands.edit import set_fields as set_fields
from projectdesk.services.commands.settings import set_me as set_me
from projectdesk.services.commands.settings import set_setting as set_setting
from projectdesk.services.commands.undo import redo as redo
from projectdesk.services.commands.undo import redo_label as redo_label
from projectdesk.services.commands.undo import undo as undo
from projectdesk.services.commands.undo import undo_label as undo_label
from projectdesk.services.commands.zones import recompute_starts as recompute_starts
