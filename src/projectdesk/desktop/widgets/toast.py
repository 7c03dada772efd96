"""Short messages over the content that go by themselves, with Undo where it makes sense."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.layout import button, row, text

_SHOWN_MS = 6000
_SHOWN_PER_LETTER_MS = 45
_MAXIMUM_WIDTH = 560


class Toast(QFrame):
    """One message at a time at the bottom of its parent; a new one takes the place."""

    gone = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setProperty("surface", "toast")
        self._words = text("", wrap=False)
        self._action = button("", "toast")
        self._close = button(say("Dismiss"), "toast", "", self.dismiss)
        self._run: Callable[[], object] | None = None
        self._action.clicked.connect(self._act)
        self.setLayout(
            row(
                self._words,
                self._action,
                self._close,
                spacing=SPACE_S,
                margins=(SPACE_L, SPACE_S, SPACE_S, SPACE_S),
            )
        )
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        parent.installEventFilter(self)
        self.hide()

    @property
    def words(self) -> str:
        """What is said, "" when nothing is shown."""
        return "" if self.isHidden() else self._words.text()

    def tell(
        self,
        words: str,
        action: str = "",
        run: Callable[[], object] | None = None,
        *,
        stays: bool = False,
    ) -> None:
        """Show `words`.

        Args:
            words: one or two sentences.
            action: label of the button, "" = none.
            run: what the button does.
            stays: until dismissed (errors).
        """
        self._words.setWordWrap(len(words) > 70)
        self._words.setMinimumWidth(_MAXIMUM_WIDTH - 200 if len(words) > 70 else 0)
        self._words.setText(words)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._run = run
        self.setAccessibleName(words)
        self._place()
        self.show()
        self.raise_()
        if stays:
            self._timer.stop()
        else:
            self._timer.start(_SHOWN_MS + _SHOWN_PER_LETTER_MS * len(words))

    def dismiss(self) -> None:
        """Take the message away."""
        self._timer.stop()
        self.hide()
        self.gone.emit()

    def act(self) -> None:
        """Do what the button does."""
        self._act()

    def _act(self) -> None:
        run, self._run = self._run, None
        self.dismiss()
        if run is not None:
            run()

    def _place(self) -> None:
        parent = self._parent
        self.ensurePolished()
        width = min(self.sizeHint().width(), _MAXIMUM_WIDTH, parent.width() - 2 * SPACE_M)
        height = self.heightForWidth(width) if self.hasHeightForWidth() else -1
        self.resize(width, max(height, self.sizeHint().height()))
        left = (parent.width() - self.width()) // 2
        self.move(left, parent.height() - self.height() - SPACE_XL)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)
