"""People out of address books: who is here already is known, and never overwritten."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from projectdesk.errors import DomainError, UnreadableFile
from projectdesk.services import commands, queries
from projectdesk.services.duplicate_rows import DoubleChoice
from projectdesk.services.rows import ImportReport, Kind, PersonRow
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import add_project

HEAD = "First name,Last name,E-mail,Phone,Company,Job title\n"


def take(
    workspace: Workspace, folder: Path, rows: str, *more: object, **how: object
) -> ImportReport:
    file = folder / "people.csv"
    file.write_text(HEAD + rows, encoding="utf-8")
    return commands.import_people(workspace, file, *more, **how)  # type: ignore[arg-type]


def known(workspace: Workspace) -> dict[str, PersonRow]:
    return {row.name: row for row in queries.people(workspace)}


def test_new_people_are_added_and_known_again(workspace: Workspace, tmp_path: Path) -> None:
    rows = "Ida,Holm,ida@au.example,+45 1,,\nAna,Reis,ANA@udr.example,,,\n"
    report = take(workspace, tmp_path, rows)
    assert (report.added, report.updated) == (2, 0)
    again = take(workspace, tmp_path, rows.lower().title().replace("@Udr", "@udr"))
    assert (again.added, again.updated, again.unchanged) == (0, 0, 2)
    assert known(workspace)["Ida Holm"].phone == "+45 1"


def test_blanks_are_filled_and_nothing_is_overwritten(workspace: Workspace, tmp_path: Path) -> None:
    take(workspace, tmp_path, "Ida,Holm,ida@au.example,,,\n")
    report = take(workspace, tmp_path, "Ada,Other,ida@au.example,+45 1,,\n")
    assert (report.added, report.updated) == (0, 1)
    assert report.preview[0].fields == (("phone", "–", "+45 1"),)
    assert known(workspace)["Ida Holm"].phone == "+45 1"


def test_a_likely_double_is_told_and_merged_by_choice(workspace: Workspace, tmp_path: Path) -> None:
    take(workspace, tmp_path, "Ida,Holm,ida@au.example,,,\n")
    rows = "Ida,Hölm,ida@home.example,+45 1,,\n"
    apart = take(workspace, tmp_path, rows, dry_run=True)
    assert apart.added == 1
    assert [warning.code for warning in apart.warnings] == ["likely_double"]
    merged = take(workspace, tmp_path, rows, merge_names=True)
    assert (merged.added, merged.updated) == (0, 1)
    assert len(known(workspace)) == 1


def test_somebody_without_an_address_is_the_one_of_that_name(
    workspace: Workspace, tmp_path: Path
) -> None:
    take(workspace, tmp_path, "Ida,Holm,,+45 1,,\n")
    report = take(workspace, tmp_path, "Ida,Holm,ida@au.example,,,\n")
    assert (report.added, report.updated) == (0, 1)
    assert known(workspace)["Ida Holm"].email == "ida@au.example"


def test_into_a_project_people_come_for_their_partner(workspace: Workspace, tmp_path: Path) -> None:
    project = add_project(workspace)
    partner = queries.partners(workspace, project)[0]
    rows = f"Ida,Holm,ida@x.example,,{partner.legal_name},Lead\nAna,Reis,ana@x.example,,Nowhere,\n"
    report = take(workspace, tmp_path, rows, project)
    people = {row.name: row for row in queries.people(workspace, project)}
    assert people["Ida Holm"].partner_id == partner.id
    assert people["Ida Holm"].function == "Lead"
    assert people["Ana Reis"].partner_id is None
    assert [warning.code for warning in report.warnings] == ["unknown_organisation"]
    again = take(workspace, tmp_path, rows, project)
    assert (again.added, again.updated) == (0, 0)


def test_a_dry_run_and_a_cancelled_import_change_nothing(
    workspace: Workspace, tmp_path: Path
) -> None:
    rows = "Ida,Holm,ida@x.example,,,\nAna,Reis,ana@x.example,,,\n"
    assert take(workspace, tmp_path, rows, dry_run=True).added == 2
    asked = iter([False, True])
    with pytest.raises(DomainError) as caught:
        commands.import_people(workspace, tmp_path / "people.csv", cancelled=lambda: next(asked))
    assert caught.value.code == "import_cancelled"
    assert known(workspace) == {}


def test_one_undo_takes_an_import_back(workspace: Workspace, tmp_path: Path) -> None:
    take(workspace, tmp_path, "Ida,Holm,ida@x.example,,,\nAna,Reis,ana@x.example,,,\n")
    commands.undo(workspace)
    assert known(workspace) == {}


@pytest.mark.parametrize("name", ["out.vcf", "out.csv"])
def test_people_go_out_and_come_back(name: str, workspace: Workspace, tmp_path: Path) -> None:
    project = add_project(workspace)
    partner = queries.partners(workspace, project)[0]
    take(workspace, tmp_path, f"Ida,Holm,ida@x.example,+45 1,{partner.legal_name},Lead\n", project)
    unnamed, form = tmp_path / "out", name.rpartition(".")[2]
    with pytest.raises(DomainError):
        commands.export_people(workspace, project, unnamed)
    assert not unnamed.exists()
    assert commands.export_people(workspace, project, unnamed, form) == 1
    assert commands.export_people(workspace, project, tmp_path / name) == 1
    assert unnamed.read_bytes() == (tmp_path / name).read_bytes()
    report = commands.import_people(workspace, tmp_path / name, project)
    assert (report.added, report.updated, report.unchanged) == (0, 0, 1)
    (person,) = queries.people(workspace, project)
    commands.delete(workspace, Kind.PERSON, person.id, person.version)
    commands.import_people(workspace, tmp_path / name, project)
    (again,) = queries.people(workspace, project)
    assert (again.name, again.email, again.phone, again.function, again.partner_id) == (
        "Ida Holm",
        "ida@x.example",
        "+45 1",
        "Lead",
        partner.id,
    )


def test_a_double_is_chosen_about_field_by_field(workspace: Workspace, tmp_path: Path) -> None:
    take(workspace, tmp_path, "Ida,Holm,ida@au.example,+45 1,,\n")
    rows = "Ida Maria,Holm,ida@au.example,+45 2,,\nHolm,Ida,,+45 3,,\n"
    report = take(workspace, tmp_path, rows, dry_run=True)
    same, swapped = report.doubles
    assert (same.row, same.likeness, same.same, same.here) == (2, "email", True, "Ida Holm")
    assert [(f.name, f.first_words, f.second_words) for f in same.fields] == [
        ("given_name", "Ida", "Ida Maria"),
        ("phone", "+45 1", "+45 2"),
    ]
    assert (swapped.row, swapped.likeness, swapped.same) == (3, "swapped", False)
    choices = {2: DoubleChoice(same=True, take=frozenset({"phone"})), 3: DoubleChoice(same=True)}
    report = take(workspace, tmp_path, rows, choices=choices)
    assert (report.added, report.updated, report.unchanged) == (0, 1, 1)
    [person] = queries.people(workspace)
    assert (person.name, person.phone) == ("Ida Holm", "+45 2")
    apart = {2: DoubleChoice(same=False), 3: DoubleChoice(same=False)}
    assert take(workspace, tmp_path, rows, choices=apart).added == 2


def test_people_come_from_a_workbook_and_go_into_one(workspace: Workspace, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Contacts of the consortium"])
    sheet.append([])
    sheet.append(["Vorname ", "Nachname", "E-Mail", "Phone"])
    sheet.append(["Zoë\u00a0", " Müller", "zoe@x.example ", 4512345678])
    sheet.append([None, None, None, None])
    book.save(tmp_path / "people.xlsx")
    assert commands.import_people(workspace, tmp_path / "people.xlsx").added == 1
    [person] = queries.people(workspace)
    assert (person.name, person.email, person.phone) == (
        "Zoë Müller",
        "zoe@x.example",
        "4512345678",
    )
    assert commands.export_people(workspace, None, tmp_path / "out.xlsx") == 1
    again = commands.import_people(workspace, tmp_path / "out.xlsx")
    assert (again.added, again.updated, again.unchanged, again.doubles) == (0, 0, 1, ())


def test_an_old_workbook_says_how_to_save_it(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "people.xls"
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(UnreadableFile, match=r"save it as an Excel workbook \(\.xlsx\)"):
        commands.import_people(workspace, file)
