"""Which proxy is taken, and whether newer versions are looked for, in Settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from projectdesk import __version__
from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models import formats
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.policy import policy
from projectdesk.proxies import Mode, ProxySettings, Route
from projectdesk.proxies.settings import in_force, is_settled, load, save

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace
    from projectdesk.updates.checking import State

_NEEDED = {Mode.MANUAL: "address", Mode.PAC: "script"}


class ProxyView(Protocol):
    """What shows the choice."""

    def show_chosen(self, chosen: ProxySettings, *, settled: bool) -> None:
        """Show it; settled: it cannot be changed."""

    def show_problem_of(self, field: str, words: str) -> None:
        """Say what is wrong beside a field; "" = nothing."""

    def show_outcome(self, words: str) -> None:
        """Say at the foot what came of it."""

    def kept(self) -> None:
        """Take note that another choice counts."""


class ProxyPresenter:
    """Keeps each change at once, as soon as what is chosen is complete."""

    def __init__(self, session: Session, view: ProxyView, data: Path) -> None:
        self._session = session
        self._view = view
        self._data = data
        self._draft = ProxySettings()

    def load(self) -> None:
        """Show what counts."""
        self._draft = load(self._data)
        self._show()

    def change(self, field: str, value: object) -> None:
        """Change one field; what is incomplete waits, and what was kept counts until then."""
        made: Any = value
        if field == "mode":
            made = Mode(str(value))
        elif field == "exceptions":
            made = tuple(str(value).replace(",", " ").split())
        self._draft = replace(self._draft, **{field: made})
        self._show()
        needed = _NEEDED.get(self._draft.mode, "")
        if needed and not getattr(self._draft, needed):
            self._view.show_outcome(say("It counts once its address is entered."))
            return
        try:
            self._draft = save(self._data, self._draft)
        except DomainError as error:
            self._view.show_problem_of(str(error.facts.get("field") or field), say_error(error))
            return
        self._view.show_outcome("")
        self._show()
        self._view.kept()

    def try_it(self) -> None:
        """Connect to the servers that are known, and say by which way."""
        self._view.show_outcome(say("Trying the connection…"))

        def work(workspace: Workspace, _under_way: object) -> str:
            return _tried(workspace)

        def failed(error: ProjectDeskError) -> None:
            self._view.show_outcome(say_error(error))

        self._session.ask_long(work, self._view.show_outcome, failed)

    def _show(self) -> None:
        settled = is_settled()
        self._view.show_chosen(in_force(self._draft) if settled else self._draft, settled=settled)


def _tried(workspace: Workspace) -> str:
    from projectdesk.proxies.routes import place_of
    from projectdesk.proxies.trial import try_way
    from projectdesk.services import mail_accounts, meeting_hosts

    places = [place_of(one.url) for one in meeting_hosts.meeting_hosts(workspace).servers]
    account = mail_accounts.account(workspace.data)
    if account is not None:
        places.append((account.smtp.host, account.smtp.port))
    if not places:
        return say("There is no server yet that could be tried: add one, or set up mail.")
    lines = []
    for host, port in places:
        try:
            way = try_way(host, port)
        except ProjectDeskError as error:
            lines.append(say_error(error))
        except OSError as error:
            reason = error.strerror or str(error)
            lines.append(say("{host} does not answer ({reason}).", host=host, reason=reason))
        else:
            by = say("directly") if way == "direct" else say("by {proxy}", proxy=way)
            lines.append(say("{host} answers, {way}.", host=host, way=by))
    return "\n".join(lines)


def mode_words(mode: Mode) -> str:
    """Return a way to find proxies in words."""
    return {
        Mode.SYSTEM: say("As the system is set"),
        Mode.NONE: say("No proxy"),
        Mode.PAC: say("By a PAC file"),
        Mode.MANUAL: say("This proxy"),
        Mode.BLOCKED: say("Cannot be read"),
    }[mode]


def keep_login(
    session: Session,
    route: Route,
    user: str,
    password: str,
    then: Callable[[], None],
    failed: Callable[[ProjectDeskError], None],
) -> None:
    """Keep the login of a proxy in the key store."""
    from projectdesk.proxies.ways import Login, login_name, login_text

    def work(workspace: Workspace, _under_way: object) -> None:
        workspace.secrets.write(login_name(route), login_text(Login(user, password)))

    session.ask_long(work, lambda _: then(), failed)


# --- updates --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UpdatesState:
    """What Settings say. wanted: it is looked for. can: there is a feed, and it may be changed."""

    wanted: bool
    can: bool
    words: str


def updates_state(data: Path, zone: str) -> UpdatesState:
    """Return what is known of updates; nobody is asked."""
    from projectdesk.updates import checking

    if not policy().updates:
        words = say("Your organisation has settled that updates are not looked for.")
        return UpdatesState(wanted=False, can=False, words=words)
    if not checking.source().known:
        words = say("This build names no place to look: nothing is asked of anybody.")
        return UpdatesState(wanted=False, can=False, words=words)
    state = checking.load(data)
    return UpdatesState(state.wanted, can=True, words=_seen_words(state, zone))


def _seen_words(state: State, zone: str) -> str:
    from projectdesk.updates import checking

    if state.problem:
        return state.problem
    update = checking.seen(state)
    if update is not None:
        words = say("ProjectDesk {version} is there.", version=update.feed.version)
        if not update.fits:
            words += " " + say("It needs a newer version of this system.")
        return words
    if state.checked_at is None:
        return say("Not looked for yet.")
    when = formats.moment(state.checked_at, zone)
    version = __version__
    return say("{version} is the newest version ({when}).", version=version, when=when)


def want_updates(session: Session, data: Path, wanted: bool, then: Callable[[], None]) -> None:
    """Let it be looked for updates once a day, or not."""

    def work(_workspace: Workspace, _under_way: object) -> None:
        from projectdesk.updates import checking

        checking.want(data, wanted)

    session.ask_long(work, lambda _: then())


def look_now(session: Session, data: Path, now: datetime, then: Callable[[], None]) -> None:
    """Look for updates now; what is wrong is among what is known then."""

    def work(_workspace: Workspace, _under_way: object) -> None:
        from projectdesk.updates import checking

        checking.check(data, now)

    session.ask_long(work, lambda _: then(), lambda _: then())
