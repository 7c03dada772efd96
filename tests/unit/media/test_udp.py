"""The room's port: who gets which datagram, and paths of their own to those who get much."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys

import pytest

from projectdesk.media.embedded.limits import MAX_ROUTES
from projectdesk.media.embedded.udp import Address, UdpPort, UdpPorts

pytestmark = pytest.mark.loopback

LOOPBACK = "127.0.0.1"
MEDIA = b"\x80" + bytes(40)
shares_ports = pytest.mark.skipif(sys.platform != "linux", reason="paths of their own are Linux's")


class Endpoint:
    """Counts what it gets."""

    def __init__(self) -> None:
        self.media = 0
        self.got = asyncio.Event()

    def receive_media(self, size: int) -> None:
        self.media += 1
        self.got.set()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5):
            while self.media < count:
                self.got.clear()
                await self.got.wait()


@pytest.fixture
async def ports():
    ports = UdpPorts(bytearray(65536), [LOOPBACK], None)
    ports.open_missing()
    yield ports
    ports.close()


@pytest.fixture
def peer():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind((LOOPBACK, 0))
        peer.settimeout(5)
        yield peer


async def dropped(ports: UdpPorts, count: int) -> None:
    async with asyncio.timeout(5):
        while ports.dropped < count:  # noqa: ASYNC110 - a counter tells nobody
            await asyncio.sleep(0.01)


def route(port: UdpPort, peer: socket.socket) -> Endpoint:
    endpoint = Endpoint()
    address: Address = peer.getsockname()
    port.claim(address, endpoint)
    return endpoint


async def test_what_leaves_by_a_path_comes_from_the_port(ports, peer):
    (port,) = ports.ports
    send, destination = port.path_to(peer.getsockname())
    assert send(memoryview(MEDIA), destination) == len(MEDIA)
    assert peer.recvfrom(100) == (MEDIA, port.address)


async def test_a_peer_with_a_path_is_heard_and_so_are_the_others(ports, peer):
    (port,) = ports.ports
    endpoint = route(port, peer)
    peer.sendto(MEDIA, port.address)
    await endpoint.until(1)
    port.path_to(peer.getsockname())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((LOOPBACK, 0))
        another = route(port, other)
        for number in range(20):
            peer.sendto(MEDIA, port.address)
            other.sendto(MEDIA, port.address)
            await endpoint.until(number + 2)
            await another.until(number + 1)


@shares_ports
async def test_there_is_one_path_to_a_peer_and_none_once_it_is_forgotten(ports, peer):
    (port,) = ports.ports
    endpoint = route(port, peer)
    send, destination = port.path_to(peer.getsockname())
    assert (send, destination) == port.path_to(peer.getsockname())
    assert destination == 0
    port.forget(endpoint)
    with pytest.raises(OSError, match="Bad file descriptor"):
        send(MEDIA, destination)
    peer.sendto(MEDIA, port.address)
    await dropped(ports, 1)
    assert endpoint.media == 0


@shares_ports
async def test_paths_do_not_open_the_port_to_another_room(ports, peer):
    (port,) = ports.ports
    port.path_to(peer.getsockname())
    second = UdpPorts(bytearray(65536), [LOOPBACK], (port.address[1], port.address[1]))
    with pytest.raises(Exception, match="No UDP port"):
        second.open_missing()


async def test_a_peer_that_is_gone_ends_nothing(ports, peer):
    (port,) = ports.ports
    endpoint = route(port, peer)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.bind((LOOPBACK, 0))
        address = gone.getsockname()
    send, destination = port.path_to(address)
    for _ in range(3):
        with contextlib.suppress(OSError):  # the system says that nobody is there: it is lost
            send(MEDIA, destination)
    peer.sendto(MEDIA, port.address)
    await endpoint.until(1)


async def test_a_peer_with_ever_new_addresses_fills_no_memory(ports):
    port, wanderer, other = ports.ports[0], Endpoint(), Endpoint()
    port.claim(("192.0.2.1", 9), other)
    port.claim(("198.51.100.1", 1), wanderer)
    for number in range(2, 200):
        port.claim(("198.51.100.1", number), wanderer)
        port.claim(("198.51.100.1", 1), wanderer)  # the path in use proves itself again
    assert len(port.routes) == MAX_ROUTES + 1
    assert port.routes[("198.51.100.1", 1)] is wanderer
    assert port.routes[("192.0.2.1", 9)] is other
    port.forget(wanderer)
    assert list(port.routes.values()) == [other]


async def test_an_address_that_another_leg_claims_is_the_others(ports):
    port, first, second = ports.ports[0], Endpoint(), Endpoint()
    port.claim(("192.0.2.1", 9), first)
    port.claim(("192.0.2.1", 9), second)
    port.forget(first)
    assert port.routes == {("192.0.2.1", 9): second}
