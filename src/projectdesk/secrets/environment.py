"""Secrets of a server (decisions 19): systemd credentials, a 0600 file, or the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from projectdesk.errors import EnvironmentFailure
from projectdesk.secrets.files import is_private, write_private

FOLDER = "secrets"
PREFIX = "PROJECTDESK_SECRET_"


class EnvironmentSecrets:
    """Reads secrets where an administrator put them; writes them as files of the data folder.

    `link-key` is looked for as `$CREDENTIALS_DIRECTORY/link-key`, then `DATA/secrets/link-key`,
    then `$PROJECTDESK_SECRET_LINK_KEY`. Other characters than letters, digits, `-`, `_`, `.` in a
    name become `_` in file names.

    Args:
        data: the data folder.
        environment: the process's environment.
    """

    durable = True

    def __init__(self, data: Path, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment
        self._folder = data / FOLDER

    def read(self, name: str) -> str | None:
        """Return the secret, or None if there is none.

        Raises:
            EnvironmentFailure: `secret_exposed`; others may read its file. `secrets_unreadable`.
        """
        credentials = self._environment.get("CREDENTIALS_DIRECTORY")
        if credentials and (given := _content(Path(credentials) / _file_name(name))) is not None:
            return given
        own = self._folder / _file_name(name)
        if own.is_file() and not is_private(own):
            raise EnvironmentFailure(
                "secret_exposed",
                "Others may read the secret in {file}. Set its mode to 0600.",
                file=str(own),
            )
        if (kept := _content(own)) is not None:
            return kept
        return self._environment.get(PREFIX + _variable_name(name))

    def write(self, name: str, value: str) -> None:
        """Keep a secret as a 0600 file of the data folder.

        Raises:
            EnvironmentFailure: `secrets_unwritable`.
        """
        write_private(self._folder / _file_name(name), value)

    def delete(self, name: str) -> None:
        """Forget what `write` kept; what the administrator gave stays. Idempotent."""
        (self._folder / _file_name(name)).unlink(missing_ok=True)


def _file_name(name: str) -> str:
    safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in name)
    return f"_{safe}" if safe.startswith(".") else safe


def _variable_name(name: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in name).upper()


def _content(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise EnvironmentFailure(
            "secrets_unreadable", "The file {file} cannot be read.", file=str(path)
        ) from error
