"""Numbers that are taken one at a time: two desktops at once never take the same one."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session


def reserve(session: Session, parent: object) -> None:
    """Let nobody else take a number below a parent until this transaction ends.

    What is read after it counts what others have committed. SQLite needs none of it: a unit has the
    right to write from its beginning.

    Args:
        session: of a unit.
        parent: id of the record whose children are numbered (a project, a work package...).
    """
    if session.get_bind().dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:parent, 7045112))")
        session.connection().execute(lock, {"parent": str(parent)})
