"""A path that loses packets, for one leg: a proxy in front of the SFU's port."""

from __future__ import annotations

import asyncio
import random
import re

_CANDIDATE = re.compile(r"^(a=candidate:\S+ 1 udp \d+) (\S+) (\d+) (typ host.*)$", re.MULTILINE)


class LossyPath(asyncio.DatagramProtocol):
    """Forwards between a page and the SFU and drops a share of the media either way."""

    def __init__(self, target: tuple[str, int], share: float) -> None:
        self.lost = 0
        self.passed = 0
        self._target = target
        self._share = share
        self._random = random.Random(7)
        self._client: tuple[str, int] | None = None

    def connection_made(self, transport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, address) -> None:
        if data and 127 < data[0] < 192 and self._random.random() < self._share:
            self.lost += 1
            return
        self.passed += 1
        if address == self._target:
            if self._client is not None:
                self._transport.sendto(data, self._client)
        else:
            self._client = address
            self._transport.sendto(data, self._target)


async def detour(sdp: str, share: float) -> tuple[str, LossyPath, asyncio.BaseTransport]:
    """Return a description whose one candidate is a new lossy path to the described one."""
    found = _CANDIDATE.search(sdp)
    assert found is not None
    target = (found.group(2), int(found.group(3)))
    transport, path = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: LossyPath(target, share), local_addr=(target[0], 0)
    )
    port = transport.get_extra_info("sockname")[1]
    lines = [line for line in sdp.splitlines() if not line.startswith("a=candidate")]
    at = lines.index("a=end-of-candidates")
    lines.insert(at, f"{found.group(1)} {target[0]} {port} {found.group(4)}")
    return "\r\n".join(lines) + "\r\n", path, transport
