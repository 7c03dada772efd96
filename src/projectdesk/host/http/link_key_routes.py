"""`/api/v1/link-keys`: sealed link keys of teams' databases (`signalling.link_keys`)."""

from __future__ import annotations

import re

from aiohttp import web

from projectdesk.errors import RemoteProtocolError
from projectdesk.host.http.context import HOST, answer, body_of, key_of, reader_of
from projectdesk.host.journal import link_keys
from projectdesk.signalling.link_keys import SealedLinkKey

_ID = re.compile(r"[0-9a-f]{32}")


def add_link_key_routes(app: web.Application) -> None:
    """Add what desktops ask of their team's link key."""
    path = "/api/v1/link-keys/{database}"
    app.router.add_get(path, _get)
    app.router.add_put(path, _put)
    app.router.add_delete(path, _forget)


async def _get(request: web.Request) -> web.StreamResponse:
    owner = await key_of(request)
    journal = request.app[HOST].journal
    return answer(await journal.run(link_keys.get, owner, _database(request)))


async def _put(request: web.Request) -> web.StreamResponse:
    owner, key = await key_of(request), await reader_of(request)
    host, given = request.app[HOST], await body_of(request, SealedLinkKey)
    kept = await host.journal.run(
        link_keys.put, owner, key, _database(request), given, host.clock()
    )
    return answer(kept)


async def _forget(request: web.Request) -> web.StreamResponse:
    owner = await key_of(request)
    await request.app[HOST].journal.run(link_keys.forget, owner, _database(request))
    return web.Response(status=204)


def _database(request: web.Request) -> str:
    value = request.match_info["database"]
    if _ID.fullmatch(value) is None:
        raise RemoteProtocolError("bad_id", "The id of a database has 32 hex digits.")
    return value
