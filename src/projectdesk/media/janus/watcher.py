"""Watches a room on its node: who publishes what, and who speaks."""

from __future__ import annotations

from collections.abc import Callable

from projectdesk.errors import MediaError
from projectdesk.media.janus.connection import Body, Handle, JanusConnection, Notice, Reply
from projectdesk.media.janus.feeds import RoomAccess, make_number


class Watcher:
    """A participant that sends and receives nothing and hears what the room is told.

    A feed can be subscribed to from when Janus announces its publisher, which it does once that
    one's connection is up, not before.
    """

    def __init__(
        self,
        access: RoomAccess,
        changed: Callable[[], None],
        talkers: Callable[[], None],
        destroyed: Callable[[], None],
    ) -> None:
        """Make a watcher that is not in the room.

        Args:
            access: of the room.
            changed: called when other feeds are there than before.
            talkers: called when `levels` are others.
            destroyed: called when somebody destroys the room on the node.
        """
        self.placeholder: tuple[int, str] = (0, "")
        """Publisher and mid of the dummy publisher's audio."""

        self._access = access
        self._changed = changed
        self._talkers = talkers
        self._destroyed = destroyed
        self._streams: dict[int, set[str]] = {}
        self.levels: dict[int, float] = {}
        """Who talks now, by publisher, and the average level in -dBov: the least is the loudest."""

        self._handle: Handle | None = None

    async def start(self, connection: JanusConnection) -> None:
        """Join the room.

        Raises:
            MediaError: `janus_unsuitable` if the room has no dummy publisher (Janus before 1.1),
                or as `Handle.ask`.
        """
        self._handle = await connection.attach(self._hear)
        joined = await self._handle.ask(
            {
                "request": "join",
                "ptype": "publisher",
                "room": self._access.number,
                "pin": self._access.pin,
                "id": make_number(),
            }
        )
        for publisher in joined.data.get("publishers", ()):
            for stream in publisher.get("streams", ()):
                if publisher.get("dummy") and stream["type"] == "audio":
                    self.placeholder = (int(publisher["id"]), str(stream["mid"]))
        if not self.placeholder[0]:
            raise MediaError(
                "janus_unsuitable", "The media server is too old: Janus 1.1 or later is needed."
            )

    def knows(self, publisher: int) -> bool:
        """Tell whether a publisher was announced and has not left."""
        return publisher in self._streams

    def has(self, place: tuple[int, str]) -> bool:
        """Tell whether a publisher's m-line can be subscribed to."""
        return place[1] in self._streams.get(place[0], ())

    def _hear(self, notice: Notice) -> None:
        if not isinstance(notice, Reply):
            return
        data = notice.data
        match data.get("videoroom"):
            case "event":
                self._note_publishers(data)
            case "talking":
                self._note_level(int(data["id"]), float(data["audio-level-dBov-avg"]))
            case "stopped-talking":
                self._note_level(int(data["id"]), None)
            case "destroyed":
                self._destroyed()

    def _note_publishers(self, data: Body) -> None:
        for publisher in data.get("publishers", ()):
            self._streams[int(publisher["id"])] = {
                str(stream["mid"])
                for stream in publisher.get("streams", ())
                if not stream.get("disabled")
            }
        for word in ("unpublished", "leaving"):
            gone = data.get(word)
            if isinstance(gone, int) and self._streams.pop(gone, None) is not None:
                self._note_level(gone, None)
        self._changed()

    def _note_level(self, publisher: int, level: float | None) -> None:
        if level is None:
            self.levels.pop(publisher, None)
        else:
            self.levels[publisher] = level
        self._talkers()
