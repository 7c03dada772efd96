"""What readers of minutes are written: the minutes with a personal link, and what they can answer.

The mail can be answered without the link: an answer counts as a receipt, and what is written above
the quoted text is shown to the chair as an objection (`domain.rules.minutes_replies`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from projectdesk.domain.rules.reply_words import reply_word
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.mail.invitation_words import Words, city
from projectdesk.mail.letter_page import FOOT, QUIET, button, listing, page, paragraph, title
from projectdesk.mail.words import said


@dataclass(frozen=True)
class MinutesLetter:
    """What one reader is written.

    held_on: day of the meeting in its zone. until: of the window; zone: whose clock it is told by.
    decisions, actions: each in a line. head: of the audit trail, hex. code: by which an answering
    mail is known. message: a line of the organiser's own.
    """

    language: str
    title: str
    project: str
    held_on: date
    organiser: str
    name: str
    organisation: str
    revision: int
    reason: str
    until: datetime
    zone: str
    link: str
    code: str
    head: str
    may_object: bool
    may_veto: bool = False
    decisions: Sequence[str] = ()
    actions: Sequence[str] = ()
    message: str = ""
    has_pdf: bool = True

    @property
    def subject(self) -> str:
        """The subject of the mail."""
        title = f"{self.title} ({self.project})" if self.project else self.title
        key = "subject_revised" if self.revision > 1 else "subject"
        what = self.say(key, title=title, revision=str(self.revision))
        return f"{what} – {self.say('until_subject', when=self.end)}"

    @property
    def greeting(self) -> str:
        """Whom it is for: a forwarded mail still names them."""
        known = self.name and self.organisation
        shown = f"{self.name} ({self.organisation})" if known else self.name
        return Words(self.language).greeting(shown)

    @property
    def lead(self) -> str:
        """The first sentence."""
        key = "lead_revised" if self.revision > 1 else "lead"
        return self.say(key, organiser=self.organiser or self.project, revision=str(self.revision))

    @property
    def about(self) -> str:
        """Project and day of the meeting."""
        day = Words(self.language).day(self.held_on)
        return " \N{MIDDLE DOT} ".join(part for part in (self.project, day) if part)

    @property
    def end(self) -> str:
        """When the window ends, on the reader's clock: a day alone may be one too many."""
        words = Words(self.language)
        clock = words.span(self.until, 0, self.zone).partition(" ")[0]
        return f"{words.day(to_local(self.until, self.zone))}, {clock} {city(self.zone)}"

    @property
    def rights(self) -> list[str]:
        """What this reader can say on the page, and until when."""
        lines = [self.say("object" if self.may_object else "read_only", when=self.end)]
        return [*lines, self.say("veto")] if self.may_veto else lines

    @property
    def without_link(self) -> str:
        """What can be done without the link."""
        words = self.say("by_mail" if self.may_object else "by_mail_read")
        if not self.may_veto:
            return words
        veto = reply_word(self.language, "veto").capitalize()
        return f"{words} {self.say('veto_by_mail', word=veto)}"

    def say(self, key: str, **facts: object) -> str:
        """Return a text of this letter's language."""
        return said(self.language, f"minutes.{key}", **facts)


def as_text(letter: MinutesLetter) -> str:
    """Return the mail as plain text."""
    lines = [letter.greeting, "", letter.lead, "", letter.title, letter.about]
    if letter.message:
        lines += ["", letter.message]
    if letter.reason:
        lines += ["", letter.say("reason", reason=letter.reason)]
    lines += ["", letter.say("link"), letter.link, letter.say("passed_on"), "", *letter.rights]
    lines += ["", letter.without_link]
    for heading, rows in _lists(letter):
        lines += ["", heading, *(f"  - {row}" for row in rows)]
    lines += ["", letter.say("attached")] if letter.has_pdf else []
    lines += ["", letter.organiser] if letter.organiser else []
    foot = Words(letter.language).say("footer", project=letter.project)
    lines += ["", "-- ", foot, letter.say("head", head=letter.head)]
    lines.append(letter.say("code", code=letter.code))
    return "\n".join(lines)


def as_html(letter: MinutesLetter) -> str:
    """Return the mail as a page of HTML."""
    rows = [paragraph(letter.greeting), paragraph(letter.lead)]
    rows.append(title(letter.title))
    rows.append(paragraph(letter.about, QUIET))
    rows += [paragraph(letter.message)] if letter.message else []
    rows += [paragraph(letter.say("reason", reason=letter.reason))] if letter.reason else []
    rows.append(button(letter.link, letter.say("open")))
    rows.append(paragraph(letter.say("passed_on"), QUIET))
    rows += [paragraph(each) for each in letter.rights]
    rows.append(paragraph(letter.without_link, QUIET))
    for heading, entries in _lists(letter):
        rows.append(listing(heading, entries))
    rows += [paragraph(letter.say("attached"))] if letter.has_pdf else []
    rows += [paragraph(letter.organiser)] if letter.organiser else []
    foot = Words(letter.language).say("footer", project=letter.project)
    head = letter.say("head", head=letter.head)
    code = letter.say("code", code=letter.code)
    rows.append(
        paragraph(
            f"{foot}\n{head}\n{code}",
            f"{FOOT}word-break:break-all;",
        )
    )
    return page(letter.language, letter.subject, rows)


def _lists(letter: MinutesLetter) -> list[tuple[str, Sequence[str]]]:
    both = [("decisions", letter.decisions), ("actions", letter.actions)]
    return [(letter.say(key), rows) for key, rows in both if rows]
