"""The choice between what somebody else saved and what one wrote, field by field."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.entries import NotAValue
from projectdesk.desktop.models.field_words import field_word
from projectdesk.desktop.models.formats import moment
from projectdesk.desktop.presenters.conflicts import ConflictPresenter, is_month, value_text
from projectdesk.desktop.presenters.reader import system_zone
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.editors import LongTextEditor, NumberEditor
from projectdesk.desktop.widgets.header import Segments
from projectdesk.desktop.widgets.layout import (
    column,
    frame,
    plain,
    row,
    scrolled,
    show_if,
    text,
)
from projectdesk.domain.rules.project_months import LAST_MONTH
from projectdesk.services.conflicts import ConflictField, ConflictView

THEIRS, MINE, EDIT = "theirs", "mine", "edit"
_WIDTH = 660
_LABEL_WIDTH = 84
_TALLEST = 460
_NOTHING = "–"


class FieldChoice(QWidget):
    """One field: what it was, theirs, mine, and what it shall hold."""

    def __init__(self, field: ConflictField) -> None:
        super().__init__()
        self.field = field
        choices: list[tuple[object, str]] = [(THEIRS, say("Theirs")), (MINE, say("Mine|value"))]
        if _can_edit(field):
            choices.append((EDIT, say("Edit")))
        name = field_word(field.name)
        self.choice = Segments(choices)
        self.choice.setAccessibleName(name)
        self.choice.chosen.connect(self._show_choice)
        self.editor = _editor(field)
        self.editor.setAccessibleName(say("{field}: your wording", field=name))
        self.editor.set_value(field.mine)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S)
        grid.setColumnMinimumWidth(0, _LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        before = say("not known")
        if field.base_known:
            before = value_text(field.name, field.base, field.base_words)
        when = formats.joined((field.who, moment(field.at, system_zone())))
        self._add(grid, say("Before"), before, "")
        self._add(
            grid, say("Theirs"), value_text(field.name, field.theirs, field.theirs_words), when
        )
        self._add(grid, say("Mine|value"), value_text(field.name, field.mine, field.mine_words), "")
        head = row(text(name, "heading"), None, self.choice)
        self.setLayout(
            column(
                frame(
                    "card",
                    column(
                        head,
                        grid,
                        self.editor,
                        spacing=SPACE_M,
                        margins=(SPACE_L, SPACE_M, SPACE_M, SPACE_L),
                    ),
                )
            )
        )
        self.choice.choose(MINE)
        self._show_choice(MINE)

    def value(self) -> object:
        """Return what the field shall hold; raises NotAValue."""
        match self.chosen:
            case "theirs":
                return self.field.theirs
            case "edit":
                return self.editor.value()
            case _:
                return self.field.mine

    @property
    def keeps_theirs(self) -> bool:
        """True when nothing is to be written."""
        return self.chosen == THEIRS

    def choose(self, what: str) -> None:
        """Choose theirs, mine or edit."""
        self.choice.choose(what)
        self._show_choice(what)

    def _add(self, grid: QGridLayout, label: str, words: str, caption: str) -> None:
        line = grid.rowCount()
        named = text(label, "caption")
        named.setContentsMargins(0, 2, 0, 0)  # on one line with the larger words beside it
        shown = text(words or _NOTHING, wrap=True)
        shown.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        shown.setAccessibleName(f"{label}: {words}")
        grid.addWidget(named, line, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(shown, line, 1)
        if caption:
            grid.addWidget(text(caption, "caption"), line + 1, 1)

    def _show_choice(self, what: object) -> None:
        self.chosen = str(what)
        show_if(self.editor, self.chosen == EDIT)
        if self.chosen == EDIT:
            self.editor.setFocus()


def _can_edit(field: ConflictField) -> bool:
    """Return whether something else than either value can be typed: a text or a month."""
    if is_month(field.name):
        return True
    return isinstance(field.mine, str) and isinstance(field.theirs, str) and not _listed(field)


def _editor(field: ConflictField) -> LongTextEditor | NumberEditor:
    return NumberEditor(1, LAST_MONTH, "M") if is_month(field.name) else LongTextEditor()


def _listed(field: ConflictField) -> bool:
    """Return whether a text is one of a fixed list (an enumeration is a text too)."""
    return type(field.mine) is not str or type(field.theirs) is not str


class ConflictDialog(Dialog):
    """Asks what each field shall hold that two people changed, or what becomes of a deleted one."""

    def __init__(self, parent: QWidget | None, session: Session, view: ConflictView) -> None:
        """Make it.

        Args:
            parent: the window.
            session: the outside.
            view: the conflict.
        """
        who = view.who or say("Somebody else")
        if view.deleted:
            title = say("{who} deleted {title}", who=who, title=view.title)
            sentence = say(
                "What you wrote is not saved. Bring the record back with your words, or take a "
                "copy of them."
            )
        else:
            title = say("{who} saved {title} first", who=who, title=view.title)
            sentence = say(
                "You both changed the same. Nothing is overwritten: choose what each field shall "
                "hold."
            )
        super().__init__(parent, title, sentence, width=_WIDTH)
        self._session = session
        self.presenter = ConflictPresenter(session, self, view)
        self.choices: list[FieldChoice] = []
        self._list = column(None, spacing=SPACE_M)
        self._also = text("", "caption", wrap=True)
        box = scrolled(plain(self._list))
        box.setMaximumHeight(_TALLEST)
        self._box = box
        self.add(box, self._also)
        if view.deleted:
            self._button(say("Leave it deleted"), "", self._give_up)
            self._button(say("Copy my words"), "", self.copy)
            self._button(say("Bring it back"), "primary", self.presenter.bring_back)
        else:
            self._button(say("Keep all of theirs"), "", self._give_up)
            self._button(say("Save"), "primary", self.submit)
        self.show_conflict(view)

    def _button(self, words: str, role: str, run: Callable[[], object]) -> None:
        self.add_button(words, role, run, default=role == "primary")

    def show_conflict(self, view: ConflictView) -> None:
        """Show what there is to decide; again, when somebody saved meanwhile."""
        again = bool(self.choices)
        for old in self.choices:
            old.hide()
            old.deleteLater()
        fields = view.fields if view.deleted else view.clashes
        self.choices = []
        for field in fields:
            if view.deleted:
                self._list.insertWidget(self._list.count() - 1, _written(field))
            else:
                made = FieldChoice(field)
                self.choices.append(made)
                self._list.insertWidget(self._list.count() - 1, made)
        beside = [field_word(field.name) for field in view.fields if not field.clash]
        words = say("Saved with it: {fields}.", fields=", ".join(beside))
        self._also.setText(words)
        show_if(self._also, bool(beside) and not view.deleted)
        self._box.setMinimumHeight(min(_TALLEST, self._list.sizeHint().height() + SPACE_S))
        if again:
            self.show_problem(say("Somebody saved again meanwhile. Look at it once more."))

    def submit(self) -> None:
        """Save what was chosen."""
        self.show_problem("")
        values: dict[str, object] = {}
        for made in self.choices:
            if made.keeps_theirs:
                continue
            try:
                values[made.field.name] = made.value()
            except NotAValue as error:
                self.show_problem(f"{field_word(made.field.name)}: {error}")
                made.editor.setFocus()
                return
        self.presenter.choose(values)

    def copy(self) -> None:
        """Put what this person wrote on the clipboard."""
        QGuiApplication.clipboard().setText(self.presenter.my_words())
        self._session.tell(Notice(say("Your words are on the clipboard.")))

    def done(self, result: int = 0) -> None:
        """Close: it is decided and saved, or given up."""
        super().done(result)

    def reject(self) -> None:
        """Leave it as others saved it; what was written is kept on the clipboard."""
        self._give_up()

    def _give_up(self) -> None:
        QGuiApplication.clipboard().setText(self.presenter.my_words())
        self._session.tell(Notice(say("Left as it is. What you wrote is on the clipboard.")))
        super().done(0)


def _written(field: ConflictField) -> QWidget:
    words = text(value_text(field.name, field.mine, field.mine_words) or _NOTHING, wrap=True)
    inner = column(
        text(field_word(field.name), "caption"),
        words,
        spacing=SPACE_S,
        margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_M),
    )
    return frame("card", inner)
