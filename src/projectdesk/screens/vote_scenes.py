"""Scenes of votes in the console of a call: one that is watched, one prepared, results."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

import msgspec
from PySide6.QtWidgets import QDialog

from projectdesk.desktop.call.panel import Surroundings
from projectdesk.desktop.call.quorum_line import QuorumLine
from projectdesk.desktop.call.room import LiveRoom
from projectdesk.desktop.call.vote_seats import VoteSeats
from projectdesk.desktop.call.votes_panel import VotesPanel
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M
from projectdesk.desktop.widgets.layout import column
from projectdesk.domain.rules.quorum import Seat, quorum
from projectdesk.domain.rules.vote_words import in_languages, quorum_words, result_words, rule_words
from projectdesk.domain.rules.voting import VoteRules, count
from projectdesk.screens.stage import NOW, Stage
from projectdesk.signalling import call, votes

_NAMES = ("UiT", "LFTU", "TIDEWORKS", "INESC TEC", "CSIC", "AquaSense", "KIOST", "SINTEF")
_SEATS = [Seat(name, in_default=name == "SINTEF") for name in _NAMES]
_QUESTION = "Does the Executive Board shift 4 person-months from WP3 to WP5?"


def watched(stage: Stage) -> None:
    """Show an open vote that is watched: some have voted, one in the room is written down."""
    panel = _console(stage, there=6)
    voted = {"UiT": "for", "LFTU": "for", "CSIC": "against"}
    panel.hear(votes.VoteChanged(vote=_vote(1, "open", voted, hand="CSIC")))


def many(stage: Stage) -> None:
    """Show an open vote of 64 members, of whom a third sit in the room without a link."""
    panel = _console(stage, there=6)
    names = (*_NAMES[:-1], *(f"Partner {number}" for number in range(8, 65)))
    body = _body(6).body
    usual = body.members[0]
    members = [
        msgspec.structs.replace(
            usual, partner=name, name=name, in_room=at % 3 == 2, voter="" if at % 3 == 2 else name
        )
        for at, name in enumerate(names)
    ]
    state = msgspec.structs.replace(body, members=members)
    seats = [
        votes.SeatShown(partner=name, name=name, voted=at % 3 == 0) for at, name in enumerate(names)
    ]
    panel.hear(votes.BodyChanged(body=state))
    panel.hear(votes.VoteChanged(vote=_vote(1, "open", {}, seats=seats)))
    rows = panel.findChild(VoteSeats)
    if rows is not None:
        rows.missing.setChecked(True)


def prepared(stage: Stage) -> None:
    """Show how a vote is prepared from an item of the agenda."""
    panel = _console(stage, there=6)
    panel.new.click()
    panel.form.secret.setChecked(True)


def results(stage: Stage) -> None:
    """Show results, a veto, and that the quorum broke since."""
    panel = _console(stage, there=6)
    every = dict(zip(_NAMES, ["for"] * 5 + ["against"], strict=False))
    veto = votes.VetoShown(
        partner="KIOST", name="KIOST", reason="Our field work in the second winter has no crew."
    )
    panel.hear(votes.VoteChanged(vote=_vote(1, "closed", every, vetoes=[veto])))
    secret = _vote(2, "closed", every, secret=True, question="Who chairs the next board: CSIC?")
    panel.hear(votes.VoteChanged(vote=secret))
    line = cast("QDialog", panel.window()).findChild(QuorumLine)
    assert line is not None  # noqa: S101 - made below
    broken = _body(3)
    line.hear(broken)
    panel.hear(broken)


def _console(stage: Stage, *, there: int) -> VotesPanel:
    """Return the panel in a window as wide as the console of a call."""
    dialog = QDialog(stage.shell)
    dialog.setWindowTitle("Executive Board 3")
    line, panel = QuorumLine(), VotesPanel(cast("Surroundings", None))
    margins = (SPACE_L, SPACE_L, SPACE_L, SPACE_L)
    dialog.setLayout(column(line, panel, spacing=SPACE_M, margins=margins))
    dialog.resize(520, 760)
    body = _body(there)
    line.hear(body)
    panel.hear(body)
    panel.show_room(_room(), NOW)
    dialog.show()
    return panel


def _room() -> LiveRoom:
    items = [
        call.ShownItem(
            id=str(number),
            number=str(number),
            title=title,
            kind=kind,
            planned_minutes=20,
            presenter="",
            presenter_participant=None,
            elapsed_seconds=0,
        )
        for number, (title, kind) in enumerate(_ITEMS, start=1)
    ]
    clock = call.AgendaClock(at=NOW, started_at=NOW, current="2", items=items)
    return LiveRoom(admitted=True, clock=clock)


_ITEMS: tuple[tuple[str, Any], ...] = (
    ("Progress of the work packages", "information"),
    ("Shift of person-months from WP3 to WP5", "decision"),
)


def _body(there: int) -> votes.BodyChanged:
    now = quorum(_SEATS, _NAMES[:there])
    members = [
        votes.MemberState(
            partner=name,
            name=name,
            weight=1,
            in_default=name == "SINTEF",
            standing="present" if name in now.there else "absent",
            voter=name if name in now.there and name != "CSIC" else "",
            voter_name=_PEOPLE.get(name, "") if name in now.there else "",
            in_room=name == "CSIC",
        )
        for name in _NAMES
    ]
    state = votes.QuorumState(
        seats=now.seats,
        present=now.present,
        represented=now.represented,
        needed=now.needed,
        met=now.met,
        words=in_languages(partial(quorum_words, now)),
    )
    rules = votes.CountingRules(proxy_limit=2)
    body = votes.BodyState(name="Executive Board", members=members, quorum=state, rules=rules)
    return votes.BodyChanged(body=body)


_PEOPLE = {
    "UiT": "Ida Holm",
    "LFTU": "Elin Berg",
    "TIDEWORKS": "Aoife Byrne",
    "INESC TEC": "Rui Sousa",
    "AquaSense": "Marta Kowalska",
}


def _vote(
    number: int,
    state: votes.VoteStatus,
    voted: dict[str, str],
    *,
    hand: str = "",
    secret: bool = False,
    **changes: Any,
) -> votes.BodyVote:
    rules = VoteRules()
    outcome = None
    opened: datetime = NOW - timedelta(minutes=3)
    if state == "closed":
        result = count(rules, _SEATS, voted)
        outcome = votes.OutcomeShown(
            result="carried",
            counts=list(result.counts),
            chosen=result.chosen,
            voted=result.voted,
            words=in_languages(partial(result_words, result)),
        )
    fields: dict[str, Any] = {
        "number": number,
        "question": _QUESTION,
        "description": "",
        "choices": list(rules.options),
        "own_choices": False,
        "secret": secret,
        "weighted": False,
        "state": state,
        "rule": in_languages(partial(rule_words, rules)),
        "seats": [
            votes.SeatShown(
                partner=seat.partner,
                name=seat.partner,
                voted=seat.partner in voted,
                choice="" if secret or state == "open" else voted.get(seat.partner, ""),
                by_hand=seat.partner == hand,
            )
            for seat in _SEATS
            if not seat.in_default
        ],
        "item": "2",
        "opened_at": opened,
        "outcome": outcome,
        **changes,
    }
    return votes.BodyVote(**fields)
