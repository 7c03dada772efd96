"""A calendar that programs subscribe to: read by its address only, until that is revoked."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from email.utils import format_datetime

import msgspec
import pytest

from projectdesk.host.desks import service
from projectdesk.signalling import journal
from projectdesk.signalling.desk import DeskSnapshot, FeedSnapshot, InvitationAnswer
from tests.integration.host.conftest import Premises
from tests.integration.host.test_desks import invitation

DESK = "f3f3f3f3f3"
TOKEN = "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA-_"
CONTENT = "BEGIN:VCALENDAR\r\nX-WR-CALNAME:Küste\r\nEND:VCALENDAR\r\n"


class Subscriber:
    """A program with the address of a feed."""

    def __init__(self, premises, caller):
        self.premises, self.caller = premises, caller
        self.form = FeedSnapshot(
            name="All", content=CONTENT, changed_at=premises.now().replace(microsecond=0)
        )

    async def put(self, token=TOKEN, desk=DESK, **changes):
        form = msgspec.structs.replace(self.form, **changes) if changes else self.form
        link = hashlib.sha256(token.encode()).hexdigest() if token else ""
        snapshot = DeskSnapshot(subject="feed", token_hash=link, deadline=None, form=form)
        answer = await self.caller.api("PUT", f"/api/v1/desks/{desk}", snapshot)
        assert answer["status"] == 204, answer

    async def read(self, token=TOKEN, desk=DESK, method="GET", **headers):
        url = f"{self.caller.url}/d/{desk}/feed/{token}.ics"
        async with self.caller.http.request(method, url, headers=headers) as response:
            return response.status, await response.text(), response.headers


@pytest.fixture
async def subscriber(premises):
    made = Subscriber(premises, await premises.caller())
    await made.put()
    return made


async def test_a_program_reads_the_calendar_and_changes_nothing(subscriber):
    before = await subscriber.caller.batch()
    for _ in range(3):
        status, text, headers = await subscriber.read()
        assert (status, text) == (200, CONTENT)
        assert headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert headers["Cache-Control"].startswith("private")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Robots-Tag"] == "noindex"
    assert (await subscriber.caller.batch()).entries == before.entries
    status, text, headers = await subscriber.read(method="HEAD")
    assert (status, text, headers["Content-Length"]) == (200, "", str(len(CONTENT.encode())))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PROPFIND"])
async def test_nothing_but_reading_is_offered(subscriber, method):
    assert (await subscriber.read(method=method))[0] == 405


async def test_what_is_known_is_not_sent_again(subscriber):
    _, _, headers = await subscriber.read()
    tag, changed = headers["ETag"], headers["Last-Modified"]
    status, text, again = await subscriber.read(**{"If-None-Match": tag})
    assert (status, text, again["ETag"]) == (304, "", tag)
    assert (await subscriber.read(**{"If-Modified-Since": changed}))[0] == 304
    await subscriber.put(content=CONTENT.replace("Küste", "Deich"))
    assert (await subscriber.read(**{"If-None-Match": tag}))[0] == 200
    # The tag counts where both are asked (RFC 9110 section 13.2.2).
    assert (await subscriber.read(**{"If-None-Match": tag, "If-Modified-Since": changed}))[0] == 200
    earlier = format_datetime(subscriber.form.changed_at - timedelta(hours=1), usegmt=True)
    assert (await subscriber.read(**{"If-Modified-Since": earlier}))[0] == 200


async def test_a_new_address_ends_the_old_one(subscriber):
    other = "Y" + TOKEN[1:]
    await subscriber.put(token=other)
    assert (await subscriber.read())[0] == 410
    assert (await subscriber.read(token=other))[0] == 200
    await subscriber.put(token="")
    assert (await subscriber.read(token=other))[0] == 410
    answer = await subscriber.caller.api("DELETE", f"/api/v1/desks/{DESK}")
    assert answer["status"] == 204
    assert (await subscriber.read(token=other))[0] == 410


async def test_a_wrong_address_says_nothing(subscriber):
    wrong = await subscriber.read(token="X" * 43)
    unknown = await subscriber.read(desk="zzzzzzzzzz")
    assert (wrong[0], unknown[0]) == (404, 404)
    assert wrong[1] == unknown[1]
    assert (await subscriber.read(token="short"))[0] == 404
    assert (await subscriber.read(token=TOKEN + "/../x"))[0] == 404


async def test_guessing_is_counted(subscriber):
    before = subscriber.premises.host.meters.bad_tokens
    await subscriber.read(token="X" * 43)
    assert subscriber.premises.host.meters.bad_tokens == before + 1


async def test_the_token_of_a_persons_desk_reads_no_calendar(subscriber):
    form, _, _ = invitation(subscriber.premises.now())
    link = hashlib.sha256(TOKEN.encode()).hexdigest()
    snapshot = DeskSnapshot(subject="s", token_hash=link, deadline=None, form=form)
    await subscriber.caller.api("PUT", "/api/v1/desks/d3d3d3d3d3", snapshot)
    assert (await subscriber.read(desk="d3d3d3d3d3"))[0] == 404


async def test_nobody_answers_at_a_calendar(subscriber):
    body = {
        "token": TOKEN,
        "submission": "one",
        "answer": msgspec.to_builtins(InvitationAnswer(answer="accepted")),
    }
    refused = await subscriber.caller.post(f"/d/{DESK}/api/answer", body)
    assert (refused["status"], refused["code"]) == (400, "wrong_kind")
    assert await subscriber.caller.facts(journal.DeskAnswered) == []


async def test_a_calendar_survives_a_restart(subscriber, tmp_path):
    await subscriber.premises.stop()
    again = Premises(tmp_path)
    await again.start()
    caller = await again.caller()
    caller.key = subscriber.caller.key
    subscriber.caller = caller
    assert (await subscriber.read())[:2] == (200, CONTENT)
    await again.stop()
    await subscriber.premises.start()  # the fixture stops it


async def test_the_token_is_in_no_log(subscriber, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)

    def broken(*_: object) -> FeedSnapshot:
        raise RuntimeError("a bug")

    await subscriber.read()
    await subscriber.read(token="X" * 43)
    monkeypatch.setattr(service, "feed", broken)
    assert (await subscriber.read())[0] == 500
    assert "a bug" in caplog.text, "it is logged whole"
    for token in (TOKEN, "X" * 43):
        assert token not in caplog.text
