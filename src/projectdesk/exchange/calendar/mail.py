"""The calendar objects in a mail: of Outlook, Google, Apple, Teams, Zoom, Thunderbird (RFC 6047).

Programs put them into the alternatives of the text, beside it, into an attachment, or into a mail
that is forwarded whole; often twice. All are found, none counts twice.
"""

from __future__ import annotations

import email
import email.errors
import email.header
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime

from projectdesk.errors import FileTooLarge, ImportError_, UnreadableFile
from projectdesk.exchange.calendar.event import Calendar, Method
from projectdesk.exchange.calendar.reader import read_calendar
from projectdesk.exchange.findings import Finding

MAIL_BYTES_LIMIT = 40 << 20
"""What mail servers take, and some more."""

PARTS_LIMIT = 500
DEPTH_LIMIT = 20
TEXT_LIMIT = 1 << 20

_CALENDAR_TYPES = frozenset({"text/calendar", "application/ics", "text/x-vcalendar"})
_HEADER = re.compile(rb"(?im)^(from|to|subject|date|received|return-path|mime-version|message-id):")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says. sender: its address, lower-case. text: its plain text, "" = none.

    in_reply_to: Message-IDs it answers, with those it refers to. calendars: most telling first.
    """

    message_id: str
    sender: str
    sender_name: str
    subject: str
    sent_at: datetime | None
    text: str
    in_reply_to: tuple[str, ...]
    calendars: tuple[Calendar, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def calendar(self) -> Calendar | None:
        """Return its first calendar object with an event or a busy time."""
        return next((one for one in self.calendars if one.events or one.busy), None)


def is_mail(data: bytes) -> bool:
    """Return whether bytes begin as a mail does, not as a calendar."""
    head = data[:16384].lstrip(b"\xef\xbb\xbf")
    return _HEADER.match(head) is not None or (
        _HEADER.search(head.split(b"\n\n", 1)[0].split(b"\r\n\r\n", 1)[0]) is not None
        and b"BEGIN:VCALENDAR" not in head[:200].upper()
    )


def read_mail(data: bytes, file: str = "mail.eml") -> Mail:
    """Return what a mail says, its calendar objects read. A mail without one is no error.

    Raises:
        FileTooLarge: over a limit.
        UnreadableFile: `no_mail`; `nested_too_deep`; `only_winmail`: there is only Outlook's
            envelope; what `read_calendar` raises, when all its calendar objects are broken.
    """
    message = _parsed(data, file)
    parts = list(_parts(message, 0, file))
    calendars, broken, findings = [], [], []
    seen: set[bytes] = set()
    for part in parts:
        if not _is_calendar(part):
            continue
        content = _content(part)
        if content.strip() in seen:
            continue
        seen.add(content.strip())
        try:
            calendars.append(read_calendar(content, f"{file}/{part.get_filename() or 'calendar'}"))
        except ImportError_ as error:
            broken.append(error)
            findings.append(Finding(file, 0, "", error.code, error.text))
    if broken and not calendars:
        raise broken[0]
    if not calendars and any(_is_winmail(part) for part in parts):
        raise UnreadableFile(
            "only_winmail",
            "{file} holds its invitation only as winmail.dat, Outlook's own envelope. Ask for it "
            "as a calendar file (.ics).",
            file=file,
            expected="a part of text/calendar",
        )
    sender_name, sender = parseaddr(_header(message, "From"))
    return Mail(
        message_id=_header(message, "Message-ID"),
        sender=sender.strip().lower(),
        sender_name=sender_name,
        subject=_header(message, "Subject"),
        sent_at=_date(_header(message, "Date")),
        text=_plain_text(parts),
        in_reply_to=_ids(_header(message, "In-Reply-To") + " " + _header(message, "References")),
        calendars=_distinct(calendars),
        findings=(*findings, *(found for one in calendars for found in one.findings)),
    )


def _parsed(data: bytes, file: str) -> Message:
    if len(data) > MAIL_BYTES_LIMIT:
        raise FileTooLarge(
            "file_too_large",
            "{file} has {megabytes} MB; the limit is {limit} MB.",
            file=file,
            megabytes=len(data) >> 20,
            limit=MAIL_BYTES_LIMIT >> 20,
            expected=f"at most {MAIL_BYTES_LIMIT >> 20} MB",
        )
    # The parser looks for the end of each part once for every part around it.
    if data.lower().count(b"boundary=") > PARTS_LIMIT:
        raise _too_deep(file)
    try:
        message = email.message_from_bytes(data.lstrip(b"\r\n"), policy=email.policy.compat32)
    except (RecursionError, ValueError, LookupError) as error:
        raise _too_deep(file) from error
    if not message.keys():
        raise UnreadableFile(
            "no_mail", "{file} is no mail: it has no headers.", file=file, expected="a mail (.eml)"
        )
    return message


def _too_deep(file: str) -> UnreadableFile:
    return UnreadableFile(
        "nested_too_deep", "{file} is a mail of more parts in parts than is sensible.", file=file
    )


def _parts(message: Message, depth: int, file: str) -> Iterator[Message]:
    """Yield the parts that hold something, those of forwarded mails too."""
    if depth > DEPTH_LIMIT:
        raise _too_deep(file)
    content = message.get_payload()
    if isinstance(content, list):
        for part in content:
            if isinstance(part, Message):
                yield from _parts(part, depth + 1, file)
    else:
        yield message


def _is_calendar(part: Message) -> bool:
    name = (part.get_filename() or "").lower()
    return part.get_content_type() in _CALENDAR_TYPES or name.endswith((".ics", ".ical", ".vcs"))


def _is_winmail(part: Message) -> bool:
    name = (part.get_filename() or "").lower()
    return part.get_content_type() in ("application/ms-tnef", "application/vnd.ms-tnef") or (
        name == "winmail.dat"
    )


def _content(part: Message) -> bytes:
    """Return what a part holds, as UTF-8 where its charset says another one."""
    raw = part.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else b""
    charset = str(part.get_content_charset() or "utf-8").lower()
    if charset in ("utf-8", "utf8", "us-ascii", "ascii"):
        return content
    try:
        return content.decode(charset).encode("utf-8")
    except (LookupError, UnicodeDecodeError):
        return content


def _plain_text(parts: list[Message]) -> str:
    for part in parts:
        if part.get_content_type() == "text/plain" and not part.get_filename():
            return _content(part)[:TEXT_LIMIT].decode("utf-8", "replace").replace("\r\n", "\n")
    return ""


def _header(message: Message, name: str) -> str:
    """Return a header on one line, its encoded words decoded."""
    raw = message.get(name)
    if raw is None:
        return ""
    try:
        decoded = str(email.header.make_header(email.header.decode_header(str(raw))))
    except (LookupError, ValueError, email.errors.MessageError):
        decoded = str(raw)
    return _SPACE.sub(" ", decoded).strip()[:2000]


def _date(text: str) -> datetime | None:
    try:
        sent = parsedate_to_datetime(text)
        return sent.replace(tzinfo=UTC) if sent.tzinfo is None else sent.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _ids(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r"<[^<>\s]{1,300}>", text)))


def _distinct(calendars: list[Calendar]) -> tuple[Calendar, ...]:
    """Return the calendars without those that say of the same events the same again.

    One with a method comes first: an attachment often has none, or PUBLISH.
    """
    kept: dict[object, Calendar] = {}
    telling = (Method.NONE, Method.PUBLISH)
    for one in sorted(calendars, key=lambda calendar: calendar.method in telling):
        events = [(e.uid, e.sequence, e.recurrence_id, e.start) for e in one.events]
        kept.setdefault((tuple(events), one.busy), one)
    return tuple(kept.values())
