"""Audit trails as tables, with their heads and how they are checked.

Of minutes they are an annex, of a written procedure a document.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.exchange.documents.content import ProcedureTrail, TrailFacts, TrailStep
from projectdesk.exchange.documents.heads import footer, register_head
from projectdesk.exchange.documents.outline import Element, Facts, Grid, Heading, Outline, Remark
from projectdesk.exchange.documents.trail_texts import text_in
from projectdesk.exchange.documents.words import ENGLISH, Words, words

_SHOWN: Final = 16
"""Hex digits of a check value in the table; the head is printed whole."""


def trail_annex(trails: Sequence[TrailFacts], zone: str, words: Words) -> list[Element]:
    """Return the annex; nothing where no step was taken yet.

    Args:
        trails: of each revision, the first one first.
        zone: in whose clock the steps are told.
        words: of the document's language.
    """
    if not trails:
        return []
    elements: list[Element] = [Heading(1, words("trail")), Remark(words("trail_what"))]
    for trail in trails:
        elements += _revision(trail, zone, words)
    how = f"{words('trail_how')} {words('trail_how_words')}"
    return [*elements, Heading(2, words("trail_check")), Remark(how)]


def of_procedure(content: ProcedureTrail, *, now: datetime, language: str = ENGLISH) -> Outline:
    """Return the outline of the audit trail of a written procedure."""
    say = words(language)
    title = say("trail_procedure_title", label=content.label)
    facts = [*register_head(content.scope, say), (say("body"), content.body)]
    how = f"{say('trail_procedure_how', label=content.label)} {say('trail_how_words')}"
    elements = (
        Facts(tuple(each for each in facts if each[1])),
        Heading(1, content.question),
        Remark(say("trail_procedure_what")),
        *_trail(content.trail, title, content.zone, say),
        Heading(2, say("trail_check")),
        Remark(how),
    )
    return Outline(
        title=title,
        kicker=content.scope.project,
        footer=footer(content.scope.project, title, now, say),
        elements=elements,
        about=say("project"),
        language=say.language,
        logo=content.scope.logo,
    )


def _revision(trail: TrailFacts, zone: str, words: Words) -> list[Element]:
    title = words("trail_revision", number=trail.revision)
    return [Heading(2, title), *_trail(trail, title, zone, words)]


def _trail(trail: TrailFacts, title: str, zone: str, words: Words) -> list[Element]:
    headers = ("trail_number", "trail_when", "trail_step", "trail_says", "trail_value")
    grid = Grid(
        caption=title,
        headers=tuple(words(each) for each in headers),
        rows=tuple(
            (
                str(step.number),
                words.moment(step.at, zone),
                words.named(step.step) if isinstance(step.step, AuditStep) else step.step,
                _said(step, zone, words),
                step.value[:_SHOWN],
            )
            for step in trail.steps
        ),
        weights=(1, 4, 4, 7, 4),
    )
    heads = [(words("trail_head"), trail.head)]
    if trail.circulated_head:
        heads.append((words("trail_circulated_head"), trail.circulated_head))
    holds = words("trail_holds") if trail.holds else words("trail_broken")
    return [grid, Facts(tuple(heads)), Remark(holds)]


def _said(step: TrailStep, zone: str, words: Words) -> str:
    if step.text is None:
        return words("trail_erased")
    return text_in(step.step, step.text, zone, words)
