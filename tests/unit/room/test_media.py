"""Media of a room: they start with the first, end with the last, and are replaced when they die."""

from __future__ import annotations

from projectdesk.room import commands, events
from projectdesk.signalling import call, sight
from projectdesk.signalling import media as wire
from tests.unit.room.conftest import Stage


def test_media_start_with_the_first_and_end_with_the_last(stage):
    stage.handle(events.ConsoleAttached, peer="desk")
    assert commands.OpenMedia() not in stage.media
    stage.join(1)
    assert stage.media == [commands.OpenMedia()]
    stage.say("p1", call.Leave())
    assert stage.media[-1] == commands.CloseMedia()


def test_offers_go_to_the_media_and_answers_come_back(call_with_two):
    stage = call_with_two
    stage.say("p3", call.Publish(sdp="offer", sources={"0": "audio"}))
    assert stage.media[-1] == commands.PublishLeg("p3", f"{3:032x}", "offer", {"0": "audio"}, False)
    stage.handle(events.PublishAccepted, peer="p3", sdp="answer")
    assert stage.inbox["p3"][-1] == call.PublishAnswered(sdp="answer")
    stage.handle(events.MediaRefused, peer="p3", request="publish", code="bad_sdp", text="No.")
    assert stage.inbox["p3"][-1].in_reply_to == "publish"


def test_a_page_is_told_what_pictures_may_be_sent_in_and_when_that_changes():
    stage = Stage(video_codecs=("vp9", "vp8"))
    stage.join(1)
    stage.join(3)
    stage.say("p1", call.Admit())
    assert stage.got("p3", call.RoomState)[-1].limits.video_codecs == ("vp9", "vp8")
    stage.handle(events.MediaReported, event=wire.PublishAgain(participant=f"{3:032x}"))
    stage.handle(events.MediaReported, event=wire.PublishAgain(participant=f"{9:032x}"))
    assert stage.got("p3", sight.PublishAgain) == [sight.PublishAgain()]
    assert not stage.got("p1", sight.PublishAgain)
    stage.drop("p3")
    stage.handle(events.MediaReported, event=wire.PublishAgain(participant=f"{3:032x}"))
    assert stage.got("p3", sight.PublishAgain) == [sight.PublishAgain()]


def test_an_answer_for_a_socket_that_is_gone_is_dropped(call_with_two):
    stage = call_with_two
    stage.say("p3", call.Publish(sdp="offer", sources={"0": "audio"}))
    stage.drop("p3")
    before = len(stage.inbox["p3"])
    stage.handle(events.PublishAccepted, peer="p3", sdp="answer")
    assert len(stage.inbox["p3"]) == before


def test_dead_media_are_replaced_and_everybody_starts_anew(call_with_two):
    stage = call_with_two
    stage.handle(events.MediaReady)
    assert not stage.got("p3", call.MediaRestarted)
    stage.handle(events.MediaLost)
    assert stage.media[-1] == commands.OpenMedia()
    assert stage.got("p3", call.Problem)[-1].code == "media_lost"
    stage.handle(events.MediaReady)
    assert stage.got("p3", call.MediaRestarted)
    assert stage.got("p1", call.MediaRestarted)


def test_media_that_keep_dying_are_tried_ever_less_often(call_with_two):
    stage = call_with_two
    stage.media.clear()
    for _ in range(4):
        stage.handle(events.MediaLost)
    stage.handle(events.MediaLost)
    assert stage.media == [commands.OpenMedia()]
    assert max(stage.timers[t] for t in stage.timers if "Retry" in repr(t)) > stage.now
    stage.wait(seconds=31)
    assert stage.media == [commands.OpenMedia(), commands.OpenMedia()]


def test_too_many_feeds_are_refused(call_with_two):
    twice = call.Publish(sdp="o", sources={"0": "video", "1": "video"})
    (problem,) = call_with_two.say("p3", twice)
    assert problem.code == "too_many_feeds"
