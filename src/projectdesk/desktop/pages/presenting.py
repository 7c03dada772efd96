"""What pages and their parts have in common: presenters that load while they are on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QShowEvent
    from PySide6.QtWidgets import QWidget as _Widget

    from projectdesk.desktop.presenters.presenter import Presenter

    P = TypeVar("P", bound=Presenter)
else:
    _Widget = object


class Presented(_Widget):
    """Mixin of widgets, named before their Qt class: presenters live with the widget.

    They are active while it is on the screen. Whoever made the widget says when they end.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._presenters: list[Presenter] = []

    def present(self, presenter: P) -> P:
        """Let `presenter` live with this widget; return it."""
        self._presenters.append(presenter)
        return presenter

    def close_presenters(self) -> None:
        """Let the presenters go."""
        for presenter in self._presenters:
            presenter.close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        for presenter in self._presenters:
            presenter.activate()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        for presenter in self._presenters:
            presenter.deactivate()
