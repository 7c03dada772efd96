"""Settings that are kept with the data, by key. Secrets are none (`workspace.secrets`)."""

from __future__ import annotations

from projectdesk.services.unit_settings import keep, kept
from projectdesk.services.workspace import Workspace


def setting(workspace: Workspace, key: str, default: str = "") -> str:
    """Return a setting, or the default if it was never set."""
    with workspace.read() as session:
        found = kept(session, key)
    return default if found is None else found


def set_setting(workspace: Workspace, key: str, value: str) -> None:
    """Keep a setting, replacing an older value."""
    with workspace.change("Change a setting", undoable=False) as unit:
        keep(unit.session, key, value)
