"""The recording in the console."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from projectdesk.desktop.call.panel import Surroundings
from projectdesk.desktop.call.recording_panel import OFF, RecordingPanel, recording_after
from projectdesk.desktop.call.room import LiveRoom
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.signalling import call, recording

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PEOPLE = [
    recording.AskedPerson(participant="1" * 32, name="Ida Holm", answer="given"),
    recording.AskedPerson(participant="2" * 32, name="Bo Ek", answer="open"),
]


def told(state: recording.RecordingState, **changes: Any) -> recording.RecordingChanged:
    fields = {"state": state, "begun": state in {"running", "paused"}, "people": PEOPLE}
    if state == "off":
        fields["people"] = []
    return recording.RecordingChanged(recording=recording.RecordingView(**{**fields, **changes}))


@pytest.fixture
def panel(qtbot: QtBot, dressed: object) -> RecordingPanel:
    made = RecordingPanel(cast("Surroundings", None))
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def sent(panel: RecordingPanel) -> list[object]:
    messages: list[object] = []
    panel.sent.connect(messages.append)
    return messages


def offered(panel: RecordingPanel) -> list[str]:
    QApplication.processEvents()
    return [one.text() for one in panel.findChildren(QPushButton) if one.isVisible()]


def shown(panel: RecordingPanel) -> str:
    QApplication.processEvents()
    words = [one.text() for one in panel.findChildren(QLabel) if one.isVisible()]
    return " | ".join([*words, *(c.words for c in panel.findChildren(Chip) if c.isVisible())])


def press(panel: RecordingPanel, words: str) -> None:
    next(b for b in panel.findChildren(QPushButton) if b.text() == words and b.isVisible()).click()


def test_it_asks_and_shows_who_has_not_answered(panel, sent):
    assert offered(panel) == ["Ask to record"]
    press(panel, "Ask to record")
    assert sent == [recording.AskToRecord()]
    panel.hear(told("asked", missing=1))
    assert panel.count == 1
    assert "1 answer is missing." in shown(panel)
    assert "not answered" in shown(panel)
    press(panel, "Take the question back")
    assert sent[-1] == recording.StopRecording()


def test_it_pauses_goes_on_and_stops(panel, sent):
    panel.hear(told("running", since=NOW))
    assert offered(panel) == ["Pause", "Stop"]
    panel.show_clocks(LiveRoom(), NOW + timedelta(seconds=65))
    assert "1:05" in shown(panel)
    press(panel, "Pause")
    panel.hear(told("paused", since=NOW))
    assert offered(panel) == ["Go on", "Stop"]
    press(panel, "Go on")
    press(panel, "Stop")
    assert sent == [
        recording.PauseRecording(),
        recording.ResumeRecording(),
        recording.StopRecording(),
    ]
    panel.hear(told("off", ended="stopped"))
    assert "Fetch it in the meeting's page" in shown(panel)


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        ("refused", "Not everybody agreed"),
        ("withdrawn", "holds nothing of them"),
        ("disk_full", "disk is full"),
        ("a_code_of_tomorrow", "The recording is over"),
    ],
)
def test_it_says_why_it_is_over(panel, ended, words):
    panel.hear(told("running"))
    panel.hear(told("off", ended=ended))
    assert words in shown(panel)


def test_a_refusal_is_said_where_it_was_asked(panel):
    panel.show_refusal(call.Problem(code="cannot_record", text="No.", in_reply_to="askToRecord"))
    assert "No." in shown(panel)
    panel.show_refusal(call.Problem(code="x", text="Other.", in_reply_to="admit"))
    assert "Other." not in shown(panel)


def test_a_new_connection_knows_nothing_until_it_is_told():
    known = recording_after(OFF, told("running"))
    assert known.state == "running"
    welcome = call.Welcome(version=1, you="", role="chair", now=NOW, title="", project="")
    assert recording_after(known, welcome) == OFF
    assert recording_after(known, call.Pong(n=1)) == known


def test_the_end_of_the_meeting_offers_nothing(panel):
    panel.hear(told("running"))
    panel.end()
    assert offered(panel) == []
