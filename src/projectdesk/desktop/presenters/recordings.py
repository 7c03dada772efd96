"""The recordings of one meeting: on the host, here, and on their way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.films import make_film
from projectdesk.desktop.runtime.session import LongWork, Notice, Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services import recordings
from projectdesk.services.recordings import HostAccess, RecordingRow
from projectdesk.signalling.recording import RecordingFacts

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

Failed = Callable[[ProjectDeskError], None]


class ReachesHosts(Protocol):
    """Finds the host of a meeting: `runtime.hosts.Hosts`."""

    def reach(
        self, meeting_id: UUID, then: Callable[[str, HostAccess], None], failed: Failed
    ) -> None:
        """Call `then` with the meeting's room and how its host is asked."""


class RecordingsView(Protocol):
    """Where recordings are shown."""

    def show_recordings(self, rows: Sequence[RecordingRow], trouble: str) -> None:
        """Show them; `trouble`: why the host is not heard, "" if it is."""

    def show_work(self, words: str) -> None:
        """Show that something is under way; "" = nothing is."""

    def show_progress(self, done: int, total: int) -> None:
        """Show how far it is."""


class RecordingsPresenter(Presenter):
    """Lists, fetches, makes films of and erases what was recorded in a meeting."""

    def __init__(self, session: Session, hosts: ReachesHosts | None, view: RecordingsView) -> None:
        """Present nothing yet; without `hosts` only what is here is shown."""
        super().__init__(session)
        self._hosts = hosts
        self._view = view
        self._meeting: UUID | None = None
        self._folder: Path | None = None
        self._place: tuple[str, HostAccess] | None = None
        self._known: dict[str, RecordingFacts] = {}
        self._work: LongWork | None = None
        self._busy = False

    def open(self, meeting: UUID) -> None:
        """Present the recordings of `meeting`."""
        self._meeting, self._place, self._known = meeting, None, {}
        self.reload()

    def load(self) -> None:
        """Show what is here, then ask the host for what it has."""
        meeting, hosts = self._meeting, self._hosts
        if meeting is None:
            return
        self._show_here("")
        if hosts is not None:
            hosts.reach(
                meeting, lambda room, access: self._ask(meeting, room, access), self._silent
            )

    def fetch(self, recording: str) -> None:
        """Fetch a recording; the host erases its copy then."""
        place, folder, facts = self._place, self._folder, self._known.get(recording)
        if place is None or folder is None or facts is None:
            return
        room, access = place

        def run(_workspace: Workspace, work: LongWork) -> Path:
            return recordings.fetch(
                access, room, facts, folder, told=work.progress, cancelled=work.cancelled
            )

        self._start(say("Fetching the recording…"), run, say("The recording is here."))

    def make_film(self, row: RecordingRow) -> None:
        """Make one film of a recording that is here."""
        folder = row.folder
        if folder is None:
            return

        def run(_workspace: Workspace, work: LongWork) -> Path:
            return make_film(folder, told=work.progress, cancelled=work.cancelled)

        self._start(say("Making the film…"), run, say("The film is made."))

    def erase(self, row: RecordingRow) -> None:
        """Erase a recording, here and on the host."""
        place = self._place

        def run(_workspace: Workspace, _work: LongWork) -> None:
            if row.folder is not None:
                recordings.erase_here(row.folder)
            if place is not None and row.id in self._known:
                recordings.erase_on_host(place[1], place[0], row.id)

        self._start(say("Erasing the recording…"), run, say("The recording is erased."))

    def cancel(self) -> None:
        """Stop what is under way; what is fetched stays."""
        if self._busy and self._work is not None:
            self._work.cancel()

    def close(self) -> None:
        """The view is gone: stop what is under way."""
        self.cancel()
        super().close()

    # --- inside ---------------------------------------------------------------------------------

    def _start(self, words: str, run: Callable[[Workspace, LongWork], object], done: str) -> None:
        if self._busy:
            return

        def over(notice: Notice) -> None:
            self._busy = False
            self._session.tell(notice)
            if not self._closed:
                self._view.show_work("")
                self.reload()

        def failed(error: ProjectDeskError) -> None:
            stopped = error.code in {"fetch_cancelled", "film_cancelled"}
            over(Notice(say_error(error), error=not stopped))

        self._busy = True
        self._view.show_work(words)
        self._work = self._session.ask_long(run, lambda _result: over(Notice(done)), failed)
        self._work.progressed.connect(self._advance)

    def _advance(self, done: int, total: int) -> None:
        if not self._closed:
            self._view.show_progress(done, total)

    def _ask(self, meeting: UUID, room: str, access: HostAccess) -> None:
        if self._closed or meeting != self._meeting:
            return

        def listed(found: list[RecordingFacts]) -> None:
            if not self._closed and meeting == self._meeting:
                self._place = (room, access)
                self._known = {facts.id: facts for facts in found}
                self._show_here("")

        self._session.ask_long(
            lambda _workspace, _work: recordings.on_host(access, room), listed, self._silent
        )

    def _silent(self, error: ProjectDeskError) -> None:
        if not self._closed:
            self._show_here(say_error(error))

    def _show_here(self, trouble: str) -> None:
        meeting = self._meeting
        if meeting is None:
            return

        def work(workspace: Workspace) -> tuple[Path, list[RecordingRow]]:
            folder = recordings.folder_of(workspace.data, meeting)
            return folder, recordings.here(folder)

        def show(found: tuple[Path, list[RecordingRow]]) -> None:
            if meeting != self._meeting:
                return
            self._folder, local = found
            rows = recordings.together(list(self._known.values()), local)
            self._view.show_recordings(rows, trouble)

        self.ask(work, show)
