"""Items in the making, and one day of them: lengths out of times, what stands side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from projectdesk.domain.meetings import ItemKind
from projectdesk.exchange.agendas import marks
from projectdesk.exchange.findings import Finding
from projectdesk.worded import Worded, worded

USUAL_MINUTES: Final = 10
"""Length of an item that says none and that no time ends."""

Find = Callable[["Entry", str, Worded], None]
"""Notes what was odd about an item: item, code, words."""


@dataclass(frozen=True)
class ReadItem:
    """One item that was read. line: where, from 1. starts_minute: a fixed start, see AgendaItem."""

    line: int
    title: str
    kind: ItemKind = ItemKind.INFORMATION
    minutes: int = USUAL_MINUTES
    presenter: str = ""
    description: str = ""
    section: str = ""
    day: int = 1
    starts_minute: int | None = None
    track: str = ""


@dataclass(frozen=True)
class ReadAgenda:
    """What was read. starts: minutes since midnight at which each day begins, where it says."""

    title: str
    items: tuple[ReadItem, ...]
    starts: dict[int, int]
    findings: tuple[Finding, ...]


@dataclass
class Entry:
    """An item in the making. level: of its bullet or number, to tell what is below what."""

    line: int
    title: str
    level: int
    kind: ItemKind | None = None
    times: marks.Times = field(default_factory=marks.Times)
    minutes: int | None = None
    presenter: str = ""
    notes: list[str] = field(default_factory=list)
    section: str = ""
    day: int = 1
    track: str = ""
    is_end: bool = False


class DayReading:
    """The items of one day: lengths out of times, fixed starts, what is side by side."""

    def __init__(self, find: Find, entries: list[Entry], starts: dict[int, int]) -> None:
        self._find = find
        self._entries = entries
        first = next((e.times.starts for e in entries if e.times.starts is not None), None)
        day = entries[0].day
        if first is not None and entries[0].times.starts is not None:
            starts.setdefault(day, first)
        self._clock = starts.get(day)

    def items(self) -> Iterator[ReadItem]:
        """Yield the items."""
        self._mark_tracks()
        forks: dict[str, int | None] = {}
        fork: int | None = None
        for number, entry in enumerate(self._entries):
            if entry.is_end:
                continue
            if entry.track and not forks:
                fork = self._clock
            before = forks.get(entry.track, fork) if entry.track else self._clock
            if not entry.track and forks:
                ends = [end for end in forks.values() if end is not None]
                before = max(ends, default=None)
                forks = {}
            minutes = self._minutes(number, entry)
            starts = entry.times.starts
            fixed = starts if starts is not None and starts != before else None
            if fixed is not None and before is not None and fixed < before:
                self._find(
                    entry,
                    "overlap",
                    worded(
                        "it begins {count} min before what is above it ends", count=before - fixed
                    ),
                )
            if number == 0:
                fixed = None
            begins = starts if starts is not None else before
            end = None if begins is None else begins + minutes
            if entry.track:
                if not forks:
                    fork = begins
                    before = begins
                forks[entry.track] = end
            else:
                self._clock = end
            yield ReadItem(
                line=entry.line,
                title=entry.title,
                kind=entry.kind or ItemKind.INFORMATION,
                minutes=minutes,
                presenter=entry.presenter,
                description="\n".join(entry.notes),
                section=entry.section,
                day=entry.day,
                starts_minute=fixed,
                track=entry.track,
            )

    def _mark_tracks(self) -> None:
        """Make parallel sessions of neighbours that begin at the same time."""
        group: list[Entry] = []
        for entry in [*self._entries, None]:
            same = (
                entry is not None
                and group
                and entry.times.starts is not None
                and entry.times.starts == group[0].times.starts
                and not entry.is_end
                and entry.kind is not ItemKind.BREAK
                and group[0].kind is not ItemKind.BREAK
            )
            if same and entry is not None:
                group.append(entry)
                continue
            if len(group) > 1 and not any(each.track for each in group):
                for letter, each in zip("ABCDEFGHIJ", group, strict=False):
                    each.track = letter
                self._find(group[0], "parallel", worded("taken as parallel to what begins with it"))
            group = [entry] if entry is not None else []

    def _minutes(self, number: int, entry: Entry) -> int:
        starts, ends = entry.times.starts, entry.times.ends
        if starts is not None and ends is not None:
            if ends > starts:
                if entry.minutes not in (None, ends - starts):
                    self._find(
                        entry,
                        "two_lengths",
                        worded("its times say {count} min; these count", count=ends - starts),
                    )
                return ends - starts
            self._find(
                entry, "ends_before", worded("it ends before it begins: the end is left out")
            )
        if entry.minutes is not None:
            return entry.minutes
        begins = starts if starts is not None else self._clock
        for other in self._entries[number + 1 :]:
            if other.times.starts is None or begins is None or other.times.starts < begins:
                break
            if other.times.starts > begins:
                return other.times.starts - begins
        self._find(
            entry,
            "no_length",
            worded("no length is said: {count} min are taken", count=USUAL_MINUTES),
        )
        return USUAL_MINUTES


def in_days(entries: list[Entry]) -> list[list[Entry]]:
    """Return items by day. Times that go back by hours begin another day if nothing said so."""
    days: dict[int, list[Entry]] = {}
    for entry in entries:
        days.setdefault(entry.day, []).append(entry)
    return [days[day] for day in sorted(days)]
