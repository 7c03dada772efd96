"""The recordings of a meeting in its page."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from projectdesk.desktop.pages.meeting.recordings import RecordingsPane
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.runtime.films import make_film
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.services import recordings
from projectdesk.services.recordings import HostAccess
from projectdesk.signalling.recording import (
    Consent,
    ConsentList,
    FetchableFile,
    RecordingFacts,
)

STARTED = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
ACCESS = HostAccess("http://127.0.0.1:1", "pdk_x")


class Hosts:
    """The host of every meeting; `failure` = it does not answer."""

    def __init__(self, failure=None):
        self.failure = failure

    def reach(self, meeting_id, then, failed):
        if self.failure is not None:
            failed(self.failure)
        else:
            then("r00m", ACCESS)


def facts(number=1, state="ready"):
    file = FetchableFile(name="a.webm", size=2048, sha256="0" * 64)
    return RecordingFacts(
        id=f"20260302T090500Z-{number}",
        state=state,
        started_at=STARTED,
        seconds=125.0,
        kept_until=STARTED,
        files=[file] if state == "ready" else [],
    )


def keep(folder, number=1, **changes):
    """Put a fetched recording into a meeting's folder."""
    place = folder / facts(number).id
    place.mkdir(parents=True)
    (place / "a.webm").write_bytes(b"x" * 2048)
    manifest = {
        "version": 1,
        "started_at": STARTED,
        "seconds": 125.0,
        "files": [{"name": "a.webm", "size": 2048}],
        "presence": [{"people": [{"id": "a", "name": "Ana Ribeiro"}]}],
        **changes,
    }
    (place / "manifest.json").write_bytes(msgspec.json.encode(manifest))
    consent = Consent(
        participant="a", name="Ana Ribeiro", organisation="UP", answer="given", at=STARTED, words=1
    )
    kept = ConsentList(recording=place.name, room="r00m", consents=[consent])
    (place / "consents.json").write_bytes(msgspec.json.encode(kept))
    return place


@pytest.fixture
def meeting():
    return uuid4()


@pytest.fixture
def make_pane(qtbot, session, settle, workspace, meeting, monkeypatch):
    def make(found=(), failure=None):
        monkeypatch.setattr(recordings, "on_host", lambda _access, _room: list(found))
        reader = Reader(session)
        reader.load()
        pane = RecordingsPane(session, reader, Hosts(failure))
        qtbot.addWidget(pane)
        pane.open_meeting(meeting)
        pane.show()
        settle()
        settle()
        return pane

    return make


@pytest.fixture
def folder(workspace, meeting):
    return recordings.folder_of(workspace.data, meeting)


def shown(pane):
    QApplication.processEvents()
    words = [one.text() for one in pane.findChildren(QLabel) if one.isVisible()]
    return " | ".join([*words, *(c.words for c in pane.findChildren(Chip) if c.isVisible())])


def press(pane, words):
    next(b for b in pane.findChildren(QPushButton) if b.text() == words and b.isVisible()).click()


def test_where_nothing_was_recorded_it_says_how_to(make_pane):
    assert "ask for a recording in the console" in shown(make_pane())


def test_what_is_on_the_host_is_fetched_and_then_here(
    make_pane, session, settle, folder, monkeypatch
):
    pane = make_pane([facts(1), facts(2, state="under_way")])
    assert "On the host" in shown(pane)
    assert "Not finished yet" in shown(pane)
    fetched = []

    def fetch(access, room, what, into, *, told, cancelled):
        fetched.append((access, room, what.id, into, cancelled()))
        told(1024, 2048)
        monkeypatch.setattr(recordings, "on_host", lambda _access, _room: [])
        return keep(into)

    monkeypatch.setattr(recordings, "fetch", fetch)
    press(pane, "Fetch")
    settle()
    settle()
    assert fetched == [(ACCESS, "r00m", facts(1).id, folder, False)]
    assert "Fetched" in shown(pane)
    assert "Ana Ribeiro" in shown(pane)
    assert pane.progress.isHidden()


def test_a_host_that_is_not_heard_is_said_and_what_is_here_is_shown(make_pane, folder):
    keep(folder, interrupted=True)
    pane = make_pane(failure=EnvironmentFailure("host_unreachable", "It does not answer."))
    assert "host is not heard" in shown(pane)
    assert "It ended by a failure" in shown(pane)


def test_who_agreed_is_kept_with_it(make_pane, folder):
    keep(folder)
    pane = make_pane()
    press(pane, "Who agreed")
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, Dialog))
    assert "Ana Ribeiro" in shown(dialog)
    assert "agreed" in shown(dialog)
    dialog.close()


def test_a_recording_is_erased_after_a_question(make_pane, settle, folder):
    place = keep(folder)
    pane = make_pane()
    pane.presenter.erase(recordings.here(folder)[0])
    settle()
    settle()
    assert not place.exists()
    assert "Nothing was recorded" in shown(pane)


def test_a_half_fetched_recording_is_still_the_hosts(make_pane, folder):
    place = keep(folder)
    (place / "a.webm").rename(place / "a.webm.part")
    pane = make_pane([facts(1)])
    assert "On the host" in shown(pane)


# --- films ----------------------------------------------------------------------------------------


def program(tmp_path, body):
    script = tmp_path / "film.py"
    script.write_text(f"import json, sys, time\n{body}\n", encoding="utf-8")
    return [sys.executable, str(script)]


def test_a_film_tells_its_progress_and_its_file(tmp_path):
    command = program(
        tmp_path,
        'print(json.dumps({"progress": 0.25}), file=sys.stderr)\n'
        'print(json.dumps({"progress": 1.0}), file=sys.stderr)\n'
        'print(json.dumps({"file": sys.argv[3] + "/film.mp4"}))',
    )
    steps = []
    made = make_film(
        tmp_path,
        told=lambda done, total: steps.append((done, total)),
        cancelled=lambda: False,
        command=command,
    )
    assert made == tmp_path / "film.mp4"
    assert steps == [(250, 1000), (1000, 1000)]


def test_a_film_that_fails_says_why(tmp_path):
    command = program(
        tmp_path,
        'print(json.dumps({"error": {"code": "x", "text": "No room."}}), file=sys.stderr)\n'
        "sys.exit(2)",
    )
    with pytest.raises(EnvironmentFailure, match=r"No room\."):
        make_film(tmp_path, told=lambda *_: None, cancelled=lambda: False, command=command)


def test_a_film_can_be_stopped(tmp_path):
    command = program(
        tmp_path,
        'print(json.dumps({"progress": 0.1}), file=sys.stderr, flush=True)\ntime.sleep(60)',
    )
    with pytest.raises(DomainError) as caught:
        make_film(tmp_path, told=lambda *_: None, cancelled=lambda: True, command=command)
    assert caught.value.code == "film_cancelled"
