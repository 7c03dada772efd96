from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.errors import MediaError
from projectdesk.media.embedded.description import (
    OPUS,
    VP8,
    VP8_AGAIN,
    LocalSection,
    LocalTransport,
    OutgoingStream,
    choose_codecs,
    choose_extensions,
    choose_layers,
    write_description,
)
from projectdesk.media.embedded.limits import MAX_SDP_CANDIDATES, MAX_SDP_SECTIONS
from projectdesk.media.embedded.sdp import Candidate, parse_description

TRANSPORT = LocalTransport(
    user="abcd",
    password="p" * 24,
    fingerprint=":".join(["0A"] * 32),
    candidates=(Candidate("1", 2130706431, "192.0.2.1", 40000, "host"),),
)

OFFER = """v=0
o=- 1 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1
m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9
c=IN IP4 0.0.0.0
a=candidate:1 1 udp 2113937151 6ad05b5d-a1e6-4bd3-8f4a-92ba5d6a1b0e.local 51234 typ host
a=candidate:2 1 udp 1677729535 198.51.100.7 51235 typ srflx raddr 0.0.0.0 rport 0
a=candidate:3 1 tcp 1518280447 198.51.100.7 9 typ host tcptype active
a=ice-ufrag:Wxyz
a=ice-pwd:0123456789abcdefghijklmn
a=fingerprint:sha-256 0A:0B
a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:14 urn:ietf:params:rtp-hdrext:toffset
a=sendonly
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=rtpmap:9 G722/8000
a=ssrc:11 cname:x
m=video 0 UDP/TLS/RTP/SAVPF 98 99 96 97
c=IN IP4 0.0.0.0
a=ice-ufrag:Wxyz
a=ice-pwd:0123456789abcdefghijklmn
a=fingerprint:sha-256 0A:0B
a=setup:actpass
a=mid:1
a=bundle-only
a=sendonly
a=rtcp-mux
a=rtpmap:98 VP9/90000
a=rtpmap:99 rtx/90000
a=fmtp:99 apt=98
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtcp-fb:* ccm fir
a=rtcp-fb:96 goog-lntf
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=ssrc-group:FID 21 22
a=ssrc:21 cname:x
a=ssrc:22 cname:x
""".replace("\n", "\r\n")


def code_of(text: str) -> str:
    with pytest.raises(MediaError) as caught:
        parse_description(text)
    return caught.value.code


def test_what_forwarding_needs_is_read():
    description = parse_description(OFFER)
    audio, video = description.sections
    assert (audio.kind, audio.mid, audio.direction, audio.sends) == ("audio", "0", "sendonly", True)
    assert audio.codecs[111].name == "opus"
    assert audio.codecs[111].channels == 2
    assert audio.streams == [11]
    assert video.streams == [21, 22]
    assert video.repairs == {22: 21}
    assert description.transport.user == "Wxyz"
    assert description.transport.setup == "actpass"


def test_port_zero_of_a_bundled_line_is_no_rejection():
    video = parse_description(OFFER).sections[1]
    assert not video.rejected
    assert video.sends


def test_names_and_tcp_are_no_candidates():
    assert [one.host for one in parse_description(OFFER).transport.candidates] == ["198.51.100.7"]


def test_codecs_in_common_keep_the_offerers_payload_types():
    audio, video = parse_description(OFFER).sections
    assert [codec.payload_type for codec in choose_codecs(audio)] == [111]
    vp8, again = choose_codecs(video)
    assert (vp8.payload_type, again.payload_type, again.repeats) == (96, 97, 96)
    assert set(vp8.feedback) == {"nack", "nack pli", "ccm fir"}


def test_only_extensions_that_we_use_are_taken():
    audio = parse_description(OFFER).sections[0]
    assert choose_extensions(audio) == {1: "urn:ietf:params:rtp-hdrext:ssrc-audio-level"}


def layered(attribute: str, *, codec: str = "VP8/90000", rid: bool = True) -> str:
    """Return the offer with a camera in several sizes."""
    extension = "a=extmap:9 urn:ietf:params:rtp-hdrext:sdes:mid\n"
    if rid:
        extension += "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\n"
    return OFFER.replace("VP8/90000", codec) + extension + attribute


@pytest.mark.parametrize(
    ("attribute", "layers"),
    [
        ("a=simulcast:send q;h;f", ("q", "h", "f")),
        ("a=simulcast:send q;~h", ("q", "h")),
        ("a=simulcast:recv a;b send q,x;h", ("q", "h")),
        ("a=simulcast:send 1;2;3;4", ("1", "2", "3")),
        ("a=simulcast:send q", ()),
        ("a=simulcast:recv q;h", ()),
    ],
)
def test_the_sizes_of_a_camera_are_read(attribute, layers):
    section = parse_description(layered(attribute)).sections[1]
    assert choose_layers(section, choose_codecs(section)) == layers


def test_sizes_are_taken_only_where_they_can_be_told_apart():
    section = parse_description(layered("a=simulcast:send q;h", rid=False)).sections[1]
    assert choose_layers(section, choose_codecs(section)) == ()


@pytest.mark.parametrize("listed", ["send q;q", "send q;h/e", "send ;", "send " + "a" * 17 + ";b"])
def test_odd_names_of_sizes_are_refused(listed):
    assert code_of(layered(f"a=simulcast:{listed}")) == "sdp_malformed"


def test_an_answer_takes_sizes_and_an_offer_sends_them():
    sections = [
        LocalSection("video", "0", "recvonly", (VP8,), layers=("q", "h")),
        LocalSection("video", "1", "sendonly", (VP8,), layers=("q", "h")),
    ]
    text = write_description(sections, TRANSPORT, version=1, setup="passive")
    assert "a=rid:q recv\r\na=rid:h recv\r\na=simulcast:recv q;h\r\n" in text
    assert [one.layers for one in parse_description(text).sections] == [[], ["q", "h"]]


def test_surplus_candidates_are_ignored():
    line = "a=candidate:2 1 udp 1677729535 198.51.100.{} 51235 typ host\r\n"
    extra = "".join(line.format(number) for number in range(100))
    text = OFFER.replace("a=ice-ufrag:Wxyz\r\n", extra + "a=ice-ufrag:Wxyz\r\n", 1)
    assert len(parse_description(text).transport.candidates) == MAX_SDP_CANDIDATES


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "sdp_malformed"),
        ("garbage", "sdp_malformed"),
        ("v=0\r\ngarbage", "sdp_malformed"),
        ("v=0\r\nm=audio", "sdp_malformed"),
        ("v=0\r\nm=audio x UDP/TLS/RTP/SAVPF 0", "sdp_malformed"),
        ("v=0\r\nm=audio 70000 UDP/TLS/RTP/SAVPF 0", "sdp_malformed"),
        ("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 200", "sdp_malformed"),
        ("v=0\r\n", "sdp_without_transport"),
        (OFFER.replace("ice-ufrag:Wxyz", "ice-ufrag:W"), "sdp_without_transport"),
        (OFFER.replace("ice-ufrag:Wxyz", "ice-ufrag:W xyz"), "sdp_without_transport"),
        (OFFER.replace("sha-256", "md5"), "sdp_without_transport"),
        (OFFER.replace("BUNDLE 0 1", "BUNDLE 0"), "sdp_not_bundled"),
        (OFFER.replace("a=mid:1", "a=mid:0"), "sdp_not_bundled"),
        (OFFER + "a=candidate:1 1 udp\r\n", "sdp_malformed"),
        (OFFER + "a=ssrc:99999999999 cname:x\r\n", "sdp_malformed"),
        (OFFER + "a=rtpmap:97\r\n", "sdp_malformed"),
        (OFFER + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n" * 200, "sdp_too_many_sections"),
        (OFFER + "a=x\r\n" * 60_000, "sdp_too_large"),
        ("é" * 200_000, "sdp_too_large"),
    ],
)
def test_what_is_odd_is_refused_with_a_code(text, code):
    assert code_of(text) == code


def test_the_most_sections_allowed_are_read():
    sections = [LocalSection("audio", str(n), "sendonly", (OPUS,)) for n in range(MAX_SDP_SECTIONS)]
    text = write_description(sections, TRANSPORT, version=1, setup="actpass")
    assert len(parse_description(text).sections) == MAX_SDP_SECTIONS


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text):
    with suppress(MediaError):
        parse_description("v=0\r\n" + text)


@given(st.data())
def test_a_damaged_offer_is_read_or_refused(data):
    lines = OFFER.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        cut = data.draw(st.integers(0, len(line)))
        lines[at] = line[:cut] + data.draw(st.text(max_size=8)) + line[cut + 1 :]
    with suppress(MediaError):
        parse_description("\n".join(lines))


def test_what_we_write_reads_back():
    stream = OutgoingStream(7, 8, "anna", "video")
    sections = [
        LocalSection("audio", "0", "inactive", (OPUS,)),
        LocalSection("video", "1", "sendonly", (VP8, VP8_AGAIN), ((2, "urn:x"),), stream),
        LocalSection("application", "2", "inactive", (), rejected=True, format="x"),
    ]
    text = write_description(sections, TRANSPORT, version=3, setup="passive")
    description = parse_description(text)
    assert [section.rejected for section in description.sections] == [False, False, True]
    video = description.sections[1]
    assert video.codecs == {96: VP8, 97: VP8_AGAIN}
    assert video.repairs == {8: 7}
    assert video.extensions == {2: "urn:x"}
    assert description.transport.setup == "passive"
    assert description.transport.candidates == list(TRANSPORT.candidates)
    assert "a=msid:anna video\r\n" in text
    assert "a=group:BUNDLE 0 1\r\n" in text


@pytest.mark.data
def test_real_descriptions_are_read_or_refused(shared_data):
    read, refused = [], []
    for path in sorted((shared_data / "webrtc").rglob("*.sdp")):
        try:
            parse_description(path.read_text(encoding="utf-8"))
            read.append(path.name)
        except MediaError:
            refused.append(path.name)
    assert {"audio_chrome.sdp", "audio_firefox.sdp", "video_chrome.sdp", "jsep.sdp"} <= set(read)
    assert {"invalid.sdp", "alac.sdp", "st2110-20.sdp"} <= set(refused)
