"""What somebody is written of the work plan: drafts, reviews, deliverables, milestones awaited.

An answer is an answer to a person: nothing reads it here (docs/adr/0068).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final

from projectdesk.mail.invitation_words import Words
from projectdesk.mail.letter_page import FONT, FOOT, QUIET, TEXT, page, paragraph
from projectdesk.mail.words import said

_LATE: Final = f"{FONT}font-size:13px;line-height:1.5;color:#b42323;font-weight:600;"
_MOST_LABELS: Final = 4


@dataclass(frozen=True)
class PlanLine:
    """Something awaited. step: "draft", "review", ... (`domain.rules.deliverables.Step`).

    days_late: 0 = it is not late. expected_on: when its lead said that it comes.
    """

    project: str
    label: str
    title: str
    step: str
    due_on: date
    days_late: int = 0
    expected_on: date | None = None


@dataclass(frozen=True)
class PlanLetter:
    """What one person is written. today: the day it is written."""

    language: str
    name: str
    organiser: str
    today: date
    lines: Sequence[PlanLine]

    @property
    def subject(self) -> str:
        """The subject of the mail: of which projects, and what."""
        projects = ", ".join(dict.fromkeys(line.project for line in self.lines))
        labels = [line.label for line in self.in_order]
        named = ", ".join(labels[:_MOST_LABELS])
        if len(labels) > _MOST_LABELS:
            named += f", \N{HORIZONTAL ELLIPSIS} ({len(labels)})"
        return self.say("subject", project=projects, labels=named)

    @property
    def in_order(self) -> list[PlanLine]:
        """The lines, the longest late first."""
        return sorted(self.lines, key=lambda line: (line.due_on, line.project, line.label))

    @property
    def greeting(self) -> str:
        """Whom it is for."""
        return Words(self.language).greeting(self.name)

    @property
    def lead(self) -> str:
        """The first sentence."""
        return self.say("lead", organiser=self.organiser)

    def when(self, line: PlanLine) -> str:
        """Return what is awaited, when it is due, and how late it is."""
        words = Words(self.language)
        day = words.full_date(line.due_on)
        if line.days_late:
            key = "day_late" if line.days_late == 1 else "days_late"
            told = said(self.language, f"action.{key}", day=day, count=line.days_late)
        elif line.due_on == self.today:
            told = said(self.language, "action.today")
        else:
            told = said(self.language, "action.due", day=day)
        if line.expected_on is not None:
            told += f" ({self.say('expected', day=words.full_date(line.expected_on))})"
        return f"{self.say(line.step)}: {told}"

    @property
    def footer(self) -> str:
        """Of which projects it is."""
        projects = dict.fromkeys(line.project for line in self.lines)
        return said(self.language, "action.footer", project=", ".join(projects))

    def say(self, key: str, **facts: object) -> str:
        """Return a text of this letter's language."""
        return said(self.language, f"plan.{key}", **facts)


def as_text(letter: PlanLetter) -> str:
    """Return the mail as plain text."""
    lines = [letter.greeting, "", letter.lead]
    for line in letter.in_order:
        title = " ".join(line.title.split())
        lines += ["", f"{line.project} {line.label}  {title}", f"    {letter.when(line)}"]
    lines += ["", letter.say("ask")]
    lines += ["", letter.organiser] if letter.organiser else []
    return "\n".join([*lines, "", "-- ", letter.footer])


def as_html(letter: PlanLetter) -> str:
    """Return the mail as a page of HTML."""
    parts = [paragraph(letter.greeting), paragraph(letter.lead)]
    parts += [_awaited(letter, line) for line in letter.in_order]
    parts += ['<div style="height:16px;"></div>', paragraph(letter.say("ask"))]
    parts += [paragraph(letter.organiser)] if letter.organiser else []
    parts.append(paragraph(letter.footer, FOOT))
    return page(letter.language, letter.subject, parts)


def _awaited(letter: PlanLetter, line: PlanLine) -> str:
    reference = escape(f"{line.project} {line.label}")
    label = f'<span style="color:#586173;font-weight:400;">{reference}</span>'
    look = _LATE if line.days_late else QUIET
    return (
        f'<p style="margin:14px 0 2px 0;{TEXT}font-weight:600;">{label}&nbsp; '
        f"{escape(' '.join(line.title.split()))}</p>"
        f'<p style="margin:0;{look}">{escape(letter.when(line))}</p>'
    )
