"""The annex of minutes: their audit trail as tables, its heads, and how it is checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.exchange.documents.content import TrailFacts, TrailStep
from projectdesk.exchange.documents.outline import Element, Facts, Grid, Heading, Remark
from projectdesk.exchange.documents.trail_texts import text_in
from projectdesk.exchange.documents.words import Words

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


def _revision(trail: TrailFacts, zone: str, words: Words) -> list[Element]:
    title = words("trail_revision", number=trail.revision)
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
    return [Heading(2, title), grid, Facts(tuple(heads)), Remark(holds)]


def _said(step: TrailStep, zone: str, words: Words) -> str:
    if step.text is None:
        return words("trail_erased")
    return text_in(step.step, step.text, zone, words)
