"""What was done is said in the reader's language, as services call it in the history."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from projectdesk import services
from projectdesk.catalogues import written
from projectdesk.desktop.language import speaking
from projectdesk.desktop.models import label_words
from projectdesk.desktop.models.label_words import say_label
from projectdesk.services.kinds import SPECS
from projectdesk.services.queries.recent import _ANSWERS, _NOTES

SERVICES = Path(services.__file__).parent
SHAPED = {
    # verb or noun, name and count are put together where the change is made
    "{} {}", "{} {} actions",
    "{}directory from CORDIS",
    "Carry {} item{} over from {}", "Move {} with all in it {}", "Attach “{}” to {}",
}  # fmt: skip
ELSEWHERE = {
    # made by a function of its own, by the desktop, or said of what a host told
    "Add members", "Add member", "Add {} in the minutes", "Change {} in the minutes",
    "Delete {} in the minutes", "Approve effort", "Approve effort {}",
    "Approve effort {} statements",
    "Send back effort", "Send back effort {}", "Remind of effort", "Remind of effort {}",
    "Remind of effort {} statements", "Ask {}", "Ask {} voters", "Ask {} members",
    "Ask {} partners for effort in {}", "Remind {}", "Remind {} voters", "Remind {} members",
    "Attach {} documents to {}", "Begin section “{}”", "Carry {} item over from {}",
    "Carry {} items over from {}", "Change {} of {} records", "Change effort in {} cells",
    "Change effort of {}", "Change {} of {} {}", "Collected: {} {}",
    "Import busy times from {}", "Import directory from CORDIS", "Import meetings from {}",
    "Import organisations from CORDIS", "Import people from {}", "Import project file {}",
    "Import work plan from {}", "Import {} from CORDIS", "Import {} from {}",
    "Import {} projects from CORDIS", "Lengthen {} by {}", "Shorten {} by {}", "Move {} by {}",
    "Move {} back by {}", "Move {} with all in it by {}", "Move {} with all in it back by {}",
    "Move {} {} to {}", "Note when the agenda was sent", "Note when the invitations were sent",
    "Mail is not needed any more", "Mail may have been sent", "Mail waits", "Mail was refused",
    "Mail was sent", "Put {} items into the backlog", "Put {} items on the agenda",
    "Read calendars again", "Redo: {}", "Undo: {}", "Take {} items to {}",
    *(f"{verb} {{}}" for verb in ("Close", "Comment on", "Postpone", "Reopen")),
    *(f"{verb} {{}} actions" for verb in ("Close", "Comment on", "Postpone", "Reopen")),
    *(f"{verb} {{}} cell{s}" for verb in ("Clear", "Fill", "Paste") for s in ("", "s")),
    *(f"Send {{}} {what}{s} to {{}}" for what in ("invitation", "update", "cancellation")
      for s in ("", "s")),
    *(re.sub(r"\{\w+\}", "{}", text) for text in _ANSWERS.values()),
    *(re.sub(r"\{\w+\}", "{}", text) for text in _NOTES.values()),
    *(re.sub(r"\{\w+\}", "{}", text) + ": {}" for text in _NOTES.values()),
}  # fmt: skip


def labels() -> Iterator[str]:
    """Yield what changes are called in the code of services, with `{}` for what is filled in."""
    for file in sorted(SERVICES.rglob("*.py")):
        source = file.read_text(encoding="utf-8")
        if "change(" not in source and "unit.label" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "change":
                if "workspace" in ast.unparse(node.func):
                    yield from said(node.args[0])
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "unit.label":
                yield from said(node.value)


def said(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from (*said(one), *said(other))
        case ast.BoolOp(values=several):
            for each in several:
                yield from said(each)
        case ast.Call(func=ast.Attribute(value=inner)):
            yield from said(inner)


def test_every_label_of_the_code_is_known_and_no_other():
    """The other languages are compared with German in `tests/unit/languages`."""
    shapes = {re.sub(r"\{\w+\}", "{}", each) for each in written("labels", "de")}
    made = set(labels())
    assert len(made) > 200
    assert sorted(made - shapes - SHAPED) == [], "not translated"
    assert sorted(shapes - made - ELSEWHERE) == [], "no longer said"
    assert sorted(SHAPED - made) == []


@pytest.mark.parametrize(
    ("label", "german"),
    [
        ("Merge", "Zusammenführen"),
        ("Change title, start month of WP3", "Titel, Startmonat von WP3 ändern"),
        ("Delete 4 deliverables", "4 × Arbeitsergebnis löschen"),
        ("Add work package WP9", "Arbeitspaket WP9 hinzufügen"),
        ("Add partner NIVA", "Partner NIVA hinzufügen"),
        ("Add dates to “Kick-off”", "Termine zu “Kick-off” hinzufügen"),
        ("Move T3.2 back by 1 month", "T3.2 um 1 Monat vorziehen"),
        ("Move “Welcome”", "„Welcome“ verschieben"),
        ("Undo: Delete task T3.1", "Rückgängig: Arbeitsschritt T3.1 löschen"),
        ("Redo: Undo: Merge", "Wiederholt: Rückgängig: Zusammenführen"),
        ("Carry 3 items over from Board 2", "3 Punkte aus Board 2 übernehmen"),
        ("Import deliverables from plan.csv", "Arbeitsergebnis: aus plan.csv importieren"),
        ("Ada postponed A3 “Report” to 2027-03-01: no time",
         "Ada hat A3 „Report“ auf 2027-03-01 verschoben: no time"),
        ("Collected: 2 actions", "Abgeholt: 2 × Aufgabe"),
        ("What a later version does", "What a later version does"),
    ],
)  # fmt: skip
def test_a_label_is_said_in_german(qapp, label, german):
    assert say_label(label) == label
    with speaking(qapp, "de"):
        assert say_label(label) == german


def test_a_kind_is_small_within_a_sentence_where_nouns_are(qapp):
    with speaking(qapp, "fr"):
        assert say_label("Delete task T3.1") == "Supprimer\N{NO-BREAK SPACE}: tâche T3.1"


def test_every_kind_of_record_has_a_word(qapp):
    with speaking(qapp, "de"):
        for spec in SPECS.values():
            for noun in (spec.noun, spec.plural):
                assert label_words.noun(noun)
                assert label_words.noun(noun) != noun or noun in {"person", "partner"}, noun
