"""What members are written in a written procedure: the vote, a reminder, the result, its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from projectdesk.domain.rules.reply_words import Meaning, reply_word
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.domain.voting import VoteResult
from projectdesk.mail.invitation_words import Words, city
from projectdesk.mail.letter_page import FOOT, QUIET, STRONG, button, page, paragraph, title
from projectdesk.mail.words import said


class BallotOccasion(StrEnum):
    """Why a member is written. AHEAD: a reminder that a server sends, which reads no mail."""

    QUESTION = "question"
    REMINDER = "reminder"
    AHEAD = "ahead"
    RESULT = "result"
    CANCELLED = "cancelled"
    TAKEN = "taken"
    REFUSED = "refused"
    VETOED = "vetoed"
    UNVETOED = "unvetoed"


class Refused(StrEnum):
    """Why a vote that came by mail is not taken."""

    SECRET = "secret"  # noqa: S105 - a vote, no password
    LATE = "late"
    VETO_LATE = "veto_late"


_ASKING: Final = frozenset({BallotOccasion.QUESTION, BallotOccasion.REMINDER, BallotOccasion.AHEAD})
_USUAL: Final = frozenset({"for", "against", "abstain"})
_REPLIES: Final = frozenset(
    {
        BallotOccasion.TAKEN,
        BallotOccasion.REFUSED,
        BallotOccasion.VETOED,
        BallotOccasion.UNVETOED,
    }
)


@dataclass(frozen=True)
class BallotLetter:
    """What one member is written.

    partner: the member; name: who votes for it. choices: "for", "against", "abstain", or the
    vote's own. zone: whose clock is used. needed: so many of `seats` votes carry it. result,
    counts, chosen: how it ended. own: what this member voted. decision: label of what came of it.
    code: by which an answering mail is known. refused: why a vote by mail was not taken.
    documents: of what is voted on, each with its bytes. veto: the reason of this member's.
    """

    language: str
    occasion: BallotOccasion
    project: str
    body: str
    question: str
    description: str
    organiser: str
    name: str
    partner: str
    choices: Sequence[str]
    zone: str
    needed: int
    seats: int
    share: str
    deadline: datetime | None = None
    closes_early: bool = False
    link: str = ""
    result: VoteResult = VoteResult.NONE
    counts: Sequence[int] = ()
    chosen: str = ""
    own: str = ""
    decision: str = ""
    veto_until: datetime | None = None
    code: str = ""
    refused: Refused | None = None
    documents: Sequence[tuple[str, int]] = ()
    veto: str = ""

    @property
    def subject(self) -> str:
        """The subject of the mail; a long question is shortened."""
        question = " ".join(self.question.split())
        short = question if len(question) <= 70 else question[:69].rstrip() + "…"
        return f"{self.say(self.occasion.value)}: {short} ({self.project})"

    @property
    def asks(self) -> bool:
        """Whether a vote is wanted."""
        return self.occasion in _ASKING

    @property
    def greeting(self) -> str:
        """Whom it is for."""
        return Words(self.language).greeting(self.name)

    @property
    def lead(self) -> str:
        """The first sentence."""
        organiser = self.organiser or self.project
        body = self.body or self.project
        return self.say(f"lead_{self.occasion.value}", organiser=organiser, body=body)

    @property
    def manner(self) -> list[str]:
        """How it is voted, and until when; of a letter that asks."""
        names = ", ".join(self.choice(each) for each in self.choices)
        key = "rule" if set(self.choices) <= _USUAL else "rule_choice"
        lines = [self.say("choices", choices=names), self.say(key, **self._numbers)]
        if self.deadline is not None:
            until = "until_early" if self.closes_early else "until"
            lines.append(self.say(until, when=self._when(self.deadline)))
        return [*lines, self.say("open_vote_named")]

    @property
    def papers(self) -> list[str]:
        """The documents of what is voted on, a line each, and where they are."""
        if not self.documents:
            return []
        key = "documents_link" if self.link else "documents"
        return [self.say(key), *(f"– {name} ({_size(octets)})" for name, octets in self.documents)]

    @property
    def outcome(self) -> list[str]:
        """How it ended, what this member voted, and until when a veto is taken."""
        own = self.say("yours", choice=self.choice(self.own)) if self.own else self.say("silent")
        lines = [self._result, own]
        if self.decision:
            lines.append(self.say("decision", label=self.decision))
        if self.veto_until is not None:
            lines.append(self.say("veto", when=self._when(self.veto_until)))
            lines.append(
                self.say("veto_by_mail", word=reply_word(self.language, "veto").capitalize())
            )
        return lines

    @property
    def reply(self) -> list[str]:
        """What became of a vote that came by mail."""
        if self.refused is not None:
            return [self.say(f"refused_{self.refused.value}")]
        if self.occasion is BallotOccasion.VETOED:
            return [self.say("veto_reason", reason=self.veto), self.say("veto_stands")]
        if self.occasion is BallotOccasion.UNVETOED:
            return [self.say("veto_gone")]
        lines = [self.say("yours", choice=self.choice(self.own))]
        if self.deadline is not None:
            lines.append(self.say("taken_until", when=self._when(self.deadline)))
        return lines

    @property
    def without_link(self) -> str:
        """How it is voted by mail; what is asked for is read by `domain.rules.ballot_replies`."""
        if not set(self.choices) <= _USUAL:
            return self.say("by_mail_choice")
        meanings: tuple[Meaning, ...] = ("for", "against", "abstain")
        quoted = Words(self.language).quoted
        words = (quoted(reply_word(self.language, each)) for each in meanings)
        return self.say("by_mail_words", words=", ".join(words))

    def choice(self, choice: str) -> str:
        """Return how a choice is called."""
        return self.say(choice) if choice in _USUAL else choice

    def say(self, key: str, **facts: object) -> str:
        """Return a text of this letter's language."""
        return said(self.language, f"ballot.{key}", **facts)

    @property
    def _numbers(self) -> dict[str, str]:
        return {"needed": str(self.needed), "seats": str(self.seats), "share": self.share}

    @property
    def _result(self) -> str:
        winner = self.chosen if self.result is VoteResult.CHOSEN else "for"
        votes = dict(zip(self.choices, self.counts, strict=False)).get(winner, 0)
        own_words = not set(self.choices) <= _USUAL
        lost = self.result not in {VoteResult.CARRIED, VoteResult.CHOSEN}
        key = "nothing" if own_words and lost else self.result.value or "lost"
        return self.say(key, votes=votes, chosen=self.chosen, **self._numbers)

    def _when(self, instant: datetime) -> str:
        local = to_local(instant, self.zone)
        return f"{Words(self.language).day(local)}, {local:%H:%M} {city(self.zone)}"


def as_text(letter: BallotLetter) -> str:
    """Return the mail as plain text."""
    lines = [letter.greeting, "", letter.lead, "", letter.question]
    if letter.description and letter.asks:
        lines += ["", letter.description]
    if letter.asks:
        lines += ["", *letter.papers] if letter.papers else []
        lines += ["", *letter.manner]
        if letter.link:
            lines += ["", letter.say("link", partner=letter.partner), letter.link, _own(letter)]
        lines += ["", letter.without_link]
    elif letter.occasion in _REPLIES:
        lines += ["", *letter.reply]
    elif letter.occasion is BallotOccasion.RESULT:
        lines += ["", *letter.outcome]
        if letter.link:
            lines += ["", letter.say("link", partner=letter.partner), letter.link, _own(letter)]
    lines += ["", letter.organiser] if letter.organiser else []
    lines += ["", "-- ", Words(letter.language).say("footer", project=letter.project)]
    lines += [letter.say("code", code=letter.code)] if letter.code else []
    return "\n".join(lines)


def as_html(letter: BallotLetter) -> str:
    """Return the mail as a page of HTML."""
    rows = [paragraph(letter.greeting), paragraph(letter.lead)]
    rows.append(title(letter.question))
    rows.append(
        paragraph(f"{letter.body or letter.project} \N{MIDDLE DOT} {letter.partner}", QUIET)
    )
    if letter.description and letter.asks:
        rows.append(paragraph(letter.description))
    if letter.asks:
        if letter.papers:
            rows.append(paragraph("\n".join(letter.papers)))
        rows += [paragraph(each) for each in letter.manner]
        rows += _button(letter, "open_vote")
        rows.append(paragraph(letter.without_link, QUIET))
    elif letter.occasion in _REPLIES:
        first, *rest = letter.reply
        rows.append(paragraph(first, STRONG))
        rows += [paragraph(each) for each in rest]
    elif letter.occasion is BallotOccasion.RESULT:
        first, *rest = letter.outcome
        rows.append(paragraph(first, STRONG))
        rows += [paragraph(each) for each in rest]
        rows += _button(letter, "open_result")
    rows += [paragraph(letter.organiser)] if letter.organiser else []
    foot = Words(letter.language).say("footer", project=letter.project)
    foot += f"\n{letter.say('code', code=letter.code)}" if letter.code else ""
    rows.append(paragraph(foot, FOOT))
    return page(letter.language, letter.subject, rows)


def _own(letter: BallotLetter) -> str:
    return letter.say("passed_on", name=letter.name or letter.partner)


def _button(letter: BallotLetter, words: str) -> list[str]:
    if not letter.link:
        return []
    return [
        button(letter.link, letter.say(words)),
        paragraph(_own(letter), QUIET),
    ]


def _size(octets: int) -> str:
    if octets < 1_000_000:
        return f"{max(round(octets / 1000), 1)} kB"
    return f"{octets / 1_000_000:.1f} MB"
