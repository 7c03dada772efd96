"""`/api/v1/rooms/ROOM/recordings`: a desktop lists, fetches and erases what was recorded."""

from __future__ import annotations

from aiohttp import web

from projectdesk.errors import NotFound
from projectdesk.host.http.context import HOST, answer, key_of
from projectdesk.host.recordings import RecordingStore


def add_recording_routes(app: web.Application, store: RecordingStore) -> None:
    """Add list, fetch, fetched and erase."""
    routes = _Routes(store)
    base = "/api/v1/rooms/{room}/recordings"
    app.router.add_get(base, routes.list)
    app.router.add_get(base + "/{recording}/files/{file}", routes.fetch)
    app.router.add_post(base + "/{recording}/fetched", routes.erase)
    app.router.add_delete(base + "/{recording}", routes.erase)


class _Routes:
    def __init__(self, store: RecordingStore) -> None:
        self._store = store

    async def list(self, request: web.Request) -> web.StreamResponse:
        return answer(await self._store.of_room(await _room(request)))

    async def fetch(self, request: web.Request) -> web.StreamResponse:
        """Answer with a file, or with the part that Range asks for."""
        room = await _room(request)
        known = request.match_info
        path = await self._store.file(room, known["recording"], known["file"])
        kind = "video/webm" if path.suffix == ".webm" else "application/json"
        return web.FileResponse(path, headers={"Content-Type": kind})

    async def erase(self, request: web.Request) -> web.StreamResponse:
        room = await _room(request)
        await self._store.erase(room, request.match_info["recording"])
        return web.Response(status=204)


async def _room(request: web.Request) -> str:
    """Return the room of a request, whose key must have made it; a withdrawn room's count too.

    Raises:
        NotFound: `room_unknown`.
        DomainError: as of `key_of`.
    """
    key = await key_of(request)
    room = request.match_info["room"]
    driver = request.app[HOST].driver_of(key, room)
    if driver is None:
        raise NotFound("room_unknown", "The host has no such room.")
    return room
