"""What an import did, counted and shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from projectdesk.exchange.findings import Findings
from projectdesk.services.rows import Changes, ImportReport, Kind, PlannedChange, Warning_

PREVIEW_LINES = 500
"""Lines a person may be shown before an import; the counts are always of everything."""

_ORDER = {Kind.PROJECT: 0, Kind.PARTNER: 1, Kind.ORGANISATION: 2}
"""A person looks for the project first."""


@dataclass
class Tally:
    """Counts records while they are imported. seen: how many of each kind the files hold."""

    findings: Findings = field(default_factory=Findings)
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    seen: dict[Kind, int] = field(default_factory=dict)
    preview: list[PlannedChange] = field(default_factory=list)
    project_ids: list[UUID] = field(default_factory=list)

    def count_added(self, kind: Kind, title: Callable[[], str]) -> None:
        """Count a record that is new; `title` is asked while the preview has room."""
        self.added += 1
        self._see(kind)
        if len(self.preview) < PREVIEW_LINES:
            self.preview.append(PlannedChange("added", kind, title()))

    def count_kept(self, kind: Kind, title: str, moved: Sequence[tuple[str, str, str]]) -> None:
        """Count a record that was there.

        Args:
            kind: of the record.
            title: what people call it.
            moved: (field, before, after) in words of what changes; empty = unchanged.
        """
        self._see(kind)
        if not moved:
            self.unchanged += 1
            return
        self.updated += 1
        if len(self.preview) < PREVIEW_LINES:
            self.preview.append(PlannedChange("updated", kind, title, tuple(moved)))

    def report(self, changes: Changes) -> ImportReport:
        """Return what was counted, as services hand it out."""
        return ImportReport(
            projects=self.seen.get(Kind.PROJECT, 0),
            organisations=self.seen.get(Kind.ORGANISATION, 0),
            partners=self.seen.get(Kind.PARTNER, 0),
            added=self.added,
            updated=self.updated,
            unchanged=self.unchanged,
            warnings=tuple(
                Warning_(each.file, each.row, each.column, each.code, each.text)
                for each in self.findings.all()
            ),
            preview=tuple(
                sorted(self.preview, key=lambda change: _ORDER.get(change.kind, len(_ORDER)))
            ),
            project_ids=tuple(self.project_ids),
            changes=changes,
        )

    def _see(self, kind: Kind) -> None:
        self.seen[kind] = self.seen.get(kind, 0) + 1
