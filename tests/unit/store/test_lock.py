from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from projectdesk.errors import EnvironmentFailure
from projectdesk.services.workspace import lock_data
from projectdesk.store.lock import DataLock

_HOLDER = """
import sys
from pathlib import Path
from projectdesk.store.lock import DataLock
lock = DataLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_one_desktop_per_folder(tmp_path: Path) -> None:
    with lock_data(tmp_path / "new"), pytest.raises(EnvironmentFailure) as caught:
        DataLock(tmp_path / "new").acquire()
    assert caught.value.code == "data_in_use"
    with DataLock(tmp_path / "new"), DataLock(tmp_path / "other"):
        pass


def test_the_lock_of_a_process_that_died_is_free(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        lock = DataLock(tmp_path)
        with pytest.raises(EnvironmentFailure):
            lock.acquire()
        holder.kill()
        holder.wait(10)
        lock.acquire()
        lock.release()
        lock.release()


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EnvironmentFailure) as caught:
        DataLock(tmp_path / "file" / "data").acquire()
    assert caught.value.code == "folder_unusable"


def test_a_file_in_the_place_of_the_folder_is_told_as_such(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("kept", encoding="utf-8")
    for folder in (file, file / "data"):
        with pytest.raises(EnvironmentFailure) as caught:
            DataLock(folder).acquire()
        assert caught.value.text == f"{file} is a file, not a folder. Choose a folder with --data."
    assert file.read_text(encoding="utf-8") == "kept"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps users' folders apart itself")
def test_the_data_folder_is_its_users_own(tmp_path: Path) -> None:
    with DataLock(tmp_path / "data"):
        assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
