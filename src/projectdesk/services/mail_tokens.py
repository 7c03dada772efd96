"""The tokens of an account that signs in with a browser, in the key store.

They are longer than an entry of the Windows Credential Manager; `secrets.system` splits them.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import msgspec

from projectdesk.errors import EnvironmentFailure
from projectdesk.mail import oauth
from projectdesk.mail.oauth import Client, Service, Tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from projectdesk.mail.account import MailAccount
    from projectdesk.secrets import SecretStore

_EARLY_S: Final = 120.0
"""An access token is renewed so long before its end."""


class Opened(Protocol):
    """A connection that signs in when it is opened."""

    def open(self) -> None:
        """Connect and sign in."""


C = TypeVar("C", bound=Opened)


class _Kept(msgspec.Struct, frozen=True):
    refresh: str
    access: str
    ends_at: float


def service_of(known: MailAccount) -> Service:
    """Return who gives tokens for an account.

    Raises:
        DomainError: `bad_authority`.
    """
    return oauth.SERVICES[known.oauth].at(known.authority, known.tenant)


def client_of(secrets: SecretStore, known: MailAccount) -> Client:
    """Return this program at the service of an account."""
    return Client(known.client_id, secrets.read(secret_name(known)) or "")


def secret_name(known: MailAccount) -> str:
    """Return under which name the client's secret is kept; Google gives one, Microsoft none."""
    return f"mail-client-secret:{known.client_id}"


def keep(
    secrets: SecretStore,
    known: MailAccount,
    tokens: Tokens,
    clock: Callable[[], float] = time.time,
) -> None:
    """Keep what a service gave; without a new refresh token the old one stays."""
    old = _read(secrets, known)
    refresh = tokens.refresh or (old.refresh if old else "")
    made = _Kept(refresh, tokens.access, clock() + tokens.lasts_s)
    _write(secrets, known, made)


def is_signed_in(secrets: SecretStore, known: MailAccount) -> bool:
    """Tell whether an account has a refresh token."""
    kept = _read(secrets, known)
    return kept is not None and bool(kept.refresh)


def access_token(
    secrets: SecretStore, known: MailAccount, clock: Callable[[], float] = time.time
) -> str:
    """Return an access token that is good for the next minutes.

    Raises:
        EnvironmentFailure: `mail_sign_in_needed`; the service does not answer.
    """
    kept = _read(secrets, known)
    if kept is not None and kept.access and kept.ends_at - clock() > _EARLY_S:
        return kept.access
    if kept is None or not kept.refresh:
        raise EnvironmentFailure(
            "mail_sign_in_needed",
            "{address} is not signed in on this computer. Sign in in Settings, Mail.",
            address=known.address,
        )
    tokens = oauth.renew(service_of(known), client_of(secrets, known), kept.refresh)
    keep(secrets, known, tokens, clock)
    return tokens.access


def drop_access(secrets: SecretStore, known: MailAccount) -> None:
    """Forget an access token that a server did not take; the next one is asked for anew."""
    kept = _read(secrets, known)
    if kept is not None:
        _write(secrets, known, msgspec.structs.replace(kept, access="", ends_at=0.0))


def signed_in(secrets: SecretStore, known: MailAccount, connect: Callable[[], C]) -> C:
    """Return an open connection; where a token was not taken, with a new one.

    A token may have ended before its time.

    Args:
        secrets: where the tokens are.
        known: whose connection it is.
        connect: makes one that is not open, with the token that is known then.

    Raises:
        EnvironmentFailure: as `open` of the connection, and `access_token`.
    """
    connection = connect()
    try:
        connection.open()
    except EnvironmentFailure as failure:
        if failure.code != "mail_sign_in_refused" or not known.oauth:
            raise
        drop_access(secrets, known)
        connection = connect()
        connection.open()
    return connection


def forget(secrets: SecretStore, known: MailAccount) -> None:
    """Forget the tokens of an account. Idempotent."""
    secrets.delete(_name(known))


def _name(known: MailAccount) -> str:
    return f"mail-token:{known.oauth}:{known.login}"


def _read(secrets: SecretStore, known: MailAccount) -> _Kept | None:
    kept = secrets.read(_name(known))
    try:
        return None if kept is None else msgspec.json.decode(kept, type=_Kept)
    except msgspec.MsgspecError:
        return None


def _write(secrets: SecretStore, known: MailAccount, kept: _Kept) -> None:
    secrets.write(_name(known), msgspec.json.encode(kept).decode("ascii"))
