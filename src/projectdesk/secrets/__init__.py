"""The system's keyring, and what stands in where there is none.

A desktop keeps its secrets in the keyring only (security.md); without one it asks for a passphrase
at each start and derives them. Tests and one-off commands keep them in memory.

May import: errors.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

PASSPHRASE_VARIABLE = "PROJECTDESK_PASSPHRASE"  # noqa: S105 - the name of a variable
PASSPHRASE_FILE = "secrets.json"  # noqa: S105 - the name of a file
"""File of the data folder that holds secrets under a passphrase."""


class SecretStore(Protocol):
    """Where secrets are kept, by name. Names: "link-key", "host-api-key:HOST", ..."""

    def read(self, name: str) -> str | None:
        """Return the secret, or None if there is none.

        Raises:
            EnvironmentFailure: the store cannot be reached.
        """

    def write(self, name: str, value: str) -> None:
        """Keep a secret, replacing an older one.

        Raises:
            EnvironmentFailure: the store cannot be reached or refuses.
        """

    def delete(self, name: str) -> None:
        """Forget a secret. Idempotent."""


def choose(
    data: Path,
    environment: Mapping[str, str] | None = None,
    *,
    passphrase: str | None = None,
) -> SecretStore:
    """Return the keyring where it answers, else the passphrase's store, else memory.

    Without a keyring the desktop asks for a passphrase at each start (security.md); who gives none
    keeps nothing beyond the process (`is_durable`). A server uses `environment.EnvironmentSecrets`
    instead.

    Args:
        data: the data folder, for the passphrase's salt.
        environment: the process's environment, whose variable stands in for a typed passphrase.
        passphrase: as the person typed it.

    Raises:
        EnvironmentFailure: `wrong_passphrase`.
    """
    # Loaded here: a keyring and its back ends cost a tenth of a second that a protocol need not.
    from projectdesk.secrets.system import KeyringSecrets, usable

    if usable():
        return KeyringSecrets()
    given = (os.environ if environment is None else environment).get(PASSPHRASE_VARIABLE)
    if passphrase := passphrase or given:
        from projectdesk.secrets.passphrase import PassphraseSecrets

        return PassphraseSecrets(data, passphrase)
    from projectdesk.secrets.memory import MemorySecrets

    return MemorySecrets()


def has_passphrase(data: Path) -> bool:
    """Return whether secrets are kept under a passphrase in a data folder."""
    return (data / PASSPHRASE_FILE).exists()


def is_durable(store: SecretStore) -> bool:
    """Return whether what is written to a store lives longer than the process."""
    return bool(getattr(store, "durable", True))
