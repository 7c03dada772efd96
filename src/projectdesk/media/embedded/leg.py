"""One peer connection of one participant: its transport, its state, its RTCP."""

from __future__ import annotations

import asyncio
import logging
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from projectdesk.media.embedded import rtcp
from projectdesk.media.embedded._aiortc_seam import (
    MAX_TRAILER,
    Certificate,
    MediaTransport,
    SrtpBuffer,
    protect_rtcp,
    unprotect_rtcp,
)
from projectdesk.media.embedded.allowance import Allowance
from projectdesk.media.embedded.description import LocalTransport
from projectdesk.media.embedded.limits import (
    CONNECT_TIMEOUT_S,
    MAX_CONTROL_BURST,
    MAX_CONTROL_S,
    MAX_DATAGRAM,
)
from projectdesk.media.embedded.sdp import PeerTransport
from projectdesk.media.embedded.tasks import Tasks
from projectdesk.media.embedded.udp import Address, Destination, Send, UdpPort, UdpPorts
from projectdesk.signalling.media import LegKind, LegState, LegStatistics

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all legs of a room share."""

    ports: UdpPorts
    certificate: Certificate
    inbox: SrtpBuffer
    outbox: SrtpBuffer
    public_addresses: Sequence[str]
    clock: Callable[[], float]
    """Monotonic seconds."""

    tasks: Tasks
    announce_private: bool = True
    control: SrtpBuffer = field(default_factory=lambda: SrtpBuffer(2 * MAX_DATAGRAM + MAX_TRAILER))
    """Where outgoing RTCP is encrypted: it is sent while a media packet is being worked on."""


def make_ssrc() -> int:
    """Return a random SSRC; 0 is left out, as RTCP uses it for "none"."""
    return secrets.randbelow(0xFFFFFFFE) + 1


class Leg(ABC):
    """Base of the two kinds of legs; a subclass says what to do with media and with RTCP."""

    kind: ClassVar[LegKind]

    def __init__(
        self,
        participant: str,
        around: Surroundings,
        changed: Callable[[Leg], None],
        *,
        controlling: bool,
    ) -> None:
        """Make a leg that is not connected.

        Args:
            participant: whose it is.
            around: what the room's legs share.
            changed: called after each change of `state`.
            controlling: whether our side decides on the path (we offer).
        """
        self.participant = participant
        self.state: LegState = "connecting"
        self.ssrc = make_ssrc()
        self.local: LocalTransport | None = None
        self.round_trip_s: float | None = None
        self.transport = MediaTransport(
            around.ports, around.certificate, self, controlling=controlling
        )
        self.send: Send | None = None
        self.peer: Destination = ("", 0)
        self._around = around
        self._changed = changed
        self._starting: asyncio.Task[None] | None = None
        self._control = Allowance(MAX_CONTROL_S, MAX_CONTROL_BURST)

    async def open(self) -> LocalTransport:
        """Gather our candidates and return our transport parameters."""
        if self.local is None:
            self.local = await self.transport.gather(
                self._around.public_addresses, private=self._around.announce_private
            )
        return self.local

    def start(self, peer: PeerTransport, *, server: bool) -> None:
        """Connect in the background; `changed` tells how it went.

        Args:
            peer: the other side's parameters.
            server: our DTLS role.
        """
        if self._starting is None:
            self._starting = self._around.tasks.start(self._connect(peer, server))

    async def close(self) -> None:
        """Close the transport. Idempotent."""
        if self.state == "closed":
            return
        self.state = "closed"
        await self.transport.close()
        if self._starting is not None and not self._starting.done():
            self._starting.cancel()
        self._changed(self)

    async def _connect(self, peer: PeerTransport, server: bool) -> None:
        connected = False
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                connected = await self.transport.connect(peer, server=server)
        except TimeoutError:
            log.info("%s leg did not connect in time", self.kind)
        except Exception:
            # What a peer's parameters can make ICE and DTLS raise is theirs to know; the leg has
            # failed either way, and the page hears it.
            log.exception("%s leg could not connect", self.kind)
        if self.state == "connecting":
            self._set_state("connected" if connected else "failed")

    def fail(self) -> None:
        """Give up: the page has to build a new connection."""
        if self.state in ("connecting", "connected"):
            self._set_state("failed")

    def _set_state(self, state: LegState) -> None:
        self.state = state
        self._changed(self)

    # --- from the transport ---------------------------------------------------------------------

    def path_changed(self, port: UdpPort, peer: Address) -> None:
        """Send to `peer` on `port` from now on."""
        self.send = port.send
        self.peer = peer

    def transport_lost(self) -> None:
        """Fail: the peer closed its connection or stopped answering."""
        if self.state == "connected":
            self.fail()

    def receive_media(self, size: int) -> None:
        """Decrypt and handle the `size` bytes of SRTP or SRTCP in the inbox."""
        inbox = self._around.inbox
        if self.transport.srtp_in is None:
            return
        if 192 <= inbox.bytes[1] <= 223:  # RFC 5761 section 4
            now = self._around.clock()
            if not self._control.take(now):
                return
            inbox.length[0] = size
            if unprotect_rtcp(self.transport.srtp_in, inbox.address, inbox.length) == 0:
                for message in rtcp.parse(bytes(inbox.view[: inbox.length[0]])):
                    self.handle_control(message, now)
        else:
            self.receive_packet(size)

    # --- for subclasses -------------------------------------------------------------------------

    @abstractmethod
    def receive_packet(self, size: int) -> None:
        """Handle the `size` bytes of SRTP in the inbox."""

    @abstractmethod
    def handle_control(self, message: rtcp.Message, now: float) -> None:
        """Act on one RTCP message of the peer."""

    @abstractmethod
    def statistics(self) -> LegStatistics:
        """Return the counters."""

    def send_control(self, compound: bytes) -> None:
        """Encrypt and send RTCP; lost where the leg is not connected."""
        control = self._around.control
        if self.send is None or not self.transport.connected or len(compound) > MAX_DATAGRAM:
            return
        control.bytes[: len(compound)] = compound
        control.length[0] = len(compound)
        if protect_rtcp(self.transport.srtp_out, control.address, control.length) == 0:
            try:
                self.send(control.view[: control.length[0]], self.peer)
            except OSError as error:
                log.debug("RTCP was not sent: %s", error)
