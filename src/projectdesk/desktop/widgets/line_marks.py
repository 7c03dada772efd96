"""Marks of typed lines in an editor: what was read is coloured, what was not is underlined.

Lines of plain text show what is Markdown in them.
"""

from __future__ import annotations

from PySide6.QtGui import (
    QColor,
    QFont,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextDocument,
)

from projectdesk.desktop.models.light_markdown import Look, pieces
from projectdesk.desktop.models.line_words import problem_words, span_words
from projectdesk.desktop.theme import Tone, theme, tokens
from projectdesk.domain.rules.typed_lines import (
    LineKind,
    ParsedLine,
    ProblemCode,
    Reading,
    Units,
    parse_line,
)
from projectdesk.domain.rules.typed_vocabulary import Mark

KIND_TONES = {
    LineKind.ACTION: Tone.ACCENT,
    LineKind.DECISION: Tone.WARNING,
    LineKind.INFORMATION: Tone.INFO,
    LineKind.RISK: Tone.DANGER,
    LineKind.QUESTION: Tone.SUCCESS,
}
"""The colour of each kind of line; the letter says it too."""


class LineMarks(QSyntaxHighlighter):
    """Colours the typed lines of a document, and the Markdown of others."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._reading: Reading | None = None
        theme().changed.connect(self.rehighlight)

    @property
    def reading(self) -> Reading | None:
        """What lines are read with; None before it is known."""
        return self._reading

    def set_reading(self, reading: Reading | None) -> None:
        """Read the lines with these names and labels from now on."""
        self._reading = reading
        self.rehighlight()

    def parsed(self, line: str) -> ParsedLine | None:
        """Return what a line says, None for plain text."""
        return parse_line(line, self._reading) if self._reading is not None else None

    def tip(self, block: QTextBlock, units: int) -> str:
        """Return what is to be said of a place in a line (UTF-16 units), "" for nothing."""
        parsed = self.parsed(block.text())
        if parsed is None or self._reading is None:
            return ""
        for problem in parsed.problems:
            if problem.start <= units < problem.end:
                return problem_words(problem)
        for span in parsed.spans:
            if span.start <= units < span.end:
                words = block.text()[span.start : span.end]
                return span_words(span, parsed.kind, self._reading, words)
        return ""

    def highlightBlock(self, text: str) -> None:
        parsed = self.parsed(text)
        if parsed is None:
            self._show_markdown(text)
            return
        for span in parsed.spans:
            tone = KIND_TONES[parsed.kind] if span.mark is Mark.KIND else Tone.ACCENT
            chip = span.mark is Mark.KIND
            self.setFormat(span.start, span.end - span.start, _shape(tone, chip=chip))
        for problem in parsed.problems:
            if problem.code is not ProblemCode.EMPTY:
                self.setFormat(problem.start, problem.end - problem.start, _trouble())

    def _show_markdown(self, line: str) -> None:
        units = Units(line)
        for piece in pieces(line):
            start, end = units.at(piece.start), units.at(piece.end)
            self.setFormat(start, end - start, _look(piece.look))


def _look(look: Look) -> QTextCharFormat:
    shape = QTextCharFormat()
    match look:
        case Look.TITLE | Look.BOLD:
            shape.setFontWeight(QFont.Weight.Bold)
        case Look.LINK:
            shape.setForeground(QColor(tokens().colour(Tone.ACCENT)))
            shape.setFontUnderline(True)
        case Look.MARK:
            shape.setForeground(QColor(tokens().colour(Tone.MUTED)))
    return shape


def _shape(tone: Tone, *, chip: bool) -> QTextCharFormat:
    colours = tokens()
    shape = QTextCharFormat()
    shape.setForeground(QColor(colours.colour(tone)))
    if chip:
        shape.setBackground(QColor(colours.soft(tone)))
        shape.setFontWeight(QFont.Weight.Bold)
    return shape


def _trouble() -> QTextCharFormat:
    shape = QTextCharFormat()
    shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    shape.setUnderlineColor(QColor(tokens().colour(Tone.DANGER)))
    return shape
