"""What an answering mail says of the dates of a poll."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.preparation import DateChoice
from projectdesk.domain.rules.poll_replies import read_reply

LETTERS = {DateChoice.YES: "y", DateChoice.IF_NEED_BE: "m", DateChoice.NO: "n"}
LISTED = """Dear Inês,

Maya Test asks when you can meet: WP2 call.

  [   ] 1  Tue 24 March 2026, 09:00 – 10:30
  [   ] 2  Thu 26 March 2026, 13:00 – 14:30
  [   ] 3  Tue 31 March 2026, 09:00 – 10:30

Answer on the page, or answer this mail: a line for each date with its number and yes, no or
"if need be"; or a mark between the brackets.
--\x20
Poll abcdefghij-1a2b3c
"""
QUOTED = "\n".join(f"> {line}" for line in LISTED.splitlines())


def said(text: str, dates: int = 3) -> str:
    """Return the choices as "ymn"; "-" = nothing."""
    choices = read_reply(text, dates).choices
    return "".join(LETTERS[choices[n]] if n in choices else "-" for n in range(1, dates + 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 yes\n2 no\n3 if need be", "ynm"),
        ("1: yes, 2: no, 3: maybe", "ynm"),
        ("1) Yes\n2) No\n3) OK", "yny"),
        ("1 = ja\n2 = nein\n3 = zur Not", "ynm"),
        ("1, 3 yes\n2 no", "yny"),
        ("1 and 2 no; 3 yes", "nny"),
        ("Dear Maya,\n\n3 yes, the others not.\n\nBest, Inês", "--y"),
        ("all yes", "yyy"),
        ("Yes to all!", "yyy"),
        ("alle nein", "nnn"),
        ("1 yes but only until 10\n2 no", "yn-"),
        ("1 - yes\n2 -> no", "yn-"),
        ("1 oui\r\n2 non\r\n3 ?", "ynm"),
    ],
)
@pytest.mark.parametrize("quote", ["", QUOTED, f"On Tue, Maya wrote:\n{LISTED}", LISTED])
def test_lines_of_ones_own(text: str, expected: str, quote: str) -> None:
    assert said(f"{text}\n\n{quote}") == expected


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        (("x", "", "x"), "y-y"),
        (("yes", "no", "if need be"), "ynm"),
        (("Ja", "nein", "?"), "ynm"),
        (("", "", ""), "---"),
        (("whatever", "", ""), "---"),
    ],
)
@pytest.mark.parametrize("prefix", ["> ", "> > ", "", "| "])
def test_marks_in_the_brackets_of_quoted_dates(
    marks: tuple[str, ...], expected: str, prefix: str
) -> None:
    lines = [
        line.replace("[   ]", f"[ {marks[int(line.split()[2]) - 1]} ]") if "[   ]" in line else line
        for line in LISTED.splitlines()
    ]
    assert said("Hello!\n" + "\n".join(prefix + line for line in lines)) == expected


def test_marks_at_the_end_of_quoted_dates() -> None:
    quoted = QUOTED.replace("09:00 – 10:30", "09:00 – 10:30 yes").replace("14:30", "14:30: No.")
    assert said(quoted) == "yny"


@pytest.mark.parametrize(
    "text",
    [
        "Sorry, I am on leave until 24 March.",
        "We are 2. No problem at all.",
        "Room 3 no longer exists, see https://example.org/2/yes",
        "I know nothing of 10 yet, and 2 no one asked me.",
        LISTED,
        QUOTED,
        f"Thanks!\n\nAm 2. März schrieb Maya:\n{LISTED}",
        f"-----Original Message-----\nFrom: Maya <m@x.org>\n1 yes\n{LISTED}",
        "Best\n-- \nTel. 1 yes",
    ],
)
def test_what_is_no_answer_is_none(text: str) -> None:
    assert said(text) == "---"


def test_own_lines_win_over_marks_and_what_contradicts_itself_is_told() -> None:
    marked = QUOTED.replace("[   ] 1", "[ no ] 1")
    assert said(f"1 yes\n{marked}") == "y--"
    reply = read_reply("1 yes\n1 no\n2 no\n9 yes\nSee you!", 3)
    assert reply.choices == {2: DateChoice.NO}
    assert reply.unclear == ("1 is answered in two ways", "9 is no number of a date")
    assert reply.comment == "See you!"


def test_the_comment_is_what_was_written_above() -> None:
    text = f"Hello Maya,\n1 yes\nFrom 11 on it is hard.\n\nOn Tue, Maya wrote:\n{QUOTED}"
    assert read_reply(text, 3).comment == "Hello Maya,\nFrom 11 on it is hard."


@pytest.mark.full
@given(st.text(max_size=400))
def test_any_text_is_read_in_bounds(text: str) -> None:
    reply = read_reply(text, 3)
    assert set(reply.choices) <= {1, 2, 3}


@given(st.lists(st.sampled_from(list(DateChoice)), min_size=1, max_size=40))
def test_every_plain_answer_is_read_whole(choices: list[DateChoice]) -> None:
    words = {DateChoice.YES: "yes", DateChoice.NO: "no", DateChoice.IF_NEED_BE: "if need be"}
    text = "\n".join(f"{number} {words[each]}" for number, each in enumerate(choices, 1))
    assert list(read_reply(text, len(choices)).choices.values()) == choices


@pytest.mark.parametrize("words", ["1 if  need be", "1: IF NEED\tBE", "all  if need  be"])
def test_blanks_between_words_may_be_several(words: str) -> None:
    assert read_reply(words, 1).choices == {1: DateChoice.IF_NEED_BE}


@pytest.mark.parametrize(
    "words",
    ["1 not possible", "> [   ] 1  Tue 24 March 2026: not  possible", "1 nicht möglich"],
)
def test_not_possible_is_no_and_not_possible(words: str) -> None:
    assert read_reply(words, 1).choices == {1: DateChoice.NO}


@pytest.mark.parametrize("words", ["not maybe", "nicht vielleicht", "not ok"])
def test_a_word_that_is_denied_is_told_and_not_guessed(words: str) -> None:
    reply = read_reply(f"> [   ] 1  Tue 24 March 2026, 10:00 - 11:30  {words}", 1)

    assert reply.choices == {}
    assert reply.unclear == ("1 is answered in words that could mean two things",)


def test_a_letter_that_only_looks_like_one_of_ours_breaks_nothing() -> None:
    assert read_reply("1 sİ", 1).choices in ({}, {1: DateChoice.YES})
