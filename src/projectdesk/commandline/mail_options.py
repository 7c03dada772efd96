"""How `projectdesk mail ...` is spelled; what it does is in `mailing`, `mail_account`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

Add = Callable[[str, str, str, str], argparse.ArgumentParser]
"""Adds `mail NAME`: name, module, function, help."""

STATES = ("queued", "handed", "sending", "sent", "refused", "uncertain", "cancelled")
_ID = "MAIL"


def add_mail_commands(add: Add) -> None:
    """Add the commands by `add(name, module, function, help)`."""
    _add_outbox(add)
    _add_inbox(add)
    _add_account(add)


def _add_outbox(add: Add) -> None:
    sending = add("send", "mailing", "send", "Send what is due of this computer's mail account.")
    sending.add_argument(
        "--now", nargs="+", default=[], metavar=_ID, help="these too, before their time"
    )
    add(
        "hand-over",
        "mailing",
        "hand_over",
        "Give reminders that are due later to the server that the account names, and take back "
        "what is no longer true; the desktop does so by itself.",
    )
    listing = add("list", "mailing", "list_mail", "List the outbox, what needs a person first.")
    listing.add_argument("--state", action="append", default=[], choices=STATES)
    listing.add_argument("--project", metavar="ACRONYM")
    listing.add_argument("--meeting", metavar="ID")
    listing.add_argument("--limit", type=int, default=200, metavar="N", help="at most")
    showing = add("show", "mailing", "show", "Show a mail of the outbox, or save it.")
    showing.add_argument("mail", metavar=_ID, help="id, the beginning of one, or Message-ID")
    showing.add_argument(
        "--out", type=Path, metavar="FILE.eml", help="save it; a mail program opens it to be sent"
    )
    again = add(
        "retry",
        "mailing",
        "retry",
        "Let mails that were refused, or may have been sent, go out again with the same "
        "Message-ID.",
    )
    again.add_argument("mails", nargs="+", metavar=_ID)
    again.add_argument(
        "--private-links",
        action="store_true",
        help="also with links that open on this computer or in its network only",
    )
    cancelling = add("cancel", "mailing", "cancel", "Take back mails that wait.")
    cancelling.add_argument("mails", nargs="+", metavar=_ID)


def _add_inbox(add: Add) -> None:
    add("check-inbox", "mailing", "check_inbox", "Look into the inbox for answers, once.")
    reading = add(
        "read",
        "mailing",
        "read",
        "Read answers out of .eml files (calendar answers, polls, ...) or out of .ics files.",
    )
    reading.add_argument("files", nargs="+", type=Path, metavar="FILE")
    received = add("received", "mailing", "received", "List what was read in, and what it became.")
    received.add_argument("--project", metavar="ACRONYM")


def _add_account(add: Add) -> None:
    add("account", "mail_account", "show", "Show the mail account of this computer.")
    setting = add(
        "set-up",
        "mail_account",
        "set_up",
        "Set up the mail account; what is not given is guessed from the address. The password is "
        "read from standard input with --password, and kept in the key store.",
    )
    setting.add_argument("address", metavar="ADDRESS")
    setting.add_argument("--name", help="as it stands in From")
    setting.add_argument("--smtp", metavar="HOST:PORT", help="where mail is handed over")
    setting.add_argument("--smtp-security", choices=("tls", "starttls", "none"))
    setting.add_argument("--imap", metavar="HOST:PORT", help="where answers are read; - = nowhere")
    setting.add_argument("--imap-security", choices=("tls", "starttls", "none"))
    setting.add_argument("--folder", help="of the inbox; default: INBOX")
    setting.add_argument("--user", help="to sign in with; default: the address")
    setting.add_argument("--sign-in", choices=("password", "oauth", "none"))
    setting.add_argument("--oauth", choices=("microsoft", "google"))
    setting.add_argument("--client-id", metavar="ID", help="of this program at that service")
    setting.add_argument("--tenant", metavar="NAME", help="of Microsoft 365")
    setting.add_argument("--authority", metavar="URL", help="another address of that service")
    setting.add_argument("--ca-file", metavar="FILE", help="of the authority of the servers")
    setting.add_argument(
        "--private-links",
        action=argparse.BooleanOptionalAction,
        help="mail with links of this network goes out without asking",
    )
    setting.add_argument(
        "--later-server",
        metavar="URL",
        help="the server that sends what is due later; - = this computer does",
    )
    setting.add_argument("--password", action="store_true", help="read it from standard input")
    signing = add(
        "sign-in",
        "mail_account",
        "sign_in",
        "Sign in with a code that is typed in any browser, or with --browser of this computer.",
    )
    signing.add_argument("--browser", action="store_true")
    tested = add("test", "mail_account", "test", "Send a test mail and look into the inbox.")
    tested.add_argument("--to", default="", metavar="ADDRESS", help="default: oneself")
    add("forget", "mail_account", "forget", "Forget the account, its password and its tokens.")
