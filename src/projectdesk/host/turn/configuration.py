"""What coturn is told: where to listen, whom to relay for, and whom never to relay to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path

from projectdesk.host.settings import Network

PORT = 3478
TLS_PORT = 5349
"""RFC 8656 section 3.1."""
RELAY_PORTS = (49_152, 65_535)

USER_QUOTA = 48
"""Relays of one person at a time: two connections, three ways to the server, some local networks,
and all of it twice while connections are rebuilt."""
TOTAL_QUOTA = 1200
_NONCE_S = 600

DENIED: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("::1/128", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23"),
        *("2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "ff00::/8"),
    )
)
"""IANA's special-purpose addresses: who may use a relay must not look into networks behind it.

Without :: and ::ffff:0:0/96, which coturn reads as any address (it takes mapped addresses for the
IPv4 ones that they are)."""


@dataclass(frozen=True, kw_only=True)
class CoturnSettings:
    """How our coturn is reached.

    Args:
        host: name by which pages reach it, and its realm.
        listen: local addresses; empty = all.
        port: for UDP and TCP. tls_port: for TLS, 0 = none. relay_ports: inclusive.
        tls_seen_at: port of TLS as pages reach it, where a proxy passes it on; None = tls_port.
        external: public addresses, each for the local one of its family (1:1 NAT).
        peers: addresses of the media server; they may be reached even where they are private.
        certificate, certificate_key: PEM files, for TLS.
    """

    host: str
    listen: tuple[str, ...] = ()
    port: int = PORT
    tls_port: int = TLS_PORT
    tls_seen_at: int | None = None
    relay_ports: tuple[int, int] = RELAY_PORTS
    external: tuple[str, ...] = ()
    peers: tuple[str, ...] = ()
    certificate: Path | None = None
    certificate_key: Path | None = None

    @property
    def speaks_tls(self) -> bool:
        """Tell whether TLS is offered: a port and a certificate are there."""
        return self.certificate is not None and self.tls_port > 0

    def urls(self) -> tuple[str, ...]:
        """Return what pages are told, from the quickest way to the one that passes most."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        plain = f"turn:{name}:{self.port}?transport="
        port = self.tls_seen_at or self.tls_port
        tls = (f"turns:{name}:{port}?transport=tcp",) if self.speaks_tls else ()
        return (f"{plain}udp", f"{plain}tcp", *tls)


def configuration(settings: CoturnSettings, secret: str, folder: Path) -> str:
    """Return coturn's configuration file."""
    lines = [
        "# Written by ProjectDesk at each start.",
        f"listening-port={settings.port}",
        *_tls(settings),
        *(f"listening-ip={address}" for address in settings.listen),
        *(f"relay-ip={address}" for address in _outside(settings.listen)),
        *(f"external-ip={mapping}" for mapping in _mappings(settings)),
        f"min-port={settings.relay_ports[0]}",
        f"max-port={settings.relay_ports[1]}",
        f"realm={settings.host}",
        "fingerprint",
        "use-auth-secret",
        f"static-auth-secret={secret}",
        f"stale-nonce={_NONCE_S}",
        f"user-quota={USER_QUOTA}",
        f"total-quota={TOTAL_QUOTA}",
        "no-multicast-peers",
        *(f"denied-peer-ip={network[0]}-{network[-1]}" for network in DENIED),
        *(f"allowed-peer-ip={address}" for address in _reachable(settings.peers)),
        "no-cli",
        "no-software-attribute",
        "no-rfc5780",
        f"userdb={folder / 'users.sqlite'}",
        f"pidfile={folder / 'coturn.pid'}",
        "log-file=stdout",
        "simple-log",
    ]
    return "\n".join(lines) + "\n"


def _outside(addresses: Iterable[str]) -> list[str]:
    """Return the addresses to relay from: a proxy is listened to on loopback, nothing goes out."""
    return [address for address in addresses if not ip_address(address).is_loopback]


def _tls(settings: CoturnSettings) -> list[str]:
    if not settings.speaks_tls:
        return ["no-tls", "no-dtls"]
    return [
        f"tls-listening-port={settings.tls_port}",
        f"cert={settings.certificate}",
        f"pkey={settings.certificate_key or settings.certificate}",
        "no-tlsv1",
        "no-tlsv1_1",
        "no-dtls",
    ]


def _mappings(settings: CoturnSettings) -> list[str]:
    """Return coturn's pairs PUBLIC/PRIVATE; PUBLIC alone where the local address is not named."""
    mappings = []
    for public in settings.external:
        version = ip_address(public).version
        local = [one for one in _outside(settings.listen) if ip_address(one).version == version]
        if public not in local:
            mappings.append(f"{public}/{local[0]}" if local else public)
    return mappings


def _reachable(peers: Iterable[str]) -> list[str]:
    """Return addresses of the media server that the list of denied networks would shut out.

    Loopback stays out: what listens there trusts who can reach it.
    """
    found = [ip_address(peer) for peer in peers]
    return [
        str(one)
        for one in found
        if not one.is_loopback and any(one in network for network in DENIED)
    ]
