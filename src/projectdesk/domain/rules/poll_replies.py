"""Answers to a date poll that come as mail: what somebody wrote above, or beside the quoted dates.

The poll's mail lists its dates as

    [   ] 1  Tue 24 March 2026, 10:00 - 11:30

Two ways of answering are read, also mixed:

- lines of one's own, a number (or several) and a choice: `1 yes`, `2, 3: no`, `4 = if need be`,
  `all yes`;
- marks on the quoted dates, in the brackets or at the end: `> [x] 1  Tue ...`, `> [ ] 2 ... no`.

Below the line by which mail programs part the quoted mail, own lines are not looked for: what is
quoted there without a `>` was written by us. A number that is said twice differently, that the poll
does not have, or whose word is denied ("not maybe") is told and not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from projectdesk.domain.preparation import DateChoice
from projectdesk.domain.rules.quoted_mail import parted
from projectdesk.domain.rules.reply_words import Meaning, alternatives, plain_word, reply_words

_MEANINGS: Final[dict[DateChoice, Meaning]] = {
    DateChoice.IF_NEED_BE: "if_need_be",
    DateChoice.YES: "yes",
    DateChoice.NO: "no",
}
_SIGNS: Final = {
    DateChoice.IF_NEED_BE: "?",
    DateChoice.YES: "x + \N{CHECK MARK} \N{HEAVY CHECK MARK} sim",
    DateChoice.NO: "- \N{BALLOT X} \N{MULTIPLICATION SIGN} não",
}
"""Marks, and Portuguese: a language of ours only where people answer in it."""
_CHOICE: Final = {
    plain_word(word): choice
    for choice, meaning in _MEANINGS.items()
    for word in (*reply_words(meaning), *_SIGNS[choice].split())
}
_ANY: Final = alternatives(*_CHOICE)
_AND: Final = alternatives(*reply_words("and"))
_NUMBERS: Final = rf"\d{{1,3}}(?:\s*(?:,|&|\+|(?:{_AND})\b)\s*\d{{1,3}})*"
_END: Final = rf"(?=\s*(?:$|[,;./()]|(?:but|if|only|aber|wenn|nur|{_AND})\b|\d))"
_OWN: Final = re.compile(
    rf"(?<![\d\w:/-])(?P<numbers>{_NUMBERS})\s*(?:[.):=]|->|\s-\s)?\s*(?P<word>{_ANY}){_END}",
    re.IGNORECASE,
)
_ALL: Final = re.compile(
    rf"^\W*(?:(?:{alternatives(*reply_words('all'))})\s*[:=]?\s*(?P<last>{_ANY})|"
    rf"(?P<first>{_ANY})\s+(?:to|for|zu)\s+(?:all|allen))\W*$",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(r"^[>|\s]*\[\s*(?P<mark>[^\]\[]{0,20}?)\s*\]\s*(?P<number>\d{1,3})\b")
_TAIL: Final = re.compile(rf"(?:^|[\s:=])(?P<word>{_ANY})\s*[.!]*\s*$", re.IGNORECASE)
_DENIED: Final = re.compile(
    rf"(?:^|[\s:=])(?:{alternatives(*reply_words('not_yet'))})\s*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Reply:
    """What a mail says. choices: by the number of the date, from 1; unclear: what was not read.

    comment: what else was written above the quoted mail.
    """

    choices: dict[int, DateChoice]
    comment: str
    unclear: tuple[str, ...]


def read_reply(text: str, dates: int) -> Reply:
    """Return what an answering mail says.

    Args:
        text: the mail as plain text, with what it quotes.
        dates: how many dates the poll offers.
    """
    own, quoted = parted(text)
    said: dict[int, set[DateChoice | None]] = {}
    marked: dict[int, set[DateChoice | None]] = {}
    comment, unclear = [], []
    for line in own:
        found = list(_own_line(line, dates)) or list(_listed_line(line))
        for number, choice in found:
            said.setdefault(number, set()).add(choice)
        if not found:
            comment.append(line.strip())
    for line in quoted:
        for number, choice in _listed_line(line):
            marked.setdefault(number, set()).add(choice)
    choices = {}
    for number, given in sorted((marked | said).items()):
        if not 1 <= number <= dates:
            unclear.append(f"{number} is no number of a date")
        elif len(given) > 1:
            unclear.append(f"{number} is answered in two ways")
        elif (choice := next(iter(given))) is None:
            unclear.append(f"{number} is answered in words that could mean two things")
        else:
            choices[number] = choice
    if any(_LISTED.match(line) for line in own):
        comment = []  # our own mail, copied without a sign: nobody knows whose words are whose
    return Reply(choices, "\n".join(comment).strip(), tuple(unclear))


def _own_line(line: str, dates: int) -> Iterator[tuple[int, DateChoice | None]]:
    whole = _ALL.match(line)
    if whole is not None:
        choice = _CHOICE.get(plain_word(whole["last"] or whole["first"]))
        for number in range(1, dates + 1):
            yield number, choice
        return
    if _LISTED.match(line):
        return  # a date of ours, quoted without a mark
    for found in _OWN.finditer(line):
        for number in re.findall(r"\d+", found["numbers"]):
            yield int(number), _CHOICE.get(plain_word(found["word"]))


def _listed_line(line: str) -> Iterator[tuple[int, DateChoice | None]]:
    """Return what is said of a date of ours; None = a word of ours that is denied."""
    listed = _LISTED.match(line)
    if listed is None:
        return
    number, mark = int(listed["number"]), plain_word(listed["mark"].strip(" _"))
    if mark in _CHOICE:
        yield number, _CHOICE[mark]
    if mark:
        return
    words = line[listed.end() :]
    tail = _TAIL.search(words)
    if tail is not None:
        denied = _DENIED.search(words[: tail.start("word")])
        yield number, None if denied else _CHOICE.get(plain_word(tail["word"]))
