"""Which file is what: CSV, JSON, ZIP, XML, and those that are none of it."""

from __future__ import annotations

import json
import zipfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from projectdesk.errors import FileTooLarge, ImportError_, NotFound, UnreadableFile
from projectdesk.exchange.cordis import (
    json_export,
    read_export,
)
from projectdesk.exchange.cordis import reader as reader_module
from projectdesk.exchange.findings import Findings
from tests.unit.exchange.exports import (
    ORGANISATION,
    PROJECT,
    XML,
    codes,
    csv_file,
    organisation,
    project,
    read,
)


def test_a_zip_of_the_export(tmp_path: Path):
    csv_file(tmp_path / "p.csv", PROJECT, [project()])
    csv_file(tmp_path / "o.csv", ORGANISATION, [organisation(1, "A")])
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.write(tmp_path / "o.csv", "csv/organization.csv")
        archive.write(tmp_path / "p.csv", "csv/project.csv")
        archive.writestr("csv/topics.csv", "projectID;topic;title\n1;2;3\n")
        archive.writestr("readme.txt", "hello")
        archive.writestr("xml/tiny.xml", XML.format(namespace="").replace("101000001", "5"))
    records, findings = read(tmp_path / "export.zip")
    assert sorted((r.number, len(r.participations)) for r in records) == [
        ("101000001", 1),
        ("5", 2),
    ]
    assert codes(findings) == []


def test_the_json_export(tmp_path: Path):
    (tmp_path / "project.json").write_text(json.dumps([project(totalCost="1")]), encoding="utf-8")
    rows = [organisation(1, "A") | {"SME": True, "ecContribution": 5.5, "order": 1}]
    (tmp_path / "organization.json").write_text(json.dumps(rows), encoding="utf-8")
    (record,), _ = read(tmp_path / "project.json", tmp_path / "organization.json")
    (part,) = record.participations
    assert (part.number, part.contribution, part.organisation.sme) == (1, Decimal("5.5"), True)


@pytest.mark.parametrize("content", ['{"id": 1', "[1, 2]", "[]", '[{"a": {}}]', "[" * 100_000])
def test_json_that_is_none_of_it_is_refused(tmp_path: Path, content: str):
    (tmp_path / "x.json").write_text(content, encoding="utf-8")
    with pytest.raises(ImportError_):
        read(tmp_path / "x.json")


def test_companions_are_told_and_unknown_tables_refused(tmp_path: Path):
    good = csv_file(tmp_path / "p.csv", PROJECT, [project()])
    topics = csv_file(tmp_path / "topics.csv", "projectID;topic;title", [])
    _, findings = read(good, topics)
    assert codes(findings) == ["file_ignored"]
    with pytest.raises(UnreadableFile, match="No CORDIS project"):
        read(topics)
    with pytest.raises(UnreadableFile, match="a, b"):
        read(csv_file(tmp_path / "x.csv", "a;b", []))


def test_a_project_file_without_number_names_the_column(tmp_path: Path):
    with pytest.raises(UnreadableFile, match="no column id"):
        read(csv_file(tmp_path / "p.csv", "acronym;title;startDate", [{"acronym": "A"}]))


@pytest.mark.parametrize("wanted", ["p002", "101000002"])
def test_one_project_out_of_many(tmp_path: Path, wanted: str):
    numbers = [f"10100000{n}" for n in range(1, 6)]
    files = [
        csv_file(tmp_path / "p.csv", PROJECT, [project(number) for number in numbers]),
        csv_file(
            tmp_path / "o.csv",
            ORGANISATION,
            [
                organisation(1, f"O{number}", projectID=number, projectAcronym="")
                for number in numbers
            ],
        ),
    ]
    (record,), _ = read(*files, only=(wanted,))
    assert record.acronym == "P002"
    assert [p.organisation.legal_name for p in record.participations] == ["O101000002"]
    with pytest.raises(NotFound, match="nothere"):
        read(*files, only=(wanted, "NOTHERE"))


def test_progress_is_told_to_the_end(tmp_path: Path):
    told: list[tuple[int, int]] = []
    path = csv_file(tmp_path / "p.csv", PROJECT, [project(str(n)) for n in range(3000)])
    list(read_export([path], Findings(), tick=lambda done, total: told.append((done, total))))
    assert len(told) > 2
    assert told == sorted(told)
    assert told[-1] == (path.stat().st_size, path.stat().st_size)


@pytest.mark.parametrize("namespace", ["", ' xmlns="http://cordis.europa.eu"', ' xmlns="x:y"'])
def test_a_project_xml_with_any_namespace_or_none(tmp_path: Path, namespace: str):
    (tmp_path / "x.xml").write_text(XML.format(namespace=namespace), encoding="utf-8")
    (record,), _ = read(tmp_path / "x.xml")
    assert record.project is not None
    assert (record.acronym, record.project.total_cost) == ("TINY", Decimal("10.5"))
    found = [
        (p.number, p.organisation.legal_name, p.organisation.country) for p in record.participations
    ]
    assert found == [(1, "One", "GB"), (2, "Two", "GR")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_a_project_xml_in_other_encodings(tmp_path: Path, encoding: str):
    text = XML.format(namespace="").replace("One", "Königsförde")
    declared = text.replace("UTF-8", {"utf-8-sig": "UTF-8"}.get(encoding, encoding))
    (tmp_path / "x.xml").write_bytes(declared.encode(encoding))
    (record,), _ = read(tmp_path / "x.xml")
    assert record.participations[0].organisation.legal_name == "Königsförde"


def test_several_projects_under_one_root(tmp_path: Path):
    one = XML.format(namespace="").split("?>")[1]
    two = one.replace("101000001", "5")
    (tmp_path / "x.xml").write_text(f"<projects>{one}{two}</projects>", encoding="utf-8")
    assert [record.number for record in read(tmp_path / "x.xml")[0]] == ["101000001", "5"]


def test_a_cut_xml_names_the_line(tmp_path: Path):
    text = XML.format(namespace="")
    (tmp_path / "x.xml").write_text(text[: text.index("<address>")], encoding="utf-8")
    with pytest.raises(UnreadableFile) as caught:
        read(tmp_path / "x.xml")
    assert caught.value.code == "broken_xml"
    assert caught.value.facts["row"] == 6


@pytest.mark.parametrize(
    "definition",
    [
        '<!DOCTYPE p [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]><project><id>&b;</id></project>',
        '<!DOCTYPE p [<!ENTITY e SYSTEM "file:///etc/passwd">]><project><id>&e;</id></project>',
        '<!DOCTYPE p [<!ENTITY % e SYSTEM "http://x.example/e"> %e;]><project/>',
    ],
)
def test_entities_are_refused(tmp_path: Path, definition: str):
    (tmp_path / "x.xml").write_text(definition, encoding="utf-8")
    with pytest.raises(UnreadableFile) as caught:
        read(tmp_path / "x.xml")
    assert caught.value.code == "xml_entities"


def test_an_enormous_xml_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reader_module, "XML_BYTES_LIMIT", 100)
    (tmp_path / "x.xml").write_text(XML.format(namespace=""), encoding="utf-8")
    with pytest.raises(FileTooLarge):
        read(tmp_path / "x.xml")


def test_a_large_json_export_is_read_piece_by_piece(monkeypatch: pytest.MonkeyPatch):
    objects = [{"id": str(n), "title": "ab\n" * 20 + '"]}'} for n in range(50)]
    monkeypatch.setattr(json_export, "_CHUNK", 7)
    for text in (
        json.dumps(objects),
        json.dumps(objects, indent=1),
        "\ufeff " + json.dumps(objects),
    ):
        assert list(json_export.read_objects(BytesIO(text.encode()), "x.json")) == objects
    with pytest.raises(UnreadableFile) as caught:
        list(
            json_export.read_objects(BytesIO(json.dumps(objects, indent=1)[:-9].encode()), "x.json")
        )
    assert (caught.value.code, caught.value.facts["row"]) == ("broken_json", 200)


@pytest.mark.parametrize("text", ["[]", "[1]", "3", '[{"a": "b"}, 4]', '"text"'])
def test_json_without_objects_holds_no_projects(text: str):
    with pytest.raises(UnreadableFile) as caught:
        list(json_export.read_objects(BytesIO(text.encode()), "x.json"))
    assert caught.value.code == "not_cordis_json"


@pytest.mark.parametrize(
    "text", ['[{"a": "b"}', '[{"a": "b"} {"a": "b"}]', '[{"a": "b"}] x', "{", "[,]"]
)
def test_broken_json_is_said_to_be_broken(text: str):
    with pytest.raises(UnreadableFile) as caught:
        list(json_export.read_objects(BytesIO(text.encode()), "x.json"))
    assert caught.value.code == "broken_json"


@pytest.mark.parametrize("start", [b"<project>", b"[", b"id;acronym;title;startDate\n"])
def test_a_file_of_200_mb_that_holds_nothing_is_refused(tmp_path: Path, start: bytes):
    with (tmp_path / "big").open("wb") as stream:
        stream.write(start)
        stream.truncate(200 << 20)  # a hole: it takes no room on the disk
    with pytest.raises(ImportError_):
        read(tmp_path / "big")
