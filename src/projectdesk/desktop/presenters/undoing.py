"""Undo and redo of this session's edits, with what they would do in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from projectdesk.desktop.language import say_error
from projectdesk.desktop.models.label_words import say_label
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.services import commands
from projectdesk.services.rows import Changes

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

_Labels = tuple[str | None, str | None]
_CALLED = ("label", "wanted", "newest")
"""The facts of a refusal that say what a change is called."""


class UndoView(Protocol):
    """Where undo and redo are offered."""

    def set_undo(self, undo: str | None, redo: str | None) -> None:
        """Say what they would do; None = nothing."""


class UndoPresenter(Presenter):
    """Keeps the labels true and carries undo and redo out."""

    def __init__(self, session: Session, view: UndoView) -> None:
        super().__init__(session)
        self._view = view
        self._active = True

    def concerned(self, changes: Changes) -> bool:
        """Every change may be undone."""
        return True

    def load(self) -> None:
        """Ask what undo and redo would do."""

        def work(workspace: Workspace) -> _Labels:
            return commands.undo_label(workspace), commands.redo_label(workspace)

        def then(labels: _Labels) -> None:
            undo, redo = (label and say_label(label) for label in labels)
            self._view.set_undo(undo, redo)

        self.ask(work, then)

    def undo(self) -> None:
        """Take the newest edit back."""
        self.ask(commands.undo, self._done, self._refused)

    def undo_only(self, change_id: UUID) -> None:
        """Take one edit back, as a toast offers it; refused when another one was made since."""
        self.ask(lambda ws: commands.undo(ws, only=change_id), self._done, self._refused)

    def redo(self) -> None:
        """Do again what was taken back."""
        self.ask(commands.redo, self._done, self._refused)

    def _done(self, changes: Changes) -> None:
        self._session.tell(Notice(say_label(changes.label)))
        self.load()

    def _refused(self, error: ProjectDeskError) -> None:
        quiet = isinstance(error, DomainError) and error.code.startswith("nothing_to_")
        called = {name: error.facts[name] for name in _CALLED if name in error.facts}
        error.facts = {**error.facts, **{name: say_label(str(of)) for name, of in called.items()}}
        self._session.tell(Notice(say_error(error), error=not quiet))
        self.load()
