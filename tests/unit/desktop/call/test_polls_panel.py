"""Polls in the console."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from projectdesk.desktop.call.panel import Surroundings
from projectdesk.desktop.call.polls_panel import PollsPanel, polls_after
from projectdesk.signalling import call, polls

QUESTION = "When do we meet?"


def poll(number: int, state: polls.PollState = "open", **changes: Any) -> polls.Poll:
    fields = {
        "number": number,
        "question": QUESTION,
        "options": ["Monday", "Friday"],
        "multiple": False,
        "named": False,
        "live": True,
        "state": state,
        "voted": 0,
        "chosen": [],
        "result": None,
    }
    return polls.Poll(**{**fields, **changes})


@pytest.fixture
def panel(qtbot: QtBot, dressed: object) -> PollsPanel:
    made = PollsPanel(cast("Surroundings", None))
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def sent(panel: PollsPanel) -> list[object]:
    messages: list[object] = []
    panel.sent.connect(messages.append)
    return messages


def press(panel: PollsPanel, words: str) -> None:
    QApplication.processEvents()
    found = [b for b in panel.findChildren(QPushButton) if b.text() == words and b.isVisible()]
    assert len(found) == 1, words
    found[0].click()


def shown(panel: PollsPanel) -> str:
    QApplication.processEvents()
    return " | ".join(one.text() for one in panel.findChildren(QLabel) if one.isVisible())


def test_news_of_polls_are_kept_in_order() -> None:
    welcome = call.Welcome(
        version=1, you="", role="chair", now=datetime(2026, 3, 2, tzinfo=UTC), title="", project=""
    )
    known = polls_after((), polls.PollsListed(polls=[poll(1, "closed"), poll(2, "draft")]))
    known = polls_after(known, polls.PollChanged(poll=poll(3)))
    assert [one.number for one in known] == [3, 2, 1]
    assert [one.number for one in polls_after(known, polls.PollDiscarded(poll=2))] == [3, 1]
    assert polls_after(known, welcome) == ()


def test_a_poll_is_written_and_opened(panel: PollsPanel, sent: list[object]) -> None:
    press(panel, "New poll")
    press(panel, "Open now")
    assert "A poll needs a question and at least two options." in shown(panel)
    panel.form.question.setText(QUESTION)
    panel.form.options.setPlainText("Monday\n\n monday")
    press(panel, "Keep as draft")
    assert "Two options are the same." in shown(panel)
    panel.form.options.setPlainText("Monday\n\n Friday ")
    panel.form.hidden_result.setChecked(True)
    press(panel, "Open now")
    assert sent == [
        polls.PreparePoll(
            question=QUESTION, options=["Monday", "Friday"], live=False, poll=None, open=True
        )
    ]
    assert panel.form.isHidden()


def test_a_draft_is_changed_opened_and_discarded(panel: PollsPanel, sent: list[object]) -> None:
    panel.hear(polls.PollChanged(poll=poll(4, "draft", multiple=True)))
    press(panel, "Change")
    assert panel.form.lines() == ["Monday", "Friday"]
    assert panel.form.multiple.isChecked()
    press(panel, "Keep as draft")
    press(panel, "Open poll")
    press(panel, "Discard")
    first, *rest = sent
    assert isinstance(first, polls.PreparePoll)
    assert first.poll == 4
    assert rest == [polls.OpenPoll(poll=4), polls.DiscardPoll(poll=4)]


def test_votes_come_in_under_the_chairs_focus(panel: PollsPanel, sent: list[object]) -> None:
    panel.hear(polls.PollChanged(poll=poll(1)))
    QApplication.processEvents()
    [close] = [b for b in panel.findChildren(QPushButton) if b.text() == "Close poll"]
    close.setFocus(Qt.FocusReason.OtherFocusReason)
    result = polls.PollResult(counts=[0, 1], names=[[], ["Li Wei"]])
    panel.hear(polls.PollChanged(poll=poll(1, named=True, voted=1, result=result)))
    assert panel.count == 1
    assert "Li Wei" in shown(panel)
    QApplication.processEvents()
    focused = QApplication.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused is not close
    focused.click()
    assert sent == [polls.ClosePoll(poll=1)]


def test_a_hidden_result_stays_hidden_and_the_end_takes_the_buttons(panel: PollsPanel) -> None:
    panel.hear(polls.PollChanged(poll=poll(1, live=False, voted=2)))
    assert "The result is shown when the poll is closed." in shown(panel)
    assert "2 votes" in shown(panel)
    panel.end()
    assert [b.text() for b in panel.findChildren(QPushButton) if b.isVisible()] == []
    assert QUESTION in shown(panel)


def test_what_is_half_written_survives(panel: PollsPanel) -> None:
    press(panel, "New poll")
    panel.form.question.setText("Half")
    again = PollsPanel(cast("Surroundings", None))
    again.restore(panel.draft())
    assert again.form.question.text() == "Half"
    assert not again.form.isHidden()
    again.deleteLater()
