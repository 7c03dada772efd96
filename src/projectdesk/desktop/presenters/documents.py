"""Documents of a project or of a meeting: attach, open, save, attach to something else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.presenters.records import RecordsPresenter, RecordsView
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.services import commands, queries
from projectdesk.services.document_rows import AttachedRow, OwnerRow
from projectdesk.services.rows import Changes, Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

_MOST_REASONS = 4


class DocumentsPresenter(RecordsPresenter[AttachedRow]):
    """Presents documents."""

    def __init__(self, session: Session, view: RecordsView[AttachedRow]) -> None:
        owners = {Kind.PROJECT, Kind.WORK_PACKAGE, Kind.DELIVERABLE, Kind.PARTNER, Kind.MEETING}
        super().__init__(
            session, view, Kind.DOCUMENT, lambda _: (), frozenset(owners | {Kind.AGENDA_ITEM})
        )
        self._shown: tuple[Kind, UUID] | None = None

    def open(self, project: UUID) -> None:
        """Present the documents of a project."""
        self._shown = (Kind.PROJECT, project)
        self.set_query(lambda ws: queries.attached_documents(ws, project))

    def open_meeting(self, meeting: UUID) -> None:
        """Present the documents of a meeting and its agenda items."""
        self._shown = (Kind.MEETING, meeting)
        self.set_query(lambda ws: queries.meeting_documents(ws, meeting))

    def attach(
        self,
        files: Sequence[Path],
        owner: tuple[Kind, UUID] | None = None,
        left_out: Sequence[str] = (),
    ) -> None:
        """Attach files.

        Args:
            files: which.
            owner: what they are attached to; None = what is presented.
            left_out: what came with them and is not attached, each with why; it is said.
        """
        if self._shown is None or not files:
            return
        kind, identity = owner or self._shown

        def done(result: tuple[list[UUID], Changes]) -> None:
            made, changes = result
            words = say_count(
                len(made), "Attached {count} document.", "Attached {count} documents."
            )
            reasons = [*left_out]
            if (known := len(files) - len(made)) > 0:
                reasons.append(
                    say_count(
                        known, "{count} was attached already", "{count} were attached already"
                    )
                )
            if reasons:
                words = f"{words} {_left_out(reasons)}"
            self._session.tell(Notice(words, undo=changes.change_id))
            self._view.select(made[0])

        self.ask(lambda ws: commands.attach_documents(ws, kind, identity, files), done, self.refuse)

    def ask_owners(self, then: Callable[[Sequence[OwnerRow]], None]) -> None:
        """Ask for what documents here can be attached to; of a meeting: it and its items."""
        if self._shown is None:
            return
        kind, shown = self._shown

        def fitting(workspace: Workspace) -> Sequence[OwnerRow]:
            if kind is Kind.PROJECT:
                return queries.document_owners(workspace, shown)
            project = queries.meeting(workspace, shown).project_id
            owners = queries.document_owners(workspace, project)
            start = next((n for n, each in enumerate(owners) if each.id == shown), len(owners))
            found = owners[start : start + 1]
            for each in owners[start + 1 :]:
                if each.kind is not Kind.AGENDA_ITEM:
                    break
                found.append(each)
            return found

        self.ask(fitting, then)

    def move(self, row: AttachedRow, kind: Kind, owner: UUID) -> None:
        """Attach a document to something else."""
        self.change(
            lambda ws: commands.move_document(ws, row.id, row.version, kind, owner),
            say("Moved {what}.", what=row.name),
        )

    def open_copy(self, row: AttachedRow, folder: Path, then: Callable[[Path], None]) -> None:
        """Put a copy of a document into `folder`; `then` gets its path."""
        self.ask(lambda ws: commands.copy_to_open(ws, row.sha256, row.name, folder), then)

    def save_as(self, row: AttachedRow, out: Path) -> None:
        """Write the content of a document to a place that a person chose."""
        self.ask(
            lambda ws: commands.save_document(ws, row.sha256, out),
            lambda path: self._session.tell(Notice(say("Saved {file}.", file=path.name))),
        )


def _left_out(reasons: Sequence[str]) -> str:
    """Return a sentence on what was not attached; many reasons are counted."""
    shown = [*reasons[:_MOST_REASONS]]
    if more := len(reasons) - len(shown):
        shown.append(say("… and {count} more", count=more))
    return say("Left out: {reasons}.", reasons="; ".join(shown))
