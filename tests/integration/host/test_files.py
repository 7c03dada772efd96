"""Files of the chat through a host: over HTTP, on the disk, to the desktop, and away again."""

from __future__ import annotations

import hashlib
import shutil
from collections import namedtuple
from datetime import timedelta

import aiohttp
import pytest

from projectdesk.host.journal.erasure import erase
from projectdesk.signalling import call, control, floor, journal
from tests.integration.host.conftest import ROOM, plan
from tests.integration.host.test_call import two_in_the_call

CONTENT = bytes(range(256)) * 1000


async def send(caller, number, content=CONTENT, name="Plan ü.pdf", **headers):
    """Put a file into the chat; return the answer's JSON with its status."""
    cookie = f"pd_{ROOM}={caller.cookies.get(number, 'none')}"
    async with caller.http.post(
        f"{caller.url}/r/{ROOM}/api/files",
        params={"name": name},
        data=content,
        headers={"Cookie": cookie, "Origin": caller.url, **headers},
    ) as response:
        return {"status": response.status, **await response.json()}


async def fetch(caller, number, file):
    cookie = f"pd_{ROOM}={caller.cookies.get(number, 'none')}"
    async with caller.http.get(
        f"{caller.url}/r/{ROOM}/api/files/{file}", headers={"Cookie": cookie}
    ) as response:
        return response.status, await response.read(), response.headers


def kept(premises):
    return [path for path in (premises.folder / "files").rglob("*") if path.is_file()]


async def restart(premises):
    """Let the host end in good order, and another begin in its place."""
    premises.host.stop()
    await premises._task
    await premises._runner.cleanup()
    await premises.journal.close()
    await premises.start()


async def test_a_file_reaches_everybody_in_the_call_and_the_desktop(caller, premises):
    chair, _ = await two_in_the_call(caller)
    answer = await send(caller, 3)
    assert (answer["status"], answer["name"], answer["size"]) == (200, "Plan ü.pdf", len(CONTENT))
    message = (await chair.expect(floor.ChatReceived)).message
    assert (message.file.id, message.sender) == (answer["id"], f"{3:032x}")
    status, content, headers = await fetch(caller, 1, answer["id"])
    assert (status, content) == (200, CONTENT)
    assert headers["Content-Disposition"] == (
        "attachment; filename=\"Plan _.pdf\"; filename*=UTF-8''Plan%20%C3%BC.pdf"
    )
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    [fact] = await caller.facts((journal.FileShared,))
    assert fact.sha256 == hashlib.sha256(CONTENT).hexdigest()
    path = f"{caller.url}/api/v1/rooms/{ROOM}/files/{fact.file}"
    key = {"Authorization": f"Bearer {caller.key}"}
    async with caller.http.get(path, headers=key) as response:
        assert await response.read() == CONTENT
    async with caller.http.get(path) as response:
        assert response.status == 401


async def test_who_is_not_in_the_call_sends_and_gets_nothing(caller, premises):
    await two_in_the_call(caller)
    file = (await send(caller, 3))["id"]
    waiting = await caller.enter(4)
    await waiting.expect(call.Lobby)
    assert (await send(caller, 4))["code"] == "not_admitted"
    assert (await fetch(caller, 4, file))[0] == 403
    assert (await send(caller, 2))["code"] == "session_over"
    assert (await fetch(caller, 2, file))[0] == 401
    assert (await send(caller, 3, Origin="https://evil.example"))["code"] == "origin_refused"
    assert (await fetch(caller, 3, "../../journal.sqlite"))[0] == 404
    assert len(kept(premises)) == 1


async def test_a_file_that_is_too_large_leaves_nothing(caller, premises):
    await caller.put_room(plan(premises.now(), rules=control.RoomRules(file_megabytes=1)))
    await caller.enter(1)
    said = await send(caller, 1, b"x" * 1_000_001)
    assert (said["status"], said["code"]) == (413, "file_too_large")

    async def endless():
        for _ in range(40):
            yield b"x" * 64_000

    assert (await send(caller, 1, endless()))["code"] == "file_too_large"
    assert (await send(caller, 1, b""))["code"] == "file_empty"
    assert kept(premises) == []
    assert (await send(caller, 1, b"x" * 1_000_000))["status"] == 200


async def test_a_host_may_take_less_than_a_meeting_allows(caller, premises):
    object.__setattr__(premises.host.settings, "max_file_megabytes", 0)
    await caller.put_room(plan(premises.now()))
    chair, _ = await two_in_the_call(caller)
    assert (await send(caller, 3))["code"] == "no_files"
    assert chair.got(call.RoomState)[-1].limits.file_bytes == 0


async def test_a_full_disk_is_told_and_leaves_nothing(caller, premises, monkeypatch):
    await two_in_the_call(caller)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 9, 1))
    said = await send(caller, 3)
    assert (said["status"], said["code"]) == (507, "host_disk_full")
    assert kept(premises) == []


async def test_an_upload_that_breaks_off_leaves_nothing(caller, premises):
    await two_in_the_call(caller)

    async def broken():
        yield b"x" * 64_000
        raise ConnectionError("the page was closed")

    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await send(caller, 3, broken())
    await premises.until(lambda: kept(premises) == [])
    assert await caller.facts((journal.FileShared,)) == []


async def test_files_outlive_the_host_and_go_with_their_room(caller, premises):
    await two_in_the_call(caller)
    file = (await send(caller, 3))["id"]
    (premises.folder / "files" / ROOM / "begun.part").write_bytes(b"half")
    await restart(premises)
    caller.url = premises.url
    again = await caller.connect(3)
    history = await again.expect(floor.ChatHistory)
    assert history.messages[0].file.id == file
    assert (await fetch(caller, 3, file))[1] == CONTENT
    assert [path.name for path in kept(premises)] == [file]
    batch = await caller.batch()
    place = control.Acknowledge(journal=batch.journal, epoch=batch.epoch, seq=batch.last)
    await caller.api("POST", "/api/v1/journal/acknowledge", place)
    premises.ahead = timedelta(days=60)
    for room in await premises.journal.run(erase, premises.now(), None):
        await premises.host.files.erase(room)
    assert kept(premises) == []
