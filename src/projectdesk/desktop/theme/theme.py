"""The theme of the running application: tokens, palette, style sheet, icons."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from projectdesk.desktop.theme.icons import TintedIcons
from projectdesk.desktop.theme.stylesheet import style_sheet, type_scale
from projectdesk.desktop.theme.tokens import (
    DARK,
    DARK_CONTRAST,
    LIGHT,
    LIGHT_CONTRAST,
    Tokens,
    Tone,
)

_PROPERTY = "projectdesk_theme"
_ICON_NAME = "icon_name"
_ICON_TONE = "icon_tone"
_ICON_AIR = "icon_air"
_SMALLEST_BODY_POINTS = 10.0


class Scheme(StrEnum):
    """Which colours a person wants; CONTRAST is light or dark as the system is."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class TakesIcon(Protocol):
    """A button or an action."""

    def setIcon(self, icon: QIcon, /) -> None:
        """Show `icon`."""

    def setProperty(self, name: str, value: object, /) -> bool:
        """Keep `value` under `name`."""


class Theme(QObject):
    """Dresses the application; follows the system's colour scheme unless told otherwise."""

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._scheme = Scheme.SYSTEM
        self._styled = False
        self._icons = TintedIcons()
        system = application.font().pointSizeF()
        self._body_points = max(system if system > 0 else 0.0, _SMALLEST_BODY_POINTS)
        self.tokens: Tokens = LIGHT
        application.setProperty(_PROPERTY, self)
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._on_system_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self._on_contrast_changed)

    @property
    def scheme(self) -> Scheme:
        """What was asked for."""
        return self._scheme

    def apply(self, scheme: Scheme) -> None:
        """Dress the application in `scheme`."""
        self._scheme = scheme
        self.tokens = self._wanted()
        if not self._styled:  # the style's name does not tell: a style sheet wraps it
            self._application.setStyle(QStyleFactory.create("Fusion"))
            self._styled = True
        font = QFont(self._application.font())
        font.setPointSizeF(self._body_points)
        self._application.setFont(font)
        self._application.setPalette(palette_of(self.tokens))
        sheet = style_sheet(self.tokens, self._body_points, self._icons.file)
        if sheet != self._application.styleSheet():  # all widgets would be polished again
            self._application.setStyleSheet(sheet)
        self._dress_again()
        self.changed.emit()

    def points(self, level: str) -> float:
        """Return the size in points of a level of the type scale (display .. caption)."""
        return type_scale(self._body_points)[level]

    def icon(self, name: str, tone: Tone = Tone.TEXT, *, air: bool = False) -> QIcon:
        """Return icon `name` in the colour of `tone`; with `air`, kept off words beside it."""
        return self._icons.icon(name, self.tokens.colour(tone), self.tokens.disabled, air)

    def _wanted(self) -> Tokens:
        hints = QGuiApplication.styleHints()
        preference = hints.accessibility().contrastPreference()
        more = preference is Qt.ContrastPreference.HighContrast or self._scheme is Scheme.CONTRAST
        dark = self._scheme is Scheme.DARK
        if self._scheme in (Scheme.SYSTEM, Scheme.CONTRAST):
            dark = hints.colorScheme() is Qt.ColorScheme.Dark
        if more:
            return DARK_CONTRAST if dark else LIGHT_CONTRAST
        return DARK if dark else LIGHT

    def _on_system_changed(self) -> None:
        if self._scheme in (Scheme.SYSTEM, Scheme.CONTRAST):
            self.apply(self._scheme)

    def _on_contrast_changed(self) -> None:
        self.apply(self._scheme)

    def _dress_again(self) -> None:
        for widget in QApplication.allWidgets():
            _dress_from_properties(widget, self)
            for action in widget.actions():
                _dress_from_properties(action, self)


def palette_of(tokens: Tokens) -> QPalette:
    """Return the palette of `tokens`, for what the style sheet does not reach."""
    palette = QPalette()
    role = QPalette.ColorRole
    for key, colour in {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.hover,
        role.Text: tokens.text,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.danger,
        role.ToolTipBase: tokens.tip,
        role.ToolTipText: tokens.on_tip,
        role.PlaceholderText: tokens.muted,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.Light: tokens.raised,
        role.Midlight: tokens.hover,
        role.Mid: tokens.line,
        role.Dark: tokens.line_strong,
        role.Shadow: tokens.line_strong,
        role.Accent: tokens.accent,
    }.items():
        palette.setColor(key, QColor(colour))
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(tokens.disabled))
    return palette


def theme() -> Theme:
    """Return the theme of the running application, made when first asked for."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise RuntimeError("the theme needs a running application")
    current = application.property(_PROPERTY)
    return current if isinstance(current, Theme) else Theme(application)


def tokens() -> Tokens:
    """Return the tokens in use."""
    return theme().tokens


def set_icon(target: TakesIcon, name: str, tone: Tone = Tone.TEXT, *, air: bool = False) -> None:
    """Give a button or an action an icon that follows the theme.

    Args:
        target: the button or action.
        name: of the icon.
        tone: its colour by meaning.
        air: keep it off the words of a button.
    """
    target.setProperty(_ICON_NAME, name)
    target.setProperty(_ICON_TONE, tone.value)
    target.setProperty(_ICON_AIR, air)
    target.setIcon(theme().icon(name, tone, air=air))


def restyle(widget: QWidget) -> None:
    """Let the style sheet look at changed properties of `widget`."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


def _dress_from_properties(target: QObject, current: Theme) -> None:
    name = target.property(_ICON_NAME)
    setter = getattr(target, "setIcon", None)
    if isinstance(name, str) and setter is not None:
        air = bool(target.property(_ICON_AIR))
        setter(current.icon(name, Tone(target.property(_ICON_TONE)), air=air))
