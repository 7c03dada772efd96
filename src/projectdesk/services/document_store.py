"""Where the content of documents lies: in the data folder, each once, under its SHA-256.

A team's database holds it too, so that everybody can open what one of them attached; each computer
keeps what it fetched. What is over `SHARED_LIMIT` stays with who attached it.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, insert, select

from projectdesk.errors import EnvironmentFailure
from projectdesk.folders import make_private
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

DOCUMENTS: Final = "documents"
SHARED_LIMIT: Final = 64 << 20
"""Largest content that a team's database holds, in bytes."""
_HASH = re.compile(r"[0-9a-f]{64}")


def is_hash(text: str) -> bool:
    """Return whether `text` is a SHA-256 in hex."""
    return _HASH.fullmatch(text) is not None


def document_folder(data: Path) -> Path:
    """Return where the content of files lies; made if missing, readable by its owner alone.

    Raises:
        EnvironmentFailure: `folder_unusable`.
    """
    folder = data / DOCUMENTS
    make_private(folder)
    return folder


def document_path(data: Path, sha256: str) -> Path | None:
    """Return the file with this content, or None if it is not in the data folder."""
    if not is_hash(sha256):
        return None
    path = data / DOCUMENTS / sha256[:2] / sha256
    return path if path.is_file() else None


def fetched(workspace: Workspace, sha256: str) -> Path:
    """Return the file with this content; it is fetched from the database where it is not here yet.

    Raises:
        EnvironmentFailure: `document_missing`, neither has it; `document_not_kept`.
    """
    path = document_path(workspace.data, sha256)
    if path is not None:
        return path
    c = schema.document_content.c
    with workspace.read() as session:
        content = session.scalar(select(c.content).where(c.sha256 == sha256))
    if content is None or hashlib.sha256(content).hexdigest() != sha256:
        raise EnvironmentFailure(
            "document_missing", "The content of this file is not on this computer."
        )
    return _put(workspace.data, sha256, content)


def share(connection: Connection, data: Path, sha256: str) -> bool:
    """Put a content of the data folder into a team's database; return whether it is there now."""
    c = schema.document_content.c
    there = select(c.sha256).where(c.sha256 == sha256).with_for_update()  # or it could be erased
    if connection.scalar(there) is not None:
        return True
    path = document_path(data, sha256)
    if path is None or path.stat().st_size > SHARED_LIMIT:
        return False
    values = {"sha256": sha256, "content": path.read_bytes()}
    connection.execute(insert(schema.document_content).values(values))
    return True


def copy_contents(source: Connection, target: Connection, data: Path) -> int:
    """Put the contents of a database's documents into its copy, one by one; return how many."""
    c = schema.document_content.c
    count = 0
    for sha256 in target.scalars(select(schema.document.c.sha256).distinct()).all():
        if share(target, data, sha256):
            count += 1
            continue
        content = source.scalar(select(c.content).where(c.sha256 == sha256))
        if content is not None:
            values = {"sha256": sha256, "content": content}
            target.execute(insert(schema.document_content).values(values))
            count += 1
    return count


def shared_among(connection: Connection, hashes: Iterable[str]) -> set[str]:
    """Return those of the contents that the database holds."""
    c = schema.document_content.c
    return set(connection.scalars(select(c.sha256).where(c.sha256.in_(set(hashes)))))


def _put(data: Path, sha256: str, content: bytes) -> Path:
    try:
        place = document_folder(data) / sha256[:2] / sha256
        place.parent.mkdir(exist_ok=True)
        handle, part = tempfile.mkstemp(dir=place.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
            Path(part).replace(place)
        finally:
            Path(part).unlink(missing_ok=True)
    except OSError as error:
        raise EnvironmentFailure(
            "document_not_kept",
            "The file could not be kept ({reason}). Nothing was changed.",
            reason=error.strerror or str(error),
        ) from error
    return place
