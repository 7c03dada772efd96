"""Which addresses a guest is told (decisions 7)."""

from __future__ import annotations

import pytest
from aioice.candidate import Candidate

from projectdesk.media.embedded._aiortc_seam import announced


def candidate(host: str, port: int = 40000) -> Candidate:
    return Candidate("1", 1, "udp", 100, host, port, "host")


LOCAL = [candidate("10.0.0.5"), candidate("9.9.9.9"), candidate("fd00::5"), candidate("127.0.0.1")]


def hosts(public: tuple[str, ...] = (), *, private: bool, local: list[Candidate]) -> list[str]:
    return [one.host for one in announced(local, public, private=private)]


def test_a_desktop_announces_all_it_has():
    assert hosts(private=True, local=LOCAL) == ["10.0.0.5", "9.9.9.9", "fd00::5", "127.0.0.1"]


def test_a_server_announces_no_private_address():
    assert hosts(private=False, local=LOCAL) == ["9.9.9.9"]


@pytest.mark.parametrize("address", ["10.0.0.5", "127.0.0.1", "fd00::5"])
def test_a_server_of_a_private_network_is_reached_there(address):
    assert hosts(private=False, local=[candidate(address)]) == [address]


@pytest.mark.parametrize("private", [True, False])
def test_the_public_address_stands_for_the_local_one_of_its_family(private):
    found = announced(LOCAL, ("9.9.9.10", "2a00::5"), private=private)
    assert [(one.host, one.port) for one in found] == [("9.9.9.10", 40000), ("2a00::5", 40000)]


def test_a_public_address_without_a_local_one_of_its_family_is_not_announced():
    assert hosts(("2a00::5",), private=False, local=[candidate("10.0.0.5")]) == []
