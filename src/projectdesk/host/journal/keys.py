"""API keys: shown once, stored as a hash (security.md)."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from projectdesk.errors import DomainError, NotFound
from projectdesk.host.journal.tables import api_key

PREFIX = "pdk_"
_DOMAIN = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")


@dataclass(frozen=True)
class ApiKey:
    """A key without its secret. team: whose rooms it shares, None = its own only.

    mail_domains: whose mail, due later, it may hand over; () = none.
    """

    id: str
    name: str
    created_at: datetime
    revoked_at: datetime | None
    team: str | None = None
    mail_domains: tuple[str, ...] = ()


def digest(secret: str) -> str:
    """Return the hex SHA-256 of a secret's text; bytes that are not UTF-8 hash too."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def add(connection: Connection, name: str, at: datetime, team: str | None = None) -> str:
    """Make a key and return it; this is the only time that it is seen.

    Keys of one team see the same rooms, desks and journal entries.
    """
    secret = _new_secret()
    own = uuid4().hex
    row = {
        "id": own,
        "name": name,
        "hash": digest(secret),
        "created_at": at,
        "acknowledged": 0,
        "team": team,
        "owner": _owner(connection, team) or own,
    }
    connection.execute(insert(api_key).values(row))
    return secret


def _owner(connection: Connection, team: str | None) -> str | None:
    """Return whose the rooms of a team are, None before its first key."""
    if team is None:
        return None
    owner: str | None = connection.scalar(
        select(api_key.c.owner).where(api_key.c.team == team).limit(1)
    )
    return owner


def renew(connection: Connection, name: str, at: datetime) -> str:
    """Give the newest valid key of a name another secret and return it; without one, make a key.

    The rooms, desks and journal entries of the key stay its own.
    """
    newest = connection.scalar(
        select(api_key.c.id)
        .where(api_key.c.name == name, api_key.c.revoked_at.is_(None))
        .order_by(api_key.c.created_at.desc())
        .limit(1)
    )
    if newest is None:
        return add(connection, name, at)
    secret = _new_secret()
    connection.execute(update(api_key).where(api_key.c.id == newest).values(hash=digest(secret)))
    return secret


def _new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def list_all(connection: Connection) -> list[ApiKey]:
    """Return every key, oldest first."""
    rows = connection.execute(select(api_key).order_by(api_key.c.created_at))
    return [
        ApiKey(r.id, r.name, r.created_at, r.revoked_at, r.team, tuple(r.mail_domains.split()))
        for r in rows
    ]


def set_mail_domains(connection: Connection, name_or_id: str, domains: Sequence[str]) -> int:
    """Say of which domains the keys of a name (or the one of an id) hand mail over.

    Returns how many keys they are.

    Raises:
        NotFound: `key_unknown`, no valid key is called so.
        DomainError: `bad_domain`.
    """
    clean = [_domain(domain) for domain in domains]
    named = (api_key.c.id == name_or_id) | (api_key.c.name == name_or_id)
    change = update(api_key).where(named, api_key.c.revoked_at.is_(None))
    count = connection.execute(change.values(mail_domains=" ".join(dict.fromkeys(clean)))).rowcount
    if not count:
        raise NotFound("key_unknown", "No valid key is called {name}.", name=name_or_id)
    return count


def _domain(text: str) -> str:
    """Return a domain as it is kept: lower case; in ASCII, as it stands in an address on the wire.

    Raises:
        DomainError: `bad_domain`.
    """
    given = text.strip().lower()
    below = given.startswith(".")
    try:
        name = given.removeprefix(".").encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    if not _DOMAIN.fullmatch(name):
        raise DomainError(
            "bad_domain", "“{name}” is no domain such as example.org.", name=text[:80]
        )
    return f".{name}" if below else name


def revoke(connection: Connection, name_or_id: str, at: datetime) -> int:
    """Revoke the keys of a name (or the one of an id) and return how many.

    Raises:
        NotFound: `key_unknown`, no valid key is called so.
    """
    named = (api_key.c.id == name_or_id) | (api_key.c.name == name_or_id)
    change = update(api_key).where(named, api_key.c.revoked_at.is_(None)).values(revoked_at=at)
    count = connection.execute(change).rowcount
    if not count:
        raise NotFound("key_unknown", "No valid key is called {name}.", name=name_or_id)
    return count


def find(connection: Connection, secret: str) -> str | None:
    """Return whose rooms a valid key sees (its own id, or its team's), or None."""
    known = _valid(connection, secret)
    return None if known is None else known[1]


def find_reader(connection: Connection, secret: str) -> str | None:
    """Return the id of a valid key itself: by it is kept what its desktop has collected."""
    known = _valid(connection, secret)
    return None if known is None else known[0]


def _valid(connection: Connection, secret: str) -> tuple[str, str] | None:
    """Return id and owner of a valid key."""
    hashed = digest(secret)
    row = connection.execute(
        select(api_key.c.id, api_key.c.owner, api_key.c.hash).where(
            api_key.c.hash == hashed, api_key.c.revoked_at.is_(None)
        )
    ).first()
    if row is None or not hmac.compare_digest(row.hash, hashed):
        return None
    return row.id, row.owner
