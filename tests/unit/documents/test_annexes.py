"""What minutes and agendas may end with: the audit trail, the open actions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from projectdesk.domain.minutes import ActionStatus
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.exchange.documents import pdf
from projectdesk.exchange.documents.agenda_outline import of_agenda
from projectdesk.exchange.documents.content import (
    ActionFacts,
    AgendaContent,
    TrailFacts,
    TrailStep,
)
from projectdesk.exchange.documents.minutes_outline import of_minutes
from projectdesk.exchange.documents.outline import Facts, Grid, Heading
from tests.support.pdf_ua import assert_accessible
from tests.unit.documents import example

TRAIL = TrailFacts(
    revision=1,
    head="ab" * 32,
    circulated_head="cd" * 32,
    holds=True,
    steps=tuple(
        TrailStep(number, example.NOW + timedelta(hours=number), step, text, f"{number}f" * 32)
        for number, (step, text) in enumerate(
            [(AuditStep.BEGUN, "GA 2"), (AuditStep.CIRCULATED, None), ("of_a_newer_program", "x")],
            1,
        )
    ),
)


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_trail_is_a_table_with_its_heads(language: str) -> None:
    outline = of_minutes(
        replace(example.minutes(), trail=(TRAIL,)), now=example.NOW, language=language
    )
    grid = [each for each in outline.elements if isinstance(each, Grid)][-1]
    assert [row[0] for row in grid.rows] == ["1", "2", "3"]
    assert grid.rows[1][3] in {"(erased)", "(gelöscht)"}
    assert grid.rows[2][2] == "of_a_newer_program"
    facts = [each for each in outline.elements if isinstance(each, Facts)][-1]
    assert [value for _, value in facts.rows] == ["ab" * 32, "cd" * 32]


@pytest.mark.full
def test_minutes_with_their_trail_are_accessible() -> None:
    outline = of_minutes(replace(example.minutes(), trail=(TRAIL,)), now=example.NOW)
    data, unshown = pdf.render(outline, author="I. Holm", now=example.NOW)
    assert_accessible(data)
    assert unshown == frozenset()


def test_without_a_trail_there_is_no_annex() -> None:
    outline = of_minutes(example.minutes(), now=example.NOW)
    assert "Audit trail" not in [e.text for e in outline.elements if isinstance(e, Heading)]


def test_open_actions_are_by_owner_and_day_and_those_of_nobody_last() -> None:
    actions = tuple(
        ActionFacts(label, "Write it", owner, due, ActionStatus.OPEN)
        for label, owner, due in (
            ("A1", "", date(2026, 1, 1)),
            ("A2", "Ana", None),
            ("A3", "ana", date(2026, 5, 4)),
            ("A4", "Rui", date(2026, 1, 1)),
        )
    )
    content = AgendaContent(example.meeting(), example.items(), (), actions)
    outline = of_agenda(content, now=example.NOW)
    grid = [each for each in outline.elements if isinstance(each, Grid)][-1]
    assert [row[2] for row in grid.rows] == ["A3", "A2", "A4", "A1"]
