"""What the registers say: decisions with how they were taken and what follows; actions by state."""

from __future__ import annotations

from datetime import date, datetime

from projectdesk.domain.minutes import ActionStatus
from projectdesk.exchange.documents.content import (
    ActionFacts,
    ActionsContent,
    DecisionsContent,
    RegisteredDecision,
    Scope,
)
from projectdesk.exchange.documents.heads import footer, register_head
from projectdesk.exchange.documents.outcomes import (
    action_note,
    decision_note,
    vote_result,
    with_related,
)
from projectdesk.exchange.documents.outline import (
    Callout,
    Element,
    Facts,
    Grid,
    Heading,
    Outline,
    Remark,
)
from projectdesk.exchange.documents.words import ENGLISH, Words, words


def of_decisions(content: DecisionsContent, *, now: datetime, language: str = ENGLISH) -> Outline:
    """Return the outline of a decision register: a table of all, then each with its story."""
    say = words(language)
    elements: list[Element] = [Facts(register_head(content.scope, say))]
    elements.append(Heading(1, say("overview")))
    if content.decisions:
        elements.append(_overview(content, say))
        elements.append(Heading(1, say("decisions")))
    else:
        elements.append(Remark(say("no_decisions")))
    for entry in content.decisions:
        elements += _decision(entry, say)
    return _register(content.scope, say("decision_register"), elements, now, say)


def of_actions(content: ActionsContent, *, now: datetime, language: str = ENGLISH) -> Outline:
    """Return the outline of an action list: what is open, late first; then what is not."""
    say = words(language)
    elements: list[Element] = [Facts(register_head(content.scope, say))]
    open_ones = [each for each in content.actions if each.status is ActionStatus.OPEN]
    late = [each for each in open_ones if is_late(each, content.today)]
    elements.append(Remark(say("actions_in_short", open=len(open_ones), late=len(late))))
    closed = [each for each in content.actions if each.status is not ActionStatus.OPEN]
    for key, actions in (
        ("late_actions", late),
        ("open_actions", [each for each in open_ones if each not in late]),
        ("closed_actions", closed),
    ):
        if actions:
            ordered = sorted(
                actions, key=lambda each: (each.due_on is None, each.due_on or now.date())
            )
            elements += [Heading(1, say(key)), _actions(ordered, say(key), say)]
    if not content.actions:
        elements += [Heading(1, say("action_items")), Remark(say("no_actions"))]
    return _register(content.scope, say("action_list"), elements, now, say)


def is_late(action: ActionFacts, today: date) -> bool:
    """Tell whether an action is open although its day is over."""
    return (
        action.status is ActionStatus.OPEN and action.due_on is not None and action.due_on < today
    )


def _register(
    scope: Scope, document: str, elements: list[Element], now: datetime, words: Words
) -> Outline:
    return Outline(
        title=words("register_title", document=document, of=scope.meeting or scope.project),
        kicker=scope.project,
        footer=footer(scope.project, document, now, words),
        elements=tuple(elements),
        about=words("project"),
        language=words.language,
        logo=scope.logo,
    )


def _overview(content: DecisionsContent, words: Words) -> Grid:
    return Grid(
        words("overview"),
        (words("number"), words("date"), words("decision"), words("state")),
        tuple(
            (
                each.decision.label,
                words.day(each.made_on),
                each.decision.text,
                binding_word(each, words),
            )
            for each in content.decisions
        ),
        (3, 8, 17, 8),
    )


def binding_word(entry: RegisteredDecision, words: Words) -> str:
    """Return where a decision stands in a word: binding, not yet binding, vetoed..."""
    decision = entry.decision
    if decision.state.value != "taken":
        return words.named(decision.state)
    return words("binding") if decision.binding_at is not None else words("not_yet_binding")


def _decision(entry: RegisteredDecision, words: Words) -> list[Element]:
    decision = entry.decision
    where = entry.meeting or words.named(entry.origin)
    parts = (entry.body, where, entry.item, ", ".join(entry.related))
    elements: list[Element] = [
        Heading(2, f"{decision.label} · {words.day(entry.made_on)}"),
        Callout(
            "decision",
            words("decision"),
            decision.text,
            decision_note(decision, entry.zone, words) or binding_word(entry, words),
        ),
        Remark(" · ".join(part for part in parts if part)),
    ]
    if entry.vote is not None:
        label = words("vote_label", label=entry.vote.label)
        elements.append(Remark(f"{label}: {vote_result(entry.vote, words)}"))
    for veto in entry.vetoes:
        said = words("veto_of", partner=veto.partner, state=words.named(veto.state))
        elements.append(Callout("objection", said, veto.reason, veto.answer))
    for action in entry.actions:
        label = words("action_label", label=action.label)
        elements.append(Callout("action", label, action.text, action_note(action, words)))
    return elements


def _actions(actions: list[ActionFacts], caption: str, words: Words) -> Grid:
    return Grid(
        caption,
        (words("number"), words("what"), words("who"), words("due"), words("from_meeting")),
        tuple(
            (
                each.label,
                with_related(each.text, each.related),
                each.owner or "–",
                due_words(each, words),
                each.source or "–",
            )
            for each in actions
        ),
        (3, 12, 8, 8, 7),
    )


def due_words(action: ActionFacts, words: Words) -> str:
    """Return when an action is due, and was before; of a closed one how and when it ended."""
    if action.status is not ActionStatus.OPEN:
        done = words.day(action.done_on) if action.done_on is not None else ""
        return f"{words.named(action.status)} {done}".strip()
    if action.due_on is None:
        return "–"
    due = words.day(action.due_on)
    if action.first_due_on is not None and action.first_due_on != action.due_on:
        return words("due_before", due=due, first=words.day(action.first_due_on))
    return due
