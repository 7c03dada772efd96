"""`projectdesk mail account|set-up|sign-in|test|forget`: the mail account of this computer."""

from __future__ import annotations

import argparse
import sys
import webbrowser
from dataclasses import replace
from pathlib import Path

from projectdesk import secrets
from projectdesk.bootstrap import data_folder, start_logging
from projectdesk.commandline.printing import print_json
from projectdesk.errors import DomainError
from projectdesk.mail.account import Inbox, MailAccount, MailServer, Security, SignIn
from projectdesk.secrets import SecretStore
from projectdesk.services import mail_accounts, mail_setup
from projectdesk.services.workspace import utc_now


def show(options: argparse.Namespace) -> int:
    """`projectdesk mail account`."""
    data, store = _begin(options)
    known = mail_accounts.account(data)
    fixed = sorted(mail_accounts.policy())
    if options.json:
        signed = known is not None and mail_accounts.has_password(store, known)
        print_json({"account": known, "has_password": signed, "fixed": fixed})
        return 0
    if known is None:
        print("No mail account is set up.")
        return 0
    print(f"{known.mailbox}, signs in as {known.login} ({known.sign_in})")
    print(f"out: {_place(known.smtp)}")
    inbox = known.inbox
    print(f"in:  {_place(inbox.server)} {inbox.folder}" if inbox.server.known else "in:  nowhere")
    if known.later_server:
        print(f"due later: sent by {known.later_server}")
    if not mail_accounts.has_password(store, known):
        print("Its password or sign-in is missing on this computer.")
    if fixed:
        print(f"Fixed by the administrator: {', '.join(fixed)}")
    return 0


def set_up(options: argparse.Namespace) -> int:
    """`projectdesk mail set-up ADDRESS ...`."""
    data, store = _begin(options)
    before = mail_accounts.account(data)
    same = before is not None and before.address == options.address
    base = before if same and before is not None else mail_setup.guess(options.address)[0]
    known = mail_accounts.save(data, _given(base, options))
    if options.password:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise DomainError("no_password", "There is no password on standard input.")
        if not secrets.is_durable(store):
            raise DomainError(
                "secrets_not_kept",
                "This computer has no key store, so the password would be forgotten at once. Set "
                "PROJECTDESK_PASSPHRASE to keep it behind a passphrase.",
            )
        mail_accounts.keep_password(store, known, password)
    return show(options)


def sign_in(options: argparse.Namespace) -> int:
    """`projectdesk mail sign-in [--browser]`."""
    data, store = _begin(options)
    known = _known(data)
    if known.sign_in is not SignIn.OAUTH:
        raise DomainError(
            "mail_no_oauth",
            "This account signs in with a password. `mail set-up ... --sign-in oauth` changes it.",
        )
    if options.browser:
        mail_setup.sign_in(store, known, webbrowser.open)
    else:
        code = mail_setup.device_code(store, known)
        print(f"Open {code.address} and type {code.user_code}", file=sys.stderr, flush=True)
        mail_setup.await_device(store, known, code)
    return show(options)


def test(options: argparse.Namespace) -> int:
    """`projectdesk mail test [--to ADDRESS]`."""
    data, store = _begin(options)
    tried = mail_setup.try_out(store, _known(data), utc_now(), recipient=options.to)
    if options.json:
        print_json(tried)
    else:
        print(f"Sent to {tried.recipient}: {tried.sent}")
        if tried.inbox:
            print("The inbox can be read.")
    return 0


def forget(options: argparse.Namespace) -> int:
    """`projectdesk mail forget`."""
    data, store = _begin(options)
    mail_accounts.forget(data, store)
    if options.json:
        print_json({"account": None})
    else:
        print("The mail account of this computer is forgotten; the outbox stays.")
    return 0


def _begin(options: argparse.Namespace) -> tuple[Path, SecretStore]:
    data = data_folder(options.data)
    start_logging(data)
    return data, secrets.choose(data)


def _known(data: Path) -> MailAccount:
    known = mail_accounts.account(data)
    if known is None:
        raise DomainError(
            "mail_no_account",
            "No mail account is set up on this computer: run `projectdesk mail set-up`.",
        )
    return known


def _given(base: MailAccount, options: argparse.Namespace) -> MailAccount:
    """Return an account with what the options name."""
    names = ("name", "user", "oauth", "client_id", "tenant", "authority", "ca_file")
    plain = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    made = replace(base, **plain)
    if options.private_links is not None:
        made = replace(made, private_links=options.private_links)
    if options.later_server is not None:
        later = "" if options.later_server == "-" else options.later_server
        made = replace(made, later_server=later)
    if options.sign_in:
        made = replace(made, sign_in=SignIn(options.sign_in))
    smtp = _server(made.smtp, options.smtp, options.smtp_security, "--smtp")
    imap = _server(made.inbox.server, options.imap, options.imap_security, "--imap")
    folder = options.folder or made.inbox.folder
    return replace(made, smtp=smtp, inbox=Inbox(imap, folder))


def _server(before: MailServer, place: str | None, security: str | None, option: str) -> MailServer:
    made = before
    if place == "-":
        return MailServer()
    if place:
        host, _, port = place.rpartition(":")
        if not host or not port.isdigit():
            raise DomainError(
                "bad_server",
                "{option} expects HOST:PORT, such as smtp.example.org:587.",
                option=option,
            )
        made = replace(made, host=host, port=int(port))
    return replace(made, security=Security(security)) if security else made


def _place(server: MailServer) -> str:
    return f"{server.host}:{server.port} ({server.security})"
