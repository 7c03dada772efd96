"""A disk that is really full, as a small file system of its own: needs root on Linux.

In the gate a limit on the pages of the database stands for it: see the README of this folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest

from projectdesk.domain.meetings import MeetingType
from projectdesk.errors import EnvironmentFailure, ProjectDeskError
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, queries
from projectdesk.services.notes import open_notes
from projectdesk.services.workspace import Workspace
from tests.faults.conftest import COMMAND, PATIENCE_S, Said, records
from tests.faults.test_import import ROWS, export, sound

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(
        sys.platform != "linux" or os.geteuid() != 0, reason="mounting needs root on Linux"
    ),
]

_DISK_MB = 12


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 12 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={_DISK_MB}m", "tmpfs", str(folder)]
    subprocess.run(["mount", *options], check=True)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def small_data(disk: Path, sample_folder: Path) -> Path:
    """Return the sample project on that disk."""
    return shutil.copytree(sample_folder, disk / "data")


def fill(disk: Path) -> Path:
    """Write until nothing more fits; return the file to be deleted."""
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as stream:
        while stream.write(bytes(4096)):
            pass
    return filler


def command(*words: object) -> Said:
    done = subprocess.run(
        [*COMMAND, *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=2 * PATIENCE_S,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


def test_an_import_into_a_full_disk_takes_everything_back(small_data: Path, tmp_path: Path) -> None:
    file = export(tmp_path / "export.zip", 3 * ROWS)
    before = records(small_data)
    said = command("import", file, "--data", small_data)
    assert (said.code, said.out) == (2, "")
    assert "[disk_full]" in said.error
    assert said.error.count("\n") == 1, "one line, and no complaint of the log"
    assert records(small_data) == before
    assert sound(small_data)
    subprocess.run(["mount", "-o", "remount,size=200m", str(small_data.parent)], check=True)
    assert command("import", file, "--data", small_data).code == 0


@pytest.mark.parametrize(
    "words", [("sample",), ("backup",), ("plan", "kick_off", "--project", "SALTMARK",
        "--start", "2027-03-02T10:00", "--zone", "Europe/Oslo")],
)  # fmt: skip
def test_commands_on_a_full_disk_say_so_and_leave_the_data(
    small_data: Path, words: tuple[str, ...]
) -> None:
    before = records(small_data)
    filler = fill(small_data.parent)
    said = command(*words, "--data", small_data)
    assert "Traceback" not in said.error
    assert said.code == 2
    assert "[disk_full]" in said.error
    assert said.error.count("\n") == 1
    filler.unlink()
    assert sound(small_data)
    assert records(small_data) == before
    assert command(*words, "--data", small_data).code == 0


def test_what_is_typed_on_a_full_disk_is_kept_until_there_is_room(small_data: Path) -> None:
    with Workspace.open(small_data, secrets=MemorySecrets()) as workspace:
        project = queries.project_by_acronym(workspace, "SALTMARK").id
        start = datetime(2027, 3, 2, 10)  # noqa: DTZ001 - planned times are naive
        meeting, _ = commands.plan_meeting(
            workspace, project, MeetingType.KICK_OFF, start, "Europe/Oslo"
        )
        item = queries.agenda(workspace, meeting)[0].id
        document = open_notes(workspace, meeting)
        length = len(document.item_text(item).encode("utf-16-le")) // 2
        trouble, relief = threading.Event(), threading.Event()
        told: list[ProjectDeskError] = []

        def watch(failure: ProjectDeskError | None) -> None:
            if failure is not None:
                told.append(failure)
            (trouble if failure else relief).set()

        stop = document.watch(watch)
        filler = fill(small_data.parent)
        document.edit(item, length, 0, "x" * 300_000)
        assert trouble.wait(PATIENCE_S)
        document.edit(item, length, 0, "typed meanwhile ")
        with pytest.raises(EnvironmentFailure):
            document.flush()
        assert told[0].code == "disk_full"
        filler.unlink()
        assert relief.wait(PATIENCE_S)
        document.flush()
        assert document.unsaved == 0
        stop()
        document.close()
        assert "typed meanwhile xxx" in queries.notes(workspace, meeting)[item]
    assert sound(small_data)
