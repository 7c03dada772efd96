"""What errors say is in the catalogues, as the code says it."""

from __future__ import annotations

import ast
import pickle
import re
from collections.abc import Collection, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from projectdesk import errors
from projectdesk.catalogues import written
from projectdesk.desktop.language import say_error, speaking
from projectdesk.errors import BadRow, DomainError, NotFound, ProjectDeskError

SOURCE = Path(errors.__file__).parent
ELSEWHERE = {
    *("commandline", "bench", "demo", "screens"),  # said at a command line, which is English
    *("host", "media", "room", "signalling"),  # said to pages, which have texts of their own
    *("cli", "doctor", "guide"),
}
CODE = re.compile(r"[a-z]+(_[a-z0-9]+)*")
CLASS = re.compile(r"^class (\w+)\((\w+)", re.MULTILINE)
PAIR = r'"[a-z0-9_]+",\s+"[A-Z“{]|\btext = "'
"""A code and a text beside each other, or a text that goes to who makes the error."""
WORDS = re.compile(r"\b(an?|the|no|not|of|is|its) [a-z]")
"""English, not a name or a format."""
SENTENCE = re.compile(r"[A-Z“{].* .*[.?:)}”]", re.DOTALL)


def kinds_of_errors(sources: Collection[str]) -> set[str]:
    """Return the names of the classes that come from `ProjectDeskError`."""
    classes = [found for source in sources for found in CLASS.findall(source)]
    kinds = {"ProjectDeskError"}
    while True:
        more = {name for name, base in classes if base in kinds}
        if more <= kinds:
            return kinds
        kinds |= more


def texts(tree: ast.Module, kinds: set[str]) -> Iterator[str]:
    """Yield what the errors of a module say: literals, and names that literals are given to."""
    given: dict[str, list[ast.expr]] = {}
    nodes = list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    given.setdefault(target.id, []).append(node.value)

    def said(value: ast.expr) -> Iterator[str]:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value
        elif isinstance(value, ast.IfExp):
            yield from said(value.body)
            yield from said(value.orelse)
        elif isinstance(value, ast.Name):
            for each in given.get(value.id, []):
                yield from said(each)

    for node in nodes:
        if isinstance(node, ast.Call) and len(node.args) > 1:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in kinds:
                yield from said(node.args[1])
        # A function, or a constant, that takes code and text together for an error.
        values = node.args if isinstance(node, ast.Call) else getattr(node, "elts", [])
        for code, text in pairwise(values):
            if isinstance(code, ast.Constant) and CODE.fullmatch(str(code.value)):
                yield from (each for each in said(text) if SENTENCE.fullmatch(each))


@cache
def texts_of_errors() -> frozenset[str]:
    sources = {file: file.read_text(encoding="utf-8") for file in sorted(SOURCE.rglob("*.py"))}
    kinds = kinds_of_errors(sources.values())
    may_say = re.compile(rf"\b({'|'.join(kinds)})\b|{PAIR}")
    found: set[str] = set()
    for file, source in sources.items():
        room = file.relative_to(SOURCE).with_suffix("").parts[0]
        if room not in ELSEWHERE and may_say.search(source):
            found.update(texts(ast.parse(source), kinds))
        if "worded(" in source:
            found.update(texts_worded(ast.parse(source)))
    return frozenset(found)


def texts_worded(tree: ast.Module) -> Iterator[str]:
    """Yield what readers of files and rules say: the first arguments of `worded`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "worded":
            match node.args[0]:
                case ast.Constant(value=str(text)):
                    yield text
                case other:
                    pytest.fail(ast.unparse(other))


def words_in_places(tree: ast.Module, kinds: Collection[str]) -> Iterator[str]:
    """Yield English words that fill a place of an error as plain text: nobody translates them."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or len(node.args) < 2:
            continue
        if getattr(node.func, "attr", getattr(node.func, "id", "")) not in kinds:
            continue
        text = str(node.args[1].value) if isinstance(node.args[1], ast.Constant) else ""
        for fact in node.keywords:
            if f"{{{fact.arg}}}" in text:
                yield from (
                    str(part.value)
                    for part in ast.walk(fact.value)
                    if isinstance(part, ast.Constant) and WORDS.search(str(part.value))
                    if not is_worded(part, fact.value)
                )


def is_worded(part: ast.AST, value: ast.expr) -> bool:
    """Tell whether a part of a value stands in a call of `worded`."""
    calls = (each for each in ast.walk(value) if isinstance(each, ast.Call))
    return any(
        getattr(call.func, "id", "") == "worded" and part in ast.walk(call) for call in calls
    )


def test_every_text_of_an_error_is_in_the_german_catalogue_and_no_other():
    """The other languages are compared with it in `test_catalogues`."""
    texts = written("errors", "de").keys()
    assert sorted(texts_of_errors() - texts) == [], "not translated"
    assert sorted(texts - texts_of_errors()) == [], "no longer said"


def test_no_english_words_fill_a_place_of_an_error():
    """They are `worded`, so that a catalogue has them too; noun and field are looked up."""
    sources = {file: file.read_text(encoding="utf-8") for file in sorted(SOURCE.rglob("*.py"))}
    kinds = kinds_of_errors(sources.values())
    plain = {
        f"{file.name}: {words}"
        for file, source in sources.items()
        if file.relative_to(SOURCE).with_suffix("").parts[0] not in ELSEWHERE
        for words in words_in_places(ast.parse(source), kinds)
    }
    assert plain == set()


@pytest.mark.parametrize("error", [NotFound, BadRow])
def test_an_error_says_what_happened_in_the_reader_s_language(qapp, error):
    made = error("no_such_project", "There is no project “{wanted}”.", wanted="TIDE")
    for again in (made, pickle.loads(pickle.dumps(made))):
        with speaking(qapp, "de"):
            assert say_error(again) == "Es gibt kein Projekt „TIDE“."
        assert say_error(again) == again.text == "There is no project “TIDE”."


def test_an_error_that_repeats_its_cause_repeats_it_in_that_language(qapp):
    cause = DomainError("nothing_to_undo", "There is nothing to undo.")
    error = DomainError(
        "bad_row",
        "{file}, row {row}, column {column}: {reason}",
        file="a.csv",
        row=2,
        column="Name",
        reason=cause.text,
    )
    error.__cause__ = cause
    with speaking(qapp, "de"):
        assert say_error(error).startswith("a.csv, Zeile 2, Spalte Name: ")
        assert say_error(error).endswith("Es gibt nichts rückgängig zu machen.")


def test_the_words_of_another_program_stay(qapp):
    told = ProjectDeskError.told("told", "550 no such mailbox ({not a place)")
    with speaking(qapp, "de"):
        assert say_error(told) == told.text == "550 no such mailbox ({not a place)"


def test_the_desktop_shows_no_error_in_english():
    """`error.text` is what logs and commands say; one place looks for what the text has."""
    shown = {
        file.name
        for file in (SOURCE / "desktop").rglob("*.py")
        if re.search(r"\berror\.text\b(?! =)", file.read_text(encoding="utf-8"))
    }
    assert shown == {"importing.py", "language.py"}, "they look for places in it; all others say it"
