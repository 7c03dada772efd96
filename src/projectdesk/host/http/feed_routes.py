"""`GET /d/DESK/feed/TOKEN.ics`: the calendar that other programs subscribe to.

The token is in the path, because calendar programs keep no fragment (decisions 1); logs mask it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from aiohttp import ETag, web

from projectdesk.errors import NotFound
from projectdesk.host.desks import service
from projectdesk.host.http.context import HOST, slowed

_FRESH = "private, max-age=300, must-revalidate"
"""Programs ask every quarter of an hour to every day; five minutes spare those that ask always."""


def add_feed_routes(app: web.Application) -> None:
    """Add the address of feeds; a link that is no token at all is no address."""
    app.router.add_get("/d/{desk}/feed/{token:[A-Za-z0-9_-]{16,64}}.ics", _feed)


async def _feed(request: web.Request) -> web.StreamResponse:
    host, asked = request.app[HOST], request.match_info
    try:
        form = await host.journal.run(service.feed, asked["desk"], asked["token"])
    except NotFound as error:
        raise await slowed(request, error) from error
    host.touch()
    content = form.content.encode("utf-8")
    tag = hashlib.sha256(content).hexdigest()[:32]
    changed_at = form.changed_at.replace(microsecond=0)
    if _is_known(request, tag, changed_at):
        response = web.Response(status=304)
    else:
        response = web.Response(body=content, content_type="text/calendar", charset="utf-8")
        response.headers["Content-Disposition"] = 'inline; filename="projectdesk.ics"'
    response.etag = ETag(tag)
    response.last_modified = changed_at
    response.headers["Cache-Control"] = _FRESH
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _is_known(request: web.Request, tag: str, changed_at: datetime) -> bool:
    """Tell whether who asks has this already (RFC 9110 section 13.2.2)."""
    known = request.if_none_match
    if known is not None:
        return any(each.value in (tag, "*") for each in known)
    since = request.if_modified_since
    return since is not None and changed_at <= since
