r"""The mail account of this computer: which servers, who signs in, and what an administrator fixed.

It lies in a file of the data folder, because two who share a database have two mailboxes. Passwords
and tokens are among this computer's secrets and nowhere else: in no file, log or error.

An administrator fixes values for everybody on a computer in `mail.json` of the system's folder for
settings (`/etc/xdg/projectdesk`, `%ProgramData%\ProjectDesk`, `/Library/Application Support/...`),
with the same names as in the file of the data folder.
"""

from __future__ import annotations

import logging
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import platformdirs

from projectdesk.domain.rules.validation import email, line, refuse
from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.folders import make_private, unusable, write_whole
from projectdesk.mail.account import (
    Credentials,
    Inbox,
    MailAccount,
    MailServer,
    Security,
    SignIn,
)
from projectdesk.mail.address import Mailbox, same_address, wire_address
from projectdesk.policy import policy as computer_policy
from projectdesk.secrets import SecretStore
from projectdesk.services.mail_watch import ACCOUNT_FILE

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

__all__ = ["Inbox", "MailAccount", "MailServer", "Security", "SignIn"]  # what pages need too

FILE: Final = ACCOUNT_FILE
POLICY_VARIABLE: Final = "PROJECTDESK_MAIL_POLICY"
"""Names another file for the administrator's values."""
PASSWORD_VARIABLE: Final = "PROJECTDESK_MAIL_PASSWORD"  # noqa: S105 - the name of a variable
"""The password, for commands where there is no key store."""
_log = logging.getLogger(__name__)
_HOST: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})


def account(data: Path) -> MailAccount | None:
    """Return the account of this computer, with what the administrator fixed; None = none.

    Raises:
        EnvironmentFailure: `mail_account_damaged`.
    """
    file = data / FILE
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=MailAccount)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unusable(data, error) from error
    except msgspec.MsgspecError as error:
        raise EnvironmentFailure(
            "mail_account_damaged",
            "The file {file} is damaged. Delete it and set up the mail account again.",
            file=str(file),
        ) from error
    return with_policy(kept)


def save(data: Path, given: MailAccount) -> MailAccount:
    """Keep the account of this computer; return it as it is used.

    Raises:
        DomainError: something is missing or wrong; fact `field`.
        EnvironmentFailure: the folder cannot be written.
    """
    clean = checked(with_policy(given))
    make_private(data)
    try:
        write_whole(data / FILE, msgspec.json.format(msgspec.json.encode(clean), indent=1))
    except OSError as error:
        raise unusable(data, error) from error
    return clean


def forget(data: Path, secrets: SecretStore) -> None:
    """Forget the account, its password and its tokens. What waits to be sent stays. Idempotent."""
    from projectdesk.services import mail_tokens

    known = account(data)
    if known is not None:
        secrets.delete(password_name(known))
        mail_tokens.forget(secrets, known)
    try:
        (data / FILE).unlink(missing_ok=True)
    except OSError as error:
        raise unusable(data, error) from error


def check_domain(address: str) -> None:
    """Refuse an address that this computer may not send mail from.

    Raises:
        DomainError: `mail_domain_forbidden` (field `address`), the organisation names others.
    """
    domains = computer_policy().mail_domains
    if domains and address.rpartition("@")[2].lower() not in domains:
        raise refuse(
            "mail_domain_forbidden",
            "address",
            "Your organisation lets this computer send mail from these domains only: "
            + ", ".join(domains),
        )


def checked(given: MailAccount) -> MailAccount:
    """Return an account as it is kept: trimmed, complete.

    Raises:
        DomainError: something is missing or wrong; fact `field`.
    """
    address = email(given.address, "address")
    if not address:
        raise refuse("required", "address", "This cannot be empty.")
    wire_address(address)
    check_domain(address)
    clean = replace(
        given,
        address=address,
        name=line(given.name, "name"),
        user=line(given.user, "user"),
        smtp=_checked_server(given.smtp, "smtp", required=True),
        inbox=replace(
            given.inbox,
            server=_checked_server(given.inbox.server, "imap", required=False),
            folder=line(given.inbox.folder, "folder") or "INBOX",
        ),
        ca_file=given.ca_file.strip(),
        client_id=line(given.client_id, "client_id"),
        tenant=line(given.tenant, "tenant") or "organizations",
        later_server=_checked_later(given.later_server),
    )
    if clean.ca_file and not Path(clean.ca_file).is_file():
        raise refuse("no_file", "ca_file", "There is no such file.")
    if clean.sign_in is not SignIn.NONE:
        for server, name in ((clean.smtp, "smtp"), (clean.inbox.server, "imap")):
            if server.security is Security.NONE and server.known and server.host not in _LOCAL:
                raise refuse(
                    "mail_password_in_clear",
                    f"{name}_security",
                    "Without encryption everybody on the way reads the password. Choose TLS or "
                    "STARTTLS.",
                )
    if clean.sign_in is SignIn.OAUTH:
        # Loads an HTTP server: who only asks who writes a mail need not.
        from projectdesk.mail.oauth import SERVICES

        if clean.oauth not in SERVICES:
            raise refuse("required", "oauth", "Choose Microsoft or Google.")
        if not clean.client_id:
            raise refuse(
                "mail_client_id",
                "client_id",
                "Signing in with a browser needs a client id: your organisation registers this "
                "program at the service once and tells you its id.",
            )
    return clean


def _checked_later(address: str) -> str:
    if not address.strip():
        return ""
    from projectdesk.services.meeting_hosts import server_address  # it stands on the workspace

    return server_address(address)


def _checked_server(server: MailServer, name: str, *, required: bool) -> MailServer:
    host = server.host.strip()
    if not host:
        if required:
            raise refuse("required", f"{name}_host", "This cannot be empty.")
        return MailServer()
    if not _HOST.fullmatch(host):
        raise refuse(
            "bad_host",
            f"{name}_host",
            "Enter the name of the server only, such as {name}.example.org.",
            name=name,
        )
    if not 1 <= server.port <= 65_535:
        raise refuse("bad_port", f"{name}_port", "A port is a number from 1 to 65535.")
    return replace(server, host=host)


# --- what an administrator fixed ------------------------------------------------------------------


def policy_file() -> Path:
    """Return where an administrator's values are looked for."""
    given = os.environ.get(POLICY_VARIABLE)
    if given:
        return Path(given)
    return platformdirs.site_config_path("ProjectDesk", appauthor=False) / FILE


def policy() -> dict[str, Any]:
    """Return the values that an administrator fixed, by the names of `MailAccount`; {} = none."""
    try:
        kept = msgspec.json.decode(policy_file().read_bytes(), type=dict[str, Any])
    except OSError:
        return {}
    except msgspec.MsgspecError as error:
        _log.warning("the administrator's mail settings cannot be read: %s", error)
        return {}
    known = MailAccount.__dataclass_fields__
    return {name: value for name, value in kept.items() if name in known and name != "address"}


def with_policy(given: MailAccount) -> MailAccount:
    """Return an account with what the administrator fixed in the place of what was chosen.

    Raises:
        EnvironmentFailure: `mail_policy_damaged`.
    """
    fixed = policy()
    if not fixed:
        return given
    try:
        return msgspec.convert(_merged(msgspec.to_builtins(given), fixed), MailAccount)
    except msgspec.ValidationError as error:
        raise EnvironmentFailure(
            "mail_policy_damaged",
            "The administrator's file {file} holds a wrong value: {reason}",
            file=str(policy_file()),
            reason=str(error),
        ) from error


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    made = dict(under)
    for name, value in over.items():
        below = made.get(name)
        both = isinstance(value, dict) and isinstance(below, dict)
        made[name] = _merged(below, value) if both else value  # type: ignore[arg-type]
    return made


# --- secrets --------------------------------------------------------------------------------------


def password_name(known: MailAccount) -> str:
    """Return under which name the password of an account is among the secrets."""
    return f"mail-password:{known.login}@{known.smtp.host}"


def keep_password(secrets: SecretStore, known: MailAccount, password: str) -> None:
    """Keep the password of an account in the key store."""
    secrets.write(password_name(known), password)


def has_password(secrets: SecretStore, known: MailAccount) -> bool:
    """Tell whether the key store has what this account signs in with."""
    from projectdesk.services import mail_tokens

    check_domain(known.address)
    if known.sign_in is SignIn.NONE:
        return True
    if known.sign_in is SignIn.OAUTH:
        return mail_tokens.is_signed_in(secrets, known)
    return bool(secrets.read(password_name(known)) or os.environ.get(PASSWORD_VARIABLE))


def credentials(secrets: SecretStore, known: MailAccount) -> Credentials:
    """Return what one signs in with; an access token is renewed when it has ended.

    Raises:
        DomainError: `mail_domain_forbidden`.
        EnvironmentFailure: `mail_password_needed`, `mail_sign_in_needed`; the key store or the
            service that gives tokens cannot be reached.
    """
    from projectdesk.services import mail_tokens

    if known.sign_in is SignIn.NONE:
        return Credentials()
    if known.sign_in is SignIn.OAUTH:
        return Credentials(known.login, token=mail_tokens.access_token(secrets, known))
    password = secrets.read(password_name(known)) or os.environ.get(PASSWORD_VARIABLE)
    if not password:
        raise EnvironmentFailure(
            "mail_password_needed",
            "The password of {address} is not in the key store of this computer. Enter it in "
            "Settings, Mail.",
            address=known.address,
        )
    return Credentials(known.login, password=password)


# --- who writes -----------------------------------------------------------------------------------


def sender(workspace: Workspace) -> Mailbox:
    """Return who stands in From of what this desktop writes: the account, else the person I am.

    Raises:
        DomainError: `mail_no_sender`; there is neither an account nor an address of mine.
    """
    from projectdesk.services import queries

    me = queries.me(workspace)
    known = account(workspace.data)
    if known is not None:
        return Mailbox(known.address, known.name or (me.name if me else ""))
    if me is None or not me.email:
        raise DomainError(
            "mail_no_sender",
            "Nobody knows who writes this mail. Set up an account in Settings, Mail, or enter your "
            "e-mail address in Settings, You.",
        )
    return Mailbox(me.email, me.name)


def is_mine(known: MailAccount, author: str) -> bool:
    """Tell whether an account sends the mail of an author."""
    return same_address(known.address, author)
