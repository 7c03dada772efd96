"""The system's keyring: Credential Manager, Keychain, Secret Service, KWallet."""

from __future__ import annotations

import sys

import keyring
import keyring.core
import keyring.errors
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from projectdesk.errors import EnvironmentFailure

SERVICE = "ProjectDesk"
PART = 1000
"""Characters in one entry. Windows holds 2560 bytes of UTF-16 (decisions 18); `name/1` and so on
hold the rest of a longer secret, on every system, so that one path is tested everywhere."""
_SPLIT = "projectdesk-parts:"
_BACKENDS = {
    "win32": ("keyring.backends.Windows.WinVaultKeyring",),
    "darwin": ("keyring.backends.macOS.Keyring",),
}
_FREE_DESKTOPS = (
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.libsecret.Keyring",
    "keyring.backends.kwallet.DBusKeyring",
)
"""What keyring itself has for other systems, the one it prefers first."""


class KeyringSecrets:
    """Keeps secrets in the system's keyring.

    Args:
        service: under which name the keyring files them.
    """

    durable = True

    def __init__(self, service: str = SERVICE) -> None:
        self._service = service

    def read(self, name: str) -> str | None:
        """Return the secret, or None if there is none (or a part of it is gone).

        Raises:
            EnvironmentFailure: `keyring_failed`.
        """
        head = self._get(name)
        parts = _parts_of(head)
        if parts is None:
            return head
        found = [self._get(f"{name}/{number}") for number in range(1, parts + 1)]
        return None if None in found else "".join(part or "" for part in found)

    def write(self, name: str, value: str) -> None:
        """Keep a secret, replacing an older one.

        Raises:
            EnvironmentFailure: `keyring_failed`.
        """
        before = _parts_of(self._get(name)) or 0
        parts = [value[start : start + PART] for start in range(0, len(value), PART)]
        if len(parts) <= 1 and not value.startswith(_SPLIT):
            parts = []
        for number, part in enumerate(parts, start=1):
            self._set(f"{name}/{number}", part)
        self._set(name, f"{_SPLIT}{len(parts)}" if parts else value)
        for number in range(len(parts) + 1, before + 1):
            self._remove(f"{name}/{number}")

    def delete(self, name: str) -> None:
        """Forget a secret. Idempotent.

        Raises:
            EnvironmentFailure: `keyring_failed`.
        """
        parts = _parts_of(self._get(name)) or 0
        self._remove(name)
        for number in range(1, parts + 1):
            self._remove(f"{name}/{number}")

    def _get(self, name: str) -> str | None:
        try:
            return keyring.get_password(self._service, name)
        except (keyring.errors.KeyringError, RuntimeError, OSError) as error:
            raise _failed(error) from error

    def _set(self, name: str, value: str) -> None:
        try:
            keyring.set_password(self._service, name, value)
        except (keyring.errors.KeyringError, RuntimeError, OSError) as error:
            raise _failed(error) from error

    def _remove(self, name: str) -> None:
        if self._get(name) is None:
            return
        try:
            keyring.delete_password(self._service, name)
        except (keyring.errors.KeyringError, RuntimeError, OSError) as error:
            raise _failed(error) from error


def _find_backend() -> KeyringBackend:
    """Return the person's choice (variable or file of `keyring`), else the one of this system.

    Left alone, `keyring` loads the back ends of every system to compare them, and that of macOS
    alone starts a compiler and a linker on Linux to look for a framework.
    """
    if chosen := keyring.core.load_env() or keyring.core.load_config():
        return chosen
    for name in _BACKENDS.get(sys.platform, _FREE_DESKTOPS):
        try:
            return keyring.core.load_keyring(name)
        except Exception:  # noqa: S112 - any error of its priority says: not viable here
            continue
    made: KeyringBackend = fail.Keyring()  # type: ignore[no-untyped-call]
    return made


def usable() -> bool:
    """Return whether this system has a keyring that answers."""
    if vars(keyring.core).get("_keyring_backend", fail) is None:  # nobody has chosen one yet
        keyring.set_keyring(_find_backend())
    if isinstance(keyring.get_keyring(), fail.Keyring | null.Keyring):
        return False
    try:
        KeyringSecrets().read("probe")
    except EnvironmentFailure:
        return False
    return True


def _parts_of(head: str | None) -> int | None:
    if head is None or not head.startswith(_SPLIT):
        return None
    number = head.removeprefix(_SPLIT)
    return int(number) if number.isdigit() else None


def _failed(error: Exception) -> EnvironmentFailure:
    return EnvironmentFailure(
        "keyring_failed",
        "The system's keyring refuses ({reason}). Unlock it and try again.",
        reason=type(error).__name__,
    )
