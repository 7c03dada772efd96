"""Takes invitations of others into the data as meetings, inside one unit of work.

A meeting is the one of a calendar object when the UID is the same and, in a series, the occurrence.
When it is, where it is and how it is called are the organiser's to say, so a later object changes
them; what a person changed here by hand stays (docs/adr/0051), its time excepted: a meeting that
is shown at another hour than everybody else goes to is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.consortium import Membership, Person
from projectdesk.domain.meetings import (
    CallRole,
    Invitation,
    InvitationAnswer,
    Meeting,
    MeetingState,
    MeetingType,
)
from projectdesk.domain.preparation import MeetingSeries
from projectdesk.domain.rules.invitation_changes import uid_of
from projectdesk.domain.rules.zoned_time import to_local, to_utc, tzdata_version
from projectdesk.exchange.calendar import (
    Calendar,
    CalendarEvent,
    CalendarTime,
    EventStatus,
    Method,
    Occurrence,
    PartStat,
    Role,
    latest,
    occurrences,
)
from projectdesk.exchange.calendar.recurrence import is_finer_than_days
from projectdesk.services.importing.fields import in_words
from projectdesk.services.importing.own_edits import own_edits
from projectdesk.services.importing.tally import Tally
from projectdesk.services.rows import Kind
from projectdesk.services.session import Unit
from projectdesk.store import schema
from projectdesk.worded import Worded, worded

BACK: Final = timedelta(days=366)
AHEAD: Final = timedelta(days=400)
"""Of a series that goes on, this much becomes meetings; importing again brings the next."""

SERIES_LIMIT: Final = 120
"""Meetings of one series."""

LONGEST_MINUTES: Final = 14 * 24 * 60
TITLE_LETTERS: Final = 300
SHOWN_LETTERS: Final = 80
"""Of a title that a finding repeats."""

USUAL_MINUTES: Final = 60
"""Of an invitation that says no end."""

_DAY_START, _DAY_END = time(9), time(17)
_ANSWERS: Final = {
    PartStat.ACCEPTED: InvitationAnswer.ACCEPTED,
    PartStat.TENTATIVE: InvitationAnswer.TENTATIVE,
    PartStat.DECLINED: InvitationAnswer.DECLINED,
}
_THEIRS: Final = frozenset({"local_start", "zone", "starts_at", "duration_minutes", "state"})
"""What the organiser alone decides."""

_SHOWN: Final = {
    "local_start": "start",
    "duration_minutes": "minutes",
    "outside_url": "link",
    "title": "title",
    "zone": "zone",
    "place": "place",
    "state": "state",
    "organiser": "organiser",
}


@dataclass(frozen=True)
class _Wanted:
    """What an occurrence says of a meeting. recurrence_at: local start by the series' rule."""

    event: CalendarEvent
    recurrence_at: datetime | None
    fields: dict[str, Any]


class CalendarMeetings:
    """One import of calendar objects as meetings.

    Args:
        unit: what is changed together.
        tally: counts.
        file: the file's name.
        project_id: the project whose meetings new ones become.
        zone: IANA name in which times without a zone, and times in UTC, are planned.
    """

    def __init__(self, unit: Unit, tally: Tally, file: str, project_id: UUID, zone: str) -> None:
        self._unit = unit
        self._tally = tally
        self._file = file
        self._project_id = project_id
        self._zone = zone
        self._told: set[str] = set()
        self._people = self._by_address()
        self._partners = self._by_person()

    def take(self, calendar: Calendar) -> None:
        """Add, change and cancel the meetings that a calendar tells of."""
        by_uid: dict[str, list[CalendarEvent]] = {}
        for event in calendar.events:
            by_uid.setdefault(event.uid, []).append(event)
        for uid, events in by_uid.items():
            present = self._present(uid)
            if self._is_own(uid) or any(not meeting.organiser for meeting in present):
                text = worded("{event} was planned here: it stays.", event=_named(events[0]))
                self._tell("own_meeting", text)
            elif calendar.method is Method.CANCEL:
                self._cancel(events, present)
            elif any(repeats_too_often(event) for event in events):
                text = worded(
                    "{event} repeats in less than days, as no meeting does: left out.",
                    event=_named(events[0]),
                )
                self._tell("repeats_too_often", text)
            else:
                self._take_event(self._of_one_master(events), present)

    def _of_one_master(self, events: Sequence[CalendarEvent]) -> list[CalendarEvent]:
        """Return the events of a UID with one that is no change of an occurrence, the newest."""
        masters = [event for event in events if event.recurrence_id is None]
        if len(masters) < 2:
            return list(events)
        newest = latest(masters)
        for other in masters:
            if other is not newest and (other.summary, other.start) != (
                newest.summary,
                newest.start,
            ):
                text = worded(
                    "{event} of {day} has the same UID as {newest} of {newest_day}, which counts; "
                    "it is left out.",
                    event=_named(other),
                    day=_day(other),
                    newest=_named(newest),
                    newest_day=_day(newest),
                )
                self._tell("same_uid", text)
        return [event for event in events if event is newest or event.recurrence_id is not None]

    def _tell(self, code: str, text: Worded) -> None:
        self._tally.findings.add(self._file, 0, "", code, text)

    def _tell_once(self, code: str, text: Worded) -> None:
        """Tell what holds for each meeting of a series, for the first of them."""
        if text not in self._told:
            self._told.add(text)
            self._tell(code, text)

    # --- what is here ---------------------------------------------------------------------------

    def _by_address(self) -> dict[str, Person]:
        people: dict[str, Person] = {}
        for person in self._unit.session.scalars(select(Person).order_by(schema.person.c.id)):
            if person.email:
                people.setdefault(person.email.casefold(), person)
        return people

    def _by_person(self) -> dict[UUID, UUID | None]:
        members = select(Membership).where(schema.membership.c.project_id == self._project_id)
        return {one.person_id: one.partner_id for one in self._unit.session.scalars(members)}

    def _present(self, uid: str) -> list[Meeting]:
        query = select(Meeting).where(schema.meeting.c.uid == uid).order_by(schema.meeting.c.id)
        return list(self._unit.session.scalars(query))

    def _is_own(self, uid: str) -> bool:
        """Return whether a calendar object is of a meeting, or a series, that was planned here."""
        try:
            record_id = UUID(uid.partition("@")[0])
        except ValueError:
            return False
        meeting = self._unit.session.get(Meeting, record_id)
        series = self._unit.session.get(MeetingSeries, record_id)
        own = [uid_of(record.uid, record_id) for record in (meeting, series) if record is not None]
        return uid in own

    # --- cancelling -----------------------------------------------------------------------------

    def _cancel(self, events: Sequence[CalendarEvent], present: Sequence[Meeting]) -> None:
        if not present:
            text = worded("{event} is cancelled, and was never here.", event=_named(events[0]))
            self._tell("nothing_to_cancel", text)
            return
        for event in events:
            for meeting in present:
                if self._is_meant(event, meeting):
                    self._cancel_one(meeting, event.sequence)

    def _is_meant(self, event: CalendarEvent, meeting: Meeting) -> bool:
        if event.recurrence_id is None:
            return True
        at = self._recurrence(event.recurrence_id, meeting)
        if event.and_following:
            return meeting.recurrence_at is not None and meeting.recurrence_at >= at
        return meeting.recurrence_at in (None, at)

    def _recurrence(self, when: object, meeting: Meeting) -> datetime:
        """Return the local time by which the data knows an occurrence."""
        if not isinstance(when, CalendarTime):
            return datetime.combine(when, time())  # type: ignore[arg-type]
        series = None
        if meeting.series_id is not None:
            series = self._unit.session.get(MeetingSeries, meeting.series_id)
        return to_local(when.instant(self._zone), series.zone if series else meeting.zone)

    def _cancel_one(self, meeting: Meeting, sequence: int) -> None:
        if sequence < meeting.sequence:
            self._tell_older(meeting)
            return
        if meeting.state is MeetingState.PLANNED:
            self._change(meeting, {"state": MeetingState.CANCELLED}, sequence)
        else:
            self._tally.count_kept(Kind.MEETING, meeting.title, ())

    def _tell_older(self, meeting: Meeting) -> None:
        text = worded(
            "“{title}”: what is here is newer than this file; it stays.", title=meeting.title
        )
        self._tell("older_object", text)
        self._tally.count_kept(Kind.MEETING, meeting.title, ())

    # --- adding and changing --------------------------------------------------------------------

    def _take_event(self, events: Sequence[CalendarEvent], present: Sequence[Meeting]) -> None:
        wanted = list(self._wanted(events))
        series_id = self._series(events, present, wanted)
        known = {meeting.recurrence_at: meeting for meeting in present}
        seen = set()
        for one in wanted:
            meeting = known.get(one.recurrence_at)
            if meeting is None and not any(event.repeats for event in events):
                meeting = present[0] if len(present) == 1 else None
            if meeting is None:
                meeting = self._add(one, series_id)
            elif one.event.sequence < meeting.sequence:
                self._tell_older(meeting)
                seen.add(meeting.id)
                continue
            else:
                self._change(meeting, one.fields, one.event.sequence)
            seen.add(meeting.id)
            self._invite(meeting, one.event)
        for meeting in present:
            if meeting.id not in seen and self._is_gone(meeting, events):
                self._cancel_one(meeting, max(event.sequence for event in events))

    def _is_gone(self, meeting: Meeting, events: Sequence[CalendarEvent]) -> bool:
        """Return whether a meeting that the file does not tell of does not take place any more.

        Only the whole series can say so; what is past, or further ahead than was looked, stays.
        """
        whole = any(event.recurrence_id is None for event in events)
        soon = self._unit.now <= meeting.starts_at < self._unit.now + AHEAD
        return whole and soon and meeting.state is MeetingState.PLANNED

    def _wanted(self, events: Sequence[CalendarEvent]) -> Iterable[_Wanted]:
        repeats = any(event.repeats or event.recurrence_id is not None for event in events)
        now = self._unit.now
        first = now - BACK if not repeats else now - timedelta(days=1)
        last = now + AHEAD
        if not repeats:
            starts = [self._instant(event) for event in events]
            first, last = min([first, *starts]), max([last, *(at + AHEAD for at in starts)])
        found = occurrences(
            events, first, last, zone=self._zone, file=self._file, findings=self._tally.findings
        )
        zone = self._series_zone(events)
        if len(found) > SERIES_LIMIT:
            text = worded(
                "{event} takes place {count} times; the next {taken} become meetings, up to {day}.",
                event=_named(events[0]),
                count=len(found),
                taken=SERIES_LIMIT,
                day=_day_of(found[SERIES_LIMIT - 1], zone),
            )
            self._tell("long_series", text)
        elif found and repeats and occurrences(events, last, last + AHEAD, zone=self._zone):
            text = worded(
                "{event} goes on: its meetings up to {day} are taken; import it again for the "
                "later ones.",
                event=_named(events[0]),
                day=_day_of(found[-1], zone),
            )
            self._tell("goes_on", text)
        if not found and any(event.status is not EventStatus.CANCELLED for event in events):
            text = worded("{event}: none of it takes place any more.", event=_named(events[0]))
            self._tell("all_past", text)
        for one in found[:SERIES_LIMIT]:
            fields = self._fields(one)
            if fields is not None:
                at = self._rule_start(one, zone) if repeats else None
                yield _Wanted(one.event, at, fields)

    def _instant(self, event: CalendarEvent) -> datetime:
        start = event.start
        if isinstance(start, CalendarTime):
            return start.instant(self._zone)
        return to_utc(datetime.combine(start, time()), "UTC")

    def _rule_start(self, one: Occurrence, zone: str) -> datetime:
        if isinstance(one.by_rule, CalendarTime):
            return to_local(one.by_rule.instant(self._zone), zone)
        return datetime.combine(one.by_rule, time())

    def _series_zone(self, events: Sequence[CalendarEvent]) -> str:
        master = next((event for event in events if event.recurrence_id is None), events[0])
        return self._planned_zone(master) or self._zone

    def _planned_zone(self, event: CalendarEvent) -> str:
        """Return the zone that a meeting is planned in, "" = the file says none that is known."""
        start = event.start
        if not isinstance(start, CalendarTime) or start.own_zone is not None:
            return ""
        if start.zone == "UTC" and not event.repeats and event.recurrence_id is None:
            return ""  # Programs write a single event in UTC whatever its people see.
        return start.zone

    def _series(
        self,
        events: Sequence[CalendarEvent],
        present: Sequence[Meeting],
        wanted: Sequence[_Wanted],
    ) -> UUID | None:
        """Return the series that the meetings belong to: made, followed, or none."""
        known = next((one.series_id for one in present if one.series_id is not None), None)
        master = next((event for event in events if event.rules), None)
        if master is None or not wanted:
            return known
        zone = self._series_zone(events)
        start = master.start
        local = datetime.combine(start, _DAY_START) if not isinstance(start, CalendarTime) else (
            to_local(start.instant(self._zone), zone)
        )  # fmt: skip
        fields = {
            "title": _title(master),
            "rule": master.rules[0],
            "local_start": local,
            "zone": zone,
            "duration_minutes": wanted[0].fields["duration_minutes"],
            "sequence": master.sequence,
        }
        if known is None:
            series = MeetingSeries(
                project_id=self._project_id, type=MeetingType.AD_HOC, uid=master.uid, **fields
            )
            self._unit.add(series)
            self._unit.session.flush()
            self._tally.count_added(Kind.MEETING_SERIES, lambda: series.title)
            return series.id
        series = self._unit.get(MeetingSeries, known)
        for name, value in fields.items():
            if getattr(series, name) != value:
                setattr(series, name, value)
        return known

    def _fields(self, one: Occurrence) -> dict[str, Any] | None:
        """Return what an occurrence says; None when no meeting here can be like that."""
        when = self._when(one)
        if when["duration_minutes"] > LONGEST_MINUTES:
            text = worded("{event} takes more than two weeks: left out.", event=_named(one.event))
            self._tell("too_long", text)
            return None
        if len(one.event.summary) > TITLE_LETTERS:
            text = worded(
                "{event} has a title of {count} letters: the first {kept} are kept.",
                event=_named(one.event),
                count=len(one.event.summary),
                kept=TITLE_LETTERS,
            )
            self._tell_once("long_title", text)
        event = one.event
        call = event.conferences[0].address if event.conferences else event.url
        return when | {
            "title": _title(event),
            "place": _place(event, call),
            "outside_url": call,
            "organiser": _organiser(event),
            "state": MeetingState.PLANNED,
        }

    def _when(self, one: Occurrence) -> dict[str, Any]:
        if one.first_day is not None and one.last_day is not None:
            local = datetime.combine(one.first_day, _DAY_START)
            end, zone = datetime.combine(one.last_day, _DAY_END), self._zone
            minutes = int((to_utc(end, zone) - to_utc(local, zone)).total_seconds()) // 60
            text = worded(
                "{event} takes whole days: planned from 9:00 to 17:00 in {zone}.",
                event=_named(one.event),
                zone=zone,
            )
            self._tell("whole_days", text)
            return _times(local, zone, minutes)
        assert one.starts_at is not None  # noqa: S101 - either days or instants
        assert one.ends_at is not None  # noqa: S101
        if isinstance(one.start, CalendarTime) and not one.start.zone:
            text = worded(
                "{event} says no time zone: read in {zone}.",
                event=_named(one.event),
                zone=self._zone,
            )
            self._tell("no_zone", text)
        zone = self._planned_zone(one.event) or self._zone
        minutes = int((one.ends_at - one.starts_at).total_seconds()) // 60
        if minutes < 1:
            minutes = USUAL_MINUTES
            text = worded("{event} says no end: planned for an hour.", event=_named(one.event))
            self._tell("no_end", text)
        return _times(to_local(one.starts_at, zone), zone, minutes)

    def _add(self, wanted: _Wanted, series_id: UUID | None) -> Meeting:
        meeting = Meeting(
            project_id=self._project_id,
            type=MeetingType.AD_HOC,
            uid=wanted.event.uid,
            sequence=wanted.event.sequence,
            series_id=series_id,
            recurrence_at=wanted.recurrence_at,
            tzdata=tzdata_version(),
            **wanted.fields,
        )
        self._unit.add(meeting)
        self._unit.session.flush()
        self._tally.count_added(
            Kind.MEETING, lambda: f"{meeting.local_start:%Y-%m-%d %H:%M}  {meeting.title}"
        )
        return meeting

    def _change(self, meeting: Meeting, fields: dict[str, Any], sequence: int) -> None:
        if meeting.state in (MeetingState.LIVE, MeetingState.HELD):
            self._tally.count_kept(Kind.MEETING, meeting.title, ())
            return
        moved = {
            name: value
            for name, value in fields.items()
            if value != getattr(meeting, name) and (value or name in _THEIRS)
        }
        moved = self._without_own_edits(meeting, moved)
        words = [
            (_SHOWN[name], in_words(getattr(meeting, name)), in_words(value))
            for name, value in moved.items()
            if name in _SHOWN
        ]
        self._tally.count_kept(Kind.MEETING, meeting.title, words)
        for name, value in moved.items():
            setattr(meeting, name, value)
        if meeting.sequence != sequence:
            meeting.sequence = sequence

    def _without_own_edits(self, meeting: Meeting, moved: dict[str, Any]) -> dict[str, Any]:
        doubtful = moved.keys() - _THEIRS
        if not doubtful:
            return moved
        written = own_edits(self._unit.session, [meeting.id]).get(meeting.id, set()) & doubtful
        for name in sorted(written):
            text = worded(
                "“{title}”: {field} was changed here by hand and stays {kept}; the "
                "file says {moved}.",
                title=meeting.title,
                field=_SHOWN.get(name, name),
                kept=in_words(getattr(meeting, name)),
                moved=in_words(moved[name]),
            )
            self._tell("kept_own_edit", text)
        return {name: value for name, value in moved.items() if name not in written}

    # --- who is invited -------------------------------------------------------------------------

    def _invite(self, meeting: Meeting, event: CalendarEvent) -> None:
        """Invite whom the calendar object names and the data knows, with what they answered."""
        invited = {
            one.person_id: one
            for one in self._unit.session.scalars(
                select(Invitation).where(schema.invitation.c.meeting_id == meeting.id)
            )
        }
        unknown: list[str] = []
        for attendee in event.attendees:
            if attendee.kind not in ("INDIVIDUAL", "UNKNOWN"):
                continue
            person = self._people.get(attendee.address.casefold())
            if person is None:
                unknown.append(attendee.name or attendee.address)
                continue
            answer = _ANSWERS.get(attendee.partstat, InvitationAnswer.NONE)
            if person.id not in invited:
                required = attendee.role in (Role.REQUIRED, Role.CHAIR)
                invited[person.id] = self._invitation(
                    meeting, person, CallRole.PARTICIPANT, answer, required=required
                )
            elif answer is not InvitationAnswer.NONE and invited[person.id].answer is not answer:
                invited[person.id].answer = answer
        organiser = event.organiser and self._people.get(event.organiser.address.casefold())
        if organiser and organiser.id not in invited:
            accepted = InvitationAnswer.ACCEPTED
            self._invitation(meeting, organiser, CallRole.CHAIR, accepted, required=True)
        if unknown:
            names = ", ".join(unknown[:5])
            if len(unknown) > 5:
                names = worded("{names} and {count} more", names=names, count=len(unknown) - 5)
            text = worded(
                "“{title}” also invites, who are not among your people: {names}",
                title=meeting.title,
                names=names,
            )
            self._tell_once("unknown_attendees", text)

    def _invitation(
        self,
        meeting: Meeting,
        person: Person,
        role: CallRole,
        answer: InvitationAnswer,
        *,
        required: bool,
    ) -> Invitation:
        invitation = Invitation(
            meeting_id=meeting.id,
            person_id=person.id,
            partner_id=self._partners.get(person.id),
            role=role,
            answer=answer,
            required=required,
        )
        self._unit.add(invitation)
        self._tally.count_added(Kind.INVITATION, lambda: person.name or person.email)
        return invitation


def _times(local: datetime, zone: str, minutes: int) -> dict[str, Any]:
    return {
        "local_start": local,
        "zone": zone,
        "starts_at": to_utc(local, zone),
        "duration_minutes": minutes,
    }


def _title(event: CalendarEvent) -> str:
    return event.summary[:TITLE_LETTERS] or "Meeting without a title"


def _named(event: CalendarEvent) -> str:
    """Return what a finding calls an event."""
    title = event.summary or worded("Meeting without a title")
    return f"“{title if len(title) <= SHOWN_LETTERS else title[: SHOWN_LETTERS - 1] + '…'}”"


def _day(event: CalendarEvent) -> date:
    start = event.start
    return start.local.date() if isinstance(start, CalendarTime) else start


def _day_of(one: Occurrence, zone: str) -> date:
    return to_local(one.starts_at, zone).date() if one.starts_at else one.order().date()


def repeats_too_often(event: CalendarEvent) -> bool:
    """Return whether an event repeats in less than days, as no meeting does."""
    return any(is_finer_than_days(rule) for rule in event.rules)


def _place(event: CalendarEvent, call: str) -> str:
    """Return where people meet; not the link of the call, which has a field of its own."""
    words = [word for word in event.location.split() if word != call]
    place = " ".join(words)
    return "" if place.lower() in _NO_PLACES else place[:300]


_NO_PLACES = frozenset({"microsoft teams meeting", "microsoft teams-besprechung", "online", "zoom"})


def _organiser(event: CalendarEvent) -> str:
    """Return who invited, as "Name <address>"; every meeting of others has one."""
    party = event.organiser
    if party is None:
        return "from a calendar file"
    if party.name and party.address:
        return f"{party.name} <{party.address}>"
    return party.name or party.address
