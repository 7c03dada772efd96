"""What a person types is kept until it is saved, and comes back into its field after a kill."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from projectdesk.desktop.half_typed import HalfTyped
from projectdesk.desktop.models.fields import Field
from projectdesk.desktop.pages.kept_texts import KeptTextsBar, KeptTextsDialog, offer_texts
from projectdesk.desktop.runtime.draft_file import (
    FILE,
    LONGEST,
    MOST,
    Draft,
    keep_drafts,
    read_drafts,
)
from projectdesk.desktop.shell.shell import Shell
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.form import FieldRow, Form
from projectdesk.desktop.widgets.half_typed import as_field
from projectdesk.desktop.widgets.layout import NOT_KEPT
from tests.unit.desktop.conftest import InstantSession

NOW = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)
WORDS = "We object to item 3, because"


class Row:
    """A record as an inspector shows it."""

    def __init__(self, title: str = "Kick-off") -> None:
        self.id = uuid4()
        self.title = title


def make_form() -> Form:
    title: Field[Row] = Field("title", "Title", lambda row: row.title)
    return Form([title, Field("note", "Note", lambda _: "")])


class Window:
    """A main window with the form of a record, and what keeps what is typed there."""

    def __init__(self, session: InstantSession, data: Path, row: Row, context: str = "") -> None:
        self.shell = Shell()
        self.form = make_form()
        self.form.show_row(row)
        self.shell.content.addWidget(self.form)
        self.shell.content.setCurrentWidget(self.form)
        self.shell.show()
        self.shell.activateWindow()
        self.kept = HalfTyped(session, data, self.shell, lambda: context, now=lambda: NOW)
        self.kept.start()
        self.ended = False

    @property
    def title(self) -> FieldRow:
        return self.form.rows["title"]

    def end(self, *, killed: bool = True) -> None:
        """Go: a killed one writes nothing any more. Idempotent."""
        if self.ended:
            return
        self.ended = True
        if killed:
            QApplication.instance().focusChanged.disconnect(self.kept._on_focus)
            self.kept._looking = False
            self.kept._data = self.kept._data / "killed"
            self.kept._writing.stop()
        self.kept.stop()
        self.shell.close()
        self.shell.deleteLater()


@pytest.fixture
def opened(qtbot, dressed, instant, tmp_path):
    """Return what opens windows over one data folder; they end with the test."""
    windows: list[Window] = []

    def make(row: Row, context: str = "") -> Window:
        made = Window(instant, tmp_path, row, context)
        qtbot.waitUntil(made.shell.isActiveWindow)
        windows.append(made)
        return made

    yield make
    for each in windows:
        each.end()


def type_into(qtbot, field, words: str) -> None:
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClick(field, Qt.Key.Key_End)
    qtbot.keyClicks(field, words)


def kept_texts(data: Path) -> list[str]:
    return [each.text for each in read_drafts(data, NOW).values()]


def test_what_is_typed_is_written_and_forgotten_when_it_is_saved(qtbot, opened, tmp_path):
    window = opened(Row())
    type_into(qtbot, window.title.editor, " of AURORA")
    qtbot.waitUntil(lambda: kept_texts(tmp_path) == ["Kick-off of AURORA"])
    if sys.platform != "win32":
        assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    window.form.rows["note"].editor.setFocus()  # leaving a field saves it
    qtbot.waitUntil(lambda: not (tmp_path / FILE).exists())


@pytest.mark.full
def test_a_refused_value_is_not_saved_and_stays_kept(qtbot, opened, tmp_path):
    window = opened(Row())
    window.form.entered.connect(lambda name, _: window.form.show_problem(name, "Too long."))
    type_into(qtbot, window.title.editor, "!")
    window.form.rows["note"].editor.setFocus()
    qtbot.waitUntil(lambda: kept_texts(tmp_path) == ["Kick-off!"])


def test_after_a_kill_the_field_of_the_record_has_it_again(qtbot, opened, instant, tmp_path):
    row = Row()
    window = opened(row)
    type_into(qtbot, window.title.editor, " of AURORA")
    qtbot.waitUntil(lambda: kept_texts(tmp_path) != [])
    window.end()
    other = opened(Row())
    other.kept._seek()
    assert other.title.editor.text() == "Kick-off", "another record has nothing to do with it"
    other.end()
    again = opened(row)
    again.kept.came_back()
    qtbot.waitUntil(lambda: again.title.editor.text() == "Kick-off of AURORA")
    qtbot.waitUntil(again.title.editor.hasFocus)
    assert "Title" in instant.notices[-1].text
    again.title.editor.undo()
    assert again.title.editor.text() == "Kick-off"
    assert again.kept.left == []


def test_an_inspector_of_several_records_gives_back_to_the_right_one(qtbot, opened, tmp_path):
    first, second = Row("Kick-off"), Row("Review")
    window = opened(first)
    type_into(qtbot, window.title.editor, "")
    window.form.show_row(second)
    type_into(qtbot, window.title.editor, " in Brno")
    qtbot.waitUntil(lambda: kept_texts(tmp_path) == ["Review in Brno"])
    window.end()
    again = opened(second)
    type_into(qtbot, again.title.editor, "")
    assert again.title.editor.text() == "Review in Brno"


@pytest.mark.full
def test_what_somebody_saved_meanwhile_is_not_typed_over(qtbot, opened, tmp_path):
    row = Row()
    keep_drafts(tmp_path, [Draft(f"/{row.id}/title", WORDS, NOW, "Kick-off", "Title")])
    row.title = "Second kick-off"
    window = opened(row)
    type_into(qtbot, window.title.editor, "")
    assert window.title.editor.text() == "Second kick-off"
    assert [each.text for each in window.kept.left] == [WORDS]
    qtbot.waitUntil(lambda: kept_texts(tmp_path) == [WORDS])


class CommentDialog(Dialog):
    """Asks for a comment, with a password beside it."""

    def __init__(self, parent) -> None:
        super().__init__(parent, "Comment")
        self.words = QPlainTextEdit()
        self.subject = QLineEdit("Re: minutes")
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.add(self.words, self.subject, self.password)


@pytest.mark.full
def test_a_dialog_that_is_opened_again_has_all_its_texts_again(qtbot, opened, tmp_path):
    window = opened(Row(), "meeting:1")
    dialog = CommentDialog(window.shell)
    dialog.open()
    type_into(qtbot, dialog.words, WORDS)
    type_into(qtbot, dialog.password, "secret")
    type_into(qtbot, dialog.subject, "!")
    qtbot.waitUntil(lambda: sorted(kept_texts(tmp_path)) == ["Re: minutes!", WORDS])
    window.end()
    dialog.close()  # as it goes with its process
    elsewhere = opened(Row(), "meeting:2")
    another = CommentDialog(elsewhere.shell)
    another.open()
    type_into(qtbot, another.words, "")
    assert another.words.toPlainText() == ""
    another.reject()
    elsewhere.end()
    again = opened(Row(), "meeting:1")
    same = CommentDialog(again.shell)
    same.open()
    type_into(qtbot, same.password, "")
    assert same.words.toPlainText() == WORDS
    assert same.subject.text() == "Re: minutes!"
    assert same.password.text() == ""
    same.reject()
    qtbot.waitUntil(lambda: not (tmp_path / FILE).exists())


def test_only_what_a_person_writes_is_kept(qtbot, opened):
    window = opened(Row())
    field = window.title.editor
    assert as_field(field) is field
    field.setReadOnly(True)
    assert as_field(field) is None
    field.setReadOnly(False)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    assert as_field(field) is None
    field.setEchoMode(QLineEdit.EchoMode.Normal)
    field.setProperty(NOT_KEPT, True)
    assert as_field(field) is None
    alone = QLineEdit()
    qtbot.addWidget(alone)
    assert as_field(alone) is None


@pytest.mark.full
def test_texts_without_a_field_are_listed_copied_and_dismissed(qtbot, opened, tmp_path):
    keep_drafts(
        tmp_path,
        [Draft(key, key, NOW, label="Comment", where="Objection") for key in ("one", "two")],
    )
    window = opened(Row())
    offer_texts(window.shell, window.kept)
    window.kept.waiting.connect(lambda: offer_texts(window.shell, window.kept))
    bar = window.shell.findChild(KeptTextsBar)
    assert bar is not None
    assert not bar.isHidden()
    dialog = KeptTextsDialog(window.shell, window.kept)
    dialog.open()
    assert set(dialog.lines) == {"one", "two"}
    for key in ("one", "two"):
        dialog._dismiss(key)
    assert window.kept.left == []
    assert bar.isHidden()
    qtbot.waitUntil(lambda: not (tmp_path / FILE).exists())


@pytest.mark.parametrize("content", [b"", b"[", b"{}", b'[{"key": 1}]', b"\xff\x00"])
def test_a_file_that_says_nonsense_gives_nothing(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert read_drafts(tmp_path, NOW) == {}


def test_the_file_is_bounded(tmp_path: Path) -> None:
    many = [
        Draft(str(number), "x" * (LONGEST + 5), NOW - timedelta(hours=number))
        for number in range(MOST + 5)
    ]
    keep_drafts(tmp_path, many)
    found = read_drafts(tmp_path, NOW)
    assert len(found) == MOST
    assert str(MOST + 4) not in found
    assert len(found["0"].text) == LONGEST
    assert read_drafts(tmp_path, NOW + timedelta(days=15)) == {}
    keep_drafts(tmp_path, [])
    assert list(tmp_path.iterdir()) == []
