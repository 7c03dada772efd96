"""Small marks: chips, avatars, icons, banners."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from projectdesk.desktop.theme import Tone, theme, tokens
from projectdesk.desktop.theme.tokens import RADIUS_S, SPACE_M, SPACE_S
from projectdesk.desktop.widgets.elision import shortened
from projectdesk.desktop.widgets.layout import beginning, button, row, show_if, text

_AVATAR_TONES = (Tone.ACCENT, Tone.SUCCESS, Tone.WARNING, Tone.INFO, Tone.DANGER, Tone.NEUTRAL)


def chip_box(box: QRectF, width: float, height: float) -> QRectF:
    """Return where a chip stands in a cell: in the middle of its height, where reading begins."""
    left = box.right() - width if QGuiApplication.isRightToLeft() else box.left()
    return QRectF(left, box.top() + (box.height() - height) / 2, width, height)


def paint_chip(painter: QPainter, box: QRectF, words: str, tone: Tone) -> None:
    """Paint a chip that fills `box`; the painter's font is used."""
    colours = tokens()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.soft(tone)))
    painter.drawRoundedRect(box, RADIUS_S, RADIUS_S)
    painter.setPen(QColor(colours.colour(tone)))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()


class Elided(QLabel):
    """A line of text that ends in … where it does not fit; the whole of it is the tool tip."""

    def __init__(self, words: str = "", look: str = "") -> None:
        super().__init__()
        self._words = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("look", look)
        self.setAlignment(beginning())
        self.setMinimumWidth(40)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setText(words)

    def setText(self, arg__1: str) -> None:
        self._words = arg__1
        self.setAccessibleName(arg__1)
        self._fit()

    def text(self) -> str:
        return self._words

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        room = self.contentsRect().width()
        shown = shortened(self.fontMetrics(), self._words, room)
        super().setText(shown)
        self.setToolTip(self._words if shown != self._words else "")


class Chip(QWidget):
    """A word on a soft background."""

    def __init__(self, words: str = "", tone: Tone = Tone.NEUTRAL) -> None:
        super().__init__()
        self._words = words
        self._tone = tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set(words, tone)

    @property
    def words(self) -> str:
        """What the chip says."""
        return self._words

    def set(self, words: str, tone: Tone = Tone.NEUTRAL) -> None:
        """Say `words` in `tone`; an empty chip is hidden."""
        self._words, self._tone = words, tone
        self.setAccessibleName(words)
        show_if(self, bool(words))
        self.updateGeometry()
        self.update()

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(theme().points("caption"))
        font.setWeight(QFont.Weight.Medium)
        return font

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._font())
        return QSize(metrics.horizontalAdvance(self._words) + 2 * SPACE_S, metrics.height() + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font())
        paint_chip(painter, QRectF(self.rect()), self._words, self._tone)
        painter.end()


class Avatar(QWidget):
    """A person's initials on a colour that stays theirs."""

    def __init__(self, name: str = "", size: int = 32) -> None:
        super().__init__()
        self._name = name
        self.setFixedSize(size, size)

    def set_name(self, name: str) -> None:
        """Show the initials of `name`."""
        self._name = name
        self.setToolTip(name)
        self.update()

    @property
    def initials(self) -> str:
        """First letters of the first and the last name."""
        words = self._name.split()
        if not words:
            return ""
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens()
        tone = _AVATAR_TONES[sum(self._name.encode()) % len(_AVATAR_TONES)]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.soft(tone)))
        painter.drawEllipse(self.rect())
        font = QFont(self.font())
        font.setPixelSize(round(self.height() * 0.38))
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(colours.colour(tone)))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.initials)
        painter.end()


class Icon(QLabel):
    """An icon that follows the theme."""

    def __init__(self, name: str, tone: Tone = Tone.MUTED, size: int = 20) -> None:
        super().__init__()
        self._name, self._tone, self._size = name, tone, size
        self.setFixedSize(size, size)
        theme().changed.connect(self._draw)
        self._draw()

    def set(self, name: str, tone: Tone = Tone.MUTED) -> None:
        """Show another icon."""
        self._name, self._tone = name, tone
        self._draw()

    def _draw(self) -> None:
        icon = theme().icon(self._name, self._tone)
        self.setPixmap(icon.pixmap(QSize(self._size, self._size), self.devicePixelRatioF()))


class Banner(QFrame):
    """A warning over the content it is about; not there while it says nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "banner")
        self._words = text("", wrap=True)
        margins = (SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        icon = Icon("triangle-alert", Tone.WARNING, 18)
        self.action = button("", "", "", self._act)
        self._run: Callable[[], object] | None = None
        layout = row(icon, self._words, self.action, spacing=SPACE_S, margins=margins)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.action.hide()
        self.hide()

    @property
    def words(self) -> str:
        """What it says, "" when nothing."""
        return self._words.text()

    def say(self, words: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """Show `words`, and with `action` a button that does `run`; "" = nothing is wrong."""
        self._words.setText(words)
        self.setAccessibleName(words)
        self.action.setText(action)
        show_if(self.action, bool(action))
        self._run = run
        show_if(self, bool(words))

    def _act(self) -> None:
        if self._run is not None:
            self._run()
