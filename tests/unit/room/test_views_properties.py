"""What holds for who is sent whose picture, whatever happens."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from projectdesk.room import commands, events
from projectdesk.room.views import HEAR_ALL
from projectdesk.signalling import breakouts, call, leading, sight
from tests.unit.room.test_views import CAMERAS, EVERYONE, Call, id_of, shows

NUMBERS = st.integers(1, 12)
FEEDS = st.lists(
    st.builds(
        shows,
        NUMBERS,
        st.sampled_from(["video", "screen", "audio"]),
        st.none() | st.sampled_from([0, 180, 720]),
    ),
    max_size=8,
)


class AnyCall(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.room = Call(1)
        self.inside = {1}
        self.legs = {1}

    def _someone(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(sorted(self.inside)))

    @rule(numbers=st.sets(NUMBERS, max_size=9), video=st.booleans())
    def enter(self, numbers, video):
        for number in sorted(numbers - self.inside):
            self.room.closed = [peer for peer in self.room.closed if peer != f"p{number}"]
            self.room.inbox.pop(f"p{number}", None)
            self.room.enter(number, video=video)
            self.inside.add(number)
            self.legs.add(number)

    @precondition(lambda self: len(self.inside) > 1)
    @rule(data=st.data())
    def leave(self, data):
        number = self._someone(data)
        self.room.say(f"p{number}", call.Leave())
        self.inside.discard(number)
        self.legs.discard(number)

    @rule(data=st.data(), feeds=st.none() | FEEDS, pinned=st.lists(NUMBERS, max_size=3))
    def want(self, data, feeds, pinned):
        message = call.Want(feeds=feeds, pinned=[id_of(number) for number in pinned])
        self.room.say(f"p{self._someone(data)}", message)

    @rule(data=st.data(), video=st.booleans(), screen=st.booleans())
    def switch(self, data, video, screen):
        message = call.SetMedia(audio=True, video=video, screen=screen)
        self.room.say(f"p{self._someone(data)}", message)

    @rule(data=st.data())
    def subscribe(self, data):
        number = self._someone(data)
        self.room.say(f"p{number}", call.OpenSubscribe(rebuild=True))
        self.legs.add(number)

    @rule(speaker=st.none() | NUMBERS)
    def speak(self, speaker):
        self.room.speak(speaker)

    @rule(number=NUMBERS)
    def focus(self, number):
        self.room.say("p1", leading.Spotlight(participant=id_of(number)))

    @rule(split=st.integers(1, 12))
    def groups(self, split):
        people = [
            [id_of(n) for n in range(2, 13) if n <= split],
            [id_of(n) for n in range(2, 13) if n > split],
        ]
        planned = [breakouts.PlannedGroup(name="g", people=one) for one in people if one]
        self.room.say("p1", breakouts.OpenBreakouts(groups=planned))

    @rule()
    def together(self):
        self.room.say("p1", breakouts.CloseBreakouts(at_once=True))

    @rule()
    def replace_server(self):
        self.room.handle(events.MediaLost)
        self.room.media.clear()  # the new one has forgotten what the old one was asked
        self.room.handle(events.MediaReady)
        self.legs.clear()

    # --- what holds -----------------------------------------------------------------------------

    def _persons(self):
        return {int(person.id, 16): person for person in self.room.room._meeting.hall.here()}

    @invariant()
    def each_gets_the_voices_of_all_together_and_no_own_picture(self):
        meeting = self.room.room._meeting
        for number in self.legs:
            view = self.room.asked(number)
            others = {n for n in self._persons() if meeting.together(id_of(number), id_of(n))}
            if view is None:
                assert meeting.partition.now is None
                continue
            keys = [(feed.participant, feed.source) for feed in view]
            assert len(keys) == len(set(keys))
            assert {int(p, 16) for p, source in keys if source == "audio"} == others
            assert {int(p, 16) for p, _ in keys} <= others

    @invariant()
    def nobody_gets_more_cameras_than_the_rules_allow(self):
        meeting = self.room.room._meeting
        for number in self.legs:
            if len(meeting.company(id_of(number))) <= EVERYONE:
                continue
            seen = self.room.seen_by(number)
            assert len(seen) <= CAMERAS
            assert self.room.chosen(number) == sorted(seen, key=list(self._persons()).index)

    @invariant()
    def who_encodes_for_nobody_was_told_and_who_is_watched_too(self):
        persons = self._persons()
        meeting = self.room.room._meeting
        for number, person in persons.items():
            for source, sends in (("video", person.video), ("screen", person.screen)):
                if not sends:
                    continue
                watched = any(
                    meeting.together(id_of(number), other.id) and self._shows(other, number, source)
                    for other in persons.values()
                )
                told = [w for s, w in self.room.watched(number) if s == source]
                assert (told or [True])[-1] == watched

    def _shows(self, other, number, source):
        crowded = len(self.room.room._meeting.company(other.id)) > EVERYONE
        if crowded and source == "video":
            chosen = self.room.got(other.peer, sight.CamerasChosen)[-1].participants
            return id_of(number) in chosen
        return other.wanted is None or any(
            (feed.participant, feed.source) == (id_of(number), source) for feed in other.wanted
        )

    @invariant()
    def voices_are_thinned_out_in_a_large_call_only(self):
        large = len(self._persons()) > HEAR_ALL
        apart = self.room.room._meeting.partition.now is not None
        assert (self.room.heard().loudest is not None) == (large and not apart)

    @invariant()
    def nothing_is_asked_for_who_is_gone(self):
        asked = {c.participant for c in self.room.media[-1:] if isinstance(c, commands.WantFeeds)}
        assert asked <= {id_of(number) for number in self._persons()}


TestAnyCall = AnyCall.TestCase
TestAnyCall.settings = settings(max_examples=25, stateful_step_count=30)
