"""What all presenters do: load when shown, load again when something they show has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeVar

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.errors import Conflict, ProjectDeskError
from projectdesk.services import commands
from projectdesk.services.rows import Changes, Kind

if TYPE_CHECKING:
    from uuid import UUID

    from projectdesk.services.commands import RecordEdit
    from projectdesk.services.commands.merge import Saved
    from projectdesk.services.commands.merge_many import SavedMany
    from projectdesk.services.workspace import Workspace

_MOST_CHOICES = 5
"""Of so many records a person is asked at once; the others are named."""
T = TypeVar("T")


class Presenter:
    """Base of presenters.

    A page that is not on the screen does not ask: it remembers that it is behind.
    """

    watches: ClassVar[frozenset[Kind]] = frozenset()

    def __init__(self, session: Session) -> None:
        self._session = session
        self._active = False
        self._behind = True
        self._closed = False
        self._stop = session.subscribe(self._on_changes)

    def load(self) -> None:
        """Ask for what the view shows."""

    def activate(self) -> None:
        """The view is on the screen."""
        self._active = True
        if self._behind:
            self.reload()

    def deactivate(self) -> None:
        """The view is no longer on the screen."""
        self._active = False

    def reload(self) -> None:
        """Load now if on the screen, else when it is next."""
        self._behind = not self._active
        if self._active:
            self.load()

    def close(self) -> None:
        """The view is gone: nothing is delivered any more."""
        self._closed = True
        self._stop()

    def concerned(self, changes: Changes) -> bool:
        """Return whether `changes` touch what is shown."""
        return bool(changes.kinds & self.watches)

    def ask(
        self,
        work: Callable[[Workspace], T],
        then: Callable[[T], None],
        failed: Callable[[ProjectDeskError], None] | None = None,
    ) -> None:
        """Ask the services; answers to a closed presenter are dropped."""

        def deliver(result: T) -> None:
            if not self._closed:
                then(result)

        self._session.ask(work, deliver, failed)

    def change(
        self,
        work: Callable[[Workspace], Changes],
        done: str = "",
        failed: Callable[[ProjectDeskError], None] | None = None,
    ) -> None:
        """Change something.

        Args:
            work: the command.
            done: said when it is done, with Undo; "" says nothing (edits in place).
            failed: gets the refusal; without it it is said, and the page shows what is saved.
        """

        def then(changes: Changes) -> None:
            if done and changes:
                self._session.tell(Notice(done, undo=changes.change_id))

        self.ask(work, then, failed or self.refuse)

    def save(
        self,
        kind: Kind,
        record: UUID,
        version: int,
        values: Mapping[str, object],
        failed: Callable[[ProjectDeskError], None] | None = None,
    ) -> None:
        """Save fields of a record, beside what others saved meanwhile or after a person's choice.

        Args:
            kind: the record's kind.
            record: which record.
            version: the version that was seen.
            values: by the names of the domain's dataclass.
            failed: gets the refusal of a value; without it, or once the view is gone, it is said.
        """

        def then(saved: Saved) -> None:
            if saved.refused:
                self._session.tell(Notice("", conflict=saved.met))
            elif saved.met is not None:
                from projectdesk.desktop.presenters.conflicts import tell_merged

                tell_merged(self._session, saved)
            if saved.met is not None:
                self.reload()

        self.ask(
            lambda ws: commands.save_fields(ws, kind, record, version, values),
            then,
            self._unless_gone(failed),
        )

    def save_many(
        self,
        edits: Sequence[RecordEdit],
        label: str,
        failed: Callable[[ProjectDeskError], None] | None = None,
    ) -> None:
        """Save values of several records as one change, beside what others saved meanwhile.

        Of a record whose same fields others changed a person chooses; the rest is saved.

        Args:
            edits: of records of any kinds.
            label: of the change, "" = said by its fields.
            failed: gets the refusal of a value, with the facts `record`, `record_id` and `field`.
        """

        def then(saved: SavedMany) -> None:
            for met in saved.clashes[:_MOST_CHOICES]:
                self._session.tell(Notice("", conflict=met))
            if rest := saved.clashes[_MOST_CHOICES:]:
                names = ", ".join(met.title for met in rest)
                words = say(
                    "Others changed these meanwhile, and they stay so: {names}.", names=names
                )
                self._session.tell(Notice(words, error=True))
            elif saved.merged and not saved.clashes:
                words = say("Saved, beside what others changed meanwhile.")
                self._session.tell(Notice(words, undo=saved.changes.change_id))
            if saved.clashes or saved.merged:
                self.reload()

        self.ask(lambda ws: commands.save_many(ws, edits, label), then, self._unless_gone(failed))

    def _unless_gone(
        self, failed: Callable[[ProjectDeskError], None] | None
    ) -> Callable[[ProjectDeskError], None]:
        """Return what tells a refusal: `failed`, but once the view is gone it is said."""

        def refused(error: ProjectDeskError) -> None:
            if failed is None or self._closed or isinstance(error, Conflict):
                self.refuse(error)
            else:
                failed(error)

        return refused

    def refuse(self, error: ProjectDeskError) -> None:
        """Say why something was refused; show again what is saved."""
        self._session.tell(Notice(say_error(error), error=True))
        if isinstance(error, Conflict):
            self.reload()

    def say_problem(self, words: str) -> None:
        """Say what is wrong with what was typed, where there is no place beside it."""
        self._session.tell(Notice(words, error=True))

    def _on_changes(self, changes: Changes) -> None:
        if not self._closed and self.concerned(changes):
            self.reload()
