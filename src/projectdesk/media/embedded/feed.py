"""One source of one participant, in one size or several, and who receives which.

A `Feed` lives as long as the participant publishes the source, its `Track`s as long as their SSRCs:
a publisher that rebuilds its connection brings new tracks for the same feed, and subscribers see an
unbroken stream. A picture that is sent in several sizes ("simulcast", RFC 8853) has a track per
layer; each subscriber gets one of them, and changes to another only at a key frame of that one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from projectdesk.media.embedded.demand import LayerDemand, Size, is_largest_first, list_sizes
from projectdesk.signalling.media import SOUNDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from projectdesk.media.embedded.downstream import Downstream
    from projectdesk.media.embedded.tape import Tape
    from projectdesk.media.embedded.track import Track
    from projectdesk.signalling.media import FeedSource

_SILENT_S = 3.0

LAYER_SILENT_S = 1.0
"""A browser that is short of bandwidth or processor stops its larger layers without a word."""


class Feed:
    """One source of one participant, and who receives it."""

    def __init__(self, participant: str, source: FeedSource) -> None:
        """Make a feed that nobody receives yet."""
        self.participant = participant
        self.source: FeedSource = source
        self.muted = False
        self.started = False
        self.tape: Tape | None = None
        """Where its packets are recorded, if they are."""

        self.layers: list[Track] = []
        """From the smallest to the largest; one where the picture comes in one size."""

        self.demand: LayerDemand | None = None
        """Which sizes its publisher is to send; None where it sends but one."""

        self.downstreams: list[Downstream] = []
        self.loudness = 0.0
        self.audible = True
        """Whether this voice is among those that are forwarded."""

        self.heard: Callable[[Feed, int, float], None] | None = None
        """Called for each packet of a voice: the feed, its loudness from 0 to 127, and the time."""

        self._alive: list[Track] = []
        self._coming: list[Track] = []

    @property
    def is_audio(self) -> bool:
        """Whether the feed is heard: a voice, or the sound of a screen."""
        return self.source in SOUNDS

    @property
    def is_layered(self) -> bool:
        """Whether it comes in several sizes."""
        return bool(self.layers) and bool(self.layers[0].rid)

    @property
    def rate(self) -> float:
        """Bits per second of its largest layer."""
        return max((track.rate for track in self.layers), default=0.0)

    @property
    def live(self) -> list[Downstream]:
        """Those that get packets now."""
        return [one for one in self.downstreams if one.track is not None]

    def is_flat(self, now: float) -> bool:
        """Whether there is but one size now: for who takes less the publisher must send less.

        A publisher that sends the smallest layer alone is short of something itself; it goes on
        with the others as soon as it can.
        """
        if not self.is_layered:
            return True
        alive = self.alive_layers(now)
        return len(alive) == 1 and alive[0].rank > 0

    def flows(self, now: float) -> bool:
        """Whether packets came lately; a source that is switched off leaves its line silent."""
        return any(now - track.received_at < _SILENT_S for track in self.layers)

    def alive_layers(self, now: float) -> list[Track]:
        """Return the layers that flow, from the smallest."""
        return [track for track in self.layers if now - track.received_at < LAYER_SILENT_S]

    def ready_layers(self, now: float) -> list[Track]:
        """Return the layers that a subscriber can be given, from the smallest.

        Those that flow, and those that come when they are asked for or were asked for lately.
        """
        demand = self.demand
        if demand is None:
            return self.alive_layers(now)
        return [
            track
            for track in self.layers
            if now - track.received_at < LAYER_SILENT_S
            or demand.is_asleep(track.rid)
            or demand.is_coming(track.rid, now)
        ]

    def is_coming(self, track: Track, now: float) -> bool:
        """Whether a layer that does not flow was asked for lately."""
        return (
            self.demand is not None
            and now - track.received_at >= LAYER_SILENT_S
            and self.demand.is_coming(track.rid, now)
        )

    def sizes(self) -> list[Size]:
        """Return the sizes that its publisher offered, from the smallest; none where it is one."""
        if self.demand is None:
            return []
        return list_sizes(self.demand.rids, {track.rid: track.height for track in self.layers})

    # --- tracks ---------------------------------------------------------------------------------

    def add(self, track: Track, now: float) -> None:
        """Take an incoming stream; it replaces the one with the same layer id, if there is one."""
        for old in [
            one for one in self.layers if one.rid == track.rid or not (one.rid and track.rid)
        ]:
            self._release(old)
        self.layers.append(track)
        self.sort_layers()
        self.refresh(now)

    def drop(self, track: Track, now: float) -> None:
        """Do without an incoming stream from now on."""
        if track in self.layers:
            self._release(track)
            self.refresh(now)

    def stop(self) -> None:
        """Do without all incoming streams for now."""
        for track in list(self.layers):
            self._release(track)

    def _release(self, track: Track) -> None:
        self.layers.remove(track)
        for downstream in self.downstreams:
            if downstream.waiting_for is track:
                track.forget(downstream)
            if downstream.track is track:
                track.detach(downstream)

    def sort_layers(self) -> None:
        """Order the layers from the smallest, as the publisher's list tells."""
        self.layers.sort(key=lambda track: track.rank)
        if is_largest_first([track.height for track in self.layers]):
            self.layers.reverse()

    # --- subscribers ----------------------------------------------------------------------------

    def refresh(self, now: float) -> None:
        """Work out anew who gets which packets; who starts to also gets a key frame soon."""
        for downstream in self.downstreams:
            self._place(downstream, now)

    def remove(self, downstream: Downstream, now: float) -> None:
        """Stop sending to one subscriber for good."""
        if downstream in self.downstreams:
            self.downstreams.remove(downstream)
            self._hold(downstream)

    def settle(self, now: float) -> None:
        """Look after layers that fell silent or came back; called many times a second."""
        if not self.is_layered:
            return
        alive = self.alive_layers(now)
        coming = [track for track in self.layers if self.is_coming(track, now)]
        if coming or (alive, coming) != (self._alive, self._coming):
            self._alive, self._coming = alive, coming
            self.refresh(now)
        for track in self.layers:
            if track.waiting and (track in alive or track in coming):
                track.remind(now)

    def _place(self, one: Downstream, now: float) -> None:
        if self.muted or not self.audible or not one.wanted:
            self._hold(one)
            return
        track, waiting = self._pick(one, now), one.waiting_for
        if track is None or track is one.track:
            if waiting is not None:
                waiting.forget(one)
        elif not track.rid:
            track.attach(one)
            track.want_key_frame(now)
        elif track is not waiting:
            if waiting is not None:
                waiting.forget(one)
            track.promise(one)
            track.want_key_frame(now)
        if one.overloads and one.waiting_for is not None and one.track is not None:
            one.track.detach(one)

    def _hold(self, one: Downstream) -> None:
        """Send nothing to `one` for now."""
        if one.waiting_for is not None:
            one.waiting_for.forget(one)
        if one.track is not None:
            one.track.detach(one)

    def _pick(self, one: Downstream, now: float) -> Track | None:
        """Return the layer for `one`: the wanted one, else the nearest that flows.

        One that was asked for lately is waited for, as long as there is something else until then;
        where nothing flows, that the wanted one begins: its first packets are a key frame.
        """
        if not self.is_layered:
            return self.layers[-1] if self.layers else None
        alive = self.alive_layers(now)
        wanted = self.layers[min(one.layer, len(self.layers) - 1)]
        if not alive:
            return one.track or wanted
        if one.track in alive and self.is_coming(wanted, now):
            return wanted
        fitting = [track for track in self.layers[: one.layer + 1] if track in alive]
        return fitting[-1] if fitting else alive[0]
