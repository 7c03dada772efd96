"""Organisation files of CORDIS: every trap that real ones set."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.consortium import PartnerRole
from projectdesk.exchange.cordis import (
    ConsortiumRecord,
    OrganisationRecord,
    ParticipationRecord,
)
from projectdesk.exchange.cordis.columns import ORGANISATION_COLUMNS, OrganisationCells
from projectdesk.exchange.cordis.numbering import arrange
from projectdesk.exchange.findings import Findings
from tests.unit.exchange.exports import (
    OLD_ORGANISATION,
    ORGANISATION,
    PROJECT,
    codes,
    consortium,
    csv_file,
    organisation,
    project,
    read,
)


def test_the_cells_of_an_organisation_row_are_its_columns():
    assert len(ORGANISATION_COLUMNS) == len(OrganisationCells._fields)


def test_an_organisation_of_the_present_programme(tmp_path: Path):
    row = organisation(
        1,
        "UNIVERSIDADE",
        vatNumber="PT1",
        shortName="UNI",
        SME="false",
        activityType="HES",
        street="Rua 1",
        postCode="1000",
        city="Lisboa",
        country="UK",
        nutsCode="PT170",
        geolocation="38.7,-9.1",
        organizationURL="http://uni.example",
        ecContribution="1499998,75",
        totalCost="1.500.000,50",
    )
    (part,), findings = consortium(tmp_path, row)
    found = part.organisation
    assert (found.pic, found.vat_number, found.short_name) == ("900000001", "PT1", "UNI")
    assert (found.country, found.city, found.sme, found.type) == ("GB", "Lisboa", False, "HES")
    assert (found.latitude, found.longitude) == (38.7, -9.1)
    assert (part.contribution, part.total_cost) == (Decimal("1499998.75"), Decimal("1500000.50"))
    assert codes(findings) == []


def test_an_older_organisation_file(tmp_path: Path):
    one = {"projectRcn": "7", "projectID": "101000001", "name": "A", "country": "FR"}
    rows = [
        one | {"role": "participant", "id": "900000002", "name": "B", "country": "EL"},
        one | {"role": "coordinator", "id": "900000001"},
    ]
    (record,), _ = read(
        csv_file(tmp_path / "p.csv", PROJECT, [project()]),
        csv_file(tmp_path / "o.csv", OLD_ORGANISATION, rows),
    )
    found = [
        (p.number, p.organisation.legal_name, p.organisation.country) for p in record.participations
    ]
    assert found == [(1, "A", "FR"), (2, "B", "GR")]


def test_organisations_may_name_their_project_by_its_rcn_only(tmp_path: Path):
    rows = [{"projectRcn": "200001", "role": "coordinator", "id": "900000001", "name": "A"}]
    (record,), _ = read(
        csv_file(tmp_path / "p.csv", PROJECT, [project()]),
        csv_file(tmp_path / "o.csv", OLD_ORGANISATION, rows),
    )
    assert [p.organisation.legal_name for p in record.participations] == ["A"]


@pytest.mark.parametrize(
    ("role", "contribution", "expected"),
    [
        ("participant", "5", PartnerRole.BENEFICIARY),
        ("beneficiary", "5", PartnerRole.BENEFICIARY),
        ("partner", "", PartnerRole.ASSOCIATED_PARTNER),
        ("partner", "0", PartnerRole.ASSOCIATED_PARTNER),
        ("partner", "5", PartnerRole.BENEFICIARY),
        ("thirdParty", "0", PartnerRole.THIRD_PARTY),
        ("linkedThirdParty", "0", PartnerRole.AFFILIATED_ENTITY),
        ("affiliatedEntity", "0", PartnerRole.AFFILIATED_ENTITY),
        ("associatedPartner", "0", PartnerRole.ASSOCIATED_PARTNER),
        ("internationalPartner", "0", PartnerRole.ASSOCIATED_PARTNER),
        ("Associated Partner", "", PartnerRole.ASSOCIATED_PARTNER),
        ("hostInstitution", "9", PartnerRole.BENEFICIARY),
    ],
)
def test_roles_old_and_new(tmp_path: Path, role: str, contribution: str, expected: PartnerRole):
    parts, _ = consortium(
        tmp_path,
        organisation(1, "A"),
        organisation(2, "B", role=role, ecContribution=contribution),
    )
    assert parts[1].role is expected


def test_an_unknown_role_is_told(tmp_path: Path):
    parts, findings = consortium(
        tmp_path, organisation(1, "A"), organisation(2, "B", role="mascot")
    )
    assert parts[1].role is PartnerRole.BENEFICIARY
    assert codes(findings) == ["unknown_role"]


def test_a_host_institution_coordinates_where_nobody_else_does(tmp_path: Path):
    parts, _ = consortium(tmp_path, organisation(1, "A", role="hostInstitution"))
    assert (parts[0].role, parts[0].number) == (PartnerRole.COORDINATOR, 1)


def test_countries_as_the_union_spells_them(tmp_path: Path):
    spelled = ["EL", "UK", "XK", "XH", "el", ""]
    parts, findings = consortium(
        tmp_path, *(organisation(n, f"O{n}", country=c) for n, c in enumerate(spelled, 1))
    )
    assert [p.organisation.country for p in parts] == ["GR", "GB", "XK", "XH", "GR", ""]
    assert [(f.code, f.row, f.column) for f in findings.all()] == [
        ("unknown_country", 5, "country")
    ]


def test_missing_vat_short_name_and_contribution(tmp_path: Path):
    (part,), findings = consortium(tmp_path, organisation(1, "A", ecContribution=""))
    assert (part.contribution, part.short_name, part.organisation.vat_number) == (None, "", "")
    assert codes(findings) == []


def test_the_net_contribution_stands_in_for_a_missing_one(tmp_path: Path):
    (part,), _ = consortium(
        tmp_path, organisation(1, "A", ecContribution="", netEcContribution="7")
    )
    assert part.contribution == 7


def test_a_third_party_shares_its_parents_number(tmp_path: Path):
    parts, findings = consortium(
        tmp_path,
        organisation(3, "C"),
        organisation(2, "Clinic", role="thirdParty", organisationID="900000009"),
        organisation(1, "A"),
        organisation(2, "B"),
    )
    found = [(p.organisation.legal_name, p.number, p.parent_number, p.position) for p in parts]
    assert found == [
        ("A", 1, None, 0),
        ("B", 2, None, 1),
        ("Clinic", None, 2, 2),
        ("C", 3, None, 3),
    ]
    assert codes(findings) == []


def test_the_coordinator_becomes_participant_one(tmp_path: Path):
    parts, findings = consortium(
        tmp_path,
        organisation(1, "A", role="participant"),
        organisation(2, "B", role="participant"),
        organisation(5, "New", role="coordinator"),
        organisation(2, "Lab", role="thirdParty", organisationID="900000008"),
    )
    found = [(p.organisation.legal_name, p.number, p.parent_number) for p in parts]
    assert found == [("New", 1, None), ("A", 2, None), ("B", 3, None), ("Lab", None, 3)]
    assert codes(findings) == ["renumbered"]


def test_gaps_that_the_file_numbers_have_stay(tmp_path: Path):
    parts, findings = consortium(tmp_path, organisation(1, "A"), organisation(4, "D"))
    assert [p.number for p in parts] == [1, 4]
    assert codes(findings) == []


def test_a_second_coordinator_is_a_beneficiary(tmp_path: Path):
    parts, findings = consortium(
        tmp_path,
        organisation(1, "Former", endOfParticipation="true"),
        organisation(2, "Present", role="coordinator"),
    )
    found = [(p.organisation.legal_name, p.role, p.number) for p in parts]
    assert found == [
        ("Present", PartnerRole.COORDINATOR, 1),
        ("Former", PartnerRole.BENEFICIARY, 2),
    ]
    assert "second_coordinator" in codes(findings)


def test_who_left_is_told_with_the_row(tmp_path: Path):
    parts, findings = consortium(
        tmp_path, organisation(1, "A"), organisation(2, "B", endOfParticipation="true")
    )
    assert [p.ended for p in parts] == [False, True]
    assert [(f.code, f.row) for f in findings.all()] == [("participation_ended", 3)]


def test_the_same_name_twice_is_two_organisations_unless_the_pic_is_the_same(tmp_path: Path):
    parts, _ = consortium(
        tmp_path,
        organisation(1, "Same"),
        organisation(2, "Same"),
        organisation(3, "Same", organisationID="900000001"),
        organisation(4, "Bare", organisationID=""),
        organisation(5, "BARE", organisationID=""),
    )
    found = [p.organisation for p in parts]
    assert found[0] is found[2]
    assert len({id(each) for each in found}) == 4
    assert [each.occurrence for each in found[3:]] == [1, 2]


def test_name_and_country_stand_in_for_a_missing_pic(
    tmp_path: Path,
):
    second = organisation(1, "BARE", organisationID="", projectID="101000002")
    records, _ = read(
        csv_file(tmp_path / "p.csv", PROJECT, [project(), project("101000002")]),
        csv_file(
            tmp_path / "o.csv", ORGANISATION, [organisation(1, "Bare", organisationID=""), second]
        ),
    )
    one, two = (record.participations[0].organisation for record in records)
    assert one is two


def test_blanks_are_filled_from_later_rows_of_the_same_organisation(tmp_path: Path):
    second = organisation(1, "A", projectID="101000002", shortName="AA", vatNumber="V")
    records, _ = read(
        csv_file(tmp_path / "p.csv", PROJECT, [project(), project("101000002")]),
        csv_file(tmp_path / "o.csv", ORGANISATION, [organisation(1, "A"), second]),
    )
    found = records[0].participations[0].organisation
    assert (found.short_name, found.vat_number) == ("AA", "V")


def test_a_pic_that_is_none_is_left_out(tmp_path: Path):
    (part,), findings = consortium(tmp_path, organisation(1, "A", organisationID="1906458"))
    assert part.organisation.pic == ""
    assert codes(findings) == ["odd_pic"]


def test_an_organisation_file_alone(tmp_path: Path):
    (record,), _ = read(csv_file(tmp_path / "o.csv", ORGANISATION, [organisation(1, "A")]))
    assert record.project is None
    assert (record.number, len(record.participations)) == ("101000001", 1)


def test_a_directory_of_organisations_without_projects(tmp_path: Path):
    rows = [{"pic": "900000001", "name": "A", "country": "FR"}, {"name": "B", "country": "FR"}]
    (record,), _ = read(csv_file(tmp_path / "o.csv", "pic;name;country", rows))
    assert record.number == ""
    assert [p.organisation.legal_name for p in record.participations] == ["A", "B"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(PartnerRole)),
            st.one_of(st.none(), st.integers(1, 6)),
            st.booleans(),
        ),
        max_size=10,
    )
)
def test_numbers_are_unique_and_one_is_the_coordinator(parts):
    record = ConsortiumRecord(
        "1",
        participations=[
            ParticipationRecord(OrganisationRecord(f"O{n}"), role, order=order, ended=ended)
            for n, (role, order, ended) in enumerate(parts)
        ],
    )
    arrange(record, Findings())
    numbers = [p.number for p in record.participations if p.number is not None]
    assert len(numbers) == len(set(numbers))
    coordinators = [p for p in record.participations if p.role is PartnerRole.COORDINATOR]
    assert len(coordinators) <= 1
    assert all(p.number == 1 and p.position == 0 for p in coordinators)
    assert all(p.parent_number in numbers for p in record.participations if p.number is None)
    assert [p.position for p in record.participations] == list(range(len(parts)))
