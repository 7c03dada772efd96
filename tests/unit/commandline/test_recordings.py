"""`projectdesk recording`: what it refuses, and what it lists without a host."""

from __future__ import annotations

import json
from uuid import uuid4

from projectdesk.cli import main
from projectdesk.commandline.recordings import qt_lettering
from projectdesk.services import recordings
from tests.unit.desktop.test_recordings_pane import facts, keep


def said(capsys):
    """Return what was printed, as JSON: output and error."""
    out, err = capsys.readouterr()
    return json.loads(out or "null"), json.loads(err.splitlines()[-1]) if err else None


def test_a_folder_without_a_recording_is_refused(tmp_path, capsys, qapp):
    assert main(["recording", "combine", str(tmp_path), "--json"]) == 2
    assert said(capsys)[1]["error"]["code"] == "recording_unknown"


def test_a_damaged_manifest_is_refused(tmp_path, capsys, qapp):
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    assert main(["recording", "combine", str(tmp_path), "--json"]) == 2
    assert said(capsys)[1]["error"]["code"] == "recording_damaged"


def test_what_is_no_meeting_is_refused(tmp_path, capsys):
    arguments = ["--meeting", "nonsense", "--data", str(tmp_path), "--json"]
    assert main(["recording", "list", *arguments]) == 2
    assert said(capsys)[1]["error"]["code"] == "not_an_id"


def test_a_fetched_recording_is_erased(tmp_path, capsys):
    meeting = uuid4()
    place = keep(recordings.folder_of(tmp_path, meeting))
    assert place.exists()
    (row,) = recordings.here(place.parent)
    assert (row.id, row.people) == (facts().id, ("Ana Ribeiro",))
    recordings.erase_here(place)
    assert recordings.here(place.parent) == []


def test_names_are_drawn_as_wide_as_they_are(qapp):
    letter = qt_lettering()
    short, long = letter("Li", 24, 400), letter("Δήμητρα Παπαδοπούλου", 24, 400)
    assert 0 < short.width < long.width <= 400
    assert len(long.grey) == long.width * long.height
    assert max(long.grey) > 200 > min(long.grey)
    assert letter("A very long name indeed", 24, 60).width <= 60
