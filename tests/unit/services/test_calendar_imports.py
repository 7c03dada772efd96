"""Invitations and calendars of others as meetings, and as the times at which somebody is taken."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from projectdesk.domain.consortium import Person
from projectdesk.domain.meetings import Invitation, InvitationAnswer, Meeting, MeetingState
from projectdesk.errors import DomainError, EnvironmentFailure, NotFound, UnreadableFile
from projectdesk.services import commands, queries
from projectdesk.services.commands import create
from projectdesk.services.rows import ImportReport, Kind, MeetingRow
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import Clock

TEAMS = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0?context=%7b%7d"


class Files:
    """Writes calendar files: one event, each line as given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(
        self, *lines: str, method: str = "REQUEST", more: str = "", name: str = ""
    ) -> Path:
        head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"METHOD:{method}", "BEGIN:VEVENT", "UID:m1@them"]
        head += ["DTSTAMP:20260301T080000Z", "ORGANIZER;CN=Officer:mailto:officer@ec.example"]
        path = self.folder / (name or "invite.ics")
        path.write_text("\r\n".join([*head, *lines, "END:VEVENT", more, "END:VCALENDAR", ""]))
        return path


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@pytest.fixture
def ana(workspace: Workspace) -> UUID:
    values = {"given_name": "Ana", "email": "ana@udr.example", "zone": "Europe/Lisbon"}
    return create(workspace, Kind.PERSON, values)[0]


START = (
    "DTSTART;TZID=Europe/Brussels:20260310T100000",
    "DTEND;TZID=Europe/Brussels:20260310T113000",
)


def taken(workspace: Workspace, project_id: UUID, file: Path, **options: object) -> ImportReport:
    return commands.import_calendar(workspace, file, project_id, **options)  # type: ignore[arg-type]


def only(workspace: Workspace, project_id: UUID) -> MeetingRow:
    (row,) = queries.meetings(workspace, project_id)
    return row


def codes(report: ImportReport) -> set[str]:
    return {warning.code for warning in report.warnings}


def test_an_invitation_becomes_a_meeting_with_those_who_are_known(
    workspace: Workspace, project_id: UUID, ana: UUID, files: Files
) -> None:
    file = files(
        *START,
        "SUMMARY:Review\\, first period",
        "LOCATION:Microsoft Teams Meeting",
        f"X-MICROSOFT-SKYPETEAMSMEETINGURL:{TEAMS}",
        "SEQUENCE:3",
        "ATTENDEE;ROLE=OPT-PARTICIPANT;PARTSTAT=ACCEPTED:MAILTO:Ana@UDR.example",
        "ATTENDEE;CN=Reviewer:mailto:reviewer@ec.example",
        "ATTENDEE;CUTYPE=ROOM:mailto:room7@ec.example",
    )
    report = taken(workspace, project_id, file)
    row = only(workspace, project_id)
    assert (row.title, row.zone, row.duration_minutes) == (
        "Review, first period",
        "Europe/Brussels",
        90,
    )
    assert row.starts_at == datetime(2026, 3, 10, 9, tzinfo=UTC)
    assert row.place == ""
    (invited,) = queries.invitations(workspace, row.id)
    assert invited.person_id == ana
    assert invited.answer is InvitationAnswer.ACCEPTED
    assert codes(report) == {"unknown_attendees"}
    assert "Reviewer" in report.warnings[0].text
    assert "room7" not in report.warnings[0].text
    with workspace.read() as session:
        meeting = session.get(Meeting, row.id)
        assert meeting is not None
        assert (meeting.uid, meeting.sequence) == ("m1@them", 3)
        assert meeting.organiser == "Officer <officer@ec.example>"
        assert meeting.outside_url == TEAMS
        invitation = session.get(Invitation, invited.id)
        assert invitation is not None
        assert not invitation.required


def test_a_preview_counts_and_changes_nothing(
    workspace: Workspace, project_id: UUID, files: Files
) -> None:
    report = taken(workspace, project_id, files(*START, "SUMMARY:Review"), dry_run=True)
    assert report.added == 1
    assert report.preview[0].title == "2026-03-10 10:00  Review"
    assert queries.meetings(workspace, project_id) == []


def test_importing_again_follows_the_organiser_and_undo_takes_it_back(
    workspace: Workspace, project_id: UUID, files: Files
) -> None:
    taken(workspace, project_id, files(*START, "SUMMARY:Review", "SEQUENCE:1"))
    again = taken(workspace, project_id, files(*START, "SUMMARY:Review", "SEQUENCE:1"))
    assert (again.added, again.updated, again.unchanged) == (0, 0, 1)
    later = [line.replace("20260310", "20260312") for line in START]
    moved = taken(workspace, project_id, files(*later, "SUMMARY:Review", "SEQUENCE:2"))
    assert moved.updated == 1
    assert only(workspace, project_id).local_start == datetime(2026, 3, 12, 10)  # noqa: DTZ001
    older = taken(workspace, project_id, files(*START, "SUMMARY:Review", "SEQUENCE:1"))
    assert codes(older) == {"older_object"}
    assert only(workspace, project_id).local_start == datetime(2026, 3, 12, 10)  # noqa: DTZ001
    commands.undo(workspace)
    assert only(workspace, project_id).local_start == datetime(2026, 3, 10, 10)  # noqa: DTZ001


def test_what_a_person_wrote_stays_but_the_hour_is_the_organisers(
    workspace: Workspace, project_id: UUID, files: Files
) -> None:
    taken(workspace, project_id, files(*START, "SUMMARY:Review"))
    row = only(workspace, project_id)
    values = {"title": "Our review", "local_start": datetime(2026, 3, 10, 9)}  # noqa: DTZ001
    commands.set_fields(workspace, Kind.MEETING, row.id, row.version, values)
    report = taken(workspace, project_id, files(*START, "SUMMARY:Review RP1", "SEQUENCE:1"))
    after = only(workspace, project_id)
    assert after.title == "Our review"
    assert after.local_start == datetime(2026, 3, 10, 10)  # noqa: DTZ001
    assert codes(report) == {"kept_own_edit"}


def test_a_cancellation_cancels_and_one_of_nothing_is_told(
    workspace: Workspace, project_id: UUID, files: Files
) -> None:
    cancel = files(*START, "SUMMARY:Review", "SEQUENCE:2", method="CANCEL", name="cancel.ics")
    assert codes(taken(workspace, project_id, cancel)) == {"nothing_to_cancel"}
    taken(workspace, project_id, files(*START, "SUMMARY:Review", "SEQUENCE:1"))
    taken(workspace, project_id, cancel)
    assert only(workspace, project_id).state is MeetingState.CANCELLED


def test_a_series_becomes_its_meetings_and_one_of_them_is_moved_or_cancelled(
    workspace: Workspace, project_id: UUID, files: Files
) -> None:
    rule = "RRULE:FREQ=WEEKLY;COUNT=4"
    taken(workspace, project_id, files(*START, "SUMMARY:Call", rule))
    rows = queries.meetings(workspace, project_id)
    # The clocks move on 29 March: it stays ten o'clock in Brussels.
    assert [row.starts_at.hour for row in rows] == [9, 9, 9, 8]
    change = (
        "RECURRENCE-ID;TZID=Europe/Brussels:20260317T100000",
        "DTSTART;TZID=Europe/Brussels:20260318T150000",
        "DTEND;TZID=Europe/Brussels:20260318T160000",
        "SUMMARY:Call",
        "SEQUENCE:1",
    )
    taken(workspace, project_id, files(*change))
    rows = queries.meetings(workspace, project_id)
    assert len(rows) == 4
    assert rows[1].local_start == datetime(2026, 3, 18, 15)  # noqa: DTZ001
    taken(workspace, project_id, files(*change[:1], *change[1:], method="CANCEL"))
    states = [row.state for row in queries.meetings(workspace, project_id)]
    assert states.count(MeetingState.CANCELLED) == 1


def test_an_occurrence_that_is_left_out_later_is_cancelled(
    workspace: Workspace, project_id: UUID, files: Files
) -> None:
    rule = "RRULE:FREQ=WEEKLY;COUNT=3"
    taken(workspace, project_id, files(*START, "SUMMARY:Call", rule))
    out = "EXDATE;TZID=Europe/Brussels:20260317T100000"
    taken(workspace, project_id, files(*START, "SUMMARY:Call", rule, out, "SEQUENCE:1"))
    states = [row.state for row in queries.meetings(workspace, project_id)]
    assert states == [MeetingState.PLANNED, MeetingState.CANCELLED, MeetingState.PLANNED]


def test_what_is_bent_to_plan_a_meeting_is_told(
    workspace: Workspace, project_id: UUID, files: Files
) -> None:
    days = taken(
        workspace, project_id, files("DTSTART;VALUE=DATE:20260310", "DTEND;VALUE=DATE:20260312")
    )
    row = only(workspace, project_id)
    assert "whole_days" in codes(days)
    assert (row.local_start.hour, row.duration_minutes) == (9, 32 * 60)
    floating = taken(
        workspace, project_id, files("DTSTART:20260310T100000", "SEQUENCE:1"), zone="Asia/Seoul"
    )
    row = only(workspace, project_id)
    assert {"no_zone", "no_end"} <= codes(floating)
    assert (row.zone, row.duration_minutes) == ("Asia/Seoul", 60)


def test_our_own_meeting_is_not_taken_for_one_of_others(
    workspace: Workspace, project_id: UUID, files: Files
) -> None:
    values = {
        "project_id": project_id,
        "title": "Ours",
        "local_start": datetime(2026, 3, 10, 10),  # noqa: DTZ001
        "zone": "Europe/Brussels",
    }
    meeting, _ = create(workspace, Kind.MEETING, values)
    path = files(*START, "SUMMARY:Changed")
    path.write_text(path.read_text().replace("m1@them", f"{meeting.hex}@projectdesk"))
    assert codes(taken(workspace, project_id, path)) == {"own_meeting"}
    assert only(workspace, project_id).title == "Ours"


@pytest.mark.parametrize(
    ("method", "lines", "code"),
    [
        ("REPLY", START, "is_an_answer"),
        ("REQUEST", ("DTSTART:nonsense",), "no_readable_event"),
    ],
)
def test_what_is_no_invitation_is_refused(
    workspace: Workspace,
    project_id: UUID,
    files: Files,
    method: str,
    lines: tuple[str, ...],
    code: str,
) -> None:
    with pytest.raises((DomainError, UnreadableFile)) as refused:
        taken(workspace, project_id, files(*lines, method=method))
    assert refused.value.code == code
    assert queries.meetings(workspace, project_id) == []


# --- busy times -----------------------------------------------------------------------------------

BUSY = (
    "SUMMARY:Dentist",
    "DTSTART;TZID=Europe/Lisbon:20260309T100000",
    "DTEND;TZID=Europe/Lisbon:20260309T110000",
    "RRULE:FREQ=DAILY;COUNT=2",
)
MORE = """BEGIN:VEVENT\r
UID:free\r
SUMMARY:Reminder\r
DTSTART:20260309T150000Z\r
TRANSP:TRANSPARENT\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:leave\r
SUMMARY:Leave\r
DTSTART;VALUE=DATE:20260316\r
DTEND;VALUE=DATE:20260321\r
STATUS:TENTATIVE\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:no\r
DTSTART:20260309T160000Z\r
DTEND:20260309T170000Z\r
ATTENDEE;PARTSTAT=DECLINED:mailto:ana@udr.example\r
END:VEVENT"""
LONG = timedelta(days=100)


def times(workspace: Workspace, person: UUID, now: datetime) -> list[tuple[object, ...]]:
    rows = queries.busy_times(workspace, person, now, now + LONG)
    return [
        (row.starts_at or row.first_day, row.ends_at or row.last_day, row.tentative, row.title)
        for row in rows
    ]


def test_a_calendar_becomes_busy_times_and_replaces_them_when_read_again(
    workspace: Workspace, ana: UUID, files: Files, clock: Clock
) -> None:
    file = files(*BUSY, method="PUBLISH", more=MORE)
    commands.import_busy(workspace, file, ana)
    found = times(workspace, ana, clock.now)
    assert set(found) == {
        (datetime(2026, 3, 9, 10, tzinfo=UTC), datetime(2026, 3, 9, 11, tzinfo=UTC), False, ""),
        (datetime(2026, 3, 10, 10, tzinfo=UTC), datetime(2026, 3, 10, 11, tzinfo=UTC), False, ""),
        (date(2026, 3, 16), date(2026, 3, 20), True, ""),
    }
    report = commands.import_busy(workspace, files(*BUSY[:3], method="PUBLISH"), ana)
    assert (report.added, report.updated) == (0, 1)
    assert len(times(workspace, ana, clock.now)) == 1
    (source,) = queries.busy_sources(workspace, ana)
    assert (source.name, source.times, source.person) == ("invite.ics", 1, "Ana")


def test_titles_are_kept_of_ones_own_calendar_alone(
    workspace: Workspace, ana: UUID, files: Files, clock: Clock
) -> None:
    with workspace.change("It is me") as unit:
        unit.get(Person, ana).is_me = True
    private = MORE.replace("SUMMARY:Leave", "SUMMARY:Leave\r\nCLASS:PRIVATE")
    commands.import_busy(workspace, files(*BUSY, method="PUBLISH", more=private), ana)
    assert {title for *_, title in times(workspace, ana, clock.now)} == {"Dentist", ""}


def test_a_calendar_that_is_removed_counts_for_nothing(
    workspace: Workspace, ana: UUID, files: Files, clock: Clock
) -> None:
    commands.import_busy(workspace, files(*BUSY), ana)
    (source,) = queries.busy_sources(workspace, ana)
    commands.delete(workspace, Kind.BUSY_SOURCE, source.id, source.version)
    assert times(workspace, ana, clock.now) == []
    commands.undo(workspace)
    assert len(times(workspace, ana, clock.now)) == 2


def test_a_free_busy_answer_is_read(
    workspace: Workspace, ana: UUID, tmp_path: Path, clock: Clock
) -> None:
    path = tmp_path / "free.ifb"
    path.write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VFREEBUSY\n"
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260309T080000Z/PT1H,20260309T120000Z/20260309T130000Z\n"
        "FREEBUSY;FBTYPE=FREE:20260309T140000Z/PT1H\nEND:VFREEBUSY\nEND:VCALENDAR\n"
    )
    commands.import_busy(workspace, path, ana)
    assert [(at, sure) for at, _, sure, _ in times(workspace, ana, clock.now)] == [
        (datetime(2026, 3, 9, 8, tzinfo=UTC), True),
        (datetime(2026, 3, 9, 12, tzinfo=UTC), True),
    ]


def test_an_archive_of_calendars_is_one_calendar(
    workspace: Workspace, ana: UUID, files: Files, tmp_path: Path, clock: Clock
) -> None:
    one = files(*BUSY, name="one.ics")
    two = files("DTSTART:20260311T100000Z", "DTEND:20260311T110000Z", name="two.ics")
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as archive:
        archive.write(one, "Calendar/one.ics")
        archive.write(two, "Calendar/two.ics")
        archive.writestr("readme.html", "<html>")
    commands.import_busy(workspace, tmp_path / "both.zip", ana)
    assert len(times(workspace, ana, clock.now)) == 3


def test_a_calendar_at_an_address_is_read_again_and_keeps_its_times_when_it_fails(
    workspace: Workspace, ana: UUID, files: Files, clock: Clock
) -> None:
    file = files(*BUSY, method="PUBLISH", more=MORE)
    asked: list[str] = []

    def fetch(address: str) -> bytes:
        asked.append(address)
        return file.read_bytes()

    address = "webcal://calendar.example/ana.ics"
    source, _ = commands.add_busy_address(workspace, ana, address, name="Work", fetch=fetch)
    assert asked == ["https://calendar.example/ana.ics"]
    assert len(times(workspace, ana, clock.now)) == 3
    with pytest.raises(DomainError) as twice:
        commands.add_busy_address(workspace, ana, asked[0], fetch=fetch)
    assert twice.value.code == "calendar_is_here"

    def broken(_: str) -> bytes:
        raise EnvironmentFailure("calendar_unreachable", "It does not answer.")

    failed = commands.refresh_busy(workspace, fetch=broken)
    assert failed.failed == (("Work", "It does not answer."),)
    assert len(times(workspace, ana, clock.now)) == 3
    (row,) = queries.busy_sources(workspace, ana)
    assert row.problem == "It does not answer."

    files(*BUSY[:3], method="PUBLISH")
    clock.advance(hours=1)
    assert commands.refresh_busy(workspace, [source], fetch=fetch).read == ("Work",)
    (row,) = queries.busy_sources(workspace, ana)
    assert (row.problem, row.times, row.read_at) == ("", 1, clock.now)


def test_an_address_without_encryption_is_refused(workspace: Workspace, ana: UUID) -> None:
    for address in ("http://calendar.example/a.ics", "file:///etc/passwd", "x", "https://"):
        with pytest.raises(DomainError) as refused:
            commands.add_busy_address(workspace, ana, address, fetch=lambda _: b"")
        assert refused.value.code == "bad_calendar_address"
    assert queries.busy_sources(workspace) == []


def test_a_file_that_is_not_there_changes_nothing(
    workspace: Workspace, ana: UUID, tmp_path: Path
) -> None:
    with pytest.raises(NotFound):
        commands.import_busy(workspace, tmp_path / "none.ics", ana)
    assert queries.busy_sources(workspace) == []


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=30", "FREQ=HOURLY"])
def test_what_repeats_in_less_than_days_is_refused(
    workspace: Workspace, project_id: UUID, files: Files, rule: str
) -> None:
    file = files(*START, "SUMMARY:Bomb", f"RRULE:{rule}")
    with pytest.raises(DomainError, match="less than days") as caught:
        taken(workspace, project_id, file)
    assert caught.value.code == "repeats_too_often"
    assert queries.meetings(workspace, project_id) == []


def test_beside_others_what_repeats_in_less_than_days_is_left_out_and_named(
    workspace: Workspace, project_id: UUID, files: Files
) -> None:
    other = "BEGIN:VEVENT\r\nUID:m2@them\r\nDTSTART:20260311T100000Z\r\nSUMMARY:Call\r\nEND:VEVENT"
    file = files(*START, "SUMMARY:Bomb", "RRULE:FREQ=HOURLY", more=other)
    assert "repeats_too_often" in codes(taken(workspace, project_id, file))
    assert only(workspace, project_id).title == "Call"


def test_a_series_that_goes_on_says_up_to_which_day_it_is_taken(
    workspace: Workspace, project_id: UUID, files: Files
) -> None:
    report = taken(workspace, project_id, files(*START, "RRULE:FREQ=WEEKLY"), dry_run=True)
    (told,) = [one.text for one in report.warnings if one.code == "goes_on"]
    last = max(change.title for change in report.preview if change.kind is Kind.MEETING)
    assert f"up to {last[:10]} are taken" in told
    ended = taken(workspace, project_id, files(*START, "RRULE:FREQ=WEEKLY;COUNT=3"))
    assert codes(ended) == set()


def test_of_two_events_with_one_uid_the_newer_counts_and_the_other_is_named(
    workspace: Workspace, project_id: UUID, files: Files
) -> None:
    other = (
        "BEGIN:VEVENT\r\nUID:m1@them\r\nSEQUENCE:1\r\nDTSTART:20260312T100000Z\r\n"
        "DURATION:PT1H\r\nSUMMARY:Second\r\nEND:VEVENT"
    )
    report = taken(workspace, project_id, files(*START, "SUMMARY:First", more=other))
    assert only(workspace, project_id).title == "Second"
    (told,) = [one.text for one in report.warnings if one.code == "same_uid"]
    same = "“First” of 2026-03-10 has the same UID as “Second” of 2026-03-12, which"
    assert told.startswith(same)


def test_a_title_of_pages_is_cut_and_said_to_be(
    workspace: Workspace, project_id: UUID, files: Files
) -> None:
    report = taken(workspace, project_id, files(*START, f"SUMMARY:{'A' * 60_000}"))
    assert len(only(workspace, project_id).title) == 300
    (told,) = report.warnings
    assert told.code == "long_title"
    assert "60000 letters: the first 300 are kept" in told.text
    assert len(told.text) < 200


def test_a_place_is_a_text_and_never_a_link(
    workspace: Workspace, project_id: UUID, files: Files
) -> None:
    taken(workspace, project_id, files(*START, "LOCATION:file:///etc/passwd", "URL:file:///etc"))
    row = only(workspace, project_id)
    assert (row.place, row.outside_url) == ("file:///etc/passwd", "")
