"""Puts the host's routes, headers and limits together."""

from __future__ import annotations

import asyncio

from aiohttp import web

from projectdesk.host.host import Host
from projectdesk.host.http.call_routes import add_call_routes
from projectdesk.host.http.check_routes import add_check_routes
from projectdesk.host.http.context import BAD_TOKENS, HOST, SOCKETS
from projectdesk.host.http.control_routes import add_control_routes
from projectdesk.host.http.desk_file_routes import add_desk_file_routes
from projectdesk.host.http.desk_routes import add_desk_routes
from projectdesk.host.http.feed_routes import add_feed_routes
from projectdesk.host.http.file_routes import add_file_routes
from projectdesk.host.http.limits import BadTokens, SocketCounts
from projectdesk.host.http.link_key_routes import add_link_key_routes
from projectdesk.host.http.mail_routes import add_mail_routes
from projectdesk.host.http.pages import add_pages
from projectdesk.host.http.problems import answer_problems, refuse_while_stopping
from projectdesk.host.http.recording_routes import add_recording_routes
from projectdesk.host.http.right_node import send_to_right_node
from projectdesk.host.http.security import add_headers
from projectdesk.host.websocket import add_sockets
from projectdesk.signalling import codec


def make_app(host: Host) -> web.Application:
    """Return the application of a host."""
    app = web.Application(
        middlewares=[
            answer_problems,
            refuse_while_stopping(host.stopping),
            send_to_right_node(host),
        ],
        client_max_size=codec.MAX_BODY,
    )
    app[HOST] = host
    app[BAD_TOKENS] = BadTokens(asyncio.get_running_loop().time)
    app[SOCKETS] = SocketCounts()

    async def prepare(request: web.Request, response: web.StreamResponse) -> None:
        add_headers(response, host.settings)
        host.meters.note_answer(response.status)

    app.on_response_prepare.append(prepare)
    add_control_routes(app)
    add_call_routes(app)
    add_check_routes(app)
    add_desk_routes(app)
    add_desk_file_routes(app)
    add_feed_routes(app)
    add_mail_routes(app)
    add_link_key_routes(app)
    if host.recordings is not None:
        add_recording_routes(app, host.recordings)
    if host.files is not None:
        add_file_routes(app, host.files)
    add_sockets(app)
    add_pages(app)
    return app
