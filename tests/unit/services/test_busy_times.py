"""What is kept of somebody's calendar, to know when they are taken."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from projectdesk.domain.consortium import Person
from projectdesk.domain.rules.invitation_changes import uid_of
from projectdesk.exchange.calendar import read_calendar
from projectdesk.exchange.findings import Findings
from projectdesk.services.busy_times import times_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_of_a_colleague_no_title_is_kept_but_which_times_are_our_own_meetings() -> None:
    own = uid_of("", uuid4())
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:Dentist\r\nDTSTAMP:20260301T000000Z\r\n"
        f"DTSTART:2026031{day}T100000Z\r\nDTEND:2026031{day}T110000Z\r\nEND:VEVENT\r\n"
        for day, uid in enumerate((own, "private@them"))
    )
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n"
    calendar = read_calendar(text.encode())
    person = Person(given_name="Ana", zone="Europe/Lisbon")
    rows = times_of([calendar], person, NOW, titles=False, file="ana.ics", findings=Findings())
    # A meeting that is moved is known again in a calendar: it does not stand in its own way.
    assert [(row["uid"], row["title"]) for row in rows] == [(own, ""), ("", "")]
    mine = times_of([calendar], person, NOW, titles=True, file="ana.ics", findings=Findings())
    assert [(row["uid"], row["title"]) for row in mine] == [
        (own, "Dentist"),
        ("private@them", "Dentist"),
    ]
