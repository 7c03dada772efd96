"""Requests for a room that another node of the server has are sent there, not answered wrongly.

A node with an address of its own is named in a redirect. Behind one proxy the answer tells nginx
which of its upstreams to ask instead (`X-Accel-Redirect`, a named location); the client sees
`wrong_node` only where no proxy takes care of it.
"""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Middleware

from projectdesk.host.host import Host
from projectdesk.host.http.problems import Handler, problem
from projectdesk.host.journal.nodes import Node


def send_to_right_node(host: Host) -> Middleware:
    """Return what looks at each request that names a room."""

    @web.middleware
    async def look(request: web.Request, handler: Handler) -> web.StreamResponse:
        room = request.match_info.get("room")
        if room is not None and (node := await host.elsewhere(room)) is not None:
            return _sent_on(request, node)
        return await handler(request)

    return look


def _sent_on(request: web.Request, node: Node) -> web.Response:
    text = "Another node of this server has the meeting."
    response = problem(307 if node.url else 421, "wrong_node", text)
    if node.url:
        response.headers["Location"] = node.url + request.rel_url.raw_path_qs
    else:
        response.headers["X-Accel-Redirect"] = f"@projectdesk_{node.name}"
    return response
