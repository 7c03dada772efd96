"""The host of this computer: started detached, found again, never a child that dies with us.

`host.json` in the host's folder says which process serves and where (decisions 5). A desktop that
starts adopts a host that answers and speaks our protocol; otherwise it starts one, at the port that
earlier links hold (`host_port`). What blocks (making a key) is a plain function for the worker
pool; `LocalHost` waits without blocking.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final
from urllib.parse import urlsplit

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from projectdesk.desktop.language import say
from projectdesk.desktop.runtime.host_client import HostAddress, HostClient
from projectdesk.desktop.runtime.host_port import choose_port, keep_port, kept_port
from projectdesk.desktop.runtime.session import LongWork, Notice, Session
from projectdesk.errors import EnvironmentFailure, ProjectDeskError
from projectdesk.policy import check_hosting
from projectdesk.secrets import PASSPHRASE_VARIABLE
from projectdesk.services.meeting_hosts import THIS_KEY, key_name
from projectdesk.signalling import VERSION
from projectdesk.signalling.control import HostFacts

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

_log = logging.getLogger(__name__)
KEY_NAME: Final = key_name(THIS_KEY)
_POLL_MS = 100
_START_TIMEOUT_MS = 30_000
_KEY_TIMEOUT_S = 60
_ATTEMPTS = 3
_REFUSED = {"key_refused", "key_unknown"}


class HostRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What we read of `host.json`: which process, and its address on this computer."""

    pid: int
    protocol: int
    url: str
    started_at: str = ""


def host_folder(data: Path) -> Path:
    """Return where the host of this computer keeps its journal, log and `host.json`."""
    return data / "host"


def lan_folder(data: Path) -> Path:
    """Return where the host for the local network keeps the same."""
    return data / "host-lan"


def read_record(folder: Path) -> HostRecord | None:
    """Return what `host.json` says, or None where there is none that can be read."""
    try:
        return msgspec.json.decode((folder / "host.json").read_bytes(), type=HostRecord)
    except (OSError, msgspec.MsgspecError):
        return None


def program() -> list[str]:
    """Return how this program is started again: the bundle itself, or Python with the package."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "projectdesk"]


def start_host(folder: Path, port: int = 0, options: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """Start a host that outlives this process; its output goes to `host.out` in `folder`.

    Args:
        folder: where it keeps its journal, log and `host.json`.
        port: to listen on; 0 = any.
        options: more of `projectdesk serve`.

    Raises:
        EnvironmentFailure: the program cannot be started ("host_not_started").
    """
    where = ["--data", str(folder), "--port", str(port)]
    command = [*program(), "serve", "--by-desktop", *where, *options]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "host.out").open("ab") as output:
            return _detached(command, output)
    except OSError as error:
        raise EnvironmentFailure(
            "host_not_started",
            "The meeting host could not be started ({reason}).",
            reason=error.strerror or str(error),
        ) from error


def _detached(command: Sequence[str], output: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a process that neither our end nor our terminal's takes with it."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS
        try:
            return _started(command, output, flags | subprocess.CREATE_BREAKAWAY_FROM_JOB)
        except PermissionError:  # the job we run in lets nobody out
            return _started(command, output, flags)
    else:
        return _started(command, output)


def _started(
    command: Sequence[str], output: IO[bytes], creationflags: int = 0
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env=_environment(),
        creationflags=creationflags,
        start_new_session=True,  # not looked at on Windows
    )


def _environment() -> dict[str, str]:
    """Return our environment without what only the desktop may know."""
    return {name: value for name, value in os.environ.items() if name != PASSPHRASE_VARIABLE}


def make_key(folder: Path, name: str) -> str:
    """Make an API key at the host of `folder` and return it; takes about a second.

    A key of this name that was lost with its secret store is renewed: its rooms stay ours.

    Raises:
        EnvironmentFailure: the host's folder cannot be used ("host_key_not_made").
    """
    command = [*program(), "serve", "keys", "add", name, "--renew", "--data", str(folder), "--json"]
    try:
        made = subprocess.run(
            command,
            capture_output=True,
            timeout=_KEY_TIMEOUT_S,
            check=True,
            text=True,
            env=_environment(),
        )
        return str(json.loads(made.stdout)["key"])
    except (OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
        stderr = getattr(error, "stderr", None) or ""
        raise EnvironmentFailure(
            "host_key_not_made",
            "The meeting host could not be set up ({reason}).",
            reason=(stderr.strip().splitlines() or [type(error).__name__])[-1],
        ) from error


@dataclass
class _Waiting:
    """Who waits for the host."""

    then: Callable[[HostAddress], None]
    failed: Callable[[ProjectDeskError], None]


class LocalHost(QObject):
    """Finds or starts the host of this computer.

    started: the address, each time a host was found or started. always: False, it ends by itself.
    """

    started = Signal(object)
    always = False
    key_name = KEY_NAME

    def __init__(
        self,
        data: Path,
        session: Session,
        parent: QObject | None = None,
        options: Sequence[str] = (),
    ) -> None:
        super().__init__(parent)
        self.folder = host_folder(data)
        self._session = session
        self._options = tuple(options)
        self._start_options: Sequence[str] = self._options
        self._waiting: list[_Waiting] = []
        self._process: subprocess.Popen[bytes] | None = None
        self._earlier: HostRecord | None = None
        self._key = ""
        self._renewed = False
        self._attempts = 0
        self._polls = 0
        self._poll = QTimer(self, interval=_POLL_MS)
        self._poll.timeout.connect(self._look)
        self.address: HostAddress | None = None

    def ensure(
        self,
        then: Callable[[HostAddress], None],
        failed: Callable[[ProjectDeskError], None],
    ) -> None:
        """Call `then` with the address of a host that answers, starting one if need be."""
        self._waiting.append(_Waiting(then, failed))
        if len(self._waiting) > 1:
            return
        self._renewed, self._attempts = False, 0
        if self.address is not None:
            self._probe(self.address, self._begin)
        else:
            self._begin()

    def stop(self) -> None:
        """Stop waiting; the host itself goes on."""
        self._poll.stop()
        self._waiting.clear()
        self._let_go()

    def _begin(self, *, renew: bool = False) -> None:
        """Find the key (or make one), then the host."""
        self.address = None
        folder = self.folder

        def key(workspace: Workspace, _work: LongWork) -> tuple[str, Sequence[str]]:
            check_hosting()
            options = self.prepare(workspace)
            secrets = workspace.secrets
            known = None if renew else secrets.read(self.key_name)
            if known:
                return known, options
            made = make_key(folder, "desktop")
            secrets.write(self.key_name, made)
            return made, options

        self._session.ask_long(key, self._with_key, self._give_up)

    def prepare(self, workspace: Workspace) -> Sequence[str]:
        """Return more options of `projectdesk serve`; called on a worker, before each search.

        Raises:
            EnvironmentFailure: no host of this kind can run here.
        """
        return self._options

    def fits(self, record: HostRecord) -> bool:
        """Tell whether the host of a record is where it is wanted today."""
        return True

    def address_of(self, record: HostRecord, key: str) -> HostAddress:
        """Return where the host of a record is asked."""
        return HostAddress(record.url, key, record.url)

    def _with_key(self, found: tuple[str, Sequence[str]]) -> None:
        self._key, self._start_options = found
        if not self._waiting:
            return  # stopped meanwhile: nobody wants a host any more
        record = read_record(self.folder)
        if record is None:
            self._start()
        elif self.fits(record):
            self._probe(self._address_of(record), self._start)
        else:
            self._end(self._address_of(record))

    def _end(self, address: HostAddress) -> None:
        """End a host that is at another address than wanted, then start one."""
        client = HostClient(address, self)

        def on(_: object = None) -> None:
            client.deleteLater()
            self._start()

        client.ask("POST", "/api/v1/stop", type(None), on, on)

    def _start(self) -> None:
        if not self._waiting:
            return
        self._attempts += 1
        self._earlier = read_record(self.folder)
        try:
            self._process = start_host(self.folder, choose_port(self.folder), self._start_options)
        except EnvironmentFailure as error:
            self._give_up(error)
            return
        _log.info("host started, pid %d", self._process.pid)
        self._polls = 0
        self._poll.start()

    def _look(self) -> None:
        """Look whether the started host has written where it is.

        Its record is told from an earlier one by what is in it, not by the pid: on Windows the
        process we start may be a launcher of the one that serves.
        """
        self._polls += 1
        process = self._process
        if process is None:
            self._poll.stop()
            return
        record = read_record(self.folder)
        if record is not None and record != self._earlier:
            self._poll.stop()
            self._probe(
                self._address_of(record),
                lambda: self._give_up(self._failure("it does not answer")),
            )
        elif process.poll() is not None:
            self._poll.stop()
            self._on_died(process.returncode)
        elif self._polls * _POLL_MS > _START_TIMEOUT_MS:
            self._poll.stop()
            self._give_up(self._failure("it took too long"))

    def _on_died(self, code: int) -> None:
        """Try again: its port may have been taken just then, or the host before it was ending."""
        if self._attempts < _ATTEMPTS:
            self._start()
        else:
            self._give_up(self._failure(f"it ended with code {code}"))

    def _failure(self, reason: str) -> EnvironmentFailure:
        return EnvironmentFailure(
            "host_not_started",
            "The meeting host could not be started: {reason}. Its log is {log}.",
            reason=reason,
            log=str(self.folder / "host.out"),
        )

    def _address_of(self, record: HostRecord) -> HostAddress:
        return self.address_of(record, self._key)

    def _probe(self, address: HostAddress, otherwise: Callable[[], None]) -> None:
        """Adopt the host at `address` if it answers our key and protocol."""
        client = HostClient(address, self)

        def good(facts: HostFacts) -> None:
            client.deleteLater()
            if abs(facts.protocol - VERSION) > 1:
                self._give_up(other_version(facts))
            else:
                self._adopt(replace(address, public_url=facts.public_url))

        def bad(error: ProjectDeskError) -> None:
            client.deleteLater()
            _log.info("no host at %s: %s", address.url, error.code)
            if error.code in _REFUSED and not self._renewed:
                # Another folder's key, or a journal that was made anew: this host gets its own.
                self._renewed = True
                self._begin(renew=True)
            else:
                otherwise()

        client.ask("GET", "/api/v1/host", HostFacts, good, bad)

    def _adopt(self, address: HostAddress) -> None:
        self.address = address
        self._let_go()
        self._keep_port(address)
        waiting, self._waiting = self._waiting, []
        self.started.emit(address)
        for one in waiting:
            one.then(address)

    def _let_go(self) -> None:
        """Leave the host to itself: it outlives us, which Popen would warn of as forgotten."""
        if self._process is not None and self._process.poll() is None:
            self._process.returncode = 0
        self._process = None

    def _keep_port(self, address: HostAddress) -> None:
        """Remember the port; say so when links that were handed out before hold another one."""
        port = urlsplit(address.url).port or 0
        earlier = kept_port(self.folder)
        if earlier not in {None, port} and address.public_url == address.url:
            self._session.tell(
                Notice(
                    say(
                        "Another program uses the meeting host's port {port}. "
                        "Links sent before do not open any more: send them again.",
                        port=str(earlier),
                    ),
                    error=True,
                )
            )
        keep_port(self.folder, port)

    def _give_up(self, error: ProjectDeskError) -> None:
        self._let_go()
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            one.failed(error)


def other_version(facts: HostFacts) -> EnvironmentFailure:
    """Return what to say of a host that speaks another version."""
    return EnvironmentFailure(
        "host_other_version",
        "The running meeting host is version {theirs}, this desktop speaks {ours}. "
        "End the host's meetings and start again, or update.",
        theirs=facts.version,
        ours=VERSION,
    )
