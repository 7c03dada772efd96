"""Files that desks offer, kept in parts: each is a short transaction, so nothing waits for them.

A file is known by the hash of its content, and counts once it came whole. It goes when no desk of
its key names it any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.engine import Connection

from projectdesk.errors import DomainError
from projectdesk.host.journal import tables

PART: Final = 256 * 1024
"""Largest part in bytes."""
MOST_BYTES: Final = 500_000_000
"""Most that the desks of one key offer, in bytes."""
WAITS: Final = timedelta(days=1)
"""How long a file is kept that no desk names: its desk may be about to come."""


def size_of(connection: Connection, key_id: str, sha256: str) -> int | None:
    """Return the bytes of a file that is here whole, None for no such file."""
    file = tables.desk_file.c
    query = select(file.size).where(_of(key_id, sha256), file.whole).limit(1)
    return connection.scalar(query)


def ask_for(connection: Connection, key_id: str, sha256: str, at: datetime) -> int | None:
    """Return the same to who is about to name the file in a desk: it is kept for `WAITS` anew."""
    file = tables.desk_file
    here = _of(key_id, sha256) & file.c.whole
    connection.execute(update(file).where(here).values(changed_at=at))
    return size_of(connection, key_id, sha256)


def begin(connection: Connection, key_id: str, sha256: str, at: datetime) -> str:
    """Begin to keep a file; return the id of the upload.

    Raises:
        DomainError: `too_many_files`: the key's desks offer as much as they may.
    """
    file = tables.desk_file.c
    kept = connection.scalar(
        select(func.coalesce(func.sum(file.size), 0)).where(file.key_id == key_id)
    )
    if (kept or 0) >= MOST_BYTES:
        raise DomainError(
            "too_many_files", "The links of this desktop offer as many files as the host keeps."
        )
    upload = uuid4().hex
    values = {
        "upload": upload,
        "key_id": key_id,
        "sha256": sha256,
        "size": 0,
        "whole": False,
        "changed_at": at,
    }
    connection.execute(insert(tables.desk_file).values(values))
    return upload


def add_part(connection: Connection, upload: str, number: int, content: bytes) -> None:
    """Keep the next part. number: from 0."""
    part, file = tables.desk_file_part, tables.desk_file
    connection.execute(insert(part).values(upload=upload, number=number, content=content))
    grown = update(file).where(file.c.upload == upload)
    connection.execute(grown.values(size=file.c.size + len(content)))


def finish(connection: Connection, upload: str, at: datetime) -> None:
    """Let a file count: all of it came."""
    file = tables.desk_file
    connection.execute(
        update(file).where(file.c.upload == upload).values(whole=True, changed_at=at)
    )


def discard(connection: Connection, uploads: Iterable[str]) -> None:
    """Erase files, whole or not."""
    for upload in uploads:
        for table in (tables.desk_file_part, tables.desk_file):
            connection.execute(delete(table).where(table.c.upload == upload))


def upload_of(connection: Connection, key_id: str, sha256: str) -> tuple[str, int] | None:
    """Return the upload that brought a file, and its size in bytes; None for no such file."""
    file = tables.desk_file.c
    query = select(file.upload, file.size).where(_of(key_id, sha256), file.whole).limit(1)
    row = connection.execute(query).first()
    return None if row is None else (row.upload, row.size)


def part_of(connection: Connection, upload: str, number: int) -> bytes | None:
    """Return a part, None behind the last one."""
    part = tables.desk_file_part.c
    query = select(part.content).where(part.upload == upload, part.number == number)
    return connection.scalar(query)


def erase(connection: Connection, named: set[tuple[str, str]], now: datetime) -> None:
    """Erase files that no desk names, and what came in part only. named: key and hash."""
    file = tables.desk_file.c
    old = select(file.upload, file.key_id, file.sha256, file.whole).where(
        file.changed_at < now - WAITS
    )
    discard(
        connection,
        [
            row.upload
            for row in connection.execute(old).all()
            if not row.whole or (row.key_id, row.sha256) not in named
        ],
    )


def _of(key_id: str, sha256: str) -> ColumnElement[bool]:
    file = tables.desk_file.c
    return (file.key_id == key_id) & (file.sha256 == sha256)
