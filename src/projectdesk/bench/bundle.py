"""`bench bundle`: how large what is installed is, and its cold start beside the source tree's.

Both show the same window over a copy of the same data, up to its first paint, in turns: the bundle
as `projectdesk`, the source tree as Python with this package, from byte code. Before each start the
files of both are put out of the system's caches, so that they are read from the disk as after a
computer's start:

- `dropped`: all caches of the system, which root may do on Linux (`--drop`: others on the machine
  feel it);
- `advised`: the files of both, one by one (POSIX_FADV_DONTNEED). What another process has mapped
  stays: run nothing else of the source tree beside it.
- `warm`: neither can be done (Windows, macOS); the ratio is of warm starts then.

Warm starts are measured in the same turns, after the cold one. The first turn is not counted.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from projectdesk.bench import start
from projectdesk.bench.report import Row, at_most, quiet, report
from projectdesk.errors import DomainError

ROUNDS: Final = 7
RATIO_LIMIT: Final = 1.3
MB_LIMIT: Final = 580
"""What the bundle was when this was written (docs/adr/0092): it may fall, not rise."""
_DROP: Final = Path("/proc/sys/vm/drop_caches")
_PROGRAMS: Final = ("source", "bundle")


def run(options: Sequence[str] = ()) -> Row:
    """Measure and return the report.

    Args:
        options: `--folder DIR` (default: build/bundle/projectdesk of the source tree),
            `--rounds N`, `--drop`.

    Raises:
        DomainError: `bench_from_source`, or `no_bundle`: there is none in the folder.
    """
    parser = argparse.ArgumentParser(prog="projectdesk bench bundle")
    parser.add_argument("--folder", type=Path, help="the bundle (default: what was built here)")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument(
        "--drop", action="store_true", help="as root: drop all caches of the system"
    )
    chosen = parser.parse_args(list(options))
    if getattr(sys, "frozen", False):
        raise DomainError("bench_from_source", "This measurement runs from an installed source.")
    program = _program(chosen.folder or _here() / "build" / "bundle" / "projectdesk")
    parts, how = sizes(program.parent), way(drop=chosen.drop)
    with tempfile.TemporaryDirectory(prefix="projectdesk-bench-") as name:
        rows = _turns(program, Path(name), how, chosen.rounds)
    cold, warm = ratio(rows, warm=False), ratio(rows, warm=True)
    return report(
        "bundle",
        [{"part": part, "mb": round(size / 1e6, 1)} for part, size in parts.items()] + rows,
        [
            at_most("bundle.mb", round(sum(parts.values()) / 1e6, 1), MB_LIMIT),
            at_most(
                "bundle.start_ratio", warm if cold is None else cold, RATIO_LIMIT, valid=quiet()
            ),
        ],
        rounds=chosen.rounds,
        caches=how,
        warm_ratio=warm,
    )


def _here() -> Path:
    return Path(__file__).resolve().parents[3]


def _program(folder: Path) -> Path:
    program = folder / ("projectdesk.exe" if sys.platform == "win32" else "projectdesk")
    if not program.is_file():
        raise DomainError(
            "no_bundle",
            "There is no bundle in {folder}: make one with `dev.py bundle folder`.",
            folder=str(folder),
        )
    return program


def sizes(folder: Path) -> dict[str, int]:
    """Return a bundle's bytes: the program, and each part of its libraries above 1 %.

    A link counts nothing.
    """
    found: dict[str, int] = {}
    for path in _files([folder]):
        parts = path.relative_to(folder).parts
        name = parts[1] if len(parts) > 2 and parts[0] == "_internal" else parts[0]
        found[name] = found.get(name, 0) + path.stat().st_size
    least = sum(found.values()) / 100
    large = {name: size for name, size in found.items() if size >= least}
    rest = sum(found.values()) - sum(large.values())
    ordered = sorted(large.items(), key=lambda item: -item[1])
    return dict(ordered) | ({"others": rest} if rest else {})


# --- starts ---------------------------------------------------------------------------------------


def way(*, drop: bool) -> str:
    """Return how files are put out of the caches here: `dropped`, `advised` or `warm`."""
    if drop and os.access(_DROP, os.W_OK):
        return "dropped"
    return "advised" if hasattr(os, "posix_fadvise") else "warm"


def _turns(program: Path, folder: Path, how: str, rounds: int) -> list[Row]:
    sample = folder / "sample"
    sample.mkdir()
    start.make_sample(sample)
    commands = {
        "source": [sys.executable, "-m", "projectdesk", "first-paint"],
        "bundle": [str(program), "first-paint"],
    }
    places = [program.parent, _here() / "src", folder, Path(sys.prefix), Path(sys.base_prefix)]
    rows: list[Row] = []
    for turn in range(rounds + 1):
        for name in _PROGRAMS if turn % 2 else _PROGRAMS[::-1]:
            for warm in (False, True) if how != "warm" else (True,):
                data = folder / "data"
                shutil.rmtree(data, ignore_errors=True)
                shutil.copytree(sample, data)
                if not warm:
                    cool(places, how)
                told = start.measure(
                    [*commands[name], "shell", str(data)], start.environment(folder)
                )
                row = {"round": turn, "program": name, "warm": warm, "ms": told["ms"]}
                if turn:  # the first turn writes byte code
                    rows.append(row)
    return rows


def cool(places: Sequence[Path], how: str) -> None:
    """Put the files below some folders out of the system's caches."""
    if how == "dropped":
        subprocess.run(["sync"], check=True)
        _DROP.write_text("3\n", encoding="ascii")
        return
    for path in _files(places):
        try:
            file = os.open(path, os.O_RDONLY)
        except OSError:
            continue
        try:
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(file)


def _files(places: Sequence[Path]) -> Iterator[Path]:
    for place in places:
        for path in place.rglob("*"):
            if path.is_file() and not path.is_symlink():
                yield path


def ratio(rows: Sequence[Row], *, warm: bool) -> float | None:
    """Return the median of the bundle's starts to that of the source tree's; None without any."""
    middle: dict[str, float] = {}
    for name in _PROGRAMS:
        times = [row["ms"] for row in rows if row["program"] == name and row["warm"] is warm]
        if not times:
            return None
        middle[name] = statistics.median(times)
    return round(middle["bundle"] / middle["source"], 2)
