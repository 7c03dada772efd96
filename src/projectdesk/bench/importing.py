"""`bench import`: a framework programme's organisations into the database, against a bare floor.

Work: the two CSV files of a CORDIS export, 25,000 projects and 150,000 participations of 40,000
organisations, from file to committed rows plus search index, in an empty database.
Floor: the same files by csv.DictReader and sqlite3.executemany into two plain tables of text, with
the PRAGMAs of our engine (decisions 21). Each runs in a process of its own, in turns, so that one's
memory and caches are not the other's; its time leaves out the start of Python and the opening of
the database, its memory is the highest of its process. The processor time of the whole process is
printed beside it: on a busy machine that is the steadier figure.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from projectdesk.bench.report import at_most, below, report

ROWS = 150_000
ROUNDS = 3
RATIO_LIMIT = 4.0
RSS_LIMIT_MB = 300

_ROWS_PER_PROJECT = 6
_ROWS_PER_ORGANISATION = 3.75
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "temp_store=MEMORY", "cache_size=-32000")
_COUNTRIES = ("DE", "FR", "ES", "IT", "NL", "EL", "UK", "PL", "SE", "DK", "PT", "KR", "XK")
_ROLES = ("participant", "participant", "participant", "thirdParty", "associatedPartner")
_WORDS = (
    "coastal", "river", "model", "sensor", "network", "policy", "climate", "health", "battery",
    "cell", "protein", "market", "method", "pilot", "region", "citizen", "energy", "storage",
    "material", "surface", "learning", "forecast", "flood", "water", "soil", "crop", "ocean",
)  # fmt: skip
_PROJECT_HEADER = (
    "id", "acronym", "status", "title", "startDate", "endDate", "totalCost", "ecMaxContribution",
    "legalBasis", "topics", "ecSignatureDate", "frameworkProgramme", "masterCall", "subCall",
    "fundingScheme", "objective", "contentUpdateDate", "rcn", "grantDoi",
)  # fmt: skip
_ORGANISATION_HEADER = (
    "projectID", "projectAcronym", "organisationID", "vatNumber", "name", "shortName", "SME",
    "activityType", "street", "postCode", "city", "country", "nutsCode", "geolocation",
    "organizationURL", "contactForm", "contentUpdateDate", "rcn", "order", "role",
    "ecContribution", "netEcContribution", "totalCost", "endOfParticipation",
)  # fmt: skip


def run(options: Sequence[str] = ()) -> dict[str, Any]:
    """Measure and return the report.

    Args:
        options: `--rows N` participations, `--rounds N`.
    """
    parser = argparse.ArgumentParser(prog="projectdesk bench import")
    parser.add_argument("--rows", type=int, default=ROWS, help="participations")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args(list(options))
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="projectdesk-bench-") as name:
        folder = Path(name)
        write_export(folder, chosen.rows)
        for turn in range(1, chosen.rounds + 1):
            for what in ("floor", "import"):
                rows.append({"round": turn, "what": what, **_measure(what, folder)})
    return _report(chosen.rows, rows)


def write_export(folder: Path, participations: int) -> tuple[Path, Path]:
    """Write an invented export (always the same) and return its project and organisation file.

    Args:
        folder: where `project.csv` and `organization.csv` go.
        participations: rows of the organisation file.
    """
    chance = random.Random(2026)  # noqa: S311 - invented rows, no secrets
    projects = max(1, participations // _ROWS_PER_PROJECT)
    organisations = [
        _organisation(chance, index)
        for index in range(max(1, int(participations / _ROWS_PER_ORGANISATION)))
    ]
    project_file, organisation_file = folder / "project.csv", folder / "organization.csv"
    with project_file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow(_PROJECT_HEADER)
        writer.writerows(_project(chance, index) for index in range(projects))
    with organisation_file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow(_ORGANISATION_HEADER)
        writer.writerows(_participations(chance, organisations, participations, projects))
    return project_file, organisation_file


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words))


def _project(chance: random.Random, index: int) -> list[str]:
    number = str(101_000_000 + index)
    cost = f"{chance.randrange(10**7)},{chance.randrange(100):02}"
    call = f"HORIZON-CL6-2024-{index % 90:02}"
    return [
        number, f"P{index}", "SIGNED", _text(chance, 9).title(), "2024-01-01", "2027-12-31",
        cost, cost.replace(",", "."), "HORIZON.2.6", f"{call}-1", "2023-12-01", "HORIZON", call,
        call, "HORIZON-RIA", _text(chance, 250), "2024-01-01 00:00:00", str(260_000 + index),
        f"10.3030/{number}",
    ]  # fmt: skip


def _organisation(chance: random.Random, index: int) -> list[str]:
    pic = str(900_000_000 + index)
    name = f"{_text(chance, 3).upper()} {index}"
    country = chance.choice(_COUNTRIES)
    return [
        pic, f"{country}{index:09}" if index % 7 else "", name, name[:3] + str(index)
        if index % 3 else "", str(not index % 5).lower(), "HES", f"STREET {index}", str(index),
        _text(chance, 1).title(), country, f"{country}21",
        f"{chance.uniform(40, 60):.6f},{chance.uniform(0, 20):.6f}" if index % 2 else "",
        f"http://www.o{index}.example" if index % 3 else "", f"https://forms.example/{pic}",
        "2024-01-01 00:00:00", str(1_900_000 + index),
    ]  # fmt: skip


def _participations(
    chance: random.Random, organisations: Sequence[list[str]], rows: int, projects: int
) -> Iterator[list[str]]:
    order, last = 0, -1
    for row in range(rows):
        project = row * projects // rows
        order = order + 1 if project == last else 1
        last = project
        role = "coordinator" if order == 1 else chance.choice(_ROLES)
        money = f"{chance.randrange(10**6)}.{chance.randrange(10)}"
        yield [
            str(101_000_000 + project), f"P{project}", *chance.choice(organisations), str(order),
            role, money, money, money.replace(".", ","), "false",
        ]  # fmt: skip


def _measure(what: str, folder: Path) -> dict[str, Any]:
    """Run one side in a process of its own and return what it printed."""
    with tempfile.TemporaryDirectory(dir=folder) as data:
        done = subprocess.run(
            [sys.executable, "-m", "projectdesk.bench.importing", what, str(folder), data],
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@dataclass
class _Watch:
    """Clock and processor time of a piece of work, in seconds.

    The second is what is left of a difference when other programs were busy too.
    """

    seconds: float = 0.0
    cpu_seconds: float = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        clock, processor = time.perf_counter(), time.process_time()
        yield
        self.seconds = round(time.perf_counter() - clock, 3)
        self.cpu_seconds = round(time.process_time() - processor, 3)


def _floor(folder: Path, data: Path, watch: _Watch) -> int:
    """Read with csv.DictReader, write with executemany; return how many rows."""
    database = sqlite3.connect(data / "floor.sqlite")
    for pragma in _PRAGMAS:
        database.execute(f"PRAGMA {pragma}")
    rows = 0
    with watch.running():
        for name, header in (("project", _PROJECT_HEADER), ("organization", _ORGANISATION_HEADER)):
            columns = ", ".join(f'"{column}" TEXT' for column in header)
            places = ", ".join(f":{column}" for column in header)
            database.execute(f"CREATE TABLE {name} ({columns})")
            with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
                reader = csv.DictReader(stream, delimiter=";")
                insert = f"INSERT INTO {name} VALUES ({places})"  # noqa: S608 - names from above
                rows += database.executemany(insert, reader).rowcount
        database.commit()
    database.close()
    return rows


def _import(folder: Path, data: Path, watch: _Watch) -> int:
    """Import as `projectdesk import` does; return how many records were added."""
    from projectdesk.secrets.memory import MemorySecrets
    from projectdesk.services.commands.imports import import_cordis
    from projectdesk.services.workspace import Workspace

    with Workspace.open(data, secrets=MemorySecrets()) as workspace:
        with watch.running():
            made = import_cordis(workspace, [folder / "project.csv", folder / "organization.csv"])
        return made.added


def peak_rss_mb() -> float:
    """Return the highest resident memory of this process so far, in MB."""
    if sys.platform == "win32":
        return _peak_windows_mb()
    if platform.system() == "Linux":
        # Not getrusage: what it says begins with the memory of whoever started this process.
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return int(status.split("VmHWM:")[1].split()[0]) / (1 << 10)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    megabytes: float = peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    return megabytes


def _peak_windows_mb() -> float:
    """Ask Windows for the peak working set."""
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        _fields_ = (
            ("cb", wintypes.DWORD),
            ("PageFaultCount", wintypes.DWORD),
            *((f"size{index}", ctypes.c_size_t) for index in range(8)),
        )

    counters = Counters()
    counters.cb = ctypes.sizeof(counters)
    windll = getattr(ctypes, "windll")  # noqa: B009 - exists on Windows only
    process = windll.kernel32.GetCurrentProcess()
    windll.psapi.GetProcessMemoryInfo(process, ctypes.byref(counters), counters.cb)
    return float(counters.size0) / (1 << 20)


def _report(rows_asked: int, rows: list[dict[str, Any]]) -> dict[str, Any]:
    def middle(what: str, name: str) -> float:
        values: list[float] = [row[name] for row in rows if row["what"] == what]
        return statistics.median(values)

    ratio = round(middle("import", "seconds") / middle("floor", "seconds"), 2)
    rss = round(max(row["rss_mb"] for row in rows if row["what"] == "import"), 1)
    return report(
        "import",
        rows,
        [at_most("import.ratio", ratio, RATIO_LIMIT), below("import.rss_mb", rss, RSS_LIMIT_MB)],
        sqlite=sqlite3.sqlite_version,
        participations=rows_asked,
    )


def _main() -> None:
    what, folder, data = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    watch = _Watch()
    records = (_floor if what == "floor" else _import)(folder, data, watch)
    found = {**vars(watch), "records": records, "rss_mb": round(peak_rss_mb(), 1)}
    print(json.dumps(found))


if __name__ == "__main__":
    _main()
