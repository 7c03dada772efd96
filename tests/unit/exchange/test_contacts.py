"""Address books of telephones, mail programs and servers are read as people."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from projectdesk.errors import DomainError, ImportError_, UnreadableFile
from projectdesk.exchange.contacts import ContactRecord, read_contacts, write_contacts
from projectdesk.exchange.contacts.ldif import is_ldif
from projectdesk.exchange.contacts.lines import Property, decode, properties
from projectdesk.exchange.contacts.reader import has_people
from projectdesk.exchange.contacts.vcards import read_cards, split_name
from projectdesk.exchange.findings import Findings


def read(data: bytes | str, findings: Findings | None = None) -> list[ContactRecord]:
    raw = data.encode() if isinstance(data, str) else data
    return list(read_cards(raw, "a.vcf", findings or Findings()))


def card(*lines: str, version: str = "3.0") -> str:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def test_a_card_is_a_person() -> None:
    (person,) = read(
        card(
            "N:Holm;Ida;Maria;Dr.;",
            "FN:Dr. Ida Maria Holm",
            "ORG:Aarhus Universitet;Physics",
            "TITLE:Project manager",
            "EMAIL;TYPE=home:ida@home.example",
            "item1.EMAIL;TYPE=INTERNET,pref:ida@au.example",
            "TEL;TYPE=fax,work:+45 1",
            "TEL;TYPE=cell:+45 2",
            "TEL;TYPE=work,voice:+45 3",
            "TZ:Europe/Copenhagen",
            "LANG;PREF=2:en-GB",
            "LANG;PREF=1:da",
        )
    )
    assert person.name == "Ida Maria Holm"
    assert person.emails == ("ida@au.example", "ida@home.example")
    assert (person.organisation, person.function) == ("Aarhus Universitet", "Project manager")
    assert (person.phone, person.zone) == ("+45 3", "Europe/Copenhagen")
    assert person.languages == ("da", "en")


def test_quoted_printable_of_version_2_goes_over_lines_and_has_a_charset() -> None:
    (person,) = read(
        b"BEGIN:VCARD\r\nVERSION:2.1\r\n"
        b"N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:S=F8rensen;J=F8=\r\nrgen\r\n"
        b"TEL;WORK;VOICE:+45 7\r\nEND:VCARD\r\n"
    )
    assert (person.given_name, person.family_name, person.phone) == ("Jørgen", "Sørensen", "+45 7")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_any_encoding(encoding: str) -> None:
    (person,) = read(card("FN:Zoë Müller").encode(encoding))
    assert person.name == "Zoë Müller"


def test_folded_lines_and_escapes() -> None:
    (person,) = read(card("N:O\\;Neil;Ann\\, B", "ORG:A\\, B and\r\n  sons\\; all", "NOTE:x\\ny"))
    assert (person.family_name, person.given_name) == ("O;Neil", "Ann B")
    assert person.organisation == "A, B and sons; all"


def test_what_is_odd_is_told_and_the_rest_is_read() -> None:
    findings = Findings()
    people = read(
        card("KIND:group", "FN:All")
        + card("NOTE:nobody")
        + "BEGIN:VCARD\nFN:Not ended\nno line at all\n"
        + card("FN:Ana Reis", "EMAIL:not an address"),
        findings,
    )
    assert [person.name for person in people] == ["Not ended", "Ana Reis"]
    codes = [finding.code for finding in findings.all()]
    assert sorted(codes) == sorted(
        ["not_a_person", "nobody", "unended_card", "not_a_line", "no_address"]
    )


def test_a_card_within_a_card_is_not_its_owner() -> None:
    (person,) = read(
        card("FN:Ana Reis", "AGENT:", "BEGIN:VCARD", "FN:Her agent", "END:VCARD", "TEL:1")
    )
    assert (person.name, person.phone) == ("Ana Reis", "1")


@pytest.mark.parametrize(
    ("name", "apart"),
    [
        ("Ida Holm", ("Ida", "Holm")),
        ("Holm, Ida", ("Ida", "Holm")),
        ("Anna van der Berg", ("Anna", "van der Berg")),
        ("Madonna", ("", "Madonna")),
        ("", ("", "")),
    ],
)
def test_names_in_one_piece(name: str, apart: tuple[str, str]) -> None:
    assert split_name(name) == apart


OUTLOOK = (
    '"First Name","Last Name","Company","Job Title","E-mail Address","Business Phone"\r\n'
    '"Ida","Holm","Aarhus Universitet","Lead","ida@au.example","\'+45 1"\r\n'
)
GOOGLE = (
    "Name,E-mail 1 - Value,E-mail 2 - Value,Organization 1 - Name,Phone 1 - Value\n"
    "Ana Reis,ana@udr.example ::: a.reis@udr.example,,Universidade,+351 2\n"
)
THUNDERBIRD = (
    "First Name,Last Name,Display Name,Primary Email,Work Phone,Organization\n"
    ",,Björn van der Berg,bjorn@x.example,+47 3,X\n"
)


@pytest.mark.parametrize(
    ("text", "name", "emails", "phone"),
    [
        (OUTLOOK, "Ida Holm", ("ida@au.example",), "+45 1"),
        (GOOGLE, "Ana Reis", ("ana@udr.example", "a.reis@udr.example"), "+351 2"),
        (THUNDERBIRD, "Björn van der Berg", ("bjorn@x.example",), "+47 3"),
    ],
)
def test_tables_of_address_books(
    text: str, name: str, emails: tuple[str, ...], phone: str, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(text, encoding="utf-8")
    (person,) = read_contacts(file, Findings())
    assert (person.name, person.emails, person.phone) == (name, emails, phone)


def test_a_table_without_people_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "budget.csv"
    file.write_text("WP;Months\n1;3\n", encoding="utf-8")
    with pytest.raises(UnreadableFile) as caught:
        list(read_contacts(file, Findings()))
    assert caught.value.code == "no_contacts"


PEOPLE = st.builds(
    ContactRecord,
    row=st.just(1),
    given_name=st.text("Aé;,\\ 日👩 'x", max_size=60).map(lambda t: " ".join(t.split())),
    family_name=st.text("Bø;,\\日", min_size=1, max_size=20).map(lambda t: t.replace(",", "")),
    emails=st.just(("a@x.example", "b@y.example")),
    phone=st.sampled_from(["", "+45 12"]),
    organisation=st.text("Cé;,\\ ", max_size=90).map(lambda t: " ".join(t.split())),
    zone=st.sampled_from(["", "Asia/Seoul"]),
    languages=st.sampled_from([(), ("da", "en")]),
)


@pytest.mark.full
@given(st.lists(PEOPLE.filter(lambda p: bool(p.family_name)), max_size=4))
def test_what_is_written_as_vcard_reads_back(people: list[ContactRecord]) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        file = Path(folder) / "out.vcf"
        write_contacts(file, people)
        assert all(len(line) <= 75 for line in file.read_bytes().split(b"\r\n"))
        if not people:
            return
        again = list(read_contacts(file, Findings()))
    for before, after in zip(people, again, strict=True):
        assert after.family_name == before.family_name
        assert after.given_name.replace(" ", "") == before.given_name.replace(",", "").replace(
            " ", ""
        )
        assert after.emails == before.emails
        assert (after.phone, after.organisation, after.zone, after.languages) == (
            before.phone,
            before.organisation,
            before.zone,
            before.languages,
        )


@pytest.mark.parametrize("name", ["out.ods", "out", "out.vcf.txt"])
def test_people_are_written_by_no_other_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(DomainError, match=r"\.vcf .*\.csv or \.xlsx") as caught:
        write_contacts(tmp_path / name, [])
    assert caught.value.code == "unknown_contacts_format"
    assert list(tmp_path.iterdir()) == []


@given(st.binary(max_size=400))
@example(b" \x00")
def test_any_bytes_are_read_or_told(data: bytes) -> None:
    findings = Findings()
    people = read(b"BEGIN:VCARD\n" + data, findings)
    assert people or findings.all()
    for line in properties(decode(data)):
        assert isinstance(line, int | Property)


@pytest.mark.data
def test_every_real_address_book_is_read_or_told(shared_data: Path) -> None:
    files = sorted((shared_data / "contacts").rglob("*.vcf"))
    assert files
    found = 0
    for file in files:
        findings = Findings()
        people = list(read_contacts(file, findings))
        assert people or findings.all(), file
        found += len(people)
    assert found > len(files) / 2


@pytest.mark.data
def test_every_real_table_is_read_or_refused_by_its_name(shared_data: Path) -> None:
    read_well: set[str] = set()
    refused: dict[str, str] = {}
    for suffix in ("xlsx", "xls", "csv"):
        for file in sorted(shared_data.rglob(f"*.{suffix}")):
            try:
                people = list(read_contacts(file, Findings()))
            except ImportError_ as error:
                refused[file.name] = error.text
            else:
                assert people, file
                read_well.add(file.name)
    assert len(refused) > 20
    assert all(name in text for name, text in refused.items())
    assert read_well <= {
        "organization_df_100.csv",
        "dymaxionkim_Report.xlsx",
        "comma_in_quotes.csv",  # first and last name of one
    }


@pytest.mark.full
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    rows=st.lists(
        st.lists(
            st.one_of(
                st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.dates(),
                st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=9),
            ),
            max_size=5,
        ),
        max_size=6,
    )
)  # fmt: skip
def test_any_cells_of_a_workbook_are_people_findings_or_a_refusal(
    tmp_path: Path, rows: list[list[object]]
) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet: Any = book.create_sheet("People")
    header: list[object] = ["Name", "E-mail", "Phone"]
    for row in (header, *rows):
        sheet.append([f"'{cell}" if isinstance(cell, str) else cell for cell in row])
    book.save(tmp_path / "p.xlsx")
    findings = Findings()
    for person in read_contacts(tmp_path / "p.xlsx", findings):
        assert person.name or person.email
        assert person.row > 1


LDIF = """version: 1

# of Thunderbird
dn: cn=Ida Holm,mail=ida@au.example
objectclass: top
objectclass: person
objectclass: mozillaAbPersonAlpha
givenName: Ida
sn:: SG9sbcO4
cn: Ida Holm
mail: ida@au.example
mozillaSecondEmail: IDA@AU.example
telephoneNumber: +45 1
o: Aarhus
  Universitet
title: Manager
preferredLanguage: da-DK

dn:: Y249Qm8=
cn: Bo van der Berg
mail;lang-nl: bo(at)x
mail: bo@x.example

dn: cn=Board
objectclass: groupOfNames
cn: Board
member: cn=Ida Holm,mail=ida@au.example

dn: cn=nobody
objectclass: person
"""


def test_ldif_of_thunderbird_and_directories(tmp_path: Path) -> None:
    path = tmp_path / "book.ldif"
    path.write_text(LDIF.replace("\n", "\r\n"), "utf-8", newline="")
    findings = Findings()
    ida, bo = read_contacts(path, findings)
    assert (ida.name, ida.emails, ida.organisation) == (
        "Ida Holmø",
        ("ida@au.example",),
        "Aarhus Universitet",
    )
    assert (ida.phone, ida.function, ida.languages, ida.row) == ("+45 1", "Manager", ("da",), 4)
    assert (bo.given_name, bo.family_name, bo.email) == ("Bo", "van der Berg", "bo@x.example")
    assert [each.code for each in findings.all()] == ["no_address", "not_a_person", "nobody"]
    assert has_people(path)


def test_ldif_begins_with_any_comments_and_a_person_has_both_names(tmp_path: Path) -> None:
    path = tmp_path / "book.ldif"
    text = "# " * 1_000 + "\nversion: 1\n# x\n\ndn:cn=a\ncn: Ana María Gil\nsn: Gil\n"
    path.write_text(text, "utf-8")
    (ana,) = read_contacts(path, Findings())
    assert (ana.given_name, ana.family_name) == ("Ana María", "Gil")
    assert not is_ldif(b"# " * 2_000), "at once, whatever the lines could be parted into"


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "message of Outlook"),
        ("a.pst", b"!BDN\0\0", "data file of Outlook"),
        ("abook.sqlite", b"SQLite format 3\0", "database"),
        ("a.json", b'["vcard",[["fn",{},"text","Ida"]]]', "jCard"),
        ("a.numbers", b"PK\x03\x04", "Numbers"),
    ],
)
def test_an_address_book_of_another_sort_is_named(
    tmp_path: Path, name: str, content: bytes, what: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=what) as refused:
        list(read_contacts(path, Findings()))
    assert refused.value.code == "other_address_book"


def test_an_archive_without_people_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("picture.png", b"\x89PNG")
    with pytest.raises(UnreadableFile, match="no address book"):
        list(read_contacts(path, Findings()))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/._people.vcf", b"\0\5")
        archive.writestr("people.ldif", LDIF)
    assert [each.given_name for each in read_contacts(path, Findings())] == ["Ida", "Bo"]


def test_lines_and_addresses_without_end_cost_little() -> None:
    before = time.process_time()
    read(card("FN:Ida Holm", "NOTE;ENCODING=QUOTED-PRINTABLE:" + "=\r\n" * 300_000, version="2.1"))
    for text in ("a" * 300_000, "a@" * 150_000, "a@" + "b." * 150_000):
        read(card("FN:Ida Holm", f"EMAIL:{text}"))
    many = [f"EMAIL:a{number}@b.example" for number in range(20_000)]
    (person,) = read(card("FN:Ida Holm", *many))
    assert len(person.emails) == 20_000
    assert time.process_time() - before < 5
