"""The mail account in Settings: found by the address, tried, kept."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from projectdesk.desktop.pages.mail_account import MailAccountDialog, MailPane
from projectdesk.errors import EnvironmentFailure
from projectdesk.mail.account import MailAccount, MailServer, Security
from projectdesk.services import mail_accounts, mail_setup
from projectdesk.services.mail_setup import Tried
from projectdesk.services.workspace import Workspace
from tests.unit.desktop.conftest import InstantSession


@pytest.fixture
def pane(qtbot: QtBot, dressed: object, instant: InstantSession) -> MailPane:
    made = MailPane(instant)
    qtbot.addWidget(made)
    made.show()
    return made


def enter(dialog: MailAccountDialog, field: str, value: object) -> None:
    editor = dialog.form.rows[field].editor
    editor.set_value(value)
    editor.committed.emit()


def test_servers_are_found_by_the_address_and_the_password_is_no_file(
    pane: MailPane, workspace: Workspace
) -> None:
    dialog = pane.ask_account()
    enter(dialog, "address", "ada@posteo.de")
    assert dialog.form.rows["smtp_host"].value() == "posteo.de"
    assert dialog.form.rows["imap_port"].value() == 993
    dialog.password.setText("right")
    dialog.submit()
    kept = mail_accounts.account(workspace.data)
    assert kept is not None
    assert (kept.smtp.port, kept.smtp.security) == (465, Security.TLS)
    assert mail_accounts.has_password(workspace.secrets, kept)
    assert "right" not in (workspace.data / "mail.json").read_text()
    assert "ada@posteo.de" in pane._name.text()
    assert pane._chip.words == "Ready"


def test_what_is_wrong_is_said_beside_its_field(pane: MailPane, workspace: Workspace) -> None:
    dialog = pane.ask_account()
    enter(dialog, "address", "ada@example.org")
    enter(dialog, "smtp_host", "not a host")
    dialog.submit()
    assert "name of the server only" in dialog.form.rows["smtp_host"].problem
    enter(dialog, "smtp_host", "mail.example.org")
    enter(dialog, "smtp_security", Security.NONE)
    dialog.submit()
    assert "reads the password" in dialog.form.rows["smtp_security"].problem
    assert mail_accounts.account(workspace.data) is None
    dialog.reject()


def test_a_test_mail_says_what_came_of_it(
    pane: MailPane, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[str, str]] = []

    def try_out(_secrets: object, known: MailAccount, _now: object, **how: Any) -> Tried:
        given.append((known.address, how["password"]))
        if how["password"] == "wrong":
            raise EnvironmentFailure("mail_sign_in_refused", "535 No")
        return Tried(known.address, "250 OK", inbox=True)

    monkeypatch.setattr(mail_setup, "try_out", try_out)
    dialog = pane.ask_account()
    enter(dialog, "address", "ada@example.org")
    dialog.password.setText("wrong")
    dialog.try_it()
    assert dialog.problem == "535 No"
    dialog.password.setText("right")
    dialog.try_it()
    assert "ada@example.org was taken" in dialog._outcome.text()
    assert given == [("ada@example.org", "wrong"), ("ada@example.org", "right")]
    assert mail_accounts.account(workspace.data) is None, "trying keeps nothing"
    dialog.reject()


def test_the_browser_needs_a_client_id(pane: MailPane) -> None:
    dialog = pane.ask_account()
    enter(dialog, "address", "ada@outlook.com")
    assert dialog.browser.isHidden()
    enter(dialog, "sign_in", "oauth")
    assert not dialog.browser.isHidden()
    assert dialog._password.isHidden()
    dialog.sign_in()
    assert "client id" in dialog.form.rows["client_id"].problem
    dialog.reject()


def test_an_account_is_forgotten(
    pane: MailPane, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = MailAccount("ada@example.org", smtp=MailServer("mail.example.org", 587))
    mail_accounts.save(workspace.data, known)
    mail_accounts.keep_password(workspace.secrets, known, "right")
    pane.load()
    monkeypatch.setattr(
        "projectdesk.desktop.pages.mail_account.confirm", lambda *given: given[-1]()
    )
    pane.ask_forget()
    assert mail_accounts.account(workspace.data) is None
    assert not mail_accounts.has_password(workspace.secrets, known)
    assert pane.forget.isHidden()
