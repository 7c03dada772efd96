"""Typed lines in the desktop: records follow while one types, the editor completes and marks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QPlainTextEdit

from projectdesk.desktop.models.line_completion import suggestions
from projectdesk.desktop.models.line_words import kind_words
from projectdesk.desktop.pages.meeting.minutes import MinutesPane
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.runtime.typed_lines import TypedLines
from projectdesk.desktop.widgets.typed_editor import TypedNotes
from projectdesk.domain.meetings import MeetingType
from projectdesk.domain.rules.typed_dates import DueFrame
from projectdesk.domain.rules.typed_lines import LineKind, Reading, parse_line
from projectdesk.domain.rules.typed_vocabulary import Label, Mark, Name, Vocabulary
from projectdesk.services import commands, queries
from projectdesk.services.notes import NotesDocument, open_notes
from projectdesk.services.rows import Kind


@pytest.fixture
def meeting(workspace, sample) -> UUID:
    meeting_id, _ = commands.plan_meeting(
        workspace,
        sample.project,
        MeetingType.KICK_OFF,
        local_start=datetime.fromisoformat("2026-03-10T10:00"),
        zone="Europe/Berlin",
    )
    return meeting_id


@pytest.fixture
def notes(workspace, meeting) -> Iterator[NotesDocument]:
    opened = open_notes(workspace, meeting)
    yield opened
    opened.close(abandon=True)


@pytest.fixture
def following(session) -> Iterator[TypedLines]:
    made = TypedLines(session)
    yield made
    made.stop()
    made.deleteLater()


def test_records_follow_soon_after_typing_and_lines_follow_records(
    workspace, meeting, notes, following, settle, qtbot
) -> None:
    [item, *_] = [row.id for row in queries.agenda(workspace, meeting)]

    def told(check: Any) -> None:
        qtbot.waitUntil(check, timeout=10_000)

    notes.edit(item, 0, 0, "A: send it //20 Mar")
    told(
        lambda: [row.text for row in queries.actions(workspace, meeting_id=meeting)] == ["send it"]
    )
    [row] = queries.actions(workspace, meeting_id=meeting)
    assert commands.undo_label(workspace) != "Add A1 in the minutes"

    commands.set_fields(workspace, Kind.ACTION, row.id, row.version, {"text": "post it"})
    told(lambda: notes.item_text(item) == "A: post it //20 Mar")
    settle()


# --- completion -----------------------------------------------------------------------------------

ANA = Name(UUID(int=1), Mark.PERSON, "Ana Silva", ("Ana", "Silva"), "UPAT")
ANE = Name(UUID(int=2), Mark.PERSON, "Ané Sørensen", ("Ané", "Sørensen"), "KTH", invited=False)
UPAT = Name(UUID(int=3), Mark.PARTNER, "UPAT")
PLAN = [
    Label(UUID(int=4), Mark.WORK_PACKAGE, "WP3", "Pilots"),
    Label(UUID(int=5), Mark.DELIVERABLE, "D3.2", "Report"),
    Label(UUID(int=6), Mark.DELIVERABLE, "D3.3", "Plan"),
]
READING = Reading(Vocabulary([ANA, ANE, UPAT], PLAN), DueFrame(date(2026, 11, 27)))


def offered(line: str, *, asked: bool = False) -> list[str]:
    """Return what is offered at the place of the bar."""
    at = line.index("|")
    found = suggestions(
        line.replace("|", ""), at, READING, kind_words, lambda day: day.isoformat(), asked=asked
    )
    return [choice.insert for choice in found.choices] if found else []


@pytest.mark.parametrize(
    ("line", "inserted"),
    [
        ("A: @sor|", ["@Ané Sørensen "]),
        ("A: @an|", ["@Ana Silva ", "@Ané Sørensen "]),
        ("A: @|", ["@Ana Silva ", "@UPAT ", "@Ané Sørensen "]),
        ("A: @Ana Silva |", []),
        ("A: WP|", ["WP3 "]),
        ("A: WP3|", []),
        ("A: D|", ["D3.2 ", "D3.3 "]),
        ("A: D3.3 and D3.2|", []),
        ("A: The|", []),
        ("A: x //12 M|", []),
        ("A: x //1 May|", ["//1 May "]),
        ("A: x //+|", ["//+1w ", "//+2w ", "//+1m "]),
        ("D: x //+|", []),
        ("- d|", ["D: "]),
        ("a|nd so on", []),
        ("|", []),
        ("plain @an|", []),
    ],
)
def test_what_is_offered(line: str, inserted: list[str]) -> None:
    assert offered(line) == inserted


def test_asked_on_an_empty_line_every_kind_is_offered() -> None:
    assert offered("|", asked=True) == ["A: ", "D: ", "I: ", "R: ", "Q: "]


def test_a_name_that_would_be_read_otherwise_is_quoted() -> None:
    odd = Name(UUID(int=9), Mark.PERSON, "Ada //1 May")
    reading = Reading(Vocabulary([odd]), READING.frame)
    found = suggestions("A: @ada", 7, reading, kind_words, str)
    assert found is not None
    parsed = parse_line(f"A: {found.choices[0].insert}asks", reading)
    assert parsed is not None
    assert parsed.person_id == odd.id


@pytest.fixture
def typed(qtbot, qapp, dressed) -> TypedNotes:
    made = TypedNotes(QPlainTextEdit())
    qtbot.addWidget(made)
    made.show_reading(READING, ())
    made.resize(700, 400)
    made.show()
    made.editor.setFocus()
    qtbot.waitUntil(made.editor.hasFocus)
    return made


def test_a_name_is_taken_with_enter_and_typing_goes_on(typed, qtbot) -> None:
    qtbot.keyClicks(typed.editor, "A: @an")
    qtbot.waitUntil(lambda: typed.completion.is_open)
    assert typed.completion.list.item(0).text() == "Ana Silva  ·  UPAT"
    qtbot.keyClick(typed.editor, Qt.Key.Key_Down)
    qtbot.keyClick(typed.editor, Qt.Key.Key_Return)
    assert typed.editor.toPlainText() == "A: @Ané Sørensen "
    assert not typed.completion.is_open
    qtbot.keyClicks(typed.editor, "asks")
    assert typed.editor.toPlainText() == "A: @Ané Sørensen asks"


def test_enter_ends_a_line_that_only_looks_like_a_beginning(typed, qtbot) -> None:
    qtbot.keyClicks(typed.editor, "i")
    qtbot.waitUntil(lambda: typed.completion.is_open)
    qtbot.keyClick(typed.editor, Qt.Key.Key_Return)
    assert typed.editor.toPlainText() == "i\n"


def test_escape_puts_the_list_away(typed, qtbot) -> None:
    qtbot.keyClicks(typed.editor, "A: @")
    qtbot.waitUntil(lambda: typed.completion.is_open)
    qtbot.keyClick(typed.editor, Qt.Key.Key_Escape)
    assert not typed.completion.is_open
    assert typed.editor.toPlainText() == "A: @"


def test_what_was_not_read_is_underlined_and_listed(typed, qtbot) -> None:
    typed.editor.setPlainText("fine\nA: @Nobody asks")
    qtbot.waitUntil(lambda: bool(typed.problems.words))
    assert typed.problems.words == ["Line 2: Nobody here is called “Nobody”."]
    block = typed.editor.document().findBlockByNumber(1)
    [kind, trouble] = block.layout().formats()
    assert (kind.start, kind.length) == (0, 2)
    assert (trouble.start, trouble.length) == (3, 7)
    wave = QTextCharFormat.UnderlineStyle.WaveUnderline
    assert trouble.format.underlineStyle() == wave
    assert typed.marks.tip(block, 5) == "Nobody here is called “Nobody”."
    typed.problems.chosen.emit(8)
    assert typed.editor.textCursor().blockNumber() == 1


def test_a_button_begins_a_line_on_a_line_of_its_own(typed) -> None:
    typed.editor.setPlainText("what was said")
    typed.begin_line(LineKind.DECISION)
    assert typed.editor.toPlainText() == "what was said\nD: "


def test_an_action_is_shown_in_the_minutes_at_its_line(
    workspace, meeting, session, settle, qtbot
) -> None:
    [first, second, *_] = [row.id for row in queries.agenda(workspace, meeting)]
    with closing(open_notes(workspace, meeting)) as notes:
        notes.edit(first, 0, 0, "A: elsewhere")
        notes.edit(second, 0, 0, "plain\nmore\nA: send it\nend")
        commands.step_typed_lines(workspace, meeting)
    action = next(row for row in queries.actions(workspace, None, meeting) if row.text == "send it")
    choices = Choices(session)
    pane = MinutesPane(session, choices)
    qtbot.addWidget(pane)
    pane.open_meeting(meeting)
    pane.show()
    pane.show_record(action.id)
    qtbot.waitUntil(lambda: pane.notes.textCursor().block().text() == "A: send it")
    assert pane.item == second
    settle()
    pane.presenter.close()
    pane.typed_lines.close()
    choices.close()
    settle()
