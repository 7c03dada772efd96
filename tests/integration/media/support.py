"""What the media tests share: events to wait for, descriptions of made-up clients."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from projectdesk.media.embedded import rtp
from projectdesk.media.embedded.description import (
    OPUS,
    VP8,
    VP8_AGAIN,
    LocalSection,
    LocalTransport,
    OutgoingStream,
    write_description,
)
from projectdesk.media.embedded.sdp import parse_description
from projectdesk.media.port import MediaEnded
from projectdesk.signalling.media import Event, FeedSource

CLIENT = LocalTransport(
    user="clnt", password="c" * 22, fingerprint=":".join(["AB"] * 32), candidates=()
)


class Recorder:
    """Hears a room's events and lets a test wait for one."""

    def __init__(self) -> None:
        self.events: list[Event | MediaEnded] = []
        self._arrived = asyncio.Event()
        self._seen = 0

    def __call__(self, event: Event | MediaEnded) -> None:
        self.events.append(event)
        self._arrived.set()

    async def next(self, matches: Callable[[Any], bool], seconds: float = 15.0) -> Any:
        """Return the next event not yet returned that matches; those before it are passed."""
        async with asyncio.timeout(seconds):
            while True:
                while self._seen < len(self.events):
                    event = self.events[self._seen]
                    self._seen += 1
                    if matches(event):
                        return event
                self._arrived.clear()
                await self._arrived.wait()

    async def next_of(self, event_type: type, /, **fields: Any) -> Any:
        """Return the next event of a kind whose fields are as given."""

        def matches(event: Any) -> bool:
            return isinstance(event, event_type) and all(
                getattr(event, name) == value for name, value in fields.items()
            )

        return await self.next(matches)

    async def until_heard(self, event: Event, times: int, seconds: float = 15.0) -> None:
        """Wait until an event has come so often in all; `next` goes on where it was."""
        async with asyncio.timeout(seconds):
            while self.events.count(event) < times:
                self._arrived.clear()
                await self._arrived.wait()

    def heard(self, kind: type) -> list[Any]:
        """Return all events of a kind so far."""
        return [event for event in self.events if isinstance(event, kind)]


def write_offer(
    *sources: FeedSource, user: str = "clnt", layers: tuple[str, ...] = ()
) -> tuple[str, dict[str, FeedSource]]:
    """Return a publish offer that sends `sources`, a camera in `layers`, and its mids."""
    mids = {str(number): source for number, source in enumerate(sources)}
    sections = [
        LocalSection(
            kind="audio" if source == "audio" else "video",
            mid=mid,
            direction="sendonly",
            codecs=(OPUS,) if source == "audio" else (VP8, VP8_AGAIN),
            extensions=((4, rtp.URI_MID), (5, rtp.URI_STREAM_ID)),
            stream=OutgoingStream(1000 + int(mid), None, "someone", source),
            layers=layers if source == "video" else (),
        )
        for mid, source in mids.items()
    ]
    transport = LocalTransport(user, CLIENT.password, CLIENT.fingerprint, ())
    return write_description(sections, transport, version=1, setup="actpass"), mids


def write_answer(offer: str) -> str:
    """Return an answer that receives all that `offer` sends."""
    sections = [
        LocalSection(
            kind=section.kind,
            mid=section.mid,
            direction="recvonly" if section.sends else "inactive",
            codecs=tuple(section.codecs.values()),
        )
        for section in parse_description(offer).sections
    ]
    return write_description(sections, CLIENT, version=1, setup="active")
