"""The leg that takes feeds out to one participant: Janus offers, the client answers.

Janus would offer whenever a publisher leaves; that is switched off, so that at most one offer is
with the client and each says all that changed meanwhile. The first m-line belongs to the room's
dummy publisher, which never sends: it holds the transport of the bundle before anybody publishes.
An m-line whose feed ended is used again for the next feed of its kind: Janus goes on with the same
SSRC, so that a browser sees a stream that paused, not another one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from projectdesk.errors import MediaError
from projectdesk.media.embedded.sdp import SessionDescription, parse_description
from projectdesk.media.embedded.tasks import Tasks
from projectdesk.media.janus.connection import (
    NO_SUCH_FEED,
    Handle,
    HungUp,
    JanusConnection,
    JanusRefused,
    MediaUp,
    Notice,
    Reply,
    SlowLink,
)
from projectdesk.media.janus.description import rewrite_answer
from projectdesk.media.janus.feeds import Feed, RoomAccess
from projectdesk.signalling.media import (
    LegState,
    LegStatistics,
    SubscribedFeed,
    SubscribeOffered,
)

log = logging.getLogger(__name__)

Place = tuple[int, str]
"""Publisher and mid of a feed on the node."""


@dataclass(slots=True)
class _Line:
    """One live m-line, and whether packets go out on it."""

    mid: str
    place: Place
    sends: bool


class SubscribeLeg:
    """A multistream subscriber handle of the VideoRoom."""

    def __init__(
        self,
        participant: str,
        access: RoomAccess,
        placeholder: Place,
        feeds: Callable[[], list[tuple[Feed, bool]]],
        *,
        changed: Callable[[SubscribeLeg], None],
        offered: Callable[[SubscribeOffered], None],
        next_number: Callable[[], int],
        tasks: Tasks,
    ) -> None:
        """Make a leg that is not attached.

        Args:
            participant: who receives.
            access: of the room.
            placeholder: audio of the room's dummy publisher.
            feeds: returns the feeds of all others that the node has now, and whether the
                participant wants each.
            changed: called after each change of `state`.
            offered: takes each offer for the client.
            next_number: gives each offer its number, unique in the room.
            tasks: runs the negotiations.
        """
        self.participant = participant
        self.state: LegState = "connecting"
        self._access = access
        self._placeholder = placeholder
        self._feeds = feeds
        self._changed = changed
        self._offered = offered
        self._next_number = next_number
        self._tasks = tasks
        self._handle: Handle | None = None
        self._lines: list[_Line] = []
        self._mids: list[str] = []
        self._outstanding: int | None = None
        self._dirty = False
        self._working = False
        self._version = 0
        self._lost = 0

    async def open(self, connection: JanusConnection) -> None:
        """Attach to the node and make the first offer.

        Raises:
            MediaError: as `JanusConnection.request`.
        """
        self._handle = await connection.attach(self._hear)
        wanted = [feed.place for feed, wants in self._feeds() if wants]
        self._working = True
        try:
            self._take_offer(await self._join(wanted))
        except JanusRefused as refusal:
            if refusal.number != NO_SUCH_FEED or not wanted:
                raise
            # One of them left meanwhile; who is still there is added by the next offer.
            self._dirty = True
            self._take_offer(await self._join([]))
        finally:
            self._working = False

    async def answer(self, number: int, sdp: str) -> None:
        """Take the client's answer.

        Args:
            number: of the offer; an answer to another than the outstanding one is ignored.
            sdp: the answer.

        Raises:
            MediaError: `answer_mismatch`, or as `parse_description` and `Handle.ask`.
        """
        description = parse_description(sdp)
        if number != self._outstanding or self._handle is None:
            return
        self._check_answer(description)
        self._version += 1
        text = rewrite_answer(description, version=self._version)
        self._outstanding = None
        self._working = True
        try:
            await self._handle.ask({"request": "start"}, ("answer", text))
        except MediaError:
            self._outstanding = number
            raise
        finally:
            self._working = False
        self._work_on()

    def update(self) -> None:
        """Bring the leg in line with the feeds there are now, as soon as no offer is out."""
        self._dirty = True
        self._work_on()

    async def close(self) -> None:
        """Detach from the node. Idempotent."""
        if self.state == "closed":
            return
        self._set_state("closed")
        if self._handle is not None:
            await self._handle.detach()

    def statistics(self) -> LegStatistics:
        """Return what Janus tells of this leg: its state and what was lost."""
        return LegStatistics(
            participant=self.participant, kind="subscribe", state=self.state, lost=self._lost
        )

    # --- negotiation ----------------------------------------------------------------------------

    def _work_on(self) -> None:
        free = not self._working and self._outstanding is None and self._handle is not None
        if self._dirty and free and self.state in ("connecting", "connected"):
            self._working = True
            self._tasks.start(self._work())

    async def _work(self) -> None:
        try:
            while self._dirty and self._outstanding is None:
                self._dirty = False
                await self._reconcile()
        except JanusRefused as refusal:
            # A feed that is gone: the watcher hears of it too, and then we come back.
            log.info("subscription not changed: %s", refusal)
        except MediaError as error:
            log.info("subscription not changed: %s", error)
            if self.state in ("connecting", "connected"):
                self._set_state("failed")
        finally:
            self._working = False

    async def _reconcile(self) -> None:
        feeds = {feed.place: wants for feed, wants in self._feeds()}
        known = {line.place for line in self._lines}
        ended = [line.mid for line in self._lines if line.place not in feeds]
        added = [place for place, wants in feeds.items() if wants and place not in known]
        handle = self._handle
        if handle is None:
            return
        await self._pause(handle, feeds)
        if not ended and not added:
            return
        body: dict[str, Any] = {"request": "update"}
        if ended:
            body["unsubscribe"] = [{"sub_mid": mid} for mid in ended]
        if added:
            body["subscribe"] = [_stream(place) for place in added]
        self._take_offer(await handle.ask(body))

    async def _pause(self, handle: Handle, feeds: dict[Place, bool]) -> None:
        """Let packets go out on the lines whose feed is wanted, and on no others."""
        changed = [
            line for line in self._lines if line.place in feeds and line.sends != feeds[line.place]
        ]
        if not changed:
            return
        streams = [{"mid": line.mid, "send": feeds[line.place]} for line in changed]
        await handle.ask({"request": "configure", "streams": streams})
        for line in changed:
            line.sends = feeds[line.place]

    async def _join(self, places: list[Place]) -> Reply:
        assert self._handle is not None  # noqa: S101 - attached; tells the type checker
        body = {
            "request": "join",
            "ptype": "subscriber",
            "room": self._access.number,
            "pin": self._access.pin,
            "autoupdate": False,
            "streams": [_stream(place) for place in (self._placeholder, *places)],
        }
        return await self._handle.ask(body)

    def _take_offer(self, reply: Reply) -> None:
        """Note the m-lines Janus has now and pass its offer on, if it made one."""
        if reply.sdp is None or self.state in ("failed", "closed"):
            return
        places = {feed.place: feed for feed, _ in self._feeds()}
        lines: list[_Line] = []
        feeds: list[SubscribedFeed] = []
        for stream in reply.data.get("streams", ()):
            if not stream.get("active"):
                continue
            place = (int(stream["feed_id"]), str(stream["feed_mid"]))
            if place == self._placeholder:
                continue
            lines.append(_Line(str(stream["mid"]), place, bool(stream["send"])))
            feed = places.get(place)
            if feed is not None:
                feeds.append(
                    SubscribedFeed(
                        mid=str(stream["mid"]), participant=feed.participant, source=feed.source
                    )
                )
        self._lines = lines
        self._mids = [section.mid for section in parse_description(reply.sdp).sections]
        self._outstanding = number = self._next_number()
        self._offered(
            SubscribeOffered(participant=self.participant, offer=number, sdp=reply.sdp, feeds=feeds)
        )

    def _check_answer(self, description: SessionDescription) -> None:
        if [section.mid for section in description.sections] != self._mids:
            raise MediaError("answer_mismatch", "The answer does not have the offer's m-lines.")

    # --- state ----------------------------------------------------------------------------------

    def _set_state(self, state: LegState) -> None:
        self.state = state
        self._changed(self)

    def _hear(self, notice: Notice) -> None:
        match notice:
            case MediaUp() if self.state == "connecting":
                self._set_state("connected")
            case HungUp() if self.state in ("connecting", "connected"):
                self._set_state("failed")
            case SlowLink(lost):
                self._lost += lost


def _stream(place: Place) -> dict[str, Any]:
    return {"feed": place[0], "mid": place[1]}
