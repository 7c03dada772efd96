"""One invitation, update or cancellation for one person: the mail and its calendar object.

The calendar object names its organiser and the one who is invited, nobody else: a list of
attendees would show everybody the addresses of the others (security.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Final
from uuid import UUID

from projectdesk.domain.meetings import InvitationAnswer
from projectdesk.domain.rules.invitation_changes import Change, Telling
from projectdesk.domain.rules.series import read_rule
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.exchange.calendar import (
    Attendee,
    CalendarEvent,
    CalendarTime,
    Conference,
    EventStatus,
    Method,
    PartStat,
    Party,
    Role,
    write_calendar,
)
from projectdesk.mail.address import Mailbox
from projectdesk.mail.invitation_page import (
    LOGO,
    AgendaLine,
    Changed,
    DateLine,
    Letter,
    ZoneLine,
    as_description,
    as_html,
    as_text,
)
from projectdesk.mail.invitation_words import Words, city, offset
from projectdesk.mail.message import CalendarPart, InlineImage, compose, new_message_id
from projectdesk.mail.words import language_of
from projectdesk.services.inviting.planning import InvitationPlan, InviteeLine, Subject
from projectdesk.services.rows import AgendaItemRow

_PARTSTAT: Final = {
    InvitationAnswer.NONE: PartStat.NEEDS_ACTION,
    InvitationAnswer.ACCEPTED: PartStat.ACCEPTED,
    InvitationAnswer.TENTATIVE: PartStat.TENTATIVE,
    InvitationAnswer.DECLINED: PartStat.DECLINED,
}


@dataclass(frozen=True)
class Sending:
    """What all mails of one sending share.

    organiser: who invites, by name. links: personal links by invitation. note: the organiser's
    own words, "" = none. sequence: SEQUENCE of the calendar objects (RFC 5545 section 3.8.7.4).
    """

    sender: Mailbox
    organiser: str
    links: Mapping[UUID, str]
    agenda: Sequence[AgendaItemRow]
    logo: InlineImage | None
    note: str
    sequence: int
    now: datetime


@dataclass(frozen=True)
class Composed:
    """A finished mail. calendar: the object in it, as a file of its own. text: its plain text."""

    line: InviteeLine
    subject: str
    text: str
    message: EmailMessage
    calendar: bytes
    method: Method


def check_address(link: str) -> str:
    """Return where the connection check of a personal link is: `.../r/ROOM/check#TOKEN`."""
    page, _, token = link.partition("#")
    return f"{page}/check#{token}" if token else ""


def compose_for(
    plan: InvitationPlan,
    line: InviteeLine,
    sending: Sending,
    message_seed: UUID,
    *,
    events: Sequence[CalendarEvent] = (),
    dates: Sequence[DateLine] = (),
) -> Composed:
    """Return the mail for one person.

    Args:
        plan: of the meeting.
        line: whom, and what they get.
        sending: what all mails share.
        message_seed: of the Message-ID, for this mail and no other.
        events: of a series; () = the meeting alone.
        dates: of a series, for the list of them.

    Raises:
        DomainError: the address is none.
    """
    words = Words(language_of(line.languages))
    subject = plan.subject
    link = link_for(subject, line, sending)
    letter = letter_for(plan, line, sending, words, link, dates)
    title = words.say(
        "subject",
        what=letter.heading,
        title=f"{line.now.title} ({subject.project})" if subject.project else line.now.title,
        when=f"{words.short_day(line.local_start.date())} {line.local_start:%H:%M} "
        f"{city(line.zone)}",
    )
    text = as_text(letter)
    method = Method.CANCEL if line.telling is Telling.CANCEL else Method.REQUEST
    made = events or (event_of(subject, line, sending, link, as_description(letter)),)
    calendar = write_calendar(made, method, now=sending.now)
    message = compose(
        sender=sending.sender,
        recipient=Mailbox(line.email, line.name if line.name != line.email else ""),
        subject=" ".join(title.split()),
        text=text,
        html=as_html(letter),
        images=(sending.logo,) if sending.logo is not None else (),
        calendar=CalendarPart(calendar, method.value),
        message_id=new_message_id(sending.sender.address, message_seed),
        date=sending.now,
    )
    return Composed(line, " ".join(title.split()), text, message, calendar, method)


def event_of(
    subject: Subject, line: InviteeLine, sending: Sending, link: str, description: str
) -> CalendarEvent:
    """Return the calendar object of a meeting, or of one occurrence, for one person.

    A cancellation says the times that were told before: a program finds the entry by its UID, and
    people by its time.
    """
    now = line.told.facts if line.telling is Telling.CANCEL and line.told is not None else line.now
    start = to_local(now.starts_at, now.zone)
    end = to_local(now.starts_at + timedelta(minutes=now.duration_minutes), now.zone)
    occurrence = None
    if subject.recurrence_at is not None:
        occurrence = CalendarTime(subject.recurrence_at, subject.series_zone)
    cancelled = line.telling is Telling.CANCEL
    return CalendarEvent(
        uid=subject.uid,
        sequence=sending.sequence,
        recurrence_id=occurrence,
        start=_time(start, now.starts_at, now.zone),
        end=_time(end, now.starts_at + timedelta(minutes=now.duration_minutes), now.zone),
        summary=now.title,
        description=description,
        location=now.place or link,
        url=link,
        conferences=(Conference(link, now.title),) if link and not cancelled else (),
        organiser=Party(sending.sender.address, sending.sender.name),
        attendees=(attendee_of(line),),
        status=EventStatus.CANCELLED if cancelled else EventStatus.CONFIRMED,
        stamp=sending.now,
        changed_at=sending.now,
    )


def attendee_of(line: InviteeLine) -> Attendee:
    """Return the one who is invited, with their answer where it still counts."""
    asked = line.telling is Telling.NEW or line.asks_again
    partstat = PartStat.NEEDS_ACTION if asked else _PARTSTAT[line.answer]
    return Attendee(
        line.email,
        line.name if line.name != line.email else "",
        role=Role.REQUIRED if line.required else Role.OPTIONAL,
        partstat=partstat,
        rsvp=line.telling is not Telling.CANCEL and partstat is PartStat.NEEDS_ACTION,
    )


def _time(local: datetime, instant: datetime, zone: str) -> CalendarTime:
    """Return a planned time; as UTC where a zone has the local time twice and means the second."""
    told = CalendarTime(local, zone)
    if told.instant() == instant:
        return told
    return CalendarTime(instant.replace(tzinfo=None), "UTC")


def link_for(subject: Subject, line: InviteeLine, sending: Sending) -> str:
    """Return where one person goes to: the call of others, or by their personal link; "" = none."""
    if line.telling is Telling.CANCEL:
        return ""
    if subject.meeting.outside_url:
        return subject.meeting.outside_url
    return "" if line.invitation_id is None else sending.links.get(line.invitation_id, "")


def letter_for(
    plan: InvitationPlan,
    line: InviteeLine,
    sending: Sending,
    words: Words,
    link: str,
    dates: Sequence[DateLine],
) -> Letter:
    """Return what one person is written."""
    subject, now = plan.subject, line.now
    stands = line.telling is not Telling.CANCEL
    if not stands and line.told is not None:
        now = line.told.facts
    local = to_local(now.starts_at, line.zone)
    check = "" if not stands or subject.meeting.outside_url else check_address(link)
    return Letter(
        words=words,
        telling=line.telling,
        again=line.again,
        removed=line.removed,
        title=now.title,
        project=subject.project,
        project_title=subject.project_title,
        organiser=sending.sender.name or sending.organiser,
        name=line.name if line.name != line.email else "",
        when=(
            words.day(local.date()),
            words.span(now.starts_at, now.duration_minutes, line.zone),
            f"{city(line.zone)} ({offset(now.starts_at, line.zone)})",
        ),
        length=words.length(now.duration_minutes),
        place=now.place,
        required=now.required,
        asks_again=line.asks_again and line.answer is not InvitationAnswer.NONE,
        note=sending.note,
        link="" if dates else link,
        check_link=check,
        changed=tuple(_changed(words, change, line) for change in line.changes),
        zones=_zones(plan, line, words) if stands else (),
        agenda=_agenda(line, sending, words) if stands and not dates else (),
        dates=dates,
        repeats=words.rule(read_rule(now.dates)) if now.dates else "",
        logo=sending.logo is not None,
    )


def _changed(words: Words, change: Change, line: InviteeLine) -> Changed:
    now = line.now
    before = now if line.told is None else line.told.facts
    if change is Change.TIME:
        return Changed(
            words.changed(change),
            _when(words, before.starts_at, line.zone),
            _when(words, now.starts_at, line.zone),
        )
    if change is Change.DURATION:
        lengths = words.length(before.duration_minutes), words.length(now.duration_minutes)
        return Changed(words.changed(change), *lengths)
    if change is Change.LINK:
        return Changed(words.changed(change), "", words.say("link_is"))
    if change is Change.PRESENCE:
        told = [words.say("required" if each.required else "optional") for each in (before, now)]
        return Changed(words.changed(change), *told)
    if change is Change.PLACE:
        online = words.say("online")
        return Changed(words.changed(change), before.place or online, now.place or online)
    if change is Change.DATES:
        rules = [words.rule(read_rule(each.dates)) for each in (before, now)]
        return Changed(words.changed(change), *rules)
    return Changed(words.changed(change), before.title, now.title)


def _when(words: Words, starts_at: datetime, zone: str) -> str:
    local = to_local(starts_at, zone)
    return f"{words.day(local.date())}, {local:%H:%M} {city(zone)}"


def _zones(plan: InvitationPlan, line: InviteeLine, words: Words) -> tuple[ZoneLine, ...]:
    """Return the time in the zones of all who are invited, once for each time, west to east.

    Zones only, no names: who is invited is nobody else's affair.
    """
    starts_at, minutes = line.now.starts_at, line.now.duration_minutes
    by_time: dict[datetime, list[str]] = {}
    for zone in dict.fromkeys((line.zone, plan.subject.meeting.zone, *plan.zones)):
        by_time.setdefault(to_local(starts_at, zone), []).append(zone)
    if len(by_time) < 2:
        return ()
    return tuple(
        ZoneLine(
            ", ".join(dict.fromkeys(map(city, zones))),
            f"{words.short_day(local.date())}, {words.span(starts_at, minutes, zones[0])}",
            offset(starts_at, zones[0]),
        )
        for local, zones in sorted(by_time.items())
    )


def _agenda(line: InviteeLine, sending: Sending, words: Words) -> tuple[AgendaLine, ...]:
    """Return the agenda by the reader's clock: days and sections as headings, items numbered."""
    lines: list[AgendaLine] = []
    several = len({item.day for item in sending.agenda}) > 1
    before: tuple[int, str] = (0, "")
    for item in sending.agenda:
        starts = item.starts_at or line.now.starts_at + timedelta(minutes=item.starts_after_minutes)
        local = to_local(starts, line.zone)
        if several and item.day != before[0]:
            lines.append(AgendaLine("", words.short_day(local.date())))
        if item.section and (item.day, item.section) != before:
            lines.append(AgendaLine("", item.section))
        before = (item.day, item.section)
        number = f"{item.label}. " if item.label else ""
        track = f"{item.track}: " if item.track else ""
        lines.append(
            AgendaLine(
                f"{local:%H:%M}",
                f"{number}{track}{item.title}",
                item.presenter or item.presenter_text,
                words.length(item.duration_minutes),
            )
        )
    return tuple(lines)


__all__ = [
    "LOGO",
    "Composed",
    "Sending",
    "attendee_of",
    "check_address",
    "compose_for",
    "event_of",
    "letter_for",
    "link_for",
]
