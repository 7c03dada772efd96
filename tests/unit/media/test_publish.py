from __future__ import annotations

import pytest

from projectdesk.media.embedded import rtp
from projectdesk.media.embedded.feed import Feed
from projectdesk.media.embedded.limits import MAX_STREAMS
from projectdesk.media.embedded.publish import PublishLeg, _Line
from projectdesk.media.embedded.sdp import Codec
from projectdesk.media.embedded.sfu import Sfu
from projectdesk.signalling.media import Configure

MID = 4


@pytest.mark.parametrize(("payload_type", "streams"), [(96, "tracks"), (97, "_repairs")])
async def test_a_peer_with_ever_new_ssrcs_does_not_fill_the_memory(payload_type, streams):
    sfu = Sfu(Configure(id=1, room="r"), lambda _: None)
    around = sfu._around
    leg = PublishLeg("p", around, lambda _: None, lambda _: None)
    codec = Codec(96, "VP8", 90_000)
    again = Codec(97, "rtx", 90_000, parameters="apt=96")
    actions = rtp.extension_actions({MID: rtp.URI_MID})
    line = _Line(Feed("p", "video"), codec, again, MID, 0, 0, actions)
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
