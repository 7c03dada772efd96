"""Settings that are kept with the data, by key. Secrets are none (`workspace.secrets`)."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def setting(workspace: Workspace, key: str, default: str = "") -> str:
    """Return a setting, or the default if it was never set."""
    s = schema.setting.c
    with workspace.read() as session:
        found = session.scalar(select(s.value).where(s.key == key))
    return default if found is None else found


def set_setting(workspace: Workspace, key: str, value: str) -> None:
    """Keep a setting, replacing an older value."""
    setting = schema.setting
    with workspace.change("Change a setting", undoable=False) as unit:
        unit.session.execute(delete(setting).where(setting.c.key == key))
        unit.session.execute(insert(setting).values(key=key, value=value))
