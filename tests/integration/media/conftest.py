from __future__ import annotations

import socket

import pytest

from tests.integration.media.support import Recorder


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def unused_udp_range() -> tuple[int, int]:
    """Return a short range of UDP ports, the first of which is taken."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        low = probe.getsockname()[1]
    low = min(low, 65_000)
    return low, low + 20
