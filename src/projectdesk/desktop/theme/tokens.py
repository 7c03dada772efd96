"""The tokens that everything visible is made of.

Colours come in pairs that are read on one another; `tests/unit/desktop/test_theme.py` computes
their contrast (WCAG 2.2, 1.4.3: 4.5:1 for text; 1.4.11: 3:1 for what marks a control).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

SPACE_XS = 4
SPACE_S = 8
SPACE_M = 12
SPACE_L = 16
SPACE_XL = 24
SPACE_XXL = 32
"""Spacing in device-independent pixels; nothing in between."""

RADIUS_S = 6
RADIUS_M = 8
"""Corner radius of controls and of surfaces."""

ROW_HEIGHT = 38
CONTROL_HEIGHT = 34
ICON_SIZE = 18
RAIL_WIDTH = 84
INSPECTOR_WIDTH = 360


class Tone(StrEnum):
    """What a colour means, not how it looks."""

    TEXT = "text"
    MUTED = "muted"
    ACCENT = "accent"
    ON_ACCENT = "on_accent"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"
    INFO = "info"
    NEUTRAL = "neutral"


@dataclass(frozen=True)
class Tokens:
    """One colour scheme; values are `#rrggbb`. contrast: made for who needs more of it.

    window: behind everything. surface: what carries content. raised: menus, toasts, dialogs.
    sunken: wells such as a filter field. line: hairlines. control: the edge of a field or a box,
    without which one would not see that it is one. *_soft: backgrounds of chips and of
    selected rows, read with the colour of the same name on them.
    """

    dark: bool
    window: str
    surface: str
    raised: str
    sunken: str
    hover: str
    line: str
    line_strong: str
    control: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    accent_soft: str
    success: str
    success_soft: str
    warning: str
    warning_soft: str
    danger: str
    danger_soft: str
    info: str
    info_soft: str
    neutral_soft: str
    tip: str
    on_tip: str
    contrast: bool = False

    def colour(self, tone: Tone) -> str:
        """Return the colour of text or an icon of `tone`."""
        if tone is Tone.NEUTRAL:
            return self.muted
        return str(getattr(self, tone.value))

    def soft(self, tone: Tone) -> str:
        """Return the background of a chip of `tone`."""
        match tone:
            case Tone.ACCENT | Tone.ON_ACCENT:
                return self.accent_soft
            case Tone.SUCCESS:
                return self.success_soft
            case Tone.WARNING:
                return self.warning_soft
            case Tone.DANGER:
                return self.danger_soft
            case Tone.INFO:
                return self.info_soft
            case _:
                return self.neutral_soft


LIGHT = Tokens(
    dark=False,
    window="#f6f7f9",
    surface="#ffffff",
    raised="#ffffff",
    sunken="#eff1f4",
    hover="#f1f3f6",
    line="#e4e7ec",
    line_strong="#c8ced8",
    control="#7f8898",
    text="#1a1f29",
    muted="#586173",
    disabled="#9aa3b2",
    accent="#3355c8",
    accent_hover="#2a48b0",
    accent_pressed="#223c96",
    on_accent="#ffffff",
    accent_soft="#e8edfb",
    success="#1a6b45",
    success_soft="#e1f3e9",
    warning="#8a5200",
    warning_soft="#fdf0d9",
    danger="#b3261e",
    danger_soft="#fdeae8",
    info="#1c6080",
    info_soft="#e2f1f7",
    neutral_soft="#eceff3",
    tip="#20252f",
    on_tip="#f3f5f8",
)

DARK = Tokens(
    dark=True,
    window="#14171d",
    surface="#1b1f27",
    raised="#242932",
    sunken="#12151a",
    hover="#232833",
    line="#2c323d",
    line_strong="#434b59",
    control="#737d8e",
    text="#e9ecf1",
    muted="#a2abba",
    disabled="#687182",
    accent="#93aaff",
    accent_hover="#a9bbff",
    accent_pressed="#bccaff",
    on_accent="#10162b",
    accent_soft="#28335a",
    success="#6fcf9f",
    success_soft="#17382a",
    warning="#f0b960",
    warning_soft="#40301a",
    danger="#ff9b92",
    danger_soft="#47211f",
    info="#7cc7e8",
    info_soft="#17353f",
    neutral_soft="#2c323d",
    tip="#e9ecf1",
    on_tip="#1a1f29",
)

LIGHT_CONTRAST = replace(
    LIGHT,
    contrast=True,
    window="#ffffff",
    sunken="#ffffff",
    hover="#e4eaf8",
    line="#5a6270",
    line_strong="#000000",
    control="#000000",
    text="#000000",
    muted="#2b303a",
    disabled="#5c6370",
    accent="#1a3a9c",
    accent_hover="#142d7a",
    accent_pressed="#0e2058",
    accent_soft="#dde5fb",
    success="#0d4a2e",
    warning="#5e3800",
    danger="#8a1410",
    info="#0f435a",
    tip="#000000",
    on_tip="#ffffff",
)
"""For who asks the system for more contrast: text 7:1 (WCAG 2.2, 1.4.6), edges that are lines."""

DARK_CONTRAST = replace(
    DARK,
    contrast=True,
    window="#000000",
    surface="#000000",
    raised="#0d1016",
    sunken="#000000",
    hover="#1f2633",
    line="#8f98a8",
    line_strong="#ffffff",
    control="#ffffff",
    text="#ffffff",
    muted="#d5dae2",
    disabled="#9aa3b2",
    accent="#b9c9ff",
    accent_hover="#d0dbff",
    accent_pressed="#e2e9ff",
    on_accent="#000000",
    accent_soft="#1d2848",
    success="#9ae6bd",
    warning="#ffd08a",
    danger="#ffc0ba",
    info="#a8def6",
    success_soft="#0f2a1e",
    warning_soft="#2e210f",
    danger_soft="#331513",
    info_soft="#0f2831",
    tip="#ffffff",
    on_tip="#000000",
)


def _channel(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb` (WCAG 2.2)."""
    red, green, blue = (_channel(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours, 1..21 (WCAG 2.2)."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)
