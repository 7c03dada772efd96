"""Guests whose network lets no UDP through: Chromium over the real coturn, by UDP, TCP and TLS."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from projectdesk.media.embedded.udp import list_addresses
from tests.e2e.page.conftest import FAKE_DEVICES, place
from tests.e2e.page.real_host import RealHost, invitee, meeting, running_host
from tests.e2e.page.test_real_call import sees
from tests.integration.host.certificates import make_certificate

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(240),
]

PEOPLE = [invitee(1, "Ida Holm", "Aarhus Universitet", "chair"), invitee(2, "Li Wei", "ISE")]

ONLY = """([kind, transport]) => {
    const Real = RTCPeerConnection;
    window.opened = [];
    window.RTCPeerConnection = class extends Real {
        constructor(configuration) {
            const iceServers = configuration.iceServers.map((server) => ({
                ...server,
                urls: server.urls.filter(
                    (url) => url.startsWith(kind) && url.endsWith(transport),
                ),
            }));
            super({ ...configuration, iceServers, iceTransportPolicy: "relay" });
            window.opened.push(this);
        }
    };
}"""
"""Leave the page one way only: a relay, reached by one protocol."""

WAYS = """async () => {
    const ways = [];
    for (const connection of window.opened) {
        if (connection.connectionState !== "connected") continue;
        const report = await connection.getStats();
        for (const entry of report.values()) {
            if (entry.type === "transport" && entry.selectedCandidatePairId) {
                const pair = report.get(entry.selectedCandidatePairId);
                const local = report.get(pair.localCandidateId);
                ways.push(`${local.candidateType} ${local.relayProtocol}`);
            }
        }
    }
    return ways;
}"""


UNNAMED = """() => {
    let owner = RTCPeerConnection.prototype;
    while (!Object.hasOwn(owner, "localDescription")) owner = Object.getPrototypeOf(owner);
    const said = Object.getOwnPropertyDescriptor(owner, "localDescription");
    Object.defineProperty(owner, "localDescription", {
        get() {
            const description = said.get.call(this);
            return description && {
                type: description.type,
                sdp: description.sdp.replace(
                    /a=candidate:.*/g, "a=candidate:1 1 udp 2122260223 198.51.100.9 9 typ host",
                ),
            };
        },
    });
}"""
"""Name an address that leads nowhere in place of relays, as an offer does that did not wait."""


def own_address() -> str:
    """Return an address that is not loopback: coturn never relays there."""
    for text in list_addresses():
        address = ipaddress.ip_address(text)
        if address.version == 4 and not address.is_loopback:
            return text
    pytest.fail("this machine has no IPv4 address but loopback")


def free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Relayed:
    host: RealHost
    folder: Path


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def relayed(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Relayed]:
    folder, address = tmp_path_factory.mktemp("relayed"), own_address()
    certificate, key = make_certificate(folder)
    async with running_host(
        folder / "data",
        *("--interfaces", address, "--turn", "--turn-host", address, "--turn-address", address),
        *("--turn-port", str(free_port(address)), "--turn-tls-port", str(free_port(address))),
        *("--turn-certificate", str(certificate), "--turn-private-key", str(key)),
    ) as host:
        yield Relayed(host, folder)


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def trusting(chromium_path: Path) -> AsyncIterator[Browser]:
    """A Chromium that takes a relay's certificate of nobody."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(chromium_path), args=[*FAKE_DEVICES, "--ignore-certificate-errors"]
        )
        yield browser
        await browser.close()


async def join(browser: Browser, link: str, kind: str, transport: str, *scripts: str) -> Page:
    page = await (await browser.new_context()).new_page()
    page.set_default_timeout(60_000)
    arguments = f"['{kind}', '{transport}']"
    await page.add_init_script(f"({ONLY})({arguments})")
    for script in scripts:
        await page.add_init_script(f"({script})()")
    await page.goto(link)
    await page.get_by_role("button", name="Join").click()
    return page


async def goes_by(page: Page, ways: list[str]) -> None:
    """Wait until both connections stand; on a busy machine one may be built a second time."""
    async with asyncio.timeout(60):
        while (found := await page.evaluate(WAYS)) != ways:
            assert set(found) <= set(ways)
            await asyncio.sleep(0.2)


@pytest.mark.full
@pytest.mark.parametrize(
    ("kind", "transport", "way"),
    [
        pytest.param("turn:", "udp", "relay udp", marks=pytest.mark.full),
        pytest.param("turn:", "tcp", "relay tcp", marks=pytest.mark.full),
        ("turns:", "tcp", "relay tls"),
    ],
)
async def test_two_people_see_each_other_through_a_relay_only(
    relayed: Relayed, trusting: Browser, kind: str, transport: str, way: str
) -> None:
    room = await relayed.host.open_room(meeting(PEOPLE))
    ida = await join(trusting, room.link(1), kind, transport)
    await place(ida, "call")
    li = await join(trusting, room.link(2), kind, transport)
    await ida.get_by_role("button", name="Admit", exact=True).click()
    await place(li, "call")
    for page, other in ((ida, 2), (li, 1)):
        await sees(page, [other])
        await goes_by(page, [way, way])
    for page in (ida, li):
        await page.context.close()


@pytest.mark.full
async def test_a_relay_that_the_offer_did_not_wait_for_is_found_by_its_own_check(
    relayed: Relayed, trusting: Browser
) -> None:
    room = await relayed.host.open_room(meeting(PEOPLE))
    ida = await join(trusting, room.link(1), "turn:", "udp", UNNAMED)
    await place(ida, "call")
    li = await join(trusting, room.link(2), "turn:", "udp", UNNAMED)
    await ida.get_by_role("button", name="Admit", exact=True).click()
    await place(li, "call")
    for page, other in ((ida, 2), (li, 1)):
        await sees(page, [other])
        await goes_by(page, ["relay udp", "relay udp"])
    for page in (ida, li):
        await page.context.close()


async def test_the_secret_is_for_the_hosts_eyes_only(relayed: Relayed) -> None:
    turn = relayed.folder / "data" / "turn"
    assert (turn / "coturn.conf").stat().st_mode & 0o777 == 0o600
    assert turn.stat().st_mode & 0o777 == 0o700
    line = next(
        line
        for line in (turn / "coturn.conf").read_text().splitlines()
        if line.startswith("static-auth-secret=")
    )
    secret = line.partition("=")[2]
    assert len(secret) > 30
    for log in relayed.folder.rglob("*.log"):
        assert secret not in log.read_text()
