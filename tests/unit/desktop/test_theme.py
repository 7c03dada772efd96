"""Colours can be read, the style sheet is whole, icons are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessibilityHints, QColor
from PySide6.QtWidgets import QApplication, QPushButton

from projectdesk import resources
from projectdesk.desktop.theme import Scheme, Tone, set_icon
from projectdesk.desktop.theme.stylesheet import style_sheet
from projectdesk.desktop.theme.theme import palette_of
from projectdesk.desktop.theme.tokens import (
    DARK,
    DARK_CONTRAST,
    LIGHT,
    LIGHT_CONTRAST,
    Tokens,
    contrast,
)
from projectdesk.desktop.widgets.layout import button

SOURCE = Path(__file__).resolve().parents[3] / "src" / "projectdesk"
READABLE = 4.5
TEXTS = ("text", "muted", "accent", "danger", "warning", "success", "info")
GROUNDS = ("window", "surface", "raised", "sunken", "hover")


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_text_is_readable_on_every_ground(tokens: Tokens, text: str, ground: str):
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= READABLE


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("tone", [t for t in Tone if t is not Tone.ON_ACCENT])
def test_chips_are_readable(tokens: Tokens, tone: Tone):
    assert contrast(tokens.colour(tone), tokens.soft(tone)) >= READABLE


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_pairs_of_buttons_selection_and_tips_are_readable(tokens: Tokens):
    for ground in ("accent", "accent_hover", "accent_pressed"):
        assert contrast(tokens.on_accent, getattr(tokens, ground)) >= READABLE
    assert contrast(tokens.text, tokens.accent_soft) >= READABLE
    assert contrast(tokens.muted, tokens.accent_soft) >= READABLE
    assert contrast(tokens.on_tip, tokens.tip) >= READABLE


def test_black_on_white_has_the_contrast_that_wcag_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_the_style_sheet_has_no_places_left(tokens: Tokens):
    sheet = style_sheet(tokens, 10, lambda name, colour: f"/{name}-{colour[1:]}.svg")
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")


def test_the_palette_is_that_of_the_tokens():
    assert palette_of(DARK).window().color() == QColor(DARK.window)


def test_a_chosen_scheme_dresses_the_application(dressed, qapp):
    dressed.apply(Scheme.DARK)
    assert qapp.palette().window().color() == QColor(DARK.window)
    assert dressed.tokens is DARK
    dressed.apply(Scheme.LIGHT)
    assert qapp.palette().window().color() == QColor(LIGHT.window)


def test_the_system_s_colours_are_followed_only_when_asked(dressed, qapp):
    dressed.apply(Scheme.SYSTEM)
    assert dressed.tokens is LIGHT  # the offscreen platform has no dark scheme
    dressed.apply(Scheme.DARK)
    QApplication.styleHints().colorSchemeChanged.emit(QApplication.styleHints().colorScheme())
    assert dressed.tokens is DARK


def test_an_icon_follows_the_theme(dressed, qtbot):
    made = QPushButton()
    qtbot.addWidget(made)
    set_icon(made, "house", Tone.TEXT)

    def colours() -> set[str]:
        image = made.icon().pixmap(QSize(24, 24)).toImage()
        return {
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).alpha() == 255
        }

    assert LIGHT.text in colours()
    dressed.apply(Scheme.DARK)
    assert DARK.text in colours()


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_an_icon_of_a_button_keeps_off_its_words_in_any_theme(dressed, qtbot, scheme):
    made = button("Export", icon="file-down")
    qtbot.addWidget(made)
    dressed.apply(scheme)
    image = made.icon().pixmap(made.iconSize()).toImage()
    assert image.width() == 22
    painted = [
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y).alpha() for y in range(image.height()))
    ]
    assert max(painted) < 16, "the rest is air"
    assert min(painted) < 4


def test_every_icon_that_is_asked_for_is_there(dressed):
    pattern = re.compile(
        r'(?:set_icon\(\w+(?:\.\w+)*, |Icon\(|EmptyState\(\s*|icon_button\(\s*)"([a-z0-9-]+)"'
    )
    asked = set()
    for file in SOURCE.joinpath("desktop").rglob("*.py"):
        asked |= set(pattern.findall(file.read_text(encoding="utf-8")))
    assert len(asked) > 10
    for name in asked:
        assert resources.path("icons", "lucide", f"{name}.svg").is_file(), name


def test_the_licence_of_the_icons_is_beside_them():
    assert "ISC License" in resources.path("icons", "lucide", "LICENSE").read_text("utf-8")


#: Large text and what marks a control (WCAG 2.2, 1.4.3 and 1.4.11).
SEEN = 3.0
#: Text for who asked for more contrast (WCAG 2.2, 1.4.6).
MORE = 7.0
SCHEMES = {
    "light": LIGHT,
    "dark": DARK,
    "light-contrast": LIGHT_CONTRAST,
    "dark-contrast": DARK_CONTRAST,
}
every_scheme = pytest.mark.parametrize("tokens", SCHEMES.values(), ids=SCHEMES)


@every_scheme
@pytest.mark.parametrize("ground", GROUNDS)
def test_fields_and_the_focus_are_seen_on_every_ground(tokens: Tokens, ground: str):
    assert contrast(tokens.control, getattr(tokens, ground)) >= SEEN
    assert contrast(tokens.accent, getattr(tokens, ground)) >= SEEN


@every_scheme
def test_the_focus_is_seen_beside_what_it_takes_the_place_of(tokens: Tokens):
    assert contrast(tokens.on_accent, tokens.accent) >= SEEN, "the ring in a primary button"
    assert contrast(tokens.accent, tokens.accent_soft) >= SEEN, "a cell in a selected row"
    if not tokens.contrast:  # there the ring is wider than the edge instead
        assert contrast(tokens.accent, tokens.line) >= SEEN
        assert contrast(tokens.accent, tokens.line_strong) >= SEEN


@pytest.mark.parametrize("tokens", [LIGHT_CONTRAST, DARK_CONTRAST], ids=["light", "dark"])
def test_high_contrast_is_high(tokens: Tokens):
    for ground in GROUNDS:
        for text in TEXTS:
            assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= MORE, (text, ground)
        assert contrast(tokens.line, getattr(tokens, ground)) >= SEEN
        assert contrast(tokens.disabled, getattr(tokens, ground)) >= READABLE
    for tone in Tone:
        if tone is not Tone.ON_ACCENT:
            assert contrast(tokens.colour(tone), tokens.soft(tone)) >= MORE, tone
    assert contrast(tokens.on_accent, tokens.accent) >= MORE
    assert contrast(tokens.on_tip, tokens.tip) >= MORE


def test_more_contrast_is_given_to_who_chose_it_and_to_who_told_the_system(dressed, monkeypatch):
    dressed.apply(Scheme.CONTRAST)
    assert dressed.tokens is LIGHT_CONTRAST
    dressed.apply(Scheme.LIGHT)
    assert dressed.tokens is LIGHT
    wanted = Qt.ContrastPreference.HighContrast
    monkeypatch.setattr(QAccessibilityHints, "contrastPreference", lambda _: wanted)
    QApplication.styleHints().accessibility().contrastPreferenceChanged.emit(wanted)
    assert dressed.tokens is LIGHT_CONTRAST
    dressed.apply(Scheme.DARK)
    assert dressed.tokens is DARK_CONTRAST
