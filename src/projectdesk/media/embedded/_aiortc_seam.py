"""ICE, DTLS and SRTP from aiortc, aioice and pylibsrtp: the only file that touches their insides.

What their public interfaces do not offer and a forwarding server needs:

- ICE over sockets that all legs share (aioice binds a random port per connection and address);
- SRTP datagrams read in batches, past the queue, task and STUN parser that each would take;
- libsrtp called on a buffer that is used again (pylibsrtp copies a packet three times).

`check_hooks` compares the releases in use with what this file relies on and says clearly when they
no longer fit; the pins are in pyproject.toml.
"""

from __future__ import annotations

import importlib.metadata
import ipaddress
import logging
import secrets
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from aioice.candidate import Candidate as IceCandidate
from aioice.candidate import candidate_foundation, candidate_priority
from aioice.ice import CandidatePair, Connection, StunProtocol
from aiortc import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCIceCandidate,
    RTCIceGatherer,
    RTCIceParameters,
    RTCIceTransport,
)
from aiortc.rtcdtlstransport import RTCDtlsTransport
from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found]

from projectdesk.errors import EnvironmentFailure
from projectdesk.media.embedded.description import LocalTransport
from projectdesk.media.embedded.limits import MAX_ROUTES, MAX_SDP_CANDIDATES
from projectdesk.media.embedded.sdp import Candidate, PeerTransport
from projectdesk.media.embedded.udp import Address, UdpPort, UdpPorts

log = logging.getLogger(__name__)

protect: Callable[[Any, Any, Any], int] = lib.srtp_protect
unprotect: Callable[[Any, Any, Any], int] = lib.srtp_unprotect
protect_rtcp: Callable[[Any, Any, Any], int] = lib.srtp_protect_rtcp
unprotect_rtcp: Callable[[Any, Any, Any], int] = lib.srtp_unprotect_rtcp
"""libsrtp in place: (session, address, length) to 0 or an error number; `length` is rewritten."""

MAX_TRAILER = 144 + 4
"""Bytes that libsrtp may write behind a packet (tag, key index, SRTCP index)."""

_MAX_WAITING_RECORDS = 64
"""DTLS records queued before ICE has chosen a path; more is a flood."""

_MAX_REMOTE = MAX_SDP_CANDIDATES + MAX_ROUTES
"""Remote candidates of one leg: those of its description and those learned from checks."""

_HOOKS: tuple[tuple[object, str], ...] = (
    (Connection, "get_component_candidates"),
    (Connection, "check_incoming"),
    (Connection, "check_complete"),
    (Connection, "data_received"),
    (Connection, "gather_candidates"),
    (StunProtocol, "connection_made"),
    (StunProtocol, "connection_lost"),
    (StunProtocol, "datagram_received"),
    (RTCDtlsTransport, "_setup_srtp"),
    (RTCDtlsTransport, "_recv_next"),
    (RTCDtlsTransport, "_set_role"),
    (RTCCertificate, "generateCertificate"),
    (lib, "srtp_protect"),
    (lib, "srtp_unprotect"),
    (lib, "srtp_protect_rtcp"),
    (lib, "srtp_unprotect_rtcp"),
)


def check_hooks() -> None:
    """Refuse to start on releases whose insides are not those this file was written for.

    Raises:
        EnvironmentFailure: `media_library_mismatch`, naming what is missing.
    """
    missing = [f"{getattr(owner, '__name__', 'libsrtp')}.{name}" for owner, name in _HOOKS
               if not hasattr(owner, name)]  # fmt: skip
    connection = Connection(ice_controlling=False)
    missing += [
        f"Connection.{name}"
        for name in ("_nominated", "_protocols", "_queue", "local_username")
        if not hasattr(connection, name)
    ]
    if not hasattr(Session(), "_srtp"):
        missing.append("Session._srtp")
    if missing:
        versions = ", ".join(
            f"{name} {importlib.metadata.version(name)}"
            for name in ("aiortc", "aioice", "pylibsrtp")
        )
        raise EnvironmentFailure(
            "media_library_mismatch",
            "The media libraries ({versions}) lack {missing}; install the releases that "
            "ProjectDesk names.",
            versions=versions,
            missing=", ".join(missing),
        )


class SrtpBuffer:
    """Memory that Python, the kernel and libsrtp work on without copies."""

    __slots__ = ("address", "bytes", "length", "view")

    def __init__(self, size: int) -> None:
        """Reserve `size` bytes."""
        self.bytes = bytearray(size)
        self.view = memoryview(self.bytes)
        self.address: Any = ffi.from_buffer(self.bytes)
        self.length: Any = ffi.new("int *")


class SrtpSession:
    """SRTP with a key that both sides know beforehand, without DTLS: for measurements."""

    def __init__(self, key: bytes, *, outbound: bool) -> None:
        """Open a session.

        Args:
            key: master key and salt of AES-256-GCM, 44 bytes.
            outbound: whether packets are encrypted or decrypted with it.
        """
        policy = Policy(
            key=key,
            ssrc_type=Policy.SSRC_ANY_OUTBOUND if outbound else Policy.SSRC_ANY_INBOUND,
            srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_256_GCM,
        )
        policy.allow_repeat_tx = True
        self._session = Session(policy)
        self.raw: Any = self._session._srtp[0]
        """What `protect` and `unprotect` take; valid as long as this object lives."""


class TransportOwner(Protocol):
    """The leg, as its transport sees it."""

    def receive_media(self, size: int) -> None:
        """Take `size` bytes of SRTP or SRTCP from the shared buffer."""

    def path_changed(self, port: UdpPort, peer: Address) -> None:
        """Send to `peer` on `port` from now on."""

    def transport_lost(self) -> None:
        """The peer closed, or stopped answering."""


class _PortTransport:
    """What aioice's STUN protocol takes for its own datagram socket."""

    def __init__(self, port: UdpPort, protocol: StunProtocol) -> None:
        self.port = port
        self._protocol = protocol

    def sendto(self, data: bytes, peer: Address) -> None:
        self.port.send_quietly(data, peer)

    def close(self) -> None:
        self._protocol.connection_lost(None)

    def get_extra_info(self, name: str) -> Address | None:
        return self.port.address if name == "sockname" else None


class _SharedConnection(Connection):
    """ICE whose host candidates are the room's shared ports."""

    def __init__(self, ports: UdpPorts, endpoint: MediaTransport, *, controlling: bool) -> None:
        super().__init__(
            ice_controlling=controlling,
            local_username=secrets.token_hex(4),
            local_password=secrets.token_hex(16),
        )
        self._ports = ports
        self._endpoint = endpoint

    async def get_component_candidates(
        self,
        component: int,
        addresses: list[str],
        timeout: int = 5,  # noqa: ASYNC109 - theirs
    ) -> list[IceCandidate]:
        candidates = []
        for index, port in enumerate(self._ports.ports):
            protocol = StunProtocol(self)
            protocol.connection_made(_PortTransport(port, protocol))  # type: ignore[arg-type]
            host, number = port.address
            protocol.local_candidate = IceCandidate(
                foundation=candidate_foundation("host", "udp", host),
                component=component,
                transport="udp",
                # Earlier ports are those that others reach; loopback comes last.
                priority=candidate_priority(component, "host") - (index << 8),
                host=host,
                port=number,
                type="host",
            )
            self._protocols.append(protocol)
            candidates.append(protocol.local_candidate)
        return candidates

    def find_protocol(self, port: UdpPort) -> StunProtocol | None:
        for protocol in self._protocols:
            if protocol.transport.port is port:  # type: ignore[attr-defined]
                return protocol
        return None

    def check_incoming(self, message: Any, addr: Address, protocol: StunProtocol) -> None:
        known = self.remote_candidates
        if len(known) >= _MAX_REMOTE and not any((c.host, c.port) == addr[:2] for c in known):
            return  # every address that a peer checks from becomes a candidate for ever
        protocol.transport.port.claim(addr, self._endpoint)  # type: ignore[attr-defined]
        super().check_incoming(message, addr, protocol)

    def check_complete(self, pair: CandidatePair) -> None:
        super().check_complete(pair)
        chosen = self._nominated.get(1)
        if chosen is not None:
            port = chosen.protocol.transport.port  # type: ignore[attr-defined]
            self._endpoint.path_changed(port, chosen.remote_addr)

    def expects(self, transaction: bytes) -> bool:
        return any(transaction in protocol.transactions for protocol in self._protocols)

    def queue_record(self, datagram: bytes) -> None:
        if self._queue.qsize() < _MAX_WAITING_RECORDS:
            self.data_received(datagram, 1)


class _SharedGatherer(RTCIceGatherer):
    """aiortc's gatherer around our connection; it asks no server of its own."""

    def __init__(self, connection: _SharedConnection) -> None:
        super().__init__(iceServers=[])
        self._connection = connection


class ForwardingDtlsTransport(RTCDtlsTransport):
    """DTLS that hands its SRTP keys out: media never passes through its own receive loop."""

    def _setup_srtp(self) -> None:
        super()._setup_srtp()
        received: Session | None = self._rx_srtp
        sent: Session | None = self._tx_srtp
        self.srtp_in: Any = received._srtp[0] if received is not None else None
        self.srtp_out: Any = sent._srtp[0] if sent is not None else None


class Certificate:
    """The certificate of one SFU process; its fingerprint goes into every description."""

    def __init__(self) -> None:
        """Make a key and a self-signed certificate."""
        self.inner = RTCCertificate.generateCertificate()
        self.fingerprint = next(
            item.value for item in self.inner.getFingerprints() if item.algorithm == "sha-256"
        )


class MediaTransport:
    """One leg's ICE and DTLS-SRTP transport over the shared ports."""

    def __init__(
        self,
        ports: UdpPorts,
        certificate: Certificate,
        owner: TransportOwner,
        *,
        controlling: bool,
    ) -> None:
        """Prepare a transport.

        Args:
            ports: the room's sockets.
            certificate: ours.
            owner: the leg.
            controlling: whether we decide on the path: the side that offers does.
        """
        self.srtp_in: Any = None
        self.srtp_out: Any = None
        self.cipher = ""  # SRTP's, by OpenSSL's name, once DTLS agreed on it
        self._ports = ports
        self._certificate = certificate
        self._owner = owner
        self._connection = _SharedConnection(ports, self, controlling=controlling)
        gatherer = _SharedGatherer(self._connection)
        self._gatherer = gatherer
        self._ice = RTCIceTransport(gatherer)
        self._dtls = ForwardingDtlsTransport(self._ice, [certificate.inner])
        self._dtls.on("statechange", self._state_changed)
        self._ice.on("statechange", self._state_changed)
        self._closing = self.connected = False
        # Media is the bulk of what arrives: the port calls the leg directly.
        self.receive_media = owner.receive_media

    async def gather(self, public: Sequence[str], *, private: bool = True) -> LocalTransport:
        """Return our parameters, candidates included.

        Args:
            public: addresses to announce in place of the local ones (1:1 NAT); may be empty.
            private: announce local addresses that are not public even where others are.
        """
        self._ports.open_missing()
        await self._gatherer.gather()
        self._ports.endpoints[self._connection.local_username] = self
        return LocalTransport(
            user=self._connection.local_username,
            password=self._connection.local_password,
            fingerprint=self._certificate.fingerprint,
            candidates=announced(self._connection.local_candidates, public, private=private),
        )

    async def connect(self, peer: PeerTransport, *, server: bool) -> bool:
        """Run ICE and DTLS; return whether both succeeded.

        Args:
            peer: the other side's parameters. End of candidates is never told to ICE: a browser
                that hides its addresses gives none, and its checks bring them.
            server: our DTLS role. As the server we choose the cipher, AES-GCM.
        """
        for candidate in peer.candidates:
            await self._ice.addRemoteCandidate(
                RTCIceCandidate(
                    component=1,
                    foundation=candidate.foundation,
                    ip=candidate.host,
                    port=candidate.port,
                    priority=candidate.priority,
                    protocol="udp",
                    type=candidate.kind,
                )
            )
        await self._ice.start(
            RTCIceParameters(usernameFragment=peer.user, password=peer.password, iceLite=peer.lite)
        )
        if self._ice.state != "completed":
            return False
        self._dtls._set_role("server" if server else "client")
        prints = [RTCDtlsFingerprint(algorithm=name, value=value)
                  for name, value in peer.fingerprints]  # fmt: skip
        await self._dtls.start(RTCDtlsParameters(fingerprints=prints))
        if self._dtls.state != "connected":
            return False
        self.srtp_in, self.srtp_out = self._dtls.srtp_in, self._dtls.srtp_out
        ssl: Any = self._dtls._ssl
        self.cipher = ssl.get_selected_srtp_profile().decode()
        self.connected = True
        return True

    async def close(self) -> None:
        """Tell the peer and free everything. Idempotent."""
        if self._closing:
            return
        self._closing = True
        self.connected = False
        self._ports.endpoints.pop(self._connection.local_username, None)
        for port in self._ports.ports:
            port.forget(self)
        await self._dtls.stop()
        await self._ice.stop()

    # --- called by the port and by ICE ----------------------------------------------------------

    def receive_dtls(self, datagram: bytes) -> None:
        """Take a DTLS record."""
        self._connection.queue_record(datagram)

    def receive_stun(self, port: UdpPort, datagram: bytes, peer: Address) -> None:
        """Take a STUN message that arrived on `port`."""
        protocol = self._connection.find_protocol(port)
        if protocol is not None:
            take_stun(protocol, datagram, peer)

    def expects(self, transaction: bytes) -> bool:
        """Whether a STUN request of this transport has that transaction id."""
        return self._connection.expects(transaction)

    def path_changed(self, port: UdpPort, peer: Address) -> None:
        """Tell the leg which path ICE chose."""
        self._owner.path_changed(port, peer)

    def _state_changed(self) -> None:
        lost = self._dtls.state in ("closed", "failed") or self._ice.state in ("closed", "failed")
        if lost and self.connected and not self._closing:
            self.connected = False
            self._owner.transport_lost()


def take_stun(protocol: StunProtocol, datagram: bytes, peer: Address) -> None:
    """Hand a STUN datagram to aioice, and let nothing that a peer wrote stop the reader.

    aioice refuses what is no STUN by ValueError, but an attribute that is too short or missing
    raises struct.error, IndexError or KeyError out of its parser and its checks.
    """
    try:
        protocol.datagram_received(datagram, peer)
    except Exception as error:
        log.debug("a STUN message was not understood: %s", type(error).__name__)


def announced(
    local: Sequence[IceCandidate], public: Sequence[str], *, private: bool
) -> tuple[Candidate, ...]:
    """Return candidates to write into SDP, with public addresses in place of local ones.

    Without `private` local addresses that the world does not reach are left out, unless there are
    no others: a server without a public address is one of a private network.
    """
    if not public:
        if not private:
            world = [one for one in local if ipaddress.ip_address(one.host).is_global]
            local = world or local
        return tuple(
            Candidate(one.foundation, one.priority, one.host, one.port, "host") for one in local
        )
    announced = []
    for index, address in enumerate(public):
        for one in local:
            if (":" in address) == (":" in one.host):
                priority = candidate_priority(1, "host") - (index << 8)
                announced.append(Candidate(str(index), priority, address, one.port, "host"))
                break
    return tuple(announced)
