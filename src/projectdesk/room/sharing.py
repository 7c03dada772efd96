"""Files that people put into the chat: who may, how many, what is told and kept.

The bytes are the host's affair: it asks `refusal` before it takes any, and again when it has all of
them, and then says `FileTaken`.
"""

from __future__ import annotations

from projectdesk.room.commands import Send
from projectdesk.room.entrance import Refusal
from projectdesk.room.files import FileMemory
from projectdesk.room.hall import Person
from projectdesk.room.media import NOT_ALLOWED
from projectdesk.room.meeting import Meeting
from projectdesk.room.permissions import Act
from projectdesk.signalling import floor, journal
from projectdesk.signalling.files import SharedFile

MEGABYTE = 1_000_000
MAX_FILES_OF_ONE = 30
MAX_BYTES_OF_ONE = 200 * MEGABYTE
MAX_FILES = 200
MAX_BYTES = 1000 * MEGABYTE
"""Limits of one person, and of a whole meeting."""

NO_FILES = Refusal("no_files", "Files cannot be put into the chat of this meeting.")
FILE_TOO_LARGE = Refusal("file_too_large", "The file is larger than this meeting allows.")
FILE_EMPTY = Refusal("file_empty", "The file is empty.")
TOO_MANY_FILES = Refusal(
    "too_many_files", "The meeting has as many files, or as much of them, as it may have."
)
TOO_MANY_OWN_FILES = Refusal(
    "too_many_own_files", "You have put as many files, or as much of them, into it as you may."
)
UNKNOWN_FILE = Refusal("unknown_file", "The meeting has no such file.")
NOT_IN_CALL = Refusal("not_admitted", "You are not in this meeting.")


class Sharing:
    """Files in the chat."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting

    def refusal(self, session: str, size: int) -> Refusal | None:
        """Return why somebody may not put a file of `size` bytes into the chat, or None."""
        person, files = self.person(session), self._meeting.files.values()
        limit = self._meeting.file_limit
        if person is None:
            return NOT_IN_CALL
        if not person.may(Act.CHAT):
            return NOT_ALLOWED
        if not limit:
            return NO_FILES
        if size > limit:
            return FILE_TOO_LARGE
        if not size:
            return FILE_EMPTY
        own = [file.size for file in files if file.by == person.id]
        if len(own) >= MAX_FILES_OF_ONE or sum(own) + size > MAX_BYTES_OF_ONE:
            return TOO_MANY_OWN_FILES
        if len(files) >= MAX_FILES or sum(file.size for file in files) + size > MAX_BYTES:
            return TOO_MANY_FILES
        return None

    def person(self, session: str) -> Person | None:
        """Return who is in the call with a session."""
        here = self._meeting.hall.here()
        return next((person for person in here if person.session == session), None)

    def take(self, session: str, file: SharedFile, sha256: str) -> None:
        """Tell of a file that the host has whole; one that is refused now is told to nobody."""
        person = self.person(session)
        if person is None or self.refusal(session, file.size) is not None:
            return
        meeting = self._meeting
        in_group = meeting.partition.group_of(person.id) is not None
        kept = FileMemory(
            id=file.id,
            name=file.name,
            size=file.size,
            by=person.id,
            by_name=person.name,
            at=meeting.now,
            group=[one.id for one in meeting.company(person.id)] if in_group else None,
        )
        meeting.files[file.id] = kept
        meeting.record(
            journal.FileShared(
                file=file.id,
                name=file.name,
                size=file.size,
                sha256=sha256,
                by=person.id,
                by_name=person.name,
            )
        )
        written = kept.message(meeting.chat.next_number())
        meeting.chat.keep(written, group=kept.readers)
        if readers := meeting.within_earshot(person.id):
            meeting.do(Send(readers, floor.ChatReceived(message=written)))
