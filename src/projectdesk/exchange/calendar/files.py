"""Calendar files as they lie on a disk: .ics, saved mails (.eml), winmail.dat, ZIP of these."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.calendar.event import Calendar
from projectdesk.exchange.calendar.lines import BYTES_LIMIT
from projectdesk.exchange.calendar.mail import MAIL_BYTES_LIMIT, is_mail, read_mail
from projectdesk.exchange.calendar.outlook_meeting import calendars_in_winmail
from projectdesk.exchange.calendar.reader import read_calendar
from projectdesk.exchange.calendar.winmail import is_winmail
from projectdesk.exchange.files import Source, sources
from projectdesk.exchange.findings import Finding
from projectdesk.worded import worded

SUFFIXES = (".ics", ".ical", ".icalendar", ".ifb", ".vcs", ".eml")


@dataclass(frozen=True)
class CalendarFile:
    """What a file holds. findings: of all its calendars, and of the mail around them."""

    calendars: tuple[Calendar, ...]
    findings: tuple[Finding, ...]


def is_calendar_file(path: Path) -> bool:
    """Return whether a file holds a calendar, by its name or by how it begins.

    Raises:
        NotFound, UnreadableFile: it cannot be looked into.
    """
    if path.suffix.lower() in SUFFIXES:
        return True
    with sources([path]) as found:
        return any(_is_calendar(source.head()) for source in found)


def _is_calendar(head: bytes) -> bool:
    return is_winmail(head) or b"BEGIN:VCALENDAR" in head.replace(b"\0", b"").upper()


def read_calendar_file(path: Path) -> CalendarFile:
    """Return the calendars of a file, of a saved mail, or of an archive of these.

    Raises:
        NotFound, FileTooLarge.
        UnreadableFile: `no_calendar_in_mail`; what `read_calendar` and `read_mail` raise.
    """
    calendars: list[Calendar] = []
    findings: list[Finding] = []
    with sources([path]) as found:
        for source in found:
            if source.archive is not None and not _is_wanted(source):
                continue  # what else lies in an archive
            read = _read(source)
            calendars += read.calendars
            findings += read.findings
    if not calendars:
        raise UnreadableFile(
            "not_a_calendar",
            "{file} holds no calendar file.",
            file=path.name,
            expected="an iCalendar file (.ics) or a mail (.eml)",
        )
    skipped = sum(calendar.skipped for calendar in calendars)
    if skipped:
        text = (
            worded("1 task or the like: left out, as events and busy times alone are read")
            if skipped == 1
            else worded(
                "{count} tasks or the like: left out, as events and busy times alone are read",
                count=skipped,
            )
        )
        findings.append(Finding(path.name, 0, "", "no_event", text))
    return CalendarFile(tuple(calendars), tuple(findings))


def _is_wanted(source: Source) -> bool:
    name = source.name.lower()
    return name.endswith(SUFFIXES) or (name.endswith(".dat") and is_winmail(source.head()))


def _read(source: Source) -> CalendarFile:
    head = source.head()
    if is_winmail(head):
        return _of_winmail(source)
    if not (source.name.lower().endswith(".eml") or is_mail(head)):
        calendar = read_calendar(source.read(BYTES_LIMIT), source.name)
        return CalendarFile((calendar,), calendar.findings)
    mail = read_mail(source.read(MAIL_BYTES_LIMIT), source.name)
    if not mail.calendars and mail.sealed:
        raise UnreadableFile(
            "sealed_mail",
            "{file} is encrypted or sealed (S/MIME or PGP). Open it in your mail program and save "
            "the invitation from there as a calendar file (.ics).",
            file=source.name,
            expected="a mail with a part of text/calendar",
        )
    if not mail.calendars:
        raise UnreadableFile(
            "no_calendar_in_mail",
            "{file} is a mail without an invitation in it.",
            file=source.name,
            expected="a mail with a part of text/calendar",
        )
    return CalendarFile(mail.calendars, mail.findings)


def _of_winmail(source: Source) -> CalendarFile:
    """Return the calendars of Outlook's envelope, which somebody saved by itself."""
    found = calendars_in_winmail(source.read(MAIL_BYTES_LIMIT))
    read = [read_calendar(content, f"{source.name}/{name}") for name, content in found]
    if not read:
        raise UnreadableFile(
            "no_calendar_in_mail",
            "{file} is a mail without an invitation in it.",
            file=source.name,
            expected="an invitation in winmail.dat",
        )
    return CalendarFile(tuple(read), tuple(each for one in read for each in one.findings))
