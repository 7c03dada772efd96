"""What a room needs from a media server.

One `MediaBackend` per host; one `MediaRoom` per live meeting. Clients cannot tell the back ends
apart: each has a publish leg that the client offers and a subscribe leg that the server offers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from projectdesk.signalling.media import (
    Event,
    FeedSource,
    RecordedPerson,
    RoomStatistics,
    VideoCodec,
    WantedFeed,
)


class MediaEnded(Exception):
    """The media server of a room died or was lost; every leg is gone."""


EventListener = Callable[[Event | MediaEnded], None]
"""Called on the event loop's thread, in order, never re-entrantly from a method of the room."""


class MediaRoom(Protocol):
    """The media of one room. Every method may raise MediaError (code, text)."""

    async def publish(
        self, participant: str, sdp: str, sources: dict[str, FeedSource], *, rebuild: bool = False
    ) -> str:
        """Take a client's offer and return the SDP answer."""

    async def subscribe(self, participant: str, *, rebuild: bool = False) -> None:
        """Open the subscribe leg; offers then come as `SubscribeOffered` events."""

    async def answer(self, participant: str, offer: int, sdp: str) -> None:
        """Hand over the client's answer to offer number `offer`."""

    async def want(self, participant: str, feeds: list[WantedFeed] | None) -> None:
        """Set which feeds a participant receives and how large; None = all of everybody else."""

    async def hear(self, loudest: int | None, always: list[str]) -> None:
        """Set whose voices are forwarded: the loudest few besides `always`; None = everybody.

        A back end that cannot tell loud from quiet before the word is over forwards them all.
        """

    async def set_circles(self, circles: list[list[str]] | None) -> None:
        """Set among whom the loudest is looked for: circles of people; None = all are one.

        Each circle has its `SpeakerChanged`, and who is in none is never told of.
        """

    async def mute(self, participant: str, source: FeedSource, *, muted: bool) -> None:
        """Stop or resume forwarding one feed to everybody."""

    async def start_recording(self, folder: Path, people: list[RecordedPerson]) -> None:
        """Record what these people send into a folder; go on after a pause; take other people.

        Raises:
            MediaError: `cannot_record`, `recorder_not_started`; what fails later comes as
                `RecordingFailed`.
        """

    async def pause_recording(self) -> None:
        """Record nothing until `start_recording`."""

    async def stop_recording(self, erased: list[str]) -> None:
        """End the recording; files are closed then, without those of `erased`. Idempotent."""

    async def close_legs(self, participant: str) -> None:
        """Close both legs of a participant. Idempotent."""

    async def statistics(self) -> RoomStatistics:
        """Return the counters."""

    async def close(self) -> None:
        """End the room's media and free all it held. Idempotent."""


class MediaBackend(Protocol):
    """Opens the media of rooms."""

    @property
    def records(self) -> bool:
        """Whether rooms of this back end can record."""

    @property
    def takes_sizes(self) -> bool:
        """Whether a client may send a camera in several sizes at once (simulcast)."""

    @property
    def video_codecs(self) -> Sequence[VideoCodec]:
        """What a client may send pictures in, the best first; it offers VP8 in any case."""

    async def open_room(self, room: str, listener: EventListener) -> MediaRoom:
        """Start the media of a room; `listener` hears its events until `close`."""

    async def close(self) -> None:
        """Close every room."""
