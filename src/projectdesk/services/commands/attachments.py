"""Attach files to a project and to the things in it; the content is kept once, by its hash."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.rules import validation
from projectdesk.domain.talk import Document
from projectdesk.errors import DomainError, EnvironmentFailure, FileTooLarge, NotFound
from projectdesk.services import record_checks
from projectdesk.services.document_store import document_folder, document_path, fetched, share
from projectdesk.services.labels import name_of
from projectdesk.services.queries.consortium import me
from projectdesk.services.queries.documents import OWNERS
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.store.mapping import ENTITIES

LARGEST = 1 << 30
"""Bytes of a file that is attached; a project file holds members up to this size."""
_PART = 1 << 20
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{p}{n}" for p in ("COM", "LPT") for n in range(1, 10))}
"""Names that Windows takes for devices, whatever follows."""


@dataclass(frozen=True)
class _Kept:
    name: str
    size: int
    sha256: str


def attach_documents(
    workspace: Workspace, kind: Kind, owner_id: UUID, files: Sequence[Path]
) -> tuple[list[UUID], Changes]:
    """Attach files to a project, work package, deliverable, partner, meeting or agenda item.

    Their content is copied into the data folder, each once; the files stay as they are. What is
    attached there already under the same name with the same content is passed over.

    Args:
        workspace: the open data.
        kind: of what they are attached to.
        owner_id: its id.
        files: one or more.

    Returns:
        The ids of the new documents, and what changed.

    Raises:
        NotFound: a file, or what they are attached to, is not there.
        DomainError: `already_attached`, all of them are; `not_attachable`, `is_a_folder`.
        FileTooLarge: over 1 GiB.
        EnvironmentFailure: `document_not_kept`; nothing was changed.
    """
    if kind not in OWNERS:
        raise DomainError("not_attachable", "Documents cannot be attached to this.")
    kept = [_keep(workspace.data, file) for file in files]
    who = me(workspace)
    with workspace.change("Attach") as unit:
        owner = unit.get(ENTITIES[kind.value], owner_id)
        fresh = [one for one in kept if not _is_attached(unit, kind, owner_id, one)]
        if not fresh:
            raise DomainError(
                "already_attached", "{name} is attached here already.", name=kept[0].name
            )
        for one in fresh:
            if document_path(workspace.data, one.sha256) is None:  # erased since (document_upkeep)
                raise _not_kept(one.name, OSError("it was being erased; try again"))
        documents = [_document(unit, kind, owner, one, who.name if who else "") for one in fresh]
        unit.add(*documents)
        if workspace.shared:
            for one in fresh:
                share(unit.session.connection(), workspace.data, one.sha256)
        what = f"“{fresh[0].name}”" if len(fresh) == 1 else f"{len(fresh)} documents"
        unit.label = f"Attach {what} to {name_of(unit.session, owner)}".strip()
    return [document.id for document in documents], unit.changes


def move_document(
    workspace: Workspace, document_id: UUID, version: int, kind: Kind, owner_id: UUID
) -> Changes:
    """Attach a document to something else of its project.

    Raises:
        NotFound, Conflict: as for every edit.
        DomainError: `other_project`, `not_attachable`.
    """
    if kind not in OWNERS:
        raise DomainError("not_attachable", "Documents cannot be attached to this.")
    with workspace.change("Attach") as unit:
        document = unit.get(Document, document_id, version)
        owner = unit.get(ENTITIES[kind.value], owner_id)
        if _project_of(unit, kind, owner) != document.project_id:
            raise DomainError("other_project", "This belongs to another project.")
        for other, column in OWNERS.items():
            if other is not Kind.PROJECT:
                setattr(document, column, owner_id if other is kind else None)
        unit.label = f"Attach “{document.name}” to {name_of(unit.session, owner)}".strip()
    return unit.changes


def copy_to_open(workspace: Workspace, sha256: str, name: str, folder: Path) -> Path:
    """Return a read-only copy of a document under its own name, for the system to open.

    What a program writes to the copy is not the document: so it cannot be written to.

    Args:
        workspace: the open data.
        sha256: of the content.
        name: the document's.
        folder: where copies go.

    Raises:
        EnvironmentFailure: `document_missing`, `document_not_kept`.
    """
    source = fetched(workspace, sha256)
    try:
        place = folder / sha256[:12]
        place.mkdir(parents=True, exist_ok=True)
        copy = place / safe_name(name)
        if not copy.exists():
            shutil.copyfile(source, copy)
            copy.chmod(0o400)
    except OSError as error:
        raise _not_kept(name, error) from error
    return copy


def safe_name(name: str) -> str:
    """Return a document's name as every system takes it for a file."""
    forbidden = '<>:"/\\|?*'
    clean = "".join("_" if c in forbidden or ord(c) < 32 else c for c in name).strip(" .")
    if clean.split(".")[0].upper() in _RESERVED:
        clean = f"_{clean}"
    stem, dot, suffix = clean.rpartition(".")
    if dot and stem:
        return f"{stem[:120]}.{suffix[:20]}"
    return clean[:140] or "document"


# --- inside ---------------------------------------------------------------------------------------


def _keep(data: Path, file: Path) -> _Kept:
    """Copy a file's content to its place in the data folder, if it is not there."""
    name = validation.line(file.name, "name", required=True)
    if not file.exists():
        raise NotFound("file_not_found", "{file} does not exist.", file=str(file))
    if not file.is_file():
        raise DomainError("is_a_folder", "{file} is a folder: attach files.", file=file.name)
    try:
        size = file.stat().st_size
        if size > LARGEST:
            raise FileTooLarge(
                "file_too_large",
                "{file} has {megabytes} MB; the limit is {limit} MB.",
                file=file.name,
                megabytes=size >> 20,
                limit=LARGEST >> 20,
            )
        return _copy(data, file, name)
    except OSError as error:
        raise _not_kept(file.name, error) from error


def _copy(data: Path, file: Path, name: str) -> _Kept:
    digest, size = hashlib.sha256(), 0
    handle, part = tempfile.mkstemp(dir=document_folder(data), prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as out, file.open("rb") as source:
            while piece := source.read(_PART):
                digest.update(piece)
                size += len(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        kept = _Kept(name, size, digest.hexdigest())
        if document_path(data, kept.sha256) is None:
            place = document_folder(data) / kept.sha256[:2] / kept.sha256
            place.parent.mkdir(exist_ok=True)
            Path(part).replace(place)
        return kept
    finally:
        Path(part).unlink(missing_ok=True)


def _not_kept(name: str, error: OSError) -> EnvironmentFailure:
    return EnvironmentFailure(
        "document_not_kept",
        "The file {name} could not be kept ({reason}). Nothing was changed.",
        name=name,
        reason=error.strerror or str(error),
    )


def _is_attached(unit: Unit, kind: Kind, owner_id: UUID, one: _Kept) -> bool:
    d = schema.document.c
    query = select(d.id).where(
        d[OWNERS[kind]] == owner_id, d.sha256 == one.sha256, d.name == one.name
    )
    if kind is Kind.PROJECT:
        others = [column for other, column in OWNERS.items() if other is not Kind.PROJECT]
        query = query.where(*(d[column].is_(None) for column in others))
    return unit.session.execute(query).first() is not None


def _document(unit: Unit, kind: Kind, owner: object, one: _Kept, who: str) -> Document:
    owners: dict[str, UUID] = {}
    if kind is not Kind.PROJECT:
        owners[OWNERS[kind]] = owner.id  # type: ignore[attr-defined]
    return Document(
        project_id=_project_of(unit, kind, owner),
        name=one.name,
        size=one.size,
        sha256=one.sha256,
        shared_by=who,
        shared_at=unit.now,
        stored=True,
        **owners,  # type: ignore[arg-type]
    )


def _project_of(unit: Unit, kind: Kind, owner: object) -> UUID:
    if kind is Kind.PROJECT:
        return owner.id  # type: ignore[attr-defined,no-any-return]
    found = record_checks.project_of(unit.session, {}, owner)
    if found is None:
        raise DomainError("not_attachable", "Documents cannot be attached to this.")
    return found
