"""`bench store`: opening a heavy project, and saving an edit in it.

Open: the processor time of all that the project's page and its tabs ask for, and of its meetings,
in a process that has just opened the data, with its code loaded: statements are made and rows are
frozen for the first time. Home (1,200 late actions) and the register of all 20,000 actions are
printed beside it.
Floor: the same tables read whole by sqlite3.
Edit: a field of a record saved by a command, with history, search index and undo, committed with
synchronous=FULL on the disk of the chosen folder; the floor is one UPDATE and COMMIT by sqlite3 of
the same row with the same PRAGMAs.
"""

from __future__ import annotations

import argparse
import gc
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from projectdesk.bench import heavy
from projectdesk.bench.report import Row, below, quiet, report
from projectdesk.bench.search import fill, percentile

EDITS = 300
ROUNDS = 3
OPEN_LIMIT_MS = 300.0
EDIT_LIMIT_MS = 10.0

_TABLES = (
    *("project", "partner", "organisation", "person", "membership", "body", "work_package"),
    *("task", "deliverable", "milestone", "risk", "dependency", "effort", "meeting"),
)
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


def run(options: Sequence[str] = ()) -> dict[str, Any]:
    """Measure and return the report.

    Args:
        options: `--edits N`, `--rounds N`, `--folder DIR` (whose disk is measured; default: the
            system's folder for temporary files), `--small` (a tenth of the project, for tests).
    """
    parser = argparse.ArgumentParser(prog="projectdesk bench store")
    parser.add_argument("--edits", type=int, default=EDITS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--small", action="store_true")
    chosen = parser.parse_args(list(options))
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="projectdesk-bench-", dir=chosen.folder) as name:
        data = Path(name) / "data"
        fill(data, Path(name), 0, heavy.SMALL if chosen.small else heavy.Size())
        for turn in range(1, chosen.rounds + 1):
            for what in ("open floor", "open", "edit floor", "edit"):
                rows.append({"round": turn, "what": what, **_in_process(what, data, chosen.edits)})
    return _report(rows)


def _in_process(what: str, data: Path, edits: int) -> Row:
    """Measure one thing in a process of its own and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "projectdesk.bench.store", what, str(data), str(edits)],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    found: Row = json.loads(done.stdout)
    return found


def _open(data: Path, _edits: int) -> Row:
    from projectdesk.secrets.memory import MemorySecrets
    from projectdesk.services import queries
    from projectdesk.services.lazily import load_all
    from projectdesk.services.workspace import Workspace

    # As the desktop does soon after its start (`desktop.collecting`).
    load_all(queries.NAMES)
    gc.freeze()
    with Workspace.open(data, secrets=MemorySecrets()) as workspace:
        project = queries.projects(workspace)[0].id
        asked: dict[str, Callable[[], object]] = {
            "project": lambda: queries.project(workspace, project),
            "partners": lambda: queries.partners(workspace, project),
            "people": lambda: queries.people(workspace, project),
            "bodies": lambda: queries.bodies(workspace, project),
            "work_packages": lambda: queries.work_packages(workspace, project),
            "tasks": lambda: queries.tasks(workspace, project),
            "deliverables": lambda: queries.deliverables(workspace, project),
            "milestones": lambda: queries.milestones(workspace, project),
            "risks": lambda: queries.risks(workspace, project),
            "gantt": lambda: queries.gantt(workspace, project),
            "effort": lambda: queries.effort_matrix(workspace, project),
            "meetings": lambda: queries.meetings(workspace, project),
        }
        each = {name: _cpu_ms(ask) for name, ask in asked.items()}
        home = _cpu_ms(lambda: queries.home(workspace, date(2026, 6, 1)))
        actions = _cpu_ms(lambda: queries.actions(workspace, project))
    dearest = max(each, key=lambda name: each[name])
    return {
        "cpu_ms": round(sum(each.values()), 1),
        "dearest": f"{dearest} {each[dearest]:.1f} ms",
        "home_cpu_ms": round(home, 1),
        "actions_cpu_ms": round(actions, 1),
    }


def _cpu_ms(ask: Callable[[], object]) -> float:
    before = time.process_time()
    ask()
    return (time.process_time() - before) * 1000


def _open_floor(data: Path, _edits: int) -> Row:
    with _bare(data) as database:
        before = time.process_time()
        for table in _TABLES:
            database.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - names from above
        spent = time.process_time() - before
    database.close()
    return {"cpu_ms": round(spent * 1000, 1)}


def _edit(data: Path, edits: int) -> Row:
    from projectdesk.secrets.memory import MemorySecrets
    from projectdesk.services import commands, queries
    from projectdesk.services.rows import Kind
    from projectdesk.services.workspace import Workspace

    with Workspace.open(data, secrets=MemorySecrets()) as workspace:
        project = queries.projects(workspace)[0].id
        wanted: list[tuple[Kind, Any, str]] = [
            *((Kind.DELIVERABLE, row, "title") for row in queries.deliverables(workspace, project)),
            *((Kind.PERSON, row, "phone") for row in queries.people(workspace, project)[:200]),
            *((Kind.ACTION, row, "text") for row in queries.actions(workspace, project)[:200]),
        ]
        versions = {row.id: row.version for _, row, _ in wanted}
        spent = []
        for number in range(edits):
            kind, row, field = wanted[number * 7 % len(wanted)]
            value = f"An edit of the pilot {number} {time.time_ns()}"
            before = time.perf_counter()
            commands.set_fields(workspace, kind, row.id, versions[row.id], {field: value})
            spent.append((time.perf_counter() - before) * 1000)
            versions[row.id] += 1
    return _of_edits(spent)


def _edit_floor(data: Path, edits: int) -> Row:
    spent = []
    with _bare(data) as database:
        ids = [row[0] for row in database.execute("SELECT id FROM deliverable")]
        for number in range(edits):
            value = f"An edit of the pilot {number} {time.time_ns()}"
            before = time.perf_counter()
            database.execute(
                "UPDATE deliverable SET title = ? WHERE id = ?", (value, ids[number % len(ids)])
            )
            database.commit()
            spent.append((time.perf_counter() - before) * 1000)
    database.close()
    return _of_edits(spent)


def _of_edits(spent: Sequence[float]) -> Row:
    return {
        "edits": len(spent),
        "median_ms": round(statistics.median(spent), 3),
        "p95_ms": round(percentile(spent), 3),
    }


def _bare(data: Path) -> sqlite3.Connection:
    from projectdesk.store.engine import database_path

    database = sqlite3.connect(database_path(data))
    for pragma in _PRAGMAS:
        database.execute(f"PRAGMA {pragma}")
    return database


def _report(rows: list[Row]) -> dict[str, Any]:
    def middle(what: str, name: str) -> float:
        return statistics.median(float(row[name]) for row in rows if row["what"] == what)

    opened, edited = middle("open", "cpu_ms"), middle("edit", "p95_ms")
    rows.append(
        {
            "what": "ratio to the bare SQL",
            "open": round(opened / max(middle("open floor", "cpu_ms"), 0.1), 2),
            "edit": round(edited / middle("edit floor", "p95_ms"), 2),
        }
    )
    return report(
        "store",
        rows,
        [
            below("store.open_cpu_ms", round(opened, 1), OPEN_LIMIT_MS),
            # Of a clock on a busy machine nobody knows what it measured.
            below("store.edit_p95_ms", round(edited, 2), EDIT_LIMIT_MS, valid=quiet()),
        ],
        sqlite=sqlite3.sqlite_version,
    )


def _main() -> None:
    measures = {
        "open": _open,
        "open floor": _open_floor,
        "edit": _edit,
        "edit floor": _edit_floor,
    }
    print(json.dumps(measures[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))))


if __name__ == "__main__":
    _main()
