"""What does not change while a host runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from urllib.parse import urlsplit

from projectdesk.errors import EnvironmentFailure
from projectdesk.host.nodes import NodeSettings
from projectdesk.host.periods import PeriodSettings
from projectdesk.host.posting import PostSettings
from projectdesk.host.turn.passes import Relays

Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class HostSettings:
    """How a host is reached.

    public_url: where links point to, no trailing slash. local: started by a desktop on its own
    computer. trusted_proxies: whose X-Forwarded-For is believed. own_origins: further addresses
    by which this host's pages may be open. tls: the host itself speaks TLS.
    node: this host is one of several that share a database.
    relays: what guests are given whose network lets no UDP through.
    recordings: folder of recordings, None = none are kept.
    files: folder of the files of chats, None = none are taken; max_file_megabytes: largest of them,
    whatever a meeting's rules say (1 MB = 1,000,000 bytes).
    periods: how long what is collected, and what waits to be fetched, is kept.
    post: how mail is sent that desktops hand over; None = none is taken.
    """

    public_url: str
    local: bool = False
    trusted_proxies: tuple[Network, ...] = ()
    own_origins: frozenset[str] = frozenset()
    node: NodeSettings | None = None
    tls: bool = False
    relays: Relays | None = field(default=None, repr=False)
    files: Path | None = None
    recordings: Path | None = None
    max_file_megabytes: int = 100
    periods: PeriodSettings = field(default_factory=PeriodSettings)
    post: PostSettings | None = None

    @property
    def secure(self) -> bool:
        """Tell whether guests come by HTTPS, so that cookies must."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def origins(self) -> frozenset[str]:
        """Return the origins whose pages may open a socket."""
        return self.own_origins | {origin(self.public_url)}


def origin(url: str) -> str:
    """Return the origin of a URL as browsers write it: no path, no default port, lower case."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    shown = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = f":{parts.port}" if parts.port not in {None, default} else ""
    return f"{parts.scheme}://{shown}{port}"


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this computer's own."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def checked_public_url(url: str) -> str:
    """Return a public URL without trailing slash.

    Raises:
        EnvironmentFailure: `public_url_invalid`; `public_url_insecure`, plain HTTP is for loopback
            only (security.md: browsers give no camera without TLS).
    """
    parts = urlsplit(url)
    try:
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise EnvironmentFailure(
            "public_url_invalid", "{url} is not an address like https://meet.example.org.", url=url
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise EnvironmentFailure(
            "public_url_insecure",
            "{url} must begin with https: browsers give no camera to a page without it.",
            url=url,
        )
    return origin(url)
