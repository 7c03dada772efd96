"""The system's keyring, and what stands in where there is none.

A desktop keeps its secrets in the keyring only (security.md); without one it asks for a passphrase
at each start and derives them. Tests and one-off commands keep them in memory.

May import: errors.
"""

from __future__ import annotations

from typing import Protocol


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
