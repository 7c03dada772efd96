"""A back end that keeps everything in memory: for tests of the host.

It keeps the port's promises (one outstanding offer, feeds that start and stop, refusals with the
same codes) and answers with descriptions that parse, but no packet flows. Tests make things happen
with `emit`, `connect` and `die`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from projectdesk.errors import MediaError
from projectdesk.media.embedded.description import (
    OPUS,
    VP8,
    VP8_AGAIN,
    LocalSection,
    LocalTransport,
    write_description,
)
from projectdesk.media.embedded.limits import MAX_PARTICIPANTS
from projectdesk.media.embedded.sdp import parse_description
from projectdesk.media.port import EventListener, MediaEnded
from projectdesk.signalling.media import (
    Event,
    FeedSource,
    FeedStarted,
    FeedStopped,
    LegChanged,
    LegKind,
    LegState,
    LegStatistics,
    RecordedPerson,
    RoomStatistics,
    SubscribedFeed,
    SubscribeOffered,
    VideoCodec,
    WantedFeed,
)

_TRANSPORT = LocalTransport(
    user="fake", password="f" * 22, fingerprint=":".join(["00"] * 32), candidates=()
)


@dataclass(slots=True)
class FakeParticipant:
    """What a participant has told and been told; tests read it."""

    sources: dict[str, FeedSource] = field(default_factory=dict)
    wanted: list[WantedFeed] | None = None
    publishing: bool = False
    subscribing: bool = False
    offer: int = 0
    answered: int = 0
    lines: list[tuple[str, FeedSource, bool]] = field(default_factory=list)
    """Participant, source and whether it still lives, of each m-line after the first."""

    def live(self) -> set[tuple[str, FeedSource]]:
        """Return the feeds that have a live m-line."""
        return {(name, source) for name, source, alive in self.lines if alive}


class FakeRoom:
    """The `MediaRoom` of the fake back end."""

    def __init__(self, room: str, listener: EventListener, *, records: bool = False) -> None:
        """Make an empty room."""
        self.room = room
        self.participants: dict[str, FakeParticipant] = {}
        self.muted: set[tuple[str, FeedSource]] = set()
        self.heard: tuple[int | None, tuple[str, ...]] = (None, ())
        self.circles: list[list[str]] | None = None
        self.closed = False
        self.records = records
        self.recorded: list[RecordedPerson] | None = None
        self.recording_folder: Path | None = None
        self.erased: list[str] = []
        self._listener = listener
        self._offers = 0

    # --- hooks of tests -------------------------------------------------------------------------

    def emit(self, event: Event | MediaEnded) -> None:
        """Deliver an event, after what the caller does now."""
        asyncio.get_running_loop().call_soon(self._listener, event)

    def connect(self, participant: str) -> None:
        """Let the participant's legs connect and its feeds start."""
        known = self.participants[participant]
        kinds: list[LegKind] = []
        if known.publishing:
            kinds.append("publish")
        if known.subscribing:
            kinds.append("subscribe")
        for kind in kinds:
            self.emit(LegChanged(participant=participant, kind=kind, state="connected"))
        for source in known.sources.values():
            self.emit(FeedStarted(participant=participant, source=source))

    def die(self) -> None:
        """Let the media server die."""
        self.closed = True
        self.emit(MediaEnded("The media server of this room ended."))

    # --- the port -------------------------------------------------------------------------------

    async def publish(
        self, participant: str, sdp: str, sources: dict[str, FeedSource], *, rebuild: bool = False
    ) -> str:
        """Take a client's offer and return the SDP answer."""
        self._check_open()
        offer = parse_description(sdp)
        if len(set(sources.values())) < len(sources):
            raise MediaError("source_repeated", "Each source can be sent once.")
        sending = {section.mid for section in offer.sections if section.sends}
        for mid in sources:
            if mid not in sending:
                raise MediaError("unknown_mid", "No sending m-line has mid {mid}.", mid=mid[:16])
        known = self._enter(participant)
        if rebuild and known.publishing:
            self._change(participant, "publish", "closed")
        known.publishing = True
        ended = [one for one in known.sources.values() if one not in sources.values()]
        known.sources = dict(sources)
        for source in ended:
            self.emit(FeedStopped(participant=participant, source=source))
        self._update_all()
        sections = [
            LocalSection(
                kind=section.kind,
                mid=section.mid,
                direction="recvonly" if section.mid in sources else "inactive",
                codecs=(OPUS,) if section.kind == "audio" else (VP8, VP8_AGAIN),
            )
            for section in offer.sections
        ]
        return write_description(sections, _TRANSPORT, version=1, setup="passive")

    async def subscribe(self, participant: str, *, rebuild: bool = False) -> None:
        """Open the subscribe leg; offers then come as `SubscribeOffered` events."""
        self._check_open()
        known = self._enter(participant)
        if known.subscribing and not rebuild:
            return
        if known.subscribing:
            self._change(participant, "subscribe", "closed")
        known.subscribing = True
        known.lines.clear()
        known.answered = known.offer
        self._update(participant, fresh=True)

    async def answer(self, participant: str, offer: int, sdp: str) -> None:
        """Hand over the client's answer to offer number `offer`."""
        self._check_open()
        known = self.participants.get(participant)
        if known is None or not known.subscribing:
            raise MediaError("no_leg", "There is no subscribe leg to answer for.")
        answer = parse_description(sdp)
        if offer != known.offer or known.answered == offer:
            return
        if [section.mid for section in answer.sections][:1] != ["0"]:
            raise MediaError("answer_mismatch", "The answer does not have the offer's m-lines.")
        known.answered = offer
        self._update(participant)

    async def want(self, participant: str, feeds: list[WantedFeed] | None) -> None:
        """Set which feeds a participant receives; None = all of everybody else."""
        self._check_open()
        self._enter(participant).wanted = feeds
        self._update(participant)

    async def hear(self, loudest: int | None, always: list[str]) -> None:
        """Set whose voices are forwarded."""
        self._check_open()
        self.heard = (loudest, tuple(always))

    async def set_circles(self, circles: list[list[str]] | None) -> None:
        """Set among whom the loudest is looked for; None = all are one circle."""
        self._check_open()
        self.circles = circles

    async def mute(self, participant: str, source: FeedSource, *, muted: bool) -> None:
        """Stop or resume forwarding one feed to everybody."""
        self._check_open()
        known = self.participants.get(participant)
        if known is None or source not in known.sources.values():
            raise MediaError(
                "no_feed", "{name} publishes no {source}.", name=participant, source=source
            )
        (self.muted.add if muted else self.muted.discard)((participant, source))

    async def start_recording(self, folder: Path, people: list[RecordedPerson]) -> None:
        """Refuse, or note what would be recorded where the back end was made to."""
        self._check_open()
        if not self.records:
            raise MediaError("cannot_record", "This media server cannot record.")
        self.recorded = list(people)
        self.recording_folder = folder

    async def pause_recording(self) -> None:
        """Note that nothing is recorded."""
        self._check_open()
        self.recorded = []

    async def stop_recording(self, erased: list[str]) -> None:
        """Note that the recording is over, and whose material is erased."""
        self._check_open()
        self.recorded, self.erased = None, list(erased)

    async def close_legs(self, participant: str) -> None:
        """Close both legs of a participant. Idempotent."""
        self._check_open()
        known = self.participants.pop(participant, None)
        if known is None:
            return
        if known.publishing:
            self._change(participant, "publish", "closed")
        if known.subscribing:
            self._change(participant, "subscribe", "closed")
        for source in known.sources.values():
            self.emit(FeedStopped(participant=participant, source=source))
        self._update_all()

    async def statistics(self) -> RoomStatistics:
        """Return counters of a room in which nothing flows."""
        self._check_open()
        legs = [
            LegStatistics(participant=name, kind=kind, state="connecting")
            for name, known in self.participants.items()
            for kind, there in _legs(known)
            if there
        ]
        return RoomStatistics(
            cpu_s=0.0, packets_in=0, packets_out=0, dropped_datagrams=0, legs=legs
        )

    async def close(self) -> None:
        """End the room's media. Idempotent."""
        self.closed = True

    # --- inside ---------------------------------------------------------------------------------

    def _check_open(self) -> None:
        if self.closed:
            raise MediaError("media_ended", "The media server of this room ended.")

    def _enter(self, participant: str) -> FakeParticipant:
        if participant not in self.participants and len(self.participants) >= MAX_PARTICIPANTS:
            raise MediaError("room_full", "The room is full.")
        return self.participants.setdefault(participant, FakeParticipant())

    def _change(self, participant: str, kind: LegKind, state: LegState) -> None:
        self.emit(LegChanged(participant=participant, kind=kind, state=state))

    def _update_all(self) -> None:
        for name in self.participants:
            self._update(name)

    def _update(self, participant: str, *, fresh: bool = False) -> None:
        """Offer what changed, unless an offer is outstanding."""
        known = self.participants[participant]
        if not known.subscribing or known.answered != known.offer:
            return
        alive = {
            (name, source)
            for name, other in self.participants.items()
            if name != participant
            for source in other.sources.values()
        }
        lines = [(n, s, there and (n, s) in alive) for n, s, there in known.lines]
        wanted = (
            alive
            if known.wanted is None
            else alive & {(feed.participant, feed.source) for feed in known.wanted}
        )
        lines += [(n, s, True) for n, s in sorted(wanted - known.live())]
        if lines == known.lines and not fresh:
            return
        known.lines = lines
        self._offers += 1
        known.offer = self._offers
        self.emit(
            SubscribeOffered(
                participant=participant,
                offer=known.offer,
                sdp=_write_offer(lines, known.offer),
                feeds=[
                    SubscribedFeed(mid=str(number), participant=name, source=source)
                    for number, (name, source, there) in enumerate(lines, start=1)
                    if there
                ],
            )
        )


def _legs(known: FakeParticipant) -> tuple[tuple[LegKind, bool], ...]:
    return (("publish", known.publishing), ("subscribe", known.subscribing))


def _write_offer(lines: list[tuple[str, FeedSource, bool]], version: int) -> str:
    sections = [LocalSection("audio", "0", "inactive", (OPUS,))]
    for number, (_, source, there) in enumerate(lines, start=1):
        sections.append(
            LocalSection(
                kind="audio" if source == "audio" else "video",
                mid=str(number),
                direction="sendonly" if there else "inactive",
                codecs=(OPUS,) if source == "audio" else (VP8, VP8_AGAIN),
            )
        )
    return write_description(sections, _TRANSPORT, version=version, setup="actpass")


class FakeBackend:
    """A `MediaBackend` without media."""

    def __init__(self, *, records: bool = False) -> None:
        """Make a back end without rooms; `records`: pretend that they can record."""
        self.records = records
        self.takes_sizes = True
        self.video_codecs: tuple[VideoCodec, ...] = ("vp8",)
        self.rooms: dict[str, FakeRoom] = {}

    async def open_room(self, room: str, listener: EventListener) -> FakeRoom:
        """Open a room in memory."""
        self.rooms[room] = FakeRoom(room, listener, records=self.records)
        return self.rooms[room]

    async def close(self) -> None:
        """Close every room."""
        for room in self.rooms.values():
            await room.close()
