"""One meeting's media on a Janus node."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from projectdesk.errors import MediaError
from projectdesk.media.embedded.limits import MAX_BITRATE
from projectdesk.media.embedded.sdp import parse_description
from projectdesk.media.embedded.tasks import Tasks
from projectdesk.media.janus.connection import Handle, JanusConnection
from projectdesk.media.janus.description import check_sources
from projectdesk.media.janus.feeds import Feed, RoomAccess, make_number
from projectdesk.media.janus.publish import PublishLeg
from projectdesk.media.janus.settings import JanusSettings
from projectdesk.media.janus.subscribe import Place, SubscribeLeg
from projectdesk.media.janus.watcher import Watcher
from projectdesk.media.port import EventListener, MediaEnded
from projectdesk.signalling.media import (
    Event,
    FeedSource,
    FeedStarted,
    FeedStopped,
    LegChanged,
    RecordedPerson,
    RoomStatistics,
    SpeakerChanged,
    WantedFeed,
)

log = logging.getLogger(__name__)

_SPEAKING_PACKETS = 25
"""Half a second of voice decides who speaks."""

_SPEAKING_LEVEL = 50
"""-dBov (RFC 6464) below which an average counts as speech."""


@dataclass(slots=True)
class _Participant:
    """What one participant has in this room."""

    publish: PublishLeg | None = None
    subscribe: SubscribeLeg | None = None
    feeds: dict[FeedSource, Feed] = field(default_factory=dict)
    wanted: set[tuple[str, str]] | None = None

    def wants(self, feed: Feed) -> bool:
        return self.wanted is None or (feed.participant, feed.source) in self.wanted


class JanusRoom:
    """The `MediaRoom` of the Janus back end."""

    def __init__(
        self,
        connection: JanusConnection,
        settings: JanusSettings,
        listener: EventListener,
        ended: Callable[[JanusRoom], None],
    ) -> None:
        """Make a room that is not on the node yet.

        Args:
            connection: to the node, open; the room's own from now on.
            settings: limits and the key to make rooms.
            listener: hears events and, at most once, `MediaEnded`.
            ended: called when the room is over.
        """
        self._connection = connection
        self._settings = settings
        self._listener = listener
        self._ended = ended
        self._access = RoomAccess(
            make_number(), secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        )
        self._participants: dict[str, _Participant] = {}
        self._watcher = Watcher(self._access, self._feeds_changed, self._tell_speakers, self.fail)
        self._offers = itertools.count(1).__next__
        self._tasks = Tasks()
        self._circles: list[frozenset[str]] | None = None
        self._speakers: dict[frozenset[str], str | None] = {frozenset(): None}
        """Who was told to speak in each circle, which is empty for that of all."""

        self._handle: Handle | None = None
        self._closing = False
        self._ending: asyncio.Task[None] | None = None

    @property
    def node(self) -> str:
        """URL of the node that carries this room."""
        return self._connection.node

    @property
    def load(self) -> int:
        """How many participants it has."""
        return len(self._participants)

    async def start(self) -> None:
        """Make the room on the node and watch it.

        Raises:
            MediaError: `janus_refused`, `media_slow`, `media_ended`, `janus_unsuitable`.
        """
        self._handle = await self._connection.attach(lambda notice: None)
        body: dict[str, Any] = {
            "request": "create",
            "room": self._access.number,
            "secret": self._access.secret,
            "pin": self._access.pin,
            "is_private": True,
            "permanent": False,
            # The limit is ours; a participant who rebuilds has two publishers for a moment.
            "publishers": 2 * self._settings.max_participants,
            "bitrate": 2 * MAX_BITRATE,  # of one person: camera and screen
            "audiocodec": "opus",
            "videocodec": "vp8",
            "opus_fec": True,
            "audiolevel_ext": True,
            "audiolevel_event": True,
            "audio_active_packets": _SPEAKING_PACKETS,
            "audio_level_average": _SPEAKING_LEVEL,
            "dummy_publisher": True,
        }
        if self._settings.admin_key is not None:
            body["admin_key"] = self._settings.admin_key
        await self._handle.ask(body)
        await self._watcher.start(self._connection)

    # --- the port -------------------------------------------------------------------------------

    async def publish(
        self, participant: str, sdp: str, sources: dict[str, FeedSource], *, rebuild: bool = False
    ) -> str:
        """Take a client's offer and return the SDP answer."""
        self._check_open()
        offer = parse_description(sdp)
        check_sources(offer, sources)
        self._check_screen(participant, sources)
        known = self._enter(participant)
        old, leg = None, known.publish
        if leg is None or rebuild or leg.state in ("failed", "closed"):
            old = leg
            leg = PublishLeg(participant, self._access, self._publish_changed, self._received)
        try:
            if leg is not known.publish:
                await leg.open(self._connection)
            answer = await leg.negotiate(offer, sources)
        except MediaError:
            if leg is not known.publish:
                await leg.close()
            self._drop_if_idle(participant)
            raise
        known.publish = leg
        if old is not None:
            await old.close()
        await self._replace_feeds(participant, known, leg, sources)
        return answer

    async def subscribe(self, participant: str, *, rebuild: bool = False) -> None:
        """Open the subscribe leg; offers then come as `SubscribeOffered` events."""
        self._check_open()
        known = self._enter(participant)
        old = known.subscribe
        if old is not None and not rebuild and old.state not in ("failed", "closed"):
            return
        if old is not None:
            await old.close()
        leg = known.subscribe = SubscribeLeg(
            participant,
            self._access,
            self._watcher.placeholder,
            lambda: self._others(participant, known),
            changed=self._subscribe_changed,
            offered=self._emit,
            next_number=self._offers,
            tasks=self._tasks,
        )
        try:
            await leg.open(self._connection)
        except MediaError:
            known.subscribe = None
            await leg.close()
            self._drop_if_idle(participant)
            raise
        leg.update()

    async def answer(self, participant: str, offer: int, sdp: str) -> None:
        """Hand over the client's answer to offer number `offer`."""
        self._check_open()
        known = self._participants.get(participant)
        if known is None or known.subscribe is None:
            raise MediaError("no_leg", "There is no subscribe leg to answer for.")
        await known.subscribe.answer(offer, sdp)

    async def want(self, participant: str, feeds: list[WantedFeed] | None) -> None:
        """Set which feeds a participant receives; None = all of everybody else."""
        self._check_open()
        known = self._enter(participant)
        known.wanted = (
            None if feeds is None else {(feed.participant, feed.source) for feed in feeds}
        )
        if known.subscribe is not None:
            known.subscribe.update()

    async def hear(self, loudest: int | None, always: list[str]) -> None:
        """Go on forwarding every voice.

        Janus tells who talks once half a second of it was heard; who was silent until then would
        lose the beginning of every sentence.
        """
        self._check_open()

    async def set_circles(self, circles: list[list[str]] | None) -> None:
        """Set among whom the loudest is looked for; None = all are one circle."""
        self._check_open()
        self._circles = None if circles is None else [frozenset(circle) for circle in circles]
        self._speakers = {}
        self._tell_speakers()

    async def mute(self, participant: str, source: FeedSource, *, muted: bool) -> None:
        """Stop or resume forwarding one feed to everybody."""
        self._check_open()
        known = self._participants.get(participant)
        feed = known.feeds.get(source) if known is not None else None
        if known is None or feed is None or known.publish is None:
            raise MediaError(
                "no_feed", "{name} publishes no {source}.", name=participant, source=source
            )
        feed.muted = muted
        await known.publish.mute(feed)

    async def start_recording(self, folder: Path, people: list[RecordedPerson]) -> None:
        """Refuse: a node would record on its own disk, out of this host's reach."""
        raise MediaError("cannot_record", "This media server cannot record.")

    async def pause_recording(self) -> None:
        """Do nothing: nothing is recorded."""

    async def stop_recording(self, erased: list[str]) -> None:
        """Do nothing: nothing is recorded."""

    async def close_legs(self, participant: str) -> None:
        """Close both legs of a participant. Idempotent."""
        self._check_open()
        known = self._participants.pop(participant, None)
        if known is None:
            return
        for leg in (known.publish, known.subscribe):
            if leg is not None:
                await leg.close()
        for feed in known.feeds.values():
            self._emit(FeedStopped(participant=participant, source=feed.source))
        self._feeds_changed()

    async def statistics(self) -> RoomStatistics:
        """Return what Janus tells over its API: legs, their states, what was lost.

        It counts packets for its administrators only, and never its processor time: those are 0.
        """
        self._check_open()
        legs = [
            leg.statistics()
            for known in self._participants.values()
            for leg in (known.publish, known.subscribe)
            if leg is not None
        ]
        return RoomStatistics(
            cpu_s=0.0, packets_in=0, packets_out=0, dropped_datagrams=0, legs=legs
        )

    async def close(self) -> None:
        """End the room's media. Idempotent."""
        if self._closing:
            if self._ending is not None:
                await self._ending
            return
        self._closing = True
        if self._handle is not None:
            access = self._access
            body = {"request": "destroy", "room": access.number, "secret": access.secret}
            with contextlib.suppress(MediaError):
                await self._handle.ask(body)
        await self._end()

    def fail(self) -> None:
        """Tell that the node, the session or the room on it was lost."""
        if self._closing:
            return
        self._closing = True
        self._emit(MediaEnded("The media server of this room was lost."))
        # Not one of `_tasks`, which it ends.
        self._ending = asyncio.get_running_loop().create_task(self._end())

    async def _end(self) -> None:
        await self._tasks.cancel()
        await self._connection.close()
        self._participants.clear()
        self._ended(self)

    # --- inside ---------------------------------------------------------------------------------

    def _emit(self, event: Event | MediaEnded) -> None:
        asyncio.get_running_loop().call_soon(self._tell, event)

    def _tell(self, event: Event | MediaEnded) -> None:
        try:
            self._listener(event)
        except Exception:
            log.exception("a listener failed on %s", type(event).__name__)

    def _check_open(self) -> None:
        if self._closing:
            raise MediaError("media_ended", "The media server of this room ended.")

    def _check_screen(self, name: str, sources: dict[str, FeedSource]) -> None:
        screens = sum(
            "screen" in other.feeds and other.feeds["screen"].flows
            for key, other in self._participants.items()
            if key != name
        )
        if "screen" in sources.values() and screens >= self._settings.max_screens:
            raise MediaError("screen_taken", "Somebody else is showing a screen already.")

    def _enter(self, name: str) -> _Participant:
        limit = self._settings.max_participants
        if name not in self._participants and len(self._participants) >= limit:
            raise MediaError("room_full", "The room takes {limit} participants.", limit=limit)
        return self._participants.setdefault(name, _Participant())

    def _drop_if_idle(self, name: str) -> None:
        known = self._participants.get(name)
        if known is not None and not (known.publish or known.subscribe):
            del self._participants[name]

    async def _replace_feeds(
        self, name: str, known: _Participant, leg: PublishLeg, sources: dict[str, FeedSource]
    ) -> None:
        """Give a participant the feeds of an offer and tell all subscribers."""
        feeds = {}
        for mid, source in sources.items():
            feed = known.feeds.get(source) or Feed(name, source, leg.publisher, mid)
            if feed.place != (leg.publisher, mid):
                feed.publisher, feed.mid, feed.flows = leg.publisher, mid, False
            feeds[source] = feed
        ended = [source for source in known.feeds if source not in feeds]
        known.feeds = feeds
        for source in ended:
            self._emit(FeedStopped(participant=name, source=source))
        for feed in feeds.values():
            if feed.muted:  # a new leg knows nothing of the chair's order
                await leg.mute(feed)
        self._feeds_changed()

    def _others(self, name: str, known: _Participant) -> list[tuple[Feed, bool]]:
        """Return the feeds of all others that the node has, and whether `name` wants each."""
        return [
            (feed, known.wants(feed))
            for key, other in self._participants.items()
            if key != name
            for feed in other.feeds.values()
            if self._watcher.has(feed.place)
        ]

    def _feeds_changed(self) -> None:
        for known in self._participants.values():
            if known.publish is not None and self._watcher.knows(known.publish.publisher):
                known.publish.announced()
            if known.subscribe is not None:
                known.subscribe.update()

    def _publish_changed(self, leg: PublishLeg) -> None:
        self._emit(LegChanged(participant=leg.participant, kind="publish", state=leg.state))

    def _subscribe_changed(self, leg: SubscribeLeg) -> None:
        self._emit(LegChanged(participant=leg.participant, kind="subscribe", state=leg.state))

    def _received(self, leg: PublishLeg, mid: str, receiving: bool) -> None:
        feed = self._find((leg.publisher, mid))
        if feed is None:
            return
        feed.flows = receiving
        if receiving and not feed.started:
            feed.started = True
            self._emit(FeedStarted(participant=feed.participant, source=feed.source))

    def _find(self, place: Place) -> Feed | None:
        for known in self._participants.values():
            for feed in known.feeds.values():
                if feed.place == place:
                    return feed
        return None

    def _tell_speakers(self) -> None:
        """Tell who is loudest in each circle, where that is another than before."""
        levels = {
            name: level
            for name, known in self._participants.items()
            if known.publish is not None
            and (level := self._watcher.levels.get(known.publish.publisher)) is not None
        }
        for circle in [frozenset[str]()] if self._circles is None else self._circles:
            talking = [name for name in levels if name in circle or self._circles is None]
            speaker = min(talking, key=levels.__getitem__, default=None)
            if circle not in self._speakers or self._speakers[circle] != speaker:
                self._speakers[circle] = speaker
                self._emit(SpeakerChanged(participant=speaker, among=sorted(circle)))
