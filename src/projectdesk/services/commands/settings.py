"""Who I am."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Person
from projectdesk.services import editing
from projectdesk.services.mine import is_me
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def set_me(workspace: Workspace, values: Mapping[str, object]) -> Changes:
    """Say who uses this desktop: make or change the person that is me (decisions 11).

    In a team's database the person with the given e-mail address is taken, where there is one:
    a colleague may have entered me before I came.

    Args:
        workspace: the open database.
        values: fields of `Person`.

    Raises:
        DomainError: a field cannot hold its value (fact `field`).
    """
    with workspace.change("Change who I am", undoable=False) as unit:
        me = unit.session.scalar(select(Person).where(is_me(unit.session)).limit(1))
        if me is None and workspace.shared:
            me = _known(unit.session, str(values.get("email") or ""))
        if me is None:
            me = editing.add_record(unit, Kind.PERSON, values)
            me.is_me = not workspace.shared
        else:
            editing.change_record(unit, Kind.PERSON, me, values)
    workspace.remember_me(me.id)
    return unit.changes


def _known(session: Session, email: str) -> Person | None:
    """Return the one person with an e-mail address."""
    if not email.strip():
        return None
    same = func.lower(schema.person.c.email) == email.strip().lower()
    found = session.scalars(select(Person).where(same).limit(2)).all()
    return found[0] if len(found) == 1 else None
