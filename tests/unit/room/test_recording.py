"""Recording: everybody agrees first, and nobody is recorded unasked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from projectdesk.room import commands, events
from projectdesk.room.room import Room
from projectdesk.signalling import breakouts, call, control, floor, journal, media, recording
from tests.unit.room.conftest import START, Stage, snapshot

CHAIR, GUEST, LATE = (f"{number:032x}" for number in (1, 3, 4))
YES = recording.AnswerRecording(agreed=True, words=recording.WORDS)
NO = recording.AnswerRecording(agreed=False, words=recording.WORDS)
ORDERS = (commands.StartRecording, commands.PauseRecording, commands.StopRecording)


def codes(messages):
    return [message.code for message in messages if isinstance(message, call.Problem)]


def orders(stage):
    return [command for command in stage.media if isinstance(command, ORDERS)]


def seen(stage, peer):
    """Return the recording as a peer was told last."""
    return stage.got(peer, recording.RecordingChanged)[-1].recording


def recorded(stage):
    """Return whom the media server records now."""
    last = orders(stage)[-1:]
    if not last or not isinstance(last[0], commands.StartRecording):
        return None
    return {person.id for person in last[0].people}


@pytest.fixture
def running(call_with_two):
    stage = call_with_two
    stage.say("p1", recording.AskToRecord())
    stage.say("p3", YES)
    return stage


# --- asking ---------------------------------------------------------------------------------------


def test_it_starts_when_everybody_here_has_agreed(call_with_two):
    stage = call_with_two
    assert stage.say("p1", recording.AskToRecord())[0].recording.mine == "given"
    assert seen(stage, "p3").state == "asked"
    assert (seen(stage, "p3").mine, seen(stage, "p3").missing) == ("open", 1)
    assert orders(stage) == []
    stage.say("p3", YES)
    assert seen(stage, "p3").state == seen(stage, "p1").state == "running"
    assert recorded(stage) == {CHAIR, GUEST}
    kinds = [type(fact).__name__ for fact in stage.facts()][-4:]
    assert kinds == ["RecordingAsked", "ConsentGiven", "ConsentGiven", "RecordingStarted"]
    assert stage.facts(journal.ConsentGiven)[1].words == recording.WORDS


def test_only_who_leads_sees_who_has_not_answered(call_with_two):
    stage = call_with_two
    stage.say("p1", recording.AskToRecord())
    assert seen(stage, "p3").people == []
    answers = {one.participant: one.answer for one in seen(stage, "p1").people}
    assert answers == {CHAIR: "given", GUEST: "open"}


def test_the_console_asks_in_the_name_of_the_chair(call_with_two):
    stage = call_with_two
    stage.handle(events.ConsoleAttached, peer="console")
    stage.say("console", recording.AskToRecord())
    assert stage.facts(journal.ConsentGiven)[0].invitation == CHAIR
    assert seen(stage, "console").people[1].answer == "open"
    assert codes(stage.say("console", YES)) == ["not_allowed"]


def test_a_refusal_discards_it_and_nothing_was_recorded(call_with_two):
    stage = call_with_two
    stage.say("p1", recording.AskToRecord())
    stage.say("p3", NO)
    assert orders(stage) == []
    assert seen(stage, "p1").state == "off"
    assert seen(stage, "p1").ended == "refused"
    assert stage.facts(journal.RecordingDiscarded)[0].reason == "refused"
    assert stage.room.memory().recording is None


def test_who_is_away_must_agree_too_until_they_have_left(call_with_two):
    stage = call_with_two
    stage.drop("p3")
    stage.say("p1", recording.AskToRecord())
    assert recorded(stage) is None
    stage.wait(seconds=61)
    assert recorded(stage) == {CHAIR}


def test_who_comes_while_it_is_asked_is_asked_as_well(call_with_two):
    stage = call_with_two
    stage.say("p1", recording.AskToRecord())
    stage.join(4)
    stage.say("p1", call.Admit())
    stage.say("p3", YES)
    assert recorded(stage) is None
    stage.say("p4", YES)
    assert recorded(stage) == {CHAIR, GUEST, LATE}


def test_guests_cannot_record(call_with_two):
    stage = call_with_two
    for order in (
        recording.AskToRecord(),
        recording.PauseRecording(),
        recording.ResumeRecording(),
        recording.StopRecording(),
    ):
        assert codes(stage.say("p3", order)) == ["not_allowed"]


def test_a_media_server_that_cannot_record_is_said():
    stage = Stage()
    stage.room = Room("k3jq8w2xz0", stage.plan)
    stage.handle(events.RoomLoaded)
    stage.join(1)
    assert codes(stage.say("p1", recording.AskToRecord())) == ["cannot_record"]


def test_an_empty_call_is_not_recorded(stage):
    stage.handle(events.ConsoleAttached, peer="console")
    assert codes(stage.say("console", recording.AskToRecord())) == ["nobody_here"]


@pytest.mark.parametrize(
    "message",
    [
        YES,
        NO,
        recording.WithdrawConsent(),
        recording.PauseRecording(),
        recording.ResumeRecording(),
        recording.StopRecording(),
    ],
)
def test_without_a_recording_there_is_nothing_to_answer(call_with_two, message):
    assert codes(call_with_two.say("p1", message)) == ["not_recording"]


def test_two_recordings_at_once_are_refused(running):
    assert codes(running.say("p1", recording.AskToRecord())) == ["already_recording"]


def test_consent_counts_for_the_words_that_were_shown(call_with_two):
    stage = call_with_two
    stage.say("p1", recording.AskToRecord())
    old = recording.AnswerRecording(agreed=True, words=recording.WORDS - 1)
    assert codes(stage.say("p3", old)) == ["words_outdated"]
    assert recorded(stage) is None


# --- while it runs --------------------------------------------------------------------------------


def test_a_newcomer_agrees_before_they_are_let_in(running):
    stage = running
    stage.join(4)
    assert seen(stage, "p4").state == "running"
    assert seen(stage, "p4").people == []
    assert codes(stage.say("p1", call.Admit(participant=LATE))) == ["consent_missing"]
    assert recorded(stage) == {CHAIR, GUEST}
    assert stage.got("p4", call.RoomState) == []
    stage.say("p4", YES)
    assert stage.got("p4", call.RoomState)
    assert recorded(stage) == {CHAIR, GUEST, LATE}


def test_agreeing_does_not_open_the_lobby(running):
    stage = running
    stage.join(4)
    stage.say("p4", YES)
    assert stage.got("p4", call.RoomState) == []
    stage.say("p1", call.Admit(participant=LATE))
    assert recorded(stage) == {CHAIR, GUEST, LATE}


def test_who_would_enter_directly_agrees_first_too(running):
    stage = running
    stage.say("p3", call.Leave())
    stage.join(3, peer="again")
    assert stage.got("again", call.RoomState)  # they have agreed to this recording
    stage.handle(events.SnapshotChanged, snapshot=snapshot(rules=control.RoomRules(lobby=False)))
    stage.join(4)
    assert stage.got("p4", call.RoomState) == []
    stage.say("p4", YES)
    assert stage.got("p4", call.RoomState)


def test_a_changed_plan_lets_nobody_in_unasked(running):
    stage = running
    stage.join(4)
    stage.handle(events.SnapshotChanged, snapshot=snapshot(rules=control.RoomRules(lobby=False)))
    assert stage.got("p4", call.RoomState) == []
    assert recorded(stage) == {CHAIR, GUEST}


def test_a_pause_lets_people_in_off_the_record(running):
    stage = running
    stage.join(4)
    stage.say("p4", NO)
    stage.say("p1", call.Admit(participant=LATE))
    assert stage.got("p4", call.RoomState) == []
    stage.say("p1", recording.PauseRecording())
    assert isinstance(orders(stage)[-1], commands.PauseRecording)
    assert stage.got("p4", call.RoomState)
    assert seen(stage, "p4").state == "paused"


def test_going_on_asks_who_has_not_agreed(running):
    stage = running
    stage.say("p1", recording.PauseRecording())
    stage.join(4)
    stage.say("p1", call.Admit())
    stage.say("p1", recording.ResumeRecording())
    assert seen(stage, "p4").state == "asked"
    assert seen(stage, "p4").begun
    assert seen(stage, "p3").mine == "given"
    stage.say("p4", NO)
    assert seen(stage, "p1").state == "paused"  # what is recorded stays, nothing is added
    stage.say("p1", recording.ResumeRecording())
    stage.say("p4", YES)
    assert recorded(stage) == {CHAIR, GUEST, LATE}
    assert len(stage.facts(journal.RecordingResumed)) == 1


def test_who_comes_back_after_a_lost_socket_is_not_asked_again(running):
    stage = running
    session = stage.room._meeting.passes[GUEST][0]
    stage.drop("p3")
    stage.connect(session, "p3b")
    assert seen(stage, "p3b").mine == "given"
    assert recorded(stage) == {CHAIR, GUEST}


def test_withdrawing_ends_it_and_erases_what_it_has_of_the_person(running):
    stage = running
    stage.say("p3", recording.WithdrawConsent())
    stop = orders(stage)[-1]
    assert isinstance(stop, commands.StopRecording)
    assert stop.erased == (GUEST,)
    assert {one.participant: one.answer for one in stop.consents} == {
        CHAIR: "given",
        GUEST: "withdrawn",
    }
    assert seen(stage, "p1").ended == "withdrawn"
    assert stage.facts(journal.ConsentWithdrawn)[0].invitation == GUEST


def test_breakout_rooms_are_not_recorded(running):
    stage = running
    groups = [breakouts.PlannedGroup(name="A", people=[GUEST])]
    stage.say("p1", breakouts.OpenBreakouts(groups=groups))
    assert isinstance(orders(stage)[-1], commands.PauseRecording)
    assert codes(stage.say("p1", recording.ResumeRecording())) == ["groups_open"]
    stage.say("p1", breakouts.CloseBreakouts(at_once=True))
    stage.say("p1", recording.ResumeRecording())
    assert recorded(stage) == {CHAIR, GUEST}


def test_who_leaves_is_not_recorded_further(running):
    stage = running
    stage.say("p3", call.Leave())
    assert recorded(stage) == {CHAIR}


# --- the end --------------------------------------------------------------------------------------


def test_stopping_keeps_the_consents_with_it(running):
    stage = running
    stage.say("p1", recording.StopRecording())
    stop = orders(stage)[-1]
    assert [one.answer for one in stop.consents] == ["given", "given"]
    assert stop.recording == stage.facts(journal.RecordingStarted)[0].recording
    assert stage.facts(journal.RecordingStopped)[0].by == CHAIR


def test_taking_the_question_back_discards_it(call_with_two):
    stage = call_with_two
    stage.say("p1", recording.AskToRecord())
    stage.say("p1", recording.StopRecording())
    assert stage.facts(journal.RecordingDiscarded)[0].reason == "cancelled"


def test_each_recording_is_agreed_to_anew(running):
    stage = running
    stage.say("p1", recording.StopRecording())
    stage.wait(seconds=1)
    stage.say("p1", recording.AskToRecord())
    assert seen(stage, "p3").mine == "open"
    assert seen(stage, "p3").state == "asked"


def test_the_end_of_the_meeting_ends_it(running):
    stage = running
    stage.say("p1", call.EndMeeting())
    assert stage.facts(journal.RecordingStopped)[0].reason == "ended"


def test_an_emptied_call_ends_it(running):
    stage = running
    stage.handle(events.ConsoleAttached, peer="console")
    stage.say("p1", call.Leave())
    stage.say("p3", call.Leave())
    assert stage.facts(journal.RecordingStopped)[0].reason == "empty"
    assert seen(stage, "console").ended == "empty"


def test_a_full_disk_ends_it_and_the_call_goes_on(running):
    stage = running
    failed = media.RecordingFailed(code="disk_full", text="The disk is full.")
    stage.handle(events.MediaReported, event=failed)
    assert seen(stage, "p1").ended == "disk_full"
    assert stage.present() == 2


def test_a_new_media_server_goes_on_recording(running):
    stage = running
    stage.handle(events.MediaReady)
    before = len(orders(stage))
    stage.handle(events.MediaLost)
    stage.handle(events.MediaReady)
    assert len(orders(stage)) == before + 1
    assert recorded(stage) == {CHAIR, GUEST}


def test_a_host_that_was_killed_ends_it_when_it_was_last_alive(running):
    stage = running
    alive = stage.now + timedelta(seconds=3)
    again = Stage(stage.plan, stage.room.memory())
    again.now = stage.now + timedelta(minutes=5)
    again.room = Room("k3jq8w2xz0", again.plan, stage.room.memory(), records=True)
    again.media.clear()
    again.handle(events.RoomLoaded, alive_until=alive)
    stopped = [(at, f) for at, f in again.journal if isinstance(f, journal.RecordingStopped)][-1]
    assert stopped[0] == alive
    assert stopped[1].reason == "host_restarted"
    assert len(orders(again)[0].consents) == 2
    assert again.room.memory().recording is None


def test_the_page_is_told_before_joining_that_the_meeting_is_recorded(running):
    person = running.room.snapshot.invitees[3]
    assert running.room.look(person, START).recorded
    running.say("p1", recording.StopRecording())
    assert not running.room.look(person, START).recorded


def test_chat_and_hands_go_on_meanwhile(running):
    running.say("p3", floor.RaiseHand(raised=True))
    assert seen(running, "p3").state == "running"
