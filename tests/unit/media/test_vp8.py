from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from projectdesk.media.embedded import vp8

# First octet with X and S, I and L set, PictureID 0x1234 (15 bits), TL0PICIDX 0x56; TID follows.
DESCRIPTOR = bytes((0x90, 0xE0, 0x92, 0x34, 0x56, 0x20))
KEY = bytes((0x10, 0x02, 0x00)) + b"\x9d\x01\x2a" + bytes((0x80, 0x02, 0x68, 0x41))


def test_a_key_frame_and_its_size_are_seen():
    packet = DESCRIPTOR + KEY
    assert vp8.starts_key_frame(packet, 0, len(packet))
    assert vp8.read_size(packet, 0, len(packet)) == (640, 0x168)


def test_what_follows_a_key_frames_first_packet_starts_none():
    later = bytes((0x80,)) + DESCRIPTOR[1:] + KEY
    assert not vp8.starts_key_frame(later, 0, len(later))
    difference = DESCRIPTOR + bytes((0x11,)) + KEY[1:]
    assert not vp8.starts_key_frame(difference, 0, len(difference))
    second_partition = bytes((0x91,)) + DESCRIPTOR[1:] + KEY
    assert not vp8.starts_key_frame(second_partition, 0, len(second_partition))


def test_frame_numbers_are_read_where_they_stand():
    packet = b"head" + DESCRIPTOR + KEY
    assert vp8.read_numbers(packet, 4, len(packet)) == (6, 0x1234, True, 8, 0x56)
    narrow = bytes((0x90, 0x80, 0x12)) + KEY
    assert vp8.read_numbers(narrow, 0, len(narrow)) == (2, 0x12, False, 0, 0)
    plain = bytes((0x10,)) + KEY
    assert vp8.read_numbers(plain, 0, len(plain)) is None
    assert vp8.starts_key_frame(plain, 0, len(plain))


@given(st.integers(0, 0x7FFF), st.integers(0, 0xFF))
def test_shifted_numbers_read_back_and_nothing_else_changes(picture, layer):
    packet = bytearray(DESCRIPTOR + KEY)
    numbers = vp8.read_numbers(packet, 0, len(packet))
    assert numbers is not None
    vp8.shift_numbers(packet, numbers, picture, layer)
    again = vp8.read_numbers(packet, 0, len(packet))
    assert again is not None
    assert again.picture == (0x1234 + picture) & 0x7FFF
    assert again.layer == (0x56 + layer) & 0xFF
    assert again.wide
    assert packet[:2] == DESCRIPTOR[:2]
    assert packet[5:] == DESCRIPTOR[5:] + KEY


@given(st.binary(max_size=20), st.integers(0, 22), st.integers(0, 0x7FFF))
@example(b"\xff\xff\xff", 0, 5)
def test_any_bytes_are_read_within_their_end(data, start, offset):
    stop = len(data)
    start = min(start, stop)
    vp8.starts_key_frame(data, start, stop)
    vp8.read_size(data, start, stop)
    numbers = vp8.read_numbers(data, start, stop)
    if numbers is not None:
        packet = bytearray(data)
        vp8.shift_numbers(packet, numbers, offset, 1)
        assert len(packet) == len(data)
        assert packet[:start] == data[:start]
