"""What strangers can send, as functions of bytes: each takes any bytes, or raises what it says.

The same functions serve Hypothesis (in the gate) and atheris (`dev.py test --full`), which looks
for new paths through the code. A target checks what must hold of what it read, not only that it
ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from aioice.candidate import Candidate
from aioice.ice import StunProtocol

from projectdesk.errors import ImportError_, MediaError, RemoteProtocolError
from projectdesk.exchange.calendar import occurrences, read_calendar, read_mail
from projectdesk.exchange.calendar.occurrences import OCCURRENCES_LIMIT
from projectdesk.exchange.calendar.outlook_meeting import calendars_in_winmail
from projectdesk.exchange.calendar.signed import content_of_signed
from projectdesk.media.embedded import feedback, rtcp, rtp, vp8
from projectdesk.media.embedded._aiortc_seam import take_stun
from projectdesk.media.embedded.codecs import CODECS
from projectdesk.media.embedded.sdp import parse_description
from projectdesk.media.embedded.udp import UdpPorts
from projectdesk.room import names
from projectdesk.signalling import call, codec, control, desk, media

Target = Callable[[bytes], None]

_EXTENSIONS = rtp.extension_actions(
    {1: rtp.URI_AUDIO_LEVEL, 2: rtp.URI_SEND_TIME, 3: rtp.URI_TRANSPORT_SEQUENCE}
)
_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
_FLOODS = 4096
"""Things that one datagram may make us remember at most."""


def client_message(data: bytes) -> None:
    """A page's message on the socket."""
    try:
        message = codec.decode_client(data)
    except RemoteProtocolError:
        return
    assert codec.decode_client(codec.encode(message)) == message


def http_body(data: bytes) -> None:
    """A body that a page, a desktop or an SFU posts: the first byte says which."""
    kinds = (
        call.LookRequest,
        call.JoinRequest,
        control.RoomSnapshot,
        control.Acknowledge,
        desk.AnswerRequest,
        media.RoomStatistics,
    )
    try:
        codec.decode_as(data[1:], kinds[data[0] % len(kinds)] if data else kinds[0])
    except RemoteProtocolError:
        return


def description(data: bytes) -> None:
    """SDP out of a page's offer or answer."""
    try:
        read = parse_description(data.decode("utf-8", "replace"))
    except MediaError:
        return
    assert len(read.sections) <= 64
    assert len(read.transport.candidates) <= 30


def packet(data: bytes) -> None:
    """RTP after decryption, from a participant: header, extensions, what codecs write, RTX."""
    start = rtp.payload_offset(data, len(data))
    if not start:
        return
    assert 12 <= start <= len(data)
    copy = bytearray(data)
    level, _, slot = rtp.canonicalise(copy, start, _EXTENSIONS, 0x123456)
    assert len(copy) == len(data)
    assert copy[start:] == data[start:]
    assert level == rtp.UNKNOWN or 0 <= level <= 127
    assert not slot or slot + 2 <= start
    widened, place = rtp.add_slot(bytes(copy), start)
    assert rtp.payload_offset(widened, len(widened)) == start + len(widened) - len(copy)
    assert place + 2 <= len(widened)
    for known in CODECS.values():
        numbers = known.read_numbers(copy, start, len(copy))
        known.starts_key_frame(copy, start, len(copy))
        known.read_size(copy, start, len(copy))
        if numbers is not None:
            vp8.shift_numbers(copy, numbers, 1, 1)
            vp8.shift_numbers(copy, numbers, 0, 0)
            assert copy[start:] == data[start:]
    size = rtp.unwrap_retransmission(copy, len(copy), start, 96, 1)
    assert 0 <= size <= len(data)


def control_packet(data: bytes) -> None:
    """RTCP after decryption, from a participant."""
    for message in rtcp.parse(data):
        if isinstance(message, rtcp.Nack):
            assert len(message.lost) <= rtcp.MAX_NACKED
        elif isinstance(message, rtcp.ArrivalFeedback):
            read = feedback.read_arrivals(message.body)
            assert read is None or len(read.times) <= _FLOODS


class _Receiver:
    """Who takes what STUN says; the fuzz is for what lies before."""

    def request_received(self, message: object, addr: object, protocol: object) -> None:
        """Take a request."""

    def data_received(self, data: bytes, component: int) -> None:
        """Take what is no STUN."""


def _make_protocol() -> StunProtocol:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    protocol = StunProtocol(_Receiver())
    loop.close()
    protocol.local_candidate = Candidate("1", 1, "udp", 1, "192.0.2.2", 9, "host")
    return protocol


_PROTOCOL = _make_protocol()
_PORTS = UdpPorts(bytearray(65536), ["127.0.0.1"], None)


def stun(data: bytes) -> None:
    """A STUN datagram of anybody who reaches the port."""
    _PORTS.find_stun_owner(data)
    take_stun(_PROTOCOL, data, ("192.0.2.1", 9))


def name(data: bytes) -> None:
    """A name or a line of chat that a guest typed."""
    text = data.decode("utf-8", "replace")
    for clean, longest in ((names.clean_name, 64), (names.clean_message, 2000)):
        once = clean(text)
        assert len(once) <= longest
        assert clean(once) == once
    names.sounding(text)


def calendar(data: bytes) -> None:
    """A calendar file, or what a server gives at the address of one."""
    try:
        read = read_calendar(data)
    except ImportError_:
        return
    found = occurrences(read.events, _YEAR, _YEAR + timedelta(days=366))
    assert len(found) <= OCCURRENCES_LIMIT
    assert [each.order() for each in found] == sorted(each.order() for each in found)


def mail(data: bytes) -> None:
    """A mail that somebody drops on the window."""
    try:
        read = read_mail(data)
    except ImportError_:
        return
    assert len(read.subject) <= 2000


def enclosed(data: bytes) -> None:
    """What lies in a mail as Outlook's envelope, or inside a signature around all of it."""
    for name, content in calendars_in_winmail(data, "a@b.example", "text"):
        assert isinstance(name, str)
        calendar(content)
    inside = content_of_signed(data)
    assert inside is None or len(inside) <= len(data)


TARGETS: dict[str, Target] = {
    "client_message": client_message,
    "http_body": http_body,
    "description": description,
    "packet": packet,
    "control_packet": control_packet,
    "stun": stun,
    "name": name,
    "calendar": calendar,
    "mail": mail,
    "enclosed": enclosed,
}
