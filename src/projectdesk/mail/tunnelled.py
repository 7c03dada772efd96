"""Clients of mail whose sockets are opened on this computer's way out: directly or by its proxy.

The standard library's clients make their socket in one method each, which is their own; that these
methods are still there is what `tests/unit/proxies/test_mail_by_proxy.py` finds out.
"""

from __future__ import annotations

import imaplib
import smtplib
import socket
import ssl
from typing import Any

from projectdesk.proxies import current
from projectdesk.proxies.ways import CONNECT_S


def _encrypted(plain: socket.socket, context: ssl.SSLContext, host: str) -> ssl.SSLSocket:
    try:
        return context.wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


class Smtp(smtplib.SMTP):
    """A client of SMTP."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return current().connect(host, port, timeout)


class SmtpTls(smtplib.SMTP_SSL):
    """A client of SMTP that begins with TLS."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return _encrypted(current().connect(host, port, timeout), self.context, host)


class Imap(imaplib.IMAP4):
    """A client of IMAP."""

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return current().connect(self.host, self.port, timeout or CONNECT_S)


class ImapTls(imaplib.IMAP4_SSL):
    """A client of IMAP that begins with TLS."""

    def __init__(self, host: str, port: int, *, context: ssl.SSLContext, timeout: float) -> None:
        self._trusted = context
        super().__init__(host, port, ssl_context=context, timeout=timeout)

    def _create_socket(self, timeout: float | None) -> Any:
        plain = current().connect(self.host, self.port, timeout or CONNECT_S)
        return _encrypted(plain, self._trusted, self.host)
