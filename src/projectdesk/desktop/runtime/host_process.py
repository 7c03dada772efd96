"""The host of this computer: started detached, found again, never a child that dies with us.

`host.json` in the host's folder says which process serves and where (decisions 5). A desktop that
starts adopts a host that answers and speaks our protocol; otherwise it starts one. What blocks
(files, making a key) are plain functions for the worker pool; `LocalHost` waits without blocking.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from projectdesk.desktop.runtime.host_client import HostAddress, HostClient
from projectdesk.desktop.runtime.session import LongWork, Session
from projectdesk.errors import EnvironmentFailure, ProjectDeskError
from projectdesk.signalling import VERSION
from projectdesk.signalling.control import HostFacts

_log = logging.getLogger(__name__)
KEY_NAME: Final = "host-api-key:local"
_POLL_MS = 100
_START_TIMEOUT_MS = 30_000
_KEY_TIMEOUT_S = 60


class HostRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What we read of `host.json`: the process, its protocol, and its address on this computer."""

    pid: int
    protocol: int
    url: str


def host_folder(data: Path) -> Path:
    """Return where the host of this computer keeps its journal, log and `host.json`."""
    return data / "host"


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


def start_host(folder: Path, options: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """Start a host that outlives this process; its output goes to `host.out` in `folder`.

    Raises:
        EnvironmentFailure: the program cannot be started ("host_not_started").
    """
    command = [*program(), "serve", "--by-desktop", "--data", str(folder), "--port", "0", *options]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "host.out").open("ab") as output:
            if sys.platform == "win32":
                flags = (
                    subprocess.CREATE_NEW_PROCESS_GROUP
                    | subprocess.DETACHED_PROCESS
                    | subprocess.CREATE_BREAKAWAY_FROM_JOB
                )
                return subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    creationflags=flags,
                )
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
    except OSError as error:
        raise EnvironmentFailure(
            "host_not_started",
            "The meeting host could not be started ({reason}).",
            reason=error.strerror or str(error),
        ) from error


def make_key(folder: Path, name: str) -> str:
    """Make an API key at the host of `folder` and return it; takes about a second.

    Raises:
        EnvironmentFailure: the host's folder cannot be used ("host_key_not_made").
    """
    command = [*program(), "serve", "keys", "add", name, "--data", str(folder), "--json"]
    try:
        made = subprocess.run(
            command, capture_output=True, timeout=_KEY_TIMEOUT_S, check=True, text=True
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

    started: the address, each time a host was found or started.
    """

    started = Signal(object)

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
        self._waiting: list[_Waiting] = []
        self._process: subprocess.Popen[bytes] | None = None
        self._key = ""
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
        if self.address is not None:
            self._probe(self.address, self._begin)
        else:
            self._begin()

    def stop(self) -> None:
        """Stop waiting; the host itself goes on."""
        self._poll.stop()
        self._waiting.clear()

    def _begin(self) -> None:
        """Find the key (or make one), then the host."""
        self.address = None
        folder = self.folder

        def key(workspace: object, _work: LongWork) -> str:
            secrets = workspace.secrets  # type: ignore[attr-defined]
            known = secrets.read(KEY_NAME)
            if known:
                return str(known)
            made = make_key(folder, "desktop")
            secrets.write(KEY_NAME, made)
            return made

        self._session.ask_long(key, self._with_key, self._give_up)

    def _with_key(self, key: str) -> None:
        self._key = key
        record = read_record(self.folder)
        if record is None:
            self._start()
        else:
            self._probe(self._address_of(record), self._start)

    def _start(self) -> None:
        try:
            self._process = start_host(self.folder, self._options)
        except EnvironmentFailure as error:
            self._give_up(error)
            return
        _log.info("host started, pid %d", self._process.pid)
        self._polls = 0
        self._poll.start()

    def _look(self) -> None:
        """Look whether the started host has written where it is."""
        self._polls += 1
        process = self._process
        if process is None:
            self._poll.stop()
            return
        record = read_record(self.folder)
        if record is not None and record.pid == process.pid:
            self._poll.stop()
            self._probe(
                self._address_of(record),
                lambda: self._give_up(self._failure("it does not answer")),
            )
        elif process.poll() is not None:
            self._poll.stop()
            self._give_up(self._failure(f"it ended with code {process.returncode}"))
        elif self._polls * _POLL_MS > _START_TIMEOUT_MS:
            self._poll.stop()
            self._give_up(self._failure("it took too long"))

    def _failure(self, reason: str) -> EnvironmentFailure:
        return EnvironmentFailure(
            "host_not_started",
            "The meeting host could not be started: {reason}. Its log is {log}.",
            reason=reason,
            log=str(self.folder / "host.out"),
        )

    def _address_of(self, record: HostRecord) -> HostAddress:
        return HostAddress(record.url, self._key, record.url)

    def _probe(self, address: HostAddress, otherwise: Callable[[], None]) -> None:
        """Adopt the host at `address` if it answers our key and protocol."""
        client = HostClient(address, self)

        def good(facts: HostFacts) -> None:
            client.deleteLater()
            if abs(facts.protocol - VERSION) > 1:
                self._give_up(
                    EnvironmentFailure(
                        "host_other_version",
                        "The running meeting host is version {theirs}, this desktop speaks "
                        "{ours}. End the host's meetings and start again, or update.",
                        theirs=facts.version,
                        ours=VERSION,
                    )
                )
                return
            self._adopt(HostAddress(address.url, address.key, facts.public_url))

        def bad(error: ProjectDeskError) -> None:
            client.deleteLater()
            _log.info("no host at %s: %s", address.url, error.code)
            otherwise()

        client.ask("GET", "/api/v1/host", HostFacts, good, bad)

    def _adopt(self, address: HostAddress) -> None:
        self.address = address
        waiting, self._waiting = self._waiting, []
        self.started.emit(address)
        for one in waiting:
            one.then(address)

    def _give_up(self, error: ProjectDeskError) -> None:
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            one.failed(error)
