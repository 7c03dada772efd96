"""The open database as one of several desktops has it: others' changes, lost connections, copies.

May import: runtime, shell, services.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from projectdesk.desktop.language import say
from projectdesk.desktop.models.formats import moment
from projectdesk.desktop.models.key_words import fetched_words, key_words
from projectdesk.desktop.models.label_words import say_label
from projectdesk.desktop.presenters.reader import system_zone
from projectdesk.desktop.runtime.following import Following
from projectdesk.desktop.runtime.session import LongWork, Notice, WorkspaceSession
from projectdesk.desktop.runtime.shared_key import SharedKey
from projectdesk.services import commands
from projectdesk.services.rows import Changes, Kind

if TYPE_CHECKING:
    from pathlib import Path

    from projectdesk.desktop.shell.shell import Shell
    from projectdesk.services.notes_store import Joined
    from projectdesk.services.shared_link_key import LinkKeySource
    from projectdesk.services.workspace import Workspace

_COPY_MS = 5 * 60_000
_FIRST_COPY_MS = 20_000
_TOLD_SECONDS = 8.0


class TeamLink(QObject):
    """Follows the open database for as long as its pages are shown.

    reopen_asked: the person wants to try the server again instead of reading the copy.
    """

    reopen_asked = Signal()

    def __init__(self, session: WorkspaceSession, shell: Shell, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._shell = shell
        self._told_at = 0.0
        self._stale = True
        self._stop_listening = session.subscribe(self._note)
        self.following = Following(session.workspace, self)
        self.following.heard.connect(self._hear)
        self.following.lost.connect(self._lost)
        self.following.back.connect(self._back)
        self.link_key = SharedKey(session, self)
        self.link_key.settled.connect(self._tell_key)
        self._told_key = ""
        self._copying: LongWork | None = None
        self._timer = QTimer(self, interval=_COPY_MS)
        self._timer.timeout.connect(self.renew_copy)
        self._first = QTimer(self, singleShot=True, interval=_FIRST_COPY_MS)
        self._first.timeout.connect(self.renew_copy)

    def start(self) -> None:
        """Begin; a copy of the team's data says that it is one."""
        workspace = self._session.workspace
        if workspace.copied_at is not None:
            when = moment(workspace.copied_at, system_zone())
            words = say(
                "There is no connection to the team database. You see its copy of {when}; it can "
                "be read, not changed. Minutes can be written; they join it later.",
                when=when,
            )
            self._shell.banner.say(words, say("Connect again"), self.reopen_asked.emit)
            return
        self.following.start()
        if workspace.shared:
            self._join()
            self._timer.start()
            self._first.start()
            self.link_key.start()

    def stop(self) -> None:
        """End; the thread is gone then. Idempotent."""
        self._timer.stop()
        self._first.stop()
        self.link_key.stop()
        if self._copying is not None:
            self._copying.cancel()
        self._stop_listening()
        self.following.stop()

    def renew_copy(self) -> None:
        """Renew the copy that stands in for the team's database, if anything changed since."""
        if not self._stale or self._copying is not None:
            return
        self._stale = False

        def work(workspace: Workspace, under_way: LongWork) -> Path | None:
            return commands.refresh_copy(workspace, under_way.cancelled)

        def done(_: object) -> None:
            self._copying = None

        def failed(_: object) -> None:
            self._copying, self._stale = None, True  # the banner says that there is no connection

        self._copying = self._session.ask_long(work, done, failed)

    def _tell_key(self, found: LinkKeySource) -> None:
        """Tell that the link key came, and once of each server that has another one."""
        if found.state == "fetched":
            self._session.tell(Notice(fetched_words(found)))
        elif found.state == "conflict" and self._told_key != found.server:
            self._told_key = found.server
            self._session.tell(Notice(key_words(found), error=True))

    def _note(self, _changes: Changes) -> None:
        self._stale = True

    def _hear(self, changes: Changes) -> None:
        self._session.hear(changes)
        if Kind.MINUTES in changes.kinds:
            ids = changes.ids if changes.kinds == {Kind.MINUTES} else frozenset()
            self._session.ask(lambda workspace: commands.join_others(workspace, ids))
        quiet = time.monotonic() - self._told_at < _TOLD_SECONDS or self._shell.toast.words
        if changes.label and not quiet:
            self._told_at = time.monotonic()
            who = changes.who or say("Another program")
            self._session.tell(Notice(say("{who}: {what}", who=who, what=say_label(changes.label))))

    def _lost(self, _words: str) -> None:
        self._shell.banner.say(
            say(
                "The connection to the database is lost and is being tried again. What you change "
                "now is not saved; it stays in its field until the connection is back. Minutes are "
                "kept on this computer and join it then."
            )
        )

    def _back(self) -> None:
        self._shell.banner.say("")
        self._session.tell(Notice(say("Connected again.")))
        self._join()

    def _join(self) -> None:
        """Let minutes that were written without the database join it."""
        self._session.ask(commands.join_aside, self._joined)

    def _joined(self, joined: Joined) -> None:
        if joined.joined:
            titles = ", ".join(joined.joined)
            words = say(
                "What you wrote without a connection is in the minutes: {titles}.", titles=titles
            )
            self._session.tell(Notice(words))
        if joined.left:
            titles = ", ".join(title or say("deleted") for title in joined.left)
            words = say(
                "Minutes were accepted or deleted while you wrote without a connection. What you "
                "wrote is kept in the data folder and did not join: {titles}.",
                titles=titles,
            )
            self._session.tell(Notice(words, error=True))
