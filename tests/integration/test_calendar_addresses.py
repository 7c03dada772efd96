"""A calendar at an address: a real HTTPS server that answers well, badly, too much, elsewhere."""

from __future__ import annotations

import ipaddress
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from projectdesk.errors import EnvironmentFailure, FileTooLarge, UnreadableFile
from projectdesk.exchange.calendar import web

pytestmark = pytest.mark.loopback

CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        where = self.path.partition("?")[0]
        if where == "/good.ics":
            self._send(200, CALENDAR)
        elif where == "/moved":
            self._send(302, b"", Location="/good.ics")
        elif where == "/circle":
            self._send(302, b"", Location="/circle")
        elif where == "/plain":
            self._send(302, b"", Location="http://127.0.0.1/good.ics")
        elif where == "/secret":
            self._send(401, b"")
        elif where == "/endless":
            self._send_on(b"x" * (1 << 16), 0)
        elif where == "/slow":
            self._send_on(b"x", 0.05)
        else:
            self._send(404, b"")

    def _send(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _send_on(self, piece: bytes, pause: float) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(100_000):
                self.wfile.write(piece)
                if pause:
                    time.sleep(pause)
        except OSError:
            pass  # the reader has had enough

    def log_message(self, *_: object) -> None:
        pass


def _certificate(folder: Path) -> Path:
    """Write a certificate of 127.0.0.1 with its key; return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


class Served:
    """address: of the server. trusted: a context that trusts its certificate."""

    def __init__(self, address: str, trusted: ssl.SSLContext) -> None:
        self.address = address
        self.trusted = trusted

    def fetch(self, path: str, patience: float = 20) -> bytes:
        return web.fetch_calendar(self.address + path, context=self.trusted, patience=patience)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    file = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = False
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    trusted = ssl.create_default_context(cafile=str(file))
    yield Served(f"https://127.0.0.1:{server.server_port}", trusted)
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_calendar_is_read_and_a_redirect_followed(served: Served) -> None:
    assert served.fetch("/good.ics") == CALENDAR
    assert served.fetch("/moved?key=1") == CALENDAR


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/secret", "password"),
        ("/gone", "no calendar"),
        ("/circle", "circles"),
        ("/plain", "without encryption"),
    ],
)
def test_what_a_server_refuses_is_said(served: Served, path: str, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason) as refused:
        served.fetch(path)
    assert refused.value.code == "calendar_refused"


def test_a_calendar_without_end_is_left(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "WEB_BYTES_LIMIT", 1 << 20)
    with pytest.raises(FileTooLarge):
        served.fetch("/endless")


def test_a_server_that_drips_is_left_in_time(served: Served) -> None:
    begin = time.monotonic()
    with pytest.raises(EnvironmentFailure, match="in time"):
        served.fetch("/slow", patience=0.4)
    assert time.monotonic() - begin < 5


def test_a_certificate_that_nobody_trusts_is_refused(served: Served) -> None:
    with pytest.raises(EnvironmentFailure, match="certificate"):
        web.fetch_calendar(served.address + "/good.ics")


def test_a_server_outside_does_not_send_us_inside(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first host is outside, the one it names is not: looked at by the connection itself."""
    places = iter([False, True])
    monkeypatch.setattr(web._Connection, "is_inside", property(lambda _: next(places)))
    with pytest.raises(UnreadableFile, match="inside this network"):
        served.fetch("/moved")
    assert next(places, None) is None


def test_nobody_there_is_said() -> None:
    with pytest.raises(EnvironmentFailure) as failed:
        web.fetch_calendar("https://127.0.0.1:1/x.ics")
    assert failed.value.code == "calendar_unreachable"
