"""Writes bars as Microsoft Project's XML.

Elements come in the order of the schema, which Project insists on. Bars are scheduled by hand
(`Manual`, from Project 2010 on), so that Project keeps the months as they are: it would else move
tasks by their links and shrink work packages to their tasks.

May import: domain, errors, exchange.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import count
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from projectdesk.domain.workplan import DependencyType
from projectdesk.exchange.plans.entries import (
    DAYS_PER_MONTH,
    HOURS_PER_DAY,
    Entry,
    PlanFile,
    last_working_day,
    next_working_day,
    working_days,
)
from projectdesk.exchange.plans.xml import xml_bytes, xml_text

_NAMESPACE = "http://schemas.microsoft.com/project"
_TYPES = {
    DependencyType.FINISH_FINISH: 0,
    DependencyType.FINISH_START: 1,
    DependencyType.START_FINISH: 2,
    DependencyType.START_START: 3,
}
_TENTHS_PER_MONTH = DAYS_PER_MONTH * HOURS_PER_DAY * 60 * 10
_IN_MONTHS = 11
_IN_DAYS = 7
_CALENDAR = 1
_BEGINS, _ENDS = "08:00:00", "17:00:00"
_HALF_DAYS = (("08:00:00", "12:00:00"), ("13:00:00", "17:00:00"))


@dataclass(frozen=True)
class _Bar:
    """An entry with what Project numbers it by, on working days."""

    entry: Entry
    uid: int
    outline: str
    summary: bool
    first: date
    last: date

    @property
    def begins(self) -> str:
        time = _ENDS if self.entry.milestone else _BEGINS
        return f"{self.first.isoformat()}T{time}"

    @property
    def ends(self) -> str:
        return f"{self.last.isoformat()}T{_ENDS}"

    @property
    def hours(self) -> int:
        return 0 if self.entry.milestone else HOURS_PER_DAY * working_days(self.first, self.last)


def write_mspdi(file: PlanFile, out: Path) -> None:
    """Write the bars to a file.

    Args:
        file: with the dates of all of them.
        out: the file to write.

    Raises:
        OSError: it cannot be written.
    """
    out.write_bytes(xml_bytes(_project(file)))


def _project(file: PlanFile) -> Element:
    bars = _bars(file.entries)
    first = min((bar.begins for bar in bars), default=f"{file.start}T{_BEGINS}")
    last = max((bar.ends for bar in bars), default=first)
    root = Element("Project", {"xmlns": _NAMESPACE})
    _put(
        root,
        ("SaveVersion", 14),
        ("Name", file.file),
        ("Title", file.title),
        ("ScheduleFromStart", 1),
        ("StartDate", f"{file.start}T{_BEGINS}" if file.start else first),
        ("FinishDate", last),
        ("CalendarUID", _CALENDAR),
        ("DefaultStartTime", _BEGINS),
        ("DefaultFinishTime", _ENDS),
        ("MinutesPerDay", HOURS_PER_DAY * 60),
        ("MinutesPerWeek", HOURS_PER_DAY * 60 * 5),
        ("DaysPerMonth", DAYS_PER_MONTH),
        ("NewTasksAreManual", 1),
    )
    _calendar(SubElement(root, "Calendars"))
    tasks = SubElement(root, "Tasks")
    uids = {bar.entry.uid: bar.uid for bar in bars}
    for bar in bars:
        _task(SubElement(tasks, "Task"), bar, uids)
    who = list(dict.fromkeys(name for bar in bars for name, _ in bar.entry.work))
    resources = SubElement(root, "Resources")
    for uid, name in enumerate(who, start=1):
        resource = SubElement(resources, "Resource")
        _put(resource, ("UID", uid), ("ID", uid), ("Name", name), ("Type", 1), ("IsNull", 0))
    assignments = SubElement(root, "Assignments")
    numbers = count(1)
    for bar in bars:
        for name, months in bar.entry.work:
            assignment = SubElement(assignments, "Assignment")
            _assignment(assignment, next(numbers), bar, who.index(name) + 1, months)
    return root


def _bars(entries: Iterable[Entry]) -> list[_Bar]:
    listed = list(entries)
    path: list[int] = []
    bars: list[_Bar] = []
    for uid, entry in enumerate(listed, start=1):
        depth = min(entry.level, len(path) + 1)
        path = [*path[: depth - 1], (path[depth - 1] if len(path) >= depth else 0) + 1]
        following = listed[uid] if uid < len(listed) else None
        summary = following is not None and following.level > entry.level
        first, last = _on_working_days(entry)
        bars.append(_Bar(entry, uid, ".".join(map(str, path)), summary, first, last))
    return bars


def _on_working_days(entry: Entry) -> tuple[date, date]:
    """Return the days of a bar without a weekend at either end; the months stay the same."""
    if entry.first is None or entry.last is None:
        raise ValueError(f"{entry.uid} has no dates")
    last = last_working_day(entry.last)
    return (last, last) if entry.milestone else (next_working_day(entry.first), last)


def _task(task: Element, bar: _Bar, uids: dict[str, int]) -> None:
    entry = bar.entry
    duration = f"PT{bar.hours}H0M0S"
    work = sum((months for _, months in entry.work), Decimal(0))
    _put(
        task,
        ("UID", bar.uid),
        ("ID", bar.uid),
        ("Name", entry.name),
        ("Active", 1),
        ("Manual", 1),
        ("Type", 1),
        ("IsNull", 0),
        ("Contact", entry.lead),
        ("WBS", bar.outline),
        ("OutlineNumber", bar.outline),
        ("OutlineLevel", bar.outline.count(".") + 1),
        ("Priority", 500),
        ("Start", bar.begins),
        ("Finish", bar.ends),
        ("Duration", duration),
        ("ManualStart", bar.begins),
        ("ManualFinish", bar.ends),
        ("ManualDuration", duration),
        ("DurationFormat", _IN_DAYS),
        ("Work", _work(work)),
        ("Milestone", int(entry.milestone)),
        ("Summary", int(bar.summary)),
        ("ConstraintType", 0),
        ("CalendarUID", -1),
        ("Notes", entry.notes),
    )
    for link in entry.links:
        element = SubElement(task, "PredecessorLink")
        _put(
            element,
            ("PredecessorUID", uids[link.before]),
            ("Type", _TYPES[link.type]),
            ("CrossProject", 0),
            ("LinkLag", int(link.lag * _TENTHS_PER_MONTH)),
            ("LagFormat", _IN_MONTHS),
        )


def _assignment(assignment: Element, uid: int, bar: _Bar, resource: int, months: Decimal) -> None:
    share = months * DAYS_PER_MONTH * HOURS_PER_DAY / max(bar.hours, 1)
    _put(
        assignment,
        ("UID", uid),
        ("TaskUID", bar.uid),
        ("ResourceUID", resource),
        ("Finish", bar.ends),
        ("RemainingWork", _work(months)),
        ("Start", bar.begins),
        ("Units", str(share.quantize(Decimal("0.0001"), ROUND_HALF_UP))),
        ("Work", _work(months)),
    )


def _work(months: Decimal) -> str:
    """Return person-months as Project's duration; a hundredth of one is 96 minutes."""
    minutes = int((months * DAYS_PER_MONTH * HOURS_PER_DAY * 60).to_integral_value(ROUND_HALF_UP))
    return f"PT{minutes // 60}H{minutes % 60}M0S"


def _calendar(calendars: Element) -> None:
    """Write the calendar that Project calls Standard: Monday to Friday, eight hours."""
    calendar = SubElement(calendars, "Calendar")
    _put(
        calendar,
        ("UID", _CALENDAR),
        ("Name", "Standard"),
        ("IsBaseCalendar", 1),
        ("BaseCalendarUID", -1),
    )
    days = SubElement(calendar, "WeekDays")
    for number in range(1, 8):
        working = 2 <= number <= 6
        day = SubElement(days, "WeekDay")
        _put(day, ("DayType", number), ("DayWorking", int(working)))
        if working:
            times = SubElement(day, "WorkingTimes")
            for begins, ends in _HALF_DAYS:
                time = SubElement(times, "WorkingTime")
                _put(time, ("FromTime", begins), ("ToTime", ends))


def _put(parent: Element, *values: tuple[str, object]) -> None:
    """Append children with texts; those without text are left out."""
    for name, value in values:
        if (text := xml_text(str(value))) != "":
            SubElement(parent, name).text = text
