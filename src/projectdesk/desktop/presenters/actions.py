"""Actions across meetings: all, open, late, mine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from projectdesk.desktop.language import say_count
from projectdesk.desktop.presenters.records import RecordsPresenter, RecordsView
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.domain.minutes import ActionStatus
from projectdesk.services import commands, queries
from projectdesk.services.rows import ActionRow, Changes, Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

OPEN, LATE, MINE, ALL = "open", "late", "mine", "all"


@dataclass(frozen=True)
class _Found:
    rows: Sequence[ActionRow]
    me: UUID | None


class ActionsPresenter(RecordsPresenter[ActionRow]):
    """Presents the actions that pass a filter."""

    def __init__(
        self, session: Session, view: RecordsView[ActionRow], today: Callable[[], date]
    ) -> None:
        super().__init__(
            session, view, Kind.ACTION, queries.actions, frozenset({Kind.MEETING, Kind.PERSON})
        )
        self._today = today
        self._project: UUID | None = None
        self._filter = OPEN
        self._found = _Found((), None)
        self.counted: list[Callable[[int, int], None]] = []

    def set_project(self, project: UUID | None) -> None:
        """Present one project only, None = all."""
        self._project = project
        self.reload()

    def show_only(self, name: str) -> None:
        """Present what passes a filter: open, late, mine or all."""
        self._filter = name
        self._show(self._found)

    def load(self) -> None:
        """Ask for all actions."""
        project = self._project

        def work(workspace: Workspace) -> _Found:
            me = queries.me(workspace)
            return _Found(queries.actions(workspace, project), me.id if me else None)

        self.ask(work, self._show)

    def edit_parts(
        self, kind: Kind, record: UUID, version: int, field: str, values: Mapping[str, object]
    ) -> None:
        """Save a field; what becomes done is done today."""
        if values.get("status") is ActionStatus.DONE:
            values = {"done_on": self._today(), **values}
        super().edit_parts(kind, record, version, field, values)

    def mark_done(self, rows: Sequence[ActionRow]) -> None:
        """Mark actions as done today."""
        done = {"status": ActionStatus.DONE, "done_on": self._today()}

        def work(workspace: Workspace) -> list[Changes]:
            return [
                commands.set_fields(workspace, Kind.ACTION, row.id, row.version, done)
                for row in rows
            ]

        def then(made: list[Changes]) -> None:
            words = say_count(len(rows), "{count} action done.", "{count} actions done.")
            only = made[0].change_id if len(made) == 1 else None
            self._session.tell(Notice(words, undo=only))

        self.ask(work, then, self.refuse)

    def _late(self, row: ActionRow) -> bool:
        open_ = row.status is ActionStatus.OPEN
        return open_ and row.due_on is not None and row.due_on < self._today()

    def _passes(self, row: ActionRow) -> bool:
        match self._filter:
            case "open":
                return row.status is ActionStatus.OPEN
            case "late":
                return self._late(row)
            case "mine":
                mine = self._found.me is not None and row.owner_person_id == self._found.me
                return mine and row.status is ActionStatus.OPEN
            case _:
                return True

    def _show(self, found: _Found) -> None:
        self._found = found
        self._view.show_rows([row for row in found.rows if self._passes(row)])
        open_ = sum(row.status is ActionStatus.OPEN for row in found.rows)
        late = sum(self._late(row) for row in found.rows)
        for listener in self.counted:
            listener(open_, late)
