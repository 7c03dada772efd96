"""`/api/v1/*` and `/healthz`: what desktops ask (`signalling.control`)."""

from __future__ import annotations

import re
from importlib.metadata import version

from aiohttp import web

from projectdesk.errors import DomainError, NotFound, RemoteProtocolError
from projectdesk.host.http.context import HOST, answer, body_of, key_of, reader_of
from projectdesk.host.journal import desks, entries, mails
from projectdesk.host.journal.nodes import written_until
from projectdesk.signalling import VERSION, codec, control
from projectdesk.signalling.desk import DeskSnapshot

MAX_BATCH = 1000
"""Most entries of one answer."""
_DEFAULT_BATCH = 200

_PUBLIC_ID = re.compile(r"[0-9A-Za-z]{4,32}")


def add_control_routes(app: web.Application) -> None:
    """Add everything that a desktop asks, but for the console's socket."""
    router = app.router
    router.add_get("/healthz", health)
    router.add_get("/api/v1/host", _host)
    router.add_put("/api/v1/rooms/{room}", _put_room)
    router.add_get("/api/v1/rooms/{room}", _get_room)
    router.add_delete("/api/v1/rooms/{room}", _delete_room)
    router.add_get("/api/v1/rooms/{room}/minutes", _get_minutes)
    router.add_put("/api/v1/desks/{desk}", _put_desk)
    router.add_delete("/api/v1/desks/{desk}", _delete_desk)
    router.add_get("/api/v1/journal", _journal)
    router.add_post("/api/v1/journal/acknowledge", _acknowledge)
    router.add_post("/api/v1/stop", _stop)


async def health(request: web.Request) -> web.StreamResponse:
    """Answer what anybody may know: 200 while the host takes visitors, else 503."""
    host = request.app[HOST]
    status = "ok" if host.scribe.is_writing else "journal_unavailable"
    if host.stopping.is_set():
        status = "stopping"
    told = control.Health(status=status, version=version("projectdesk"), protocol=VERSION)
    response = answer(told)
    response.set_status(200 if status == "ok" else 503)
    return response


async def _host(request: web.Request) -> web.StreamResponse:
    host, key = request.app[HOST], await reader_of(request)
    domains = await host.journal.run(mails.domains_of, key) if host.post is not None else ()
    return answer(host.facts(domains))


async def _put_room(request: web.Request) -> web.StreamResponse:
    key = await key_of(request)
    snapshot = await body_of(request, control.RoomSnapshot, limit=codec.MAX_BODY)
    return answer(await request.app[HOST].put_room(key, _id(request, "room"), snapshot))


async def _get_room(request: web.Request) -> web.StreamResponse:
    key = await key_of(request)
    return answer(request.app[HOST].room_of(key, request.match_info["room"]).room.facts())


async def _delete_room(request: web.Request) -> web.StreamResponse:
    key = await key_of(request)
    host = request.app[HOST]
    moved = request.query.get("moved") == "true"
    host.room_of(key, request.match_info["room"]).withdraw(moved=moved)
    await host.scribe.flush()
    return web.Response(status=204)


async def _get_minutes(request: web.Request) -> web.StreamResponse:
    key = await key_of(request)
    driver = request.app[HOST].driver_of(key, request.match_info["room"])
    if driver is None or driver.text is None:
        raise NotFound("room_unknown", "The host has no such room.")
    return answer(driver.text.kept())


async def _put_desk(request: web.Request) -> web.StreamResponse:
    key = await key_of(request)
    snapshot = await body_of(request, DeskSnapshot, limit=codec.MAX_BODY)
    host = request.app[HOST]
    await host.journal.run(desks.put, _id(request, "desk"), key, snapshot, host.clock())
    return web.Response(status=204)


async def _delete_desk(request: web.Request) -> web.StreamResponse:
    key = await key_of(request)
    host = request.app[HOST]
    if not await host.journal.run(desks.withdraw, request.match_info["desk"], key, host.clock()):
        raise NotFound("desk_unknown", "The host has no such desk.")
    return web.Response(status=204)


async def _journal(request: web.Request) -> web.StreamResponse:
    key = await key_of(request)
    host = request.app[HOST]
    after = _number(request, "after", 0)
    limit = min(_number(request, "limit", _DEFAULT_BATCH), MAX_BATCH)
    # What a room recorded before now must be in: collected_until promises it.
    now = host.clock()
    await host.scribe.flush()
    if host.nodes is not None:  # what the others have not written yet must not seem not to be
        now = await host.journal.run(written_until, now)
    batch = await host.journal.run(entries.read, key, after, limit, now)
    host.note_epoch(batch.epoch)
    return answer(batch)


async def _acknowledge(request: web.Request) -> web.StreamResponse:
    key = await reader_of(request)
    place = await body_of(request, control.Acknowledge)
    await request.app[HOST].journal.run(
        entries.acknowledge, key, place.journal, place.epoch, place.seq
    )
    return web.Response(status=204)


async def _stop(request: web.Request) -> web.StreamResponse:
    await key_of(request)
    host = request.app[HOST]
    if not host.settings.local:
        raise DomainError("not_local", "This host was not started by a desktop.")
    host.stop()
    return web.Response(status=204)


def _id(request: web.Request, name: str) -> str:
    value = request.match_info[name]
    if _PUBLIC_ID.fullmatch(value) is None:
        raise RemoteProtocolError("bad_id", "An id has 4 to 32 letters and digits.")
    return value


def _number(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, str(default))
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise RemoteProtocolError("bad_number", "{name} is not a number.", name=name)
    return int(text)
