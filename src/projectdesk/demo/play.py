"""`projectdesk demo`: a kick-off from plan to minutes, with a real host, a real SFU, real pages.

The desktop's own window hosts and takes part; two guests join by their personal links. The result
is judged: every participant must have decoded moving pictures of every other one.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from projectdesk.demo import stage
from projectdesk.errors import ProjectDeskError

if TYPE_CHECKING:
    from projectdesk.demo.company import Company

_log = logging.getLogger(__name__)
_LEAST_FRAMES = 10
_NOTES = (
    "The coordinator welcomed all partners.\n\n- Everybody could join by their link.\n",
    "Each partner introduced its team.\n",
    "The partners agreed on **how decisions are taken**.\n",
)
_DECISION = "The consortium meets online on the first Tuesday of every month."
_ACTIONS = (
    "Circulate the draft minutes to all partners",
    "Send the list of contact persons to the coordinator",
)


@dataclass
class Outcome:
    """What the demo did. frames: decoded video frames by viewer and by whom they show."""

    out: Path
    project: str = ""
    meeting: str = ""
    guests_in_browser: bool = True
    steps: list[str] = field(default_factory=list)
    frames: dict[str, dict[str, int]] = field(default_factory=dict)
    attendance: list[dict[str, Any]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    ok: bool = False
    failure: str = ""


def run(*, data: Path | None, cordis: Path | None, out: Path | None, as_json: bool) -> int:
    """Play the demo and return 0, or 1 when anything did not work.

    Args:
        data: data folder; None = a temporary one.
        cordis: play on the project of this CORDIS file instead of the sample.
        out: folder of the results; None = `projectdesk-demo` in the current folder.
        as_json: print the outcome as JSON instead of a step a line.
    """
    stage.prepare()
    out = (out or Path("projectdesk-demo")).absolute()
    out.mkdir(parents=True, exist_ok=True)
    outcome = Outcome(out)

    def step(words: str) -> None:
        outcome.steps.append(words)
        if not as_json:
            print(f"- {words}", flush=True)

    with tempfile.TemporaryDirectory(prefix="projectdesk-", ignore_cleanup_errors=True) as scratch:
        _play(data or Path(scratch), cordis, outcome, step)
    if as_json:
        from projectdesk.plain import plain

        print(json.dumps(plain(outcome), ensure_ascii=False, indent=2))
    elif outcome.ok:
        print(f"Done. Results are in {out}")
    else:
        print(f"The demo failed: {outcome.failure}")
    return 0 if outcome.ok else 1


def _play(data: Path, cordis: Path | None, outcome: Outcome, step: Callable[[str], None]) -> None:
    from projectdesk.bootstrap import start_logging
    from projectdesk.demo.company import Company

    # A machine without a keyring (a server, a test) must not ask: the data are thrown away anyway.
    os.environ.setdefault("PROJECTDESK_PASSPHRASE", secrets.token_urlsafe(16))
    start_logging(data)
    company: Company | None = None
    try:
        company = Company(data, cordis)
        outcome.project = company.story.project.acronym
        outcome.meeting = str(company.story.meeting.id)
        _perform(company, outcome, step)
        outcome.ok = True
    except (stage.DemoFailed, ProjectDeskError) as error:
        _log.exception("the demo failed")
        outcome.failure = str(error)
        if company is not None:
            company.take_pictures(outcome.out, "failed")
    finally:
        if company is not None:
            company.close()


def _perform(company: Company, outcome: Outcome, step: Callable[[str], None]) -> None:
    story = company.story
    step(
        f"{story.project.acronym}: {story.meeting.title} planned from the template, "
        f"{story.meeting.items} agenda items, {story.meeting.invited} people invited"
    )
    company.start_host()
    step(f"host started as its own process at {company.published.address.public_url}")
    company.open_window()
    step("call window opened; the desktop's page is in the call")
    outcome.guests_in_browser = company.troupe.in_browser
    kind = "Chromium" if company.troupe.in_browser else "participants of our own (no Chromium here)"
    company.guests_knock()
    company.take_pictures(outcome.out, "lobby")
    step(f"two guests opened their links and wait in the lobby ({kind})")
    company.admit_all()
    company.watch(_LEAST_FRAMES)
    company.take_pictures(outcome.out, "call")
    step("both admitted; everybody sees everybody")
    _walk_agenda(company, step)
    company.take_pictures(outcome.out, "agenda")
    company.drop_and_return()
    company.watch(_LEAST_FRAMES)
    step("one guest vanished and came back by the same link, without knocking again")
    outcome.frames = company.frames()
    _judge(outcome.frames)
    for viewer, seen in outcome.frames.items():
        step(f"{viewer} decoded " + ", ".join(f"{n} frames of {who}" for who, n in seen.items()))
    company.end_meeting()
    outcome.attendance = company.attendance()
    step("meeting ended; attendance and agenda times collected from the host's journal")
    outcome.files = company.write_results(outcome.out)
    step(f"written: {', '.join(outcome.files)}")


def _walk_agenda(company: Company, step: Callable[[str], None]) -> None:
    for words in _NOTES:
        title = company.next_item()
        company.type_notes(words)
        step(f"item “{title}”: notes typed and in the database")
    company.record_decision(_DECISION)
    for words in _ACTIONS:
        company.record_action(words)
    step("one decision and two action items recorded")


def _judge(frames: dict[str, dict[str, int]]) -> None:
    """Fail unless everybody saw moving pictures of everybody else."""
    for viewer in frames:
        for other in frames:
            if other != viewer and frames[viewer].get(other, 0) < _LEAST_FRAMES:
                raise stage.DemoFailed(f"{viewer} saw no moving picture of {other}")
