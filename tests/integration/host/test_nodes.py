"""Several hosts with one journal: each room at one of them, and a dead one's rooms at another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from projectdesk.errors import EnvironmentFailure
from projectdesk.host import host as host_module
from projectdesk.host.journal import entries
from projectdesk.host.journal import nodes as journal_nodes
from projectdesk.host.journal.nodes import DEAD_AFTER, Node, winner
from projectdesk.host.nodes import NodeSettings
from projectdesk.signalling import call, journal
from tests.integration.host.conftest import Caller, Premises, plan, token
from tests.integration.host.test_desks import Visitor

LATER = DEAD_AFTER + timedelta(seconds=1)


def room_of(node: str) -> str:
    """Return the id of a room that falls to a node."""
    both = [Node(name, "", None) for name in ("a", "b")]
    ids = (f"room{number:06d}" for number in range(100))
    return next(room for room in ids if winner(both, room).name == node)


class Server:
    """Two nodes in this process. Their clock is one and can jump."""

    def __init__(self, a: Premises, b: Premises) -> None:
        self.a, self.b = a, b

    async def beat(self, *nodes: Premises) -> None:
        for node in nodes or (self.a, self.b):
            assert node.host.nodes is not None
            await node.host.nodes.beat(node.host.scribe.flush)

    async def become_steady(self) -> None:
        """Let both be there for long enough to judge."""
        for _ in range(3):
            self.pass_time(DEAD_AFTER / 2.5)
            await self.beat()

    def pass_time(self, time: timedelta) -> None:
        self.a.ahead += time
        self.b.ahead += time


@pytest.fixture
async def server(tmp_path, monkeypatch) -> AsyncIterator[Server]:
    monkeypatch.setattr(host_module, "_ALIVE_EVERY_S", 3600.0)  # tests say when a node is alive
    nodes = [Premises(tmp_path), Premises(tmp_path)]
    for name, node in zip("ab", nodes, strict=True):
        await node.start(local=False, node=NodeSettings(name))
    server = Server(*nodes)
    yield server
    for node in nodes:
        await node.stop()


async def desktop(server: Server) -> tuple[Caller, Caller]:
    """Return one desktop that speaks to either node."""
    first = await server.a.caller()
    second = await server.b.caller()
    second.key = first.key
    return first, second


async def test_a_room_is_at_the_node_its_id_falls_to_and_the_other_names_it(server):
    at_a, at_b = await desktop(server)
    room = room_of("b")
    wrong = await at_a.put_room(plan(server.a.now()), room)
    assert (wrong["status"], wrong["code"]) == (421, "wrong_node")
    headers = {"Authorization": f"Bearer {at_a.key}"}
    url = f"{at_a.url}/api/v1/rooms/{room}"
    async with at_a.http.get(url, headers=headers) as answer:
        assert answer.headers["X-Accel-Redirect"] == "@projectdesk_b"
    assert (await at_b.put_room(plan(server.a.now()), room))["status"] == 200
    for path in (f"/r/{room}/api/look", f"/r/{room}/api/join"):
        body = {"token": token(1), "name": "Ada"}
        assert (await at_a.post(path, body))["code"] == "wrong_node"
        assert (await at_b.post(path, body))["status"] == 200


@pytest.mark.full
async def test_a_node_with_an_address_is_redirected_to(tmp_path):
    node, other = Premises(tmp_path), Premises(tmp_path)
    await node.start(local=False, node=NodeSettings("a", "https://a.example.org"))
    await other.start(local=False, node=NodeSettings("b", "https://b.example.org"))
    caller = await node.caller()
    room = room_of("b")
    async with caller.http.get(f"{node.url}/r/{room}?x=1", allow_redirects=False) as page:
        assert page.status == 307
        assert page.headers["Location"] == f"https://b.example.org/r/{room}?x=1"
    await node.stop()
    await other.stop()


async def test_rooms_of_a_node_that_died_go_on_at_the_next_with_their_people(server):
    await server.become_steady()
    at_a, at_b = await desktop(server)
    room = room_of("b")
    await at_b.put_room(plan(server.a.now()), room)
    chair = await at_b.join(1, room=room)
    assert chair["status"] == 200
    page = await at_b.connect(1, room)
    await page.expect(call.RoomState)
    await page.send(call.StartItem(item="a"))
    await page.expect(call.ClockChanged)
    await server.beat()
    last_alive = server.b.now()

    for _ in range(3):  # b is silent from here on
        server.pass_time(DEAD_AFTER / 2.5)
        await server.beat(server.a)

    at_a.cookies, at_a.resumes = at_b.cookies, at_b.resumes
    again = await at_a.connect(1, room)
    state = await again.expect(call.RoomState)
    assert [int(p.id, 16) for p in state.participants] == [1]
    assert (await again.expect(call.ClockChanged)).clock.current == "a"
    batch = await at_a.batch()
    left = [e for e in batch.entries if isinstance(e.fact, journal.PersonLeft)]
    assert len(left) == 1
    assert abs(left[0].at - last_alive) < timedelta(seconds=2), "when b was last known alive"

    # b was only slow: what it does is not written, its page is sent away, and it names a.
    await page.send(call.StartItem(item="b"))
    assert (await page.expect(call.Problem)).code == "host_stopping"
    assert (await at_b.post(f"/r/{room}/api/look", {"token": token(1)}))["code"] == "wrong_node"
    facts = [e.fact for e in (await at_a.batch()).entries]
    started = [fact.item for fact in facts if isinstance(fact, journal.ItemStarted)]
    assert started == ["a", "a"]


@pytest.mark.full
async def test_a_node_that_ends_in_good_order_hands_its_rooms_over_at_once(server, tmp_path):
    at_a, at_b = await desktop(server)
    room = room_of("b")
    await at_b.put_room(plan(server.a.now()), room)
    await at_b.join(1, room=room)
    page = await at_b.connect(1, room)
    await page.expect(call.RoomState)
    server.b.host.stop()
    assert (await page.expect(call.Problem)).code == "host_stopping"
    await server.b._task
    at_a.cookies, at_a.resumes = at_b.cookies, at_b.resumes
    again = await at_a.connect(1, room)
    await again.expect(call.RoomState)


@pytest.mark.full
async def test_who_was_cut_off_itself_takes_nobodys_rooms_at_once(server):
    await server.become_steady()
    at_a, at_b = await desktop(server)
    room = room_of("b")
    await at_b.put_room(plan(server.a.now()), room)
    server.pass_time(LATER)  # the database was away for both
    await server.beat(server.a)
    assert room not in {driver.room.id for driver in server.a.host.drivers()}
    moving = await at_a.post(f"/r/{room}/api/look", {"token": token(1)})
    assert (moving["status"], moving["code"]) == (503, "room_moving")
    await server.beat(server.b)
    assert (await at_b.post(f"/r/{room}/api/look", {"token": token(1)}))["status"] == 200
    assert (await at_a.post(f"/r/{room}/api/look", {"token": token(1)}))["code"] == "wrong_node"


@pytest.mark.full
async def test_a_journal_is_collected_as_far_as_every_node_has_written(server):
    at_a, _ = await desktop(server)
    await server.beat()
    written = server.a.now()
    server.pass_time(timedelta(seconds=4))
    await server.beat(server.a)
    assert (await at_a.batch()).collected_until <= written
    server.pass_time(LATER)
    await server.beat(server.a)
    assert (await at_a.batch()).collected_until > written  # b is gone: nothing comes of it


@pytest.mark.full
async def test_a_restarted_node_has_its_rooms_at_once(server, tmp_path):
    _, at_b = await desktop(server)
    room = room_of("b")
    await at_b.put_room(plan(server.a.now()), room)
    await server.b.stop()
    await server.b.start(local=False, node=NodeSettings("b"))
    assert [driver.room.id for driver in server.b.host.drivers()] == [room]


@pytest.mark.full
async def test_desks_are_answered_at_every_node(server):
    at_a, at_b = await desktop(server)
    visitor = Visitor(server.a, at_a, "invitation")
    await visitor.put()
    visitor.caller = at_b
    assert (await visitor.answer(visitor.yes, "one"))["status"] == 200
    visitor.caller = at_a
    assert await visitor.recorded() == [visitor.yes]


def test_a_room_moves_only_when_its_own_node_goes():
    three = [Node(name, "", None) for name in "abc"]
    rooms = [f"room{number:06d}" for number in range(300)]
    before = {room: winner(three, room).name for room in rooms}
    after = {room: winner(three[:2], room).name for room in rooms}
    assert all(after[room] == before[room] for room in rooms if before[room] != "c")
    assert all(60 < list(before.values()).count(name) < 140 for name in "abc")


@pytest.mark.full
async def test_what_a_node_lost_is_told_and_nothing_of_it_is_written(server):
    at_b = await server.b.caller()
    room = room_of("b")
    await at_b.put_room(plan(server.b.now()), room)
    step = entries.RoomStep(room, "x", ((server.b.now(), journal.RoomOpened()),), "{}")
    lost = await server.b.journal.run(entries.take_steps, [step], server.b.now(), "a")
    assert lost == {room}
    taken = await server.b.journal.run(journal_nodes.take, room, "a", server.b.now())
    assert taken is None, "b lives"


@pytest.mark.parametrize("name", ["", "a b", "x" * 41, "a/b"])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(EnvironmentFailure):
        NodeSettings(name)
