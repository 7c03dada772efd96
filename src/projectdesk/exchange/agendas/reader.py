"""Read an agenda line by line: days, sections, items with their times, what is left out.

A line is, in this order: a row of a table, a heading, an item (with a bullet, a number or a time),
or text. Text below an item describes it; text before the first item is left out and said to be.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from projectdesk.domain.meetings import ItemKind
from projectdesk.domain.rules.agenda_times import LAST_DAY
from projectdesk.errors import UnreadableFile
from projectdesk.exchange.agendas import marks, words
from projectdesk.exchange.agendas.entries import DayReading, Entry, ReadAgenda, ReadItem, in_days
from projectdesk.exchange.findings import Findings
from projectdesk.worded import Worded, worded

LONGEST_TEXT: Final = 200_000
"""Characters of an agenda; what is longer is something else."""
MOST_ITEMS: Final = 500


def read_agenda(text: str, file: str = "", known: Collection[str] = ()) -> ReadAgenda:
    """Return the agenda that a text holds.

    Args:
        text: Markdown, or what was pasted.
        file: what to call it in findings.
        known: names of people and partners; a text after a dash that is one of them presents.

    Raises:
        UnreadableFile: `no_agenda`, `agenda_too_long`.
    """
    if len(text) > LONGEST_TEXT:
        raise UnreadableFile(
            "agenda_too_long",
            "{file} has {count} characters: this is no agenda.",
            file=file or "The text",
            count=len(text),
        )
    reading = _Reading(file, frozenset(name.strip().lower() for name in known if name.strip()))
    for number, line in _lines(text):
        reading.take(number, line)
    return reading.finish()


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield numbered lines; a line under which there is a rule is a heading of Markdown."""
    spaced = text.lstrip("\ufeff").replace("\u00a0", " ")
    lines = [words.BULLET_TAB.sub(r"\g<mark> ", line) for line in spaced.splitlines()]
    skip = False
    for number, line in enumerate(lines, 1):
        if skip:
            skip = False
            continue
        following = lines[number] if number < len(lines) else ""
        may_be_heading = bool(line.strip()) and not words.BULLET.match(line) and "|" not in line
        if (
            may_be_heading
            and words.UNDERLINE.match(following)
            and not marks.take_times(line)[0].starts
        ):
            skip = True
            yield number, ("# " if "=" in following else "## ") + line.strip()
        else:
            yield number, line.expandtabs(4) if "\t" not in line.strip() else line


class _Reading:
    """The state while lines are read."""

    def __init__(self, file: str, known: frozenset[str]) -> None:
        self._file = file
        self._known = known
        self._findings = Findings()
        self._entries: list[Entry] = []
        self._title = ""
        self._section = ""
        self._section_level = 0
        self._day = 1
        self._dates: dict[str, int] = {}
        self._track = ""
        self._columns: list[str] | None = None
        self._left_out: list[int] = []
        self._described: list[int] = []
        self._heading_line = 0  # of a section that has no item yet, 0 = none
        self._bare_headings: list[int] = []
        self._starts: dict[int, int] = {}

    # --- lines

    def take(self, number: int, line: str) -> None:
        if not line.strip() or words.RULE.match(line):
            self._columns = self._columns if line.strip() else None
            return
        if self._table_row(number, line):
            return
        self._columns = None
        heading = words.HASHES.match(line)
        if heading is not None:
            self._heading(number, _clean(heading["text"]), len(heading["marks"]))
            return
        bold = words.BOLD.match(line)
        if bold is not None and self._is_heading(bold["text"].strip(" :")):
            self._heading(number, bold["text"].strip(" :"), 4)
            return
        if words.FACT.match(_clean(line.strip())) and not self._entries:
            self._left_out.append(number)
            return
        if not self._item_line(number, line):
            self._text(number, line)

    def _heading(self, number: int, text: str, level: int) -> None:
        times, rest = marks.take_times(text)
        if times.starts is not None and rest:
            self._add(number, text, level=0)
            return
        if self._day_heading(text):
            return
        track = words.TRACK.match(text)
        if track is not None:
            self._track = _titled(track)
            return
        self._track = ""
        if level == 1 and not self._entries and not self._title:
            self._title = text
            return
        if not text:
            return
        if text.lower() in words.AGENDA:
            self._section = ""
            return
        minutes, bare = marks.take_length(text)
        if minutes is not None and level >= 3 and self._section:
            self._add(number, text, level=0)
            return
        self._begin_section(number, bare or text)
        self._section_level = level

    def _begin_section(self, number: int, section: str) -> None:
        """Begin a section; one before it that got no item is told of at the end."""
        if self._heading_line:
            self._bare_headings.append(self._heading_line)
        self._heading_line = number
        self._section, self._track = section, ""

    def _day_heading(self, text: str) -> bool:
        """Take a line that begins a day: "Day 2", "Tuesday 10 March 2026", or both."""
        found = words.DAY.match(text)
        if found is not None:
            self._day = min(words.NUMBERS.get(found["n"].lower(), 0) or int(found["n"]), LAST_DAY)
            self._begin_day(found["rest"])
            return True
        dated = words.DATE_LINE.match(text)
        weekday = None if dated else words.WEEKDAY_LINE.match(text)
        if dated is None and (weekday is None or len(text.split()) > 5):
            return False
        key = (dated["date"] if dated else text).lower()
        if key not in self._dates:
            if self._entries and self._entries[-1].day == self._day:
                self._day = min(self._day + 1, LAST_DAY)
            self._dates[key] = self._day
        self._day = self._dates[key]
        begins = dated or weekday
        self._begin_day((begins["rest"] or "") if begins else "")
        return True

    def _begin_day(self, rest: str) -> None:
        self._section, self._track = "", ""
        rest = rest.strip(" -–—:|,()")
        times, after = marks.take_times(rest)
        if times.starts is not None:
            self._starts.setdefault(self._day, times.starts)
            self._section = after
        elif (
            rest
            and not re.fullmatch(words.DATE, rest, re.IGNORECASE)
            and not words.WEEKDAY_LINE.match(rest)
        ):
            cleaned = re.sub(rf"[(]?{words.DATE}[)]?", "", rest, flags=re.IGNORECASE)
            self._section = cleaned.strip(" -–—:|,()")

    def _is_heading(self, text: str) -> bool:
        times, _ = marks.take_times(text)
        return times.starts is None and marks.take_length(text)[0] is None

    def _item_line(self, number: int, line: str) -> bool:
        """Take a line with a bullet, a number or a time; False for one with neither."""
        for pattern in (words.BULLET, words.NUMBER):
            if pattern is words.NUMBER and marks.take_times(line.strip())[0].starts is not None:
                continue
            found = pattern.match(line)
            if found is None:
                continue
            depth = len(found["indent"])
            if pattern is words.NUMBER:
                depth += found["number"].strip(".):").count(".") * 2
            text = _clean(found["text"])
            times, _ = marks.take_times(text)
            last = self._entries[-1] if self._entries else None
            below = last is not None and depth > last.level and last.day == self._day
            if below and last is not None and times.starts is None:
                last.notes.append(f"- {text}")
            else:
                self._add(number, text, level=depth)
            return True
        stripped = _clean(line.strip())
        times, rest = marks.take_times(stripped)
        if times.starts is None or not rest:
            return self._pending_time(number, times)
        self._add(number, stripped, level=len(line) - len(line.lstrip()))
        return True

    def _pending_time(self, number: int, times: marks.Times) -> bool:
        """Take a line that is a time alone: the next line says what is then."""
        if times.starts is None:
            return False
        self._entries.append(self._entry(number, "", 0, times=times))
        return True

    def _text(self, number: int, line: str) -> None:
        text = _clean(line.strip())
        last = self._entries[-1] if self._entries else None
        if text.strip(" :").lower() in words.AGENDA:
            self._section, self._track = "", ""
        elif last is not None and not last.title:
            self._fill(last, text)
        elif self._day_heading(text):
            return
        elif (track := words.TRACK.match(text)) is not None and len(text.split()) <= 8:
            self._track = _titled(track)
        elif text.endswith(":") and len(text.split()) <= 8 and self._is_heading(text):
            self._begin_section(number, text.strip(" :"))
        elif text.isupper() and len(text.split()) <= 8 and len(text) > 3:
            self._begin_section(number, text)
        elif last is not None:
            who, rest = marks.take_presenter(text, self._known)
            if who and not rest and not last.presenter:
                last.presenter = who
            else:
                last.notes.append(text)
                if not line[:1].isspace():
                    self._described.append(number)
        elif not self._title and len(text.split()) <= 12 and not text.endswith((".", ",")):
            self._title = text
        else:
            self._left_out.append(number)

    # --- tables

    def _table_row(self, number: int, line: str) -> bool:
        """Take a row of a Markdown table, or of cells parted by tabs."""
        if line.strip().startswith("|"):
            cells = [_clean(cell.strip()) for cell in line.strip().strip("|").split("|")]
        elif "\t" in line.strip():
            cells = [_clean(cell.strip()) for cell in line.strip("\n").split("\t")]
        else:
            return False
        if all(re.fullmatch(r":?-+:?|", cell) for cell in cells):
            return True
        columns = [words.HEADER_WORDS.get(cell.lower().strip(" *:"), None) for cell in cells]
        if "title" in columns or ("time" in columns and len(cells) > 1):
            self._columns = [name or "" for name in columns]
            if "title" not in self._columns and "" in self._columns:
                self._columns[self._columns.index("")] = "title"
            return True
        self._row(number, cells, self._columns or _guessed(cells, self._known))
        return True

    def _row(self, number: int, cells: list[str], columns: list[str]) -> None:
        values: dict[str, str] = {}
        for name, cell in zip(columns, cells, strict=False):
            if name and cell:
                values[name] = f"{values[name]} {cell}" if name in values else cell
        title = values.get("title", "")
        times, rest = marks.take_times(values.get("time", ""))
        if not title:
            title = rest
        if not title:
            filled = [cell for cell in cells if cell]
            if len(filled) > 1:
                self._left_out.append(number)
            elif filled and not self._day_heading(filled[0]):
                self._begin_section(number, filled[0])
            return
        if len([cell for cell in cells if cell]) == 1 and self._day_heading(title):
            return
        entry = self._add(number, title, level=0)
        end, _ = marks.take_times(values.get("end", ""))
        if times.starts is not None:
            entry.times = marks.Times(times.starts, times.ends or end.starts)
        length = marks.only_length(values.get("length", ""))
        entry.minutes = entry.minutes if length is None else length
        if values.get("presenter"):
            entry.presenter = values["presenter"]
        if values.get("kind"):
            entry.kind = marks.take_kind(f"({values['kind']})")[0] or entry.kind
        entry.section = values.get("section", entry.section)
        entry.track = values.get("track", entry.track)
        if values.get("description"):
            entry.notes.append(values["description"])
        entry.notes += [cell for cell in cells[len(columns) :] if cell]

    # --- items

    def _entry(self, line: int, title: str, level: int, times: marks.Times | None = None) -> Entry:
        self._heading_line = 0
        return Entry(
            line,
            title,
            level,
            times=times or marks.Times(),
            section=self._section,
            day=self._day,
            track=self._track,
        )

    def _add(self, number: int, text: str, level: int) -> Entry:
        times, rest = marks.take_times(text)
        entry = self._entry(number, "", level, times)
        self._fill(entry, rest)
        self._entries.append(entry)
        return entry

    def _fill(self, entry: Entry, text: str) -> None:
        whole, text = text, self._without_bad_marks(entry, text)
        numbered = words.NUMBER.match(text)
        text = numbered["text"] if numbered else text
        length, text = marks.take_length(text)
        kind, text = marks.take_kind(text)
        track = words.TRACK.match(text)
        if track is not None and track["rest"].strip(" :-–—"):
            entry.track = _titled(track)
            text = track["rest"].strip(" :-–—")
        presenter, title = marks.take_presenter(text, self._known)
        later, title = (None, title) if length is not None else marks.take_length(title)
        if presenter:
            again, title = marks.take_kind(title)
            kind = kind or again
        entry.minutes = length if length is not None else later
        entry.kind, entry.presenter = kind, presenter
        # "Item 3 (5 min)" is called so: its label is all that it has.
        entry.title = _bare(title) or _bare(text) or _bare(marks.take_length(whole)[1])
        entry.is_end = marks.is_end(entry.title) and entry.minutes is None
        if marks.is_break(entry.title):
            entry.kind = ItemKind.BREAK

    def _without_bad_marks(self, entry: Entry, text: str) -> str:
        """Return a text without a time or length that is none, "99:99" or "-5 min"; it is told."""
        found = words.NO_MARK.match(text)
        if found is None:
            return text
        self._find(
            entry.line,
            "bad_mark",
            worded("“{found}” is no time and no length: left out", found=found["mark"]),
        )
        return text[found.end() :]

    # --- the end

    def finish(self) -> ReadAgenda:
        entries = [entry for entry in self._entries if entry.title]
        nameless = [entry.line for entry in self._entries if not entry.title]
        if not [entry for entry in entries if not entry.is_end]:
            raise UnreadableFile(
                "no_agenda",
                "{file} holds no agenda: expected lines with a bullet, a number or a time, such as "
                "“09:30 Welcome (15 min) – Ida Holm”.",
                file=self._file or "The text",
            )
        if len(entries) > MOST_ITEMS:
            self._find(
                entries[MOST_ITEMS].line,
                "too_many",
                worded("only {count} items are taken, none from here on", count=MOST_ITEMS),
            )
            entries = entries[:MOST_ITEMS]
        if self._heading_line:
            self._bare_headings.append(self._heading_line)
        for code, text, lines in (
            ("left_out", worded("left out, because it is no item"), self._left_out),
            ("no_title", worded("left out, because it says no title"), nameless),
            (
                "bare_heading",
                worded("left out, a heading without an item"),
                self._bare_headings,
            ),
            ("described", worded("taken as a description of the item above"), self._described),
        ):
            if lines:
                self._find(
                    lines[0], code, worded("{text}: line {lines}", text=text, lines=_numbers(lines))
                )
        days = in_days(entries)
        items: list[ReadItem] = []
        for of_day in days:
            items += DayReading(self.find, of_day, self._starts).items()
        return ReadAgenda(self._title, tuple(items), dict(self._starts), self._findings.all())

    def _find(self, line: int, code: str, text: Worded) -> None:
        self._findings.add(self._file, line, "", code, text)

    def find(self, entry: Entry, code: str, text: Worded) -> None:
        """Note what was odd about an item."""
        self._find(entry.line, code, worded("“{title}”: {text}", title=entry.title, text=text))


def _numbers(lines: Collection[int]) -> str:
    """Return line numbers in order, neighbours as a range: "3, 5-8"."""
    ranges: list[list[int]] = []
    for line in sorted(lines):
        if ranges and line == ranges[-1][1] + 1:
            ranges[-1][1] = line
        else:
            ranges.append([line, line])
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in ranges)


def _guessed(cells: list[str], known: Collection[str]) -> list[str]:
    """Return what the cells of a row without a header are."""
    names: list[str] = []
    for cell in cells:
        times, rest = marks.take_times(cell)
        if "time" not in names and times.starts is not None and not rest:
            names.append("time")
        elif "time" in names and "end" not in names and times.starts is not None and not rest:
            names.append("end")
        elif "length" not in names and marks.only_length(cell) is not None and "title" in names:
            names.append("length")
        elif re.fullmatch(r"\d{1,2}(?:\.\d{1,2})?[.)]?", cell) and "title" not in names:
            names.append("")
        elif "title" not in names and cell:
            names.append("title")
        elif "presenter" not in names and (marks.is_people(cell, known) or _may_present(cell)):
            names.append("presenter")
        else:
            names.append("description" if "title" in names else "")
    return names


def _may_present(cell: str) -> bool:
    """Tell whether a cell beside a title may say who: a few words without a figure."""
    return 0 < len(cell.split()) <= 4 and not any(letter.isdigit() for letter in cell)


def _clean(text: str) -> str:
    """Return a text without the marks of Markdown: bold, italic, code, links, boxes to tick."""
    text = re.sub(r"^\[[ xX]\]\s+", "", text)
    text = re.sub(r"!?\[([^\]]+)\]\((?:https?:|mailto:)[^)]*\)", r"\1", text)
    text = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])", r"\1", text)
    text = re.sub(r"`([^`]+)`", r"\1", text)
    return " ".join(re.sub(r"\\([\\`*_{}\[\]()#+.!-])", r"\1", text).split())


def _bare(title: str) -> str:
    return title.strip(" -–—:;,|").strip()


def _titled(track: re.Match[str]) -> str:
    word = track["word"].strip().capitalize()
    return f"{word} {track['name'].upper()}"
