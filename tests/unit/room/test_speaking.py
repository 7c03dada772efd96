"""Who spoke for how long: sums in the journal, never when."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from projectdesk.room import events
from projectdesk.room.speaking import Speaking
from projectdesk.signalling import call, journal
from projectdesk.signalling import media as wire
from tests.unit.room.conftest import START, Stage, invitee, timedelta

ONE, THREE = f"{1:032x}", f"{3:032x}"


def loudest(stage: Stage, speaker: str | None) -> None:
    stage.handle(events.MediaReported, event=wire.SpeakerChanged(participant=speaker))


def sums(stage: Stage) -> dict[str, float]:
    total: dict[str, float] = {}
    for fact in stage.facts(journal.TalkMeasured):
        for spoken in fact.spoken:
            total[spoken.invitation] = total.get(spoken.invitation, 0.0) + spoken.seconds
    return total


def test_the_sums_are_written_when_the_meeting_ends(call_with_two):
    stage = call_with_two
    loudest(stage, ONE)
    stage.wait(seconds=40)
    loudest(stage, THREE)
    stage.wait(seconds=20)
    loudest(stage, None)
    stage.wait(seconds=60)
    loudest(stage, ONE)
    stage.wait(seconds=5)
    assert sums(stage) == {}
    stage.say("p1", call.EndMeeting())
    assert sums(stage) == {ONE: 45.0, THREE: 20.0}
    (fact,) = stage.facts(journal.TalkMeasured)
    assert {spoken.invitation for spoken in fact.spoken} == {ONE, THREE}


def test_they_are_written_every_few_minutes_and_each_second_once(call_with_two):
    stage = call_with_two
    for _ in range(8):
        loudest(stage, ONE)
        stage.wait(seconds=60)
        loudest(stage, THREE)
        stage.wait(seconds=30)
    assert len(stage.facts(journal.TalkMeasured)) == 2
    stage.say("p1", call.EndMeeting())
    assert sums(stage) == {ONE: 480.0, THREE: 240.0}


def test_whoever_went_does_not_speak_any_more(call_with_two):
    stage = call_with_two
    loudest(stage, THREE)
    stage.wait(seconds=30)
    stage.say("p3", call.Leave())
    stage.wait(seconds=300)
    stage.say("p1", call.EndMeeting())
    assert sums(stage) == {THREE: 30.0}


def test_a_lost_media_server_and_a_host_that_stops_end_the_count(call_with_two):
    stage = call_with_two
    loudest(stage, ONE)
    stage.wait(seconds=10)
    stage.handle(events.MediaLost)
    stage.wait(seconds=100)
    loudest(stage, THREE)
    stage.wait(seconds=7)
    stage.handle(events.HostStopping)
    assert sums(stage) == {ONE: 10.0, THREE: 7.0}


@given(
    turns=st.lists(
        st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 400)), min_size=1, max_size=20
    )
)
def test_every_second_of_speech_is_in_exactly_one_entry(turns):
    speaking, now, expected = Speaking(), START, {"a": 0.0, "b": 0.0}
    entries = []
    for speaker, seconds in turns:
        speaking.note(speaker, now)
        entries.append(speaking.due(now))
        now += timedelta(seconds=seconds)
        if speaker is not None:
            expected[speaker] += seconds
    entries.append(speaking.take(now))
    for person, seconds in expected.items():
        found = [each.seconds for entry in entries for each in entry if each.invitation == person]
        assert sum(found) == seconds
    assert speaking.take(now) == []


def test_what_interpreters_say_is_others_words(call_with_two):
    speaking = Speaking()
    speaking.note("a", START)
    speaking.note(None, START + timedelta(seconds=3))
    assert [each.seconds for each in speaking.take(START + timedelta(hours=1))] == [3.0]
    assert invitee(1).id == ONE
