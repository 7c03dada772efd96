"""The navigation rail and the top bar."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QMenu, QToolButton

from projectdesk.desktop.language import say
from projectdesk.desktop.routes import RAIL, RAIL_PLACE, Place
from projectdesk.desktop.theme import Tone, restyle, set_icon, theme
from projectdesk.desktop.theme.tokens import (
    CONTROL_HEIGHT,
    RAIL_WIDTH,
    SPACE_L,
    SPACE_M,
    SPACE_S,
    SPACE_XL,
    SPACE_XS,
)
from projectdesk.desktop.widgets.badges import Avatar
from projectdesk.desktop.widgets.layout import button, column, icon_button, row

_ICONS = {
    Place.HOME: "house",
    Place.MEETINGS: "calendar-days",
    Place.CALENDAR: "calendar",
    Place.PROJECTS: "folder-kanban",
    Place.ACTIONS: "list-checks",
    Place.DECISIONS: "gavel",
    Place.DIRECTORY: "book-user",
    Place.MAIL: "mail",
    Place.SETTINGS: "settings",
}
_BUTTON_HEIGHT = 58
_LOW_HEIGHT = 36
_SEARCH_WIDTH, _SEARCH_LEAST = 320, 120
_BESIDE_SEARCH = 480


def place_name(place: Place) -> str:
    """Return what a place of the rail is called."""
    return {
        Place.HOME: say("Home"),
        Place.MEETINGS: say("Meetings"),
        Place.CALENDAR: say("Calendar"),
        Place.PROJECTS: say("Projects"),
        Place.ACTIONS: say("Actions"),
        Place.DECISIONS: say("Decisions"),
        Place.DIRECTORY: say("Directory"),
        Place.MAIL: say("Mail"),
        Place.SETTINGS: say("Settings"),
    }[place]


class NavigationRail(QFrame):
    """The places, at the left."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "rail")
        self.setFixedWidth(self._width_for_words())
        self._low = False
        self._group = QButtonGroup(self)
        self.buttons: dict[Place, QToolButton] = {}
        for number, place in enumerate(RAIL):
            made = QToolButton()
            made.setProperty("role", "nav")
            made.setText(place_name(place))
            made.setIconSize(QSize(20, 20))
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            made.setCheckable(True)
            made.setFixedSize(self.width() - 2 * SPACE_S, _BUTTON_HEIGHT)
            made.setAccessibleName(place_name(place))
            made.setCursor(Qt.CursorShape.PointingHandCursor)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            made.setToolTip(f"{place_name(place)}  (Ctrl+{number + 1})")
            set_icon(made, _ICONS[place], Tone.MUTED)
            made.clicked.connect(lambda _=False, chosen=place: self.chosen.emit(chosen))
            self._group.addButton(made)
            self.buttons[place] = made
        places = [self.buttons[place] for place in RAIL]
        self.setLayout(
            column(
                *places[:-1],
                None,
                places[-1],
                spacing=SPACE_XS,
                margins=(SPACE_S, SPACE_M, SPACE_S, SPACE_M),
            )
        )
        theme().changed.connect(self._tint)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show icons without words in a window too low for both, as at 200 %."""
        super().resizeEvent(event)
        whole = len(self.buttons) * (_BUTTON_HEIGHT + SPACE_XS) + 2 * SPACE_M
        low = self.height() < whole
        if low == self._low:
            return
        self._low = low
        under, alone = (
            Qt.ToolButtonStyle.ToolButtonTextUnderIcon,
            Qt.ToolButtonStyle.ToolButtonIconOnly,
        )
        for made in self.buttons.values():
            made.setToolButtonStyle(alone if low else under)
            made.setFixedHeight(_LOW_HEIGHT if low else _BUTTON_HEIGHT)

    def _width_for_words(self) -> int:
        """Return a width in which the longest name of a place fits, in any language."""
        font = QFont(self.font())
        font.setPointSizeF(theme().points("caption"))
        font.setWeight(QFont.Weight.Medium)
        longest = max(QFontMetrics(font).horizontalAdvance(place_name(p)) for p in RAIL)
        return max(RAIL_WIDTH, longest + 2 * SPACE_S + SPACE_M)

    def mark(self, place: Place) -> None:
        """Mark where one is; nothing for a place that is not in the rail."""
        here = RAIL_PLACE.get(place, place)
        self._group.setExclusive(here in self.buttons)
        for each, made in self.buttons.items():
            made.setChecked(each is here)
        self._group.setExclusive(True)
        self._tint()

    def _tint(self) -> None:
        for place, made in self.buttons.items():
            set_icon(made, _ICONS[place], Tone.ACCENT if made.isChecked() else Tone.MUTED)


class TopBar(QFrame):
    """Project switcher, search box, undo and redo, who one is."""

    project_chosen = Signal(object)
    search_asked = Signal()
    undo_asked = Signal()
    redo_asked = Signal()
    me_asked = Signal()
    help_asked = Signal()
    shortcuts_asked = Signal()
    place_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "bar")
        self.setFixedHeight(56)
        self._projects: list[tuple[UUID, str]] = []
        self._project: UUID | None = None
        self.switcher = button(say("All projects"), "switcher")
        self.switcher.setToolTip(say("Show one project or all"))
        self.switcher.setMaximumWidth(240)
        self._menu = QMenu(self.switcher)
        self.switcher.setMenu(self._menu)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.search = button(say("Search or do anything") + "   Ctrl+K", "searchbox", "search")
        self.search.setFixedHeight(CONTROL_HEIGHT)
        self.search.setMinimumWidth(_SEARCH_WIDTH)
        set_icon(self.search, "search", Tone.MUTED)
        self.search.clicked.connect(self.search_asked)
        self.undo = icon_button("undo-2", say("Undo"), self.undo_asked.emit)
        self.redo = icon_button("redo-2", say("Redo"), self.redo_asked.emit)
        self.help = icon_button("circle-question-mark", say("Help"))
        self.help.setPopupMode(self.help.ToolButtonPopupMode.InstantPopup)
        self.help.setMenu(self._help_menu())
        self._avatar = Avatar("", 30)
        self.set_undo(None, None)
        self.setLayout(
            row(
                self.switcher,
                None,
                self.search,
                None,
                self.undo,
                self.redo,
                self.help,
                SPACE_S,
                self._avatar,
                spacing=SPACE_XS,
                margins=(SPACE_L, 0, SPACE_XL, 0),
            )
        )

    def mark(self, place: Place) -> None:
        """Mark the button of Help while one is there."""
        here = place is Place.HELP
        self.help.setProperty("here", here)
        set_icon(self.help, "circle-question-mark", Tone.ACCENT if here else Tone.MUTED)
        self.help.setAccessibleDescription(say("Here you are") if here else "")
        restyle(self.help)

    def _help_menu(self) -> QMenu:
        menu = QMenu(self)
        for words, icon, run in (
            (say("User guide to this page") + "\tF1", "file-text", self.help_asked.emit),
            (say("Keyboard shortcuts"), "keyboard", self.shortcuts_asked.emit),
            (say("Help"), "circle-question-mark", lambda: self.place_asked.emit(Place.HELP)),
        ):
            made = menu.addAction(words)
            set_icon(made, icon, Tone.MUTED)
            made.triggered.connect(lambda _=False, go=run: go())
        return menu

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the search less room in a narrow window, as at 200 %."""
        super().resizeEvent(event)
        wide = self.width() >= _SEARCH_WIDTH + _BESIDE_SEARCH
        self.search.setMinimumWidth(_SEARCH_WIDTH if wide else _SEARCH_LEAST)

    def set_projects(self, projects: Sequence[tuple[UUID, str]]) -> None:
        """Offer `projects` (id and acronym)."""
        self._projects = list(projects)
        self._show_project()

    def set_project(self, project: UUID | None) -> None:
        """Show which project is chosen; None = all."""
        self._project = project
        self._show_project()

    def set_undo(self, undo: str | None, redo: str | None) -> None:
        """Say what Undo and Redo would do; None = nothing."""
        self.undo.setEnabled(undo is not None)
        self.redo.setEnabled(redo is not None)
        self.undo.setToolTip(f"{say('Undo')}: {undo}  (Ctrl+Z)" if undo else say("Undo"))
        self.redo.setToolTip(f"{say('Redo')}: {redo}  (Ctrl+Shift+Z)" if redo else say("Redo"))

    def set_me(self, name: str) -> None:
        """Show who one is."""
        self._avatar.set_name(name)
        self._avatar.setVisible(bool(name))

    def _show_project(self) -> None:
        name = dict(self._projects).get(self._project) if self._project else None
        self.switcher.setText(name or say("All projects"))
        self.switcher.setVisible(bool(self._projects))

    def _fill_menu(self) -> None:
        self._menu.clear()
        for project, name in [(None, say("All projects")), *self._projects]:
            made = self._menu.addAction(name)
            if project == self._project:
                set_icon(made, "check", Tone.ACCENT)
            else:
                set_icon(made, "folder-kanban", Tone.MUTED)
            made.triggered.connect(lambda _=False, p=project: self.project_chosen.emit(p))
