"""`bench recover`: how soon sound and picture are back after a bad network, in real browsers.

The real host and two people in Chromium, each in a network namespace of its own (`call_lab`). What
one of them goes through, and what is measured at both:

    loss     3 or 10 % of the packets are lost for a while, each way
             gap_s: the longest time without a new picture or a packet of sound
    drop     every packet is lost for 10, 20 or 40 s, and no system is told
    roam     the cable is pulled, and another network with another address is plugged in
    lid      the whole browser stands still for 40 s, and its network with it
    page     the page's process is killed, and the browser restores the tab
             audio_s, video_s: from the network's return (the page: from its loading) until both
             people receive the other again

Linux and root only. Two browsers encode and decode all the while: where the processor is busy with
other things (`load`), what is measured is that: such a row is not valid and decides no goal.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from projectdesk.bench.call_lab import (
    CallLab,
    Guest,
    call_lab,
    first_after,
    longest_gap,
)
from projectdesk.bench.report import Row, below, report
from projectdesk.demo.troupe import chromium
from projectdesk.errors import EnvironmentFailure

LOSSES = (3, 10)
DROPS_S = (10, 20, 40)
LID_S = 40
GAP_LIMIT_S = 2.0
AUDIO_LIMIT_S = 3.0
_LOSS_S = 20.0
_LONGEST_S = 40.0
_IN_FLIGHT_S = 0.3
"""What was under way before a cut may still come for so long."""
_REST_S = 3.0
_POLL_S = 0.05
_BUSY = 1.5
"""Load for each core above which a figure is the machine's and not the product's."""
_KINDS = ("audio", "video")


def run(options: Sequence[str] = ()) -> Row:
    """Measure and return the report.

    Args:
        options: `--cases loss3,drop40,...`; all of them without it.

    Raises:
        EnvironmentFailure: `lab_impossible`, `browser_missing`.
    """
    parser = argparse.ArgumentParser(prog="projectdesk bench recover")
    parser.add_argument("--cases", default=",".join(CASES), help="which, by comma")
    chosen = parser.parse_args(list(options)).cases.split(",")
    if unknown := set(chosen) - set(CASES):
        parser.error(f"no such case: {', '.join(sorted(unknown))}; there are {', '.join(CASES)}")
    rows = measure(chosen)
    by_case = {row["case"]: row for row in rows}

    def goal(name: str, case: str, figure: str, limit: float) -> Row:
        row = by_case.get(case, {})
        return below(f"recover.{name}_s", row.get(figure), limit, valid=row.get("valid", False))

    goals = [
        *(goal(f"gap_loss{share}", f"loss{share}", "gap_s", GAP_LIMIT_S) for share in LOSSES),
        *(
            goal(f"audio_after_{case}", case, "audio_s", AUDIO_LIMIT_S)
            for case in CASES
            if case == "drop40" or (case in by_case and not case.startswith("loss"))
        ),
    ]
    return report("recover", rows, goals)


def measure(cases: Sequence[str]) -> list[Row]:
    """Play cases one after the other in one call, and return a row for each."""
    browser = chromium()
    if browser is None:
        raise EnvironmentFailure(
            "browser_missing", "This measurement needs Chromium and playwright; install both."
        )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the namespaces must go all the same
    with call_lab(browser) as lab, lab.serving():
        stage = Stage(lab)
        rows = []
        for case in cases:
            row = CASES[case](stage)
            load = os.getloadavg()[0]
            quiet = load <= _BUSY * (os.cpu_count() or 1)
            rows.append({"case": case, **row, "load": round(load, 1), "valid": quiet})
            stage.rest()
        return rows


class Stage:
    """The chair whose network is left alone, and the guest whose is not."""

    def __init__(self, lab: CallLab) -> None:
        """Bring both into the call."""
        self.lab = lab
        self.chair = lab.guest(1, "ida")
        self.guest = lab.guest(2, "li")
        self.cable = lab.cables["li"]
        self.other = lab.second_cable("li", self.guest)
        lab.join(self.chair, self.guest)

    def rest(self) -> None:
        """Let the estimates of what the paths carry rise again."""
        self.wait(_REST_S)

    def wait(self, seconds: float) -> None:
        """Let time pass; the browsers' messages are read meanwhile."""
        self.chair.page.wait_for_timeout(seconds * 1000)

    def back_since(self, instant: float) -> Row:
        """Return how long after an instant sound and picture were back at both.

        A kind that does not come back within 40 s is None.
        """
        wanted = [(kind, who) for kind in _KINDS for who in (self.guest, self.chair)]
        found: dict[tuple[str, int], float] = {}
        deadline = instant + _LONGEST_S
        while len(found) < len(wanted) and time.time() < deadline:
            for kind, who in wanted:
                if (kind, who.number) not in found:
                    late = first_after(who.arrivals(kind), instant + _IN_FLIGHT_S)
                    if late is not None:
                        found[kind, who.number] = late + _IN_FLIGHT_S
            self.wait(_POLL_S)
        row: Row = {}
        for kind in _KINDS:
            known = [found.get((kind, who.number)) for who in (self.guest, self.chair)]
            there = [one for one in known if one is not None]
            row[f"{kind}_s"] = round(max(there), 2) if len(there) == len(known) else None
        row["place"] = self.guest.state()["name"]
        return row


def loss(share: int) -> Callable[[Stage], Row]:
    """Return the case in which a share (percent) of the packets is lost."""

    def play(stage: Stage) -> Row:
        stage.cable.lose(share / 100)
        begin = time.time()
        stage.wait(_LOSS_S)
        end = time.time()
        gaps = {
            kind: max(
                longest_gap(guest.arrivals(kind), begin, end)
                for guest in (stage.guest, stage.chair)
            )
            for kind in _KINDS
        }
        stage.cable.lose(0)
        return {
            "gap_s": round(max(gaps.values()), 2),
            "audio_gap_s": round(gaps["audio"], 2),
            "video_gap_s": round(gaps["video"], 2),
        }

    return play


def drop(seconds: int) -> Callable[[Stage], Row]:
    """Return the case in which the network is away for so long."""

    def play(stage: Stage) -> Row:
        stage.cable.lose(1)
        stage.wait(seconds)
        stage.cable.lose(0)
        return stage.back_since(time.time())

    return play


def roam(stage: Stage) -> Row:
    """Move the guest into another network."""
    stage.cable.far.pull()
    stage.other.far.plug(stage.other.near.address)
    found = stage.back_since(time.time())
    stage.other.far.pull()
    stage.cable.far.plug(stage.cable.near.address)
    stage.back_since(time.time())
    return found


def lid(stage: Stage) -> Row:
    """Close the laptop's lid and open it again."""
    still = stage.guest.processes()
    stage.cable.lose(1)
    for pid in still:
        os.kill(pid, signal.SIGSTOP)
    try:
        stage.wait(LID_S)
    finally:
        for pid in still:
            os.kill(pid, signal.SIGCONT)
    stage.cable.lose(0)
    return stage.back_since(time.time())


def page(stage: Stage) -> Row:
    """Kill the page's process, and open it again as a browser restores a tab."""
    guest = stage.guest
    tab = guest.kill_page()
    begin = time.time()
    guest.restore_page(*tab)
    guest.watch(stage.chair)
    return stage.back_since(begin)


CASES: dict[str, Callable[[Stage], dict[str, Any]]] = {
    **{f"loss{share}": loss(share) for share in LOSSES},
    **{f"drop{seconds}": drop(seconds) for seconds in DROPS_S},
    "roam": roam,
    "lid": lid,
    "page": page,
}

__all__ = ["CASES", "Guest", "Stage", "measure", "run"]
