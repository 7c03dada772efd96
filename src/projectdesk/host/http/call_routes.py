"""`/r/ROOM/api/*`: what the page asks before its socket (`signalling.call`)."""

from __future__ import annotations

from aiohttp import web

from projectdesk.errors import NotFound
from projectdesk.host.http.context import HOST, answer, body_of, check_page, slowed
from projectdesk.host.http.security import set_session
from projectdesk.signalling import call


def add_call_routes(app: web.Application) -> None:
    """Add look and join."""
    app.router.add_post("/r/{room}/api/look", _look)
    app.router.add_post("/r/{room}/api/join", _join)


async def _look(request: web.Request) -> web.StreamResponse:
    check_page(request)
    asked = await body_of(request, call.LookRequest)
    try:
        look = request.app[HOST].look(request.match_info["room"], asked.token)
    except NotFound as error:
        raise await slowed(request, error) from error
    request.app[HOST].touch()
    return answer(look)


async def _join(request: web.Request) -> web.StreamResponse:
    check_page(request)
    asked = await body_of(request, call.JoinRequest)
    host, room = request.app[HOST], request.match_info["room"]
    try:
        joined = await host.join(room, asked)
    except NotFound as error:
        raise await slowed(request, error) from error
    host.touch()
    response = answer(call.JoinReply(resume=joined.resume))
    set_session(response, room, joined.session, host.settings)
    return response
