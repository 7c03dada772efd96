"""The top of a page, tabs, segments and the field that filters a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QLineEdit,
    QToolButton,
    QWidget,
)

from projectdesk.desktop.language import say
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.theme.tokens import (
    CONTROL_HEIGHT,
    SPACE_L,
    SPACE_M,
    SPACE_S,
    SPACE_XL,
    SPACE_XS,
)
from projectdesk.desktop.widgets.badges import Chip, Elided
from projectdesk.desktop.widgets.layout import (
    NOT_KEPT,
    column,
    frame,
    hairline,
    row,
    show_if,
    text,
)
from projectdesk.desktop.widgets.shown_stack import ShownStack
from projectdesk.desktop.widgets.spoken import Role, play

_TABS = ("tab", "subtab")
_WIDEST_FILTER = 320
_AROUND_WORDS = 60
"""Pixels of a filter field beside its words: the glass, the edges, and some air."""


class PageHeader(QWidget):
    """Title, a line under it, and what can be done."""

    def __init__(self, title: str, subtitle: str = "", actions: Sequence[QWidget] = ()) -> None:
        super().__init__()
        self._title = text(title, "title")
        self._title.setMinimumWidth(80)
        self._chip = Chip()
        self._subtitle = Elided(subtitle, "muted")
        show_if(self._subtitle, bool(subtitle))
        words = column(
            row(self._title, self._chip, None, spacing=SPACE_M), self._subtitle, spacing=SPACE_XS
        )
        layout = row(words, spacing=SPACE_L)
        layout.setStretch(0, 1)
        buttons = row(*actions, spacing=SPACE_S)
        buttons.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout.addLayout(buttons)
        self.setLayout(layout)

    def set(self, title: str, subtitle: str = "", chip: str = "", tone: Tone = Tone.MUTED) -> None:
        """Show another title, line and state."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        show_if(self._subtitle, bool(subtitle))
        self._chip.set(chip, tone)


class FilterField(QLineEdit):
    """Filters the list below it while one types; Down moves into the list, Escape clears.

    Ctrl+F leads to the one that is on the screen.
    """

    left_down = Signal()

    def __init__(self, placeholder: str = "") -> None:
        super().__init__()
        self.setProperty("look", "well")
        self.setProperty(NOT_KEPT, True)
        self.setPlaceholderText(placeholder or say("Filter"))
        self.setAccessibleName(self.placeholderText())
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(150)
        self.setMaximumWidth(_WIDEST_FILTER)
        self.setFixedHeight(CONTROL_HEIGHT)
        glass = QAction(self)
        set_icon(glass, "search", Tone.MUTED)
        self.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        for inside in self.findChildren(QToolButton):
            if inside.defaultAction() is glass:
                play(inside, Role.Graphic)  # it only shows what the field is for
            else:
                inside.setAccessibleName(say("Clear filter"))
                inside.setToolTip(say("Clear filter"))
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.activated.connect(self._begin)

    def _begin(self) -> None:
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def sizeHint(self) -> QSize:
        """As wide as what it says of itself, where there is room."""
        usual = super().sizeHint()
        words = self.fontMetrics().horizontalAdvance(self.placeholderText())
        return QSize(max(usual.width(), words + _AROUND_WORDS), usual.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.left_down.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class ChoiceRow(QWidget):
    """Exclusive buttons in a row."""

    chosen = Signal(object)

    def __init__(self, choices: Sequence[tuple[object, str]], role: str) -> None:
        super().__init__()
        self._values = [value for value, _ in choices]
        self._group = QButtonGroup(self)
        self.buttons: list[QToolButton] = []
        for number, (_, label) in enumerate(choices):
            made = QToolButton()
            made.setText(label)
            made.setProperty("role", role)
            play(made, Role.PageTab if role in _TABS else Role.RadioButton)
            made.setCheckable(True)
            made.setCursor(Qt.CursorShape.PointingHandCursor)
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            self._group.addButton(made, number)
            self.buttons.append(made)
        if self.buttons:
            self.buttons[0].setChecked(True)
        self._group.idClicked.connect(lambda number: self.chosen.emit(self._values[number]))

    @property
    def value(self) -> object:
        """The chosen value."""
        return self._values[self._group.checkedId()]

    def choose(self, value: object) -> None:
        """Choose `value` without announcing it."""
        self.buttons[self._values.index(value)].setChecked(True)


class Segments(ChoiceRow):
    """A toggle between two or three ways to see the same thing."""

    def __init__(self, choices: Sequence[tuple[object, str]]) -> None:
        super().__init__(choices, "segment")
        inner = row(*self.buttons, spacing=2, margins=(2, 2, 2, 2))
        self.setLayout(row(frame("segments", inner)))
        self.setFixedHeight(CONTROL_HEIGHT)
        for made in self.buttons:
            made.setFixedHeight(CONTROL_HEIGHT - 6)


class TabRow(ChoiceRow):
    """Underlined tabs in a row; they stand closer where the row is too narrow for their words."""

    def __init__(
        self, choices: Sequence[tuple[object, str]], role: str, spacing: int, margin: int
    ) -> None:
        """Make the tabs.

        Args:
            choices: value and label of each.
            role: tab or subtab.
            spacing: between two, where there is room, in pixels.
            margin: at both ends, in pixels.
        """
        super().__init__(choices, role)
        self._spacing, self._margin = spacing, margin
        self._row = row(*self.buttons, None, spacing=spacing, margins=(margin, 0, margin, 0))
        self.setLayout(self._row)

    def minimumSizeHint(self) -> QSize:
        words, gaps = self._needed()
        return QSize(words + gaps * SPACE_XS, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return handled

    def _needed(self) -> tuple[int, int]:
        """Return what the words take, in pixels, and how many gaps are between them."""
        widths = [each.sizeHint().width() for each in self.buttons if not each.isHidden()]
        return sum(widths) + 2 * self._margin, max(len(widths) - 1, 0)

    def _fit(self) -> None:
        words, gaps = self._needed()
        room = (self.width() - words) // gaps if gaps else self._spacing
        spacing = min(max(room, SPACE_XS), self._spacing)
        if spacing != self._row.spacing():
            self._row.setSpacing(spacing)


Make = QWidget | Callable[[], QWidget]


class Tabs(QWidget):
    """Underlined tabs over pages that share a place."""

    changed = Signal(int)

    def __init__(self, tabs: Sequence[tuple[str, Make]], margin: int = SPACE_XL) -> None:
        """Make the tabs.

        Args:
            tabs: label and page of each, or a function that makes the page when the tab is first
                shown (pages full of editors take time).
            margin: at the left of the first tab, in pixels.
        """
        super().__init__()
        self._makers: dict[int, Callable[[], QWidget]] = {}
        labels = [(n, label) for n, (label, _) in enumerate(tabs)]
        self._bar = TabRow(labels, "tab", SPACE_XL, margin)
        self.pages = ShownStack()
        for number, (_, page) in enumerate(tabs):
            if isinstance(page, QWidget):
                self.pages.addWidget(page)
            else:
                self._makers[number] = page
                self.pages.addWidget(QWidget())
        self._make(0)
        self._bar.chosen.connect(self._show)
        layout = column(self._bar, hairline(), self.pages, spacing=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    @property
    def current(self) -> int:
        """Number of the tab shown."""
        return self.pages.currentIndex()

    def show_tab(self, number: int) -> None:
        """Show a tab."""
        self._bar.choose(number)
        self._show(number)

    def offer(self, number: int, wanted: bool) -> None:
        """Offer a tab, or hide it; from a hidden one the first tab is shown."""
        self._bar.buttons[number].setVisible(wanted)
        if not wanted and self.current == number:
            self.show_tab(0)

    def set_label(self, number: int, label: str) -> None:
        """Name a tab again (with a count)."""
        self._bar.buttons[number].setText(label)

    def _make(self, number: int) -> None:
        maker = self._makers.pop(number, None)
        if maker is None:
            return
        placeholder = self.pages.widget(number)
        self.pages.insertWidget(number, maker())
        if placeholder is not None:
            self.pages.removeWidget(placeholder)
            placeholder.deleteLater()

    def _show(self, number: object) -> None:
        if isinstance(number, int):
            self._make(number)
            self.pages.setCurrentIndex(number)
            self.changed.emit(number)
