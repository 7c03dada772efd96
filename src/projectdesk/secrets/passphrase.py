"""Secrets behind a passphrase, where there is no keyring.

The passphrase is asked for at each start and never stored. scrypt makes a key of it; the link key
is derived from that, and what cannot be derived (a mail password) is kept encrypted in a file of
the data folder that is worth nothing without the passphrase.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import threading
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from projectdesk.errors import EnvironmentFailure
from projectdesk.secrets import PASSPHRASE_FILE
from projectdesk.secrets.files import write_private

DERIVED = frozenset({"link-key"})
"""Names that need no storing: keys, for which any fixed secret value is as good."""
_SCRYPT_COST = 2**15
_SCRYPT_MEMORY = 64 * 1024 * 1024
_MARK = "passphrase"


class PassphraseSecrets:
    """Keeps secrets encrypted under a passphrase.

    Args:
        data: the data folder.
        passphrase: as the user typed it.

    Raises:
        EnvironmentFailure: `wrong_passphrase`, or `secrets_unreadable`.
    """

    durable = True

    def __init__(self, data: Path, passphrase: str) -> None:
        self._path = data / PASSPHRASE_FILE
        self._lock = threading.Lock()
        stored = self._load()
        self._salt = stored[0] if stored else secrets.token_bytes(16)
        key = hashlib.scrypt(
            passphrase.encode(), salt=self._salt, n=_SCRYPT_COST, r=8, p=1, maxmem=_SCRYPT_MEMORY
        )
        self._derivation = key[:32]
        self._cipher = Fernet(base64.urlsafe_b64encode(key[32:]))
        if stored:
            self._values = self._open(stored[1])
        else:
            # The mark tells a wrong passphrase before anything is derived from it.
            self._values = {_MARK: ""}
            self._store()

    def read(self, name: str) -> str | None:
        """Return the secret: stored, or derived for a key, or None."""
        with self._lock:
            if name in self._values:
                return self._values[name]
        if name not in DERIVED:
            return None
        derived = hmac.digest(self._derivation, name.encode(), "sha256")
        return base64.b64encode(derived).decode()

    def write(self, name: str, value: str) -> None:
        """Keep a secret, replacing an older one.

        Raises:
            EnvironmentFailure: `secrets_unwritable`.
        """
        with self._lock:
            self._values[name] = value
            self._store()

    def delete(self, name: str) -> None:
        """Forget a secret. Idempotent."""
        with self._lock:
            if self._values.pop(name, None) is not None:
                self._store()

    def _load(self) -> tuple[bytes, bytes] | None:
        if not self._path.is_file():
            return None
        try:
            stored = json.loads(self._path.read_text(encoding="utf-8"))
            return base64.b64decode(stored["salt"]), stored["values"].encode()
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise EnvironmentFailure(
                "secrets_unreadable",
                "The file {file} cannot be read. Remove it to begin with new secrets.",
                file=str(self._path),
            ) from error

    def _open(self, token: bytes) -> dict[str, str]:
        try:
            values: dict[str, str] = json.loads(self._cipher.decrypt(token))
        except InvalidToken:
            raise EnvironmentFailure(
                "wrong_passphrase", "This is not the passphrase that the secrets were kept under."
            ) from None
        return values

    def _store(self) -> None:
        content = {
            "salt": base64.b64encode(self._salt).decode(),
            "values": self._cipher.encrypt(json.dumps(self._values).encode()).decode(),
        }
        write_private(self._path, json.dumps(content) + os.linesep)
