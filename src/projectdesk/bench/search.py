"""`bench search`: the answer of a search box while somebody types, in a heavy project.

Work: a project of 20,000 actions, 2,000 people, 500 meetings (bench.heavy) and a directory of
150,000 organisations. Each text is typed letter by letter; each letter is answered once by the
search over everything (as Ctrl+K asks) and once by the choice of a partner's organisation (our own
and the directory's). An answer is what the desktop's worker does: query to frozen rows.
Floor: the bare SQL, by sqlite3 in the same database: thirty rows that match, in no order.
Each answer is measured in several rounds and the middle one counts, as other programs disturb; the
processor time of the same answers is printed beside it.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from projectdesk.bench import heavy
from projectdesk.bench.invented import write_organisations
from projectdesk.bench.report import Row, below, quiet, report

ORGANISATIONS = 150_000
ROUNDS = 3
LIMIT_MS = 30.0

EVERYTHING = (
    *("review slides", "tide gauges", "Łódź", "evora", "muller", "ana castro", "general assembly"),
    *("WP3", "D3.2", "A12", "R3", "consent forms", "battery storage", "data management plan"),
    *("board 12", "o'brien", "person12@heavy", "publish results", "sediment", "drone survey"),
)
ORGANISATION = (
    *("fraunhofer", "université de lyon", "politechnika lodz", "900000123", "cnrs", "l'aquila"),
    *("robotics", "universidade de lisboa", "tech university", "energie gmbh", "institute of"),
    *("göteborg", "zenver", "s.r.l.", "portugal", "københavn"),
)


def run(options: Sequence[str] = ()) -> dict[str, Any]:
    """Measure and return the report.

    Args:
        options: `--organisations N`, `--rounds N`, `--small` (a tenth of the project, for tests).
    """
    parser = argparse.ArgumentParser(prog="projectdesk bench search")
    parser.add_argument("--organisations", type=int, default=ORGANISATIONS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--small", action="store_true")
    chosen = parser.parse_args(list(options))
    with tempfile.TemporaryDirectory(prefix="projectdesk-bench-") as name:
        data = Path(name) / "data"
        fill(data, Path(name), chosen.organisations, heavy.SMALL if chosen.small else heavy.Size())
        rows = _measure(data, chosen.rounds)
    return _report(rows, chosen.organisations)


def fill(data: Path, folder: Path, organisations: int, size: heavy.Size) -> None:
    """Make a data folder with the heavy project and the directory."""
    from projectdesk.secrets.memory import MemorySecrets
    from projectdesk.services.commands.directory import import_directory
    from projectdesk.services.workspace import Workspace

    with Workspace.open(data, secrets=MemorySecrets()) as workspace:
        heavy.fill(workspace, size)
        if organisations:
            file = write_organisations(folder / "organization.csv", organisations)
            import_directory(workspace, [file])


def typed(texts: Sequence[str]) -> Iterator[str]:
    """Yield what stands in the box after each letter."""
    for text in texts:
        yield from (text[:end] for end in range(1, len(text) + 1) if text[end - 1] != " ")


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    """Return the value that a share of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _measure(data: Path, rounds: int) -> list[Row]:
    from projectdesk.secrets.memory import MemorySecrets
    from projectdesk.services import queries
    from projectdesk.services.workspace import Workspace
    from projectdesk.store.engine import database_path

    with Workspace.open(data, secrets=MemorySecrets()) as workspace:
        boxes: tuple[tuple[str, Sequence[str], Callable[[str], Sequence[Any]]], ...] = (
            ("everything", EVERYTHING, lambda text: queries.search(workspace, text, 120)),
            (
                "organisations",
                ORGANISATION,
                lambda text: queries.choosable_organisations(workspace, text, None, 40),
            ),
        )
        with sqlite3.connect(database_path(data)) as bare:
            rows = [
                _box(name, list(typed(texts)), ask, _floor_of(bare, name), rounds)
                for name, texts, ask in boxes
            ]
        bare.close()
    return rows


def _box(
    name: str,
    texts: Sequence[str],
    ask: Callable[[str], Sequence[Any]],
    floor: Callable[[str], Sequence[Any]],
    rounds: int,
) -> Row:
    """Measure one box; wall, cpu and floor are milliseconds of each answer."""
    answers = [_timed(ask, text, rounds) for text in texts]
    bare = [_timed(floor, text, rounds) for text in texts]
    wall, cpu = [each[0] for each in answers], [each[1] for each in answers]
    slowest = max(range(len(texts)), key=lambda index: wall[index])
    p95, floor_p95 = percentile(wall), percentile([each[0] for each in bare])
    return {
        "what": name,
        "answers": len(texts),
        "median_ms": round(statistics.median(wall), 2),
        "p95_ms": round(p95, 2),
        "cpu_p95_ms": round(percentile(cpu), 2),
        "slowest": f"{texts[slowest]!r} {wall[slowest]:.1f} ms",
        "floor_p95_ms": round(floor_p95, 2),
        "ratio": round(p95 / floor_p95, 2),
        "_wall": wall,
        "_floor": [each[0] for each in bare],
    }


def _timed(ask: Callable[[str], Sequence[Any]], text: str, rounds: int) -> tuple[float, float]:
    """Return the middle of several rounds: milliseconds of the clock and of the processor."""
    walls, processors = [], []
    for _ in range(rounds):
        clock, processor = time.perf_counter(), time.process_time()
        ask(text)
        walls.append((time.perf_counter() - clock) * 1000)
        processors.append((time.process_time() - processor) * 1000)
    return statistics.median(walls), statistics.median(processors)


def _floor_of(bare: sqlite3.Connection, box: str) -> Callable[[str], Sequence[Any]]:
    """Return what finds thirty matches with nothing around the SQL."""
    from projectdesk.store import directory
    from projectdesk.store.folding import fold

    def everything(text: str) -> Sequence[Any]:
        words = [word for word in fold(text).split() if len(word) > 2]
        if not words:
            folded = fold(text)
            return bare.execute(
                "SELECT * FROM search_entry WHERE title_folded BETWEEN ? AND ? LIMIT 30",
                (folded, f"{folded}\U0010ffff"),
            ).fetchall()
        return bare.execute(
            "SELECT * FROM search_entry WHERE id IN (SELECT rowid FROM search_text"
            " WHERE search_text MATCH ? LIMIT 30)",
            (_match(words),),
        ).fetchall()

    def organisations(text: str) -> Sequence[Any]:
        words = [f"  {word}" for word in directory.words_in(text)]
        return bare.execute(
            "SELECT * FROM directory_entry WHERE id IN (SELECT rowid FROM directory_text"
            " WHERE directory_text MATCH ? LIMIT 30)",
            (_match(words),),
        ).fetchall()

    return everything if box == "everything" else organisations


def _match(words: Sequence[str]) -> str:
    return " AND ".join('"' + word.replace('"', '""') + '"' for word in words)


def _report(rows: list[Row], organisations: int) -> dict[str, Any]:
    wall = [each for row in rows for each in row.pop("_wall")]
    floor = [each for row in rows for each in row.pop("_floor")]
    p95 = round(percentile(wall), 2)
    rows.append(
        {
            "what": "all",
            "answers": len(wall),
            "p95_ms": p95,
            "floor_p95_ms": round(percentile(floor), 2),
            "ratio": round(p95 / percentile(floor), 2),
        }
    )
    return report(
        "search",
        rows,
        [below("search.p95_ms", p95, LIMIT_MS, valid=quiet())],
        sqlite=sqlite3.sqlite_version,
        organisations=organisations,
    )
