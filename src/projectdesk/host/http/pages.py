"""The pages and the files they are made of; only known kinds, only from the resources."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from aiohttp import web

from projectdesk import resources
from projectdesk.errors import NotFound
from projectdesk.host.http.problems import Handler

_KINDS: Mapping[str, str] = MappingProxyType(
    {
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".mjs": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".json": "application/json; charset=utf-8",
        ".svg": "image/svg+xml",
        ".png": "image/png",
        ".ico": "image/x-icon",
        ".webp": "image/webp",
        ".woff2": "font/woff2",
        ".wasm": "application/wasm",
        ".mp3": "audio/mpeg",
        ".ogg": "audio/ogg",
        ".wav": "audio/wav",
    }
)
"""File name's end to MIME type; nothing else is served. Not the system's table: Windows' varies."""


def add_pages(app: web.Application) -> None:
    """Add the routes of pages and files."""
    for path, name in (
        ("/r/{room}", "call.html"),
        ("/d/{desk}", "desk.html"),
        ("/r/{room}/check", "check.html"),
        ("/check", "check.html"),
    ):
        handler = _page(name)
        app.router.add_get(path, handler)
        app.router.add_get(path + "/", handler)
    app.router.add_get("/static/{name:.+}", _static)


def _page(name: str) -> Handler:
    async def page(request: web.Request) -> web.StreamResponse:
        return _file(name)

    return page


async def _static(request: web.Request) -> web.StreamResponse:
    return _file(request.match_info["name"])


def _file(name: str) -> web.StreamResponse:
    """Return a file of the page; the browser asks each time whether it changed."""
    root = resources.path("web").resolve()
    path = (root / name).resolve()
    kind = _KINDS.get(path.suffix.lower())
    if kind is None or not path.is_relative_to(root) or not path.is_file():
        raise NotFound("not_found", "There is nothing here.")
    return web.FileResponse(path, headers={"Content-Type": kind, "Cache-Control": "no-cache"})
