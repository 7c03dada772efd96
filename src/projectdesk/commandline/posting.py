"""What `serve --smtp...` asks for: how a server sends the mail that desktops hand over."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from projectdesk.errors import DomainError
from projectdesk.host.journal.mails import Limits
from projectdesk.host.posting import PostSettings
from projectdesk.mail.account import Credentials, MailServer, Security
from projectdesk.secrets import SecretStore

PASSWORD: Final = "smtp-password"  # noqa: S105 - the name of a secret
_PORTS: Final = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}
_NEAR: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def posting(options: argparse.Namespace, secrets: SecretStore) -> PostSettings | None:
    """Return how the server sends mail; None without `--smtp`.

    Raises:
        DomainError: `bad_smtp`; `smtp_password_missing`; `smtp_password_in_clear`.
        EnvironmentFailure: as the secret store.
    """
    if not options.smtp:
        return None
    security = Security(options.smtp_security)
    host, port = _host_and_port(options.smtp, _PORTS[security])
    if min(options.mail_most, options.mail_most_mb) < 1:
        raise DomainError("bad_limit", "--mail-most and --mail-most-mb are whole numbers from 1.")
    credentials = Credentials()
    if options.smtp_user:
        if security is Security.NONE and host not in _NEAR:
            raise DomainError(
                "smtp_password_in_clear",
                "Without encryption everybody on the way reads the password: choose "
                "--smtp-security tls or starttls.",
            )
        password = secrets.read(PASSWORD)
        if not password:
            raise DomainError(
                "smtp_password_missing",
                "The secret {name} is missing: the password of {user}. See docs/hosting.md.",
                name=PASSWORD,
                user=options.smtp_user,
            )
        credentials = Credentials(options.smtp_user, password=password)
    authority: Path | None = options.smtp_authority
    if authority is not None and not authority.is_file():
        raise DomainError("no_file", "There is no file {file}.", file=str(authority))
    return PostSettings(
        MailServer(host, port, security),
        credentials,
        str(authority) if authority is not None else "",
        Limits(options.mail_most, options.mail_most_mb * 1_000_000),
    )


def _host_and_port(text: str, usual: int) -> tuple[str, int]:
    """Return host and port of `mail.example.org`, `mail.example.org:587`, `[::1]:25`."""
    given = text.strip()
    host, colon, port = given.rpartition(":")
    if given.endswith("]") or not colon:
        host, port = given, str(usual)
    host = host.removeprefix("[").removesuffix("]")
    number = int(port) if port.isascii() and port.isdigit() and len(port) <= 5 else 0
    if not host or any(c.isspace() or c in "/@" for c in host) or not 1 <= number <= 65_535:
        raise DomainError(
            "bad_smtp", "“{text}” is no mail server such as mail.example.org:587.", text=text[:80]
        )
    return host, number
