"""Requests over HTTP on the ways of this computer."""

from __future__ import annotations

import http.client
import ssl
import urllib.error
import urllib.request
from typing import Any

from projectdesk.proxies.ways import CONNECT_S, current


class TunnelledHTTP(http.client.HTTPConnection):
    """A connection whose socket is opened on the way that is in force."""

    def connect(self) -> None:
        """Connect."""
        self.sock = current().connect(self.host, self.port, _seconds(self.timeout))


class TunnelledHTTPS(http.client.HTTPSConnection):
    """The same under TLS, from here to the server: a proxy sees host and port only."""

    def __init__(
        self, host: str, *args: Any, context: ssl.SSLContext | None = None, **facts: Any
    ) -> None:
        self._trusted = context or ssl.create_default_context()
        super().__init__(host, *args, context=self._trusted, **facts)

    def connect(self) -> None:
        """Connect and encrypt."""
        plain = current().connect(self.host, self.port, _seconds(self.timeout))
        try:
            self.sock = self._trusted.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def _seconds(timeout: object) -> float:
    return float(timeout) if isinstance(timeout, int | float) else CONNECT_S


class _Http(urllib.request.HTTPHandler):
    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(TunnelledHTTP, request)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, context: ssl.SSLContext | None) -> None:
        super().__init__()
        self._trusted = context or ssl.create_default_context()

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(TunnelledHTTPS, request, context=self._trusted)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Send no request on."""
        return


def open_request(
    request: urllib.request.Request,
    *,
    timeout: float,
    context: ssl.SSLContext | None = None,
    redirects: bool = True,
) -> http.client.HTTPResponse:
    """Return the open answer to a request, as `urllib.request.urlopen` does.

    Raises:
        urllib.error.HTTPError: the server refuses; also a redirect where none is followed.
        OSError: the server is not reached.
        EnvironmentFailure: the proxy is not (`Ways.open`).
    """
    handlers = [urllib.request.ProxyHandler({}), _Http(), _Https(context)]
    opener = urllib.request.build_opener(*handlers, *(() if redirects else (_Stay(),)))
    answer: http.client.HTTPResponse = opener.open(request, timeout=timeout)
    return answer
