"""A real host in a process of its own, with one meeting on it, for measurements of whole calls.

The host is `projectdesk serve` on loopback: HTTP, WebSockets, journal and an embedded SFU in a
process of its own, as an administrator runs it. What its processes hold is read from the outside.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import aiohttp
import msgspec

from projectdesk.host.serve import keys_add
from projectdesk.signalling import control

_ROOM_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_START_S = 30
_END_S = 15


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a process holds: resident bytes, threads, open descriptors."""

    rss: int
    threads: int
    descriptors: int


class Venue:
    """A host with one open room; use it as an asynchronous context manager.

    Args:
        data: an empty folder.
        seats: how many people are invited; the first is the chair.
        lobby: whether guests wait until the chair admits them.
        agenda: items of the meeting.
        writes: everybody may write the minutes.
    """

    def __init__(
        self,
        data: Path,
        seats: int,
        *,
        lobby: bool = False,
        agenda: Sequence[control.PlannedItem] = (),
        writes: bool = False,
    ) -> None:
        self._data = data
        self._tokens = [secrets.token_urlsafe(32) for _ in range(seats)]
        self._lobby = lobby
        self._agenda = list(agenda)
        self._writes = writes
        self._room = "".join(secrets.choice(_ROOM_ALPHABET) for _ in range(10))
        self._process: asyncio.subprocess.Process | None = None
        self._url = ""
        self._metrics = _free_port()

    async def __aenter__(self) -> Venue:
        key = await asyncio.to_thread(keys_add, self._data, "bench")
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "projectdesk", "serve"),
            *("--data", str(self._data), "--bind", "127.0.0.1", "--port", "0"),
            *("--metrics", f"127.0.0.1:{self._metrics}"),
            stdout=asyncio.subprocess.PIPE,
        )
        assert self._process.stdout is not None  # noqa: S101 - PIPE
        async with asyncio.timeout(_START_S):
            self._url = (await self._process.stdout.readline()).decode().strip()
        if not self._url:
            raise RuntimeError("the host of the measurement did not start")
        async with (
            aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"}) as http,
            http.put(
                f"{self._url}/api/v1/rooms/{self._room}",
                data=msgspec.json.encode(self._snapshot()),
                headers={"Content-Type": "application/json"},
            ) as answer,
        ):
            if answer.status >= 300:
                raise RuntimeError(f"the room was refused: {await answer.text()}")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(_END_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def link(self, seat: int) -> str:
        """Return the personal link of seat 0 (the chair), 1, 2, ..."""
        return f"{self._url}/r/{self._room}#{self._tokens[seat]}"

    def holdings(self) -> dict[str, Holdings]:
        """Return what host and media server hold now, by name; where /proc tells (Linux).

        Raises:
            RuntimeError: this system does not tell, or the host has ended.
        """
        if self._process is None or not Path("/proc/self/task").exists():
            raise RuntimeError("what a process holds can be read on Linux only")
        host = _holdings(self._process.pid)
        if host is None:
            raise RuntimeError("the host has ended")
        found = {"host": host}
        alive = [one for pid in sorted(_children(self._process.pid)) if (one := _holdings(pid))]
        return found | {f"sfu{number or ''}": one for number, one in enumerate(alive)}

    async def figures(self) -> dict[str, list[float]]:
        """Return what the host tells a Prometheus server: values by name of the metric."""
        async with (
            aiohttp.ClientSession() as http,
            http.get(f"http://127.0.0.1:{self._metrics}/metrics") as answer,
        ):
            text = await answer.text()
        found: dict[str, list[float]] = {}
        for line in text.splitlines():
            if line and not line.startswith("#"):
                name, _, value = line.rpartition(" ")
                found.setdefault(name.partition("{")[0], []).append(float(value))
        return found

    def _snapshot(self) -> control.RoomSnapshot:
        now = datetime.now(UTC)
        people = [
            control.Invitee(
                id=secrets.token_hex(16),
                name=f"Robot {number}",
                organisation="Bench",
                country="",
                role="participant" if number else "chair",
                zone="UTC",
                token_hash=hashlib.sha256(token.encode("ascii")).hexdigest(),
                writes_minutes=self._writes,
            )
            for number, token in enumerate(self._tokens)
        ]
        return control.RoomSnapshot(
            meeting=secrets.token_hex(16),
            title="Measurement",
            project="BENCH",
            organiser="Robot 0",
            starts_at=now,
            local_start=now.strftime("%Y-%m-%dT%H:%M"),
            zone="UTC",
            duration_minutes=60,
            agenda=self._agenda,
            invitees=people,
            rules=control.RoomRules(lobby=self._lobby),
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _children(pid: int) -> set[int]:
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        found |= {int(child) for child in (task / "children").read_text().split()}
    return found


def _holdings(pid: int) -> Holdings | None:
    """Return what a process holds, None if it has just ended."""
    process = Path(f"/proc/{pid}")
    try:
        told = (process / "status").read_text().splitlines()
        fields = dict(line.split(":", 1) for line in told if ":" in line)
        return Holdings(
            rss=int(fields["VmRSS"].split()[0]) * 1024,
            threads=int(fields["Threads"]),
            descriptors=sum(1 for _ in (process / "fd").iterdir()),
        )
    except (OSError, KeyError):  # KeyError: it ended and waits to be seen by its parent
        return None
