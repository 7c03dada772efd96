"""Vetoes in mails that answer circulated minutes or the result of a written procedure.

A line vetoes when it begins with words of a veto, in any of our languages, perhaps the label of a
decision, and a mark or "because": "Veto D7: our crew is bound elsewhere". What follows, in that
line and below it, is the reason. "I withdraw my veto" takes one back. What could mean something
else is told, never guessed: a veto without a reason, under a condition, or two against one
decision.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from projectdesk.domain.rules.minutes_replies import without_greetings
from projectdesk.domain.rules.quoted_mail import own_lines
from projectdesk.domain.rules.reply_words import alternatives, plain_word, reply_words

_LABEL: Final = r"(?:[A-Z0-9]+-)?D\s?(?P<{name}>\d{{1,6}})(?!\w)"
_PARTING: Final = r"\s*(?:[:=,.;!–—-]|$)[\s:=,.;!–—-]*"
"""What has to follow before the reason: "Veto rights were discussed" is no veto."""


@dataclass(frozen=True)
class SaidVeto:
    """One veto. number: of the decision, None = it names none. reason: "" = it is taken back."""

    number: int | None
    reason: str


@dataclass(frozen=True)
class VetoReply:
    """What a mail vetoes, and the rest of it. unclear: why it is not taken, "" = it is clear."""

    vetoes: tuple[SaidVeto, ...] = ()
    before: str = ""
    unclear: str = ""


def read_veto_reply(text: str) -> VetoReply:
    """Return what an answering mail vetoes; nothing where no line of it begins as a veto.

    Args:
        text: the mail as plain text, with what it quotes.
    """
    before: list[str] = []
    found: list[tuple[int | None, list[str]]] = []
    taken_back: list[int | None] = []
    for line in without_greetings(own_lines(text)):
        back, veto = _begins(line, back=True), _begins(line, back=False)
        if back is not None:
            taken_back.append(back[0])
        elif veto is not None:
            found.append((veto[0], [veto[1]]))
        elif found:
            found[-1][1].append(line)
        elif not taken_back:
            before.append(line)
    vetoes = [SaidVeto(number, "\n".join(lines).strip()) for number, lines in found]
    said = (*vetoes, *(SaidVeto(number, "") for number in taken_back))
    return VetoReply(said, "\n".join(before).strip(), _unclear(vetoes, taken_back))


def _unclear(vetoes: list[SaidVeto], taken_back: list[int | None]) -> str:
    numbers = [each.number for each in vetoes] + taken_back
    if len(set(numbers)) < len(numbers) or (None in numbers and len(numbers) > 1):
        return "it says two things of one decision"
    for each in vetoes:
        if not re.search(r"\w{2,}\W+\w", each.reason):
            return "a veto needs its reason"
        if _is_conditional(each.reason):
            return "a veto is no condition"
    return ""


def _begins(line: str, *, back: bool) -> tuple[int | None, str] | None:
    """Return the decision that a line names, and the words behind; None: it begins otherwise."""
    words = alternatives(*reply_words("veto_back" if back else "veto"))
    against = alternatives(*reply_words("veto_against"))
    because = alternatives(*reply_words("because"))
    shape = (
        rf"^\W*(?:{_LABEL.format(name='first')}[\s:=,–—-]*)?(?:{words})(?!\w)"
        rf"(?:\s+(?:(?:{against})\s+)?{_LABEL.format(name='second')})?"
        rf"(?:\s+(?=(?:{because})(?!\w))|{_PARTING})(?P<rest>.*)$"
    )
    found = re.match(shape, line.strip(), re.IGNORECASE)
    if found is None:
        return None
    number = found["first"] or found["second"]
    return (None if number is None else int(number)), found["rest"].strip()


def _is_conditional(reason: str) -> bool:
    """Return whether a reason begins as a condition, or as "no"."""
    start = plain_word(" ".join(re.findall(r"[^\W_]+", reason)[:3]))
    words = (*reply_words("condition"), *reply_words("no"))
    return bool(re.match(rf"(?:{alternatives(*words)})(?!\w)", start, re.IGNORECASE))
