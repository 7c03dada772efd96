"""One mail for one person: text and HTML, pictures inside it, a calendar part, files.

The parts lie as mail programs expect them (RFC 2046, RFC 6047):

    multipart/mixed
      multipart/alternative
        text/plain
        multipart/related       the HTML with its pictures
        text/calendar           with the method, the last and so the preferred alternative
      application/ics           the same calendar object as a file
      ...                       other files

What comes into a header is checked: a line break in a subject or name is refused, so that nobody
who writes a title adds a header.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import Header, decode_header, make_header
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import format_datetime, quote
from typing import Any, Final, cast
from uuid import UUID

from projectdesk.errors import DomainError
from projectdesk.mail.address import Mailbox, header_address, needs_utf8, wire_address

_NAMES: Final = frozenset({"from", "to", "cc", "reply-to"})
_LONGEST_HEADER: Final = 50_000
"""Letters of a stranger's header; a letter to a thousand people has as many."""
_LONGEST_PART_HEADER: Final = 2_000
"""Of a header that says what a part is: a type, a name of a file."""
_MOST_NESTED: Final = 300
"""Parts that hold others, and mails in a mail."""


class _Wire(policy.EmailPolicy):
    """Writes headers as they go over the wire.

    Subjects and names are coded here: the standard library loses spaces between coded words.
    """

    def fold(self, name: str, value: Any) -> str:
        """Return a header with its line end."""
        if name.lower() == "subject" and not self.utf8:
            return f"{name}: {self._coded(str(value), len(name) + 2)}{self.linesep}"
        if name.lower() in _NAMES and isinstance(value, AddressHeader):
            lines = [self._mailbox(one, len(name) + 2) for one in value.addresses]
            return f"{name}: {f',{self.linesep} '.join(lines)}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return a header with its line end, as bytes."""
        return self.fold(name, value).encode(
            "utf-8" if self.utf8 else "ascii", errors="surrogateescape"
        )

    def _coded(self, text: str, used: int) -> str:
        if text.isascii() and used + len(text) <= _LONGEST_LINE and "=?" not in text:
            return text
        charset = "us-ascii" if text.isascii() and "=?" not in text else "utf-8"
        return Header(text, charset, maxlinelen=76, header_name="x" * (used - 2)).encode(
            linesep=self.linesep
        )

    def _mailbox(self, mailbox: Address, used: int) -> str:
        name = mailbox.display_name
        if not name:
            return mailbox.addr_spec
        if self.utf8 or (name.isascii() and "=?" not in name):
            return f'"{quote(name)}"{self.linesep} <{mailbox.addr_spec}>'
        return f"{self._coded(name, used)}{self.linesep} <{mailbox.addr_spec}>"


_SMTP: Final = _Wire(linesep="\r\n")
_SMTP_UTF8: Final = _Wire(linesep="\r\n", utf8=True)
_METHOD: Final = re.compile(r"[A-Z]{2,20}")
_MESSAGE_ID: Final = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,200}>")
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9]+/[A-Za-z0-9.+\-]+")
_CONTENT_ID: Final = re.compile(r"[A-Za-z0-9.\-]{1,60}")
_LONGEST_ID: Final = 70
"""Characters of a Message-ID: a longer one would be folded, which breaks it in old programs."""
_LONGEST_SUBJECT: Final = 300
_LONGEST_LINE: Final = 78


@dataclass(frozen=True)
class Attachment:
    """A file. media_type: such as "application/pdf"."""

    name: str
    content: bytes
    media_type: str = "application/octet-stream"


@dataclass(frozen=True)
class InlineImage:
    """A picture that the HTML shows as `<img src="cid:CONTENT_ID">`."""

    content_id: str
    content: bytes
    media_type: str = "image/png"


@dataclass(frozen=True)
class CalendarPart:
    """A calendar object (UTF-8) with its method ("REQUEST", "CANCEL", "REPLY")."""

    content: bytes
    method: str
    name: str = "invite.ics"


def new_message_id(author: str, seed: UUID) -> str:
    """Return the Message-ID of a mail: the same one each time for the same seed.

    Args:
        author: address the mail comes from; its domain vouches for the id.
        seed: of this mail and no other; never a record that several mails are about.
    """
    domain = wire_address(author).rpartition("@")[2]
    made = f"<{seed.hex}@{domain}>"
    return made if len(made) <= _LONGEST_ID else f"<{seed.hex}@mail.projectdesk.invalid>"


def compose(
    *,
    sender: Mailbox,
    recipient: Mailbox,
    subject: str,
    text: str,
    message_id: str,
    date: datetime,
    html: str = "",
    images: Sequence[InlineImage] = (),
    calendar: CalendarPart | None = None,
    attachments: Sequence[Attachment] = (),
    reply_to: Mailbox | None = None,
    answers: str = "",
    automatic: bool = False,
) -> EmailMessage:
    """Return a mail from one person to one person.

    Args:
        sender: whose mail it is.
        recipient: the only one who gets it.
        subject: one line.
        text: as plain text; never empty, since not everybody reads HTML.
        message_id: see `new_message_id`.
        date: an instant; written in UTC.
        html: the same as a whole HTML page, "" = none.
        images: that the HTML shows.
        calendar: an invitation, its update, its end, or an answer to one.
        attachments: files.
        reply_to: where answers go, when not to the sender.
        answers: Message-ID of the mail that this one answers or follows, "" = none.
        automatic: no person pressed Send (reminders); programs must not answer it (RFC 3834).

    Raises:
        DomainError: `bad_email`, `bad_header` (fact `header`), `mail_without_text`; pictures
            without HTML are `mail_without_html`.
    """
    if not text.strip():
        raise DomainError("mail_without_text", "A mail needs a text.")
    if images and not html:
        raise DomainError("mail_without_html", "Pictures can only stand in a page of HTML.")
    unicode_headers = needs_utf8(sender.address) or needs_utf8(recipient.address)
    message = EmailMessage(_SMTP_UTF8 if unicode_headers else _SMTP)
    message["From"] = header_address(sender)
    message["To"] = header_address(recipient)
    if reply_to is not None:
        message["Reply-To"] = header_address(reply_to)
    message["Subject"] = _one_line("Subject", subject)[:_LONGEST_SUBJECT]
    message["Date"] = format_datetime(date.astimezone(UTC))
    message["Message-ID"] = _checked_id(message_id)
    if answers:
        message["In-Reply-To"] = _checked_id(answers)
        message["References"] = answers
    if automatic:
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    _add_text(message, text, html, images)
    if calendar is not None:
        _add_calendar(message, calendar)
    for attachment in attachments:
        _attach(message, attachment)
    return message


def as_bytes(message: EmailMessage) -> bytes:
    """Return a mail as it is sent and kept: lines end in CRLF, headers in ASCII where they can."""
    return message.as_bytes()


def parse(content: bytes) -> EmailMessage:
    """Return a mail that was kept or received; what is broken in it is read as far as may be."""
    return cast("EmailMessage", message_from_bytes(content, policy=_SMTP))


def as_unsent(content: bytes) -> bytes:
    """Return a mail as a file that a mail program opens to be sent (X-Unsent: 1)."""
    return b"X-Unsent: 1\r\n" + content


def only_address(message: EmailMessage, header: str) -> str:
    """Return the one address of a header, "" when there is none or there are several."""
    found = message[header]
    addresses = found.addresses if isinstance(found, AddressHeader) else ()
    return _unescaped(addresses[0].addr_spec) if len(addresses) == 1 else ""


class _Strangers(policy.Compat32):
    """Cuts headers that no program writes: what takes them apart takes the square of their length.

    The newer policies of the standard library fail on headers that break the grammar.
    """

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        of_parts = name.lower().startswith("content-")
        return name, value[: _LONGEST_PART_HEADER if of_parts else _LONGEST_HEADER]


def parse_received(content: bytes) -> Message:
    """Return a mail that a stranger's program made; no header of it, however broken, is a crash.

    Of one with more parts in parts than a mail has, only the headers are taken apart: the parser
    looks for the end of each part once for every part around it.
    """
    lower = content.lower()
    nested = lower.count(b"boundary=") + lower.count(b"message/rfc822") > _MOST_NESTED
    parser = BytesParser(policy=_Strangers())
    if not nested:
        with suppress(RecursionError):
            return parser.parsebytes(content)
    return parser.parsebytes(content, headersonly=True)


def header_text(message: Message, header: str) -> str:
    """Return the text of a header in one line, "" when there is none."""
    for name, value in message.raw_items():
        if name.lower() != header.lower():
            continue
        words = str(value)
        if not hasattr(value, "name"):  # as it came over the wire
            try:
                words = str(make_header(decode_header(_unescaped(words))))
            except (LookupError, ValueError, MessageError):
                words = _unescaped(words)
        return " ".join(_unescaped(words).split())
    return ""


def _unescaped(text: str) -> str:
    """Return a header's text with raw UTF-8 in it (RFC 6532) read as such."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _add_text(message: EmailMessage, text: str, html: str, images: Sequence[InlineImage]) -> None:
    message.set_content(_lines(text), cte="quoted-printable")
    if not html:
        return
    message.add_alternative(_lines(html), subtype="html", cte="quoted-printable")
    page = cast("EmailMessage", list(message.iter_parts())[-1])
    for image in images:
        if not _CONTENT_ID.fullmatch(image.content_id):
            raise _bad_header("Content-ID")
        main, sub = _media_type(image.media_type)
        page.add_related(
            image.content,
            main,
            sub,
            cid=f"<{image.content_id}>",
            disposition="inline",
            filename=f"{image.content_id}.{sub.partition('+')[0]}",
        )


def _add_calendar(message: EmailMessage, calendar: CalendarPart) -> None:
    if not _METHOD.fullmatch(calendar.method):
        raise _bad_header("method")
    message.add_alternative(
        calendar.content.decode("utf-8"),
        subtype="calendar",
        cte="base64",
        params={"method": calendar.method},
    )
    name = _one_line("filename", calendar.name)
    message.add_attachment(
        calendar.content, "application", "ics", filename=name, params={"name": name}
    )


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    main, sub = _media_type(attachment.media_type)
    name = _one_line("filename", attachment.name)
    message.add_attachment(attachment.content, main, sub, filename=name)


def _media_type(text: str) -> tuple[str, str]:
    if not _MEDIA_TYPE.fullmatch(text):
        raise _bad_header("Content-Type")
    main, _, sub = text.partition("/")
    return main, sub


def _lines(text: str) -> str:
    whole = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return whole if whole.endswith("\n") else whole + "\n"


def _one_line(header: str, value: str) -> str:
    """Return what may stand in a header.

    Raises:
        DomainError: `bad_header`; it holds a break or a control character.
    """
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise _bad_header(header)
    if any(character in "\x85\u2028\u2029" for character in value):
        raise _bad_header(header)
    return value.strip()


def _checked_id(message_id: str) -> str:
    if (
        not message_id.isascii()
        or not message_id.isprintable()
        or not _MESSAGE_ID.fullmatch(message_id)
    ):
        raise _bad_header("Message-ID")
    return message_id


def _bad_header(header: str) -> DomainError:
    return DomainError(
        "bad_header",
        "The mail's {header} holds something that no header may hold, such as a line break.",
        header=header,
    )
