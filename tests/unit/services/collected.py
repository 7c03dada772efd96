"""A host whose journal is collected: base of those that take one kind of answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from projectdesk.domain.identity import new_id
from projectdesk.services import commands
from projectdesk.services.rows import Changes
from projectdesk.services.workspace import Workspace
from projectdesk.signalling import journal


class CollectedHost:
    """Writes down what desks answer, a minute apart, and lets it be collected."""

    def __init__(self, workspace: Workspace, clock: Any) -> None:
        self._workspace, self.clock = workspace, clock
        self.journal = str(new_id())
        self.entries: list[journal.JournalEntry] = []

    def note(self, **facts: Any) -> None:
        """Write an answer down: `desk`, `subject` and `answer`."""
        self.entries.append(
            journal.JournalEntry(
                seq=len(self.entries) + 1,
                id=str(new_id()),
                at=self.clock.now,
                room="",
                fact=journal.DeskAnswered(**facts),
            )
        )
        self.clock.advance(minutes=1)

    def collect(self, entries: Sequence[journal.JournalEntry] | None = None) -> Changes:
        """Collect some entries; None = all."""
        batch = journal.JournalBatch(
            journal=self.journal,
            epoch=1,
            entries=list(self.entries if entries is None else entries),
            last=len(self.entries),
            collected_until=self.clock.now,
        )
        return commands.collect(self._workspace, batch)
