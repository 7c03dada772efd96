"""The content of files that people put into a meeting's chat, in the data folder by its hash."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from uuid import UUID

from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.domain.talk import Document
from projectdesk.errors import EnvironmentFailure, RemoteProtocolError
from projectdesk.services import queries
from projectdesk.services.document_store import (
    document_folder,
    document_path,
    fetched,
    is_hash,
    share,
)
from projectdesk.services.rows import Changes
from projectdesk.services.whole_files import whole
from projectdesk.services.workspace import Workspace

_PART = 1 << 20


def keep_document(workspace: Workspace, document_id: UUID, fetched: Path) -> Changes:
    """Take the fetched content of a file over: check it, move it to its place, and note that.

    Args:
        workspace: the open data.
        document_id: which file of a chat.
        fetched: what the host gave; it is moved or, where it is wrong, left.

    Raises:
        NotFound: the file was deleted meanwhile.
        RemoteProtocolError: `document_damaged`, it is not what the journal says.
        EnvironmentFailure: `document_not_kept`, it cannot be written.
    """
    with workspace.change("Keep a file of the chat", undoable=False) as unit:
        document = unit.get(Document, document_id)
        try:
            _take_over(workspace.data, fetched, document)
        except OSError as error:
            raise EnvironmentFailure(
                "document_not_kept",
                "The file {name} could not be kept ({reason}). It is fetched again later.",
                name=document.name,
                reason=error.strerror or str(error),
            ) from error
        document.stored = True
        if workspace.shared:
            share(unit.session.connection(), workspace.data, document.sha256)
    return unit.changes


def save_document(workspace: Workspace, sha256: str, out: Path) -> Path:
    """Write the content of a document to `out` and return its path.

    Raises:
        EnvironmentFailure: `document_missing`, it is not here; `file_not_written`.
    """
    source = fetched(workspace, sha256)
    return whole(out, lambda part: shutil.copyfile(source, part))


def save_transcript(workspace: Workspace, meeting_id: UUID, language: str, out: Path) -> Path:
    """Write the captions of a language, a phrase a line with its time in the meeting's zone.

    Raises:
        NotFound: no such meeting.
        EnvironmentFailure: `file_not_written`.
    """
    zone = queries.meeting(workspace, meeting_id).zone
    lines = [
        f"{to_local(row.written_at, zone):%H:%M:%S}  {row.text}\n"
        for row in queries.captions(workspace, meeting_id)
        if row.language == language
    ]
    return whole(out, lambda part: part.write_text("".join(lines), encoding="utf-8"))


def _take_over(data: Path, fetched: Path, document: Document) -> None:
    if not is_hash(document.sha256) or _hash_of(fetched) != document.sha256:
        raise RemoteProtocolError(
            "document_damaged", "The file {name} came damaged from the host.", name=document.name
        )
    if document_path(data, document.sha256) is not None:
        fetched.unlink()
        return
    place = document_folder(data) / document.sha256[:2] / document.sha256
    place.parent.mkdir(exist_ok=True)
    with fetched.open("rb+") as file:
        os.fsync(file.fileno())
    fetched.replace(place)


def _hash_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_PART):
            digest.update(part)
    return digest.hexdigest()
