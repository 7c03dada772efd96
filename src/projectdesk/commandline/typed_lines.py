"""`projectdesk minutes lines|write`: what was read in the notes, and what became of it."""

from __future__ import annotations

import argparse
import dataclasses
from typing import Any, Final

from projectdesk.commandline.data import opened
from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.domain.rules.typed_lines import ParsedLine, Problem, ProblemCode, Units
from projectdesk.domain.rules.typed_vocabulary import Vocabulary
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import commands, queries, typed_lines
from projectdesk.services.typed_line_rows import LinesOfMeeting, LineStep, TypedLineRow

_WHY: Final = {
    ProblemCode.EMPTY: "there are no words yet",
    ProblemCode.UNKNOWN_NAME: "nobody here is called so",
    ProblemCode.SHARED_NAME: "more than one is called so",
    ProblemCode.UNKNOWN_LABEL: "not in the work plan",
    ProblemCode.UNREADABLE_DATE: "not a date",
    ProblemCode.AMBIGUOUS_DATE: "may be two dates",
    ProblemCode.NO_SUCH_DAY: "no such day",
    ProblemCode.NO_PROJECT_START: "the project's start is not set",
    ProblemCode.NO_SUCH_MONTH: "no such project month",
    ProblemCode.SECOND_DATE: "there is a date already",
    ProblemCode.NO_DATE_HERE: "this kind of line has no date",
    ProblemCode.BEFORE_MEETING: "this is before the meeting",
    ProblemCode.SECOND_OWNER: "one owner is named already, this stays in the words",
}


def lines(options: argparse.Namespace) -> int:
    """`projectdesk minutes lines MEETING`: typed lines, their records, what was not read."""
    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        step = commands.step_typed_lines(workspace, meeting) if options.records else None
        told = queries.typed_lines(workspace, meeting)
    if options.json:
        plain = _plain(told)
        print_json(plain | {"step": dataclasses.asdict(step)} if step is not None else plain)
        return 0
    print_table(
        [
            (
                line.label,
                line.item,
                line.number,
                line.words.strip(),
                _problems(line.parsed),
            )
            for line in told.lines
        ],
        ("record", "item", "line", "words", "not read"),
    )
    for kept in told.kept:
        print(f"{kept.label} stays, although its line is gone: {kept.words}")
    if step is not None:
        _print_step(step)
    return 0


def write(options: argparse.Namespace) -> int:
    """`projectdesk minutes write MEETING TEXT --item N`: add lines below an item's notes."""
    if not options.text.strip():
        raise DomainError("no_words", "There is nothing to write: give the words of the lines.")
    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        items = [row for row in queries.agenda(workspace, meeting) if not row.is_break]
        item = next((row for row in items if row.label == options.item), None)
        if item is None:
            raise NotFound(
                "no_such_item",
                "The agenda has no item {item}: it has {known}.",
                item=options.item,
                known=", ".join(row.label for row in items) or "none",
            )
        notes = commands.open_notes(workspace, meeting)
        try:
            text = notes.item_text(item.id)
            gap = "\n" if text and not text.endswith("\n") else ""
            notes.edit(item.id, Units(text).at(len(text)), 0, gap + options.text)
            step = typed_lines.step(workspace, notes)
        finally:
            notes.close()
    if options.json:
        print_json({"item": item.label, "step": dataclasses.asdict(step)})
    else:
        print(f"written below {item.label} {item.title}")
        _print_step(step)
    return 0


def _print_step(step: LineStep) -> None:
    for verb in ("made", "changed", "deleted", "kept", "rewritten"):
        labels = getattr(step, verb)
        if labels:
            print(f"{verb}: {', '.join(labels)}")
    for each in step.overruled:
        print(f"{each.label}: what was chosen elsewhere stands ({', '.join(each.fields)})")
    for words, why in step.refused:
        print(f"no record of “{words}”: {why}")


def _problems(parsed: ParsedLine) -> str:
    return "; ".join(f"{each.words.rstrip(': ')}: {_why(each)}" for each in parsed.problems)


def _why(problem: Problem) -> str:
    names = f" ({', '.join(problem.choices)})" if problem.choices else ""
    return f"{_WHY[problem.code]}{names}"


def _plain(told: LinesOfMeeting) -> dict[str, Any]:
    vocabulary = told.reading.vocabulary
    return {
        "meeting": told.meeting_id,
        "lines": [_plain_line(line, vocabulary) for line in told.lines],
        "kept": [dataclasses.asdict(kept) for kept in told.kept],
    }


def _plain_line(line: TypedLineRow, vocabulary: Vocabulary) -> dict[str, Any]:
    parsed: ParsedLine = line.parsed
    owners = (parsed.person_id, parsed.partner_id)
    records = (*parsed.work_package_ids, parsed.deliverable_id, parsed.milestone_id)
    labels = (vocabulary.label(each) for each in records if each is not None)
    return {
        "item": line.item,
        "item_id": line.item_id,
        "line": line.number,
        "words": line.words,
        "kind": parsed.kind.value,
        "text": parsed.text,
        "owners": [vocabulary.written(each) for each in owners if each is not None],
        "related": [label.label for label in labels if label is not None],
        "due_on": parsed.due_on,
        "record": line.label or None,
        "record_id": line.record_id,
        "problems": [
            {
                "code": each.code.value,
                "start": each.start,
                "end": each.end,
                "words": each.words,
                "why": _why(each),
                "choices": list(each.choices),
            }
            for each in parsed.problems
        ],
    }
