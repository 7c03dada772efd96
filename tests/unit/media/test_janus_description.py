"""What a client describes reaches Janus only as we write it."""

from __future__ import annotations

import pytest

from projectdesk.errors import MediaError
from projectdesk.media.embedded.sdp import parse_description
from projectdesk.media.janus.description import (
    check_sources,
    rewrite_answer,
    rewrite_offer,
    silence,
)
from tests.integration.media.support import write_answer, write_offer


def test_janus_becomes_the_dtls_server_of_whom_leaves_it_the_choice():
    sdp, _ = write_offer("audio")
    assert parse_description(sdp).transport.setup == "actpass"
    rewritten = parse_description(rewrite_offer(parse_description(sdp), version=1))
    assert rewritten.transport.setup == "active"
    passive = parse_description(sdp.replace("a=setup:actpass", "a=setup:passive"))
    assert parse_description(rewrite_offer(passive, version=1)).transport.setup == "passive"


def test_nothing_of_a_clients_own_words_reaches_the_node():
    sdp, _ = write_offer("audio", "video")
    odd = sdp.replace("a=rtcp-rsize", "a=rtcp-rsize\r\na=x-odd:attack\r\ni=attack\r\nb=AS:attack")
    odd = odd.replace("s=-", "s=attack").replace("cname:someone", "cname:attack")
    odd = odd.replace("a=rtpmap:111", "a=rtpmap:13 attack/8000\r\na=rtpmap:111")
    odd = odd.replace("AVPF 111", "AVPF 13 111")
    assert odd.count("attack") > 5
    assert "attack" not in rewrite_offer(parse_description(odd), version=1)
    assert "attack" not in rewrite_answer(parse_description(odd), version=1)


def test_streams_keep_their_numbers_and_may_have_none():
    sdp, _ = write_offer("audio", "video")
    again = sdp.replace("a=ssrc:1001 cname", "a=ssrc-group:FID 1001 77\r\na=ssrc:1001 cname")
    section = parse_description(rewrite_offer(parse_description(again), version=1)).sections[1]
    assert (section.streams, section.repairs) == ([1001, 77], {77: 1001})
    bare = "".join(line for line in sdp.splitlines(keepends=True) if "ssrc" not in line)
    assert "ssrc:" not in rewrite_offer(parse_description(bare), version=1)


def test_an_m_line_in_no_common_codec_is_refused_to_janus():
    sdp, _ = write_offer("audio", "video")
    foreign = sdp.replace("VP8/90000", "AV1/90000")
    section = parse_description(rewrite_offer(parse_description(foreign), version=1)).sections[1]
    assert section.rejected


def test_lines_without_a_source_are_answered_idle():
    answer = write_answer(write_offer("audio", "video")[0])
    silent = parse_description(silence(answer, {"1"}))
    assert [one.direction for one in silent.sections] == ["inactive", "recvonly"]


def test_an_answer_receives_and_sends_nothing():
    offer, _ = write_offer("audio", "video")
    answer = parse_description(write_answer(offer).replace("a=recvonly", "a=sendrecv"))
    rewritten = parse_description(rewrite_answer(answer, version=3))
    assert [one.direction for one in rewritten.sections] == ["recvonly", "recvonly"]
    assert "a=ssrc" not in rewrite_answer(answer, version=3)


def test_a_fingerprint_that_janus_does_not_check_is_refused():
    sdp, _ = write_offer("audio")
    other = parse_description(sdp.replace("sha-256", "sha-512"))
    with pytest.raises(MediaError) as caught:
        rewrite_offer(other, version=1)
    assert caught.value.code == "sdp_without_transport"


@pytest.mark.parametrize(
    ("change", "sources", "code"),
    [
        (("", ""), {"0": "audio", "1": "audio"}, "source_repeated"),
        (("", ""), {"0": "video"}, "unknown_mid"),
        (("", ""), {"7": "audio"}, "unknown_mid"),
        (("a=sendonly", "a=recvonly"), {"0": "audio"}, "unknown_mid"),
        (("opus/48000/2", "G722/8000"), {"0": "audio"}, "no_common_codec"),
        (("a=rtcp-mux\r\n", ""), {"0": "audio"}, "sdp_not_multiplexed"),
    ],
)
def test_offers_that_cannot_send_what_they_say_are_refused(change, sources, code):
    sdp, _ = write_offer("audio", "video")
    with pytest.raises(MediaError) as caught:
        check_sources(parse_description(sdp.replace(*change) if change[0] else sdp), sources)
    assert caught.value.code == code
