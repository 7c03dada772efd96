"""The mail page, and what goes on in the background."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pytestqt.qtbot import QtBot

from projectdesk.desktop.pages.mail import MailPage
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.routes import Route
from projectdesk.desktop.runtime.mailing import Mailing
from projectdesk.errors import EnvironmentFailure
from projectdesk.mail.account import Inbox, MailAccount, MailServer, Security, SignIn
from projectdesk.mail.address import Mailbox
from projectdesk.mail.message import compose, new_message_id
from projectdesk.mail.smtp import Accepted, Refused, Unknown
from projectdesk.services import inbox_check, mail_accounts, outbox, sending
from projectdesk.services.inbox import Read, Taken
from projectdesk.services.inbox_check import InboxReport
from projectdesk.services.queries import mail as queries
from projectdesk.services.workspace import Workspace
from tests.unit.desktop.conftest import NOW, InstantSession

ADA = "ada@example.org"


class Line:
    """A connection that says of a recipient what a test wants."""

    broken = False

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers

    def open(self) -> None:
        pass

    def close(self) -> None:
        pass

    def send(self, _author: str, recipient: str, _content: bytes) -> Any:
        return self.answers.get(recipient, Accepted("250 OK"))


def account(workspace: Workspace, **changed: Any) -> None:
    parts: dict[str, Any] = {
        "address": ADA,
        "smtp": MailServer("127.0.0.1", 25, Security.NONE),
        "sign_in": SignIn.NONE,
    }
    mail_accounts.save(workspace.data, MailAccount(**(parts | changed)))


def queue(workspace: Workspace, recipient: str, later: float = 0, text: str = "Dear Ben") -> UUID:
    message = compose(
        sender=Mailbox(ADA),
        recipient=Mailbox(recipient),
        subject=f"Kick-off for {recipient}",
        text=text,
        message_id=new_message_id(ADA, uuid4()),
        date=NOW,
    )
    with workspace.change("Invite") as unit:
        return outbox.queue(
            unit,
            purpose="invitation",
            recipient=recipient,
            message=message,
            due_at=NOW + timedelta(hours=later),
        )


def send(workspace: Workspace, **answers: Any) -> None:
    by_address = {f"{name}@example.com": outcome for name, outcome in answers.items()}
    sending.send_due(workspace, connect=lambda: Line(by_address))


@pytest.fixture
def page(
    qtbot: QtBot, dressed: object, workspace: Workspace, instant: InstantSession
) -> Callable[[], MailPage]:
    def make() -> MailPage:
        mailing = Mailing(instant, lambda: NOW)
        made = MailPage(instant, Reader(instant), mailing)
        qtbot.addWidget(made)
        made.resize(1200, 800)
        made.show()
        made.destroyed.connect(mailing.stop)
        return made

    return make


def shown(page: MailPage) -> list[str]:
    return [row.recipient.partition("@")[0] for row in page.outbox.records.table.shown()]


def test_the_outbox_says_what_became_of_each(
    page: Callable[[], MailPage], workspace: Workspace
) -> None:
    account(workspace)
    for name in ("ben", "cleo", "dan"):
        queue(workspace, f"{name}@example.com")
    queue(workspace, "eve@example.com", later=5)
    send(workspace, ben=Refused("550 No such user"), cleo=Unknown("The connection broke."))
    made = page()
    assert sorted(shown(made)[:2]) == ["ben", "cleo"], "what needs a person comes first"
    made.outbox.filters.choose("waiting")
    made.presenter.show_only("waiting")
    assert shown(made) == ["eve"]
    made.open(Route("mail", tab="troubled"))  # type: ignore[arg-type]
    assert sorted(shown(made)) == ["ben", "cleo"]
    ben = next(r for r in made.outbox.records.table.rows if "ben" in r.recipient)
    made.outbox.records.select(ben.id)
    reader = made.outbox.reader
    assert not reader.isHidden()
    assert reader.said.text() == "550 No such user"
    assert reader.text.toPlainText().strip() == "Dear Ben"
    assert not reader.again.isHidden()
    assert reader.back.isHidden()


def test_sent_again_only_after_a_question_when_it_may_have_arrived(
    page: Callable[[], MailPage], workspace: Workspace, answer_yes: list[str]
) -> None:
    account(workspace)
    queue(workspace, "cleo@example.com")
    send(workspace, cleo=Unknown("The connection broke."))
    made = page()
    made.ask_again(made.outbox.records.table.rows)
    assert answer_yes == ["Send again?"]
    assert [row.state for row in queries.outbox(workspace)] == ["queued"]


def test_links_that_open_here_only_go_out_after_a_question(
    page: Callable[[], MailPage], workspace: Workspace, answer_yes: list[str]
) -> None:
    account(workspace)
    queue(workspace, "ben@example.com", text="http://127.0.0.1:8080/r/abc#secret")
    send(workspace)
    made = page()
    made.ask_again(made.outbox.records.table.rows)
    assert answer_yes == ["Send links that open here only?"]
    send(workspace)
    assert [row.state for row in queries.outbox(workspace)] == ["sent"]


@pytest.fixture
def answer_yes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []

    def confirm(
        _parent: object, title: str, _words: str, _yes: str, run: Callable[[], None]
    ) -> None:
        asked.append(title)
        run()

    monkeypatch.setattr("projectdesk.desktop.pages.mail.confirm", confirm)
    # Queued is enough here: nothing is spoken to.
    monkeypatch.setattr(Mailing, "send_now", lambda _self: None)
    return asked


def test_without_an_account_the_page_says_what_to_do(
    page: Callable[[], MailPage], workspace: Workspace
) -> None:
    made = page()
    assert made.banner.isHidden(), "nothing waits, nothing is wrong"
    queue(workspace, "ben@example.com")
    made.presenter.reload()
    assert "No mail account" in made.banner.words.text()
    assert not made.send.isEnabled()
    assert made.check.isHidden()
    gone: list[Route] = []
    made.go.connect(gone.append)
    made.banner.act.click()
    assert gone[0].tab == "mail"


def test_a_mail_is_taken_back_and_saved(
    page: Callable[[], MailPage], workspace: Workspace, tmp_path: Any
) -> None:
    queue(workspace, "ben@example.com")
    made = page()
    (row,) = made.outbox.records.table.rows
    made.presenter.save_file(row, tmp_path / "mail.eml")
    assert (tmp_path / "mail.eml").read_bytes().startswith(b"X-Unsent: 1")
    made.presenter.take_back([row])
    assert [r.state for r in queries.outbox(workspace)] == ["cancelled"]


# --- in the background ----------------------------------------------------------------------------


def test_what_is_due_goes_out_by_itself(
    qapp: object, workspace: Workspace, instant: InstantSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(workspace)
    queue(workspace, "ben@example.com")
    monkeypatch.setattr(sending, "SmtpConnection", lambda *_: Line({}))
    mailing = Mailing(instant, lambda: NOW)
    mailing.look()
    assert [row.state for row in queries.outbox(workspace)] == ["sent"]
    assert [notice.text for notice in instant.notices] == ["A mail was sent."]
    mailing.stop()


def test_a_server_that_is_not_there_is_left_alone_for_a_while(
    qapp: object, workspace: Workspace, instant: InstantSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(workspace)
    queue(workspace, "ben@example.com")
    tries: list[int] = []

    class Dead(Line):
        def open(self) -> None:
            tries.append(1)
            raise EnvironmentFailure("mail_no_answer", "no answer")

    monkeypatch.setattr(sending, "SmtpConnection", lambda *_: Dead({}))
    mailing = Mailing(instant, lambda: NOW)
    mailing.look()
    mailing.look()
    assert len(tries) == 1
    assert mailing.problem is not None
    mailing.send_now()
    assert len(tries) == 2, "a person does not wait"
    mailing.stop()


def test_answers_that_came_are_told(
    qapp: object, workspace: Workspace, instant: InstantSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(workspace, inbox=Inbox(MailServer("127.0.0.1", 143, Security.NONE)))
    taken = Read(
        "<a@b>", "ben@example.com", "Accepted", known=False, taken=Taken("x", "Ben comes.")
    )
    monkeypatch.setattr(inbox_check, "check_inbox", lambda *_, **__: InboxReport(1, [taken]))
    mailing = Mailing(instant, lambda: NOW)
    mailing.look_into_inbox(asked=True)
    assert [notice.text for notice in instant.notices] == ["An answer came by mail."]
    assert mailing.looked_at == NOW
    mailing.stop()
