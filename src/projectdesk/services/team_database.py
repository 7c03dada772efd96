"""Which database this computer uses: its own file, or a team's on a PostgreSQL server.

What is chosen lies in a file of the data folder. The password is among this computer's secrets and
nowhere else: in no file, log, error or list of processes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec
from sqlalchemy import URL

from projectdesk.domain.rules.validation import refuse
from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.folders import make_private, unusable, write_whole
from projectdesk.secrets import SecretStore
from projectdesk.store import server
from projectdesk.store.refusals import OFFLINE as OFFLINE
from projectdesk.store.server import ServerState as ServerState

if TYPE_CHECKING:
    from collections.abc import Callable

    from projectdesk.services.workspace import Workspace

FILE: Final = "database.json"
PORT: Final = 5432
TlsMode = Literal["require", "verify-full", "disable"]
TLS_MODES: Final[tuple[TlsMode, ...]] = ("require", "verify-full", "disable")


class TeamDatabase(msgspec.Struct, frozen=True):
    """A team's database.

    host: name or address, or the folder of a Unix socket. tls: "require" encrypts, "verify-full"
    checks the server's certificate too (against `ca_file`, or the system's authorities), "disable"
    is for this computer and tests.
    """

    host: str
    name: str
    user: str
    port: int = PORT
    tls: TlsMode = "require"
    ca_file: str = ""

    @property
    def address(self) -> str:
        """How it is told from others; without a password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.user}@{host}:{self.port}/{self.name}"

    @property
    def secret(self) -> str:
        """Under which name its password is among the secrets."""
        return f"database-password:{self.address}"

    @property
    def socket(self) -> bool:
        """True for a server of this computer that is reached without a network."""
        return self.host.startswith("/")

    def url(self, password: str) -> URL:
        """Return what opens it."""
        query: dict[str, str] = {"host": self.host} if self.socket else {"sslmode": self.tls}
        if not self.socket and self.tls == "verify-full":
            query["sslrootcert"] = self.ca_file or "system"
        return URL.create(
            "postgresql",
            username=self.user,
            password=password or None,
            host=None if self.socket else self.host,
            port=self.port,
            database=self.name,
            query=query,
        )


def checked(team: TeamDatabase) -> TeamDatabase:
    """Return a team's database as it is kept: trimmed, complete.

    Raises:
        DomainError: something is missing or wrong; fact `field`.
    """
    clean = msgspec.structs.replace(
        team,
        host=team.host.strip(),
        name=team.name.strip(),
        user=team.user.strip(),
        ca_file=team.ca_file.strip() if team.tls == "verify-full" else "",
    )
    for field in ("host", "name", "user"):
        value = getattr(clean, field)
        if not value:
            raise refuse("required", field, "This cannot be empty.")
        if any(character.isspace() or not character.isprintable() for character in value):
            raise refuse("bad_line", field, "This cannot hold spaces.")
    if "/" in clean.host and not clean.socket:
        raise refuse("bad_host", "host", "Enter the name of the computer only, such as db.org.eu.")
    if not 1 <= clean.port <= 65_535:
        raise refuse("bad_port", "port", "A port is a number from 1 to 65535; usual is 5432.")
    if clean.tls not in TLS_MODES:
        raise refuse("bad_tls", "tls", "TLS is require, verify-full or disable.")
    if clean.ca_file and not Path(clean.ca_file).is_file():
        raise refuse("no_file", "ca_file", "There is no such file.")
    return clean


def from_url(text: str) -> TeamDatabase:
    """Return the database that `postgresql://USER@HOST[:PORT]/NAME[?sslmode=MODE]` names.

    Raises:
        DomainError: `bad_database_url`; `password_in_url`, since others see what is typed there.
    """
    bad = DomainError(
        "bad_database_url",
        "A team's database has an address like postgresql://ada@db.example.org/projectdesk.",
    )
    parts = urlsplit(text)
    try:
        host, port = parts.hostname or "", parts.port or PORT
    except ValueError:
        raise bad from None
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise bad
    if parts.password is not None:
        raise DomainError(
            "password_in_url",
            "Leave the password out of the address: others on this computer can read it. It is "
            "asked for, or taken from the key store or PROJECTDESK_DATABASE_PASSWORD.",
        )
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    tls = query.get("sslmode", "require")
    if tls not in TLS_MODES:
        raise refuse("bad_tls", "tls", "TLS is require, verify-full or disable.")
    return checked(
        TeamDatabase(
            host=query.get("host", unquote(host)),
            name=unquote(parts.path.strip("/")),
            user=unquote(parts.username or ""),
            port=port,
            tls=tls,
            ca_file=query.get("sslrootcert", ""),
        )
    )


def chosen(data: Path) -> TeamDatabase | None:
    """Return the team's database that this computer uses; None = the data of this computer.

    Raises:
        EnvironmentFailure: `database_choice_damaged`.
    """
    try:
        kept = (data / FILE).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unusable(data, error) from error
    try:
        return msgspec.json.decode(kept, type=TeamDatabase)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise EnvironmentFailure(
            "database_choice_damaged",
            "The file {file} is damaged. Delete it to use the data of this computer, then choose "
            "the team's database again in Settings.",
            file=str(data / FILE),
        ) from error


def use_team(data: Path, team: TeamDatabase, secrets: SecretStore, password: str | None) -> None:
    """Use a team's database from the next opening on.

    Args:
        data: the data folder.
        team: the database.
        secrets: where its password is kept.
        password: None = the one that is kept already.

    Raises:
        DomainError: something is missing or wrong; fact `field`.
        EnvironmentFailure: the key store refuses, or the folder cannot be written.
    """
    clean = checked(team)
    if password is not None:
        secrets.write(clean.secret, password)
    make_private(data)
    try:
        write_whole(data / FILE, msgspec.json.encode(clean))
    except OSError as error:
        raise unusable(data, error) from error


def use_local(data: Path) -> None:
    """Use the data of this computer from the next opening on. Passwords stay kept. Idempotent."""
    try:
        (data / FILE).unlink(missing_ok=True)
    except OSError as error:
        raise unusable(data, error) from error


def password_of(team: TeamDatabase, secrets: SecretStore) -> str:
    """Return the password of a team's database.

    Raises:
        EnvironmentFailure: `database_password_needed`; the key store cannot be reached.
    """
    kept = secrets.read(team.secret)
    if kept is None:
        if team.socket:
            return ""
        raise EnvironmentFailure(
            "database_password_needed",
            "The password of {address} is not in the key store of this computer. Enter it again.",
            address=team.address,
        )
    return kept


def examine(team: TeamDatabase, password: str) -> ServerState:
    """Try a team's database without changing anything.

    Raises:
        DomainError: something is missing or wrong; fact `field`.
        EnvironmentFailure: what is wrong with the server, and who can mend it.
    """
    return server.examine(checked(team).url(password))


def in_words(state: ServerState, say: Callable[..., str] = str.format) -> str:
    """Return what was found, in a sentence.

    Args:
        state: of the server.
        say: fills (and translates) a text.
    """
    if state.revision is None:
        holds = say("The database is empty: its tables are made when it is first used.")
    elif not state.current:
        holds = say("Its tables are of an older version and are brought up to date at first use.")
    else:
        holds = say("Projects in it: {count}.", count=state.projects)
    safe = say("encrypted") if state.encrypted else say("not encrypted")
    return (
        say("PostgreSQL {version} answers, {safe}.", version=state.version, safe=safe) + " " + holds
    )


def open_chosen(
    data: Path, secrets: SecretStore, *, copy: bool = False, password: str | None = None
) -> Workspace:
    """Open the database that this computer uses.

    Args:
        data: the data folder.
        secrets: where the password and other secrets are.
        copy: when the team's server cannot be reached, open its newest copy for reading.
        password: of the team's database; None = the one that is kept.

    Raises:
        EnvironmentFailure: as `Workspace.open`; `database_password_needed`; codes in `OFFLINE` when
            the server cannot be reached and there is no copy.
    """
    from projectdesk.services.workspace import Workspace

    team = chosen(data)
    if team is None:
        return Workspace.open(data, secrets=secrets)
    if password is None:
        password = password_of(team, secrets)
    try:
        return Workspace.open(data, url=team.url(password), secrets=secrets)
    except EnvironmentFailure as failure:
        found = None
        if copy and failure.code in OFFLINE:
            found = Workspace.open_copy(data, secrets=secrets)
        if found is None:
            raise
        return found
