"""What was written down of a mail, in the reader's language.

`services` and `mail` keep what became of a mail as an English sentence: it is data, seen by all who
share it and by the command line. Here it is known again by its shape and said anew. What is not
known is shown as it is: a server's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from projectdesk.desktop.language import say

_SAYS: Final = ("accepts tentatively", "accepts", "declines", "answers")
_BESIDE: Final = ("Sent by {address}.", "The answer came from {address}.")
_SENTENCES: Final = (
    # an answer to an invitation
    "{who} {says}.",
    "{who} {says}, but a later answer is known. Nothing was changed.",
    "{who} {says}, but to a time that the meeting no longer has. Nothing was changed.",
    "{who} {says}, but the meeting is over or cancelled. Nothing was changed.",
    "{who} {says}, but is no longer invited. Nothing was changed.",
    "{who} {says}, but nobody was invited at this address. Nothing was changed.",
    "{who} {says}, but the answer came from {address}; it does not count. Ask them.",
    "{who} {says} and proposes another time.",
    "{who} {says} in place of {other}. Invite them to count it.",
    "{who} answers neither yes nor no. Nothing was changed.",
    "{who} proposes {time} ({city}).",
    "{who} sends {other} instead. Invite them.",
    "{who} asks for the invitation again.",
    "{who} asks for the invitation, but nobody was invited at this address. Nothing was changed.",
    "An answer names one attendee; this one does not.",
    # an answer to a date poll
    "{who}, “{poll}”: {words}",
    "{count} of {all} dates answered.",
    "{count} of {all} dates answered. Not read: {rest}",
    "the answer came from {address}; it does not count.",
    "the poll is closed; the answer does not count.",
    "a later answer is here already.",
    "the dates were changed since this mail was sent.",
    "no date is answered in it.",
    # a vote in a written procedure
    "votes: {words}.",
    "for",
    "against",
    "abstain",
    "the vote is secret; by mail it would not be. Nothing was counted.",
    "the vote is over; the answer does not count.",
    "their link was shut; the answer does not count.",
    "to be looked at, nothing was counted: {words}.",
    "no line of it is a vote",
    "it votes in two ways",
    "what is written beside the vote may change it",
    # an answer to minutes
    "{who}, minutes of “{meeting}”: {words}",
    "received.",
    "received, with a comment: {comment}",
    "received; the time for objections is over: {comment}",
    "objection {count} is to be answered: {comment}",
    # a mail of ours
    "The mail to {address} came back: {words}",
    "A server says of the mail to {address}: {words}",
    "It came back; the server does not say why.",
    "The connection broke.",
    "There is no connection.",
    "The server did not answer in time.",
    "The server takes mails of at most {size} MB.",
    "The server takes no addresses with letters beyond ASCII before the @.",
    "The meeting had begun before this could be sent.",
)
_PLACE: Final = re.compile(r"\\\{(\w+)\\\}")
_WITH_TAIL: Final = re.compile(r"(.+[.]) (Sent by \S+[.]|The answer came from \S+[.])", re.DOTALL)


def in_language(text: str) -> str:
    """Return a sentence that was written down of a mail in the reader's language."""
    if tailed := _WITH_TAIL.fullmatch(text):
        return f"{in_language(tailed[1])} {_said(tailed[2])}"
    return _said(text)


def all_texts() -> frozenset[str]:
    """Return every English text here, for the check of the catalogues."""
    return frozenset((*_SAYS, *_BESIDE, *_SENTENCES))


def _said(text: str) -> str:
    for sentence, shape in _shapes():
        if found := shape.fullmatch(text):
            places = found.groupdict()
            if answer := places.get("says"):
                places["says"] = say(answer)
            if words := places.get("words"):
                places["words"] = _said(words)
            return say(sentence, **places)
    return text


@cache
def _shapes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(_shaped())


def _shaped() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield each sentence and what knows it again."""
    kinds = {"says": "|".join(_SAYS), "count": r"\d+", "all": r"\d+", "size": r"\d+"}
    for sentence in (*_SENTENCES, *_BESIDE):
        shape = _PLACE.sub(
            lambda place: f"(?P<{place[1]}>{kinds.get(place[1], '.+?')})", re.escape(sentence)
        )
        yield sentence, re.compile(shape, re.DOTALL)
