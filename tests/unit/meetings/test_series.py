"""Series: planned, changed and cancelled in part; what invitees are sent of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from dateutil.rrule import rruleset, rrulestr

from projectdesk.domain.meetings import CallRole, InvitationAnswer, MeetingState, MeetingType
from projectdesk.domain.preparation import MeetingSeries
from projectdesk.domain.rules.series import Repeat
from projectdesk.domain.rules.zoned_time import to_local, to_utc
from projectdesk.errors import DomainError
from projectdesk.exchange.calendar import (
    Attendee,
    CalendarEvent,
    CalendarTime,
    Method,
    PartStat,
    Party,
    occurrences,
    read_calendar,
    write_calendar,
)
from projectdesk.services import commands, inbox, queries
from projectdesk.services.commands.inviting import Request
from projectdesk.services.commands.inviting_series import send_series
from projectdesk.services.commands.series import (
    Scope,
    SeriesChange,
    cancel_series,
    change_series,
    extend_series,
    plan_series,
    repeat_meeting,
)
from projectdesk.services.hosting import personal_links
from projectdesk.services.inviting.composing import Composed
from projectdesk.services.inviting.series_planning import SeriesPlan, plan_series_invitations
from projectdesk.services.queries.series import series_row
from projectdesk.services.rows import Kind, MeetingRow
from projectdesk.services.workspace import Workspace
from tests.unit.meetings.conftest import Clock, Consortium
from tests.unit.meetings.itip import checked
from tests.unit.meetings.test_inviting import SENDER, change, lines, said, send
from tests.unit.meetings.test_replies import mail

START = datetime.fromisoformat("2026-03-17T10:00")  # two weeks before the clocks change
BIWEEKLY = Repeat(2, (1,), None, 4)
KIRI = "kiri@example.org"


@pytest.fixture
def series(workspace: Workspace, consortium: Consortium) -> UUID:
    """Four calls, every two weeks on Tuesday at ten in Copenhagen."""
    made, _ = plan_series(
        workspace,
        consortium.project,
        MeetingType.WORK_PACKAGE_CALL,
        START,
        "Europe/Copenhagen",
        BIWEEKLY,
        title="WP call",
        duration_minutes=60,
    )
    return made


def meetings(workspace: Workspace) -> list[MeetingRow]:
    return [row for row in queries.meetings(workspace) if row.title.startswith("WP call")]


def kept(workspace: Workspace, series_id: UUID) -> MeetingSeries:
    with workspace.read() as session:
        return session.get_one(MeetingSeries, series_id)


def request(workspace: Workspace, **more: Any) -> Request:
    links = {}
    for row in queries.meetings(workspace):
        for link in personal_links(workspace, row.id, "https://meet.example.org"):
            links[link.invitation_id] = link.url
    return Request(SENDER, links, **more)


def send_all(workspace: Workspace, series_id: UUID) -> dict[str, Composed]:
    composed, _, _ = send_series(workspace, series_id, request(workspace))
    return {each.line.name.split()[0]: each for each in composed}


def plan_of(workspace: Workspace, series_id: UUID) -> SeriesPlan:
    return plan_series_invitations(workspace, series_id, SENDER.address)


def starts(content: bytes) -> list[datetime]:
    """Return the instants of a series' calendar object, as dateutil and vobject read them."""
    calendar = checked(content)
    master = next(e for e in calendar.vevent_list if "recurrence-id" not in e.contents)
    start = master.dtstart.value
    dates = rruleset()
    dates.rrule(rrulestr(master.rrule.value, dtstart=start))
    for exception in master.contents.get("exdate", []):
        for each in exception.value:
            dates.exdate(each)
    found = {each: each for each in dates}
    for event in calendar.vevent_list:
        if "recurrence-id" in event.contents:
            found[event.contents["recurrence-id"][0].value] = event.dtstart.value
    return sorted(each.astimezone(UTC) for each in found.values())


def planned(workspace: Workspace) -> list[datetime]:
    return [row.starts_at for row in meetings(workspace) if row.state is MeetingState.PLANNED]


def test_each_date_is_a_meeting_at_its_local_hour(workspace: Workspace, series: UUID) -> None:
    rows = meetings(workspace)
    assert [row.local_start for row in rows] == [START + timedelta(days=14 * n) for n in range(4)]
    # Summer time begins on 29 March: the instant moves, the hour does not.
    assert [row.starts_at.hour for row in rows] == [9, 8, 8, 8]
    assert all(queries.agenda(workspace, row.id) for row in rows)
    assert all(queries.invitations(workspace, row.id) for row in rows)
    assert kept(workspace, series).rule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=4"
    commands.undo(workspace)
    assert meetings(workspace) == []


@pytest.mark.full
def test_days_that_are_left_out_have_no_meeting(
    workspace: Workspace, consortium: Consortium
) -> None:
    made, _ = plan_series(
        workspace,
        consortium.project,
        MeetingType.WORK_PACKAGE_CALL,
        START,
        "Europe/Copenhagen",
        BIWEEKLY,
        title="WP call",
        without=[date(2026, 3, 31)],
    )
    rows = meetings(workspace)
    assert len(rows) == 3
    assert len({row.duration_minutes for row in rows}) == 1  # agendas differ, a series does not
    assert starts(send_all(workspace, made)["Kiri"].calendar) == planned(workspace)


@pytest.mark.full
def test_a_meeting_is_repeated_with_its_invitees(
    workspace: Workspace, consortium: Consortium, kick_off: UUID
) -> None:
    commands.invite(workspace, kick_off, consortium.people["Petra"], CallRole.OBSERVER)
    first = queries.meeting(workspace, kick_off)
    repeat_meeting(workspace, kick_off, Repeat(1, (first.local_start.weekday(),), None, 3))
    rows = queries.meetings(workspace)
    assert len(rows) == 3
    people = [
        {(i.person_id, i.role) for i in queries.invitations(workspace, row.id)} for row in rows
    ]
    assert people[0] == people[1] == people[2]
    with pytest.raises(DomainError) as refused:
        repeat_meeting(workspace, kick_off, Repeat(1, (1,), None, 3))
    assert refused.value.code == "in_series"


@pytest.mark.full
def test_a_series_is_extended_at_its_end(workspace: Workspace, series: UUID) -> None:
    added, _ = extend_series(workspace, series, kept(workspace, series).version, 2)
    assert added == 2
    rows = meetings(workspace)
    assert len(rows) == 6
    assert rows[-1].local_start == START + timedelta(days=70)
    assert kept(workspace, series).rule.endswith("COUNT=6")


def test_a_request_of_a_series_means_its_meetings(workspace: Workspace, series: UUID) -> None:
    composed = send_all(workspace, series)
    kiri = composed["Kiri"]
    assert starts(kiri.calendar) == planned(workspace)
    assert "series of meetings" in kiri.text
    assert "Repeats: every 2 weeks on Tuesday, 4 dates" in kiri.text
    links = {line.split()[-1] for line in kiri.text.splitlines() if "/r/" in line}
    assert len({link for link in links if "/check#" not in link}) == 4
    found = occurrences(
        read_calendar(kiri.calendar).events,
        datetime(2026, 3, 1, tzinfo=UTC),
        datetime(2026, 6, 1, tzinfo=UTC),
    )
    assert len(found) == 4
    assert not plan_of(workspace, series).plan.outgoing
    for row in meetings(workspace):
        assert not [line for line in lines(workspace, row.id).values() if line.goes_out]


def test_one_date_that_moves_is_told_alone_by_its_recurrence_id(
    workspace: Workspace, series: UUID
) -> None:
    send_all(workspace, series)
    second = meetings(workspace)[1]
    change(workspace, second.id, local_start=second.local_start + timedelta(days=1))
    made = {c.line.name.split()[0]: c for c in send(workspace, second.id)}["Kiri"]
    event = checked(made.calendar).vevent
    assert event.uid.value == f"{series.hex}@projectdesk"
    assert event.contents["recurrence-id"][0].value.astimezone(UTC) == datetime(
        2026, 3, 31, 8, 0, tzinfo=UTC
    )
    assert event.dtstart.value.astimezone(UTC) == datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
    assert event.sequence.value == "1"
    assert not plan_of(workspace, series).plan.outgoing
    # Told anew as a whole, the date keeps its own time.
    commands.invite(workspace, second.id, added_person(workspace), CallRole.OBSERVER)
    whole, _, _ = send_series(workspace, series, request(workspace))
    assert {each.line.name for each in whole} == {"Later Test"}


def added_person(workspace: Workspace) -> UUID:
    made, _ = commands.create(
        workspace,
        Kind.PERSON,
        {"given_name": "Later", "family_name": "Test", "email": "later@example.org"},
    )
    return made


@pytest.mark.full
def test_one_date_that_is_cancelled_is_left_out_of_the_rest(
    workspace: Workspace, series: UUID
) -> None:
    send_all(workspace, series)
    second = meetings(workspace)[1]
    change(workspace, second.id, state=MeetingState.CANCELLED)
    made = {c.line.name.split()[0]: c for c in send(workspace, second.id)}["Kiri"]
    calendar = checked(made.calendar)
    assert calendar.method.value == "CANCEL"
    assert "recurrence-id" in calendar.vevent.contents
    extend_series(workspace, series, kept(workspace, series).version, 1)
    whole = send_all(workspace, series)["Kiri"]
    assert starts(whole.calendar) == planned(workspace)
    assert whole.text.count("(cancelled)") == 1


def test_a_change_of_all_moves_those_to_come_and_keeps_what_has_its_own_time(
    workspace: Workspace, series: UUID
) -> None:
    send_all(workspace, series)
    first, second, *_ = meetings(workspace)
    change(workspace, second.id, local_start=second.local_start + timedelta(hours=5))
    done, _ = change_series(
        workspace,
        first.id,
        Scope.ALL,
        SeriesChange(local_start=START + timedelta(days=1, hours=1), title="WP call, weekly"),
    )
    assert done.series_id == series
    assert done.moved == 3
    assert len(done.kept) == 1
    rows = meetings(workspace)
    assert [row.local_start.weekday() for row in rows] == [2, 1, 2, 2]
    assert {row.title for row in rows} == {"WP call, weekly"}
    made = send_all(workspace, series)["Kiri"]
    assert starts(made.calendar) == sorted(planned(workspace))
    assert made.subject.startswith("Changed: ")


@pytest.mark.full
def test_this_and_those_after_it_become_a_series_of_their_own(
    workspace: Workspace, series: UUID
) -> None:
    send_all(workspace, series)
    third = meetings(workspace)[2]
    done, _ = change_series(workspace, third.id, Scope.FOLLOWING, SeriesChange(duration_minutes=90))
    assert done.series_id != series
    assert [row.duration_minutes for row in meetings(workspace)] == [60, 60, 90, 90]
    assert kept(workspace, series).rule.endswith("COUNT=2")
    earlier = send_all(workspace, series)["Kiri"]
    assert "every 2 weeks on Tuesday, 4 dates  ->  every 2 weeks on Tuesday, 2 dates" in (
        earlier.text
    )
    later = send_all(workspace, done.series_id)["Kiri"]
    assert len(starts(earlier.calendar)) == 2
    assert starts(earlier.calendar) + starts(later.calendar) == planned(workspace)
    assert later.subject.startswith("Invitation: ")
    commands_left = commands.undo_label(workspace)
    assert commands_left is None or "Send" not in commands_left


@pytest.mark.full
def test_what_was_held_is_not_changed_with_all(workspace: Workspace, series: UUID) -> None:
    first, second, *_ = meetings(workspace)
    change(workspace, first.id, state=MeetingState.HELD)
    change_series(workspace, second.id, Scope.ALL, SeriesChange(duration_minutes=30))
    assert [row.duration_minutes for row in meetings(workspace)] == [60, 30, 30, 30]
    commands.undo(workspace)
    assert [row.duration_minutes for row in meetings(workspace)] == [60, 60, 60, 60]


@pytest.mark.full
def test_a_whole_series_is_cancelled_with_one_mail(workspace: Workspace, series: UUID) -> None:
    send_all(workspace, series)
    cancelled, _ = cancel_series(workspace, meetings(workspace)[2].id, Scope.ALL)
    assert len(cancelled) == 4
    made = send_all(workspace, series)
    calendar = checked(made["Kiri"].calendar)
    assert calendar.method.value == "CANCEL"
    assert "recurrence-id" not in calendar.vevent.contents
    assert calendar.vevent.sequence.value == "1"
    for row in meetings(workspace):
        assert not [line for line in lines(workspace, row.id).values() if line.goes_out]


@pytest.mark.full
def test_those_after_one_are_cancelled_and_left_out(workspace: Workspace, series: UUID) -> None:
    send_all(workspace, series)
    cancelled, _ = cancel_series(workspace, meetings(workspace)[2].id, Scope.FOLLOWING)
    assert len(cancelled) == 2
    assert starts(send_all(workspace, series)["Kiri"].calendar) == planned(workspace)


def reply_to(series: UUID, stamp: datetime, at: datetime | None, said: PartStat) -> bytes:
    zone = "Pacific/Auckland"  # programs name the occurrence in their own zone
    recurrence = None
    if at is not None:
        recurrence = CalendarTime(to_local(to_utc(at, "Europe/Copenhagen"), zone), zone)
    event = CalendarEvent(
        uid=f"{series.hex}@projectdesk",
        start=recurrence or CalendarTime(START, "Europe/Copenhagen"),
        recurrence_id=recurrence,
        organiser=Party(SENDER.address),
        attendees=(Attendee(KIRI, partstat=said),),
        stamp=stamp,
    )
    return write_calendar((event,), Method.REPLY)


def test_an_answer_is_to_all_dates_or_to_one(
    workspace: Workspace, clock: Clock, series: UUID
) -> None:
    send_all(workspace, series)
    clock.advance(hours=1)
    whole = reply_to(series, clock.now, None, PartStat.ACCEPTED)
    taken = inbox.take(workspace, mail(whole)).taken
    assert taken is not None
    assert taken.outcome == "answer_taken"
    ids = [row.id for row in meetings(workspace)]
    assert [said(workspace, each, "Kiri") for each in ids] == [InvitationAnswer.ACCEPTED] * 4
    clock.advance(hours=1)
    third = START + timedelta(days=28)
    one = reply_to(series, clock.now, third, PartStat.DECLINED)
    inbox.take(workspace, mail(one, number=2))
    assert [said(workspace, each, "Kiri") for each in ids] == [
        InvitationAnswer.ACCEPTED,
        InvitationAnswer.ACCEPTED,
        InvitationAnswer.DECLINED,
        InvitationAnswer.ACCEPTED,
    ]


def test_a_date_whose_hour_the_clocks_skip_is_an_hour_later_and_moves_with_the_others(
    workspace: Workspace, consortium: Consortium
) -> None:
    sunday, zone = datetime.fromisoformat("2027-03-21T02:30"), "Europe/Copenhagen"
    made, _ = plan_series(
        workspace, consortium.project, MeetingType.AD_HOC, sunday, zone, Repeat(1, (6,), None, 3),
        title="WP call", duration_minutes=60, without=[date(2027, 4, 4)],
    )  # fmt: skip
    first, skipped = meetings(workspace)
    assert skipped.local_start == datetime.fromisoformat("2027-03-28T03:30")
    assert skipped.starts_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert series_row(workspace, made).words == "every week on Sunday, 3 times without 2027-04-04"
    earlier = SeriesChange(local_start=datetime.fromisoformat("2027-03-21T02:15"))
    assert change_series(workspace, first.id, Scope.ALL, earlier)[0].kept == ()
    starts = [row.local_start for row in meetings(workspace)]
    assert [f"{start:%d %H:%M}" for start in starts] == ["21 02:15", "28 03:15"]


def test_a_meeting_is_never_kept_at_a_time_that_its_day_leaves_out(
    workspace: Workspace, consortium: Consortium
) -> None:
    asked, zone = datetime.fromisoformat("2027-03-28T02:30"), "Europe/Berlin"
    made, _ = commands.plan_meeting(workspace, consortium.project, MeetingType.AD_HOC, asked, zone)
    planned = queries.meeting(workspace, made)
    assert f"{planned.local_start:%H:%M} {planned.starts_at:%H:%M}" == "03:30 01:30"
    values = {"local_start": asked.replace(minute=45)}
    commands.set_fields(workspace, Kind.MEETING, made, planned.version, values)
    changed = queries.meeting(workspace, made)
    assert f"{changed.local_start:%H:%M} {changed.starts_at:%H:%M}" == "03:45 01:45"
    poll, _ = commands.create_poll(workspace, consortium.project, "When?", zone, [asked], [])
    option = queries.date_poll(workspace, poll).options[0]
    assert f"{option.local_start:%H:%M}" == "03:30"
    dates = [asked, asked.replace(hour=3)]
    with pytest.raises(DomainError, match="twice"):
        commands.create_poll(workspace, consortium.project, "When?", zone, dates, [])
