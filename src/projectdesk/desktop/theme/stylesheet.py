"""The one style sheet, made from tokens.

Widgets ask for a look by dynamic properties: `role` on buttons (primary, quiet, danger, icon,
link, nav), `look` on labels (display, title, heading, strong, caption, muted, error), `surface`
on frames (page, card, raised, bar, inspector).
"""

from __future__ import annotations

from collections.abc import Callable
from string import Template

from projectdesk.desktop.theme.tokens import (
    CONTROL_HEIGHT,
    RADIUS_M,
    RADIUS_S,
    SPACE_L,
    SPACE_M,
    SPACE_S,
    SPACE_XS,
    Tokens,
)

_TYPE_SCALE = {"display": 1.85, "title": 1.5, "heading": 1.16, "body": 1.0, "caption": 0.88}

_GENERAL = """
* { font-size: ${body}pt; }
QWidget { color: $text; selection-background-color: $accent; selection-color: $on_accent; }
QMainWindow, QDialog, QFrame[surface="page"], QStackedWidget[surface="page"] {
    background: $window; }
QFrame[surface="card"] {
    background: $surface; border: 1px solid $line; border-radius: ${radius_m}px; }
QFrame[surface="raised"] {
    background: $raised; border: 1px solid $line; border-radius: ${radius_m}px; }
QFrame[surface="bar"] { background: $surface; border: none; border-bottom: 1px solid $line; }
QFrame[surface="rail"] { background: $surface; border: none; border-right: 1px solid $line; }
QFrame[surface="inspector"] { background: $surface; border: none; border-left: 1px solid $line; }
QFrame[surface="toast"] { background: $tip; border: none; border-radius: ${radius_m}px; }
QFrame[surface="toast"] QLabel { color: $on_tip; }
QFrame[surface="banner"] {
    background: $warning_soft; border: none; border-radius: ${radius_s}px; }
QFrame[surface="banner"] QLabel { color: $warning; }
QFrame[surface="line"] { background: transparent; border: 1px solid transparent; }
QFrame[surface="line"]:hover { background: $hover; }
QFrame[surface="line"]:focus { border-color: $accent; }
QFrame[line="true"] { background: $line; border: none; }
QLabel { background: transparent; }
QLabel[look="display"] { font-size: ${display}pt; font-weight: 600; }
QLabel[look="title"] { font-size: ${title}pt; font-weight: 600; }
QLabel[look="heading"] { font-size: ${heading}pt; font-weight: 600; }
QLabel[look="strong"] { font-weight: 600; }
QLabel[look="caption"] { font-size: ${caption}pt; color: $muted; }
QLabel[look="label"] { font-size: ${caption}pt; color: $muted; font-weight: 500; }
QLabel[look="muted"] { color: $muted; }
QLabel[look="error"] { font-size: ${caption}pt; color: $danger; }
QLabel[look="alarm"] { color: $danger; font-weight: 600; }
QLabel[look="warning"] { color: $warning; }
QLabel[look="bubble"] { background: $tip; color: $on_tip; border-radius: ${radius_s}px;
    padding: ${xs}px ${s}px; }
QLabel[look="number"] { font-size: ${title}pt; font-weight: 600; }
QScrollArea, QScrollArea > QWidget > QWidget[scroll="true"] {
    background: transparent; border: none; }
QScrollArea:focus { border: 1px solid $accent; }
QSplitter::handle { background: transparent; }
QToolTip { background: $tip; color: $on_tip; border: none; padding: ${xs}px ${s}px; }
"""

_BUTTONS = """
QPushButton { background: $surface; border: 1px solid $line_strong;
    border-radius: ${radius_s}px; padding: 0 ${m}px; min-height: ${inner}px;
    font-weight: 500; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $sunken; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $disabled; border-color: $line; }
QPushButton::menu-indicator { image: url($chevron_down); width: 14px; height: 14px;
    subcontrol-position: right center; subcontrol-origin: padding; right: ${s}px; }
QPushButton[menu="true"] { padding-right: 28px; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:pressed { background: $accent_pressed; }
QPushButton[role="primary"]:focus { border: 3px double $on_accent; padding: 0 10px; }
QPushButton[role="primary"]:disabled { background: $neutral_soft; color: $disabled;
    border-color: $neutral_soft; }
QPushButton[role="quiet"] { background: transparent; border-color: transparent; }
QPushButton[role="quiet"]:hover { background: $hover; }
QPushButton[role="quiet"]:focus { border-color: $accent; }
QPushButton[role="danger"] { color: $danger; }
QPushButton[role="danger"]:hover { background: $danger_soft; border-color: $danger; }
QPushButton[role="link"] { background: transparent; border: none; color: $accent; padding: 0;
    min-height: 22px; text-align: left; }
QPushButton[role="link"]:hover { text-decoration: underline; }
QPushButton[role="link"]:focus { text-decoration: underline; }
QPushButton[role="toast"] { background: transparent; border: none; color: $toast_action;
    font-weight: 600; }
QPushButton[role="toast"]:hover, QPushButton[role="toast"]:focus { text-decoration: underline; }
QPushButton[role="switcher"] { background: transparent; border: 1px solid transparent;
    font-weight: 600; text-align: left; padding-left: ${s}px; padding-right: 28px; }
QPushButton[role="switcher"]:hover { background: $hover; }
QPushButton[role="switcher"]:focus { border-color: $accent; }
QPushButton[role="searchbox"] { background: $sunken; border: 1px solid $control; color: $muted;
    font-weight: 400; text-align: left; padding: 0 ${s}px; }
QPushButton[role="searchbox"]:hover { border-color: $accent; }
QPushButton[role="searchbox"]:focus { border: 2px solid $accent; padding: 0 7px;
    min-height: ${inmost}px; }
QPushButton[role="choice"] { background: $surface; border: 1px solid $line;
    border-radius: ${radius_m}px; text-align: left; padding: 0; }
QPushButton[role="choice"]:hover { border-color: $accent; background: $surface; }
QPushButton[role="choice"]:focus { border-color: $accent; background: $accent_soft; }
QToolButton { background: transparent; border: 1px solid transparent;
    border-radius: ${radius_s}px; padding: 6px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $sunken; }
QToolButton:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; }
QToolButton[role="toggle"]:checked, QToolButton[here="true"] { background: $accent_soft; }
QToolButton[role="toggle"]:checked:hover { border-color: $accent; }
QToolButton[role="nav"] { color: $muted; font-size: ${caption}pt; font-weight: 500;
    padding: 6px 2px; border-radius: ${radius_m}px; }
QToolButton[role="nav"]:hover { background: $hover; color: $text; }
QToolButton[role="nav"]:checked { background: $accent_soft; color: $accent; }
QToolButton[role="nav"]:focus { border-color: $accent; }
QToolButton[role="nav"]:checked:focus, QToolButton[role="toggle"]:checked:focus {
    border: 2px solid $accent; }
QToolButton[role="segment"] { background: transparent; border: none; color: $muted;
    padding: 4px ${m}px; border-radius: ${radius_s}px; font-weight: 500; }
QToolButton[role="segment"]:hover { color: $text; }
QToolButton[role="segment"]:checked { background: $raised; color: $text;
    border: 1px solid $line; }
QToolButton[role="segment"]:focus { border: 1px solid $accent; }
QFrame[surface="segments"] { background: $sunken; border-radius: ${radius_m}px; border: none; }
QToolButton[role="subtab"] { background: transparent; border: none; color: $muted;
  padding: 7px 0; }
QToolButton[role="subtab"]:hover { color: $text; }
QToolButton[role="subtab"]:checked { color: $text; font-weight: 600; }
QToolButton[role="subtab"]:focus { color: $accent; text-decoration: underline; }
QToolButton[role="tab"] { background: transparent; border: none; border-radius: 0;
    border-bottom: 2px solid transparent; color: $muted; padding: 10px 2px 10px 2px;
    font-weight: 500; }
QToolButton[role="tab"]:hover { color: $text; border-bottom-color: $line_strong; }
QToolButton[role="tab"]:checked { color: $accent; border-bottom-color: $accent; }
QToolButton[role="tab"]:focus { color: $text; border: 2px solid $accent; border-radius: 4px;
    padding: 8px 0 10px 0; }
"""

_FIELDS = """
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox {
    background: $surface; border: 1px solid $control; border-radius: ${radius_s}px; }
QLineEdit, QComboBox, QSpinBox { padding: 0 ${s}px; min-height: ${inner}px; }
QPlainTextEdit, QTextEdit { padding: ${xs}px; }
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover, QComboBox:hover { border-color: $muted; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus {
    border: 2px solid $accent; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus { padding: 0 7px; min-height: ${inmost}px; }
QPlainTextEdit:focus, QTextEdit:focus { padding: 3px; }
QLineEdit:disabled, QComboBox:disabled, QLineEdit:read-only { color: $muted;
    background: $sunken; border-color: $line; }
*[invalid="true"], *[invalid="true"]:focus, *[invalid="true"]:hover { border-color: $danger; }
QLineEdit[look="well"] { background: $sunken; border-color: $control; }
QLineEdit[look="well"]:focus { background: $surface; border-color: $accent; }
QLineEdit[look="bare"], QLineEdit[look="bare"]:focus {
    background: transparent; border: none; font-size: ${heading}pt; }
QPlainTextEdit[look="paper"], QPlainTextEdit[look="paper"]:focus {
    background: transparent; border: none; padding: ${xs}px; }
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow { image: url($chevron_down); width: 14px; height: 14px; }
QComboBox QLineEdit, QComboBox QLineEdit:focus {
    border: none; background: transparent; padding: 0; min-height: 0; }
QSpinBox::up-button, QSpinBox::down-button { border: none; width: 20px;
    background: transparent; }
QSpinBox::up-arrow { image: url($chevron_up); width: 11px; height: 11px; }
QSpinBox::down-arrow { image: url($chevron_down); width: 11px; height: 11px; }
QCheckBox, QRadioButton { border: 1px solid transparent; border-radius: 4px; }
QCheckBox:focus, QRadioButton:focus { border-color: $accent; }
QCheckBox { spacing: ${s}px; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid $control;
    border-radius: 4px; background: $surface; }
QCheckBox::indicator:hover, QCheckBox::indicator:focus { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent;
    image: url($check_on_accent); }
QRadioButton { spacing: ${s}px; }
QRadioButton::indicator { width: 16px; height: 16px; border: 1px solid $control;
    border-radius: 9px; background: $surface; }
QRadioButton::indicator:hover, QRadioButton::indicator:focus { border-color: $accent; }
QRadioButton::indicator:checked { width: 8px; height: 8px; border: 5px solid $accent; }
QRadioButton::indicator:checked:focus { border-color: $text; }
QRadioButton::indicator:disabled { border-color: $disabled; }
QProgressBar { background: $neutral_soft; border: none; border-radius: 3px; max-height: 6px;
    min-height: 6px; text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
"""

_VIEWS = """
QTableView, QListView, QTreeView { background: $surface; border: 1px solid $line;
    border-radius: ${radius_m}px; outline: none; alternate-background-color: $surface; }
QTableView:focus, QListView:focus, QTreeView:focus { border-color: $accent; }
QListWidget::item { border-radius: ${radius_s}px; padding: 0 ${s}px; min-height: 30px;
    color: $text; }
QListWidget::item:hover { background: $hover; }
QListWidget::item:selected { background: $accent_soft; color: $text; }
QListWidget { padding: ${xs}px; }
QListWidget::indicator { width: 16px; height: 16px; border: 1px solid $control;
    border-radius: 4px; background: $surface; }
QListWidget::indicator:checked { background: $accent; border-color: $accent;
    image: url($check_on_accent); }
QTableView[frame="none"], QListView[frame="none"] { border: none; border-radius: 0;
    background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QTableView QLineEdit, QTableView QComboBox { border-radius: 3px; border-color: $accent;
    padding: 0 6px; min-height: 0; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: transparent; color: $muted; border: none;
    border-bottom: 1px solid $line; padding: 0 ${m}px; height: 34px;
    font-size: ${caption}pt; font-weight: 500; text-align: left; }
QHeaderView::section:hover { color: $text; }
QHeaderView::up-arrow { image: url($chevron_up); width: 11px; height: 11px; }
QHeaderView::down-arrow { image: url($chevron_down); width: 11px; height: 11px; }
QTableCornerButton::section { background: $surface; border: none; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle { background: $control; border-radius: 4px; min-height: 32px;
    min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QMenu { background: $raised; border: 1px solid $line; border-radius: ${radius_m}px;
    padding: ${xs}px; }
QMenu::item { padding: 7px ${l}px 7px ${s}px; border-radius: ${radius_s}px; margin: 1px; }
QMenu::icon { padding-left: ${s}px; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: ${xs}px ${s}px; }
QComboBox QAbstractItemView, QAbstractItemView#completer { background: $raised;
    border: 1px solid $line; border-radius: ${radius_s}px; padding: ${xs}px; outline: none; }
QComboBox QAbstractItemView::item, QAbstractItemView#completer::item { min-height: 28px;
    padding: 0 ${s}px; border-radius: 4px; color: $text; }
QComboBox QAbstractItemView::item:selected, QAbstractItemView#completer::item:selected {
    background: $accent_soft; color: $text; }
QCalendarWidget QWidget#qt_calendar_navigationbar { background: $raised; }
QCalendarWidget QToolButton { color: $text; font-weight: 600; }
QCalendarWidget QToolButton#qt_calendar_prevmonth { qproperty-icon: url($chevron_left); }
QCalendarWidget QToolButton#qt_calendar_nextmonth { qproperty-icon: url($chevron_right); }
QCalendarWidget QAbstractItemView { background: $raised; border: none; border-radius: 0;
    selection-background-color: $accent; selection-color: $on_accent; }
QCalendarWidget QAbstractItemView:disabled { color: $disabled; }
QCalendarWidget { background: $raised; }
"""

_CONTRAST = """
QPushButton:focus, QToolButton:focus, QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus,
QComboBox:focus, QSpinBox:focus, QTableView:focus, QListView:focus, QTreeView:focus,
QFrame[surface="line"]:focus, QScrollArea:focus { border: 3px solid $accent; }
QPushButton[role="primary"]:focus { border: 4px double $on_accent; padding: 0 9px; }
QPushButton[role="link"]:focus { border: none; }
"""
"""Where edges are as strong as the focus, the focus is wider than they are."""


def type_scale(body_points: float) -> dict[str, float]:
    """Return the sizes of the type scale in points, from the size of body text."""
    return {name: round(body_points * share, 1) for name, share in _TYPE_SCALE.items()}


def style_sheet(tokens: Tokens, body_points: float, image: Callable[[str, str], str]) -> str:
    """Return the style sheet.

    Args:
        tokens: colours.
        body_points: size of body text.
        image: returns the path of an icon (its name) in a colour (`#rrggbb`).
    """
    places: dict[str, object] = {
        name: value for name, value in vars(tokens).items() if isinstance(value, str)
    }
    places |= type_scale(body_points)
    places |= {"xs": SPACE_XS, "s": SPACE_S, "m": SPACE_M, "l": SPACE_L}
    places |= {"radius_s": RADIUS_S, "radius_m": RADIUS_M, "inner": CONTROL_HEIGHT - 2}
    places["inmost"] = CONTROL_HEIGHT - 4
    for name in ("chevron-up", "chevron-down", "chevron-left", "chevron-right"):
        places[name.replace("-", "_")] = image(name, tokens.muted)
    places["check_on_accent"] = image("check", tokens.on_accent)
    places["toast_action"] = "#2a48b0" if tokens.dark else "#a9bbff"
    parts = _GENERAL + _BUTTONS + _FIELDS + _VIEWS + (_CONTRAST if tokens.contrast else "")
    return Template(parts).substitute(places)
