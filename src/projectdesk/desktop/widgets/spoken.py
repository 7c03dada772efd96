"""Widgets of our own that a screen reader knows by their role, and can press.

Qt tells the role of its own kinds of widgets; a frame that is clicked and a widget that paints a
chart are a nameless "client" to it. `play` says what such a widget is (docs/adr/0099).
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAccessibleWidget, QApplication, QWidget

Role = QAccessible.Role
_ROLE = "access_role"
_FACTORY = "projectdesk_access"
_PRESSED = frozenset({Role.Button, Role.Link, Role.ListItem, Role.PageTab, Role.RadioButton})


class SpokenWidget(QAccessibleWidget):
    """A widget with a role of its own; what can be pressed is pressed as by its key."""

    def __init__(self, widget: QWidget, role: QAccessible.Role) -> None:
        super().__init__(widget, role)
        self._pressed = role in _PRESSED

    def text(self, t: QAccessible.Text) -> str:
        said = super().text(t)
        widget = self.widget()
        if not said and t is QAccessible.Text.Name and isinstance(widget, QAbstractButton):
            return widget.text().replace("&", "")
        return said

    def childCount(self) -> int:
        # What a chart is painted with (a viewport, a ruler) says nothing that it does not say.
        return 0 if self.role() is Role.Chart else super().childCount()

    def state(self) -> QAccessible.State:
        state = super().state()
        widget = self.widget()
        if isinstance(widget, QAbstractButton) and widget.isCheckable():
            state.checkable, state.checked = 1, int(widget.isChecked())
            if self.role() is Role.PageTab:
                state.selectable, state.selected = 1, int(widget.isChecked())
        return state

    def actionNames(self) -> list[str]:
        names = [QAccessibleActionInterface.pressAction()] if self._pressed else []
        return [*names, QAccessibleActionInterface.setFocusAction()]

    def doAction(self, actionName: str) -> None:  # noqa: N803 - Qt names it
        widget = self.widget()
        if actionName == QAccessibleActionInterface.setFocusAction():
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
        elif actionName == QAccessibleActionInterface.pressAction() and self._pressed:
            _press(widget)


def play(widget: QWidget, role: QAccessible.Role) -> None:
    """Let screen readers know `widget` as a `role`; call it in the widget's constructor."""
    application = QApplication.instance()
    if application is not None and not application.property(_FACTORY):
        QAccessible.installFactory(_interface_of)
        application.setProperty(_FACTORY, True)
    widget.setProperty(_ROLE, role.value)


def _press(widget: QWidget) -> None:
    if isinstance(widget, QAbstractButton):
        widget.click()
        return
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        key = QKeyEvent(kind, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.sendEvent(widget, key)


def _interface_of(_kind: str, thing: QObject) -> QAccessibleInterface | None:
    if not isinstance(thing, QWidget):
        return None
    role = thing.property(_ROLE)
    return SpokenWidget(thing, Role(role)) if isinstance(role, int) else None
