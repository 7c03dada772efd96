"""What voters of a date poll are written: the question, the reminder, and what came of it.

The question lists the dates by number, so that it can be answered by mail as well: how such an
answer is read is `domain.rules.poll_replies`. Its instruction holds no line that could be read as
an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.mail.invitation_words import ENGLISH, GERMAN, Words, city, filled, offset
from projectdesk.mail.letter_page import FOOT, QUIET, STRONG, TEXT, button, page, paragraph, title


class Occasion(StrEnum):
    """Why a voter is written."""

    QUESTION = "question"
    REMINDER = "reminder"
    DECIDED = "decided"
    CANCELLED = "cancelled"


_WORDS: Final = {
    ENGLISH: {
        "question": "When can you meet?",
        "reminder": "Reminder: when can you meet?",
        "decided": "The date is settled",
        "cancelled": "No date: the poll is called off",
        "lead_question": "{organiser} asks which of these dates suit you for:",
        "lead_reminder": "Your answer is still missing. {organiser} asks which dates suit you for:",
        "lead_decided": "The date is settled for:",
        "lead_cancelled": "The poll is called off; no date was chosen for:",
        "link": "Your personal link, no account is needed:",
        "open": "Answer the poll",
        "dates": "The dates, by the clock of {place}:",
        "by_mail": 'Or answer this mail: for each date a line with its number and yes, no or "if '
        'need be"; or put a mark (x, no, ?) between the brackets.',
        "until": "Please answer by {when}.",
        "invited": "You will be invited to the meeting.",
        "passed_on": "The link is yours alone: please do not pass it on.",
        "code": "Poll {code}",
    },
    GERMAN: {
        "question": "Wann passt es Ihnen?",
        "reminder": "Erinnerung: wann passt es Ihnen?",
        "decided": "Der Termin steht fest",
        "cancelled": "Kein Termin: die Umfrage ist abgesagt",
        "lead_question": "{organiser} fragt, welche dieser Termine Ihnen passen für:",
        "lead_reminder": "Ihre Antwort fehlt noch. {organiser} fragt, welche Termine passen für:",
        "lead_decided": "der Termin steht fest für:",
        "lead_cancelled": "die Umfrage ist abgesagt; es ist kein Termin gewählt für:",
        "link": "Ihr persönlicher Link, ohne Konto:",
        "open": "Umfrage beantworten",
        "dates": "Die Termine, nach der Uhr von {place}:",
        "by_mail": "Oder antworten Sie auf diese Mail: für jeden Termin eine Zeile mit seiner "
        "Nummer und ja, nein oder zur Not; oder setzen Sie ein Zeichen (x, nein, ?) in die "
        "Klammern.",
        "until": "Bitte antworten Sie bis {when}.",
        "invited": "Die Einladung zur Besprechung folgt.",
        "passed_on": "Der Link ist nur für Sie: bitte nicht weitergeben.",
        "code": "Umfrage {code}",
    },
}


@dataclass(frozen=True)
class PollLetter:
    """What one voter is written.

    starts: of the dates that are told, in their order; of a settled poll the chosen one alone.
    zone: whose clock is used. code: by which an answering mail is known, "" = none is asked for.
    """

    language: str
    occasion: Occasion
    title: str
    text: str
    project: str
    organiser: str
    name: str
    starts: Sequence[datetime]
    duration_minutes: int
    zone: str
    deadline: datetime | None = None
    link: str = ""
    code: str = ""

    @property
    def subject(self) -> str:
        """The subject of the mail."""
        title = f"{self.title} ({self.project})" if self.project else self.title
        what = self.say(self.occasion.value)
        return f"{what} {title}" if what.endswith("?") else f"{what}: {title}"

    @property
    def asks(self) -> bool:
        """Whether an answer is wanted."""
        return self.occasion in {Occasion.QUESTION, Occasion.REMINDER}

    @property
    def greeting(self) -> str:
        """Whom it is for."""
        words = Words(self.language)
        return words.say("dear", name=self.name) if self.name else words.say("hello")

    @property
    def lead(self) -> str:
        """The first sentence."""
        return self.say(f"lead_{self.occasion.value}", organiser=self.organiser or self.project)

    @property
    def dates(self) -> list[str]:
        """Each date in words, by the reader's clock."""
        words = Words(self.language)
        lines = []
        for start in self.starts:
            day = words.short_day(to_local(start, self.zone))
            span = words.span(start, self.duration_minutes, self.zone)
            year = to_local(start, self.zone).year
            lines.append(f"{day} {year}, {span} ({offset(start, self.zone)})")
        return lines

    @property
    def until(self) -> str:
        """Until when an answer counts, "" = not said."""
        if self.deadline is None:
            return ""
        words = Words(self.language)
        local = to_local(self.deadline, self.zone)
        clock = words.span(self.deadline, 0, self.zone).partition(" ")[0]
        return self.say("until", when=f"{words.day(local)}, {clock} {city(self.zone)}")

    def say(self, key: str, **facts: str) -> str:
        """Return a text of this letter's language."""
        return filled(_WORDS[self.language][key], facts)


def as_text(letter: PollLetter) -> str:
    """Return the mail as plain text."""
    length = Words(letter.language).length(letter.duration_minutes)
    lines = [letter.greeting, "", letter.lead, "", f"{letter.title} ({length})"]
    if letter.text and letter.asks:
        lines += ["", letter.text]
    if letter.asks:
        lines += ["", letter.say("link"), letter.link, letter.say("passed_on")]
        lines += ["", letter.say("dates", place=city(letter.zone))]
        lines += [f"  [   ] {n}  {date}" for n, date in enumerate(letter.dates, 1)]
        lines += ["", letter.say("by_mail")]
        lines += ["", letter.until] if letter.until else []
    elif letter.occasion is Occasion.DECIDED:
        lines += [f"{date} {city(letter.zone)}" for date in letter.dates]
        lines += ["", letter.say("invited")]
    lines += ["", letter.organiser] if letter.organiser else []
    lines += ["", "-- ", Words(letter.language).say("footer", project=letter.project)]
    if letter.code:
        lines.append(letter.say("code", code=letter.code))
    return "\n".join(lines)


def as_html(letter: PollLetter) -> str:
    """Return the mail as a page of HTML; the dates keep their numbers and brackets."""
    length = Words(letter.language).length(letter.duration_minutes)
    rows = [_line(letter.greeting), _line(letter.lead)]
    rows.append(title(letter.title))
    rows.append(_line(f"{letter.project} \N{MIDDLE DOT} {length}", QUIET))
    if letter.text and letter.asks:
        rows.append(_line(letter.text))
    if letter.asks:
        rows.append(button(letter.link, letter.say("open")))
        rows.append(_line(letter.say("passed_on"), QUIET))
        rows.append(_line(letter.say("dates", place=city(letter.zone))))
        rows += [_line(f"[   ] {n}  {date}", STRONG) for n, date in enumerate(letter.dates, 1)]
        rows.append(_line(letter.say("by_mail"), QUIET))
        rows += [_line(letter.until)] if letter.until else []
    elif letter.occasion is Occasion.DECIDED:
        rows += [_line(f"{date} {city(letter.zone)}", STRONG) for date in letter.dates]
        rows.append(_line(letter.say("invited")))
    rows += [_line(letter.organiser)] if letter.organiser else []
    foot = Words(letter.language).say("footer", project=letter.project)
    if letter.code:
        foot += f" {letter.say('code', code=letter.code)}"
    rows.append(_line(foot, FOOT))
    return page(letter.language, letter.subject, rows)


def _line(text: str, style: str = TEXT) -> str:
    """Return a paragraph in which brackets to be filled keep their width."""
    return paragraph(text, style).replace("   ", "&nbsp;&nbsp;&nbsp;")
