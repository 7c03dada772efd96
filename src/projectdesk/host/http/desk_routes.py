"""`/d/DESK/api/*`: looking at a desk and answering (`signalling.desk`)."""

from __future__ import annotations

from aiohttp import web

from projectdesk.errors import NotFound
from projectdesk.host.desks import service
from projectdesk.host.http.context import HOST, answer, body_of, check_page, slowed
from projectdesk.signalling import desk


def add_desk_routes(app: web.Application) -> None:
    """Add look and answer."""
    app.router.add_post("/d/{desk}/api/look", _look)
    app.router.add_post("/d/{desk}/api/answer", _answer)


async def _look(request: web.Request) -> web.StreamResponse:
    check_page(request)
    asked = await body_of(request, desk.LookRequest)
    host, id_ = request.app[HOST], request.match_info["desk"]
    try:
        view = await host.journal.run(service.look, id_, asked.token, host.clock())
    except NotFound as error:
        raise await slowed(request, error) from error
    host.touch()
    return answer(view)


async def _answer(request: web.Request) -> web.StreamResponse:
    check_page(request)
    asked = await body_of(request, desk.AnswerRequest)
    host, id_ = request.app[HOST], request.match_info["desk"]
    try:
        view = await host.journal.run(
            service.answer, id_, asked.token, asked.submission, asked.answer, host.clock()
        )
    except NotFound as error:
        raise await slowed(request, error) from error
    host.touch()
    return answer(view)
