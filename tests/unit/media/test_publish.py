from __future__ import annotations

import pytest

from projectdesk.media.embedded import rtp
from projectdesk.media.embedded.feed import Feed
from projectdesk.media.embedded.limits import MAX_STREAMS
from projectdesk.media.embedded.publish import PublishLeg, _Line
from projectdesk.media.embedded.sdp import Codec
from projectdesk.media.embedded.sfu import Sfu
from projectdesk.media.embedded.track import Track
from projectdesk.signalling.media import Configure

MID, RID, REPAIRED, NUMBER = 4, 5, 6, 7
LAYERS = ("q", "h", "f")


@pytest.mark.parametrize(("payload_type", "streams"), [(96, "tracks"), (97, "_repairs")])
async def test_a_peer_with_ever_new_ssrcs_does_not_fill_the_memory(payload_type, streams):
    sfu = Sfu(Configure(id=1, room="r"), lambda _: None)
    around = sfu._around
    leg = PublishLeg("p", around, lambda _: None, lambda _: None)
    codec = Codec(96, "VP8", 90_000)
    again = Codec(97, "rtx", 90_000, parameters="apt=96")
    actions = rtp.extension_actions({MID: rtp.URI_MID})
    line = _Line(Feed("p", "video"), (codec, again), MID, 0, 0, 0, actions)
    leg._lines = {"1": line}
    leg._add_track(line, 1)
    for ssrc in range(2, 100):
        extension = b"\xbe\xde\x00\x01" + bytes([MID << 4, ord("1"), 0, 0])
        header = rtp.FIXED_HEADER.pack(0x90, payload_type, ssrc, 0, ssrc)
        packet = header + extension + b"picture"
        around.inbox.bytes[: len(packet)] = packet
        assert leg._bind(ssrc, len(packet)) is not None
    assert len(getattr(leg, streams)) == MAX_STREAMS
    assert line.feed.layers[-1] in leg.tracks.values(), "the newest stream is the feed's"
    await leg.close()


class Publisher:
    """A leg with one camera in three sizes, and packets as a browser would send them."""

    def __init__(self, name: str = "p") -> None:
        self.sfu = Sfu(Configure(id=1, room="r"), lambda _: None)
        self.around = self.sfu._around
        self.leg = PublishLeg(name, self.around, lambda _: None, lambda _: None)
        codec = Codec(96, "VP8", 90_000)
        again = Codec(97, "rtx", 90_000, parameters="apt=96")
        uris = {MID: rtp.URI_MID, NUMBER: rtp.URI_TRANSPORT_SEQUENCE}
        self.line = _Line(
            Feed(name, "video"), (codec, again), MID, RID, REPAIRED, NUMBER,
            rtp.extension_actions(uris), LAYERS,
        )  # fmt: skip
        self.leg._lines = {"1": self.line}

    def put(self, ssrc: int, payload_type: int, extensions: dict[int, bytes]) -> int:
        body = b"".join(
            bytes((number << 4 | len(value) - 1,)) + value for number, value in extensions.items()
        )
        body += bytes(-len(body) % 4)
        header = rtp.FIXED_HEADER.pack(0x90, payload_type, 1, 0, ssrc)
        packet = header + b"\xbe\xde" + (len(body) // 4).to_bytes(2, "big") + body + b"picture"
        self.around.inbox.bytes[: len(packet)] = packet
        return len(packet)

    def bind(self, ssrc: int, payload_type: int, **named: str) -> Track | None:
        numbers = {"mid": MID, "rid": RID, "repaired": REPAIRED}
        extensions = {numbers[key]: value.encode() for key, value in named.items()}
        return self.leg._bind(ssrc, self.put(ssrc, payload_type, extensions))


async def test_layers_are_known_by_their_stream_ids():
    publisher = Publisher()
    for ssrc, rid in ((13, "f"), (11, "q"), (12, "h")):
        track = publisher.bind(ssrc, 96, mid="1", rid=rid)
        assert track is not None
        assert (track.rid, track.ssrc) == (rid, ssrc)
    assert [track.rid for track in publisher.line.feed.layers] == ["q", "h", "f"]
    again = publisher.bind(22, 97, mid="1", repaired="h")
    assert again is publisher.leg.tracks[12]
    assert publisher.leg._repairs[22] == (again, {97: 96})
    await publisher.leg.close()


async def test_a_layer_that_was_not_agreed_on_is_not_taken():
    publisher = Publisher()
    assert publisher.bind(1, 96, mid="1", rid="x") is None
    assert publisher.bind(1, 96, mid="1") is None
    assert publisher.bind(1, 96, mid="2", rid="q") is None
    assert publisher.bind(1, 97, mid="1", repaired="q") is None, "nothing to repair yet"
    assert publisher.line.feed.layers == []
    await publisher.leg.close()


async def test_a_layer_that_comes_under_another_ssrc_replaces_the_one_before():
    publisher = Publisher()
    publisher.bind(11, 96, mid="1", rid="q")
    publisher.bind(12, 96, mid="1", rid="h")
    publisher.bind(99, 96, mid="1", rid="q")
    assert [track.ssrc for track in publisher.line.feed.layers] == [99, 12]
    await publisher.leg.close()


async def test_packets_of_no_known_stream_are_reported_as_arrived():
    publisher = Publisher()
    size = publisher.put(5, 97, {NUMBER: b"\x01\x02"})
    publisher.leg._note_arrival(size, 1.0)
    message = publisher.leg._arrivals.build(1)
    assert message is not None
    assert message[12:16] == b"\x01\x02\x00\x01"
    await publisher.leg.close()
