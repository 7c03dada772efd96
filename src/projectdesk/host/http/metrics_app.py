"""`/metrics` and `/healthz` on a listener of their own: never where guests are.

On loopback it is open to this computer; elsewhere it needs the secret `metrics-token` as a bearer.
"""

from __future__ import annotations

import hmac

from aiohttp import web

from projectdesk.errors import EnvironmentFailure
from projectdesk.host.exposition import CONTENT_TYPE, collect
from projectdesk.host.host import Host
from projectdesk.host.http.context import HOST, bearer_of
from projectdesk.host.http.control_routes import health
from projectdesk.host.http.problems import problem
from projectdesk.host.settings import is_loopback


def check_reach(bind: str, token: str | None) -> None:
    """Refuse figures that anybody could read.

    Raises:
        EnvironmentFailure: `metrics_open`, the address is not loopback and there is no token.
    """
    if token is None and not is_loopback(bind):
        raise EnvironmentFailure(
            "metrics_open",
            "Figures on {bind} need a secret “metrics-token”, or anybody could read them. "
            "Give one, or use 127.0.0.1.",
            bind=bind,
        )


def make_metrics_app(host: Host, token: str | None) -> web.Application:
    """Return the application that answers a Prometheus server.

    Args:
        host: whose figures.
        token: what a request must carry as its bearer; None = nothing.
    """
    app = web.Application()
    app[HOST] = host

    async def metrics(request: web.Request) -> web.StreamResponse:
        if token is not None and not hmac.compare_digest(bearer_of(request), token):
            return problem(401, "key_unknown", "The figures need their token.")
        text = await collect(host)
        return web.Response(body=text.encode(), headers={"Content-Type": CONTENT_TYPE})

    app.router.add_get("/metrics", metrics)
    app.router.add_get("/healthz", health)
    return app
