"""VP9 and H.264: what is read of packets that real encoders made, and of any bytes."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from fractions import Fraction
from typing import cast

import av
import pytest
from aiortc.codecs.h264 import H264Encoder
from hypothesis import example, given
from hypothesis import strategies as st

from projectdesk.media.embedded import codecs, h264, rtp, vp8, vp9
from projectdesk.media.embedded import track as track_module
from projectdesk.media.embedded._aiortc_seam import SrtpBuffer
from projectdesk.media.embedded.agreement import BACK_AFTER_S, CodecAgreement
from projectdesk.media.embedded.description import LocalSection, LocalTransport, write_description
from projectdesk.media.embedded.downstream import Downstream
from projectdesk.media.embedded.feed import Feed
from projectdesk.media.embedded.sdp import Codec, Section, parse_description
from projectdesk.media.embedded.tape import Tape
from projectdesk.media.embedded.track import Track

# I, B, E and V... as Chromium sends: PictureID 0x1234, no layers but TL0PICIDX 0x56.
NUMBERED = bytes((0xA8, 0x92, 0x34, 0x00, 0x56))
FOLLOWING = bytes((0xE8, 0x92, 0x35, 0x00, 0x57))
FLEXIBLE = bytes((0xF8, 0x92, 0x35, 0x00, 0x03, 0x04))
"""Two references to earlier frames, no TL0PICIDX."""

STRUCTURE = bytes((0x18, 0x01, 0x40, 0x00, 0xB4, 0x02, 0x04, 0x01, 0x14, 0x01))
"""One layer of 320x180; a group of two pictures, each with one reference."""


def pictures(codec: str, size: tuple[int, int], **options: str) -> Iterator[bytes]:
    """Yield three coded pictures: a key picture and two that follow it."""
    encoder = cast(av.VideoCodecContext, av.CodecContext.create(codec, "w"))
    encoder.width, encoder.height = size
    encoder.pix_fmt, encoder.time_base = "yuv420p", Fraction(1, 25)
    encoder.options = options
    for number in range(3):
        frame = av.VideoFrame(*size, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([40 * number]) * plane.buffer_size)
        frame.pts = number
        yield from (bytes(packet) for packet in encoder.encode(frame))
    yield from (bytes(packet) for packet in encoder.encode(None))


@pytest.fixture(scope="module")
def vp9_pictures() -> list[bytes]:
    return list(pictures("libvpx-vp9", (322, 178), deadline="realtime", **{"lag-in-frames": "0"}))


@pytest.fixture(scope="module")
def h264_packets() -> list[list[bytes]]:
    """Return the payloads of three pictures as aiortc sends them; the first is an IDR picture."""
    encoder = H264Encoder()
    made = []
    for number in range(3):
        frame = av.VideoFrame(322, 178, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([40 * number]) * plane.buffer_size)
        frame.pts, frame.time_base = number * 3600, Fraction(1, 90000)
        made.append(encoder.encode(frame)[0])
    return made


@pytest.mark.parametrize("descriptor", [NUMBERED, bytes((0xAA,)) + NUMBERED[1:] + STRUCTURE])
def test_a_key_picture_of_libvpx_is_entered_and_measured(vp9_pictures, descriptor):
    first, *others = vp9_pictures
    packet = b"head" + descriptor + first
    assert vp9.starts_key_frame(packet, 4, len(packet))
    assert vp9.read_size(packet, 4, len(packet)) == (322, 178)
    assert vp9.payload_start(packet, 4, len(packet)) == len(packet) - len(first)
    for other in others:
        for later in (FOLLOWING + other, NUMBERED + other, FLEXIBLE + other):
            assert not vp9.starts_key_frame(later, 0, len(later))
    middle = bytes((descriptor[0] & ~0x08,)) + descriptor[1:] + first
    assert not vp9.starts_key_frame(middle, 0, len(middle))


def test_an_upper_spatial_layer_is_no_entrance(vp9_pictures):
    upper = bytearray(NUMBERED + vp9_pictures[0])
    upper[3] = 0x02
    assert not vp9.starts_key_frame(upper, 0, len(upper))


def test_numbers_of_vp9_stand_where_they_are_shifted():
    assert vp9.read_numbers(NUMBERED + b"x", 0, 6) == (1, 0x1234, True, 4, 0x56)
    assert vp9.read_numbers(FLEXIBLE + b"x", 0, 7) == (1, 0x1235, True, 0, 0)
    assert vp9.read_numbers(b"\x88\x12x", 0, 3) == (1, 0x12, False, 0, 0)
    assert vp9.read_numbers(b"\x08x", 0, 2) is None
    for cut in range(len(FLEXIBLE) + 1):
        assert vp9.read_numbers(FLEXIBLE, 0, cut) is None


@given(st.integers(0, 0x7FFF), st.integers(0, 0xFF))
def test_shifted_numbers_of_vp9_read_back_and_nothing_else_changes(picture, layer):
    packet = bytearray(NUMBERED + STRUCTURE)
    numbers = vp9.read_numbers(packet, 0, len(packet))
    assert numbers is not None
    vp8.shift_numbers(packet, numbers, picture, layer)
    again = vp9.read_numbers(packet, 0, len(packet))
    assert again is not None
    assert (again.picture, again.layer) == ((0x1234 + picture) & 0x7FFF, (0x56 + layer) & 0xFF)
    assert packet[0] == NUMBERED[0]
    assert packet[3] == NUMBERED[3]
    assert packet[5:] == STRUCTURE


def test_an_idr_picture_of_x264_is_entered_and_measured(h264_packets):
    first, *others = h264_packets
    entrances = [h264.starts_key_frame(payload, 0, len(payload)) for payload in first]
    assert entrances == [True, *[False] * (len(first) - 1)]
    assert h264.read_size(first[0], 0, len(first[0])) == (322, 178)
    for payload in (payload for picture in others for payload in picture):
        assert not h264.starts_key_frame(payload, 0, len(payload))
        assert h264.read_size(payload, 0, len(payload)) is None


def test_a_parameter_set_alone_and_of_a_higher_profile_is_measured():
    stream = next(pictures("libx264", (642, 362), profile="high", preset="veryfast"))
    units = stream.replace(b"\0\0\0\x01", b"\0\0\x01").split(b"\0\0\x01")
    alone = next(unit for unit in units if unit and unit[0] & 0x1F == 7)
    assert h264.starts_key_frame(alone, 0, len(alone))
    assert h264.read_size(alone, 0, len(alone)) == (642, 362)
    assert alone[1] == 100
    assert all(h264.read_size(alone, 0, cut) is None for cut in range(6))


def test_pieces_of_an_idr_picture_are_no_entrance():
    for payload in (
        b"\x7c\x85xx",
        b"\x7c\x45xx",
        b"\x65xx",
        b"\x78\x00\x02\x68\x01",
        b"\x78\xff\xff\x67",
    ):
        assert not h264.starts_key_frame(payload, 0, len(payload))


@given(st.binary(max_size=60), st.integers(0, 22), st.sampled_from(list(codecs.CODECS.values())))
@example(b"\x67" + bytes(40), 0, codecs.CODECS["h264"])
@example(b"\xff" * 40, 0, codecs.CODECS["vp9"])
def test_any_bytes_are_read_within_their_end(data, start, codec):
    start = min(start, len(data))
    begins = codec.starts_key_frame(data, start, len(data))
    assert begins in (True, False)
    size = codec.read_size(data, start, len(data))
    assert size is None or (0 <= size[0] <= 0x10000 and 0 <= size[1] <= 0x10000)
    numbers = codec.read_numbers(data, start, len(data))
    if numbers is not None:
        packet = bytearray(data)
        vp8.shift_numbers(packet, numbers, 0x123, 1)
        assert len(packet) == len(data)
        assert packet[:start] == data[:start]
        vp8.shift_numbers(packet, numbers, 0, 0)
        assert packet == data or not numbers.wide  # a narrow number keeps its top bit clear


def test_a_remembered_packet_tells_what_it_is():
    for known, descriptor in (
        (codecs.CODECS["vp8"], b"\x90\x80\x92\x34\x10"),
        (codecs.CODECS["vp9"], NUMBERED + b"x"),
    ):
        head = rtp.FIXED_HEADER.pack(0x80, known.offered.payload_type, 1, 2, 3)
        numbers = codecs.read_numbers(head + descriptor, len(head), len(head + descriptor))
        assert numbers is not None
        assert numbers.picture == 0x1234
        assert codecs.repeating_type(head) == known.again.payload_type
        assert known.again.repeats == known.offered.payload_type
    sound = struct.pack("!BBHII", 0x80, 111, 1, 2, 3)
    assert codecs.read_numbers(sound + NUMBERED + b"x", 12, 18) is None


@pytest.fixture
def changing(monkeypatch: pytest.MonkeyPatch) -> tuple[Track, Downstream, list[bytes]]:
    """Return a picture that may come in VP8 or VP9, who gets it, and what that one got."""
    monkeypatch.setattr(track_module, "protect", lambda session, address, length: 0)
    feed, got = Feed("anna", "video"), []
    track = Track(
        feed,
        1,
        payload_types=(120, 96),
        clock_rate=90_000,
        actions=rtp.extension_actions({}),
        buffers=(SrtpBuffer(4096), SrtpBuffer(4096)),
        ask_key_frame=lambda _: None,
        codecs={120: codecs.CODECS["vp8"], 121: codecs.CODECS["vp9"]},
    )
    one = Downstream(7, 8, 90_000)
    one.ready = True

    def take(data: memoryview, peer: object) -> int:
        got.append(bytes(data))
        return len(data)

    one.send = take
    feed.add(track, 0.0)
    feed.downstreams.append(one)
    feed.refresh(0.0)
    return track, one, got


def deliver(track: Track, payload_type: int, number: int, payload: bytes) -> bool:
    data = rtp.FIXED_HEADER.pack(0x80, payload_type, number, 3000 * number, 1) + payload
    track._inbox.bytes[: len(data)] = data
    return track.receive(len(data), number / 30)


def test_a_publisher_changes_its_codec_within_one_stream(changing, vp9_pictures):
    track, one, got = changing
    plain = b"\x90\x80\x80\x01" + b"\x10\0\0\x9d\x01\x2a" + bytes(8)
    assert deliver(track, 120, 10, plain)
    assert deliver(track, 121, 12, NUMBERED + vp9_pictures[0])
    assert track.codec.name == "vp9"
    assert deliver(track, 120, 11, plain), "what was sent before the change may come late"
    assert not deliver(track, 35, 13, plain)
    assert deliver(track, 121, 13, FOLLOWING + vp9_pictures[1])
    assert [packet[1] & 0x7F for packet in got] == [96, 98, 96, 98]
    numbers = [int.from_bytes(packet[2:4], "big") for packet in got]
    assert [number - numbers[0] for number in numbers] == [0, 2, 1, 3]
    again = [one.repeat(number, 1.0) for number in sorted(numbers)]
    assert [packet[1] & 0x7F for packet in again if packet] == [97, 97, 99, 99]


def test_a_recording_takes_pictures_in_vp8_alone(changing, vp9_pictures):
    track, _, _ = changing
    tape = Tape(lambda _: None)
    deliver(track, 121, 10, NUMBERED + vp9_pictures[0])
    tape.take(track, got_packet := track.remembered(track.highest) or b"", 12, 0.0)
    assert got_packet
    assert not tape._batch
    deliver(track, 120, 11, b"\x90\x80\x80\x01\x10")
    tape.take(track, track.remembered(track.highest) or b"", 12, 0.0)
    assert len(tape._batch) == 1


# --- what is agreed -------------------------------------------------------------------------------


def offered_picture(*described: Codec) -> Section:
    transport = LocalTransport("user", "p" * 22, ":".join(["AB"] * 32), ())
    section = LocalSection("video", "0", "sendonly", described)
    text = write_description([section], transport, version=1, setup="actpass")
    return parse_description(text).sections[0]


EVERYTHING = (
    Codec(120, "VP8", 90000), Codec(124, "rtx", 90000, parameters="apt=120"),
    Codec(41, "H264", 90000, parameters="packetization-mode=0;profile-level-id=42e01f"),
    Codec(43, "H264", 90000, parameters="packetization-mode=1;profile-level-id=64001f"),
    Codec(42, "H264", 90000, parameters="packetization-mode=1; profile-level-id=42E01F"),
    Codec(35, "VP9", 90000, parameters="profile-id=2"),
    Codec(121, "VP9", 90000, parameters="profile-id=0"),
    Codec(125, "rtx", 90000, parameters="apt=121"),
)  # fmt: skip


def test_an_answer_names_what_is_best_and_vp8_after_it():
    section = offered_picture(*EVERYTHING)
    assert {n: c.payload_type for n, c in codecs.described(section).items()} == {
        "vp8": 120, "h264": 42, "vp9": 121,
    }  # fmt: skip

    def types(*names: str) -> list[int]:
        return [codec.payload_type for codec in codecs.answered(section, names)]

    assert types("vp9", "h264", "vp8") == [121, 125, 120, 124]
    assert types("h264", "vp8") == [42, 120, 124]
    assert types("vp8") == [120, 124]
    plain = offered_picture(*EVERYTHING[:2])
    assert [c.payload_type for c in codecs.answered(plain, ("vp9", "vp8"))] == [120, 124]


def test_who_lacks_a_codec_takes_it_from_all_and_it_comes_back_after_a_while():
    agreement = CodecAgreement(["vp9", "h264"])
    assert agreement.agreed == ("vp9", "h264", "vp8")
    everything = frozenset(("vp8", "vp9", "h264"))
    assert not agreement.settle([everything, None], (), 1.0)
    assert agreement.settle([everything, frozenset(("vp8",))], (), 2.0)
    assert agreement.agreed == ("vp8",)
    assert not agreement.settle([everything], (), 2.0 + BACK_AFTER_S - 0.1)
    assert agreement.settle([everything], (), 2.0 + BACK_AFTER_S)
    assert agreement.agreed == ("vp9", "h264", "vp8")
    assert agreement.settle([everything], ("h264",), 30.0)
    assert agreement.agreed == ("vp9", "vp8")
    assert CodecAgreement(["vp8"]).agreed == ("vp8",)
