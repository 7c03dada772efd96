"""Tries the way to a server: does the proxy answer, and does it connect."""

from __future__ import annotations

from projectdesk.proxies.ways import current

PATIENCE_S = 10.0


def try_way(host: str, port: int) -> str:
    """Connect to a server and let go; return the way that was taken, as `Route` is spelled.

    Raises:
        EnvironmentFailure: as `Ways.open`.
        OSError: the server cannot be reached directly.
    """
    made, route = current().open(host, port, PATIENCE_S)
    made.close()
    return str(route)
