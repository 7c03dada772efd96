"""A real call recorded by a real SFU and its recorder process."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time

import av
import pytest

from projectdesk.media.recording import manifest
from projectdesk.media.recording.finish import finish
from projectdesk.signalling.media import RecordedPerson, RecordingFailed
from tests.integration.media.test_calls import call

ANNA, BERT = (RecordedPerson(id=id_, name=id_.title()) for id_ in ("anna", "bert"))


async def grown(folder, name, packets=20):
    """Wait until the part's description counts so many packets of a live file."""
    async with asyncio.timeout(30):
        while True:
            for part in manifest.read_parts(folder):
                for track in part.tracks:
                    if name in track.file and track.pictures >= packets:
                        return track.pictures
            await asyncio.sleep(0.1)


async def failed(exchange):
    """Return why the recording ended by itself, once it did."""
    async with asyncio.timeout(30):
        while not (told := exchange.recorder.heard(RecordingFailed)):  # noqa: ASYNC110 - a process
            await asyncio.sleep(0.05)
        return told[0]


def recorder_of(folder):
    return manifest.read_parts(folder)[-1].pid


@pytest.mark.full
async def test_a_call_is_recorded_while_it_goes_on(tmp_path):
    async with call("anna", "bert") as (exchange, room):
        anna = exchange.participants["anna"]
        await anna.received(("bert", "video"), 5)
        await room.start_recording(tmp_path, [ANNA, BERT])
        await grown(tmp_path, "bert-video")
        before = await grown(tmp_path, "anna-video")
        await room.pause_recording()
        await anna.received(("bert", "video"), 10)
        await room.start_recording(tmp_path, [ANNA])  # Bert is not recorded further
        await grown(tmp_path, "anna-video", before + 12)
        await room.stop_recording([])
        await anna.received(("bert", "audio"), 10)
        assert exchange.recorder.heard(RecordingFailed) == []
    made = await asyncio.to_thread(finish, tmp_path)
    files = {file.participant: file for file in made.files}
    assert {id_: set(file.sources) for id_, file in files.items()} == {
        "anna": {"audio", "video"},
        "bert": {"audio", "video"},
    }
    assert len(made.pauses) == 1
    assert not made.interrupted
    assert files["anna"].seconds > files["bert"].seconds + 0.5
    assert [len(entry.people) for entry in made.presence] == [2, 1]
    for file in made.files:
        with av.open(str(tmp_path / file.name)) as opened:
            frames = list(opened.decode(video=0))
            assert len(frames) > 10
            assert (frames[0].width, frames[0].height) == (160, 120)


@pytest.mark.full
async def test_what_the_chair_stopped_is_not_recorded(tmp_path):
    async with call("anna", "bert") as (exchange, room):
        await exchange.participants["anna"].received(("bert", "audio"), 5)
        await room.mute("bert", "audio", muted=True)
        await room.start_recording(tmp_path, [ANNA, BERT])
        await grown(tmp_path, "bert-video")
        await room.stop_recording([])
    made = await asyncio.to_thread(finish, tmp_path)
    assert {file.participant: file.sources for file in made.files}["bert"] == ["video"]


@pytest.mark.full
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
async def test_a_recorder_that_dies_is_told_and_the_call_goes_on(tmp_path):
    async with call("anna", "bert") as (exchange, room):
        anna = exchange.participants["anna"]
        await anna.received(("bert", "video"), 5)
        await room.start_recording(tmp_path, [ANNA, BERT])
        await grown(tmp_path, "bert-audio", 100)
        os.kill(recorder_of(tmp_path), signal.SIGKILL)
        assert (await failed(exchange)).code == "recorder_ended"
        await anna.received(("bert", "video"), 10)
        await room.stop_recording([])
    made = await asyncio.to_thread(finish, tmp_path)
    assert made.interrupted
    assert {source for file in made.files for source in file.sources} >= {"audio"}


@pytest.mark.full
async def test_a_folder_that_is_not_there_is_said(tmp_path):
    async with call("anna") as (exchange, room):
        await room.start_recording(tmp_path / "none", [ANNA])
        assert (await failed(exchange)).code == "folder_gone"
        await room.stop_recording([])
        await room.start_recording(tmp_path, [ANNA])  # and may be tried again
        await grown(tmp_path, "anna-audio")
        await room.stop_recording([])


@pytest.mark.full
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
async def test_a_recorder_that_stands_still_holds_no_packet_back(tmp_path):
    async with call("anna", "bert") as (exchange, room):
        anna = exchange.participants["anna"]
        await room.start_recording(tmp_path, [ANNA, BERT])
        await grown(tmp_path, "bert-audio")
        os.kill(recorder_of(tmp_path), signal.SIGSTOP)
        try:
            began = time.monotonic()
            await anna.received(("bert", "audio"), 150)
            assert time.monotonic() - began < 6
        finally:
            os.kill(recorder_of(tmp_path), signal.SIGCONT)
        await room.stop_recording([])
