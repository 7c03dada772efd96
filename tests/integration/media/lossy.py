"""Paths that lose packets: proxies in front of the SFU's port, one per leg."""

from __future__ import annotations

import asyncio
import random
import re

_CANDIDATE = re.compile(r"^(a=candidate:\S+ 1 udp \d+) (\S+) (\d+) (typ host)", re.MULTILINE)

QUEUE_S = 0.4


class LossyPath(asyncio.DatagramProtocol):
    """Forwards between a page and the SFU and drops a share of the media either way.

    `carries` is how many bits per second reach the page; more waits, and what would wait longer
    than `QUEUE_S` is dropped. None is no limit.
    """

    def __init__(self, target: tuple[str, int], share: float) -> None:
        self.lost = 0
        self.cut = False
        self.carries: float | None = None
        self._free_at = 0.0
        self._target = target
        self._share = share
        self._random = random.Random(7)
        self._client: tuple[str, int] | None = None

    def connection_made(self, transport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, address) -> None:
        if self.cut:
            return
        if data and 127 < data[0] < 192 and self._random.random() < self._share:
            self.lost += 1
            return
        if address != self._target:
            self._client = address
            self._transport.sendto(data, self._target)
        elif self.carries is not None:
            self._send_slowly(data, self.carries)
        elif self._client is not None:
            self._transport.sendto(data, self._client)

    def _send_slowly(self, data: bytes, carries: float) -> None:
        loop = asyncio.get_running_loop()
        begins = max(self._free_at, loop.time())
        if begins - loop.time() > QUEUE_S:
            self.lost += 1
            return
        self._free_at = begins + len(data) * 8 / carries
        loop.call_at(self._free_at, self._transport.sendto, data, self._client)

    def close(self) -> None:
        self._transport.close()


class Detours:
    """The lossy paths of one page: every leg that the SFU describes gets one of its own."""

    def __init__(self, share: float) -> None:
        self.paths: list[LossyPath] = []
        self._share = share
        self._candidates: dict[str, str] = {}

    async def reroute(self, sdp: str) -> str:
        """Return one of the SFU's descriptions with the lossy path as its only address."""
        leg = next(line for line in sdp.splitlines() if line.startswith("a=ice-ufrag"))
        if leg not in self._candidates:
            self._candidates[leg] = await self._open(sdp)
        lines = [line for line in sdp.splitlines() if not line.startswith("a=candidate")]
        lines.insert(lines.index("a=end-of-candidates"), self._candidates[leg])
        return "\r\n".join(lines) + "\r\n"

    def hide(self, sdp: str) -> str:
        """Return one of the page's descriptions without its addresses, which lead past the path."""
        return re.sub(r"^a=candidate:.*\r?\n", "", sdp, flags=re.MULTILINE)

    def close(self) -> None:
        for path in self.paths:
            path.close()

    async def _open(self, sdp: str) -> str:
        found = _CANDIDATE.search(sdp)
        assert found is not None
        start, host, port, kind = found.groups()
        transport, path = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: LossyPath((host, int(port)), self._share), local_addr=(host, 0)
        )
        self.paths.append(path)
        return f"{start} {host} {transport.get_extra_info('sockname')[1]} {kind}"
