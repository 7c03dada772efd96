"""How documents say what came of a meeting: decisions, votes, actions, questions, risks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from projectdesk.domain.minutes import DecisionState
from projectdesk.domain.voting import ABSTAIN, AGAINST, FOR, MajorityBase, VoteResult, VoteState
from projectdesk.exchange.documents.blocks import read
from projectdesk.exchange.documents.content import (
    ActionFacts,
    DecisionFacts,
    InformationFacts,
    Outcome,
    PollFacts,
    QuestionFacts,
    RiskFacts,
    SeatFacts,
    VoteFacts,
)
from projectdesk.exchange.documents.outline import Callout, Element, Grid, Notes, Remark
from projectdesk.exchange.documents.words import ENGLISH, Words

_OWN_CHOICES = (FOR, AGAINST, ABSTAIN)
_BASES = {
    MajorityBase.CAST: "vote_cast",
    MajorityBase.PRESENT: "vote_of_present",
    MajorityBase.ALL: "vote_of_all",
}


def outcome(made: Outcome, zone: str, words: Words) -> list[Element]:
    """Return everything that came of an item, in the order in which it is read."""
    return [element for _, part in outcome_parts(made, zone, words) for element in part]


def outcome_parts(made: Outcome, zone: str, words: Words) -> list[tuple[str, list[Element]]]:
    """Return what came of an item, each with its label ("" of a poll), in order of reading."""
    parts: list[tuple[str, list[Element]]] = [("", [_poll(each, words)]) for each in made.polls]
    parts += [(each.label, vote_elements(each, words)) for each in made.votes]
    parts += [(each.label, [_decision(each, zone, words)]) for each in made.decisions]
    parts += [(each.label, [_action(each, words)]) for each in made.actions]
    parts += [(each.label, [_information(each, words)]) for each in made.information]
    parts += [(each.label, question_elements(each, words)) for each in made.questions]
    parts += [(each.label, [_risk(each, words)]) for each in made.risks]
    return parts


def decisions_grid(decisions: Sequence[DecisionFacts], zone: str, words: Words) -> Grid:
    """Return the decisions of a meeting as a table; a result only where one has any."""
    results = [decision_note(decision, zone, words) for decision in decisions]
    caption = words("decisions")
    if not any(results):
        rows = tuple((each.label, each.text) for each in decisions)
        return Grid(caption, (words("number"), words("decision")), rows, (3, 30))
    return Grid(
        caption,
        (words("number"), words("decision"), words("result")),
        tuple((d.label, d.text, note or "–") for d, note in zip(decisions, results, strict=True)),
        (3, 19, 12),
    )


def actions_grid(actions: Sequence[ActionFacts], words: Words) -> Grid:
    """Return the actions of a meeting as a table."""
    return Grid(
        words("action_items"),
        (words("number"), words("what"), words("who"), words("due"), words("state")),
        tuple(
            (
                each.label,
                with_related(each.text, each.related),
                each.owner or "–",
                words.day(each.due_on) if each.due_on else "–",
                words.named(each.status),
            )
            for each in actions
        ),
        (3, 12, 9, 9, 4),
    )


def with_related(text: str, related: tuple[str, ...]) -> str:
    """Return a text with what it is about: "Send the draft (WP3, D3.2)"."""
    return f"{text} ({', '.join(related)})" if related else text


def decision_note(decision: DecisionFacts, zone: str, words: Words) -> str:
    """Return the small print of a decision: result, vote, veto, since when it binds."""
    parts = [words.named(decision.state)] if decision.state is not DecisionState.TAKEN else []
    if decision.replaced_by:
        parts.append(words("replaced_by", label=decision.replaced_by))
    if decision.vote:
        parts.append(words("by_vote", label=decision.vote))
    elif decision.rule and words.language == ENGLISH:
        # Kept in English; in other languages the vote itself says it.
        parts.append(decision.rule)
    if decision.binding_at is not None:
        parts.append(words("binding_since", day=words.moment(decision.binding_at, zone)))
    elif decision.veto_until is not None:
        parts.append(words("veto_until", moment=words.moment(decision.veto_until, zone)))
    return " · ".join(parts)


def action_note(action: ActionFacts, words: Words) -> str:
    """Return the small print of an action: owner, due date, state."""
    due = words("due_on", day=words.day(action.due_on)) if action.due_on else ""
    parts = (action.owner, due, words.named(action.status), ", ".join(action.related))
    return " · ".join(part for part in parts if part)


def _decision(decision: DecisionFacts, zone: str, words: Words) -> Callout:
    label = words("decision_label", label=decision.label)
    return Callout("decision", label, decision.text, decision_note(decision, zone, words))


def _action(action: ActionFacts, words: Words) -> Callout:
    label = words("action_label", label=action.label)
    return Callout("action", label, action.text, action_note(action, words))


def _information(noted: InformationFacts, words: Words) -> Callout:
    label = words("information_label", label=noted.label)
    return Callout("information", label, with_related(noted.text, noted.related))


def question_elements(question: QuestionFacts, words: Words) -> list[Element]:
    """Return a question, who asked it, and its answer."""
    asked = words("asked_by", name=question.asked_by) if question.asked_by else ""
    due = words("due_on", day=words.day(question.due_on)) if question.due_on else ""
    parts = (asked, words.named(question.state), question.answered_by, due)
    note = " · ".join(part for part in parts if part)
    label = words("question_label", label=question.label)
    text = with_related(question.text, question.related)
    elements: list[Element] = [Callout("question", label, text, note)]
    if question.answer.strip():
        elements.append(Notes(read(question.answer)))
    return elements


def _risk(risk: RiskFacts, words: Words) -> Callout:
    grades = words(
        "risk_grades",
        likelihood=words.named(risk.likelihood),
        severity=words.named(risk.severity),
    )
    parts = (grades, risk.owner, risk.mitigation)
    label = words("risk_label", label=risk.label)
    note = " · ".join(part for part in parts if part)
    return Callout("risk", label, with_related(risk.title, risk.related), note)


def _poll(poll: PollFacts, words: Words) -> Remark:
    votes = ", ".join(f"{option}: {count}" for option, count in poll.votes)
    voted = words("voted", count=poll.voted)
    return Remark(words("poll", question=poll.question, votes=votes, voted=voted))


def vote_elements(vote: VoteFacts, words: Words) -> list[Element]:
    """Return a vote with its result, and of an open one who voted how."""
    kind = words("secret_vote") if vote.secret else ""
    note = " · ".join(part for part in (kind, vote_result(vote, words)) if part)
    callout = Callout("vote", words("vote_label", label=vote.label), vote.question, note)
    return [callout, *_record(vote, words)]


def vote_result(vote: VoteFacts, words: Words) -> str:
    """Return how a vote ended, with the rule, in words (terms.md, Rules of a body)."""
    if vote.state is not VoteState.CLOSED:
        return words.named(vote.state)
    by_choice = dict(zip(vote.choices or _OWN_CHOICES, vote.counts, strict=False))
    tally = ", ".join(f"{choice_word(c, words)}: {n}" for c, n in by_choice.items())
    needed = f"{vote.majority[0]}/{vote.majority[1]}"
    match vote.result:
        case VoteResult.NO_QUORUM:
            said = words("vote_no_quorum", quorum=f"{vote.quorum[0]}/{vote.quorum[1]}")
        case VoteResult.CHOSEN:
            said = words("vote_chosen", choice=vote.chosen)
        case VoteResult.CARRIED | VoteResult.LOST if not vote.choices:
            cast = by_choice.get(FOR, 0) + by_choice.get(AGAINST, 0)
            wholes = {MajorityBase.CAST: cast, MajorityBase.PRESENT: vote.present}
            said = words(
                _BASES[vote.base],
                result=words.named(vote.result),
                count=by_choice.get(FOR, 0),
                of=wholes.get(vote.base, vote.seats),
                needed=needed,
            )
        case _:
            said = words.named(vote.result)
    turnout = ""
    if vote.seats:
        turnout = words("vote_present", present=vote.present, seats=vote.seats)
    return " · ".join(part for part in (said, tally, turnout) if part)


def choice_word(choice: str, words: Words) -> str:
    """Return how a choice is called: for, against, abstain have a word, others are theirs."""
    return words(f"choice.{choice}") if choice in _OWN_CHOICES else choice


def _record(vote: VoteFacts, words: Words) -> list[Element]:
    """Return who voted how; of a secret vote how many did, and no names."""
    if not vote.record or vote.state is not VoteState.CLOSED:
        return []
    if vote.secret:
        voted = sum(seat.voted for seat in vote.record)
        return [Remark(words("turnout", voted=voted, seats=len(vote.record)))]
    rows = []
    for choice in vote.choices or _OWN_CHOICES:
        seats = [seat for seat in vote.record if seat.voted and seat.choice == choice]
        if seats:
            rows.append((choice_word(choice, words), _names(seats, words), str(len(seats))))
    for key, silent in (
        ("did_not_vote", [s for s in vote.record if not s.voted and not s.in_default]),
        ("without_vote", [s for s in vote.record if s.in_default]),
    ):
        if silent:
            rows.append((words(key), _names(silent, words), str(len(silent))))
    headers = (words("vote"), words("members"), words("count"))
    return [Grid(words("record_of", label=vote.label), headers, tuple(rows), (6, 24, 4))]


def _names(seats: Iterable[SeatFacts], words: Words) -> str:
    return ", ".join(
        words("by_proxy", partner=seat.partner, proxy=seat.proxy) if seat.proxy else seat.partner
        for seat in seats
    )
