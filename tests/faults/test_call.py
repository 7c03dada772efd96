"""Faults of a call, on a real host with its media server: wire and real Chromium."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from projectdesk.room.names import MAX_NAME, clean_name
from projectdesk.signalling import call
from tests.e2e.page.conftest import FAKE_DEVICES, place, state
from tests.e2e.page.real_host import RealHost, RealRoom, invitee, meeting, running_host
from tests.integration.host.conftest import Caller, token
from tests.integration.host.test_call import OFFER

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(180),
]

CHAIR, ZOE = 1, 2
PEOPLE = [
    invitee(CHAIR, "Ida Holm", "Aarhus Universitet", "chair"),
    invitee(ZOE, "Zoë Ångström", "Universitetet i Tromsø"),
]
NO_FAKES = [flag for flag in FAKE_DEVICES if not flag.startswith("--use-fake")]
NO_DEVICES = [*NO_FAKES, "--use-fake-ui-for-media-stream"]
DENIED = [*NO_FAKES, "--use-fake-device-for-media-stream", "--deny-permission-prompts"]

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    '"><svg onload=alert(3)>',
    "javascript:alert(4)",
    "'; DROP TABLE person;--",
    "{{7*7}}${7*7}<%= 7 %>",
    "\u202egnp.live\u2066\u2067 x",
    "Z\u0351\u036b\u0343a\u036al\u034eg\u0322o\u0321",
    "=cmd|' /C calc'!A0",
]  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def host(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RealHost]:
    async with running_host(tmp_path_factory.mktemp("host")) as host:
        yield host


@pytest_asyncio.fixture(loop_scope="module")
async def real(host: RealHost) -> RealRoom:
    return await host.open_room(meeting(PEOPLE))


@pytest_asyncio.fixture(loop_scope="module")
async def caller(host: RealHost) -> AsyncIterator[Caller]:
    caller = Caller(host.url, host.key)
    yield caller
    await caller.http.close()


def room_of(real: RealRoom) -> str:
    return real.url.rpartition("/")[2]


@asynccontextmanager
async def chromium(path: Path, flags: list[str]) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(path), args=flags)
        yield browser
        await browser.close()


async def opened(browser: Browser, address: str, *, first: str = "") -> tuple[Page, list[str]]:
    """Open a page; return it with the list that its errors and dialogs go to."""
    complaints: list[str] = []
    context = await browser.new_context(locale="en-GB", timezone_id="Europe/London")
    page = await context.new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    if first:
        await page.add_init_script(first)
    await page.goto(address)
    return page, complaints


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium_path: Path) -> AsyncIterator[Browser]:
    async with chromium(chromium_path, FAKE_DEVICES) as browser:
        yield browser


# --- links ----------------------------------------------------------------------------------------


@pytest.mark.full
async def test_links_that_open_nothing_say_why(
    host: RealHost, real: RealRoom, caller: Caller, browser: Browser
) -> None:
    wrong, _ = await opened(browser, f"{real.url}#wr0ng")
    await wrong.get_by_text("This link is not known here.").wait_for()
    cut, _ = await opened(browser, real.url)
    await cut.get_by_text("The link is not complete.").wait_for()
    elsewhere, _ = await opened(browser, real.link(ZOE).replace(room_of(real), "zzzzzzzzzz"))
    await elsewhere.get_by_text("This link is not known here.").wait_for()
    late = meeting(PEOPLE)
    late = msgspec.structs.replace(late, starts_at=datetime.now(UTC) - timedelta(hours=30))
    expired, _ = await opened(browser, (await host.open_room(late)).link(ZOE))
    await expired.get_by_text("The meeting has ended").first.wait_for()
    assert await expired.get_by_role("button", name="Join").count() == 0


async def test_a_link_that_is_revoked_during_the_call_ends_it(
    real: RealRoom, caller: Caller, browser: Browser
) -> None:
    chair, _ = await opened(browser, real.link(CHAIR))
    await chair.get_by_role("button", name="Join").click()
    await place(chair, "call")
    gone = msgspec.structs.replace(PEOPLE[0], token_hash="")
    answer = await caller.put_room(meeting([gone, PEOPLE[1]]), room_of(real))
    assert answer["status"] == 200, answer
    await place(chair, "ended")
    assert (await state(chair))["reason"] == "revoked"
    again, _ = await opened(browser, real.link(CHAIR))
    await again.get_by_text("This link was withdrawn.").wait_for()


# --- guests ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (NO_DEVICES, "No camera or microphone was found."),
        (DENIED, "Camera and microphone are blocked."),
    ],
    ids=["none", "denied"],
)
async def test_a_guest_without_camera_and_microphone_is_in_the_call(
    real: RealRoom, caller: Caller, chromium_path: Path, flags: list[str], words: str
) -> None:
    async with chromium(chromium_path, flags) as bare:
        page, complaints = await opened(bare, real.link(CHAIR))
        await page.get_by_text(words).wait_for()
        await page.get_by_role("button", name="Join").click()
        await place(page, "call")
        assert (await state(page))["name"] == "call"
        facts = await caller.api("GET", f"/api/v1/rooms/{room_of(real)}")
        assert facts["present"] == 1
        assert complaints == []


async def test_a_browser_without_webrtc_says_so_and_offers_no_dead_end(
    real: RealRoom, browser: Browser
) -> None:
    page, complaints = await opened(
        browser, real.link(ZOE), first="delete window.RTCPeerConnection"
    )
    await page.get_by_text("This browser cannot hold calls").wait_for()
    assert await page.get_by_role("button", name="Join").count() == 0
    assert await page.get_by_role("button", name="Try again").count() == 0
    assert complaints == []


# --- the wire -------------------------------------------------------------------------------------


def many_lines() -> str:
    """Return an offer of 200 m-lines."""
    head, _, line = OFFER.partition("m=audio")
    lines = [f"m=audio{line}".replace("a=mid:0", f"a=mid:{n}") for n in range(200)]
    return head + "".join(lines)


def garbage() -> list[str]:
    noise = Random(11)
    return [
        "",
        "garbage",
        "v=0",
        "\x00\x01\x02",
        "v=0\r\n" + "m=" * 1000,
        OFFER.replace("sha-256 " + ":".join(["AB"] * 32), "md5 zz"),
        OFFER.replace("a=ice-ufrag:abcd\r\n", ""),
        OFFER.replace("a=rtpmap:111 opus/48000/2", "a=rtpmap:999999 opus/x/y"),
        "".join(chr(noise.randrange(32, 0x2FFF)) for _ in range(5000)),
        OFFER[: len(OFFER) // 2],
        OFFER * 300,
    ]


async def test_garbage_and_endless_sdp_is_answered_and_the_session_goes_on(
    real: RealRoom, caller: Caller
) -> None:
    room = room_of(real)
    await caller.join(CHAIR, room=room)
    chair = await caller.connect(CHAIR, room=room)
    await chair.expect(call.RoomState)
    await chair.send(call.Publish(sdp=many_lines(), sources={"0": "audio"}))
    problem = await chair.expect(call.Problem)
    assert (problem.in_reply_to, problem.fatal) == ("publish", False)
    assert problem.code == "sdp_too_many_sections"
    for sdp in garbage():
        await chair.send(call.Publish(sdp=sdp, sources={"0": "audio"}))
        answer = await chair.expect((call.Problem, call.PublishAnswered))
        assert isinstance(answer, call.Problem), sdp[:200]
        assert answer.code
        assert answer.text
        assert not answer.fatal
    await chair.send(call.SubscribeAnswer(offer=77, sdp="garbage"))
    await chair.send(call.Ping(n=9))
    assert (await chair.expect(call.Pong)).n == 9
    await chair.send(call.Publish(sdp=OFFER, sources={"0": "audio"}, rebuild=True))
    assert (await chair.expect(call.PublishAnswered)).sdp.startswith("v=0")
    facts = await caller.api("GET", f"/api/v1/rooms/{room}")
    assert facts["present"] == 1


# --- names ----------------------------------------------------------------------------------------


async def test_hostile_names_are_text_on_every_page(
    host: RealHost, caller: Caller, browser: Browser
) -> None:
    people = [PEOPLE[0]] + [
        invitee(number, name, name) for number, name in enumerate(HOSTILE, start=2)
    ]
    real = await host.open_room(meeting(people))
    room = room_of(real)
    chair, complaints = await opened(browser, real.link(CHAIR))
    await chair.get_by_role("button", name="Join").click()
    await place(chair, "call")
    pages = []
    for number, name in enumerate(HOSTILE, start=2):
        body = {"token": token(number), "name": name, "move": False}
        answer = await caller.post(f"/r/{room}/api/join", body)
        assert answer["status"] == 200, answer
        caller.cookies[number] = answer["cookies"][f"pd_{room}"].value
        caller.resumes[number] = answer["resume"]
        pages.append(await caller.connect(number, room=room))
    await chair.get_by_role("button", name="Show", exact=True).click()
    await chair.get_by_role("button", name="Admit all").click()
    for page in pages:
        await page.expect(call.RoomState)
    for name in HOSTILE:
        await chair.locator(".tile-name", has_text=clean_name(name)).first.wait_for()
    assert await chair.locator("img, svg[onload], script:not([src])").count() == 0
    assert complaints == []
    seen = pages[-1].got(call.RoomState)[0].participants
    assert {person.name for person in seen} == {"Ida Holm", *map(clean_name, HOSTILE)}


@pytest.mark.full
@pytest.mark.data
async def test_any_naughty_name_joins_or_is_refused_by_its_code(
    real: RealRoom, caller: Caller, shared_data: Path
) -> None:
    room = room_of(real)
    strings = json.loads((shared_data / "badinput/blns/blns.json").read_text(encoding="utf-8"))
    for text in strings:
        body = {"token": token(CHAIR), "name": text, "move": True}
        answer = await caller.post(f"/r/{room}/api/join", body)
        if answer["status"] != 200:
            assert answer["code"] == "bad_message", (text, answer)
            continue
        look = await caller.post(f"/r/{room}/api/look", {"token": token(CHAIR)})
        assert look["status"] == 200
    caller.cookies[CHAIR] = answer["cookies"][f"pd_{room}"].value
    caller.resumes[CHAIR] = answer["resume"]
    page = await caller.connect(CHAIR, room=room)
    shown = (await page.expect(call.RoomState)).participants[0].name
    assert 0 < len(shown) <= MAX_NAME
