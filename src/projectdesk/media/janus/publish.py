"""The leg that brings a participant's packets in: the client offers, Janus answers."""

from __future__ import annotations

from collections.abc import Callable

from projectdesk.errors import MediaError
from projectdesk.media.embedded.sdp import SessionDescription
from projectdesk.media.janus.connection import (
    Handle,
    HungUp,
    JanusConnection,
    Notice,
    Receiving,
    SlowLink,
)
from projectdesk.media.janus.description import rewrite_offer, silence
from projectdesk.media.janus.feeds import Feed, RoomAccess, make_number
from projectdesk.signalling.media import FeedSource, LegState, LegStatistics


class PublishLeg:
    """A publisher handle of the VideoRoom."""

    def __init__(
        self,
        participant: str,
        access: RoomAccess,
        changed: Callable[[PublishLeg], None],
        received: Callable[[PublishLeg, str, bool], None],
    ) -> None:
        """Make a leg that is not attached.

        Args:
            participant: whose it is.
            access: of the room.
            changed: called after each change of `state`.
            received: called with the mid of an m-line when packets begin to come or stay away.
        """
        self.participant = participant
        self.publisher = make_number()
        """Our number among the room's publishers."""

        self.state: LegState = "connecting"
        self._access = access
        self._changed = changed
        self._received = received
        self._handle: Handle | None = None
        self._user = ""
        self._version = 0
        self._lost = 0

    async def open(self, connection: JanusConnection) -> None:
        """Attach to the node.

        Raises:
            MediaError: as `JanusConnection.request`.
        """
        self._handle = await connection.attach(self._hear)

    async def negotiate(self, offer: SessionDescription, sources: dict[str, FeedSource]) -> str:
        """Return Janus' answer to an offer.

        Args:
            offer: the client's; checked already.
            sources: mid of each sending m-line to its source.

        Raises:
            MediaError: `ice_restart`, `janus_refused`, or as `rewrite_offer` and `Handle.ask`.
        """
        if self._user and offer.transport.user != self._user:
            raise MediaError("ice_restart", "An ICE restart needs a new peer connection (rebuild).")
        handle = self._require()
        self._version += 1
        text = rewrite_offer(offer, version=self._version)
        body: dict[str, object] = {"request": "configure"}
        if not self._user:
            body = {
                "request": "joinandconfigure",
                "ptype": "publisher",
                "room": self._access.number,
                "pin": self._access.pin,
                "id": self.publisher,
            }
        answer = await handle.ask(body, ("offer", text))
        if answer.sdp is None:
            raise MediaError("janus_refused", "The media server did not answer the offer.")
        self._user = offer.transport.user
        return silence(answer.sdp, sources)

    def announced(self) -> None:
        """Note that Janus told the room of this publisher: its connection is up."""
        if self.state == "connecting":
            self._set_state("connected")

    async def mute(self, feed: Feed) -> None:
        """Have Janus forward or withhold a feed, as `feed.muted` says.

        Raises:
            MediaError: as `Handle.ask`.
        """
        body = {
            "request": "moderate",
            "room": self._access.number,
            "secret": self._access.secret,
            "id": self.publisher,
            "mid": feed.mid,
            "mute": feed.muted,
        }
        await self._require().ask(body)

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
            participant=self.participant, kind="publish", state=self.state, lost=self._lost
        )

    def _require(self) -> Handle:
        if self._handle is None:
            raise MediaError("no_leg", "There is no publish leg.")
        return self._handle

    def _set_state(self, state: LegState) -> None:
        self.state = state
        self._changed(self)

    def _hear(self, notice: Notice) -> None:
        match notice:
            case HungUp() if self.state in ("connecting", "connected"):
                self._set_state("failed")
            case Receiving(mid, receiving):
                self._received(self, mid, receiving)
            case SlowLink(lost):
                self._lost += lost
