"""Settings that are written with the change that they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from projectdesk.store import schema

if TYPE_CHECKING:  # units are loaded after what they keep
    from projectdesk.services.session import Unit


def keep(unit: Unit, key: str, value: str) -> None:
    """Set a setting in the caller's unit."""
    table = schema.setting
    unit.session.execute(delete(table).where(table.c.key == key))
    unit.session.execute(insert(table).values(key=key, value=value))


def kept(session: Session, key: str) -> str | None:
    """Return a setting; None = it was never set."""
    found: str | None = session.scalar(
        select(schema.setting.c.value).where(schema.setting.c.key == key)
    )
    return found
