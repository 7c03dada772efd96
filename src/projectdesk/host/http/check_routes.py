"""`/check` and `/r/ROOM/check`: whether computer and network are fit for a call."""

from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta

from aiohttp import WSMsgType, web

from projectdesk.errors import DomainError, NotFound, ProjectDeskError, RemoteProtocolError
from projectdesk.host.check.session import LONGEST_S, CheckSession
from projectdesk.host.http.context import (
    HOST,
    SOCKETS,
    address_of,
    answer,
    body_of,
    check_page,
    slowed,
)
from projectdesk.host.http.limits import MessageRate
from projectdesk.host.http.security import check_origin
from projectdesk.host.journal.checks import record_check
from projectdesk.host.peer import Peer
from projectdesk.host.websocket import HELLO_S
from projectdesk.signalling import VERSION, call, check, codec

RELAYS_FOR = timedelta(minutes=5)
"""How long the relays of a check are valid (docs/adr/0024)."""
_names = itertools.count(1)


def add_check_routes(app: web.Application) -> None:
    """Add looking, reporting and the socket; the page is one of `pages`."""
    app.router.add_post("/check/api/look", _look_of_anybody)
    app.router.add_get("/check/ws", _socket_of_anybody)
    app.router.add_post("/r/{room}/check/api/look", _look)
    app.router.add_post("/r/{room}/check/api/report", _report)
    app.router.add_get("/r/{room}/check/ws", _socket)


async def _look_of_anybody(request: web.Request) -> web.StreamResponse:
    check_page(request)
    return answer(check.CheckLook(personal=False, now=request.app[HOST].clock()))


async def _look(request: web.Request) -> web.StreamResponse:
    check_page(request)
    asked = await body_of(request, check.CheckRequest)
    host = request.app[HOST]
    try:
        look = host.look(request.match_info["room"], asked.token)
    except NotFound as error:
        raise await slowed(request, error) from error
    host.touch()
    return answer(
        check.CheckLook(
            personal=True,
            now=look.now,
            title=look.title,
            project=look.project,
            name=look.name,
            organiser=look.organiser,
            starts_at=look.starts_at,
        )
    )


async def _report(request: web.Request) -> web.StreamResponse:
    check_page(request)
    asked = await body_of(request, check.ReportRequest)
    host, room = request.app[HOST], request.match_info["room"]
    try:
        driver, invitee = host.open_link(room, asked.token)
    except NotFound as error:
        raise await slowed(request, error) from error
    await host.journal.run(
        record_check,
        *(driver.key_id, room, invitee.id, asked.submission, asked.report, host.clock()),
    )
    host.touch()
    return web.Response(status=204)


async def _socket_of_anybody(request: web.Request) -> web.StreamResponse:
    """Answer pings, so that a page sees whether sockets pass, and how quick the path is."""
    host, counts = request.app[HOST], request.app[SOCKETS]
    check_origin(request, host.settings, needed=True)
    address = address_of(request)
    if not counts.admit_stranger(address):
        raise DomainError("too_many_sockets", "Too many connections from this network.")
    try:
        socket = await _prepared(request)
        peer = _peer(request, socket)
        await _serve(CheckSession(socket, peer, None, _rate().allows, personal=False), peer)
    finally:
        counts.release_stranger(address)
    return socket


async def _socket(request: web.Request) -> web.StreamResponse:
    host, counts, room = request.app[HOST], request.app[SOCKETS], request.match_info["room"]
    check_origin(request, host.settings, needed=True)
    address = address_of(request)
    if not counts.admit_stranger(address):
        raise DomainError("too_many_sockets", "Too many connections from this network.")
    try:
        socket = await _prepared(request)
        try:
            token = await _hello(socket)
            _, invitee = host.open_link(room, token)
        except NotFound as error:
            await _refuse(socket, await slowed(request, error))
            return socket
        except ProjectDeskError as error:
            await _refuse(socket, error)
            return socket
    finally:
        counts.release_stranger(address)
    guest = f"check {invitee.id}"
    if not counts.admit_guest(room, guest):
        await _refuse(socket, DomainError("too_many_sockets", "This check is open too often."))
        return socket
    try:
        async with host.trials.trial() as trial:
            peer = _peer(request, socket)
            relays = host.settings.relays
            given = relays and relays.passes(room, guest, host.clock() + RELAYS_FOR).servers
            opened = check.TrialOpened(relays=given or [], media=trial is not None)
            peer.send(codec.encode(opened).decode())
            await _serve(CheckSession(socket, peer, trial, _rate().allows, personal=True), peer)
    finally:
        counts.release_guest(room, guest)
        host.touch()
    return socket


async def _serve(session: CheckSession, peer: Peer) -> None:
    async with asyncio.TaskGroup() as group:
        pump = group.create_task(peer.pump())
        try:
            await session.run()
        finally:
            pump.cancel()


async def _hello(socket: web.WebSocketResponse) -> str:
    """Return the token of the first message.

    Raises:
        ProjectDeskError: `hello_missing`, `version_mismatch`, or as the codec.
    """
    try:
        async with asyncio.timeout(HELLO_S):
            frame = await socket.receive()
    except TimeoutError:
        raise RemoteProtocolError("hello_missing", "The first message must be hello.") from None
    if frame.type is not WSMsgType.TEXT:
        raise RemoteProtocolError("hello_missing", "The first message must be hello.")
    hello = codec.decode_as(frame.data, check.CheckHello, limit=call.MAX_MESSAGE)
    if abs(hello.version - VERSION) > 1:
        raise DomainError("version_mismatch", "The page is of another version. Load it again.")
    return hello.token


async def _prepared(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(
        heartbeat=LONGEST_S / 6, max_msg_size=call.MAX_SDP, compress=False
    )
    await socket.prepare(request)
    return socket


async def _refuse(socket: web.WebSocketResponse, error: ProjectDeskError) -> None:
    problem = call.Problem(code=error.code, text=error.text, in_reply_to="checkHello", fatal=True)
    try:
        await socket.send_str(codec.encode(problem).decode())
        await socket.close(code=4000)
    except ConnectionError:
        return  # gone already


def _peer(request: web.Request, socket: web.WebSocketResponse) -> Peer:
    def abort() -> None:
        if request.transport is not None:
            request.transport.abort()

    return Peer(f"check{next(_names)}", socket, abort, request.app[HOST].meters)


def _rate() -> MessageRate:
    return MessageRate(asyncio.get_running_loop().time)
