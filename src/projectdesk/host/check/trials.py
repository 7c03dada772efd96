"""Test pictures: a media room for each who checks, in which they see and hear only themselves."""

from __future__ import annotations

import contextlib
import itertools
import logging
from collections.abc import AsyncIterator, Callable

from projectdesk.errors import MediaError
from projectdesk.media.port import MediaBackend, MediaEnded, MediaRoom
from projectdesk.signalling.media import Event, FeedSource, SubscribeOffered

_log = logging.getLogger(__name__)

MAX_TRIALS = 4
"""At the same time: each takes a media server and one of its UDP ports."""
_SENDER = "outgoing"
_RECEIVER = "incoming"


class Trial:
    """One person's test: what they publish as one participant comes back to them as another."""

    def __init__(self) -> None:
        self._server: MediaRoom | None = None
        self._hear: Callable[[SubscribeOffered], None] | None = None

    async def open(self, backend: MediaBackend, name: str) -> None:
        """Start the media; errors as of `MediaBackend.open_room`."""
        self._server = await backend.open_room(name, self._report)

    def listen(self, hear: Callable[[SubscribeOffered], None]) -> None:
        """Set who takes the offers."""
        self._hear = hear

    async def publish(self, sdp: str, sources: dict[str, FeedSource], *, rebuild: bool) -> str:
        """Take the page's offer and return the answer; errors as of `MediaRoom`."""
        return await self._media().publish(_SENDER, sdp, sources, rebuild=rebuild)

    async def subscribe(self, *, rebuild: bool) -> None:
        """Offer the page what it publishes."""
        await self._media().subscribe(_RECEIVER, rebuild=rebuild)

    async def answer(self, offer: int, sdp: str) -> None:
        """Take the page's answer."""
        await self._media().answer(_RECEIVER, offer, sdp)

    async def close(self) -> None:
        """End the media. Idempotent."""
        server, self._server = self._server, None
        if server is not None:
            with contextlib.suppress(MediaError):
                await server.close()

    def _media(self) -> MediaRoom:
        if self._server is None:
            raise MediaError("media_lost", "The media server of this check ended.")
        return self._server

    def _report(self, event: Event | MediaEnded) -> None:
        if isinstance(event, MediaEnded):
            _log.error("a connection check lost its media server")
            self._server = None
        elif isinstance(event, SubscribeOffered) and self._hear is not None:
            self._hear(event)


class Trials:
    """Gives tests, some at a time."""

    def __init__(self, backend: MediaBackend) -> None:
        self._backend = backend
        self._numbers = itertools.count(1)
        self._taken = 0

    @contextlib.asynccontextmanager
    async def trial(self) -> AsyncIterator[Trial | None]:
        """Give a test for the length of the block; None while too many are under way.

        None too where no media server starts: the check then says that there are no media.
        """
        if self._taken >= MAX_TRIALS:
            yield None
            return
        self._taken += 1
        trial = Trial()
        try:
            yield trial if await self._opened(trial) else None
        finally:
            self._taken -= 1
            await trial.close()

    async def _opened(self, trial: Trial) -> bool:
        try:
            await trial.open(self._backend, f"check{next(self._numbers)}")
        except MediaError as error:
            _log.error("a connection check has no media: %s", error)
            return False
        return True
