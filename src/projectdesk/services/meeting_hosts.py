"""Where a meeting can be held: this computer, the local network, or a server of somebody's.

`Meeting.host` says it of each meeting: "" is this computer, `LAN` its network, else the address of
a server. Which servers there are is a setting, kept and backed up with the data; the API key of
each is among this computer's secrets, never in the data (security.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import msgspec

from projectdesk.domain.rules.validation import line, refuse
from projectdesk.errors import DomainError
from projectdesk.policy import Policy, policy
from projectdesk.services.kept_settings import set_setting, setting
from projectdesk.services.workspace import Workspace

THIS_COMPUTER: Final = ""
THIS_KEY: Final = "local"
"""What stands for this computer in the name of its key, where a server has its address."""
LAN: Final = "lan"
"""The network of the computer that starts the meeting."""
_SERVERS: Final = "meeting-hosts"
_DEFAULT: Final = "meeting-host-default"


@dataclass(frozen=True)
class Server:
    """A server that meetings can be held on. has_key: this computer knows a key for it.

    settled: by the organisation, for everybody on this computer.
    """

    url: str
    name: str
    has_key: bool
    settled: bool = False


@dataclass(frozen=True)
class MeetingHosts:
    """The servers by name, and where new meetings are held.

    here: meetings may be held on this computer and its network, too.
    """

    servers: tuple[Server, ...]
    default: str
    here: bool = True


class _Kept(msgspec.Struct, frozen=True):
    """A server as the setting holds it."""

    url: str
    name: str


def key_name(url: str) -> str:
    """Return under which name the API key of a host is among the secrets.

    Args:
        url: a server's address, `THIS_KEY` or `LAN`.
    """
    return f"host-api-key:{url}"


def server_address(text: str) -> str:
    """Return the address of a server as meetings keep it: scheme, host, port if it is unusual.

    Raises:
        DomainError: `bad_server_address` (field `url`); it is none, or guests would come without
            TLS.
    """
    given = text.strip()
    parts = urlsplit(given if "://" in given else f"https://{given}")
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    plain = parts.scheme == "http" and _is_loopback(host)
    if (
        not host
        or any(character.isspace() for character in given)
        or not (parts.scheme == "https" or plain)
        or parts.path not in {"", "/"}
        or parts.query
        or parts.fragment
        or parts.username is not None
    ):
        raise refuse(
            "bad_server_address", "url", "A server has an address like https://meet.example.org."
        )
    shown = f"[{host}]" if ":" in host else host
    usual = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{shown}" + (f":{port}" if port not in {None, usual} else "")


def meeting_hosts(workspace: Workspace) -> MeetingHosts:
    """Return the servers that are known, and where new meetings are held.

    Raises:
        EnvironmentFailure: the key store cannot be reached.
    """
    servers = tuple(
        Server(
            one.url,
            one.name,
            workspace.secrets.read(key_name(one.url)) is not None,
            one.url == policy().server_address,
        )
        for one in _kept(workspace)
    )
    return MeetingHosts(servers, default_host(workspace), policy().hosting)


def default_host(workspace: Workspace) -> str:
    """Return where new meetings are held.

    Where nobody chose, or the chosen server is no longer known, or this computer may not hold any:
    the organisation's server, else this computer.
    """
    settled = policy()
    chosen = setting(workspace, _DEFAULT, settled.server_address)
    servers = {one.url for one in _kept(workspace)}
    known = servers | {THIS_COMPUTER, LAN} if settled.hosting else servers
    return chosen if chosen in known else settled.server_address


def keep_server(workspace: Workspace, url: str, name: str, key: str = "") -> str:
    """Add a server, or change the name or key of one; return its address.

    Args:
        workspace: the open data.
        url: as somebody typed it.
        name: what it is called; "" = by its host name.
        key: its API key; "" = as before.

    Raises:
        DomainError: `bad_server_address`, or the name is no line; nothing was kept then.
        EnvironmentFailure: the key store refuses.
    """
    address = server_address(url)
    called = line(name, "name") or (urlsplit(address).hostname or address)
    if key.strip():
        workspace.secrets.write(key_name(address), key.strip())
    others = [one for one in _kept(workspace) if one.url != address]
    _keep(workspace, [*others, _Kept(address, called)])
    return address


def forget_server(workspace: Workspace, url: str) -> None:
    """Forget a server and its key; meetings that are there stay there. Idempotent.

    Raises:
        DomainError: `server_settled`, it is the organisation's.
    """
    if url and url == policy().server_address:
        raise DomainError(
            "server_settled", "This server is set by your organisation. It cannot be forgotten."
        )
    _keep(workspace, [one for one in _kept(workspace) if one.url != url])
    workspace.secrets.delete(key_name(url))


def set_default_host(workspace: Workspace, host: str) -> None:
    """Say where new meetings are held."""
    _set(workspace, _DEFAULT, host)


def _set(workspace: Workspace, key: str, value: str) -> None:
    set_setting(workspace, key, value)


def _kept(workspace: Workspace) -> list[_Kept]:
    """Return the servers, the organisation's first."""
    try:
        kept = msgspec.json.decode(setting(workspace, _SERVERS, "[]"), type=list[_Kept])
    except msgspec.MsgspecError:
        kept = []
    settled = policy()
    if not settled.server_address:
        return kept
    own = _Kept(settled.server_address, _settled_name(settled))
    return [own, *(one for one in kept if one.url != own.url)]


def _settled_name(settled: Policy) -> str:
    return settled.server_name or urlsplit(settled.server_address).hostname or ""


def _keep(workspace: Workspace, servers: list[_Kept]) -> None:
    ordered = sorted(servers, key=lambda one: (one.name.casefold(), one.url))
    _set(workspace, _SERVERS, msgspec.json.encode(ordered).decode())


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
