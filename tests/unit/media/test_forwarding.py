"""What a subscriber gets, packet by packet: no network, no encryption."""

from __future__ import annotations

import itertools
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projectdesk.media.embedded import rtcp, rtp, track
from projectdesk.media.embedded._aiortc_seam import SrtpBuffer
from projectdesk.media.embedded.downstream import Downstream
from projectdesk.media.embedded.feed import Feed
from projectdesk.media.embedded.track import Track

ACTIONS = rtp.extension_actions({})


@pytest.fixture(autouse=True)
def in_clear(monkeypatch):
    """Leave packets as they are where they would be encrypted."""
    monkeypatch.setattr(track, "protect", lambda session, address, length: 0)


class Subscriber:
    """Collects what its downstream sends."""

    def __init__(self, feed: Feed, repair: int | None = 555) -> None:
        self.packets: list[bytes] = []
        self.downstream = Downstream(444, repair, 90000)
        self.downstream.ready = True
        self.downstream.send = self._take
        feed.downstreams.append(self.downstream)
        feed.refresh(0.0)

    def _take(self, packet: memoryview, peer: object) -> int:
        self.packets.append(bytes(packet))
        return len(packet)

    @property
    def sequences(self) -> list[int]:
        return [int.from_bytes(packet[2:4], "big") for packet in self.packets]

    @property
    def timestamps(self) -> list[int]:
        return [int.from_bytes(packet[4:8], "big") for packet in self.packets]


class Publisher:
    """Feeds packets into a track."""

    def __init__(self, feed: Feed, ssrc: int = 77) -> None:
        self.inbox = SrtpBuffer(4096)
        self.asked: list[Track] = []
        self._nonces = itertools.count(ssrc << 16)
        self.track = Track(
            feed,
            ssrc,
            payload_types=(100, 96),
            clock_rate=90000,
            actions=ACTIONS,
            buffers=(self.inbox, SrtpBuffer(4096)),
            ask_key_frame=self.asked.append,
        )
        feed.add(self.track, 0.0)

    def send(self, number: int, *, now: float = 0.0, timestamp: int | None = None) -> bool:
        stamp = number * 3000 if timestamp is None else timestamp
        packet = struct.pack(
            "!BBHII", 0x80, 100, number & 0xFFFF, stamp & 0xFFFFFFFF, self.track.ssrc
        ) + number.to_bytes(8, "big")
        packet += next(self._nonces).to_bytes(4, "big")  # no two packets are alike
        self.inbox.bytes[: len(packet)] = packet
        return self.track.receive(len(packet), now)


def test_headers_are_rewritten_and_payloads_kept():
    feed = Feed("anna", "video")
    subscriber, publisher = Subscriber(feed), Publisher(feed)
    publisher.send(65530)
    (packet,) = subscriber.packets
    assert packet[1] == 96
    assert int.from_bytes(packet[8:12], "big") == 444
    start = rtp.payload_offset(packet, len(packet))
    assert packet[start : start + 8] == (65530).to_bytes(8, "big")
    assert subscriber.sequences[0] < 32768


def test_another_payload_type_is_not_forwarded():
    feed = Feed("anna", "video")
    subscriber, publisher = Subscriber(feed), Publisher(feed)
    publisher.inbox.bytes[:20] = struct.pack("!BBHII", 0x80, 101, 1, 1, 77) + bytes(8)
    assert not publisher.track.receive(20, 0.0)
    assert subscriber.packets == []


@given(st.integers(0, 0xFFFF), st.integers(2, 400))
def test_a_stream_without_loss_stays_without_loss(first, count):
    feed = Feed("anna", "video")
    subscriber, publisher = Subscriber(feed), Publisher(feed)
    for number in range(first, first + count):
        publisher.send(number)
    start = subscriber.sequences[0]
    assert subscriber.sequences == [(start + index) & 0xFFFF for index in range(count)]


# What happens to a stream: packets that come, get lost, come late or twice; subscribers that pause;
# publishers that rebuild. Whatever the order, a number stands for one content for ever.
steps = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(1, 3)),
        st.tuples(st.just("late"), st.integers(1, 6)),
        st.tuples(st.just("again"), st.integers(0, 4)),
        st.tuples(st.just("nack"), st.integers(0, 10)),
        st.tuples(st.just("pause"), st.just(0)),
        st.tuples(st.just("resume"), st.just(0)),
        st.tuples(st.just("mute"), st.just(0)),
        st.tuples(st.just("rebuild"), st.integers(0, 0xFFFF)),
    ),
    min_size=60,
    max_size=120,
)


@settings(max_examples=max(100, settings().max_examples))
@given(st.integers(0, 0xFFFF), steps, st.booleans())
def test_no_number_ever_stands_for_two_contents(first, script, repairs):
    feed = Feed("anna", "video")
    subscriber = Subscriber(feed, 555 if repairs else None)
    downstream = subscriber.downstream
    publisher = Publisher(feed)
    number, now = first, 0.0
    contents: dict[int, bytes] = {}
    repeats: dict[int, bytes] = {}
    for step, value in script:
        now += 0.02
        if step == "send":
            number += value
            publisher.send(number, now=now)
        elif step in ("late", "again"):
            publisher.send(max(0, number - value), now=now)
        elif step == "nack" and subscriber.packets:
            sequence = (subscriber.sequences[-1] - value) & 0xFFFF
            again = downstream.repeat(sequence, now)
            if again is not None:
                collection = repeats if repairs else contents
                key = int.from_bytes(again[2:4], "big")
                assert collection.setdefault(key, bytes(again)) == again
        elif step in ("pause", "resume"):
            downstream.paused = step == "pause"
            feed.refresh(now)
        elif step == "mute":
            feed.muted = not feed.muted
            feed.refresh(now)
        elif step == "rebuild":
            number = value
            publisher = Publisher(feed, ssrc=publisher.track.ssrc + 1)
        for packet in subscriber.packets:
            key = int.from_bytes(packet[2:4], "big")
            assert contents.setdefault(key, packet) == packet


@given(st.lists(st.binary(min_size=12, max_size=60), max_size=8), st.booleans())
def test_any_bytes_of_a_publisher_are_forwarded_or_dropped(packets, audio):
    feed = Feed("anna", "audio" if audio else "video")
    subscriber, publisher = Subscriber(feed), Publisher(feed)
    for packet in packets:
        data = bytes([packet[0] & 0x3F | 0x80, packet[1] & 0x80 | 100]) + packet[2:]
        publisher.inbox.bytes[: len(data)] = data
        publisher.track.receive(len(data), 1.0)
    assert len(subscriber.packets) <= len(packets)


@given(st.binary(min_size=12, max_size=60))
def test_any_bytes_are_unwrapped_or_dropped(data):
    packet = bytearray(data)
    start = rtp.payload_offset(packet, len(packet))
    if start:
        size = rtp.unwrap_retransmission(packet, len(packet), start, 96, 5)
        assert size in (0, len(data) - 2)


def test_duplicates_are_forwarded_once():
    feed = Feed("anna", "video")
    subscriber, publisher = Subscriber(feed), Publisher(feed)
    for number in (5, 6, 6, 5, 7, 7):
        publisher.send(number)
    assert len(subscriber.packets) == 3
    assert publisher.track.received == 3


def test_a_late_packet_takes_its_own_place():
    feed = Feed("anna", "video")
    subscriber, publisher = Subscriber(feed), Publisher(feed)
    for number in (5, 7, 6, 8):
        publisher.send(number)
    start = subscriber.sequences[0]
    assert [sequence - start for sequence in subscriber.sequences] == [0, 2, 1, 3]


def test_a_stream_continues_after_a_rebuild():
    feed = Feed("anna", "video")
    subscriber, publisher = Subscriber(feed), Publisher(feed)
    for number in (5, 6, 7):
        publisher.send(number, now=1.0)
    again = Publisher(feed, ssrc=78)
    again.send(40000, now=2.0, timestamp=123)
    start = subscriber.sequences[0]
    assert [sequence - start for sequence in subscriber.sequences] == [0, 1, 2, 3]
    assert subscriber.timestamps[3] - subscriber.timestamps[2] >= 1


def test_a_pause_advances_the_timestamps_by_its_length():
    feed = Feed("anna", "video")
    subscriber, publisher = Subscriber(feed), Publisher(feed)
    publisher.send(5, now=1.0)
    subscriber.downstream.paused = True
    feed.refresh(1.0)
    publisher.send(6, now=1.5)
    subscriber.downstream.paused = False
    feed.refresh(3.0)
    publisher.send(200, now=3.0, timestamp=987654)
    assert len(subscriber.packets) == 2
    assert subscriber.sequences[1] == subscriber.sequences[0] + 1
    assert subscriber.timestamps[1] - subscriber.timestamps[0] == 180000


def test_lost_packets_are_asked_for_until_they_come():
    feed = Feed("anna", "video")
    publisher = Publisher(feed)
    publisher.send(5)
    publisher.send(9)
    assert publisher.track.due_again(0.0) == [6, 7, 8]
    assert publisher.track.due_again(0.05) == []
    publisher.send(7)
    assert publisher.track.due_again(0.2) == [6, 8]
    for second in range(1, 20):
        publisher.track.due_again(float(second))
    assert not publisher.track.has_gaps


def test_a_long_gap_asks_for_a_key_frame_instead():
    feed = Feed("anna", "video")
    publisher = Publisher(feed)
    publisher.send(5)
    publisher.send(1000)
    assert not publisher.track.has_gaps
    assert publisher.asked == [publisher.track]


def test_lost_sound_is_not_asked_for():
    feed = Feed("anna", "audio")
    publisher = Publisher(feed)
    publisher.send(5)
    publisher.send(9)
    assert publisher.track.due_again(0.0) == []


def test_key_frame_requests_are_throttled_but_not_lost():
    feed = Feed("anna", "video")
    publisher = Publisher(feed)
    for now in (10.0, 10.1, 10.2):
        publisher.track.want_key_frame(now)
    assert len(publisher.asked) == 1
    publisher.track.send_due(10.3)
    assert len(publisher.asked) == 1
    publisher.track.send_due(10.6)
    assert len(publisher.asked) == 2
    publisher.track.send_due(20.0)
    assert len(publisher.asked) == 2


def test_a_new_subscriber_gets_a_key_frame():
    feed = Feed("anna", "video")
    publisher = Publisher(feed)
    Subscriber(feed)
    assert publisher.asked == [publisher.track]


def test_a_nack_is_answered_with_the_lost_packet():
    feed = Feed("anna", "video")
    subscriber, publisher = Subscriber(feed), Publisher(feed)
    for number in range(5, 10):
        publisher.send(number)
    lost = subscriber.packets[2]
    sequence = int.from_bytes(lost[2:4], "big")
    again = subscriber.downstream.repeat(sequence, 2.0)
    assert again is not None
    assert int.from_bytes(again[8:12], "big") == 555
    start = rtp.payload_offset(again, len(again))
    size = rtp.unwrap_retransmission(again, len(again), start, 96, 444)
    assert bytes(again[:size]) == lost
    assert subscriber.downstream.repeat((sequence + 500) & 0xFFFF, 2.0) is None


def test_a_nack_does_not_reach_behind_a_pause():
    feed = Feed("anna", "video")
    subscriber, publisher = Subscriber(feed, None), Publisher(feed)
    publisher.send(5)
    publisher.send(6)
    subscriber.downstream.paused = True
    feed.refresh(1.0)
    publisher.send(7)
    publisher.send(8)
    subscriber.downstream.paused = False
    feed.refresh(2.0)
    publisher.send(9)
    first, second, third = subscriber.sequences
    again = subscriber.downstream.repeat(third, 2.0)
    assert again is not None
    assert bytes(again) == subscriber.packets[2]
    assert subscriber.downstream.repeat(second, 2.0) is None
    assert subscriber.downstream.repeat(first, 2.0) is None


def test_sender_reports_follow_the_subscribers_timestamps():
    feed = Feed("anna", "video")
    subscriber, publisher = Subscriber(feed), Publisher(feed)
    publisher.send(5, now=1.0)
    Publisher(feed, ssrc=78).send(50, now=2.0, timestamp=1_000_000)
    report = rtcp.SenderReport(ssrc=78, ntp=9 << 32, rtp=1_000_500, packets=1, octets=1)
    translated = subscriber.downstream.translate(report, 2.0)
    assert translated.ssrc == 444
    assert translated.ntp == report.ntp
    assert (translated.rtp - subscriber.timestamps[1]) & 0xFFFFFFFF == 500
    assert translated.packets == 2


def test_loss_is_reported_since_the_last_report():
    feed = Feed("anna", "video")
    publisher = Publisher(feed)
    for number in (0, 1, 2, 4, 5, 6, 8, 9):
        publisher.send(number)
    block = publisher.track.report(1.0)
    assert block is not None
    assert block.lost == 2
    assert block.fraction_lost == 2 * 256 // 10
    publisher.send(10)
    block = publisher.track.report(2.0)
    assert block is not None
    assert (block.fraction_lost, block.lost, block.highest & 0xFFFF) == (0, 2, 10)
