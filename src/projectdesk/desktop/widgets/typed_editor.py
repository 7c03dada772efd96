"""What makes an editor of notes one of typed lines: marks, completion, help, what was not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QToolTip, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models.line_words import kind_words, problem_words
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Icon
from projectdesk.desktop.widgets.layout import button, column, icon_button, row, text
from projectdesk.desktop.widgets.line_completion import LineCompletion
from projectdesk.desktop.widgets.line_marks import LineMarks
from projectdesk.desktop.widgets.markdown_tools import MarkdownTools
from projectdesk.domain.rules.typed_lines import LETTERS, LineKind, Problem, line_prefix

if TYPE_CHECKING:
    from projectdesk.domain.rules.typed_lines import Reading
    from projectdesk.services.typed_line_rows import KeptRecordRow

_MOST = 4
_PAUSE_MS = 400
_LETTER_WIDTH = 40


@dataclass(frozen=True)
class LineProblem:
    """What was not read in the notes. number: of the line, from 1. position: in UTF-16 units."""

    number: int
    position: int
    problem: Problem


class LineProblems(QWidget):
    """The list below the notes; each line leads to its place."""

    chosen = Signal(int)
    """position in the notes, UTF-16 units"""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[QWidget] = []
        self._box = column(spacing=0)
        self.setLayout(self._box)
        self.setAccessibleName(say("What was not read"))
        self._shown: tuple[Sequence[LineProblem], Sequence[KeptRecordRow]] = ((), ())
        self.hide()

    @property
    def words(self) -> list[str]:
        """What the list says."""
        return [child.accessibleName() for child in self._rows]

    def show_problems(self, problems: Sequence[LineProblem], kept: Sequence[KeptRecordRow]) -> None:
        """Show what was not read, and which records stay without a line."""
        if (problems, kept) == self._shown:
            return
        self._shown = (problems, kept)
        for child in self._rows:
            self._box.removeWidget(child)
            child.hide()
            child.deleteLater()
        self._rows = []
        for each in problems[:_MOST]:
            self._put(self._problem_row(each))
        if len(problems) > _MOST:
            self._add(say("{count} more", count=len(problems) - _MOST))
        for record in kept:
            self._add(
                say(
                    "{label} “{words}” stays, although its line is gone.",
                    label=record.label,
                    words=record.words,
                )
            )
        self.setVisible(bool(problems or kept))

    def _problem_row(self, each: LineProblem) -> QWidget:
        words = say("Line {number}: {words}", number=each.number, words=problem_words(each.problem))
        made = button(words, "link", "", lambda: self.chosen.emit(each.position))
        made.setAccessibleName(words)
        line = row(Icon("triangle-alert", Tone.WARNING, 16), made, None, spacing=SPACE_XS)
        holder = QWidget()
        holder.setLayout(line)
        holder.setAccessibleName(words)
        return holder

    def _add(self, words: str) -> None:
        label = text(words, "caption", wrap=True)
        label.setAccessibleName(words)
        self._put(label)

    def _put(self, child: QWidget) -> None:
        self._rows.append(child)
        self._box.addWidget(child)


class TypedNotes(QWidget):
    """An editor with what typed lines need around it, and the tools of light Markdown above it.

    Line kinds are offered as small buttons, so that a new user finds them.
    """

    def __init__(self, editor: QPlainTextEdit, *, compact: bool = False) -> None:
        """Put what is needed around `editor`; compact: where there is little room."""
        super().__init__()
        self.editor = editor
        self._compact = compact
        self.tools = MarkdownTools(editor)
        self.marks = LineMarks(editor.document())
        self.completion = LineCompletion(editor)
        self.problems = LineProblems()
        self.problems.chosen.connect(self._go)
        self._kept: Sequence[KeptRecordRow] = ()
        self._item: UUID | None = None
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._soon.timeout.connect(self.look)
        self.kinds = {kind: self._kind_button(kind) for kind in LETTERS}
        self._help = icon_button(
            "circle-question-mark", say("How lines become records"), self._show_help
        )
        self.help = text(_help_words(), "caption", wrap=True)
        self.help.hide()
        bar = row(*self.kinds.values(), None, self._help, spacing=SPACE_XS)
        self.setLayout(column(self.tools, editor, bar, self.help, self.problems, spacing=SPACE_S))
        editor.textChanged.connect(self._soon.start)
        editor.viewport().installEventFilter(self)

    def show_reading(self, reading: Reading | None, kept: Sequence[KeptRecordRow]) -> None:
        """Read lines with this from now on."""
        self.marks.set_reading(reading)
        self.completion.set_reading(reading)
        self._kept = kept
        self.look()

    def show_item(self, item: UUID | None, *, writable: bool) -> None:
        """Know whose notes are shown."""
        self._item = item
        for each in (self.tools, *self.kinds.values()):
            each.setEnabled(writable)
        self.look()

    def look(self) -> None:
        """Say what was not read in the notes that are shown."""
        found = []
        block = self.editor.document().firstBlock()
        while block.isValid():
            parsed = self.marks.parsed(block.text())
            for problem in parsed.problems if parsed else ():
                place = block.position() + problem.start
                found.append(LineProblem(block.blockNumber() + 1, place, problem))
            block = block.next()
        kept = [each for each in self._kept if each.item_id == self._item]
        self.problems.show_problems(found, kept)

    def begin_line(self, kind: LineKind) -> None:
        """Begin a line of a kind where the cursor is, on a line of its own."""
        cursor = self.editor.textCursor()
        line = cursor.block().text()
        prefix = line_prefix(line)
        words = f"{LETTERS[kind]}: "
        cursor.beginEditBlock()
        if line.strip() and len(prefix) < len(line):
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
            cursor.insertText(f"\n{words}")
        else:
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
            cursor.insertText(words)
        cursor.endEditBlock()
        self.editor.setTextCursor(cursor)
        self.editor.setFocus()

    def find_line(self, words: str) -> bool:
        """Put the cursor into the first line with these words; return whether there is one."""
        block = self.editor.document().firstBlock()
        while block.isValid():
            if words and block.text() == words:
                self._go(block.position())
                return True
            block = block.next()
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cursor = self.editor.cursorForPosition(event.pos())
            tip = self.marks.tip(cursor.block(), cursor.positionInBlock())
            if tip:
                QToolTip.showText(event.globalPos(), tip, self.editor)
                return True
        return super().eventFilter(watched, event)

    def _kind_button(self, kind: LineKind) -> QWidget:
        letter, name = f"{LETTERS[kind]}:", kind_words(kind)
        words = letter if self._compact else f"{letter}  {name}"
        made = button(words, "quiet", "", lambda: self.begin_line(kind))
        made.setAccessibleName(say("Begin a line: {kind}", kind=name))
        made.setToolTip(made.accessibleName())
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if self._compact:
            made.setMaximumWidth(_LETTER_WIDTH)
        return made

    def _go(self, position: int) -> None:
        cursor = self.editor.textCursor()
        cursor.setPosition(min(position, self.editor.document().characterCount() - 1))
        self.editor.setTextCursor(cursor)
        self.editor.ensureCursorVisible()
        self.editor.setFocus()

    def _show_help(self) -> None:
        self.help.setVisible(self.help.isHidden())


def _help_words() -> str:
    return say(
        "A line that begins with A: is an action, D: a decision, I: information, R: a risk and Q: "
        "an open question. In it @name or @PARTNER says who, WP3, T3.1, D3.2, MS4 or R2 what it is "
        "about, and //12 Mar, //M14, //+2w or //Fri by when. The record and the line stay in step. "
        "Ctrl+Space offers what there is; a backslash before a mark makes text of it."
    )
