"""Sealed link keys of teams' databases: kept and handed out, never opened here (adr/0104)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.engine import Connection

from projectdesk.errors import Conflict, NotFound
from projectdesk.host.journal.tables import api_key, sealed_link_key
from projectdesk.signalling.link_keys import KeptLinkKey, SealedLinkKey

_kept = sealed_link_key.c


def get(connection: Connection, owner: str, database: str) -> KeptLinkKey:
    """Return the sealed link key of a database, as keys of this owner put it there.

    Raises:
        NotFound: `link_key_unknown`.
    """
    row = connection.execute(select(sealed_link_key).where(_mine(owner, database))).first()
    if row is None:
        raise NotFound("link_key_unknown", "The server has no link key of this database.")
    return KeptLinkKey(
        fingerprint=row.fingerprint, sealed=row.sealed, put_at=row.put_at, put_by=row.put_by
    )


def put(
    connection: Connection, owner: str, key: str, database: str, given: SealedLinkKey, at: datetime
) -> KeptLinkKey:
    """Keep a sealed link key; one that is there is replaced only by who says which one.

    Args:
        connection: to the journal.
        owner: the key's own id, or its team's.
        key: id of the key that asks.
        database: which one.
        given: the key, sealed.
        at: now.

    Raises:
        Conflict: `other_link_key`; nothing was changed.
    """
    name = connection.scalar(select(api_key.c.name).where(api_key.c.id == key)) or ""
    mine = _mine(owner, database)
    row = connection.execute(select(sealed_link_key).where(mine).with_for_update()).first()
    values = {
        "fingerprint": given.fingerprint,
        "sealed": given.sealed,
        "put_at": at,
        "put_by": name,
    }
    if row is None:
        connection.execute(
            insert(sealed_link_key).values(key_id=owner, database=database, **values)
        )
    elif row.fingerprint not in {given.fingerprint, given.replaces}:
        raise Conflict(
            "other_link_key",
            "The server has another link key of this database, which “{name}” put there. Nothing "
            "was changed.",
            name=row.put_by,
        )
    else:
        connection.execute(update(sealed_link_key).where(mine).values(**values))
    return get(connection, owner, database)


def forget(connection: Connection, owner: str, database: str) -> None:
    """Forget the link key of a database. Idempotent."""
    connection.execute(delete(sealed_link_key).where(_mine(owner, database)))


def _mine(owner: str, database: str) -> ColumnElement[bool]:
    return (_kept.key_id == owner) & (_kept.database == database)
