"""The embedded back end: its contract, its process and what may go wrong with it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import pytest

from projectdesk.errors import MediaError
from projectdesk.media.embedded.backend import EmbeddedBackend, EmbeddedSettings
from projectdesk.media.embedded.limits import MAX_DEAD_SECTIONS
from projectdesk.media.embedded.sdp import parse_description
from projectdesk.media.port import MediaEnded
from projectdesk.signalling.media import (
    FeedSource,
    LegChanged,
    SubscribedFeed,
    SubscribeOffered,
)
from tests.integration.media.contract import MediaContract
from tests.integration.media.support import write_answer, write_offer

SFU = [sys.executable, "-m", "projectdesk.media.embedded.process"]

# Python that breaks what Windows' selector loop does not have, then is the SFU.
CRIPPLED = """
import asyncio, sys
def absent(*arguments, **named):
    raise NotImplementedError("not on this system")
for loop in (asyncio.BaseEventLoop, asyncio.SelectorEventLoop):
    for name in ("connect_read_pipe", "connect_write_pipe", "subprocess_exec", "subprocess_shell",
                 "add_signal_handler"):
        setattr(loop, name, absent)
from projectdesk.media.embedded.process import main
sys.exit(main(sys.argv[1:]))
"""


class TestEmbedded(MediaContract):
    takes_layers = True

    @pytest.fixture
    async def backend(self):
        backend = EmbeddedBackend(EmbeddedSettings(interfaces=("127.0.0.1",)), command=SFU)
        yield backend
        await backend.close()


async def test_a_leg_with_too_many_dead_lines_asks_for_a_new_connection(recorder):
    backend = EmbeddedBackend(EmbeddedSettings(interfaces=("127.0.0.1",)), command=SFU)
    room = await backend.open_room("room", recorder)
    await room.subscribe("anna")

    async def answer() -> None:
        offered = await recorder.next_of(SubscribeOffered, participant="anna")
        await room.answer("anna", offered.offer, write_answer(offered.sdp))

    await answer()
    sdp, mids = write_offer("audio", "video", "screen")
    for _ in range(MAX_DEAD_SECTIONS // len(mids)):
        await room.publish("bert", sdp, mids)
        await answer()
        await room.close_legs("bert")
        await answer()
    assert not [one for one in recorder.heard(LegChanged) if one.state == "failed"]
    await room.publish("bert", sdp, mids)
    await answer()
    await room.close_legs("bert")
    await recorder.next_of(LegChanged, participant="anna", kind="subscribe", state="failed")
    await room.publish("bert", sdp, mids)
    await room.subscribe("anna", rebuild=True)
    offered = await recorder.next_of(
        SubscribeOffered, participant="anna", feeds=_feeds("bert", 1, mids)
    )
    assert len(parse_description(offered.sdp).sections) == 1 + len(mids)
    await backend.close()


def _feeds(participant: str, first: int, mids: dict[str, FeedSource]) -> list[SubscribedFeed]:
    return [
        SubscribedFeed(mid=str(first + number), participant=participant, source=source)
        for number, source in enumerate(mids.values())
    ]


async def test_the_installed_command_is_the_sfu(recorder):
    backend = EmbeddedBackend()
    room = await backend.open_room("room", recorder)
    assert (await room.statistics()).packets_in == 0
    await backend.close()


async def test_a_killed_process_ends_the_room(recorder):
    backend = EmbeddedBackend(command=SFU)
    room = await backend.open_room("room", recorder)
    assert room.pid is not None
    os.kill(room.pid, signal.SIGTERM)
    await recorder.next_of(MediaEnded)
    with pytest.raises(MediaError) as caught:
        await room.subscribe("anna")
    assert caught.value.code == "media_ended"
    await backend.close()
    assert len(recorder.heard(MediaEnded)) == 1


async def test_closing_tells_no_end(recorder):
    backend = EmbeddedBackend(command=SFU)
    await backend.open_room("room", recorder)
    await backend.close()
    assert recorder.heard(MediaEnded) == []


async def test_the_process_needs_neither_pipes_nor_children_of_its_loop(recorder):
    backend = EmbeddedBackend(command=[sys.executable, "-c", CRIPPLED])
    room = await backend.open_room("room", recorder)
    await room.subscribe("anna")
    assert (await room.statistics()).cpu_s > 0
    await backend.close()


async def test_a_program_that_is_no_sfu_is_reported():
    backend = EmbeddedBackend(command=[sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(MediaError) as caught:
        await backend.open_room("room", lambda event: None)
    assert caught.value.code == "sfu_not_started"


async def test_a_wrong_secret_is_not_let_in():
    impostor = """
import socket, sys, json, time
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
hello = json.dumps({"type": "hello", "secret": "guessed", "pid": 1, "version": 1}).encode()
sock.sendall(len(hello).to_bytes(4, "big") + hello)
assert sock.recv(1) == b""
"""
    backend = EmbeddedBackend(command=[sys.executable, "-c", impostor])
    with pytest.raises(MediaError) as caught:
        await backend.open_room("room", lambda event: None)
    assert caught.value.code == "sfu_not_started"


def test_the_process_ends_when_its_host_is_gone():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = str(listener.getsockname()[1])
        process = subprocess.Popen([*SFU, "127.0.0.1", port], stdin=subprocess.PIPE)
        assert process.stdin is not None
        process.stdin.write(b"secret\n")
        process.stdin.flush()
        connection, _ = listener.accept()
        with connection:
            assert process.poll() is None
            process.stdin.close()
            assert process.wait(20) == 0


async def test_ports_outside_the_allowed_range_are_not_used(recorder, unused_udp_range):
    low, high = unused_udp_range
    settings = EmbeddedSettings(interfaces=("127.0.0.1",), udp_ports=(low, high))
    backend = EmbeddedBackend(settings, command=SFU)
    room = await backend.open_room("room", recorder)
    await room.subscribe("anna")
    offered = await recorder.next(lambda event: hasattr(event, "sdp"))
    ports = {
        int(line.split()[5]) for line in offered.sdp.splitlines() if line.startswith("a=candidate")
    }
    assert ports
    assert all(low <= port <= high for port in ports)
    await backend.close()


async def test_a_public_address_is_announced_in_place_of_the_local_one(recorder):
    settings = EmbeddedSettings(interfaces=("127.0.0.1",), public_addresses=("203.0.113.7",))
    backend = EmbeddedBackend(settings, command=SFU)
    room = await backend.open_room("room", recorder)
    await room.subscribe("anna")
    offered = await recorder.next(lambda event: hasattr(event, "sdp"))
    hosts = {line.split()[4] for line in offered.sdp.splitlines() if line.startswith("a=candidate")}
    assert hosts == {"203.0.113.7"}
    await backend.close()


async def test_no_usable_address_is_refused(recorder):
    settings = EmbeddedSettings(interfaces=("203.0.113.7",))
    backend = EmbeddedBackend(settings, command=SFU)
    with pytest.raises(MediaError) as caught:
        await backend.open_room("room", recorder)
    assert caught.value.code == "no_udp_port"
