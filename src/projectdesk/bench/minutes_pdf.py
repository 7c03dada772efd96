"""`bench minutes_pdf`: minutes of 300 items as a PDF/UA-1, against an empty document.

The minutes have 300 agenda items, each with notes (a paragraph with bold and italic text, and a
list on every third), a decision on every third and an action on every third, and the attendance of
eleven partners. Timed is all from the frozen content to the octets: outline, data, Typst. Warm is
the middle of several documents, all different, in a process that has made one; cold is the first
document of a process, fonts of the system looked for. The floor is an empty document by the same
template and fonts, cold and warm: what a document costs before it says anything. `processor` is
the time that the processor spent on a warm document, which other programs do not lengthen much.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from projectdesk.bench.report import Row, below, quiet, report
from projectdesk.domain.meetings import ItemKind
from projectdesk.domain.minutes import ActionStatus
from projectdesk.exchange.documents import pdf
from projectdesk.exchange.documents.content import (
    ActionFacts,
    Attendance,
    AttendanceFacts,
    DecisionFacts,
    ItemFacts,
    LifeFacts,
    MeetingFacts,
    MinutesContent,
    Outcome,
    PartnerFacts,
)
from projectdesk.exchange.documents.minutes_outline import of_minutes
from projectdesk.exchange.documents.outline import Outline

ITEMS = 300
LIMIT_S = 0.5
ROUNDS = 5
_START = datetime(2026, 3, 9, 9, tzinfo=UTC)
_TIMEOUT_S = 120


def run(options: Sequence[str] = ()) -> Row:
    """Measure and return the report.

    Args:
        options: `--items N`, `--rounds N`.
    """
    parser = argparse.ArgumentParser(prog="projectdesk bench minutes_pdf")
    parser.add_argument("--items", type=int, default=ITEMS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args(list(options))
    rows, goals = measure(chosen.items, chosen.rounds)
    return report("minutes_pdf", rows, goals, items=chosen.items)


def measure(items: int = ITEMS, rounds: int = ROUNDS) -> tuple[list[Row], list[Row]]:
    """Return rows and goals; `minutes.pdf_s` is the middle of the warm documents, in seconds."""
    cold = _cold(items)
    _seconds(lambda: _floor(0))  # the first of this process finds the fonts
    floor = statistics.median(_seconds(lambda n=n: _floor(n)) for n in range(rounds))  # type: ignore[misc]
    made: list[bytes] = []

    def document(number: int) -> None:
        content = minutes(items, number)
        outline = of_minutes(content, now=_START + timedelta(days=1))
        made.append(pdf.render(outline, author="bench", now=_START)[0])

    spent = time.process_time()
    warm = [_seconds(lambda n=n: document(n)) for n in range(rounds)]  # type: ignore[misc]
    middle = statistics.median(warm)
    rows: list[Row] = [
        {"what": "empty, cold", "seconds": round(cold["empty"], 4)},
        {"what": "minutes, cold", "seconds": round(cold["minutes"], 4)},
        {"what": "empty, warm", "seconds": round(floor, 4)},
        {
            "what": "minutes, warm",
            "seconds": round(middle, 4),
            "best": round(min(warm), 4),
            "worst": round(max(warm), 4),
            "processor": round((time.process_time() - spent) / rounds, 4),
            "octets": len(made[-1]),
        },
        {
            "what": "cold minutes against cold empty",
            "ratio": round(cold["minutes"] / cold["empty"], 2),
        },
    ]
    return rows, [below("minutes.pdf_s", round(middle, 4), LIMIT_S, valid=quiet())]


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _floor(number: int) -> bytes:
    """Make a document that says its title and nothing else."""
    empty = Outline(f"Empty {number}", "Bench", "Bench", ())
    return pdf.render(empty, author="bench", now=_START)[0]


def _cold(items: int) -> dict[str, float]:
    """Return the seconds of the first document of a process: empty, and minutes."""
    found = {}
    for what in ("empty", "minutes"):
        done = subprocess.run(
            [sys.executable, "-m", "projectdesk.bench.minutes_pdf", what, str(items)],
            capture_output=True,
            check=True,
            text=True,
            timeout=_TIMEOUT_S,
        )
        found[what] = float(json.loads(done.stdout))
    return found


def minutes(items: int, number: int) -> MinutesContent:
    """Return minutes of so many items; `number` makes them unlike those of another number."""
    meeting = MeetingFacts(
        project="BENCH",
        project_title="A consortium that talks a lot",
        grant_number="101999001",
        title=f"General Assembly {number}",
        starts_at=_START,
        zone="Europe/Copenhagen",
        duration_minutes=480,
        place="",
        organiser="Ingrid Holm",
        zones=("Europe/Copenhagen", "Europe/Lisbon", "Asia/Seoul"),
    )
    end = _START + timedelta(hours=8)
    partners = tuple(PartnerFacts(f"P{n}", "DK", True, 1.0, (f"Person {n}",)) for n in range(1, 12))
    people = tuple(
        AttendanceFacts(f"Person {n}", f"P{n}", _START, end, 480, 1.0) for n in range(1, 12)
    )
    return MinutesContent(
        meeting=meeting,
        life=LifeFacts(),
        opened_at=_START,
        ended_at=end,
        attendance=Attendance(people, partners),
        items=tuple(_item(at, number) for at in range(1, items + 1)),
    )


def _item(at: int, number: int) -> ItemFacts:
    notes = (
        f"Ana showed the *sites* of round {number} and **two** risks of item {at}; the numbers "
        "are in the plan, and nobody asked for more than what was there already."
    )
    if at % 3 == 0:
        notes += "\n\n- Porto goes first\n- Aarhus follows in May"
    decisions = (DecisionFacts(f"D{at}", f"Item {at} goes on as planned in {number}."),)
    due = date(2026, 4, 1)
    actions = (ActionFacts(f"A{at}", f"Send draft {at}", "Person 1 (P1)", due, ActionStatus.OPEN),)
    outcome = Outcome(
        decisions=decisions if at % 3 == 1 else (), actions=actions if at % 3 == 2 else ()
    )
    return ItemFacts(
        label=str(at),
        title=f"What became of point {at} in round {number}",
        kind=ItemKind.DISCUSSION,
        presenter="Person 1 (P1)",
        planned_minutes=1,
        starts_after_minutes=at,
        actual_seconds=80,
        notes=notes,
        outcome=outcome,
    )


def _first(what: str, items: int) -> float:
    """Return the seconds of the first document of this process."""
    if what == "empty":
        return _seconds(lambda: _floor(0))
    content = minutes(items, 0)
    return _seconds(lambda: pdf.render(of_minutes(content, now=_START), author="bench", now=_START))


if __name__ == "__main__":
    print(json.dumps(_first(sys.argv[1], int(sys.argv[2]))))
