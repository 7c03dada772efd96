"""Documents speak every language that there is a file for, whole."""

from __future__ import annotations

import ast
import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest

import projectdesk.exchange.documents as package
from projectdesk import resources
from projectdesk.domain import meetings, minutes, preparation, voting, workplan
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.errors import DomainError
from projectdesk.exchange.documents import agenda_outline, minutes_outline
from projectdesk.exchange.documents.outline import Outline
from projectdesk.exchange.documents.words import language_of, languages, words
from projectdesk.services import review_document
from projectdesk.services.commands import gantt_files
from tests.unit.documents import example

_SPEAKERS = {"words", "say"}
_ENUMERATIONS: tuple[type[StrEnum], ...] = (
    AuditStep,
    meetings.ItemKind,
    meetings.CallRole,
    meetings.InvitationAnswer,
    minutes.ActionStatus,
    minutes.MinutesState,
    minutes.DecisionState,
    minutes.DecisionOrigin,
    minutes.ObjectionState,
    preparation.QuestionState,
    voting.VetoState,
    voting.VoteResult,
    voting.VoteState,
    workplan.DeliverableStatus,
    workplan.RiskGrade,
    workplan.RiskStatus,
)
_SPEAKING: tuple[Path, ...] = (
    *Path(str(package.__file__)).parent.glob("*.py"),
    Path(str(gantt_files.__file__)),
    Path(str(review_document.__file__)),
)
"""Where the words of documents are asked for."""


def catalogue(language: str) -> dict[str, str]:
    """Return all texts of a language."""
    file = resources.path("i18n", f"documents.{language}.json")
    return dict(json.loads(file.read_text(encoding="utf-8")))


def literals() -> set[str]:
    """Return every text that stands in the code of the documents."""
    found: set[str] = set()
    for path in _SPEAKING:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def asked_for() -> set[str]:
    """Return the keys that the code asks for by name."""
    found: set[str] = set()
    for path in _SPEAKING:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            speaks = isinstance(node.func, ast.Name) and node.func.id in _SPEAKERS
            if speaks and isinstance(node.args[0], ast.Constant):
                found.add(str(node.args[0].value))
    return found


def test_every_text_that_is_asked_for_is_there_and_every_other_is_gone() -> None:
    known = set(catalogue("en"))
    members = {f"{kind.__name__}.{m.name.lower()}" for kind in _ENUMERATIONS for m in kind}
    assert members <= known
    assert asked_for() <= known
    said = literals() | members | {"Acceptance.unopposed", "Acceptance.approved"}
    assert {
        key for key in known - said - {"language"} if not re.match(r"days\.|choice\.", key)
    } == set()


def test_german_dates_and_spans() -> None:
    german, start = words("de"), datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert german.long_day(date(2026, 3, 9)) == "Montag, 9. März 2026"
    assert german.span(start, 90, "Europe/Berlin") == "10:00 bis 11:30, Ortszeit Berlin"
    assert german.counted("days", 1) == "1 Tag"


def test_figures_have_the_decimal_mark_of_their_language() -> None:
    value = Decimal("1.5")
    assert [words(tag).figure(value) for tag in ("en", "de", "pl", "ar")] == [
        "1.50", "1,50", "1,50", "1.50",
    ]  # fmt: skip
    assert words("de").signed(-value) == "-1,50"
    assert words("ar").signed(value) == "\N{LEFT-TO-RIGHT MARK}+1.50", "the sign stays before it"


def test_things_are_counted_in_the_forms_of_a_language() -> None:
    polish, arabic = words("pl"), words("ar")
    assert [polish("short_late", count=n).split()[1] for n in (1, 3, 5)] == [
        "rezultat", "rezultaty", "rezultatów",
    ]  # fmt: skip
    assert [arabic.counted("days", n) for n in (1, 2, 3, 11)] == [
        "1 يوم", "يومان", "3 أيام", "11 يومًا",
    ]  # fmt: skip


def test_a_persons_first_known_language_is_taken() -> None:
    assert language_of(["pt", "de-AT", "en"]) == "de"
    assert language_of([]) == "en"


def test_an_unknown_language_is_refused_with_those_there_are() -> None:
    with pytest.raises(DomainError, match=f"expected {', '.join(languages())}"):
        words("tlh")


def test_no_english_is_left_in_german_minutes(every_document: dict[str, Outline]) -> None:
    said = repr(every_document["minutes"])
    for word in ("Decision D", "Action A", "present or", "Attendance", "planned", "Next", "Held"):
        assert word not in said


def test_an_agenda_speaks_german() -> None:
    content = example.AgendaContent(example.meeting(), example.items(), example.invitees())
    made = agenda_outline.of_agenda(content, now=example.NOW, language="de")
    assert "Tagesordnung" in made.kicker
    assert "Zeiten in Ortszeit Copenhagen" in repr(made.elements)
    assert minutes_outline.of_minutes(example.minutes(), now=example.NOW).language == "en"
