"""A picture in several sizes, as one subscriber gets it: no network, no encryption."""

from __future__ import annotations

import itertools
import math
import random
import struct
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.media.embedded import rtcp, rtp, track, vp8
from projectdesk.media.embedded._aiortc_seam import SrtpBuffer
from projectdesk.media.embedded.downstream import Downstream
from projectdesk.media.embedded.feed import LAYER_SILENT_S, Feed
from projectdesk.media.embedded.limits import KEY_FRAME_INTERVAL_S
from projectdesk.media.embedded.track import Track

RATE = 90_000
FRAME_S = 0.1


@pytest.fixture(autouse=True)
def in_clear(monkeypatch):
    """Leave packets as they are where they would be encrypted."""
    monkeypatch.setattr(track, "protect", lambda session, address, length: 0)


class LayerSource:
    """One layer of a publisher: numbers, times and frame numbers of its own."""

    def __init__(self, feed: Feed, rank: int, chance: random.Random) -> None:
        self.rank = rank
        self.height = 180 << rank
        self.asked = 0
        self.lost: set[int] = set()
        self.inbox = SrtpBuffer(4096)
        self.number = chance.randrange(0x10000)
        self.time = chance.randrange(1 << 32)
        self.picture = chance.randrange(0x8000)
        self.base = chance.randrange(0x100)
        self.wants_key = True
        self.kept: list[bytes] = []
        self.track = Track(
            feed,
            100 + rank,
            payload_types=(96, 96),
            clock_rate=RATE,
            actions=rtp.extension_actions({}),
            buffers=(self.inbox, SrtpBuffer(4096)),
            ask_key_frame=self._asked,
            rid="qhf"[rank],
            rank=rank,
        )
        self.track.received_at = 0.0
        feed.add(self.track, 0.0)

    def _asked(self, _: Track) -> None:
        self.asked += 1
        self.wants_key = True

    def timestamp(self, now: float) -> int:
        return (self.time + round(now * RATE)) & 0xFFFFFFFF

    def frame(self, now: float, packets: int, lost: frozenset[int] = frozenset()) -> None:
        """Send one frame; the packets at the places `lost` do not come now."""
        key, self.wants_key = self.wants_key, False
        self.picture = (self.picture + 1) & 0x7FFF
        self.base = (self.base + 1) & 0xFF
        for place in range(packets):
            self.number += 1
            first = place == 0
            data = struct.pack(
                "!BBHII",
                0x80,
                96 | (0x80 if place == packets - 1 else 0),
                self.number & 0xFFFF,
                self.timestamp(now),
                self.track.ssrc,
            )
            data += bytes((0x90 if first else 0x80, 0xE0, 0x80 | self.picture >> 8))
            data += bytes((self.picture & 0xFF, self.base, 0))
            if first and key:
                data += b"\x10\0\0\x9d\x01\x2a" + struct.pack("<HH", 320 << self.rank, self.height)
            else:
                data += b"\x01" + bytes(9)
            data += struct.pack("!BIB", self.rank, self.number, key)
            self.kept.append(data)
            if place in lost:
                self.lost.add(self.number)
            else:
                self.deliver(data, now)

    def deliver(self, data: bytes, now: float) -> None:
        self.inbox.bytes[: len(data)] = data
        self.track.receive(len(data), now)


@dataclass(frozen=True)
class Got:
    """A packet as the subscriber reads it."""

    number: int
    time: int
    picture: int
    base: int
    layer: int
    original: int
    key: bool
    bytes: bytes


def read(packet: bytes) -> Got:
    start = rtp.payload_offset(packet, len(packet))
    numbers = vp8.read_numbers(packet, start, len(packet))
    assert numbers is not None
    layer, original, key = struct.unpack("!BIB", packet[-6:])
    number, time, _ = rtp.SEQUENCE_TIME_SSRC.unpack_from(packet, 2)
    return Got(number, time, numbers.picture, numbers.layer, layer, original, bool(key), packet)


class Call:
    """A publisher of three layers and one subscriber."""

    def __init__(self, seed: int, *, repairs: bool = True) -> None:
        chance = random.Random(seed)
        self.feed = Feed("anna", "video")
        self.layers = [LayerSource(self.feed, rank, chance) for rank in range(3)]
        self.got: list[Got] = []
        self.now = 0.0
        self.one = Downstream(444, 555 if repairs else None, RATE)
        self.one.ready = True
        self.one.send = self._take
        self.feed.downstreams.append(self.one)
        self.feed.refresh(0.0)

    def _take(self, packet: memoryview, peer: object) -> int:
        self.got.append(read(bytes(packet)))
        return len(packet)

    def want(self, layer: int) -> None:
        self.one.layer = layer
        self.feed.refresh(self.now)

    def frames(
        self, count: int = 1, *, packets: int = 2, silent: frozenset[int] = frozenset(),
        lost: frozenset[int] = frozenset(),
    ) -> None:  # fmt: skip
        for _ in range(count):
            self.now += FRAME_S
            for source in self.layers:
                if source.rank not in silent:
                    source.frame(self.now, packets, lost)
            for source in self.layers:
                source.track.send_due(self.now)
            self.feed.settle(self.now)

    def report(self) -> None:
        """Let all layers say which timestamp stands for now."""
        for source in self.layers:
            ntp = int((1_000_000 + self.now) * (1 << 32))
            stamp = source.timestamp(self.now)
            source.track.note_report(rtcp.SenderReport(1, ntp, stamp, 1, 1), self.now)


def ahead(later: int, earlier: int, bits: int) -> int:
    """Return how far a number that wraps is after another."""
    half = 1 << (bits - 1)
    return ((later - earlier + half) & ((1 << bits) - 1)) - half


def check_order(call: Call) -> None:
    """What the subscriber got is one stream, whichever layers it came from."""
    lost = set().union(*({(s.rank, n) for n in s.lost} for s in call.layers))
    lost_count = len(lost)
    start = call.got[0].number if call.got else 0
    ordered = sorted(call.got, key=lambda one: ahead(one.number, start, 16))
    gaps = 0
    frames: dict[int, tuple[int, int]] = {}
    for before, after in itertools.pairwise(ordered):
        step = ahead(after.number, before.number, 16)
        assert step >= 1
        gaps += step - 1
        assert ahead(after.time, before.time, 32) >= 0
        assert 0 <= ahead(after.picture, before.picture, 15) <= 1 + lost_count
        assert 0 <= ahead(after.base, before.base, 8) <= 1 + lost_count
        if after.layer != before.layer:
            assert after.key, "another layer begins with a key frame"
            assert after.time != before.time, "a frame of another layer is another frame"
            assert after.picture != before.picture
        assert frames.setdefault(after.time, (after.layer, after.picture)) == (
            after.layer,
            after.picture,
        )
    assert gaps <= lost_count, "no gap but of what was lost on the way in"


steps = st.lists(
    st.one_of(
        st.tuples(st.just("frames"), st.integers(1, 4)),
        st.tuples(st.just("lose"), st.integers(0, 2)),
        st.tuples(st.just("layer"), st.integers(0, 2)),
        st.tuples(st.just("silent"), st.integers(0, 2)),
        st.tuples(st.just("late"), st.integers(1, 8)),
        st.tuples(st.just("nack"), st.integers(0, 30)),
        st.tuples(st.just("report"), st.just(0)),
        st.tuples(st.just("pause"), st.integers(0, 1)),
    ),
    min_size=15,
    max_size=40,
)


@given(st.integers(0, 1 << 30), steps, st.booleans())
def test_the_subscriber_sees_one_stream_whatever_is_switched_or_lost(seed, script, repairs):
    call = Call(seed, repairs=repairs)
    contents: dict[int, bytes] = {}
    repeats: dict[int, bytes] = {}
    for step, value in script:
        if step == "frames":
            call.frames(value, packets=value)
        elif step == "lose":
            call.frames(packets=3, lost=frozenset({value}))
        elif step == "layer":
            call.want(value)
        elif step == "silent":
            call.frames(int(LAYER_SILENT_S / FRAME_S) + 2, silent=frozenset({value}))
        elif step == "late":
            for source in call.layers:
                if source.kept:
                    source.deliver(source.kept[-min(value, len(source.kept))], call.now)
        elif step == "nack" and call.got:
            again = call.one.repeat((call.got[-1].number - value) & 0xFFFF, call.now)
            if again is not None:
                key = int.from_bytes(again[2:4], "big")
                kept = repeats if repairs else contents
                assert kept.setdefault(key, bytes(again)) == again
        elif step == "report":
            call.report()
        elif step == "pause":
            call.one.paused = bool(value)
            call.feed.refresh(call.now)
        for one in call.got:
            assert contents.setdefault(one.number, one.bytes) == one.bytes
    check_order(call)


def test_who_joins_at_a_key_frame_that_came_late_gets_what_followed_it():
    call = Call(0)
    call.frames()
    call.want(1)
    large = call.layers[1]
    call.frames(packets=3, lost=frozenset({0}))
    call.frames(packets=2)
    assert {one.layer for one in call.got} == {0}
    sent = call.one.packets
    large.deliver(large.kept[-5], call.now)
    late = [one for one in call.got if one.layer == 1]
    assert late[0].key
    assert [one.original for one in late] == list(range(large.number - 4, large.number + 1))
    assert call.one.packets == sent + 5
    call.frames()
    check_order(call)


@given(
    st.integers(0, 1 << 30),
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3)), min_size=10, max_size=25),
)
def test_without_loss_switching_leaves_no_gap(seed, script):
    call = Call(seed)
    for layer, packets in script:
        call.want(layer)
        call.frames(2, packets=packets)
    # Requests are held back, so that quick changes may bring nothing: what is wanted last comes.
    call.frames(2 + math.ceil(KEY_FRAME_INTERVAL_S / FRAME_S))
    check_order(call)
    assert call.got[-1].layer == script[-1][0]
    assert ahead(call.got[-1].number, call.got[0].number, 16) == len(call.got) - 1


def test_a_lost_number_never_brings_what_the_layer_before_sent_since():
    call = Call(10, repairs=False)
    call.frames(4)
    call.want(1)
    call.frames(1)
    assert call.got[-1].layer == 1
    last = call.got[-1].number
    for source in call.layers:
        source.frame(call.now + FRAME_S, 3, frozenset({0} if source.rank == 1 else ()))
    assert call.got[-1].number == (last + 3) & 0xFFFF
    assert call.one.repeat((last + 1) & 0xFFFF, call.now) is None


def test_a_layer_is_left_only_when_the_other_has_a_key_frame():
    call = Call(1)
    call.frames(5)
    assert {one.layer for one in call.got} == {0}
    call.layers[2].wants_key = False
    asked = call.layers[2].asked
    call.want(2)
    assert call.layers[2].asked == asked + 1
    call.layers[2].wants_key = False  # the publisher takes its time
    call.frames(3)
    assert call.got[-1].layer == 0
    call.layers[2].wants_key = True
    call.frames(2)
    assert call.got[-1].layer == 2
    assert call.layers[2].track.height == 720
    check_order(call)


def test_a_request_for_a_key_frame_that_is_lost_is_repeated():
    call = Call(2)
    call.frames(3)
    call.want(1)
    for _ in range(60):
        call.layers[1].wants_key = False
        call.frames()
    assert call.layers[1].asked >= 3


def test_who_waits_for_a_layer_that_falls_silent_goes_on_with_the_next_smaller():
    call = Call(3)
    call.want(2)
    call.frames(3)
    assert call.got[-1].layer == 2
    call.frames(40, silent=frozenset({2}))
    assert call.got[-1].layer == 1
    call.frames(40, silent=frozenset({1, 2}))
    assert call.got[-1].layer == 0
    call.frames(40)
    assert call.got[-1].layer == 2
    check_order(call)


def test_where_only_the_largest_flows_everybody_gets_it():
    call = Call(4)
    call.want(0)
    call.frames(40, silent=frozenset({0, 1}))
    assert call.got[-1].layer == 2


def test_layers_listed_largest_first_are_known_by_their_heights():
    feed = Feed("anna", "video")
    chance = random.Random(5)
    sources = [LayerSource(feed, rank, chance) for rank in range(3)]
    for source in sources:
        source.track.rank = 2 - source.rank
    for source in sources:
        source.frame(0.04, 1)
    assert [one.height for one in feed.layers] == [180, 360, 720]


def test_reports_keep_picture_and_sound_together_over_a_switch():
    call = Call(6)
    call.frames(10)
    call.report()
    before = call.got[-1]
    call.now += 0.013  # the other layer's packets come a little later
    call.want(2)
    call.frames(2)
    first = next(one for one in call.got if one.layer == 2)
    expected = round((FRAME_S + 0.013) * RATE)
    assert abs(ahead(first.time, before.time, 32) - expected) <= 1  # of rounding
    report = rtcp.SenderReport(1, 0, call.layers[2].timestamp(call.now), 1, 1)
    assert call.one.translate(report, call.now).rtp == call.got[-1].time


def test_what_the_layer_before_lost_can_still_be_asked_for():
    call = Call(7)
    call.frames(4)
    missing = call.got[-1]
    call.want(2)
    call.frames(2)
    assert call.got[-1].layer == 2
    again = call.one.repeat(missing.number, call.now)
    assert again is not None
    start = rtp.payload_offset(again, len(again))
    size = rtp.unwrap_retransmission(again, len(again), start, 96, 444)
    assert read(bytes(again[:size])).picture == missing.picture


def test_a_publisher_that_rebuilds_goes_on_at_a_key_frame():
    call = Call(8)
    call.want(1)
    call.frames(5)
    chance = random.Random(9)
    call.layers = [LayerSource(call.feed, rank, chance) for rank in range(3)]
    for source in call.layers:
        source.track.received_at = call.now
    call.feed.refresh(call.now)
    call.frames(3)
    assert call.got[-1].layer == 1
    check_order(call)
