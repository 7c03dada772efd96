"""What a mail that answers a written procedure votes: one line of its own that says so, or nothing.

The line is a choice and little else ("For.", "Wir stimmen dagegen", "My vote: abstention"), in any
of our languages; a choice of the vote's own is repeated as it is. Other lines are a comment. What
could mean two things is told, never guessed: two lines that vote differently, a comment that names
another choice, denies, or makes a condition.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from projectdesk.domain.rules.minutes_replies import without_greetings
from projectdesk.domain.rules.quoted_mail import own_lines
from projectdesk.domain.rules.reply_words import Meaning, alternatives, plain_word, reply_words
from projectdesk.domain.rules.voting import STANCES

_MEANINGS: Final[dict[str, Meaning]] = {"for": "for", "against": "against", "abstain": "abstain"}
_BEFORE: Final = (
    r"(?:(?:my|our|the|unsere?|meine?|die|mon|notre|le|mi|nuestro|el|il\s+(?:mio|nostro)|il|mój|nasz"
    r"|min|vores)\s+)?(?:vote|stimme|vot[eo]?|głos|stemme|صوتي|صوتنا)\s*[:=–-]\s*"
)
_SHORT: Final = 3
"""Words of so few letters ("for", "no") mean a vote only where they stand alone in a line."""
_CONDITION: Final = re.compile(
    rf"(?<!\w)(?:{alternatives(*reply_words('condition'))})(?!\w)", re.IGNORECASE
)


@dataclass(frozen=True)
class BallotReply:
    """What a mail says. choice: "" = none, `unclear` says why. comment: the other lines."""

    choice: str
    comment: str = ""
    unclear: str = ""


def read_ballot_reply(text: str, choices: Sequence[str]) -> BallotReply:
    """Return what an answering mail votes.

    Args:
        text: the mail as plain text, with what it quotes.
        choices: what can be voted: "for", "against", "abstain", or choices of the vote's own.
    """
    table = _table(choices)
    votes: list[str] = []
    others: list[str] = []
    for line in without_greetings(own_lines(text)):
        voted = _voted(line, table)
        if voted:
            votes.append(voted)
        elif line.strip():
            others.append(line.strip())
    if not votes:
        return BallotReply("", unclear="no line of it is a vote")
    if len(set(votes)) > 1:
        return BallotReply("", unclear="it votes in two ways")
    comment = "\n".join(others)
    if _CONDITION.search(comment) or _names_another(comment, votes[0], table):
        return BallotReply("", unclear="what is written beside the vote may change it")
    return BallotReply(votes[0], comment)


def _table(choices: Sequence[str]) -> dict[str, str]:
    """Return the choice that each word stands for."""
    if set(choices) <= set(STANCES):
        return {
            plain_word(word): choice
            for choice in choices
            for word in reply_words(_MEANINGS[choice])
        }
    return {plain_word(each): each for each in choices}


def _voted(line: str, table: dict[str, str]) -> str:
    """Return the choice that a line is, "" = it is none."""
    words = re.sub(rf"^{_BEFORE}", "", line.strip(), flags=re.IGNORECASE)
    found = plain_word(words.strip(" \t.!;*_\"'“”„«»"))
    return table.get(found, "")


def _names_another(comment: str, voted: str, table: dict[str, str]) -> bool:
    others: Iterable[str] = (
        word for word, choice in table.items() if choice != voted and len(word) > _SHORT
    )
    shapes = alternatives(*others)
    return bool(shapes) and bool(re.search(rf"(?<!\w)(?:{shapes})(?!\w)", comment, re.IGNORECASE))
