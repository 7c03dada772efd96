"""Every document is a PDF that a screen reader can read: PDF/UA-1 by structure."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pytest
import typst
from docx import Document
from docx.oxml.ns import qn

from projectdesk import resources
from projectdesk.exchange.documents import docx, html, pdf
from projectdesk.exchange.documents.attendance_outline import of_attendance
from projectdesk.exchange.documents.minutes_outline import of_minutes
from projectdesk.exchange.documents.outline import Outline
from projectdesk.exchange.documents.words import languages
from tests.support.pdf_ua import assert_accessible, check
from tests.unit.documents import example
from tests.unit.documents.example import NOW


@pytest.fixture(scope="module")
def made(every_document: dict[str, Outline]) -> dict[str, bytes]:
    """Every document as a PDF, made once."""
    return {
        name: pdf.render(each, author="I. Holm", now=NOW)[0]
        for name, each in every_document.items()
    }


def test_every_document_is_accessible(made: dict[str, bytes]) -> None:
    for name, data in made.items():
        report = assert_accessible(data)
        assert report.title, name
        assert "/Table" in report.kinds, name


def test_minutes_have_bookmarks_a_described_logo_and_their_language(made: dict[str, bytes]) -> None:
    report = assert_accessible(made["minutes"])
    assert report.kinds["/Figure"] == 1
    assert [text for level, text in report.headings if level == 1][:3] == [
        "Beschlüsse",
        "Aufgaben",
        "Anwesenheit",
    ]
    assert report.language == "de"


@pytest.mark.parametrize(
    ("break_it", "problem"),
    [
        (lambda root: root.__delitem__("/Lang"), "language"),
        (lambda root: root.MarkInfo.update({"/Marked": False}), "not marked"),
        (lambda root: root.__delitem__("/StructTreeRoot"), "structure tree"),
        (lambda root: root.__delitem__("/ViewerPreferences"), "title is not shown"),
        (lambda root: root.__delitem__("/Outlines"), "bookmarks"),
    ],
)
def test_the_check_finds_what_is_missing(made: dict[str, bytes], break_it, problem: str) -> None:
    assert any(problem in found for found in check(_broken(made["minutes"], break_it)).problems)


def test_the_check_finds_headers_without_scope_figures_without_words_and_jumps(
    made: dict[str, bytes],
) -> None:
    def damage(root: pikepdf.Dictionary) -> None:
        seen = set()
        queue = [root.StructTreeRoot]
        while queue:
            node = queue.pop()
            kind = str(node.get("/S", ""))
            if kind == "/TH" and "/TH" not in seen:
                del node["/A"]
            if kind == "/Figure":
                del node["/Alt"]
            if kind == "/H2" and "/H2" not in seen:
                node.S = pikepdf.Name("/H4")
            seen.add(kind)
            kids = node.get("/K", [])
            for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                if isinstance(kid, pikepdf.Dictionary):
                    queue.append(kid)

    problems = " ".join(check(_broken(made["minutes"], damage)).problems)
    assert "without scope" in problems
    assert "without alternative text" in problems
    assert "jumps" in problems


def test_the_check_finds_what_is_painted_outside_of_all_tags(made: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(made["minutes"])) as document:
        document.pages[0].contents_add(b"0 0 10 10 re f\n")
        out = io.BytesIO()
        document.save(out)
    assert any("outside of all tags" in found for found in check(out.getvalue()).problems)


def test_names_of_every_script_have_glyphs_wherever_this_runs() -> None:
    names = "דנה לוי · محمد علي · Արամ · გიორგი · 김지애 · 山田太郎 · ひカ · 张伟 · 陳國 · Ω Ж"
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(resources.path("fonts"))])
    made = typst.compile(
        f'#set document(title: "x")\n#set text(font: "Noto Sans")\n{names}'.encode(),
        font_paths=fonts,
        ignore_system_fonts=True,
        pdf_standards=["ua-1", "a-3a"],
    )
    assert made.startswith(b"%PDF")


@pytest.mark.parametrize("left", [4, 40])
def test_a_broken_logo_does_not_lose_the_document(left: int) -> None:
    whole = of_attendance(example.attendance_list(held=False), now=NOW)
    assert whole.logo is not None
    broken = replace(whole, logo=replace(whole.logo, content=whole.logo.content[:left]))
    data, _ = pdf.render(broken, author="", now=NOW)
    assert assert_accessible(data).kinds["/Table"] == 2


def _broken(data: bytes, break_it) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as document:
        break_it(document.Root)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def test_minutes_from_the_right_are_accessible_and_mirrored() -> None:
    outline = of_minutes(example.minutes(), now=NOW, language="ar")
    data, unshown = pdf.render(outline, author="I. Holm", now=NOW)
    assert assert_accessible(data).language == "ar"
    assert unshown == frozenset()
    page = html.render(outline)
    assert '<html lang="ar" dir="rtl">' in page
    assert "text-align:left" not in page
    made = Document(io.BytesIO(docx.render(outline, author="I. Holm", now=NOW)))
    tables = list(made.element.body.iter(qn("w:tblPr")))
    assert tables
    assert all(each.find(qn("w:bidiVisual")) is not None for each in tables)
    assert made.styles["Normal"].element.pPr.find(qn("w:bidi")) is not None
    language = next(made.styles.element.iter(qn("w:lang")))
    assert language.get(qn("w:bidi")) == "ar-AE"


@pytest.mark.full
@pytest.mark.parametrize("language", languages())
def test_minutes_are_accessible_in_every_language(language: str) -> None:
    outline = of_minutes(example.minutes(), now=NOW, language=language)
    data, unshown = pdf.render(outline, author="I. Holm", now=NOW)
    assert assert_accessible(data).language == language
    assert unshown == frozenset()
