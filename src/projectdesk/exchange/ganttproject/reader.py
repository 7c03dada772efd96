"""Reads GanttProject's files as bars.

A file says starts and durations in working days; where a bar ends follows from the weekends and
holidays of its calendar. A person's load on a task, in per cent of its days, becomes person-months
of 20 working days.

May import: domain, errors, exchange.
"""

from __future__ import annotations

from bisect import bisect_left
from calendar import isleap
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from projectdesk.domain.workplan import DependencyType
from projectdesk.errors import UnreadableFile
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.plans.entries import (
    DAYS_PER_MONTH,
    DEEPEST_LEVEL,
    Entry,
    Link,
    PlanFile,
    too_deep,
)
from projectdesk.exchange.plans.xml import child, children, local, text_of
from projectdesk.exchange.values import clean_line, read_date
from projectdesk.worded import worded

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LONGEST_DAYS = 20_000
"""Working days of one bar; 50 years have 13,000."""

_YEARS = 4 * LONGEST_DAYS // 365
"""In which the end of a bar is looked for; a calendar may have few working days."""

_TYPES = {
    "1": DependencyType.START_START,
    "2": DependencyType.FINISH_START,
    "3": DependencyType.FINISH_FINISH,
    "4": DependencyType.START_FINISH,
}
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKEND = (5, 6)
"""Of a file that says nothing of it, as GanttProject takes it."""


def is_ganttproject(root: Element) -> bool:
    """Return whether an XML file is GanttProject's."""
    return local(root) == "project" and child(root, "tasks") is not None and not _is_planner(root)


def _is_planner(root: Element) -> bool:
    return root.get("mrproject-version") is not None


class _Calendar:
    """The days on which nobody works."""

    def __init__(self, root: Element) -> None:
        calendars = child(root, "calendars")
        types = child(calendars, "day-types")
        week = child(types, "default-week")
        if week is None:  # before version 2.5 it lay one element deeper
            week = child(child(types, "calendar"), "default-week")
        shown = child(types, "only-show-weekends")
        worked = shown is not None and shown.get("value") == "true"
        free = () if worked else _WEEK
        self.weekend = {
            index
            for index, name in enumerate(free)
            if (index in _WEEKEND if week is None else week.get(name) == "1")
        }
        if len(self.weekend) == len(_WEEK):
            self.weekend = set()
        self.every_year: set[tuple[int, int]] = set()
        self.holidays: set[date] = set()
        self.worked: set[date] = set()
        self._years: dict[int, list[date]] = {}
        for each in children(calendars, "date"):
            self._day(each)

    def _day(self, element: Element) -> None:
        try:
            month, day = int(element.get("month", "")), int(element.get("date", ""))
            year = element.get("year", "")
            if not year:
                self.every_year.add((month, day))
            elif element.get("type", "HOLIDAY") == "WORKING_DAY":
                self.worked.add(date(int(year), month, day))
            elif element.get("type", "HOLIDAY") == "HOLIDAY":
                self.holidays.add(date(int(year), month, day))
        except (ValueError, OverflowError):
            return  # a day that is none changes no bar

    def works(self, day: date) -> bool:
        """Return whether a day is worked on."""
        if day in self.worked:
            return True
        free = day.weekday() in self.weekend or day in self.holidays
        return not free and (day.month, day.day) not in self.every_year

    def last(self, first: date, days: int) -> date:
        """Return the last day of a bar of so many working days, at least one.

        Where a calendar leaves too few of them, it is the last day that is looked at.
        """
        left = max(1, days)
        final = min(first.year + _YEARS, date.max.year)
        for year in range(first.year, final + 1):
            worked = self._worked_in(year)
            begin = bisect_left(worked, first)
            if begin + left <= len(worked):
                return worked[begin + left - 1]
            left -= len(worked) - begin
        return date(final, 12, 31)

    def _worked_in(self, year: int) -> list[date]:
        """Return the working days of a year; a file has many bars and few years."""
        if year not in self._years:
            whole = (date(year, 1, 1) + timedelta(days=each) for each in range(365 + isleap(year)))
            self._years[year] = [day for day in whole if self.works(day)]
        return self._years[year]


def read_ganttproject(root: Element, name: str, findings: Findings) -> PlanFile:
    """Return the bars of a file.

    Args:
        root: of the file.
        name: of the file.
        findings: where what is not taken is said.

    Raises:
        UnreadableFile: `not_ganttproject`.
    """
    if not is_ganttproject(root):
        raise UnreadableFile(
            "not_ganttproject",
            "{file} holds <{found}>, not a <project> of GanttProject.",
            file=name,
            found=local(root)[:80],
            expected="<project> with <tasks>",
        )
    return _Reader(root, name, findings).file()


class _Reader:
    def __init__(self, root: Element, name: str, findings: Findings) -> None:
        self.root = root
        self.name = name
        self.findings = findings
        self.calendar = _Calendar(root)
        self.links: dict[str, list[Link]] = {}
        self.durations: dict[str, int] = {}
        self.rows = 0

    def file(self) -> PlanFile:
        tasks = child(self.root, "tasks")
        self._links(tasks)
        read = list(self._tasks(tasks, 1))
        work, leads = self._allocations()
        entries = tuple(
            Entry(
                uid=entry.uid,
                level=entry.level,
                name=entry.name,
                first=entry.first,
                last=entry.last,
                milestone=entry.milestone,
                notes=entry.notes,
                lead=leads.get(entry.uid, ""),
                links=tuple(self.links.get(entry.uid, ())),
                work=tuple(work.get(entry.uid, ())),
                row=entry.row,
            )
            for entry in read
        )
        return PlanFile(
            file=self.name, title=clean_line(self.root.get("name", "")), entries=entries
        )

    def _tasks(self, parent: Element | None, level: int) -> Iterator[Entry]:
        if level > DEEPEST_LEVEL:
            raise too_deep(self.name)
        for task in children(parent, "task"):
            self.rows += 1
            yield self._task(task, level)
            yield from self._tasks(task, level + 1)

    def _task(self, task: Element, level: int) -> Entry:
        uid = task.get("id", "")
        name = clean_line(task.get("name", ""))
        days = self._days(task, name)
        milestone = task.get("meeting") == "true" or days == 0
        first = self._first(task, name)
        last = first if first is None or milestone else self.calendar.last(first, days)
        self.durations[uid] = days
        if third := task.get("thirdDate"):
            constrained = task.get("thirdDate-constraint", "0") != "0"
            if constrained and third != task.get("start"):
                text = worded(
                    "{name}: The earliest begin {day} was left out.", name=name, day=third[:10]
                )
                self.findings.add(self.name, self.rows, "", "constraint", text)
        return Entry(
            uid=uid,
            level=level,
            name=name,
            first=first,
            last=last,
            milestone=milestone,
            notes=text_of(task, "notes"),
            row=self.rows,
        )

    def _days(self, task: Element, name: str) -> int:
        text = task.get("duration", "0")
        days = _number(text)
        if days is None or not 0 <= days <= LONGEST_DAYS:
            said = worded(
                "{name}: The duration {text} was taken as one day.", name=name, text=text[:20]
            )
            self.findings.add(self.name, self.rows, "", "bad_duration", said)
            return 1
        return int(days)

    def _first(self, task: Element, name: str) -> date | None:
        try:
            first = read_date(task.get("start", ""))  # day first in files before version 2.0
        except ValueError:
            first = None
        if first is None:
            text = worded("{name}: It starts on no date that is understood.", name=name)
            self.findings.add(self.name, self.rows, "", "bad_date", text)
        return first

    def _links(self, tasks: Element | None) -> None:
        """Note what waits for what: a <depend> stands with the bar that is waited for."""
        for task in tasks.iter() if tasks is not None else ():
            if local(task) != "task":
                continue
            for depend in children(task, "depend"):
                days = _number(depend.get("difference", "0")) or Decimal(0)
                kind = depend.get("type", "2")
                if kind not in _TYPES:
                    text = worded(
                        "A link of the unknown type {kind} was taken as finish to start.",
                        kind=kind[:20],
                    )
                    self.findings.add(self.name, 0, "", "link_type", text)
                link = Link(
                    before=task.get("id", ""),
                    type=_TYPES.get(kind, DependencyType.FINISH_START),
                    lag=days / DAYS_PER_MONTH,
                )
                self.links.setdefault(depend.get("id", ""), []).append(link)

    def _allocations(self) -> tuple[dict[str, list[tuple[str, Decimal]]], dict[str, str]]:
        """Return who works how much on each bar, and who is responsible for it."""
        resources = child(self.root, "resources")
        names = {
            each.get("id", ""): clean_line(each.get("name", ""))
            for each in children(resources, "resource")
        }
        work: dict[str, list[tuple[str, Decimal]]] = {}
        leads: dict[str, str] = {}
        for allocation in children(child(self.root, "allocations"), "allocation"):
            task, who = allocation.get("task-id", ""), names.get(allocation.get("resource-id", ""))
            if task not in self.durations or not who:
                text = worded("An allocation names a task or person that is not in the file.")
                self.findings.add(self.name, 0, "", "allocation_left_out", text)
                continue
            if allocation.get("responsible") == "true":
                leads.setdefault(task, who)
            load = _number(allocation.get("load", "0")) or Decimal(0)
            if load > 0 and self.durations[task]:
                months = load / 100 * self.durations[task] / DAYS_PER_MONTH
                work.setdefault(task, []).append((who, months))
        if work:
            text = worded(
                "Loads were counted as person-months of {count} working days.",
                count=DAYS_PER_MONTH,
            )
            self.findings.add(self.name, 0, "", "days_per_month", text)
        return work, leads


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < 10**9 else None
