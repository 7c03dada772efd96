"""What was written in a meeting's call."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.language import say
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from projectdesk.services.talk_rows import CaptionRow, PollRow

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

_Found = tuple[Sequence[PollRow], Sequence[CaptionRow]]


class CallRecordView(Protocol):
    """Where it is shown."""

    def show_record(self, polls: Sequence[PollRow], captions: Sequence[CaptionRow]) -> None:
        """Show polls and captions."""


class CallRecordPresenter(Presenter):
    """Presents polls and captions, and saves what a person asks for."""

    watches: ClassVar[frozenset[Kind]] = frozenset({Kind.POLL, Kind.CAPTION_LINE, Kind.AGENDA_ITEM})

    def __init__(self, session: Session, view: CallRecordView) -> None:
        super().__init__(session)
        self._view = view
        self._meeting: UUID | None = None

    def open(self, meeting: UUID) -> None:
        """Present the call of `meeting`."""
        self._meeting = meeting
        self.reload()

    def load(self) -> None:
        """Ask for it."""
        meeting = self._meeting
        if meeting is None:
            return

        def work(workspace: Workspace) -> _Found:
            return queries.polls(workspace, meeting), queries.captions(workspace, meeting)

        self.ask(work, lambda found: self._view.show_record(*found))

    def save_transcript(self, language: str, out: Path) -> None:
        """Write the captions of a language to a text file."""
        meeting = self._meeting
        if meeting is None:
            return
        self.ask(
            lambda workspace: commands.save_transcript(workspace, meeting, language, out),
            lambda path: self._session.tell(Notice(say("Saved {file}.", file=path.name))),
        )
