"""Reads a calendar at an address of the web: https only, bounded in bytes, time and redirects.

Calendar programs publish a "secret address" of somebody's busy times. What answers there is not
ours: it may be endless, slow, or send us on to a machine of the network that this computer is in.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit, urlunsplit

from projectdesk.errors import DomainError, EnvironmentFailure, FileTooLarge, UnreadableFile
from projectdesk.proxies import DIRECT, current
from projectdesk.worded import Worded, worded

WEB_BYTES_LIMIT = 16 << 20
PATIENCE_S = 20.0
"""For all of it, redirects included."""

REDIRECTS = 5
_CHUNK = 64 << 10
_MOVED = frozenset({301, 302, 303, 307, 308})
_REASONS = {
    401: worded("it asks for a password"),
    403: worded("it refuses to give the calendar"),
    404: worded("there is no calendar (any more)"),
    410: worded("there is no calendar any more"),
    429: worded("it was asked too often; try again later"),
}


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    location: str
    content: bytes


def calendar_address(text: str) -> str:
    """Return the address to read: `webcal:` is https, what Google and Apple copy.

    Raises:
        DomainError: `bad_calendar_address`, it is no https address.
    """
    address = text.strip()
    lower = address.lower()
    for scheme in ("webcals://", "webcal://"):
        if lower.startswith(scheme):
            address = "https://" + address[len(scheme) :]
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.hostname or not address.isprintable():
        raise DomainError(
            "bad_calendar_address",
            "“{address}” is no address of a calendar: expected one that begins with https://.",
            address=text.strip()[:120],
            field="address",
        )
    return address


def fetch_calendar(
    address: str,
    *,
    context: ssl.SSLContext | None = None,
    patience: float = PATIENCE_S,
    clock: Callable[[], float] = time.monotonic,
) -> bytes:
    """Return what lies at an address.

    Args:
        address: of https.
        context: whose certificates are trusted; None = those of the system.
        patience: seconds for all of it.
        clock: seconds.

    Raises:
        DomainError: `bad_calendar_address`.
        EnvironmentFailure: `calendar_unreachable`, with `reason`.
        FileTooLarge: over `WEB_BYTES_LIMIT`.
        UnreadableFile: `calendar_refused`, the server does not give it, with `reason`.
    """
    here = calendar_address(address)
    host, started_inside = "", False
    deadline = clock() + patience
    trusted = context or ssl.create_default_context()
    for hop in range(REDIRECTS + 1):
        host = urlsplit(here).hostname or ""
        try:
            with _Connection(here, trusted, deadline, clock) as connection:
                inside = connection.is_inside
                if hop == 0:
                    started_inside = inside
                elif inside and not started_inside:
                    raise _refused(host, worded("it sends on to an address inside this network"))
                answer = connection.get()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _unreachable(host, error) from error
        if answer.status not in _MOVED:
            break
        here = _next(here, answer.location, host)
    else:
        raise _refused(host, worded("it sends on in circles"))
    if answer.status != 200:
        said = worded("it answers {status}", status=answer.status)
        raise _refused(host, _REASONS.get(answer.status, said))
    return answer.content


def _next(here: str, location: str, host: str) -> str:
    try:
        return calendar_address(urljoin(here, location))
    except DomainError:
        raise _refused(host, worded("it sends on to an address without encryption")) from None


def _refused(host: str, reason: Worded) -> UnreadableFile:
    return UnreadableFile(
        "calendar_refused",
        "The calendar at {host} cannot be read: {reason}.",
        host=host,
        reason=reason,
    )


def _unreachable(host: str, error: Exception) -> EnvironmentFailure:
    if isinstance(error, TimeoutError):
        reason: str = worded("it does not answer in time")
    elif isinstance(error, ssl.SSLCertVerificationError):
        reason = worded("its certificate does not hold ({error})", error=error.verify_message)
    elif isinstance(error, socket.gaierror):
        reason = worded("there is no such host, or no network")
    else:
        reason = getattr(error, "strerror", None) or type(error).__name__
    return EnvironmentFailure(
        "calendar_unreachable",
        "The calendar at {host} cannot be reached: {reason}. What was read before is kept.",
        host=host,
        reason=reason,
    )


class _Connection:
    """One request to one host; every wait ends with the deadline."""

    def __init__(
        self, address: str, context: ssl.SSLContext, deadline: float, clock: Callable[[], float]
    ) -> None:
        self._parts = urlsplit(address)
        self._context = context
        self._deadline = deadline
        self._clock = clock

    def __enter__(self) -> _Connection:
        host = self._parts.hostname or ""
        port = self._parts.port or 443
        plain, self._route = current().open(host, port, self._left())
        self._http = http.client.HTTPSConnection(host, port, context=self._context)
        try:
            self._http.sock = self._context.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    @property
    def is_inside(self) -> bool:
        """Return whether who answers is this computer or a machine of a private network.

        The address of the connection itself is looked at: a name may mean another one a moment
        later. Where a proxy connects, it decides whom it lets us reach; what is near by its name
        is never asked of one.
        """
        if self._route != DIRECT:
            return False
        peer = str(self._http.sock.getpeername()[0])
        return not ipaddress.ip_address(peer.partition("%")[0]).is_global

    def get(self) -> _Answer:
        """Ask, and read the answer."""
        path = urlunsplit(("", "", self._parts.path or "/", self._parts.query, ""))
        headers = {
            "Accept": "text/calendar, */*;q=0.1",
            "Accept-Encoding": "identity",
            "User-Agent": "ProjectDesk",
            "Connection": "close",
        }
        self._http.request("GET", path, headers=headers)
        response = self._http.getresponse()
        if response.status != 200:
            return _Answer(response.status, response.getheader("Location", ""), b"")
        pieces, size = [], 0
        while True:
            if self._http.sock is not None:
                self._http.sock.settimeout(self._left())
            self._left()
            piece = response.read1(_CHUNK)
            if not piece:
                break
            pieces.append(piece)
            size += len(piece)
            if size > WEB_BYTES_LIMIT:
                raise FileTooLarge(
                    "file_too_large",
                    "The calendar at {host} has more than {limit} MB.",
                    host=self._parts.hostname,
                    limit=WEB_BYTES_LIMIT >> 20,
                )
        return _Answer(200, "", b"".join(pieces))

    def _left(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: none.
        """
        left = self._deadline - self._clock()
        if left <= 0:
            raise TimeoutError
        return left
