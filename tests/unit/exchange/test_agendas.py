"""Agendas as people write them: a corpus after real habits, and what no text may do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projectdesk.domain.meetings import ItemKind
from projectdesk.domain.rules.agenda_times import DAY_MINUTES, LAST_DAY
from projectdesk.errors import UnreadableFile
from projectdesk.exchange.agendas import ReadAgenda, read_agenda
from projectdesk.exchange.agendas.marks import Times, is_break, is_people, take_length, take_times

CORPUS = Path(__file__).parents[2] / "fixtures" / "agendas"
KNOWN = {"LAB", "Ingrid Holm", "Ingrid", "Ana Sousa", "Kim Jae"}
FILES = sorted(path for path in CORPUS.iterdir() if path.name != "expected.txt")


def told(name: str, agenda: ReadAgenda) -> str:
    """Return what was read as lines that a person can check against the file."""
    lines = [f"== {name}: {agenda.title or '-'} {agenda.starts or ''}".rstrip()]
    for item in agenda.items:
        parts = [f"{item.day}", item.kind.value, f"{item.minutes} min", item.title]
        parts += [f"@{item.starts_minute}"] if item.starts_minute is not None else []
        parts += [f"by {item.presenter}"] if item.presenter else []
        parts += [f"under {item.section}"] if item.section else []
        parts += [f"in {item.track}"] if item.track else []
        parts += [f"with {item.description!r}"] if item.description else []
        lines.append(" | ".join(parts))
    lines += [f"! {finding.row}: {finding.text}" for finding in agenda.findings]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_corpus_is_read_as_a_person_would(path: Path) -> None:
    expected = (CORPUS / "expected.txt").read_text("utf-8").split("\n\n")
    agenda = read_agenda(path.read_text("utf-8"), path.name, KNOWN)
    assert told(path.name, agenda).strip() in [each.strip() for each in expected]


@pytest.mark.parametrize(
    ("line", "starts", "ends", "rest"),
    [
        ("09:00 Welcome", 540, None, "Welcome"),
        ("9.30-10.00 Welcome", 570, 600, "Welcome"),
        ("14h30 - 15h: Talk", 870, 900, "Talk"),
        ("9 am to 10:30 am Talk", 540, 630, "Talk"),
        ("1 - 2 pm Talk", None, None, "1 - 2 pm Talk"),
        ("1:00 - 2:00 pm Talk", 780, 840, "Talk"),
        ("12:00 AM Start", 0, None, "Start"),
        ("0930-1000 Talk", 570, 600, "Talk"),
        ("(10:15) Talk", 615, None, "Talk"),
        ("10:00 Uhr Begrüßung", 600, None, "Begrüßung"),
        ("10:00–10:20 CET | Talk", 600, 620, "Talk"),
        ("1.10 Sub-item", None, None, "1.10 Sub-item"),
        ("3 partners report", None, None, "3 partners report"),
        ("2026 budget", None, None, "2026 budget"),
    ],
)
def test_times_at_the_start_of_a_line(line, starts, ends, rest):
    assert take_times(line) == (Times(starts, ends), rest)


@pytest.mark.parametrize(
    ("line", "minutes", "rest"),
    [
        ("Welcome (15 min)", 15, "Welcome"),
        ("Welcome [1h30]", 90, "Welcome"),
        ("Welcome (20')", 20, "Welcome"),
        ("Welcome – 45 minutes", 45, "Welcome"),
        ("Talk (1.5 hours)", 90, "Talk"),
        ("15 min: Talk", 15, "Talk"),
        ("Talk (Ana, 20 min)", 20, "Talk (Ana)"),
        ("Talk (20 min, Ana)", 20, "Talk (Ana)"),
        ("The 15 minutes of fame", None, "The 15 minutes of fame"),
        ("(15 min)", 15, ""),
        ("Budget of 2 m EUR", None, "Budget of 2 m EUR"),
    ],
)
def test_lengths_in_a_line(line, minutes, rest):
    assert take_length(line) == (minutes, rest)


def test_breaks_and_what_only_sounds_like_one():
    breaks = ("Coffee", "Lunch break", "Coffee break & group photo", "Kaffeepause", "Short break")
    assert all(is_break(title) for title in breaks)
    others = ("Breakthroughs", "Break-even analysis", "Lunch seminar on data", "Working group")
    assert not any(is_break(title) for title in others)


def test_people_and_what_only_looks_like_some():
    known = {"lab", "ingrid"}
    people = ("Ida Holm", "Dr. Berg", "Ida Holm (DTU) and A. Sousa", "LAB", "ingrid", "All", "tbc")
    assert all(is_people(text, known) for text in people)
    others = ("where we are", "WP2", "D3.2", "status of the work", "", "next steps 2026")
    assert not any(is_people(text, known) for text in others)


@pytest.mark.parametrize("text", ["", "Dear all,", "# Title only", "17:00 End\n", "\n\n---\n"])
def test_a_text_without_items_is_refused_with_what_was_expected(text):
    with pytest.raises(UnreadableFile, match="bullet, a number or a time") as caught:
        read_agenda(text, "mail.txt")
    assert caught.value.code == "no_agenda"


def test_a_text_that_is_no_agenda_is_refused_by_its_length():
    with pytest.raises(UnreadableFile) as caught:
        read_agenda("- item\n" * 100_000)
    assert caught.value.code == "agenda_too_long"


def found(agenda: ReadAgenda) -> list[str]:
    return [f"{one.code} {one.row} {one.text}" for one in agenda.findings]


def test_an_item_that_is_called_item_keeps_its_label():
    agenda = read_agenda("- Item 1 (5 min)\n- item 99 (5 min)\n- Item 3: Budget (5 min)\n")
    assert [item.title for item in agenda.items] == ["Item 1", "item 99", "Budget"]
    assert found(agenda) == []


def test_who_presents_may_stand_after_a_semicolon():
    (item,) = read_agenda("* D2.2 Archive; Katarzyna Wisniewska [45']").items
    assert (item.title, item.presenter, item.minutes) == (
        "D2.2 Archive",
        "Katarzyna Wisniewska",
        45,
    )


def test_what_is_no_time_and_no_length_is_told_and_is_no_title():
    agenda = read_agenda("- -5 min Negative (5 min)\n- 99:99 bad time (5 min)\n")
    assert [item.title for item in agenda.items] == ["Negative", "bad time"]
    assert found(agenda) == [
        "bad_mark 1 “-5 min” is no time and no length: left out",
        "bad_mark 2 “99:99” is no time and no length: left out",
    ]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("- Talk (5 min)\n<script>alert(1)</script>", "described 2 taken as a description of"),
        ("- Talk (5 min)\n- (15 min)", "no_title 2 left out, because it says no title: line 2"),
        ("- Talk (5 min)\n10:00", "no_title 2 left out, because it says no title: line 2"),
        (
            "- Talk (5 min)\n## Closing",
            "bare_heading 2 left out, a heading without an item",
        ),
        (
            "## A\n## B\n- Talk (5 min)",
            "bare_heading 1 left out, a heading without an item",
        ),
        ("a long greeting.\n- Talk (5 min)", "left_out 1 left out, because it is no item: line 1"),
    ],
)
def test_no_line_is_lost_silently(lines: str, told: str) -> None:
    agenda = read_agenda(lines)
    assert len(agenda.items) == 1
    (finding,) = found(agenda)
    assert finding.startswith(told)


def test_lines_that_are_left_out_are_all_numbered():
    agenda = read_agenda("Dear all.\n" * 7 + "\nRegards.\n- Talk (5 min)")
    assert found(agenda) == ["left_out 1 left out, because it is no item: line 1-7, 9"]


def test_a_row_of_a_table_loses_no_cell():
    table = "| Time | Topic |\n|--|--|\n| 9:00-9:10 | Talk | in room 7 |\n| 9:30 | | soup |\n"
    agenda = read_agenda(table)
    assert [item.description for item in agenda.items] == ["in room 7"]
    assert found(agenda) == ["left_out 4 left out, because it is no item: line 4"]


def test_a_day_keeps_what_stands_beside_it():
    agenda = read_agenda("Wed dinner at the castle\n- Talk (5 min)")
    assert agenda.items[0].section == "dinner at the castle"


PIECES = st.sampled_from(
    ["- ", "1. ", "## ", "09:00 ", "9.30-10.00 ", "Day 2", "|", "\t", "(15 min)", " – Ida Holm",
     "Coffee", "End", "WP1", "\n", "\n\n", "**", "  ", "Track A: ", "25:99", "---", "Wed 3 May"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=12), max_size=40).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        agenda = read_agenda(text)
    except UnreadableFile:
        return
    assert agenda.items
    assert [item.day for item in agenda.items] == sorted(item.day for item in agenda.items)
    for item in agenda.items:
        assert item.title.strip()
        assert "\n" not in item.title
        assert 0 <= item.minutes <= DAY_MINUTES
        assert 1 <= item.day <= LAST_DAY
        assert item.starts_minute is None or 0 <= item.starts_minute <= DAY_MINUTES
        assert item.kind is not ItemKind.BREAK or is_break(item.title)
