"""The minutes of one meeting while they are written: notes, decisions and actions per item."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.presenters.notes_edit import change_between
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.relay import Relay
from projectdesk.desktop.runtime.session import Session
from projectdesk.domain.minutes import ActionStatus
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, notes_authors, queries
from projectdesk.services.notes import NotesDocument, open_notes
from projectdesk.services.notes_authors import NoteAuthor
from projectdesk.services.rows import ActionRow, AgendaItemRow, DecisionRow, Kind, MeetingRow

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace
    from projectdesk.signalling.writing import Author


_CHANGED = object()
"""Word of the document; the writer's are an error, or None when writing goes on."""


@dataclass(frozen=True)
class MinutesRows:
    """What the minutes are made of beside the text."""

    meeting: MeetingRow
    items: Sequence[AgendaItemRow]
    decisions: Sequence[DecisionRow]
    actions: Sequence[ActionRow]


class MinutesView(Protocol):
    """Where minutes are shown and written."""

    def show_minutes(self, rows: MinutesRows) -> None:
        """Show items, decisions and actions."""

    def notes_changed(self) -> None:
        """The text is there, or was changed elsewhere: ask for it again."""

    def authors_known(self) -> None:
        """It is known anew who wrote what: ask for it again."""

    def show_trouble(self, words: str) -> None:
        """Say that the text cannot be saved at the moment; "" = it can."""


class MinutesPresenter(Presenter):
    """Presents minutes; every keystroke goes into the document, which saves itself."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {Kind.MEETING, Kind.AGENDA_ITEM, Kind.DECISION, Kind.ACTION, Kind.MINUTES}
    )

    def __init__(self, session: Session, view: MinutesView) -> None:
        super().__init__(session)
        self._view = view
        self._meeting: UUID | None = None
        self._rows: MinutesRows | None = None
        self._notes: NotesDocument | None = None
        self._authors: Mapping[int, NoteAuthor] = {}
        self._is_told = False
        self._opening = False
        self._ends: list[Callable[[], None]] = []
        self._relay = Relay(self._on_word)

    @property
    def writable(self) -> bool:
        """True when the text is there to be written."""
        return self._notes is not None

    def open(self, meeting: UUID) -> None:
        """Present the minutes of `meeting`."""
        if meeting != self._meeting:
            self._let_go()
            self._meeting = meeting
            self._rows = None
        self.reload()

    def load(self) -> None:
        """Ask for items, decisions and actions; open the text if it is not open."""
        meeting = self._meeting
        if meeting is None:
            return

        def work(workspace: Workspace) -> MinutesRows:
            return MinutesRows(
                queries.meeting(workspace, meeting),
                [row for row in queries.agenda(workspace, meeting) if not row.is_break],
                queries.decisions(workspace, meeting_id=meeting),
                queries.actions(workspace, meeting_id=meeting),
            )

        self.ask(work, self._show, lambda _: None)
        if self._notes is None and not self._opening:
            self._opening = True
            # Not `ask`: what is opened for a view that is gone meanwhile must be closed.
            self._session.ask(
                lambda ws: open_notes(ws, meeting), self._on_opened, self._on_not_opened
            )

    def close(self) -> None:
        """Save what is left and let the text go."""
        # First: the last write tells of a change, which would open the text once more.
        super().close()
        self._let_go()
        self._relay.stop()

    # --- text

    def text_of(self, item: UUID) -> str:
        """Return the notes of an item."""
        return self._notes.item_text(item) if self._notes is not None else ""

    def edit(self, item: UUID, before: str, after: str, near: int) -> None:
        """Write what one keystroke did.

        Args:
            item: the agenda item.
            before: its text before.
            after: its text now.
            near: UTF-16 offset of the change, as the editor says.
        """
        if self._notes is None or before == after:
            return
        start, removed, inserted = change_between(before, after, near)
        try:
            self._notes.edit(item, start, removed, inserted)
        except ProjectDeskError as error:
            self._view.show_trouble(say_error(error))
            self._view.notes_changed()

    @property
    def notes(self) -> NotesDocument | None:
        """The document, once it is open."""
        return self._notes

    def undo(self, item: UUID, again: bool) -> None:
        """Take back what was typed here last in an item, or write it once more."""
        if self._notes is not None:
            try:
                self._notes.undo(item, again=again)
            except ProjectDeskError as error:
                self._view.show_trouble(say_error(error))

    def sign(self, author: Author) -> None:
        """Keep who writes with a replica, as a host says it."""
        notes = self._notes
        if notes is not None and author.replica not in self._authors:
            minutes = notes.minutes_id
            self.ask(
                lambda ws: notes_authors.sign(ws, minutes, [author]),
                lambda _: self.load_authors(),
                lambda _: None,
            )

    def load_authors(self) -> None:
        """Learn who wrote with which replica."""
        notes = self._notes
        if notes is not None:
            minutes = notes.minutes_id
            self.ask(lambda ws: notes_authors.authors(ws, minutes), self._know, lambda _: None)

    def authors_of(self, item: UUID | None) -> list[tuple[int, int, str]]:
        """Return (start, length, name) of who wrote what of an item, in UTF-16 units.

        The name is "" for who is not known.
        """
        if self._notes is None or item is None:
            return []
        return [
            (start, length, self._authors[replica].name if replica in self._authors else "")
            for start, length, replica in self._notes.authors(item)
        ]

    def _know(self, authors: Mapping[int, NoteAuthor]) -> None:
        self._authors = authors
        self._view.authors_known()

    # --- decisions and actions

    def add_decision(self, item: UUID, words: str) -> None:
        """Write down a decision under an item."""
        rows = self._rows
        if rows is None or not words.strip():
            return
        values = {
            "project_id": rows.meeting.project_id,
            "meeting_id": rows.meeting.id,
            "agenda_item_id": item,
            "text": words.strip(),
        }

        def work(workspace: Workspace) -> None:
            commands.create(workspace, Kind.DECISION, values | {"made_at": workspace.now()})

        self.ask(work, lambda _: None, self.refuse)

    def add_action(self, item: UUID, words: str, person: UUID | None, due: date | None) -> None:
        """Write down an action under an item."""
        rows = self._rows
        if rows is None or not words.strip():
            return
        values = {
            "project_id": rows.meeting.project_id,
            "meeting_id": rows.meeting.id,
            "agenda_item_id": item,
            "text": words.strip(),
            "owner_person_id": person,
            "due_on": due,
        }
        self.ask(lambda ws: commands.create(ws, Kind.ACTION, values), lambda _: None, self.refuse)

    def edit_decision(self, row: DecisionRow, words: str) -> None:
        """Word a decision anew."""
        self.save(Kind.DECISION, row.id, row.version, {"text": words})

    def edit_action(self, row: ActionRow, words: str) -> None:
        """Word an action anew."""
        self.save(Kind.ACTION, row.id, row.version, {"text": words})

    def set_action(self, row: ActionRow, field: str, value: object, today: date) -> None:
        """Save who does an action, by when, or how far it is."""
        if field == "status" and value is ActionStatus.DONE:
            self.set_done(row, True, today)
        else:
            self.save(Kind.ACTION, row.id, row.version, {field: value})

    def set_done(self, row: ActionRow, done: bool, today: date) -> None:
        """Mark an action as done, or open again."""
        status = ActionStatus.DONE if done else ActionStatus.OPEN
        values = {"status": status, "done_on": today if done else None}
        self.save(Kind.ACTION, row.id, row.version, values)

    def delete(self, kind: Kind, record: UUID, version: int, label: str) -> None:
        """Delete a decision or an action; it can be undone."""
        self.change(
            lambda ws: commands.delete(ws, kind, record, version),
            say("Deleted {what}.", what=label),
        )

    # --- inside

    def _show(self, rows: MinutesRows) -> None:
        if rows.meeting.id == self._meeting:
            self._rows = rows
            self._view.show_minutes(rows)

    def _on_opened(self, notes: NotesDocument) -> None:
        self._opening = False
        if self._closed or notes.meeting_id != self._meeting:
            self._session.ask(lambda _: notes.close())
            if not self._closed:
                self.reload()
            return
        self._notes = notes
        self._ends = [
            notes.listen(self._hear_change),
            notes.watch(self._relay.post),
        ]
        self._view.notes_changed()

    def _on_not_opened(self, error: ProjectDeskError) -> None:
        self._opening = False
        if not self._closed:
            self._view.show_trouble(say_error(error))

    def _hear_change(self, _update: bytes) -> None:
        """Post one word for many changes; called on the thread that made them."""
        if not self._is_told:
            self._is_told = True
            self._relay.post(_CHANGED)

    def _on_word(self, word: object) -> None:
        if word is _CHANGED:  # says nothing of whether it is saved
            self._is_told = False
            self._view.notes_changed()
        elif isinstance(word, ProjectDeskError):
            self._view.show_trouble(
                say(
                    "Not saved at the moment: {why} It is tried again by itself; keep this window "
                    "open.",
                    why=say_error(word),
                )
            )
        else:
            self._view.show_trouble("")

    def _let_go(self) -> None:
        notes, self._notes = self._notes, None
        for end in self._ends:
            end()
        self._ends = []
        self._is_told = False
        if notes is not None:
            self._session.ask(lambda _: notes.close())
