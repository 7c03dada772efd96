"""The tables of a meeting's attendance: people, partners, the quorum, what is said by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column, Entry, Field, Option, Target
from projectdesk.desktop.models.meeting_clock import time_there
from projectdesk.desktop.models.words import options, tone, word
from projectdesk.desktop.presenters.attendance import AS_MEASURED
from projectdesk.desktop.theme.tokens import Tone
from projectdesk.desktop.widgets.clock_width import with_clock
from projectdesk.domain.minutes import CorrectionKind
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.services.attendance_rows import (
    AttendanceRow,
    CompanionRow,
    CorrectionRow,
    PartnerAttendanceRow,
    ProxyRow,
    QuorumStretch,
)
from projectdesk.services.rows import Kind

RowT = TypeVar("RowT", CorrectionRow, CompanionRow, ProxyRow)
Zone = Callable[[], str]
"""The reader's zone, now."""
NO_TIME = "–"


def clock(instant: datetime | None, zone: str) -> str:
    """Return the time of day of an instant, a dash for none."""
    return NO_TIME if instant is None else formats.clock(to_local(instant, zone))


def length(minutes: float) -> str:
    """Return a length, a dash for nothing."""
    return formats.minutes(round(minutes)) if round(minutes) else NO_TIME


def missed(row: AttendanceRow) -> str:
    """Return by how much somebody was late, and went early."""
    parts = []
    if row.late_minutes:
        parts.append(say("{time} late", time=length(row.late_minutes)))
    if row.early_minutes:
        parts.append(say("{time} early", time=length(row.early_minutes)))
    return ", ".join(parts) or NO_TIME


def _presence_options() -> Sequence[Option]:
    return [
        Option(AS_MEASURED, say("As measured")),
        Option(CorrectionKind.PRESENT, say("There all the time")),
        Option(CorrectionKind.ABSENT, say("Not there")),
    ]


def _own(row: AttendanceRow) -> Target | None:
    """Return what an edit of an invitee goes to; who sits beside one follows the invitee."""
    if row.companion_id is not None:
        return None
    return Target(Kind.ATTENDANCE_CORRECTION, row.invitation_id, 0)


def _hour(name: str, label: str, zone: Zone) -> Field[AttendanceRow]:
    def value(row: AttendanceRow) -> object:
        return time_there(getattr(row, name), zone())

    return Field(name, label, value, Entry.TIME)


def _said(row: AttendanceRow) -> str:
    if row.companion_id is not None:
        return say("with {name}", name=row.with_name)
    return say("By hand") if row.is_corrected else ""


def _measure(row: AttendanceRow, zone: str) -> str:
    """Return what the host measured, and what was said by hand, stretch by stretch."""
    spans = ", ".join(f"{clock(a, zone)}-{clock(b, zone)}" for a, b in row.measured)
    lines = [say("Measured: {times}", times=spans or NO_TIME)]
    for each in row.corrections:
        spoken = f"{word(each.kind)} {clock(each.stretch[0], zone)}-{clock(each.stretch[1], zone)}"
        lines.append(say("By hand: {what}", what=f"{spoken} {each.reason}".strip()))
    return "\n".join(lines)


def people_columns(zone: Zone) -> list[Column[AttendanceRow]]:
    """Return the columns of people. zone: whose clock times are of."""
    presence: Field[AttendanceRow] = Field(
        "presence", say("Presence"), _chosen, Entry.CHOICE, _presence_options, _own
    )
    return [
        Column(say("Name"), lambda r: r.name, stretch=2, strong=True),
        Column(say("Partner"), lambda r: r.partner or say("External"), width=104),
        Column(
            say("Role"), lambda r: word(r.role), width=112, muted=True, optional=True, name="role"
        ),
        Column(
            say("Presence"),
            lambda r: word(r.status),
            width=116,
            tone=lambda r: tone(r.status),
            field=presence,
        ),
        Column(
            say("From"),
            lambda r: clock(r.first_in, zone()),
            sort=lambda r: r.first_in,
            width=with_clock(80),
            field=_hour("first_in", say("From"), zone),
        ),
        Column(
            say("To"),
            lambda r: clock(r.last_out, zone()),
            sort=lambda r: r.last_out,
            width=with_clock(80),
            field=_hour("last_out", say("To"), zone),
        ),
        Column(
            say("There for"),
            lambda r: length(r.minutes),
            sort=lambda r: r.minutes,
            width=96,
            right=True,
        ),
        Column(
            say("Share"),
            lambda r: formats.percent(r.share),
            sort=lambda r: r.share,
            width=76,
            right=True,
            muted=True,
        ),
        Column(
            say("Late, early"),
            missed,
            sort=lambda r: r.late_minutes + r.early_minutes,
            width=132,
            muted=True,
            optional=True,
        ),
        Column(
            say("Said"),
            _said,
            width=120,
            muted=True,
            tip=lambda r: _measure(r, zone()),
            name="said",
        ),
        Column(
            say("Measured"),
            lambda r: length(r.measured_minutes),
            sort=lambda r: r.measured_minutes,
            width=104,
            right=True,
            muted=True,
            tip=lambda r: _measure(r, zone()),
            optional=True,
        ),
        Column(
            say("Joined"),
            lambda r: say("{count}×", count=r.times) if r.times else NO_TIME,
            sort=lambda r: r.times,
            width=84,
            right=True,
            muted=True,
            spare=True,
        ),
    ]


def _chosen(row: AttendanceRow) -> object:
    """Return which choice stands for what was said of somebody; None where it is none of them."""
    if not row.corrections:
        return AS_MEASURED
    whole = [each for each in row.corrections if each.from_at is None and each.to_at is None]
    return whole[0].kind if len(row.corrections) == len(whole) == 1 else None


def partner_columns(zone: Zone) -> list[Column[PartnerAttendanceRow]]:
    """Return the columns of partners."""
    return [
        Column(
            say("No."), lambda r: str(r.number or ""), sort=lambda r: r.number, width=54, muted=True
        ),
        Column(say("Partner"), lambda r: r.partner, width=120, strong=True),
        Column(say("Country"), lambda r: r.country, width=80, muted=True, optional=True),
        Column(say("Presence"), lambda r: word(r.status), width=124, tone=lambda r: tone(r.status)),
        Column(say("People"), _people, stretch=2),
        Column(
            say("Represented by"),
            lambda r: r.represented_by,
            width=140,
            tip=lambda r: formats.percent(r.represented_share) if r.represented_by else "",
        ),
        Column(
            say("From"),
            lambda r: clock(r.first_in, zone()),
            sort=lambda r: r.first_in,
            width=with_clock(80),
            optional=True,
        ),
        Column(
            say("To"),
            lambda r: clock(r.last_out, zone()),
            sort=lambda r: r.last_out,
            width=with_clock(80),
            optional=True,
        ),
        Column(
            say("There for"),
            lambda r: length(r.minutes),
            sort=lambda r: r.minutes,
            width=96,
            right=True,
        ),
        Column(
            say("Share"),
            lambda r: formats.percent(r.share),
            sort=lambda r: r.share,
            width=76,
            right=True,
            muted=True,
        ),
    ]


def _people(row: PartnerAttendanceRow) -> str:
    words = ", ".join(row.people)
    if row.in_default:
        return formats.joined((words, say("in default, no vote")))
    return words


def stretch_columns(zone: Zone) -> list[Column[QuorumStretch]]:
    """Return the columns of the quorum over time."""
    return [
        Column(say("From"), lambda r: clock(r.start, zone()), width=with_clock(76)),
        Column(say("To"), lambda r: clock(r.end, zone()), width=with_clock(76)),
        Column(
            say("Quorum"),
            lambda r: say("Met") if r.met else say("Broken"),
            width=100,
            tone=lambda r: Tone.SUCCESS if r.met else Tone.DANGER,
        ),
        Column(say("In person"), lambda r: str(r.present), width=88, right=True),
        Column(say("By proxy"), lambda r: str(r.represented), width=84, right=True),
        Column(
            say("Needed|number"),
            lambda r: say("{needed} of {seats}", needed=r.needed, seats=r.seats),
            width=96,
            right=True,
            muted=True,
        ),
        Column(say("Agenda items"), lambda r: ", ".join(r.items), stretch=2, muted=True),
        Column(
            say("Votes|ballots"),
            lambda r: ", ".join(r.votes),
            stretch=1,
            alarm=lambda r: not r.met and bool(r.votes),
        ),
    ]


def stretch_words(row: QuorumStretch, zone: str) -> str:
    """Return a stretch of the quorum in words."""
    words = (
        say("{from_} to {to}: {there} of {seats} members, {needed} needed")
        if row.met
        else say("{from_} to {to}: no quorum, {there} of {seats} members, {needed} needed")
    )
    said = words.format(
        from_=clock(row.start, zone),
        to=clock(row.end, zone),
        there=row.there,
        seats=row.seats,
        needed=row.needed,
    )
    parts = [said]
    if row.represented:
        parts.append(say("{count} by proxy", count=row.represented))
    if row.items and not row.met:
        parts.append(say("during {items}", items=", ".join(row.items)))
    if row.votes and not row.met:
        parts.append(say("with {votes}", votes=", ".join(row.votes)))
    return formats.joined(parts)


def _time_field(name: str, label: str, zone: Zone) -> Field[RowT]:
    def value(row: RowT) -> object:
        instant = getattr(row, name)
        return "" if instant is None else formats.clock(to_local(instant, zone()))

    return Field(name, label, value)


def correction_columns(zone: Zone) -> list[Column[CorrectionRow]]:
    """Return the columns of corrections."""
    kind: Field[CorrectionRow] = Field(
        "kind",
        say("Presence"),
        lambda r: r.kind,
        Entry.CHOICE,
        lambda: options(CorrectionKind),
    )
    return [
        Column(say("Name"), lambda r: r.name, stretch=1, strong=True),
        Column(
            say("Presence"),
            lambda r: word(r.kind),
            width=112,
            tone=lambda r: tone(r.kind),
            field=kind,
        ),
        Column(
            say("From"),
            lambda r: clock(r.from_at, zone()) if r.from_at else say("Begin"),
            width=with_clock(88),
            field=_time_field("from_at", say("From"), zone),
        ),
        Column(
            say("To"),
            lambda r: clock(r.to_at, zone()) if r.to_at else say("End"),
            width=with_clock(88),
            field=_time_field("to_at", say("To"), zone),
        ),
        Column(
            say("Reason"),
            lambda r: r.reason,
            stretch=1,
            field=Field("reason", say("Reason"), lambda r: r.reason),
        ),
        Column(
            say("Problem"),
            lambda r: word(r.fault) if r.fault else "",
            stretch=1,
            alarm=lambda r: r.fault is not None,
        ),
    ]


def companion_columns(
    zone: Zone, partners: Callable[[], Sequence[Option]]
) -> list[Column[CompanionRow]]:
    """Return the columns of people behind others' cameras."""
    return [
        Column(
            say("Name"),
            lambda r: r.name,
            stretch=1,
            strong=True,
            field=Field(
                "name",
                say("Name"),
                lambda r: r.name,
                target=lambda r: None if r.person_id else Target(Kind.COMPANION, r.id, r.version),
            ),
        ),
        Column(
            say("Partner"),
            lambda r: r.partner or say("External"),
            width=132,
            field=Field(
                "partner_id", say("Partner"), lambda r: r.partner_id, Entry.CHOICE, partners
            ),
        ),
        Column(say("In the room of"), lambda r: r.with_name, stretch=1),
        Column(
            say("From"),
            lambda r: clock(r.from_at, zone()) if r.from_at else say("With them"),
            width=with_clock(100),
            field=_time_field("from_at", say("From"), zone),
        ),
        Column(
            say("To"),
            lambda r: clock(r.to_at, zone()) if r.to_at else say("With them"),
            width=with_clock(100),
            field=_time_field("to_at", say("To"), zone),
        ),
    ]


def proxy_columns(zone: Zone) -> list[Column[ProxyRow]]:
    """Return the columns of proxies."""
    return [
        Column(say("Member"), lambda r: r.from_partner, width=132, strong=True),
        Column(say("Represented by"), lambda r: r.to_partner, width=140),
        Column(
            say("Announced"),
            lambda r: formats.moment(r.announced_at, zone()),
            sort=lambda r: r.announced_at,
            width=168,
            muted=True,
        ),
        Column(
            say("Ended"),
            lambda r: clock(r.ended_at, zone()) if r.ended_at else "",
            width=with_clock(88),
            field=_time_field("ended_at", say("Ended"), zone),
        ),
        Column(
            say("Note"),
            lambda r: r.note,
            stretch=1,
            field=Field("note", say("Note"), lambda r: r.note),
        ),
        Column(
            say("Problem"),
            lambda r: word(r.fault) if r.fault else "",
            stretch=1,
            alarm=lambda r: r.fault is not None,
        ),
    ]
