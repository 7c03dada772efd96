"""Files of desks: desktops bring them, who has a personal link of the desk fetches them.

What comes out is an attachment of no type, and a browser that opens it all the same does so in a
sandbox, as with files of the chat.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from urllib.parse import quote

from aiohttp import web

from projectdesk.errors import DomainError, EnvironmentFailure, NotFound, RemoteProtocolError
from projectdesk.host.desks import service
from projectdesk.host.host import Host
from projectdesk.host.http.context import HOST, answer, body_of, check_page, key_of, slowed
from projectdesk.host.journal import desk_files
from projectdesk.signalling.desk import MAX_DESK_FILE, DeskFileFacts, FileRequest

UPLOAD_S = 15 * 60.0
"""How long one file may take to come."""
_HASH = re.compile(r"[0-9a-f]{64}")
_SANDBOX = "sandbox; default-src 'none'"


def add_desk_file_routes(app: web.Application) -> None:
    """Add bringing, asking for and fetching files of desks."""
    app.router.add_get("/api/v1/desk-files/{sha256}", _facts)
    app.router.add_put("/api/v1/desk-files/{sha256}", _take)
    app.router.add_post("/d/{desk}/api/file", _give)


async def _facts(request: web.Request) -> web.StreamResponse:
    key, sha256 = await key_of(request), _sha256(request)
    host = request.app[HOST]
    size = await host.journal.run(desk_files.ask_for, key, sha256, host.clock())
    if size is None:
        raise NotFound("desk_file_unknown", "The host has no such file.")
    return answer(DeskFileFacts(sha256=sha256, size=size))


async def _take(request: web.Request) -> web.StreamResponse:
    key, sha256 = await key_of(request), _sha256(request)
    if (request.content_length or 0) > MAX_DESK_FILE:
        raise _too_large()
    host = request.app[HOST]
    size = await host.journal.run(desk_files.size_of, key, sha256)
    if size is None:
        upload = await host.journal.run(desk_files.begin, key, sha256, host.clock())
        try:
            async with asyncio.timeout(UPLOAD_S):
                size = await _keep(host, request, upload, sha256)
        except BaseException as error:
            await asyncio.shield(host.journal.run(desk_files.discard, [upload]))
            if isinstance(error, TimeoutError):
                raise DomainError("file_too_slow", "The file took too long to come.") from error
            raise
    return answer(DeskFileFacts(sha256=sha256, size=size))


async def _keep(host: Host, request: web.Request, upload: str, sha256: str) -> int:
    """Keep a file part by part as it comes; return its bytes."""
    digest, size = hashlib.sha256(), 0
    number = 0
    async for part in _parts(request):
        size += len(part)
        if size > MAX_DESK_FILE:
            raise _too_large()
        digest.update(part)
        await host.journal.run(desk_files.add_part, upload, number, part)
        number += 1
    if digest.hexdigest() != sha256:
        raise RemoteProtocolError("other_content", "The content is not the one that was announced.")
    await host.journal.run(desk_files.finish, upload, host.clock())
    return size


async def _parts(request: web.Request) -> AsyncIterator[bytes]:
    gathered = bytearray()
    async for chunk in request.content.iter_any():
        gathered += chunk
        while len(gathered) >= desk_files.PART:
            yield bytes(gathered[: desk_files.PART])
            del gathered[: desk_files.PART]
    if gathered:
        yield bytes(gathered)


async def _give(request: web.Request) -> web.StreamResponse:
    check_page(request)
    asked = await body_of(request, FileRequest)
    host, desk = request.app[HOST], request.match_info["desk"]
    try:
        offered = await host.journal.run(service.offered_file, desk, asked.token, asked.file)
    except NotFound as error:
        if error.code != "unknown_link":
            raise
        raise await slowed(request, error) from error
    found = await host.journal.run(desk_files.upload_of, offered.key_id, asked.file)
    if found is None:
        raise EnvironmentFailure(
            "file_lost", "The host does not have that file yet. Ask the organiser for it."
        )
    host.touch()
    return await _attachment(request, offered.name, *found)


async def _attachment(
    request: web.Request, name: str, upload: str, size: int
) -> web.StreamResponse:
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    response = web.StreamResponse()
    response.content_type = "application/octet-stream"
    response.content_length = size
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Content-Security-Policy"] = _SANDBOX
    response.headers["Cache-Control"] = "no-store"
    await response.prepare(request)
    journal, number = request.app[HOST].journal, 0
    while (part := await journal.run(desk_files.part_of, upload, number)) is not None:
        await response.write(part)
        number += 1
    await response.write_eof()
    return response


def _sha256(request: web.Request) -> str:
    value = request.match_info["sha256"]
    if _HASH.fullmatch(value) is None:
        raise RemoteProtocolError("bad_id", "A file is named by its SHA-256 in hex.")
    return value


def _too_large() -> DomainError:
    return DomainError("file_too_large", "The file is larger than links may offer.")
