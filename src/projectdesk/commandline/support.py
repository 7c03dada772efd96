"""A support bundle: what who helps needs to see, and nothing that is secret.

A ZIP with what `doctor` found, versions, the policy, how much is in the database (no row of it) and
the logs, in which tokens and keys are masked when they are written, and here addresses of people,
too.
"""

from __future__ import annotations

import json
import platform
import re
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from projectdesk.doctor import Check
from projectdesk.errors import EnvironmentFailure
from projectdesk.policy import managed

_ADDRESS: Final = re.compile(r"[\w.+-]+@(?=[\w-]+\.[\w.-]+)")
_TAIL: Final = 500_000
"""Bytes of each log, its newest."""
_DATABASE: Final = "projectdesk.sqlite"


def write_bundle(out: Path, data: Path, checks: Sequence[Check]) -> list[str]:
    """Write the bundle and return the names of what is in it.

    Args:
        out: the ZIP file.
        data: the data folder.
        checks: what `doctor` found.

    Raises:
        EnvironmentFailure: `not_written`.
    """
    try:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, content in _parts(data, checks):
                bundle.writestr(name, content)
            return bundle.namelist()
    except OSError as error:
        out.unlink(missing_ok=True)
        raise EnvironmentFailure(
            "not_written",
            "{file} could not be written ({reason}).",
            file=str(out),
            reason=error.strerror or str(error),
        ) from error


def _parts(data: Path, checks: Sequence[Check]) -> Iterator[tuple[str, str]]:
    yield "doctor.json", _json([asdict(check) for check in checks])
    yield "system.json", _json(_system())
    found = managed()
    problems = {each.key: each.text for each in found.problems}
    yield "policy.json", _json({"place": found.place, "given": dict(found.given)} | problems)
    yield "database.json", _json(_database(data / _DATABASE))
    for log in sorted((*data.glob("logs/*.log*"), *data.glob("*/logs/*.log*"))):
        name = log.relative_to(data).as_posix()
        yield f"logs/{name.replace('/', '-')}", _masked(log)


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n"


def _system() -> dict[str, Any]:
    distributions = {each.name: each.version for each in metadata.distributions()}
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": platform.platform(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "packages": dict(sorted(distributions.items())),
    }


def _database(path: Path) -> dict[str, Any]:
    """Return size, schema, state and rows by table of a database; read without changing it."""
    if not path.is_file():
        return {"there": False}
    facts: dict[str, Any] = {"there": True, "bytes": path.stat().st_size}
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=2)) as opened:
            facts["schema"] = opened.execute("SELECT version_num FROM alembic_version").fetchone()
            facts["check"] = [row[0] for row in opened.execute("PRAGMA quick_check(5)")]
            tables = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            names = [row[0] for row in tables.fetchall()]
            facts["rows"] = {name: _rows(opened, name) for name in sorted(names)}
    except sqlite3.Error as error:
        facts["error"] = str(error)
    return facts


def _rows(opened: sqlite3.Connection, table: str) -> int | str:
    quoted = table.replace('"', '""')
    try:
        count: int = opened.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0]  # noqa: S608
    except sqlite3.Error as error:
        return str(error)
    return count


def _masked(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - _TAIL))
        text = file.read().decode("utf-8", "replace")
    return _ADDRESS.sub("***@", text)
