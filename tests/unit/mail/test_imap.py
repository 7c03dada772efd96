"""An inbox is read and left as it was: against dovecot, and what a broken server says."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest

from projectdesk.errors import EnvironmentFailure
from projectdesk.mail import imap
from projectdesk.mail.account import Credentials, Inbox, MailServer, Security
from projectdesk.mail.imap import Fetched, ImapConnection, Position
from tests.unit.mail.dovecot import PASSWORD, Dovecot, letter, program
from tests.unit.mail.mail_server import Certificate

TODAY = datetime.now().astimezone().date()
ADA = Credentials("ada", PASSWORD)


def connection(
    port: int,
    certificate: Certificate | None,
    security: Security = Security.STARTTLS,
    credentials: Credentials = ADA,
    folder: str = "INBOX",
) -> ImapConnection:
    server = MailServer("localhost", port, security)
    chain = str(certificate.chain) if certificate else ""
    return ImapConnection(Inbox(server, folder), credentials, chain)


def test_names_of_folders_on_the_wire() -> None:
    assert imap._quoted("INBOX") == '"INBOX"'
    assert imap._quoted("Entwürfe & Co") == '"Entw&APw-rfe &- Co"'
    assert imap._quoted("台北") == '"&U,BTFw-"'
    assert imap._quoted('a"b\\c') == '"a\\"b\\\\c"'


@contextmanager
def saying(*answers: bytes) -> Iterator[int]:
    """A server that greets, answers each line as told, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            taken, _ = listener.accept()
            with taken, taken.makefile("rb") as lines:
                taken.sendall(b"* OK hello\r\n")
                for answer in (b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n", *answers):
                    tag = lines.readline().split(b" ")[0]
                    taken.sendall(answer.replace(b"TAG", tag))

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            thread.join(10)


@pytest.mark.loopback
def test_what_a_server_says_is_told() -> None:
    with saying(b"TAG NO [AUTHENTICATIONFAILED] Wrong\r\n", b"TAG OK bye\r\n") as port:
        with pytest.raises(EnvironmentFailure, match="Wrong") as caught:
            connection(port, None, Security.NONE).open()
        assert caught.value.code == "mail_sign_in_refused"
        assert PASSWORD not in caught.value.text
    with saying(b"") as port, pytest.raises(EnvironmentFailure):
        connection(port, None, Security.NONE).open()
    with saying(b"TAG OK bye\r\n") as port:
        with pytest.raises(EnvironmentFailure) as caught:
            connection(port, None, Security.STARTTLS).open()
        assert caught.value.code == "mail_no_starttls"


# --- dovecot --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, certificate: Certificate) -> Iterator[Dovecot]:
    if program() is None:
        pytest.fail("dovecot is not installed")
    with Dovecot(tmp_path_factory.mktemp("dovecot"), certificate) as running:
        yield running


def read(
    server: Dovecot, certificate: Certificate, after: Position | None = None, **how: str
) -> list[Fetched]:
    with connection(server.port, certificate, **how) as opened:  # type: ignore[arg-type]
        return list(opened.new_messages(after, TODAY))


@pytest.mark.full
@pytest.mark.loopback
class TestDovecot:
    def test_what_is_new_is_read_once_and_left_unread(
        self, server: Dovecot, certificate: Certificate
    ) -> None:
        server.deliver("ada", letter("<1@x>"))
        server.deliver("ada", letter("<2@x>", text="ü" * 1_000))
        first = read(server, certificate)
        assert [b"<1@x>" in (one.content or b"") for one in first] == [True, False]
        assert read(server, certificate, first[-1].position) == []
        server.deliver("ada", letter("<3@x>"))
        (third,) = read(server, certificate, first[-1].position)
        assert b"<3@x>" in (third.content or b"")
        assert not any(b"\\Seen" in flags for flags in server.flags("ada"))

    def test_a_mailbox_that_was_made_anew_is_read_again(
        self, server: Dovecot, certificate: Certificate
    ) -> None:
        as_eve = Credentials("eve", PASSWORD)
        server.deliver("eve", letter("<1@x>"))
        with connection(server.port, certificate, credentials=as_eve) as opened:
            (before,) = opened.new_messages(None, TODAY)
        later = Position(before.position.validity - 1, before.position.uid + 5)
        with connection(server.port, certificate, credentials=as_eve) as opened:
            assert len(list(opened.new_messages(later, TODAY))) == 1

    def test_tls_from_the_first_byte_and_folders_of_any_name(
        self, server: Dovecot, certificate: Certificate
    ) -> None:
        server.deliver("ada", letter("<4@x>"), '"Antworten f&APw-r uns"')
        opened = connection(server.tls_port, certificate, Security.TLS, folder="Antworten für uns")
        with opened:
            (found,) = opened.new_messages(None, TODAY)
        assert b"<4@x>" in (found.content or b"")
        with (
            connection(server.port, certificate, folder="Nowhere") as opened,
            pytest.raises(EnvironmentFailure, match="no folder “Nowhere”"),
        ):
            list(opened.new_messages(None, TODAY))

    def test_who_is_not_let_in(self, server: Dovecot, certificate: Certificate) -> None:
        wrong = Credentials("ada", "wrong")
        with pytest.raises(EnvironmentFailure) as caught:
            connection(server.port, certificate, credentials=wrong).open()
        assert caught.value.code == "mail_sign_in_refused"
        with pytest.raises(EnvironmentFailure) as caught:
            connection(server.port, None).open()
        assert caught.value.code == "mail_certificate"

    def test_a_message_that_is_too_large_is_left_out(
        self, server: Dovecot, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server.deliver("large", letter("<5@x>", text="x" * 70 + "\n" * 1_000))
        monkeypatch.setattr(imap, "LARGEST", 500)
        large = Credentials("large", PASSWORD)
        with connection(server.port, certificate, credentials=large) as opened:
            (found,) = opened.new_messages(None, TODAY)
        assert found.content is None
