"""F6 goes round the regions of the window: rail, bar, page, its list, its inspector.

A person without a mouse gets from the list to the inspector with one key instead of with as many
Tabs as there are columns (WCAG 2.2, 2.4.1); back in a region, the focus is where it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from weakref import WeakKeyDictionary

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QWidget
from shiboken6 import isValid


class Regions:
    """Where F6 goes to in a window."""

    def __init__(self, around: Sequence[QWidget], content: QWidget) -> None:
        """Know the regions.

        Args:
            around: what is around the page, in the order of reading.
            content: the page; its first list and its inspectors are regions of their own.
        """
        self._around = tuple(around)
        self._content = content
        self._last: WeakKeyDictionary[QWidget, QWidget] = WeakKeyDictionary()

    def go(self, step: int) -> None:
        """Put the focus into the next region (step 1), or the one before (-1)."""
        seen = self._regions()
        regions = [region for region in seen if _first_stop(region, _inner(region, seen))]
        if not regions:
            return
        focus = QApplication.focusWidget()
        here = next((n for n, r in enumerate(regions) if _holds(r, focus, seen)), None)
        if here is not None and focus is not None:
            self._last[regions[here]] = focus
        start = here if here is not None else (-1 if step > 0 else 0)
        self._enter(regions[(start + step) % len(regions)], step, seen)

    def _enter(self, region: QWidget, step: int, seen: Sequence[QWidget]) -> None:
        last = self._last.get(region)
        kept = last is not None and isValid(last) and _is_stop(last)
        if not kept or not _holds(region, last, seen):
            last = _first_stop(region, _inner(region, seen))
        if last is not None:
            forward, back = Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason
            last.setFocus(forward if step > 0 else back)

    def _regions(self) -> list[QWidget]:
        inside = list(_parts_of(self._content))
        return [r for r in (*self._around, self._content, *inside) if r.isVisible()]


def _inner(region: QWidget, seen: Sequence[QWidget]) -> list[QWidget]:
    """Return the regions that lie in `region`, whose stops are not its own."""
    return [part for part in seen if part is not region and region.isAncestorOf(part)]


def _holds(region: QWidget, widget: QWidget | None, seen: Sequence[QWidget]) -> bool:
    if widget is None or not (region is widget or region.isAncestorOf(widget)):
        return False
    return not any(part is widget or part.isAncestorOf(widget) for part in _inner(region, seen))


def _parts_of(content: QWidget) -> Iterator[QWidget]:
    """Yield the page's first list, then its inspectors."""
    inspectors = [
        frame
        for frame in content.findChildren(QFrame)
        if frame.property("surface") == "inspector" and frame.isVisible()
    ]
    for view in content.findChildren(QAbstractItemView):
        beside = not any(frame.isAncestorOf(view) for frame in inspectors)
        if view.isVisible() and beside and _is_stop(view):
            yield view
            break
    yield from inspectors


def _is_stop(widget: QWidget) -> bool:
    stops = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(stops) and widget.isVisible() and widget.isEnabled()


def _first_stop(region: QWidget, without: Sequence[QWidget]) -> QWidget | None:
    """Return where Tab stops first in `region`, but not in its parts `without`."""
    if _is_stop(region):
        return region
    widget = region.nextInFocusChain()
    while widget is not None and widget is not region:
        left_out = any(part is widget or part.isAncestorOf(widget) for part in without)
        if region.isAncestorOf(widget) and not left_out and _is_stop(widget):
            return widget
        widget = widget.nextInFocusChain()
    return None


def open_menu_of_focus() -> None:
    """Ask what has the focus for its context menu (Shift+F10; Qt knows only the Menu key)."""
    focus = QApplication.focusWidget()
    if focus is None:
        return
    at = focus.rect().center()
    keyboard = QContextMenuEvent.Reason.Keyboard
    event = QContextMenuEvent(keyboard, at, focus.mapToGlobal(at))
    QApplication.sendEvent(focus, event)
