"""Finds the way to a server and opens connections on it; safe to use from all threads."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.policy import managed
from projectdesk.proxies.routes import (
    DIRECT,
    Kind,
    Route,
    is_excepted,
    is_near,
    proxy_of,
    routes_of_answer,
)
from projectdesk.proxies.settings import Mode, ProxySettings, checked
from projectdesk.proxies.tunnel import RefusedTunnelError, through_http, through_socks

if TYPE_CHECKING:
    from projectdesk.proxies.pac import PacRunner

SCRIPT_S: Final = 3600.0
"""How long a PAC file counts before it is fetched again."""
AGAIN_S: Final = 30.0
"""How long one that could not be fetched is left alone."""
ANSWER_S: Final = 300.0
"""How long an answer of a PAC file counts."""
CONNECT_S: Final = 30.0
_MOST_ANSWERS: Final = 500
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Login:
    """What one signs in at a proxy with."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Login({self.user!r}, ***)"


def login_name(route: Route) -> str:
    """Return under which name the login of a proxy is among the secrets."""
    return f"proxy-login:{route.host}:{route.port}"


def login_text(login: Login) -> str:
    """Return a login as it is kept among the secrets."""
    return json.dumps({"user": login.user, "password": login.password})


def login_of(kept: str | None) -> Login | None:
    """Return the login that a secret holds."""
    try:
        found = json.loads(kept or "")
        return Login(str(found["user"]), str(found["password"]))
    except (ValueError, KeyError, TypeError):
        return None


class Ways:
    """The ways of this computer, as its settings say."""

    def __init__(
        self,
        settings: ProxySettings | None = None,
        secret: Callable[[str], str | None] = lambda _name: None,
        wanted: Callable[[Route], None] = lambda _route: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make it; nothing is fetched or started yet.

        Args:
            settings: what is in force (`settings.in_force`); None = the system's.
            secret: reads a secret by its name (`login_name`).
            wanted: told of a proxy that asks for a login that is not known or not accepted.
            clock: seconds.
        """
        chosen = settings or ProxySettings()
        try:
            self.settings = checked(chosen)
        except DomainError as error:
            _log.warning("no connections: the settings of the proxy do not hold: %s", error.code)
            self.settings = replace(chosen, mode=Mode.BLOCKED)
        self._secret = secret
        self._wanted = wanted
        self._clock = clock
        self._lock = threading.Lock()
        self._logins: dict[str, Login | None] = {}
        self._answers: dict[str, tuple[float, tuple[Route, ...]]] = {}
        self._runner: PacRunner | None = None
        self._fetched_at = 0.0
        self._failure: EnvironmentFailure | None = None
        self._system_script: str | None = None

    # --- which way --------------------------------------------------------------------------------

    def routes(self, host: str, port: int) -> tuple[Route, ...]:
        """Return the ways to a server, the best first.

        Raises:
            EnvironmentFailure: `proxy_script_unreachable`, `proxy_script_wrong`, `proxy_blocked`.
        """
        mode = self.settings.mode
        if is_near(host) or mode is Mode.NONE:
            return (DIRECT,)
        if mode is Mode.BLOCKED:
            raise EnvironmentFailure(
                "proxy_blocked",
                "What your organisation has settled about proxies cannot be read ({place}), so "
                "nothing is reached beyond this network. Please tell your administrator.",
                place=managed().place,
            )
        if mode is Mode.MANUAL:
            excepted = is_excepted(host, port, self.settings.exceptions)
            return (DIRECT if excepted else proxy_of(self.settings.address),)
        if mode is Mode.PAC:
            return self._by_script(self.settings.script, host, port)
        return self._by_system(host, port)

    def known_routes(self, host: str, port: int) -> tuple[Route, ...] | None:
        """Return the ways if that takes no time; None = `routes` may have to wait."""
        if self.settings.mode is not Mode.PAC or is_near(host):
            return self.routes(host, port)
        kept = self._answers.get(_url(host, port))
        return kept[1] if kept and self._clock() - kept[0] < ANSWER_S else None

    def _by_system(self, host: str, port: int) -> tuple[Route, ...]:
        from projectdesk.proxies import system

        if self._system_script is None:
            self._system_script = system.system_script()
        if self._system_script:
            try:
                return self._by_script(self._system_script, host, port)
            except EnvironmentFailure as error:
                _log.warning("the PAC file of the system is left out: %s", error.code)
        return (system.system_route(host, port),)

    def _by_script(self, address: str, host: str, port: int) -> tuple[Route, ...]:
        url = _url(host, port)
        with self._lock:
            kept = self._answers.get(url)
            if kept and self._clock() - kept[0] < ANSWER_S:
                return kept[1]
            try:
                found = _read_answer(address, self._script(address).find(url, host))
            except EnvironmentFailure as error:
                if error.code == "proxy_script_unreachable" and self.settings.direct:
                    return (DIRECT,)
                raise
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            self._answers[url] = (self._clock(), found)
            return found

    def _script(self, address: str) -> PacRunner:
        """Return what runs the script, fetched anew now and then."""
        from projectdesk.proxies.pac import PacRunner, fetch_script

        age = self._clock() - self._fetched_at
        if self._failure is not None and age < AGAIN_S:
            raise self._failure
        if self._runner is not None and age < SCRIPT_S:
            return self._runner
        self._fetched_at = self._clock()
        try:
            script = fetch_script(address)
        except EnvironmentFailure as error:
            if self._runner is not None:  # the one that was fetched before still counts
                return self._runner
            self._failure = error
            raise
        self._failure = None
        if self._runner is not None:
            self._runner.close()
        self._runner = PacRunner(script, address)
        return self._runner

    # --- connections ------------------------------------------------------------------------------

    def open(self, host: str, port: int, timeout: float = CONNECT_S) -> tuple[socket.socket, Route]:
        """Connect to a server; return the open socket and the way that was taken.

        The next way is tried where a proxy does not answer, as browsers do.

        Raises:
            OSError: it cannot be reached directly.
            EnvironmentFailure: `proxy_unreachable`, `proxy_login_needed`, `proxy_login_refused`,
                `proxy_refused`, and those of `routes`.
        """
        failure: EnvironmentFailure | None = None
        for route in self.routes(host, port):
            if route.kind is Kind.DIRECT:
                return socket.create_connection((host, port), timeout), route
            try:
                return self._through(route, host, port, timeout), route
            except EnvironmentFailure as error:
                if error.code != "proxy_unreachable":
                    raise
                failure = error
        if failure is None:
            raise EnvironmentFailure("proxy_unreachable")
        raise failure

    def connect(self, host: str, port: int, timeout: float = CONNECT_S) -> socket.socket:
        """Connect to a server as `open` does, and return the socket alone."""
        return self.open(host, port, timeout)[0]

    def _through(self, route: Route, host: str, port: int, timeout: float) -> socket.socket:
        login = self.login(route)
        shown = (login.user, login.password) if login else None
        tunnel = through_http if route.kind is Kind.HTTP else through_socks
        try:
            return tunnel((route.host, route.port), (host, port), shown, timeout)
        except RefusedTunnelError as error:
            if error.wants_login:
                raise self.wants_login(route, was_known=login is not None) from None
            raise EnvironmentFailure(
                "proxy_refused",
                "The proxy {proxy} makes no connection to {host}: {reason}.",
                proxy=str(route),
                host=host,
                reason=str(error),
            ) from None
        except UnicodeError as error:
            raise EnvironmentFailure(
                "proxy_login_characters",
                "The name and the password for the SOCKS proxy {proxy} may have ASCII characters "
                "only.",
                proxy=str(route),
            ) from error
        except OSError as error:
            late = isinstance(error, TimeoutError)
            reason = "no answer in time" if late else error.strerror or str(error)
            raise unreachable(route, reason) from error

    # --- logins -----------------------------------------------------------------------------------

    def login(self, route: Route) -> Login | None:
        """Return what one signs in at a proxy with: the system's, or what is kept."""
        if route.user:
            return Login(route.user, route.password)
        name = login_name(route)
        if name not in self._logins:
            self._logins[name] = login_of(self._secret(name))
        return self._logins[name]

    def wants_login(self, route: Route, *, was_known: bool) -> EnvironmentFailure:
        """Tell that a proxy asks for a login; return the error that says so."""
        self._wanted(route)
        if was_known:
            return EnvironmentFailure(
                "proxy_login_refused",
                "The proxy {proxy} does not accept the name and the password that are kept for it. "
                "Enter them anew in Settings, Network.",
                proxy=str(route),
            )
        return EnvironmentFailure(
            "proxy_login_needed",
            "The proxy {proxy} asks for a name and a password. Enter them in Settings, Network.",
            proxy=str(route),
        )

    def close(self) -> None:
        """End what was started. Idempotent."""
        with self._lock:
            if self._runner is not None:
                self._runner.close()
                self._runner = None


def unreachable(route: Route, reason: str) -> EnvironmentFailure:
    """Return that a proxy does not answer."""
    return EnvironmentFailure(
        "proxy_unreachable",
        "The proxy {proxy} does not answer ({reason}). Look at the network, then at Settings, "
        "Network.",
        proxy=str(route),
        reason=reason,
    )


def _url(host: str, port: int) -> str:
    """Return the address that a script is asked about: without path, as in browsers."""
    name = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return f"https://{name}/" if port == 443 else f"https://{name}:{port}/"


def _read_answer(address: str, answer: str) -> tuple[Route, ...]:
    from projectdesk.proxies.pac import script_wrong

    try:
        return routes_of_answer(answer)
    except ValueError as error:
        raise script_wrong(address, str(error)) from error


# --- the ways of this process ---------------------------------------------------------------------


class _Process:
    """What a process uses: one way out for all of it, as its log is one.

    A connection that somebody forgot to tell of the proxy would be one that does not work in half
    of the organisations, so that nobody has to be told.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.make: Callable[[], Ways] | None = None
        self.made: Ways | None = None


_process: Final = _Process()


def use(make: Callable[[], Ways] | None) -> None:
    """Say how the ways of this process are made, when they are first needed; None = as usual."""
    with _process.lock:
        before, _process.made = _process.made, None
        _process.make = make
    if before is not None:
        before.close()


def current() -> Ways:
    """Return the ways of this process."""
    from projectdesk.proxies.settings import in_force

    with _process.lock:
        if _process.made is None:
            make = _process.make
            _process.made = make() if make else Ways(in_force(ProxySettings()))
        return _process.made
