"""Which store of secrets a desktop uses."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from projectdesk.secrets import SecretStore
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.secrets.passphrase import PassphraseSecrets
from projectdesk.secrets.system import KeyringSecrets, usable

PASSPHRASE_VARIABLE = "PROJECTDESK_PASSPHRASE"  # noqa: S105 - the name of a variable


def choose(data: Path, environment: Mapping[str, str] | None = None) -> SecretStore:
    """Return the keyring where it answers, else the passphrase's store, else memory.

    Without a keyring the desktop asks for a passphrase at each start (security.md) and sets the
    variable for this choice; who gives none keeps nothing beyond the process (`is_durable`).

    Args:
        data: the data folder, for the passphrase's salt.
        environment: the process's environment.

    Raises:
        EnvironmentFailure: `wrong_passphrase`.
    """
    if usable():
        return KeyringSecrets()
    passphrase = (os.environ if environment is None else environment).get(PASSPHRASE_VARIABLE)
    return PassphraseSecrets(data, passphrase) if passphrase else MemorySecrets()


def is_durable(store: SecretStore) -> bool:
    """Return whether what is written lives longer than the process."""
    return bool(getattr(store, "durable", True))
