from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from projectdesk.domain.workplan import DeliverableStatus, RiskGrade
from projectdesk.errors import DomainError
from projectdesk.exchange.documents import markdown
from projectdesk.exchange.documents.periodic_report import (
    of_periodic_report,
    write_periodic_workbook,
)
from projectdesk.exchange.documents.words import languages
from projectdesk.services import commands, queries
from projectdesk.services.commands.periodic_report import periodic_content
from projectdesk.services.rows import Kind

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def stated(reporting):
    """UNI stated both periods, LAB the first one; LAB's figures of the second were sent back."""
    workspace = reporting.workspace
    reporting.enter("UNI", wp1="20", wp2="2.5")
    reporting.enter("LAB", wp2="9")
    reporting.enter("UNI", reporting.second, wp1="17")
    reporting.enter("LAB", reporting.second, wp2="40")
    sent_back = reporting.statement("LAB", reporting.second).id
    commands.send_back_effort(workspace, sent_back, "Sure?", date(2026, 5, 1))
    commands.create(
        workspace,
        Kind.RISK,
        {
            "project_id": reporting.consortium.project,
            "title": "=2+3 storms",
            "likelihood": RiskGrade.HIGH,
            "mitigation": "Two sites",
        },
    )
    return reporting


def cell(content, partner, package):
    return next(c for c in content.cells if (c.partner, c.work_package) == (partner, package))


def test_figures_are_of_the_period_and_since_the_start(stated):
    first = periodic_content(stated.workspace, stated.first)
    assert cell(first, "UNI", "WP1").figures == (18, 20, 18, 20)
    second = periodic_content(stated.workspace, stated.second)
    assert cell(second, "UNI", "WP1").figures == (18, 17, 36, 37)
    assert cell(second, "LAB", "WP2").figures == (9, 0, 18, 9), "sent back: not in the report"
    assert second.missing == ("LAB", "FIRM")
    assert not any(c.partner == "GHOST" for c in second.cells)
    planned = sum(c.planned_to_date for c in second.cells)
    assert planned == Decimal(72), "all that is planned in the project"


def test_what_is_due_in_the_period_is_there_with_its_state(stated):
    workspace = stated.workspace
    row = queries.deliverables(workspace, stated.consortium.project)[0]
    values = {"status": DeliverableStatus.SUBMITTED, "submitted_on": date(2026, 8, 1)}
    commands.set_fields(workspace, Kind.DELIVERABLE, row.id, row.version, values)
    first = periodic_content(workspace, stated.first)
    assert [line.label for line in first.deliverables] == ["D1.1", "D2.1", "D3.1", "D4.1"]
    due = first.deliverables[0]
    assert (due.status, due.done, due.due_on) == ("Submitted", date(2026, 8, 1), date(2026, 7, 31))
    assert [(line.label, line.status) for line in first.milestones] == [("MS1", "Not achieved")]
    second = periodic_content(workspace, stated.second)
    assert (second.deliverables, second.milestones) == ((), ())
    (risk,) = second.risks
    assert (risk.label, risk.likelihood, risk.status) == ("R1", "High", "Open")


def test_the_document_says_who_is_missing_and_what_it_sums(stated):
    content = periodic_content(stated.workspace, stated.second)
    text = markdown.render(of_periodic_report(content, now=NOW))
    assert "Figures not answered, or sent back: LAB, FIRM" in text
    assert "| 1 | UNI | 21.00 | 17.00 | -4.00 | 42.00 | 39.50 | -2.50 |" in text
    assert "**39.00** | **17.00** | **-22.00**" in text


def test_docx_has_the_tables(stated, tmp_path):
    out = commands.export_periodic_report(stated.workspace, stated.first, tmp_path / "report.docx")
    document: Any = docx.Document(str(out))
    heads = [[each.text for each in table.rows[0].cells] for table in document.tables]
    assert ["No.", "Partner", "Planned"] in [head[:3] for head in heads]
    assert ["No.", "Work package", "Planned"] in [head[:3] for head in heads]
    assert ["No.", "Risk", "WPs"] in [head[:3] for head in heads]
    assert "Periodic report RP1: tables" in [paragraph.text for paragraph in document.paragraphs]


def test_the_workbook_holds_values_that_any_reader_shows(stated, tmp_path):
    out = commands.export_periodic_report(stated.workspace, stated.first, tmp_path / "report.xlsx")
    book: Any = openpyxl.load_workbook(out)
    sheet = book["Person-months"]
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    uni = next(row for row in rows if row[1:3] == ("UNI", "WP1"))
    assert uni[4:7] == (18, 20, 2)
    assert rows[-1][1] == "Total"
    assert rows[-1][5] == sum(row[5] for row in rows[:-1])
    by_package = list(book["By work package"].iter_rows(min_row=2, values_only=True))
    assert by_package[0][:4] == ("Work package", "Planned", "Reported", "Deviation")
    assert by_package[2][:3] == ("WP2", sum(row[4] for row in rows if row[2] == "WP2"), 11.5)
    by_partner = list(book["By partner"].iter_rows(min_row=3, values_only=True))
    assert by_partner[0][:4] == ("UNI", 21, 22.5, 1.5)
    assert by_partner[-1][1:] == rows[-1][4:] == by_package[-1][1:]
    risk = book["Risks"]["B3"]
    assert (risk.value, risk.data_type) == ("=2+3 storms", "s"), "a title is no formula"
    assert not [c for each in book.worksheets for row in each for c in row if c.data_type == "f"]


def test_the_workbook_says_of_what_and_of_whom_it_is(stated, tmp_path):
    out = commands.export_periodic_report(stated.workspace, stated.first, tmp_path / "report.xlsx")
    book: Any = openpyxl.load_workbook(out)
    acronym = queries.project(stated.workspace, stated.consortium.project).acronym
    assert book.properties.title == f"{acronym}: periodic report RP1"
    me = queries.me(stated.workspace)
    assert book.properties.creator == (me.name if me else "ProjectDesk")
    assert all(sheet["A1"].value.startswith(acronym) for sheet in book.worksheets)


@pytest.mark.full
def test_an_empty_period_is_a_document_too(reporting, tmp_path):
    workspace = reporting.workspace
    for name in ("p.docx", "p.xlsx", "p.md"):
        assert commands.export_periodic_report(
            workspace, reporting.first, tmp_path / name
        ).is_file()


@pytest.mark.full
def test_it_is_an_accessible_pdf(stated, tmp_path):
    out = commands.export_periodic_report(stated.workspace, stated.first, tmp_path / "report.pdf")
    assert out.read_bytes().startswith(b"%PDF-")


def test_another_format_is_refused_and_leaves_nothing(reporting, tmp_path):
    wrong = Path(tmp_path / "report.odt")
    with pytest.raises(DomainError) as caught:
        commands.export_periodic_report(reporting.workspace, reporting.first, wrong)
    assert caught.value.code == "unknown_format"
    assert not wrong.exists()


def test_headings_and_states_are_in_the_language_of_documents(stated, tmp_path):
    out = tmp_path / "report.docx"
    commands.export_periodic_report(stated.workspace, stated.first, out, language="de")
    document: Any = docx.Document(str(out))
    heads = [[each.text for each in table.rows[0].cells][:3] for table in document.tables]
    assert ["Nr.", "Arbeitspaket", "Geplant"] in heads
    assert "Periodischer Bericht RP1: Tabellen" in [each.text for each in document.paragraphs]
    sheets = commands.export_periodic_report(
        stated.workspace, stated.first, tmp_path / "report.xlsx", language="ar"
    )
    book: Any = openpyxl.load_workbook(sheets)
    assert book.sheetnames[0] == "أشهر-شخص"
    assert book.worksheets[0].sheet_view.rightToLeft
    content = periodic_content(stated.workspace, stated.second, "fr")
    assert (content.risks[0].likelihood, content.risks[0].status) == ("Élevé", "Ouvert")


@pytest.mark.full
def test_every_language_has_its_words_and_names_of_sheets_that_differ(stated, tmp_path):
    for language in languages():
        content = periodic_content(stated.workspace, stated.first, language)
        write_periodic_workbook(content, tmp_path / "report.xlsx")
        book: Any = openpyxl.load_workbook(tmp_path / "report.xlsx", read_only=True)
        assert len(book.sheetnames) == 6
        book.close()
        assert markdown.render(of_periodic_report(content, now=NOW))
