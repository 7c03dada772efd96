"""What minutes say and in which order: decisions and actions first, then who was there, then items.

A section is there only when there is something to say in it.
"""

from __future__ import annotations

from datetime import datetime
from textwrap import dedent

from projectdesk.domain.meetings import ItemKind
from projectdesk.domain.minutes import Acceptance, MinutesState
from projectdesk.exchange.documents.blocks import read
from projectdesk.exchange.documents.content import (
    ItemFacts,
    LifeFacts,
    MinutesContent,
    ObjectionFacts,
)
from projectdesk.exchange.documents.heads import footer, head, held, kicker, said
from projectdesk.exchange.documents.outcomes import (
    actions_grid,
    decisions_grid,
    outcome,
    outcome_parts,
)
from projectdesk.exchange.documents.outline import (
    Callout,
    Element,
    Facts,
    Heading,
    Notes,
    Outline,
    Remark,
)
from projectdesk.exchange.documents.presence import attendance_in_short, quorum_line
from projectdesk.exchange.documents.trail_outline import trail_annex
from projectdesk.exchange.documents.words import ENGLISH, Words, words


def of_minutes(content: MinutesContent, *, now: datetime, language: str = ENGLISH) -> Outline:
    """Return the outline of minutes.

    Args:
        content: the minutes.
        now: UTC instant, printed as when they were made.
        language: of what is not typed by people.
    """
    meeting, life, say = content.meeting, content.life, words(language)
    elements: list[Element] = [Facts((*head(meeting, say), *_facts(content, say)))]
    elements += _summary(content, say)
    there = attendance_in_short(content.attendance, meeting.zone, say)
    elements += [Heading(1, say("attendance")), *there, Heading(1, say("minutes"))]
    for item in content.items:
        elements += _item(item, meeting.zone, say)
    beside = outcome(content.beside, meeting.zone, say)
    if beside:
        elements += [Heading(2, say("beside_agenda")), *beside]
    elements += _objections(content, say)
    elements += _next_steps(content, now, say)
    elements += trail_annex(content.trail, meeting.zone, say)
    draft = life.state is MinutesState.DRAFT
    named = say("revision_in_foot", number=life.revision, state=say.named(life.state))
    return Outline(
        title=meeting.title,
        kicker=kicker(say("draft_minutes") if draft else say("minutes"), meeting.project),
        footer=footer(meeting.project, named, now, say),
        elements=tuple(elements),
        about=say("meeting"),
        language=language,
        logo=meeting.logo,
        seal=say("audit_head", head=life.audit_head) if life.audit_head else "",
    )


def life_line(life: LifeFacts, zone: str, words: Words) -> str:
    """Return where minutes stand: "Revision 2, circulated on ...; objections until ..."."""
    match life.state:
        case MinutesState.CIRCULATED if life.circulated_at is not None:
            state = words("circulated_on", moment=words.moment(life.circulated_at, zone))
            if life.objections_until is not None:
                until = words.moment(life.objections_until, zone)
                state += "; " + words("objections_until", moment=until)
        case MinutesState.ACCEPTED if life.accepted_at is not None:
            state = words("accepted_on", moment=words.moment(life.accepted_at, zone))
            if life.acceptance is not Acceptance.NO:
                state += ": " + words.named(life.acceptance)
        case _:
            state = words.named(life.state)
    line = words("revision_line", number=life.revision, state=state)
    return f"{line} ({life.reason})" if life.reason else line


def _facts(content: MinutesContent, words: Words) -> tuple[tuple[str, str], ...]:
    meeting = content.meeting
    return said(
        (words("minutes_by"), ", ".join(meeting.writers)),
        (words("held"), held(meeting, content.opened_at, content.ended_at, words)),
        (words("quorum"), quorum_line(content.attendance.quorum, meeting.zone, words)),
        (words("minutes"), life_line(content.life, meeting.zone, words)),
    )


def _summary(content: MinutesContent, words: Words) -> list[Element]:
    """What was decided and who does what, before anything else: that is what people look for."""
    made = [*(item.outcome for item in content.items), content.beside]
    decisions = [decision for each in made for decision in each.decisions]
    actions = [action for each in made for action in each.actions]
    zone = content.meeting.zone
    return [
        Heading(1, words("decisions")),
        decisions_grid(decisions, zone, words) if decisions else Remark(words("no_decisions")),
        Heading(1, words("action_items")),
        actions_grid(actions, words) if actions else Remark(words("no_actions")),
    ]


def _item(item: ItemFacts, zone: str, words: Words) -> list[Element]:
    planned = words("planned", length=words.length(item.planned_minutes))
    taken = words("not_treated")
    if item.actual_seconds > 0:
        taken = words("taken", length=words.length(item.actual_seconds / 60))
    parts = (
        words.named(item.kind),
        item.presenter,
        f"{planned}, {taken}",
        ", ".join(item.related),
    )
    elements: list[Element] = [
        Heading(2, f"{item.label}. {item.title}"),
        Remark(" · ".join(part for part in parts if part)),
    ]
    shown = said(
        (words("minutes_to_approve"), item.minutes_of),
        (words("taken_up_from"), item.carried_from),
        (words("documents_shown"), ", ".join(item.documents)),
    )
    elements += [Remark(f"{label}: {value}") for label, value in shown]
    return [*elements, *_noted(item, zone, words)]


def _noted(item: ItemFacts, zone: str, words: Words) -> list[Element]:
    """Return notes and what came of an item; a record stands in the place of its typed line.

    The line itself is left out: the record says the same, and what became of it. In a block of code
    nothing is cut, and what has no line in the notes follows them.
    """
    parts = outcome_parts(item.outcome, zone, words)
    by_label = {label: part for label, part in parts if label}
    recorded, elements = dict(item.recorded), list[Element]()
    passage: list[str] = []
    fenced = False
    for place, line in enumerate(item.notes.split("\n")):
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        part = None if fenced else by_label.pop(recorded.get(place, ""), None)
        if part is None:
            passage.append(line)
            continue
        elements += [*_passage(passage, again=bool(elements)), *part]
        passage = []
    elements += _passage(passage, again=bool(elements))
    below = [part for label, part in parts if not label or label in by_label]
    return [*elements, *(element for part in below for element in part)]


def _passage(lines: list[str], *, again: bool) -> list[Element]:
    """Return notes between records. again: not the first, so that an indent means nothing."""
    text = "\n".join(lines)
    return [Notes(read(dedent(text) if again else text))] if text.strip() else []


def _objections(content: MinutesContent, words: Words) -> list[Element]:
    if not content.objections:
        return []
    elements: list[Element] = [Heading(1, words("objections"))]
    for objection in content.objections:
        elements += _objection(objection, words)
    return elements


def _objection(objection: ObjectionFacts, words: Words) -> list[Element]:
    where = words("to_item", item=objection.item) if objection.item else words("to_the_whole")
    revision = words("to_revision", number=objection.revision)
    note = " · ".join((objection.by, where, revision, words.named(objection.state)))
    label = words("objection_label", number=objection.number)
    elements: list[Element] = [Callout("objection", label, objection.text, note)]
    if objection.answer.strip():
        elements += [Remark(words("chairs_answer")), Notes(read(objection.answer))]
    return elements


def _next_steps(content: MinutesContent, now: datetime, words: Words) -> list[Element]:
    """Return what is still to come: windows that are open, items left, the next meeting."""
    zone, life = content.meeting.zone, content.life
    lines = []
    window = life.objections_until if life.state is MinutesState.CIRCULATED else None
    if window is not None and window > now:
        lines.append(words("object_by", moment=words.moment(window, zone)))
    made = [*(item.outcome for item in content.items), content.beside]
    for decision in (each for one in made for each in one.decisions):
        if decision.veto_until is not None and decision.veto_until > now:
            until = words.moment(decision.veto_until, zone)
            lines.append(words("veto_by", label=decision.label, moment=until))
    left = [
        f"{item.label}. {item.title}"
        for item in content.items
        if not item.actual_seconds and item.kind is not ItemKind.BREAK
    ]
    if content.ended_at is not None and len(left) < len(content.items):
        lines += [words("left_over", items="; ".join(left))] if left else []
    if content.next_meeting is not None:
        upcoming = content.next_meeting
        when = words.moment(upcoming.starts_at, upcoming.zone)
        lines.append(words("next_meeting", title=upcoming.title, moment=when))
    if not lines:
        return []
    return [Heading(1, words("next_steps")), *(Remark(line) for line in lines)]
