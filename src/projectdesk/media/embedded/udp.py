"""One UDP port for all legs of a room.

A socket per local address, all on the same port where the system allows it, so that a firewall
opens one port and not one per leg (docs/adr/0011). Datagrams are told apart by their first byte
(RFC 7983) and by the peer's address; a STUN request from a new address by the user fragment that
it names.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import sys
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import ifaddr

from projectdesk.errors import MediaError
from projectdesk.media.embedded.limits import MAX_DATAGRAM, MAX_ROUTES

log = logging.getLogger(__name__)

Address = tuple[str, int]

Destination = Address | int
"""Second argument of a port's or path's `send`: a peer's address; 0 where the socket is connected
to the peer (its `send` takes flags there)."""

Send = Callable[[Any, Any], int]
"""Takes bytes-like data and a `Destination`; returns the number of bytes."""

_DATAGRAMS_PER_WAKE = 16
"""Read at most this many before timers and the control connection get their turn."""

_SOCKET_BUFFER = 4 << 20
"""Bytes asked for in the kernel: a key frame to eleven people is several hundred datagrams."""

_SHARES_PORTS = sys.platform == "linux"
"""Sockets of one user may share a port, and a connected one gets its peer's datagrams. Other
systems have the option and give datagrams to whichever socket they like."""

_STUN_COOKIE = b"\x21\x12\xa4\x42"
_STUN_USERNAME = 0x0006


class Endpoint(Protocol):
    """A leg's transport as the port sees it."""

    def receive_media(self, size: int) -> None:
        """Take `size` bytes of SRTP or SRTCP from the shared buffer."""

    def receive_dtls(self, datagram: bytes) -> None:
        """Take a DTLS record."""

    def receive_stun(self, port: UdpPort, datagram: bytes, peer: Address) -> None:
        """Take a STUN message that arrived on `port`."""

    def expects(self, transaction: bytes) -> bool:
        """Whether a STUN request of this endpoint has that transaction id."""


class UdpPort:
    """One bound socket, read in batches, and the routes from peers' addresses to endpoints."""

    def __init__(self, socket_: socket.socket, directory: UdpPorts) -> None:
        """Take over a bound, non-blocking socket."""
        self._socket = socket_
        self._directory = directory
        self.family = socket_.family
        name = socket_.getsockname()
        self.address: Address = (name[0], name[1])
        self.routes: dict[tuple[str | int, ...], Endpoint] = {}
        self._claims: dict[Endpoint, dict[tuple[str | int, ...], None]] = {}
        """The routes of each endpoint, the one claimed last at the end."""

        self.send: Send = socket_.sendto
        """`socket.sendto` itself."""

        self._paths: dict[tuple[str | int, ...], socket.socket] = {}
        if _SHARES_PORTS:  # after binding: the number is ours alone, then our own may join
            socket_.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)

    def open(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start reading."""
        loop.add_reader(self._socket, self._drain, self._socket.recvfrom_into)

    def close(self, loop: asyncio.AbstractEventLoop) -> None:
        """Stop reading and free the port."""
        for one in (self._socket, *self._paths.values()):
            loop.remove_reader(one)
            one.close()
        self._paths.clear()

    def path_to(self, peer: Address) -> tuple[Send, Destination]:
        """Return how to send much to one peer: a `send` and its second argument.

        On a socket connected to the peer the kernel need not find the route of every packet, which
        saves it an eighth of the work of sending. Such a socket shares our port, and gets what that
        peer sends. Where a system does not allow it, packets leave by the port itself.
        """
        if not _SHARES_PORTS:
            return self.send, peer
        key = self._key(peer)
        path = self._paths.get(key) or self._connect(peer)
        if path is None:
            return self.send, peer
        self._paths[key] = path
        return path.send, 0

    def _connect(self, peer: Address) -> socket.socket | None:
        path = socket.socket(self.family, socket.SOCK_DGRAM)
        try:
            path.setblocking(False)
            path.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            path.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SOCKET_BUFFER)
            path.bind(self.address)
            path.connect(peer)
        except OSError as error:
            path.close()
            log.debug("no path of its own to a peer: %s", error)
            return None
        asyncio.get_running_loop().add_reader(path, self._drain, path.recvfrom_into)
        return path

    def claim(self, peer: Address, endpoint: Endpoint) -> None:
        """Route what comes from `peer` to `endpoint` (it proved itself by its ICE password).

        Peers prove themselves again every few seconds on the path in use; of more than `MAX_ROUTES`
        the one that was not claimed for longest is forgotten.
        """
        key = self._key(peer)
        owner = self.routes.get(key)
        if owner is not None and owner is not endpoint:
            self._claims[owner].pop(key, None)
        self.routes[key] = endpoint
        claims = self._claims.setdefault(endpoint, {})
        claims.pop(key, None)
        claims[key] = None
        if len(claims) > MAX_ROUTES:
            oldest = next(iter(claims))
            del claims[oldest], self.routes[oldest]
            self._close_path(oldest)

    def forget(self, endpoint: Endpoint) -> None:
        """Remove all routes to `endpoint`."""
        for key in self._claims.pop(endpoint, {}):
            del self.routes[key]
            self._close_path(key)

    def _close_path(self, key: tuple[str | int, ...]) -> None:
        path = self._paths.pop(key, None)
        if path is not None:
            asyncio.get_running_loop().remove_reader(path)
            path.close()

    def send_quietly(self, datagram: bytes, peer: Address) -> None:
        """Send one datagram; a full buffer or an unreachable peer loses it, as the network may."""
        try:
            self.send(datagram, peer)
        except OSError as error:
            log.debug("could not send to a peer: %s", error)

    def _key(self, peer: Address) -> tuple[str | int, ...]:
        return peer if self.family == socket.AF_INET else (*peer, 0, 0)

    def _drain(self, receive: Callable[[bytearray], tuple[int, Any]]) -> None:
        """Read up to a batch of datagrams. Hot: one wake-up then serves many packets."""
        directory, routes = self._directory, self.routes
        buffer = directory.buffer
        for _ in range(_DATAGRAMS_PER_WAKE):
            try:
                size, peer = receive(buffer)
            except BlockingIOError:
                return
            except OSError:
                continue  # Windows reports here that an earlier datagram reached nobody
            endpoint = routes.get(peer)
            if size > MAX_DATAGRAM or size < 1:
                directory.dropped += 1
            elif 127 < buffer[0] < 192:
                if endpoint is None or size < 12:
                    directory.dropped += 1
                else:
                    endpoint.receive_media(size)
            elif 19 < buffer[0] < 64:
                if endpoint is None:
                    directory.dropped += 1
                else:
                    endpoint.receive_dtls(bytes(buffer[:size]))
            elif buffer[0] < 4:
                self._receive_stun(bytes(buffer[:size]), (peer[0], peer[1]))
            else:
                directory.dropped += 1

    def _receive_stun(self, datagram: bytes, peer: Address) -> None:
        endpoint = self._directory.find_stun_owner(datagram)
        if endpoint is None:
            self._directory.dropped += 1
        else:
            endpoint.receive_stun(self, datagram, peer)


class UdpPorts:
    """The ports of a room, one per local address."""

    def __init__(
        self, buffer: bytearray, interfaces: Sequence[str], allowed: tuple[int, int] | None
    ) -> None:
        """Prepare; `open_missing` binds.

        Args:
            buffer: where every datagram is received; at least 64 KiB, so that none is cut.
            interfaces: local IP addresses to bind; empty for all usable ones.
            allowed: inclusive range of port numbers, or None for any.
        """
        self.buffer = buffer
        self.ports: list[UdpPort] = []
        self.endpoints: dict[str, Endpoint] = {}
        """Local ICE user fragment to endpoint."""

        self.dropped = 0
        self._interfaces = list(interfaces)
        self._allowed = allowed
        self._number = 0

    def open_missing(self) -> None:
        """Bind every local address that has no port yet (a network may come up later).

        Raises:
            MediaError: `no_udp_port` if not one address could be bound.
        """
        loop = asyncio.get_running_loop()
        bound = {port.address[0] for port in self.ports}
        for host in self._interfaces or list_addresses():
            if host in bound:
                continue
            socket_ = self._bind(host)
            if socket_ is None:
                continue
            port = UdpPort(socket_, self)
            port.open(loop)
            self.ports.append(port)
            self._number = self._number or port.address[1]
        if not self.ports:
            raise MediaError(
                "no_udp_port",
                "No UDP port could be opened for the call; allow one in the settings.",
            )

    def close(self) -> None:
        """Close all ports."""
        loop = asyncio.get_running_loop()
        for port in self.ports:
            port.close(loop)
        self.ports.clear()

    def find_stun_owner(self, datagram: bytes) -> Endpoint | None:
        """Return whom a STUN message is for: a request names us, a response answers us."""
        if len(datagram) < 20 or datagram[4:8] != _STUN_COOKIE:
            return None
        if datagram[0] & 0x01:
            transaction = datagram[8:20]
            for endpoint in self.endpoints.values():
                if endpoint.expects(transaction):
                    return endpoint
            return None
        return self.endpoints.get(_read_local_user(datagram))

    def _bind(self, host: str) -> socket.socket | None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        for number in self._numbers():
            socket_ = socket.socket(family, socket.SOCK_DGRAM)
            try:
                socket_.setblocking(False)
                socket_.bind((host, number))
            except OSError as error:
                socket_.close()
                log.debug("could not bind %s port %s: %s", host, number, error)
                continue
            for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
                socket_.setsockopt(socket.SOL_SOCKET, option, _SOCKET_BUFFER)
            return socket_
        return None

    def _numbers(self) -> list[int]:
        """Return port numbers to try: the one we have first, then whatever is allowed."""
        first = [self._number] if self._number else []
        if self._allowed is None:
            return [*first, 0]
        return first + list(range(self._allowed[0], self._allowed[1] + 1))


def _read_local_user(datagram: bytes) -> str:
    """Return the first half of USERNAME (RFC 8445 section 7.2.2), or an empty text."""
    at = 20
    while at + 4 <= len(datagram):
        kind = int.from_bytes(datagram[at : at + 2], "big")
        length = int.from_bytes(datagram[at + 2 : at + 4], "big")
        if kind == _STUN_USERNAME:
            user = datagram[at + 4 : at + 4 + length]
            return user.partition(b":")[0].decode("ascii", "replace")
        at += 4 + length + -length % 4
    return ""


def list_addresses() -> list[str]:
    """Return this machine's addresses, those others reach before loopback.

    Link-local IPv6 is left out: its zone means nothing to a peer.
    """
    outside: list[str] = []
    loopback: list[str] = []
    for adapter in ifaddr.get_adapters():
        for entry in adapter.ips:
            text = entry.ip if isinstance(entry.ip, str) else entry.ip[0]
            address = ipaddress.ip_address(text.partition("%")[0])
            if address.is_loopback:
                loopback.append(str(address))
            elif not (address.is_link_local and address.version == 6):
                outside.append(str(address))
    return list(dict.fromkeys(outside + loopback))
