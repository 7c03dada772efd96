"""A bad network must not freeze the picture: pages in Chromium over paths that lose packets."""

from __future__ import annotations

import asyncio
import ipaddress
import re

import pytest

from projectdesk.media.embedded.backend import EmbeddedSettings
from projectdesk.media.embedded.udp import list_addresses
from tests.integration.media.lossy import LossyPath, detour
from tests.integration.media.participants import PLAYING, pages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

LONGEST_GAP_S = 2.0


def without_candidates(sdp: str) -> str:
    """Hide the page's addresses, which would let the SFU reach it past the lossy path."""
    return re.sub(r"^a=candidate:.*\r?\n", "", sdp, flags=re.MULTILINE)


@pytest.mark.parametrize("share", [0.03, 0.10])
async def test_the_picture_moves_on_under_loss(chromium_path, share):
    address = next(one for one in list_addresses() if ipaddress.ip_address(one).version == 4)
    settings = EmbeddedSettings(interfaces=(address,))
    paths: list[LossyPath] = []
    transports: list[asyncio.BaseTransport] = []
    async with pages(chromium_path, "anna", "bert", settings=settings) as (exchange, _):
        for page in exchange.participants.values():
            routes: dict[str, str] = {}

            async def reroute(sdp: str, routes: dict[str, str] = routes) -> str:
                user = next(line for line in sdp.splitlines() if line.startswith("a=ice-ufrag"))
                if user not in routes:
                    changed, path, transport = await detour(sdp, share)
                    paths.append(path)
                    transports.append(transport)
                    routes[user] = next(
                        line for line in changed.splitlines() if line.startswith("a=candidate")
                    )
                lines = [line for line in sdp.splitlines() if not line.startswith("a=candidate")]
                lines.insert(lines.index("a=end-of-candidates"), routes[user])
                return "\r\n".join(lines) + "\r\n"

            page.reroute = reroute
            page.own = without_candidates
            await page.join()
        anna, bert = exchange.participants["anna"], exchange.participants["bert"]
        await anna.until(PLAYING, ["bert audio", "bert video"])
        await bert.until(PLAYING, ["anna audio", "anna video"])
        for page, other in ((anna, "bert video"), (bert, "anna video")):
            await page.page.evaluate("(name) => { call.videos.get(name).gap = 0; }", other)
        start = {
            page.name: (await page.page.evaluate("received()"))
            for page in exchange.participants.values()
        }
        await anna.until(
            "(received, name, count) => received[name].frames > count",
            "bert video",
            start["anna"]["bert video"]["frames"] + 150,
            seconds=60,
        )
        for page, other in ((anna, "bert video"), (bert, "anna video")):
            found = (await page.page.evaluate("received()"))[other]
            print(share, page.name, found)
            assert found["gap"] < LONGEST_GAP_S
            assert found["frames"] > start[page.name][other]["frames"] + 40
        assert len(paths) == 4
        assert all(path.lost > 0 for path in paths)
        for transport in transports:
            transport.close()
