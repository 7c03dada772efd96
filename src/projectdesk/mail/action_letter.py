"""What people are written of actions: given ones, a reminder, the weekly digest, an escalation.

Each action is named by project and label ("TIDEWATER A12"), so that the mail can be answered as
well: how an answer is read is `domain.rules.action_replies`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from html import escape
from typing import Final

from projectdesk.domain.rules.reply_words import reply_word
from projectdesk.mail.invitation_words import Words
from projectdesk.mail.letter_page import FONT, FOOT, QUIET, TEXT, page, paragraph
from projectdesk.mail.words import said


class ActionOccasion(StrEnum):
    """Why somebody is written."""

    GIVEN = "given"
    REMINDER = "reminder"
    DIGEST = "digest"
    ESCALATION = "escalation"


_LATE: Final = f"{FONT}font-size:13px;line-height:1.5;color:#b42323;font-weight:600;"
_GROUP: Final = (
    f"{FONT}font-size:13px;font-weight:600;color:#586173;margin:20px 0 0 0;"
    "padding-bottom:4px;border-bottom:1px solid #e4e7ec;"
)
_LINK: Final = f"{FONT}font-size:14px;font-weight:600;color:#3355c8;text-decoration:none;"
_GROUPS: Final = ("late", "soon", "later", "dateless")


@dataclass(frozen=True)
class ActionLine:
    """One action as a mail tells it. owner: who does it, for others. link: "" = none is in it."""

    project: str
    label: str
    text: str
    due_on: date | None
    days_late: int = 0
    this_week: bool = False
    first_due_on: date | None = None
    meeting: str = ""
    related: str = ""
    owner: str = ""
    link: str = ""

    @property
    def group(self) -> str:
        """Under which heading it stands."""
        if self.days_late:
            return "late"
        if self.due_on is None:
            return "dateless"
        return "soon" if self.this_week else "later"

    @property
    def reference(self) -> str:
        """By which an answer names it."""
        return f"{self.project} {self.label}"


@dataclass(frozen=True)
class ActionLetter:
    """What one person is written.

    today: the day it is written. partner, days: of an escalation: whose actions, and how late at
    least.
    """

    language: str
    occasion: ActionOccasion
    name: str
    organiser: str
    today: date
    lines: Sequence[ActionLine]
    partner: str = ""
    days: int = 0

    @property
    def subject(self) -> str:
        """The subject of the mail; of one action its label and the beginning of its text."""
        late = sum(line.days_late > 0 for line in self.lines)
        key = self.occasion.value
        if self.occasion is ActionOccasion.DIGEST and late and len(self.lines) > 1:
            return self.say("digest_late", count=len(self.lines), late=late)
        if len(self.lines) == 1:
            line = self.lines[0]
            words = " ".join(line.text.split())
            short = words if len(words) <= 70 else f"{words[:69].rstrip()}\N{HORIZONTAL ELLIPSIS}"
            return f"{self.say(f'{key}_one', partner=self.partner)}: [{line.reference}] {short}"
        return self.say(key, count=len(self.lines), partner=self.partner)

    @property
    def greeting(self) -> str:
        """Whom it is for."""
        return Words(self.language).greeting(self.name)

    @property
    def lead(self) -> str:
        """The first sentences."""
        return self.say(
            f"lead_{self.occasion.value}",
            organiser=self.organiser,
            partner=self.partner,
            days=self.days,
        )

    @property
    def grouped(self) -> list[tuple[str, list[ActionLine]]]:
        """The lines under their headings, the longest late first; "" = a heading is not needed."""
        found = []
        for group in _GROUPS:
            lines = [line for line in self.lines if line.group == group]
            lines.sort(key=lambda line: (line.due_on or date.max, line.project, line.label))
            if lines:
                found.append((self.say(group), lines))
        several = self.occasion is ActionOccasion.DIGEST and len(self.lines) > 1
        return found if several else [("", lines) for _, lines in found]

    @property
    def by_mail(self) -> str:
        """How the mail can be answered, "" where it cannot."""
        if self.occasion is ActionOccasion.ESCALATION:
            return ""
        example = Words(self.language).full_date(self.today + timedelta(days=14))
        done = reply_word(self.language, "done")
        if len(self.lines) == 1:
            return self.say("by_mail", example=example, done=done)
        several = len({line.project for line in self.lines}) > 1
        first = self.lines[0]
        label = first.reference if several else first.label
        return self.say("by_mail_many", example=example, label=label, done=done)

    def when(self, line: ActionLine) -> str:
        """Return when a line is due, and how late it is."""
        words = Words(self.language)
        if line.due_on is None:
            return self.say("no_date")
        day = words.full_date(line.due_on)
        if line.days_late:
            key = "day_late" if line.days_late == 1 else "days_late"
            told = self.say(key, day=day, count=line.days_late)
        else:
            told = self.say("today") if line.due_on == self.today else self.say("due", day=day)
        if line.first_due_on is not None:
            told += f" ({self.say('first', day=words.full_date(line.first_due_on))})"
        return told

    def about(self, line: ActionLine) -> str:
        """Return where a line comes from and what it belongs to."""
        owner = self.say("with", name=line.owner) if line.owner else ""
        parts = (owner, line.meeting, line.related)
        return " \N{MIDDLE DOT} ".join(part for part in parts if part)

    @property
    def footer(self) -> str:
        """Of which projects it is."""
        projects = dict.fromkeys(line.project for line in self.lines)
        return self.say("footer", project=", ".join(projects))

    def say(self, key: str, **facts: object) -> str:
        """Return a text of this letter's language."""
        return said(self.language, f"action.{key}", **facts)


def as_text(letter: ActionLetter) -> str:
    """Return the mail as plain text."""
    lines = [letter.greeting, "", letter.lead]
    for heading, group in letter.grouped:
        lines += ["", heading.upper()] if heading else []
        for line in group:
            text = " ".join(line.text.split())
            lines += ["", f"{line.reference}  {text}", f"    {letter.when(line)}"]
            lines += [f"    {about}"] if (about := letter.about(line)) else []
            lines += [f"    {line.link}"] if line.link else []
    lines += ["", letter.by_mail] if letter.by_mail else []
    lines += ["", letter.say("passed_on")] if any(line.link for line in letter.lines) else []
    lines += ["", letter.organiser] if letter.organiser else []
    return "\n".join([*lines, "", "-- ", letter.footer])


def as_html(letter: ActionLetter) -> str:
    """Return the mail as a page of HTML."""
    parts = [paragraph(letter.greeting), paragraph(letter.lead)]
    for heading, group in letter.grouped:
        if heading:
            parts.append(f'<h2 style="{_GROUP}">{escape(heading)}</h2>')
        parts += [_action(letter, line) for line in group]
    parts.append('<div style="height:16px;"></div>')
    if letter.by_mail:
        parts.append(paragraph(letter.by_mail, QUIET))
    if any(line.link for line in letter.lines):
        parts.append(paragraph(letter.say("passed_on"), QUIET))
    parts += [paragraph(letter.organiser)] if letter.organiser else []
    parts.append(paragraph(letter.footer, FOOT))
    return page(letter.language, letter.subject, parts)


def _action(letter: ActionLetter, line: ActionLine) -> str:
    label = f'<span style="color:#586173;font-weight:400;">{escape(line.reference)}</span>'
    look = _LATE if line.days_late else QUIET
    rows = [
        f'<p style="margin:14px 0 2px 0;{TEXT}font-weight:600;">{label}&nbsp; '
        f"{escape(' '.join(line.text.split()))}</p>",
        f'<p style="margin:0;{look}">{escape(letter.when(line))}</p>',
    ]
    if about := letter.about(line):
        rows.append(f'<p style="margin:0;{QUIET}">{escape(about)}</p>')
    if line.link:
        address = escape(line.link, quote=True)
        words = escape(letter.say("open"))
        rows.append(
            f'<p style="margin:4px 0 0 0;"><a href="{address}" style="{_LINK}">{words}</a></p>'
        )
    return "".join(rows)
