"""What an attendance list says: who was there and when; before the meeting, a sheet to sign."""

from __future__ import annotations

from datetime import datetime

from projectdesk.exchange.documents.content import AttendanceContent
from projectdesk.exchange.documents.heads import footer, head, held, kicker, said
from projectdesk.exchange.documents.outline import Element, Facts, Grid, Heading, Outline, Remark
from projectdesk.exchange.documents.presence import (
    by_person,
    count_line,
    partners_grid,
    quorum_grid,
    quorum_line,
)
from projectdesk.exchange.documents.words import ENGLISH, Words, words


def of_attendance(content: AttendanceContent, *, now: datetime, language: str = ENGLISH) -> Outline:
    """Return the outline of an attendance list; see `of_minutes` for the arguments."""
    meeting, say = content.meeting, words(language)
    there = content.attendance
    facts = said(
        (say("held"), held(meeting, content.opened_at, content.ended_at, say)),
        (say("quorum"), quorum_line(there.quorum, meeting.zone, say) if content.held else ""),
    )
    elements: list[Element] = [Facts((*head(meeting, say), *facts))]
    elements += _was(content, say) if content.held else _sheet(content, say)
    return Outline(
        title=meeting.title,
        kicker=kicker(say("attendance_list"), meeting.project),
        footer=footer(meeting.project, say("attendance_list"), now, say),
        elements=tuple(elements),
        about=say("meeting"),
        language=language,
        logo=meeting.logo,
    )


def _was(content: AttendanceContent, words: Words) -> list[Element]:
    there, zone = content.attendance, content.meeting.zone
    elements: list[Element] = []
    if there.partners:
        elements += [
            Heading(1, words("by_partner")),
            Remark(count_line(there, words)),
            partners_grid(there, words),
        ]
    elements.append(Heading(1, words("by_person")))
    if there.people:
        elements.append(by_person(there, zone, words))
    else:
        elements.append(Remark(words("nobody_present")))
    if there.proxies:
        elements.append(Heading(1, words("proxies_title")))
        rows = tuple((each.from_partner, each.to_partner) for each in there.proxies)
        headers = (words("partner"), words("by"))
        elements.append(Grid(words("proxies_title"), headers, rows, (1, 1)))
    if there.quorum is not None and there.quorum.stretches:
        elements += [Heading(1, words("quorum")), quorum_grid(there.quorum, zone, words)]
    return elements


def _sheet(content: AttendanceContent, words: Words) -> list[Element]:
    """Return a sheet to sign: everybody invited, with room for a signature."""
    if not content.invitees:
        return [Heading(1, words("invited")), Remark(words("nobody_invited"))]
    rows = tuple((each.name, each.partner, each.country, "") for each in content.invitees)
    headers = (words("name"), words("partner"), words("country"), words("signature"))
    grid = Grid(words("invited"), headers, rows, (11, 8, 4, 13), tall=True)
    return [Heading(1, words("invited")), grid]
