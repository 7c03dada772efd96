"""Mail that was received: what it means is decided by what is in it.

A mail comes from the inbox of the account, from a file, or from one that was dropped on the window.
Each handler looks at it and takes it, or leaves it to the next one; a mail that none takes is
nobody's business and is not kept. What was taken is written down by its Message-ID in the same
transaction, so that none counts twice.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import Message
from email.utils import getaddresses
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import insert, select

from projectdesk.errors import FileTooLarge
from projectdesk.mail.address import Mailbox
from projectdesk.mail.message import header_text, parse_received
from projectdesk.services import mail_accounts
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from projectdesk.services.session import Unit

LARGEST: Final = 20_000_000
"""Bytes of a mail; a larger one is not read."""
_MOST_TEXT: Final = 200_000
_LONGEST_PAGE: Final = 200_000
"""Letters of a page of HTML that are looked at; half of a page of Outlook is styles."""
_DEEPEST: Final = 5
"""Signatures around signatures."""
_SIGNED: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_CODE: Final = re.compile(r"\b(?P<desk>[0-9a-z]{10})-[0-9a-f]{6}\b")


@dataclass(frozen=True)
class IncomingMail:
    """A mail as handlers see it.

    message_id: its Message-ID, or one made of its content. text: what it says as plain text, with
    what it quotes. calendars: its calendar objects, each with the method that the part names ("" =
    none); each object once, although mails carry them twice. refers_to: the Message-IDs that it
    answers, the nearest first. automatic: no person wrote it (RFC 3834). account: by whom it can be
    answered, None = no mail account is set up here.
    """

    message_id: str
    received_at: datetime
    sender: str
    sender_name: str
    subject: str
    text: str
    calendars: tuple[tuple[str, bytes], ...]
    refers_to: tuple[str, ...]
    automatic: bool
    message: Message
    account: Mailbox | None = None


@dataclass(frozen=True)
class Taken:
    """What became of a mail.

    outcome: a stable word, such as "answer_taken" or "answer_outdated". detail: in words, for
    people. meeting_id, person_id: that it is about.
    """

    outcome: str
    detail: str
    meeting_id: UUID | None = None
    person_id: UUID | None = None


Handler = Callable[["Unit", IncomingMail], Taken | None]
"""Takes a mail in a unit of work and says what became of it; None = it is another one's."""


@dataclass(frozen=True)
class Read:
    """What was read. known: it was read before and nothing was done. taken: None = no handler."""

    message_id: str
    sender: str
    subject: str
    known: bool
    taken: Taken | None


def take(
    workspace: Workspace,
    content: bytes,
    received_at: datetime | None = None,
    handlers: Sequence[Handler] | None = None,
) -> Read:
    """Read a mail in, once.

    Args:
        workspace: the open database.
        content: the mail as it came.
        received_at: when it came into the mailbox; None = now.
        handlers: who may take it; None = all there are.

    Raises:
        FileTooLarge: `mail_too_large`.
        DomainError: the mail is for a handler, and breaks a rule of what it is about.
    """
    takers = _all() if handlers is None else handlers
    mail = incoming(content, received_at or workspace.now())
    with workspace.read() as session:
        if known(session, mail.message_id):
            return Read(mail.message_id, mail.sender, mail.subject, known=True, taken=None)
    account = mail_accounts.account(workspace.data)
    mail = replace(mail, account=None if account is None else account.mailbox)
    taken = None
    with workspace.change("Read a mail", undoable=False, in_turn=True) as unit:
        if known(unit.session, mail.message_id):
            return Read(mail.message_id, mail.sender, mail.subject, known=True, taken=None)
        for handler in takers:
            taken = handler(unit, mail)
            if taken is not None:
                _write_down(unit, mail, taken)
                break
    return Read(mail.message_id, mail.sender, mail.subject, known=False, taken=taken)


def leave(workspace: Workspace, content: bytes, received_at: datetime, why: str) -> Read:
    """Write down that a mail was for a handler and was not taken, so that it is not tried again."""
    mail = incoming(content, received_at)
    taken = Taken("not_taken", why)
    with workspace.change("Read a mail", undoable=False) as unit:
        if known(unit.session, mail.message_id):
            return Read(mail.message_id, mail.sender, mail.subject, known=True, taken=None)
        _write_down(unit, mail, taken)
    return Read(mail.message_id, mail.sender, mail.subject, known=False, taken=taken)


def _all() -> Sequence[Handler]:
    from projectdesk.services.inbox_handlers import HANDLERS

    return HANDLERS


def known(session: Session, message_id: str) -> bool:
    """Tell whether a mail was read before."""
    column = schema.incoming_mail.c.message_id
    return session.scalar(select(column).where(column == message_id)) is not None


def codes_in(text: str) -> dict[str, str]:
    """Return the codes that a text quotes, by the desk that each is of.

    Our mails end with one, behind a word of their language; whose desk it is decides.
    """
    return {found["desk"]: found[0] for found in _CODE.finditer(text)}


def incoming(content: bytes, received_at: datetime) -> IncomingMail:
    """Return a mail as handlers see it; what is broken in it is read as far as may be.

    Raises:
        FileTooLarge: `mail_too_large`.
    """
    if len(content) > LARGEST:
        raise FileTooLarge(
            "mail_too_large",
            "This mail is larger than {limit} MB and is not read.",
            limit=LARGEST // 1_000_000,
        )
    message = parse_received(content)
    name, address = _sender(message)
    made = f"<{hashlib.sha256(content).hexdigest()[:40]}@read.projectdesk.invalid>"
    said = header_text(message, "Auto-Submitted").lower()
    return IncomingMail(
        message_id=(_ids(header_text(message, "Message-ID")) or (made,))[0][:300],
        received_at=received_at,
        sender=address,
        sender_name=name,
        subject=header_text(message, "Subject"),
        text=_text(message)[:_MOST_TEXT],
        calendars=_calendars(message, address),
        refers_to=(
            *_ids(header_text(message, "In-Reply-To")),
            *reversed(_ids(header_text(message, "References"))),
        ),
        automatic=said not in {"", "no"},
        message=message,
    )


def _sender(message: Message) -> tuple[str, str]:
    """Return name and address; a header of a thousand brackets in brackets is nobody's."""
    try:
        return (getaddresses([header_text(message, "From")]) or [("", "")])[0]
    except RecursionError:
        return "", ""


def _write_down(unit: Unit, mail: IncomingMail, taken: Taken) -> None:
    unit.session.execute(
        insert(schema.incoming_mail).values(
            message_id=mail.message_id,
            received_at=mail.received_at,
            read_at=unit.now,
            sender=mail.sender[:300],
            subject=mail.subject[:300],
            meeting_id=taken.meeting_id,
            person_id=taken.person_id,
            outcome=taken.outcome,
            detail=taken.detail,
        )
    )


def _ids(header: str) -> tuple[str, ...]:
    found = []
    for part in header.replace(",", " ").split():
        if part.startswith("<") and part.endswith(">") and len(part) > 2:
            found.append(part)
    return tuple(found)


def _parts(message: Message, depth: int = 0) -> Iterator[Message]:
    """Yield the parts of a mail, those inside a signature around all of it too."""
    for part in message.walk():
        signed = _signed(part)
        if signed is None or depth > _DEEPEST:
            yield part
        else:
            yield from _parts(parse_received(signed), depth + 1)


def _signed(part: Message) -> bytes | None:
    """Return the mail inside a signature around all of it, None of any other part."""
    if part.get_content_type() not in _SIGNED or part.is_multipart():
        return None
    from projectdesk.exchange.calendar.signed import content_of_signed

    return content_of_signed(_payload(part))


def _calendars(message: Message, sender: str) -> tuple[tuple[str, bytes], ...]:
    """Return the calendar objects of a mail; the one in its text before the one that is a file."""
    found: dict[bytes, tuple[str, bytes]] = {}
    for part in _parts(message):
        method = str(part.get_param("method", "") or "").upper()
        for content in _calendar_files(part, sender):
            same = b"".join(content.split())
            if content and same not in found:
                found[same] = (method, content)
    return tuple(found.values())


def _calendar_files(part: Message, sender: str) -> Iterator[bytes]:
    """Yield the calendar files of a part: itself, or those in Outlook's envelope."""
    kind, name = part.get_content_type(), (part.get_filename() or "").lower()
    if kind in {"text/calendar", "application/ics"} or name.endswith(".ics"):
        yield _payload(part)
    elif kind.endswith("ms-tnef") or name == "winmail.dat":
        from projectdesk.exchange.calendar.outlook_meeting import calendars_in_winmail

        for _, content in calendars_in_winmail(_payload(part), sender):
            yield content


def _text(message: Message) -> str:
    """Return what a mail says as plain text; of HTML alone, its words."""
    parts = list(_parts(message))
    plain = [_words(part) for part in parts if _is_text(part, "text/plain")]
    if any(words.strip() for words in plain):
        return "\n".join(plain)
    from projectdesk.services.mail_words import words_of_html

    pages = [_words(part)[:_LONGEST_PAGE] for part in parts if _is_text(part, "text/html")]
    return "\n".join(map(words_of_html, pages))


def _is_text(part: Message, kind: str) -> bool:
    return part.get_content_type() == kind and part.get_content_disposition() != "attachment"


def _words(part: Message) -> str:
    content = _payload(part)
    for charset in (str(part.get_content_charset() or "utf-8"), "utf-8"):
        try:
            return content.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("latin-1")


def _payload(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
