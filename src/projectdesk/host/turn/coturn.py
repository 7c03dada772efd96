"""coturn as a child of the host: started with it, started again when it dies, ended with it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import shutil
import socket
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path

from projectdesk.errors import EnvironmentFailure
from projectdesk.folders import make_private
from projectdesk.host.turn.configuration import CoturnSettings, configuration
from projectdesk.host.turn.passes import Relays

_log = logging.getLogger(__name__)

PROGRAM = "turnserver"
_ANYWHERE = "0.0.0.0"  # noqa: S104 - tried, to see whether it is free
_READY_S = 10.0
_POLL_S = 0.05
_END_S = 3.0
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 30.0
_STEADY_S = 60.0
"""After so long a life the next death is not one of a row."""


class Coturn:
    """One coturn with a secret of its own, made anew at each start of the host."""

    def __init__(self, settings: CoturnSettings, folder: Path) -> None:
        """Find the program.

        Args:
            settings: how it is reached.
            folder: for its files, private; made if there is none.

        Raises:
            EnvironmentFailure: `coturn_missing`.
        """
        program = shutil.which(PROGRAM)
        if program is None:
            raise EnvironmentFailure(
                "coturn_missing",
                "coturn is not installed (no program {program}). Install it (Debian and Ubuntu: "
                "apt install coturn), or name relays of your own with --turn-url.",
                program=PROGRAM,
            )
        self._settings = settings
        self._folder = folder
        self._command = [*_ends_with_us(), program, "-c", str(folder / "coturn.conf")]
        self._secret = secrets.token_urlsafe(32)
        self._said: deque[str] = deque(maxlen=20)
        self._process: asyncio.subprocess.Process | None = None

    @property
    def relays(self) -> Relays:
        """What pages are told of it."""
        return Relays(self._settings.urls(), self._secret)

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return None if self._process is None else self._process.pid

    async def start(self) -> None:
        """Write the configuration, start, and wait until it listens.

        Raises:
            EnvironmentFailure: `coturn_failed`; it is not running then.
        """
        make_private(self._folder)
        self._check_ports()
        _write_private(
            self._folder / "coturn.conf",
            configuration(self._settings, self._secret, self._folder),
        )
        await self._start()
        try:
            async with asyncio.timeout(_READY_S):
                while not await self._listens():  # noqa: ASYNC110 - another program is asked
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            await self.stop()
            raise self._failure() from None
        except EnvironmentFailure:
            await self.stop()
            raise

    async def keep(self) -> None:
        """Read what it says and start it again when it dies, until cancelled; then end it."""
        pause = _FIRST_PAUSE_S
        clock = asyncio.get_running_loop().time
        try:
            while True:
                began = clock()
                code = await self._until_dead()
                pause = _FIRST_PAUSE_S if clock() - began > _STEADY_S else pause
                _log.error("coturn ended (%s) and is started again: %s", code, self._reason())
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_S)
                with contextlib.suppress(EnvironmentFailure):  # said by the next round
                    await self._start()
        finally:
            await self.stop()

    async def stop(self) -> None:
        """End it. Idempotent."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                last, _ = await asyncio.wait_for(process.communicate(), _END_S)
            except TimeoutError:
                process.kill()
                last, _ = await process.communicate()
            self._said.extend(last.decode("utf-8", "replace").splitlines())

    async def _start(self) -> None:
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                cwd=self._folder,
            )
        except OSError as error:
            raise self._failure() from error

    async def _until_dead(self) -> int | None:
        process = self._process
        if process is None or process.stdout is None:
            return None
        async for line in process.stdout:
            self._said.append(line.decode("utf-8", "replace").strip())
        return await process.wait()

    def _check_ports(self) -> None:
        """Say at once what coturn would try again and again: an address or a port it cannot have.

        Raises:
            EnvironmentFailure: `coturn_failed`.
        """
        ports = [self._settings.port]
        if self._settings.speaks_tls:
            ports.append(self._settings.tls_port)
        for address in self._settings.listen or (_ANYWHERE,):
            for port in ports:
                family = socket.AF_INET6 if ":" in address else socket.AF_INET
                with socket.socket(family, socket.SOCK_STREAM) as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    try:
                        probe.bind((address, port))
                    except OSError as error:
                        self._said.append(f"{address} port {port}: {error.strerror}")
                        raise self._failure() from error

    async def _listens(self) -> bool:
        """Tell whether it takes connections.

        Raises:
            EnvironmentFailure: `coturn_failed`; it ended.
        """
        if self._process is not None and self._process.returncode is not None:
            await self._until_dead()
            raise self._failure()
        address = self._settings.listen[0] if self._settings.listen else "127.0.0.1"
        port = self._settings.tls_port if self._settings.speaks_tls else self._settings.port
        try:
            _, writer = await asyncio.open_connection(address, port)
        except OSError:
            return False
        writer.close()
        return True

    def _failure(self) -> EnvironmentFailure:
        return EnvironmentFailure(
            "coturn_failed",
            "coturn does not start: {reason}. See --turn-address, --turn-port and --turn-tls-port.",
            reason=self._reason(),
        )

    def _reason(self) -> str:
        """Return its last complaint: no line that could name a guest."""
        lines = [line for line in self._said if "session" not in line and line]
        errors = [line for line in lines if "ERROR" in line or "annot" in line]
        return (errors or lines or ["it said nothing"])[-1]


def _ends_with_us() -> list[str]:
    """Return the beginning of a command line that ends with its parent, even if that is killed."""
    wrapper = shutil.which("setpriv")
    return [] if wrapper is None else [wrapper, "--pdeathsig", "TERM", "--"]


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write(text)


@contextlib.asynccontextmanager
async def relaying(
    turn: Relays | CoturnSettings | None, folder: Path
) -> AsyncIterator[Relays | None]:
    """Run coturn for the length of the block, where it is ours to run; give what pages are told.

    Args:
        turn: relays that somebody else runs, or how to run ours; None = no relays.
        folder: for our coturn's files.

    Raises:
        EnvironmentFailure: `coturn_missing`, `coturn_failed`.
    """
    if turn is None or isinstance(turn, Relays):
        yield turn
        return
    coturn = Coturn(turn, folder)
    await coturn.start()
    keeping = asyncio.get_running_loop().create_task(coturn.keep(), name="coturn")
    try:
        yield coturn.relays
    finally:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping
