"""`projectdesk mail ...` from set-up to delivery, against real servers."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from projectdesk import cli
from projectdesk.mail.address import Mailbox
from projectdesk.mail.message import compose, new_message_id
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import inbox_handlers, outbox
from projectdesk.services.inbox import IncomingMail, Taken
from projectdesk.services.workspace import Workspace
from tests.unit.mail.dovecot import Dovecot, letter
from tests.unit.mail.mail_server import Certificate, SmtpServer
from tests.unit.mail.token_server import TokenServer

pytestmark = pytest.mark.loopback
Run = Callable[..., Any]


class Kept(MemorySecrets):
    """A key store that outlives a command."""

    durable = True


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `projectdesk mail ... --json` on a fresh data folder; return the document."""
    kept = Kept()
    monkeypatch.setattr("projectdesk.secrets.choose", lambda *_: kept)

    def mail(*arguments: str, code: int = 0) -> Any:
        capsys.readouterr()
        given = ["mail", arguments[0], "--data", str(tmp_path / "data"), "--json", *arguments[1:]]
        assert cli.main(given) == code
        said = capsys.readouterr()
        return json.loads(said.out or said.err.splitlines()[-1])

    return mail


@pytest.fixture
def server(certificate: Certificate) -> Iterator[SmtpServer]:
    with SmtpServer(certificate, users={"ada@example.org": "right"}) as running:
        yield running


def queue(data: Path, text: str = "Dear Ben") -> UUID:
    message = compose(
        sender=Mailbox("ada@example.org", "Ada"),
        recipient=Mailbox("ben@example.com"),
        subject="Kick-off / début",
        text=text,
        message_id=new_message_id("ada@example.org", uuid4()),
        date=datetime.now(UTC),
    )
    with Workspace.open(data) as workspace, workspace.change("Invite") as unit:
        return outbox.queue(
            unit, purpose="invitation", recipient="ben@example.com", message=message
        )


def set_up(run: Run, server: SmtpServer, certificate: Certificate, *more: str) -> Any:
    return run(
        "set-up",
        "ada@example.org",
        "--smtp",
        f"localhost:{server.port}",
        "--smtp-security",
        "starttls",
        "--ca-file",
        str(certificate.chain),
        *more,
    )


def test_from_set_up_to_delivery(
    run: Run,
    server: SmtpServer,
    certificate: Certificate,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = tmp_path / "data"
    assert run("send", code=2)["error"]["code"] == "mail_no_account"
    monkeypatch.setattr("sys.stdin", io.StringIO("right\n"))
    made = set_up(run, server, certificate, "--imap", "-", "--password")
    assert made["has_password"]
    assert "right" not in (data / "mail.json").read_text()
    assert run("test")["sent"] == "250 2.0.0 queued as 4711"
    good, bad = queue(data), queue(data, "http://localhost/r/abc#token")
    done = run("send")
    assert (done["sent"], done["refused"]) == ([str(good)], [str(bad)])
    assert [row["state"] for row in run("list")] == ["refused", "sent"]
    assert run("list", "--state", "sent")[0]["reply"] == "250 2.0.0 queued as 4711"
    assert run("retry", str(good), code=2)["error"]["code"] == "mail_not_again"
    assert run("retry", str(bad), "--private-links") == {"queued": 1}
    assert run("cancel", str(bad)) == {"cancelled": 1}
    saved = tmp_path / "saved.eml"
    shown = run("show", str(good), "--out", str(saved))
    assert shown["headers"]["Subject"] == "Kick-off / début"
    assert saved.read_bytes().startswith(b"X-Unsent: 1\r\n")
    assert len(server.delivered) == 2
    assert run("show", "no-such-mail", code=2)["error"]["code"] == "mail_unknown"
    run("forget")
    assert run("account") == {"account": None, "has_password": False, "fixed": []}


@pytest.mark.full
def test_a_wrong_password_is_told_and_everything_waits(
    run: Run, server: SmtpServer, certificate: Certificate, tmp_path: Path, capsys: Any
) -> None:
    set_up(run, server, certificate, "--imap", "-")
    queue(tmp_path / "data")
    problem = run("send", code=1)["problem"]
    assert problem["code"] == "mail_password_needed"
    assert run("test", code=2)["error"]["code"] == "mail_password_needed"
    assert [row["state"] for row in run("list")] == ["queued"]


def test_what_an_administrator_fixed_stays(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.json"
    policy.write_text('{"smtp": {"host": "mail.inst.eu"}, "client_id": "ours", "nonsense": 1}')
    monkeypatch.setenv("PROJECTDESK_MAIL_POLICY", str(policy))
    made = run("set-up", "ada@inst.eu", "--smtp", "elsewhere.example:25")
    assert made["account"]["smtp"]["host"] == "mail.inst.eu"
    assert made["account"]["smtp"]["port"] == 25
    assert made["account"]["client_id"] == "ours"
    assert made["fixed"] == ["client_id", "smtp"]
    policy.write_text('{"smtp": {"port": "many"}}')
    assert run("account", code=2)["error"]["code"] == "mail_policy_damaged"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--smtp", "nonsense"), "bad_server"),
        (("--smtp", "bad host:25"), "bad_host"),
        (("--smtp", "mail.example.org:99999"), "bad_port"),
        (("--smtp", "mail.example.org:25", "--smtp-security", "none"), "mail_password_in_clear"),
        (("--sign-in", "oauth", "--oauth", "google"), "mail_client_id"),
        (("--ca-file", "/no/such/file"), "no_file"),
    ],
)
def test_what_makes_no_account_is_refused(run: Run, more: tuple[str, ...], code: str) -> None:
    assert run("set-up", "ada@example.org", *more, code=2)["error"]["code"] == code
    assert run("account")["account"] is None


@pytest.mark.full
def test_an_answer_in_a_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_handlers, "HANDLERS", (taking,))
    file = tmp_path / "answer.eml"
    file.write_bytes(letter("<a@x>", "Accepted: Kick-off"))
    other = tmp_path / "other.eml"
    other.write_bytes(letter("<b@x>", "Lunch?"))
    first, second = run("read", str(file), str(other))
    assert first["read"]["taken"]["detail"] == "Ben accepts."
    assert second["read"]["taken"] is None
    assert run("read", str(file))[0]["read"]["known"]
    assert [row["outcome"] for row in run("received")] == ["answer_taken"]
    assert run("read", str(tmp_path / "none.eml"), code=2)["error"]["code"] == "file_unreadable"


class Valid(dict[str, str]):
    """The access token that is good now, for whoever asks."""

    def __init__(self, tokens: TokenServer) -> None:
        super().__init__({"ada@example.org": ""})
        self._tokens = tokens

    def get(self, _user: str, _default: object = None) -> str:  # type: ignore[override]
        return next(iter(self._tokens.valid), "none")


def in_background(browse: Callable[[str], str]) -> Callable[[str], bool]:
    """A browser is another program: who opens it does not wait for it."""

    def open_(url: str) -> bool:
        threading.Thread(target=browse, args=(url,)).start()
        return True

    return open_


def taking(_unit: object, mail: IncomingMail) -> Taken | None:
    if mail.subject.startswith("Broken"):
        raise ZeroDivisionError
    return Taken("answer_taken", "Ben accepts.") if "Accepted" in mail.subject else None


@pytest.mark.full
def test_signed_in_with_a_browser_against_dovecot(
    run: Run, certificate: Certificate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OAuth 2 from the browser to SMTP and IMAP; then the inbox, each mail once."""
    monkeypatch.setattr(inbox_handlers, "HANDLERS", (taking,))
    with TokenServer() as tokens, SmtpServer(certificate, tokens=Valid(tokens)) as smtp:
        monkeypatch.setattr("webbrowser.open", in_background(tokens.browse))
        introspection = f"{tokens.url}/introspect"
        (tmp_path / "dovecot").mkdir()
        with Dovecot(tmp_path / "dovecot", certificate, introspection) as dovecot:
            set_up(
                run,
                smtp,
                certificate,
                *("--imap", f"localhost:{dovecot.port}", "--imap-security", "starttls"),
                *("--sign-in", "oauth", "--oauth", "microsoft", "--client-id", "ours"),
                *("--authority", tokens.url),
            )
            assert run("test", code=2)["error"]["code"] == "mail_sign_in_needed"
            assert run("sign-in", "--browser")["has_password"]
            assert run("test")["inbox"] is True
            for number, subject in enumerate(("Lunch?", "Broken", "Accepted: Kick-off")):
                dovecot.deliver("ada@example.org", letter(f"<{number}@x>", subject))
            looked = run("check-inbox")
            assert looked["read"] == 3
            outcomes = [read["taken"]["outcome"] for read in looked["taken"]]
            assert outcomes == ["not_taken", "answer_taken"]
            assert run("check-inbox")["read"] == 0
            (tmp_path / "data" / "mail-inbox.json").unlink()
            again = run("check-inbox")
            assert (again["read"], again["taken"]) == (3, [])
            assert not any(b"Seen" in flags for flags in dovecot.flags("ada@example.org"))
