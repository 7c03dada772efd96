"""What RFC 5546 demands of the messages that we send, read by another library than ours (vobject).

Only what is checked here is claimed; each rule names its section.
"""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from typing import Any

import vobject


def calendar_of(message: EmailMessage) -> bytes:
    """Return the calendar object of a mail: the alternative, which must be the file as well."""
    parts = [p for p in message.walk() if p.get_content_type() == "text/calendar"]
    files = [p for p in message.walk() if p.get_content_type() == "application/ics"]
    assert len(parts) == len(files) == 1
    inside = parts[0].get_payload(decode=True)
    assert inside.replace(b"\r\n", b"\n") == files[0].get_payload(decode=True).replace(
        b"\r\n", b"\n"
    )
    method = parts[0].get_param("method")
    assert f"METHOD:{method}".encode() in inside  # RFC 6047, 2.4
    assert parts[0].get_content_charset() == "utf-8"
    return bytes(inside)


def checked(content: bytes) -> Any:
    """Return the object as vobject reads it, after holding it to the rules of its method."""
    calendar = vobject.readOne(content.decode("utf-8"))
    method = calendar.method.value
    events = calendar.vevent_list
    assert calendar.version.value == "2.0"
    assert calendar.prodid.value
    assert events, "RFC 5546 3.2: at least one event"
    assert len({event.uid.value for event in events}) == 1, "RFC 5546 3.2: one UID"
    for event in events:
        assert event.dtstamp.value.tzinfo is not None, "RFC 5545 3.8.7.2: DTSTAMP in UTC"
        assert event.organizer.value.lower().startswith("mailto:"), "RFC 5546 3.2: ORGANIZER"
        attendees = event.contents.get("attendee", [])
        assert all(a.value.lower().startswith("mailto:") for a in attendees)
        assert len(attendees) == 1, "nobody sees the address of another"
        assert int(event.sequence.value) >= 0
        if method == "REQUEST":
            _check_request(event, attendees[0])
        elif method == "CANCEL":
            assert event.status.value == "CANCELLED", "RFC 5546 3.2.5"
            assert int(event.sequence.value) > 0, "RFC 5546 3.2.5: raised"
        elif method == "REPLY":
            assert attendees[0].params["PARTSTAT"][0] in {"ACCEPTED", "DECLINED", "TENTATIVE"}
    _check_zones(calendar, content)
    return calendar


def _check_request(event: Any, attendee: Any) -> None:
    assert event.dtstart.value, "RFC 5546 3.2.2: DTSTART"
    assert event.summary.value, "RFC 5546 3.2.2: SUMMARY"
    assert event.status.value in {"CONFIRMED", "TENTATIVE"}, "RFC 5546 3.2.2: never CANCELLED"
    if isinstance(event.dtstart.value, datetime):
        assert event.dtend.value > event.dtstart.value, "RFC 5545 3.8.2.2"
    if attendee.params["PARTSTAT"] == ["NEEDS-ACTION"]:
        assert attendee.params["RSVP"] == ["TRUE"], "an answer is asked for"


def _check_zones(calendar: Any, content: bytes) -> None:
    """Every TZID that is used has its rules (RFC 5545 3.2.19)."""
    text = content.decode("utf-8").replace("\r\n ", "")
    used = {
        line.split("TZID=")[1].split(":")[0].split(";")[0]
        for line in text.splitlines()
        if "TZID=" in line and not line.startswith("TZID")
    }
    given = {zone.tzid.value for zone in calendar.contents.get("vtimezone", [])}
    assert used <= given
    assert all(len(line.encode()) <= 75 for line in content.decode("utf-8").split("\r\n"))


def start_of(event: Any) -> datetime:
    """Return the start as an instant."""
    start = event.dtstart.value
    assert isinstance(start, datetime)
    return start
