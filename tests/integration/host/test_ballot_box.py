"""The box of secret ballots in each database: one ballot a member, and no link once it is open."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from projectdesk.errors import EnvironmentFailure
from projectdesk.host.journal import ballots
from projectdesk.host.journal.database import default_url, open_database
from tests.unit.services.postgres import running_server

ROOM = "k3jq8w2xza"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.full)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "postgresql":
        with running_server() as url:
            engine = open_database(url)
            yield engine
            engine.dispose()
        return
    engine = open_database(default_url(tmp_path))
    yield engine
    engine.dispose()


def vote(engine: Engine, member: str, choice: str) -> str | None:
    with engine.begin() as connection:
        return ballots.drop(connection, ROOM, 1, member, choice)


def opened(engine: Engine, *, burn: bool = False) -> ballots.OpenedBox:
    with engine.begin() as connection:
        return ballots.open_box(connection, ROOM, 1, burn=burn)


def test_a_member_votes_once_and_the_box_tells_who_and_what_apart(engine: Engine) -> None:
    receipts = {vote(engine, member, "for") for member in ("b", "a", "c")}
    receipts.add(vote(engine, "d", "against"))
    assert vote(engine, "a", "against") is None
    box = opened(engine)
    assert box.turnout == ("a", "b", "c", "d")
    assert {receipt for receipt, _ in box.ballots} == receipts
    assert sorted(choice for _, choice in box.ballots) == ["against", "for", "for", "for"]
    assert list(box.ballots) == sorted(box.ballots)
    assert opened(engine) == box  # after a host that was killed
    assert ballots.sweep(engine)
    assert opened(engine) == box
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            ids = "SELECT xmin::text FROM ballot UNION SELECT xmin::text FROM turnout"
            assert len(connection.execute(text(ids)).all()) == 1  # no row tells its transaction


def test_a_vote_that_was_called_off_leaves_nothing(engine: Engine) -> None:
    vote(engine, "a", "for")
    opened(engine, burn=True)
    assert ballots.sweep(engine)
    assert opened(engine) == ballots.OpenedBox((), ())


def test_a_room_that_is_erased_takes_its_box_along(engine: Engine) -> None:
    vote(engine, "a", "for")
    with engine.begin() as connection:
        ballots.erase_boxes(connection, ROOM)
    assert opened(engine) == ballots.OpenedBox((), ())


def test_a_file_that_cannot_be_rebuilt_is_swept_later(tmp_path: Path, monkeypatch: Any) -> None:
    engine = open_database(default_url(tmp_path))
    vote(engine, "a", "for")
    opened(engine)

    def full(_engine: Engine) -> bool:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as disk:
        disk.setattr(ballots, "_rebuild_file", full)
        with pytest.raises(EnvironmentFailure) as failure:
            ballots.sweep(engine)
    assert failure.value.code == "journal_unavailable"
    log = tmp_path / "host.sqlite3-wal"
    assert log.stat().st_size > 0
    assert ballots.sweep(engine)
    assert opened(engine).turnout == ("a",)
    engine.dispose()
