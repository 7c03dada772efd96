"""The pages and the files they are made of; only known kinds, only from the resources."""

from __future__ import annotations

import time
from pathlib import Path

from aiohttp import hdrs, web

from projectdesk import resources
from projectdesk.errors import NotFound
from projectdesk.host.http.page_files import EDITION_MARK, STATIC, PageFile, PageFiles
from projectdesk.host.http.problems import Handler

_ASK_EACH_TIME = "no-cache"
_FOR_EVER = "public, max-age=31536000, immutable"


def add_pages(app: web.Application) -> None:
    """Add the routes of pages and files."""
    files = PageFiles(resources.path("web"), _gathered())
    for path, name in (
        ("/r/{room}", "call.html"),
        ("/d/{desk}", "desk.html"),
        ("/r/{room}/check", "check.html"),
        ("/check", "check.html"),
    ):
        handler = _page(files, name)
        app.router.add_get(path, handler)
        app.router.add_get(path + "/", handler)
    app.router.add_get(STATIC + "{name:.+}", _static(files))


def _gathered() -> Path:
    """Return the folder of gathered modules, which need not be there."""
    if resources.root().name == "resources":  # a source tree
        return resources.root().parent / "build" / "page"
    return resources.path("page")


def _page(files: PageFiles, name: str) -> Handler:
    async def page(request: web.Request) -> web.StreamResponse:
        files.refresh_at(time.monotonic())
        asked = request.query.get("lang", "")
        accepted = _by_preference(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))
        answer = _answer(request, files.page(name, [asked, *accepted]), _ASK_EACH_TIME)
        answer.headers[hdrs.VARY] = f"{hdrs.ACCEPT_ENCODING}, {hdrs.ACCEPT_LANGUAGE}"
        return answer

    return page


def _static(files: PageFiles) -> Handler:
    """Return what answers for `/static/NAME`, and for `/static/~EDITION/NAME` if it is that of now.

    A page that was opened before an update goes on with the files of now, as it would without
    editions; but those are not what its address names, so they are not kept under it.
    """

    async def static(request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        edition = ""
        if name.startswith(EDITION_MARK):
            edition, _, name = name.removeprefix(EDITION_MARK).partition("/")
        if not edition or edition != files.edition:
            files.refresh_at(time.monotonic())
        file = files.find(name)
        if file is None:
            raise NotFound("not_found", "There is nothing here.")
        is_named = edition == files.edition
        return _answer(request, file, _FOR_EVER if is_named else _ASK_EACH_TIME)

    return static


def _answer(request: web.Request, file: PageFile, rule: str) -> web.Response:
    """Return a file, compressed where the browser takes that; 304 where it has it.

    The tag is weak: compressed or not, it stands for the same content (RFC 9110 section 8.8.1).
    """
    headers = {
        hdrs.CACHE_CONTROL: rule,
        hdrs.ETAG: f'W/"{file.tag}"',
        hdrs.VARY: hdrs.ACCEPT_ENCODING,
    }
    known = request.if_none_match or ()
    if any(one.value in (file.tag, "*") for one in known):
        return web.Response(status=304, headers=headers)
    headers[hdrs.CONTENT_TYPE] = file.kind
    body = file.body
    if "gzip" in _by_preference(request.headers.get(hdrs.ACCEPT_ENCODING, "")) and file.packed:
        headers[hdrs.CONTENT_ENCODING] = "gzip"
        body = file.packed
    return web.Response(body=body, headers=headers)


def _by_preference(header: str) -> list[str]:
    """Return what an Accept header names, best first, without what it refuses by a weight of 0.

    A weight that is none counts as 1: browsers send good ones, and nothing hangs on it.
    """
    weighed: list[tuple[float, str]] = []
    for entry in header.split(","):
        value, _, parameters = entry.partition(";")
        name, _, text = parameters.strip().partition("=")
        try:
            weight = float(text) if name.strip().lower() == "q" else 1.0
        except ValueError:
            weight = 1.0
        if value.strip() and weight > 0:
            weighed.append((weight, value.strip().lower()))
    weighed.sort(key=lambda one: -one[0])
    return [value for _, value in weighed]
