"""The mailing lists of a project, up to date while they are on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.services import commands, queries
from projectdesk.services.consortium_rows import MailingListRow
from projectdesk.services.rows import Kind


class MailingListsView(Protocol):
    """Where the lists are shown."""

    def show_lists(self, rows: Sequence[MailingListRow]) -> None:
        """Show all lists of the project."""


class MailingListsPresenter(Presenter):
    """Presents the lists of one project."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {
            Kind.PARTNER,
            Kind.ORGANISATION,
            Kind.PERSON,
            Kind.MEMBERSHIP,
            Kind.BODY,
            Kind.BODY_MEMBER,
            Kind.WORK_PACKAGE,
            Kind.TASK,
            Kind.EFFORT,
        }
    )

    def __init__(self, session: Session, view: MailingListsView) -> None:
        super().__init__(session)
        self._view = view
        self._project: UUID | None = None

    def open(self, project: UUID) -> None:
        """Present the lists of `project`."""
        self._project = project
        self.reload()

    def load(self) -> None:
        """Ask for the lists."""
        project = self._project

        def then(rows: Sequence[MailingListRow]) -> None:
            if project == self._project:
                self._view.show_lists(rows)

        if project is not None:
            self.ask(lambda ws: queries.mailing_lists(ws, project), then)

    def export(self, key: str, file: Path) -> None:
        """Write a list to a file and say where it is."""
        project = self._project

        def then(found: MailingListRow) -> None:
            count = say_count(found.reached, "{count} address", "{count} addresses")
            self.tell(say("Wrote {count} to {file}.", count=count, file=file.name))

        if project is not None:
            self.ask(
                lambda ws: commands.export_mailing_list(ws, project, key, file), then, self.refuse
            )

    def tell(self, words: str) -> None:
        """Say something that was done."""
        self._session.tell(Notice(words))
