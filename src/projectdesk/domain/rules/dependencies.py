"""What waits for what in a work plan: earliest months, circles, and moving what waits.

A bar covers both of its months whole. A dependency ties an end of `before` to an end of `after`, in
whole project months; a lag of 0 means: right after. Nobody moves anything back: a bar that stands
later than it must stays there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from projectdesk.domain.workplan import DependencyType as Type


@dataclass(frozen=True)
class Bar:
    """A work package, or a task of one. package: of a task. length: in months."""

    id: UUID
    start: int
    end: int
    package: UUID | None = None

    @property
    def length(self) -> int:
        """How many months it covers."""
        return self.end - self.start + 1

    def by(self, months: int) -> Bar:
        """Return it that many months later."""
        return replace(self, start=self.start + months, end=self.end + months)


@dataclass(frozen=True)
class Link:
    """`after` waits for `before`; both are ids of bars."""

    before: UUID
    after: UUID
    type: Type = Type.FINISH_START
    lag: int = 0


_FROM_START: Final = frozenset({Type.START_START, Type.START_FINISH})


def earliest_start(link: Link, before: Bar, length: int) -> int:
    """Return the first month in which what waits may start, given how many months it lasts.

    May be below 1 where an end is tied: it then holds wherever the bar stands.
    """
    match link.type:
        case Type.FINISH_START:
            return before.end + 1 + link.lag
        case Type.START_START:
            return before.start + link.lag
        case Type.FINISH_FINISH:
            return before.end + link.lag - length + 1
        case Type.START_FINISH:
            return before.start + link.lag - length


def months_too_early(link: Link, before: Bar, after: Bar) -> int:
    """Return by how many months a dependency is violated, 0 when it holds."""
    return max(0, earliest_start(link, before, after.length) - after.start)


def circle(bars: Iterable[Bar], links: Iterable[Link]) -> tuple[UUID, ...]:
    """Return bars that wait for one another in a circle, the first again at the end; () if none.

    A work package waits as a whole: its tasks wait with it, and it ends when they do. So a task
    cannot wait for its own work package, nor the package for it.
    """
    known = {bar.id: bar for bar in bars}
    nodes = _steps(known.values(), links)
    done: set[_Node] = set()
    for first in nodes:
        found = _circle_from(first, nodes, done)
        if found:
            return _told(found)
    return ()


def settle(bars: Sequence[Bar], links: Sequence[Link]) -> dict[UUID, Bar]:
    """Return all bars with those moved later that must wait, so that every dependency holds.

    A work package takes its tasks along, and ends no earlier than they do. Nothing moves more than
    it must, and nothing gets shorter.

    Raises:
        ValueError: the links hold a circle (`circle` tells which).
    """
    now = {bar.id: bar for bar in bars}
    tasks = _tasks(bars)
    waits: dict[UUID, list[Link]] = defaultdict(list)
    for link in links:
        if link.before in now and link.after in now:
            waits[link.after].append(link)
    for record, end in _in_order(_steps(bars, links)):
        bar = now[record]
        if end:
            last = max((now[each].end for each in tasks[record]), default=bar.end)
            now[record] = replace(bar, end=max(bar.end, last))
            continue
        by = max(
            (months_too_early(link, now[link.before], bar) for link in waits[record]), default=0
        )
        if by:
            for each in (record, *tasks[record]):
                now[each] = now[each].by(by)
    return now


# --- the graph: a work package begins, then its tasks are, then it ends; a task is one step -------

_Node = tuple[UUID, bool]
"""A bar, and whether this is the end of a work package."""


def _tasks(bars: Iterable[Bar]) -> dict[UUID, list[UUID]]:
    inside: dict[UUID, list[UUID]] = defaultdict(list)
    for bar in bars:
        if bar.package is not None:
            inside[bar.package].append(bar.id)
    return inside


def _steps(bars: Iterable[Bar], links: Iterable[Link]) -> Mapping[_Node, list[_Node]]:
    known = {bar.id: bar for bar in bars}
    follows: dict[_Node, list[_Node]] = {}
    for bar in known.values():
        follows[bar.id, False] = []
        if bar.package is None:
            follows[bar.id, False].append((bar.id, True))
            follows[bar.id, True] = []
    for bar in known.values():
        if bar.package in known:
            follows[bar.package, False].append((bar.id, False))
            follows[bar.id, False].append((bar.package, True))
    for link in links:
        if link.before in known and link.after in known:
            at_end = known[link.before].package is None and link.type not in _FROM_START
            follows[link.before, at_end].append((link.after, False))
    return follows


def _circle_from(
    first: _Node, follows: Mapping[_Node, list[_Node]], done: set[_Node]
) -> list[_Node]:
    """Walk on from `first` without recursion; return the circle that it runs into."""
    path: list[_Node] = []
    on_path: set[_Node] = set()
    open_ends = [(first, False)]
    while open_ends:
        node, leaving = open_ends.pop()
        if leaving:
            path.pop()
            on_path.discard(node)
            done.add(node)
        elif node in on_path:
            return [*path[path.index(node) :], node]
        elif node not in done:
            path.append(node)
            on_path.add(node)
            open_ends.append((node, True))
            open_ends += [(after, False) for after in follows[node]]
    return []


def _told(nodes: Sequence[_Node]) -> tuple[UUID, ...]:
    """Return a circle as bars: the steps inside a bar are one."""
    bars: list[UUID] = []
    for record, _ in nodes:
        if not bars or bars[-1] != record:
            bars.append(record)
    return tuple(bars) if bars[0] == bars[-1] else (*bars, bars[0])


def _in_order(follows: Mapping[_Node, list[_Node]]) -> list[_Node]:
    """Return the steps so that each comes after all it waits for."""
    waiting: dict[_Node, int] = dict.fromkeys(follows, 0)
    for afters in follows.values():
        for after in afters:
            waiting[after] += 1
    ready = [node for node, count in waiting.items() if not count]
    ordered: list[_Node] = []
    while ready:
        node = ready.pop()
        ordered.append(node)
        for after in follows[node]:
            waiting[after] -= 1
            if not waiting[after]:
                ready.append(after)
    if len(ordered) != len(follows):
        raise ValueError("what waits for itself cannot be moved")
    return ordered
