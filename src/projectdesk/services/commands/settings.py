"""Who I am, and settings by key."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, insert, select

from projectdesk.domain.consortium import Person
from projectdesk.services import editing
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def set_me(workspace: Workspace, values: Mapping[str, object]) -> Changes:
    """Say who uses this desktop: make or change the person that is me (decisions 11).

    Args:
        workspace: the open database.
        values: fields of `Person`.

    Raises:
        DomainError: a field cannot hold its value (fact `field`).
    """
    with workspace.change("Change who I am", undoable=False) as unit:
        me = unit.session.scalar(select(Person).where(schema.person.c.is_me).limit(1))
        if me is None:
            editing.add_record(unit, Kind.PERSON, values).is_me = True
        else:
            editing.change_record(unit, Kind.PERSON, me, values)
    return unit.changes


def set_setting(workspace: Workspace, key: str, value: str) -> None:
    """Keep a setting, replacing an older value. Secrets are no settings (`workspace.secrets`)."""
    setting = schema.setting
    with workspace.change("Change a setting", undoable=False) as unit:
        unit.session.execute(delete(setting).where(setting.c.key == key))
        unit.session.execute(insert(setting).values(key=key, value=value))
