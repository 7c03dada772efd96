"""A server behind 1:1 NAT with a firewall: only HTTPS and the UDP ports of the range are let in.

guest 11.5.5.2 -- 11.5.5.1 router 10.0.0.1 -- 10.0.0.5 server
                  11.5.5.7 <-> 10.0.0.5
"""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from projectdesk.bench.networks import Lab, Space

pytestmark = [pytest.mark.netns, pytest.mark.timeout(120)]

PUBLIC, PRIVATE, GUEST = "11.5.5.7", "10.0.0.5", "11.5.5.2"
RANGE = (40000, 40003)

SERVER = """
import asyncio, json, sys
from projectdesk.media.embedded.backend import EmbeddedBackend, EmbeddedSettings
from projectdesk.signalling.media import SubscribeOffered, LegChanged

SETTINGS = EmbeddedSettings(
    interfaces=("10.0.0.5",), udp_ports=(40000, 40003), public_addresses=("11.5.5.7",),
    announce_private=False,
)

async def main():
    offers = asyncio.Queue()
    def hear(event):
        if isinstance(event, SubscribeOffered):
            offers.put_nowait(event)
        elif isinstance(event, LegChanged):
            print(json.dumps({"state": event.state}), flush=True)
    backend = EmbeddedBackend(SETTINGS)
    rooms = [await backend.open_room(f"room{n}", hear) for n in range(3)]
    room = rooms[-1]
    await room.subscribe("guest")
    offered = await offers.get()
    print(json.dumps({"offer": offered.sdp, "number": offered.offer}), flush=True)
    loop = asyncio.get_running_loop()
    answer = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
    await room.answer("guest", offered.offer, answer["sdp"])
    await loop.run_in_executor(None, sys.stdin.readline)
    await backend.close()

asyncio.run(main())
"""

CLIENT = """
import asyncio, json, sys
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

async def main():
    offer = json.loads(sys.stdin.readline())["offer"]
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    connected = asyncio.Event()
    @peer.on("connectionstatechange")
    def changed():
        if peer.connectionState == "connected":
            connected.set()
    await peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
    await peer.setLocalDescription(await peer.createAnswer())
    print(json.dumps({"sdp": peer.localDescription.sdp}), flush=True)
    await asyncio.wait_for(connected.wait(), 30)
    print(json.dumps({"connected": True}), flush=True)
    await peer.close()

asyncio.run(main())
"""


def translate(router: Space, udp: str) -> None:
    """Let in what a firewall lets in, to the server by its public address, and nothing else."""
    router.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
    for protocol, ports in (("udp", udp), ("tcp", "8443")):
        arriving = ["-p", protocol, "-d", PUBLIC, "--dport", ports]
        router.iptables("-t", "nat", "-A", "PREROUTING", *arriving, "-j", "DNAT",
                        "--to-destination", PRIVATE)  # fmt: skip
        router.iptables("-A", "FORWARD", "-p", protocol, "-d", PRIVATE, "--dport", ports,
                        "-j", "ACCEPT")  # fmt: skip
    router.iptables("-t", "nat", "-A", "POSTROUTING", "-s", PRIVATE, "-j", "SNAT",
                    "--to-source", PUBLIC)  # fmt: skip
    router.iptables("-A", "FORWARD", "-m", "conntrack", "--ctstate", "ESTABLISHED", "-j", "ACCEPT")
    router.iptables("-P", "FORWARD", "DROP")


@contextmanager
def premises(udp: str) -> Iterator[tuple[Space, Space]]:
    """Give server and guest with a translating router between them."""
    with Lab() as lab:
        server, router, guest = (lab.space(label) for label in ("s", "r", "g"))
        inside = lab.cable(router, "10.0.0.1/24", server, f"{PRIVATE}/24")
        outside = lab.cable(router, "11.5.5.1/24", guest, f"{GUEST}/24")
        inside.far.plug("10.0.0.1")
        outside.far.plug("11.5.5.1")
        router.ip("address", "add", f"{PUBLIC}/32", "dev", "lo")
        translate(router, udp)
        yield server, guest


@contextmanager
def running(space: Space, program: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        space.command(sys.executable, "-c", textwrap.dedent(program)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def say(process: subprocess.Popen[str], message: object) -> None:
    assert process.stdin is not None
    process.stdin.write(json.dumps(message) + "\n")
    process.stdin.flush()


def hear(process: subprocess.Popen[str], key: str) -> dict:
    assert process.stdout is not None
    for line in process.stdout:
        message = json.loads(line)
        if key in message:
            return message
    return {}


def test_a_guest_reaches_the_third_room_through_the_range_alone():
    with premises("40000:40003") as (server, guest), running(server, SERVER) as sfu:
        offered = hear(sfu, "offer")
        candidates = [
            line.split() for line in offered["offer"].splitlines() if line.startswith("a=candidate")
        ]
        assert {words[4] for words in candidates} == {PUBLIC}
        assert all(RANGE[0] <= int(words[5]) <= RANGE[1] for words in candidates)
        assert PRIVATE not in offered["offer"]
        with running(guest, CLIENT) as client:
            say(client, offered)
            say(sfu, hear(client, "sdp"))
            assert hear(client, "connected") == {"connected": True}


@pytest.mark.full
def test_with_another_range_open_nobody_gets_in():
    """The one before would pass with a router that lets everything through; this one would not."""
    with premises("50000:50003") as (server, guest), running(server, SERVER) as sfu:
        offered = hear(sfu, "offer")
        with running(guest, CLIENT) as client:
            say(client, offered)
            say(sfu, hear(client, "sdp"))
            assert hear(client, "connected") == {}
