"""Which voices of many are forwarded, packet by packet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from projectdesk.media.embedded.speaker import VoiceGate

LOUD, LOUDER, QUIET = 100, 110, 30
PACKET_S = 0.02
HANGOVER_S = 0.8
NAMES = "abcdefgh"


@dataclass
class Hall:
    """People who speak into a gate; `cut` counts the audible packets that were not forwarded."""

    gate: VoiceGate
    now: float = 0.0
    cut: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def packet(self, name: str, loudness: int = LOUD, average: float | None = None) -> bool:
        """Let one packet come in; return whether it goes out."""
        self.gate.hear(name, loudness, loudness if average is None else average, self.now)
        is_open = self.gate.is_open(name)
        if loudness >= LOUD and not is_open:
            self.cut[name] += 1
        return is_open

    def talk(self, seconds: float, **loudness: int) -> None:
        """Let each send packets of their loudness for a while."""
        end = self.now + seconds
        while self.now < end:
            for name, loud in loudness.items():
                self.packet(name, loud)
            self.now += PACKET_S


def hall(loudest: int | None = 3, *always: str) -> Hall:
    gate = VoiceGate()
    gate.limit(loudest, always)
    return Hall(gate)


def open_ones(gate: VoiceGate, names: str = NAMES) -> set[str]:
    return {name for name in names if gate.is_open(name)}


def test_without_a_limit_everybody_is_heard():
    room = hall(None)
    assert open_ones(room.gate) == set(NAMES)
    room.talk(1, a=LOUD, b=QUIET)
    assert open_ones(room.gate) == set(NAMES)


def test_the_first_audible_packet_is_forwarded():
    room = hall()
    assert not room.packet("a", QUIET)
    assert room.packet("a")


def test_three_talk_at_once_and_nobody_is_cut():
    room = hall()
    room.talk(10, a=LOUD, b=LOUD, c=LOUD, d=QUIET)
    assert open_ones(room.gate) == {"a", "b", "c"}
    assert room.cut == {}


def test_a_fourth_breaks_in_when_one_has_fallen_silent():
    room = hall()
    room.talk(3, a=LOUD, b=LOUD, c=LOUD)
    room.talk(HANGOVER_S + 0.1, a=LOUD, b=LOUD, c=QUIET)
    assert open_ones(room.gate) == {"a", "b", "c"}
    assert room.packet("d")
    assert open_ones(room.gate) == {"a", "b", "d"}


def test_a_pause_between_words_loses_no_place():
    room = hall()
    for _ in range(5):
        room.talk(1, a=LOUD, b=LOUD, c=LOUD, d=LOUD)
        room.talk(0.5, a=QUIET, b=LOUD, c=LOUD, d=LOUD)
    assert room.cut["a"] == 0


def test_who_is_clearly_louder_breaks_in_among_equals_nobody_does():
    room = hall()
    room.talk(3, a=LOUD, b=LOUD, c=LOUDER, d=LOUD + 3)
    assert "d" not in open_ones(room.gate)
    room.talk(1, a=LOUD, b=LOUDER, c=LOUDER, d=LOUDER)
    assert open_ones(room.gate) == {"b", "c", "d"}


def test_those_always_heard_take_no_place():
    room = hall(3, "p", "i")
    room.talk(2, p=LOUD, a=LOUD, b=LOUD, c=LOUD, i=QUIET)
    assert open_ones(room.gate, "abcip") == {"a", "b", "c", "i", "p"}
    assert room.cut == {}


def test_who_is_no_longer_always_heard_keeps_a_place_while_talking():
    room = hall(3, "p")
    room.talk(2, a=LOUD, b=LOUD, c=LOUD)
    room.talk(1, p=LOUD, b=LOUD, c=LOUD)
    room.gate.limit(3, [])
    assert open_ones(room.gate, "abcp") == {"b", "c", "p"}


def test_who_was_silenced_or_went_makes_room():
    room = hall()
    room.talk(1, a=LOUD, b=LOUD, c=LOUD)
    room.gate.forget("a")
    assert open_ones(room.gate) == {"b", "c"}
    assert room.packet("d")


def test_a_lower_limit_keeps_who_spoke_last():
    room = hall()
    room.talk(1, a=LOUD, b=LOUD)
    room.talk(0.2, c=LOUD)
    room.gate.limit(1, [])
    assert open_ones(room.gate) == {"c"}
    room.gate.limit(None, [])
    assert open_ones(room.gate) == set(NAMES)


@given(
    loudest=st.integers(1, 4),
    always=st.sets(st.sampled_from("xyz")),
    packets=st.lists(
        st.tuples(
            st.sampled_from(NAMES + "xyz"),
            st.integers(0, 127),
            st.floats(0, 127),
            st.floats(0, 0.5),
        ),
        max_size=200,
    ),
)
def test_whatever_is_said_few_are_open_and_no_word_is_cut_as_long_as_few_speak(
    loudest, always, packets
):
    room = hall(loudest, *always)
    spoke: dict[str, float] = {}
    for name, loudness, average, pause in packets:
        room.now += pause
        is_open = room.packet(name, loudness, average)
        others = {
            one
            for one, at in spoke.items()
            if one != name and one not in always and room.now - at < HANGOVER_S
        }
        audible = loudness >= 77
        if audible and len(others) < loudest:
            assert is_open
        if audible:
            spoke[name] = room.now
        assert len(open_ones(room.gate, NAMES + "xyz") - always) <= loudest
        assert always <= open_ones(room.gate, "xyz")
