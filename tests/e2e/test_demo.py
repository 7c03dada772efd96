"""`projectdesk demo` where there is no browser: its own participants take the guests' places."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.full, pytest.mark.timeout(240)]


def test_without_chromium_the_guests_are_participants_of_our_own(tmp_path: Path) -> None:
    out, empty = tmp_path / "out", tmp_path / "empty"
    empty.mkdir()
    command = [sys.executable, "-m", "projectdesk", "demo", "--json", "--out", str(out)]
    run = subprocess.run(
        command, env={**os.environ, "PATH": str(empty)}, capture_output=True, check=False, text=True
    )
    assert run.returncode == 0, run.stdout
    outcome = json.loads(run.stdout)
    assert outcome["ok"]
    assert outcome["guests_in_browser"] is False
    assert any("no Chromium here" in step for step in outcome["steps"])
    people = set(outcome["frames"])
    assert len(people) == 3
    for viewer, seen in outcome["frames"].items():
        assert set(seen) == people - {viewer}
        assert min(seen.values()) >= 10
    assert all((out / name).stat().st_size > 0 for name in outcome["files"])
    assert run.stderr == ""
