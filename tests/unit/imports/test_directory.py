"""The directory of organisations: filled from CORDIS, found as one types, partners out of it."""

from __future__ import annotations

import itertools
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projectdesk.errors import DomainError, ImportError_, NotFound, UnreadableFile
from projectdesk.exchange.cordis import read_organisations
from projectdesk.exchange.findings import Findings
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import directory
from tests.unit.exchange.exports import ORGANISATION, PROJECT, csv_file
from tests.unit.services.conftest import add_project


def row(pic: str, name: str, **cells: str) -> dict[str, str]:
    return {"projectID": "1", "organisationID": pic, "name": name, "country": "PT", **cells}


CNRS = row("900000001", "Centre national de la recherche", shortName="CNRS", country="FR")
LODZ = row("900000002", "Politechnika Łódzka", shortName="TUL", country="PL", city="Łódź")
ACUNA = row("900000003", "Acuña Robótica, S.A.", country="ES", city="A Coruña")
LISBOA = row("900000004", "Universidade de Lisboa", shortName="ULisboa", city="Lisboa")
NOVA = row("900000005", "Universidade Nova de Lisboa", shortName="NOVA", city="Lisboa")
PARIS = row("900000006", "Association of the CNRS", country="FR")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    rows = [CNRS, LODZ, ACUNA, LISBOA, NOVA, PARIS, NOVA, NOVA]
    return csv_file(tmp_path / "organization.csv", ORGANISATION, rows)


@pytest.fixture
def filled(any_workspace: Workspace, export: Path) -> Workspace:
    commands.import_directory(any_workspace, [export])
    return any_workspace


def found(workspace: Workspace, text: str, country: str | None = None) -> list[str]:
    rows = queries.search_directory(workspace, text, country)
    return [each.short_name or each.legal_name for each in rows]


# --- reading --------------------------------------------------------------------------------------


def test_of_many_rows_the_latest_stands_and_blanks_are_filled(tmp_path: Path) -> None:
    rows = [
        row("900000001", "Old name", vatNumber="PT1", contentUpdateDate="2022-05-01 10:00:00"),
        row("900000001", "New name", city="Porto", contentUpdateDate="2024-01-01 09:00:00"),
        row("900000001", "Older name", shortName="ON", contentUpdateDate="2020-01-01 09:00:00"),
        row("900000002", "Two", country="EL"),
        row("", "Nobody knows"),
        row("12", "A typo"),
        row("900000003", "", country="UK"),
    ]
    findings = Findings()
    path = csv_file(tmp_path / "o.csv", ORGANISATION, rows, ",")
    one, two = read_organisations([path], findings)
    assert (one.legal_name, one.short_name, one.city, one.vat_number) == (
        "New name",
        "ON",
        "Porto",
        "PT1",
    )
    assert two.country == "GR"
    assert [each.code for each in findings.all()] == ["no_pic", "odd_pic", "no_name"]


def test_those_in_most_projects_come_first(export: Path) -> None:
    records = read_organisations([export], Findings())
    assert [each.short_name for each in records][:2] == ["NOVA", "CNRS"]


def test_every_spelling_of_the_export(tmp_path: Path) -> None:
    for delimiter, end, mark in itertools.product(";,|", ("\n", "\r\n"), ("", "\ufeff")):
        path = csv_file(tmp_path / "o.csv", ORGANISATION, [ACUNA, LODZ], delimiter)
        text = mark + path.read_text(encoding="utf-8").replace("\n", end)
        path.write_bytes(text.encode("utf-8"))
        names = [each.legal_name for each in read_organisations([path], Findings())]
        assert names == ["Acuña Robótica, S.A.", "Politechnika Łódzka"]


def test_a_workbook_is_read_like_the_csv(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["organisationID", "name", "country", "SME"])
    sheet.append([900000001, "One\u00a0Ltd ", "UK", True])
    book.save(tmp_path / "o.xlsx")
    [one] = read_organisations([tmp_path / "o.xlsx"], Findings())
    assert (one.pic, one.legal_name, one.country, one.sme) == ("900000001", "One Ltd", "GB", True)


def test_what_is_no_organisation_file_is_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "project.csv", PROJECT, [{"id": "1", "acronym": "A"}])
    with pytest.raises(UnreadableFile, match=r"No CORDIS organisations in project\.csv"):
        read_organisations([path], Findings())


@pytest.mark.data
def test_every_real_file_is_read_or_refused_by_name(shared_data: Path) -> None:
    refused: dict[str, str] = {}
    counts: dict[str, int] = {}
    for folder in ("cordis", "contacts", "badinput"):
        for path in sorted((shared_data / folder).rglob("*.*")):
            try:
                counts[path.name] = len(read_organisations([path], Findings()))
            except ImportError_ as error:
                refused[path.name] = error.text
    assert counts == {"organization_df_100.csv": 92}
    assert len(refused) > 30
    assert all(name in text for name, text in refused.items())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    cells=st.lists(
        st.lists(st.text(st.characters(codec="utf-8"), max_size=12), min_size=3, max_size=5)
    ),
    end=st.binary(max_size=6),
)
def test_no_text_of_a_file_breaks_the_reader(
    tmp_path: Path, cells: list[list[str]], end: bytes
) -> None:
    path = tmp_path / "o.csv"
    lines = ["organisationID;name;country", *(";".join(line) for line in cells)]
    path.write_bytes("\n".join(lines).encode() + b"\n" + end)
    try:
        records = read_organisations([path], Findings())
    except ImportError_:
        return
    assert all(len(each.pic) == 9 and each.legal_name for each in records)


# --- filling --------------------------------------------------------------------------------------


def test_importing_again_changes_what_differs_and_keeps_the_rest(
    any_workspace: Workspace, export: Path, tmp_path: Path
) -> None:
    first = commands.import_directory(any_workspace, [export])
    assert (first.organisations, first.added, first.updated) == (6, 6, 0)
    again = commands.import_directory(any_workspace, [export])
    assert (again.added, again.updated, again.unchanged) == (0, 0, 6)
    newer = csv_file(
        tmp_path / "n.csv", ORGANISATION, [LISBOA | {"city": "Oeiras"}, row("900000009", "Nine")]
    )
    report = commands.import_directory(any_workspace, [newer], dry_run=True)
    assert (report.added, report.updated, report.unchanged) == (1, 1, 0)
    assert found(any_workspace, "oeiras") == []
    commands.import_directory(any_workspace, [newer])
    assert found(any_workspace, "oeiras") == ["ULisboa"]
    assert found(any_workspace, "nine") == ["Nine"]
    assert queries.directory_state(any_workspace).entries == 7
    assert dict(queries.directory_state(any_workspace).countries)["FR"] == 2


def test_a_cancelled_import_leaves_nothing(workspace: Workspace, export: Path) -> None:
    asked = itertools.count()
    with pytest.raises(DomainError, match="cancelled"):
        commands.import_directory(workspace, [export], cancelled=lambda: next(asked) >= 2)
    assert queries.directory_state(workspace).entries == 0


def test_an_import_that_fails_while_writing_leaves_what_was(
    workspace: Workspace, export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands.import_directory(workspace, [export])
    newer = csv_file(tmp_path / "n.csv", ORGANISATION, [NOVA | {"city": "Almada"}])

    def full(_done: int, _total: int) -> None:
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        commands.import_directory(workspace, [newer], progress=full)
    assert found(workspace, "almada") == []
    assert found(workspace, "nova") == ["NOVA"]


# --- finding --------------------------------------------------------------------------------------


ANSWERS = {
    "cnrs": ["CNRS", "Association of the CNRS"],
    "LODZ": ["TUL"],
    "łódz": ["TUL"],
    "acuna robotica": ["Acuña Robótica, S.A."],
    "s.a.": ["Acuña Robótica, S.A."],
    "echerch": ["CNRS"],
    "u": ["ULisboa", "NOVA"],
    "lisb univ": ["NOVA", "ULisboa"],
    "universidade de lisboa": ["ULisboa", "NOVA"],
    "900000003": ["Acuña Robótica, S.A."],
    "9000": ["NOVA", "CNRS", "TUL", "Acuña Robótica, S.A.", "ULisboa", "Association of the CNRS"],
    "spain": ["Acuña Robótica, S.A."],
    '"nova" OR *': [],
    "zz": [],
}


def test_finding(filled: Workspace) -> None:
    assert {text: found(filled, text) for text in ANSWERS} == ANSWERS


def test_a_country_narrows(filled: Workspace) -> None:
    assert found(filled, "c", "FR") == ["CNRS", "Association of the CNRS"]
    assert found(filled, "", "ES") == ["Acuña Robótica, S.A."]
    assert found(filled, "cnrs", "PL") == []


@given(st.text(max_size=12))
def test_words_are_found_by_what_they_are(text: str) -> None:
    entry = directory.words_of(text, "A legal name", "", "900000001", "PT")
    for word in directory.words_in(text):
        assert directory.rank(entry, [word]) <= 5


# --- choosing partners ----------------------------------------------------------------------------


def test_a_partner_out_of_the_directory_is_one_change(filled: Workspace) -> None:
    project = add_project(filled)
    partner, _ = commands.add_partner_from_directory(filled, project, "900000002")
    [_, added] = queries.partners(filled, project)
    assert (added.id, added.short_name, added.city, added.country) == (partner, "TUL", "Łódź", "PL")
    assert commands.undo_label(filled) == "Add partner TUL"
    commands.undo(filled)
    assert len(queries.partners(filled, project)) == 1
    assert len(queries.organisations(filled)) == 1


def test_an_organisation_that_is_here_is_taken_and_never_made_twice(filled: Workspace) -> None:
    project = add_project(filled)
    other = add_project(filled, "BETA")
    commands.add_partner_from_directory(filled, project, "900000002", {"short_name": "Tech"})
    commands.add_partner_from_directory(filled, other, "900000002")
    assert len([o for o in queries.organisations(filled) if o.pic == "900000002"]) == 1
    [own, *_] = queries.choosable_organisations(filled, "lodz")
    assert (own.organisation_id is not None, own.projects) == (True, 2)
    assert len(queries.choosable_organisations(filled, "lodz")) == 1
    commands.add_partner(
        filled, project, {"legal_name": "Another spelling", "pic": "900000002", "country": "PL"}
    )
    assert len([o for o in queries.organisations(filled) if o.pic == "900000002"]) == 1


def test_own_organisations_come_before_the_directory(filled: Workspace) -> None:
    commands.create(filled, Kind.ORGANISATION, {"legal_name": "Lisboa Lda", "country": "PT"})
    names = [row.legal_name for row in queries.choosable_organisations(filled, "lisboa")]
    assert names == ["Lisboa Lda", "Universidade Nova de Lisboa", "Universidade de Lisboa"]
    assert queries.choosable_organisations(filled, " ") == []


def test_what_is_not_there_is_not_added(filled: Workspace) -> None:
    project = add_project(filled)
    with pytest.raises(NotFound, match="no organisation with PIC 1"):
        commands.add_partner_from_directory(filled, project, "1")
    assert len(queries.partners(filled, project)) == 1


def test_what_our_rules_refuse_of_a_file_does_not_stop_a_partner(
    workspace: Workspace, tmp_path: Path
) -> None:
    odd = row("900000007", "Odd", country="XH", nutsCode="not a code", organizationURL="no address")
    commands.import_directory(workspace, [csv_file(tmp_path / "o.csv", ORGANISATION, [odd])])
    project = add_project(workspace)
    commands.add_partner_from_directory(workspace, project, "900000007")
    assert queries.partners(workspace, project)[1].legal_name == "Odd"
