"""Take edits of this session back, and forth again (decisions 16)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from projectdesk.errors import Conflict, DomainError
from projectdesk.services.fixed_documents import DOCUMENTS_FIXED
from projectdesk.services.rows import Changes
from projectdesk.services.session import Unit
from projectdesk.services.undoing import Entry
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.store.mapping import ENTITIES
from projectdesk.store.record import restored


def undo(workspace: Workspace, only: UUID | None = None) -> Changes:
    """Take the newest edit of this session back, if nothing of it moved on since.

    Args:
        workspace: the open data.
        only: the change that shall be taken back; None = whichever is the newest.

    Raises:
        DomainError: `nothing_to_undo`; `not_the_newest`, something else is newer than `only`;
            `already_undone`, `only` is not there to be taken back.
        Conflict: a record moved on; nothing was done, and that edit is given up, so that earlier
            ones can still be taken back.
    """
    newest = workspace.undo.newest(redo=False)
    if only is not None:
        _check_newest(workspace, newest, only)
    return _compensate(workspace, newest, redo=False)


def redo(workspace: Workspace) -> Changes:
    """Do again what was undone last, if nothing of it moved on since.

    Raises:
        DomainError: `nothing_to_redo`.
        Conflict: as for `undo`.
    """
    return _compensate(workspace, workspace.undo.newest(redo=True), redo=True)


def undo_label(workspace: Workspace) -> str | None:
    """Return what `undo` would take back, in words, or None."""
    entry = workspace.undo.newest(redo=False)
    return None if entry is None else entry.label


def redo_label(workspace: Workspace) -> str | None:
    """Return what `redo` would do again, in words, or None."""
    entry = workspace.undo.newest(redo=True)
    return None if entry is None else entry.label


def _check_newest(workspace: Workspace, newest: Entry | None, change_id: UUID) -> None:
    wanted = workspace.undo.find(change_id)
    if newest is None or wanted is None:
        raise DomainError(
            "already_undone", "This cannot be taken back here any more. Nothing was done."
        )
    if newest.change_id != change_id:
        raise DomainError(
            "not_the_newest",
            "“{wanted}” cannot be taken back before “{newest}”, which was done after it. "
            "Nothing was done: undo that first (Ctrl+Z).",
            wanted=wanted.label,
            newest=newest.label,
        )


def _compensate(workspace: Workspace, entry: Entry | None, *, redo: bool) -> Changes:
    if entry is None:
        code = "nothing_to_redo" if redo else "nothing_to_undo"
        raise DomainError(
            code, "There is nothing to redo." if redo else "There is nothing to undo."
        )
    label = f"Redo: {entry.label}" if redo else f"Undo: {entry.label}"
    try:
        with workspace.change(label, undoable=False, in_turn=True) as unit:
            for row in _history(unit, entry.change_id):
                _reverse(unit, row, entry)
    except Conflict as error:
        workspace.undo.drop(entry)
        raise Conflict(
            "moved_on_since",
            "“{label}” cannot be taken back: something of it was changed since. Nothing was done.",
            label=entry.label,
        ) from error
    except DomainError as error:
        if error.code == DOCUMENTS_FIXED:  # it stays so: earlier edits can still be taken back
            workspace.undo.drop(entry)
        raise
    workspace.undo.compensated(entry, unit.change_id, unit.steps, redo=redo)
    return unit.changes


def _history(unit: Unit, change_id: UUID) -> list[Row[Any]]:
    h = schema.history.c
    return list(
        unit.session.execute(
            select(h.kind, h.record_id, h.operation, h.before, h.version_before)
            .where(h.change_id == change_id)
            .order_by(h.seq.desc())
        )
    )


def _reverse(unit: Unit, row: Row[Any], entry: Entry) -> None:
    """Bring one record back to what it was before the change."""
    entity = ENTITIES[row.kind]
    present = unit.session.get(entity, row.record_id)
    if (0 if present is None else present.version) != entry.expected[row.record_id]:
        raise Conflict("moved_on", "Somebody else changed this meanwhile.")
    if row.operation == "insert":
        unit.session.delete(present)
        return
    before = restored(entity, row.before)
    if row.operation == "delete":
        # One more than it ever had: nobody who saw it before can take it for unchanged.
        unit.add(entity(id=row.record_id, version=row.version_before + 1, **before))
        return
    for name, value in before.items():
        setattr(present, name, value)
