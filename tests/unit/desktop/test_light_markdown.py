"""Light Markdown in the editor of notes: what keys and buttons do, and how lines look."""

from __future__ import annotations

from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextCursor

from projectdesk.desktop.language import speaking
from projectdesk.desktop.models.light_markdown import (
    BULLET,
    HEADING,
    Look,
    continued,
    pieces,
    table,
    toggled_lines,
)
from projectdesk.desktop.pages.meeting.notes_editor import NotesEditor
from projectdesk.desktop.presenters.notes_edit import change_between
from projectdesk.desktop.widgets.typed_editor import TypedNotes


@pytest.mark.parametrize(
    ("lines", "mark", "wanted"),
    [
        (["one", "", "two"], BULLET, ["- one", "", "- two"]),
        (["- one", "- two"], BULLET, ["one", "two"]),
        (["- one", "two"], BULLET, ["- one", "- two"]),
        (["1. one"], HEADING, ["## one"]),
        ([""], HEADING, ["## "]),
    ],
)
def test_lines_become_entries_or_headings_and_plain_lines_again(lines, mark, wanted):
    changes = toggled_lines(lines, mark)
    assert [put + line[cut:] for line, (cut, put) in zip(lines, changes, strict=True)] == wanted


@pytest.mark.parametrize(
    ("line", "place", "wanted"),
    [
        ("- one", 5, "\n- "),
        ("  9. nine", 9, "\n  10. "),
        ("- [x] done", 10, "\n- [ ] "),
        ("- ", 2, ""),
        ("- one", 0, None),
        ("one", 3, None),
        ("1.5 million", 4, None),
    ],
)
def test_enter_goes_on_with_a_list_and_ends_it_in_an_empty_entry(line, place, wanted):
    assert continued(line, place) == wanted


def test_a_table_has_a_head_and_the_cursor_is_in_its_first_cell():
    before, behind = table(["What", "Who"], is_below=True)
    assert before == "\n\n| What | Who |\n| --- | --- |\n| "
    assert behind == " |   |\n"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("## Two **bold**", [(0, 15, "title"), (0, 3, "mark"), (7, 9, "mark"), (9, 13, "bold"),
                             (13, 15, "mark")]),
        ("- see [it](https://x.eu)", [(0, 2, "mark"), (6, 7, "mark"), (7, 9, "link"),
                                      (9, 24, "mark")]),
        ("|a|b|", [(0, 1, "mark"), (2, 3, "mark"), (4, 5, "mark")]),
        ("2 ** 3 ** 4, [x], #1", []),
    ],
)  # fmt: skip
def test_what_is_markdown_in_a_line_is_shown(line, wanted):
    found = [(piece.start, piece.end, piece.look.value) for piece in pieces(line)]
    assert found == wanted
    assert {each[2] for each in found} <= {look.value for look in Look}


class Typed:
    """An editor, and the changes that it tells of."""

    def __init__(self, qtbot, words):
        self.editor = NotesEditor()
        self.notes = TypedNotes(self.editor)
        qtbot.addWidget(self.notes)
        self.changes: list[tuple[int, int, str]] = []
        item = uuid4()
        self.editor.show_text(item, words)
        self.notes.show_item(item, writable=True)
        self.editor.typed.connect(
            lambda _, before, after, near: self.changes.append(change_between(before, after, near))
        )

    @property
    def words(self):
        return self.editor.toPlainText()

    def select(self, start, end):
        cursor = self.editor.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.editor.setTextCursor(cursor)

    @property
    def selected(self):
        return self.editor.textCursor().selectedText()

    def click(self, tool):
        self.notes.tools.buttons[tool].click()


def test_bold_goes_around_what_others_wrote_and_away_again(qtbot):
    typed = Typed(qtbot, "The 🚀 budget is due")
    typed.select(4, 13)
    qtbot.keyClick(typed.editor, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert (typed.words, typed.selected) == ("The **🚀 budget** is due", "🚀 budget")
    assert typed.changes == [(13, 0, "**"), (4, 0, "**")], "the words themselves are not touched"
    typed.click("bold")
    assert (typed.words, typed.selected) == ("The 🚀 budget is due", "🚀 budget")


def test_buttons_make_headings_lists_links_and_tables(qtbot):
    typed = Typed(qtbot, "Sites\nPorto\nAarhus")
    typed.select(0, 0)
    typed.click("heading")
    typed.select(9, 20)
    typed.click("list")
    assert typed.words == "## Sites\n- Porto\n- Aarhus"
    assert all(not removed for _, removed, _ in typed.changes)
    typed.select(11, 16)
    typed.click("link")
    assert (typed.words.split("\n")[1], typed.selected) == ("- [Porto](https://)", "https://")
    typed.editor.moveCursor(QTextCursor.MoveOperation.End)
    typed.click("table")
    head = "| What | Who | By when |\n| --- | --- | --- |"
    assert typed.words.endswith(f"- Aarhus\n\n{head}\n|  |   |   |\n")
    qtbot.keyClicks(typed.editor, "Pier")
    assert "\n| Pier |   |   |\n" in typed.words


def test_a_table_begins_in_its_first_cell_where_one_reads_from_the_right(qtbot, qapp):
    with speaking(qapp, "ar"):
        typed = Typed(qtbot, "بورتو")
        typed.editor.moveCursor(QTextCursor.MoveOperation.End)
        typed.click("table")
        qtbot.keyClicks(typed.editor, "Pier")
    assert "\n| Pier |   |   |\n" in typed.words


def test_enter_in_a_list_and_after_it(qtbot):
    typed = Typed(qtbot, "1. one")
    qtbot.keyClick(typed.editor, Qt.Key.Key_Return)
    qtbot.keyClicks(typed.editor, "two")
    assert typed.words == "1. one\n2. two"
    qtbot.keyClick(typed.editor, Qt.Key.Key_Return)
    qtbot.keyClick(typed.editor, Qt.Key.Key_Return)
    assert typed.words == "1. one\n2. two\n"
    qtbot.keyClick(typed.editor, Qt.Key.Key_Return)
    assert typed.words == "1. one\n2. two\n\n"


def test_what_is_only_read_is_not_changed(qtbot):
    typed = Typed(qtbot, "- one")
    typed.editor.setReadOnly(True)
    typed.notes.show_item(None, writable=False)
    assert not typed.notes.tools.isEnabled()
    qtbot.keyClick(typed.editor, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(typed.editor, Qt.Key.Key_Return)
    assert (typed.words, typed.changes) == ("- one", [])


def test_the_editor_shows_markdown_and_tells_of_no_change(qtbot):
    typed = Typed(qtbot, "🚀 is **bold**")

    def bold():
        formats = typed.editor.document().firstBlock().layout().formats()
        is_bold = QFont.Weight.Bold
        return [(f.start, f.length) for f in formats if f.format.fontWeight() == is_bold]

    qtbot.waitUntil(lambda: bold() == [(8, 4)])
    assert typed.changes == []
