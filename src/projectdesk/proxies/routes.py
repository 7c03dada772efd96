"""A way to a server: directly or by a proxy; how ways and exceptions are spelled."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit

from projectdesk.errors import DomainError

LOCAL_NAMES: Final = "<local>"
"""The exception for names without a dot, as Windows spells it."""
_PORTS: Final = {"http": 8080, "socks5": 1080}
_HOST: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]+")


class Kind(StrEnum):
    """How a connection is asked for. HTTP: by CONNECT (RFC 9110, 9.3.6). SOCKS5: RFC 1928."""

    DIRECT = "direct"
    HTTP = "http"
    SOCKS5 = "socks5"


@dataclass(frozen=True)
class Route:
    """One way. host, port: of the proxy. user, password: only where the system's setting has them.

    The password is never shown: `str` gives the address alone.
    """

    kind: Kind = Kind.DIRECT
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""

    def __str__(self) -> str:
        if self.kind is Kind.DIRECT:
            return "direct"
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.kind}://{name}:{self.port}"

    def __repr__(self) -> str:
        return f"Route({self})"


DIRECT: Final = Route()


def place_of(url: str) -> tuple[str, int]:
    """Return host and port of a server's address; "" = it names no host.

    Raises:
        ValueError: the address makes no sense.
    """
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443)


def proxy_of(text: str) -> Route:
    """Return the proxy that a text names: `http://HOST:PORT`, `socks5://HOST:PORT`, `HOST:PORT`.

    Raises:
        DomainError: `bad_proxy` (field `address`); the text names none, or holds a password.
    """
    given = text.strip()
    spelt = given if "://" in given else f"http://{given}"
    try:
        parts = urlsplit(spelt)
        kind = {"http": Kind.HTTP, "socks5": Kind.SOCKS5, "socks5h": Kind.SOCKS5}[parts.scheme]
        port = parts.port or _PORTS[kind.value]
        host = parts.hostname or ""
    except (ValueError, KeyError):
        raise _bad_proxy(given) from None
    rest = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if rest or not _HOST.fullmatch(host):
        raise _bad_proxy(given)
    return Route(kind, host, port)


def _bad_proxy(text: str) -> DomainError:
    return DomainError(
        "bad_proxy",
        "“{text}” is no proxy: expected http://proxy.example.org:8080 or "
        "socks5://proxy.example.org:1080, without name and password.",
        text=text[:80].rpartition("@")[2],
        field="address",
    )


def system_proxy_of(text: str) -> Route | None:
    """Return the proxy in a setting of the system, which may carry a name and a password.

    None = it is of a kind that is not spoken here (SOCKS4, TLS to the proxy).
    """
    spelt = text.strip() if "://" in text else f"http://{text.strip()}"
    try:
        parts = urlsplit(spelt)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    kinds = {"http": Kind.HTTP, "socks5": Kind.SOCKS5, "socks5h": Kind.SOCKS5, "socks": Kind.SOCKS5}
    kind = kinds.get(parts.scheme)
    if kind is None or not host:
        return None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Route(kind, host, port or _PORTS[kind.value], user, password)


def routes_of_answer(answer: str) -> tuple[Route, ...]:
    """Return the ways in an answer of `FindProxyForURL`, the best first.

    Ways that are not spoken here (`HTTPS`: TLS to the proxy; SOCKS4) are left out.

    Raises:
        ValueError: it names no way that is spoken here.
    """
    found: list[Route] = []
    kinds = {
        "PROXY": Kind.HTTP,
        "HTTP": Kind.HTTP,
        "SOCKS": Kind.SOCKS5,
        "SOCKS5": Kind.SOCKS5,
    }
    for entry in answer.split(";"):
        word, _, place = entry.strip().partition(" ")
        if word.upper() == "DIRECT":
            found.append(DIRECT)
        elif kind := kinds.get(word.upper()):
            try:
                found.append(proxy_of(f"{kind}://{place.strip()}"))
            except DomainError as error:
                raise ValueError(f"“{entry.strip()}” names no proxy") from error
    if not found:
        raise ValueError(f"“{answer.strip()[:80]}” names no way that ProjectDesk can go")
    return tuple(dict.fromkeys(found))


# --- what is not reached by a proxy ---------------------------------------------------------------


def is_near(host: str) -> bool:
    """Tell whether a host is this computer or in its own network, by what it is called.

    Near are: loopback (RFC 1122, 6761), addresses of private and link-local networks (RFC 1918,
    3927, 4193), names of multicast DNS (RFC 6762), and this computer's own name.
    """
    name = host.strip("[]").rstrip(".").lower()
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return (
            name == "localhost"
            or name.endswith((".localhost", ".local"))
            or name == socket.gethostname().lower()
        )
    return address.is_private or address.is_loopback or address.is_link_local


def checked_exception(text: str) -> str:
    """Return an exception as it is kept.

    Raises:
        DomainError: `bad_exception` (field `exceptions`).
    """
    entry = text.strip().lower()
    if entry == LOCAL_NAMES:
        return entry
    name = entry.removeprefix("*.").removeprefix(".")
    with_port = re.fullmatch(r"([^:\[\]]+|\[[0-9a-f:.]+\]):(\d{1,5})", name)
    host = (with_port[1] if with_port else name).strip("[]")
    if _network(host) is None and not _HOST.fullmatch(host):
        raise DomainError(
            "bad_exception",
            "“{text}” is no exception: expected a name such as example.org, which stands for all "
            "below it too, a network such as 10.0.0.0/8, or <local>.",
            text=text[:80],
            field="exceptions",
        )
    return entry


def is_excepted(host: str, port: int, exceptions: Sequence[str]) -> bool:
    """Tell whether exceptions name a host: by name, by a domain above it, by network."""
    name = host.strip("[]").rstrip(".").lower()
    return any(_names(entry, name, port) for entry in exceptions)


def _names(entry: str, name: str, port: int) -> bool:
    if entry == LOCAL_NAMES:
        return "." not in name and ":" not in name
    pattern = entry.removeprefix("*.").removeprefix(".")
    with_port = re.fullmatch(r"([^:\[\]]+|\[[0-9a-f:.]+\]):(\d{1,5})", pattern)
    if with_port:
        if int(with_port[2]) != port:
            return False
        pattern = with_port[1]
    network = _network(pattern.strip("[]"))
    if network is not None:
        try:
            return ipaddress.ip_address(name) in network
        except ValueError:
            return False
    return name == pattern or name.endswith(f".{pattern}")


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
