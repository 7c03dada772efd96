"""The real host as its own process, with the embedded SFU, and a meeting on it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from projectdesk.signalling.call import Role
from projectdesk.signalling.control import Invitee, PlannedItem, RoomRules, RoomSnapshot
from projectdesk.signalling.journal import JournalBatch

COMMAND = [sys.executable, "-m", "projectdesk", "serve"]
PATIENCE_S = 30.0


def token(number: int) -> str:
    """Return the token of an invitee's link."""
    return f"token-of-{number}"


def invitee(number: int, name: str, organisation: str, role: Role = "participant") -> Invitee:
    """Return who may come in with `token(number)`."""
    return Invitee(
        id=f"{number:032x}",
        name=name,
        organisation=organisation,
        country="NO",
        role=role,
        zone="Europe/Oslo",
        token_hash=hashlib.sha256(token(number).encode()).hexdigest(),
    )


def meeting(invitees: list[Invitee], rules: RoomRules | None = None) -> RoomSnapshot:
    """Return a meeting that is open now."""
    now = datetime.now(UTC).replace(microsecond=0)
    return RoomSnapshot(
        meeting="m1",
        title="Kick-off meeting",
        project="TIDEWATER",
        organiser="Ida Holm",
        starts_at=now,
        local_start=now.strftime("%Y-%m-%dT%H:%M"),
        zone="UTC",
        duration_minutes=90,
        agenda=[
            PlannedItem(
                id="i1", number="1", title="Welcome", kind="information", planned_minutes=10
            ),
            PlannedItem(
                id="i2", number="2", title="Partner round", kind="discussion", planned_minutes=20
            ),
        ],
        invitees=invitees,
        rules=rules or RoomRules(),
    )


@dataclass(frozen=True)
class RealRoom:
    """A meeting on the host. url: of its page, without a token."""

    url: str

    def link(self, number: int) -> str:
        """Return an invitee's personal link."""
        return f"{self.url}#{token(number)}"


class RealHost:
    """A running host."""

    def __init__(self, url: str, key: str) -> None:
        """Take what `serve` printed and the key of a desktop."""
        self.url = url
        self.key = key
        self._rooms = 0

    async def open_room(self, snapshot: RoomSnapshot) -> RealRoom:
        """Hand the meeting to the host, as a desktop does; each in a room of its own."""
        self._rooms += 1
        room = f"r{self._rooms:09d}"
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        body = msgspec.json.encode(snapshot)
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.put(f"{self.url}/api/v1/rooms/{room}", data=body) as response,
        ):
            assert response.status == 200, await response.text()
        return RealRoom(f"{self.url}/r/{room}")

    async def facts(self, kind: type) -> list[Any]:
        """Return what the host's journal has of a kind."""
        headers = {"Authorization": f"Bearer {self.key}"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.get(f"{self.url}/api/v1/journal?after=0") as response,
        ):
            batch = msgspec.json.decode(await response.read(), type=JournalBatch)
        return [entry.fact for entry in batch.entries if isinstance(entry.fact, kind)]


@asynccontextmanager
async def running_host(
    data: Path, *options: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[RealHost]:
    """Run `projectdesk serve` on loopback until the end of the block; `environment` is added."""
    folder = ["--data", str(data)]
    adding = await asyncio.create_subprocess_exec(
        *COMMAND, "keys", "add", "test", "--json", *folder, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await adding.communicate()
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        "--port",
        "0",
        "--interfaces",
        "127.0.0.1",
        *folder,
        *options,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, **(environment or {})},
    )
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), PATIENCE_S)
        yield RealHost(line.decode().strip(), json.loads(out)["key"])
    finally:
        process.terminate()
        await process.communicate()
