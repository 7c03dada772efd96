"""The real coturn under our configuration: whom it serves, where it relays, how it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aioice import stun
from aioice.turn import TurnClientUdpProtocol

from projectdesk.errors import EnvironmentFailure
from projectdesk.host.turn.configuration import CoturnSettings
from projectdesk.host.turn.coturn import Coturn, relaying
from projectdesk.host.turn.passes import Relays
from tests.e2e.page.test_relays import free_port, own_address

PATIENCE_S = 20.0


@asynccontextmanager
async def coturn(folder: Path, **fields: object) -> AsyncIterator[tuple[Relays, tuple[str, int]]]:
    address = own_address()
    place = (address, free_port(address))
    settings = CoturnSettings(host=address, listen=(address,), port=place[1], **fields)
    async with relaying(settings, folder / "turn") as relays:
        assert relays is not None
        yield relays, place


@asynccontextmanager
async def allocation(
    relays: Relays, place: tuple[str, int], until: datetime
) -> AsyncIterator[TurnClientUdpProtocol]:
    """Hold a relay with a pass that ends then."""
    (server,) = relays.passes("room", "person", until).servers
    transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: TurnClientUdpProtocol(
            place,
            username=server.username,
            password=server.credential,
            lifetime=600,
            channel_refresh_time=500,
        ),
        remote_addr=place,
    )
    try:
        await protocol.connect()
        yield protocol
        await protocol.delete()
    finally:
        transport.close()


async def may_reach(protocol: TurnClientUdpProtocol, channel: int, peer: str) -> bool:
    """Tell whether the relay takes a peer: a channel to it is bound before anything is sent."""
    try:
        await protocol.channel_bind(channel, (peer, 9))
    except stun.TransactionFailed as failed:
        if failed.response.error_code != 403:
            raise
        return False
    return True


@pytest.fixture
def soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=5)


async def test_it_relays_to_the_media_server_and_into_no_private_network(tmp_path, soon):
    async with coturn(tmp_path, peers=(own_address(),)) as (relays, place):
        peers = (own_address(), "8.8.8.8", "10.1.2.3", "192.168.1.1", "127.0.0.1")
        async with allocation(relays, place, soon) as protocol:
            found = [
                peer
                for channel, peer in enumerate(peers, 0x4001)
                if await may_reach(protocol, channel, peer)
            ]
    assert found == [own_address(), "8.8.8.8"]


async def test_who_has_no_valid_pass_gets_nothing(tmp_path, soon):
    async with coturn(tmp_path) as (relays, place):
        for wrong, until in (
            (Relays(relays.urls, "another secret of somebody"), soon),
            (relays, datetime.now(UTC) - timedelta(minutes=1)),
        ):
            with pytest.raises(stun.TransactionFailed) as caught:
                async with allocation(wrong, place, until):
                    pytest.fail("a relay was given away")
            assert caught.value.response.error_code == 401


async def test_it_is_started_again_when_it_dies(tmp_path, soon):
    address = own_address()
    settings = CoturnSettings(host=address, listen=(address,), port=free_port(address))
    relay = Coturn(settings, tmp_path / "turn")
    await relay.start()
    keeping = asyncio.get_running_loop().create_task(relay.keep())
    first = relay.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                async with allocation(relay.relays, (address, settings.port), soon):
                    break
            except (OSError, stun.TransactionError):
                await asyncio.sleep(0.1)
    assert relay.pid != first
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    assert relay.pid is None


@pytest.mark.full
async def test_it_ends_with_a_host_that_is_killed(tmp_path):
    address = own_address()
    port = free_port(address)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "projectdesk", "serve", "--data", str(tmp_path), "--port", "0"),
        *("--turn", "--turn-address", address, "--turn-port", str(port), "--turn-host", address),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert (await asyncio.wait_for(process.stdout.readline(), PATIENCE_S)).startswith(b"http")
    _, writer = await asyncio.open_connection(address, port)
    writer.close()
    process.kill()
    await process.communicate()
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                _, writer = await asyncio.open_connection(address, port)
            except ConnectionRefusedError:
                break
            writer.close()
            await asyncio.sleep(0.05)


async def test_a_port_that_is_taken_is_said_at_once(tmp_path):
    address = own_address()
    with socket.socket() as other:
        other.bind((address, 0))
        other.listen()
        port = other.getsockname()[1]
        settings = CoturnSettings(host=address, listen=(address,), port=port)
        with pytest.raises(EnvironmentFailure) as caught:
            async with relaying(settings, tmp_path / "turn"):
                pass
    assert caught.value.code == "coturn_failed"
    assert str(port) in str(caught.value)
