"""Mail, calendars, tokens and recordings really go through the proxy that is set."""

from __future__ import annotations

import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from projectdesk.errors import EnvironmentFailure
from projectdesk.exchange.calendar.web import fetch_calendar
from projectdesk.mail import oauth
from projectdesk.mail.account import Credentials, Inbox, MailServer, Security
from projectdesk.mail.imap import ImapConnection
from projectdesk.mail.smtp import Accepted, SmtpConnection
from projectdesk.proxies import Mode, ProxySettings
from projectdesk.proxies.web import open_request
from tests.support.proxy_server import ProxyServer, running
from tests.unit.mail.mail_server import Certificate, SmtpServer, make_certificate
from tests.unit.proxies.conftest import Using

pytestmark = pytest.mark.loopback

HOST = "mail.example.org"
MAIL = b"From: ada@example.org\r\nTo: ben@example.com\r\n\r\nHello\r\n"


@pytest.mark.parametrize("kind", ["http", "socks"])
def test_mail_is_handed_over_through_the_proxy(kind: str, proxy: ProxyServer, using: Using) -> None:
    using(ProxySettings(Mode.MANUAL, proxy.http if kind == "http" else proxy.socks))
    with SmtpServer() as server:
        where = MailServer(HOST, server.port, Security.NONE)
        with SmtpConnection(where, Credentials()) as connection:
            outcome = connection.send("ada@example.org", "ben@example.com", MAIL)
        assert isinstance(outcome, Accepted)
        assert len(server.delivered) == 1
    assert [entry[1:3] for entry in proxy.asked] == [(HOST, where.port)]


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_encryption_is_with_the_server_not_with_the_proxy(
    security: Security, proxy: ProxyServer, using: Using, tmp_path: Path
) -> None:
    using(ProxySettings(Mode.MANUAL, proxy.http))
    certificate = make_certificate(tmp_path)
    with SmtpServer(certificate, tls_first=security is Security.TLS) as server:
        where = MailServer(HOST, server.port, security)
        with pytest.raises(EnvironmentFailure) as caught:
            SmtpConnection(where, Credentials(), str(certificate.chain)).open()
    assert caught.value.code == "mail_certificate", "it is one of localhost"
    assert proxy.asked


def test_a_proxy_that_is_not_there_is_told_as_such(using: Using) -> None:
    with running(ProxyServer()) as server:
        using(ProxySettings(Mode.MANUAL, server.http))
    for open_it in (
        SmtpConnection(MailServer(HOST, 25, Security.NONE), Credentials()).open,
        ImapConnection(Inbox(MailServer(HOST, 993, Security.TLS)), Credentials()).open,
        lambda: fetch_calendar(f"https://{HOST}/a.ics"),
    ):
        with pytest.raises(EnvironmentFailure) as caught:
            open_it()
        assert caught.value.code == "proxy_unreachable"


@pytest.mark.parametrize("security", [Security.NONE, Security.TLS])
def test_an_inbox_is_read_through_the_proxy(
    security: Security, proxy: ProxyServer, using: Using
) -> None:
    using(ProxySettings(Mode.MANUAL, proxy.socks))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def answer() -> None:
            there = listening.accept()[0]
            there.sendall(b"* BYE not today\r\n")
            there.close()

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(EnvironmentFailure):
            ImapConnection(Inbox(MailServer(HOST, port, security)), Credentials()).open()
        thread.join()
    assert [entry[1:3] for entry in proxy.asked] == [(HOST, port)]


# --- the web --------------------------------------------------------------------------------------


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
        inside = self.path == "/away"
        self.send_response(302 if inside else 200)
        if inside:
            self.send_header("Location", "https://127.0.0.1:1/secret")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def page(certificate: Certificate) -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), _Page)
    server.socket = certificate.context().wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def trusting(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(certificate.chain))
    context.check_hostname = False  # the certificate is of localhost, which is near
    return context


def test_calendars_and_requests_go_through_the_proxy(
    page: int, trusting: ssl.SSLContext, proxy: ProxyServer, using: Using
) -> None:
    using(ProxySettings(Mode.MANUAL, proxy.http))
    address = f"https://calendar.example.org:{page}"
    assert fetch_calendar(f"{address}/a.ics", context=trusting).startswith(b"BEGIN:VCALENDAR")
    request = urllib.request.Request(f"{address}/a.ics")
    with open_request(request, timeout=5, context=trusting) as answer:
        assert answer.read().startswith(b"BEGIN:VCALENDAR")
    assert [entry[1:3] for entry in proxy.asked] == [("calendar.example.org", page)] * 2
    away = urllib.request.Request(f"{address}/away")
    with pytest.raises(urllib.error.HTTPError):
        open_request(away, timeout=5, context=trusting, redirects=False)
    # A calendar from outside must not send us on to a machine of this network.
    with pytest.raises(EnvironmentFailure):
        fetch_calendar(f"{address}/away", context=trusting)


def test_tokens_are_asked_for_through_the_proxy(proxy: ProxyServer, using: Using) -> None:
    using(ProxySettings(Mode.MANUAL, proxy.http))
    proxy.status = 502
    service = oauth.SERVICES["google"]
    with pytest.raises(EnvironmentFailure) as caught:
        oauth._post(service, "https://token.example.org/x", {"a": "b"})
    assert caught.value.code == "proxy_refused"
