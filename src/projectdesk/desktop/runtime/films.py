"""Makes the film of a recording by `projectdesk recording combine`, a process of its own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from projectdesk.desktop.runtime.host_process import program
from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.worded import worded

_STEPS = 1000


def make_film(
    folder: Path,
    *,
    told: Callable[[int, int], None],
    cancelled: Callable[[], bool],
    command: Sequence[str] | None = None,
) -> Path:
    """Return the film of the recording in `folder`; blocks, so it belongs on a worker.

    Args:
        folder: of a fetched recording.
        told: called with steps done and steps in all.
        cancelled: asked at each step; True stops.
        command: program and first arguments; None for this program.

    Raises:
        DomainError: `film_cancelled`.
        EnvironmentFailure: `film_not_made`; says what the process said.
    """
    arguments = [*(command or program()), "recording", "combine", str(folder), "--json"]
    flags: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    try:
        process = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            creationflags=flags,
        )
    except OSError as error:
        raise _not_made(str(error)) from error
    with process:
        last = _follow(process, told, cancelled)
        if cancelled():
            process.terminate()
            raise DomainError("film_cancelled", "Stopped. The recording itself is unchanged.")
        out = process.stdout.read() if process.stdout is not None else ""
    if process.returncode != 0:
        raise _not_made(last)
    return Path(json.loads(out)["file"])


def _follow(
    process: subprocess.Popen[str],
    told: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> str:
    """Tell progress until the process is done or to be stopped; return its last words."""
    last = ""
    for line in process.stderr or ():
        if cancelled():
            break
        try:
            said = json.loads(line)
        except ValueError:
            last = line.strip() or last
            continue
        if isinstance(said, dict) and "progress" in said:
            told(round(float(said["progress"]) * _STEPS), _STEPS)
        elif isinstance(said, dict) and "error" in said:
            last = str(said["error"].get("text", ""))
    return last


def _not_made(reason: str) -> EnvironmentFailure:
    return EnvironmentFailure(
        "film_not_made",
        "The film was not made: {reason} The recording itself is unchanged.",
        reason=reason or worded("The program ended."),
    )
