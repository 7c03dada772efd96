"""Guests come by their links, over real sockets."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from ipaddress import ip_network

import aiohttp
import msgspec
import pytest
from multidict import CIMultiDict

from projectdesk.host.http.limits import FLOOD
from projectdesk.host.journal import rooms
from projectdesk.host.peer import MAX_WAITING
from projectdesk.signalling import VERSION, call, journal
from projectdesk.signalling.media import SpeakerChanged
from tests.integration.host.conftest import ROOM, Caller, Premises, plan, token
from tests.unit.room.conftest import invitee

OFFER = "\r\n".join(
    [
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE 0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "c=IN IP4 0.0.0.0",
        "a=rtcp-mux",
        "a=ice-ufrag:abcd",
        "a=ice-pwd:abcdefghijklmnopqrstuvwx",
        "a=fingerprint:sha-256 " + ":".join(["AB"] * 32),
        "a=setup:actpass",
        "a=mid:0",
        "a=sendonly",
        "a=rtpmap:111 opus/48000/2",
        "a=ssrc:1234 cname:x",
        "",
    ]
)


def number_of(participant):
    return int(participant.id, 16)


async def two_in_the_call(caller):
    chair = await caller.enter(1)
    await chair.expect(call.RoomState)
    guest = await caller.enter(3)
    await guest.expect(call.Lobby)
    await chair.expect(call.LobbyChanged)
    await chair.send(call.Admit())
    await guest.expect(call.RoomState)
    await chair.expect(call.ParticipantJoined)
    return chair, guest


async def test_the_whole_way_in_and_out(caller, premises):
    look = await caller.post(f"/r/{ROOM}/api/look", {"token": token(3)})
    assert (look["status"], look["state"], look["name"]) == (200, "open", "Person 3")
    assert (look["present"], look["elsewhere"]) == (0, False)
    chair, guest = await two_in_the_call(caller)
    assert guest.got(call.Welcome)[0].you == f"{3:032x}"
    assert [number_of(p) for p in guest.got(call.RoomState)[0].participants] == [1, 3]
    await chair.send(call.StartItem(item="a"))
    assert (await guest.expect(call.ClockChanged)).clock.current == "a"
    await guest.send(call.SetMedia(audio=True, video=False))
    assert (await chair.expect(call.ParticipantChanged)).participant.audio
    await guest.send(call.Leave())
    assert await guest.closed() == 4000
    assert (await chair.expect(call.ParticipantLeft)).participant == f"{3:032x}"
    await chair.send(call.EndMeeting())
    assert (await chair.expect(call.Ended)).reason == "ended"
    kinds = [type(fact).__name__ for fact in await caller.facts()]
    assert kinds == [
        "HostStarted",
        "RoomOpened",
        "PersonJoined",
        "PersonKnocked",
        "PersonJoined",
        "ItemStarted",
        "PersonLeft",
        "ItemEnded",
        "MeetingEnded",
        "PersonLeft",
    ]
    facts = await caller.api("GET", f"/api/v1/rooms/{ROOM}")
    assert (facts["state"], facts["present"]) == ("ended", 0)
    assert (await caller.join(3))["code"] == "meeting_ended"


async def test_media_go_through_the_host(caller, premises):
    chair, guest = await two_in_the_call(caller)
    await guest.send(call.Publish(sdp=OFFER, sources={"0": "audio"}))
    assert (await guest.expect(call.PublishAnswered)).sdp.startswith("v=0")
    await chair.send(call.OpenSubscribe())
    offered = await chair.expect(call.SubscribeOffered)
    assert [(f.participant, f.source) for f in offered.feeds] == [(f"{3:032x}", "audio")]
    await chair.send(call.SubscribeAnswer(offer=offered.offer, sdp=offered.sdp))
    media = premises.backend.rooms[ROOM]
    await premises.until(lambda: media.participants[f"{1:032x}"].answered == offered.offer)
    media.emit(SpeakerChanged(participant=f"{3:032x}"))
    assert (await chair.expect(call.SpeakerChanged)).participant == f"{3:032x}"
    await guest.send(call.Publish(sdp=OFFER, sources={"7": "audio"}))
    refused = await guest.expect(call.Problem)
    assert (refused.code, refused.in_reply_to) == ("unknown_mid", "publish")
    await guest.send(call.Leave())
    await premises.until(lambda: f"{3:032x}" not in media.participants)


async def test_a_dead_media_server_is_replaced(caller, premises):
    chair, guest = await two_in_the_call(caller)
    first = premises.backend.rooms[ROOM]
    first.die()
    for page in (chair, guest):
        assert (await page.expect(call.Problem)).code == "media_lost"
        await page.expect(call.MediaRestarted)
    assert premises.backend.rooms[ROOM] is not first
    await guest.send(call.Publish(sdp=OFFER, sources={"0": "audio"}, rebuild=True))
    await guest.expect(call.PublishAnswered)


async def test_media_end_with_the_last_participant(caller, premises):
    chair = await caller.enter(1)
    await chair.expect(call.RoomState)
    await premises.until(lambda: ROOM in premises.backend.rooms)
    await chair.send(call.Leave())
    await premises.until(lambda: premises.backend.rooms[ROOM].closed)


async def test_a_dropped_socket_goes_on_without_a_trace(caller, premises):
    chair, guest = await two_in_the_call(caller)
    before = (await caller.batch()).last
    guest.socket._writer.transport.abort()
    assert (await chair.expect(call.ParticipantChanged)).participant.away
    again = await caller.connect(3)
    await again.expect(call.RoomState)
    assert not (await chair.expect(call.ParticipantChanged)).participant.away
    assert (await caller.batch()).last == before


async def test_a_session_needs_its_cookie_and_its_tab(caller):
    await two_in_the_call(caller)
    for hello in ({"resume": "wrong"}, {"resume": ""}):
        page = await caller.connect(3, **hello)
        problem = await page.expect(call.Problem)
        assert (problem.code, problem.fatal) == ("session_over", True)
    caller.cookies[3] = "wrong"
    problem = await (await caller.connect(3)).expect(call.Problem)
    assert problem.code == "session_over"


async def test_a_second_device_may_move(caller):
    _, guest = await two_in_the_call(caller)
    assert (await caller.join(3))["code"] == "already_here"
    tablet = await caller.enter(3, move=True)
    assert (await guest.expect(call.Ended)).reason == "moved"
    await tablet.expect(call.RoomState)


async def test_the_console_leads_from_the_desktop(caller):
    console = await caller.console()
    assert (await console.expect(call.Welcome)).you == ""
    await console.expect(call.RoomState)
    guest = await caller.enter(3)
    await guest.expect(call.Lobby)
    lobby = await console.expect(call.LobbyChanged)
    await console.send(call.Admit(participant=lobby.lobby[0].id))
    await guest.expect(call.RoomState)
    await console.send(call.StartItem(item="b"))
    assert (await guest.expect(call.ClockChanged)).clock.current == "b"
    await console.send(call.EndMeeting())
    assert (await guest.expect(call.Ended)).reason == "ended"


@pytest.mark.parametrize(
    ("what", "status", "code"),
    [
        ({"token": "wrong", "name": "x"}, 404, "unknown_link"),
        ({"token": "", "name": "x"}, 404, "unknown_link"),
        ({"name": "x"}, 400, "bad_message"),
        ({"token": "t", "name": "x" * 20_000}, 413, "message_too_large"),
    ],
)
async def test_bad_joins_are_refused_clearly(caller, what, status, code):
    answer = await caller.post(f"/r/{ROOM}/api/join", what)
    assert (answer["status"], answer["code"]) == (status, code)
    assert answer["text"]


async def test_an_unknown_room_answers_like_a_wrong_token(caller):
    wrong = await caller.post(f"/r/{ROOM}/api/look", {"token": "wrong"})
    unknown = await caller.post("/r/zzzzzzzzzz/api/look", {"token": "wrong"})
    wrong.pop("cookies")
    unknown.pop("cookies")
    assert wrong == unknown


async def test_join_is_open_from_half_an_hour_before(caller, premises):
    await caller.put_room(plan(premises.now() + timedelta(minutes=31)))
    look = await caller.post(f"/r/{ROOM}/api/look", {"token": token(3)})
    assert look["state"] == "early"
    answer = await caller.join(3)
    assert (answer["status"], answer["code"]) == (403, "too_early")
    premises.ahead = timedelta(minutes=2)
    assert (await caller.join(3))["status"] == 200


async def test_a_revoked_link_throws_out_and_says_so(caller, premises):
    _, guest = await two_in_the_call(caller)
    before = plan(premises.now())
    people = [*before.invitees[:2], invitee(3, token_hash=""), before.invitees[3]]
    await caller.put_room(msgspec.structs.replace(before, invitees=people))
    assert (await guest.expect(call.Ended)).reason == "revoked"
    answer = await caller.post(f"/r/{ROOM}/api/look", {"token": token(3)})
    assert (answer["status"], answer["code"]) == (410, "link_revoked")
    page = await caller.connect(3)
    assert (await page.expect(call.Problem)).code == "session_over"


async def test_a_link_that_is_replaced_while_somebody_joins_opens_nothing(
    caller, premises, monkeypatch
):
    before = plan(premises.now())
    people = [*before.invitees[:2], invitee(3, token_hash="f" * 64), before.invitees[3]]
    write = rooms.open_session

    def replaced_meanwhile(connection, session):
        write(connection, session)
        change = msgspec.structs.replace(before, invitees=people)
        loop.call_soon_threadsafe(premises.host._rooms[ROOM].change, change)

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(rooms, "open_session", replaced_meanwhile)
    answer = await caller.join(3)
    assert (answer["status"], answer["code"]) == (410, "link_revoked")
    assert await premises.journal.run(rooms.load_sessions) == []


async def test_a_deleted_room_throws_everybody_out(caller):
    chair, guest = await two_in_the_call(caller)
    assert (await caller.api("DELETE", f"/api/v1/rooms/{ROOM}"))["status"] == 204
    for page in (chair, guest):
        await page.expect(call.Ended)
    assert (await caller.join(3))["code"] == "room_withdrawn"
    assert (await caller.api("GET", f"/api/v1/rooms/{ROOM}"))["status"] == 404
    left = await caller.facts(journal.PersonLeft)
    assert len(left) == 2


# --- what a socket may not ------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["https://evil.example", None, "null"])
async def test_sockets_of_other_origins_are_refused(caller, origin):
    await caller.join(1)
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await caller.socket(f"/r/{ROOM}/ws", cookie=f"pd_{ROOM}={caller.cookies[1]}", origin=origin)
    assert caught.value.status == 403


async def test_the_first_message_must_be_hello(caller):
    await caller.join(1)
    page = await caller.socket(f"/r/{ROOM}/ws", cookie=f"pd_{ROOM}={caller.cookies[1]}")
    await page.send(call.Ping(n=1))
    assert (await page.expect(call.Problem)).code == "hello_missing"
    assert await page.closed() == 4000


async def test_versions_too_far_apart_are_refused(caller):
    await caller.join(1)
    page = await caller.connect(1, version=VERSION + 2)
    assert (await page.expect(call.Problem)).code == "version_mismatch"
    page = await caller.connect(1, version=VERSION + 1)
    await page.expect(call.Welcome)


async def test_garbage_is_answered_and_harms_nobody(caller):
    _chair, guest = await two_in_the_call(caller)
    for raw, code in (
        ("{", "not_json"),
        ('{"type":"dance"}', "unknown_message"),
        ('{"type":"startItem"}', "bad_message"),
        ('{"type":"startItem","item":"' + "x" * 20_000 + '"}', "message_too_large"),
    ):
        await guest.socket.send_str(raw)
        assert (await guest.expect(call.Problem)).code == code
    await guest.socket.send_bytes(b"\xff\xfe")
    assert (await guest.expect(call.Problem)).code == "not_json"
    await guest.send(call.Ping(n=5))
    assert (await guest.expect(call.Pong)).n == 5


async def test_a_message_beyond_all_limits_closes_the_socket(caller):
    _, guest = await two_in_the_call(caller)
    await guest.socket.send_str("x" * (call.MAX_SDP + 1))
    assert await guest.closed() == 1009


async def test_a_flood_is_dropped_then_closed(caller):
    chair, guest = await two_in_the_call(caller)
    for n in range(FLOOD + 100):
        await guest.socket.send_str(f'{{"type":"ping","n":{n}}}')
    assert await guest.closed() == 4002
    assert "too_many_messages" in {p.code for p in guest.got(call.Problem)}
    assert len(guest.got(call.Pong)) < 100
    await chair.send(call.Ping(n=1))
    await chair.expect(call.Pong)


async def test_an_address_has_twenty_silent_sockets_at_most(caller):
    chair = await caller.enter(1)
    await chair.expect(call.RoomState)
    silent = [await caller.socket(f"/r/{ROOM}/ws") for _ in range(20)]
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await caller.socket(f"/r/{ROOM}/ws")
    assert caught.value.status == 429
    await silent[0].socket.close()
    page = await caller.socket(f"/r/{ROOM}/ws")
    for stranger in (*silent, page):
        await stranger.socket.close()
    await chair.send(call.Ping(n=1))
    await chair.expect(call.Pong)


async def test_a_client_that_does_not_read_is_cut_off(caller, premises):
    chair, _guest = await two_in_the_call(caller)
    driver = premises.host._rooms[ROOM]
    _, slow = driver._peers.values()
    for _ in range(MAX_WAITING + 1):  # without a turn of the loop nothing is sent meanwhile
        slow.send("{}")
    assert (await chair.expect(call.ParticipantChanged)).participant.away


async def test_wrong_tokens_are_slowed_down_and_right_ones_are_not(caller, monkeypatch):
    from projectdesk.host.http import limits

    monkeypatch.setattr(limits, "_STEP_S", 0.01)
    codes = [
        (await caller.post(f"/r/{ROOM}/api/look", {"token": f"guess {n}"}))["code"]
        for n in range(15)
    ]
    assert codes == ["unknown_link"] * 10 + ["too_many_attempts"] * 5
    assert (await caller.post(f"/r/{ROOM}/api/look", {"token": token(3)}))["status"] == 200
    assert (await caller.join(3))["status"] == 200


async def test_a_client_behind_a_proxy_cannot_borrow_an_address(tmp_path):
    """A proxy may add its line below one that the client wrote itself."""
    premises = Premises(tmp_path)
    await premises.start(trusted_proxies=(ip_network("127.0.0.0/8"),))
    caller = await premises.caller()
    await caller.put_room(plan(premises.now()))
    counted = []
    for number in range(11):
        lines = CIMultiDict([("X-Forwarded-For", f"198.51.100.{number}")])
        lines.add("X-Forwarded-For", "203.0.113.9")
        answer = await caller.post(f"/r/{ROOM}/api/look", {"token": "guess"}, headers=lines)
        counted.append(answer["code"])
    assert counted[-1] == "too_many_attempts"
    await premises.stop()


async def test_cookies_are_for_one_room_and_not_for_scripts(caller):
    answer = await caller.join(1)
    cookie = answer["cookies"][f"pd_{ROOM}"]
    assert cookie["path"] == f"/r/{ROOM}"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert not cookie["secure"], "plain HTTP on loopback"


async def test_cookies_are_secure_behind_https(tmp_path):
    premises = Premises(tmp_path)
    await premises.start(public_url="https://meet.example.org")
    caller = await premises.caller()
    await caller.put_room(plan(premises.now()))
    answer = await caller.join(1)
    assert answer["cookies"][f"pd_{ROOM}"]["secure"]
    page = await caller.socket(
        f"/r/{ROOM}/ws",
        cookie=f"pd_{ROOM}={caller.cookies[1]}",
        origin="https://meet.example.org",
    )
    await page.socket.close()
    await premises.stop()


async def test_stopping_tells_everybody(tmp_path):
    premises = Premises(tmp_path)
    await premises.start()
    caller: Caller = await premises.caller()
    await caller.put_room(plan(premises.now()))
    chair, guest = await two_in_the_call(caller)
    assert (await caller.api("POST", "/api/v1/stop"))["status"] == 204
    for page in (chair, guest):
        assert (await page.expect(call.Problem)).code == "host_stopping"
        assert await page.closed() == 4000
    await asyncio.wait_for(asyncio.shield(premises._task), 10)
    await premises.stop()
