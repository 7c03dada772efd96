from __future__ import annotations

from datetime import timedelta

import pytest

from projectdesk.room import commands, events
from projectdesk.room.entrance import LOBBY_FULL
from projectdesk.room.permissions import PERMISSIONS, Act
from projectdesk.room.room import Room
from projectdesk.room.timers import Grace, LobbyPatience
from projectdesk.signalling import call, control, floor, journal
from tests.unit.room.conftest import START, Stage, invitee, planned, snapshot


def ids(participants):
    return [int(participant.id, 16) for participant in participants]


# --- coming in ------------------------------------------------------------------------------------


def test_the_chair_enters_without_waiting(stage):
    stage.join(1)
    welcome, state = stage.inbox["p1"]
    assert isinstance(welcome, call.Welcome)
    assert welcome.you == f"{1:032x}"
    assert isinstance(state, call.RoomState)
    assert ids(state.participants) == [1]
    assert stage.facts() == [
        journal.RoomOpened(),
        journal.PersonJoined(invitation=f"{1:032x}", name="Person 1"),
    ]


@pytest.mark.parametrize("number", [2, 3])
def test_presenters_and_guests_wait(stage, number):
    stage.join(1)
    stage.join(number)
    assert not stage.got(f"p{number}", call.RoomState)
    assert stage.got(f"p{number}", call.Lobby)
    assert ids(stage.got("p1", call.LobbyChanged)[-1].lobby) == [number]


def test_who_is_admitted_gets_everything_and_the_others_are_told(stage):
    stage.join(1)
    stage.join(3)
    stage.say("p1", call.Admit(participant=f"{3:032x}"))
    assert ids(stage.got("p3", call.RoomState)[-1].participants) == [1, 3]
    assert stage.got("p3", call.RoomState)[-1].lobby == []
    assert ids([stage.got("p1", call.ParticipantJoined)[-1].participant]) == [3]
    assert stage.got("p1", call.LobbyChanged)[-1].lobby == []
    joined = stage.facts(journal.PersonJoined)[-1]
    assert (joined.invitation, joined.by) == (f"{3:032x}", f"{1:032x}")


def test_without_lobby_everybody_enters():
    stage = Stage(snapshot(rules=control.RoomRules(lobby=False)))
    stage.join(3)
    assert stage.got("p3", call.RoomState)


def test_a_refused_person_is_told_and_forgotten(stage):
    stage.join(1)
    session = stage.join(3)
    stage.say("p1", call.Refuse(participant=f"{3:032x}"))
    assert stage.got("p3", call.Ended)[0].reason == "refused"
    assert "p3" in stage.closed
    assert session in stage.forgotten
    assert stage.facts(journal.PersonRefused) == [
        journal.PersonRefused(invitation=f"{3:032x}", by=f"{1:032x}")
    ]
    stage.connect(session, "again")
    assert stage.got("again", call.Problem)[0].code == "session_over"


def test_waiting_ends_after_a_quarter_of_an_hour(stage):
    stage.join(1)
    stage.join(3)
    stage.wait(minutes=14, seconds=59)
    assert not stage.got("p3", call.Ended)
    stage.wait(seconds=2)
    assert stage.got("p3", call.Ended)[0].reason == "lobby_timeout"
    assert stage.facts(journal.PersonRefused)[0].by == ""


def test_a_full_lobby_takes_nobody():
    people = [invitee(1, "chair"), *(invitee(n) for n in range(2, 6))]
    stage = Stage(snapshot(people, rules=control.RoomRules(lobby_size=2)))
    for number in (2, 3):
        stage.join(number)
    assert stage.room.refusal_to_join(people[3], stage.now, move=False) == LOBBY_FULL
    stage.join(4)
    problem = stage.got("p4", call.Problem)[0]
    assert (problem.code, problem.fatal) == ("lobby_full", True)
    assert "p4" in stage.closed


def test_a_full_room_admits_nobody():
    stage = Stage(snapshot(rules=control.RoomRules(capacity=2)))
    for number in (1, 2, 3):
        stage.join(number)
    told = stage.say("p1", call.Admit())
    assert stage.present() == 2
    assert stage.room.facts().waiting == 1
    assert [m.code for m in told if isinstance(m, call.Problem)] == ["room_full"]


def test_nothing_may_be_done_from_the_lobby(stage):
    stage.join(1)
    stage.join(3)
    for message in (
        call.Admit(),
        call.EndMeeting(),
        call.StartItem(item="a"),
        call.SetMedia(audio=True, video=True),
        call.Publish(sdp="", sources={"0": "audio"}),
        call.OpenSubscribe(),
    ):
        (problem,) = stage.say("p3", message)
        assert problem.code == "not_admitted"
    assert stage.say("p3", call.Ping(n=1)) == [call.Pong(n=1)]
    assert stage.present() == 1


def test_the_link_says_what_it_opens(stage):
    guest = stage.plan.invitees[2]
    assert stage.room.find_link(guest.token_hash) == guest
    assert stage.room.find_link("f" * 64).code == "unknown_link"
    assert stage.room.find_link("").code == "unknown_link"
    early = START - timedelta(minutes=31)
    assert stage.room.look(guest, early).state == "early"
    assert stage.room.refusal_to_join(guest, early, move=False).code == "too_early"
    look = stage.room.look(guest, START)
    assert (look.state, look.present, look.elsewhere) == ("open", 0, False)
    late = START + timedelta(hours=26, seconds=1)
    assert stage.room.look(guest, late).state == "ended"
    assert stage.room.refusal_to_join(guest, late, move=False).code == "meeting_ended"


# --- staying --------------------------------------------------------------------------------------


def test_a_lost_socket_is_kept_for_a_minute(call_with_two):
    stage = call_with_two
    before = list(stage.journal)
    session = next(iter(stage.room._meeting.hall.people.values())).session
    stage.drop("p1")
    assert stage.got("p3", call.ParticipantChanged)[-1].participant.away
    stage.wait(seconds=59)
    stage.connect(session, "p1b")
    assert not stage.got("p3", call.ParticipantChanged)[-1].participant.away
    stage.wait(minutes=5)
    assert stage.journal == before
    assert ids(stage.got("p1b", call.RoomState)[-1].participants) == [1, 3]


def test_who_does_not_come_back_left_when_the_socket_was_lost(call_with_two):
    stage = call_with_two
    stage.wait(minutes=5)
    lost_at = stage.now
    stage.drop("p3")
    stage.wait(seconds=61)
    at, fact = stage.journal[-1]
    assert fact == journal.PersonLeft(invitation=f"{3:032x}", reason="lost")
    assert at == lost_at
    assert stage.got("p1", call.ParticipantLeft)


def test_a_late_return_with_the_same_session_enters_again(call_with_two):
    stage = call_with_two
    session = stage.room._meeting.hall.people[f"{3:032x}"].session
    stage.drop("p3")
    stage.wait(minutes=10)
    stage.connect(session, "p3b")
    assert stage.got("p3b", call.RoomState)
    assert len(stage.facts(journal.PersonJoined)) == 3


def test_a_stale_grace_timer_takes_nobody_out(call_with_two):
    stage = call_with_two
    stage.drop("p3")
    stage.handle(events.TimerFired, timer=Grace(f"{3:032x}"))
    assert stage.present() == 2


def test_a_reload_replaces_the_socket(call_with_two):
    stage = call_with_two
    session = stage.room._meeting.hall.people[f"{3:032x}"].session
    stage.connect(session, "p3b")
    assert stage.got("p3", call.Ended)[0].reason == "moved"
    stage.drop("p3")
    assert not stage.room._meeting.hall.people[f"{3:032x}"].lost_at
    assert stage.present() == 2
    assert len(stage.facts(journal.PersonJoined)) == 2


def test_a_second_device_must_ask_to_move(call_with_two):
    stage = call_with_two
    guest = stage.plan.invitees[2]
    assert stage.room.look(guest, stage.now).elsewhere
    assert stage.room.refusal_to_join(guest, stage.now, move=False).code == "already_here"
    assert stage.room.refusal_to_join(guest, stage.now, move=True) is None
    stage.join(3, peer="tablet")
    assert stage.got("p3", call.Ended)[0].reason == "moved"
    assert stage.got("tablet", call.RoomState)
    assert [f.reason for f in stage.facts(journal.PersonLeft)] == ["moved"]
    assert stage.present() == 2


def test_joining_again_while_away_needs_no_move(call_with_two):
    stage = call_with_two
    old = stage.room._meeting.hall.people[f"{3:032x}"].session
    stage.drop("p3")
    guest = stage.plan.invitees[2]
    assert stage.room.refusal_to_join(guest, stage.now, move=False) is None
    stage.join(3, peer="p3b", name="Renamed")
    assert old in stage.forgotten
    assert len(stage.facts(journal.PersonJoined)) == 2
    assert stage.got("p1", call.ParticipantChanged)[-1].participant.name == "Renamed"
    assert commands.CloseLegs(f"{3:032x}") in stage.media


def test_who_was_let_in_once_does_not_wait_again(call_with_two):
    stage = call_with_two
    stage.say("p3", call.Leave())
    assert stage.present() == 1
    stage.join(3, peer="p3b")
    assert stage.got("p3b", call.RoomState)


def test_who_is_let_in_while_away_enters_on_return(stage):
    stage.join(1)
    session = stage.join(3)
    stage.drop("p3")
    stage.say("p1", call.Admit())
    assert stage.present() == 1
    stage.connect(session, "p3b")
    assert stage.got("p3b", call.RoomState)
    assert stage.facts(journal.PersonJoined)[-1].by == f"{1:032x}"
    assert stage.got("p1", call.LobbyChanged)[-1].lobby == []


def test_media_flags_reach_the_others(call_with_two):
    stage = call_with_two
    stage.say("p3", call.SetMedia(audio=True, video=True))
    shown = stage.got("p1", call.ParticipantChanged)[-1].participant
    assert (shown.audio, shown.video, shown.screen) == (True, True, False)


def test_one_screen_at_a_time(call_with_two):
    stage = call_with_two
    stage.say("p1", call.SetMedia(audio=True, video=True, screen=True))
    refused = stage.say("p3", call.SetMedia(audio=True, video=True, screen=True))
    assert [m.code for m in refused] == ["screen_taken"]
    refused = stage.say("p3", call.Publish(sdp="o", sources={"0": "audio", "1": "screen"}))
    assert [m.code for m in refused] == ["screen_taken"]


def test_the_sound_of_a_screen_stops_with_it(call_with_two):
    stage = call_with_two
    sources = {"0": "audio", "1": "video", "2": "screen", "3": "sound"}
    stage.say("p1", call.Publish(sdp="o", sources=sources))
    stage.say("p1", call.SetMedia(audio=True, video=True, screen=True))
    stage.say("p1", floor.StopFeed(source="screen", participant=f"{1:032x}"))
    held = [(c.source, c.held) for c in stage.media if isinstance(c, commands.HoldFeed)]
    assert held[-2:] == [("screen", True), ("sound", True)]


def test_equal_names_are_marked_and_unmarked(call_with_two):
    stage = call_with_two
    stage.join(4, name="PERSON  3")
    stage.say("p1", call.Admit())
    marked = {int(p.id, 16): p.marked for p in stage.got("p4", call.RoomState)[-1].participants}
    assert marked == {1: False, 3: True, 4: True}
    assert stage.got("p3", call.ParticipantChanged)[-1].participant.marked
    stage.say("p4", call.Leave())
    assert not stage.got("p3", call.ParticipantChanged)[-1].participant.marked


def test_the_name_of_an_invitee_who_is_not_there_is_marked(stage):
    stage.join(1)
    stage.join(3, name="Person 4")
    assert stage.got("p1", call.LobbyChanged)[-1].lobby[0].marked


def test_an_empty_name_becomes_the_invited_one(stage):
    stage.join(1, name="\u202e\u200b")
    assert stage.got("p1", call.RoomState)[0].participants[0].name == "Person 1"


# --- the agenda -----------------------------------------------------------------------------------


def elapsed(stage, peer="p1"):
    message = stage.inbox[peer][-1]
    return {item.id: item.elapsed_seconds for item in message.clock.items}


def test_everybody_sees_the_clock(call_with_two):
    stage = call_with_two
    stage.say("p1", call.StartItem(item="a"))
    stage.wait(minutes=12)
    stage.say("p1", call.StartItem(item="b"))
    assert elapsed(stage, "p3") == {"a": 720.0, "b": 0.0}
    stage.wait(minutes=3)
    stage.say("p1", call.StartItem(item=None))
    assert elapsed(stage, "p3") == {"a": 720.0, "b": 180.0}
    steps = [f for f in stage.facts() if isinstance(f, journal.ItemStarted | journal.ItemEnded)]
    assert steps == [
        journal.ItemStarted(item="a"),
        journal.ItemEnded(item="a"),
        journal.ItemStarted(item="b"),
        journal.ItemEnded(item="b"),
    ]


def test_an_unknown_item_is_refused(call_with_two):
    (problem,) = call_with_two.say("p1", call.StartItem(item="zz"))
    assert (problem.code, problem.in_reply_to) == ("unknown_item", "startItem")


def test_a_changed_plan_keeps_what_was_spent(call_with_two):
    stage = call_with_two
    stage.say("p1", call.StartItem(item="a"))
    stage.wait(minutes=4)
    changed = snapshot(agenda=[planned("c"), planned("a", 5)])
    stage.handle(events.SnapshotChanged, snapshot=changed)
    clock = stage.got("p3", call.RoomState)[-1].clock
    assert clock.current == "a"
    assert {i.id: i.elapsed_seconds for i in clock.items} == {"c": 0.0, "a": 240.0}


def test_an_item_that_is_no_longer_planned_ends(call_with_two):
    stage = call_with_two
    stage.say("p1", call.StartItem(item="a"))
    stage.handle(events.SnapshotChanged, snapshot=snapshot(agenda=[planned("b")]))
    assert stage.facts(journal.ItemEnded) == [journal.ItemEnded(item="a")]
    assert stage.got("p3", call.RoomState)[-1].clock.current is None


def test_the_clock_stands_still_while_nobody_is_there(call_with_two):
    stage = call_with_two
    stage.say("p1", call.StartItem(item="a"))
    stage.wait(minutes=1)
    stage.say("p1", call.Leave())
    stage.say("p3", call.Leave())
    assert stage.facts(journal.ItemEnded)
    stage.wait(minutes=30)
    stage.join(1, peer="p1b")
    assert stage.facts(journal.ItemStarted)[-1] == journal.ItemStarted(item="a")
    assert elapsed(stage, "p1b")["a"] == 60.0


# --- rights ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(PERMISSIONS))
@pytest.mark.parametrize(
    ("message", "act"),
    [
        (call.Admit(), Act.ADMIT),
        (call.StartItem(item="a"), Act.STEER),
        (call.SetMedia(audio=True, video=False), Act.SPEAK),
        (call.SetMedia(audio=False, video=False, screen=True), Act.SHARE),
        (call.Publish(sdp="o", sources={"0": "video"}), Act.SPEAK),
        (call.Publish(sdp="o", sources={"0": "screen"}), Act.SHARE),
        (call.EndMeeting(), Act.END),
    ],
)
def test_roles_may_what_the_table_says(role, message, act):
    plan = snapshot([invitee(1, "chair"), invitee(3, role)], rules=control.RoomRules(lobby=False))
    stage = Stage(plan)
    stage.join(1)
    stage.join(3)
    refused = [m for m in stage.say("p3", message) if isinstance(m, call.Problem)]
    assert bool(refused) == (act not in PERMISSIONS[role])
    assert all(m.code == "not_allowed" for m in refused)


def test_only_leaders_see_the_lobby(call_with_two):
    stage = call_with_two
    stage.join(4)
    assert stage.got("p1", call.LobbyChanged)[-1].lobby
    assert not stage.got("p3", call.LobbyChanged)


def test_the_console_leads_without_media(stage):
    stage.handle(events.ConsoleAttached, peer="desk")
    assert stage.got("desk", call.Welcome)[0].you == ""
    stage.join(3)
    stage.say("desk", call.Admit())
    assert stage.facts(journal.PersonJoined)[-1].by == f"{1:032x}"
    stage.say("desk", call.StartItem(item="a"))
    assert stage.got("p3", call.ClockChanged)[-1].clock.current == "a"
    (problem,) = stage.say("desk", call.Publish(sdp="", sources={}))
    assert problem.code == "not_allowed"
    assert stage.present() == 1
    stage.say("desk", call.EndMeeting())
    assert stage.got("desk", call.Ended)
    assert stage.got("p3", call.Ended)[0].reason == "ended"


def test_messages_of_unknown_sockets_are_not_answered(stage):
    assert stage.say("nobody", call.EndMeeting()) == []
    assert stage.journal == []


# --- going ----------------------------------------------------------------------------------------


def test_ending_takes_everybody_out(call_with_two):
    stage = call_with_two
    stage.join(4)
    stage.say("p1", call.StartItem(item="a"))
    stage.say("p1", call.EndMeeting())
    for peer in ("p1", "p3", "p4"):
        assert stage.got(peer, call.Ended)[0].reason == "ended"
        assert peer in stage.closed
    assert stage.room.facts().state == "ended"
    assert stage.facts(journal.MeetingEnded) == [journal.MeetingEnded(by=f"{1:032x}")]
    assert len(stage.facts(journal.PersonLeft)) == 2
    assert stage.facts(journal.ItemEnded)
    guest = stage.plan.invitees[2]
    assert stage.room.refusal_to_join(guest, stage.now, move=False).code == "meeting_ended"
    assert stage.room.look(guest, stage.now).state == "ended"


def test_the_room_closes_by_its_time(call_with_two):
    stage = call_with_two
    stage.wait(hours=25, minutes=59)
    assert stage.present() == 2
    stage.wait(minutes=2)
    assert stage.facts(journal.MeetingEnded) == [journal.MeetingEnded(by="")]
    assert stage.present() == 0


def test_a_meeting_moved_after_its_time_opens_again(call_with_two):
    stage = call_with_two
    stage.wait(hours=27)
    later = snapshot(starts_at=stage.now + timedelta(minutes=10))
    stage.handle(events.SnapshotChanged, snapshot=later)
    assert stage.room.refusal_to_join(later.invitees[2], stage.now, move=False) is None


def test_a_meeting_that_somebody_ended_stays_ended(call_with_two):
    stage = call_with_two
    stage.say("p1", call.EndMeeting())
    stage.handle(events.SnapshotChanged, snapshot=snapshot())
    assert stage.room.facts().state == "ended"


@pytest.mark.parametrize("how", ["emptied", "replaced", "gone"])
def test_a_revoked_link_throws_out_who_uses_it(call_with_two, how):
    stage = call_with_two
    people = list(stage.plan.invitees)
    old = people[2].token_hash
    people[2:3] = {
        "emptied": [invitee(3, token_hash="")],
        "replaced": [invitee(3, token_hash="a" * 64)],
        "gone": [],
    }[how]
    stage.handle(events.SnapshotChanged, snapshot=snapshot(people))
    assert stage.got("p3", call.Ended)[0].reason == "revoked"
    assert stage.facts(journal.PersonLeft)[-1].reason == "revoked"
    assert stage.room.find_link(old).code == "link_revoked"
    assert stage.present() == 1
    if how == "replaced":
        stage.join(3, peer="p3b")
        assert stage.got("p3b", call.Lobby), "a new link waits again"


def test_a_withdrawn_room_throws_everybody_out(call_with_two):
    stage = call_with_two
    stage.handle(events.RoomWithdrawn)
    assert stage.got("p3", call.Ended)[0].reason == "revoked"
    assert stage.present() == 0
    assert stage.room.find_link(stage.plan.invitees[2].token_hash).code == "room_withdrawn"


def test_a_promoted_guest_leads(call_with_two):
    stage = call_with_two
    people = list(stage.plan.invitees)
    people[2] = invitee(3, "cohost")
    stage.join(4)
    stage.handle(events.SnapshotChanged, snapshot=snapshot(people))
    assert ids(stage.got("p3", call.RoomState)[-1].lobby) == [4]
    stage.say("p3", call.Admit())
    assert stage.present() == 3


def test_switching_the_lobby_off_lets_everybody_in(stage):
    stage.join(1)
    stage.join(3)
    open_house = snapshot(rules=control.RoomRules(lobby=False))
    stage.handle(events.SnapshotChanged, snapshot=open_house)
    assert stage.present() == 2
    assert LobbyPatience(f"{3:032x}") not in stage.timers


# --- the host goes and comes ----------------------------------------------------------------------


def test_a_host_that_stops_keeps_sessions_and_agenda(call_with_two):
    stage = call_with_two
    sessions = [person.session for person in stage.room._meeting.hall.people.values()]
    stage.say("p1", call.StartItem(item="a"))
    stage.wait(minutes=2)
    stage.handle(events.HostStopping)
    assert stage.got("p3", call.Problem)[0].code == "host_stopping"
    assert not stage.got("p3", call.Ended)
    assert not set(sessions) & set(stage.forgotten)
    assert {f.reason for f in stage.facts(journal.PersonLeft)} == {"host_restarted"}
    again = Stage(stage.plan, stage.room.memory())
    again.now = stage.now + timedelta(minutes=5)
    for number, session in zip((1, 3), sessions, strict=True):
        again.handle(
            events.SessionOpened, session=session, invitation=f"{number:032x}", name="Same"
        )
        again.connect(session, f"p{number}")
        assert again.got(f"p{number}", call.RoomState)
    assert again.got("p3", call.RoomState)[-1].clock.current == "a"
    again.say("p1", call.StartItem(item=None))
    assert elapsed(again)["a"] == 120.0


def test_a_host_that_was_killed_leaves_nothing_open(call_with_two):
    stage = call_with_two
    stage.say("p1", call.StartItem(item="a"))
    stage.wait(minutes=2)
    alive = stage.now
    room = Room("k3jq8w2xz0", stage.plan, stage.room.memory())
    out = room.handle(events.RoomLoaded(at=alive + timedelta(hours=1), alive_until=alive))
    records = [(c.at, c.fact) for c in out if isinstance(c, commands.Record)]
    assert records == [
        (alive, journal.PersonLeft(invitation=f"{1:032x}", reason="host_restarted")),
        (alive, journal.PersonLeft(invitation=f"{3:032x}", reason="host_restarted")),
        (alive, journal.ItemEnded(item="a")),
    ]
    assert room.memory().clock.spent == {"a": 120.0}
    assert room.memory().clock.interrupted == "a"
    assert room.memory().here == []
