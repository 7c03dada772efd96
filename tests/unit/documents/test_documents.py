"""Agenda and minutes in three formats: the same things said, each format as it should be."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from projectdesk.domain.meetings import ItemKind
from projectdesk.domain.minutes import ActionStatus
from projectdesk.exchange.documents import (
    agenda_outline,
    docx,
    markdown,
    minutes_outline,
    outline,
    pdf,
)
from projectdesk.exchange.documents.blocks import Code, Listing, Paragraph, Span, Table, read
from projectdesk.exchange.documents.content import (
    ActionFacts,
    AgendaContent,
    DecisionFacts,
    ItemFacts,
    MeetingFacts,
    MinutesContent,
    Outcome,
)
from projectdesk.exchange.documents.outcomes import actions_grid, decisions_grid
from projectdesk.exchange.documents.words import words
from tests.unit.documents.conftest import NOW, START


def test_notes_are_light_markdown_and_nothing_else() -> None:
    text = "a **b *c***\n- x\n\n|h|\n|-|\n|1|\n\n<b>no</b> ![p](http://x/y.png)\n"
    paragraph, listing, table, raw = read(text)
    assert paragraph == Paragraph((Span("a "), Span("b ", bold=True), Span("c", True, True)))
    assert isinstance(listing, Listing)
    assert table == Table((((Span("h"),),), ((Span("1"),),)))
    assert isinstance(raw, Paragraph)
    assert "<b>no</b> !" in "".join(span.text for span in raw.spans)


def test_only_web_and_mail_links_are_links() -> None:
    text = "[a](javascript:alert) [b](file:///x) [c](mailto:a@b.eu) [d](https://e.eu)"
    (block,) = read(text)
    assert isinstance(block, Paragraph)
    assert [s.href for s in block.spans if s.href] == ["mailto:a@b.eu", "https://e.eu"]


@given(st.text(max_size=200))
def test_no_text_of_notes_is_refused(text: str) -> None:
    read(text)


def test_minutes_lead_with_decisions_and_actions(minutes: MinutesContent) -> None:
    made = minutes_outline.of_minutes(minutes, now=NOW)
    headings = [e.text for e in made.elements if isinstance(e, outline.Heading) and e.level == 1]
    assert headings == ["Decisions", "Action items", "Attendance", "Minutes", "Next steps"]
    assert "1 of 2 partners" in str(made.elements)
    assert "planned 10 min, not treated" in str(made.elements)


def test_a_record_stands_in_the_place_of_its_line(minutes: MinutesContent) -> None:
    said = """Before.
- A: @Ana send it //1 May
- A: @Nobody do it
  - after
```
A: @Ana send it //1 May
```
last"""
    made = Outcome(
        actions=(
            ActionFacts("A1", "send it", "Ana", None, ActionStatus.OPEN),
            ActionFacts("A2", "send it again", "Ana", None, ActionStatus.OPEN),
        ),
        decisions=(DecisionFacts("D1", "said elsewhere"),),
    )
    recorded = ((1, "A1"), (2, "A9"), (5, "A2"))
    item = replace(minutes.items[0], notes=said, outcome=made, recorded=recorded)
    whole = replace(minutes, items=(item,), beside=Outcome())
    shown = minutes_outline.of_minutes(whole, now=NOW).elements
    begin = next(n for n, e in enumerate(shown) if isinstance(e, outline.Heading) and e.level == 2)
    first, second, third, *others = shown[begin + 2 :]
    assert first == outline.Notes(read("Before."))
    assert isinstance(second, outline.Callout)
    assert "A1" in second.label
    assert isinstance(third, outline.Notes)
    assert "Nobody" in str(third)
    assert str(third).count("send it") == 1
    assert [e.text for e in others[:2] if isinstance(e, outline.Callout)] == [
        "said elsewhere",
        "send it again",
    ]
    plain = markdown.render(minutes_outline.of_minutes(whole, now=NOW))
    assert "send it //1 May" not in plain.split("```")[0]


def test_the_state_of_minutes_is_written_as_its_language_writes_it(minutes: MinutesContent) -> None:
    for language, draft in (("en", "(draft)"), ("de", "(Entwurf)")):
        assert draft in minutes_outline.of_minutes(minutes, now=NOW, language=language).footer


def test_no_cell_of_actions_and_decisions_is_empty() -> None:
    say = words("de")
    actions = actions_grid([ActionFacts("A1", "x", "", None, ActionStatus.OPEN)], say)
    assert actions.rows[0][2:4] == ("–", "–")
    noted = [DecisionFacts("D1", "x"), DecisionFacts("D2", "y", replaced_by="D1")]
    assert [row[2] for row in decisions_grid(noted, "UTC", say).rows] == ["–", "ersetzt durch D1"]


def test_an_agenda_says_when_each_item_starts(agenda: AgendaContent) -> None:
    made = agenda_outline.of_agenda(agenda, now=NOW)
    grid = next(e for e in made.elements if isinstance(e, outline.Grid))
    assert [row[1] for row in grid.rows] == ["10:00", "10:15", "10:45"]


def test_the_pdf_is_tagged_and_says_that_it_is_accessible(minutes: MinutesContent) -> None:
    data, unshown = pdf.render(
        minutes_outline.of_minutes(minutes, now=NOW), author="I. Holm", now=NOW
    )
    assert not unshown
    with pikepdf.open(io.BytesIO(data)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "en"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["pdfaid:part"] == "3"
            assert metadata["dc:title"] == "Kick-off meeting"
        kinds = _structure(document)
    assert {"/H1", "/H2", "/Table", "/TH", "/L", "/LI", "/P", "/Link"} <= kinds


def _structure(document: pikepdf.Pdf) -> set[str]:
    found: set[str] = set()
    queue = [document.Root.StructTreeRoot]
    while queue:
        node = queue.pop()
        if "/S" in node:
            found.add(str(node.S))
        children = node.get("/K", [])
        for child in children if isinstance(children, pikepdf.Array) else [children]:
            if isinstance(child, pikepdf.Dictionary):
                queue.append(child)
    return found


def test_text_without_a_glyph_is_written_as_code_points(minutes: MinutesContent) -> None:
    odd = replace(minutes, meeting=replace(minutes.meeting, title="A\ufffeB \ue000 \U00013000"))
    data, unshown = pdf.render(minutes_outline.of_minutes(odd, now=NOW), author="", now=NOW)
    assert data.startswith(b"%PDF")
    assert "\ue000" in unshown


def test_a_heading_without_words_does_not_lose_the_document() -> None:
    made = agenda_outline.of_agenda(_agenda_of("# \n\n## \x1f\n\ntext"), now=NOW)
    assert pdf.render(made, author="", now=NOW)[0].startswith(b"%PDF")


def test_docx_has_headings_lists_tables_and_links(minutes: MinutesContent, tmp_path: Path) -> None:
    out = tmp_path / "minutes.docx"
    docx.write(minutes_outline.of_minutes(minutes, now=NOW), out, author="I. Holm", now=NOW)
    document = Document(str(out))
    assert document.core_properties.title == "Kick-off meeting"
    styles = {paragraph.style.name for paragraph in document.paragraphs if paragraph.style}
    assert {"Title", "Heading 1", "Heading 2", "List Bullet", "List Number 2", "Quote"} <= styles
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert {"D1", "Meet on the first Tuesday.", "Send the draft", "UPORTO", "12"} <= set(cells)
    assert "the plan" in "".join(paragraph.text for paragraph in document.paragraphs)


def test_markdown_is_read_back_as_the_same_text(minutes: MinutesContent) -> None:
    odd = replace(minutes.meeting, title="1. *Kick* <off> | #2", organiser="- A_b_c")
    text = markdown.render(minutes_outline.of_minutes(replace(minutes, meeting=odd), now=NOW))
    html = MarkdownIt("commonmark").enable("table").render(text)
    assert "<h1>1. *Kick* &lt;off&gt; | #2</h1>" in html
    assert "- A_b_c" in html
    assert "<td>Meet on the first Tuesday.</td>" in html
    assert '<a href="https://example.org/plan">the plan</a>' in html


def _agenda_of(text: str) -> AgendaContent:
    """Return an agenda that says `text` wherever a person can type."""
    meeting = MeetingFacts(text, text, "", text, START, "UTC", 60, text, text, ("UTC",))
    item = ItemFacts("1", text, ItemKind.DECISION, text, 10, 0, description=text)
    return AgendaContent(meeting, (item,), ())


@pytest.mark.full
@settings(max_examples=25)
@given(text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=60))
def test_any_text_of_people_survives_every_format(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = agenda_outline.of_agenda(_agenda_of(text), now=NOW)
    data, _ = pdf.render(made, author=text, now=NOW)
    assert data.startswith(b"%PDF")
    out = tmp_path_factory.mktemp("docx") / "agenda.docx"
    docx.write(made, out, author=text, now=NOW)
    assert Document(str(out)).tables
    assert markdown.render(made)


@pytest.mark.full
def test_the_naughty_strings_make_a_document(shared_data: Path) -> None:
    strings = json.loads((shared_data / "badinput/blns/blns.json").read_text(encoding="utf-8"))
    content = _agenda_of("\n\n".join(s for s in strings if s.strip()))
    data, _ = pdf.render(agenda_outline.of_agenda(content, now=NOW), author="", now=NOW)
    assert data.startswith(b"%PDF")


@pytest.mark.parametrize("text", ["```\ncode\n```", "    code"])
def test_code_stays_code(text: str) -> None:
    assert read(text) == (Code("code"),)
