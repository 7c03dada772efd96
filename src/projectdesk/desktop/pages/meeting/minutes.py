"""The minutes of a meeting: per agenda item notes, decisions and actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.words import word
from projectdesk.desktop.pages.meeting.notes_authors import AuthorsBar
from projectdesk.desktop.pages.meeting.notes_editor import NotesEditor
from projectdesk.desktop.pages.meeting.record_lines import (
    ActionLine,
    DecisionLine,
    NewAction,
    NewDecision,
    RecordLines,
)
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.minutes import MinutesPresenter, MinutesRows
from projectdesk.desktop.presenters.typed_lines import TypedLinesPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.badges import Banner, Icon
from projectdesk.desktop.widgets.layout import column, frame, plain, row, scrolled, show_if, text
from projectdesk.desktop.widgets.typed_editor import TypedNotes
from projectdesk.services.rows import ActionRow, AgendaItemRow, DecisionRow, Kind
from projectdesk.services.typed_line_rows import LinePlace

_ITEM = Qt.ItemDataRole.UserRole
_LIST_WIDTH = 260
_NOTES_HEIGHT = 150
_NARROW_NOTES_HEIGHT = 140


class MinutesPane(Presented, QWidget):
    """Items at the left, what came of the chosen one at the right.

    Compact (in the call window) it has no list: `show_item` says which item is shown.

    written: notes, decisions or actions may be others than before, here or elsewhere.
    """

    written = Signal()

    def __init__(
        self,
        session: Session,
        choices: Choices,
        *,
        compact: bool = False,
        today: Callable[[], date] = date.today,
    ) -> None:
        super().__init__()
        self._today = today
        self._compact = compact
        self._rows: MinutesRows | None = None
        self._item: UUID | None = None
        self._wanted_line = ""
        self.presenter = self.present(MinutesPresenter(session, self))
        self.list = QListWidget()
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setProperty("frame", "items")
        self.list.setAccessibleName(say("Agenda items"))
        self._title = text("", "heading", wrap=True)
        self._facts = text("", "caption", wrap=True)
        self._banner = Banner()
        self.notes = NotesEditor()
        self.notes.setMinimumHeight(_NARROW_NOTES_HEIGHT if compact else _NOTES_HEIGHT)
        self.authors = AuthorsBar(self.notes)
        self.typed = TypedNotes(self.notes, compact=compact)
        self.typed_lines = self.present(TypedLinesPresenter(session, self.typed))
        self._choices = choices
        self._decisions = RecordLines(self._decision_line)
        self._actions = RecordLines(self._action_line)
        self.new_decision = NewDecision()
        self.new_action = NewAction(lambda: list(choices.people()))
        self._content = self._build_content()
        layout = row(self.list, scrolled(self._content), spacing=SPACE_L)
        layout.setStretch(1, 1)
        edge = 0 if compact else SPACE_XL
        layout.setContentsMargins(edge, SPACE_M if compact else SPACE_L, edge, edge)
        self.setLayout(layout)
        show_if(self.list, not compact)
        self._connect(choices)

    def _build_content(self) -> QWidget:
        gap = SPACE_M if self._compact else SPACE_L
        content = column(
            column(self._title, self._facts, spacing=2),
            self._banner,
            self.typed,
            self.authors,
            self._section(say("Decisions"), "gavel", self._decisions, self.new_decision),
            self._section(say("Actions"), "list-checks", self._actions, self.new_action),
            None,
            spacing=gap,
            margins=(0, 0, 0 if self._compact else SPACE_S, 0),
        )
        return plain(content)

    def _section(self, title: str, icon: str, lines: QWidget, new: QWidget) -> QFrame:
        head = row(Icon(icon, Tone.MUTED, 18), text(title, "strong"), None, spacing=SPACE_S)
        return frame(
            "card",
            column(head, lines, new, spacing=SPACE_M, margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_M)),
        )

    def _connect(self, choices: Choices) -> None:
        self.list.currentItemChanged.connect(self._on_chosen)
        self.notes.typed.connect(self.presenter.edit)
        self.notes.undo_asked.connect(self.presenter.undo)
        self.authors.asked.connect(self.presenter.load_authors)
        self.authors.wanted.connect(self._show_authors)
        self.new_decision.written.connect(self._add_decision)
        self.new_action.written.connect(self._add_action)
        choices.on_loaded(self.new_action.who.load)

    def open_meeting(self, meeting: UUID) -> None:
        """Show the minutes of `meeting`."""
        self._item = None
        self.presenter.open(meeting)
        self.typed_lines.open(meeting)

    def show_item(self, item: UUID) -> None:
        """Show what belongs to `item`."""
        self._item = item
        for number in range(self.list.count()):
            if self.list.item(number).data(_ITEM) == item:
                self.list.setCurrentRow(number)
        self._show_item()

    def show_record(self, record: UUID) -> None:
        """Show the line of an action, a decision...; of an agenda item its notes."""

        def there(place: LinePlace) -> None:
            if place.item_id is not None:
                self._wanted_line = place.words
                self.show_item(place.item_id)

        self.typed_lines.find(record, there)

    @property
    def item(self) -> UUID | None:
        """The item that is shown."""
        return self._item

    @property
    def rows(self) -> MinutesRows | None:
        """Items, decisions and actions, once they are there."""
        return self._rows

    # --- what the presenter calls

    def show_minutes(self, rows: MinutesRows) -> None:
        """Show items, decisions and actions."""
        self._rows = rows
        ids = [item.id for item in rows.items]
        if self._item not in ids:
            self._item = ids[0] if ids else None
        self._fill_list(rows)
        self._show_item()
        self.written.emit()

    def notes_changed(self) -> None:
        """Show the text as it is now."""
        words = self.presenter.text_of(self._item) if self._item else ""
        self.notes.setReadOnly(not (self.presenter.writable and self._item))
        self.notes.show_text(self._item, words)
        self.typed.show_item(self._item, writable=not self.notes.isReadOnly())
        if self._wanted_line and self.typed.find_line(self._wanted_line):
            self._wanted_line = ""
        self.authors.look_again()
        self.written.emit()

    def authors_known(self) -> None:
        """Show who wrote what, if that is wanted."""
        self.authors.look_again()

    def show_trouble(self, words: str) -> None:
        """Say that the text cannot be saved at the moment."""
        self._banner.say(words)

    # --- inside

    def _show_authors(self) -> None:
        self.authors.show_authors(self.presenter.authors_of(self._item))

    def _fill_list(self, rows: MinutesRows) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for item in rows.items:
            made = QListWidgetItem(f"{item.label}   {item.title}")
            made.setData(_ITEM, item.id)
            made.setSizeHint(QSize(_LIST_WIDTH - 40, 36))
            counts = _counts(rows, item)
            made.setToolTip("\n".join(part for part in (item.title, counts) if part))
            self.list.addItem(made)
            if item.id == self._item:
                self.list.setCurrentItem(made)
        self.list.blockSignals(False)

    def _on_chosen(self, chosen: QListWidgetItem | None) -> None:
        if chosen is not None:
            self._item = chosen.data(_ITEM)
            self._show_item()

    def _show_item(self) -> None:
        rows = self._rows
        item = next((i for i in rows.items if i.id == self._item), None) if rows else None
        self._content.setEnabled(item is not None)
        self._title.setText(f"{item.label}  {item.title}" if item else say("No agenda items yet"))
        self._facts.setText(_facts(item) if item else "")
        self._show_lines(item)
        self.notes_changed()

    def _show_lines(self, item: AgendaItemRow | None) -> None:
        rows = self._rows
        of = None if item is None else item.id
        decisions = [r for r in rows.decisions if r.agenda_item_id == of] if rows and of else []
        actions = [r for r in rows.actions if r.agenda_item_id == of] if rows and of else []
        self._decisions.show_rows(of, decisions)
        self._actions.show_rows(of, actions)

    def _decision_line(self, shown: DecisionRow) -> DecisionLine:
        line = DecisionLine(shown)
        line.worded.connect(self.presenter.edit_decision)
        line.delete_asked.connect(
            lambda r: self.presenter.delete(Kind.DECISION, r.id, r.version, r.label)
        )
        return line

    def _action_line(self, shown: ActionRow) -> ActionLine:
        line = ActionLine(shown, self._today(), self._choices)
        line.worded.connect(self.presenter.edit_action)
        line.ticked.connect(lambda r, on: self.presenter.set_done(r, on, self._today()))
        line.entered.connect(
            lambda r, name, value: self.presenter.set_action(r, name, value, self._today())
        )
        line.delete_asked.connect(
            lambda r: self.presenter.delete(Kind.ACTION, r.id, r.version, r.label)
        )
        return line

    def _add_decision(self, words: str) -> None:
        if self._item is not None:
            self.presenter.add_decision(self._item, words)

    def _add_action(self, words: str, person: UUID | None, due: date | None) -> None:
        if self._item is not None:
            self.presenter.add_action(self._item, words, person, due)


def _counts(rows: MinutesRows, item: AgendaItemRow) -> str:
    decisions = sum(row.agenda_item_id == item.id for row in rows.decisions)
    actions = sum(row.agenda_item_id == item.id for row in rows.actions)
    parts = []
    if decisions:
        parts.append(say_count(decisions, "{count} decision", "{count} decisions"))
    if actions:
        parts.append(say_count(actions, "{count} action", "{count} actions"))
    return formats.joined(parts)


def _facts(item: AgendaItemRow) -> str:
    taken = (
        say("{time} taken", time=formats.span(item.actual_seconds)) if item.actual_seconds else ""
    )
    parts = (
        word(item.kind),
        item.presenter or item.presenter_text,
        formats.minutes(item.duration_minutes),
        taken,
    )
    return formats.joined(parts)
