"""The calendar objects in a mail: of Outlook, Google, Apple, Teams, Zoom, Thunderbird (RFC 6047).

Programs put them into the alternatives of the text, beside it, into an attachment, or into a mail
that is forwarded whole; often twice. All are found, none counts twice.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import email
import email.errors
import email.header
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime

from projectdesk.errors import FileTooLarge, ImportError_, UnreadableFile
from projectdesk.exchange.calendar.event import Calendar, Method
from projectdesk.exchange.calendar.outlook_meeting import (
    WINMAIL_NAME,
    WINMAIL_TYPES,
    calendars_in_winmail,
)
from projectdesk.exchange.calendar.reader import read_calendar
from projectdesk.exchange.calendar.signed import content_of_signed
from projectdesk.exchange.calendar.winmail import open_winmail
from projectdesk.exchange.findings import Finding, said_by

MAIL_BYTES_LIMIT = 40 << 20
"""What mail servers take, and some more."""

PARTS_LIMIT = 500
"""Parts that hold others."""

DELIMITERS_LIMIT = 20_000
"""Lines that may begin or end a part."""

HEADER_LIMIT = 50_000
"""Letters of a header; a letter to a thousand people has as many."""

PART_HEADER_LIMIT = 2_000
"""Letters of a header that says what a part is: its type, the name of a file."""

DEPTH_LIMIT = 20
TEXT_LIMIT = 1 << 20

_CALENDAR_TYPES = frozenset({"text/calendar", "application/ics", "text/x-vcalendar"})
_SEALED_TYPES = frozenset(
    {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}
)
_BEGIN = b"BEGIN:VCALENDAR"
_HEADER = re.compile(rb"(?im)^(from|to|subject|date|received|return-path|mime-version|message-id):")
_SPACE = re.compile(r"\s+")


class _Bounded(email.policy.Compat32):
    """Cuts headers that no program writes: what takes them apart takes the square of their length.

    Header text that breaks the grammar is kept as it is.
    """

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        of_parts = name.lower().startswith("content-")
        return name, value[: PART_HEADER_LIMIT if of_parts else HEADER_LIMIT]


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says. sender: its address, lower-case. text: its plain text, "" = none.

    in_reply_to: Message-IDs it answers, with those it refers to. calendars: most telling first.
    sealed: it holds what only the mail program of its reader opens (S/MIME, PGP).
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
    sealed: bool = False

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
            envelope, and it cannot be opened; what `read_calendar` raises, when all its calendar
            objects are broken.
    """
    message = _parsed(data, file)
    parts = list(_parts(message, 0, file))
    sender_name, sender = _sender(message)
    text = _plain_text(parts)
    calendars, broken, findings = [], [], []
    seen: set[bytes] = set()
    for part in parts:
        for name, content in _calendar_files(part, sender, text):
            if content.strip() in seen:
                continue
            seen.add(content.strip())
            try:
                calendars.append(_with_method(read_calendar(content, f"{file}/{name}"), part))
            except ImportError_ as error:
                broken.append(error)
                findings.append(Finding(file, 0, "", error.code, said_by(error)))
    if broken and not calendars:
        raise broken[0]
    if not calendars and any(_is_winmail(part) and not _opens(part) for part in parts):
        raise UnreadableFile(
            "only_winmail",
            "{file} holds its invitation only as winmail.dat, Outlook's own envelope. Ask for it "
            "as a calendar file (.ics).",
            file=file,
            expected="a part of text/calendar",
        )
    return Mail(
        message_id=_header(message, "Message-ID"),
        sender=sender.strip().lower(),
        sender_name=sender_name,
        subject=_header(message, "Subject"),
        sent_at=_date(_header(message, "Date")),
        text=text,
        in_reply_to=_ids(_header(message, "In-Reply-To") + " " + _header(message, "References")),
        calendars=_distinct(calendars),
        findings=(*findings, *(found for one in calendars for found in one.findings)),
        sealed=any(part.get_content_type() in _SEALED_TYPES for part in parts),
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
    if data.lower().count(b"boundary=") > PARTS_LIMIT or data.count(b"\n--") > DELIMITERS_LIMIT:
        raise _too_deep(file)
    try:
        message = email.message_from_bytes(
            data.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n"), policy=_Bounded()
        )
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
    forwarded = _parts_of_forwarded(message, depth, file)
    if forwarded is not None:
        yield from forwarded
    elif isinstance(content, list):
        for part in content:
            if isinstance(part, Message):
                yield from _parts(part, depth + 1, file)
    else:
        yield message


def _parts_of_forwarded(part: Message, depth: int, file: str) -> list[Message] | None:
    """Return the parts of the mail in a part, None without one, or where it cannot be read.

    What is attached spoils no mail: it is then a file as any other.
    """
    try:
        forwarded = _forwarded(part, file)
        return None if forwarded is None else list(_parts(forwarded, depth + 1, file))
    except ImportError_:
        return None


def _forwarded(part: Message, file: str) -> Message | None:
    """Return the mail in a part that does not lie open in it: as a file, signed, or in base64.

    RFC 2046 section 5.2.1 forbids the last; programs do it.
    """
    name = (part.get_filename() or "").lower()
    content = part.get_payload()
    data = b""
    if isinstance(content, list):
        first = content[0] if content else None
        inner = first.get_payload() if isinstance(first, Message) else None
        if part.get_content_type() == "message/rfc822" and _is_base64(part):
            data = _from_base64(inner) if isinstance(inner, str) else b""
    elif name.endswith(".eml"):
        data = _content(part)
    elif part.get_content_type() in _SEALED_TYPES or name.endswith(".p7m"):
        signed = content_of_signed(_content(part))
        return None if signed is None else _parsed(signed, file)
    return _parsed(data, file) if is_mail(data) else None


def _is_calendar(part: Message) -> bool:
    """Return whether a part is a calendar: by its type, its name, or how it begins."""
    name = (part.get_filename() or "").lower()
    if part.get_content_type() in _CALENDAR_TYPES or name.endswith((".ics", ".ical", ".vcs")):
        return True
    return part.get_content_maintype() in ("text", "application") and (
        _content(part)[:200].lstrip(b"\xef\xbb\xbf \t\r\n").upper().startswith(_BEGIN)
    )


def _with_method(calendar: Calendar, part: Message) -> Calendar:
    """Return a calendar that says itself not what it is for with what its part says (RFC 6047)."""
    said = str(part.get_param("method", "") or "").strip().upper()
    if calendar.method is not Method.NONE or said not in set(Method):
        return calendar
    return replace(calendar, method=Method(said))


def _calendar_files(part: Message, sender: str, text: str) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of the calendar files of a part: itself, or in Outlook's envelope."""
    if _is_calendar(part):
        yield part.get_filename() or "calendar", _content(part)
    elif _is_winmail(part):
        yield from calendars_in_winmail(_content(part), sender, text)


def _is_winmail(part: Message) -> bool:
    name = (part.get_filename() or "").lower()
    return part.get_content_type() in WINMAIL_TYPES or name == WINMAIL_NAME


def _opens(part: Message) -> bool:
    try:
        open_winmail(_content(part))
    except ValueError:
        return False
    return True


def _content(part: Message) -> bytes:
    """Return what a part holds, as UTF-8 where its charset says another one."""
    raw = part.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else b""
    text = part.get_payload()
    if isinstance(text, str) and _is_base64(part):
        # The library gives back what it cannot decode, as where a sign is missing at the end.
        untouched = b"".join(text.encode("ascii", "replace").splitlines())
        content = _from_base64(text) if content == untouched else content
    charset = str(part.get_content_charset() or "utf-8").lower()
    if charset in ("utf-8", "utf8", "us-ascii", "ascii"):
        return content
    try:
        return content.decode(charset).encode("utf-8")
    except (LookupError, UnicodeDecodeError):
        return content


def _is_base64(part: Message) -> bool:
    return str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64"


def _from_base64(text: str) -> bytes:
    """Return what base64 stands for, whatever else is between its signs."""
    signs = re.sub(r"[^A-Za-z0-9+/]", "", text)
    try:
        return base64.b64decode(signs[: len(signs) // 4 * 4])
    except (binascii.Error, ValueError):
        return b""


def _plain_text(parts: list[Message]) -> str:
    for part in parts:
        if part.get_content_type() == "text/plain" and not part.get_filename():
            return _content(part)[:TEXT_LIMIT].decode("utf-8", "replace").replace("\r\n", "\n")
    return ""


def _header(message: Message, name: str) -> str:
    """Return a header on one line, its encoded words decoded."""
    return _decoded(_raw_header(message, name))


def _raw_header(message: Message, name: str) -> str:
    """Return a header as it is written; letters that are not encoded are UTF-8, or Windows'."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            raw = str(value).encode("utf-8", "surrogateescape")
            try:
                return raw.decode("utf-8")
            except UnicodeDecodeError:
                return raw.decode("cp1252", "replace")
    return ""


def _decoded(raw: str) -> str:
    try:
        decoded = str(email.header.make_header(email.header.decode_header(raw)))
    except (LookupError, ValueError, email.errors.MessageError):
        decoded = raw
    return _SPACE.sub(" ", decoded).strip()[:2000]


def _sender(message: Message) -> tuple[str, str]:
    """Return name and address; taken apart before it is decoded, as a name may have a comma."""
    try:
        name, address = parseaddr(_SPACE.sub(" ", _raw_header(message, "From")).strip())
        if "@" in address:
            return _decoded(name), address
        return parseaddr(_header(message, "From"))
    except RecursionError:  # a thousand brackets in brackets
        return "", ""


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
