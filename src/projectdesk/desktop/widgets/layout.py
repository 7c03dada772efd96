"""Rows and columns with the spacing of the theme, texts, buttons and lines."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.theme.tokens import CONTROL_HEIGHT, ICON_SIZE, SPACE_M
from projectdesk.desktop.widgets.spoken import Role, play

Margins = tuple[int, int, int, int]
Piece = QWidget | QLayout | int | None
"""A widget, a layout, a fixed space in pixels, or (None) all the space that is left."""


NOT_KEPT = "notKept"
"""Property of a field whose text is kept by other means, or is not worth it: filters, notes."""


def _fill(box: QHBoxLayout | QVBoxLayout, pieces: tuple[Piece, ...]) -> None:
    for piece in pieces:
        if piece is None:
            box.addStretch(1)
        elif isinstance(piece, int):
            box.addSpacing(piece)
        elif isinstance(piece, QWidget):
            box.addWidget(piece)
        else:
            box.addLayout(piece)


def column(*pieces: Piece, spacing: int = SPACE_M, margins: Margins = (0, 0, 0, 0)) -> QVBoxLayout:
    """Return the pieces under one another; spacing and margins in pixels."""
    box = QVBoxLayout()
    box.setSpacing(spacing)
    box.setContentsMargins(*margins)
    _fill(box, pieces)
    return box


def row(*pieces: Piece, spacing: int = SPACE_M, margins: Margins = (0, 0, 0, 0)) -> QHBoxLayout:
    """Return the pieces beside one another; spacing and margins in pixels."""
    box = QHBoxLayout()
    box.setSpacing(spacing)
    box.setContentsMargins(*margins)
    _fill(box, pieces)
    return box


def frame(surface: str, layout: QLayout | None = None) -> QFrame:
    """Return a frame with a surface of the style sheet (page, card, raised, bar, ...)."""
    made = QFrame()
    made.setProperty("surface", surface)
    if layout is not None:
        made.setLayout(layout)
    return made


def plain(layout: QLayout) -> QWidget:
    """Return a widget without a look of its own around `layout`."""
    made = QWidget()
    made.setLayout(layout)
    return made


def beginning() -> Qt.AlignmentFlag:
    """Return how a line of text lies, whatever it says: where reading begins.

    A label of Qt takes the side of its letters: names and numbers would lie at the left of a window
    that is read from the right.
    """
    middle = Qt.AlignmentFlag.AlignVCenter
    if QGuiApplication.isRightToLeft():
        return middle | Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
    return middle | Qt.AlignmentFlag.AlignLeft


def text(words: str = "", look: str = "", *, wrap: bool = False) -> QLabel:
    """Return a label with a look of the type scale (display .. caption, muted, error)."""
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAlignment(beginning())
    if look:
        label.setProperty("look", look)
    if wrap:
        label.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        label.setSizePolicy(policy)
    return label


def show_if(widget: QWidget, wanted: bool) -> None:
    """Show or hide `widget`; one that has no parent yet does not become a window by it."""
    if not wanted:
        widget.hide()
    elif widget.parentWidget() is not None:
        widget.show()


def hairline() -> QFrame:
    """Return a horizontal line of one pixel."""
    line = QFrame()
    line.setProperty("line", "true")
    line.setFixedHeight(1)
    return line


def button(
    words: str,
    role: str = "",
    icon: str = "",
    on_click: Callable[[], object] | None = None,
) -> QPushButton:
    """Return a push button; role: "", primary, quiet, danger, link."""
    made = QPushButton(words)
    if role:
        made.setProperty("role", role)
    if icon:
        tone = {"primary": Tone.ON_ACCENT, "danger": Tone.DANGER, "link": Tone.ACCENT}
        set_icon(made, icon, tone.get(role, Tone.TEXT), air=bool(words))
        made.setIconSize(QSize(22 if words else 16, 16))
    if role != "link":
        made.setMinimumHeight(CONTROL_HEIGHT)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if on_click is not None:
        made.clicked.connect(lambda: on_click())
    return made


def icon_button(
    icon: str, tip: str, on_click: Callable[[], object] | None = None, tone: Tone = Tone.MUTED
) -> QToolButton:
    """Return a button that is an icon; `tip` is also its name for screen readers."""
    made = QToolButton()
    set_icon(made, icon, tone)
    made.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
    made.setFixedHeight(CONTROL_HEIGHT)  # as the buttons and fields beside it
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if on_click is not None:
        made.clicked.connect(lambda: on_click())
    return made


class _Scrolled(QScrollArea):
    """A scroll area whose content is never lower than its wrapped text needs at this width.

    Qt takes the content's minimum without asking how high it is for the width, and squeezes lines.
    Nor is it narrower than its content: it does not scroll sideways, so that the end would be cut.
    Tab stops at the area only when it scrolls and nothing in it can be reached by Tab.
    """

    def __init__(self) -> None:
        super().__init__()
        play(self, Role.Grouping)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalScrollBar().rangeChanged.connect(self._offer_focus)

    def minimumSizeHint(self) -> QSize:
        least, content = super().minimumSizeHint(), self.widget()
        if content is None:
            return least
        bar = self.verticalScrollBar().sizeHint().width()
        return least.expandedTo(QSize(content.minimumSizeHint().width() + bar, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
            self.updateGeometry()
            self._offer_focus()
        return super().eventFilter(watched, event)

    def _offer_focus(self) -> None:
        content = self.widget()
        if content is None:
            return
        scrolls = self.verticalScrollBar().maximum() > 0
        wanted = scrolls and not _has_stop(content)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if wanted else Qt.FocusPolicy.NoFocus)
        if wanted and not self.accessibleName():
            self.setAccessibleName(_first_words(content))

    def _fit(self) -> None:
        content = self.widget()
        layout = content.layout() if content is not None else None
        if content is None or layout is None:
            return
        wraps = layout.hasHeightForWidth()  # what wrapped before may be hidden now
        needed = layout.totalMinimumHeightForWidth(self.viewport().width()) if wraps else 0
        if needed != content.minimumHeight():
            content.setMinimumHeight(needed)


def _has_stop(content: QWidget) -> bool:
    """Tell whether Tab stops anywhere in `content`."""
    for child in content.children():
        if not isinstance(child, QWidget) or child.isHidden() or not child.isEnabled():
            continue
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus or _has_stop(child):
            return True
    return False


def _first_words(content: QWidget) -> str:
    labels = content.findChildren(QLabel)
    return next((label.text() for label in labels if label.text() and not label.isHidden()), "")


def scrolled(content: QWidget) -> QScrollArea:
    """Return `content` in a vertical scroll area without a frame."""
    content.setProperty("scroll", "true")
    area = _Scrolled()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(content)
    return area
