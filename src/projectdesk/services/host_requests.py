"""Asks a meeting host over `/api/v1` from a worker's thread: one request, one answer.

What belongs to the screen is asked by the desktop's own client; this is for long work and for
commands.
"""

from __future__ import annotations

import http.client
import json
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import msgspec

from projectdesk.errors import (
    EnvironmentFailure,
    NotFound,
    ProjectDeskError,
    RemoteProtocolError,
)
from projectdesk.proxies.web import open_request

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

T = TypeVar("T")
_TIMEOUT_S = 30
_MOST = 16 * 1024 * 1024


@dataclass(frozen=True)
class HostAccess:
    """Where a host is. authority: PEM of the only authority that is trusted for it, "" = all."""

    url: str
    key: str = field(repr=False)
    authority: str = ""


def access_to(workspace: Workspace, url: str) -> HostAccess:
    """Return how a server is asked, by the API key that this computer has for it.

    Raises:
        EnvironmentFailure: `host_key_missing`; the key store cannot be reached.
    """
    from projectdesk.services.meeting_hosts import key_name

    key = workspace.secrets.read(key_name(url))
    if key is None:
        raise EnvironmentFailure(
            "host_key_missing",
            "This computer has no API key for {server}. Enter one in Settings, Meeting hosts.",
            server=urlsplit(url).netloc or url,
        )
    return HostAccess(url, key)


def ask(
    access: HostAccess,
    method: str,
    path: str,
    reply_type: type[T],
    body: msgspec.Struct | None = None,
) -> T:
    """Return what a host answers.

    Args:
        access: which host, by which key.
        method: "GET", "PUT", "POST" or "DELETE".
        path: from the root, e.g. "/api/v1/host".
        reply_type: the struct of the answer; `type(None)` where there is none.
        body: the struct to send as JSON.

    Raises:
        EnvironmentFailure: `host_unreachable`.
        NotFound, RemoteProtocolError: the host's own code and words; `host_answer_unknown`.
    """
    content = msgspec.json.encode(body) if body is not None else None
    with open_answer(access, method, path, content=content) as answer:
        try:
            raw = answer.read(_MOST)
        except (OSError, http.client.HTTPException) as error:
            raise unreachable(str(error)) from error
    if reply_type is type(None):
        return None
    try:
        return msgspec.json.decode(raw, type=reply_type)
    except msgspec.MsgspecError as error:
        raise nonsense() from error


def open_answer(
    access: HostAccess, method: str, path: str, *, begin: int = 0, content: bytes | None = None
) -> http.client.HTTPResponse:
    """Return the open answer to a request.

    Args:
        access: which host, by which key.
        method: of HTTP.
        path: from the root.
        begin: from which byte on; 0 = all.
        content: JSON to send.

    Raises:
        EnvironmentFailure: `host_unreachable`.
        NotFound, RemoteProtocolError: the host's own code and words.
    """
    request = urllib.request.Request(  # noqa: S310 - our own host
        access.url + path, data=content, method=method
    )
    request.add_header("Authorization", f"Bearer {access.key}")
    if content is not None:
        request.add_header("Content-Type", "application/json")
    if begin:
        request.add_header("Range", f"bytes={begin}-")
    context = None
    if access.url.startswith("https"):
        context = ssl.create_default_context(cadata=access.authority or None)
    try:
        answer = open_request(request, timeout=_TIMEOUT_S, context=context)
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(error.code, error.read(65536)) from error
    except (OSError, http.client.HTTPException) as error:
        raise unreachable(str(error)) from error
    return answer


def unreachable(reason: str) -> EnvironmentFailure:
    """Return the failure to raise when a host does not answer."""
    return EnvironmentFailure(
        "host_unreachable",
        "The meeting host does not answer ({reason}). Your data is safe; try again.",
        reason=reason,
    )


def nonsense() -> RemoteProtocolError:
    """Return the failure to raise when an answer is not understood."""
    return RemoteProtocolError(
        "host_answer_unknown",
        "The host's answer is of another version. Update the older of desktop and host.",
    )


def _refusal(status: int, raw: bytes) -> ProjectDeskError:
    kind = NotFound if status == http.client.NOT_FOUND else RemoteProtocolError
    try:
        told = json.loads(raw)
        code, words = str(told["code"]), str(told["text"])
    except (ValueError, KeyError, TypeError):
        return kind("host_refused", "The host refused the request (HTTP {status}).", status=status)
    return kind.told(code, words)
