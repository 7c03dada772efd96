"""Each format is a good file of its kind: HTML, DOCX, CSV; any text of people is in all of them."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import UTC
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from projectdesk.exchange.documents import csv_tables, docx, html, markdown, pdf
from projectdesk.exchange.documents.blocks import Paragraph, Span, read
from projectdesk.exchange.documents.characters import breakable, clean, in_line, in_line_from_right
from projectdesk.exchange.documents.minutes_outline import of_minutes
from projectdesk.exchange.documents.outline import (
    Callout,
    Facts,
    Grid,
    Heading,
    Notes,
    Outline,
    Remark,
    levelled,
)
from projectdesk.exchange.documents.pictures import pixels
from projectdesk.exchange.documents.widths import fitting
from tests.support.pdf_ua import assert_accessible
from tests.unit.documents import example
from tests.unit.documents.example import NOW

_VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """Reads a page strictly: every element is closed in order; keeps tags, attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of the elements of a name."""
        return [attributes for name, attributes in self.tags if name == tag]


# --- HTML -----------------------------------------------------------------------------------------


def test_a_page_is_whole_accessible_and_loads_nothing(every_document: dict[str, Outline]) -> None:
    for made in every_document.values():
        page = Page(html.render(made))
        assert page.named("html")[0]["lang"] == made.language
        assert len(page.named("h1")) == len(page.named("title")) == 1
        assert all(head["scope"] in {"col", "row"} for head in page.named("th"))
        levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
        assert all(b <= a + 1 for a, b in pairwise(levels))
        (logo,) = page.named("img")
        assert str(logo["src"]).startswith("data:image/png;base64,")
        assert logo["alt"]
        assert not page.named("script") + page.named("link") + page.named("style")


def test_a_mail_names_the_logo_that_it_carries() -> None:
    made = example.documents()["agenda"]
    assert Page(html.render(made, logo="cid:logo")).named("img")[0]["src"] == "cid:logo"


def test_hostile_text_stays_text() -> None:
    bad = "<script>alert(1)</script>\"onload='x' </td></table> & [x](javascript:alert)"
    page = Page(html.render(everywhere(bad)))
    assert not page.named("script")
    assert {attributes["href"] for attributes in page.named("a")} <= {"https://e.eu"}
    assert "<script>alert(1)</script>" in "".join(page.said)


# --- headings -------------------------------------------------------------------------------------


def test_headings_in_notes_come_below_the_item_and_skip_no_level() -> None:
    notes = Notes(read("### Deep\n\n# Top\n\n- # in a list\n"))
    made = Outline("T", "k", "f", (Heading(1, "M"), Heading(2, "1. A"), notes))
    headings = [tag for tag, _ in Page(html.render(made)).tags if re.fullmatch(r"h[2-6]", tag)]
    assert headings == ["h2", "h3", "h4", "h4", "h4"]


def test_a_heading_that_says_nothing_is_none() -> None:
    made = Outline("T", "k", "f", (Heading(1, " \x01"), Notes(read("# \n"))))
    assert not [e for e in levelled(made).elements if isinstance(e, Heading)]


# --- DOCX -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def word(every_document: dict[str, Outline]) -> Any:
    """The German minutes as a DOCX, read back."""
    made = docx.render(every_document["minutes"], author="I. Holm", now=NOW)
    return Document(io.BytesIO(made))


def test_docx_has_pages_with_head_and_foot_and_fields(word: Any) -> None:
    section = word.sections[0]
    assert "General Assembly 2" in section.header.paragraphs[0].text
    assert section.different_first_page_header_footer
    for footer in (section.footer, section.first_page_footer):
        fields = [part.text.strip() for part in footer._element.iter(qn("w:instrText"))]
        assert fields == ["PAGE", "NUMPAGES"]
        assert example.HEAD in footer._element.xpath("string(.)")


def test_docx_tables_repeat_their_header_and_say_what_they_are(word: Any) -> None:
    assert len(word.tables) > 5
    for table in word.tables:
        head = table.rows[0]._tr
        assert head.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        assert table._tbl.tblPr.find(qn("w:tblLook")).get(qn("w:firstRow")) == "1"


def test_docx_knows_title_language_and_what_the_logo_shows(word: Any) -> None:
    assert word.core_properties.title == "General Assembly 2"
    assert word.core_properties.language == "de"
    language = next(word.styles.element.find(qn("w:docDefaults")).iter(qn("w:lang")))
    assert language.get(qn("w:val")) == "de-DE"
    (picture,) = word.element.body.iter(qn("wp:docPr"))
    assert picture.get("descr") == "Logo of TIDEWATCH"


def test_docx_has_real_headings_and_each_numbered_list_begins_at_one() -> None:
    twice = Notes(read("1. a\n2. b\n\ntext\n\n1. c\n"))
    made = docx.render(Outline("T", "k", "f", (Heading(1, "H"), twice)), author="", now=NOW)
    document = Document(io.BytesIO(made))
    numbers = [
        paragraph._p.pPr.numPr.numId.val
        for paragraph in document.paragraphs
        if paragraph.style is not None and paragraph.style.name == "List Number"
    ]
    assert numbers[0] == numbers[1] != numbers[2]
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"] == ["H"]


def test_a_picture_that_word_cannot_read_is_left_out() -> None:
    made = example.documents()["sheet"]
    assert made.logo is not None
    broken = replace(made, logo=replace(made.logo, content=b"\x89PNG no"))
    document = Document(io.BytesIO(docx.render(broken, author="", now=NOW)))
    assert not list(document.element.body.iter(qn("wp:docPr")))


# --- CSV ------------------------------------------------------------------------------------------


def test_tables_hold_dates_that_programs_read() -> None:
    sheet = csv_tables.of_actions(example.action_list(), "en")
    late, done = (dict(zip(sheet.header, row, strict=True)) for row in sheet.rows)
    assert (late["Due"], late["First due"], late["Late"]) == ("2026-03-01", "2026-02-01", "8")
    assert (done["State"], done["Done"], done["Late"]) == ("Done", "2026-03-02", "")


def test_attendance_as_a_table_says_who_was_corrected() -> None:
    sheet = csv_tables.of_attendance(example.attendance_list(held=True), "de")
    rows = {row[0]: dict(zip(sheet.header, row, strict=True)) for row in sheet.rows}
    assert rows["Ana Sousa"]["Von"] == "2026-03-09 10:02+01:00"
    assert rows["Ana Sousa"]["Anmerkung"] == "von Hand berichtigt; !"
    assert rows["김지애"]["Anwesenheit"] == "entschuldigt"


def test_the_register_as_a_table_has_results_and_what_follows() -> None:
    sheet = csv_tables.of_decisions(example.decisions(), "en")
    first, second = (dict(zip(sheet.header, row, strict=True)) for row in sheet.rows)
    assert first["Result"].startswith("Carried: 3 of 4 votes cast, 2/3 needed")
    assert first["Actions"] == "A1, A2"
    assert second["Result"].startswith("Carried: 4 of all 6 votes, 51/100 needed")
    assert second["State"] == "Vetoed"


# --- what minutes say -----------------------------------------------------------------------------


def test_a_secret_vote_says_how_many_voted_and_names_nobody() -> None:
    vote = example.secret_vote()
    content = example.minutes()
    only = replace(content.items[0], outcome=replace(content.items[0].outcome, votes=(vote,)))
    elements = of_minutes(replace(content, items=(only,)), now=NOW).elements
    assert "2 of 3 members voted." in [e.text for e in elements if isinstance(e, Remark)]
    assert not any(isinstance(e, Grid) and "V2" in e.caption for e in elements)


def test_an_open_vote_shows_who_voted_how_and_for_whom() -> None:
    made = of_minutes(example.minutes(), now=NOW)
    record = next(e for e in made.elements if isinstance(e, Grid) and "V1" in e.caption)
    assert ("For", "DTU, UPORTO, KIOST (by DTU)", "3") in record.rows
    assert ("Without a vote (in default)", "GONE", "1") in record.rows


def test_minutes_print_the_head_of_the_audit_chain_and_when_they_are_accepted() -> None:
    made = of_minutes(example.minutes(), now=NOW)
    assert made.seal == f"Audit trail: {example.HEAD}"
    facts = dict(next(e for e in made.elements if isinstance(e, Facts)).rows)
    assert facts["Minutes"].startswith("Revision 2, circulated 8 March 2026, 13:00 (Copenhagen)")
    assert "Not reached at 11:00–11:12" in facts["Quorum"]
    later = of_minutes(example.minutes(), now=NOW.replace(year=2027, tzinfo=UTC))
    assert "Objections to these minutes are taken" in repr(made.elements)
    assert "Objections to these minutes are taken" not in repr(later.elements)


# --- any text -------------------------------------------------------------------------------------


def everywhere(text: str) -> Outline:
    """Return a document that says `text` wherever a person can type."""
    return Outline(
        title=text,
        kicker="Minutes",
        footer=text,
        elements=(
            Facts((("Place", text),)),
            Heading(1, f"1. {text}"),
            Grid(text, ("No.", "What"), (("1", text),), (1, 3)),
            Callout("decision", "D1", text, text),
            Remark(text),
            Notes(read(f"{text}\n\n- {text}\n\n| h |\n|---|\n| x |\n")),
        ),
        seal=text,
    )


def _visible(text: str) -> str:
    """Return what can be read of a text: no blanks, no marks that only order or part it."""
    return re.sub(r"[\s\u200b\u200e]+", "", clean(text))


def _check(text: str) -> None:
    made = everywhere(text)
    data, unshown = pdf.render(made, author=text, now=NOW)
    report = assert_accessible(data)
    for character in unshown:
        assert f"[U+{ord(character):04X}]" not in text
    wanted = _visible(text)
    if wanted and not unshown:
        assert wanted in _visible(report.title)
    document = Document(io.BytesIO(docx.render(made, author=text, now=NOW)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert wanted in [_visible(cell) for cell in cells] or not wanted
    assert wanted in _visible("".join(Page(html.render(made)).said))
    assert markdown.render(made).strip()


@pytest.mark.parametrize(
    "text",
    [
        '#set page(width: 1pt) $x$ *b* _i_ @ref <label> \\ `raw` // /* #import "x"',
        '</w:t><w:br/> & "quotes" \x00\x0b\ud800',
        "دانا ליוی (10:00–11:00) · 김지애 · 山田太郎 · Ժ ა",
        "W" * 300,
        "\u202egnihtemos\u202c e\u0301\u0301\u0301 👩‍👩‍👧‍👦",
    ],
)
def test_odd_text_is_in_every_format(text: str) -> None:
    _check(text)


@pytest.mark.full
@settings(max_examples=40, deadline=None)
@given(text=st.text(st.characters(), min_size=1, max_size=80))
def test_any_text_is_in_every_format(text: str) -> None:
    _check(text)


@pytest.mark.full
def test_the_naughty_strings_are_in_every_format(shared_data: Path) -> None:
    strings = json.loads((shared_data / "badinput/blns/blns.json").read_text(encoding="utf-8"))
    for text in strings:
        if text.strip():
            assert _visible(text) in _visible("".join(Page(html.render(everywhere(text))).said))
    made = Outline("T", "k", "f", (Remark("\n".join(strings)),))
    document = Document(io.BytesIO(docx.render(made, author="", now=NOW)))
    assert _visible("".join(strings)) in _visible("".join(p.text for p in document.paragraphs))


@given(st.text(max_size=120))
def test_marks_change_nothing_that_can_be_read(text: str) -> None:
    assert _visible(in_line(text)) == _visible(text)
    assert breakable(text, 10).replace("\u200b", "") == text.replace("\u200b", "")


def test_times_behind_a_name_from_right_to_left_keep_their_order() -> None:
    assert in_line("דנה לוי (10:00–11:00)") == "דנה לוי\u200e (10:00–11:00)"


def test_what_is_written_from_the_left_keeps_its_end_in_a_document_from_the_right() -> None:
    mark = "\N{LEFT-TO-RIGHT MARK}"
    assert in_line_from_right("Swap the units.") == f"{mark}Swap the units.{mark}"
    assert in_line_from_right(f"{mark}-0.12") == f"{mark}{mark}-0.12{mark}"
    for plain in ("WP3", "", "12.50", "لا مخاطر مفتوحة.", "مشترك مع WP6 (15)"):
        assert in_line_from_right(plain) == plain
    spans = (Span("Swap the "), Span("units", bold=True), Span("."))
    outline = Outline("T", "k", "f", (Notes((Paragraph(spans),)), Remark("لا شيء.")), language="ar")
    pages = Document(io.BytesIO(docx.render(outline, author="", now=NOW)))
    said, other = (p for p in pages.paragraphs if p.text.endswith((".", f".{mark}")))
    assert said.text == f"{mark}Swap the units.{mark}"
    assert [run.font.rtl for run in said.runs] == [False] * 3
    assert other.text == "لا شيء."
    assert other.runs[0].font.rtl is None
    data, unshown = pdf.render(outline, author="", now=NOW)
    assert_accessible(data)
    assert not unshown


def test_columns_are_as_wide_as_their_longest_word() -> None:
    short = Grid("Risks", ("Risk", "Likelihood"), (("Storms", "High"),), (20, 2))
    assert fitting(short) != short.weights
    roomy = Grid("Risks", ("Risk", "State"), (("Storms", "Open"),), (20, 5))
    assert fitting(roomy) == roomy.weights
    german = Grid("Risiken", ("Risiko", "Wahrscheinlichkeit", "Stand"), (), (20, 5, 5))
    first, second, third = fitting(german)
    assert first > second > third
    needy = Grid("x", ("Wahrscheinlichkeit" * 2,) * 9, (), (1, 2, 1, 1, 1, 1, 1, 1, 1))
    assert len(set(fitting(needy))) == 1, "each has its share where none has enough"


def test_the_size_of_a_picture_is_read_and_nonsense_has_none() -> None:
    assert pixels(example.picture(60, 20).content) == (60, 20)
    assert pixels(b"GIF89a\x03\x00\x04\x00rest") == (3, 4)
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x05\x00\x06\x01\x01\x11\x00"
    assert pixels(jpeg) == (6, 5)
    for nonsense in (b"", b"GIF8", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF"):
        assert pixels(nonsense) is None


def test_a_pdf_has_as_many_pages_as_it_says() -> None:
    data, _ = pdf.render(example.documents("en")["minutes"], author="", now=NOW)
    with pikepdf.open(io.BytesIO(data)) as document:
        assert len(document.pages) == assert_accessible(data).pages > 1
