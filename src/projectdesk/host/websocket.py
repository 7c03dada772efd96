"""The sockets of pages and consoles: Hello, limits, and messages to and from a room."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable

from aiohttp import WSMsgType, web

from projectdesk.errors import DomainError, EnvironmentFailure, RemoteProtocolError
from projectdesk.host.driver import RoomDriver
from projectdesk.host.http.context import HOST, SOCKETS, address_of, is_key_valid, key_of
from projectdesk.host.http.limits import FLOOD, MessageRate
from projectdesk.host.http.security import check_origin, cookie_name
from projectdesk.host.peer import CLOSE_FLOOD, Peer
from projectdesk.signalling import VERSION, call, codec

_log = logging.getLogger(__name__)

HELLO_S = 10.0
"""How long a socket may wait with its Hello."""
KEY_CHECK_S = 15.0
"""How long a console may stay open after its key was revoked."""
_HEARTBEAT_S = 15.0
_names = itertools.count(1)


def add_sockets(app: web.Application) -> None:
    """Add the routes of the page's socket and of the console's."""
    app.router.add_get("/r/{room}/ws", _page_socket)
    app.router.add_get("/api/v1/rooms/{room}/console", _console_socket)


async def _page_socket(request: web.Request) -> web.StreamResponse:
    host, counts, room = request.app[HOST], request.app[SOCKETS], request.match_info["room"]
    check_origin(request, host.settings, needed=True)
    address = address_of(request)
    if not counts.admit_stranger(address):
        raise DomainError("too_many_sockets", "Too many connections from this network.")
    try:
        socket = await _prepared(request)
        hello = await _hello(socket)
        if hello is None:
            return socket
        secret = request.cookies.get(cookie_name(room), "")
        try:
            driver, session = host.resume(room, secret, hello.resume)
        except DomainError as error:
            await _refuse(socket, error.code, error.text)
            return socket
    finally:
        counts.release_stranger(address)
    if not counts.admit_guest(room, session.invitation):
        await _refuse(socket, "too_many_sockets", "This link is open too many times.")
        return socket
    try:
        peer = _peer(request, socket)
        with host.meters.socket("page"):
            await _serve(socket, peer, driver, lambda: driver.connect(peer, session.hash))
    finally:
        counts.release_guest(room, session.invitation)
        host.touch()
    return socket


async def _console_socket(request: web.Request) -> web.StreamResponse:
    key = await key_of(request)
    host = request.app[HOST]
    driver = host.room_of(key, request.match_info["room"])
    socket = await _prepared(request)
    if (hello := await _hello(socket)) is not None:
        seat, peer = hello.seat, _peer(request, socket)
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(_close_when_revoked(request, peer))
            with host.meters.socket("console"):
                await _serve(socket, peer, driver, lambda: driver.attach_console(peer, seat))
            watching.cancel()
    host.touch()
    return socket


async def _close_when_revoked(request: web.Request, peer: Peer) -> None:
    """Close a console whose key was revoked while it was open."""
    while True:
        await asyncio.sleep(KEY_CHECK_S)
        try:
            if not await is_key_valid(request):
                peer.close()
                return
        except EnvironmentFailure as error:
            _log.warning("a console's key could not be looked at: %s", error.code)


async def _prepared(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(
        heartbeat=_HEARTBEAT_S, max_msg_size=call.MAX_SDP, compress=False
    )
    await socket.prepare(request)
    return socket


def _peer(request: web.Request, socket: web.WebSocketResponse) -> Peer:
    def abort() -> None:
        if request.transport is not None:
            request.transport.abort()

    return Peer(f"peer{next(_names)}", socket, abort, request.app[HOST].meters)


async def _hello(socket: web.WebSocketResponse) -> call.Hello | None:
    """Return the first message, or None after saying why it is none."""
    try:
        async with asyncio.timeout(HELLO_S):
            frame = await socket.receive()
    except TimeoutError:
        await _refuse(socket, "hello_missing", "The first message must be hello.")
        return None
    if frame.type in {WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR}:
        return None
    try:
        message = codec.decode_client(frame.data)
    except RemoteProtocolError as error:
        await _refuse(socket, error.code, error.text)
        return None
    if not isinstance(message, call.Hello):
        await _refuse(socket, "hello_missing", "The first message must be hello.")
        return None
    if abs(message.version - VERSION) > 1:
        side = "Update the desktop." if message.version < VERSION else "The host must be updated."
        await _refuse(socket, "version_mismatch", f"The versions do not fit together. {side}")
        return None
    return message


async def _refuse(socket: web.WebSocketResponse, code: str, text: str) -> None:
    problem = call.Problem(code=code, text=text, in_reply_to="hello", fatal=True)
    try:
        await socket.send_str(codec.encode(problem).decode())
        await socket.close(code=4000)
    except ConnectionError:
        return  # gone already


async def _serve(
    socket: web.WebSocketResponse, peer: Peer, driver: RoomDriver, enter: Callable[[], None]
) -> None:
    """Pass messages between a socket and its room until either ends."""
    async with asyncio.TaskGroup() as group:
        pump = group.create_task(peer.pump())
        try:
            enter()
            await _read(socket, peer, driver)
        finally:
            driver.disconnect(peer)
            pump.cancel()


async def _read(socket: web.WebSocketResponse, peer: Peer, driver: RoomDriver) -> None:
    rate = MessageRate(asyncio.get_running_loop().time)
    async for frame in socket:
        if not rate.allows():
            peer.meters.dropped += 1
            if rate.refused == 1:
                _problem(peer, "too_many_messages", "Too many messages; some were dropped.")
            if rate.refused > FLOOD:
                peer.close(CLOSE_FLOOD)
                _log.warning("%s was closed: it sent too many messages", peer.name)
            continue
        if frame.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
            break
        try:
            message = codec.decode_client(frame.data)
        except RemoteProtocolError as error:
            peer.meters.dropped += 1
            _problem(peer, error.code, error.text)
        else:
            peer.meters.received += 1
            driver.receive(peer, message)


def _problem(peer: Peer, code: str, text: str) -> None:
    peer.send(codec.encode(call.Problem(code=code, text=text)).decode())
