"""Names from the list of naughty strings: kept, found, and harmless in every document and table."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from defusedxml.ElementTree import fromstring

from projectdesk.domain.meetings import CallRole, MeetingType
from projectdesk.errors import ProjectDeskError
from projectdesk.exchange.plans.lines import PlanTable, WorkPackageLine
from projectdesk.exchange.plans.writer import write_plan
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, hosting, queries
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace

pytestmark = pytest.mark.data

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def naughty(shared_data: Path) -> list[str]:
    listed = json.loads((shared_data / "badinput/blns/blns.json").read_text(encoding="utf-8"))
    return [text for text in listed if isinstance(text, str)]


def test_naughty_invitees_are_kept_or_refused_and_every_document_is_made(
    data: Path, naughty: list[str], tmp_path: Path
) -> None:
    with Workspace.open(data, secrets=MemorySecrets()) as workspace:
        project = queries.project_by_acronym(workspace, "SALTMARK").id
        start = datetime(2027, 3, 2, 10)  # noqa: DTZ001 - planned times are naive
        meeting, _ = commands.plan_meeting(
            workspace, project, MeetingType.AD_HOC, start, "Europe/Oslo", title=naughty[40]
        )
        invited: dict[UUID, str] = {}
        for number, text in enumerate(naughty):
            values = {"family_name": text, "given_name": "N", "email": f"n{number}@example.org"}
            try:
                person, _ = commands.create(workspace, Kind.PERSON, values)
            except ProjectDeskError:
                continue
            invited[person] = text
            if len(invited) <= 60:
                commands.invite(workspace, meeting, person, CallRole.PARTICIPANT)
        assert len(invited) > 0.8 * len(naughty)
        snapshot = hosting.room_snapshot(workspace, meeting)
        assert len(snapshot.invitees) >= 60
        shown = {row.id: row.name for row in queries.people(workspace)}
        assert all(shown[person].strip() for person in invited)
        for what in ("agenda", "minutes"):
            for form in ("pdf", "docx", "md"):
                out = tmp_path / f"{what}.{form}"
                commands.export_document(workspace, meeting, what, form, out)
                assert out.stat().st_size > 500
        names = _words(tmp_path / "minutes.docx")
    assert "&lt;" not in names
    markdown = (tmp_path / "minutes.md").read_text(encoding="utf-8")
    assert "<script>" not in markdown
    assert "<img " not in markdown


def _words(document: Path) -> str:
    """Return the text of a DOCX; a broken one does not parse."""
    with zipfile.ZipFile(document) as archive:
        root = fromstring(archive.read("word/document.xml"))
    return "\n".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in root.iter(f"{W}p"))


def test_no_cell_of_an_exported_table_is_a_formula(
    naughty: list[str], shared_data: Path, tmp_path: Path
) -> None:
    payload = shared_data / "badinput" / "csv-injection" / "csv-payload.txt"
    texts = [*naughty, *payload.read_text(encoding="utf-8").splitlines()]
    out = tmp_path / "plan.csv"
    lines = [
        WorkPackageLine(number=number, title=text, lead=text, start_month=1, end_month=2,
            objectives=text, description=text)
        for number, text in enumerate(texts, start=1)
    ]  # fmt: skip
    write_plan(out, PlanTable.WORK_PACKAGES, lines)
    with out.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=";"))
    assert len(rows) == 1 + len(texts)
    for row in rows:
        for cell in row:
            is_number = re.fullmatch(r"-\d+([.,]\d+)?", cell) is not None
            assert is_number or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell


def test_search_survives_every_naughty_question(data: Path, naughty: list[str]) -> None:
    with Workspace.open(data, secrets=MemorySecrets()) as workspace:
        for text in [*naughty, '"', "'", "*", "a OR", "NEAR(", "title:", "-", "^x"]:
            queries.search(workspace, text)
