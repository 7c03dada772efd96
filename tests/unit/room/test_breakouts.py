"""Breakout rooms: who is where, what they see and hear, and that everybody comes back."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from projectdesk.room import commands, events
from projectdesk.signalling import breakouts, call, control, floor, journal
from tests.unit.room.conftest import Stage, invitee, snapshot

PEOPLE = [invitee(1, "chair"), *(invitee(number) for number in range(2, 7))]
RULES = control.RoomRules(capacity=6, lobby=False)


def person(number: int) -> str:
    return f"{number:032x}"


def group(name: str, *numbers: int) -> breakouts.PlannedGroup:
    return breakouts.PlannedGroup(name=name, people=[person(number) for number in numbers])


def codes(messages) -> list[str]:
    return [message.code for message in messages if isinstance(message, call.Problem)]


def shown(stage: Stage, peer: str) -> breakouts.Breakouts | None:
    """Return the groups as a page knows them by all that it was told."""
    now = None
    for message in stage.inbox[peer]:
        match message:
            case call.RoomState(breakouts=told) | breakouts.BreakoutsChanged(breakouts=told):
                now = told
    return now


def places(stage: Stage, peer: str = "p1") -> dict[str, list[int]]:
    now = shown(stage, peer)
    return {g.name: [int(one, 16) for one in g.people] for g in now.groups} if now else {}


def received(stage: Stage, number: int) -> set[tuple[int, str]] | None:
    """Return what the media server was asked to send to somebody; None = everything.

    It forgets who has no leg any more: who comes back gets everything until it is told otherwise.
    """
    wanted = None
    for command in stage.media:
        if getattr(command, "participant", None) != person(number):
            continue
        if isinstance(command, commands.WantFeeds):
            wanted = command.feeds
        elif isinstance(command, commands.CloseLegs):
            wanted = None
    if wanted is None:
        return None
    return {(int(feed.participant, 16), feed.source) for feed in wanted}


@pytest.fixture
def party() -> Stage:
    """Chair 1 and people 2 to 5 are in the call and receive; 6 is not there yet."""
    stage = Stage(snapshot(PEOPLE, rules=RULES))
    for number in range(1, 6):
        stage.join(number)
        stage.say(f"p{number}", call.OpenSubscribe())
    return stage


def split(stage: Stage, **more) -> list[call.HostMessage]:
    groups = [group("WP1", 2, 3), group("WP2", 4, 5)]
    return stage.say("p1", breakouts.OpenBreakouts(groups=groups, **more))


def test_everybody_is_told_who_is_where(party):
    split(party, minutes=10)
    for peer in ("p1", "p2", "p5"):
        assert places(party, peer) == {"WP1": [2, 3], "WP2": [4, 5]}
    assert party.facts(journal.BreakoutsOpened)[0].by == person(1)
    party.join(6)
    assert places(party, "p6") == {"WP1": [2, 3], "WP2": [4, 5]}


def test_sound_and_picture_stay_within_a_group(party):
    assert received(party, 2) is None
    split(party)
    sources = ("audio", "video", "screen")
    assert received(party, 2) == {(3, source) for source in sources}
    assert received(party, 4) == {(5, source) for source in sources}
    assert received(party, 1) == set()
    party.say("p1", breakouts.MoveToGroup(participant=person(1), group="g2"))
    assert received(party, 1) == {(n, source) for n in (4, 5) for source in sources}
    assert received(party, 4) == {(n, source) for n in (1, 5) for source in sources}
    party.say("p1", breakouts.CloseBreakouts(at_once=True))
    assert [received(party, number) for number in range(1, 6)] == [None] * 5


def test_a_new_leg_in_a_group_is_narrowed_before_it_is_there(party):
    party.say("p1", breakouts.OpenBreakouts(groups=[group("A", 2, 6)]))
    party.join(6)
    party.say("p6", call.OpenSubscribe())
    kinds = [type(c) for c in party.media if getattr(c, "participant", "") == person(6)]
    assert kinds == [commands.WantFeeds, commands.SubscribeLeg]
    assert {who for who, _ in received(party, 6)} == {2}


def test_what_is_written_to_all_and_reactions_stay_within_a_group(party):
    party.say("p2", floor.SendChat(text="before"))
    split(party)
    party.say("p2", floor.SendChat(text="ours"))
    party.say("p2", floor.React(reaction="👍"))
    party.say("p2", floor.SendChat(text="psst", to=person(4)))

    def texts(peer: str) -> list[str]:
        heard = [m.message.text for m in party.got(peer, floor.ChatReceived)]
        history = party.got(peer, floor.ChatHistory)
        return heard + [message.text for piece in history for message in piece.messages]

    assert texts("p3") == ["before", "ours"]
    assert texts("p4") == ["before", "psst"]
    assert texts("p1") == ["before"]
    assert party.got("p3", floor.Reacted)
    assert not party.got("p4", floor.Reacted)
    assert not party.got("p1", floor.Reacted)
    party.say("p1", breakouts.CloseBreakouts(at_once=True))
    session = party.room._meeting.passes[person(3)][0]
    party.drop("p3")
    party.connect(session, "p3b")
    party.join(6)
    assert texts("p3b") == ["before", "ours"]
    assert texts("p6") == ["before"]


def test_each_group_may_show_a_screen_and_it_stops_when_one_is_moved(party):
    split(party)
    share = call.SetMedia(audio=True, video=True, screen=True)
    assert codes(party.say("p2", share)) == []
    assert codes(party.say("p4", share)) == []
    assert codes(party.say("p5", share)) == ["screen_taken"]
    party.say("p1", breakouts.MoveToGroup(participant=person(4), group="g1"))
    assert party.got("p4", floor.FeedHeld)[-1].source == "screen"
    assert not party.got("p2", floor.FeedHeld)
    party.say("p1", breakouts.CloseBreakouts(at_once=True))
    assert party.got("p2", floor.FeedHeld)[-1].source == "screen"
    screens = [p for p in party.got("p1", call.ParticipantChanged) if p.participant.screen]
    assert screens  # it was on, and nobody's is on now
    assert not any(p.screen for p in party.room._meeting.hall.here())


def test_two_screens_offered_in_one_moment_are_one(party):
    offer = call.Publish(sdp="o", sources={"0": "screen"})
    assert party.say("p3", offer) == []
    assert [m.code for m in party.say("p2", offer)] == ["screen_taken"]
    assert party.say("p3", call.Publish(sdp="o", sources={"0": "audio"})) == []
    assert party.say("p2", offer) == []


def test_who_speaks_is_told_to_those_who_hear_it(party):
    from projectdesk.signalling import media

    split(party)
    party.handle(events.MediaReported, event=media.SpeakerChanged(participant=person(2)))
    assert party.got("p3", call.SpeakerChanged)
    assert not party.got("p4", call.SpeakerChanged)


def circles(stage: Stage) -> list[list[int]] | None:
    """Return among whom the media server was asked to look for a speaker; None = among all."""
    asked = [one.circles for one in stage.media if isinstance(one, commands.SetCircles)]
    last = asked[-1] if asked else None
    return None if last is None else sorted(sorted(int(one, 16) for one in each) for each in last)


def speakers(stage: Stage, peer: str) -> list[int]:
    """Return who spoke as a page was told; 0 = nobody."""
    told = [news.participant for news in stage.got(peer, call.SpeakerChanged)]
    return [int(one or "0", 16) for one in told]


def test_a_speaker_is_looked_for_in_each_room(party):
    from projectdesk.signalling import media

    party.handle(events.MediaReady)
    split(party)
    assert circles(party) == [[1], [2, 3], [4, 5]]
    first, second = [person(2), person(3)], [person(4), person(5)]
    for among, speaker in ((first, person(2)), (second, person(5)), (first, None)):
        changed = media.SpeakerChanged(participant=speaker, among=among)
        party.handle(events.MediaReported, event=changed)
        party.wait(seconds=10)
    told = [speakers(party, f"p{number}") for number in range(1, 6)]
    assert told == [[], [2, 0], [2, 0], [5], [5]]
    party.say("p1", breakouts.CloseBreakouts(at_once=True))
    assert circles(party) is None
    party.say("p1", call.EndMeeting())
    (spoken,) = (fact.spoken for fact in party.facts(journal.TalkMeasured))
    assert {one.invitation: one.seconds for one in spoken} == {person(2): 20.0, person(5): 20.0}


def test_who_comes_late_or_again_is_told_who_speaks_where_they_are(party):
    from projectdesk.signalling import media

    split(party)
    for among, speaker in (([person(2), person(3)], 2), ([person(4), person(5)], 5)):
        changed = media.SpeakerChanged(participant=person(speaker), among=among)
        party.handle(events.MediaReported, event=changed)
    for number, told in ((3, [2]), (4, [5]), (1, [])):
        party.drop(f"p{number}")
        party.join(number, peer=f"again{number}")
        assert speakers(party, f"again{number}") == told
        assert number == 1 or isinstance(party.inbox[f"again{number}"][-1], call.SpeakerChanged)


def test_a_new_media_server_is_told_of_the_rooms_again(party):
    party.handle(events.MediaReady)
    split(party)
    party.handle(events.MediaLost)
    party.media.clear()
    party.say("p1", breakouts.MoveToGroup(participant=person(2), group="g2"))
    assert circles(party) is None
    party.handle(events.MediaReady)
    assert circles(party) == [[1], [2, 4, 5], [3]]


def test_the_time_brings_everybody_back(party):
    split(party, minutes=10)
    party.wait(minutes=9, seconds=59)
    assert shown(party, "p3") is not None
    party.wait(seconds=1)
    assert shown(party, "p3") is None
    assert party.facts(journal.BreakoutsClosed) == [journal.BreakoutsClosed(by="")]
    assert party.room.facts().present == 5
    assert not party.facts(journal.PersonLeft)


def test_the_chair_gives_more_time_or_ends_after_a_notice(party):
    split(party, minutes=1)
    party.say("p1", breakouts.ProlongBreakouts(minutes=5))
    party.wait(minutes=5)
    assert shown(party, "p2") is not None
    party.say("p1", breakouts.CloseBreakouts())
    notice = shown(party, "p2")
    assert notice is not None
    assert notice.returning
    assert (notice.ends_at - party.now).total_seconds() == breakouts.RETURN_SECONDS
    party.wait(seconds=10)
    party.say("p1", breakouts.ProlongBreakouts(minutes=1))
    party.wait(seconds=30)
    assert shown(party, "p2") is not None
    party.wait(seconds=30)
    assert shown(party, "p2") is None


def test_a_group_calls_the_chair_and_is_settled_when_one_comes(party):
    split(party)
    assert codes(party.say("p1", breakouts.CallChair())) == ["no_group"]
    party.say("p4", breakouts.CallChair())
    calling = [g.name for g in shown(party, "p1").groups if g.calls is not None]
    assert calling == ["WP2"]
    party.say("p1", breakouts.MoveToGroup(participant=person(1), group="g2"))
    assert all(g.calls is None for g in shown(party, "p1").groups)
    party.say("p2", breakouts.CallChair())
    party.say("p1", breakouts.DismissCall(group="g1"))
    assert all(g.calls is None for g in shown(party, "p2").groups)


def test_words_to_all_reach_every_group_and_the_console(party):
    split(party)
    party.handle(events.ConsoleAttached, peer="desk")
    party.say("desk", breakouts.Announce(text="Two minutes."))
    for peer in ("p1", "p2", "p4", "desk"):
        assert [told.text for told in party.got(peer, breakouts.Announced)] == ["Two minutes."]
    assert party.got("p2", breakouts.Announced)[0].by == "Person 1"
    long = breakouts.Announce(text="x" * 501)
    assert codes(party.say("p1", long)) == ["announcement_too_long"]


def test_who_comes_back_is_in_the_same_group_and_who_comes_late_where_they_were_planned(party):
    groups = [group("A", 2, 6), group("B", 3)]
    party.say("p1", breakouts.OpenBreakouts(groups=groups))
    session = party.room._meeting.passes[person(3)][0]
    party.drop("p3")
    party.connect(session, "p3b")
    party.say("p2", call.Leave())
    party.join(2, "p2b")
    party.join(6)
    assert places(party, "p6") == {"A": [2, 6], "B": [3]}
    party.say("p6", call.OpenSubscribe())
    assert {who for who, _ in received(party, 6)} == {2}


def test_who_comes_without_a_group_stays_or_is_spread(party):
    split(party)
    party.join(6)
    assert places(party)["WP1"] == [2, 3]
    party.say("p6", call.Leave())
    groups = [group("A", 2, 3), group("B", 4)]
    party.say("p1", breakouts.OpenBreakouts(groups=groups, spreads=True))
    assert places(party) == {"A": [2, 3], "B": [4]}  # who was there already is left alone
    party.join(6, "p6b")
    assert places(party, "p6b") == {"A": [2, 3], "B": [4, 6]}
    party.say("p1", breakouts.MoveToGroup(participant=person(6)))
    assert places(party) == {"A": [2, 3], "B": [4]}


def test_groups_outlive_the_host_and_end_by_their_time(party):
    split(party, minutes=10, spreads=True)
    again = Stage(party.plan, party.room.memory())
    again.join(2)
    again.join(1)
    assert places(again) == {"WP1": [2, 3], "WP2": [4, 5]}
    again.wait(minutes=10)
    assert shown(again, "p2") is None


def test_a_removed_person_belongs_to_no_group(party):
    split(party)
    party.say("p1", floor.Remove(participant=person(2)))
    assert places(party) == {"WP1": [3], "WP2": [4, 5]}


@pytest.mark.parametrize(
    "groups",
    [
        [],
        [group("A", 2), group("B", 2)],
        [group(" ", 2)],
        [group("x" * 65, 2)],
        [group("A", 99)],
        [group("A")] * 51,
    ],
)
def test_wrong_groups_change_nothing(party, groups):
    asked = breakouts.OpenBreakouts(groups=groups)
    assert codes(party.say("p1", asked)) == ["bad_groups"]
    assert shown(party, "p1") is None


def test_only_who_leads_sends_people_about(party):
    for message in (
        breakouts.OpenBreakouts(groups=[group("A", 2)]),
        breakouts.Announce(text="x"),
        breakouts.CloseBreakouts(),
        breakouts.MoveToGroup(participant=person(2)),
    ):
        assert codes(party.say("p2", message)) == ["not_allowed"]
    for late in (
        breakouts.CloseBreakouts(),
        breakouts.ProlongBreakouts(minutes=1),
        breakouts.DismissCall(group="g1"),
        breakouts.MoveToGroup(participant=person(2)),
    ):
        assert codes(party.say("p1", late)) == ["no_breakouts"]
    split(party)
    for unknown in (
        breakouts.MoveToGroup(participant=person(2), group="g9"),
        breakouts.DismissCall(group="g9"),
    ):
        assert codes(party.say("p1", unknown)) == ["unknown_group"]


class AnyGroups(RuleBasedStateMachine):
    """Nobody is in two groups, nobody receives another group, and everybody comes back."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage(snapshot(PEOPLE, rules=RULES))
        self.peers: dict[int, str] = {}
        self.sessions: dict[int, str] = {}
        self.made = 0
        self.come(1)

    def come(self, number: int) -> None:
        self.made += 1
        peer = self.peers[number] = f"peer{self.made}"
        self.sessions[number] = self.stage.join(number, peer)
        self.stage.say(peer, call.OpenSubscribe())

    @rule(number=st.integers(2, 6))
    def join(self, number):
        if number not in self.peers and number not in self.sessions:
            self.come(number)

    @precondition(lambda self: len(self.peers) > 1)
    @rule(data=st.data(), leave=st.booleans())
    def go(self, data, leave):
        number = data.draw(st.sampled_from(sorted(set(self.peers) - {1})))
        peer = self.peers.pop(number)
        if leave:
            self.stage.say(peer, call.Leave())
            del self.sessions[number]
        self.stage.drop(peer)

    @rule(number=st.integers(2, 6))
    def resume(self, number):
        if number in self.sessions and number not in self.peers:
            if self.stage.room._meeting.hall.people.get(person(number)) is None:
                del self.sessions[number]
                return
            self.made += 1
            peer = self.peers[number] = f"peer{self.made}"
            self.stage.connect(self.sessions[number], peer)
            self.stage.say(peer, call.OpenSubscribe(rebuild=True))

    @rule(
        places=st.lists(st.integers(0, 3), min_size=6, max_size=6),
        minutes=st.none() | st.integers(1, 3),
        spreads=st.booleans(),
    )
    def open(self, places, minutes, spreads):
        groups = [
            group(f"G{n}", *(number for number, at in enumerate(places, 1) if at == n))
            for n in (1, 2, 3)
        ]
        asked = breakouts.OpenBreakouts(groups=groups, minutes=minutes, spreads=spreads)
        self.stage.say(self.peers[1], asked)

    @rule(number=st.integers(1, 6), to=st.sampled_from([None, "g1", "g2", "g3", "g4"]))
    def move(self, number, to):
        asked = breakouts.MoveToGroup(participant=person(number), group=to)
        self.stage.say(self.peers[1], asked)

    @rule(at_once=st.booleans())
    def close(self, at_once):
        self.stage.say(self.peers[1], breakouts.CloseBreakouts(at_once=at_once))

    @rule(number=st.integers(1, 6))
    def share(self, number):
        if number in self.peers:
            share = call.SetMedia(audio=True, video=True, screen=True, heard=99)
            self.stage.say(self.peers[number], share)

    @rule(seconds=st.sampled_from([1, 15, 30, 70]))
    def wait(self, seconds):
        self.stage.wait(seconds=seconds)
        self.peers = {n: peer for n, peer in self.peers.items() if peer not in self.stage.closed}

    @invariant()
    def nobody_is_in_two_groups(self):
        now = self.stage.room._meeting.partition.now
        people = [one for g in now.groups for one in g.people] if now else []
        assert len(people) == len(set(people))

    @invariant()
    def all_pages_know_the_same(self):
        now = self.stage.room._meeting.partition.now
        for peer in self.peers.values():
            assert shown(self.stage, peer) == now

    @invariant()
    def nobody_receives_another_group(self):
        meeting = self.stage.room._meeting
        for number in self.peers:
            wanted = received(self.stage, number)
            if meeting.partition.now is None:
                assert wanted is None
                continue
            assert wanted is not None
            own = meeting.partition.group_of(person(number))
            assert all(meeting.partition.group_of(person(who)) == own for who, _ in wanted)

    @invariant()
    def nobody_is_lost(self):
        here = {one.id for one in self.stage.room._meeting.hall.here()}
        assert {person(number) for number in self.peers} <= here
        joined = len(self.stage.facts(journal.PersonJoined))
        assert joined - len(self.stage.facts(journal.PersonLeft)) == len(here)

    @invariant()
    def one_screen_is_shown_in_each_company(self):
        meeting = self.stage.room._meeting
        sharing = [one for one in meeting.hall.here() if one.screen]
        for one in sharing:
            assert not any(meeting.together(one.id, other.id) for other in sharing)

    def teardown(self):
        if self.stage.room._meeting.partition.now is not None:
            self.stage.say(self.peers[1], breakouts.CloseBreakouts())
            self.stage.wait(seconds=breakouts.RETURN_SECONDS)
        assert self.stage.room._meeting.partition.now is None


TestAnyGroups = AnyGroups.TestCase
TestAnyGroups.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
