"""The rail of tabs at the console's edge, and the panel that is shown beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QToolButton, QWidget

from projectdesk.desktop.call.panel import Panel
from projectdesk.desktop.language import say
from projectdesk.desktop.theme import Tone, set_icon, theme, tokens
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.layout import column, frame
from projectdesk.desktop.widgets.spoken import Role, play

P = TypeVar("P", bound=Panel)
_HEIGHT = 54
_NARROWEST = 64
_MOST = 99


class _Tab(QToolButton):
    """One panel's button: icon, word and count."""

    def __init__(self, panel: Panel) -> None:
        super().__init__()
        self._panel = panel
        play(self, Role.PageTab)
        self.setProperty("role", "nav")
        self.setIconSize(QSize(20, 20))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.toggled.connect(self._tint)
        theme().changed.connect(self._tint)
        self._tint()
        self.label()

    def label(self) -> None:
        """Show title and count as they are now."""
        title, count = self._panel.title, self._panel.count
        self.setText(title)
        self.setAccessibleName(
            say("{title}, {count}", title=title, count=count) if count else title
        )
        self.update()

    def _tint(self) -> None:
        set_icon(self, self._panel.icon, Tone.ACCENT if self.isChecked() else Tone.MUTED)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        count = self._panel.count
        if not count:
            return
        words = str(count) if count <= _MOST else f"{_MOST}+"
        painter = QPainter(self)
        font = _small(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.9)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        height = metrics.height()
        width = max(height, metrics.horizontalAdvance(words) + 8)
        box = QRectF(self.width() / 2 + 6, 3, width, height)
        colours = tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(QColor(colours.on_accent))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(theme().points("caption"))
    small.setWeight(QFont.Weight.Medium)
    return small


class PanelTabs(QWidget):
    """Panels that share a place.

    changed: the key of the panel that is shown from now on.
    """

    changed = Signal(str)

    def __init__(self, panels: Sequence[Panel]) -> None:
        super().__init__()
        self.panels = {panel.key: panel for panel in panels}
        self._group = QButtonGroup(self)
        self._pages = QStackedWidget()
        self.buttons: dict[str, QToolButton] = {}
        for panel in panels:
            self._add(panel)
        widest = max(
            QFontMetrics(_small(self.font())).horizontalAdvance(panel.title) for panel in panels
        )
        for button in self.buttons.values():
            button.setFixedSize(max(_NARROWEST, widest + SPACE_M), _HEIGHT)
        margins = (SPACE_S, SPACE_M, SPACE_S, SPACE_M)
        self.rail = frame(
            "inspector", column(*self.buttons.values(), None, spacing=SPACE_XS, margins=margins)
        )
        self.setLayout(column(self._pages, spacing=0))
        self.show_panel(panels[0].key)

    def _add(self, panel: Panel) -> None:
        button = _Tab(panel)
        button.clicked.connect(lambda: self.show_panel(panel.key))
        panel.labelled.connect(button.label)
        panel.wanted.connect(lambda: self.show_panel(panel.key))
        self._group.addButton(button)
        self.buttons[panel.key] = button
        self._pages.addWidget(panel)

    def panel(self, kind: type[P]) -> P:
        """Return the panel of a class."""
        return next(panel for panel in self.panels.values() if isinstance(panel, kind))

    @property
    def current(self) -> str:
        """Key of the panel that is shown."""
        return next(key for key, button in self.buttons.items() if button.isChecked())

    def show_panel(self, key: str) -> None:
        """Show a panel; an unknown key changes nothing."""
        if key in self.panels:
            self.buttons[key].setChecked(True)
            self._pages.setCurrentWidget(self.panels[key])
            self.changed.emit(key)
