"""Whose picture and voice each participant is sent, and who is told that nobody looks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.errors import RemoteProtocolError
from projectdesk.room import commands, events
from projectdesk.room.views import HEAR_ALL, LOUDEST, choose_cameras
from projectdesk.signalling import call, codec, control, leading, recording, sight
from projectdesk.signalling import media as wire
from projectdesk.signalling.media import FeedSource, WantedFeed
from tests.unit.room.conftest import Stage, invitee, planned, snapshot

EVERYONE, CAMERAS = 4, 2


def id_of(number: int) -> str:
    return f"{number:032x}"


def shows(number: int, source: FeedSource = "video", height: int | None = 360) -> WantedFeed:
    return WantedFeed(participant=id_of(number), source=source, height=height)


def pictures(feeds: Iterable[WantedFeed] | None) -> set[tuple[int, str]] | None:
    """Return the pictures of a view as (number, source); None = all."""
    if feeds is None:
        return None
    return {(int(feed.participant, 16), feed.source) for feed in feeds if feed.source != "audio"}


def voices(feeds: Iterable[WantedFeed]) -> set[int]:
    return {int(feed.participant, 16) for feed in feeds if feed.source == "audio"}


class Call(Stage):
    """A room without a lobby, whose guests have cameras and a subscribe leg."""

    def __init__(self, *people: int, **rules: Any) -> None:
        fields = {"lobby": False, "everyone": EVERYONE, "cameras": CAMERAS, **rules}
        agenda = [planned("a"), planned("b")]
        super().__init__(
            snapshot(
                [invitee(1, "chair"), *(invitee(number) for number in range(2, 30))],
                rules=control.RoomRules(**fields),
                agenda=agenda,
            )
        )
        for number in people:
            self.enter(number)
            if number == people[0]:
                self.handle(events.MediaReady)

    def enter(self, number: int, *, video: bool = True) -> None:
        self.join(number)
        self.say(f"p{number}", call.SetMedia(audio=True, video=video))
        self.say(f"p{number}", call.OpenSubscribe())

    def want(self, number: int, *feeds: WantedFeed, pinned: Iterable[int] = ()) -> list[Any]:
        message = call.Want(feeds=list(feeds), pinned=[id_of(one) for one in pinned])
        return self.say(f"p{number}", message)

    def speak(self, number: int | None) -> None:
        participant = None if number is None else id_of(number)
        event = wire.SpeakerChanged(participant=participant)
        self.handle(events.MediaReported, event=event)

    def asked(self, number: int) -> tuple[WantedFeed, ...] | None:
        """Return what the media server was last asked to send to somebody; None = all."""
        every = (
            command
            for command in self.media
            if isinstance(command, commands.WantFeeds) and command.participant == id_of(number)
        )
        return ([command.feeds for command in every] or [None])[-1]

    def seen_by(self, number: int) -> set[int]:
        """Return whose cameras the media server sends to somebody."""
        shown = pictures(self.asked(number))
        assert shown is not None
        return {who for who, source in shown if source == "video"}

    def chosen(self, number: int) -> list[int] | None:
        """Return whose cameras somebody's page was last told to get; None = all."""
        told = self.got(f"p{number}", sight.CamerasChosen)
        if not told or told[-1].participants is None:
            return None
        return [int(one, 16) for one in told[-1].participants]

    def watched(self, number: int) -> list[tuple[str, bool]]:
        return [(m.source, m.watched) for m in self.got(f"p{number}", sight.FeedWatched)]

    def heard(self) -> commands.HearVoices:
        every = [one for one in self.media if isinstance(one, commands.HearVoices)]
        return (every or [commands.HearVoices()])[-1]


def test_everything_comes_until_the_page_says_what_it_shows():
    room = Call(1, 2, 3)
    assert room.asked(1) is None
    room.want(1, shows(2))
    assert pictures(room.asked(1)) == {(2, "video")}
    assert voices(room.asked(1)) == {2, 3}
    room.say("p1", call.Want())
    assert room.asked(1) is None


def test_the_height_reaches_the_media_server():
    room = Call(1, 2)
    room.want(1, shows(2, height=720))
    assert shows(2, height=720) in (room.asked(1) or ())
    room.want(1, shows(2, height=180))
    assert shows(2, height=180) in (room.asked(1) or ())


def test_the_same_words_again_ask_nothing():
    room = Call(1, 2)
    room.want(1, shows(2))
    before = len(room.media)
    room.want(1, shows(2))
    assert len(room.media) == before


def test_unknown_own_and_repeated_feeds_are_left_out():
    room = Call(1, 2)
    room.want(1, shows(1), shows(2, height=90), shows(2, height=180), shows(29), shows(2, "audio"))
    assert [feed for feed in room.asked(1) if feed.source != "audio"] == [shows(2, height=180)]
    assert voices(room.asked(1)) == {2}


def test_who_comes_later_is_heard_at_once_and_seen_if_named():
    room = Call(1, 2)
    room.want(1, shows(2), shows(3))
    room.enter(3)
    assert voices(room.asked(1)) == {2, 3}
    assert pictures(room.asked(1)) == {(2, "video"), (3, "video")}


def test_a_want_before_the_leg_asks_nothing_yet_and_a_new_leg_starts_over():
    room = Call(1)
    room.join(2)
    room.want(2, shows(1))
    assert room.asked(2) is None
    room.say("p2", call.OpenSubscribe())
    room.want(2, shows(1, "screen"))
    assert pictures(room.asked(2)) == {(1, "screen")}
    room.say("p2", call.OpenSubscribe(rebuild=True))
    assert room.asked(2) is None
    assert [type(one) for one in room.media[-2:]] == [commands.WantFeeds, commands.SubscribeLeg]


def test_a_replaced_media_server_is_asked_again():
    room = Call(1, 2)
    room.want(1, shows(2))
    room.handle(events.MediaLost)
    room.handle(events.MediaReady)
    room.media.clear()
    room.want(1)
    assert room.media == []  # there is no leg to want anything for
    room.say("p1", call.OpenSubscribe(rebuild=True))
    room.want(1, shows(2))
    assert pictures(room.asked(1)) == {(2, "video")}


def test_what_the_media_server_refused_is_not_told_to_the_page_and_asked_with_the_next_change():
    room = Call(1, 2)
    room.want(1, shows(2))
    problems = len(room.got("p1", call.Problem))
    asked = len(room.media)
    for _ in range(3):  # asking at once again would go on for ever
        room.handle(events.MediaRefused, peer="p1", request="want", code="room_full", text="")
    assert len(room.got("p1", call.Problem)) == problems
    assert len(room.media) == asked
    room.speak(2)
    assert pictures(room.asked(1)) == {(2, "video")}
    assert len(room.media) == asked + 1


def test_a_refused_leg_wants_nothing():
    room = Call(1, 2)
    room.handle(events.MediaRefused, peer="p1", request="openSubscribe", code="room_full", text="")
    assert [m.code for m in room.got("p1", call.Problem)] == ["room_full"]
    room.media.clear()
    room.want(1, shows(2))
    assert room.media == []


def test_wants_are_paced():
    room = Call(1, 2)
    said = [room.want(1, shows(2, height=height)) for height in range(200)]
    refused = [messages for messages in said if messages]
    assert {m.code for messages in refused for m in messages} == {"too_fast"}
    assert 100 < len(refused) < 200
    room.wait(seconds=11)
    assert room.want(1, shows(2, height=90)) == []


def test_somebody_in_the_lobby_or_without_media_wants_nothing(stage):
    stage.join(1)
    stage.join(3)
    assert [m.code for m in stage.say("p3", call.Want())] == ["not_admitted"]
    stage.handle(events.ConsoleAttached, peer="desk")
    assert [m.code for m in stage.say("desk", call.Want())] == ["not_allowed"]


# --- more people than all can see ----------------------------------------------------------------


def test_from_a_size_on_each_gets_some_cameras_and_is_told():
    room = Call(1, 2, 3, 4)
    assert room.asked(1) is None
    assert room.got("p1", sight.CamerasChosen) == []
    room.enter(5)
    assert room.chosen(1) == [2, 3]
    assert room.seen_by(1) == {2, 3}
    assert voices(room.asked(1)) == {2, 3, 4, 5}
    assert room.chosen(5) == [1, 2]
    room.say("p5", call.Leave())
    assert room.chosen(1) is None
    assert room.asked(1) is None


def test_who_spoke_last_is_seen():
    room = Call(1, 2, 3, 4, 5)
    room.speak(5)
    assert room.chosen(1) == [2, 5]
    room.speak(4)
    assert room.chosen(1) == [4, 5]
    room.speak(None)
    room.speak(2)
    assert room.chosen(1) == [2, 4]
    assert room.chosen(2) == [4, 5]


def test_a_speaker_who_is_seen_already_changes_nothing():
    room = Call(1, 2, 3, 4, 5)
    room.speak(2)
    told = len(room.got("p1", sight.CamerasChosen))
    room.speak(3)
    room.speak(2)
    assert len(room.got("p1", sight.CamerasChosen)) == told


def test_whom_a_person_pinned_comes_before_who_spoke():
    room = Call(1, 2, 3, 4, 5)
    room.speak(2)
    room.speak(3)
    room.want(1, *(shows(number) for number in range(2, 6)), pinned=[5, 29])
    assert room.chosen(1) == [3, 5]
    assert room.chosen(4) == [2, 3]


def test_who_presents_comes_before_who_spoke():
    room = Call(1, 2, 3, 4, 5)
    item = control.PlannedItem(
        id="a",
        number="1",
        title="A",
        kind="information",
        planned_minutes=5,
        presenter_participant=id_of(5),
    )
    room.handle(
        events.SnapshotChanged,
        snapshot=snapshot(room.plan.invitees, rules=room.plan.rules, agenda=[item]),
    )
    room.speak(2)
    room.speak(3)
    assert room.chosen(1) == [2, 3]
    room.say("p1", call.StartItem(item="a"))
    assert room.chosen(1) == [3, 5]


def test_whom_the_chair_puts_in_focus_is_seen_by_all_and_heard():
    room = Call(*range(1, HEAR_ALL + 2))
    room.say("p1", leading.Spotlight(participant=id_of(7)))
    assert [room.chosen(number) for number in (1, 2)] == [[2, 7], [1, 7]]
    assert room.heard() == commands.HearVoices(LOUDEST, (id_of(7),))


def test_a_camera_that_is_off_takes_no_place():
    room = Call(1, 2, 3, 4, 5)
    room.say("p2", call.SetMedia(audio=True, video=False))
    assert room.chosen(1) == [3, 4]
    room.say("p2", call.SetMedia(audio=True, video=True))
    assert room.chosen(1) == [2, 3]


def test_what_is_not_on_the_screen_takes_no_place():
    room = Call(1, 2, 3, 4, 5)
    room.want(1, shows(4), shows(5))
    assert room.chosen(1) == [4, 5]
    room.want(1)
    assert room.chosen(1) == []
    assert room.seen_by(1) == set()


def test_a_shared_screen_is_not_counted():
    room = Call(1, 2, 3, 4, 5)
    room.say("p5", call.SetMedia(audio=True, video=True, screen=True))
    assert {(5, "screen"), (2, "video"), (3, "video")} <= (pictures(room.asked(1)) or set())
    room.want(1, shows(5, "screen"), shows(4))
    assert pictures(room.asked(1)) == {(5, "screen"), (4, "video")}


def test_a_new_socket_is_told_anew():
    room = Call(1, 2, 3, 4, 5)
    room.drop("p3")
    room.connect("s3", "again")
    assert [m.participants for m in room.got("again", sight.CamerasChosen)] == [
        [id_of(1), id_of(2)]
    ]


def test_the_limits_are_told():
    limits = Call(1).got("p1", call.RoomState)[-1].limits
    assert (limits.capacity, limits.everyone, limits.cameras) == (25, EVERYONE, CAMERAS)


@given(
    candidates=st.lists(st.sampled_from("abcdefgh"), unique=True),
    preferred=st.lists(st.sampled_from("abcdefghxyz")),
    limit=st.integers(1, 6),
)
def test_the_most_wanted_cameras_are_chosen(candidates, preferred, limit):
    chosen = choose_cameras(candidates, preferred, limit)
    assert len(chosen) == min(limit, len(candidates))
    assert [one for one in candidates if one in chosen] == list(chosen)
    wanted = [one for one in dict.fromkeys(preferred) if one in candidates]
    assert set(wanted[:limit]) <= set(chosen)


# --- what nobody looks at ------------------------------------------------------------------------


def test_who_is_alone_need_not_encode_and_who_is_joined_does():
    room = Call(1)
    assert room.watched(1) == [("video", False)]
    room.enter(2)
    assert room.watched(1) == [("video", False), ("video", True)]
    assert room.watched(2) == []


def test_a_camera_that_nobody_shows_is_told_and_again_when_somebody_does():
    room = Call(1, 2, 3)
    room.want(1, shows(3))
    assert room.watched(2) == []  # 3 still gets everything
    room.want(3, shows(1))
    assert room.watched(2) == [("video", False)]
    room.want(3, shows(1), shows(2))
    assert room.watched(2) == [("video", False), ("video", True)]


def test_a_screen_is_told_apart_from_the_camera():
    room = Call(1, 2)
    room.say("p2", call.SetMedia(audio=True, video=True, screen=True))
    room.want(1, shows(2, "screen"))
    assert room.watched(2) == [("video", False)]
    room.want(1, shows(2))
    assert room.watched(2) == [("video", False), ("video", True), ("screen", False)]


def test_a_new_socket_counts_as_watched_until_told():
    room = Call(1, 2)
    room.want(1)
    assert room.watched(2) == [("video", False)]
    room.drop("p2")
    room.connect("s2", "again")
    assert [m.watched for m in room.got("again", sight.FeedWatched)] == [False]


def test_in_a_large_room_only_the_seen_encode():
    room = Call(1, 2, 3, 4, 5, 6)
    assert [room.watched(number)[-1:] for number in (4, 5, 6)] == [[("video", False)]] * 3
    room.speak(6)
    assert room.watched(6)[-1] == ("video", True)


def test_a_recording_looks_at_everybody():
    room = Call(1, 2)
    room.want(1)
    assert room.watched(2) == [("video", False)]
    room.say("p1", recording.AskToRecord())
    room.say("p2", recording.AnswerRecording(agreed=True, words=recording.WORDS))
    assert room.watched(2) == [("video", False), ("video", True)]
    room.say("p1", recording.StopRecording())
    assert room.watched(2)[-1] == ("video", False)


# --- voices --------------------------------------------------------------------------------------


def test_in_a_large_room_the_loudest_are_heard_and_always_who_interprets():
    room = Call(*range(1, HEAR_ALL + 1))
    assert room.heard() == commands.HearVoices()
    room.enter(20)
    assert room.heard() == commands.HearVoices(LOUDEST)
    people = [
        invitee(int(one.id, 16), "interpreter") if one.id == id_of(4) else one
        for one in room.plan.invitees
    ]
    room.handle(events.SnapshotChanged, snapshot=snapshot(people, rules=room.plan.rules))
    assert room.heard() == commands.HearVoices(LOUDEST, (id_of(4),))
    room.say("p20", call.Leave())
    assert room.heard() == commands.HearVoices()


def test_a_new_media_server_is_told_whose_voices():
    room = Call(*range(1, HEAR_ALL + 2))
    room.handle(events.MediaLost)
    room.media.clear()
    room.enter(22)
    assert not [one for one in room.media if isinstance(one, commands.HearVoices)]
    room.handle(events.MediaReady)
    assert room.heard() == commands.HearVoices(LOUDEST)


@pytest.mark.parametrize("height", [-1, 8641])
def test_no_screen_has_such_a_height(height):
    feed = {"participant": "a", "source": "video", "height": height}
    text = json.dumps({"type": "want", "feeds": [feed]})
    with pytest.raises(RemoteProtocolError) as caught:
        codec.decode_client(text)
    assert caught.value.code == "bad_message"
