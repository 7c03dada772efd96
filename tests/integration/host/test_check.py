"""The connection check through a host: whose link it is, the call with oneself, the result."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

import aiohttp

from projectdesk.host.check.trials import MAX_TRIALS
from projectdesk.host.turn.passes import Relays
from projectdesk.signalling import VERSION, call, check, codec, journal
from tests.integration.host.conftest import PATIENCE_S, ROOM, plan, token
from tests.integration.host.test_call import OFFER

GUEST = f"{3:032x}"
REPORT: dict[str, Any] = {
    "verdict": "limited",
    "problems": ["slowUp"],
    "browser": "Firefox 140",
    "microphone": "works",
    "camera": "missing",
    "speaker": "heard",
    "socket": True,
    "path": "relayTls",
    "roundTripMs": 41,
    "upKbps": 300,
    "downKbps": 9000,
    "lostPercent": 0.5,
}


class CheckPage:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.bytes = 0

    async def send(self, message: Any) -> None:
        await self.socket.send_str(codec.encode(message).decode())

    async def next(self) -> Any:
        """Return the next message; binary frames before it are counted."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame = await self.socket.receive()
                if frame.type is aiohttp.WSMsgType.BINARY:
                    self.bytes += len(frame.data)
                    continue
                assert frame.type is aiohttp.WSMsgType.TEXT, frame
                return codec.decode(frame.data, check.CheckNews, limit=call.MAX_SDP)

    async def closed(self) -> int | None:
        async with asyncio.timeout(PATIENCE_S):
            while (await self.socket.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        return self.socket.close_code


async def connect(caller, path: str = f"/r/{ROOM}/check/ws") -> CheckPage:
    headers = {"Origin": caller.url}
    return CheckPage(await caller.http.ws_connect(caller.url + path, headers=headers))


async def begin(caller, number: int = 3) -> tuple[CheckPage, check.TrialOpened]:
    page = await connect(caller)
    await page.send(check.CheckHello(version=VERSION, token=token(number)))
    opened = await page.next()
    assert isinstance(opened, check.TrialOpened), opened
    return page, opened


async def test_the_page_is_there_for_anybody_and_says_whose_link_it_is(caller):
    for path in ("/check", f"/r/{ROOM}/check"):
        async with caller.http.get(caller.url + path) as response:
            assert response.status == 200
            assert "/check.js" in await response.text()
    anybody = await caller.post("/check/api/look", {})
    assert (anybody["status"], anybody["personal"], anybody["title"]) == (200, False, "")
    personal = await caller.post(f"/r/{ROOM}/check/api/look", {"token": token(3)})
    assert personal["personal"] is True
    assert personal["name"] == "Person 3"
    wrong = await caller.post(f"/r/{ROOM}/check/api/look", {"token": "wrong"})
    assert (wrong["status"], wrong["code"]) == (404, "unknown_link")


async def test_it_works_days_before_the_room_opens(caller, premises):
    await caller.put_room(plan(premises.now() + timedelta(days=5)))
    assert (await caller.join(3))["code"] == "too_early"
    page, _ = await begin(caller)
    await page.send(call.Ping(n=7))
    assert await page.next() == call.Pong(n=7)
    await page.socket.close()


async def test_who_checks_calls_themselves_and_nobody_else(caller, premises):
    first, opened = await begin(caller, 3)
    second, _ = await begin(caller, 4)
    assert opened.media is True
    for page in (first, second):
        await page.send(call.OpenSubscribe())
        await page.send(call.Publish(sdp=OFFER, sources={"0": "audio"}))
        heard = [await page.next(), await page.next()]
        offers = [one for one in heard if isinstance(one, call.SubscribeOffered)]
        assert {type(one) for one in heard} == {call.PublishAnswered, call.SubscribeOffered}
        await page.send(call.SubscribeAnswer(offer=offers[-1].offer, sdp=OFFER))
    assert len(premises.backend.rooms) == 2
    for page in (first, second):
        await page.socket.close()
    await premises.until(lambda: all(r.closed for r in premises.backend.rooms.values()))


async def test_no_more_media_servers_than_the_host_can_spare(caller):
    pages = [await begin(caller, 1 + number % 4) for number in range(MAX_TRIALS + 1)]
    assert [opened.media for _, opened in pages] == [True] * MAX_TRIALS + [False]
    last = pages[-1][0]
    await last.send(call.Publish(sdp=OFFER, sources={"0": "audio"}))
    problem = await last.next()
    assert (problem.code, problem.in_reply_to) == ("media_unavailable", "publish")
    for page, _ in pages:
        await page.socket.close()


async def test_what_the_path_carries_is_measured_both_ways(caller):
    page, _ = await begin(caller)
    await page.send(check.MeasureDownload())
    ended = await page.next()
    assert ended.bytes == page.bytes > 1_000_000
    block = bytes(check.MAX_BLOCK)
    for _ in range(20):
        await page.socket.send_bytes(block)
    await page.send(check.UploadEnded())
    measured = await page.next()
    assert measured.bytes == 19 * len(block)
    assert 0 < measured.seconds < PATIENCE_S
    await page.socket.close()


async def test_nobody_fills_the_hosts_line(caller):
    page, _ = await begin(caller)
    block = bytes(check.MAX_BLOCK)
    try:
        for _ in range(2 * check.MAX_VOLUME // len(block)):
            await page.socket.send_bytes(block)
    except ConnectionError:
        pass
    assert await page.closed() is not None


async def test_a_wrong_link_opens_no_check(caller):
    page = await connect(caller)
    await page.send(check.CheckHello(version=VERSION, token="wrong"))
    problem = await page.next()
    assert (problem.code, problem.fatal) == ("unknown_link", True)
    assert await page.closed() == 4000
    page = await connect(caller)
    await page.send(call.Ping(n=1))
    assert (await page.next()).fatal is True


async def test_anybody_may_ask_whether_sockets_pass_and_nothing_more(caller, premises):
    page = await connect(caller, "/check/ws")
    await page.send(call.Ping(n=1))
    assert await page.next() == call.Pong(n=1)
    await page.send(call.Publish(sdp=OFFER, sources={"0": "audio"}))
    assert (await page.next()).code == "media_unavailable"
    await page.send(check.MeasureDownload())
    assert (await page.next()).code == "not_allowed"
    assert page.bytes == 0
    await page.socket.close()
    assert premises.backend.rooms == {}


async def test_a_result_reaches_the_organiser_once(caller):
    body = {"token": token(3), "submission": "s1", "report": REPORT}
    for _ in range(3):
        assert (await caller.post(f"/r/{ROOM}/check/api/report", body))["status"] == 204
    again = {**body, "submission": "s2", "report": {**REPORT, "verdict": "good", "problems": []}}
    assert (await caller.post(f"/r/{ROOM}/check/api/report", again))["status"] == 204
    facts = await caller.facts(journal.ConnectionChecked)
    assert [(fact.invitation, fact.report.verdict) for fact in facts] == [
        (GUEST, "limited"),
        (GUEST, "good"),
    ]
    assert facts[0].report.path == "relayTls"


async def test_a_result_that_is_none_is_refused(caller):
    path = f"/r/{ROOM}/check/api/report"
    for wrong in (
        {"verdict": "splendid"},
        {"problems": ["slowUp"] * 13},
        {"browser": "x" * 65},
        {"upKbps": -1},
        {"lostPercent": 101},
    ):
        body = {"token": token(3), "submission": "s", "report": {**REPORT, **wrong}}
        assert (await caller.post(path, body))["code"] == "bad_message", wrong
    body = {"token": "wrong", "submission": "s", "report": REPORT}
    assert (await caller.post(path, body))["code"] == "unknown_link"
    assert await caller.facts(journal.ConnectionChecked) == []


async def test_relays_of_a_check_are_valid_for_minutes_and_in_no_log(caller, premises, caplog):
    caplog.set_level(logging.DEBUG)
    relays = Relays(("turn:turn.example.org",), "a secret that is shared")
    object.__setattr__(premises.host.settings, "relays", relays)
    page, opened = await begin(caller)
    (server,) = opened.relays
    expires = int(server.username.partition(":")[0])
    assert 0 < expires - premises.now().timestamp() <= 300
    await page.socket.close()
    assert server.credential not in caplog.text
    assert token(3) not in caplog.text
