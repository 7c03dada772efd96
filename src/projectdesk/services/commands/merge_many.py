"""Save many edits as one change although others saved first: merge what can be merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from projectdesk.errors import Conflict, NotFound
from projectdesk.services.commands.edit import RecordEdit, edit_many, gathered
from projectdesk.services.conflicts import ConflictView, conflict
from projectdesk.services.kinds import SPECS
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.workspace import Workspace

_ATTEMPTS = 3
"""How often edits are put on the newest versions, which others may raise again meanwhile."""
_MET = frozenset({"moved_on", "not_found"})


@dataclass(frozen=True)
class SavedMany:
    """What came of several edits.

    changes: what was changed, as one. merged: records that others had changed too, in other fields.
    clashes: records that were left alone, because others changed the same fields or deleted them: a
    person decides.
    """

    changes: Changes
    merged: int = 0
    clashes: tuple[ConflictView, ...] = ()


def save_many(workspace: Workspace, edits: Sequence[RecordEdit], label: str = "") -> SavedMany:
    """Change fields of several records as one change, beside what others changed meanwhile.

    Args:
        workspace: the open database.
        edits: as for `edit_many`.
        label: as for `edit_many`.

    Raises:
        NotFound: a record does not exist any more, and nothing is known of it.
        Conflict: others save faster than this can follow; nothing was saved.
        DomainError: as `edit_many`; nothing was changed.
    """
    wanted = gathered(edits)
    merged: set[tuple[Kind, UUID]] = set()
    clashes: list[ConflictView] = []
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            changes = edit_many(workspace, wanted, label) if wanted else Changes()
        except (Conflict, NotFound) as error:
            if error.code not in _MET or attempt == _ATTEMPTS:
                raise
        else:
            return SavedMany(changes, len(merged), tuple(clashes))
        fresh = []
        for edit in wanted:
            if _is_current(workspace, edit):
                fresh.append(edit)
                continue
            met = conflict(workspace, edit.kind, edit.id, edit.version, edit.values)
            if met.deleted or met.clashes:
                clashes.append(met)
                continue
            values = {field.name: edit.values[field.name] for field in met.fields}
            if values:
                if not met.own:
                    merged.add((edit.kind, edit.id))
                fresh.append(RecordEdit(edit.kind, edit.id, met.version, values))
        wanted = fresh
    raise AssertionError("unreachable")


def _is_current(workspace: Workspace, edit: RecordEdit) -> bool:
    with workspace.read() as session:
        record = session.get(SPECS[edit.kind].entity, edit.id)
        return record is not None and record.version == edit.version
