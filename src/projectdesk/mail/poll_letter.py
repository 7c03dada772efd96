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

from projectdesk.domain.rules.reply_words import reply_word
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.mail.invitation_words import Words, city, offset
from projectdesk.mail.letter_page import FOOT, QUIET, STRONG, TEXT, button, page, paragraph, title
from projectdesk.mail.words import said


class Occasion(StrEnum):
    """Why a voter is written. AHEAD: a reminder that a server sends, which reads no mail."""

    QUESTION = "question"
    REMINDER = "reminder"
    AHEAD = "ahead"
    DECIDED = "decided"
    CANCELLED = "cancelled"


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
        asked = what.endswith(("?", "\N{ARABIC QUESTION MARK}"))
        return f"{what} {title}" if asked else f"{what}: {title}"

    @property
    def asks(self) -> bool:
        """Whether an answer is wanted."""
        return self.occasion in {Occasion.QUESTION, Occasion.REMINDER, Occasion.AHEAD}

    @property
    def greeting(self) -> str:
        """Whom it is for."""
        return Words(self.language).greeting(self.name)

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

    @property
    def by_mail(self) -> str:
        """How the mail can be answered, by the words that `domain.rules.poll_replies` reads."""
        quoted = Words(self.language).quoted
        return self.say(
            "by_mail",
            yes=quoted(reply_word(self.language, "yes")),
            no=quoted(reply_word(self.language, "no")),
            if_need_be=quoted(reply_word(self.language, "if_need_be")),
        )

    def say(self, key: str, **facts: object) -> str:
        """Return a text of this letter's language."""
        return said(self.language, f"poll.{key}", **facts)


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
        lines += ["", letter.by_mail]
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
        rows.append(_line(letter.by_mail, QUIET))
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
