"""Recordings through a host: asked for, put together by its process, fetched, erased."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import time
from datetime import timedelta

import pytest

from projectdesk.errors import DomainError, NotFound, RemoteProtocolError
from projectdesk.services import recordings
from projectdesk.signalling import call, recording
from tests.integration.host.conftest import ROOM
from tests.integration.host.test_call import two_in_the_call
from tests.unit.media.recording_streams import audio_packets, through_network
from tests.unit.media.test_recorder import Session

GUEST = f"{3:032x}"
CHAIR = f"{1:032x}"
YES = recording.AnswerRecording(agreed=True, words=recording.WORDS)


@pytest.fixture
def media(premises):
    """Let the fake media server record, and the host keep it."""
    premises.backend.records = True
    return premises.backend


@pytest.fixture
def settings(premises):
    return {"recordings": premises.folder / "recordings"}


async def restart(premises, settings):
    premises.host.stop()
    await premises._task
    await premises._runner.cleanup()
    await premises.journal.close()
    await premises.start(**settings)


async def until(condition):
    async with asyncio.timeout(30):
        while not (found := condition()):  # noqa: ASYNC110 - files and a process are waited for
            await asyncio.sleep(0.05)
        return found


async def recorded(premises, media, settings, caller):
    """Record chair and guest, as the SFU's recorder would; return pages and folder."""
    await restart(premises, settings)
    caller.url = premises.url
    chair, guest = await two_in_the_call(caller)
    await chair.send(recording.AskToRecord())
    asked = await guest.expect(recording.RecordingChanged)
    assert asked.recording.mine == "open"
    await guest.send(YES)
    while (await chair.expect(recording.RecordingChanged)).recording.state != "running":
        pass
    room = media.rooms[ROOM]
    await until(lambda: room.recorded)
    assert {one.id for one in room.recorded} == {CHAIR, GUEST}
    return chair, guest, room.recording_folder


def write(folder):
    """Write what the recorder of the SFU writes."""
    session = Session(folder)
    people = [{"id": CHAIR, "name": "Person 1"}, {"id": GUEST, "name": "Person 3"}]
    session.begin(people=people)
    for number, participant in enumerate((CHAIR, GUEST)):
        session.declare(number, participant, "audio")
    packets = through_network(audio_packets(2))
    session.play((0, packets), (1, packets), until=3.5)
    session.recorder.close()


async def ready(access):
    """Return the facts of the one recording once it is put together."""
    async with asyncio.timeout(30):
        while True:
            found = await asyncio.to_thread(recordings.on_host, access, ROOM)
            if found and found[0].state == "ready":
                return found[0]
            await asyncio.sleep(0.1)


async def test_a_recording_is_put_together_fetched_and_erased(
    premises, media, settings, caller, tmp_path
):
    chair, _, folder = await recorded(premises, media, settings, caller)
    access = recordings.HostAccess(premises.url, caller.key)
    found = await asyncio.to_thread(recordings.on_host, access, ROOM)
    assert [one.state for one in found] == ["under_way"]
    with pytest.raises(DomainError):
        await asyncio.to_thread(recordings.fetch, access, ROOM, found[0], tmp_path / "home")
    write(folder)
    assert oct(folder.stat().st_mode)[-3:] == "700" or os.name != "posix"
    await chair.send(recording.StopRecording())
    facts = await ready(access)
    names = {file.name for file in facts.files}
    assert names == {f"{CHAIR}.webm", f"{GUEST}.webm", "manifest.json", "consents.json"}
    # Cut off in the middle of a file, fetching goes on where it was.
    big = next(file for file in facts.files if file.name == f"{GUEST}.webm")
    part = tmp_path / "home" / facts.id / f"{big.name}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes((folder / big.name).read_bytes()[:1000])
    steps = []
    here = await asyncio.to_thread(
        recordings.fetch,
        access,
        ROOM,
        facts,
        tmp_path / "home",
        told=lambda done, total: steps.append((done, total)),
    )
    assert steps[-1][0] == steps[-1][1] == sum(file.size for file in facts.files)
    (row,) = recordings.here(tmp_path / "home")
    assert (row.place, row.people) == ("here", ("Person 1", "Person 3"))
    assert {one.participant: one.answer for one in row.consents} == {CHAIR: "given", GUEST: "given"}
    assert not folder.exists()
    assert await asyncio.to_thread(recordings.on_host, access, ROOM) == []
    recordings.erase_here(here)
    assert recordings.here(tmp_path / "home") == []


@pytest.mark.full
async def test_what_was_changed_on_the_way_is_not_kept(premises, media, settings, caller, tmp_path):
    chair, _, folder = await recorded(premises, media, settings, caller)
    write(folder)
    await chair.send(recording.StopRecording())
    access = recordings.HostAccess(premises.url, caller.key)
    facts = await ready(access)
    path = folder / f"{CHAIR}.webm"
    path.write_bytes(b"\0" * path.stat().st_size)
    with pytest.raises(RemoteProtocolError) as caught:
        await asyncio.to_thread(recordings.fetch, access, ROOM, facts, tmp_path / "home")
    assert caught.value.code == "recording_changed"
    assert folder.exists()
    assert recordings.here(tmp_path / "home") == []


@pytest.mark.full
async def test_only_the_key_that_made_the_room_gets_its_recordings(
    premises, media, settings, caller
):
    chair, _, folder = await recorded(premises, media, settings, caller)
    write(folder)
    await chair.send(recording.StopRecording())
    access = recordings.HostAccess(premises.url, caller.key)
    facts = await ready(access)
    other = await premises.caller("another")
    base = f"/api/v1/rooms/{ROOM}/recordings"
    assert (await other.api("GET", base))["status"] == 404
    assert (await caller.api("GET", base, key="pdk_wrong"))["status"] == 401
    for name in ("../consents.json", "..%2f..%2fjournal.sqlite", "part-1.json", "nothing.webm"):
        answer = await caller.api("GET", f"{base}/{facts.id}/files/{name}")
        assert answer["status"] == 404
    foreign = dataclasses.replace(access, key=other.key)
    with pytest.raises(NotFound):
        await asyncio.to_thread(recordings.erase_on_host, foreign, ROOM, facts.id)
    await asyncio.to_thread(recordings.erase_on_host, access, ROOM, facts.id)
    assert not folder.exists()


async def test_who_withdraws_is_erased_and_their_answer_kept(premises, media, settings, caller):
    _, guest, folder = await recorded(premises, media, settings, caller)
    write(folder)
    await guest.send(recording.WithdrawConsent())
    facts = await ready(recordings.HostAccess(premises.url, caller.key))
    assert {file.name for file in facts.files} == {
        f"{CHAIR}.webm",
        "manifest.json",
        "consents.json",
    }
    assert not list(folder.glob(f"*{GUEST}*"))
    kept = json.loads((folder / "consents.json").read_bytes())["consents"]
    assert {one["participant"]: one["answer"] for one in kept}[GUEST] == "withdrawn"
    assert media.rooms[ROOM].erased == [GUEST]


async def test_a_restarted_host_puts_together_what_was_left_and_erases_it_in_time(
    premises, media, settings, caller
):
    _, _, folder = await recorded(premises, media, settings, caller)
    write(folder)
    await restart(premises, settings)
    access = recordings.HostAccess(premises.url, caller.key)
    facts = await ready(access)
    assert facts.kept_until > premises.now() + timedelta(days=13)
    caller.url = premises.url
    stopped = [f for f in await caller.facts() if type(f).__name__ == "RecordingStopped"]
    assert [one.reason for one in stopped] == ["host_restarted"]
    long_ago = time.time() - timedelta(days=15).total_seconds()
    for path in folder.iterdir():
        os.utime(path, (long_ago, long_ago))
    await premises.host.recordings.erase_old()
    assert not folder.exists()


@pytest.mark.full
async def test_a_folder_that_cannot_be_made_is_told_and_the_call_goes_on(
    premises, media, settings, caller
):
    blocked = premises.folder / "recordings"
    blocked.write_text("a file in the way")
    await restart(premises, settings)
    caller.url = premises.url
    chair, guest = await two_in_the_call(caller)
    await chair.send(recording.AskToRecord())
    await guest.send(YES)
    while not (told := (await chair.expect(recording.RecordingChanged)).recording).ended:
        pass
    assert (told.state, told.ended) == ("off", "folder_unusable")
    await chair.send(call.Ping(n=1))
    assert (await chair.expect(call.Pong)).n == 1


async def test_a_host_that_keeps_nothing_says_that_it_cannot_record(caller):
    chair, _ = await two_in_the_call(caller)
    await chair.send(recording.AskToRecord())
    assert (await chair.expect(call.Problem)).code == "cannot_record"
