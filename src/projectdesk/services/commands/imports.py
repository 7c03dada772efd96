"""Importing projects with their consortia.

One transaction an import: whatever goes wrong, cancelling included, leaves everything as it was.
A preview (`dry_run`) is the same import, rolled back at its end.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from projectdesk.exchange.cordis import ConsortiumRecord, read_export
from projectdesk.services.importing.consortia import ConsortiumImport
from projectdesk.services.importing.own_edits import IMPORT_LABEL
from projectdesk.services.importing.taking import Taking
from projectdesk.services.importing.ticking import ticking
from projectdesk.services.rows import ImportReport
from projectdesk.services.workspace import Workspace

_BATCH = 200
"""Consortia that are matched together: few queries, and short enough to cancel between."""

_BULK_RECORDS = 2000
"""Records from which on an import is bulk: no undo, and one line of history."""


@contextmanager
def _patient_collector() -> Iterator[None]:
    """Let Python look for garbage cycles less often: an import makes many objects and no cycles.

    Measured: a sixth of the time of a large import (docs/adr/0052).
    """
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 1000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@_patient_collector()
def import_cordis(
    workspace: Workspace,
    files: Sequence[Path],
    *,
    dry_run: bool = False,
    only: Collection[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Import projects and their consortia out of CORDIS files, or update them.

    Projects are matched by grant number and source id, organisations by PIC, else by name and
    country. What a person edited by hand stays and is reported as `kept_own_edit`
    (docs/adr/0051). An organisation file alone updates the partners of projects that are here and
    adds all its organisations.

    Args:
        workspace: the open database.
        files: XML, CSV, JSON, or ZIP archives of these.
        dry_run: count and show what would change, and change nothing.
        only: grant numbers or acronyms of the projects wanted; None or empty = all.
        progress: told (bytes read, bytes in all), on this thread.
        cancelled: asked every thousand rows; True ends the import with nothing changed.

    Raises:
        UnreadableFile, BadRow, FileTooLarge: nothing was changed.
        DomainError: `import_cancelled`; `project_not_in_file` (NotFound).
    """
    taking = Taking(dry_run=dry_run)
    tally = taking.tally
    tick = ticking(progress, cancelled)
    consortia = read_export(files, tally.findings, only=only or (), tick=tick)
    first, bulk = _beginning(consortia)
    label = f"{IMPORT_LABEL}{_title(first)} from CORDIS"
    try:
        with taking.unit(workspace, label, bulk=bulk) as unit:
            _take_all(ConsortiumImport(unit, tally), first, consortia)
    finally:
        consortia.close()
    return taking.report()


def _beginning(
    consortia: Iterator[ConsortiumRecord],
) -> tuple[list[ConsortiumRecord], bool]:
    """Return the first consortia, and whether there are so many that the import is bulk."""
    first: list[ConsortiumRecord] = []
    records = 0
    for record in consortia:
        first.append(record)
        records += 1 + 2 * len(record.participations)
        if records > _BULK_RECORDS:
            return first, True
    return first, False


def _title(first: Sequence[ConsortiumRecord]) -> str:
    if len(first) == 1:
        return first[0].acronym or first[0].number or "organisations"
    return f"{len(first)} projects"


def _take_all(
    importing: ConsortiumImport,
    first: list[ConsortiumRecord],
    rest: Iterator[ConsortiumRecord],
) -> None:
    for start in range(0, len(first), _BATCH):
        importing.take(first[start : start + _BATCH])
    first.clear()
    while batch := list(islice(rest, _BATCH)):
        importing.take(batch)
