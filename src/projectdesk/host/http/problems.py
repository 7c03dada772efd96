"""Errors as answers: a status and a `call.Problem` with a stable code."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from aiohttp import web
from aiohttp.typedefs import Middleware

from projectdesk.errors import (
    Conflict,
    EnvironmentFailure,
    NotFound,
    ProjectDeskError,
    RemoteProtocolError,
)
from projectdesk.signalling import codec
from projectdesk.signalling.call import Problem

_log = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_ALWAYS = {"/healthz"}
_RETRY_AFTER_S = "2"

_BY_CODE: Mapping[str, int] = MappingProxyType(
    {
        "key_missing": 401,
        "key_unknown": 401,
        "too_early": 403,
        "removed": 403,
        "locked": 403,
        "origin_refused": 403,
        "not_local": 403,
        "already_here": 409,
        "room_full": 409,
        "lobby_full": 409,
        "deadline_passed": 409,
        "link_revoked": 410,
        "room_withdrawn": 410,
        "room_moved": 410,
        "meeting_ended": 410,
        "message_too_large": 413,
        "session_over": 401,
        "not_admitted": 403,
        "not_allowed": 403,
        "no_files": 403,
        "file_too_large": 413,
        "too_many_files": 409,
        "too_many_own_files": 409,
        "unknown_file": 404,
        "file_lost": 404,
        "file_too_slow": 408,
        "too_many_uploads": 429,
        "host_disk_full": 507,
        "too_many_attempts": 429,
        "too_many_sockets": 429,
        "host_stopping": 503,
        "wrong_node": 421,
    }
)
_BY_KIND: tuple[tuple[type[ProjectDeskError], int], ...] = (
    (NotFound, 404),
    (Conflict, 409),
    (EnvironmentFailure, 503),
    (RemoteProtocolError, 400),
)
_PLAIN: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        404: ("not_found", "There is nothing here."),
        405: ("method_not_allowed", "That cannot be done here."),
        413: ("message_too_large", "That is too large."),
    }
)


def status_of(error: ProjectDeskError) -> int:
    """Return the HTTP status of an error."""
    if error.code in _BY_CODE:
        return _BY_CODE[error.code]
    return next((status for kind, status in _BY_KIND if isinstance(error, kind)), 400)


def problem(status: int, code: str, text: str) -> web.Response:
    """Return a refusal as JSON."""
    body = codec.encode(Problem(code=code, text=text))
    return web.Response(status=status, body=body, content_type="application/json")


@web.middleware
async def answer_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn errors into problems; a bug is logged whole and shown as one."""
    try:
        return await handler(request)
    except ProjectDeskError as error:
        if isinstance(error, EnvironmentFailure):
            _log.error("%s: %s", request.match_info.route.resource, error)
        return problem(status_of(error), error.code, error.text)
    except web.HTTPException as error:
        code, text = _PLAIN.get(error.status, (f"http_{error.status}", error.reason))
        return problem(error.status, code, text)
    except Exception:
        _log.exception("a request to %s failed", request.match_info.route.resource)
        return problem(500, "internal_error", "The host made a mistake. It is in its log.")


def refuse_while_stopping(stopping: asyncio.Event) -> Middleware:
    """Return what answers 503 once the host ends: who comes then is asked to come again."""

    @web.middleware
    async def refuse(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not stopping.is_set() or request.path in _ALWAYS:
            return await handler(request)
        response = problem(503, "host_stopping", "The host restarts. Please try again.")
        response.headers["Retry-After"] = _RETRY_AFTER_S
        return response

    return refuse
