"""What cannot be pasted, cell by cell, before anything is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QLabel, QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.cell_edits import CellProblem
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_XS
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.layout import column, plain, scrolled, text

_MOST_LINES = 200
_LINE_HEIGHT = 48


def show_problems(
    parent: QWidget, problems: Sequence[CellProblem], good: int, run: Callable[[], None]
) -> Dialog:
    """Say which cells cannot take what was given.

    Args:
        parent: the window it belongs to.
        problems: not none.
        good: how many cells could change all the same.
        run: changes those.
    """
    title = say_count(
        len(problems), "{count} cell cannot be changed", "{count} cells cannot be changed"
    )
    dialog = Dialog(parent, title, say("Nothing was changed yet."), width=560)
    lines = [_line(problem) for problem in problems[:_MOST_LINES]]
    if len(problems) > _MOST_LINES:
        more = len(problems) - _MOST_LINES
        lines.append(text(say("… and {count} more.", count=more), "muted"))
    listed = scrolled(plain(column(*lines, None, spacing=SPACE_M)))
    listed.setMinimumHeight(min(320, max(1, len(lines)) * _LINE_HEIGHT))
    dialog.add(listed)

    def rest() -> None:
        dialog.accept()
        run()

    dialog.add_button(say("Close"), "" if good else "primary", dialog.reject, default=not good)
    if good:
        words = say_count(good, "Change the other cell", "Change the other {count} cells")
        dialog.add_button(words, "primary", rest, default=True)
    dialog.open()
    return dialog


def _line(problem: CellProblem) -> QWidget:
    where = QLabel(formats.joined((problem.row, problem.column)))
    where.setProperty("look", "strong")
    return plain(column(where, text(problem.words, wrap=True), spacing=SPACE_XS))
