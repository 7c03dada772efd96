"""Settings that are read and written in the caller's transaction; `kept_settings` opens its own."""

from __future__ import annotations

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from projectdesk.store import schema


def keep(session: Session, key: str, value: str) -> None:
    """Keep a setting, replacing an older value."""
    table = schema.setting
    session.execute(delete(table).where(table.c.key == key))
    session.execute(insert(table).values(key=key, value=value))


def kept(session: Session, key: str) -> str | None:
    """Return a setting; None = it was never set."""
    found: str | None = session.scalar(
        select(schema.setting.c.value).where(schema.setting.c.key == key)
    )
    return found
