"""Reviews on the sample project: its pack, the rehearsal, the question log, the files."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import openpyxl
import pytest

from projectdesk import catalogues
from projectdesk.cli import main
from projectdesk.domain.meetings import MeetingType
from projectdesk.domain.preparation import QuestionState
from projectdesk.errors import DomainError
from projectdesk.exchange.documents.outline import Callout, Notes, Outline
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, queries
from projectdesk.services.documents.languages import choose_document_language
from projectdesk.services.review_document import review_outline
from projectdesk.services.rows import Kind, MeetingRow
from projectdesk.services.workspace import Workspace

NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)


@pytest.fixture(scope="module")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample project, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("sample") / "data"
    with Workspace.open(folder, secrets=MemorySecrets(), now=lambda: NOW) as opened:
        commands.open_sample(opened)
    return folder


@pytest.fixture
def sample(tmp_path: Path, sample_data: Path) -> Iterator[Workspace]:
    shutil.copytree(sample_data, tmp_path / "data")
    with Workspace.open(tmp_path / "data", secrets=MemorySecrets(), now=lambda: NOW) as opened:
        yield opened


def review(workspace: Workspace) -> MeetingRow:
    rows = queries.meetings(workspace)
    return next(row for row in rows if row.type is MeetingType.INTERIM_REVIEW)


def texts(language: str) -> set[str]:
    """Return what documents say in a language."""
    found = catalogues.catalogue("documents", language).values()
    return {text for text in found if isinstance(text, str)}


def told(outline: Outline) -> list[str]:
    """Return every text of a document but what people wrote in notes."""
    found = [outline.title, outline.kicker, outline.footer, outline.about]
    for part in outline.elements:
        match part:
            case Notes():
                continue
            case Callout(label=label, text=text, note=note):
                found += [label, text, note]
            case _:
                found += strings(part)
    return found


def strings(value: object) -> Iterator[str]:
    """Yield every text in a frozen row, however deep; members of enumerations are none."""
    match value:
        case StrEnum():
            return
        case str():
            yield str(value)
        case tuple():
            for each in value:
                yield from strings(each)
        case _ if is_dataclass(value):
            for field in fields(value):
                yield from strings(getattr(value, field.name))


def test_the_pack_has_what_was_due_by_its_period(sample: Workspace) -> None:
    late = next(row for row in queries.deliverables(sample, review(sample).project_id))
    assert late.due_on is not None
    values = {"submitted_on": late.due_on + timedelta(days=3)}
    commands.set_fields(sample, Kind.DELIVERABLE, late.id, late.version, values)
    pack = queries.review_pack(sample, review(sample).id)
    every = queries.deliverables(sample, pack.meeting.project_id)
    first, last = pack.period.start_month, pack.period.end_month
    assert [each.row.label for each in pack.deliverables] == [
        row.label for row in every if first <= row.due_month <= last
    ]
    for each in pack.deliverables:
        ended = each.row.submitted_on or NOW.date()
        assert each.row.due_on is not None
        assert each.days_late == max(0, (ended - each.row.due_on).days)
    assert pack.deliverables[0].days_late == 3
    assert pack.milestones
    assert pack.efforts
    assert pack.risks


def test_another_period_can_be_chosen(sample: Workspace) -> None:
    meeting = review(sample).id
    whole = queries.review_pack(sample, meeting, 0)
    assert whole.period.start_month == 1
    assert whole.efforts == ()
    assert [each.number for each in whole.periods][-1] == 0


def test_each_work_package_that_runs_has_its_slot_or_none(sample: Workspace) -> None:
    pack = queries.review_pack(sample, review(sample).id)
    slots = {slot.label: slot for slot in pack.slots}
    assert slots["WP3"].items
    assert slots["WP3"].minutes > 0
    assert slots["WP5"].items == slots["WP6"].items  # one item presents both
    assert (slots["WP5"].shared_with, slots["WP6"].shared_with) == (("WP6",), ("WP5",))
    assert slots["WP5"].wholly_shared
    assert (slots["WP3"].shared_with, slots["WP3"].wholly_shared) == ((), False)
    told = [
        cell
        for part in review_outline(pack, NOW).elements
        for row in getattr(part, "rows", ())
        for cell in row
    ]
    minutes = slots["WP5"].minutes
    assert f"{minutes} min, shared with WP6" in told
    assert f"{minutes} min, shared with WP5" in told
    assert all(not item.is_break for slot in pack.slots for item in slot.items)


@pytest.mark.full
def test_the_rehearsal_has_the_agenda_and_leaves_out_who_reviews(sample: Workspace) -> None:
    meeting = review(sample)
    start = datetime(2026, 12, 1, 9, 30)  # noqa: DTZ001 - a planned time is local
    choose_document_language(sample, "de")
    made, _ = commands.plan_rehearsal(sample, meeting.id, start)
    row = queries.meeting(sample, made)
    assert (row.rehearsal_of_id, row.local_start, row.zone) == (meeting.id, start, meeting.zone)
    assert row.title == f"Probe: {meeting.title}"
    titles = [item.title for item in queries.agenda(sample, meeting.id)]
    assert [item.title for item in queries.agenda(sample, made)] == titles
    outside = {row.name for row in queries.invitations(sample, meeting.id) if not row.partner_id}
    there = {row.name for row in queries.invitations(sample, made)}
    assert outside
    assert there == {row.name for row in queries.invitations(sample, meeting.id)} - outside
    pack = queries.review_pack(sample, meeting.id)
    assert pack.rehearsal is not None
    assert pack.rehearsal.id == made
    commands.undo(sample)
    assert queries.review_pack(sample, meeting.id).rehearsal is None


def test_a_rehearsal_is_before_the_review(sample: Workspace) -> None:
    meeting = review(sample)
    with pytest.raises(DomainError) as refused:
        commands.plan_rehearsal(sample, meeting.id, meeting.local_start)
    assert refused.value.code == "rehearsal_after"


def test_questions_are_numbered_and_know_what_they_are_about(sample: Workspace) -> None:
    meeting = review(sample)
    for typed in ("Lorenzo: why is D3.1 late?", "What does WP4 need from WP3?", "Who owns it?"):
        commands.add_question(sample, meeting.id, typed)
    rows = queries.review_questions(sample, meeting_id=meeting.id)
    assert [row.label for row in rows] == ["Q1", "Q2", "Q3"]
    assert (rows[0].asked_by, rows[0].deliverable, rows[0].work_package) == ("Lorenzo", "D3.1", "")
    assert rows[1].work_package == "WP4"
    values = {"answer": "=SUM(1)", "state": QuestionState.FOLLOW_UP}
    commands.set_fields(sample, Kind.REVIEW_QUESTION, rows[0].id, rows[0].version, values)
    commands.undo(sample)
    assert queries.review_questions(sample, meeting_id=meeting.id)[0].answer == ""
    with pytest.raises(DomainError):
        commands.add_question(sample, meeting.id, "  ")
    of_project = queries.review_questions(sample, meeting.project_id)
    assert [row for row in of_project if row.meeting_id == meeting.id] == [
        *queries.review_questions(sample, meeting_id=meeting.id)
    ]


def test_the_log_is_a_workbook_and_a_csv_in_which_text_stays_text(
    sample: Workspace, tmp_path: Path
) -> None:
    meeting = review(sample)
    commands.add_question(sample, meeting.id, "Lorenzo: =1+1")
    assert commands.export_questions(sample, meeting.id, tmp_path / "log.xlsx") == 1
    sheet = openpyxl.load_workbook(tmp_path / "log.xlsx").active
    assert sheet is not None
    found = [cell for line in sheet.iter_rows() for cell in line if cell.value == "=1+1"]
    assert [cell.data_type for cell in found] == ["s"]
    commands.export_questions(sample, meeting.id, tmp_path / "log.csv")
    lines = list(
        csv.reader((tmp_path / "log.csv").read_text("utf-8-sig").splitlines(), delimiter=";")
    )
    assert lines[1][:2] == ["Q1", "Lorenzo"]
    assert not lines[1][2].startswith("=")
    with pytest.raises(DomainError):
        commands.export_questions(sample, meeting.id, tmp_path / "log.pdf")


def test_the_pack_as_a_document(sample: Workspace, tmp_path: Path) -> None:
    meeting = review(sample)
    commands.add_question(sample, meeting.id, "Lorenzo: why is D3.1 late?")
    pack = queries.review_pack(sample, meeting.id)
    outline = review_outline(pack, NOW)
    assert outline.title == meeting.title
    path = commands.export_review_pack(sample, meeting.id, tmp_path / "pack.md")
    text = path.read_text("utf-8")
    for wanted in ("Slots of the work package leaders", "Deliverables due in the period", "Risks",
                   "Effort of the period", "Q1. why is D3.1 late?"):  # fmt: skip
        assert wanted in text
    with pytest.raises(DomainError):
        commands.export_review_pack(sample, meeting.id, tmp_path / "pack.xlsx")


def test_no_english_is_left_in_a_german_pack(sample: Workspace) -> None:
    """What reads the same in both languages came from the data, or is a word of both."""
    meeting = review(sample)
    late = queries.deliverables(sample, meeting.project_id)[0]
    assert late.due_on is not None
    values = {"submitted_on": late.due_on + timedelta(days=3)}
    commands.set_fields(sample, Kind.DELIVERABLE, late.id, late.version, values)
    commands.plan_rehearsal(sample, meeting.id, datetime(2026, 12, 1, 9, 30))  # noqa: DTZ001
    for typed in ("Lorenzo: why is D3.1 late?", "Who owns it?"):
        commands.add_question(sample, meeting.id, typed)
    first = queries.review_questions(sample, meeting_id=meeting.id)[0]
    due = {"state": QuestionState.FOLLOW_UP, "due_on": date(2026, 12, 9)}
    commands.set_fields(sample, Kind.REVIEW_QUESTION, first.id, first.version, due)
    pack = queries.review_pack(sample, meeting.id)
    both = texts("en") & texts("de")
    slots = (
        replace(pack.slots[0], items=()),
        *(replace(s, wholly_shared=False) for s in pack.slots),
    )
    empty = replace(pack, deliverables=(), milestones=(), efforts=(), risks=(), slots=slots)
    for each in (pack, empty):
        english = told(review_outline(each, NOW, "en"))
        german = told(review_outline(each, NOW, "de"))
        same = {a for a, b in zip(english, german, strict=True) if a == b}
        known = {*strings(each), *both, *(f"{q.label}. {q.text}" for q in each.questions)}
        left = {part for text in same - known for part in re.split(" [·–] ", text)} - known
        assert {part for part in left if re.search("[A-Za-z]{2}", part.replace("min", ""))} == set()
    said = " | ".join(told(review_outline(pack, NOW, "de")))
    for wanted in ("3 Tage", "gemeinsam mit WP6", "fällig am 9. Dezember 2026", "Personenmonaten",
                   "Dienstag, 1. Dezember 2026, 09:30", "überfällig."):  # fmt: skip
        assert wanted in said
    assert re.search(r"\| \d+,\d\d \|", said)


def test_the_log_speaks_the_language_of_documents(sample: Workspace, tmp_path: Path) -> None:
    meeting = review(sample)
    commands.add_question(sample, meeting.id, "Lorenzo: why is D3.1 late?")
    question = queries.review_questions(sample, meeting_id=meeting.id)[0]
    due = {"state": QuestionState.FOLLOW_UP, "due_on": date(2026, 12, 9)}
    commands.set_fields(sample, Kind.REVIEW_QUESTION, question.id, question.version, due)
    choose_document_language(sample, "de")
    commands.export_questions(sample, meeting.id, tmp_path / "log.xlsx")
    book = openpyxl.load_workbook(tmp_path / "log.xlsx")
    (sheet,) = book.worksheets
    assert sheet.title == "Fragen"
    heading, header, row = sheet.iter_rows(values_only=True)
    assert str(heading[0]).endswith(": Fragen")
    assert header == (
        "Nr.", "Gefragt von", "Frage", "Antwort", "Wer", "Stand", "AP", "Arbeitsergebnis", "Fällig",
    )  # fmt: skip
    assert row[5] == "Wird nachverfolgt"
    assert row[8] == datetime(2026, 12, 9)  # noqa: DTZ001 - a day, as workbooks have it
    assert not sheet.sheet_view.rightToLeft
    commands.export_questions(sample, meeting.id, tmp_path / "log.csv", language="pl")
    assert "2026-12-09" in (tmp_path / "log.csv").read_text("utf-8-sig")
    commands.export_questions(sample, meeting.id, tmp_path / "ar.xlsx", language="ar")
    assert openpyxl.load_workbook(tmp_path / "ar.xlsx").worksheets[0].sheet_view.rightToLeft
    pack = commands.export_review_pack(sample, meeting.id, tmp_path / "pack.md")
    assert "Begutachtungsmappe" in pack.read_text("utf-8")
    with pytest.raises(DomainError, match="tlh"):
        commands.export_review_pack(sample, meeting.id, tmp_path / "no.md", language="tlh")
    assert not (tmp_path / "no.md").exists()


@pytest.mark.full
def test_the_command_line(
    sample: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meeting = review(sample)
    commands.add_question(sample, meeting.id, "Lorenzo: why is D3.1 late?")
    sample.close()
    data = ["--data", str(tmp_path / "data"), "--json"]
    out = tmp_path / "pack.docx"
    german = ["--language", "de", "--out", str(out), *data]
    assert main(["export", "review-pack", str(meeting.id), *german]) == 0
    assert out.read_bytes().startswith(b"PK")
    capsys.readouterr()
    assert main(["list", "questions", *data]) == 0
    rows = json.loads(capsys.readouterr().out)
    (row,) = [each for each in rows if each["meeting_id"] == str(meeting.id)]
    assert (row["label"], row["state"]) == ("Q1", "open")
    log = tmp_path / "log.csv"
    german = ["--language", "de", "--out", str(log), *data]
    assert main(["export", "questions", str(meeting.id), *german]) == 0
    assert json.loads(capsys.readouterr().out)["questions"] == 1
    assert "Gefragt von" in log.read_text("utf-8-sig")
