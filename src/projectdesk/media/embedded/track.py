"""One incoming stream: checked, remembered and forwarded packet by packet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projectdesk.media.embedded import rtp, vp8
from projectdesk.media.embedded._aiortc_seam import SrtpBuffer, protect
from projectdesk.media.embedded.codecs import CODECS, PictureCodec, read_numbers
from projectdesk.media.embedded.limits import AUDIO_RING, KEY_FRAME_INTERVAL_S, VIDEO_RING
from projectdesk.media.embedded.rtcp import ReportBlock, SenderReport

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from projectdesk.media.embedded.downstream import Downstream
    from projectdesk.media.embedded.feed import Feed

_MAX_GAP = 256
"""Packets missed at once that are asked for again; after more, only a key frame helps."""

_ASK_S = 0.005
"""Least time between two looks at what is missing: a publisher that leaves every other number out
must not make us look through all of them at every packet."""

_MAX_TRIES = 8
_RETRY_S = 0.1

_SMOOTHING = 0.08
"""Weight of one packet (20 ms) in the loudness: about a quarter of a second."""

_REMIND_S = 1.0
"""A key frame that subscribers wait for is asked for again after this long."""

_RATE_SMOOTHING = 0.3
"""Weight of one report interval in the bit rate, which key frames make uneven."""


class Track:
    """An incoming SSRC: checks, remembers and forwards its packets."""

    def __init__(
        self,
        feed: Feed,
        ssrc: int,
        *,
        payload_types: tuple[int, int],
        clock_rate: int,
        actions: tuple[int, ...],
        buffers: tuple[SrtpBuffer, SrtpBuffer],
        ask_key_frame: Callable[[Track], None],
        rid: str = "",
        rank: int = 0,
        codecs: Mapping[int, PictureCodec] | None = None,
    ) -> None:
        """Make a track.

        Args:
            feed: whose subscribers get the packets.
            ssrc: of the stream.
            payload_types: the publisher's, and ours to subscribers; of a picture in VP8.
            clock_rate: of its timestamps, in Hz.
            actions: what to do with header extensions (`rtp.extension_actions`).
            buffers: where packets are received, and where they are encrypted for subscribers.
            ask_key_frame: tells the publisher.
            rid: layer id (RFC 8852) where the picture is sent in several sizes, else empty.
            rank: place of the layer in the publisher's list.
            codecs: of a picture, by the publisher's payload types: it may change from one to
                another with any packet. None for VP8 alone.
        """
        self.feed = feed
        self.ssrc = ssrc
        self.rid = rid
        self.rank = rank
        self.height = 0
        """Of the picture in pixels, from the last key frame of a layer; 0 if not known."""

        self.rate = 0.0
        """Bits per second, smoothed."""

        self.usual_rate = 0.0
        """The same while packets came: what a layer that is left out would take."""

        self.live: list[Downstream] = []
        """Those that get the packets; read for every packet."""

        self.waiting: list[Downstream] = []
        """Those that join at the next key frame."""

        self.forwarded = self.forwarded_octets = 0
        """Packets that were forwarded, to whomever, and their bytes with headers."""

        self.clock: tuple[int, int] | None = None
        """NTP time and timestamp of the last sender report."""

        self.clock_rate = clock_rate
        self.actions = actions
        self.payload_type, self._outgoing_type = payload_types
        self.codec = CODECS["vp8"]
        """What the last packet was in; of a picture."""

        self._codecs = codecs or {}
        if self.payload_type in self._codecs:
            self._change_codec(self.payload_type)
        self._inbox, self._outbox = buffers
        self._is_audio = feed.is_audio
        size = AUDIO_RING if feed.is_audio else VIDEO_RING
        self._mask = size - 1
        self._numbers = [-1] * size
        self._packets: list[bytes] = [b""] * size
        self.highest = -1
        self.timestamp = 0
        self.transport_sequence = rtp.UNKNOWN
        """Transport-wide number of the last packet, for the leg."""

        self.received = 0
        self.received_at = float("-inf")
        """When the last packet came, in seconds."""

        self.octets = 0
        self._ask_from = float("-inf")
        self._shifts = False
        self._ask_key_frame = ask_key_frame
        self._key_frame_at = float("-inf")
        self._key_frame_due = False
        self._rated_octets = 0
        self._first = 0
        self._missing: dict[int, list[float]] = {}
        self._jitter = 0.0
        self._transit = 0.0
        self._expected_before = 0
        self._received_before = 0
        self._report_middle = 0
        self._report_at = 0.0

    @property
    def lost(self) -> int:
        """Packets that never came, so far."""
        return max(0, self._expected - self.received) if self.highest >= 0 else 0

    @property
    def _expected(self) -> int:
        return self.highest - self._first + 1

    # --- who gets the packets -------------------------------------------------------------------

    def attach(self, one: Downstream) -> None:
        """Send to `one` from the next packet on, and no other track's packets."""
        if one.track is not None:
            one.track.detach(one, switching=True)
        one.attached(self)
        self.live = [*self.live, one]

    def detach(self, one: Downstream, *, switching: bool = False) -> None:
        """Send nothing to `one` any more; `switching`: another layer follows at once."""
        self.live = [other for other in self.live if other is not one]
        self._shifts = any(other.shifted for other in self.live)
        one.leave(switching=switching)

    def promise(self, one: Downstream) -> None:
        """Let `one` join at the next key frame."""
        self.waiting = [*self.waiting, one]
        one.waiting_for = self

    def forget(self, one: Downstream) -> None:
        """Take a promise back."""
        self.waiting = [other for other in self.waiting if other is not one]
        one.waiting_for = None

    def _begin(self, packet: bytes, start: int, size: int) -> list[Downstream]:
        """Note a key frame, whose first packet this is; let in and return who waited for it."""
        picture = self.codec.read_size(packet, start, size)
        if picture is not None and picture[1] != self.height:
            self.height = picture[1]
            self.feed.sort_layers()
        joined, self.waiting = self.waiting, []
        for one in joined:
            one.waiting_for = None
            self.attach(one)
        return joined

    # --- packets --------------------------------------------------------------------------------

    def receive(self, size: int, now: float) -> bool:
        """Take the decrypted packet in the inbox and forward it; return whether it was new.

        Args:
            size: its length in bytes.
            now: seconds.
        """
        inbox = self._inbox.bytes
        stop = rtp.payload_offset(inbox, size)
        _, kind, sequence, timestamp, _ = rtp.FIXED_HEADER.unpack_from(inbox)
        if not stop or (kind & 0x7F != self.payload_type and not self._change_codec(kind & 0x7F)):
            return False
        level, self.transport_sequence, slot = rtp.canonicalise(
            inbox, stop, self.actions, int(now * 262144) & 0xFFFFFF
        )
        number = self._accept(sequence, now)
        if number < 0:
            return False
        inbox[1] = kind & 0x80 | self._outgoing_type
        feed = self.feed
        if level >= 0 and not feed.muted:
            feed.loudness += ((127 - level) - feed.loudness) * _SMOOTHING
            if feed.heard is not None:
                feed.heard(feed, 127 - level, now)
        if slot and self._is_audio:  # only pictures are numbered on the way to subscribers
            inbox[slot - 1 : slot + 2] = b"\0\0\0"
            slot = 0
        packet = bytes(self._inbox.view[:size])
        if not slot and not self._is_audio:
            packet, slot = rtp.add_slot(packet, stop)
            stop += len(packet) - size
        place = number & self._mask
        self._numbers[place] = number
        self._packets[place] = packet
        self.received += 1
        self.received_at = now
        self.octets += size
        transit = now * self.clock_rate - timestamp
        self._jitter += (abs(transit - self._transit) % 0x7FFFFFFF - self._jitter) / 16
        self._transit = transit
        joined: list[Downstream] = []
        if self.rid and self.codec.starts_key_frame(packet, stop, len(packet)):
            joined = self._begin(packet, stop, len(packet))
        if feed.tape is not None and not feed.muted:
            feed.tape.take(self, packet, stop, now)
        if self.live:
            self._forward(packet, (number, timestamp, stop, slot), now)
        if number == self.highest:
            self.timestamp = timestamp
        elif joined:
            self._catch_up(joined, number, now)
        return True

    def accept(self, codecs: Mapping[int, PictureCodec]) -> None:
        """Take other payload types from now on: the publisher described its line anew."""
        self._codecs = codecs

    def _change_codec(self, payload_type: int) -> bool:
        """Take a packet of another payload type; return whether it is one that was negotiated.

        Packets of the codec before may come late, so the change may go to and fro; each packet is
        remembered and forwarded as what it is.
        """
        codec = self._codecs.get(payload_type)
        if codec is None:
            return False
        self.codec = codec
        self.payload_type, self._outgoing_type = payload_type, codec.offered.payload_type
        return True

    def _catch_up(self, joined: list[Downstream], number: int, now: float) -> None:
        """Send who joined at a key frame that came late what followed it.

        The frame's first packet was lost and repeated; the rest came before it, and each of its
        packets would have to be asked for otherwise.
        """
        live, self.live = self.live, joined
        others = [one for one in live if one not in joined]
        for later in range(number + 1, self.highest + 1):
            packet = self.remembered(later)
            if packet is None:
                continue
            start = rtp.payload_offset(packet, len(packet))
            timestamp = int.from_bytes(packet[4:8], "big")
            slot = rtp.find_slot(packet, start)
            self._forward(packet, (later, timestamp, start, slot), now)
            for one in others:
                one.skip(len(packet))
        self.live = live

    def _forward(self, packet: bytes, head: tuple[int, int, int, int], now: float) -> None:
        """Rewrite, encrypt and send one packet for every live subscriber.

        The hottest loop of the program: a room of twelve runs it 16,500 times a second. Hence one
        function, names bound outside the loop, one buffer, what is equal for all made once, and no
        object made per subscriber.

        Args:
            packet: canonical.
            head: its extended number, timestamp, where its payload begins, and where its
                transport-wide number stands (0: nowhere).
            now: seconds.
        """
        number, timestamp, start, slot = head
        outbox = self._outbox
        out, view, address, length = outbox.bytes, outbox.view, outbox.address, outbox.length
        pack_into, pack_number = rtp.SEQUENCE_TIME_SSRC.pack_into, rtp.NUMBER.pack_into
        size = sealed_size = len(packet)
        sent, sealed = (now, size), view[:size]
        numbers = read_numbers(packet, start, size) if self._shifts else None
        for one in self.live:
            offset = one.offset
            if offset is None:
                offset = one.join(packet, number, timestamp, now)
                if one.shifted and not self._shifts:
                    self._shifts = True
                    numbers = read_numbers(packet, start, size)
            elif number < one.base:
                one.skip(size)
                continue
            out[:size] = packet
            pack_into(
                out,
                2,
                number + offset & 0xFFFF,
                timestamp + one.timestamp_offset & 0xFFFFFFFF,
                one.ssrc,
            )
            if slot:
                pack_number(out, slot, one.next_number() & 0xFFFF)
                one.note(sent)
                if one.shifted and numbers is not None:
                    vp8.shift_numbers(out, numbers, one.picture_offset, one.layer_offset)
            length[0] = size
            if protect(one.srtp, address, length):
                one.drop(size)
                continue
            if length[0] != sealed_size:
                sealed_size = length[0]
                sealed = view[:sealed_size]
            try:
                one.send(sealed, one.peer)  # type: ignore[misc]
            except OSError:
                one.drop(size)  # a full buffer or a vanished network loses it
        self.forwarded += 1
        self.forwarded_octets += size

    # --- key frames -----------------------------------------------------------------------------

    def want_key_frame(self, now: float) -> None:
        """Ask the publisher for a key frame, now or as soon as the last request is old enough."""
        if not self._is_audio:
            self._key_frame_due = True
            self.send_due(now)

    def send_due(self, now: float) -> None:
        """Send the request that was held back, if its time has come."""
        if self._key_frame_due and now - self._key_frame_at >= KEY_FRAME_INTERVAL_S:
            self._key_frame_due = False
            self._key_frame_at = now
            self._ask_key_frame(self)

    def remind(self, now: float) -> None:
        """Ask again for a key frame that did not come: requests get lost too."""
        if now - self._key_frame_at >= _REMIND_S:
            self.want_key_frame(now)

    # --- what is lost ---------------------------------------------------------------------------

    def _accept(self, sequence: int, now: float) -> int:
        """Return the extended number of a packet seen for the first time, else -1."""
        highest = self.highest
        if highest < 0:
            self.highest = self._first = 0x10000 + sequence
            return self.highest
        number = highest + ((sequence - highest + 0x8000) & 0xFFFF) - 0x8000
        if number == highest + 1:
            self.highest = number
        elif number > highest:
            self._note_gap(highest + 1, number, now)
            self.highest = number
        elif highest - number > self._mask or self._numbers[number & self._mask] == number:
            return -1
        else:
            self._missing.pop(number, None)
        return number

    def _note_gap(self, first: int, following: int, now: float) -> None:
        if self._is_audio:
            return  # Opus conceals and carries its own repair; a late packet is of no use
        if following - first > _MAX_GAP:
            self._missing.clear()
            self.want_key_frame(now)
            return
        for number in range(first, following):
            self._missing[number] = [0.0, 0]

    def due_again(self, now: float) -> list[int]:
        """Return the 16-bit numbers of lost packets to ask the publisher for now."""
        if not self._missing or now < self._ask_from:
            return []
        self._ask_from = now + _ASK_S
        due = []
        for number, state in list(self._missing.items()):
            if state[1] >= _MAX_TRIES or self.highest - number > self._mask:
                del self._missing[number]
            elif now >= state[0]:
                state[0] = now + _RETRY_S
                state[1] += 1
                due.append(number & 0xFFFF)
        return due

    @property
    def has_gaps(self) -> bool:
        """Whether packets are missing that may still come."""
        return bool(self._missing)

    def remembered(self, number: int) -> bytes | None:
        """Return the packet with extended number `number`, if the ring still has it."""
        slot = number & self._mask
        return self._packets[slot] if self._numbers[slot] == number else None

    def note_report(self, report: SenderReport, now: float) -> None:
        """Remember when the publisher's sender report came."""
        self.clock = report.ntp, report.rtp
        self._report_middle = report.ntp >> 16 & 0xFFFFFFFF
        self._report_at = now

    def weigh(self, elapsed: float) -> None:
        """Work out the bit rate anew, `elapsed` seconds after the last time."""
        rate = (self.octets - self._rated_octets) * 8 / elapsed
        self._rated_octets = self.octets
        self.rate = self.rate + (rate - self.rate) * _RATE_SMOOTHING if self.rate else rate
        if rate:
            usual = self.usual_rate
            self.usual_rate = usual + (rate - usual) * _RATE_SMOOTHING if usual else rate

    def report(self, now: float) -> ReportBlock | None:
        """Return what to report to the publisher since the last time (RFC 3550 appendix A.3)."""
        if self.highest < 0:
            return None
        expected = self._expected - self._expected_before
        received = self.received - self._received_before
        self._expected_before, self._received_before = self._expected, self.received
        lost = max(0, expected - received)
        return ReportBlock(
            ssrc=self.ssrc,
            fraction_lost=min(255, lost * 256 // expected) if expected > 0 else 0,
            lost=self._expected - self.received,
            highest=self.highest - 0x10000,
            jitter=int(self._jitter),
            last_report=self._report_middle,
            delay=int((now - self._report_at) * 65536) if self._report_middle else 0,
        )
