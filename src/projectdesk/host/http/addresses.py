"""Whose request it is: the client's address, also behind a proxy that is trusted."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from projectdesk.host.settings import Network

_Address = IPv4Address | IPv6Address


def client_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """Return the address that limits count; IPv6 by its /64 (decisions 17).

    Args:
        peer: address of the connection.
        forwarded: the X-Forwarded-For header, "" without one. It is read from its end and only as
            far as trusted proxies wrote it: what a client wrote itself is never believed.
        trusted: networks of proxies.
    """
    address = _parse(peer)
    if address is None:
        return peer
    for hop in reversed(forwarded.split(",")):
        if not any(address in network for network in trusted):
            break
        before = _parse(hop.strip())
        if before is None:
            break
        address = before
    return _counted(address)


def _parse(text: str) -> _Address | None:
    try:
        address = ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _counted(address: _Address) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)
