"""A publisher that sends only what somebody gets, as its subscribers see it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projectdesk.media.embedded import track
from projectdesk.media.embedded.demand import COMING_S, LOWER_AFTER_S, LayerDemand
from tests.unit.media.test_layers import FRAME_S, Call, LayerSource, check_order


@pytest.fixture(autouse=True)
def in_clear(monkeypatch):
    """Leave packets as they are where they would be encrypted."""
    monkeypatch.setattr(track, "protect", lambda session, address, length: 0)


class Obedient(Call):
    """A publisher that does what it is told, some frames later, with a key frame first."""

    def __init__(self, seed: int, *, latency: int = 2) -> None:
        super().__init__(seed)
        self.demand = self.feed.demand = LayerDemand(("q", "h", "f"))
        self._latency = latency
        self._told: list[frozenset[str]] = [self.demand.told] * (latency + 1)
        self._sends = self.demand.told

    def ask(self, layer: int) -> None:
        """Give the subscriber a layer, as its allocation does, and have it sent."""
        self.one.layer = layer
        self.demand.need({"qhf"[layer]}, self.now)
        self.feed.refresh(self.now)

    def play(self, frames: int, needed: set[str]) -> None:
        """Send frames; `needed`: of all subscribers, the smallest layer aside."""
        for _ in range(frames):
            self._told.append(self.demand.told)
            told = self._told[-1 - self._latency]
            for source in self.layers:
                if source.track.rid in told - self._sends:
                    source.wants_key = True
            self._sends = told
            self.frames(silent=frozenset(r for r in range(3) if "qhf"[r] not in told))
            self.demand.settle({"q", *needed}, self.now)

    def sleep(self) -> None:
        """Let all but the smallest layer fall asleep."""
        self.ask(0)
        self.play(round((LOWER_AFTER_S + 2) / FRAME_S), set())
        assert self.demand.told == {"q"}


def test_who_wants_more_goes_on_with_what_there_is_until_the_key_frame_comes():
    call = Obedient(0, latency=4)
    call.sleep()
    call.got.clear()
    call.ask(2)
    call.play(3, {"f"})
    assert {one.layer for one in call.got} == {0}
    call.play(2, {"f"})
    assert call.got[-1].layer == 2
    first = next(one for one in call.got if one.layer == 2)
    assert first.key
    source = call.layers[2]
    assert first.original == source.number - 1, "its very first packet, not the next key frame"
    check_order(call)
    assert len(call.got) >= 2 * 5, "each frame brought packets"


def test_who_comes_while_a_larger_one_is_on_its_way_gets_the_smaller_first():
    call = Obedient(1, latency=6)
    call.sleep()
    call.one.paused = True
    call.feed.refresh(call.now)
    call.play(3, set())
    call.one.paused = False
    call.got.clear()
    call.ask(2)
    call.feed.refresh(call.now)
    call.play(3, {"f"})
    assert {one.layer for one in call.got} == {0}
    call.play(6, {"f"})
    assert call.got[-1].layer == 2
    check_order(call)


def test_a_layer_that_does_not_come_is_not_waited_for_for_ever():
    call = Obedient(2)
    call.sleep()
    call.ask(2)
    call.frames(round((COMING_S + 1) / FRAME_S), silent=frozenset({1, 2}))
    assert call.got[-1].layer == 0
    assert call.one.waiting_for is None
    assert call.feed.ready_layers(call.now) == [call.layers[0].track, call.layers[1].track]


def test_a_camera_that_comes_back_is_seen_from_its_first_packet():
    call = Obedient(3)
    call.ask(2)
    call.play(5, {"f"})
    call.one.paused = True
    call.feed.refresh(call.now)
    call.frames(40, silent=frozenset(range(3)))
    call.one.paused = False
    call.feed.refresh(call.now)
    asked = call.layers[2].asked
    for source in call.layers:
        source.wants_key = True
    call.got.clear()
    call.frames()
    assert [one.layer for one in call.got] == [2, 2]
    assert call.got[0].key
    assert call.layers[2].asked <= asked + 1


def test_a_silent_camera_is_not_asked_for_key_frames():
    call = Obedient(4)
    call.play(5, {"f"})
    call.frames(30, silent=frozenset(range(3)))
    call.one.paused = True
    call.feed.refresh(call.now)
    call.one.paused = False
    call.feed.refresh(call.now)
    asked = sum(source.asked for source in call.layers)
    call.frames(60, silent=frozenset(range(3)))
    assert sum(source.asked for source in call.layers) <= asked + 1


def test_a_page_that_does_not_listen_changes_nothing():
    call = Obedient(5)
    call.ask(0)
    for _ in range(100):
        call.frames()
        call.demand.settle({"q"}, call.now)
    assert call.demand.told == {"q"}
    call.ask(2)
    call.frames(2)
    assert call.got[-1].layer == 2
    check_order(call)


def test_sizes_are_known_of_layers_that_sleep():
    call = Obedient(6)
    assert [size.height for size in call.feed.sizes()] == [180, 360, 720]
    call.sleep()
    assert [size.rid for size in call.feed.sizes()] == ["q", "h", "f"]
    assert [one.rid for one in call.feed.ready_layers(call.now)] == ["q", "h", "f"]
    assert [one.rid for one in call.feed.alive_layers(call.now)] == ["q"]
    chance = random.Random(7)
    fresh = Call(8)
    fresh.feed.stop()
    fresh.feed.demand = LayerDemand(("q", "h", "f"))
    source = LayerSource(fresh.feed, 2, chance)
    source.frame(1.0, 1)
    assert [size.height for size in fresh.feed.sizes()] == [180, 360, 720]


@settings(max_examples=12)
@given(
    st.integers(0, 1 << 30),
    st.integers(0, 5),
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 70)), min_size=1, max_size=5),
)
def test_whatever_is_wanted_the_picture_goes_on(seed, latency, script):
    """Where a size is wanted again just as it was given up, both words are under way together."""
    call, missed = Obedient(seed, latency=latency), 0
    call.play(3, set())
    for layer, frames in script:
        call.ask(layer)
        for _ in range(frames):
            before = len(call.got)
            call.play(1, {"qhf"[layer]})
            missed = 0 if len(call.got) > before else missed + 1
            assert missed <= latency
        if frames > latency + 1 + round(0.6 / FRAME_S):
            assert call.got[-1].layer == layer
    check_order(call)
