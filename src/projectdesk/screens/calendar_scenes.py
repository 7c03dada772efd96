"""Pictures of the calendar: a month, a week in two zones, the list, the address to subscribe to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import cast
from uuid import UUID, uuid5

from projectdesk.desktop.calendar.days import View
from projectdesk.desktop.calendar.entries import entries
from projectdesk.desktop.language import say
from projectdesk.desktop.pages.calendar import CalendarPage
from projectdesk.desktop.pages.subscribe_dialog import SubscribeDialog
from projectdesk.desktop.presenters.calendar import CalendarLook, ShownCalendar
from projectdesk.desktop.routes import Place
from projectdesk.domain.meetings import FoldRule, MeetingState, MeetingType
from projectdesk.domain.rules.zoned_time import to_utc
from projectdesk.screens.stage import Stage
from projectdesk.services import calendar_feeds, commands, meeting_hosts, queries
from projectdesk.services.calendar_feeds import FeedLink
from projectdesk.services.calendar_rows import CalendarBusy, CalendarMeeting
from projectdesk.services.meeting_hosts import THIS_COMPUTER

_BOSTON = "America/New_York"
_OTHER = UUID(int=7)
_P, _H, _C = MeetingState.PLANNED, MeetingState.HELD, MeetingState.CANCELLED
_MEETINGS = (
    ("WP3 call: sensors", "2026-11-23T09:00", "Europe/Lisbon", 60, _H),
    ("Executive Board", "2026-11-24T14:00", "Europe/Copenhagen", 90, _P),
    ("Harbour of Husum", "2026-11-24T14:30", "Europe/Berlin", 45, _P),
    ("Call with Boston", "2026-11-24T09:00", "America/New_York", 60, _P),
    ("Pilot sites", "2026-11-25T10:00", "Europe/Warsaw", 120, _P),
    ("Data management", "2026-11-25T10:30", "Europe/Lisbon", 60, _C),
    ("Seoul and Lisbon", "2026-11-26T18:30", "Asia/Seoul", 60, _P),
    ("Workshop in Gdańsk", "2026-11-26T09:00", "Europe/Warsaw", 32 * 60, _P),
    ("WP2 call", "2026-10-28T15:00", "Europe/Lisbon", 60, _H),
    ("Call with Boston", "2026-10-30T09:00", "America/New_York", 60, _H),
    ("WP4 call: models", "2026-12-01T10:00", "Europe/Lisbon", 60, _P),
    ("WP5 call: platform", "2026-12-01T11:00", "Europe/Lisbon", 60, _P),
    ("Executive Board", "2026-12-01T14:00", "Europe/Copenhagen", 60, _P),
    ("Ethics board", "2026-12-01T16:00", "Europe/Berlin", 60, _P),
    ("Interim review, rehearsal", "2026-12-03T09:00", "Europe/Lisbon", 180, _P),
    ("General Assembly", "2026-12-15T09:00", "Europe/Lisbon", 32 * 60, _P),
)


def shown(view: View, day: date, other: str = "") -> Callable[[Stage], None]:
    """Return a scene of the calendar around a day, with meetings of two projects."""

    def show(stage: Stage) -> None:
        stage.go(Place.CALENDAR)
        page = cast(CalendarPage, stage.workbench.page(Place.CALENDAR))
        page.presenter.anchor = day
        page.presenter.set_look(CalendarLook(view=view, country="DE", other=other))
        page.presenter.reload()
        stage.settle()
        page.show_calendar(_with_more(page.presenter.shown))

    return show


def _with_more(shown: ShownCalendar | None) -> ShownCalendar:
    """Return what is shown with invented meetings beside those of the sample."""
    if shown is None:
        raise RuntimeError("the calendar was not read")
    projects = (*shown.found.projects[:1], (_OTHER, "TIDEWATER"))
    made = [_meeting(projects[number % 2], *each) for number, each in enumerate(_MEETINGS)]
    busy = CalendarBusy(
        _OTHER, 1, "Dentist", tentative=False, first_day=None, last_day=None,
        starts_at=datetime(2026, 11, 26, 7, 30, tzinfo=UTC),
        ends_at=datetime(2026, 11, 26, 9, 0, tzinfo=UTC),
    )  # fmt: skip
    meetings = tuple(sorted((*shown.found.meetings, *made), key=lambda row: row.starts_at))
    found = replace(shown.found, projects=projects, meetings=meetings, busy=(busy,))
    return replace(shown, found=found, entries=entries(found, shown.zone, shown.look.shows))


def _meeting(
    project: tuple[UUID, str], title: str, start: str, zone: str, minutes: int, state: MeetingState
) -> CalendarMeeting:
    local = datetime.fromisoformat(start)
    starts_at = to_utc(local, zone)
    return CalendarMeeting(
        id=uuid5(_OTHER, title + start),
        version=1,
        project_id=project[0],
        project=project[1],
        title=title,
        type=MeetingType.AD_HOC,
        state=state,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        local_start=local,
        zone=zone,
        fold_rule=FoldRule.EARLIER,
        duration_minutes=minutes,
        place="",
        told=True,
        repeats=False,
    )


month = shown(View.MONTH, date(2026, 12, 8))
week = shown(View.WEEK, date(2026, 11, 24), _BOSTON)
clocks = shown(View.WEEK, date(2026, 10, 28), _BOSTON)
listed = shown(View.LIST, date(2026, 11, 24), _BOSTON)


class _Feeds:
    """Stands for the host of every calendar: each is read at once."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def publish(
        self, owner: UUID, then: Callable[[tuple[FeedLink, ...]], None], failed: object
    ) -> None:
        row = calendar_feeds.feed(self._stage.workspace, owner)
        base = row.host or "http://127.0.0.1:24613"
        shown = "aK7zQ2-vexampleofanaddressthatnobodyguesses0"
        then((FeedLink(row.id, row.name, f"{base}/d/{row.desk}/feed/{shown}.ics"),))


def subscribe(stage: Stage) -> None:
    """Show the addresses: at a server, at this computer, and one that has ended."""
    stage.go(Place.CALENDAR)
    project = queries.projects(stage.workspace)[0]
    server = meeting_hosts.keep_server(
        stage.workspace, "https://meet.example.org", "University computing centre", "pdk_shown"
    )
    if not calendar_feeds.feeds(stage.workspace):
        commands.create_feed(stage.workspace, project.acronym, project.id, server)
        commands.create_feed(stage.workspace, say("My meetings"), None, THIS_COMPUTER)
        ended, _ = commands.create_feed(stage.workspace, "Outlook", None, server)
        commands.revoke_feed(stage.workspace, ended)
    SubscribeDialog(stage.shell, stage.session, _Feeds(stage)).open()
