"""Hands, chat, reactions, and what the chair may do to others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.room import commands, events
from projectdesk.room.names import clean_message
from projectdesk.room.room import Room
from projectdesk.signalling import call, control, floor, journal
from tests.unit.room.conftest import Stage, invitee, snapshot

CHAIR, GUEST, LATE = (f"{number:032x}" for number in (1, 3, 4))
ORDERS = (
    floor.LowerHands(),
    floor.StopFeed(source="audio", participant=CHAIR),
    floor.StopFeed(source="audio"),
    floor.AskToUnmute(participant=CHAIR),
    floor.Remove(participant=CHAIR),
    floor.LetBackIn(participant=CHAIR),
    floor.LockRoom(locked=True),
    floor.Appoint(participant=GUEST, role="cohost"),
    floor.Dismiss(participant=CHAIR),
)


def codes(messages):
    return [message.code for message in messages if isinstance(message, call.Problem)]


def person(stage, peer, number):
    """Return how somebody was last shown to a peer."""
    seen = stage.got(peer, (call.ParticipantChanged, call.ParticipantJoined))
    return [m.participant for m in seen if m.participant.id == f"{number:032x}"][-1]


def held(stage):
    return [
        (c.participant, c.source, c.held) for c in stage.media if isinstance(c, commands.HoldFeed)
    ]


# --- hands ----------------------------------------------------------------------------------------


def test_hands_keep_the_time_at_which_they_were_raised(call_with_two):
    stage = call_with_two
    stage.say("p3", floor.RaiseHand(raised=True))
    first = person(stage, "p1", 3).hand
    stage.wait(seconds=5)
    stage.say("p3", floor.RaiseHand(raised=True))
    stage.say("p1", floor.RaiseHand(raised=True))
    assert person(stage, "p1", 3).hand == first
    assert person(stage, "p3", 1).hand > first
    stage.say("p3", floor.RaiseHand(raised=False))
    assert person(stage, "p1", 3).hand is None


def test_the_chair_takes_down_one_hand_or_all(call_with_two):
    stage = call_with_two
    stage.say("p3", floor.RaiseHand(raised=True))
    stage.say("p1", floor.RaiseHand(raised=True))
    stage.say("p1", floor.LowerHands(participant=GUEST))
    assert person(stage, "p3", 3).hand is None
    assert person(stage, "p3", 1).hand is not None
    stage.say("p1", floor.LowerHands())
    assert person(stage, "p3", 1).hand is None


def test_a_hand_survives_a_lost_socket_and_not_a_leave(call_with_two):
    stage = call_with_two
    stage.say("p3", floor.RaiseHand(raised=True))
    session = stage.room._meeting.passes[GUEST][0]
    stage.drop("p3")
    stage.connect(session, "p3b")
    assert person(stage, "p1", 3).hand is not None
    stage.say("p3b", call.Leave())
    stage.join(3, "p3c")
    assert person(stage, "p1", 3).hand is None


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: type(order).__name__)
def test_a_guest_gives_no_orders(call_with_two, order):
    assert codes(call_with_two.say("p3", order)) == ["not_allowed"]


def test_a_co_host_leads_but_gives_no_roles(call_with_two):
    stage = call_with_two
    stage.say("p1", floor.Appoint(participant=GUEST, role="cohost"))
    assert codes(stage.say("p3", floor.LockRoom(locked=True))) == []
    assert codes(stage.say("p3", floor.Dismiss(participant=GUEST))) == ["not_allowed"]
    assert codes(stage.say("p3", floor.Remove(participant=CHAIR))) == ["not_allowed"]


def test_the_console_leads_in_the_chairs_name_and_spares_the_chair(call_with_two):
    stage = call_with_two
    stage.handle(events.ConsoleAttached, peer="desk")
    assert codes(stage.say("desk", floor.StopFeed(source="audio"))) == []
    assert held(stage) == [(GUEST, "audio", True)]
    assert stage.got("p3", floor.FeedHeld)[0].by == "Person 1"
    assert codes(stage.say("desk", floor.RaiseHand(raised=True))) == ["not_allowed"]


# --- silence --------------------------------------------------------------------------------------


def test_a_stopped_feed_stays_off_until_its_person_switches_it_on(call_with_two):
    stage = call_with_two
    stage.say("p3", call.SetMedia(audio=True, video=True))
    stage.say("p1", floor.StopFeed(source="audio", participant=GUEST))
    (told,) = stage.got("p3", floor.FeedHeld)
    assert (told.source, told.by) == ("audio", "Person 1")
    assert not person(stage, "p1", 3).audio
    stage.say("p3", call.SetMedia(audio=True, video=False))  # was under way
    assert not person(stage, "p1", 3).audio
    assert held(stage) == [(GUEST, "audio", True)]
    stage.say("p3", call.SetMedia(audio=False, video=False, heard=told.order))
    stage.say("p3", call.SetMedia(audio=True, video=False, heard=told.order))
    assert person(stage, "p1", 3).audio
    assert held(stage) == [(GUEST, "audio", True), (GUEST, "audio", False)]


def test_a_stop_outlives_a_reload_and_a_rebuilt_connection(call_with_two):
    stage = call_with_two
    stage.say("p1", floor.StopFeed(source="video", participant=GUEST))
    session = stage.room._meeting.passes[GUEST][0]
    stage.drop("p3")
    stage.connect(session, "p3b")
    assert stage.got("p3b", floor.FeedHeld) == [
        floor.FeedHeld(source="video", order=1, by="Person 1")
    ]
    stage.say("p3b", call.SetMedia(audio=True, video=True))
    assert not person(stage, "p1", 3).video
    out = stage.handle(
        events.MessageReceived,
        peer="p3b",
        message=call.Publish(sdp="o", sources={"0": "audio", "1": "video"}, rebuild=True),
    )
    assert [type(command) for command in out] == [commands.PublishLeg, commands.HoldFeed]
    assert out[1] == commands.HoldFeed(GUEST, "video", held=True)


def test_all_but_oneself_are_silenced():
    stage = Stage(snapshot(rules=control.RoomRules(lobby=False)))
    for number in (1, 3, 4):
        stage.join(number)
        stage.say(f"p{number}", call.SetMedia(audio=True, video=True))
    stage.say("p1", floor.StopFeed(source="audio"))
    assert [h[0] for h in held(stage)] == [GUEST, LATE]
    assert not stage.got("p1", floor.FeedHeld)


def test_asking_to_unmute_changes_nothing(call_with_two):
    stage = call_with_two
    stage.say("p1", floor.AskToUnmute(participant=GUEST))
    assert stage.got("p3", floor.UnmuteAsked) == [floor.UnmuteAsked(by="Person 1")]
    assert held(stage) == []
    assert codes(stage.say("p1", floor.AskToUnmute(participant=LATE))) == ["not_here"]


# --- out ------------------------------------------------------------------------------------------


def test_who_is_removed_stays_out_until_let_back_in(call_with_two):
    stage = call_with_two
    guest = stage.room.snapshot.invitees[2]
    stage.say("p1", floor.Remove(participant=GUEST))
    assert stage.got("p3", call.Ended)[0].reason == "removed"
    assert stage.got("p1", floor.RemovedChanged)[-1].removed == [
        floor.RemovedPerson(id=GUEST, name="Person 3")
    ]
    assert stage.room.refusal_to_join(guest, stage.now, move=False).code == "removed"
    again = Stage(stage.plan, stage.room.memory())  # the host was started again
    assert again.room.refusal_to_join(guest, stage.now, move=True).code == "removed"
    stage.say("p1", floor.LetBackIn(participant=GUEST))
    assert stage.got("p1", floor.RemovedChanged)[-1].removed == []
    assert stage.room.refusal_to_join(guest, stage.now, move=False) is None
    stage.join(3, "p3b")
    assert stage.got("p3b", call.Lobby)  # knocks again
    kinds = [type(f) for f in stage.facts() if getattr(f, "invitation", "") == GUEST]
    assert kinds[-4:] == [
        journal.PersonRemoved,
        journal.PersonLeft,
        journal.PersonLetBackIn,
        journal.PersonKnocked,
    ]
    assert codes(stage.say("p1", floor.LetBackIn(participant=GUEST))) == ["not_removed"]


def test_nobody_removes_the_chair_or_oneself(call_with_two):
    stage = call_with_two
    assert codes(stage.say("p1", floor.Remove(participant=CHAIR))) == ["not_allowed"]
    stage.say("p1", floor.Appoint(participant=GUEST, role="cohost"))
    assert codes(stage.say("p3", floor.Remove(participant=GUEST))) == ["not_allowed"]


def test_a_locked_room_takes_back_who_was_in_and_nobody_new(call_with_two):
    stage = call_with_two
    _, _, guest, late = stage.room.snapshot.invitees
    pass_ = stage.pass_(4)  # Join was pressed before the lock
    stage.say("p1", floor.LockRoom(locked=True))
    assert stage.got("p3", floor.LockChanged) == [floor.LockChanged(locked=True)]
    stage.connect(pass_, "p4")
    assert (codes(stage.inbox["p4"]), stage.closed) == (["locked"], ["p4"])
    assert stage.room.refusal_to_join(late, stage.now, move=False).code == "locked"
    stage.say("p3", call.Leave())
    assert stage.room.refusal_to_join(guest, stage.now, move=False) is None
    stage.join(3, "p3b")
    (state,) = stage.got("p3b", call.RoomState)
    assert state.locked
    assert Stage(stage.plan, stage.room.memory()).room._meeting.locked
    stage.say("p1", floor.LockRoom(locked=False))
    assert stage.room.refusal_to_join(late, stage.now, move=False) is None


# --- roles ----------------------------------------------------------------------------------------


def test_the_chair_is_handed_over(call_with_two):
    stage = call_with_two
    stage.join(4)
    stage.say("p1", floor.Appoint(participant=GUEST, role="chair"))
    assert (person(stage, "p3", 1).role, person(stage, "p3", 3).role) == ("cohost", "chair")
    assert [p.id for p in stage.got("p3", call.LobbyChanged)[-1].lobby] == [LATE]
    assert [(f.invitation, f.role) for f in stage.facts(journal.RoleChanged)] == [
        (CHAIR, "cohost"),
        (GUEST, "chair"),
    ]
    assert codes(stage.say("p1", floor.Dismiss(participant=GUEST))) == ["not_allowed"]
    assert codes(stage.say("p3", floor.Dismiss(participant=CHAIR))) == []
    assert person(stage, "p3", 1).role == "participant"
    room = Room("r", stage.plan, stage.room.memory())
    assert room.find_link(f"{3:064x}").role == "chair"


def test_a_dismissed_co_host_is_what_they_were_invited_as():
    stage = Stage(snapshot([invitee(1, "chair"), invitee(3, "presenter")]))
    stage.join(1)
    stage.join(3)
    stage.say("p1", call.Admit())
    stage.say("p1", floor.Appoint(participant=GUEST, role="cohost"))
    stage.say("p1", floor.Dismiss(participant=GUEST))
    assert person(stage, "p1", 3).role == "presenter"
    assert codes(stage.say("p1", floor.Dismiss(participant=GUEST))) == ["not_allowed"]


def test_an_observer_who_becomes_co_host_may_send_and_afterwards_not():
    stage = Stage(snapshot([invitee(1, "chair"), invitee(3, "observer")]))
    stage.join(1)
    stage.join(3)
    stage.say("p1", call.Admit())
    stage.say("p1", floor.Appoint(participant=GUEST, role="cohost"))
    assert len(stage.got("p3", call.MediaRestarted)) == 1
    stage.say("p3", call.SetMedia(audio=True, video=True))
    assert person(stage, "p1", 3).audio
    stage.media.clear()
    stage.say("p1", floor.Dismiss(participant=GUEST))
    assert commands.CloseLegs(GUEST) in stage.media
    assert not person(stage, "p1", 3).audio


def test_the_desktops_word_on_a_role_closes_what_it_does_not_allow(call_with_two):
    stage = call_with_two
    stage.say("p3", call.SetMedia(audio=True, video=True))
    stage.media.clear()

    def give(role):
        people = [invitee(1, "chair"), invitee(2, "presenter"), invitee(3, role), invitee(4)]
        stage.handle(events.SnapshotChanged, snapshot=snapshot(people))

    give("presenter")
    assert stage.media == []
    give("observer")
    changed = stage.got("p3", call.ParticipantChanged)[-1].participant
    assert (changed.role, changed.audio, changed.video) == ("observer", False, False)
    assert commands.CloseLegs(GUEST) in stage.media
    assert isinstance(stage.inbox["p3"][-1], call.RoomState)
    assert len(stage.got("p3", call.MediaRestarted)) == 1
    give("participant")
    assert len(stage.got("p3", call.MediaRestarted)) == 2


def test_who_may_share_no_more_ends_the_share_by_a_new_connection(call_with_two):
    stage = call_with_two
    people = [invitee(1, "chair"), invitee(2, "presenter"), invitee(3, "interpreter"), invitee(4)]
    stage.say("p3", call.SetMedia(audio=True, video=False, screen=True))
    stage.handle(events.SnapshotChanged, snapshot=snapshot(people))
    changed = stage.got("p3", call.ParticipantChanged)[-1].participant
    assert (changed.audio, changed.screen) == (True, False)
    assert commands.CloseLegs(GUEST) in stage.media


def test_the_desktops_newer_word_on_a_role_counts(call_with_two):
    stage = call_with_two
    stage.say("p1", floor.Appoint(participant=GUEST, role="cohost"))
    same = snapshot(title="Other")
    stage.handle(events.SnapshotChanged, snapshot=same)
    assert stage.room._meeting.hall.people[GUEST].invitee.role == "cohost"
    people = [invitee(1, "chair"), invitee(2, "presenter"), invitee(3, "observer"), invitee(4)]
    stage.handle(events.SnapshotChanged, snapshot=snapshot(people))
    assert stage.room._meeting.hall.people[GUEST].invitee.role == "observer"


# --- chat and reactions ---------------------------------------------------------------------------


def test_public_words_are_stamped_and_reach_everybody(call_with_two):
    stage = call_with_two
    stage.say("p3", floor.SendChat(text="  Grüße\u202e \r\nzwei\x07 "))
    for peer in ("p1", "p3"):
        (told,) = stage.got(peer, floor.ChatReceived)
        assert told.message.text == "Grüße\nzwei"
        assert (told.message.sender, told.message.sender_name) == (GUEST, "Person 3")
        assert told.message.at == stage.now
    assert stage.facts(object)[-1] != told
    assert "Grüße" not in repr(stage.room.memory()) + repr(stage.journal)


def test_private_words_reach_one_and_are_in_nobody_elses_history():
    stage = Stage(snapshot(rules=control.RoomRules(lobby=False)))
    for number in (1, 3, 4):
        stage.join(number)
    stage.say("p3", floor.SendChat(text="psst", to=CHAIR))
    stage.say("p3", floor.SendChat(text="hello"))
    assert [m.message.text for m in stage.got("p1", floor.ChatReceived)] == ["psst", "hello"]
    assert [m.message.text for m in stage.got("p4", floor.ChatReceived)] == ["hello"]
    for number, texts in ((3, ["psst", "hello"]), (4, ["hello"])):
        stage.say(f"p{number}", call.Leave())
        stage.join(number, f"again{number}")
        (history,) = stage.got(f"again{number}", floor.ChatHistory)
        assert [m.text for m in history.messages] == texts
    assert codes(stage.say("p1", floor.SendChat(text="x", to=CHAIR))) == ["not_here"]


def test_the_last_two_hundred_words_are_sent_to_who_comes_later(call_with_two):
    stage = call_with_two
    for number in range(205):
        stage.say("p3", floor.SendChat(text=str(number)))
        stage.wait(seconds=1)
    stage.say("p3", call.Leave())
    stage.join(3, "later")
    pieces = stage.got("later", floor.ChatHistory)
    assert [piece.first for piece in pieces] == [True, *[False] * (len(pieces) - 1)]
    texts = [m.text for piece in pieces for m in piece.messages]
    assert texts == [str(number) for number in range(5, 205)]
    stage.say("p1", call.EndMeeting())
    assert list(stage.room._meeting.chat.history(GUEST)) == []


def test_the_longest_history_fits_into_messages_that_the_wire_takes(call_with_two):
    from projectdesk.signalling import codec

    stage = call_with_two
    for _ in range(60):
        stage.say("p3", floor.SendChat(text="🎉" * floor.MAX_CHAT))
        stage.wait(seconds=1)
    stage.say("p3", call.Leave())
    stage.join(3, "later")
    for piece in stage.got("later", floor.ChatHistory):
        assert codec.decode_host(codec.encode(piece)) == piece


def test_too_long_too_fast_and_empty(call_with_two):
    stage = call_with_two
    long = floor.SendChat(text="x" * (floor.MAX_CHAT + 1))
    assert codes(stage.say("p3", long)) == ["chat_too_long"]
    assert stage.say("p3", floor.SendChat(text=" \u200e\n ")) == []
    for _ in range(10):
        assert codes(stage.say("p3", floor.SendChat(text="x"))) == []
        assert codes(stage.say("p3", floor.React(reaction="🎉"))) == []
    assert codes(stage.say("p3", floor.SendChat(text="x"))) == ["too_fast"]
    assert codes(stage.say("p3", floor.React(reaction="🎉"))) == ["too_fast"]
    assert codes(stage.say("p1", floor.SendChat(text="x"))) == []
    stage.wait(seconds=10)
    assert codes(stage.say("p3", floor.SendChat(text="x"))) == []


def test_reactions_reach_everybody(call_with_two):
    call_with_two.say("p3", floor.React(reaction="👏"))
    for peer in ("p1", "p3"):
        told = call_with_two.got(peer, floor.Reacted)
        assert told == [floor.Reacted(participant=GUEST, reaction="👏")]


@given(st.text(max_size=40))
def test_a_clean_message_shows_no_control_and_is_stable(text):
    clean = clean_message(text)
    assert clean_message(clean) == clean
    assert not any(
        (ord(c) < 32 and c != "\n") or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        for c in clean
    )
