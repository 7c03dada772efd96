"""What a room must not forget when its host ends; stored with each of its journal entries."""

from __future__ import annotations

import msgspec

from projectdesk.room.consents import RecordingMemory
from projectdesk.room.files import FileMemory
from projectdesk.room.languages import LanguagesMemory
from projectdesk.room.polls import PollMemory
from projectdesk.room.quorum import AssemblyMemory
from projectdesk.room.votes import VoteMemory
from projectdesk.signalling.breakouts import Breakouts
from projectdesk.signalling.call import Role
from projectdesk.signalling.instant import Instant
from projectdesk.signalling.leading import Dropped, Focus


class ClockMemory(msgspec.Struct, frozen=True, kw_only=True):
    """The agenda's clock. spent: seconds by item. interrupted: goes on when somebody is back.

    allotted: minutes by item where they are other than planned. dropped: items left out today.
    """

    started_at: Instant | None = None
    current: str | None = None
    running_since: Instant | None = None
    spent: dict[str, float] = {}
    interrupted: str | None = None
    allotted: dict[str, int] = {}
    dropped: dict[str, Dropped] = {}


class RoomMemory(msgspec.Struct, frozen=True, kw_only=True):
    """What happened in a room so far, as far as it decides what may happen next.

    here: invitations whose PersonJoined has no PersonLeft yet. admitted: whom the lobby lets pass
    from now on. retired: hashes of links that were replaced, so that they are told so. locked:
    nobody new may knock. writers: by invitation, whom the call let write the minutes, or not any
    more. moved: it was withdrawn because another host has it. removed: name by
    invitation of who was put out. roles: by invitation, where they are other than planned.
    """

    opened: bool = False
    ended_at: Instant | None = None
    ended_by: str = ""
    withdrawn: bool = False
    moved: bool = False
    here: list[str] = []
    admitted: list[str] = []
    retired: list[str] = []
    locked: bool = False
    removed: dict[str, str] = {}
    roles: dict[str, Role] = {}
    clock: ClockMemory = ClockMemory()
    polls: list[PollMemory] = []
    files: list[FileMemory] = []
    languages: LanguagesMemory = LanguagesMemory()
    recording: RecordingMemory | None = None
    focus: Focus = Focus()
    lobby_message: str = ""
    notes_shared: bool = True
    writers: dict[str, bool] = {}
    breakouts: Breakouts | None = None
    assembly: AssemblyMemory = AssemblyMemory()
    votes: list[VoteMemory] = []
