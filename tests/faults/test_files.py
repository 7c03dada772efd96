"""Files from outside that are damaged, of another format, hostile or huge: refused by name.

Each is given to the command line as its user would: exit 2, one line that says what and where, and
the data as it was. Those that hold a project in spite of their oddness are taken.
"""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from projectdesk.store.backup import backups
from tests.faults.conftest import Said, measured, records

PROJECT_XML = """<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://cordis.europa.eu">
  <id>101000001</id><acronym>TIDE</acronym><title>Tides</title>
  <startDate>2026-01-01</startDate><endDate>2028-12-31</endDate>
  <relations><associations>
    <organization type="coordinator" order="1" ecContribution="1000.5">
      <id>999999999</id><legalName>University of Somewhere</legalName>
      <address><country>DE</country></address>
    </organization>
  </associations></relations>
</project>
"""
BOMB_XML = (
    '<!DOCTYPE project [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghi"))
    + "]><project><id>1</id><acronym>&i;</acronym></project>"
)
EXTERNAL_XML = (
    '<!DOCTYPE project [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    "<project><id>1</id><acronym>&f;</acronym></project>"
)
PROJECT_CSV = "id;acronym;title;startDate\n101000001;TIDE;Tides;2026-01-01\n"


def packed(path: Path, members: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path.read_bytes()


def spoilt(content: bytes) -> bytes:
    """Return an archive whose packed bytes were changed."""
    middle = len(content) // 3
    return (
        content[:middle]
        + bytes(byte ^ 0xFF for byte in content[middle : middle + 40])
        + (content[middle + 40 :])
    )


@pytest.fixture
def archive(tmp_path: Path) -> bytes:
    return packed(tmp_path / "whole.zip", {"project-1.xml": PROJECT_XML.encode()})


# --- CORDIS files ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("cut.xml", PROJECT_XML.encode()[:400], "broken_xml"),
        ("empty.xml", b"", "empty_file"),
        ("page.xml", b"<html><body>Please sign in</body></html>", "not_a_project"),
        ("deep.xml", b"<project>" + b"<a>" * 100_000, "broken_xml"),
        ("bomb.xml", BOMB_XML.encode(), "xml_entities"),
        ("external.xml", EXTERNAL_XML.encode(), "xml_entities"),
        ("lies.xml", b'<?xml version="1.0" encoding="latin-99"?><project/>', "broken_xml"),
        ("cut.json", b'[{"id": "1", "acronym": "TIDE", "ti', "broken_json"),
        ("deep.json", b"[" * 100_000, "broken_json"),
        ("number.json", b"42", "not_cordis"),
        ("nested.json", b'[{"id": {"value": "1"}, "acronym": "TIDE"}]', "unexpected_value"),
        ("cut.csv", PROJECT_CSV.encode()[:-20], "cut_off"),
        ("quote.csv", PROJECT_CSV.replace("TIDE", '"TIDE').encode(), "quote_never_closes"),
        ("shifted.csv", PROJECT_CSV.encode() + b"1;2;3;4;5;6\n", "wrong_number_of_cells"),
        ("other.csv", b"colour,size\nred,4\n", "not_cordis"),
        ("noise.csv", Random(7).randbytes(5000), "not_a_table"),
        ("zeros.csv", bytes(5000), "not_a_table"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(500), "not_a_table"),
        ("paper.xml", b"%PDF-1.7\n", "not_a_table"),
    ],
)  # fmt: skip
def test_a_damaged_or_other_file_is_refused(
    tmp_path: Path, refused: Callable[..., str], name: str, content: bytes, code: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    said = refused("import", file)
    assert name in said
    assert f"[{code}]" in said


def test_one_bad_file_among_good_ones_takes_all_back(
    tmp_path: Path, refused: Callable[..., str]
) -> None:
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_text(PROJECT_XML, encoding="utf-8")
    bad.write_bytes(PROJECT_XML.encode()[:-15])
    assert "bad.xml, line" in refused("import", good, bad)


def test_a_file_that_is_not_there_or_a_folder_is_named(
    tmp_path: Path, refused: Callable[..., str]
) -> None:
    assert "none.xml" in refused("import", tmp_path / "none.xml")
    assert "is a folder" in refused("import", tmp_path)


def test_damaged_and_hostile_archives_are_refused(
    tmp_path: Path, archive: bytes, refused: Callable[..., str]
) -> None:
    bomb = packed(tmp_path / "b.zip", {"project.csv": bytes(64 << 20)})
    book = packed(tmp_path / "x.zip", {"[Content_Types].xml": b"<x/>"})
    for name, content, code in (
        ("cut.zip", archive[: len(archive) // 2], "damaged_archive"),
        ("spoilt.zip", spoilt(archive), "damaged_archive"),
        ("bomb.zip", bomb, "file_too_large"),
        ("inner.zip", packed(tmp_path / "i.zip", {"whole.zip": archive}), "not_cordis"),
        ("book.xlsx", book, "damaged_workbook"),
    ):
        (tmp_path / name).write_bytes(content)
        said = refused("import", tmp_path / name)
        assert name in said
        assert f"[{code}]" in said


def test_a_path_out_of_an_archive_leads_nowhere(tmp_path: Path, run: Callable[..., Said]) -> None:
    odd = tmp_path / "in" / "odd.zip"
    odd.parent.mkdir()
    packed(odd, {"../../evil.xml": PROJECT_XML.encode()})
    said = run("import", odd, "--json")
    assert (said.code, json.loads(said.out)["projects"]) == (0, 1)
    assert not list(tmp_path.glob("**/evil.xml"))
    assert not (tmp_path.parent / "evil.xml").exists()


@pytest.mark.data
def test_every_file_of_the_bad_input_collection_is_refused(
    shared_data: Path, refused: Callable[..., str]
) -> None:
    files = sorted(path for path in (shared_data / "badinput").rglob("*") if path.is_file())
    assert len(files) > 20
    for file in files:
        assert file.name in refused("import", file)


def test_what_a_terminal_would_obey_is_shown_and_not_sent(
    tmp_path: Path, refused: Callable[..., str]
) -> None:
    file = tmp_path / "evil.csv"
    file.write_bytes(b"\x1b]0;owned\x07;\x1b[2J\nx;y\n")
    assert r"\x1b" in refused("import", file)


# --- tables of the work plan ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "content", "code"),
    [
        ("work_packages", b"", "empty_file"),
        ("work_packages", b"\x89PNG\r\n\x1a\n", "not_a_table"),
        ("work_packages", b"first,last\nAda,Lund\n", "columns_missing"),
        (
            "tasks",
            b'No.;Title;Start month;End month\nT1.1;"never closed;1;2\n',
            "quote_never_closes",
        ),
    ],
)
def test_a_bad_plan_table_is_refused(
    tmp_path: Path, refused: Callable[..., str], table: str, content: bytes, code: str
) -> None:
    file = tmp_path / "plan.csv"
    file.write_bytes(content)
    said = refused("import", file, "--table", table, "--project", "SALTMARK")
    assert "plan.csv" in said
    assert f"[{code}]" in said


def test_a_plan_table_for_no_project_is_refused(
    tmp_path: Path, refused: Callable[..., str]
) -> None:
    file = tmp_path / "plan.csv"
    file.write_text("No.;Title\nWP1;Work\n", encoding="utf-8")
    assert "NONESUCH" in refused("import", file, "--table", "tasks", "--project", "NONESUCH")
    assert "--project" in refused("import", file, "--table", "tasks")


# --- backups --------------------------------------------------------------------------------------


def test_what_is_no_backup_is_not_restored(
    tmp_path: Path, data: Path, refused: Callable[..., str]
) -> None:
    whole = backups(data)[0].read_bytes()
    for name, content, code in (
        ("cut.sqlite", whole[: len(whole) // 2], "backup_damaged"),
        ("text.sqlite", b"this is no database" * 300, "not_a_backup"),
        ("spoilt.sqlite", whole[:4096] + b"\x5a" * 40_000 + whole[44_096:], "backup_damaged"),
        ("empty.sqlite", b"", "not_a_backup"),
    ):
        (tmp_path / name).write_bytes(content)
        said = refused("restore", tmp_path / name)
        assert name in said
        assert f"[{code}]" in said
    with closing(sqlite3.connect(tmp_path / "other.sqlite")) as other:
        other.execute("CREATE TABLE bookmarks (address TEXT)")
    assert "[not_a_backup]" in refused("restore", tmp_path / "other.sqlite")
    assert "[no_backup]" in refused("restore", tmp_path / "none.sqlite")
    assert "[no_backup]" in refused("restore", tmp_path)


# --- a huge file ----------------------------------------------------------------------------------


@pytest.mark.full
@pytest.mark.parametrize(
    ("name", "head", "line"),
    [
        ("prose.csv", b"id;acronym;title\n", b"1;TIDE;" + b"word " * 2000 + b"\n"),
        ("endless.csv", b'id;acronym;title\n1;TIDE;"', b"never ends "),
        ("zeros.csv", b"", bytes(1 << 16)),
        ("endless.xml", b"<project>", b"<acronym>TIDE</acronym>"),
        ("endless.json", b"[", b'{"id": "1", "acronym": "TIDE"},'),
    ],
)
def test_200_mb_are_taken_or_refused_in_bounded_time_and_memory(
    tmp_path: Path, data: Path, name: str, head: bytes, line: bytes
) -> None:
    file = tmp_path / name
    block = line * (1 + (1 << 20) // len(line))
    with file.open("wb") as stream:
        stream.write(head)
        while stream.tell() < 200 << 20:
            stream.write(block)
    before = records(data)
    said, peak = measured("import", file, "--data", data)
    assert said.code in {0, 2}, said
    assert "Traceback" not in said.error
    assert peak < 400
    if said.code == 2:
        assert name in said.error
        assert records(data) == before
    else:
        assert "1 projects" in said.out
