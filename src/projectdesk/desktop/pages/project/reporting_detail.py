"""One partner's statement beside the list: its figures, and what was said about them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats, person_months
from projectdesk.desktop.models.words import tone, word
from projectdesk.desktop.theme.tokens import INSPECTOR_WIDTH, SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.desktop.widgets.layout import column, icon_button, plain, row, scrolled, text
from projectdesk.services.reporting_rows import StatementRow

_WIDE = INSPECTOR_WIDTH + 60


class StatementDetail(QFrame):
    """The figures of a partner for a period, per work package."""

    closed = Signal()

    def __init__(self, actions: Sequence[QWidget]) -> None:
        """Make it; `actions`: what can be done with the statement."""
        super().__init__()
        self.setProperty("surface", "inspector")
        self.setFixedWidth(_WIDE)
        self._title = text("", "heading", wrap=True)
        self._subtitle = text("", "caption", wrap=True)
        close = icon_button("x", say("Close"), self.closed.emit)
        top = row(column(self._title, self._subtitle, spacing=0), close, spacing=SPACE_S,
                  margins=(SPACE_XL, SPACE_L, SPACE_M, SPACE_M))  # fmt: skip
        top.setStretch(0, 1)
        top.setAlignment(close, Qt.AlignmentFlag.AlignTop)
        self._box = column(spacing=SPACE_M, margins=(SPACE_XL, SPACE_S, SPACE_XL, SPACE_L))
        inside = scrolled(plain(self._box))
        beside = row(*actions, None, spacing=SPACE_S, margins=(SPACE_XL, 0, SPACE_XL, SPACE_S))
        layout = column(top, beside, inside, spacing=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self.hide()

    def show_statement(self, shown: StatementRow, zone: str) -> None:
        """Show a statement; moments in the reader's zone."""
        self._title.setText(shown.partner)
        asked = formats.joined((shown.person, shown.email))
        self._subtitle.setText(asked or say("nobody is known there"))
        self._clear()
        self._box.addLayout(row(Chip(word(shown.state), tone(shown.state)), None))
        self._box.addWidget(self._figures(shown))
        for label, words in (
            (say("Comment of the partner"), shown.comment),
            (say("Sent back because"), shown.remark),
            (say("Asked"), formats.moment(shown.asked_at, zone)),
            (say("Reminded"), formats.moment(shown.reminded_at, zone)),
            (say("Answered"), formats.moment(shown.answered_at, zone)),
            (say("Answers count until"), formats.day(shown.deadline)),
        ):
            if words:
                both = column(text(label, "caption"), text(words, wrap=True), spacing=0)
                self._box.addWidget(plain(both))
        self._box.addStretch(1)
        self.show()

    def _figures(self, shown: StatementRow) -> QWidget:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S)
        grid.setContentsMargins(0, 0, 0, 0)
        heads = ("", say("Planned"), say("Before"), say("Reported"), say("Deviation"))
        for number, head in enumerate(heads):
            grid.addWidget(_cell(head, "caption", right=number > 0), 0, number)
        for line_number, line in enumerate(shown.lines, 1):
            name = _cell(line.label, "strong")
            name.setToolTip(line.title)
            grid.addWidget(name, line_number, 0)
            figures = (
                person_months.shown(line.planned),
                person_months.shown(line.earlier),
                person_months.shown(line.reported),
                person_months.difference(line.deviation),
            )
            for number, figure in enumerate(figures, 1):
                grid.addWidget(_cell(figure or "–", right=True), line_number, number)
        last = len(shown.lines) + 1
        sums = (
            say("Sum"),
            person_months.shown(shown.planned),
            person_months.shown(shown.earlier),
            person_months.shown(shown.reported) or "–",
            person_months.difference(shown.deviation) or "–",
        )
        for number, figure in enumerate(sums):
            grid.addWidget(_cell(figure, "strong", right=number > 0), last, number)
        grid.setColumnStretch(0, 1)
        return plain(grid)

    def _clear(self) -> None:
        while self._box.count():
            entry = self._box.takeAt(0)
            widget, inner = (entry.widget(), entry.layout()) if entry is not None else (None, None)
            if widget is not None:
                widget.hide()
                widget.deleteLater()
            elif inner is not None:
                while inner.count():
                    chip = inner.takeAt(0)
                    inside = chip.widget() if chip is not None else None
                    if inside is not None:
                        inside.hide()
                        inside.deleteLater()


def _cell(words: str, look: str = "", *, right: bool = False) -> QLabel:
    made = text(words, look)
    if right:
        made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made
