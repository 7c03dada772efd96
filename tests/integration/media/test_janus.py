"""The Janus back end: its contract, and what becomes of rooms when a node is lost."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from projectdesk.bench.janus import JanusProcess, media_address
from projectdesk.bench.robots import PublishingRobot, RobotWorld
from projectdesk.media.janus.backend import JanusBackend
from projectdesk.media.janus.settings import JanusSettings
from projectdesk.media.port import MediaEnded, MediaRoom
from projectdesk.signalling.media import FeedSource, LegChanged
from tests.integration.media.contract import MediaContract, refused
from tests.integration.media.support import Recorder


@pytest.fixture(scope="module")
def janus():
    with JanusProcess() as process:
        yield process


class TestJanus(MediaContract):
    reuses_lines = True

    @pytest.fixture
    async def backend(self, janus, recorder):
        self.ears: Recorder = recorder
        self.world = RobotWorld(media_address())
        self.robots: dict[str, PublishingRobot] = {}
        backend = JanusBackend(janus.settings())
        yield backend
        for robot in self.robots.values():
            await robot.close()
        await backend.close()
        await self.world.close()

    async def publish(
        self, room: MediaRoom, name: str, *sources: FeedSource, lines: Sequence[FeedSource] = ()
    ) -> str:
        """Publish from a robot that connects: Janus tells nobody of others."""
        renegotiates = bool(lines)
        if not renegotiates and name in self.robots:
            await self.robots[name].close()
        if not renegotiates:
            self.robots[name] = PublishingRobot(
                name, self.world.surround(), lambda leg: None, self.world.window
            )
        robot = self.robots[name]
        sdp, mids = await robot.offer()
        answer = await room.publish(name, sdp, {m: s for m, s in mids.items() if s in sources})
        if not renegotiates:
            connected = LegChanged(participant=name, kind="publish", state="connected")
            before = self.ears.events.count(connected)
            robot.answered(answer)
            await self.ears.until_heard(connected, before + 1)
        return answer


async def test_a_room_goes_to_the_node_with_least_to_do(janus):
    with JanusProcess(like=janus) as second:
        # Another host's rooms: only the node itself knows of them.
        elsewhere = JanusBackend(second.settings())
        for number in range(2):
            await elsewhere.open_room(f"theirs-{number}", Recorder())
        backend = JanusBackend(second.settings(janus))
        rooms = [await backend.open_room(f"room-{number}", Recorder()) for number in range(2)]
        assert [room.node for room in rooms] == [janus.url, janus.url]
        for number in range(9):
            await rooms[0].subscribe(f"guest-{number}")
        assert (await backend.open_room("one-more", Recorder())).node == second.url
        await backend.close()
        await elsewhere.close()


async def test_a_lost_node_ends_its_rooms_which_then_open_on_another(janus):
    recorder = Recorder()
    with JanusProcess(like=janus) as second:
        backend = JanusBackend(second.settings(janus))
        room = await backend.open_room("room", recorder)
        assert room.node == second.url
        await room.subscribe("anna")
        second.kill()
        await recorder.next_of(MediaEnded)
        assert await refused(room.subscribe("bert")) == "media_ended"
        again = await backend.open_room("room", recorder)
        assert again.node == janus.url
        await again.subscribe("anna")
        await room.close()
        await backend.close()
        assert len(recorder.heard(MediaEnded)) == 1


async def test_a_room_destroyed_on_its_node_has_ended(janus, recorder):
    backend = JanusBackend(janus.settings())
    room = await backend.open_room("room", recorder)
    access = room._access
    body = {"request": "destroy", "room": access.number, "secret": access.secret}
    await room._handle.ask(body)
    await recorder.next_of(MediaEnded)
    await backend.close()


async def test_a_node_that_is_not_there_or_does_not_want_us_is_reported(janus):
    backend = JanusBackend(JanusSettings(("ws://127.0.0.1:9",)))
    assert await refused(backend.open_room("room", Recorder())) == "media_unreachable"
    backend = JanusBackend(JanusSettings((janus.url,), janus.admin_key, "wrong"))
    assert await refused(backend.open_room("room", Recorder())) == "janus_refused"
    backend = JanusBackend(JanusSettings((janus.url,), "wrong", janus.api_secret))
    assert await refused(backend.open_room("room", Recorder())) == "janus_refused"


async def test_nobody_else_on_the_node_enters_a_room(janus, recorder):
    backend = JanusBackend(janus.settings())
    room = await backend.open_room("room", recorder)
    handle = await room._connection.attach(lambda notice: None)
    join = {"request": "join", "ptype": "publisher", "room": room._access.number}
    assert await refused(handle.ask(join)) == "janus_refused"
    assert await refused(handle.ask({**join, "pin": "guessed"})) == "janus_refused"
    listed = await handle.ask({"request": "list"})
    assert listed.data["list"] == []
    await backend.close()
