"""Contents of documents that nobody names any more: erased once no undo can bring them back.

A content is first noted as unused, in a file of the data folder, and erased a week later if nothing
named it meanwhile. What a backup names stays as long as the backup, which would not be whole
without it. The row that names a content always goes before the content: an erasure that is
interrupted leaves a file too many, and the next one takes it; never a document without its file.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import delete, exists, select

from projectdesk.folders import write_whole
from projectdesk.services.document_store import DOCUMENTS, is_hash
from projectdesk.services.workspace import TEAM_COPY, Workspace
from projectdesk.store import schema
from projectdesk.store.backup import backups
from projectdesk.store.contents import contents_named
from projectdesk.store.engine import database_path
from projectdesk.store.upkeep import UNDO_LASTS

log = logging.getLogger(__name__)
FILE: Final = "retention.json"
_PART: Final = ".part-*"
_BEGUN_SECONDS: Final = 86_400
"""Nothing takes longer to be attached: what was begun before was interrupted."""
_BATCH: Final = 100


@dataclass
class Noted:
    """What is kept between two erasures. applied_at: the last one's instant.

    unused: when each content was first seen without a document, by its SHA-256.
    """

    applied_at: datetime | None = None
    unused: dict[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Unused:
    """Contents without a document. over: to be erased now, with their bytes.

    waiting: of the last week, which an undo may bring back. held: a backup names them.
    """

    over: Mapping[str, int]
    waiting: int
    held: int


def read_noted(data: Path) -> Noted:
    """Return what the last erasure noted; nothing where the file says nonsense."""
    try:
        kept = json.loads((data / FILE).read_text(encoding="utf-8"))
        unused = {str(k): _instant(v) for k, v in kept.get("unused", {}).items() if is_hash(str(k))}
        applied = kept.get("applied_at")
        return Noted(_instant(applied) if applied else None, unused)
    except (OSError, ValueError, TypeError, AttributeError):
        return Noted()


def keep_noted(data: Path, noted: Noted) -> None:
    """Write what the next erasure has to know. A full disk delays it, nothing else."""
    kept = {
        "applied_at": noted.applied_at.isoformat() if noted.applied_at else None,
        "unused": {each: at.isoformat() for each, at in sorted(noted.unused.items())},
    }
    try:
        write_whole(data / FILE, json.dumps(kept, indent=1))
    except OSError as error:
        log.warning("what was erased is not noted: %s", error)


def note_unused(workspace: Workspace, hashes: Iterable[str]) -> None:
    """Note contents as unused for long: what named them was erased for good."""
    noted = read_noted(workspace.data)
    noted.unused |= dict.fromkeys(hashes, workspace.now() - 2 * UNDO_LASTS)
    keep_noted(workspace.data, noted)


def find_unused(workspace: Workspace, noted: Noted) -> Unused:
    """Return the contents that no document names, and note since when.

    Args:
        workspace: the open data.
        noted: from the last time; changed to how it is now.
    """
    now = workspace.now()
    kept = _contents(workspace)
    named = _named_here(workspace)
    unused = {each: size for each, size in kept.items() if each not in named}
    noted.unused = {each: min(noted.unused.get(each, now), now) for each in unused}
    over = {each: size for each, size in unused.items() if noted.unused[each] < now - UNDO_LASTS}
    held = over.keys() & _named_in_backups(workspace.data) if over else set()
    return Unused(
        {each: size for each, size in over.items() if each not in held},
        len(unused) - len(over),
        len(held),
    )


def erase_unused(
    workspace: Workspace, unused: Unused, cancelled: Callable[[], bool] = lambda: False
) -> tuple[int, int]:
    """Erase contents whose time is over; return how many, and their bytes.

    Whoever attaches the same content meanwhile either finds it gone or keeps it from going: both
    look in a transaction that writes.
    """
    count = size = 0
    over = sorted(unused.over)
    for start in range(0, len(over), _BATCH):
        if cancelled():
            break
        with workspace.change("Erase unused files", undoable=False) as unit:
            for each in over[start : start + _BATCH]:
                content, document = schema.document_content.c, schema.document.c
                lock = select(content.sha256).where(content.sha256 == each).with_for_update()
                unit.session.execute(lock).all()
                named = select(document.id).where(document.sha256 == each).limit(1)
                if unit.session.execute(named).first() is not None:
                    continue
                unit.session.execute(
                    delete(schema.document_content).where(
                        content.sha256 == each, ~exists().where(document.sha256 == each)
                    )
                )
                (workspace.data / DOCUMENTS / each[:2] / each).unlink(missing_ok=True)
                count, size = count + 1, size + unused.over[each]
    _erase_begun(workspace.data)
    return count, size


def _contents(workspace: Workspace) -> dict[str, int]:
    """Return all contents that are kept, with their bytes."""
    folder = workspace.data / DOCUMENTS
    found = {path.name: path.stat().st_size for path in folder.glob("??/*") if is_hash(path.name)}
    if workspace.shared:
        with workspace.read() as session:
            for each in session.scalars(select(schema.document_content.c.sha256)):
                found.setdefault(each, 0)
    return found


def _named_here(workspace: Workspace) -> set[str]:
    """Return what documents name: of the open data, and of other data that uses this folder."""
    with workspace.read() as session:
        named = set(session.scalars(select(schema.document.c.sha256).distinct()))
    others = [workspace.data / TEAM_COPY]
    if not workspace.local:
        others.append(database_path(workspace.data))
    for path in others:
        if path.is_file() and path.stat().st_size:
            named |= contents_named(path)
    return named


def _named_in_backups(data: Path) -> set[str]:
    named: set[str] = set()
    for path in backups(data):
        try:
            named |= contents_named(path)
        except sqlite3.Error as error:  # nothing can be restored from it
            log.warning("backup %s cannot be read: %s", path.name, error)
    return named


def _erase_begun(data: Path) -> None:
    """Erase what an attaching left behind that was interrupted."""
    before = time.time() - _BEGUN_SECONDS
    folder = data / DOCUMENTS
    for part in (*folder.glob(_PART), *folder.glob("??/*")):
        with contextlib.suppress(OSError):
            if not is_hash(part.name) and part.stat().st_mtime < before:
                part.unlink()


def _instant(text: object) -> datetime:
    found = datetime.fromisoformat(str(text))
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
