"""The key that personal links are made with: one for this computer's data, one for each team's.

A team's desktops have to make the same link for the same invitation, so they need the same key. It
is no part of the database (docs/adr/0037): the database holds only its fingerprint, by which a
desktop with another key, or with none, is told instead of making links that open nothing.
"""

from __future__ import annotations

import hashlib
import threading
from typing import Final
from uuid import UUID

from sqlalchemy import insert, select

from projectdesk.domain.rules.tokens import new_link_key, read_link_key
from projectdesk.errors import DomainError
from projectdesk.secrets import SecretStore
from projectdesk.services.numbers import reserve
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

LINK_KEY: Final = "link-key"
FINGERPRINT: Final = "link-key-fingerprint"
"""The setting that tells a team's link key from others; it opens nothing."""
# Two threads that both find no key must not make one each: half of the links would be dead.
_first_key = threading.Lock()


def secret_name(database: UUID | None) -> str:
    """Return under which name a link key is among the secrets.

    Args:
        database: id of a team's database; None = the data of this computer.
    """
    return LINK_KEY if database is None else f"{LINK_KEY}:{database.hex}"


def source_name(database: UUID) -> str:
    """Return under which name it is kept which server a team's link key was fetched from."""
    return f"link-key-source:{database.hex}"


def link_key(workspace: Workspace) -> bytes:
    """Return the link key of the open data; the first desktop makes it.

    Raises:
        DomainError: `bad_link_key`; `link_key_missing`, `other_link_key`: a team has one, and this
            computer has none or another.
        EnvironmentFailure: the key store or the database cannot be reached.
    """
    with _first_key:
        name = secret_name(workspace.database_id)
        kept = workspace.secrets.read(name)
        if workspace.database_id is not None:
            return _team_key(workspace, name, kept)
        if kept is None:
            workspace.secrets.write(name, new_link_key())
            kept = workspace.secrets.read(name) or ""
    return read_link_key(kept)


def hand_over(workspace: Workspace) -> str:
    """Return the link key as text, for a colleague's desktop on the same database.

    Raises:
        As `link_key`.
    """
    link_key(workspace)
    return workspace.secrets.read(secret_name(workspace.database_id)) or ""


def take_over(workspace: Workspace, text: str) -> None:
    """Keep the link key that a colleague handed over.

    Raises:
        DomainError: `bad_link_key`; `other_link_key`, it is not this team's; `not_a_team`.
        EnvironmentFailure: the key store refuses.
    """
    if workspace.database_id is None:
        raise DomainError("not_a_team", "The data of this computer has a key of its own.")
    key = read_link_key(text.strip())
    known = _known(workspace)
    if known is not None and known != fingerprint(key):
        raise DomainError(
            "other_link_key", "This is not the key of this team's links. Nothing was changed."
        )
    workspace.secrets.write(secret_name(workspace.database_id), text.strip())
    workspace.secrets.delete(source_name(workspace.database_id))
    _settle(workspace, key)


def pass_on(secrets: SecretStore, before: UUID | None, after: UUID | None) -> None:
    """Let data that was copied make the same links as before; a key that is there stays.

    Args:
        secrets: of this computer.
        before: where the data was: id of a team's database, None = this computer.
        after: where it is now.
    """
    kept = secrets.read(secret_name(before))
    if kept is not None and secrets.read(secret_name(after)) is None:
        secrets.write(secret_name(after), kept)


def fingerprint(key: bytes) -> str:
    """Return what tells a link key from others; nothing can be made with it."""
    return hashlib.sha256(b"projectdesk link key fingerprint|" + key).hexdigest()[:32]


def _team_key(workspace: Workspace, name: str, kept: str | None) -> bytes:
    known = _known(workspace)
    if kept is None and known is not None:
        raise DomainError(
            "link_key_missing",
            "This computer does not have the key of the team's personal links. It comes from the "
            "team's server (add it in Settings, Meeting hosts), or a colleague hands it over "
            "(Settings, Where the data is, Copy key).",
        )
    if kept is None:
        kept = new_link_key()
        workspace.secrets.write(name, kept)
    key = read_link_key(kept)
    if known is None:
        known = _settle(workspace, key)
    if known != fingerprint(key):
        raise DomainError(
            "other_link_key",
            "This computer's key of personal links is not the team's: its links would open "
            "nothing. Ask a colleague for the team's key (Settings, Where the data is).",
        )
    return key


def _known(workspace: Workspace) -> str | None:
    kept = schema.setting.c
    with workspace.read() as session:
        found: str | None = session.scalar(select(kept.value).where(kept.key == FINGERPRINT))
    return found


def _settle(workspace: Workspace, key: bytes) -> str:
    """Say whose key the team's is, unless another desktop said so first; return its fingerprint."""
    kept = schema.setting.c
    with workspace.change("Set the team's link key", undoable=False) as unit:
        reserve(unit.session, FINGERPRINT)
        found: str | None = unit.session.scalar(select(kept.value).where(kept.key == FINGERPRINT))
        if found is None:
            found = fingerprint(key)
            unit.session.execute(insert(schema.setting).values(key=FINGERPRINT, value=found))
    return found
