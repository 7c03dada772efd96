"""The certificate of a host that speaks TLS itself; read again while calls go on."""

from __future__ import annotations

import logging
import ssl
from pathlib import Path

from projectdesk.errors import EnvironmentFailure

_log = logging.getLogger(__name__)


class Certificate:
    """A certificate chain and its key, as PEM files."""

    def __init__(self, chain: Path, key: Path | None) -> None:
        """Read them.

        Args:
            chain: the certificate and those above it.
            key: of the certificate; None = in `chain` too.

        Raises:
            EnvironmentFailure: `certificate_unusable`.
        """
        self._chain, self._key = chain, key
        self.context = _context()
        self._load(self.context)

    def read_again(self) -> bool:
        """Read the files again; return whether they were usable.

        New connections get what is in them now; open ones go on. Files that are no certificate
        and its key (half written, or of another pair) change nothing and are said in the log.
        """
        try:
            self._load(_context())
        except EnvironmentFailure as error:
            _log.error("the certificate was not read again, the one before stays: %s", error.text)
            return False
        self._load(self.context)
        _log.info("the certificate was read again")
        return True

    def _load(self, context: ssl.SSLContext) -> None:
        try:
            context.load_cert_chain(self._chain, self._key)
        except (OSError, ssl.SSLError) as error:
            raise EnvironmentFailure(
                "certificate_unusable",
                "The certificate {file} or its key cannot be used.",
                file=str(self._chain),
            ) from error


def _context() -> ssl.SSLContext:
    return ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
