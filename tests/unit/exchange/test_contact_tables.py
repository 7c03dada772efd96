"""Tables of address books in the languages that Outlook and Thunderbird speak."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest

from projectdesk.errors import DomainError
from projectdesk.exchange.contacts import ContactRecord, contacts_form, read_contacts
from projectdesk.exchange.contacts import records as records_module
from projectdesk.exchange.contacts.vcards import read_cards, split_name
from projectdesk.exchange.findings import Findings


def people(tmp_path: Path, text: str, encoding: str = "utf-8") -> list[ContactRecord]:
    file = tmp_path / "people.csv"
    file.write_bytes(text.encode(encoding))
    return list(read_contacts(file, Findings()))


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            "Anrede;Vorname;Weitere Vornamen;Nachname;Firma;Abteilung;Position;"
            "Telefon geschäftlich;Mobiltelefon;E-Mail-Adresse;E-Mail-Typ;E-Mail 2: Adresse",
            "Dr.;Jörg;;Größe;Universität;Physik;Leiter;+49 1;+49 2;j@x.example;SMTP;k@x.example",
        ),
        (
            "Titre;Prénom;Deuxième prénom;Nom;Société;Service;Titre1;"
            "Téléphone (bureau);Tél. mobile;Adresse de messagerie;Type;Adresse de messagerie 2",
            "M.;Jörg;;Größe;Universität;Physik;Leiter;+49 1;+49 2;j@x.example;SMTP;k@x.example",
        ),
        (
            "Tratamiento;Nombre;Segundo nombre;Apellidos;Organización;Departamento;Puesto;"
            "Teléfono del trabajo;Teléfono móvil;Dirección de correo electrónico;Tipo;"
            "Dirección del correo electrónico 2",
            "Sr.;Jörg;;Größe;Universität;Física;Leiter;+49 1;+49 2;j@x.example;SMTP;k@x.example",
        ),
        (
            "Vorname;Nachname;Anzeigename;Primäre E-Mail-Adresse;Sekundäre E-Mail-Adresse;"
            "Tel. dienstlich;Mobil-Tel.-Nr.;Arbeitstitel;Organisation",
            "Jörg;Größe;Jörg Größe;j@x.example;k@x.example;+49 1;+49 2;Leiter;Universität",
        ),
    ],
)
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig"])
def test_translated_headers_are_known(tmp_path: Path, header: str, row: str, encoding: str) -> None:
    (person,) = people(tmp_path, f"{header}\r\n{row}\r\n", encoding)
    assert (person.given_name, person.family_name) == ("Jörg", "Größe")
    assert person.emails == ("j@x.example", "k@x.example")
    assert (person.phone, person.function) == ("+49 1", "Leiter")
    assert person.organisation == "Universität"


@pytest.mark.parametrize(
    ("cells", "apart"),
    [
        ("Ida;Holm", ("Ida", "Holm")),
        ("Ida;Ida Holm", ("Ida", "Holm")),
        ("Ida;Holm, Ida", ("Ida", "Holm")),
        ("Ida;Ida", ("Ida", "")),
        ("Ida Maria;Ida Maria van der Berg", ("Ida Maria", "van der Berg")),
        (";Ida Holm", ("Ida", "Holm")),
    ],
)
def test_a_name_beside_the_given_name_has_the_family(
    tmp_path: Path, cells: str, apart: tuple[str, str]
) -> None:
    (person,) = people(tmp_path, f"Vorname;Name;E-Mail\n{cells};i@x.example\n")
    assert (person.given_name, person.family_name) == apart


@pytest.mark.parametrize(
    ("header", "cells", "apart"),
    [
        ("Display name", "István;;Nagy István", ("István", "Nagy")),
        ("Name", "István;;Nagy István", ("István", "Nagy")),
        ("Display name", "Ida;Maria;Holm Ida Maria", ("Ida Maria", "Holm")),
        ("Display name", "Ida;;Ida Holm, PhD", ("Ida", "Holm")),
        ("File as", "Ida;;Holm Lund, Ida Maria", ("Ida", "Holm Lund")),
        ("File as", "Ida;;ACME Ltd", ("Ida", "")),
        ("Naam", "Ida;;van der Berg", ("Ida", "van der Berg")),
        ("Name", "Jean;;Jean Jean", ("Jean", "Jean")),
    ],
)
def test_a_whole_name_is_told_from_the_family_s(
    tmp_path: Path, header: str, cells: str, apart: tuple[str, str]
) -> None:
    (person,) = people(tmp_path, f"First name;Middle name;{header};E-mail\n{cells};i@x.example\n")
    assert (person.given_name, person.family_name) == apart


def test_a_name_of_many_degrees_is_read_at_once() -> None:
    begin = perf_counter()
    split_name("a b" + ",Dr" * 5_000 + "x")
    assert split_name("a b" + ",Dr" * 5_000) == ("a", "b")
    assert perf_counter() - begin < 1


@pytest.mark.parametrize(
    ("name", "apart"),
    [
        ("Ida Holm, PhD", ("Ida", "Holm")),
        ("Ida van der Berg, M.Sc., Jr.", ("Ida", "van der Berg")),
        ("Holm, Ida", ("Ida", "Holm")),
        ("Nguyen, BA", ("BA", "Nguyen")),
        ("Nguyen Van, Ba", ("Ba", "Nguyen Van")),
    ],
)
def test_a_degree_behind_a_comma_is_no_name(name: str, apart: tuple[str, str]) -> None:
    assert split_name(name) == apart


def test_the_zones_are_looked_up_once_for_all_people(monkeypatch: pytest.MonkeyPatch) -> None:
    walks: list[int] = []

    def walk() -> set[str]:
        walks.append(1)
        return {"Europe/Oslo"}

    monkeypatch.setattr(records_module, "available_timezones", walk)
    records_module._zones.cache_clear()
    try:
        card = "BEGIN:VCARD\nFN:Ida Holm\nTZ:Europe/Oslo\nEND:VCARD\n"
        found = list(read_cards((card * 50).encode(), "a.vcf", Findings()))
    finally:
        records_module._zones.cache_clear()
    assert [one.zone for one in found] == ["Europe/Oslo"] * 50
    assert len(walks) == 1


def test_a_name_and_a_format_that_contradict_each_other_are_refused() -> None:
    assert contacts_form(Path("people"), "csv") == "csv"
    assert contacts_form(Path("people.txt"), "VCF") == "vcf"
    assert contacts_form(Path("people.CSV"), "csv") == "csv"
    with pytest.raises(DomainError) as caught:
        contacts_form(Path("people.vcf"), "csv")
    assert caught.value.code == "unknown_contacts_format"
    assert "people.vcf (csv)" in caught.value.text
