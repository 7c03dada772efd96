"""Tunnels through proxies: CONNECT of HTTP (RFC 9110, 9.3.6) is ours, SOCKS5 by python-socks.

Libraries read the answer to CONNECT through a buffer, and with it what a server of mail says first:
its greeting is lost then, and both sides wait for each other. Ours leaves what comes after unread.
"""

from __future__ import annotations

import base64
import socket
from typing import Final

MOST_BYTES: Final = 65_536
"""Of the head of an answer."""


_WANTS_LOGIN: Final = 407


class RefusedTunnelError(Exception):
    """The proxy says no. wants_login: because it does not know who asks."""

    def __init__(self, reason: str, *, wants_login: bool) -> None:
        super().__init__(reason)
        self.wants_login = wants_login


Login = tuple[str, str]
"""User and password."""


def through_http(
    proxy: tuple[str, int], server: tuple[str, int], login: Login | None, timeout: float
) -> socket.socket:
    """Return a connection to a server by an HTTP proxy.

    Raises:
        RefusedTunnelError: the proxy makes none.
        OSError: the proxy does not answer.
    """
    made = socket.create_connection(proxy, timeout)
    try:
        ask_tunnel(made, *server, login)
    except BaseException:
        made.close()
        raise
    return made


def through_socks(
    proxy: tuple[str, int], server: tuple[str, int], login: Login | None, timeout: float
) -> socket.socket:
    """Return a connection to a server by a SOCKS5 proxy, which resolves its name.

    Raises:
        RefusedTunnelError: the proxy makes none.
        OSError: the proxy does not answer.
        UnicodeError: the login has more than ASCII (RFC 1929 names no encoding).
    """
    # Loaded here: most computers have no proxy.
    from python_socks import ProxyError, ProxyType
    from python_socks.sync import Proxy

    user, password = login or (None, None)
    way = Proxy(ProxyType.SOCKS5, *proxy, username=user, password=password, rdns=True)
    try:
        made = way.connect(server[0].strip("[]"), server[1], timeout=timeout)
    except ProxyError as error:
        wants = "uthenticat" in str(error)
        raise RefusedTunnelError(str(error).rstrip(". "), wants_login=wants) from None
    made.settimeout(timeout)
    return made


def ask_tunnel(proxy: socket.socket, host: str, port: int, login: Login | None = None) -> None:
    """Ask for a tunnel on a connection to a proxy; return when it is there.

    Args:
        proxy: a connection with a time limit.
        host: the server's name or address; the proxy resolves it.
        port: the server's.
        login: user and password, sent by Basic in UTF-8 (RFC 7617).

    Raises:
        RefusedTunnelError: another answer than 2xx.
        OSError: the connection broke, or the answer is none of HTTP.
    """
    name = host.strip("[]")
    name = f"[{name}]" if ":" in name else name.encode("idna").decode("ascii")
    lines = [f"CONNECT {name}:{port} HTTP/1.1", f"Host: {name}:{port}"]
    if login is not None:
        shown = base64.b64encode(":".join(login).encode("utf-8")).decode("ascii")
        lines.append(f"Proxy-Authorization: Basic {shown}")
    proxy.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
    status, reason = _read_status(_read_head(proxy))
    if not 200 <= status <= 299:
        raise RefusedTunnelError(f"{status} {reason}".strip(), wants_login=status == _WANTS_LOGIN)


def _read_head(proxy: socket.socket) -> bytes:
    """Read up to the empty line, and not a byte more."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        # What has come is looked at first, so that it takes few reads.
        seen = proxy.recv(4096, socket.MSG_PEEK)
        if not seen:
            raise ConnectionError("it closed the connection")
        end = (head + seen).find(b"\r\n\r\n")
        taken = len(seen) if end < 0 else end + 4 - len(head)
        head += proxy.recv(taken)
        if len(head) > MOST_BYTES:
            raise ConnectionError("its answer has no end")
    return head


def _read_status(head: bytes) -> tuple[int, str]:
    words = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
    if len(words) < 2 or not words[0].startswith("HTTP/1.") or not words[1].isdigit():
        raise ConnectionError("it does not speak HTTP")
    return int(words[1]), "".join(c for c in " ".join(words[2:])[:200] if c.isprintable())
