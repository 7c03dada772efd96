"""What every request needs: the host, the limits, the client's address, the body, the key."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

import msgspec
from aiohttp import web

from projectdesk.errors import DomainError, NotFound, ProjectDeskError, RemoteProtocolError
from projectdesk.host.host import Host
from projectdesk.host.http.addresses import client_address
from projectdesk.host.http.limits import BadTokens, SocketCounts
from projectdesk.host.http.security import check_origin
from projectdesk.host.journal import Connection, keys
from projectdesk.signalling import call, codec

_log = logging.getLogger(__name__)

HOST: web.AppKey[Host] = web.AppKey("host", Host)
BAD_TOKENS: web.AppKey[BadTokens] = web.AppKey("bad_tokens", BadTokens)
SOCKETS: web.AppKey[SocketCounts] = web.AppKey("sockets", SocketCounts)

_T = TypeVar("_T", bound=msgspec.Struct)


def address_of(request: web.Request) -> str:
    """Return the client's address as limits count it."""
    trusted = request.app[HOST].settings.trusted_proxies
    # A proxy may add a line of its own below the client's: all of them are one list, in order.
    forwarded = ",".join(request.headers.getall("X-Forwarded-For", ()))
    return client_address(request.remote or "", forwarded, trusted)


async def body_of(request: web.Request, wire: type[_T], *, limit: int = call.MAX_MESSAGE) -> _T:
    """Return the body of a request.

    Raises:
        RemoteProtocolError: too large, no JSON, or not a `wire`.
    """
    if (request.content_length or 0) > limit:
        raise RemoteProtocolError("message_too_large", "That is too large.")
    return codec.decode_as(await request.read(), wire, limit=limit)


async def slowed(request: web.Request, error: ProjectDeskError) -> ProjectDeskError:
    """Count a wrong token or key; return what to answer, after holding the answer back.

    Who guesses is slowed down and noted; a valid token never comes here.
    """
    request.app[HOST].meters.bad_tokens += 1
    delay = request.app[BAD_TOKENS].note(address_of(request))
    if not delay:
        return error
    _log.warning("many wrong tokens or keys; answers are held back by %.1f s", delay)
    await asyncio.sleep(delay)
    return DomainError("too_many_attempts", "Too many wrong links. Please wait ten minutes.")


async def key_of(request: web.Request) -> str:
    """Return by whose id a request's API key owns rooms: its own, or its team's.

    Raises:
        DomainError: `key_missing`, `key_unknown`, `too_many_attempts`.
    """
    return await _known(request, keys.find)


async def reader_of(request: web.Request) -> str:
    """Return the id of a request's API key itself, by which its collecting is kept.

    Raises:
        DomainError: as of `key_of`.
    """
    return await _known(request, keys.find_reader)


async def _known(request: web.Request, find: Callable[[Connection, str], str | None]) -> str:
    secret = bearer_of(request)
    if not secret:
        raise DomainError("key_missing", "This needs an API key.")
    host = request.app[HOST]
    key = await host.journal.run(find, secret)
    if key is None:
        raise await slowed(request, NotFound("key_unknown", "The API key is wrong or revoked."))
    host.touch()
    return key


async def is_key_valid(request: web.Request) -> bool:
    """Tell whether the API key of a request that was let in is valid still.

    Raises:
        EnvironmentFailure: `journal_unavailable`.
    """
    return await request.app[HOST].journal.run(keys.find, bearer_of(request)) is not None


def bearer_of(request: web.Request) -> str:
    """Return the secret of a request's Authorization header, "" without one."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def check_page(request: web.Request) -> None:
    """Refuse requests that another site's page makes."""
    check_origin(request, request.app[HOST].settings, needed=False)


def answer(body: msgspec.Struct) -> web.Response:
    """Return a struct as JSON."""
    return web.Response(body=codec.encode(body), content_type="application/json")
