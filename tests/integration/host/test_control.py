"""What desktops ask of a host."""

from __future__ import annotations

import asyncio
import re

import msgspec
import pytest

from projectdesk import resources
from projectdesk.host import websocket
from projectdesk.host.http.security import HEADERS
from projectdesk.host.journal import keys
from projectdesk.host.peer import CLOSE_OVER
from projectdesk.signalling import VERSION, call, control, journal
from tests.integration.host.conftest import ROOM, plan, token


async def test_anybody_may_ask_for_health(premises):
    caller = await premises.caller()
    answer = await caller.post("/healthz", method="GET")
    assert (answer["status"], answer["protocol"]) == (200, VERSION)


async def test_a_host_says_what_it_is(premises):
    caller = await premises.caller()
    facts = await caller.api("GET", "/api/v1/host")
    assert facts["local"] is True
    assert facts["epoch"] == 1
    assert facts["publicUrl"] == "http://127.0.0.1:1"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/host"),
        ("PUT", f"/api/v1/rooms/{ROOM}"),
        ("GET", f"/api/v1/rooms/{ROOM}"),
        ("DELETE", f"/api/v1/rooms/{ROOM}"),
        ("GET", f"/api/v1/rooms/{ROOM}/console"),
        ("PUT", "/api/v1/desks/d2d2d2d2d2"),
        ("DELETE", "/api/v1/desks/d2d2d2d2d2"),
        ("GET", "/api/v1/journal"),
        ("POST", "/api/v1/journal/acknowledge"),
        ("POST", "/api/v1/stop"),
    ],
)
async def test_everything_else_needs_a_key(premises, method, path):
    caller = await premises.caller()
    missing = await caller.post(path, method=method)
    assert (missing["status"], missing["code"]) == (401, "key_missing")
    wrong = await caller.api(method, path, key="pdk_wrong")
    assert (wrong["status"], wrong["code"]) == (401, "key_unknown")


async def test_a_revoked_key_is_worth_nothing_at_once(premises):
    caller = await premises.caller("lost laptop")
    assert (await caller.api("GET", "/api/v1/host"))["status"] == 200
    await premises.journal.run(keys.revoke, "lost laptop", premises.now())
    assert (await caller.api("GET", "/api/v1/host"))["status"] == 401


async def test_a_console_closes_when_its_key_is_revoked(caller, premises, monkeypatch):
    monkeypatch.setattr(websocket, "KEY_CHECK_S", 0.02)
    console = await caller.console()
    await console.expect(call.RoomState)
    await premises.journal.run(keys.revoke, "desktop", premises.now())
    assert await console.closed() == CLOSE_OVER


async def test_two_keys_do_not_see_each_other(premises):
    one, other = await premises.caller("one"), await premises.caller("other")
    await one.put_room(plan(premises.now()))
    path = f"/api/v1/rooms/{ROOM}"
    assert (await other.api("GET", path))["status"] == 404
    assert (await other.api("DELETE", path))["status"] == 404
    taken = await other.put_room(plan(premises.now()))
    assert (taken["status"], taken["code"]) == (409, "room_taken")
    chair = await one.enter(1)
    await chair.expect(call.RoomState)
    assert await one.facts(journal.PersonJoined)
    assert not await other.facts(journal.PersonJoined)
    assert await other.facts(journal.HostStarted), "the host's own entries are for everybody"


async def test_the_journal_is_collected_by_place(caller):
    chair = await caller.enter(1)
    await chair.expect(call.RoomState)
    for item in ("a", "b", "a", None):
        await chair.send(call.StartItem(item=item))
        await chair.expect(call.ClockChanged)
    whole = await caller.batch()
    collected: list[journal.JournalEntry] = []
    while True:
        after = collected[-1].seq if collected else 0
        batch = await caller.batch(after, limit=2)
        assert len(batch.entries) <= 2
        assert batch.last == whole.last
        if not batch.entries:
            break
        collected += batch.entries
    assert collected == whole.entries
    assert len({entry.id for entry in collected}) == len(collected)
    place = control.Acknowledge(journal=whole.journal, epoch=whole.epoch, seq=whole.last)
    assert (await caller.api("POST", "/api/v1/journal/acknowledge", place))["status"] == 204
    assert (await caller.batch()).entries == whole.entries, "acknowledged is not erased"
    other = control.Acknowledge(journal="x", epoch=1, seq=1)
    answer = await caller.api("POST", "/api/v1/journal/acknowledge", other)
    assert (answer["status"], answer["code"]) == (409, "other_journal")


async def test_a_changed_plan_keeps_people_and_clock(caller, premises):
    chair = await caller.enter(1)
    await chair.expect(call.RoomState)
    await chair.send(call.StartItem(item="a"))
    await chair.expect(call.ClockChanged)
    changed = msgspec.structs.replace(plan(premises.now()), title="Changed")
    facts = await caller.put_room(changed)
    assert (facts["state"], facts["present"]) == ("live", 1)
    assert (await chair.expect(call.RoomState)).clock.current == "a"


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        (f"/api/v1/rooms/{ROOM}", {"title": "x"}, 400, "bad_message"),
        ("/api/v1/rooms/no%20id", {}, 400, "bad_message"),
        ("/api/v1/rooms/a.b.c.d.", None, 400, "not_json"),
        ("/api/v1/journal", None, 405, "method_not_allowed"),
        ("/api/v1/elsewhere", None, 404, "not_found"),
    ],
)
async def test_bad_requests_are_refused_clearly(premises, path, body, status, code):
    caller = await premises.caller()
    answer = await caller.api("PUT", path, body)
    assert (answer["status"], answer["code"]) == (status, code)


async def test_odd_ids_and_numbers_are_refused(premises):
    caller = await premises.caller()
    answer = await caller.put_room(plan(premises.now()), room="no.id.of.ours")
    assert (answer["status"], answer["code"]) == (400, "bad_id")
    for query in ("after=-1", "after=x", "limit=²", "after=" + "9" * 40):
        answer = await caller.api("GET", f"/api/v1/journal?{query}")
        assert (answer["status"], answer["code"]) == (400, "bad_number")


async def test_a_body_beyond_the_limit_is_refused(premises):
    caller = await premises.caller()
    snapshot = msgspec.structs.replace(plan(premises.now()), title="x" * (1 << 20))
    answer = await caller.put_room(snapshot)
    assert (answer["status"], answer["code"]) == (413, "message_too_large")


async def test_a_server_cannot_be_stopped_by_a_key(tmp_path):
    from tests.integration.host.conftest import Premises

    premises = Premises(tmp_path)
    await premises.start(local=False)
    caller = await premises.caller()
    answer = await caller.api("POST", "/api/v1/stop")
    assert (answer["status"], answer["code"]) == (403, "not_local")
    await premises.stop()


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (f"/r/{ROOM}", "text/html; charset=utf-8"),
        (f"/r/{ROOM}/", "text/html; charset=utf-8"),
        ("/d/d2d2d2d2d2", "text/html; charset=utf-8"),
        ("/static/call.js", "text/javascript; charset=utf-8"),
        ("/static/css/base.css", "text/css; charset=utf-8"),
        ("/static/icons.svg", "image/svg+xml"),
    ],
)
async def test_pages_come_with_their_type_and_the_headers(premises, path, kind):
    caller = await premises.caller()
    async with caller.http.get(caller.url + path) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == kind
        assert response.headers["Cache-Control"] == "no-cache"
        for name, value in HEADERS.items():
            assert response.headers[name] == value
        assert "Strict-Transport-Security" not in response.headers
        tag = response.headers["ETag"]
    async with caller.http.get(caller.url + path, headers={"If-None-Match": tag}) as response:
        assert response.status == 304


async def test_what_a_page_names_is_kept_for_ever_and_comes_compressed(premises):
    caller = await premises.caller()
    pages = {}
    for wanted in ("xx, da;q=0.5, de-AT;q=0.9, en;q=0", "de", "da"):
        sent = {"Accept-Language": wanted}
        async with caller.http.get(f"{caller.url}/r/{ROOM}", headers=sent) as response:
            pages[wanted] = await response.text()
            assert response.headers["Content-Encoding"] == "gzip"
            assert response.headers["Vary"] == "Accept-Encoding, Accept-Language"
    first, german, danish = pages.values()
    assert first == german != danish
    named = re.findall(r'"(/static/[^"]+)"', german)
    sheet = next(one for one in named if one.endswith("/css/base.css"))
    bodies = set()
    for coding in ("gzip", "br, gzip;q=0", "identity"):
        sent = {"Accept-Encoding": coding}
        async with caller.http.get(caller.url + sheet, headers=sent) as response:
            assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert (response.headers.get("Content-Encoding") == "gzip") == (coding == "gzip")
            assert response.headers["Vary"] == "Accept-Encoding"
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            bodies.add(await response.read())
    assert bodies == {resources.path("web", "css", "base.css").read_bytes()}


async def test_a_page_of_another_edition_gets_the_files_of_now_but_keeps_them_not(premises):
    """It was opened before an update; its `import()` must not fail."""
    caller = await premises.caller()
    async with caller.http.get(f"{caller.url}/static/~0123456789abcdef/call.js") as response:
        assert response.status == 200
        assert response.headers["Cache-Control"] == "no-cache"
        assert await response.read() == resources.path("web", "call.js").read_bytes()
    for name in ("~0123456789abcdef/nothing.js", "~", "~0123456789abcdef/", "~/../call.html/.."):
        async with caller.http.get(f"{caller.url}/static/{name}") as response:
            assert response.status == 404


def test_the_headers_are_those_of_the_rules():
    """Word by word: a page that needs more must be argued for, not slipped in."""
    assert HEADERS == {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; base-uri 'none'; "
            "form-action 'self'; frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self)",
    }


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/css",
        "/static/signalling.d.ts",
        "/static/../web/call.html/..",
        "/static/..%2f..%2fpyproject.toml",
        "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/static/../i18n/en.json",
        "/static//etc/passwd",
        "/static/nothing.js",
        "/",
    ],
)
async def test_nothing_else_is_served(premises, path):
    from yarl import URL

    caller = await premises.caller()
    async with caller.http.get(URL(caller.url + path, encoded=True)) as response:
        assert response.status == 404
        assert (await response.json())["code"] == "not_found"
        assert response.headers["Cache-Control"] == "no-store"


async def test_answers_of_the_api_are_not_stored(caller):
    async with caller.http.post(
        f"{caller.url}/r/{ROOM}/api/look", json={"token": token(3)}
    ) as response:
        assert response.headers["Cache-Control"] == "no-store"
        for name, value in HEADERS.items():
            assert response.headers[name] == value


async def test_pages_of_other_sites_are_refused(caller):
    answer = await caller.post(
        f"/r/{ROOM}/api/join",
        {"token": token(3), "name": "x"},
        headers={"Origin": "https://evil.example"},
    )
    assert (answer["status"], answer["code"]) == (403, "origin_refused")


async def test_logs_carry_no_secrets(caller, caplog):
    caplog.set_level("DEBUG")
    chair = await caller.enter(1)
    await chair.expect(call.RoomState)
    await caller.post(f"/r/{ROOM}/api/look", {"token": "a-wrong-secret"})
    await chair.send(call.Publish(sdp="v=0 secret-sdp", sources={"0": "audio"}))
    await chair.expect(call.Problem)
    secrets = [token(1), caller.key, caller.cookies[1], caller.resumes[1], "secret-sdp"]
    for secret in (*secrets, "a-wrong-secret"):
        assert secret not in caplog.text


async def test_a_journal_that_cannot_be_written_is_told_and_tried_again(caller, premises):
    from projectdesk.host.journal import entries

    chair = await caller.enter(1)
    await chair.expect(call.RoomState)
    real, failing = premises.journal.run, True

    async def run(step, *args, **kwargs):
        if failing and step is entries.take_steps:
            from projectdesk.errors import EnvironmentFailure

            raise EnvironmentFailure("journal_unavailable", "The disk is full.")
        return await real(step, *args, **kwargs)

    premises.journal.run = run
    await chair.send(call.StartItem(item="a"))
    await chair.expect(call.ClockChanged)
    await premises.until(lambda: not premises.host.scribe.is_writing)
    assert (await caller.post("/healthz", method="GET"))["status"] == 503
    failing = False
    async with asyncio.timeout(10):
        await premises.host.scribe.flush()
    assert await caller.facts(journal.ItemStarted)
    assert (await caller.post("/healthz", method="GET"))["status"] == 200


async def test_a_bug_in_one_room_ends_no_other(caller, premises, monkeypatch, caplog):
    from projectdesk.host.driver import RoomDriver

    chair = await caller.enter(1)
    await chair.expect(call.RoomState)

    async def run(self, started, alive_until):
        raise RuntimeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(RoomDriver, "run", run)
        await caller.put_room(plan(premises.now()), room="another2room")
    assert "another2room ended by a mistake" in caplog.text
    await chair.send(call.Ping(n=1))
    await chair.expect(call.Pong)
