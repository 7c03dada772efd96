"""What members are written in a written procedure: the vote, a reminder, the result, its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.domain.voting import VoteResult
from projectdesk.mail.invitation_words import ENGLISH, GERMAN, Words, city, filled
from projectdesk.mail.letter_page import FOOT, QUIET, STRONG, button, page, paragraph, title


class BallotOccasion(StrEnum):
    """Why a member is written."""

    QUESTION = "question"
    REMINDER = "reminder"
    RESULT = "result"
    CANCELLED = "cancelled"


_WORDS: Final = {
    ENGLISH: {
        "question": "Written procedure",
        "reminder": "Reminder: your vote is missing",
        "result": "Result of the written procedure",
        "cancelled": "Written procedure called off",
        "lead_question": "{organiser} asks {body} to decide by written procedure:",
        "lead_reminder": "Your vote is still missing. {organiser} asks {body} to decide by "
        "written procedure:",
        "lead_result": "The written procedure of {body} is closed:",
        "lead_cancelled": "This written procedure of {body} is called off; nothing is decided:",
        "link": "Your personal link for {partner}, no account is needed:",
        "open_vote": "Vote",
        "open_result": "See the result",
        "passed_on": "The link is {name}'s: please do not pass it on. It shows whose it is.",
        "choices": "You can vote: {choices}.",
        "for": "for",
        "against": "against",
        "abstain": "abstention",
        "rule": "It is carried with {needed} of {seats} votes ({share} of all members with a "
        "vote). No answer is no consent.",
        "rule_choice": "A choice needs {needed} of {seats} votes ({share} of all members with a "
        "vote). No answer is no consent.",
        "until": "Please vote by {when}. Until then you can change your vote.",
        "until_early": "Please vote by {when}. Until then, or until all have voted, you can change "
        "your vote.",
        "by_mail": "Does the link not open? Answer this mail with your vote in words; the "
        "organiser enters it.",
        "open_vote_named": "The vote is not secret: it is kept under your name.",
        "carried": "Carried: {votes} of {seats} votes for it, {needed} needed ({share} of all).",
        "lost": "Not carried: {votes} of {seats} votes for it, {needed} needed ({share} of all).",
        "no_quorum": "Not carried: too few answered. {votes} of {seats} votes for it, {needed} "
        "needed ({share} of all).",
        "chosen": "Chosen: {chosen}, with {votes} of {seats} votes; {needed} needed "
        "({share} of all).",
        "nothing": "Nothing is chosen: no choice has the {needed} of {seats} votes that are "
        "needed ({share} of all).",
        "decision": "It is registered as decision {label}.",
        "yours": "Your vote: {choice}.",
        "silent": "No vote of yours arrived.",
        "veto": "A member whose work, time, costs, liabilities or intellectual property rights "
        "would be severely affected may raise a veto until {when}: by the link, or in answer to "
        "this mail. The decision binds when this time is over.",
    },
    GERMAN: {
        "question": "Schriftliches Verfahren",
        "reminder": "Erinnerung: Ihre Stimme fehlt",
        "result": "Ergebnis des schriftlichen Verfahrens",
        "cancelled": "Schriftliches Verfahren abgesagt",
        "lead_question": "{organiser} bittet {body} um Beschluss im schriftlichen Verfahren:",
        "lead_reminder": "Ihre Stimme fehlt noch. {organiser} bittet {body} um Beschluss im "
        "schriftlichen Verfahren:",
        "lead_result": "das schriftliche Verfahren von {body} ist abgeschlossen:",
        "lead_cancelled": "dieses schriftliche Verfahren von {body} ist abgesagt; es ist nichts "
        "beschlossen:",
        "link": "Ihr persönlicher Link für {partner}, ohne Konto:",
        "open_vote": "Abstimmen",
        "open_result": "Ergebnis ansehen",
        "passed_on": "Der Link gehört {name}: bitte nicht weitergeben. Er zeigt, wem er gehört.",
        "choices": "Zur Wahl stehen: {choices}.",
        "for": "dafür",
        "against": "dagegen",
        "abstain": "Enthaltung",
        "rule": "Angenommen ist es mit {needed} von {seats} Stimmen ({share} aller "
        "stimmberechtigten Mitglieder). Keine Antwort ist keine Zustimmung.",
        "rule_choice": "Eine Wahl braucht {needed} von {seats} Stimmen ({share} aller "
        "stimmberechtigten Mitglieder). Keine Antwort ist keine Zustimmung.",
        "until": "Bitte stimmen Sie bis {when} ab. Bis dahin können Sie Ihre Stimme ändern.",
        "until_early": "Bitte stimmen Sie bis {when} ab. Bis dahin, oder bis alle abgestimmt "
        "haben, können Sie Ihre Stimme ändern.",
        "by_mail": "Öffnet sich der Link nicht? Antworten Sie auf diese Mail mit Ihrer Stimme in "
        "Worten; sie wird dann eingetragen.",
        "open_vote_named": "Die Abstimmung ist nicht geheim: Ihre Stimme steht unter Ihrem Namen.",
        "carried": "Angenommen: {votes} von {seats} Stimmen dafür, {needed} nötig ({share} aller).",
        "lost": "Nicht angenommen: {votes} von {seats} Stimmen dafür, {needed} nötig "
        "({share} aller).",
        "no_quorum": "Nicht angenommen: zu wenige haben geantwortet. {votes} von {seats} Stimmen "
        "dafür, {needed} nötig ({share} aller).",
        "chosen": "Gewählt: {chosen}, mit {votes} von {seats} Stimmen; {needed} nötig "
        "({share} aller).",
        "nothing": "Nichts ist gewählt: keine Wahl hat die nötigen {needed} von {seats} Stimmen "
        "({share} aller).",
        "decision": "Es ist als Beschluss {label} verzeichnet.",
        "yours": "Ihre Stimme: {choice}.",
        "silent": "Von Ihnen ist keine Stimme eingegangen.",
        "veto": "Ein Mitglied, dessen Arbeit, Fristen, Kosten, Haftung oder Schutzrechte schwer "
        "beeinträchtigt würden, kann bis {when} ein Veto einlegen: über den Link oder als Antwort "
        "auf diese Mail. Danach bindet der Beschluss.",
    },
}
_USUAL: Final = frozenset({"for", "against", "abstain"})


@dataclass(frozen=True)
class BallotLetter:
    """What one member is written.

    partner: the member; name: who votes for it. choices: "for", "against", "abstain", or the
    vote's own. zone: whose clock is used. needed: so many of `seats` votes carry it. result,
    counts, chosen: how it ended. own: what this member voted. decision: label of what came of it.
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

    @property
    def subject(self) -> str:
        """The subject of the mail; a long question is shortened."""
        question = " ".join(self.question.split())
        short = question if len(question) <= 70 else question[:69].rstrip() + "…"
        return f"{self.say(self.occasion.value)}: {short} ({self.project})"

    @property
    def asks(self) -> bool:
        """Whether a vote is wanted."""
        return self.occasion in {BallotOccasion.QUESTION, BallotOccasion.REMINDER}

    @property
    def greeting(self) -> str:
        """Whom it is for."""
        words = Words(self.language)
        return words.say("dear", name=self.name) if self.name else words.say("hello")

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
    def outcome(self) -> list[str]:
        """How it ended, what this member voted, and until when a veto is taken."""
        own = self.say("yours", choice=self.choice(self.own)) if self.own else self.say("silent")
        lines = [self._result, own]
        if self.decision:
            lines.append(self.say("decision", label=self.decision))
        if self.veto_until is not None:
            lines.append(self.say("veto", when=self._when(self.veto_until)))
        return lines

    def choice(self, choice: str) -> str:
        """Return how a choice is called."""
        return self.say(choice) if choice in _USUAL else choice

    def say(self, key: str, **facts: str) -> str:
        """Return a text of this letter's language."""
        return filled(_WORDS[self.language][key], facts)

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
        return self.say(key, votes=str(votes), chosen=self.chosen, **self._numbers)

    def _when(self, instant: datetime) -> str:
        local = to_local(instant, self.zone)
        return f"{Words(self.language).day(local)}, {local:%H:%M} {city(self.zone)}"


def as_text(letter: BallotLetter) -> str:
    """Return the mail as plain text."""
    lines = [letter.greeting, "", letter.lead, "", letter.question]
    if letter.description and letter.asks:
        lines += ["", letter.description]
    if letter.asks:
        lines += ["", *letter.manner]
        if letter.link:
            lines += ["", letter.say("link", partner=letter.partner), letter.link, _own(letter)]
        lines += ["", letter.say("by_mail")]
    elif letter.occasion is BallotOccasion.RESULT:
        lines += ["", *letter.outcome]
        if letter.link:
            lines += ["", letter.say("link", partner=letter.partner), letter.link, _own(letter)]
    lines += ["", letter.organiser] if letter.organiser else []
    lines += ["", "-- ", Words(letter.language).say("footer", project=letter.project)]
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
        rows += [paragraph(each) for each in letter.manner]
        rows += _button(letter, "open_vote")
        rows.append(paragraph(letter.say("by_mail"), QUIET))
    elif letter.occasion is BallotOccasion.RESULT:
        first, *rest = letter.outcome
        rows.append(paragraph(first, STRONG))
        rows += [paragraph(each) for each in rest]
        rows += _button(letter, "open_result")
    rows += [paragraph(letter.organiser)] if letter.organiser else []
    foot = Words(letter.language).say("footer", project=letter.project)
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
