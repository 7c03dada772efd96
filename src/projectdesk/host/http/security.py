"""Headers, origins and cookies of the host (security.md)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from aiohttp import web

from projectdesk.errors import DomainError
from projectdesk.host.settings import HostSettings

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; base-uri 'none'; "
            "form-action 'self'; frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self)",
    }
)
_HSTS = "max-age=31536000"


def add_headers(response: web.StreamResponse, settings: HostSettings) -> None:
    """Put the headers of security.md on an answer, but for those that it has already.

    What sets no cache rule is not stored.
    """
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Server"] = "ProjectDesk"
    if settings.tls:
        response.headers["Strict-Transport-Security"] = _HSTS


def check_origin(request: web.Request, settings: HostSettings, *, needed: bool) -> None:
    """Refuse pages of other origins.

    Args:
        request: from a browser (`needed`) or from anybody.
        settings: of this host.
        needed: a missing Origin is refused too; every browser sends it with a WebSocket.

    Raises:
        DomainError: `origin_refused`.
    """
    origin = request.headers.get("Origin")
    if origin is None and not needed:
        return
    if origin not in settings.origins:
        raise DomainError("origin_refused", "This page does not belong to this host.")


def cookie_name(room: str) -> str:
    """Return the name of a room's session cookie (decisions 1)."""
    return f"pd_{room}"


def set_session(response: web.Response, room: str, secret: str, settings: HostSettings) -> None:
    """Put a session's cookie on an answer, for this room's paths only."""
    response.set_cookie(
        cookie_name(room),
        secret,
        path=f"/r/{room}",
        httponly=True,
        secure=settings.secure,
        samesite="Strict",
    )
