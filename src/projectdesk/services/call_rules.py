"""Rules of all calls that a person sets once: how large the files of a chat may be."""

from __future__ import annotations

from typing import Final

from projectdesk.policy import policy
from projectdesk.services.kept_settings import set_setting, setting
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.control import RoomRules

FILE_MEGABYTES: Final = (0, 5, 25, 100)
"""What can be chosen; 0 = no files."""
_KEY: Final = "call.file_megabytes"


def file_megabytes(workspace: Workspace) -> int:
    """Return the largest file of a chat in MB; a host may allow less."""
    text = setting(workspace, _KEY)
    known = {str(size): size for size in FILE_MEGABYTES}
    return known.get(text, RoomRules().file_megabytes)


def set_file_megabytes(workspace: Workspace, size: int) -> None:
    """Set the largest file of a chat in MB, for meetings that are sent to a host from now on."""
    set_setting(workspace, _KEY, str(size))


def room_rules(workspace: Workspace) -> RoomRules:
    """Return the rules of a room."""
    return RoomRules(file_megabytes=file_megabytes(workspace), recording=policy().recording)
