"""The real host as its own process, with the embedded SFU, and a meeting on it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import msgspec

from projectdesk.signalling.call import Role
from projectdesk.signalling.control import Invitee, PlannedItem, RoomRules, RoomSnapshot

ROOM = "k3jq8w2xz0"
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


class RealHost:
    """A running host."""

    def __init__(self, url: str, key: str) -> None:
        """Take what `serve` printed and the key of a desktop."""
        self.url = url
        self._key = key

    def link(self, number: int) -> str:
        """Return an invitee's personal link."""
        return f"{self.url}/r/{ROOM}#{token(number)}"

    async def put_room(self, snapshot: RoomSnapshot) -> None:
        """Hand the meeting to the host, as a desktop does."""
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        body = msgspec.json.encode(snapshot)
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.put(f"{self.url}/api/v1/rooms/{ROOM}", data=body) as response,
        ):
            assert response.status == 200, await response.text()


@asynccontextmanager
async def running_host(data: Path) -> AsyncIterator[RealHost]:
    """Run `projectdesk serve` on loopback until the end of the block."""
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
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), PATIENCE_S)
        yield RealHost(line.decode().strip(), json.loads(out)["key"])
    finally:
        process.terminate()
        await process.communicate()
