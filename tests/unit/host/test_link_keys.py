"""Sealed link keys as a host keeps them: for one team, never overwritten by mistake."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import Engine

from projectdesk.errors import Conflict, NotFound
from projectdesk.host.journal import keys, link_keys
from projectdesk.signalling.link_keys import SealedLinkKey
from tests.unit.host.conftest import NOW

DATABASE = uuid4().hex
ONE, OTHER = "a" * 32, "b" * 32


def of(engine: Engine, name: str, team: str | None) -> tuple[str, str]:
    """Return owner and id of a new API key."""
    with engine.begin() as connection:
        secret = keys.add(connection, name, NOW, team)
        return keys.find(connection, secret) or "", keys.find_reader(connection, secret) or ""


def test_one_for_a_team_and_none_for_others(engine: Engine) -> None:
    ada, bob = of(engine, "Ada", "AURORA"), of(engine, "Bob", "AURORA")
    eve = of(engine, "Eve", None)
    given = SealedLinkKey(fingerprint=ONE, sealed="x")
    with engine.begin() as connection:
        link_keys.put(connection, *ada, DATABASE, given, NOW)
        kept = link_keys.get(connection, bob[0], DATABASE)
        assert (kept.fingerprint, kept.sealed, kept.put_by) == (ONE, "x", "Ada")
        for owner, database in ((eve[0], DATABASE), (bob[0], uuid4().hex)):
            with pytest.raises(NotFound):
                link_keys.get(connection, owner, database)
        link_keys.put(connection, *eve, DATABASE, SealedLinkKey(fingerprint=OTHER, sealed="y"), NOW)
        assert link_keys.get(connection, ada[0], DATABASE).fingerprint == ONE


def test_another_one_is_refused_unless_it_says_what_it_replaces(engine: Engine) -> None:
    ada, bob = of(engine, "Ada", "AURORA"), of(engine, "Bob", "AURORA")
    with engine.begin() as connection:
        link_keys.put(connection, *ada, DATABASE, SealedLinkKey(fingerprint=ONE, sealed="x"), NOW)
        for replaces in ("", "c" * 32):
            other = SealedLinkKey(fingerprint=OTHER, sealed="y", replaces=replaces)
            with pytest.raises(Conflict, match="Ada"):
                link_keys.put(connection, *bob, DATABASE, other, NOW)
        assert link_keys.get(connection, ada[0], DATABASE).sealed == "x"
        renewed = SealedLinkKey(fingerprint=OTHER, sealed="y", replaces=ONE)
        assert link_keys.put(connection, *bob, DATABASE, renewed, NOW).put_by == "Bob"
        link_keys.forget(connection, ada[0], DATABASE)
        with pytest.raises(NotFound):
            link_keys.get(connection, ada[0], DATABASE)
