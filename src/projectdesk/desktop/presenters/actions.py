"""Actions across meetings: filters, groups, the chosen one with what was told of it, and mail."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import action_words
from projectdesk.desktop.models.action_words import ALL as ALL
from projectdesk.desktop.models.action_words import FILTERS, NONE, Group
from projectdesk.desktop.models.action_words import LATE as LATE
from projectdesk.desktop.models.action_words import MINE as MINE
from projectdesk.desktop.models.action_words import OPEN as OPEN
from projectdesk.desktop.presenters.records import RecordsPresenter, RecordsView
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.domain.minutes import ActionStatus
from projectdesk.domain.rules.action_dates import days_late, due_this_week
from projectdesk.errors import NotFound, ProjectDeskError
from projectdesk.services import queries
from projectdesk.services.action_rows import ActionDetail, ActionLink, ActionProposal, ActionRow
from projectdesk.services.rows import Changes, Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

Done = Callable[[], None]
Failed = Callable[[ProjectDeskError], None]
Then = Callable[[tuple[ActionLink, ...]], None]


class IssuesLinks(Protocol):
    """Gives actions of a project links and sends them to its host (`runtime.action_desks`)."""

    def issue(self, actions: Sequence[UUID], project: UUID, then: Then, failed: Failed) -> None:
        """Give actions links; `then` gets all of the project."""


class ActionsView(RecordsView[ActionRow], Protocol):
    """Where actions are shown."""

    def show_groups(self, groups: Sequence[Group], chosen: str | None) -> None:
        """Show the groups, None chosen = all; () = they are not grouped."""

    def show_detail(self, detail: ActionDetail | None) -> None:
        """Show what was told of the chosen action."""

    def show_link(self, link: ActionLink) -> None:
        """Give the person a personal link."""


@dataclass(frozen=True)
class _Found:
    rows: Sequence[ActionRow]
    me: UUID | None


class ActionsPresenter(RecordsPresenter[ActionRow]):
    """Presents the actions that pass a filter, and one of them in detail."""

    def __init__(
        self,
        session: Session,
        view: ActionsView,
        today: Callable[[], date],
        links: IssuesLinks | None = None,
    ) -> None:
        super().__init__(
            session,
            view,
            Kind.ACTION,
            queries.actions,
            frozenset(
                {Kind.MEETING, Kind.PERSON, Kind.ACTION_NOTE, Kind.DELIVERABLE, Kind.PARTNER}
            ),
        )
        self._actions = view
        self._today = today
        self._links = links
        self._project: UUID | None = None
        self._filter = OPEN
        self._by = NONE
        self._group: str | None = None
        self._chosen: UUID | None = None
        self._found = _Found((), None)
        self.counted: list[Callable[[Sequence[ActionRow]], None]] = []

    # --- what is shown

    def set_project(self, project: UUID | None) -> None:
        """Present one project only, None = all."""
        self._project = project
        self.reload()

    def show_only(self, name: str) -> None:
        """Present what passes a filter, one of `action_words.FILTERS`."""
        self._filter = name if name in FILTERS else ALL
        self._show(self._found)

    def group_by(self, by: str) -> None:
        """Group the actions; "" = not."""
        self._by, self._group = by, None
        self._show(self._found)

    def show_group(self, key: str | None) -> None:
        """Present one group only, None = all."""
        self._group = key
        self._show(self._found)

    def choose(self, action: UUID | None) -> None:
        """Show one action in detail."""
        self._chosen = action
        self._load_detail()

    def load(self) -> None:
        """Ask for all actions, and for the chosen one."""
        project = self._project

        def work(workspace: Workspace) -> _Found:
            me = queries.me(workspace)
            return _Found(queries.actions(workspace, project), me.id if me else None)

        self.ask(work, self._show)
        self._load_detail()

    def _load_detail(self) -> None:
        chosen = self._chosen
        if chosen is None:
            self._actions.show_detail(None)
            return

        def then(detail: ActionDetail) -> None:
            if self._chosen == chosen:
                self._actions.show_detail(detail)

        def failed(error: ProjectDeskError) -> None:
            if not isinstance(error, NotFound):  # it was deleted: the list says so
                self.refuse(error)

        self.ask(lambda workspace: queries.action_detail(workspace, chosen), then, failed)

    # --- what is done

    def edit_parts(
        self, kind: Kind, record: UUID, version: int, field: str, values: Mapping[str, object]
    ) -> None:
        """Save a field; what becomes done is done today."""
        if values.get("status") is ActionStatus.DONE:
            values = {"done_on": self._today(), **values}
        super().edit_parts(kind, record, version, field, values)

    def mark_done(self, rows: Sequence[ActionRow], text: str = "") -> None:
        """Mark actions as done today."""
        from projectdesk.services.commands import actions as commands

        ids = [row.id for row in rows]
        words = say_count(len(rows), "{count} action done.", "{count} actions done.")
        self.change(lambda ws: commands.close_action(ws, ids, text), words)

    def reopen(self, rows: Sequence[ActionRow], text: str = "") -> None:
        """Open actions again."""
        from projectdesk.services.commands import actions as commands

        ids = [row.id for row in rows]
        words = say_count(len(rows), "{count} action reopened.", "{count} actions reopened.")
        self.change(lambda ws: commands.reopen_action(ws, ids, text), words)

    def postpone(
        self, rows: Sequence[ActionRow], due_on: date, text: str, done: Done, failed: Failed
    ) -> None:
        """Give actions another date."""
        from projectdesk.services.commands import actions as commands

        ids = [row.id for row in rows]
        words = say_count(len(rows), "{count} action postponed.", "{count} actions postponed.")
        self._run(lambda ws: commands.postpone_action(ws, ids, due_on, text), words, done, failed)

    def comment(self, row: ActionRow, text: str, done: Done, failed: Failed) -> None:
        """Note something of an action."""
        from projectdesk.services.commands import actions as commands

        self._run(lambda ws: commands.comment_action(ws, row.id, text), "", done, failed)

    def drop(self, row: ActionRow, reason: str, done: Done, failed: Failed) -> None:
        """Drop an action that is not to be done any more."""
        from projectdesk.services.commands import actions as commands

        words = say("{label} is dropped.", label=row.label)
        self._run(lambda ws: commands.drop_action(ws, row.id, reason), words, done, failed)

    def take_step(self, proposal: ActionProposal) -> None:
        """Let a deliverable follow its action."""
        from projectdesk.services.commands import actions as commands

        words = say("{label} followed its action.", label=proposal.label)
        self.change(lambda ws: commands.take_proposed_step(ws, proposal), words)

    # --- links and mail

    def copy_link(self, row: ActionRow) -> None:
        """Make the personal link of an action, where it has none, and give it to the person."""
        if self._links is None:
            return

        def then(links: tuple[ActionLink, ...]) -> None:
            for link in links:
                if link.action_id == row.id:
                    self._actions.show_link(link)
                    words = say("The link of {name} is on the clipboard.", name=link.name)
                    self._session.tell(Notice(words))

        self._links.issue([row.id], row.project_id, then, self.refuse)

    def renew_link(self, row: ActionRow) -> None:
        """Issue the link of an action anew: the old one ends."""
        from projectdesk.services.commands import actions as commands

        words = say("The old link of {label} opens nothing any more.", label=row.label)
        self.change(lambda ws: commands.renew_action_link(ws, row.id), words)

    def revoke_link(self, row: ActionRow) -> None:
        """Shut the link of an action."""
        from projectdesk.services.commands import actions as commands

        words = say("The link of {label} is shut.", label=row.label)
        self.change(lambda ws: commands.revoke_action_link(ws, row.id), words)

    def give(
        self, rows: Sequence[ActionRow], done: Callable[[int], None], failed: Failed,
        *, again: bool = False, anyway: bool = False,
    ) -> None:  # fmt: skip
        """Mail people their actions, with the personal links.

        Args:
            rows: the actions.
            done: gets how many mails.
            failed: gets the refusal.
            again: also to who was mailed already.
            anyway: also links that open in this network only.
        """
        mine = [row for row in rows if row.owner_person_id is not None]
        projects = list(dict.fromkeys(row.project_id for row in mine))
        ids = [row.id for row in mine]
        if self._links is None or not mine:
            return
        issuer, gathered = self._links, list[ActionLink]()

        def next_project() -> None:
            if not projects:
                self.ask(send, sent, failed)
                return
            project = projects.pop(0)
            of = [row.id for row in mine if row.project_id == project]
            issuer.issue(of, project, got, failed)

        def got(links: tuple[ActionLink, ...]) -> None:
            gathered.extend(link for link in links if link.action_id in ids)
            next_project()

        def send(workspace: Workspace) -> int:
            from projectdesk.services import action_mail

            return action_mail.give_actions(workspace, ids, gathered, again=again, anyway=anyway)[0]

        def sent(count: int) -> None:
            words = say_count(count, "{count} mail is in the outbox.",
                              "{count} mails are in the outbox.")  # fmt: skip
            self._session.tell(Notice(words))
            done(count)

        next_project()

    # --- inside

    def _run(
        self, work: Callable[[Workspace], Changes], words: str, done: Done, failed: Failed
    ) -> None:
        def then(changes: Changes) -> None:
            if words and changes:
                self._session.tell(Notice(words, undo=changes.change_id))
            done()

        self.ask(work, then, failed)

    def _passes(self, row: ActionRow) -> bool:
        today, is_open = self._today(), row.status is ActionStatus.OPEN
        match self._filter:
            case "open":
                return is_open
            case "late":
                return days_late(row.status, row.due_on, today) > 0
            case "mine":
                return is_open and self._found.me is not None and (
                    row.owner_person_id == self._found.me
                )  # fmt: skip
            case "week":
                return due_this_week(row.status, row.due_on, today)
            case _:
                return True

    def _show(self, found: _Found) -> None:
        self._found = found
        today = self._today()
        rows = [row for row in found.rows if self._passes(row)]
        if self._by:
            groups = action_words.groups(rows, self._by, today)
            if self._group not in {None, *(group.key for group in groups)}:
                self._group = None
            self._actions.show_groups(groups, self._group)
            if self._group is not None:
                rows = [
                    row
                    for row in rows
                    if action_words.key_of(row, self._by, today)[0] == self._group
                ]
        else:
            self._actions.show_groups((), None)
        self._view.show_rows(rows)
        for listener in self.counted:
            listener(found.rows)
