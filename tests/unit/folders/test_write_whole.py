"""A file is put in place whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from projectdesk.folders import write_whole


def test_a_file_is_replaced_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    file.write_text("before")
    write_whole(file, "Zúñiga", synced=True)
    assert file.read_bytes() == "Zúñiga".encode()
    write_whole(file, b"a\nb\n")
    assert file.read_bytes() == b"a\nb\n"
    assert [each.name for each in tmp_path.iterdir()] == ["kept.json"]
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "kept.json"
    file.write_text("before")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(file, "after", synced=True)
    assert file.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["kept.json"]
