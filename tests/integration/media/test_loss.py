"""A bad network must not freeze the picture: pages in Chromium over paths that lose packets."""

from __future__ import annotations

import ipaddress
from contextlib import asynccontextmanager

import pytest

from projectdesk.media.embedded.backend import EmbeddedSettings
from projectdesk.media.embedded.udp import list_addresses
from projectdesk.signalling.media import LegChanged
from tests.integration.media.lossy import Detours
from tests.integration.media.participants import PLAYING, pages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

LONGEST_GAP_S = 2.0


@asynccontextmanager
async def lossy_call(chromium_path, share: float):
    """Two pages that see and hear each other over lossy paths."""
    address = next(one for one in list_addresses() if ipaddress.ip_address(one).version == 4)
    settings = EmbeddedSettings(interfaces=(address,))
    async with pages(chromium_path, "anna", "bert", settings=settings) as (exchange, _):
        detours = {name: Detours(share) for name in exchange.participants}
        try:
            for name, page in exchange.participants.items():
                page.reroute, page.own = detours[name].reroute, detours[name].hide
                await page.join()
            anna, bert = exchange.participants["anna"], exchange.participants["bert"]
            await anna.until(PLAYING, ["bert audio", "bert video"])
            await bert.until(PLAYING, ["anna audio", "anna video"])
            yield exchange, detours
        finally:
            for detour in detours.values():
                detour.close()


@pytest.mark.full  # a measurement of time: the gate runs on busy machines too
@pytest.mark.parametrize("share", [0.03, 0.10])
async def test_the_picture_moves_on_under_loss(chromium_path, share):
    async with lossy_call(chromium_path, share) as (exchange, detours):
        seen = {"anna": "bert video", "bert": "anna video"}
        start = {}
        for name, other in seen.items():
            page = exchange.participants[name].page
            await page.evaluate("(name) => { call.videos.get(name).gap = 0; }", other)
            start[name] = (await page.evaluate("received()"))[other]["frames"]
        for name, other in seen.items():
            more = "(received, name, count) => received[name].frames > count"
            await exchange.participants[name].until(more, other, start[name] + 150, seconds=60)
        for name, other in seen.items():
            found = (await exchange.participants[name].page.evaluate("received()"))[other]
            assert found["gap"] < LONGEST_GAP_S
        for detour in detours.values():
            assert len(detour.paths) == 2
            assert all(path.lost > 0 for path in detour.paths)


@pytest.mark.full
async def test_a_cut_path_fails_both_legs_of_one_participant(chromium_path):
    """Consent to send ends after 30 s without an answer (RFC 7675)."""
    async with lossy_call(chromium_path, 0.0) as (exchange, detours):
        for path in detours["bert"].paths:
            path.cut = True

        def is_failed(event) -> bool:
            return isinstance(event, LegChanged) and event.state == "failed"

        found = [await exchange.recorder.next(is_failed, seconds=60) for _ in range(2)]
        assert {(event.participant, event.kind) for event in found} == {
            ("bert", "publish"),
            ("bert", "subscribe"),
        }
