from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.media.embedded import rtp

ACTIONS = rtp.extension_actions(
    {
        2: rtp.URI_AUDIO_LEVEL,
        3: rtp.URI_SEND_TIME,
        4: rtp.URI_TRANSPORT_SEQUENCE,
        5: rtp.URI_MID,
        7: rtp.URI_ORIENTATION,
    }
)


def make_packet(extensions: list[tuple[int, bytes]], payload: bytes = b"payload") -> bytearray:
    body = b"".join(bytes([number << 4 | len(value) - 1]) + value for number, value in extensions)
    body += bytes(-len(body) % 4)
    header = struct.pack("!BBHII", 0x90, 111, 1, 2, 3)
    return bytearray(header + struct.pack("!HH", 0xBEDE, len(body) // 4) + body + payload)


def extensions_of(packet: bytearray) -> dict[int, bytes]:
    stop = rtp.payload_offset(packet, len(packet))
    found = {number: rtp.read_extension(packet, stop, number) for number in range(1, 15)}
    return {number: value for number, value in found.items() if value is not None}


def test_extensions_get_canonical_ids_and_the_rest_is_blanked():
    packet = make_packet([(5, b"0"), (2, b"\x85"), (3, b"abc"), (4, b"\x01\x02"), (9, b"zz")])
    stop = rtp.payload_offset(packet, len(packet))
    level, sequence, slot = rtp.canonicalise(packet, stop, ACTIONS, 0x123456)
    assert (level, sequence) == (5, 0x0102)
    assert extensions_of(packet) == {
        rtp.AUDIO_LEVEL: b"\x85",
        rtp.SEND_TIME: b"\x124V",
        rtp.TRANSPORT_SEQUENCE: b"\0\0",
    }
    packet[slot : slot + 2] = b"\x07\x08"
    assert extensions_of(packet)[rtp.TRANSPORT_SEQUENCE] == b"\x07\x08"
    assert rtp.find_slot(packet, stop) == slot
    assert packet[stop:] == b"payload"


def test_the_orientation_of_a_phone_is_forwarded():
    packet = make_packet([(7, b"\x02")])
    rtp.canonicalise(packet, rtp.payload_offset(packet, len(packet)), ACTIONS, 0)
    assert extensions_of(packet) == {rtp.ORIENTATION: b"\x02"}


def test_the_two_byte_form_is_blanked_whole():
    packet = make_packet([(2, b"\x05"), (5, b"0")])
    packet[12:14] = b"\x10\x00"
    rtp.canonicalise(packet, rtp.payload_offset(packet, len(packet)), ACTIONS, 0)
    assert extensions_of(packet) == {}


def test_ids_of_the_two_byte_form_are_never_taken():
    assert rtp.extension_actions({15: rtp.URI_MID, 20: rtp.URI_AUDIO_LEVEL}) == (rtp.BLANK,) * 16


@given(st.binary(max_size=120), st.integers(0, 0xFFFFFF))
def test_any_bytes_are_canonicalised_without_growing(data, send_time):
    packet = bytearray(data)
    stop = rtp.payload_offset(packet, len(packet))
    if stop:
        payload = bytes(packet[stop:])
        rtp.canonicalise(packet, stop, ACTIONS, send_time)
        assert len(packet) == len(data)
        assert packet[stop:] == payload
        allowed = {rtp.AUDIO_LEVEL, rtp.SEND_TIME, rtp.ORIENTATION, rtp.TRANSPORT_SEQUENCE}
        assert set(extensions_of(packet)) <= allowed


@given(st.binary(max_size=120), st.binary(min_size=2, max_size=2))
def test_room_for_a_number_is_made_where_there_is_none(data, number):
    packet = bytearray(data)
    stop = rtp.payload_offset(packet, len(packet))
    if stop and not rtp.canonicalise(packet, stop, ACTIONS, 0)[2]:
        roomy, slot = rtp.add_slot(bytes(packet), stop)
        start = rtp.payload_offset(roomy, len(roomy))
        assert roomy[start:] == packet[stop:]
        assert roomy[2:12] == packet[2:12]
        assert rtp.find_slot(roomy, start) == slot
        filled = bytearray(roomy)
        filled[slot : slot + 2] = number
        before = extensions_of(packet)
        assert extensions_of(filled) == {**before, rtp.TRANSPORT_SEQUENCE: number}


@given(st.binary(min_size=12, max_size=80), st.integers(0, 80))
def test_payload_offset_never_points_outside(data, size):
    size = min(size, len(data))
    assert 0 <= rtp.payload_offset(data, size) <= size


@given(st.integers(0, 1 << 40), st.integers(-0x7FFF, 0x7FFF))
def test_extending_finds_the_nearest_number(reference, distance):
    number = reference + distance
    assert rtp.extend_sequence(number & 0xFFFF, reference) == number


@given(st.binary(min_size=1, max_size=60), st.integers(0, 0xFFFF), st.booleans())
def test_a_retransmission_unwraps_to_what_was_wrapped(payload, sequence, extended):
    original = make_packet([(2, b"\x05")] if extended else [], payload)
    original[2:4] = sequence.to_bytes(2, "big")
    start = rtp.payload_offset(original, len(original))
    again = rtp.wrap_retransmission(bytes(original), start, 97, 4711, 99)
    assert again[1] & 0x7F == 97
    assert int.from_bytes(again[2:4], "big") == 4711
    assert int.from_bytes(again[8:12], "big") == 99
    size = rtp.unwrap_retransmission(again, len(again), start, 111, 3)
    assert bytes(again[:size]) == bytes(original)


def test_padding_that_probes_the_path_repeats_nothing():
    packet = bytearray(struct.pack("!BBHII", 0xA0, 97, 1, 2, 3) + bytes(19) + b"\x14")
    assert rtp.unwrap_retransmission(packet, len(packet), 12, 96, 3) == 0


def test_our_padding_is_padding_with_a_number():
    packet = bytearray(rtp.build_padding(97, 5, 6, 7, 0x1234))
    stop = rtp.payload_offset(packet, len(packet))
    assert rtp.read_extension(packet, stop, rtp.TRANSPORT_SEQUENCE) == b"\x12\x34"
    assert len(packet) - stop == packet[-1]
    assert rtp.unwrap_retransmission(packet, len(packet), stop, 96, 3) == 0


@pytest.mark.data
def test_real_packets_have_their_payload_where_it_is(shared_data):
    folder = shared_data / "webrtc" / "aiortc-bin"
    expected = {
        "rtp.bin": 12,
        "rtp_dtmf.bin": 12,
        "rtp_with_csrc.bin": 20,
        "rtp_only_padding.bin": 12,
        "rtp_only_padding_with_header_extensions.bin": 20,
    }
    for name, offset in expected.items():
        data = (folder / name).read_bytes()
        assert rtp.payload_offset(data, len(data)) == offset, name
    data = (folder / "rtp_with_sdes_mid.bin").read_bytes()
    stop = rtp.payload_offset(data, len(data))
    assert b"0" in {rtp.read_extension(data, stop, number) for number in range(1, 15)}
