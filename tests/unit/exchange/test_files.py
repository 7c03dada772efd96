"""Archives from outside: limits, damage, odd paths."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from projectdesk.errors import FileTooLarge, NotFound, UnreadableFile
from projectdesk.exchange import files
from projectdesk.exchange.calendar import read_calendar_file
from projectdesk.exchange.files import sources


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return path


def test_members_are_read_where_they_lie(tmp_path: Path):
    path = archive(tmp_path / "x.zip", {"deep/a.csv": b"one", "../../escape.csv": b"two"})
    with sources([path]) as found:
        names = [source.name for source in found]
        assert names == ["x.zip/deep/a.csv", "x.zip/../../escape.csv"]
        assert [source.read(100) for source in found] == [b"one", b"two"]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["x.zip"]
    assert not (tmp_path.parent.parent / "escape.csv").exists()


def test_what_macos_knows_of_files_is_no_file(tmp_path: Path):
    beside = {f"__MACOSX/._a{end}": b"\0\5\x16\7" for end in (".ics", ".xlsx")}
    event = b"BEGIN:VEVENT\nUID:1\nDTSTART:20260105T090000Z\nEND:VEVENT\n"
    calendar = b"BEGIN:VCALENDAR\nVERSION:2.0\n" + event + b"END:VCALENDAR\n"
    path = archive(tmp_path / "x.zip", {"a.ics": calendar, **beside})
    with sources([path]) as found:
        assert [source.name for source in found] == ["x.zip/a.ics"]
    read = read_calendar_file(path)
    assert (len(read.calendars), read.findings) == (1, ())


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path):
    path = archive(tmp_path / "bomb.zip", {"a.csv": b"0" * (64 << 20)})
    with pytest.raises(FileTooLarge), sources([path]):
        pass


def test_a_file_over_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "FILE_BYTES_LIMIT", 10)
    (tmp_path / "a.csv").write_bytes(b"0" * 11)
    with pytest.raises(FileTooLarge, match=r"a\.csv"), sources([tmp_path / "a.csv"]):
        pass


def test_a_cut_archive_is_damaged(tmp_path: Path):
    path = archive(tmp_path / "x.zip", {"a.csv": bytes(range(256)) * 64})
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(UnreadableFile, match="damaged"), sources([path]):
        pass


def test_a_member_whose_bytes_were_changed_is_damaged(tmp_path: Path):
    path = archive(tmp_path / "x.zip", {"a.csv": bytes(range(256)) * 64})
    content = bytearray(path.read_bytes())
    content[60:70] = b"\xff" * 10
    path.write_bytes(bytes(content))
    with sources([path]) as found, pytest.raises(UnreadableFile, match="damaged"):
        found[0].read(1 << 20)


def test_a_workbook_is_told_from_an_archive(tmp_path: Path):
    path = archive(tmp_path / "x.xlsx", {"[Content_Types].xml": b"<x/>"})
    with pytest.raises(UnreadableFile, match="CSV"), sources([path]):
        pass


def test_missing_files_and_folders_are_named(tmp_path: Path):
    with pytest.raises(NotFound), sources([tmp_path / "none.csv"]):
        pass
    with pytest.raises(UnreadableFile, match="folder"), sources([tmp_path]):
        pass
