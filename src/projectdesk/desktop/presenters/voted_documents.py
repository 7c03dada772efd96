"""The documents of one written procedure: attach, take off while it is a draft, open, save."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.services import commands, queries
from projectdesk.services.document_rows import AttachedRow
from projectdesk.services.procedure_rows import VotedDocument, VotingDetail
from projectdesk.services.rows import Changes, Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

Attached = Callable[["Workspace", UUID], tuple[list[UUID], Changes]]


class VotedDocumentsPresenter(Presenter):
    """Presents what members vote on; what is shown comes with the procedure itself."""

    def __init__(self, session: Session, say_why: Callable[[str], None]) -> None:
        super().__init__(session)
        self._say_why = say_why
        self.found: VotingDetail | None = None

    def load(self) -> None:
        """Nothing is asked for: the page has it."""

    def attach(self, files: Sequence[Path], left_out: Sequence[str] = ()) -> None:
        """Attach files. left_out: what was dropped with them and cannot be, each with why."""
        if not files:
            self._say_why("; ".join(left_out))
            return
        self._attach(
            lambda ws, vote: commands.attach_documents(ws, Kind.VOTE, vote, files), left_out
        )

    def attach_existing(self, documents: Sequence[UUID]) -> None:
        """Attach documents that the project has already."""
        self._attach(lambda ws, vote: commands.attach_existing(ws, Kind.VOTE, vote, documents))

    def ask_existing(self, then: Callable[[Sequence[AttachedRow]], object]) -> None:
        """Ask for the documents of the project that can be attached, each content once."""
        found = self.found
        if found is None:
            return
        known = {(each.name, each.sha256) for each in found.documents}

        def fitting(workspace: Workspace) -> Sequence[AttachedRow]:
            rows = queries.attached_documents(workspace, found.vote.project_id)
            fresh = {
                (row.name, row.sha256): row
                for row in rows
                if row.here and (row.name, row.sha256) not in known
            }
            return sorted(fresh.values(), key=lambda row: row.name.casefold())

        def show(rows: Sequence[AttachedRow]) -> None:
            then(rows)

        self.ask(fitting, show)

    def take_off(self, rows: Sequence[VotedDocument]) -> None:
        """Take documents off a draft; elsewhere in the project they stay."""
        records = [(row.id, row.version) for row in rows]
        self.change(
            lambda ws: commands.delete_many(ws, Kind.DOCUMENT, records),
            say_count(len(rows), "{count} document taken off.", "{count} documents taken off."),
        )

    def open_copy(self, row: VotedDocument, folder: Path, then: Callable[[Path], None]) -> None:
        """Put a copy of a document into `folder`; `then` gets its path."""
        self.ask(lambda ws: commands.copy_to_open(ws, row.sha256, row.name, folder), then)

    def save_as(self, row: VotedDocument, out: Path) -> None:
        """Write the content of a document to a place that a person chose."""
        self.ask(
            lambda ws: commands.save_document(ws, row.sha256, out),
            lambda path: self._session.tell(Notice(say("Saved {file}.", file=path.name))),
        )

    def _attach(self, work: Attached, left_out: Sequence[str] = ()) -> None:
        found = self.found
        if found is None:
            return
        vote = found.vote.id

        def done(result: tuple[list[UUID], Changes]) -> None:
            made, changes = result
            words = say_count(
                len(made), "Attached {count} document.", "Attached {count} documents."
            )
            if left_out:
                words = f"{words} {say('Left out: {reasons}.', reasons='; '.join(left_out))}"
            self._session.tell(Notice(words, undo=changes.change_id))

        self.ask(lambda ws: work(ws, vote), done, lambda error: self._say_why(say_error(error)))
