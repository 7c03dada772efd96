"""Where the data is: this computer or a team's database; tried, chosen, filled, copied back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models.key_words import key_words
from projectdesk.desktop.runtime.session import LongWork, Notice, Session
from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.secrets import SecretStore
from projectdesk.services import commands, link_keys, team_database
from projectdesk.services.team_database import ServerState, TeamDatabase

if TYPE_CHECKING:
    from projectdesk.services.commands.copy_database import Copied
    from projectdesk.services.shared_link_key import LinkKeySource
    from projectdesk.services.workspace import Workspace

T = TypeVar("T")
Failed = Callable[[ProjectDeskError], None]
Ask = Callable[[Callable[[SecretStore], Any], Callable[[Any], None], Failed], object]
"""Runs something that needs this computer's secrets, off the GUI thread."""


def asking(session: Session) -> Ask:
    """Return how an open session asks."""

    def ask(work: Callable[[SecretStore], T], then: Callable[[T], None], failed: Failed) -> object:
        return session.ask_long(lambda workspace, _: work(workspace.secrets), then, failed)

    return ask


def team_of(values: Mapping[str, Any]) -> TeamDatabase:
    """Return the database that a form describes.

    Raises:
        DomainError: something is missing or wrong; fact `field`.
    """
    return team_database.checked(
        TeamDatabase(
            host=values["host"] or "",
            name=values["name"] or "",
            user=values["user"] or "",
            port=values["port"] or 0,
            tls=values["tls"],
            ca_file=values["ca_file"] or "",
        )
    )


def found_words(state: ServerState) -> str:
    """Say what a server is and holds."""
    safe = say("encrypted") if state.encrypted else say("not encrypted")
    answer = say("PostgreSQL {version} answers, {safe}.", version=state.version, safe=safe)
    if state.revision is None:
        holds = say("The database is empty: its tables are made when it is first used.")
    elif not state.current:
        holds = say("Its tables are of an older version and are brought up to date at first use.")
    else:
        holds = say("Projects in it: {count}.", count=state.projects)
    return f"{answer} {holds}"


class TeamFormView(Protocol):
    """The form of a team's database."""

    def show_problem_of(self, field: str, words: str) -> None:
        """Say what is wrong beside a field, or at the foot."""

    def show_busy(self, words: str) -> None:
        """Say what goes on; "" = nothing any more."""

    def show_found(self, words: str) -> None:
        """Say what the server answered."""

    def show_progress(self, done: int, total: int) -> None:
        """Say how far the copy is."""

    def finish(self) -> None:
        """All is done."""


class TeamFormPresenter:
    """Tries and takes what the form says."""

    def __init__(self, ask: Ask, view: TeamFormView, data: Path) -> None:
        self._ask = ask
        self._view = view
        self._data = data
        self._copying: LongWork | None = None

    def try_it(self, values: Mapping[str, Any], password: str) -> None:
        """Ask the server, and say what it answered."""
        team = self._team(values)
        if team is None:
            return

        def work(secrets: SecretStore) -> ServerState:
            return team_database.examine(team, password or _kept(team, secrets))

        self._view.show_busy(say("Asking {host}…", host=team.host))
        self._ask(work, lambda state: self._view.show_found(found_words(state)), self._failed)

    def use(self, values: Mapping[str, Any], password: str) -> None:
        """Use this database from now on, when it can be used."""
        team = self._team(values)
        if team is None:
            return

        def work(secrets: SecretStore) -> None:
            team_database.examine(team, password or _kept(team, secrets))
            team_database.use_team(self._data, team, secrets, password or None)

        self._view.show_busy(say("Asking {host}…", host=team.host))
        self._ask(work, lambda _: self._view.finish(), self._failed)

    def fill(self, session: Session, values: Mapping[str, Any], password: str) -> None:
        """Copy the open data into this database, then use it."""
        team = self._team(values)
        if team is None:
            return

        def work(workspace: Workspace, under_way: LongWork) -> Copied:
            word = password or _kept(team, workspace.secrets)
            team_database.examine(team, word)
            copied = commands.copy_to_team(
                workspace, team, word, under_way.progress, under_way.cancelled
            )
            team_database.use_team(self._data, team, workspace.secrets, password or None)
            return copied

        def then(copied: Copied) -> None:
            self._copying = None
            session.tell(Notice(say("Copied: {count} entries.", count=copied.rows)))
            self._view.finish()

        self._view.show_busy(say("Copying the data…"))
        self._copying = session.ask_long(work, then, self._failed)
        self._copying.progressed.connect(self._view.show_progress)

    def cancel(self) -> None:
        """Stop a copy that is under way; nothing is copied then."""
        if self._copying is not None:
            self._copying.cancel()

    def _team(self, values: Mapping[str, Any]) -> TeamDatabase | None:
        try:
            return team_of(values)
        except DomainError as error:
            self._view.show_problem_of(str(error.facts.get("field", "")), say_error(error))
            return None

    def _failed(self, error: ProjectDeskError) -> None:
        self._copying = None
        self._view.show_busy("")
        self._view.show_problem_of(_FIELDS.get(error.code, ""), say_error(error))


_FIELDS = {
    "database_no_host": "host",
    "database_no_server": "host",
    "database_no_answer": "host",
    "database_other_server": "port",
    "database_missing": "name",
    "database_no_tls": "tls",
    "database_no_authority": "ca_file",
    "database_untrusted": "ca_file",
    "database_other_name": "host",
}
"""Beside which field the fault of a server is said; the others at the foot."""


def _kept(team: TeamDatabase, secrets: SecretStore) -> str:
    return team_database.password_of(team, secrets)


def use_local(session: Session, data: Path, then: Callable[[], None]) -> None:
    """Use the data of this computer from now on."""
    session.ask_long(lambda _ws, _: team_database.use_local(data), lambda _: then())


def copy_to_file(session: Session, file: Path) -> LongWork:
    """Copy the open data into a file that any computer can restore."""

    def work(workspace: Workspace, under_way: LongWork) -> Copied:
        return commands.copy_to_file(workspace, file, under_way.progress, under_way.cancelled)

    words = say("Copied as {file}. Settings, Restore puts it on a computer.", file=file.name)
    return session.ask_long(work, lambda _: session.tell(Notice(words)))


def hand_over_key(session: Session, then: Callable[[str], None]) -> None:
    """Give the link key as text, for a colleague."""
    session.ask_long(lambda workspace, _: link_keys.hand_over(workspace), then)


def load_key_source(session: Session, then: Callable[[str], None]) -> None:
    """Say where the link key is, after asking the team's servers; "" where nobody knows."""

    def work(workspace: Workspace, _: LongWork) -> LinkKeySource:
        from projectdesk.services import shared_link_key

        return shared_link_key.settle(workspace)

    session.ask_long(
        work, lambda found: then(key_words(found)), lambda error: then(say_error(error))
    )


def renew_key(session: Session, then: Callable[[str], None]) -> None:
    """Make a new link key for the team, and say where it is; every link that was sent ends."""

    def work(workspace: Workspace, _: LongWork) -> LinkKeySource:
        from projectdesk.services import shared_link_key

        return shared_link_key.renew(workspace)

    def done(found: LinkKeySource) -> None:
        session.tell(
            Notice(say("The link key is new. Links that were sent before do not open any more."))
        )
        then(key_words(found))

    def failed(error: ProjectDeskError) -> None:
        session.tell(Notice(say_error(error), error=True))

    session.ask_long(work, done, failed)


def take_over_key(session: Session, text: str, then: Callable[[], None], failed: Failed) -> None:
    """Keep the link key that a colleague handed over."""
    session.ask_long(
        lambda workspace, _: link_keys.take_over(workspace, text), lambda _: then(), failed
    )
