"""What happens when somebody else saved first: merged and said, or a person chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.field_words import field_word
from projectdesk.desktop.models.words import word
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands
from projectdesk.services.rows import Changes

if TYPE_CHECKING:
    from projectdesk.services.commands.merge import Saved
    from projectdesk.services.conflicts import ConflictField, ConflictView
    from projectdesk.services.workspace import Workspace


def is_month(name: str) -> bool:
    """Return whether a field of this name holds a project month."""
    return name.endswith("_month")


def value_text(name: str, value: object, words: str) -> str:
    """Return the value of a field as it is read; `words` where it says nothing by itself."""
    match value:
        case int() if is_month(name):
            return f"M{value}"
        case StrEnum():
            return word(value)
        case bool():
            return say("Yes") if value else say("No")
        case Decimal():
            return formats.money(value)
        case datetime():
            return f"{formats.day(value.date())}  {formats.clock(value)}"
        case date():
            return formats.day(value)
        case _:
            return words


def tell_merged(session: Session, saved: Saved) -> None:
    """Say that an edit was saved beside somebody else's; silent about one's own."""
    met = saved.met
    if met is None or met.own or not met.also or not saved.changes:
        return
    names = ", ".join(field_word(name) for name in met.also[:4])
    words = say(
        "Saved. {who} changed {title} meanwhile ({fields}); both are kept.",
        who=met.who or say("Somebody else"),
        title=met.title,
        fields=names,
    )
    session.tell(Notice(words, undo=saved.changes.change_id))


class ConflictDialogView(Protocol):
    """Where the choice is shown."""

    def done(self) -> None:
        """It is decided and saved."""

    def show_conflict(self, view: ConflictView) -> None:
        """Show it anew: somebody saved again meanwhile."""

    def show_problem(self, words: str) -> None:
        """Say why it was not saved."""


class ConflictPresenter:
    """Carries out what a person decides."""

    def __init__(self, session: Session, view: ConflictDialogView, conflict: ConflictView) -> None:
        self._session = session
        self._view = view
        self.conflict = conflict

    def choose(self, values: Mapping[str, object]) -> None:
        """Save the chosen values; fields that are left out keep what others wrote.

        Args:
            values: of the fields that clash. What did not clash is saved with them.
        """
        conflict = self.conflict
        chosen = {field.name: field.mine for field in conflict.fields if not field.clash}
        chosen |= values

        def work(workspace: Workspace) -> Saved:
            return commands.resolve(workspace, conflict, chosen)

        self._session.ask(work, self._chosen, self._failed)

    def bring_back(self) -> None:
        """Restore the deleted record and save what was written."""
        conflict = self.conflict
        values = {field.name: field.mine for field in conflict.fields}

        def then(changes: Changes) -> None:
            words = say("Restored {title} with what you wrote.", title=conflict.title)
            self._session.tell(Notice(words, undo=changes.change_id))
            self._view.done()

        self._session.ask(
            lambda workspace: commands.bring_back(workspace, conflict, values), then, self._failed
        )

    def my_words(self) -> str:
        """Return what this person wrote, to be kept elsewhere."""
        return words_of(self.conflict.fields)

    def _chosen(self, saved: Saved) -> None:
        if saved.refused and saved.met is not None:
            self.conflict = saved.met
            self._view.show_conflict(saved.met)
            return
        if saved.changes:
            words = say("Saved {title} as you chose.", title=self.conflict.title)
            self._session.tell(Notice(words, undo=saved.changes.change_id))
        self._view.done()

    def _failed(self, error: ProjectDeskError) -> None:
        self._view.show_problem(say_error(error))


def words_of(fields: Sequence[ConflictField]) -> str:
    """Return what this person wrote as lines of text."""
    if len(fields) == 1:
        return _mine(fields[0])
    return "\n".join(f"{field_word(field.name)}: {_mine(field)}" for field in fields)


def _mine(field: ConflictField) -> str:
    return value_text(field.name, field.mine, field.mine_words)
