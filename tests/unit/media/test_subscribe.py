"""What a subscriber can make us do, and what its path gets; no network, no encryption."""

from __future__ import annotations

import itertools
import struct

import pytest

from projectdesk.media.embedded import leg as legs
from projectdesk.media.embedded import rtcp, rtp, subscribe, track
from projectdesk.media.embedded._aiortc_seam import SrtpBuffer
from projectdesk.media.embedded.description import LocalSection, LocalTransport, write_description
from projectdesk.media.embedded.feed import Feed
from projectdesk.media.embedded.limits import (
    MAX_CONTROL_BURST,
    MAX_REPEATS_BURST,
    MAX_REPEATS_S,
)
from projectdesk.media.embedded.sdp import parse_description
from projectdesk.media.embedded.sfu import Sfu
from projectdesk.media.embedded.subscribe import SubscribeLeg
from projectdesk.media.embedded.track import Track
from projectdesk.signalling.media import Configure, SubscribeOffered

CLIENT = LocalTransport("clnt", "c" * 22, ":".join(["AB"] * 32), ())


@pytest.fixture(autouse=True)
def in_clear(monkeypatch):
    """Leave packets as they are where they would be encrypted."""
    for module in (track, subscribe):
        monkeypatch.setattr(module, "protect", lambda session, address, length: 0)
    monkeypatch.setattr(legs, "unprotect_rtcp", lambda session, address, length: 0)


class Subscriber:
    """A leg that is connected to nobody, with pictures of several publishers."""

    def __init__(self, *rates: int) -> None:
        sfu = Sfu(Configure(id=1, room="r"), lambda _: None)
        self.around = sfu._around
        self.sent: list[bytes] = []
        self.offers: list[SubscribeOffered] = []
        self.leg = SubscribeLeg(
            "s", self.around, lambda _: None, self.offers.append, itertools.count(1).__next__
        )
        self.leg.start = lambda peer, *, server: None  # type: ignore[method-assign]
        self.leg.local = CLIENT
        self.leg.send = self._send
        self.leg.state = "connected"
        self.now = self.around.clock()
        self.feeds = [Feed(f"p{number}", "video") for number in range(len(rates))]
        self.tracks = []
        for number, (feed, rate) in enumerate(zip(self.feeds, rates, strict=True)):
            incoming = Track(
                feed,
                number,
                payload_types=(96, 96),
                clock_rate=90_000,
                actions=rtp.extension_actions({}),
                buffers=(SrtpBuffer(4096), SrtpBuffer(4096)),
                ask_key_frame=lambda _: None,
            )
            incoming.rate = rate
            incoming.received_at = self.now
            feed.add(incoming, self.now)
            self.tracks.append(incoming)
        self.heights: dict[str, int | None] = {}
        self.update()

    def _send(self, packet: bytes, _peer: object) -> int:
        self.sent.append(bytes(packet))
        return len(packet)

    def update(self) -> None:
        self.leg.update(self.feeds, lambda _: True, lambda feed: self.heights.get(feed.participant))

    def answer(self, *, repeats: bool = True, reports: bool = True) -> None:
        """Take everything that is offered; perhaps without repeats or reports of arrivals."""
        offered = self.offers[-1]
        sections = []
        for section in parse_description(offered.sdp).sections:
            codecs = tuple(c for c in section.codecs.values() if repeats or c.name != "rtx")
            extensions = tuple(
                (number, uri)
                for number, uri in section.extensions.items()
                if reports or uri != rtp.URI_TRANSPORT_SEQUENCE
            )
            direction = "recvonly" if section.sends else "inactive"
            sections.append(LocalSection(section.kind, section.mid, direction, codecs, extensions))
        text = write_description(sections, CLIENT, version=1, setup="active")
        self.leg.answer(offered.offer, parse_description(text))

    def publish(self, number: int, sequence: int, now: float) -> None:
        incoming = self.tracks[number]
        packet = struct.pack("!BBHII", 0x80, 96, sequence, sequence * 3000, number) + bytes(20)
        incoming._inbox.bytes[: len(packet)] = packet
        incoming.receive(len(packet), now)

    def numbers(self) -> list[int]:
        found = []
        for packet in self.sent:
            start = rtp.payload_offset(packet, len(packet))
            value = rtp.read_extension(packet, start, rtp.TRANSPORT_SEQUENCE)
            found.append(int.from_bytes(value or b"", "big"))
        return found


async def test_all_pictures_of_a_subscriber_share_the_numbers_of_its_path():
    subscriber = Subscriber(100_000, 100_000)
    subscriber.answer()
    for sequence in range(5, 8):
        for number in (0, 1):
            subscriber.publish(number, sequence, subscriber.now)
    assert subscriber.numbers() == list(range(6))
    media = int.from_bytes(subscriber.sent[0][8:12], "big")
    lost = int.from_bytes(subscriber.sent[0][2:4], "big")
    subscriber.leg.handle_control(rtcp.Nack(media, (lost,)), subscriber.now)
    assert subscriber.numbers()[-1] == 6, "so do repeats"
    await subscriber.leg.close()


@pytest.mark.parametrize("given", [{"repeats": False}, {"reports": False}])
async def test_who_takes_no_repeats_or_reports_none_gets_no_numbers(given):
    """A packet that is repeated under its own number must have the same bytes (AES-GCM)."""
    subscriber = Subscriber(100_000)
    subscriber.answer(**given)
    for sequence in range(5, 8):
        subscriber.publish(0, sequence, subscriber.now)
    assert subscriber.numbers() == [0, 0, 0]
    if not given.get("repeats", True):
        media = int.from_bytes(subscriber.sent[1][8:12], "big")
        lost = int.from_bytes(subscriber.sent[1][2:4], "big")
        subscriber.leg.handle_control(rtcp.Nack(media, (lost,)), subscriber.now)
        assert subscriber.sent[-1] == subscriber.sent[1]
    await subscriber.leg.close()


async def test_a_flood_of_requests_for_repeats_is_bounded_by_the_second():
    subscriber = Subscriber(100_000)
    subscriber.answer()
    for sequence in range(1, 400):
        subscriber.publish(0, sequence, subscriber.now)
    media = int.from_bytes(subscriber.sent[0][8:12], "big")
    numbers = tuple(int.from_bytes(packet[2:4], "big") for packet in subscriber.sent)
    subscriber.sent.clear()
    for _ in range(100):
        subscriber.leg.handle_control(rtcp.Nack(media, numbers), subscriber.now + 1)
    assert len(subscriber.sent) == MAX_REPEATS_BURST
    for _ in range(100):
        subscriber.leg.handle_control(rtcp.Nack(media, numbers), subscriber.now + 2)
    assert len(subscriber.sent) == MAX_REPEATS_BURST + MAX_REPEATS_S
    await subscriber.leg.close()


async def test_a_flood_of_rtcp_is_read_up_to_a_bound(monkeypatch):
    subscriber = Subscriber(100_000)
    read = []
    monkeypatch.setattr(subscriber.leg, "handle_control", lambda message, now: read.append(message))
    subscriber.leg.transport.srtp_in = object()
    data = rtcp.build_receiver_report(1, [])
    subscriber.around.inbox.bytes[: len(data)] = data
    for _ in range(5 * MAX_CONTROL_BURST):
        subscriber.leg.receive_media(len(data))
    assert MAX_CONTROL_BURST <= len(read) < 2 * MAX_CONTROL_BURST
    await subscriber.leg.close()


async def test_what_has_no_room_for_two_seconds_is_left_out_the_smallest_tile_first():
    subscriber = Subscriber(100_000, 100_000, 100_000)
    subscriber.heights = {"p0": 200, "p1": 700, "p2": 400}
    subscriber.answer()
    path = subscriber.leg._path
    path.estimate.bits_per_second, path.estimate.limited = 220_000.0, True
    path._reported_at = subscriber.now

    def shown(after: float) -> set[str]:
        for incoming in subscriber.tracks:
            incoming.received_at = subscriber.now + after
        subscriber.leg.weigh(0.5, subscriber.now + after)
        return {feed.participant for feed in subscriber.leg.live_pictures()}

    assert shown(0.5) == {"p0", "p1", "p2"}
    assert shown(1.5) == {"p0", "p1", "p2"}
    assert shown(2.6) == {"p1", "p2"}
    path.estimate.bits_per_second = 400_000.0
    assert shown(3.0) == {"p0", "p1", "p2"}
    await subscriber.leg.close()


async def test_a_weak_subscriber_slows_the_publisher_of_a_picture_in_one_size():
    subscriber = Subscriber(900_000)
    subscriber.answer()
    path = subscriber.leg._path
    path.estimate.bits_per_second, path.estimate.limited = 400_000.0, True
    path._reported_at = subscriber.now
    subscriber.leg.weigh(0.5, subscriber.now)
    assert list(subscriber.leg.allowed_rates(subscriber.now)) == [(subscriber.feeds[0], 400_000)]
    await subscriber.leg.close()


async def test_a_publisher_that_leaves_every_other_number_out_is_looked_at_now_and_then():
    subscriber = Subscriber(100_000)
    incoming = subscriber.tracks[0]
    asked = 0
    for number in range(1, 400):
        subscriber.publish(0, 2 * number, subscriber.now)
        asked += bool(incoming.due_again(subscriber.now))
    assert asked == 1
    assert len(incoming.due_again(subscriber.now + 0.01)) > 300
    await subscriber.leg.close()
