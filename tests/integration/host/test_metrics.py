"""The figures of a host, as a Prometheus server asks for them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from projectdesk.host import running
from projectdesk.host.http.metrics_app import make_metrics_app
from projectdesk.signalling import call
from tests.integration.host.conftest import ROOM

TOKEN = "a-long-token-of-the-administrator"


class Prometheus:
    """Asks a metrics listener."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = aiohttp.ClientSession()

    async def scrape(self) -> dict[str, float]:
        async with self.http.get(self.url + "/metrics") as answer:
            assert answer.status == 200
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
            lines = (await answer.text()).splitlines()
        samples = [line.rpartition(" ") for line in lines if not line.startswith("#")]
        return {name: float(value) for name, _, value in samples}


@pytest.fixture
async def prometheus(premises) -> AsyncIterator[Prometheus]:
    runner = web.AppRunner(make_metrics_app(premises.host, None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    asking = Prometheus(f"http://127.0.0.1:{runner.addresses[0][1]}")
    yield asking
    await asking.http.close()
    await runner.cleanup()


async def test_a_call_shows_in_the_figures_and_nobodys_name_does(caller, prometheus):
    before = await prometheus.scrape()
    assert before['projectdesk_rooms{state="waiting"}'] == 1
    chair = await caller.enter(1)
    await chair.expect(call.RoomState)
    guest = await caller.enter(3)
    await guest.expect(call.Lobby)
    await chair.send(call.StartItem(item="a"))
    await chair.expect(call.ClockChanged)
    await chair.socket.send_str("nonsense")
    await chair.expect(call.Problem)

    after = await prometheus.scrape()
    assert after['projectdesk_rooms{state="live"}'] == 1
    assert after['projectdesk_people{place="call"}'] == 1
    assert after['projectdesk_people{place="lobby"}'] == 1
    assert after['projectdesk_sockets{kind="page"}'] == 2
    assert after['projectdesk_messages_total{direction="in"}'] == 1
    assert after['projectdesk_messages_total{direction="dropped"}'] == 1
    assert after['projectdesk_messages_total{direction="out"}'] >= 4
    answers = 'projectdesk_http_answers_total{status="2xx"}'
    assert after[answers] >= before[answers] + 2
    assert after["projectdesk_journal_writing"] == 1
    assert f'projectdesk_sfu_legs{{room="{ROOM}"}}' in after
    assert not [name for name in after if "Person" in name]


async def test_wrong_links_and_a_journal_that_is_behind_are_counted(
    caller, premises, prometheus, monkeypatch
):
    await caller.post(f"/r/{ROOM}/api/look", {"token": "wrong"})
    assert (await prometheus.scrape())["projectdesk_bad_tokens_total"] == 1

    from projectdesk.errors import EnvironmentFailure

    async def unavailable(*_: object) -> None:
        raise EnvironmentFailure("journal_unavailable", "No.")

    monkeypatch.setattr(premises.host.scribe._journal, "run", unavailable)
    driver = premises.host.drivers()[0]
    driver.withdraw()
    await premises.until(lambda: not premises.host.scribe.is_writing)
    behind = await prometheus.scrape()
    monkeypatch.undo()
    assert behind["projectdesk_journal_writing"] == 0
    assert behind["projectdesk_journal_waiting_steps"] >= 1
    assert behind["projectdesk_journal_lag_seconds"] > 0


async def test_guests_listener_has_no_figures(caller):
    assert (await caller.post("/metrics", method="GET"))["status"] == 404


async def test_figures_with_a_token_need_it(premises):
    runner = web.AppRunner(make_metrics_app(premises.host, TOKEN))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/metrics"
    async with aiohttp.ClientSession() as http:
        statuses = []
        for bearer in ("", "another", TOKEN):
            headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
            async with http.get(url, headers=headers) as answer:
                statuses.append(answer.status)
    await runner.cleanup()
    assert statuses == [401, 401, 200]


async def test_a_listener_that_cannot_be_had_is_a_clear_error(premises):
    from projectdesk.errors import EnvironmentFailure

    port = int(premises.url.rpartition(":")[2])
    with pytest.raises(EnvironmentFailure) as refused:
        async with running.figures(premises.host, ("127.0.0.1", port), None):
            pass
    assert str(port) in refused.value.text
