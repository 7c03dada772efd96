"""An agenda of several days with sections, breaks and parallel sessions, in every format."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pikepdf
from docx import Document

from projectdesk.domain.meetings import ItemKind
from projectdesk.exchange.documents import docx, markdown, pdf
from projectdesk.exchange.documents.agenda_outline import of_agenda
from projectdesk.exchange.documents.content import AgendaContent, ItemFacts
from projectdesk.exchange.documents.outline import Grid, Heading, Remark
from tests.unit.documents.conftest import NOW

INFORMATION, DISCUSSION, BREAK = ItemKind.INFORMATION, ItemKind.DISCUSSION, ItemKind.BREAK
NEXT_DAY = 24 * 60
ITEMS = (
    ItemFacts("1", "Welcome", INFORMATION, "Ida", 15, 0, section="Opening"),
    ItemFacts("", "Coffee", BREAK, "", 15, 15, section="Opening"),
    ItemFacts("2", "Sensors", DISCUSSION, "Ana", 40, 30, section="Groups", track="Room A"),
    ItemFacts("3", "Models", DISCUSSION, "Bo", 60, 30, section="Groups", track="Room B"),
    ItemFacts("4", "Buoys", DISCUSSION, "", 20, 70, section="Groups", track="Room A"),
    ItemFacts(
        "5",
        "Minutes",
        ItemKind.DECISION,
        "Ida",
        10,
        NEXT_DAY,
        day=2,
        minutes_of="Kick-off, 2026-01-12",
        documents=("minutes.pdf",),
        related=("WP1",),
    ),
)


def made(agenda: AgendaContent):
    return of_agenda(replace(agenda, items=ITEMS), now=NOW)


def test_days_and_sections_are_headings(agenda: AgendaContent) -> None:
    outline = made(agenda)
    headings = [(e.level, e.text) for e in outline.elements if isinstance(e, Heading)]
    assert headings == [
        (1, "Day 1: Monday 9 March 2026"),
        (2, "Opening"),
        (2, "Groups"),
        (1, "Day 2: Tuesday 10 March 2026"),
        (1, "Notes on the items"),
        (2, "5. Minutes"),
        (1, "Invited"),
    ]
    remarks = [e.text for e in outline.elements if isinstance(e, Remark)]
    assert remarks == [
        "10:00 to 11:30, Copenhagen time",
        "10:00 to 10:10, Copenhagen time",
        "About: WP1. Minutes to approve: Kick-off, 2026-01-12. Documents: minutes.pdf.",
    ]


def test_parallel_sessions_stand_side_by_side(agenda: AgendaContent) -> None:
    grid = next(e for e in made(agenda).elements if isinstance(e, Grid) and "Parallel" in e.caption)
    assert grid.headers == ("Start", "Room A", "Room B")
    assert grid.rows == (
        ("10:30", "2. Sensors (Ana, 40 min)", "3. Models (Bo, 1 h)"),
        ("11:10", "4. Buoys (20 min)", ""),
    )


def test_a_break_has_no_number(agenda: AgendaContent) -> None:
    grid = next(e for e in made(agenda).elements if isinstance(e, Grid))
    assert grid.rows[1] == ("", "10:15", "15 min", "Coffee", "Break", "")


def test_every_format_says_the_same(agenda: AgendaContent, tmp_path: Path) -> None:
    outline = made(agenda)
    text = markdown.render(outline)
    assert "## Day 2: Tuesday 10 March 2026" in text
    assert "| Start | Room A | Room B |" in text
    docx.write(outline, tmp_path / "a.docx", author="", now=NOW)
    words = [paragraph.text for paragraph in Document(str(tmp_path / "a.docx")).paragraphs]
    assert "Day 2: Tuesday 10 March 2026" in words
    data, unshown = pdf.render(outline, author="", now=NOW)
    assert not unshown
    with pikepdf.open(io.BytesIO(data)) as document:
        assert document.Root.MarkInfo.Marked
