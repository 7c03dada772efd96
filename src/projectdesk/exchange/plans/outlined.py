"""Finds work packages, tasks, deliverables and milestones in the bars of a project plan.

A bar of the top level is a work package (or of the second, where one bar holds all); what is under
it are its tasks; a milestone named "D3.2 ..." is a deliverable, any other a milestone. Labels in
the names ("WP3", "T3.2", "MS4") give the numbers; bars without one are numbered in their order.
Whatever does not fit is said in a finding.

May import: domain, errors, exchange.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from projectdesk.domain.rules.project_months import LAST_MONTH, month_of
from projectdesk.domain.workplan import DependencyType
from projectdesk.errors import BadRow, DomainError, UnreadableFile
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.plans.entries import DEEPEST_LEVEL, Entry, Link, PlanFile, too_deep
from projectdesk.exchange.plans.lines import (
    DeliverableLine,
    DependencyLine,
    EffortLine,
    MilestoneLine,
    Plan,
    PlanEnd,
    TaskLine,
    WorkPackageLine,
)
from projectdesk.exchange.values import clean_line, clean_text
from projectdesk.worded import Worded, worded

TITLE_LIMIT = 500
_HUNDREDTH = Decimal("0.01")
_REST = r"(?:(?:\s*[.:)–—-]\s*|\s+)(.*))?"
_PACKAGE = re.compile(r"(?:WP|AP|LT|work\s*package)\s*\.?\s*([0-9]{1,4})" + _REST, re.I | re.S)
_TASK = re.compile(r"(?:T|task\s*)\s?([0-9]{1,4})\.([0-9]{1,4})" + _REST, re.I | re.S)
_DELIVERABLE = re.compile(r"(?:D|deliverable\s*)\s?([0-9]{1,4})\.([0-9]{1,4})" + _REST, re.I | re.S)
_MILESTONE = re.compile(r"(?:MS|M|milestone\s*)\s?([0-9]{1,4})" + _REST, re.I | re.S)


@dataclass
class _Node:
    entry: Entry
    children: list[_Node] = field(default_factory=list)

    @property
    def is_milestone(self) -> bool:
        return self.entry.milestone and not self.children

    def leaves(self) -> list[_Node]:
        if not self.children:
            return [self]
        return [leaf for child in self.children for leaf in child.leaves()]


def plan_of(file: PlanFile, findings: Findings, start: date | None = None) -> Plan:
    """Return the work plan that a file's bars are.

    Args:
        file: its bars.
        findings: where what does not fit is said.
        start: the day that is the first of M1; None = the file's own first day.

    Raises:
        UnreadableFile: `no_tasks`.
        BadRow: `before_start`, `after_last_month`: bars outside M1 to M600.
    """
    if not file.entries:
        raise UnreadableFile("no_tasks", "{file} has no tasks.", file=file.file)
    return _Finder(file, findings, start).plan()


class _Finder:
    """Goes over the bars once, from the top to the bottom."""

    def __init__(self, file: PlanFile, findings: Findings, start: date | None) -> None:
        self.file = file
        self.findings = findings
        days = [each.first for each in file.entries if each.first is not None]
        # No month can be told of a plan without any date: all is in M1 then, and it is said.
        # Bars placed by hand may begin before the day that the file calls its start.
        self.own_start = min([*days, *([file.start] if file.start else ())], default=None)
        self.start = start or self.own_start
        self.by_uid = {entry.uid: entry for entry in file.entries}
        self.packages: dict[int, WorkPackageLine] = {}
        self.tasks: dict[tuple[int, int], TaskLine] = {}
        self.deliverables: dict[tuple[int, int], DeliverableLine] = {}
        self.milestones: dict[int, MilestoneLine] = {}
        self.ends: dict[str, PlanEnd | None] = {}
        """What each bar became, None for one that no dependency can tie."""
        self.effort: dict[tuple[str, int], Decimal] = {}
        self.reserved: dict[str, set[tuple[int, int]]] = {"WP": set(), "T": set(), "D": set()}
        self.taken: dict[str, set[tuple[int, int]]] = {}
        self.tried: dict[tuple[str, int], int] = {}
        """Up to where the numbers of each sort are held by somebody: none is ever given back."""

    def plan(self) -> Plan:
        roots, title = self._roots()
        self._reserve(roots)
        for root in roots:
            self._top(root)
        return Plan(
            title=title,
            start=self.own_start,
            work_packages=tuple(self.packages.values()),
            tasks=tuple(self.tasks.values()),
            deliverables=tuple(self.deliverables.values()),
            milestones=tuple(self.milestones.values()),
            effort=self._effort_lines(),
            dependencies=self._dependencies(),
        )

    # --- the tree ---------------------------------------------------------------------------------

    def _roots(self) -> tuple[list[_Node], str]:
        """Return the bars that are work packages, and the project's title."""
        roots: list[_Node] = []
        path: list[tuple[int, _Node]] = []
        for entry in self.file.entries:
            node = _Node(entry)
            while path and path[-1][0] >= entry.level:
                path.pop()
            (path[-1][1].children if path else roots).append(node)
            path.append((entry.level, node))
            if len(path) > DEEPEST_LEVEL:
                raise too_deep(self.file.file)
        title = self.file.title
        if len(roots) == 1 and _is_project(roots[0]):
            project = roots[0]
            title = clean_line(project.entry.name)
            self.ends[project.entry.uid] = None
            if project.entry.work:
                self._say(
                    project.entry, "work_of_project", worded("Its work belongs to no work package.")
                )
            roots = project.children
        return roots, title

    def _reserve(self, roots: list[_Node]) -> None:
        """Note the numbers that labels give, so that bars without one do not take them."""
        for root in roots:
            if found := _PACKAGE.fullmatch(_name(root.entry)):
                self.reserved["WP"].add((0, int(found[1])))
        for entry in self.file.entries:
            for letter, pattern in (("T", _TASK), ("D", _DELIVERABLE)):
                if found := pattern.fullmatch(_name(entry)):
                    self.reserved[letter].add((int(found[1]), int(found[2])))
            if entry.milestone and (found := _MILESTONE.fullmatch(_name(entry))):
                self.reserved.setdefault("MS", set()).add((0, int(found[1])))

    def _top(self, node: _Node) -> None:
        if node.is_milestone:
            self._milestone(node.entry, None)
        elif self._is_group(node, _PACKAGE):
            for child in node.children:
                self._top(child)
        else:
            self._package(node)

    def _is_group(self, node: _Node, pattern: re.Pattern[str]) -> bool:
        """Return whether a bar only gathers milestones under a heading; it is left out then."""
        leaves = node.leaves() if node.children else []
        if not leaves or not all(leaf.entry.milestone for leaf in leaves):
            return False
        if pattern.fullmatch(_name(node.entry)):
            return False
        self.ends[node.entry.uid] = None
        text = worded("It only gathers milestones: they were taken, the heading was not.")
        self._say(node.entry, "heading_left_out", text)
        return True

    def _package(self, node: _Node) -> None:
        entry = node.entry
        found = _PACKAGE.fullmatch(_name(entry))
        wanted = int(found[1]) if found else 0
        number = self._free("WP", 0, wanted)
        first, last = self._months(entry)
        self.packages[number] = WorkPackageLine(
            row=entry.row,
            number=number,
            numbered=number == wanted,
            title=self._title(entry, found[2] if found else None, f"WP{number}"),
            lead=clean_line(entry.lead),
            start_month=first,
            end_month=last,
            description=clean_text(entry.notes),
        )
        if wanted and number != wanted:
            self._say_twice(entry, f"WP{wanted}", f"WP{number}")
        self.ends[entry.uid] = PlanEnd(number)
        self._work(entry, number)
        for child in node.children:
            self._part(child, number)

    def _part(self, node: _Node, package: int) -> None:
        if node.is_milestone:
            self._milestone(node.entry, package)
        elif self._is_group(node, _TASK):
            for child in node.children:
                self._part(child, package)
        else:
            self._task(node, package)

    def _task(self, node: _Node, package: int) -> None:
        entry = node.entry
        found = _TASK.fullmatch(_name(entry))
        if found and int(found[1]) != package:
            text = worded(
                "Its label is not of WP{package}, which it is in: the label stays in the title.",
                package=package,
            )
            self._say(entry, "label_elsewhere", text)
            found = None
        wanted = int(found[2]) if found else 0
        number = self._free("T", package, wanted)
        first, last = self._months(entry)
        label = f"T{package}.{number}"
        deeper: list[str] = []
        for child in node.children:
            self._deeper(child, package, PlanEnd(package, number), deeper)
        description = "\n".join(part for part in (clean_text(entry.notes), *deeper) if part)
        self.tasks[package, number] = TaskLine(
            row=entry.row,
            work_package=package,
            number=number,
            numbered=number == wanted,
            title=self._title(entry, found[3] if found else None, label),
            lead=clean_line(entry.lead),
            start_month=first,
            end_month=last,
            description=description,
        )
        if wanted and number != wanted:
            self._say_twice(entry, f"T{package}.{wanted}", label)
        self.ends[entry.uid] = PlanEnd(package, number)
        self._work(entry, package)

    def _deeper(self, node: _Node, package: int, end: PlanEnd, lines: list[str]) -> None:
        """Take what lies under a task: milestones as such, the rest into its description."""
        entry = node.entry
        if node.is_milestone:
            self._milestone(entry, package)
            return
        first, last = self._months(entry)
        lines.append(f"- {clean_line(entry.name)} (M{first}–M{last})")
        if notes := clean_line(entry.notes):
            lines.append(f"  {notes}")
        text = worded(
            "It is a part of {label}: it was put into that task's description.", label=end.label
        )
        self._say(entry, "part_of_task", text)
        self.ends[entry.uid] = end
        self._work(entry, package)
        for child in node.children:
            self._deeper(child, package, end, lines)

    def _milestone(self, entry: Entry, package: int | None) -> None:
        self.ends[entry.uid] = None
        month = self._month(entry, entry.last or entry.first)
        if entry.work:
            self._say(
                entry, "work_of_milestone", worded("A milestone has no effort: its work is left.")
            )
        if (found := _DELIVERABLE.fullmatch(_name(entry))) and self._package_of(
            entry, int(found[1]), package
        ):
            self._deliverable(entry, int(found[1]), int(found[2]), found[3], month)
            return
        found = _MILESTONE.fullmatch(_name(entry))
        wanted = int(found[1]) if found else 0
        number = self._free("MS", 0, wanted)
        self.milestones[number] = MilestoneLine(
            row=entry.row,
            number=number,
            numbered=number == wanted,
            title=self._title(entry, found[2] if found else None, f"MS{number}"),
            work_packages=() if package is None else (package,),
            lead=clean_line(entry.lead),
            due_month=month,
            means_of_verification=clean_text(entry.notes),
        )
        if wanted and number != wanted:
            self._say_twice(entry, f"MS{wanted}", f"MS{number}")

    def _package_of(self, entry: Entry, labelled: int, package: int | None) -> bool:
        """Return whether the work package that a deliverable's label names is in the file."""
        if labelled in self.packages or (0, labelled) in self.reserved["WP"]:
            return True
        if labelled == package:
            return True
        text = worded(
            "There is no WP{labelled} in the file: it was taken as a milestone.", labelled=labelled
        )
        self._say(entry, "no_such_package", text)
        return False

    def _deliverable(
        self, entry: Entry, package: int, wanted: int, rest: str | None, month: int
    ) -> None:
        number = self._free("D", package, wanted)
        label = f"D{package}.{number}"
        self.deliverables[package, number] = DeliverableLine(
            row=entry.row,
            work_package=package,
            number=number,
            numbered=number == wanted,
            title=self._title(entry, rest, label),
            description=clean_text(entry.notes),
            lead=clean_line(entry.lead),
            due_month=month,
        )
        if number != wanted:
            self._say_twice(entry, f"D{package}.{wanted}", label)

    # --- one bar ----------------------------------------------------------------------------------

    def _free(self, letter: str, parent: int, wanted: int) -> int:
        """Take the number wanted, or the next one that nobody has or wants, and return it."""
        taken = self.taken.setdefault(letter, set())
        number = wanted
        if not wanted or (parent, wanted) in taken:
            reserved = self.reserved.get(letter, set())
            number = self.tried.get((letter, parent), 1)
            while (parent, number) in taken or (parent, number) in reserved:
                number += 1
            self.tried[letter, parent] = number
        taken.add((parent, number))
        return number

    def _title(self, entry: Entry, rest: str | None, label: str) -> str:
        title = clean_line(rest or "") or clean_line(entry.name) or label
        if len(title) > TITLE_LIMIT:
            self._say(
                entry,
                "title_cut",
                worded("The name was cut to {count} characters.", count=TITLE_LIMIT),
            )
            title = title[:TITLE_LIMIT].rstrip()
        return title

    def _months(self, entry: Entry) -> tuple[int, int]:
        first = self._month(entry, entry.first or entry.last)
        last = self._month(entry, entry.last or entry.first)
        if last < first:
            self._say(
                entry, "ends_before_start", worded("It ends before it starts: it ends there now.")
            )
            last = first
        return first, last

    def _month(self, entry: Entry, day: date | None) -> int:
        if day is None or self.start is None:
            self._say(
                entry, "no_dates", worded("It has no dates: it was put into the first month.")
            )
            return 1
        try:
            month = month_of(self.start, day)
        except DomainError:  # at an end of the calendar
            month = 0 if day < self.start else LAST_MONTH + 1
        if month < 1:
            raise BadRow(
                "before_start",
                "{file}: {name} is on {day}, before the first day of month 1, {start}. Count the"
                " months from the file's own start, or set the project's start date.",
                file=self.file.file,
                row=entry.row,
                name=clean_line(entry.name)[:80],
                day=day.isoformat(),
                start=self.start.isoformat(),
                expected=f"dates from {self.start.isoformat()} on",
            )
        if month > LAST_MONTH:
            raise BadRow(
                "after_last_month",
                "{file}: {name} is on {day}, after project month {last}.",
                file=self.file.file,
                row=entry.row,
                name=clean_line(entry.name)[:80],
                day=day.isoformat(),
                last=LAST_MONTH,
                expected=f"dates within {LAST_MONTH} months of {self.start.isoformat()}",
            )
        return month

    def _work(self, entry: Entry, package: int) -> None:
        for who, months in entry.work:
            name = clean_line(who)
            if name and months > 0:
                key = name, package
                self.effort[key] = self.effort.get(key, Decimal(0)) + months

    def _effort_lines(self) -> tuple[EffortLine, ...]:
        lines = []
        for (who, package), months in self.effort.items():
            rounded = months.quantize(_HUNDREDTH, ROUND_HALF_UP)
            if rounded:
                lines.append(EffortLine(partner=who, work_package=package, months=rounded))
                continue
            text = worded(
                "WP{package}: the work of {who} is under 0.01 person-months and was left out.",
                package=package,
                who=who,
            )
            self.findings.add(self.file.file, 0, "", "little_work", text)
        return tuple(lines)

    # --- what ties them ---------------------------------------------------------------------------

    def _dependencies(self) -> tuple[DependencyLine, ...]:
        found: dict[tuple[PlanEnd, PlanEnd], DependencyLine] = {}
        waited_for = {link.before for entry in self.file.entries for link in entry.links}
        for entry in self.file.entries:
            after = self.ends.get(entry.uid)
            for link in entry.links:
                if after is None:
                    # A milestone hands what it waits for on to what waits for it.
                    if not entry.milestone or entry.uid not in waited_for:
                        self._say(
                            entry,
                            "link_left_out",
                            worded(
                                "What it waits for was left out: only work packages and tasks wait "
                                "for each other."
                            ),
                        )
                    continue
                self._depend(entry, after, link, found)
        return tuple(found.values())

    def _depend(
        self,
        entry: Entry,
        after: PlanEnd,
        link: Link,
        found: dict[tuple[PlanEnd, PlanEnd], DependencyLine],
    ) -> None:
        sources = list(self._sources(link, entry.uid))
        if not sources:
            self._say(
                entry,
                "link_left_out",
                worded(
                    "Its link with {other} was left out: only work packages and tasks wait for "
                    "each other.",
                    other=self._called(link.before),
                ),
            )
        for before, kind, exact in sources:
            if before == after:
                self._say(
                    entry, "link_inside", worded("Its link is inside one task and was left out.")
                )
                continue
            lag = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
            lag = max(-LAST_MONTH, min(LAST_MONTH, lag))
            if lag != exact:
                text = worded(
                    "A lag of {exact} months was rounded to {lag} months.",
                    exact=round(exact, 2),
                    lag=lag,
                )
                self._say(entry, "lag_rounded", text)
            line = DependencyLine(
                row=entry.row, before=before, after=after, type=kind, lag_months=lag
            )
            kept = found.setdefault((before, after), line)
            if replace(kept, row=line.row) != line:
                text = worded(
                    "{after} waits for {before} twice: the first is kept.",
                    after=after.label,
                    before=before.label,
                )
                self._say(entry, "link_twice", text)

    def _sources(
        self, link: Link, waiting: str
    ) -> Iterator[tuple[PlanEnd, DependencyType, Decimal]]:
        """Yield what a link leads back to: through milestones to the bars before them."""
        seen = {waiting}
        walk = [(link, link.lag)]
        while walk:
            step, lag = walk.pop()
            end = self.ends.get(step.before)
            if end is not None:
                # A milestone on the way is one moment: its start is its finish.
                yield end, DependencyType(f"{step.type[0]}{link.type[1]}"), lag
                continue
            milestone = self.by_uid.get(step.before)
            if milestone is None or not milestone.milestone or step.before in seen:
                continue
            seen.add(step.before)
            walk += [(before, lag + before.lag) for before in reversed(milestone.links)]

    def _called(self, uid: str) -> str:
        entry = self.by_uid.get(uid)
        return f"“{clean_line(entry.name)[:80]}”" if entry else worded("what is not in the file")

    def _say(self, entry: Entry, code: str, text: Worded) -> None:
        name = clean_line(entry.name)[:80] or worded("A task without a name")
        self.findings.add(
            self.file.file, entry.row, "", code, worded("{name}: {text}", name=name, text=text)
        )

    def _say_twice(self, entry: Entry, label: str, given: str) -> None:
        self._say(
            entry,
            "label_twice",
            worded("There is another {label}: it was numbered {given}.", label=label, given=given),
        )


def _name(entry: Entry) -> str:
    return clean_line(entry.name)


def _is_project(node: _Node) -> bool:
    """Return whether the only bar of the top level stands for the whole project."""
    if not node.children or _PACKAGE.fullmatch(_name(node.entry)):
        return False
    return any(child.children or _PACKAGE.fullmatch(_name(child.entry)) for child in node.children)
