"""Typed lines: what is read, what could not be, and that what is written is read as the same."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from unicodedata import normalize
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projectdesk.catalogues import languages
from projectdesk.domain.rules.day_names import names
from projectdesk.domain.rules.typed_dates import DueFrame, due_at, due_words
from projectdesk.domain.rules.typed_lines import (
    HOLDS,
    LETTERS,
    LineKind,
    ParsedLine,
    ProblemCode,
    Reading,
    parse_line,
)
from projectdesk.domain.rules.typed_vocabulary import Label, Mark, Name, Vocabulary, folded
from projectdesk.domain.rules.typed_writing import format_line, rewritten
from tools import day_names

CASES = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "rules" / "typed_lines.json").read_text("utf-8")
)
SPACE = UUID(int=7)


def id_of(words: str) -> UUID:
    return uuid5(SPACE, words)


def shared_reading() -> Reading:
    known = CASES["vocabulary"]
    names = [
        Name(
            id_of(each["id"]),
            Mark(each["mark"]),
            each["name"],
            tuple(each.get("aliases", ())),
            each.get("detail", ""),
            id_of(each["partner"]) if "partner" in each else None,
        )
        for each in known["names"]
    ]
    labels = [
        Label(
            id_of(each["label"]),
            Mark(each["mark"]),
            each["label"],
            each["title"],
            id_of(each["of"]) if "of" in each else None,
        )
        for each in known["labels"]
    ]
    frame = DueFrame(
        date.fromisoformat(CASES["meeting_day"]),
        date.fromisoformat(CASES["project_start"]),
        CASES["project_months"],
    )
    return Reading(Vocabulary(names, labels), frame)


READING = shared_reading()


def read(line: str, reading: Reading = READING) -> ParsedLine:
    parsed = parse_line(line, reading)
    assert parsed is not None
    return parsed


def codes(parsed: ParsedLine) -> list[tuple[str, str]]:
    return [(each.code.value, each.words) for each in parsed.problems]


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["line"][:40])
def test_shared_cases_are_read_as_the_page_reads_them(case: dict[str, Any]) -> None:
    parsed = parse_line(case["line"], READING)
    if case["kind"] is None:
        assert parsed is None
        return
    assert parsed is not None
    told = {
        "line": case["line"],
        "kind": parsed.kind.value,
        "text": parsed.text,
        "due": parsed.due_on.isoformat() if parsed.due_on else None,
        "owners": [
            READING.vocabulary.written(each)
            for each in (parsed.person_id, parsed.partner_id)
            if each
        ],
        "records": [
            READING.vocabulary.label(each).label  # type: ignore[union-attr]
            for each in (*parsed.work_package_ids, parsed.deliverable_id, parsed.milestone_id)
            if each
        ],
        "spans": [[span.mark.value, span.start, span.end] for span in parsed.spans],
        "problems": [[each.code.value, each.start, each.end] for each in parsed.problems],
    }
    assert told == case


def test_a_drive_is_no_decision() -> None:
    assert parse_line("D:\\minutes", READING) is None
    assert parse_line("A:/b", READING) is None


def test_a_shared_name_says_who_may_be_meant() -> None:
    parsed = read("A: @Ana send it")
    assert parsed.person_id is None
    assert codes(parsed) == [("shared_name", "@Ana")]
    assert set(parsed.problems[0].choices) == {"Ana Silva", "Ana Maria Silva"}


def test_two_of_one_name_are_told_apart_by_their_partner() -> None:
    names = [
        Name(id_of(f"n{n}"), Mark.PERSON, "Jo Berg", (), detail)
        for n, detail in enumerate(["UPAT", "KTH", "KTH"])
    ]
    reading = Reading(Vocabulary(names), READING.frame)
    assert codes(read("A: @Jo Berg asks", reading)) == [("shared_name", "@Jo Berg")]
    for name in names:
        wanted = ParsedLine(LineKind.ACTION, "asks", person_id=name.id)
        assert read(format_line(wanted, reading), reading).person_id == name.id


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("12 Mar", "2027-03-12"),
        ("27 Nov", "2026-11-27"),
        ("26 Nov", "2027-11-26"),
        ("12. März", "2027-03-12"),
        ("March 3rd", "2027-03-03"),
        ("12 March 2028", "2028-03-12"),
        ("2027-03-12", "2027-03-12"),
        ("12.3.", "2027-03-12"),
        ("12.3.28", "2028-03-12"),
        ("29 Feb", "2028-02-29"),
        ("M14", "2027-02-28"),
        ("+2w", "2026-12-11"),
        ("+3d", "2026-11-30"),
        ("+3m", "2027-02-27"),
        ("Fri", "2026-12-04"),
        ("Montag", "2026-11-30"),
        ("12 mars", "2027-03-12"),
        ("1er fe\u0301vr. 2027", "2027-02-01"),
        ("12 de marzo de 2028", "2028-03-12"),
        ("12 de marzo", "2027-03-12"),
        ("12 pazdziernika 2027", "2027-10-12"),
        ("12. oktober", "2027-10-12"),
        ("1\u00ba maggio", "2027-05-01"),
        ("12 ابريل", "2027-04-12"),
        ("30 آب", "2027-08-30"),
        ("mardi", "2026-12-01"),
        ("mar 8 dicembre", "2026-12-08"),
        ("mar. 12 mars", "2027-03-12"),
        ("lun 7 dic", "2026-12-07"),
        ("Fri, 11 Dec 2026", "2026-12-11"),
        ("mar 8", "2027-03-08"),
        ("mar", "2026-12-01"),
        ("Śr", "2026-12-02"),
        ("الأحد", "2026-11-29"),
    ],
)
def test_dates(words: str, day: str) -> None:
    found = due_at(f"//{words}", 2, READING.frame)
    assert found.day == date.fromisoformat(day)
    assert found.end == len(words) + 2


@pytest.mark.parametrize(
    ("words", "trouble"),
    [
        ("30 Feb", "no_such_day"),
        ("2027-13-01", "no_such_day"),
        ("5/6", "ambiguous_date"),
        ("soon", "unreadable_date"),
        ("M0", "no_such_month"),
        ("12 people", "unreadable_date"),
    ],
)
def test_dates_that_are_none(words: str, trouble: str) -> None:
    found = due_at(f"//{words}", 2, READING.frame)
    assert found.day is None
    assert found.trouble == trouble


def test_a_project_month_needs_the_projects_start() -> None:
    found = due_at("//M3", 2, DueFrame(date(2026, 11, 27)))
    assert found.trouble == "no_project_start"


_LIKE = [
    f"//12{dot} {name}"
    for language in languages("rules")
    for group in names("line.months", language)
    for dot, name in zip(("", "."), group[:2], strict=False)
]


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.dates(date(2000, 1, 1)),
       st.sampled_from(["", "//12 Mar", "//2027-03-12", "//12.3.", *_LIKE]))  # fmt: skip
def test_a_date_that_is_written_is_read(day: date, meeting: date, like: str) -> None:
    frame = DueFrame(meeting)
    words = due_words(day, frame, like)
    found = due_at(words, 2, frame)
    assert (found.day, found.end) == (day, len(words))


@settings(max_examples=60)
@given(st.data())
def test_any_language_s_name_of_a_month_is_read_whatever_its_case_and_accents(data) -> None:
    language = data.draw(st.sampled_from(languages("rules")))
    number = data.draw(st.integers(1, 12))
    name = data.draw(st.sampled_from(names("line.months", language)[number - 1]))
    name = data.draw(st.sampled_from([name, name.upper(), normalize("NFD", name), folded(name)]))
    ways = [f"17 {name}", f"17. {name}", f"17 {name}. 2027", f"{name} 17"]
    written = data.draw(st.sampled_from(ways))
    found = due_at(f"//{written} then", 2, READING.frame)
    assert found.end == len(written) + 2
    assert found.day is not None
    assert (found.day.month, found.day.day) == (number, 17)


@settings(max_examples=60)
@given(st.data())
def test_any_language_s_name_of_a_day_is_read(data) -> None:
    language = data.draw(st.sampled_from(languages("rules")))
    number = data.draw(st.integers(0, 6))
    name = data.draw(st.sampled_from(names("line.days", language)[number]))
    name = data.draw(st.sampled_from([name, name.upper(), normalize("NFD", name), folded(name)]))
    found = due_at(f"//{name}, then", 2, READING.frame)
    assert found.end == len(name) + 2
    assert found.day is not None
    assert found.day.weekday() == number


@pytest.mark.parametrize(("key", "count"), [("line.months", 12), ("line.days", 7)])
def test_names_are_whole_and_none_means_two(key: str, count: int) -> None:
    meant: dict[str, int] = {}
    for language in languages("rules"):
        groups = names(key, language)
        assert len(groups) == count, language
        for number, group in enumerate(groups):
            for name in group:
                assert meant.setdefault(folded(name), number) == number, name


def test_the_page_has_the_same_names() -> None:
    assert day_names.FILE.read_text("utf-8") == day_names.text(), "run python -m tools.day_names"


def test_a_date_keeps_its_language() -> None:
    frame = DueFrame(date(2026, 11, 27))
    likes = ("//ven. 12 mars", "//12. März", "//3 kwietnia", "//1er févr.", "//12 مارس", "//12 Mar")
    told = [due_words(date(2027, 5, 2), frame, like) for like in likes]
    assert told == ["//2 mai", "//2. Mai", "//2 maja", "//2 mai", "//2 مايو", "//2 May"]


def test_a_new_due_date_changes_only_the_date() -> None:
    line = "  - a: @Ana Silva: ask WP3 //12 Mar, then tell @UNIV-X"
    moved = replace(read(line), due_on=date(2027, 5, 2))
    assert rewritten(line, moved, READING) == line.replace("//12 Mar", "//2 May")
    none = replace(read("A: ask"), due_on=date(2027, 5, 2))
    assert rewritten("A: ask", none, READING) == "A: ask //2 May"


def test_a_new_owner_changes_only_the_name() -> None:
    line = "A: @Ana Silva  WP3 ask"
    other = READING.vocabulary.called("Łukasz Żółć").name
    assert other is not None
    moved = replace(read(line), person_id=other.id)
    assert rewritten(line, moved, READING) == "A: @Łukasz Żółć  WP3 ask"


# --- properties -----------------------------------------------------------------------------------

_BITS = ["@", "//", "\\", '"', "Ana", "Silva", "Maria", "UNIV-X", "UNIV", "WP3", "T3.1", "D3.2",
         "MS4", "R2", "12 Mar", "//Fri", "//M14", "//+2w", " ", ":", ",", ".", "D:", "😀", "é",
         "1", "x", "//2027-03-12", "@Ana Silva", '@"Ana Maria Silva"', "(", "-"]  # fmt: skip
_TEXT = st.one_of(
    st.lists(st.sampled_from(_BITS), max_size=8).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)


def _pick(mark: Mark) -> list[UUID]:
    known = READING.vocabulary
    every = [*((n.mark, n.id) for n in known.names), *((x.mark, x.id) for x in known.labels)]
    return [each for of, each in every if of is mark]


@st.composite
def sayings(draw: st.DrawFn) -> ParsedLine:
    kind = draw(st.sampled_from(LineKind))
    holds = HOLDS[kind]

    def maybe(mark: Mark) -> UUID | None:
        return draw(st.none() | st.sampled_from(_pick(mark))) if mark in holds else None

    most = 2 if kind is LineKind.RISK else 1
    packages = draw(st.lists(st.sampled_from(_pick(Mark.WORK_PACKAGE)), unique=True, max_size=most))
    text = " ".join(draw(_TEXT).splitlines()).strip()
    dated = Mark.DUE in holds
    days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
    return ParsedLine(
        kind,
        text,
        maybe(Mark.PERSON),
        maybe(Mark.PARTNER),
        tuple(packages),
        maybe(Mark.DELIVERABLE),
        maybe(Mark.MILESTONE),
        draw(st.none() | days) if dated else None,
    )


def check_round_trip(said: ParsedLine) -> None:
    line = format_line(said, READING)
    assert "\n" not in line
    assert parse_line(line, READING) == said, line


@settings(max_examples=25, deadline=None)
@given(sayings())
def test_what_is_written_is_read_as_the_same(said: ParsedLine) -> None:
    check_round_trip(said)


@pytest.mark.full
@settings(max_examples=2_000, deadline=None)
@given(sayings())
def test_what_is_written_is_read_as_the_same_at_length(said: ParsedLine) -> None:
    check_round_trip(said)


def check_anything(line: str) -> None:
    parsed = parse_line(line, READING)
    if parsed is None:
        return
    size = len(line.encode("utf-16-le", "surrogatepass")) // 2
    stretches = [(span.start, span.end) for span in parsed.spans]
    stretches += [(problem.start, problem.end) for problem in parsed.problems]
    assert all(0 <= start < end <= size for start, end in stretches)
    places = [span.start for span in parsed.spans]
    assert places == sorted(places)
    wordless = not any(letter.isalnum() for letter in parsed.text)
    assert wordless == any(p.code is ProblemCode.EMPTY for p in parsed.problems)
    again = format_line(parsed, READING)
    assert parse_line(again, READING) == replace(parsed, text=" ".join(parsed.text.splitlines()))


_LINES = st.builds(
    lambda prefix, letter, text: f"{prefix}{letter}: {text}",
    st.sampled_from(["", "  - ", "1. ", "* [ ] "]),
    st.sampled_from([*LETTERS.values(), "a"]),
    _TEXT.map(lambda text: " ".join(text.splitlines())),
)


@settings(max_examples=25, deadline=None)
@given(_LINES)
def test_any_line_is_read_and_written_again(line: str) -> None:
    check_anything(line)


@pytest.mark.full
@settings(max_examples=2_000, deadline=None)
@given(_LINES)
def test_any_line_is_read_and_written_again_at_length(line: str) -> None:
    check_anything(line)


@settings(max_examples=25, deadline=None)
@given(_TEXT, sayings())
def test_a_line_that_is_rewritten_says_what_was_wanted(words: str, said: ParsedLine) -> None:
    line = f"- {LETTERS[said.kind]}: {' '.join(words.splitlines())}"
    assert parse_line(rewritten(line, said, READING), READING) == said
