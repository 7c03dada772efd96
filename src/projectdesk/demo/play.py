"""`projectdesk demo`: a kick-off from plan to minutes, with a real host, a real SFU, real pages.

The desktop's own window hosts and takes part; the guests join by their personal links. The result
is judged: every participant must have decoded moving pictures of every other one.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import secrets
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from projectdesk.demo import stage
from projectdesk.demo.faces import write_faces
from projectdesk.errors import ProjectDeskError
from projectdesk.plain import plain

if TYPE_CHECKING:
    from projectdesk.demo.company import Company
    from projectdesk.services.attendance_rows import AttendanceRow

LOG = "demo.log"
"""What libraries and guests wrote to standard error."""
RESULTS = ("agenda.pdf", "agenda.docx", "agenda.md", "minutes.pdf", "minutes.docx", "minutes.md")
_log = logging.getLogger(__name__)
_LEAST_FRAMES = 10
_SLOWEST_KEY_S = 5.0
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
    seconds: float = 0.0
    ok: bool = False
    failure: str = ""


class _Teller:
    """Says each step as it is done, with the time since the start."""

    def __init__(self, outcome: Outcome, *, quiet: bool) -> None:
        self._outcome = outcome
        self._quiet = quiet
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        """Time since the start."""
        return time.monotonic() - self._start

    def __call__(self, words: str) -> None:
        self._outcome.steps.append(words)
        if not self._quiet:
            print(f"{self.seconds:5.1f} s  {words}", flush=True)


def run(
    *, data: Path | None, cordis: Path | None, out: Path | None, guests: int = 2, as_json: bool
) -> int:
    """Play the demo and return 0, or 1 when anything did not work.

    Args:
        data: data folder; None = a temporary one.
        cordis: play on the project of this CORDIS file instead of the sample.
        out: folder of the results; None = `projectdesk-demo` in the current folder.
        guests: who come beside the chair, at least 2.
        as_json: print the outcome as JSON instead of a step a line.
    """
    outcome = Outcome((out or Path("projectdesk-demo")).absolute())
    outcome.out.mkdir(parents=True, exist_ok=True)
    _clear(outcome.out)
    step = _Teller(outcome, quiet=as_json)
    with (
        tempfile.TemporaryDirectory(prefix="projectdesk-", ignore_cleanup_errors=True) as scratch,
        stage.chatter_in(outcome.out / LOG),
    ):
        cameras = [Path(scratch) / f"camera-{number}.y4m" for number in range(guests + 1)]
        stage.prepare(cameras[0])
        _play(data or Path(scratch) / "data", cordis, outcome, step, cameras)
    outcome.seconds = round(step.seconds, 1)
    if as_json:
        print(json.dumps(plain(outcome), ensure_ascii=False, indent=2))
    elif outcome.ok:
        print(f"Done in {outcome.seconds:.0f} s. Results are in {outcome.out}")
    else:
        print(f"The demo failed: {outcome.failure}\nLogs and pictures are in {outcome.out}")
    return 0 if outcome.ok else 1


def _clear(out: Path) -> None:
    """Remove what an earlier run wrote, so that nothing of it is taken for this one's."""
    for pattern in ("*-desktop.png", "*-guest.png", "failed-*.log", *RESULTS, "journal.json", LOG):
        for file in out.glob(pattern):
            file.unlink()


def _play(
    data: Path, cordis: Path | None, outcome: Outcome, step: _Teller, cameras: list[Path]
) -> None:
    from projectdesk.bootstrap import log_file, start_logging
    from projectdesk.demo.company import Company

    # A machine without a keyring (a server, a test) must not ask: the data are thrown away anyway.
    os.environ.setdefault("PROJECTDESK_PASSPHRASE", secrets.token_urlsafe(16))
    start_logging(data)
    company: Company | None = None
    try:
        try:
            guests = cameras[1:]
            company = Company(data, cordis, guests=len(guests), cameras=guests)
            write_faces(cameras)
            _perform(company, outcome, step)
        except Exception:
            _keep_evidence(company, outcome.out)
            raise
        finally:
            if company is not None:
                company.close()
        outcome.ok = True
    except (stage.DemoFailed, ProjectDeskError) as error:
        _log.exception("the demo failed")
        outcome.failure = str(error)
    except Exception as error:
        _log.exception("the demo failed by a defect")
        outcome.failure = f"{type(error).__name__}: {error}"
    if not outcome.ok:
        logs = {"desktop": log_file(data, "projectdesk"), "host": data / "host" / "host.out"}
        for name, log in logs.items():
            if log.is_file():
                shutil.copyfile(log, outcome.out / f"failed-{name}.log")


def _keep_evidence(company: Company | None, out: Path) -> None:
    """Take pictures of a failure; that they cannot be taken must not hide it."""
    if company is not None:
        with contextlib.suppress(Exception):
            company.take_pictures(out, "failed")


def _perform(company: Company, outcome: Outcome, step: _Teller) -> None:
    story, desk = company.story, company.desk
    outcome.project, outcome.meeting = story.project.acronym, str(story.meeting.id)
    step(
        f"{story.project.acronym}: {story.meeting.title} planned from the template, "
        f"{story.meeting.items} agenda items, {story.meeting.invited} people invited"
    )
    desk.start_host()
    step(f"host started as its own process at {desk.published.address.public_url}")
    desk.open_window()
    step("call window opened; the desktop's page is in the call")
    outcome.guests_in_browser = company.troupe.in_browser
    kind = "Chromium" if company.troupe.in_browser else "participants of our own (no Chromium here)"
    company.guests_knock()
    pictures = company.take_pictures(outcome.out, "lobby")
    step(f"{len(story.guests)} guests opened their links and wait in the lobby ({kind})")
    company.admit_all()
    company.watch(_LEAST_FRAMES)
    pictures += company.take_pictures(outcome.out, "call")
    step("all admitted; everybody sees everybody")
    _walk_agenda(company, step)
    pictures += company.take_pictures(outcome.out, "agenda")
    company.drop(story.guests[1])
    company.come_back(story.guests[1])
    company.watch(_LEAST_FRAMES)
    step("one guest vanished and came back by the same link, without knocking again")
    outcome.frames = company.frames()
    _judge(outcome.frames)
    for viewer, seen in outcome.frames.items():
        step(f"{viewer} decoded " + ", ".join(f"{n} frames of {who}" for who, n in seen.items()))
    desk.end_meeting()
    pictures += company.take_pictures(outcome.out, "ended")
    outcome.attendance = [_attended(row) for row in desk.attendance()]
    step("meeting ended; attendance and agenda times collected from the host's journal")
    outcome.files = [*desk.write_results(outcome.out), *pictures]
    step(f"written: {', '.join(outcome.files)}")


def _walk_agenda(company: Company, step: _Teller) -> None:
    for words in _NOTES:
        title = company.desk.next_item()
        waited = company.desk.type_notes(words)
        step(f"item “{title}”: notes typed, in the database {waited:.2f} s after the last key")
        if waited > _SLOWEST_KEY_S:
            raise stage.DemoFailed(f"a keystroke took {waited:.1f} s to the database")
    company.desk.record_decision(_DECISION)
    for words, guest in zip(_ACTIONS, company.story.guests, strict=False):
        company.desk.record_action(words, guest.person_id)
    step("one decision and two action items recorded")


def _judge(frames: dict[str, dict[str, int]]) -> None:
    """Fail unless everybody saw moving pictures of everybody else."""
    for viewer in frames:
        for other in frames:
            if other != viewer and frames[viewer].get(other, 0) < _LEAST_FRAMES:
                raise stage.DemoFailed(f"{viewer} saw no moving picture of {other}")


def _attended(row: AttendanceRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "partner": row.partner,
        "minutes": round(row.minutes, 2),
        "share": round(row.share, 3),
        "joined": row.times,
    }
