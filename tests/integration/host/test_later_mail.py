"""Mail that is due later and sealed link keys, as a desktop asks for them over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from projectdesk.host.journal import keys
from projectdesk.host.posting import PostSettings
from projectdesk.mail.account import MailServer, Security
from projectdesk.signalling.journal import MailSettled
from projectdesk.signalling.link_keys import SealedLinkKey
from projectdesk.signalling.mails import LaterMail
from tests.integration.host.conftest import PATIENCE_S, Caller, Premises
from tests.unit.mail.mail_server import SmtpServer

MAIL = uuid4().hex
TO = "ines@example.pt"


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[tuple[Premises, Caller, SmtpServer]]:
    """A host that hands mail to a server, and a desktop that may write as example.org."""
    premises = Premises(tmp_path)
    with SmtpServer() as server:
        settings = PostSettings(MailServer("localhost", server.port, Security.NONE))
        await premises.start(post=settings)
        caller = await premises.caller("Ida")
        await premises.journal.run(keys.set_mail_domains, "Ida", ["example.org"])
        yield premises, caller, server
        await premises.stop()


def later(due: datetime, author: str = "office@example.org", **other: Any) -> LaterMail:
    content = (
        f"From: {author}\r\nTo: {TO}\r\nSubject: Reminder\r\nMessage-ID: <1@example.org>\r\n\r\n"
        "It begins soon.\r\n"
    )
    given: dict[str, Any] = {
        "author": author,
        "recipient": TO,
        "message_id": "<1@example.org>",
        "content": content.encode(),
        "due_at": due,
    }
    return LaterMail(**(given | other))


async def settled(caller: Caller) -> list[Any]:
    async with asyncio.timeout(PATIENCE_S):
        while not (facts := await caller.facts(MailSettled)):  # noqa: ASYNC110 - over HTTP
            await asyncio.sleep(0.01)
    return facts


async def test_sent_at_its_time(post: tuple[Premises, Caller, SmtpServer]) -> None:
    premises, caller, server = post
    host = await caller.api("GET", "/api/v1/host")
    assert host["mailFrom"] == ["example.org"]
    due = premises.now() + timedelta(hours=1)
    assert (await caller.api("PUT", f"/api/v1/mails/{MAIL}", later(due)))["state"] == "waiting"
    assert [one["id"] for one in (await caller.api("GET", "/api/v1/mails"))["mails"]] == [MAIL]
    assert server.delivered == []
    premises.ahead = timedelta(hours=1, minutes=20)
    assert premises.host.post is not None
    premises.host.post.wake()
    (fact,) = await settled(caller)
    assert (fact.mail, fact.outcome, fact.late) == (MAIL, "sent", True)
    assert [each.rcpt_tos for each in server.delivered] == [[TO]]
    assert (await caller.api("GET", "/api/v1/mails"))["mails"] == []
    assert (await caller.api("DELETE", f"/api/v1/mails/{MAIL}"))["state"] == "sent"
    again = await caller.api("PUT", f"/api/v1/mails/{MAIL}", later(due + timedelta(hours=2)))
    assert (again["status"], again["code"]) == (409, "mail_not_waiting")


async def test_a_mail_server_that_is_away_makes_nothing_uncertain(
    post: tuple[Premises, Caller, SmtpServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    premises, caller, server = post
    worker = premises.host.post
    assert worker is not None
    tries = []

    def away() -> Any:
        tries.append(premises.now())
        return worker_connect() if len(tries) > 1 else _Away()

    worker_connect = worker._connect
    monkeypatch.setattr(worker, "_connect", away)
    await caller.api("PUT", f"/api/v1/mails/{MAIL}", later(premises.now() + timedelta(hours=1)))
    premises.ahead = timedelta(hours=1)
    worker.wake()
    await premises.until(lambda: len(tries) == 1)
    assert (await caller.api("GET", "/api/v1/mails"))["mails"][0]["state"] == "waiting"
    await premises.until(lambda: not worker._news.is_set())
    worker.wake()
    (fact,) = await settled(caller)
    assert (fact.outcome, len(server.delivered)) == ("sent", 1)


async def test_a_bug_while_sending_ends_nothing_and_sends_nothing_twice(
    post: tuple[Premises, Caller, SmtpServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    premises, caller, server = post

    def mistaken(*_: object) -> Any:
        raise ValueError("a bug")

    monkeypatch.setattr("projectdesk.mail.smtp.SmtpConnection.send", mistaken)
    await caller.api("PUT", f"/api/v1/mails/{MAIL}", later(premises.now() + timedelta(hours=1)))
    premises.ahead = timedelta(hours=1)
    assert premises.host.post is not None
    premises.host.post.wake()
    (fact,) = await settled(caller)
    assert (fact.outcome, server.delivered) == ("uncertain", [])
    assert (await caller.api("GET", "/healthz"))["status"] == 200


class _Away:
    broken = False

    def open(self) -> None:
        from projectdesk.errors import EnvironmentFailure

        raise EnvironmentFailure("mail_no_connection", "away")

    def close(self) -> None:
        pass


async def test_what_a_key_may_not_hand_over(
    post: tuple[Premises, Caller, SmtpServer], premises: Premises
) -> None:
    own, caller, server = post
    due = own.now() + timedelta(hours=1)
    other = await own.caller("Other")
    assert (await other.api("GET", "/api/v1/host"))["mailFrom"] == []
    for who, path, mail, code in (
        (other, MAIL, later(due), "mail_sender_not_allowed"),
        (caller, MAIL, later(due, author="boss@example.com"), "mail_sender_not_allowed"),
        (caller, MAIL, later(due, recipient="else@example.pt"), "mail_not_as_told"),
        (caller, MAIL, later(own.now()), "mail_overdue"),
        (caller, "1", later(due), "bad_id"),
        (caller, MAIL, {"author": 1}, "message_invalid"),
    ):
        answer = await who.api("PUT", f"/api/v1/mails/{path}", mail)
        assert answer["status"] == 400, answer
        if code != "message_invalid":
            assert answer["code"] == code
    await caller.api("PUT", f"/api/v1/mails/{MAIL}", later(due))
    assert (await other.api("DELETE", f"/api/v1/mails/{MAIL}"))["code"] == "mail_unknown"
    assert (await other.api("GET", "/api/v1/mails"))["mails"] == []
    without = await premises.caller("Ida")  # a host without a mail server
    answer = await without.api("PUT", f"/api/v1/mails/{MAIL}", later(due))
    assert answer["code"] == "mail_not_taken"
    assert server.delivered == []


async def test_a_link_key_for_a_team(premises: Premises) -> None:
    ada = await premises.caller("Ada")
    database = uuid4().hex
    path = f"/api/v1/link-keys/{database}"
    assert (await ada.api("GET", path))["code"] == "link_key_unknown"
    given = SealedLinkKey(fingerprint="a" * 32, sealed="c2VhbGVk")
    kept = await ada.api("PUT", path, given)
    assert (kept["status"], kept["putBy"]) == (200, "Ada")
    other = await ada.api("PUT", path, SealedLinkKey(fingerprint="b" * 32, sealed="x"))
    assert (other["status"], other["code"]) == (409, "other_link_key")
    assert (await ada.api("GET", path))["sealed"] == "c2VhbGVk"
    eve = await premises.caller("Eve")
    assert (await eve.api("GET", path))["status"] == 404
    assert (await ada.api("GET", "/api/v1/link-keys/nonsense"))["code"] == "bad_id"
    assert (await ada.api("PUT", path, {"fingerprint": "A", "sealed": ""}))["status"] == 400
    assert (await ada.api("DELETE", path))["status"] == 204
    assert (await ada.api("GET", path))["status"] == 404
