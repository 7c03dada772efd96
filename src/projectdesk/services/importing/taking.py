"""One import: it is counted, and a dry run of it is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from projectdesk.services.importing.tally import Tally
from projectdesk.services.rows import Changes, ImportReport
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace


class _TriedOut(Exception):
    """No error: everything that a dry run wants to know has been counted."""


class Taking:
    """What an import counts, and what it changed after its end."""

    def __init__(self, *, dry_run: bool = False) -> None:
        """Begin.

        Args:
            dry_run: count and show what would change, and change nothing.
        """
        self.tally = Tally()
        self._dry_run = dry_run
        self._changes = Changes()

    @contextmanager
    def unit(self, workspace: Workspace, label: str, *, bulk: bool = False) -> Iterator[Unit]:
        """Lend the change; a dry run is rolled back at its end."""
        try:
            with workspace.change(label, bulk=bulk) as unit:
                yield unit
                if self._dry_run:
                    raise _TriedOut
            self._changes = unit.changes
        except _TriedOut:
            pass

    def report(self) -> ImportReport:
        """Return what was counted, after the end."""
        return self.tally.report(self._changes)
