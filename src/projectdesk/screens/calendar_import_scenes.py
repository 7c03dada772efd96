"""Pictures of calendars of others: an invitation before it is imported, a person's calendars."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject

from projectdesk.desktop.pages.calendar_import import import_calendar_file
from projectdesk.desktop.pages.directory import DirectoryPage
from projectdesk.desktop.routes import Place
from projectdesk.errors import UnreadableFile
from projectdesk.screens.stage import Stage
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind, PersonRow

_INVITATION = """BEGIN:VCALENDAR
METHOD:REQUEST
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VEVENT
UID:040000008200E00074C5B7101A82E008-review
DTSTAMP:20261120T092351Z
SEQUENCE:1
SUMMARY:Interim review, preparation with the project officer
DTSTART;TZID=Romance Standard Time:20261208T140000
DTEND;TZID=Romance Standard Time:20261208T153000
RRULE:FREQ=WEEKLY;COUNT=2
LOCATION:Microsoft Teams Meeting
X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/meetup-join/19%3ameeting_a/0
ORGANIZER;CN=Veerle Claes:mailto:veerle.claes@office.example
{attendees}
ATTENDEE;CN=Yannis Petrou:mailto:yannis.petrou@office.example
END:VEVENT
END:VCALENDAR
"""
_BUSY = """BEGIN:VCALENDAR
VERSION:2.0
X-WR-CALNAME:Work
BEGIN:VEVENT
UID:b1
SUMMARY:Group meeting
DTSTART;TZID=Europe/Lisbon:20261124T100000
DTEND;TZID=Europe/Lisbon:20261124T110000
RRULE:FREQ=WEEKLY
END:VEVENT
BEGIN:VEVENT
UID:b2
SUMMARY:Leave
DTSTART;VALUE=DATE:20261221
DTEND;VALUE=DATE:20270104
END:VEVENT
END:VCALENDAR
"""


def _people(stage: Stage) -> list[PersonRow]:
    return [row for row in queries.people(stage.workspace) if row.email and not row.is_me]


def _file(stage: Stage, name: str, text: str) -> Path:
    file = stage.workspace.data / name
    file.write_text(text.replace("\n", "\r\n"), encoding="utf-8")
    return file


def _invitation(stage: Stage) -> Path:
    lines = [
        f"ATTENDEE;CN={row.name};ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:{row.email}"
        for row in _people(stage)[:4]
    ]
    return _file(stage, "invite.ics", _INVITATION.format(attendees="\n".join(lines)))


def meetings(stage: Stage) -> None:
    """Preview an invitation of others as meetings of the project."""
    stage.go(Place.MEETINGS)
    import_calendar_file(stage.shell, stage.session, _invitation(stage), None)
    stage.settle()


def busy(stage: Stage) -> None:
    """Preview a calendar as the busy times of a person."""
    stage.go(Place.MEETINGS)
    file = _file(stage, "work.ics", _BUSY)
    person = _people(stage)[0].id
    import_calendar_file(stage.shell, stage.session, file, None, person=person)
    stage.settle()


def refused(stage: Stage) -> None:
    """Show why a file is no calendar."""
    stage.go(Place.MEETINGS)
    file = _file(stage, "download.ics", "<!DOCTYPE html><html><title>Sign in</title></html>")
    import_calendar_file(stage.shell, stage.session, file, None)
    stage.settle()


def of_a_person(stage: Stage) -> None:
    """Show the calendars of a person, one of which could not be read."""
    person = _people(stage)[0]
    if not queries.busy_sources(stage.workspace, person.id):
        _add_calendars(stage, person)
    stage.go(Place.DIRECTORY, None, Kind.PERSON)
    page = cast(DirectoryPage, stage.workbench.page(Place.DIRECTORY))
    page.people.select(person.id)
    stage.settle()
    _scroll_down(page)


def _add_calendars(stage: Stage, person: PersonRow) -> None:
    content = _file(stage, "work.ics", _BUSY)
    commands.import_busy(stage.workspace, content, person.id)
    address = "https://calendar.example/secret/basic.ics"
    source, _ = commands.add_busy_address(
        stage.workspace, person.id, address, name="Teaching", fetch=lambda _: content.read_bytes()
    )

    def gone(_: str) -> bytes:
        raise UnreadableFile(
            "calendar_refused",
            "The calendar at calendar.example cannot be read: there is no calendar any more.",
        )

    commands.refresh_busy(stage.workspace, [source], fetch=gone)


def address(stage: Stage) -> None:
    """Ask for the address of a calendar."""
    of_a_person(stage)
    page = cast(DirectoryPage, stage.workbench.page(Place.DIRECTORY))
    page.people.calendars.ask_address()
    stage.settle()


def _scroll_down(page: QObject) -> None:
    from PySide6.QtWidgets import QScrollArea

    for area in cast(DirectoryPage, page).people.findChildren(QScrollArea):
        bar = area.verticalScrollBar()
        bar.setValue(bar.maximum())
