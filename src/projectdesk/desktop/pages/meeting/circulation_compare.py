"""Two versions of minutes side by side, word by word: what went, what came.

Changes are marked by colour and by sign, so that neither alone is needed. F7 and Shift+F7 go from
one changed item to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QTextBrowser, QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.words import word
from projectdesk.desktop.theme import Tone, theme, tokens
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.layout import button, column, show_if, text
from projectdesk.desktop.widgets.toolbar import toolbar
from projectdesk.services.minutes_versions import ItemChange, LineChange, Mark, Piece, VersionRow

NEXT, PREVIOUS = "F7", "Shift+F7"


class ComparisonPane(QWidget):
    """Chooses two versions and shows how they differ.

    asked: the older and the newer `VersionRow` that are to be compared.
    """

    asked = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._versions: Sequence[VersionRow] = ()
        self._items: Sequence[ItemChange] = ()
        self._names = ("", "")
        self._zone = "UTC"
        self._at = -1
        self.before, self.after = QComboBox(), QComboBox()
        self.before.setAccessibleName(say("Older version"))
        self.after.setAccessibleName(say("Newer version"))
        for box in (self.before, self.after):
            box.setMinimumWidth(220)
            box.activated.connect(self._ask)
        self.previous = button(say("Previous change"), "quiet", "chevron-up", lambda: self._go(-1))
        self.next = button(say("Next change"), "quiet", "chevron-down", lambda: self._go(1))
        self.previous.setToolTip(PREVIOUS)
        self.next.setToolTip(NEXT)
        QShortcut(QKeySequence(NEXT), self, lambda: self._go(1))
        QShortcut(QKeySequence(PREVIOUS), self, lambda: self._go(-1))
        self._summary = text("", "muted")
        self.page = QTextBrowser()
        self.page.setOpenLinks(False)
        self.page.setAccessibleName(say("Comparison of two versions"))
        self._bar = toolbar(
            text(say("From"), "muted"),
            self.before,
            text(say("to"), "muted"),
            self.after,
            SPACE_S,
            self._summary,
            None,
            self.previous,
            self.next,
        )
        self._empty = EmptyState(
            "copy",
            say("Nothing to compare yet"),
            say("What minutes say is kept each time they are circulated or accepted."),
        )
        layout = column(self._bar, self.page, self._empty, spacing=SPACE_M)
        layout.setStretch(1, 1)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        theme().changed.connect(self._draw)
        self.show_versions((), "UTC")

    def show_versions(self, versions: Sequence[VersionRow], zone: str) -> None:
        """Offer these versions; the two newest are compared at first."""
        known = [(row.minutes_id, row.number) for row in self._versions]
        self._zone = zone
        enough = len(versions) > 1
        for widget in (self._bar, self.page):
            show_if(widget, enough)
        show_if(self._empty, not enough)
        if known == [(row.minutes_id, row.number) for row in versions]:
            return
        self._versions = versions
        for box in (self.before, self.after):
            box.clear()
            box.addItems([self._name(row) for row in versions])
        if enough:
            self.before.setCurrentIndex(self._usual())
            self.after.setCurrentIndex(len(versions) - 1)
            self._ask()

    def show_comparison(
        self, before: VersionRow, after: VersionRow, items: Sequence[ItemChange]
    ) -> None:
        """Show how the minutes changed."""
        self._names = (self._name(before), self._name(after))
        self._items = items
        self._at = -1
        self._draw()

    @property
    def changed(self) -> list[ItemChange]:
        """The items that differ."""
        return [item for item in self._items if item.changed]

    # --- inside

    def _usual(self) -> int:
        """Return the last version of an earlier revision; without one, the one before."""
        newest = self._versions[-1]
        earlier = [n for n, row in enumerate(self._versions) if row.revision < newest.revision]
        return earlier[-1] if earlier else len(self._versions) - 2

    def _ask(self, _index: int = 0) -> None:
        first, last = self.before.currentIndex(), self.after.currentIndex()
        if first >= 0 and last >= 0:
            self.asked.emit(self._versions[first], self._versions[last])

    def _name(self, row: VersionRow) -> str:
        when = formats.moment(row.made_at, self._zone)
        state = word(row.state)
        return say("Revision {number}, {state} {when}", number=row.revision, state=state, when=when)

    def _go(self, step: int) -> None:
        count = len(self.changed)
        if count:
            self._at = (self._at + step) % count if self._at >= 0 or step > 0 else count - 1
            self.page.scrollToAnchor(f"change{self._at}")

    def _draw(self) -> None:
        changed = self.changed
        for made in (self.previous, self.next):
            made.setEnabled(bool(changed))
        if not self._items:
            self._summary.setText("")
            self.page.setHtml("")
            return
        self._summary.setText(
            say_count(len(changed), "{count} item changed", "{count} items changed")
            if changed
            else say("They say the same.")
        )
        rows = "".join(self._row(item, changed) for item in self._items)
        heads = "".join(
            f'<td width="50%"><p style="color:{tokens().muted}">{escape(name)}</p></td>'
            for name in self._names
        )
        self.page.setHtml(
            f'<table width="100%" cellspacing="0" cellpadding="10"><tr>{heads}</tr>{rows}</table>'
        )

    def _row(self, item: ItemChange, changed: Sequence[ItemChange]) -> str:
        anchor = f'<a name="change{changed.index(item)}"></a>' if item in changed else ""
        sides = [self._side(item, mark) for mark in (Mark.REMOVED, Mark.ADDED)]
        line = tokens().line
        cells = "".join(
            f'<td width="50%" valign="top" style="border-top:1px solid {line}">'
            f"{anchor if number == 0 else ''}{side}</td>"
            for number, side in enumerate(sides)
        )
        return f"<tr>{cells}</tr>"

    def _side(self, item: ItemChange, mark: Mark) -> str:
        """Return one side: what is the same, and what only this side has."""
        other = Mark.ADDED if mark is Mark.REMOVED else Mark.REMOVED
        if item.mark is other:
            return f'<p style="color:{tokens().muted}">{escape(say("Not in this version"))}</p>'
        label = f"{item.label} " if item.label else ""
        title = item.title or say("Beside the agenda")
        shown = self._pieces(item.title_pieces, mark) or escape(title)
        parts = [f"<p><b>{escape(label)}{shown}</b></p>"]
        words = self._pieces(item.pieces, mark)
        if words:
            parts.append(f"<p>{words}</p>")
        for line in (*item.decisions, *item.actions):
            if line.mark is not other:
                parts.append(self._line(line, mark))
        return "".join(parts)

    def _line(self, line: LineChange, mark: Mark) -> str:
        return f"<p><b>{escape(line.label)}</b> {self._pieces(line.pieces, mark)}</p>"

    @staticmethod
    def _pieces(pieces: Sequence[Piece], mark: Mark) -> str:
        return "".join(
            _marked(piece) for piece in pieces if piece.mark in {Mark.SAME, mark} and piece.text
        )


def _marked(piece: Piece) -> str:
    """Return a piece as rich text: what went with a minus and struck out, what came with a plus."""
    words = escape(piece.text).replace("\n", "<br>")
    if piece.mark is Mark.SAME:
        return words
    gone = piece.mark is Mark.REMOVED
    now = tokens()
    tone = Tone.DANGER if gone else Tone.SUCCESS
    sign = "\N{MINUS SIGN}" if gone else "+"
    look = f"background-color:{now.soft(tone)};color:{now.colour(tone)};"
    look += "text-decoration:line-through;" if gone else "text-decoration:underline;"
    plain = f"color:{now.colour(tone)};font-weight:600;"
    return f'<span style="{plain}">{sign}</span><span style="{look}">{words}</span>'
