"""What holds for a room whatever happens to it."""

from __future__ import annotations

from typing import get_args

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from projectdesk.room import commands, events
from projectdesk.signalling import (
    breakouts,
    call,
    control,
    floor,
    journal,
    leading,
    notes,
    recording,
)
from tests.unit.room.conftest import Stage, invitee, planned, snapshot

CAPACITY = 2
LOBBY = 2
PEOPLE = [
    invitee(1, "chair"),
    invitee(2, "cohost"),
    invitee(3, "observer"),
    *(invitee(number) for number in range(4, 8)),
]
ITEMS = ["a", "b", "c"]
ANYBODY = st.sampled_from([p.id for p in PEOPLE])
FLOOR = (
    st.builds(floor.RaiseHand, raised=st.booleans())
    | st.builds(floor.LowerHands, participant=st.none() | ANYBODY)
    | st.builds(
        floor.StopFeed,
        source=st.sampled_from(["audio", "video", "screen"]),
        participant=st.none() | ANYBODY,
    )
    | st.builds(floor.AskToUnmute, participant=ANYBODY)
    | st.builds(floor.Remove, participant=ANYBODY)
    | st.builds(floor.LetBackIn, participant=ANYBODY)
    | st.builds(floor.LockRoom, locked=st.booleans())
    | st.builds(floor.Appoint, participant=ANYBODY, role=st.sampled_from(["chair", "cohost"]))
    | st.builds(floor.Dismiss, participant=ANYBODY)
    | st.builds(floor.SendChat, text=st.text(max_size=5), to=st.none() | ANYBODY)
    | st.builds(floor.React, reaction=st.just("👍"))
)
RECORDING = st.sampled_from(
    [
        recording.AskToRecord(),
        recording.PauseRecording(),
        recording.ResumeRecording(),
        recording.StopRecording(),
        recording.AnswerRecording(agreed=True, words=recording.WORDS),
        recording.AnswerRecording(agreed=False, words=recording.WORDS),
        recording.WithdrawConsent(),
    ]
)
LEADING = (
    st.builds(leading.Spotlight, participant=st.none() | ANYBODY, follows=st.booleans())
    | st.builds(leading.SetLobbyMessage, text=st.text(max_size=5))
    | st.builds(
        leading.RetimeAgenda,
        items=st.lists(
            st.builds(
                leading.Retiming,
                item=st.sampled_from([*ITEMS, "zz"]),
                minutes=st.none() | st.integers(0, 9),
                dropped=st.sampled_from(["", "skipped"]),
            ),
            max_size=2,
        ),
    )
    | st.builds(notes.ShareNotes, shared=st.booleans())
    | st.builds(
        breakouts.OpenBreakouts,
        groups=st.lists(
            st.builds(
                breakouts.PlannedGroup,
                name=st.just("G"),
                people=st.lists(ANYBODY, max_size=2, unique=True),
            ),
            max_size=2,
        ),
        minutes=st.none() | st.just(1),
        spreads=st.booleans(),
    )
    | st.builds(
        breakouts.MoveToGroup, participant=ANYBODY, group=st.sampled_from([None, "g1", "g2"])
    )
    | st.builds(breakouts.CloseBreakouts, at_once=st.booleans())
    | st.builds(breakouts.CallChair, wanted=st.booleans())
)
MESSAGES = (
    FLOOR
    | LEADING
    | RECORDING
    | st.builds(call.Admit, participant=st.none() | st.sampled_from([p.id for p in PEOPLE]))
    | st.builds(call.Refuse, participant=st.sampled_from([p.id for p in PEOPLE]))
    | st.builds(call.StartItem, item=st.none() | st.sampled_from([*ITEMS, "zz"]))
    | st.builds(
        call.SetMedia,
        audio=st.booleans(),
        video=st.booleans(),
        screen=st.booleans(),
        heard=st.integers(0, 2),
    )
    | st.just(call.Leave())
    | st.just(call.OpenSubscribe())
    | st.just(call.Publish(sdp="o", sources={"0": "audio"}))
    | st.just(call.Ping(n=1))
)


def plan(hashes: dict[int, str], items: list[str]) -> control.RoomSnapshot:
    people = [
        invitee(n, p.role, token_hash=hashes.get(n, p.token_hash))
        for n, p in enumerate(PEOPLE, start=1)
    ]
    rules = control.RoomRules(capacity=CAPACITY, lobby_size=LOBBY)
    return snapshot(people, agenda=[planned(item) for item in items], rules=rules)


class AnyMeeting(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.hashes: dict[int, str] = {}
        self.stage = Stage(plan(self.hashes, ITEMS))
        self.sessions: dict[str, int] = {}
        self.open: dict[str, int | None] = {}  # peer -> invitation's number, None = console
        self.peers = 0
        self.elapsed: dict[str, float] = {}

    def _peer(self, number: int | None) -> str:
        self.peers += 1
        peer = f"peer{self.peers}"
        self.open[peer] = number
        return peer

    def _sweep(self) -> None:
        for peer in self.stage.closed:
            if self.open.pop(peer, 0) != 0:
                self.stage.drop(peer)

    @rule(number=st.integers(1, len(PEOPLE)), move=st.booleans())
    def join(self, number, move):
        person = self.stage.room.snapshot.invitees[number - 1]
        if not person.token_hash:
            return
        if self.stage.room.refusal_to_join(person, self.stage.now, move=move) is None:
            session = self.stage.pass_(number)
            self.sessions[session] = number
            self._sweep()

    @rule(number=st.integers(1, len(PEOPLE)))
    def arrive(self, number):
        self.join(number, move=False)
        own = [session for session, n in self.sessions.items() if n == number]
        if own:
            self.stage.connect(own[-1], self._peer(number))
            self._sweep()

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def admit(self, data):
        peer = data.draw(st.sampled_from(sorted(self.open)))
        self.stage.say(peer, call.Admit())
        self._sweep()

    @precondition(lambda self: self.sessions)
    @rule(data=st.data())
    def hello(self, data):
        session = data.draw(st.sampled_from(sorted(self.sessions)))
        self.stage.connect(session, self._peer(self.sessions[session]))
        self._sweep()

    @rule()
    def console(self):
        self.stage.handle(events.ConsoleAttached, peer=self._peer(None))

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def lose(self, data):
        peer = data.draw(st.sampled_from(sorted(self.open)))
        del self.open[peer]
        self.stage.drop(peer)

    @precondition(lambda self: self.open)
    @rule(data=st.data(), message=MESSAGES)
    def say(self, data, message):
        peer = data.draw(st.sampled_from(sorted(self.open)))
        self.stage.say(peer, message)
        self._sweep()

    @rule(seconds=st.sampled_from([1, 30, 61, 600, 1000]))
    def wait(self, seconds):
        self.stage.wait(seconds=seconds)
        self._sweep()

    @rule(number=st.integers(3, len(PEOPLE)), value=st.sampled_from(["", "a" * 64, None]))
    def revoke(self, number, value):
        if value is None:
            self.hashes.pop(number, None)
        else:
            self.hashes[number] = value
        self.stage.handle(events.SnapshotChanged, snapshot=plan(self.hashes, ITEMS))
        self._sweep()

    @rule(items=st.lists(st.sampled_from(ITEMS), unique=True))
    def replan(self, items):
        self.stage.handle(events.SnapshotChanged, snapshot=plan(self.hashes, items))

    @rule(what=st.sampled_from([events.MediaReady, events.MediaLost]))
    def media(self, what):
        self.stage.handle(what)

    @rule()
    def all_agree(self):
        for peer in sorted(self.open):
            if peer in self.open:
                self.stage.say(peer, recording.AskToRecord())
                self.stage.say(peer, recording.AnswerRecording(agreed=True, words=1))
                self._sweep()

    @invariant()
    def nobody_is_recorded_unasked(self):
        last = [
            c
            for c in self.stage.media
            if isinstance(
                c, commands.StartRecording | commands.PauseRecording | commands.StopRecording
            )
        ][-1:]
        if not last or not isinstance(last[0], commands.StartRecording):
            return
        agreed: dict[str, bool] = {}
        for _, fact in self.stage.journal:
            if isinstance(fact, journal.RecordingAsked):
                agreed = {}
            elif isinstance(fact, journal.ConsentGiven):
                agreed[fact.invitation] = True
            elif isinstance(fact, journal.ConsentRefused | journal.ConsentWithdrawn):
                agreed[fact.invitation] = False
        here = {person.id for person in self.stage.room._meeting.hall.here()}
        assert {person.id for person in last[0].people} == here
        assert all(agreed.get(person) for person in here)

    @invariant()
    def a_recording_ends_once(self):
        under_way = None
        for _, fact in self.stage.journal:
            if isinstance(fact, journal.RecordingAsked):
                assert under_way is None
                under_way = fact.recording
            elif isinstance(fact, journal.RecordingStopped | journal.RecordingDiscarded):
                assert under_way == fact.recording
                under_way = None
        memory = self.stage.room.memory().recording
        assert under_way == (memory.id if memory is not None else None)

    @invariant()
    def capacity_holds(self):
        facts = self.stage.room.facts()
        assert facts.present <= CAPACITY
        assert facts.waiting <= LOBBY

    @invariant()
    def nobody_sees_the_room_before_admission(self):
        for peer, number in self.open.items():
            if number is None:
                continue
            person = self.stage.room._meeting.hall.by_peer(peer)
            if person is None or not person.here:
                secrets = (
                    call.RoomState,
                    call.ParticipantJoined,
                    call.ClockChanged,
                    *get_args(floor.FloorNews),
                )
                assert not self.stage.got(peer, secrets)

    @invariant()
    def there_is_one_chair(self):
        meeting = self.stage.room._meeting
        roles = [meeting.as_now(person).role for person in meeting.snapshot.invitees]
        assert roles.count("chair") == 1
        for person in meeting.hall.people.values():
            assert person.invitee.role == meeting.invitee(person.id).role

    @invariant()
    def who_was_removed_is_gone(self):
        meeting = self.stage.room._meeting
        assert not set(meeting.removed) & set(meeting.hall.people)
        assert not set(meeting.removed) & set(meeting.passes)
        for person in meeting.snapshot.invitees:
            if person.id in meeting.removed and meeting.ended_at is None:
                refusal = self.stage.room.refusal_to_join(person, self.stage.now, move=True)
                assert refusal is None or refusal.code in {"removed", "meeting_ended"}
                assert refusal is not None

    @invariant()
    def what_the_chair_stopped_is_off(self):
        for person in self.stage.room._meeting.hall.people.values():
            assert not any(getattr(person, source) for source in person.held)

    @invariant()
    def private_words_reach_two_people(self):
        for peer, number in self.open.items():
            for told in self.stage.got(peer, floor.ChatReceived):
                written = told.message
                if number is None:  # a console of nobody's seat: it writes as the organiser
                    assert written.to is None or not written.sender
                    continue
                assert written.to is None or f"{number:032x}" in {written.sender, written.to}

    @invariant()
    def joining_and_leaving_alternate(self):
        present: dict[str, bool] = {}
        for _, fact in self.stage.journal:
            if isinstance(fact, journal.PersonJoined):
                assert not present.get(fact.invitation, False)
                present[fact.invitation] = True
            elif isinstance(fact, journal.PersonLeft):
                assert present.get(fact.invitation, False)
                present[fact.invitation] = False
        assert sum(present.values()) == self.stage.present()
        assert sorted(k for k, v in present.items() if v) == sorted(self.stage.room.memory().here)

    @invariant()
    def items_start_and_end_in_turn(self):
        running = None
        for _, fact in self.stage.journal:
            if isinstance(fact, journal.ItemStarted):
                assert running is None
                running = fact.item
            elif isinstance(fact, journal.ItemEnded):
                assert running == fact.item
                running = None
        assert running == self.stage.room.memory().clock.current

    @invariant()
    def time_spent_never_decreases(self):
        clock = self.stage.room._meeting.agenda.shown(self.stage.now)
        now = {item.id: item.elapsed_seconds for item in clock.items}
        for item, before in self.elapsed.items():
            assert now.get(item, before) >= before
        self.elapsed.update(now)

    @invariant()
    def an_empty_room_runs_nothing(self):
        hall = self.stage.room._meeting.hall
        if not hall.occupied():
            assert self.stage.room.memory().clock.current is None

    @invariant()
    def a_socket_belongs_to_one_person(self):
        peers = [p.peer for p in self.stage.room._meeting.hall.people.values() if p.peer]
        assert len(peers) == len(set(peers))
        assert set(peers) <= set(self.open)


AnyMeeting.TestCase.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
TestAnyMeeting = AnyMeeting.TestCase
