"""`/api/v1/mails`: mail that a desktop hands over to be sent later (`signalling.mails`)."""

from __future__ import annotations

import re

from aiohttp import web

from projectdesk.errors import DomainError, RemoteProtocolError
from projectdesk.host.http.context import HOST, answer, body_of, key_of, reader_of
from projectdesk.host.journal import mails
from projectdesk.host.posting import Post, checked
from projectdesk.signalling import codec
from projectdesk.signalling.mails import LaterMail

_ID = re.compile(r"[0-9a-f]{32}")


def add_mail_routes(app: web.Application) -> None:
    """Add what desktops ask of mail that is due later."""
    app.router.add_get("/api/v1/mails", _waiting)
    app.router.add_put("/api/v1/mails/{mail}", _put)
    app.router.add_delete("/api/v1/mails/{mail}", _take_back)


async def _put(request: web.Request) -> web.StreamResponse:
    owner, key = await key_of(request), await reader_of(request)
    host, post = request.app[HOST], _post(request)
    domains = await host.journal.run(mails.domains_of, key)
    now = host.clock()
    mail = checked(await body_of(request, LaterMail, limit=codec.MAX_BODY), domains, now)
    kept = await host.journal.run(
        mails.put, _id(request), owner, key, mail, now, post.settings.limits
    )
    post.wake()
    return answer(kept)


async def _take_back(request: web.Request) -> web.StreamResponse:
    owner = await key_of(request)
    host = request.app[HOST]
    return answer(await host.journal.run(mails.take_back, _id(request), owner, host.clock()))


async def _waiting(request: web.Request) -> web.StreamResponse:
    owner = await key_of(request)
    return answer(await request.app[HOST].journal.run(mails.waiting, owner))


def _post(request: web.Request) -> Post:
    post = request.app[HOST].post
    if post is None:
        raise DomainError("mail_not_taken", "This server sends no mail: it has no --smtp.")
    return post


def _id(request: web.Request) -> str:
    value = request.match_info["mail"]
    if _ID.fullmatch(value) is None:
        raise RemoteProtocolError("bad_id", "The id of a mail has 32 hex digits.")
    return value
