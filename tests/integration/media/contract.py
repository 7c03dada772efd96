"""What every media back end promises; each back end's test class inherits it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pytest

from projectdesk.errors import MediaError
from projectdesk.media.embedded.limits import MAX_PARTICIPANTS
from projectdesk.media.embedded.sdp import parse_description
from projectdesk.media.port import MediaBackend, MediaRoom
from projectdesk.signalling.media import (
    FeedSource,
    FeedStopped,
    LayersWanted,
    LegChanged,
    SubscribeOffered,
    WantedFeed,
)
from tests.integration.media.support import Recorder, write_answer, write_offer

SECTIONS: list[FeedSource] = ["audio"] * 200


async def refused(call) -> str:
    """Return the code with which a call is refused."""
    with pytest.raises(MediaError) as caught:
        await call
    return caught.value.code


def wanted(name: str, *sources: FeedSource, height: int | None = None) -> list[WantedFeed]:
    """Return feeds of one participant as wanted."""
    return [WantedFeed(participant=name, source=source, height=height) for source in sources]


class MediaContract:
    """Inherit and define the fixture `backend`.

    A back end that offers a feed only once its publisher is connected overrides `publish` with one
    whose participants connect.
    """

    reuses_lines: ClassVar[bool] = False
    """Whether a later feed may be offered on the m-line of one that ended."""

    takes_layers: ClassVar[bool] = False
    """Whether a camera may come in several sizes (simulcast)."""

    @pytest.fixture
    def recorder(self) -> Recorder:
        return Recorder()

    @pytest.fixture
    async def room(self, backend: MediaBackend, recorder: Recorder) -> MediaRoom:
        return await backend.open_room("room", recorder)

    async def publish(
        self, room: MediaRoom, name: str, *sources: FeedSource, lines: Sequence[FeedSource] = ()
    ) -> str:
        """Publish `sources`; `lines` adds m-lines that were sending before."""
        sdp, mids = write_offer(*(lines or sources))
        return await room.publish(name, sdp, {m: s for m, s in mids.items() if s in sources})

    async def test_a_publish_offer_is_answered_line_by_line(self, room):
        sdp, mids = write_offer("audio", "video", "screen")
        answer = parse_description(await room.publish("anna", sdp, mids))
        assert [section.mid for section in answer.sections] == ["0", "1", "2"]
        assert {section.direction for section in answer.sections} == {"recvonly"}
        assert answer.transport.setup == "passive"

    async def test_a_camera_in_several_sizes_is_taken_or_reduced_to_one(self, room):
        """RFC 8853 section 5.3.2: who takes no sizes leaves the attribute out of the answer."""
        sdp, mids = write_offer("audio", "video", layers=("q", "h", "f"))
        answer = await room.publish("anna", sdp, mids)
        assert {section.direction for section in parse_description(answer).sections} == {"recvonly"}
        assert ("a=simulcast:recv q;h;f" in answer.splitlines()) == self.takes_layers
        assert ("a=rid:f recv" in answer.splitlines()) == self.takes_layers

    @pytest.mark.full  # a size is given up after five seconds
    async def test_who_takes_sizes_tells_which_of_them_anybody_gets(self, room, recorder):
        sdp, mids = write_offer("video", layers=("q", "h", "f"))
        await room.publish("anna", sdp, mids)
        if self.takes_layers:
            told = await recorder.next_of(LayersWanted, participant="anna", source="video")
            assert told.layers == ["q", "h", "f"], "what another connection was told holds no more"
        await room.want("bert", wanted("anna", "video", height=90))
        await room.subscribe("bert")
        if not self.takes_layers:
            await room.want("bert", wanted("anna", "video", height=1080))
            await room.statistics()
            assert recorder.heard(LayersWanted) == []
            return
        told = await recorder.next_of(LayersWanted, participant="anna", source="video")
        assert told.layers == ["q"]
        await room.want("bert", wanted("anna", "video", height=1080))
        told = await recorder.next_of(LayersWanted)
        assert told.layers == ["q", "f"]
        await room.publish("anna", sdp, mids, rebuild=True)
        told = await recorder.next_of(LayersWanted)
        assert told.layers == ["q", "h", "f"], "what was said of another connection is taken back"

    async def test_an_m_line_without_a_source_is_idle(self, room):
        sdp, _ = write_offer("audio", "video")
        answer = parse_description(await room.publish("anna", sdp, {"0": "audio"}))
        assert [section.direction for section in answer.sections] == ["recvonly", "inactive"]

    async def test_subscribing_brings_an_offer_at_once(self, room, recorder):
        await room.subscribe("anna")
        offered = await recorder.next_of(SubscribeOffered, participant="anna")
        assert offered.feeds == []
        assert parse_description(offered.sdp).transport.setup == "actpass"

    async def test_an_offer_names_every_feed_of_the_others_and_no_own(self, room, recorder):
        await self.publish(room, "anna", "audio")
        await self.publish(room, "bert", "audio", "video")
        await room.subscribe("anna")
        offered = await recorder.next_of(SubscribeOffered)
        assert {(feed.participant, feed.source) for feed in offered.feeds} == {
            ("bert", "audio"),
            ("bert", "video"),
        }
        sections = {section.mid: section for section in parse_description(offered.sdp).sections}
        assert all(sections[feed.mid].direction == "sendonly" for feed in offered.feeds)

    async def test_the_next_offer_waits_for_the_answer(self, room, recorder):
        await room.subscribe("anna")
        first = await recorder.next_of(SubscribeOffered)
        await self.publish(room, "bert", "audio")
        await self.publish(room, "carl", "audio")
        await room.statistics()
        assert len(recorder.heard(SubscribeOffered)) == 1
        await room.answer("anna", first.offer, write_answer(first.sdp))
        second = await recorder.next_of(SubscribeOffered)
        assert second.offer > first.offer
        assert {feed.participant for feed in second.feeds} == {"bert", "carl"}

    async def test_a_stale_answer_is_ignored(self, room, recorder):
        await room.subscribe("anna")
        first = await recorder.next_of(SubscribeOffered)
        await self.publish(room, "bert", "audio")
        await room.answer("anna", first.offer + 7, write_answer(first.sdp))
        await room.statistics()
        assert len(recorder.heard(SubscribeOffered)) == 1
        await room.answer("anna", first.offer, write_answer(first.sdp))
        await recorder.next_of(SubscribeOffered)
        await room.answer("anna", first.offer, write_answer(first.sdp))
        await room.statistics()
        assert len(recorder.heard(SubscribeOffered)) == 2

    async def test_an_ended_feed_leaves_a_dead_line(self, room, recorder):
        await self.publish(room, "bert", "audio")
        await room.subscribe("anna")
        offered = await recorder.next_of(SubscribeOffered)
        mid = offered.feeds[0].mid
        await room.answer("anna", offered.offer, write_answer(offered.sdp))
        await room.close_legs("bert")
        await recorder.next_of(FeedStopped, participant="bert", source="audio")
        offered = await recorder.next_of(SubscribeOffered)
        sections = {section.mid: section for section in parse_description(offered.sdp).sections}
        assert sections[mid].direction == "inactive"
        assert offered.feeds == []
        await room.answer("anna", offered.offer, write_answer(offered.sdp))
        await self.publish(room, "bert", "audio")
        offered = await recorder.next_of(SubscribeOffered)
        assert [feed.participant for feed in offered.feeds] == ["bert"]
        assert ([feed.mid for feed in offered.feeds] == [mid]) == self.reuses_lines

    async def test_only_wanted_feeds_are_offered(self, room, recorder):
        await self.publish(room, "bert", "audio", "video")
        await room.want("anna", [WantedFeed(participant="bert", source="audio")])
        await room.subscribe("anna")
        offered = await recorder.next_of(SubscribeOffered)
        assert [(feed.participant, feed.source) for feed in offered.feeds] == [("bert", "audio")]
        await room.answer("anna", offered.offer, write_answer(offered.sdp))
        await room.want("anna", None)
        offered = await recorder.next_of(SubscribeOffered)
        assert {feed.source for feed in offered.feeds} == {"audio", "video"}

    async def test_pausing_and_resuming_needs_no_offer(self, room, recorder):
        await self.publish(room, "bert", "audio", "video")
        await room.subscribe("anna")
        offered = await recorder.next_of(SubscribeOffered)
        await room.answer("anna", offered.offer, write_answer(offered.sdp))
        await room.want("anna", wanted("bert", "audio"))
        await room.want("anna", [])
        await room.want("anna", wanted("bert", "audio", "video", height=90))
        await room.want("anna", wanted("bert", "audio", "video", height=1080))
        await room.want("anna", None)
        await room.statistics()
        assert len(recorder.heard(SubscribeOffered)) == 1

    async def test_what_is_wanted_holds_for_a_leg_built_later_and_anew(self, room, recorder):
        await self.publish(room, "bert", "audio", "video")
        await room.want("anna", wanted("bert", "audio"))
        await room.subscribe("anna")
        await recorder.next_of(SubscribeOffered)
        await room.subscribe("anna", rebuild=True)
        offered = await recorder.next_of(SubscribeOffered)
        assert [feed.source for feed in offered.feeds] == ["audio"]

    async def test_unknown_feeds_may_be_wanted_and_count_once_they_come(self, room, recorder):
        unknown = [feed for number in range(500) for feed in wanted(f"x{number}", "audio", "video")]
        await room.want("anna", [*unknown, *wanted("bert", "video", "screen")])
        await room.subscribe("anna")
        offered = await recorder.next_of(SubscribeOffered)
        assert offered.feeds == []
        await room.answer("anna", offered.offer, write_answer(offered.sdp))
        await self.publish(room, "bert", "audio", "video")
        offered = await recorder.next_of(SubscribeOffered)
        assert [(feed.participant, feed.source) for feed in offered.feeds] == [("bert", "video")]

    async def test_a_few_pictures_of_many_are_offered_as_they_are_wanted(self, room, recorder):
        names = ["bert", "carl", "dora", "emil"]
        for name in names:
            await self.publish(room, name, "video")
        await room.want("anna", wanted("bert", "video") + wanted("carl", "video"))
        await room.subscribe("anna")
        offered = await recorder.next_of(SubscribeOffered)
        assert [feed.participant for feed in offered.feeds] == ["bert", "carl"]
        await room.answer("anna", offered.offer, write_answer(offered.sdp))
        await room.want("anna", wanted("carl", "video") + wanted("emil", "video"))
        offered = await recorder.next_of(SubscribeOffered)
        assert {feed.participant for feed in offered.feeds} == {"bert", "carl", "emil"}
        await room.answer("anna", offered.offer, write_answer(offered.sdp))
        await room.want("anna", wanted("bert", "video") + wanted("emil", "video"))
        await room.statistics()
        assert len(recorder.heard(SubscribeOffered)) == 2

    async def test_whose_voices_are_forwarded_can_be_set_at_any_time(self, room):
        await room.hear(3, ["anna", "nobody"])
        await self.publish(room, "anna", "audio")
        await room.hear(1, [])
        await room.hear(None, [])

    async def test_people_can_be_divided_at_any_time(self, room):
        await room.set_circles([["anna", "bert"], ["nobody"]])
        await self.publish(room, "anna", "audio")
        await room.set_circles([])
        await room.set_circles(None)

    async def test_rebuilding_the_subscribe_leg_starts_over(self, room, recorder):
        await self.publish(room, "bert", "audio")
        await room.subscribe("anna")
        first = await recorder.next_of(SubscribeOffered)
        await room.subscribe("anna", rebuild=True)
        await recorder.next_of(LegChanged, kind="subscribe", state="closed")
        second = await recorder.next_of(SubscribeOffered)
        assert second.offer > first.offer
        assert [feed.participant for feed in second.feeds] == ["bert"]

    async def test_who_comes_back_gets_a_new_offer_number(self, room, recorder):
        await room.subscribe("anna")
        first = await recorder.next_of(SubscribeOffered)
        await room.close_legs("anna")
        await room.subscribe("anna")
        second = await recorder.next_of(SubscribeOffered)
        assert second.offer > first.offer

    async def test_a_source_that_leaves_an_offer_ends(self, room, recorder):
        await self.publish(room, "anna", "audio", "video")
        await self.publish(room, "anna", "audio", lines=("audio", "video"))
        await recorder.next_of(FeedStopped, participant="anna", source="video")

    async def test_closing_legs_twice_is_fine(self, room, recorder):
        await self.publish(room, "anna", "audio")
        await room.close_legs("anna")
        await room.close_legs("anna")
        await room.close_legs("nobody")
        await recorder.next_of(FeedStopped, participant="anna", source="audio")

    async def test_bad_descriptions_are_refused_with_a_code(self, room):
        assert await refused(room.publish("anna", "garbage", {})) == "sdp_malformed"
        assert await refused(room.publish("anna", "", {})) == "sdp_malformed"
        many, _ = write_offer(*SECTIONS)
        assert await refused(room.publish("anna", many, {})) == "sdp_too_many_sections"
        large = "v=0\r\n" + "a=x\r\n" * 60_000
        assert await refused(room.publish("anna", large, {})) == "sdp_too_large"
        good, _ = write_offer("audio")
        assert await refused(room.publish("anna", good, {"9": "audio"})) == "unknown_mid"
        statistics = await room.statistics()
        assert statistics.legs == []

    async def test_an_answer_without_a_leg_is_refused(self, room):
        sdp, _ = write_offer("audio")
        assert await refused(room.answer("anna", 1, sdp)) == "no_leg"

    async def test_a_bad_answer_leaves_the_offer_outstanding(self, room, recorder):
        await room.subscribe("anna")
        offered = await recorder.next_of(SubscribeOffered)
        assert await refused(room.answer("anna", offered.offer, "nonsense")) == "sdp_malformed"
        await room.answer("anna", offered.offer, write_answer(offered.sdp))

    async def test_muting_needs_a_feed(self, room):
        await self.publish(room, "anna", "audio")
        await room.mute("anna", "audio", muted=True)
        await room.mute("anna", "audio", muted=False)
        assert await refused(room.mute("anna", "video", muted=True)) == "no_feed"
        assert await refused(room.mute("bert", "audio", muted=True)) == "no_feed"

    async def test_a_full_room_takes_nobody(self, room):
        for number in range(MAX_PARTICIPANTS):
            await room.subscribe(f"guest-{number}")
        assert await refused(room.subscribe("one-more")) == "room_full"
        await room.close_legs("guest-3")
        await room.subscribe("one-more")

    async def test_statistics_list_the_legs(self, room):
        await self.publish(room, "anna", "audio")
        await room.subscribe("anna")
        statistics = await room.statistics()
        assert {(leg.participant, leg.kind) for leg in statistics.legs} == {
            ("anna", "publish"),
            ("anna", "subscribe"),
        }

    async def test_a_closed_room_answers_nothing(self, room):
        await room.close()
        await room.close()
        assert await refused(room.subscribe("anna")) == "media_ended"
