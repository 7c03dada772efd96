"""What this session may take back, in order (decisions 16).

A change may be undone while every record is still at the version that the change left. Undoing
writes a new version with the old content; records of earlier changes would then look as if somebody
had moved them on. So the stack knows which new version stands for which old one, and rewrites what
the other entries expect.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from projectdesk.services.touched import Step

DEPTH = 200
"""How many changes can be taken back."""


@dataclass
class Entry:
    """One change that can be compensated. expected: record -> version it must have; 0 = absent."""

    change_id: UUID
    label: str
    expected: dict[UUID, int]
    before: dict[UUID, int]


def _entry(change_id: UUID, label: str, steps: Sequence[Step]) -> Entry:
    return Entry(
        change_id,
        label,
        {step.record_id: step.version_after for step in steps},
        {step.record_id: step.version_before for step in steps},
    )


class UndoStack:
    """Two stacks of changes: to undo and to redo. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._undo: list[Entry] = []
        self._redo: list[Entry] = []

    def remember(self, change_id: UUID, label: str, steps: Sequence[Step]) -> None:
        """Take in a new edit; what was undone before can not be redone after it."""
        with self._lock:
            self._undo.append(_entry(change_id, label, steps))
            del self._undo[:-DEPTH]
            self._redo.clear()

    def newest(self, *, redo: bool) -> Entry | None:
        """Return what would be compensated next."""
        with self._lock:
            stack = self._redo if redo else self._undo
            return stack[-1] if stack else None

    def find(self, change_id: UUID) -> Entry | None:
        """Return a change that can be undone, None when it is not among them."""
        with self._lock:
            return next((each for each in self._undo if each.change_id == change_id), None)

    def drop(self, entry: Entry) -> None:
        """Forget an entry that can never be compensated any more."""
        with self._lock:
            for stack in (self._undo, self._redo):
                if entry in stack:
                    stack.remove(entry)

    def compensated(
        self, entry: Entry, change_id: UUID, steps: Sequence[Step], *, redo: bool
    ) -> None:
        """Move an entry over: its compensation can itself be taken back."""
        with self._lock:
            self.drop(entry)
            (self._undo if redo else self._redo).append(_entry(change_id, entry.label, steps))
            for step in steps:
                stands_for = entry.before[step.record_id]
                for other in (*self._undo, *self._redo):
                    if other.change_id != change_id and (
                        other.expected.get(step.record_id) == stands_for
                    ):
                        other.expected[step.record_id] = step.version_after
