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

from projectdesk.mail.invitation_words import ENGLISH, GERMAN, Words, filled
from projectdesk.mail.letter_page import FONT, FOOT, QUIET, TEXT, page, paragraph


class ActionOccasion(StrEnum):
    """Why somebody is written."""

    GIVEN = "given"
    REMINDER = "reminder"
    DIGEST = "digest"
    ESCALATION = "escalation"


_WORDS: Final = {
    ENGLISH: {
        "given": "{count} actions for you",
        "given_one": "An action for you",
        "reminder": "Reminder: {count} actions",
        "reminder_one": "Reminder",
        "digest": "Your open actions: {count}",
        "digest_one": "Your open action",
        "digest_late": "Your open actions: {count}, {late} late",
        "escalation": "Late actions of {partner}: {count}",
        "escalation_one": "Late action of {partner}",
        "lead_given": "You agreed to do the following. Your personal link closes, postpones or "
        "comments an action; no account is needed.",
        "lead_reminder": "{organiser} reminds you of the following.",
        "lead_digest": "What is open of what you agreed to do, the late ones first.",
        "lead_escalation": "The following is late by more than {days} days at {partner}. You get "
        "this mail because you represent {partner}; those who do it were reminded. Please help "
        "that it goes on, or agree another date with {organiser}.",
        "late": "Late",
        "soon": "Due this week",
        "later": "Later",
        "dateless": "Without a date",
        "due": "Due {day}",
        "days_late": "Due {day}, {count} days late",
        "day_late": "Due {day}, a day late",
        "today": "Due today",
        "no_date": "No date was agreed",
        "first": "first agreed for {day}",
        "with": "with {name}",
        "open": "Done, postpone, comment",
        "by_mail": "Or answer this mail: “done”, a new date such as {example}, or a comment.",
        "by_mail_many": "Or answer this mail, a line for each action: “{label} done”, “{label} "
        "{example}”, or “{label}” and a comment.",
        "passed_on": "The links are yours alone: please do not pass them on.",
        "footer": "Sent for {project} with ProjectDesk. Nobody else sees your address.",
    },
    GERMAN: {
        "given": "{count} Aufgaben für Sie",
        "given_one": "Eine Aufgabe für Sie",
        "reminder": "Erinnerung: {count} Aufgaben",
        "reminder_one": "Erinnerung",
        "digest": "Ihre offenen Aufgaben: {count}",
        "digest_one": "Ihre offene Aufgabe",
        "digest_late": "Ihre offenen Aufgaben: {count}, davon {late} überfällig",
        "escalation": "Überfällige Aufgaben von {partner}: {count}",
        "escalation_one": "Überfällige Aufgabe von {partner}",
        "lead_given": "Sie haben Folgendes übernommen. Ihr persönlicher Link schließt, verschiebt "
        "oder kommentiert eine Aufgabe; ein Konto ist nicht nötig.",
        "lead_reminder": "{organiser} erinnert Sie an Folgendes.",
        "lead_digest": "Das ist von Ihren Aufgaben offen, Überfälliges zuerst.",
        "lead_escalation": "Folgendes ist bei {partner} seit mehr als {days} Tagen überfällig. Sie "
        "bekommen diese Mail, weil Sie {partner} vertreten; wer es tun soll, wurde erinnert. Bitte "
        "helfen Sie, dass es weitergeht, oder vereinbaren Sie mit {organiser} einen neuen Termin.",
        "late": "Überfällig",
        "soon": "Diese Woche fällig",
        "later": "Später",
        "dateless": "Ohne Termin",
        "due": "Fällig am {day}",
        "days_late": "Fällig am {day}, {count} Tage überfällig",
        "day_late": "Fällig am {day}, einen Tag überfällig",
        "today": "Heute fällig",
        "no_date": "Es ist kein Termin vereinbart",
        "first": "zuerst vereinbart für den {day}",
        "with": "bei {name}",
        "open": "Erledigt, verschieben, kommentieren",
        "by_mail": "Oder antworten Sie auf diese Mail: „erledigt“, ein neuer Termin wie {example}, "
        "oder ein Kommentar.",
        "by_mail_many": "Oder antworten Sie auf diese Mail mit einer Zeile je Aufgabe: „{label} "
        "erledigt“, „{label} {example}“, oder „{label}“ und ein Kommentar.",
        "passed_on": "Die Links sind nur für Sie: bitte nicht weitergeben.",
        "footer": "Gesendet für {project} mit ProjectDesk. Niemand sonst sieht Ihre Adresse.",
    },
}
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
            return self.say("digest_late", count=str(len(self.lines)), late=str(late))
        if len(self.lines) == 1:
            line = self.lines[0]
            words = " ".join(line.text.split())
            short = words if len(words) <= 70 else f"{words[:69].rstrip()}\N{HORIZONTAL ELLIPSIS}"
            return f"{self.say(f'{key}_one', partner=self.partner)}: [{line.reference}] {short}"
        return self.say(key, count=str(len(self.lines)), partner=self.partner)

    @property
    def greeting(self) -> str:
        """Whom it is for."""
        words = Words(self.language)
        return words.say("dear", name=self.name) if self.name else words.say("hello")

    @property
    def lead(self) -> str:
        """The first sentences."""
        return self.say(
            f"lead_{self.occasion.value}",
            organiser=self.organiser,
            partner=self.partner,
            days=str(self.days),
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
        if len(self.lines) == 1:
            return self.say("by_mail", example=example)
        several = len({line.project for line in self.lines}) > 1
        first = self.lines[0]
        label = first.reference if several else first.label
        return self.say("by_mail_many", example=example, label=label)

    def when(self, line: ActionLine) -> str:
        """Return when a line is due, and how late it is."""
        words = Words(self.language)
        if line.due_on is None:
            return self.say("no_date")
        day = words.full_date(line.due_on)
        if line.days_late:
            key = "day_late" if line.days_late == 1 else "days_late"
            told = self.say(key, day=day, count=str(line.days_late))
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

    def say(self, key: str, **facts: str) -> str:
        """Return a text of this letter's language."""
        return filled(_WORDS[self.language][key], facts)


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
