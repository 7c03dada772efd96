"""`doctor --server`: what it finds at a real host, and what it says where something is shut."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from projectdesk.commandline.outside import examine_server
from projectdesk.errors import DomainError
from tests.e2e.page.real_host import invitee, meeting, running_host, token
from tests.e2e.page.test_relays import free_port, own_address

PEOPLE = [invitee(1, "Ida Holm", "Aarhus Universitet", "chair")]


async def found(address: str) -> dict[str, tuple[bool, str]]:
    checks = await asyncio.to_thread(examine_server, address)
    return {check.name: (check.ok, check.text) for check in checks}


@pytest.mark.full
async def test_a_server_that_lets_guests_in(tmp_path: Path) -> None:
    address = own_address()
    async with running_host(
        tmp_path,
        *("--interfaces", address, "--udp-ports", "41000-41009"),
        *("--turn", "--turn-host", address, "--turn-address", address),
        *("--turn-port", str(free_port(address))),
    ) as host:
        room = await host.open_room(meeting(PEOPLE))
        seen = await found(room.link(1))
        wrong = await found(f"{room.url}#wrong")
    assert [name for name, (ok, _) in seen.items() if not ok] == []
    assert set(seen) == {
        "address",
        "proxy",
        "certificate",
        "host",
        "WebSocket",
        "link",
        "media",
        "relay",
    }
    assert f"{address} port 4100" in seen["media"][1]
    assert token(1) not in str(seen)
    assert wrong["WebSocket"][0] is True
    assert wrong["link"][0] is False
    assert "unknown_link" in wrong["link"][1]
    assert "media" not in wrong


async def test_nobody_answers(tmp_path: Path) -> None:
    seen = await found(f"http://127.0.0.1:{free_port('127.0.0.1')}")
    assert seen["address"][0] is True
    assert seen["host"][0] is False
    assert "WebSocket" not in seen


@pytest.mark.parametrize("address", ["meet.example.org", "ftp://x", "https://", "x#secret-token"])
def test_what_is_no_server_is_refused_without_its_token(address: str) -> None:
    with pytest.raises(DomainError) as caught:
        examine_server(address)
    assert caught.value.code == "bad_server"
    assert "secret-token" not in caught.value.text
