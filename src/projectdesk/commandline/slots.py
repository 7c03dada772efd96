"""Commands that find a time: slots, sacrifices, slot-weights."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields, replace
from datetime import UTC, date, datetime
from uuid import UUID

from projectdesk.commandline.data import opened
from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.commandline.printing import print_found, print_json, print_table
from projectdesk.domain.rules.pain import USUAL, Weights
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.errors import DomainError
from projectdesk.services import queries
from projectdesk.services import slot_weights as keeping
from projectdesk.services.rows import PersonRow
from projectdesk.services.slot_rows import (
    SeriesReport,
    SlotPart,
    SlotReason,
    SlotReport,
    SlotRequest,
    SlotRow,
)
from projectdesk.services.workspace import Workspace

_WORDS = {
    SlotReason.EARLY: "before working hours",
    SlotReason.LATE: "after working hours",
    SlotReason.NIGHT: "at night",
    SlotReason.WEEKEND: "weekend",
    SlotReason.HOLIDAY: "holiday",
    SlotReason.TENTATIVE: "perhaps busy",
    SlotReason.BUSY: "busy",
}


def slots(options: argparse.Namespace) -> int:
    """`projectdesk slots --project ACRONYM --from DATE --to DATE --minutes N`."""
    with opened(options) as workspace:
        request = _request(workspace, options)
        if options.series is not None:
            found = queries.slot_series(workspace, request, options.series, options.every_weeks)
            return _print_series(found, request.zone, options)
        report = queries.slots(
            workspace,
            request,
            options.limit,
            blocked=options.blocked,
            apart=not options.every_start,
        )
    if options.json:
        print_json(_document(report))
        return 0
    zone = request.zone
    print(
        f"{report.project}: {len(report.people)} people, {report.starts} starts, at "
        f"{report.blocked} of them somebody who is needed cannot come. Times are of {zone}."
    )
    if report.over:
        print(f"{report.over} starts are over and left out: the first is at {_first(report)}.")
    if report.without_zone:
        print(f"Left out, as nobody knows their zone: {', '.join(report.without_zone)}.")
    rows = [(_when(slot, zone), slot.total, slot.worst, _reasons(slot)) for slot in report.slots]
    print_found(rows, ("Start", "Points", "Worst", "Why"))
    return 0


def sacrifices(options: argparse.Namespace) -> int:
    """`projectdesk sacrifices --project ACRONYM`."""
    with opened(options) as workspace:
        project = queries.project_by_acronym(workspace, options.project)
        rows = queries.sacrifices(workspace, project.id)
    if options.json:
        print_json(rows)
    else:
        columns = ("partner", "country", "points", "meetings", "outside", "worst")
        cells = [[getattr(row, name) for name in columns] for row in rows]
        print_found(cells, [name.capitalize() for name in columns])
    return 0


def slot_weights(options: argparse.Namespace) -> int:
    """`projectdesk slot-weights [--set NAME=N]... [--usual]`."""
    with opened(options) as workspace:
        weights = USUAL if options.usual else keeping.slot_weights(workspace)
        if options.set:
            weights = replace(weights, **dict(_setting(text) for text in options.set))
        if options.set or options.usual:
            keeping.keep_slot_weights(workspace, weights)
    if options.json:
        print_json(weights)
    else:
        print_table(asdict(weights).items(), ("Weight", "Value"))
    return 0


# --- what was asked


def _request(workspace: Workspace, options: argparse.Namespace) -> SlotRequest:
    project = queries.project_by_acronym(workspace, options.project)
    me = queries.me(workspace)
    return SlotRequest(
        project_id=project.id,
        first=_day(options.first, "from"),
        last=_day(options.last, "to"),
        minutes=options.minutes,
        zone=options.zone or (me.zone if me is not None else "") or "UTC",
        step=options.step,
        people=_people(workspace, project.id, options.people),
        optional=_people(workspace, project.id, options.optional),
        body_id=_body(workspace, project.id, options.body) if options.body else None,
        moving_id=meeting_id(workspace, options.meeting) if options.meeting else None,
        since=workspace.now(),
    )


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DomainError(
            "bad_date", "“{text}” is no date: expected YYYY-MM-DD.", text=text, field=field
        ) from None


def _body(workspace: Workspace, project: UUID, name: str) -> UUID:
    bodies = queries.bodies(workspace, project)
    for body in bodies:
        if body.name.casefold() == name.strip().casefold() or str(body.id) == name:
            return body.id
    raise DomainError(
        "no_such_body",
        "There is no body “{name}” in this project: expected one of {names}.",
        name=name,
        names=", ".join(body.name for body in bodies) or "none",
    )


def _people(workspace: Workspace, project: UUID, named: Iterable[str]) -> tuple[UUID, ...]:
    texts = [text.strip() for each in named for text in each.split(",") if text.strip()]
    if not texts:
        return ()
    staff, everybody = queries.people(workspace, project), queries.people(workspace)
    return tuple(dict.fromkeys(_person(text, staff, everybody) for text in texts))


def _person(text: str, staff: Sequence[PersonRow], everybody: Sequence[PersonRow]) -> UUID:
    """Return whom a text names, of the project before all others."""
    wanted = text.casefold()
    for rows in (staff, everybody):
        found = {
            row.id
            for row in rows
            if wanted in (row.email.casefold(), row.name.casefold(), str(row.id))
        }
        if len(found) == 1:
            return found.pop()
        if found:
            raise DomainError(
                "several_people",
                "Several people are called “{text}”: name them by their address or id.",
                text=text,
            )
    raise DomainError("no_such_person", "There is nobody called “{text}”.", text=text)


def _setting(text: str) -> tuple[str, int]:
    name, _, value = text.partition("=")
    names = [each.name for each in fields(Weights)]
    if name.strip() not in names or not value.strip().isdecimal():
        raise DomainError(
            "bad_weight",
            "“{text}” changes no weight: expected NAME=N, with one of {names}.",
            text=text,
            names=", ".join(names),
        )
    return name.strip(), int(value)


# --- what is told


def _document(report: SlotReport) -> dict[str, object]:
    return {
        "project": report.project,
        "zone": report.request.zone,
        "from": report.request.first,
        "to": report.request.last,
        "minutes": report.request.minutes,
        "step": report.request.step,
        "starts": report.starts,
        "blocked": report.blocked,
        "over": report.over,
        "without_zone": report.without_zone,
        "people": report.people,
        "weights": report.weights,
        "slots": [
            {"rank": rank, **_slot(slot, report.request.zone)}
            for rank, slot in enumerate(report.slots, 1)
        ],
    }


def _slot(slot: SlotRow, zone: str) -> dict[str, object]:
    hardest = slot.hardest
    return {
        "start": _utc(slot.start),
        "end": _utc(slot.end),
        "local_start": to_local(slot.start, zone),
        "total": slot.total,
        "worst": slot.worst,
        "worst_person": None if hardest is None else hardest.person.name,
        "blocked": slot.blocked,
        "reasons": _reason_list(slot),
        "people": [
            {
                "id": part.person.id,
                "name": part.person.name,
                "partner": part.person.partner,
                "zone": part.person.zone,
                "required": part.person.required,
                "local_start": part.local_start,
                "local_end": part.local_end,
                "pain": part.pain,
                "can_come": part.can_come,
                "reasons": [_words(*each) for each in part.reasons] or ["in working hours"],
            }
            for part in slot.parts
        ],
    }


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _first(report: SlotReport) -> str:
    return f"{to_local(report.table.grid.start, report.request.zone):%a %Y-%m-%d %H:%M}"


def _when(slot: SlotRow, zone: str) -> str:
    return to_local(slot.start, zone).strftime("%a %Y-%m-%d %H:%M")


def _words(reason: SlotReason, detail: str) -> str:
    return f"{_WORDS[reason]}: {detail}" if detail else _WORDS[reason]


def _reasons(slot: SlotRow) -> str:
    return "; ".join(_reason_list(slot))


def _reason_list(slot: SlotRow) -> list[str]:
    """Return why a slot is where it is: who cannot come, and of whom it asks most."""
    found = [f"{part.person.name} cannot come" for part in slot.parts if not part.can_come]
    hard = sorted(
        (part for part in slot.parts if part.pain > 0), key=lambda part: part.pain, reverse=True
    )
    if not hard:
        return [*found, "in working hours for everybody"]
    found += [_asked(part) for part in hard[:3]]
    if len(hard) > 3:
        found.append(f"{len(hard) - 3} more out of working hours")
    return found


def _asked(part: SlotPart) -> str:
    why = ", ".join(_words(*each) for each in part.reasons)
    return f"{part.person.name} {part.local_start:%a %H:%M} ({why})"


def _print_series(found: SeriesReport, zone: str, options: argparse.Namespace) -> int:
    if options.json:
        print_json(
            {
                "before": found.before,
                "at_one_hour": found.fixed,
                "left_out": found.left_out,
                "meetings": [
                    {**_slot(each.slot, zone), "asked": each.asked, "after": each.after}
                    for each in found.slots
                ],
            }
        )
        return 0
    rows = [(_when(each.slot, zone), each.slot.total, _reasons(each.slot)) for each in found.slots]
    print_found(rows, ("Start", "Points", "Why"))
    for day in found.left_out:
        print(f"In the week from {day} no time suits everybody who is needed.")
    after = found.slots[-1].after if found.slots else found.before
    print()
    print_table(
        (
            (name, round(before, 1), round(after.get(name, before), 1), round(found.fixed[name], 1))
            for name, before in found.before.items()
        ),
        ("Partner", "Paid so far", "After the series", "At one fixed hour"),
    )
    return 0
