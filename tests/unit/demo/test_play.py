"""What the demo tells of itself: what it judges, what it clears away, how it fails."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from projectdesk.demo import play, stage
from projectdesk.demo.company import _grew


def test_a_run_begins_with_an_empty_stage_and_spares_what_is_not_its_own(tmp_path: Path) -> None:
    stale = ("failed-desktop.png", "call-guest.png", "failed-host.log", "minutes.pdf", play.LOG)
    for name in (*stale, "mine.png", "notes.md"):
        (tmp_path / name).write_text("", encoding="utf-8")
    play._clear(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.png", "notes.md"]


def test_a_picture_that_nobody_saw_move_fails() -> None:
    play._judge({"A": {"B": 10}, "B": {"A": 10}})
    with pytest.raises(stage.DemoFailed, match="B saw no moving picture of A"):
        play._judge({"A": {"B": 10}, "B": {"A": 9}})
    with pytest.raises(stage.DemoFailed, match="A saw no moving picture of B"):
        play._judge({"A": {}, "B": {"A": 10}})


def test_a_new_connection_counts_from_nothing() -> None:
    before, after = {"A": {"B": 100}}, {"A": {"B": 7}}
    assert _grew(before, after, "A", "B") == 7
    assert _grew(after, before, "A", "B") == 93
    assert _grew({}, after, "A", "B") == 7
    assert _grew(before, before, "A", "B") == 0


@pytest.fixture
def own_logging() -> Iterator[None]:
    """Take back what the demo, as a program, does to this process's logging."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    for handler in [one for one in root.handlers if one not in handlers]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    logging.captureWarnings(capture=False)


@pytest.mark.full
@pytest.mark.usefixtures("qapp", "own_logging")
@pytest.mark.parametrize("as_json", [False, True])
def test_a_file_that_is_no_project_fails_with_its_reason(
    tmp_path: Path,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    as_json: bool,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no browser is needed to fail
    file = tmp_path / "project.xml"
    file.write_text("<no", encoding="utf-8")
    out = tmp_path / "out"
    assert play.run(data=tmp_path / "data", cordis=file, out=out, as_json=as_json) == 1
    said = capsys.readouterr().out
    if as_json:
        outcome = json.loads(said)
        assert outcome["ok"] is False
        assert "project.xml" in outcome["failure"]
    else:
        assert "The demo failed: " in said
        assert "project.xml" in said
    assert (out / "failed-desktop.log").is_file()
