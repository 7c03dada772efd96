"""The room's media: participants, their legs and feeds, and who receives what.

Requests arrive one at a time (`process`); media arrives whenever it likes, on the same thread.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from projectdesk.errors import MediaError
from projectdesk.media.embedded._aiortc_seam import (
    MAX_TRAILER,
    Certificate,
    SrtpBuffer,
    check_hooks,
)
from projectdesk.media.embedded.agreement import ASK_AGAIN_S, CodecAgreement
from projectdesk.media.embedded.feed import Feed
from projectdesk.media.embedded.leg import Leg, Surroundings
from projectdesk.media.embedded.limits import MAX_DATAGRAM, START_BITRATE
from projectdesk.media.embedded.publish import PublishLeg
from projectdesk.media.embedded.sdp import parse_description
from projectdesk.media.embedded.speaker import CircleSpeakers, VoiceGate
from projectdesk.media.embedded.subscribe import SubscribeLeg
from projectdesk.media.embedded.tape import UNRECORDED, Tape
from projectdesk.media.embedded.tasks import Tasks
from projectdesk.media.embedded.udp import UdpPorts
from projectdesk.signalling.media import (
    Configure,
    Event,
    FeedSource,
    FeedStarted,
    FeedStopped,
    LayersWanted,
    LegChanged,
    PublishAgain,
    RecordedPerson,
    RoomStatistics,
    SpeakerChanged,
    WantedFeed,
)

_TICK_S = 0.05
"""Lost packets are asked for again this often."""

_ARRIVAL_TICKS = 2
"""Ticks between messages about arrival times: a tenth of a second, as browsers do."""

_REPORT_TICKS = 10
"""Ticks between receiver reports and bit rates: half a second."""

_SPEAKER_TICKS = 4

_NAME = re.compile(r"[A-Za-z0-9_.\-]{1,64}\Z")
"""Participants appear in SDP as stream names, where only such tokens are safe."""


@dataclass(slots=True)
class _Participant:
    """What one participant has in this room."""

    publish: PublishLeg | None = None
    asked_at: float = float("-inf")
    """When its page was asked to offer anew."""

    subscribe: SubscribeLeg | None = None
    feeds: dict[str, Feed] = field(default_factory=dict)
    wanted: dict[tuple[str, str], int | None] | None = None
    """What it wants to receive, and how tall its tiles are; None is everything."""

    def wants(self, feed: Feed) -> bool:
        return self.wanted is None or (feed.participant, feed.source) in self.wanted

    def height(self, feed: Feed) -> int | None:
        return (self.wanted or {}).get((feed.participant, feed.source))


class Sfu:
    """Forwards the media of one room."""

    def __init__(self, configuration: Configure, emit: Callable[[Event], None]) -> None:
        """Prepare; nothing is bound before `open`.

        Args:
            configuration: addresses, ports and limits.
            emit: takes every event, in order.

        Raises:
            EnvironmentFailure: `media_library_mismatch`.
        """
        check_hooks()
        # 64 KiB hold any datagram, so that none is cut and mistaken for a shorter one.
        inbox = SrtpBuffer(65536 + MAX_TRAILER)
        self._tasks = Tasks()
        self._ports = UdpPorts(inbox.bytes, configuration.interfaces, configuration.udp_ports)
        self._around = Surroundings(
            ports=self._ports,
            certificate=Certificate(),
            inbox=inbox,
            outbox=SrtpBuffer(2 * MAX_DATAGRAM + MAX_TRAILER),
            public_addresses=configuration.public_addresses,
            announce_private=configuration.announce_private,
            clock=time.monotonic,
            tasks=self._tasks,
        )
        self._limits = configuration
        self._emit = emit
        self._participants: dict[str, _Participant] = {}
        self._agreement = CodecAgreement(configuration.video_codecs)
        self._speakers = CircleSpeakers()
        self._voices = VoiceGate()
        self._offer_numbers = itertools.count(1).__next__
        self._tape: Tape | None = None
        self._packets_in = 0
        self._packets_out = 0
        """Counters of legs that are closed."""

    async def open(self) -> None:
        """Bind the ports and start the timers.

        Raises:
            MediaError: `no_udp_port`.
        """
        self._ports.open_missing()
        self._tasks.start(self._run_timers())

    async def close(self) -> None:
        """Close all legs and ports."""
        for participant in list(self._participants):
            await self.close_legs(participant)
        await self.stop_recording([])
        await self._tasks.cancel()
        self._ports.close()

    # --- requests -------------------------------------------------------------------------------

    async def publish(
        self, name: str, sdp: str, sources: dict[str, FeedSource], *, rebuild: bool
    ) -> str:
        """Answer a participant's publish offer; see `signalling.media.Publish`.

        Raises:
            MediaError: as `parse_description` and `PublishLeg.negotiate`, and `room_full`,
                `source_repeated`, `screen_taken`, `bad_participant`.
        """
        offer = parse_description(sdp)
        self._check_sources(name, sources)
        participant = self._enter(name)
        leg, old = participant.publish, None
        if leg is None or rebuild or leg.state in ("failed", "closed"):
            old, leg = leg, PublishLeg(name, self._around, self._leg_changed, self._feed_started)
        feeds: dict[str, Feed] = {
            source: participant.feeds.get(source) or Feed(name, source)
            for source in sources.values()
        }
        leg.preferred = self._agreement.agreed
        before = {source: feed.demand for source, feed in participant.feeds.items()}
        try:
            answer = await leg.negotiate(offer, sources, feeds)
        except MediaError:
            if leg is not participant.publish:
                await leg.transport.close()
            self._drop_if_idle(name)
            raise
        participant.publish = leg
        if old is not None:
            await old.close()
        self._replace_feeds(participant, feeds)
        for source, feed in feeds.items():
            if feed.demand is not before.get(source):
                self._tell_layers(feed)  # what may be under way is meant for another connection
        return answer

    async def subscribe(self, name: str, *, rebuild: bool) -> None:
        """Open a participant's subscribe leg; see `signalling.media.Subscribe`.

        Raises:
            MediaError: `room_full`, `bad_participant`.
        """
        participant = self._enter(name)
        old = participant.subscribe
        if old is not None and not rebuild and old.state not in ("failed", "closed"):
            return
        if old is not None:
            await old.close()
        leg = SubscribeLeg(
            name,
            self._around,
            self._leg_changed,
            self._emit,
            self._offer_numbers,
            self._limits.video_codecs,
        )
        participant.subscribe = leg
        await leg.open()
        self._update(name, participant)

    async def answer(self, name: str, number: int, sdp: str) -> None:
        """Take a participant's answer to a subscribe offer.

        Raises:
            MediaError: `no_leg`, `answer_mismatch`, or as `parse_description`.
        """
        participant = self._participants.get(name)
        if participant is None or participant.subscribe is None:
            raise MediaError("no_leg", "There is no subscribe leg to answer for.")
        participant.subscribe.answer(number, parse_description(sdp))
        self._agree(self._around.clock())

    async def want(self, name: str, feeds: list[WantedFeed] | None) -> None:
        """Set what a participant receives; None is everything."""
        participant = self._enter(name)
        participant.wanted = (
            None
            if feeds is None
            else {(feed.participant, feed.source): feed.height for feed in feeds}
        )
        self._update(name, participant)

    def hear(self, loudest: int | None, always: list[str]) -> None:
        """Set whose voices are forwarded; None is everybody's."""
        self._voices.limit(loudest, always)
        self._open_voices()

    def set_circles(self, circles: list[list[str]] | None) -> None:
        """Set among whom the loudest is looked for; None is everybody."""
        self._tell_speakers(self._speakers.divide(circles))

    async def mute(self, name: str, source: FeedSource, *, muted: bool) -> None:
        """Stop or resume forwarding one feed.

        Raises:
            MediaError: `no_feed` if the participant does not publish it.
        """
        participant = self._participants.get(name)
        feed = participant.feeds.get(source) if participant is not None else None
        if feed is None:
            raise MediaError("no_feed", "{name} publishes no {source}.", name=name, source=source)
        feed.muted = muted
        feed.loudness = 0.0
        if source == "audio":
            self._voices.forget(name)
            self._open_voices()
        feed.refresh(self._around.clock())

    async def start_recording(self, folder: Path, people: list[RecordedPerson]) -> None:
        """Record these people from now on; see `signalling.media.StartRecording`.

        Raises:
            MediaError: `recorder_not_started`.
        """
        if self._tape is None:
            tape = Tape(self._emit)
            await tape.start(folder)
            self._tape = tape
        self._tape.record(people, self._around.clock())
        self._thread_tape()
        self._agree(self._around.clock())
        self._settle_demand(self._around.clock())

    def pause_recording(self) -> None:
        """Record nothing until it is started again."""
        if self._tape is not None:
            self._tape.pause(self._around.clock())
            self._thread_tape()

    async def stop_recording(self, erased: list[str]) -> None:
        """End the recording; its files are closed then. Idempotent."""
        tape, self._tape = self._tape, None
        self._thread_tape()
        if tape is not None:
            await tape.stop(erased, self._around.clock())

    def _thread_tape(self) -> None:
        """Bring the feeds in line with who is recorded; who starts to gives a key frame."""
        tape, now = self._tape, self._around.clock()
        for participant in self._participants.values():
            for feed in participant.feeds.values():
                before, feed.tape = feed.tape, None
                if tape is not None and tape.records(feed):
                    feed.tape = tape
                    if before is None:
                        for track in feed.layers:
                            track.want_key_frame(now)

    async def close_legs(self, name: str) -> None:
        """Close both legs of a participant and end its feeds. Idempotent."""
        participant = self._participants.pop(name, None)
        if participant is None:
            return
        for leg in (participant.publish, participant.subscribe):
            if leg is not None:
                await leg.close()
        self._replace_feeds(participant, {})
        self._voices.forget(name)

    def statistics(self) -> RoomStatistics:
        """Return the counters."""
        legs = [leg.statistics() for leg in self._legs()]
        return RoomStatistics(
            cpu_s=time.process_time(),
            packets_in=self._packets_in + sum(leg.packets_in for leg in legs),
            packets_out=self._packets_out + sum(leg.packets_out for leg in legs),
            dropped_datagrams=self._ports.dropped,
            legs=legs,
            tasks=len(asyncio.all_tasks()),
        )

    # --- inside ---------------------------------------------------------------------------------

    def _enter(self, name: str) -> _Participant:
        if _NAME.match(name) is None:
            raise MediaError("bad_participant", "This name cannot stand in a description.")
        participant = self._participants.get(name)
        if participant is None:
            limit = self._limits.max_participants
            if len(self._participants) >= limit:
                raise MediaError("room_full", "The room takes {limit} participants.", limit=limit)
            participant = self._participants[name] = _Participant()
        return participant

    def _drop_if_idle(self, name: str) -> None:
        participant = self._participants.get(name)
        if participant is not None and not (participant.publish or participant.subscribe):
            del self._participants[name]

    def _check_sources(self, name: str, sources: dict[str, FeedSource]) -> None:
        if len(set(sources.values())) < len(sources):
            raise MediaError("source_repeated", "Each source can be sent once.")
        now = self._around.clock()
        screens = sum(
            "screen" in other.feeds and other.feeds["screen"].flows(now)
            for key, other in self._participants.items()
            if key != name
        )
        if "screen" in sources.values() and screens >= self._limits.max_screens:
            raise MediaError("screen_taken", "Somebody else is showing a screen already.")

    def _replace_feeds(self, participant: _Participant, feeds: dict[str, Feed]) -> None:
        """Give a participant other feeds and tell all subscribers."""
        ended = [feed for source, feed in participant.feeds.items() if source not in feeds]
        changed = bool(ended) or feeds.keys() != participant.feeds.keys()
        participant.feeds = feeds
        if (voice := feeds.get("audio")) is not None:
            voice.heard = self._heard
            voice.audible = self._voices.is_open(voice.participant)
        self._thread_tape()
        for feed in ended:
            feed.stop()
            self._emit(FeedStopped(participant=feed.participant, source=feed.source))
        if changed:
            for name, other in list(self._participants.items()):
                self._update(name, other)

    def _update(self, name: str, participant: _Participant) -> None:
        """Bring a participant's subscribe leg in line with the feeds of the others."""
        leg = participant.subscribe
        if leg is None or leg.state in ("failed", "closed"):
            return
        others = [
            feed
            for key, other in self._participants.items()
            if key != name
            for feed in other.feeds.values()
        ]
        leg.update(others, participant.wants, participant.height)
        if leg.worn_out:
            leg.fail()
        now = self._around.clock()
        for feed, sizes in leg.needs(now):
            self._ask_layers(feed, sizes, now)

    # --- which layers are sent ------------------------------------------------------------------

    def _ask_layers(self, feed: Feed, sizes: Collection[str], now: float) -> None:
        """Have layers sent that somebody needs now; who waits for one goes on with what it has."""
        if feed.demand is not None and feed.demand.need(sizes, now):
            self._tell_layers(feed)
            feed.refresh(now)

    def _settle_demand(self, now: float) -> None:
        """Work out which layers are needed by anybody, and tell publishers where that changed."""
        needed: dict[int, set[str]] = {}
        for participant in self._participants.values():
            leg = participant.subscribe
            if leg is not None and leg.state not in ("failed", "closed"):
                for feed, rids in leg.needs(now):
                    needed.setdefault(id(feed), set()).update(rids)
        for participant in self._participants.values():
            for feed in participant.feeds.values():
                demand = feed.demand
                if demand is None:
                    continue
                sizes = feed.sizes()
                rids = needed.get(id(feed), set())
                if feed.tape is not None:
                    rids.add(sizes[-1].rid)
                if rids:
                    rids.add(sizes[0].rid)  # what everybody can fall back on at once
                if demand.settle(rids, now):
                    self._tell_layers(feed)
                    feed.refresh(now)

    def _tell_layers(self, feed: Feed) -> None:
        if feed.demand is not None:
            layers = feed.demand.ordered
            event = LayersWanted(participant=feed.participant, source=feed.source, layers=layers)
            self._emit(event)

    def _agree(self, now: float) -> None:
        """Settle what pictures are sent in, and ask who sends something else to offer anew."""
        legs = [one.subscribe for one in self._participants.values()]
        taken = [leg.takes for leg in legs if leg is not None and leg.state != "failed"]
        recorded = self._tape is not None and self._tape.recording
        changed = self._agreement.settle(taken, UNRECORDED if recorded else (), now)
        for name, one in self._participants.items():
            leg = one.publish
            if leg is None or leg.state in ("failed", "closed"):
                continue
            leg.preferred = self._agreement.agreed
            if leg.is_outdated and (changed or now - one.asked_at >= ASK_AGAIN_S):
                one.asked_at = now
                self._emit(PublishAgain(participant=name))

    def _leg_changed(self, leg: Leg) -> None:
        if isinstance(leg, SubscribeLeg):
            if leg.state == "closed":
                leg.end()
            else:
                leg.connection_changed()
        if isinstance(leg, PublishLeg) and leg.state in ("closed", "failed"):
            now = self._around.clock()
            for track in leg.tracks.values():
                track.feed.drop(track, now)
        if leg.state == "closed":
            counters = leg.statistics()
            self._packets_in += counters.packets_in
            self._packets_out += counters.packets_out
        self._emit(LegChanged(participant=leg.participant, kind=leg.kind, state=leg.state))

    def _feed_started(self, feed: Feed) -> None:
        self._emit(FeedStarted(participant=feed.participant, source=feed.source))

    def _heard(self, voice: Feed, loudness: int, now: float) -> None:
        if self._voices.hear(voice.participant, loudness, voice.loudness, now):
            self._open_voices()

    def _open_voices(self) -> None:
        """Forward the voices that are to be heard, and no others."""
        now = self._around.clock()
        for name, participant in self._participants.items():
            voice = participant.feeds.get("audio")
            if voice is not None and voice.audible != self._voices.is_open(name):
                voice.audible = not voice.audible
                voice.refresh(now)

    def _legs(self) -> list[Leg]:
        return [
            leg
            for participant in self._participants.values()
            for leg in (participant.publish, participant.subscribe)
            if leg is not None
        ]

    # --- timers ---------------------------------------------------------------------------------

    async def _run_timers(self) -> None:
        ticks = 0
        while True:
            await asyncio.sleep(_TICK_S)
            ticks += 1
            now = self._around.clock()
            for participant in self._participants.values():
                if participant.publish is not None:
                    participant.publish.tick(now)
                    if ticks % _ARRIVAL_TICKS == 0:
                        participant.publish.report_arrivals()
                if participant.subscribe is not None:
                    participant.subscribe.tick(now)
            if self._tape is not None:
                self._tape.tick(now)
            if ticks % _REPORT_TICKS == 0:
                self._report(now)
                self._agree(now)
                self._settle_demand(now)
            if ticks % _SPEAKER_TICKS == 0:
                self._watch_speaker(now)

    def _report(self, now: float) -> None:
        """Tell publishers what arrived, and how much each of their pictures may take.

        Of a picture in one size the weakest subscriber decides; of one in layers nobody does, as
        each gets the layer that it can take.
        """
        elapsed = _TICK_S * _REPORT_TICKS
        rates: dict[int, int] = {}
        for participant in self._participants.values():
            for feed in participant.feeds.values():
                for track in feed.layers:
                    track.weigh(elapsed)
        for participant in self._participants.values():
            leg = participant.subscribe
            if leg is None:
                continue
            leg.weigh(elapsed, now)
            for feed, rate in leg.allowed_rates(now):
                rates[id(feed)] = min(rates.get(id(feed), rate), rate)
        for participant in self._participants.values():
            if participant.publish is not None:
                pictures = [feed for feed in participant.publish.feeds if not feed.is_audio]
                total = sum(rates.get(id(feed), START_BITRATE) for feed in pictures)
                participant.publish.report(now, total)

    def _watch_speaker(self, now: float) -> None:
        loudness = {
            name: feed.loudness if feed.flows(now) else 0.0
            for name, participant in self._participants.items()
            if (feed := participant.feeds.get("audio")) is not None
        }
        self._tell_speakers(self._speakers.observe(loudness, now))

    def _tell_speakers(self, changes: Iterable[tuple[list[str], str | None]]) -> None:
        for among, speaker in changes:
            self._emit(SpeakerChanged(participant=speaker, among=among))
