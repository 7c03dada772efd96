"""Opening the data of this computer: lock, secrets, database, and what follows from time itself.

Runs on the pool and touches no widget; imported with the window already painted, because it loads
the services.

May import: services, secrets.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from projectdesk import secrets
from projectdesk.errors import EnvironmentFailure, ProjectDeskError
from projectdesk.secrets import SecretStore
from projectdesk.services import commands, queries, team_database
from projectdesk.services.commands.meetings import MovedMeeting
from projectdesk.services.lazily import load_all
from projectdesk.services.workspace import DataLock, Workspace, lock_data

_log = logging.getLogger(__name__)
_COPY_SECONDS = 10.0
"""How long the end of the program may take for the copy of a team's data."""


@dataclass(frozen=True)
class Opened:
    """Open data. moved: planned meetings whose instant new time zone rules moved (decisions 10)."""

    workspace: Workspace
    lock: DataLock
    moved: Sequence[MovedMeeting]

    def close(self) -> None:
        """Close the database, then let others have the folder. Idempotent."""
        self.workspace.close()
        self.lock.release()


def open_data(
    data: Path,
    *,
    passphrase: str | None = None,
    session_only: bool = False,
    sample: bool = False,
    store: SecretStore | None = None,
) -> Opened:
    """Take the lock of a data folder and open its database with this computer's secrets.

    Args:
        data: the data folder.
        passphrase: where there is no keyring, as the person typed it.
        session_only: keep secrets until the program ends, when there is neither.
        sample: put the sample project into the data first.
        store: the secrets of this program's last opening; None = find them.

    Raises:
        EnvironmentFailure: `data_in_use`; `passphrase_needed` (fact `first`: there was none
            before), `wrong_passphrase`, `secrets_unreadable`; or as `Workspace.open`.
    """
    lock = lock_data(data)
    lock.acquire()
    try:
        if store is None:
            store = _secrets(data, passphrase, session_only=session_only)
        workspace = team_database.open_chosen(data, store, copy=True)
        if sample:
            commands.open_sample(workspace)
        return Opened(workspace, lock, _follow_zones(workspace))
    except BaseException:
        lock.release()  # a restore must be able to take it
        raise


def _secrets(data: Path, passphrase: str | None, *, session_only: bool) -> SecretStore:
    store = secrets.choose(data, passphrase=passphrase)
    if secrets.is_durable(store) or session_only:
        return store
    raise EnvironmentFailure(
        "passphrase_needed",
        "This computer has no key store that ProjectDesk can use.",
        first=not secrets.has_passphrase(data),
    )


def renew_copy(workspace: Workspace) -> None:
    """Keep the newest state of a team's data for when its server is out of reach."""
    until = time.monotonic() + _COPY_SECONDS
    try:
        commands.refresh_copy(workspace, cancelled=lambda: time.monotonic() > until)
    except ProjectDeskError as error:
        _log.warning("the copy of the team's data is not renewed: %s", error.code)


def _follow_zones(workspace: Workspace) -> Sequence[MovedMeeting]:
    """Return what moved; a full disk must not keep anybody from reading."""
    if workspace.copied_at is not None:
        return ()
    try:
        return commands.refresh_planned_times(workspace)
    except ProjectDeskError as error:
        _log.warning("planned times were not derived anew: %s", error.code)
        return ()


def load_rest() -> None:
    """Load the queries and commands that opening did not need, and what Settings ask."""
    load_all(queries.NAMES)
    load_all(commands.NAMES)
    import_module("projectdesk.updates.checking")  # signatures, HTTP
