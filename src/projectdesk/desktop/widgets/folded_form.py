"""Fields that are out of the way, and not even made, until somebody wants to change them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QToolButton, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models.fields import Field
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.theme.tokens import SPACE_S
from projectdesk.desktop.widgets.form import Form
from projectdesk.desktop.widgets.layout import column, icon_button


class FoldedForm(QWidget):
    """A form under a line of a list; a list of forty lines costs no more than its texts."""

    entered = Signal(str, object)

    def __init__(self, lines: Sequence[Field[Any] | Sequence[Field[Any]]]) -> None:
        super().__init__()
        self._fields = lines
        self._shown: Any = None
        self.form: Form | None = None
        self._box = column(margins=(0, 0, 0, SPACE_S))
        self.setLayout(self._box)
        self.hide()

    @property
    def unfolded(self) -> bool:
        """Whether the fields are there to be changed."""
        return not self.isHidden()

    def fold(self, folded: bool) -> None:
        """Put the fields away, or bring them."""
        if not folded and self.form is None:
            self.form = Form(self._fields)
            self.form.entered.connect(self.entered)
            self._box.addWidget(self.form)
            if self._shown is not None:
                self.form.show_row(self._shown)
        self.setVisible(not folded)

    def show_row(self, shown: Any) -> None:
        """Show the fields of `shown`."""
        self._shown = shown
        if self.form is not None:
            self.form.show_row(shown)

    def show_problem(self, field: str, words: str) -> bool:
        """Say what is wrong beside `field`; False when it is not there to be seen."""
        return self.unfolded and self.form is not None and self.form.show_problem(field, words)

    def seen(self, field: str) -> Any:
        """Return the row whose value a field showed when the person began to change it."""
        return None if self.form is None else self.form.seen(field)


def fold_button(form: FoldedForm) -> QToolButton:
    """Return the button that unfolds `form` and folds it again."""
    made = icon_button("chevron-down", say("Edit"))
    made.setCheckable(True)

    def turn(on: bool) -> None:
        form.fold(not on)
        set_icon(made, "chevron-up" if on else "chevron-down", Tone.MUTED)

    made.toggled.connect(turn)
    return made
