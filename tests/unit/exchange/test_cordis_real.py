"""The real files of CORDIS, and real bad ones."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from projectdesk.errors import ImportError_
from tests.unit.exchange.exports import (
    codes,
    read,
)


@pytest.mark.data
def test_the_real_project_xml(shared_data: Path):
    (record,), findings = read(shared_data / "cordis" / "xml" / "project-101190685.xml")
    found = record.project
    assert found is not None
    assert (found.acronym, found.duration_months) == ("3SI-CONTROL", 48)
    assert found.eu_contribution == Decimal(5_500_000)
    assert (found.programme, found.funding_scheme) == ("HORIZON", "HORIZON-JU-RIA")
    assert found.topics == ("HORIZON-JU-GH-EDCTP3-2024-01-03-two-stage",)
    assert found.call == "HORIZON-JU-GH-EDCTP3-2024-01-two-stage"
    assert sum(p.contribution or 0 for p in record.participations) == found.eu_contribution
    assert [(p.number, p.parent_number) for p in record.participations] == [
        (1, None),
        (2, None),
        (3, None),
        (4, None),
        (None, 4),
        (5, None),
        (6, None),
    ]
    coordinator = record.participations[0].organisation
    assert (coordinator.pic, coordinator.country) == ("999986096", "BE")
    assert (coordinator.nuts_code, coordinator.type) == ("BE234", "HES")
    assert codes(findings) == []


@pytest.mark.data
def test_the_real_csv_exports(shared_data: Path):
    folder = shared_data / "cordis" / "head100_csv"
    records, findings = read(folder / "project_df_100.csv", folder / "organization_df_100.csv")
    assert len(records) == 100
    assert sum(len(record.participations) for record in records) == 100
    costs = {r.number: r.project.total_cost for r in records if r.project}
    assert costs["101124648"] == Decimal("2499638.25")
    assert codes(findings) == ["no_coordinator"]  # the sample ends inside a consortium


@pytest.mark.data
def test_every_real_file_is_read_or_refused_with_its_name(shared_data: Path):
    read_well: set[str] = set()
    refused: dict[str, str] = {}
    for folder in ("cordis", "badinput"):
        for path in sorted((shared_data / folder).rglob("*.*")):
            try:
                records, _ = read(path)
            except ImportError_ as error:
                refused[path.name] = error.text
            else:
                assert records
                read_well.add(path.name)
    assert all(name in text for name, text in refused.items())
    assert read_well == {
        "project-101190685.xml",
        "project_df_100.csv",
        "organization_df_100.csv",
        "fp7_projects_shortened.csv",
        "fp7_projects.json",
        "record2.json",
        "recordFP4.json",
        "recordReference.json",
    }
