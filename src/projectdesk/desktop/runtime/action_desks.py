"""The desks of actions (see `own_desks`), a project's together, and their mail that goes by itself.

What is due (reminders, the weekly digest, what goes to a partner's lead) is looked for every few
minutes. The personal links in it need the project's host: it is found or started first; a host that
cannot be reached after some tries does not keep the mail back, which can be answered all the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from projectdesk.desktop.runtime.hosts import Hosts
from projectdesk.desktop.runtime.looking_desks import MINUTE_MS, LookingDesks
from projectdesk.desktop.runtime.own_desks import DeskOwners, Failed
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import Conflict, ProjectDeskError
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.services.action_mail import DueMail, SentMail
    from projectdesk.services.action_rows import ActionLink
    from projectdesk.services.desk_sets import DeskSet
    from projectdesk.services.workspace import Workspace

_TRIES: Final = 3
_MATTERS: Final = frozenset(
    {
        Kind.ACTION,
        Kind.ACTION_NOTE,
        Kind.PERSON,
        Kind.PARTNER,
        Kind.PROJECT,
        Kind.MEETING,
        Kind.WORK_PACKAGE,
        Kind.DELIVERABLE,
    }
)
_log = logging.getLogger(__name__)
Then = Callable[[tuple["ActionLink", ...]], None]


class ActionDesks(LookingDesks["ActionLink"]):
    """Sends the desks of actions to their hosts, and puts the mail that is due into the outbox.

    mailed: `SentMail`, whenever something went out by itself.
    """

    about = "actions"
    first_ms = 12_000
    every_ms = 5 * MINUTE_MS
    mailed = Signal(object)

    def __init__(
        self, hosts: Hosts, session: Session, data: Path, parent: QObject | None = None
    ) -> None:
        owners = DeskOwners("action-desks.json", _MATTERS, _waiting, _desks, _links)
        super().__init__(owners, hosts, session, data, parent)
        self._busy = False
        self._tries = 0

    def look(self) -> None:
        """Put into the outbox what is due by now."""
        if not self._stopped and not self._busy:
            self._session.ask(_due, self._on_due, self.note)

    def issue(self, actions: Sequence[UUID], project: UUID, then: Then, failed: Failed) -> None:
        """Give actions of a project links, and send their desks; `then` gets all its links."""
        self._session.ask(
            lambda workspace: _issue(workspace, actions),
            lambda _: self.publish(project, then, failed),
            failed,
        )

    def _on_due(self, due: DueMail | None) -> None:
        if due is None or not due or self._busy or self._stopped:
            return
        self._busy = True
        if due.unlinked:
            self._session.ask(
                lambda workspace: _issue(workspace, due.unlinked),
                lambda _: self._gather(list(due.projects), ()),
                self._over,
            )
        else:
            self._gather(list(due.projects), ())

    def _gather(self, projects: list[UUID], links: tuple[ActionLink, ...]) -> None:
        """Get the links of one project after the other, then send."""
        if not projects:
            self._tries = 0
            self._mail(links)
            return

        def unreachable(error: ProjectDeskError) -> None:
            self._tries += 1
            _log.warning("no links for mail of actions: %s", error.code)
            if self._tries < _TRIES:
                self._busy = False  # the next look tries again
            else:
                self._gather(projects[1:], links)

        self.publish(projects[0], lambda got: self._gather(projects[1:], (*links, *got)),
                     unreachable)  # fmt: skip

    def _mail(self, links: tuple[ActionLink, ...]) -> None:
        def sent(made: SentMail) -> None:
            self._busy = False
            if made.digests or made.reminders or made.escalations:
                self.mailed.emit(made)

        self._session.ask(lambda workspace: _send(workspace, links), sent, self._over)

    def _over(self, error: ProjectDeskError) -> None:
        self._busy = False
        if not isinstance(error, Conflict):  # a colleague's desktop sends it
            self.note(error)


# --- on the database's thread ---------------------------------------------------------------------


def _waiting(workspace: Workspace, known: frozenset[UUID]) -> list[UUID]:
    """Return the projects that a host has to be told of, and known ones whose links are over."""
    from projectdesk.services import action_desks

    linked = action_desks.linked_projects(workspace)
    return [*linked, *sorted(known - set(linked))]


def _desks(workspace: Workspace, project: UUID) -> DeskSet:
    from projectdesk.services import action_desks

    return action_desks.action_desks(workspace, project)


def _links(
    workspace: Workspace, project: UUID, public_url: str, _journal: str
) -> tuple[ActionLink, ...]:
    from projectdesk.services import action_desks

    return tuple(action_desks.action_links(workspace, project, public_url))


def _issue(workspace: Workspace, actions: Sequence[UUID]) -> None:
    from projectdesk.services.commands import actions as commands

    commands.issue_links(workspace, actions)


def _due(workspace: Workspace) -> DueMail | None:
    from projectdesk.services import action_mail, mail_accounts

    if workspace.copied_at is not None or mail_accounts.account(workspace.data) is None:
        return None
    return action_mail.due_mail(workspace)


def _send(workspace: Workspace, links: tuple[ActionLink, ...]) -> SentMail:
    from projectdesk.services import action_mail

    return action_mail.send_due(workspace, links)[0]
