"""Commands on attendance: who was there, as measured and as people say it was."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import TypeVar

from projectdesk.commandline.data import opened
from projectdesk.commandline.minutes_words import moment
from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.domain.minutes import CorrectionKind
from projectdesk.domain.rules.zoned_time import to_local, to_utc
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import commands, queries
from projectdesk.services.attendance_rows import AttendanceList, AttendanceRow, PartnerAttendanceRow
from projectdesk.services.workspace import Workspace

NamedT = TypeVar("NamedT")


def show(options: argparse.Namespace) -> int:
    """`projectdesk attendance show MEETING`."""
    with opened(options) as workspace:
        found = queries.attendance_list(workspace, meeting_id(workspace, options.meeting))
    if options.json:
        print_json(found)
        return 0
    _print(found)
    return 0


def correct(options: argparse.Namespace) -> int:
    """`projectdesk attendance correct MEETING PERSON --present|--absent|--measured`."""
    with opened(options) as workspace:
        found = queries.attendance_list(workspace, meeting_id(workspace, options.meeting))
        person = _invitee(found, options.person)
        if options.kind == "measured":
            commands.measured_only(workspace, [person.invitation_id])
        else:
            commands.correct_attendance(
                workspace,
                person.invitation_id,
                CorrectionKind(options.kind),
                _instant(options.from_at, found),
                _instant(options.to_at, found),
                reason=options.reason,
            )
        _tell_person(workspace, options, person)
    return 0


def companion(options: argparse.Namespace) -> int:
    """`projectdesk attendance companion MEETING PERSON --who NAME`."""
    with opened(options) as workspace:
        found = queries.attendance_list(workspace, meeting_id(workspace, options.meeting))
        host = _invitee(found, options.person)
        who = " ".join(options.who.split())
        people = [p for p in queries.people(workspace, found.project_id) if _called(who, p.name)]
        partner = _partner(found, options.partner).partner_id if options.partner else None
        made, _ = commands.add_companion(
            workspace,
            host.invitation_id,
            person_id=people[0].id if len(people) == 1 else None,
            name="" if len(people) == 1 else who,
            partner_id=partner,
            from_at=_instant(options.from_at, found),
            to_at=_instant(options.to_at, found),
        )
        row = next(
            row
            for row in queries.attendance(workspace, found.meeting_id)
            if row.companion_id == made
        )
    if options.json:
        print_json(row)
    else:
        print(f"{row.name} ({row.partner or 'no partner'}) is there with {row.with_name}.")
    return 0


def proxy(options: argparse.Namespace) -> int:
    """`projectdesk attendance proxy MEETING PARTNER --by PARTNER | --end`."""
    with opened(options) as workspace:
        found = queries.attendance_list(workspace, meeting_id(workspace, options.meeting))
        giver = _partner(found, options.member)
        at = _instant(options.at, found)
        if options.end:
            given = [
                each
                for each in found.proxies
                if each.from_partner_id == giver.partner_id and each.ended_at is None
            ]
            if not given:
                raise NotFound(
                    "no_proxy", "{partner} has given no proxy that holds.", partner=giver.partner
                )
            commands.end_proxy(workspace, given[0].id, given[0].version, at)
        else:
            commands.announce_proxy(
                workspace,
                found.meeting_id,
                giver.partner_id,
                _partner(found, options.by).partner_id,
                announced_at=at,
                note=options.note,
            )
        after = queries.attendance_list(workspace, found.meeting_id)
    if options.json:
        print_json(after.proxies)
    else:
        _print_proxies(after)
    return 0


def confirm(options: argparse.Namespace) -> int:
    """`projectdesk attendance confirm MEETING`."""
    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        commands.confirm_attendance(workspace, meeting, confirmed=not options.undo)
        found = queries.attendance_list(workspace, meeting)
    if options.json:
        print_json({"meeting_id": found.meeting_id, "confirmed_at": found.confirmed_at})
    else:
        print("Attendance is confirmed." if found.confirmed_at else "Attendance is not confirmed.")
    return 0


# --- what is meant --------------------------------------------------------------------------------


def _called(typed: str, name: str) -> bool:
    return bool(typed) and typed.casefold() in name.casefold()


def _invitee(found: AttendanceList, typed: str) -> AttendanceRow:
    """Return the invitee that is meant."""
    rows = [
        row for row in found.people if row.companion_id is None and _called(typed.strip(), row.name)
    ]
    return _one(rows, [row.name for row in rows], typed, "invitee")


def _partner(found: AttendanceList, typed: str) -> PartnerAttendanceRow:
    """Return the partner that is meant, by short name or number."""
    wanted = typed.strip().casefold()
    rows = [row for row in found.partners if wanted in {row.partner.casefold(), str(row.number)}]
    return _one(rows, [row.partner for row in rows], typed, "partner")


def _one(rows: list[NamedT], names: Iterable[str], typed: str, noun: str) -> NamedT:
    if not rows:
        raise NotFound(f"no_such_{noun}", "There is no {noun} “{typed}”.", noun=noun, typed=typed)
    if len(rows) > 1:
        raise DomainError(
            f"several_{noun}s",
            "“{typed}” may be {names}: say more of the name.",
            typed=typed,
            names=", ".join(names),
        )
    return rows[0]


def _instant(text: str, found: AttendanceList) -> datetime | None:
    """Return a typed time as an instant; a time of day is of the day on which it lies near."""
    if not text:
        return None
    try:
        if "T" in text:
            instant = datetime.fromisoformat(text)
            if instant.tzinfo is None:
                raise ValueError(text)
            return instant
        at = time.fromisoformat(text)
    except ValueError as error:
        raise DomainError(
            "not_a_time",
            "“{text}” is no time. Expected 10:30, or 2026-03-02T10:30+01:00.",
            text=text,
        ) from error
    day = to_local(found.start, found.zone).date()
    days = [day + timedelta(days=n) for n in range(-1, 3)]
    instants = [to_utc(datetime.combine(each, at), found.zone) for each in days]
    return min(instants, key=lambda each: max(found.start - each, each - found.end, timedelta()))


# --- printing -------------------------------------------------------------------------------------


def _tell_person(workspace: Workspace, options: argparse.Namespace, person: AttendanceRow) -> None:
    rows = queries.attendance(workspace, meeting_id(workspace, options.meeting))
    row = next(each for each in rows if each.id == person.id)
    if options.json:
        print_json(row)
    else:
        print(f"{row.name}: {row.status}, {round(row.minutes)} minutes, {row.share:.0%}.")


def _print(found: AttendanceList) -> None:
    def clock(instant: datetime | None) -> str:
        return "" if instant is None else f"{to_local(instant, found.zone):%H:%M}"

    print(f"{found.title}, {clock(found.start)} to {clock(found.end)} {found.zone}")
    print_table(
        (
            (
                row.name,
                row.partner,
                row.status,
                clock(row.first_in),
                clock(row.last_out),
                f"{row.share:.0%}",
                f"with {row.with_name}" if row.with_name else "by hand" if row.is_corrected else "",
            )
            for row in found.people
        ),
        ("Name", "Partner", "Presence", "From", "To", "Share", "Said"),
    )
    print()
    print_table(
        (
            (row.partner, row.status, f"{row.share:.0%}", ", ".join(row.people), row.represented_by)
            for row in found.partners
        ),
        ("Partner", "Presence", "Share", "People", "Represented by"),
    )
    if found.quorum.stretches:
        print(f"\nQuorum of {found.quorum.body} ({found.quorum.rule}):")
        print_table(
            (
                (
                    clock(each.start),
                    clock(each.end),
                    "met" if each.met else "broken",
                    f"{each.there} of {each.seats}, {each.needed} needed",
                    ", ".join((*each.items, *each.votes)) if not each.met else "",
                )
                for each in found.quorum.stretches
            ),
            ("From", "To", "Quorum", "Members", "Touched"),
        )
    if found.proxies:
        print()
        _print_proxies(found)


def _print_proxies(found: AttendanceList) -> None:
    print_table(
        (
            (
                row.from_partner,
                row.to_partner,
                moment(row.announced_at, found.zone),
                moment(row.ended_at, found.zone),
                row.note,
                row.fault and row.fault.value.replace("_", " "),
            )
            for row in found.proxies
        ),
        ("Member", "Represented by", f"Announced ({found.zone})", "Ended", "Note", "Problem"),
    )
