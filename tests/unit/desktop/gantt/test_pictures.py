"""The chart as files: an accessible PDF of several pages, SVG, PNG; from the page, by command."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import pikepdf
import pytest
from defusedxml import ElementTree
from PySide6.QtGui import QColor, QGuiApplication, QImage

from projectdesk.commandline.charts import export_gantt
from projectdesk.desktop.gantt import pictures, timescale, words
from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.pages.project.gantt import GanttPane
from projectdesk.desktop.theme import Scheme
from projectdesk.desktop.theme.tokens import LIGHT
from projectdesk.domain.workplan import DeliverableStatus
from projectdesk.errors import DomainError
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from tests.unit.desktop.conftest import TODAY
from tests.unit.desktop.gantt import plans

_SVG = "{http://www.w3.org/2000/svg}"


def long_plan(packages):
    bars = []
    for number in range(1, packages + 1):
        bars += [plans.package(number, 1, 24)]
        bars += [plans.task(number, step, step, step + 6) for step in range(1, 7)]
    return plans.small(bars=tuple(bars))


def words_of(svg):
    root = ElementTree.fromstring(svg)
    return [text.text.strip() for text in root.iter(f"{_SVG}text") if text.text]


def test_an_svg_says_all_labels_in_the_fonts_that_ship(dressed):
    sheet, style = pictures.whole(plans.small())
    svg = pictures.svg(sheet, style, TODAY)
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{_SVG}svg"
    assert root.get("viewBox") == f"0 0 {pictures.WIDTH} {round(sheet.height)}"
    words = words_of(svg)
    for label in ("WP1", "T1.1", "D1.1", "MS1", "MS2", "RP1", "2027", "M1", "Milestones"):
        assert label in words, label
    assert b"Noto Sans" in svg


def test_a_picture_that_stands_alone_says_whose_it_is_and_has_a_margin(dressed):
    plan = plans.small()
    sheet, style = pictures.whole(plan)
    said = words_of(pictures.svg(sheet, style, TODAY))
    assert said[0].startswith(plan.acronym)
    assert said[1] == f"Gantt chart  ·  {formats.day(TODAY)}"
    image = pictures.image(sheet, style, TODAY)
    surface = QColor(LIGHT.surface)
    for x in (*range(40), *range(image.width() - 40, image.width())):
        assert all(image.pixelColor(x, y) == surface for y in range(0, image.height(), 3))


def test_the_months_of_a_chart_have_names_of_one_form(dressed):
    def measure(name):
        return 8.0 * len(name)

    seen = set()
    for width in range(20, 140, 3):
        form = words.span_form(timescale.Unit.MONTH, width, measure)
        names = [
            words.span_words(timescale.Unit.MONTH, date(2026, m, 1), form) for m in range(1, 13)
        ]
        seen.add(form)
        assert form == -1 or max(map(measure, names)) + 8 <= width
        assert form != -1 or {len(name) for name in names} == {1}
    assert len(seen) > 2


@pytest.mark.full
def test_a_png_has_two_pixels_for_one_and_is_light_in_the_dark(dressed):
    dressed.apply(Scheme.DARK)
    sheet, style = pictures.whole(plans.small())
    image = QImage.fromData(pictures.png(sheet, style, TODAY), "PNG")
    assert image.width() == 2 * pictures.WIDTH
    assert image.height() == pytest.approx(2 * sheet.height, abs=2)
    assert image.pixelColor(2, 2) == QColor(LIGHT.surface)
    colours = {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 3)
        for y in range(0, image.height(), 5)
    }
    assert QColor(LIGHT.accent).name() in colours


@pytest.mark.full
def test_a_png_of_a_thousand_tasks_is_smaller_not_broken(dressed):
    sheet, style = pictures.whole(long_plan(160))
    image = pictures.image(sheet, style, TODAY)
    assert not image.isNull()
    assert image.height() <= 32_000


def test_pages_hold_whole_lanes_and_each_has_the_header(dressed):
    plan = long_plan(9)
    made = pictures.pages(plan, TODAY, "a4")
    assert len(made) > 1
    seen = []
    for page in made:
        words = words_of(page)
        assert "2027" in words
        assert "M1" in words
        labels = [word for word in words if word.startswith(("WP", "T")) and word[-1].isdigit()]
        assert not labels[-1].startswith("WP"), "a package stands with its first task"
        seen += labels
        height = float(ElementTree.fromstring(page).get("viewBox").split()[3])
        assert height <= pictures.PAGES["a4"][1]
    assert seen == [bar.label for bar in plan.bars]
    assert len(pictures.pages(plan, TODAY, "a3")) < len(made)
    with pytest.raises(DomainError):
        pictures.pages(plan, TODAY, "a5")


def _kinds(element):
    """Return the structure types below an element of a PDF's structure tree."""
    found = []
    if isinstance(element, pikepdf.Array):
        for each in element:
            found += _kinds(each)
    elif isinstance(element, pikepdf.Dictionary):
        if "/S" in element:
            found.append((str(element["/S"]), str(element.get("/Alt", ""))))
        if "/K" in element:
            found += _kinds(element["/K"])
    return found


@pytest.fixture
def planned(workspace, sample):
    """The sample with a late deliverable, a task, and a title that markup would break."""
    commands.create(
        workspace,
        Kind.TASK,
        {"work_package_id": sample.work_package, "title": "#raw *b* <x> & “é”", "start_month": 3},
    )
    commands.create(
        workspace,
        Kind.DELIVERABLE,
        {
            "work_package_id": sample.work_package,
            "title": "Done",
            "due_month": 1,
            "status": DeliverableStatus.SUBMITTED,
        },
    )
    return sample


def test_the_pdf_is_tagged_says_what_it_shows_and_has_tables(dressed, workspace, planned, tmp_path):
    plan = queries.gantt(workspace, planned.project)
    out = tmp_path / "chart.pdf"
    made = pictures.pages(plan, TODAY, "a4")
    commands.write_gantt_pdf(workspace, planned.project, made, "a4", out)
    with pikepdf.open(out) as pdf:
        root = pdf.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "en"
        meta = root.Metadata.read_bytes().decode()
        assert "pdfuaid:part" in meta
        assert "AURORA: Gantt chart" in meta
        kinds = _kinds(root.StructTreeRoot.K)
        figures = [alt for kind, alt in kinds if kind == "/Figure"]
        assert len(figures) == len(made) == 1
        assert figures[0].startswith("Gantt chart of AURORA: work packages 1, tasks 1, deliver")
        assert [kind for kind, _ in kinds].count("/Table") == 2
        assert [kind for kind, _ in kinds].count("/TR") == 2 + 2 + 2
        width, height = (float(x) for x in pdf.pages[0].MediaBox[2:])
        assert width > height
        assert (round(width), round(height)) == (842, 595)


def test_the_chart_and_its_tables_are_in_one_language(dressed, workspace, planned, tmp_path):
    out = tmp_path / "chart.pdf"
    export_gantt(workspace, planned.project, "pdf", "a4", out, "fr")
    with pikepdf.open(out) as pdf:
        assert str(pdf.Root.Lang) == "fr"
        assert "AURORA\u00a0: diagramme de Gantt" in pdf.Root.Metadata.read_bytes().decode()
    export_gantt(workspace, planned.project, "svg", "a4", tmp_path / "chart.svg", "de")
    assert any("Gantt-Diagramm" in each for each in words_of((tmp_path / "chart.svg").read_bytes()))
    export_gantt(workspace, planned.project, "pdf", "a4", out, "ar")
    with pikepdf.open(out) as pdf:
        assert str(pdf.Root.Lang) == "ar"
    assert say("Gantt chart") == "Gantt chart", "the language that was spoken is spoken again"
    with pytest.raises(DomainError):
        export_gantt(workspace, planned.project, "svg", "a4", tmp_path / "x.svg", "xx")


def test_a_pdf_of_unknown_paper_or_project_is_refused(workspace, planned, tmp_path):
    with pytest.raises(DomainError):
        commands.write_gantt_pdf(workspace, planned.project, [], "a5", tmp_path / "x.pdf")
    assert list(tmp_path.glob("*.pdf")) == []


@pytest.mark.full
def test_the_page_writes_each_form_and_copies(
    dressed, qtbot, session, settle, workspace, planned, tmp_path
):
    pane = GanttPane(session, lambda: date(2027, 11, 1))
    qtbot.addWidget(pane)
    pane.open_project(planned.project)
    with qtbot.waitExposed(pane):
        pane.show()
    settle()
    for form in ("pdf-a4", "svg", "png"):
        pane.save(form, tmp_path / f"chart.{form.partition('-')[0]}")
    settle()
    assert (tmp_path / "chart.pdf").read_bytes().startswith(b"%PDF")
    assert "T1.1" in words_of((tmp_path / "chart.svg").read_bytes())
    assert QImage(str(tmp_path / "chart.png")).width() == 2 * pictures.WIDTH
    pane.copy_picture()
    assert QGuiApplication.clipboard().image().width() == 2 * pictures.WIDTH
    QGuiApplication.clipboard().clear()
    pane.close_presenters()


@pytest.mark.full
def test_the_command_draws_without_a_display(workspace, planned, tmp_path):
    out = tmp_path / "chart.svg"
    done = subprocess.run(
        [sys.executable, "-m", "projectdesk", "export", "gantt", "AURORA", "--json",
         "--data", str(workspace.data), "--out", str(out)],
        capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"file": str(out)}
    assert "WP1" in words_of(out.read_bytes())


def test_the_command_refuses_other_forms_and_empty_plans(workspace, planned, tmp_path):
    empty, _ = commands.create(workspace, Kind.PROJECT, {"acronym": "BOREAS"})
    for project, form, code in (
        (planned.project, "docx", "unknown_format"),
        (empty, "svg", "empty_chart"),
    ):
        with pytest.raises(DomainError) as refused:
            export_gantt(workspace, project, form, "a4", tmp_path / f"chart.{form}")
        assert refused.value.code == code
    assert list(tmp_path.glob("chart.*")) == []
