"""Documents that a desk offers: brought once by the desktop, fetched by the link alone."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from projectdesk.host.journal import desk_files, desks, tables
from projectdesk.host.journal.erasure import erase
from projectdesk.signalling.desk import MAX_DESK_FILE, DeskSnapshot
from projectdesk.signalling.outcome import BallotDocument, BallotSnapshot

DESK, LINK = "b1b1b1b1b1", "the-token-of-the-member"
CONTENT = bytes(range(256)) * 2300  # three parts, the last one short
HASH = hashlib.sha256(CONTENT).hexdigest()
NAME = "Annex – Übersicht.html"


def form(**changes) -> BallotSnapshot:
    values = {
        "project": "TIDEWATER",
        "body": "General Assembly",
        "question": "Move 20 kEUR?",
        "description": "",
        "choices": ["for", "against", "abstain"],
        "name": "Ada",
        "organisation": "Org",
        "organiser": "Ida",
        "seats": 3,
        "needed": 2,
        "share": "51 %",
        "documents": [BallotDocument(name=NAME, size=len(CONTENT), sha256=HASH)],
    }
    return BallotSnapshot(**{**values, **changes})


@dataclass
class Got:
    """What the host answered."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def answer(self) -> dict[str, object]:
        return json.loads(self.body)

    @property
    def code(self) -> object:
        return self.answer["code"]


class Offering:
    """A desk that offers a document, and who has its link."""

    def __init__(self, premises, caller) -> None:
        self.premises, self.caller = premises, caller

    async def put(self, token: str = LINK, **changes) -> None:
        hashed = hashlib.sha256(token.encode()).hexdigest() if token else ""
        snapshot = DeskSnapshot(
            subject="s", token_hash=hashed, deadline=self.premises.now(), form=form(**changes)
        )
        answer = await self.caller.api("PUT", f"/api/v1/desks/{DESK}", snapshot)
        assert answer["status"] == 204, answer

    async def bring(self, content: bytes = CONTENT, sha256: str = HASH, key: str = ""):
        got = await self._ask(
            "PUT",
            f"/api/v1/desk-files/{sha256}",
            data=content,
            headers={"Authorization": f"Bearer {key or self.caller.key}"},
        )
        return {**got.answer, "status": got.status}

    async def fetch(self, token: str = LINK, file: str = HASH) -> Got:
        return await self._ask("POST", f"/d/{DESK}/api/file", json={"token": token, "file": file})

    async def _ask(self, method: str, path: str, **sent) -> Got:
        async with self.caller.http.request(method, self.caller.url + path, **sent) as response:
            return Got(response.status, await response.read(), dict(response.headers))


@pytest.fixture
async def offering(premises) -> Offering:
    made = Offering(premises, await premises.caller())
    await made.put()
    return made


async def test_a_document_is_brought_once_and_fetched_by_the_link(offering):
    known = await offering.caller.api("GET", f"/api/v1/desk-files/{HASH}")
    assert (known["status"], known["code"]) == (404, "desk_file_unknown")
    lost = await offering.fetch()
    assert (lost.status, lost.code) == (404, "file_lost")
    assert (await offering.bring())["status"] == 200
    assert (await offering.bring(b""))["size"] == len(CONTENT)  # it is there: nothing is read
    got = await offering.fetch()
    assert (got.status, got.body) == (200, CONTENT)
    assert got.headers["Content-Type"] == "application/octet-stream"
    assert got.headers["Content-Disposition"].startswith("attachment; ")
    assert "%C3%9Cbersicht.html" in got.headers["Content-Disposition"]
    assert got.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert got.headers["X-Content-Type-Options"] == "nosniff"


async def test_no_other_link_and_no_other_file_is_opened(offering):
    await offering.bring()
    wrong = await offering.fetch(token="wrong")
    assert (wrong.status, wrong.code) == (404, "unknown_link")
    other = await offering.fetch(file="0" * 64)
    assert (other.status, other.code) == (404, "unknown_file")
    await offering.put(token="")
    revoked = await offering.fetch()
    assert (revoked.status, revoked.code) == (410, "link_revoked")
    thief = await offering.premises.caller("thief")
    unknown = await thief.api("GET", f"/api/v1/desk-files/{HASH}")
    assert unknown["code"] == "desk_file_unknown"


@pytest.mark.full
async def test_what_is_not_what_was_announced_leaves_nothing(offering):
    bent = await offering.bring(CONTENT[:-1] + b"x")
    assert (bent["status"], bent["code"]) == (400, "other_content")
    assert (await offering.bring(sha256="../../etc"))["status"] in {400, 404}
    journal = offering.premises.journal
    assert await journal.run(_kept) == (0, 0)
    assert (await offering.bring(key="no-key"))["status"] in {401, 404}


@pytest.mark.full
async def test_what_is_too_large_is_refused_before_it_is_read(offering, monkeypatch):
    monkeypatch.setattr("projectdesk.host.http.desk_file_routes.MAX_DESK_FILE", 500_000)
    large = await offering.bring()
    assert (large["status"], large["code"]) == (413, "file_too_large")
    assert await offering.premises.journal.run(_kept) == (0, 0)
    assert MAX_DESK_FILE == 25_000_000


@pytest.mark.full
async def test_a_document_goes_with_the_last_desk_that_offers_it(offering):
    await offering.bring()
    premises = offering.premises
    later = premises.now() + timedelta(days=2)
    await premises.journal.run(erase, later)
    assert (await offering.fetch()).status == 200
    await offering.put(documents=[])
    await premises.journal.run(erase, premises.now())
    assert await premises.journal.run(_kept) == (1, 3)  # its desk may be about to come
    await premises.journal.run(erase, later)
    assert await premises.journal.run(_kept) == (0, 0)
    assert await premises.journal.run(desks.find, DESK) is not None


def _kept(connection) -> tuple[int, int]:
    counts = [
        connection.scalar(select(func.count()).select_from(table))
        for table in (tables.desk_file, tables.desk_file_part)
    ]
    return counts[0], counts[1]


def test_parts_are_small_enough_not_to_hold_the_journal_up() -> None:
    assert desk_files.PART <= 1 << 20
