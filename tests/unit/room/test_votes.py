"""Votes of the body: its members and quorum, who votes for whom, open and secret, and the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from projectdesk.room import commands, events
from projectdesk.room.memory import RoomMemory
from projectdesk.signalling import call, control, floor, journal, votes
from tests.unit.room.conftest import Stage, invitee, snapshot
from tests.unit.room.test_floor import codes

PARTNERS = {name: f"{place:032x}" for place, name in enumerate("ABCDEF", start=0xA)}
ASK = votes.PrepareVote(question="Adopt the budget?", open=True)


def person(number: int) -> str:
    """Return an invitation's id."""
    return f"{number:032x}"


def body(**changes: Any) -> votes.BodyPlan:
    """Return a body of five members: A (chair's) .. E; F is in default. 1 is of A, 2 of B ..."""
    members = [
        votes.SeatPlan(
            partner=id_,
            name=name,
            weight=1,
            in_default=name == "F",
            representative=person(place),
        )
        for place, (name, id_) in enumerate(PARTNERS.items(), start=1)
    ]
    rules = votes.CountingRules(proxy_limit=1, chair_breaks_ties=True)
    fields = {"name": "General Assembly", "members": members, "rules": rules}
    return votes.BodyPlan(**{**fields, "chair": PARTNERS["A"], **changes})


def plan(**changes: Any) -> control.RoomSnapshot:
    """Return a meeting of the body: 1 chairs, 1..6 are of A..F, 7 is a second person of B."""
    people = [
        invitee(number, "chair" if number == 1 else "participant", partner=partner)
        for number, partner in enumerate([*PARTNERS.values(), PARTNERS["B"]], start=1)
    ]
    rules = control.RoomRules(lobby=False)
    return snapshot(people, rules=rules, body=body(**changes))


def assembly(*numbers: int, **changes: Any) -> Stage:
    """Return a call in which these people are."""
    stage = Stage(plan(**changes))
    for number in numbers:
        stage.join(number)
    return stage


def state(stage: Stage, peer: str = "p1") -> votes.BodyState:
    """Return the body as a peer was last told of it."""
    return stage.got(peer, votes.BodyChanged)[-1].body


def vote(stage: Stage, peer: str = "p1") -> votes.BodyVote:
    """Return the vote as a peer was last told of it."""
    return stage.got(peer, votes.VoteChanged)[-1].vote


def cast(stage: Stage, number: int, choice: str, member: str = "", **more: Any) -> list[str]:
    """Let somebody vote for a member (their own); return the codes of refusals."""
    seat = PARTNERS[member or "ABCDEFB"[number - 1]]
    asked = votes.CastVote(vote=1, seat=seat, choice=choice, **more)
    return codes(stage.say(f"p{number}", asked))


def box(stage: Stage) -> list[commands.BallotCommand]:
    """Return what the host was asked of the box."""
    return [one for one in stage.media if isinstance(one, commands.BallotCommand)]


def restarted(stage: Stage) -> Stage:
    """Return the room in a host after this one, out of what was stored."""
    raw = msgspec.json.encode(stage.room.memory())
    return Stage(stage.plan, msgspec.json.decode(raw, type=RoomMemory))


def test_a_meeting_of_no_body_has_neither_quorum_nor_votes():
    stage = Stage()
    stage.join(1)
    assert stage.got("p1", votes.BodyChanged) == []
    assert codes(stage.say("p1", ASK)) == ["no_body"]


def test_the_quorum_is_told_when_it_is_there_breaks_and_is_restored():
    stage = assembly(1, 2, 3)
    assert not state(stage).quorum.met
    stage.join(4)
    quorum = state(stage).quorum
    assert (quorum.seats, quorum.present, quorum.needed, quorum.met) == (5, 4, 4, True)
    assert quorum.words["en"] == "quorum: 4 of 5 members, 4 needed"
    stage.join(7)
    stage.say("p2", call.Leave())
    assert state(stage).quorum.met  # somebody else of B is there
    stage.drop("p4")
    assert state(stage).quorum.met  # within the grace nobody has left
    stage.wait(seconds=61)
    assert not state(stage).quorum.met
    stage.join(4, "p4b")
    assert state(stage).quorum.met
    written = [(fact.present, fact.met) for fact in stage.facts(journal.QuorumChanged)]
    assert written == [(1, False), (2, False), (3, False), (4, True), (3, False), (4, True)]


def test_a_proxy_restores_the_quorum_until_it_is_taken_back():
    stage = assembly(1, 2, 3)
    giver, holder = PARTNERS["E"], PARTNERS["B"]
    assert codes(stage.say("p2", votes.AnnounceProxy(giver=giver, holder=holder))) == [
        "not_allowed"
    ]
    stage.say("p1", votes.AnnounceProxy(giver=giver, holder=holder, note="by mail"))
    assert (state(stage).quorum.represented, state(stage).quorum.met) == (1, True)
    member = state(stage).members[4]
    assert (member.standing, member.proxy, member.voter) == ("represented", holder, person(2))
    again = votes.AnnounceProxy(giver=PARTNERS["D"], holder=holder)
    assert codes(stage.say("p1", again)) == ["proxy_limit"]
    chain = votes.AnnounceProxy(giver=PARTNERS["D"], holder=giver)
    assert codes(stage.say("p1", chain)) == ["proxy_chain"]
    stage.say("p1", votes.EndProxy(giver=giver))
    assert not state(stage).quorum.met
    assert codes(stage.say("p1", votes.EndProxy(giver=giver))) == ["no_proxy"]
    assert len(stage.facts(journal.ProxyAnnounced)) == len(stage.facts(journal.ProxyEnded)) == 1


def test_a_proxy_of_before_the_meeting_holds_and_can_be_taken_back():
    proxies = [votes.GivenProxy(giver=PARTNERS["E"], holder=PARTNERS["B"])]
    stage = assembly(1, 2, 3, proxies=proxies)
    assert state(stage).quorum.met
    stage.say("p1", votes.EndProxy(giver=PARTNERS["E"]))
    stage.handle(events.SnapshotChanged, snapshot=stage.plan)  # the desktop did not collect yet
    assert not state(stage).quorum.met


def test_a_member_in_a_room_without_a_link_counts_once_the_chair_says_so():
    stage = assembly(1, 2, 3)
    stage.say("p1", votes.CountInRoom(partner=PARTNERS["D"], there=True))
    assert state(stage).quorum.met
    assert stage.facts(journal.MemberInRoom)[0].partner == PARTNERS["D"]
    assert state(restarted_call(stage)).members[3].in_room


def restarted_call(stage: Stage) -> Stage:
    """Return the room after a restart, with the chair back in it."""
    after = restarted(stage)
    after.join(1)
    return after


def test_an_open_vote_is_changed_until_it_is_closed_and_counts_each_member_once():
    stage = assembly(1, 2, 3, 4)
    stage.say("p1", ASK)
    assert vote(stage, "p2").yours == [PARTNERS["B"]]
    for number in (1, 2, 3):
        assert cast(stage, number, "for") == []
    cast(stage, 2, "against")
    cast(stage, 2, "for")
    stage.say("p4", call.Leave())
    assert vote(stage, "p1").seats[1].choice == ""  # how others vote is seen at the close
    assert vote(stage, "p2").seats[1].choice == "for"
    stage.say("p1", votes.CloseVote(vote=1))
    closed = vote(stage, "p2")
    assert (closed.state, closed.outcome.counts) == ("closed", [3, 0, 0])
    assert closed.outcome.result == "no_quorum"  # D left without a vote
    assert cast(stage, 3, "for") == ["vote_closed"]
    assert len(stage.facts(journal.VoteCast)) == 5


def test_who_votes_and_leaves_keeps_the_vote_and_counts_as_there():
    stage = assembly(1, 2, 3, 4)
    stage.say("p1", ASK)
    cast(stage, 4, "for")
    stage.say("p4", call.Leave())
    for number, choice in ((1, "for"), (2, "for"), (3, "against")):
        cast(stage, number, choice)
    stage.say("p1", votes.CloseVote(vote=1))
    fact = stage.facts(journal.VoteClosed)[0]
    assert (fact.result, fact.counts, fact.there) == ("carried", [3, 1, 0], 4)
    assert fact.words["en"] == "carried: 3 of 4 votes cast, 2/3 needed (3)"
    seat = fact.seats[3]
    assert (seat.voted, seat.choice, seat.voter) == (True, "for", person(4))


def test_the_same_person_on_two_devices_votes_once():
    stage = assembly(1, 2, 3, 4)
    stage.say("p1", ASK)
    cast(stage, 2, "against")
    stage.join(2, "tablet")
    assert vote_of_list(stage, "tablet").seats[1].choice == "against"
    stage.say("tablet", votes.CastVote(vote=1, seat=PARTNERS["B"], choice="for"))
    stage.say("p1", votes.CloseVote(vote=1))
    assert vote(stage).outcome.counts == [1, 0, 0]


def vote_of_list(stage: Stage, peer: str) -> votes.BodyVote:
    """Return the vote that a peer got when it came."""
    return stage.got(peer, votes.VotesListed)[-1].votes[0]


def test_a_holder_votes_apart_for_whom_it_represents():
    stage = assembly(1, 2, 3)
    stage.say("p1", votes.AnnounceProxy(giver=PARTNERS["E"], holder=PARTNERS["B"]))
    stage.say("p1", ASK)
    assert vote(stage, "p2").yours == [PARTNERS["B"], PARTNERS["E"]]
    assert cast(stage, 2, "for") == cast(stage, 2, "against", "E") == []
    assert cast(stage, 3, "for", "E") == ["not_your_seat"]
    stage.say("p1", votes.CloseVote(vote=1))
    seats = {seat.partner: seat for seat in stage.facts(journal.VoteClosed)[0].seats}
    assert (seats[PARTNERS["E"]].choice, seats[PARTNERS["E"]].proxy) == ("against", PARTNERS["B"])


def test_a_deputy_or_whom_the_chair_names_votes_where_the_representative_is_not_there():
    stage = assembly(1, 3, 4, 7)
    stage.say("p1", ASK)
    assert cast(stage, 7, "for") == ["not_your_seat"]
    assert codes(
        stage.say("p1", votes.NameVoter(partner=PARTNERS["B"], participant=person(3)))
    ) == ["unknown_voter"]
    stage.say("p1", votes.NameVoter(partner=PARTNERS["B"], participant=person(7)))
    assert vote(stage, "p7").yours == [PARTNERS["B"]]
    assert cast(stage, 7, "for") == []
    stage.join(2)
    assert vote(stage, "p7").yours == []
    assert cast(stage, 2, "against") == []


def test_a_member_that_named_nobody_votes_by_the_only_person_it_has_there():
    plain = body()
    members = [msgspec.structs.replace(one, representative=None) for one in plain.members]
    stage = assembly(1, 2, members=members)
    assert state(stage).members[1].voter == person(2)
    stage.join(7)
    assert state(stage).members[1].voter == ""


def test_a_member_in_default_has_no_vote():
    stage = assembly(1, 2, 3, 6)
    stage.say("p1", ASK)
    assert vote(stage, "p6").yours == []
    assert cast(stage, 6, "for") == ["unknown_member"]
    assert state(stage).quorum.present == 3


def test_the_chair_writes_down_for_people_in_the_room():
    stage = assembly(1, 2, 3)
    stage.handle(events.ConsoleAttached, peer="desk")
    stage.say("desk", votes.CountInRoom(partner=PARTNERS["D"], there=True))
    stage.say("desk", ASK)
    by_hand = votes.CastVote(vote=1, seat=PARTNERS["D"], choice="for", by_hand=True)
    assert codes(stage.say("desk", by_hand)) == []
    assert codes(stage.say("p2", by_hand)) == ["not_allowed"]
    assert codes(stage.say("desk", msgspec.structs.replace(by_hand, by_hand=False))) == [
        "not_allowed"
    ]
    stage.say("desk", votes.CloseVote(vote=1))
    assert stage.facts(journal.VoteClosed)[0].seats[3].by_hand


def test_a_tie_is_decided_by_the_vote_of_the_chairs_member():
    half = votes.CountingRules(majority_numerator=1, majority_denominator=2, chair_breaks_ties=True)
    stage = assembly(1, 2, 3, 4, rules=half)
    stage.say("p1", ASK)
    for number, choice in enumerate(["for", "for", "against", "against"], start=1):
        cast(stage, number, choice)
    stage.say("p1", votes.CloseVote(vote=1))
    assert vote(stage).outcome.words["en"] == "carried by the chair's vote: 2 for, 2 against"


def test_its_own_choices_are_counted_and_others_are_refused():
    stage = assembly(1, 2, 3, 4)
    stage.say("p1", msgspec.structs.replace(ASK, choices=["Ghent", "Turin"]))
    assert cast(stage, 2, "for") == ["vote_choice_invalid"]
    for number, choice in enumerate(["Ghent", "Turin", "Turin", "Turin"], start=1):
        cast(stage, number, choice)
    stage.say("p1", votes.CloseVote(vote=1))
    assert (vote(stage).outcome.result, vote(stage).outcome.chosen) == ("chosen", "Turin")


def test_a_secret_vote_by_unequal_weight_is_refused():
    heavy = [msgspec.structs.replace(body().members[0], weight=3), *body().members[1:]]
    stage = assembly(1, 2, members=heavy)
    asked = votes.PrepareVote(question="Who?", secret=True, weighted=True)
    assert codes(stage.say("p1", asked)) == ["vote_unequal_secret"]


def secret(stage: Stage, *numbers: int) -> None:
    """Open a secret vote, let these people vote for it, and the host take their ballots."""
    stage.say("p1", msgspec.structs.replace(ASK, secret=True))
    for number in numbers:
        assert cast(stage, number, "for") == []
        dropped = box(stage)[-1]
        assert isinstance(dropped, commands.DropBallot)
        stage.handle(
            events.BallotTaken,
            vote=1,
            seat=dropped.seat,
            peer=dropped.peer,
            receipt=f"R{number}",
        )


def test_a_secret_vote_tells_who_voted_and_never_what():
    stage = assembly(1, 2, 3, 4)
    secret(stage, 1, 2)
    assert stage.got("p2", votes.BallotTaken)[-1].receipt == "R2"
    assert stage.got("p3", votes.BallotTaken) == []
    assert [seat.voted for seat in vote(stage, "p3").seats] == [True, True, False, False, False]
    assert cast(stage, 2, "against") == ["already_voted"]
    assert cast(stage, 3, "for", by_hand=True) == ["not_allowed"]
    by_hand = votes.CastVote(vote=1, seat=PARTNERS["C"], choice="for", by_hand=True)
    assert codes(stage.say("p1", by_hand)) == ["secret_by_hand"]
    assert stage.facts(journal.VoteCast) == []
    stored = msgspec.json.encode(stage.room.memory().votes)
    assert b'"choice":"for"' not in stored
    assert b'"voted":true' not in stored
    assert "choice" not in repr(box(stage)[0])


def test_a_secret_vote_is_counted_out_of_the_box_and_listed_by_receipt():
    stage = assembly(1, 2, 3, 4)
    secret(stage, 1, 2, 3, 4)
    stage.say("p1", votes.CloseVote(vote=1))
    assert vote(stage).state == "counting"
    assert box(stage)[-1] == commands.CountBallots(1)
    count_box(stage)
    closed = vote(stage, "p2")
    assert (closed.outcome.result, closed.outcome.counts) == ("carried", [3, 1, 0])
    assert [one.receipt for one in closed.ballots] == ["R1", "R2", "R3", "R4"]
    fact = stage.facts(journal.VoteClosed)[0]
    assert [seat.voted for seat in fact.seats] == [True] * 4 + [False] * 2
    assert {seat.choice for seat in fact.seats} == {""}
    assert {seat.voted_at for seat in fact.seats} == {None}
    assert "R1" not in msgspec.json.encode(fact).decode()
    assert b"R1" not in msgspec.json.encode(stage.room.memory())


def count_box(stage: Stage) -> None:
    """Let the host open the box: three for it, one against."""
    choices = {"R1": "for", "R2": "for", "R3": "against", "R4": "for"}
    turnout = tuple(PARTNERS[name] for name in "ABCD")
    ballots = tuple(sorted(choices.items()))
    stage.handle(events.BallotsCounted, vote=1, turnout=turnout, ballots=ballots)


def test_two_ballots_at_once_of_one_member_are_one():
    stage = assembly(1, 2, 3, 4)
    secret(stage)
    assert cast(stage, 2, "for") == []
    assert cast(stage, 2, "for") == ["already_voted"]
    assert len([one for one in box(stage) if isinstance(one, commands.DropBallot)]) == 1
    stage.handle(
        events.BallotRefused,
        vote=1,
        seat=PARTNERS["B"],
        peer="p2",
        code="journal_unavailable",
        text="Try again.",
    )
    assert cast(stage, 2, "for") == []


def test_a_host_that_is_killed_in_a_secret_vote_asks_the_box_who_has_voted():
    stage = assembly(1, 2, 3, 4)
    secret(stage, 1, 2)
    after = restarted(stage)
    assert box(after) == [commands.ReadTurnout(1)]
    after.handle(events.TurnoutRead, vote=1, seats=(PARTNERS["A"], PARTNERS["B"]))
    after.join(2)
    assert cast(after, 2, "against") == ["already_voted"]


def test_a_host_that_is_killed_while_it_counts_counts_again_and_writes_it_once():
    stage = assembly(1, 2, 3, 4)
    secret(stage, 1, 2, 3, 4)
    stage.say("p1", votes.CloseVote(vote=1))
    after = restarted(stage)
    assert box(after) == [commands.CountBallots(1)]
    count_box(after)
    assert len(after.facts(journal.VoteClosed)) == 1
    last = restarted(after)
    count_box(last)
    last.join(2)
    assert last.facts(journal.VoteClosed) == []
    assert len(vote_of_list(last, "p2").ballots) == 4


def test_a_host_that_is_killed_in_an_open_vote_has_all_that_was_cast():
    stage = assembly(1, 2, 3, 4)
    stage.say("p1", ASK)
    cast(stage, 2, "for")
    after = restarted(stage)
    for number in (1, 2, 3, 4):
        after.join(number)
    assert vote_of_list(after, "p2").seats[1].choice == "for"
    for number in (1, 3):
        cast(after, number, "for")
    after.say("p1", votes.CloseVote(vote=1))
    assert vote(after).outcome.counts == [3, 0, 0]


def test_the_end_of_the_meeting_counts_what_is_open():
    stage = assembly(1, 2, 3, 4)
    stage.say("p1", ASK)
    for number in (1, 2, 3, 4):
        cast(stage, number, "for")
    stage.say("p1", call.EndMeeting())
    assert stage.facts(journal.VoteClosed)[0].result == "carried"


def test_a_vote_that_is_called_off_forgets_what_was_cast():
    stage = assembly(1, 2, 3, 4)
    stage.say("p1", ASK)
    cast(stage, 2, "for")
    stage.say("p1", votes.CancelVote(vote=1))
    assert vote(stage).state == "cancelled"
    assert not any(seat.voted for seat in vote(stage).seats)
    assert stage.facts(journal.VoteCancelled) == [journal.VoteCancelled(vote=1, by=person(1))]
    secret_one = Stage(plan())
    secret_one.join(1)
    secret_one.say("p1", msgspec.structs.replace(ASK, secret=True))
    secret_one.say("p1", votes.CancelVote(vote=1))
    assert box(secret_one)[-1] == commands.CountBallots(1, burn=True)


def test_drafts_are_the_leaders_alone_and_one_vote_is_open_at_a_time():
    stage = assembly(1, 2)
    draft = msgspec.structs.replace(ASK, open=False)
    stage.say("p1", draft)
    assert stage.got("p2", votes.VoteChanged) == []
    stage.say("p1", floor.Appoint(participant=person(2), role="cohost"))
    assert vote(stage, "p2").question == "Adopt the budget?"
    stage.say("p1", msgspec.structs.replace(draft, vote=1, question="Adopt it?"))
    stage.say("p1", votes.OpenVote(vote=1))
    assert codes(stage.say("p1", ASK)) == ["vote_open"]
    assert codes(stage.say("p1", votes.OpenVote(vote=1))) == ["vote_no_draft"]
    stage.say("p1", votes.CancelVote(vote=2))
    assert stage.got("p1", votes.VoteDiscarded) == [votes.VoteDiscarded(vote=2)]


def test_a_veto_is_noted_against_what_was_decided():
    stage = assembly(1, 2, 3, 4)
    stage.say("p1", ASK)
    veto = votes.NoteVeto(vote=1, partner=PARTNERS["E"], reason="Our IPR.")
    assert codes(stage.say("p1", veto)) == ["nothing_to_veto"]
    for number in (1, 2, 3, 4):
        cast(stage, number, "for")
    stage.say("p1", votes.CloseVote(vote=1))
    assert codes(stage.say("p1", msgspec.structs.replace(veto, reason=" "))) == [
        "veto_needs_reason"
    ]
    stage.say("p1", veto)
    assert vote(stage, "p2").vetoes[0].name == "E"
    assert stage.facts(journal.VetoNoted)[0].reason == "Our IPR."


def test_a_clock_that_goes_back_an_hour_does_not_open_a_vote_before_it_was_opened():
    stage = assembly(1, 2, 3, 4)
    stage.say("p1", ASK)
    stage.now -= timedelta(hours=1)
    cast(stage, 1, "for")
    stage.say("p1", votes.CloseVote(vote=1))
    fact = stage.facts(journal.VoteClosed)[0]
    assert fact.opened_at <= fact.seats[0].voted_at


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("join"), st.integers(1, 7)),
        st.tuples(st.just("leave"), st.integers(1, 7)),
        st.tuples(
            st.just("cast"),
            st.integers(1, 7),
            st.sampled_from("ABCDEF"),
            st.sampled_from(["for", "against", "abstain", "?"]),
        ),
        st.tuples(st.just("proxy"), st.sampled_from("ABCDEF"), st.sampled_from("ABCDEF")),
        st.tuples(st.just("restart")),
    ),
    max_size=25,
)


@settings(max_examples=30, deadline=None)
@given(STEPS)
def test_whatever_happens_each_member_counts_once_with_what_was_cast_last(script):
    stage = assembly(1)
    stage.say("p1", ASK)
    last: dict[str, str] = {}
    peers = {1: "p1"}
    for place, step in enumerate(script):
        match step:
            case ("join", number) if number != 1:
                peers[number] = f"q{place}"
                stage.join(number, peers[number])
            case ("leave", number) if number != 1 and number in peers:
                stage.say(peers.pop(number), call.Leave())
            case ("proxy", giver, holder):
                announced = votes.AnnounceProxy(giver=PARTNERS[giver], holder=PARTNERS[holder])
                stage.say("p1", announced)
            case ("restart",):
                stage, peers = restarted_call(stage), {1: "p1"}
            case ("cast", number, member, choice) if number in peers:
                asked = votes.CastVote(vote=1, seat=PARTNERS[member], choice=choice)
                if codes(stage.say(peers[number], asked)) == []:
                    last[member] = choice
    stage.say("p1", votes.CloseVote(vote=1))
    fact = stage.facts(journal.VoteClosed)[-1]
    names = {id_: name for name, id_ in PARTNERS.items()}
    assert {names[s.partner]: s.choice for s in fact.seats if s.voted} == last
    assert sum(fact.counts) == len(last)
    assert "F" not in last


def test_who_sits_behind_another_camera_counts_for_their_partner_while_it_is_there():
    stage = assembly(1, 2, 3)
    assert not state(stage).quorum.met
    people = [
        msgspec.structs.replace(each, beside=[PARTNERS["D"], PARTNERS["C"]])
        if each.id == person(3)
        else each
        for each in stage.plan.invitees
    ]
    stage.plan = msgspec.structs.replace(stage.plan, invitees=people)
    stage.handle(events.SnapshotChanged, snapshot=stage.plan)
    quorum = state(stage).quorum
    assert (quorum.present, quorum.met) == (4, True)  # D besides; C counts once
    stage.say("p3", call.Leave())
    assert state(stage).quorum.present == 2
