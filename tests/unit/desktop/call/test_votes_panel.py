"""Votes of the body in the console: what is prepared, seen, written down; the quorum's line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import msgspec
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from projectdesk.desktop.call.assembly import Assembly, QuorumNews
from projectdesk.desktop.call.panel import Surroundings
from projectdesk.desktop.call.quorum_line import QuorumLine
from projectdesk.desktop.call.room import LiveRoom
from projectdesk.desktop.call.vote_seats import VoteSeats
from projectdesk.desktop.call.votes_panel import VotesPanel
from projectdesk.signalling import call, votes
from tests.unit.desktop.call.meeting import START, clock, item, person

QUESTION = "Adopt the budget?"


def vote(number: int = 1, state: votes.VoteStatus = "open", **changes: Any) -> votes.BodyVote:
    fields = {
        "number": number,
        "question": QUESTION,
        "description": "",
        "choices": ["for", "against", "abstain"],
        "own_choices": False,
        "secret": False,
        "weighted": False,
        "state": state,
        "rule": {"en": "2/3 of the votes cast"},
        "seats": [votes.SeatShown(partner="a", name="UiT"), votes.SeatShown(partner="b", name="X")],
    }
    return votes.BodyVote(**{**fields, **changes})


def body(*, met: bool = True, proxy_limit: int = 1) -> votes.BodyChanged:
    members = [
        votes.MemberState(
            partner="a",
            name="UiT",
            weight=1,
            in_default=False,
            standing="present",
            voter="ana",
            voter_name="Ana",
        ),
        votes.MemberState(partner="b", name="X", weight=1, in_default=False, standing="absent"),
    ]
    words = {"en": "quorum: 2 of 2" if met else "no quorum: 1 of 2"}
    quorum = votes.QuorumState(
        seats=2, present=2 if met else 1, represented=0, needed=2, met=met, words=words
    )
    rules = votes.CountingRules(proxy_limit=proxy_limit)
    state = votes.BodyState(name="GA", members=members, quorum=quorum, rules=rules)
    return votes.BodyChanged(body=state)


def live() -> LiveRoom:
    """Return a call in which Ana of UiT is, with an item to decide as the second."""
    decision = call.ShownItem(
        **{
            **{name: getattr(item(2), name) for name in item(2).__struct_fields__},
            "kind": "decision",
            "title": "Budget",
        }
    )
    return LiveRoom(
        admitted=True,
        participants=(person("Ana"),),
        clock=clock(START, "i2", item(1), decision),
    )


@pytest.fixture
def panel(qtbot: QtBot, dressed: object) -> VotesPanel:
    made = VotesPanel(cast("Surroundings", None))
    qtbot.addWidget(made)
    made.show()
    made.hear(body())
    made.show_room(live(), datetime.now(UTC))
    return made


@pytest.fixture
def sent(panel: VotesPanel) -> list[object]:
    messages: list[object] = []
    panel.sent.connect(messages.append)
    return messages


def press(panel: QWidget, words: str) -> None:
    QApplication.processEvents()
    found = [b for b in panel.findChildren(QPushButton) if b.text() == words and b.isVisible()]
    assert len(found) == 1, words
    found[0].click()


def choose(panel: QWidget, name: str, *path: str) -> None:
    """Trigger an entry of the menu of a button with this accessible name."""
    QApplication.processEvents()
    [opener] = [
        one
        for one in panel.findChildren(QToolButton)
        if one.accessibleName() == name and one.isVisible()
    ]
    menu = opener.menu()
    menu.aboutToShow.emit()  # some are filled when they are opened
    for words in path[:-1]:
        [menu] = [below for below in menu.findChildren(QMenu) if below.title() == words]
    [action] = [one for one in menu.actions() if one.text() == path[-1]]
    action.trigger()


def shown(panel: QWidget) -> str:
    QApplication.processEvents()
    return " | ".join(one.text() for one in panel.findChildren(QLabel) if one.isVisible())


def test_a_vote_is_prepared_from_the_item_to_decide(panel: VotesPanel, sent: list[object]) -> None:
    press(panel, "New vote")
    assert panel.form.item.currentText() == "2. Budget"
    assert panel.form.question.toPlainText() == "Budget"
    panel.form.question.setPlainText(QUESTION)
    panel.form.secret.setChecked(True)
    press(panel, "Open now")
    assert sent == [
        votes.PrepareVote(question=QUESTION, secret=True, item="i2", base="cast", open=True)
    ]
    assert panel.form.isHidden()


@pytest.mark.parametrize(
    ("question", "choices", "words"),
    [
        (" ", "", "A vote has a question."),
        ("Where?", "Ghent", "Give 2 to 10 choices, each another, or none."),
        ("Where?", "Ghent\nghent", "Two choices are the same."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_sent(
    panel: VotesPanel, sent: list[object], question: str, choices: str, words: str
) -> None:
    press(panel, "New vote")
    panel.form.question.setPlainText(question)
    panel.form.choices.setPlainText(choices)
    press(panel, "Keep as draft")
    assert words in shown(panel)
    assert sent == []


def test_turnout_is_watched_and_votes_of_the_room_are_written_down(
    panel: VotesPanel, sent: list[object]
) -> None:
    seats = [
        votes.SeatShown(partner="a", name="UiT", voted=True),
        votes.SeatShown(partner="b", name="X"),
    ]
    panel.hear(votes.VoteChanged(vote=vote(seats=seats)))
    assert "1 of 2 voted" in shown(panel)
    assert panel.count == 1
    choose(panel, "Write down the vote of X", "Against")
    press(panel, "Close and count")
    assert sent == [
        votes.CastVote(vote=1, seat="b", choice="against", by_hand=True),
        votes.CloseVote(vote=1),
    ]


def many(room: int, count: int = 64) -> tuple[votes.BodyChanged, list[votes.SeatShown]]:
    """Return a body of many members, of whom the first are in a room, and their seats."""
    members = [
        votes.MemberState(
            partner=f"p{n}",
            name=f"PARTNER {n}",
            weight=1,
            in_default=False,
            standing="present",
            in_room=n < room,
        )
        for n in range(count)
    ]
    state = msgspec.structs.replace(body().body, members=members)
    seats = [votes.SeatShown(partner=one.partner, name=one.name) for one in members]
    return votes.BodyChanged(body=state), seats


def hands(panel: QWidget) -> list[str]:
    """Return of which members a vote can be written down, as they are shown."""
    QApplication.processEvents()
    openers = [one for one in panel.findChildren(QToolButton) if one.isVisible()]
    return [b.objectName() for b in openers if b.objectName().startswith("hand-")]


def test_many_members_are_searched_and_stay_where_they_are(panel: VotesPanel) -> None:
    news, seats = many(room=0)
    panel.hear(news)
    panel.hear(votes.VoteChanged(vote=vote(seats=seats)))
    rows = panel.findChild(VoteSeats)
    assert rows is not None
    close = next(b for b in panel.findChildren(QPushButton) if b.text() == "Close and count")
    first = next(b for b in panel.findChildren(QToolButton) if b.objectName() == "hand-1-p0")
    where = [one.mapTo(panel, one.rect().topLeft()).y() for one in (close, first)]
    assert where[0] < where[1], "who closes does not scroll past the members"
    assert len(hands(panel)) == 64
    rows.search.setText("partner 6")
    assert hands(panel) == ["hand-1-p6", *(f"hand-1-p{n}" for n in range(60, 64))]
    rows.missing.setChecked(True)
    voted = [msgspec.structs.replace(s, voted=s.partner in {"p6", "p7"}) for s in seats]
    panel.hear(votes.VoteChanged(vote=vote(seats=voted)))
    assert panel.findChild(VoteSeats) is rows, "no row is made anew for a ballot"
    assert hands(panel) == [f"hand-1-p{n}" for n in range(60, 64)]
    assert "2 of 64 voted" in shown(panel)


def test_one_choice_is_written_down_for_all_in_the_room(
    panel: VotesPanel, sent: list[object], qtbot: QtBot
) -> None:
    news, seats = many(room=40)
    seats[0] = msgspec.structs.replace(seats[0], voted=True)
    panel.hear(news)
    panel.hear(votes.VoteChanged(vote=vote(seats=seats)))
    rows = panel.findChild(VoteSeats)
    assert rows is not None
    dialog = rows.ask_for_room("for")
    assert dialog is not None
    assert sent == [], "it is asked first"
    [yes] = [b for b in dialog.findChildren(QPushButton) if b.text() == "Write down"]
    yes.click()
    [close] = [b for b in panel.findChildren(QPushButton) if b.text() == "Close and count"]
    assert len(sent) == 30, "a host takes a burst of 40"
    assert not close.isEnabled()
    assert rows.ask_for_room("for") is not None
    qtbot.waitUntil(lambda: len(sent) == 39)
    assert close.isEnabled()
    assert sent == [
        votes.CastVote(vote=1, seat=f"p{n}", choice="for", by_hand=True) for n in range(1, 40)
    ]


def test_who_votes_meanwhile_is_not_written_down_and_cards_made_anew_keep_close_shut(
    panel: VotesPanel, sent: list[object], qtbot: QtBot
) -> None:
    news, seats = many(room=40)
    panel.hear(news)
    panel.hear(votes.VoteChanged(vote=vote(seats=seats)))
    rows = panel.findChild(VoteSeats)
    assert rows is not None
    dialog = rows.ask_for_room("for")
    assert dialog is not None
    [yes] = [b for b in dialog.findChildren(QPushButton) if b.text() == "Write down"]
    yes.click()
    voted = {"p30", "p31", "p39"}
    seats = [msgspec.structs.replace(s, voted=s.partner in voted) for s in seats]
    panel.hear(votes.VoteChanged(vote=vote(seats=seats)))
    panel.hear(votes.VoteChanged(vote=vote(number=2, state="draft")))
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    close = panel.findChild(QPushButton, "close-1")
    assert close is not None
    assert not close.isEnabled()
    qtbot.waitUntil(close.isEnabled)
    written = [one.seat for one in sent if isinstance(one, votes.CastVote)]
    assert written == [f"p{n}" for n in range(40) if f"p{n}" not in voted]


def test_the_ballots_of_a_secret_vote_are_listed_by_receipt(panel: VotesPanel) -> None:
    ballots = [votes.CountedBallot(receipt="K7QM-3XWD-92FA", choice="against")]
    panel.hear(votes.VoteChanged(vote=vote(state="closed", secret=True, ballots=ballots)))
    assert "K7QM" not in shown(panel)
    press(panel, "Show all ballots by receipt")
    assert "K7QM-3XWD-92FA   Against" in shown(panel)


def test_nobody_writes_down_a_secret_vote(panel: VotesPanel) -> None:
    panel.hear(votes.VoteChanged(vote=vote(secret=True)))
    names = [b.accessibleName() for b in panel.findChildren(QToolButton)]
    assert not any(name.startswith("Write down") for name in names)


def test_a_result_is_said_in_words_and_a_veto_is_noted(
    panel: VotesPanel, sent: list[object]
) -> None:
    outcome = votes.OutcomeShown(
        result="carried",
        counts=[2, 0, 0],
        chosen="for",
        voted=2,
        words={"en": "carried: 2 of 2 votes cast, 2/3 needed (2)"},
    )
    panel.hear(votes.VoteChanged(vote=vote(state="closed", outcome=outcome)))
    assert "Carried: 2 of 2 votes cast, 2/3 needed (2)" in shown(panel)
    press(panel, "A member vetoes")
    [reason] = [
        field
        for field in panel.findChildren(QWidget)
        if field.accessibleName() == "What the decision would affect"
    ]
    reason.setText("Our IPR.")  # type: ignore[attr-defined]
    press(panel, "Note veto")
    assert sent == [votes.NoteVeto(vote=1, partner="a", reason="Our IPR.")]


def test_the_chair_says_who_is_there_who_represents_and_who_votes(
    panel: VotesPanel, sent: list[object]
) -> None:
    choose(panel, "Actions for X", "Is here in the room")
    choose(panel, "Actions for X", "Represented by", "UiT")
    choose(panel, "Actions for UiT", "Who votes for it", "Ana")
    assert sent == [
        votes.CountInRoom(partner="b", there=True),
        votes.AnnounceProxy(giver="b", holder="a"),
        votes.NameVoter(partner="a", participant="ana"),
    ]


def test_a_body_without_proxies_offers_none(panel: VotesPanel) -> None:
    panel.hear(body(proxy_limit=0))
    QApplication.processEvents()
    [opener] = [
        b
        for b in panel.findChildren(QToolButton)
        if b.accessibleName() == "Actions for X" and b.isVisible()
    ]
    assert [action.text() for action in opener.menu().actions()] == ["Is here in the room"]


def test_a_meeting_of_no_body_says_so(qtbot: QtBot, dressed: object) -> None:
    made = VotesPanel(cast("Surroundings", None))
    qtbot.addWidget(made)
    made.show()
    assert "This is no meeting of a body" in shown(made)
    assert made.new.isHidden()


def test_what_is_half_written_survives(panel: VotesPanel) -> None:
    press(panel, "New vote")
    panel.form.question.setPlainText("Adopt")
    draft = panel.draft()
    panel.form.hide()
    panel.restore(draft)
    assert panel.form.question.toPlainText() == "Adopt"


def test_the_line_warns_when_the_quorum_breaks_and_is_content_when_it_is_back(
    qtbot: QtBot, dressed: object
) -> None:
    line = QuorumLine()
    qtbot.addWidget(line)
    assert line.isHidden()
    line.hear(body(met=False))
    assert line.chip.words == "No quorum"
    assert line.warning.words == ""  # it was never there
    line.hear(body())
    line.hear(body(met=False))
    assert line.warning.words == "The quorum is lost. What is decided now is not valid."
    line.hear(body())
    assert (line.warning.words, line.chip.words) == ("", "Quorum")


def test_the_open_vote_is_first_and_a_new_connection_begins_anew() -> None:
    seen = Assembly().after(body()).after(votes.VotesListed(votes=[vote(1, "closed"), vote(2)]))
    assert [one.number for one in seen.all_votes] == [2, 1]
    welcome = call.Welcome(version=1, you="", role="chair", now=START, title="", project="")
    assert seen.after(welcome) == Assembly(news=QuorumNews.KEPT)
