from __future__ import annotations

import struct

from aiortc.rtp import (
    RtcpPacket,
    RtcpPsfbPacket,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    RtcpSdesPacket,
    RtcpSrPacket,
    unpack_remb_fci,
)
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.media.embedded import rtcp
from projectdesk.media.embedded.feedback import ArrivalLog


@given(st.binary(max_size=200))
def test_any_bytes_are_parsed(data):
    rtcp.parse(data)


@given(st.binary(max_size=100), st.sampled_from([200, 201, 205, 206]), st.integers(0, 31))
def test_any_body_is_parsed(body, kind, count):
    body = body[: len(body) // 4 * 4]
    rtcp.parse(struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body)


def test_a_sender_report_reads_back():
    report = rtcp.SenderReport(ssrc=1, ntp=2 << 32 | 3, rtp=4, packets=5, octets=6)
    data = rtcp.build_sender_report(report) + rtcp.build_source_description(1, "anna")
    assert rtcp.parse(data) == [report]
    theirs, names = RtcpPacket.parse(data)
    assert isinstance(theirs, RtcpSrPacket)
    assert theirs.sender_info.rtp_timestamp == 4
    assert isinstance(names, RtcpSdesPacket)


def test_a_receiver_report_reads_back():
    block = rtcp.ReportBlock(9, 25, -3, 70000, 12, 0xAABBCCDD, 65536)
    data = rtcp.build_receiver_report(1, [block])
    assert rtcp.parse(data) == [rtcp.ReceiverReport(1, (block,))]
    (theirs,) = RtcpPacket.parse(data)
    assert isinstance(theirs, RtcpRrPacket)
    assert theirs.reports[0].packets_lost == -3


@given(st.sets(st.integers(0, 300), min_size=1, max_size=80), st.integers(0, 0xFFFF))
def test_every_lost_packet_is_asked_for_once(distances, first):
    lost = [(first + distance) & 0xFFFF for distance in sorted(distances)]
    (message,) = rtcp.parse(rtcp.build_nack(1, 2, lost))
    assert isinstance(message, rtcp.Nack)
    assert sorted(message.lost) == sorted(lost)
    (theirs,) = RtcpPacket.parse(rtcp.build_nack(1, 2, lost))
    assert isinstance(theirs, RtcpRtpfbPacket)
    # aiortc counts on past 65535 where a mask crosses it.
    assert {sequence & 0xFFFF for sequence in theirs.lost} == set(lost)


def test_a_flood_of_nacks_is_cut():
    items = struct.pack("!HH", 0, 0xFFFF) * 200
    body = struct.pack("!II", 1, 2) + items
    data = struct.pack("!BBH", 0x81, 205, len(body) // 4) + body
    (message,) = rtcp.parse(data)
    assert isinstance(message, rtcp.Nack)
    assert len(message.lost) == rtcp.MAX_NACKED


def test_key_frame_requests_are_read_in_both_forms():
    assert rtcp.parse(rtcp.build_picture_loss(1, 2)) == [rtcp.KeyFrameRequest((2,))]
    fir = struct.pack("!BBHII", 0x84, 206, 4, 1, 0) + struct.pack("!IB3x", 7, 1)
    assert rtcp.parse(fir) == [rtcp.KeyFrameRequest((7,))]


@given(st.integers(0, 50_000_000))
def test_an_estimate_reads_back_to_its_precision(bits):
    data = rtcp.build_estimate(1, bits, [5, 6])
    (message,) = rtcp.parse(data)
    assert isinstance(message, rtcp.BitrateEstimate)
    assert bits * (1 - 2**-17) - 1 <= message.bits_per_second <= bits
    (theirs,) = RtcpPacket.parse(data)
    assert isinstance(theirs, RtcpPsfbPacket)
    assert unpack_remb_fci(theirs.fci) == (message.bits_per_second, [5, 6])


def parse_feedback(data: bytes) -> tuple[int, list[float | None]]:
    """Return base sequence and arrival times in seconds, as the draft describes them."""
    _, _, words, _, _, base, count = struct.unpack_from("!BBHIIHH", data)
    assert len(data) == 4 + 4 * words
    reference = int.from_bytes(data[16:19], "big")
    at = 20
    symbols: list[int] = []
    while len(symbols) < count:
        chunk = int.from_bytes(data[at : at + 2], "big")
        at += 2
        if chunk >> 15 == 0:
            symbols += [chunk >> 13 & 3] * (chunk & 0x1FFF)
        elif chunk >> 14 & 1:
            symbols += [chunk >> (12 - 2 * place) & 3 for place in range(7)]
        else:
            symbols += [chunk >> (13 - place) & 1 for place in range(14)]
    clock = reference * 0.064
    times: list[float | None] = []
    for symbol in symbols[:count]:
        if symbol == 0:
            times.append(None)
            continue
        size = 1 if symbol == 1 else 2
        clock += int.from_bytes(data[at : at + size], "big", signed=size == 2) * 0.00025
        at += size
        times.append(clock)
    return base, times


@given(
    st.integers(0, 0xFFFF),
    st.lists(st.tuples(st.integers(1, 30), st.floats(0, 0.3)), min_size=1, max_size=60),
)
def test_feedback_says_when_each_packet_arrived(first, steps):
    log = ArrivalLog(sender=1)
    number, clock = first, 1000.0
    sent: dict[int, float] = {}
    for gap, pause in steps:
        if sent:
            number += gap
            clock += pause
        log.note(number & 0xFFFF, clock)
        sent[number] = clock
    data = log.build(2)
    assert data is not None
    base, times = parse_feedback(data)
    last = max(sent)
    assert (base + len(times) - 1) & 0xFFFF == last & 0xFFFF
    for index, found in enumerate(times):
        expected = sent.get(last - len(times) + 1 + index)
        assert (found is None) == (expected is None)
        if found is not None and expected is not None:
            assert abs(found - expected) < 0.001


def test_feedback_continues_where_the_last_ended():
    log = ArrivalLog(sender=1)
    log.note(10, 5.0)
    assert log.build(2) is not None
    assert log.build(2) is None
    log.note(13, 5.1)
    data = log.build(2)
    assert data is not None
    base, times = parse_feedback(data)
    assert base == 11
    assert [time is None for time in times] == [True, True, False]
