"""A user's data that a fault may not touch, and the command line as that user runs it."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from projectdesk import cli
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands
from projectdesk.services.workspace import Workspace
from projectdesk.store.engine import database_path

COMMAND = [sys.executable, "-m", "projectdesk"]
PATIENCE_S = 60


@dataclass(frozen=True)
class Said:
    """What a command came to. code: its exit code."""

    code: int
    out: str
    error: str


def records(data: Path) -> str:
    """Return a digest of everything that the database of a folder holds, its log included."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(database_path(data))) as connection:
        for line in connection.iterdump():
            digest.update(line.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


_MEASURED = """
import sys
from projectdesk import cli
from projectdesk.bench.importing import peak_rss_mb
code = cli.main(sys.argv[1:])
print(f"\\n{peak_rss_mb():.0f}", file=sys.stderr)
sys.exit(code)
"""


def measured(*words: object, seconds: float = 10 * PATIENCE_S) -> tuple[Said, int]:
    """Run a command in a process of its own; return what it came to and its peak memory in MB."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )
    error, _, peak = done.stderr.rstrip("\n").rpartition("\n")
    return Said(done.returncode, done.stdout, error), int(peak)


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with the sample project, to be copied."""
    folder = tmp_path_factory.mktemp("sample")
    with Workspace.open(folder, secrets=MemorySecrets()) as workspace:
        commands.open_sample(workspace)
        commands.back_up(workspace)
    return folder


@pytest.fixture
def data(sample_folder: Path, tmp_path: Path) -> Path:
    """Return a data folder of one's own with the sample project and a backup of it."""
    return shutil.copytree(sample_folder, tmp_path / "data")


@pytest.fixture
def run(data: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run a command on the data, in this process."""

    def run(*words: object) -> Said:
        capsys.readouterr()
        code = cli.main([*map(str, words), "--data", str(data)])
        out, error = capsys.readouterr()
        return Said(code, out, error)

    return run


@pytest.fixture
def refused(run: Callable[..., Said], data: Path) -> Callable[..., str]:
    """Run a command that has to refuse: exit 2, one clear line, nothing changed; return it."""

    def refused(*words: object) -> str:
        before = records(data)
        said = run(*words)
        assert said.code == cli.REFUSED, said
        assert said.out == ""
        assert said.error.startswith("projectdesk: ")
        assert said.error.count("\n") == 1
        assert said.error.rstrip("\n").isprintable()
        assert "Traceback" not in said.error
        assert records(data) == before
        return said.error

    return refused


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a command as a process of its own; whatever still runs at the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def start(*words: object, **options: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*COMMAND, *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, **options},
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()
