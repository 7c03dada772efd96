"""`/r/ROOM/api/files`: files of the chat, for who is in the call; and for the desktop.

A file is whatever people put there: it leaves the host as an attachment of no type, and a browser
that opens it all the same does so in a sandbox.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from urllib.parse import quote

from aiohttp import web

from projectdesk.errors import DomainError, EnvironmentFailure, NotFound
from projectdesk.host.driver import RoomDriver
from projectdesk.host.files import FileStore, ReceivedFile
from projectdesk.host.http.context import HOST, answer, key_of
from projectdesk.host.http.security import check_origin, cookie_name
from projectdesk.room.entrance import Refusal
from projectdesk.room.files import FileMemory
from projectdesk.room.names import clean_file_name
from projectdesk.signalling.files import SharedFile

FILES: web.AppKey[FileStore] = web.AppKey("files", FileStore)
_SENDING: web.AppKey[Counter[str]] = web.AppKey("sending", Counter)

UPLOAD_S = 15 * 60.0
"""How long one file may take to come."""
MAX_AT_ONCE = 2
"""Files that one person sends at the same time."""
_CHUNK = 64 * 1024
_SANDBOX = "sandbox; default-src 'none'"


def add_file_routes(app: web.Application, store: FileStore) -> None:
    """Add sending and fetching files."""
    app[FILES] = store
    app[_SENDING] = Counter()
    app.router.add_post("/r/{room}/api/files", _send)
    app.router.add_get("/r/{room}/api/files/{file}", _fetch)
    app.router.add_get("/api/v1/rooms/{room}/files/{file}", _fetch_for_desktop)

    async def begin(_app: web.Application) -> None:
        await store.tidy()

    async def end(_app: web.Application) -> None:
        store.close()

    app.on_startup.append(begin)
    app.on_cleanup.append(end)


async def _send(request: web.Request) -> web.StreamResponse:
    host, room = request.app[HOST], request.match_info["room"]
    check_origin(request, host.settings, needed=True)
    driver, session = _visit(request)
    limit = _allowed(driver, session, request.content_length or 1)
    sending = request.app[_SENDING]
    if sending[session] >= MAX_AT_ONCE:
        raise DomainError("too_many_uploads", "One file after the other, please.")
    sending[session] += 1
    try:
        received = await _receive(request, room, limit)
    finally:
        sending[session] -= 1
        if not sending[session]:
            del sending[session]
    file = SharedFile(
        id=received.id,
        name=clean_file_name(request.query.get("name", "")),
        size=received.size,
    )
    refusal = driver.room.refusal_to_share(session, received.size)
    if refusal is not None:  # left, or reached a limit, while the file came
        await request.app[FILES].discard(room, received.id)
        raise DomainError(refusal.code, refusal.text)
    driver.take_file(session, file, received.sha256)
    host.touch()
    return answer(file)


async def _receive(request: web.Request, room: str, limit: int) -> ReceivedFile:
    chunks = request.content.iter_chunked(_CHUNK)
    try:
        async with asyncio.timeout(UPLOAD_S):
            return await request.app[FILES].receive(room, chunks, limit=limit)
    except TimeoutError as error:
        raise DomainError("file_too_slow", "The file took too long to come.") from error


def _visit(request: web.Request) -> tuple[RoomDriver, str]:
    """Return the room of a cookie's session, and the session's hash.

    Raises:
        DomainError: `session_over`, there is no such session.
    """
    room = request.match_info["room"]
    secret = request.cookies.get(cookie_name(room), "")
    return request.app[HOST].visit(room, secret)


def _allowed(driver: RoomDriver, session: str, size: int) -> int:
    """Return how many bytes a file may have.

    Raises:
        DomainError: none is taken from this person now, or not one of this size.
    """
    refusal = driver.room.refusal_to_share(session, size)
    if refusal is not None:
        raise DomainError(refusal.code, refusal.text)
    return driver.room.snapshot.rules.file_megabytes * 1_000_000


async def _fetch(request: web.Request) -> web.StreamResponse:
    driver, session = _visit(request)
    found = driver.room.file_for(session, request.match_info["file"])
    if isinstance(found, Refusal):
        raise DomainError(found.code, found.text)
    return _attachment(request, found)


async def _fetch_for_desktop(request: web.Request) -> web.StreamResponse:
    key = await key_of(request)
    driver = request.app[HOST].room_of(key, request.match_info["room"])
    found = driver.room.file(request.match_info["file"])
    if found is None:
        raise NotFound("unknown_file", "The meeting has no such file.")
    return _attachment(request, found)


def _attachment(request: web.Request, file: FileMemory) -> web.StreamResponse:
    path = request.app[FILES].path(request.match_info["room"], file.id)
    if path is None:
        raise EnvironmentFailure("file_lost", "The host does not have that file any more.")
    plain = file.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    response = web.FileResponse(path, chunk_size=_CHUNK)
    response.content_type = "application/octet-stream"
    response.headers["Content-Disposition"] = named
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Content-Security-Policy"] = _SANDBOX
    return response
