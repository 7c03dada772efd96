from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from projectdesk.errors import EnvironmentFailure
from projectdesk.folders import location
from projectdesk.store.database import open_database
from tests.unit.services.conftest import START


@pytest.mark.parametrize(
    ("path", "service"),
    [
        (PureWindowsPath(r"C:\Users\ana\OneDrive\Projects"), "OneDrive"),
        (PureWindowsPath(r"C:\Users\ana\OneDrive - Universidade\Data"), "OneDrive - Universidade"),
        (PurePosixPath("/home/ana/Dropbox/pd"), "Dropbox"),
        (PurePosixPath("/Users/ana/Library/Mobile Documents/pd"), "Mobile Documents"),
        (PurePosixPath("/Users/ana/CloudStorage/GoogleDrive-ana@x.org"), "GoogleDrive-ana@x.org"),
        (PurePosixPath("/home/ana/Nextcloud"), "Nextcloud"),
        (PurePosixPath("/home/ana/.local/share/ProjectDesk"), None),
        (PurePosixPath("/home/ana/dropboxes/drive"), None),
    ],
)  # fmt: skip
def test_synchronised_folders_are_known(
    path: PurePosixPath | PureWindowsPath, service: str | None
) -> None:
    assert location.synced_by(path) == service


def test_mounts_of_linux_and_mac() -> None:
    linux = location.mounts_of_linux(
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        "35 22 0:40 / /mnt/team\\040share rw - nfs4 server:/x rw\n"
        "36 22 0:41 / /home/ana/phone rw shared:9 - fuse.sshfs ana@phone: rw\n"
    )
    assert location.file_system_of(PurePosixPath("/mnt/team share/pd"), linux) == "nfs4"
    assert location.file_system_of(PurePosixPath("/home/ana/phone"), linux) == "fuse.sshfs"
    assert location.file_system_of(PurePosixPath("/home/ana"), linux) == "ext4"
    mac = location.mounts_of_mac(
        "/dev/disk3s1 on / (apfs, local, read-only)\n//ana@nas/x on /Volumes/team (smbfs, nodev)\n"
    )
    assert location.file_system_of(PurePosixPath("/Volumes/team/pd"), mac) == "smbfs"
    assert location.file_system_of(PurePosixPath("/Users/ana"), mac) == "apfs"


def test_a_synchronised_folder_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "Dropbox" / "pd"
    with pytest.raises(EnvironmentFailure) as caught:
        open_database(folder, None, START)
    assert caught.value.code == "synced_folder"
    assert "--data" in caught.value.text
    assert not folder.exists()


def test_a_link_into_a_synchronised_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "OneDrive").mkdir()
    link = tmp_path / "data"
    link.symlink_to(tmp_path / "OneDrive", target_is_directory=True)
    with pytest.raises(EnvironmentFailure):
        location.check_folder(link / "pd")


def test_a_network_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    location.check_folder(tmp_path)
    monkeypatch.setattr(location, "on_network", lambda _folder: True)
    with pytest.raises(EnvironmentFailure) as caught:
        location.check_folder(tmp_path)
    assert caught.value.code == "network_folder"
