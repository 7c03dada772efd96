"""Mail is handed to a real server: encryption, sign-in, refusals, and a line that breaks."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from projectdesk.errors import EnvironmentFailure
from projectdesk.mail import smtp
from projectdesk.mail.account import Credentials, MailServer, Security
from projectdesk.mail.smtp import Accepted, Later, Outcome, Refused, SmtpConnection, Unknown
from tests.unit.mail.mail_server import Certificate, SmtpServer

pytestmark = pytest.mark.loopback

MAIL = b"From: ada@example.org\r\nTo: ben@example.com\r\n\r\nHello\r\n.\r\n..two\r\n"
ADA = Credentials("ada@example.org", "right")


def place(server: SmtpServer, security: Security = Security.NONE) -> MailServer:
    return MailServer("localhost", server.port, security)


def send(server: SmtpServer, recipient: str = "ben@example.com", content: bytes = MAIL) -> Outcome:
    with SmtpConnection(place(server), Credentials()) as connection:
        return connection.send("ada@example.org", recipient, content)


def refusal(server: MailServer, credentials: Credentials = ADA, ca_file: str = "") -> str:
    with pytest.raises(EnvironmentFailure) as caught:
        SmtpConnection(server, credentials, ca_file).open()
    assert ADA.password not in caught.value.text
    return caught.value.code


def test_a_mail_arrives_as_it_was_made() -> None:
    with SmtpServer() as server:
        assert send(server) == Accepted("250 2.0.0 queued as 4711")
        (envelope,) = server.delivered
    assert envelope.content == MAIL
    assert (envelope.mail_from, envelope.rcpt_tos) == ("ada@example.org", ["ben@example.com"])


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_one_signs_in_over_an_encrypted_line(certificate: Certificate, security: Security) -> None:
    first = security is Security.TLS
    with SmtpServer(certificate, tls_first=first, users={ADA.user: "right"}) as server:
        where, authority = place(server, security), str(certificate.chain)
        with SmtpConnection(where, ADA, authority) as connection:
            assert isinstance(connection.send(ADA.user, "ben@example.com", MAIL), Accepted)
        wrong = Credentials(ADA.user, "wrong")
        assert refusal(where, wrong, authority) == "mail_sign_in_refused"
        assert refusal(where) == "mail_certificate", "nobody the system knows vouches for it"
    assert len(server.delivered) == 1


def test_one_signs_in_with_a_token(certificate: Certificate) -> None:
    authority = str(certificate.chain)
    with SmtpServer(certificate, tokens={ADA.user: "fresh"}) as server:
        where = place(server, Security.STARTTLS)
        with SmtpConnection(where, Credentials(ADA.user, token="fresh"), authority) as connection:
            assert isinstance(connection.send(ADA.user, "ben@example.com", MAIL), Accepted)
        old = Credentials(ADA.user, token="ended")
        assert refusal(where, old, authority) == "mail_sign_in_refused"


@pytest.mark.full
def test_without_encryption_no_password_is_sent(certificate: Certificate) -> None:
    with SmtpServer(users={ADA.user: "right"}) as server:
        where = place(server, Security.STARTTLS)
        assert refusal(where, ca_file=str(certificate.chain)) == "mail_no_starttls"


@pytest.mark.full
def test_a_server_of_another_name_or_another_encryption(certificate: Certificate) -> None:
    authority = str(certificate.chain)
    with SmtpServer(certificate, tls_first=True) as server:
        other = MailServer("127.0.0.1", server.port, Security.TLS)
        assert refusal(other, ca_file=authority) == "mail_certificate"
    with SmtpServer(certificate) as server:
        other = MailServer("localhost", server.port, Security.TLS)
        assert refusal(other, ca_file=authority) == "mail_tls"


def no_such_host(*_: object, **__: object) -> None:
    raise socket.gaierror(-2, "Name or service not known")


@pytest.mark.full
def test_a_server_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert refusal(MailServer("127.0.0.1", port, Security.STARTTLS)) == "mail_no_answer"
    assert refusal(MailServer("127.0.0.1", port, Security.STARTTLS)) == "mail_no_answer"
    monkeypatch.setattr(socket, "getaddrinfo", no_such_host)
    assert refusal(MailServer("nowhere.invalid", 25, Security.NONE)) == "mail_no_host"
    where = MailServer("127.0.0.1", port, Security.TLS)
    assert refusal(where, ca_file=str(tmp_path / "none.pem")) == "mail_no_authority"


@pytest.mark.full
def test_a_server_refuses_one_and_takes_the_next() -> None:
    with SmtpServer() as server:
        server.mood.recipients = {
            "gone@example.com": "550 5.1.1 No such user",
            "busy@example.com": "450 4.2.1 Try again",
        }
        with SmtpConnection(place(server), Credentials()) as connection:
            outcomes = [
                connection.send("ada@example.org", recipient, MAIL)
                for recipient in ("gone@example.com", "busy@example.com", "ben@example.com")
            ]
        assert outcomes == [
            Refused("550 5.1.1 No such user"),
            Later("450 4.2.1 Try again"),
            Accepted("250 2.0.0 queued as 4711"),
        ]
        server.mood.after_text = "554 5.7.1 Looks like spam"
        assert send(server) == Refused("554 5.7.1 Looks like spam")
        server.mood.after_text = "451 4.3.0 Full"
        assert send(server) == Later("451 4.3.0 Full")


@pytest.mark.parametrize(
    ("where", "expected"), [("data", Later), ("text", Later), ("end", Unknown)]
)
def test_a_line_that_breaks(where: str, expected: type[Outcome]) -> None:
    """Before the end of the text nothing is delivered; after it nobody knows."""
    large = MAIL + b"x" * 20_000_000 if where == "text" else MAIL
    with SmtpServer(data_size_limit=None) as server:
        server.mood.hang_up = where
        with SmtpConnection(place(server), Credentials()) as connection:
            outcome = connection.send("ada@example.org", "ben@example.com", large)
            assert isinstance(outcome, expected)
            assert connection.broken
            assert isinstance(connection.send("a@example.org", "b@example.com", MAIL), Later)
        assert len(server.delivered) == (1 if where == "end" else 0)


def test_what_the_server_cannot_take() -> None:
    with SmtpServer(data_size_limit=100) as server:
        outcome = send(server, content=MAIL * 10)
        assert outcome == Refused("The server takes mails of at most 1 MB.")
    with SmtpServer(enable_SMTPUTF8=False) as server:
        assert isinstance(send(server, "jürgen@example.com"), Refused)
    with SmtpServer(enable_SMTPUTF8=True) as server:
        assert isinstance(send(server, "jürgen@büro.example"), Accepted)
        assert server.delivered[0].rcpt_tos == ["jürgen@xn--bro-hoa.example"]
