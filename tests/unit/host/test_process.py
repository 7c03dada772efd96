from __future__ import annotations

import os
import stat
import sys

import pytest

from projectdesk.errors import EnvironmentFailure, NotFound
from projectdesk.host import card
from projectdesk.host.lock import HostLock
from projectdesk.host.serve import keys_add, keys_list, keys_revoke
from tests.unit.host.conftest import NOW

CARD = card.HostCard(
    pid=1234,
    started_at=NOW,
    port=8080,
    protocol=1,
    url="http://127.0.0.1:8080",
    public_url="http://127.0.0.1:8080",
    journal="j",
)


def test_a_folder_has_one_host(tmp_path):
    with HostLock(tmp_path):
        with pytest.raises(EnvironmentFailure) as caught, HostLock(tmp_path):
            pass
        assert caught.value.code == "host_running"
    with HostLock(tmp_path):
        pass


def test_a_folder_that_is_none_is_a_clear_error(tmp_path):
    with pytest.raises(EnvironmentFailure) as caught, HostLock(tmp_path / "nowhere"):
        pass
    assert caught.value.code == "folder_unusable"


def test_the_card_is_whole_private_and_removed_by_its_host_only(tmp_path):
    path = tmp_path / "host.json"
    card.write_card(path, CARD)
    assert card.read_card(path) == CARD
    assert [p.name for p in tmp_path.iterdir()] == ["host.json"]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    card.remove_card(path, pid=1)
    assert path.exists()
    card.remove_card(path, pid=1234)
    assert not path.exists()


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b'{"pid":"x"}'])
def test_a_damaged_card_is_no_card(tmp_path, content):
    path = tmp_path / "host.json"
    path.write_bytes(content)
    assert card.read_card(path) is None
    assert card.read_card(tmp_path / "none.json") is None


def test_keys_are_made_listed_and_revoked_from_the_command_line(tmp_path):
    folder = tmp_path / "new"
    secret = keys_add(folder, "Ida's laptop")
    other = keys_add(f"sqlite:///{(folder / 'host.sqlite3').as_posix()}", "Server")
    assert secret.startswith("pdk_")
    assert len({secret, other}) == 2
    assert [key.name for key in keys_list(folder)] == ["Ida's laptop", "Server"]
    assert keys_revoke(folder, "Server") == 1
    assert [key.revoked_at is None for key in keys_list(folder)] == [True, False]
    with pytest.raises(NotFound):
        keys_revoke(folder, "Nobody")


def test_the_host_imports_no_qt_and_no_media_library():
    import subprocess

    code = (
        "import sys, projectdesk.host.serve; "
        "print([m for m in ('PySide6', 'aiortc', 'aioice') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_journal_in_a_synchronised_folder_is_refused_before_it_is_made(tmp_path):
    folder = tmp_path / "Dropbox" / "host"
    with pytest.raises(EnvironmentFailure) as caught:
        keys_add(f"sqlite:///{(folder / 'host.sqlite3').as_posix()}", "desktop")
    assert caught.value.code == "synced_folder"
    assert not folder.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps users' folders apart itself")
def test_the_hosts_folder_is_its_users_own(tmp_path):
    keys_add(tmp_path / "data" / "host", "desktop")
    assert stat.S_IMODE((tmp_path / "data" / "host").stat().st_mode) == 0o700
