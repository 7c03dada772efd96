"""What people said of the sample's attendance, and what they asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from projectdesk.domain.meetings import AgendaItem, Invitation, Meeting
from projectdesk.domain.minutes import AttendanceCorrection, Companion, CorrectionKind
from projectdesk.domain.preparation import ReviewQuestion
from projectdesk.domain.voting import Proxy
from projectdesk.services.sample.cast import Cast
from projectdesk.services.session import Unit

_AFTER = timedelta(days=1)
"""When the attendance of a meeting is looked through."""


def make_attendance(
    unit: Unit,
    told: Mapping[str, Any],
    cast: Cast,
    meeting: Meeting,
    invitations: Mapping[str, Invitation],
) -> None:
    """Add corrections, people behind others' cameras and proxies of one meeting.

    Args:
        unit: the change.
        told: the meeting in the sample's `meetings.toml`; times are minutes after its start.
        cast: who and what it is about.
        meeting: which one.
        invitations: by key of the person.
    """

    def at(minutes: float | None) -> datetime | None:
        return None if minutes is None else meeting.starts_at + timedelta(minutes=minutes)

    for each in told.get("corrections", ()):
        unit.add(
            AttendanceCorrection(
                meeting_id=meeting.id,
                invitation_id=invitations[each["who"]].id,
                kind=CorrectionKind(each["kind"]),
                from_at=at(each.get("from")),
                to_at=at(each.get("to")),
                reason=each["reason"],
                made_at=meeting.starts_at + _AFTER,
            )
        )
    for each in told.get("companions", ()):
        person = cast.people.get(each.get("person", ""))
        partner = cast.partners.get(each.get("partner", ""))
        partner = partner or cast.partner_of.get(each.get("person", ""))
        unit.add(
            Companion(
                meeting_id=meeting.id,
                invitation_id=invitations[each["with"]].id,
                person_id=person.id if person else None,
                partner_id=partner.id if partner else None,
                name=each.get("name", ""),
                from_at=at(each.get("from")),
                to_at=at(each.get("to")),
            )
        )
    for each in told.get("proxies", ()):
        unit.add(
            Proxy(
                meeting_id=meeting.id,
                from_partner_id=cast.partners[each["from"]].id,
                to_partner_id=cast.partners[each["to"]].id,
                announced_at=meeting.starts_at - timedelta(days=each["days_before"]),
                note=each["note"],
            )
        )


def make_questions(
    unit: Unit,
    told: Mapping[str, Any],
    cast: Cast,
    meeting: Meeting,
    items: Sequence[AgendaItem],
) -> None:
    """Add the questions that one meeting left open."""
    for number, each in enumerate(told.get("questions", ()), 1):
        asker = cast.people.get(each["asker"])
        unit.add(
            ReviewQuestion(
                meeting_id=meeting.id,
                agenda_item_id=items[each["item"] - 1].id,
                number=number,
                text=each["text"],
                asked_by=asker.name if asker else "",
            )
        )
