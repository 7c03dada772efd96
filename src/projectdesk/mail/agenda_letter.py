"""The letter that an agenda goes out with: the items with their times where the reader is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from projectdesk.mail.invitation_words import Words
from projectdesk.mail.letter_page import spoken
from projectdesk.mail.words import said


@dataclass(frozen=True)
class AgendaLine:
    """One line. clock: "" of a heading (a day, a section)."""

    text: str
    clock: str = ""
    presenter: str = ""


@dataclass(frozen=True)
class AgendaLetter:
    """What one person is written. when: start in the meeting's zone; here: in theirs, "" = same.

    note: the organiser's own words.
    """

    language: str
    title: str
    project: str
    organiser: str
    when: str
    here: str
    place: str
    note: str
    lines: tuple[AgendaLine, ...]

    @property
    def subject(self) -> str:
        """One line."""
        return said(self.language, "agenda.subject", title=f"{self.title} ({self.project})")

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """When and where, with what each is called; what is not known is left out."""
        words = Words(self.language)
        here = said(self.language, "agenda.here")
        every = (
            (words.say("when"), self.when),
            (here, self.here),
            (words.say("where"), self.place),
        )
        return tuple((name, value) for name, value in every if value)


def letter_text(letter: AgendaLetter) -> str:
    """Return the letter as plain text."""
    words = Words(letter.language)
    facts = (words.say("labelled", label=name, value=value) for name, value in letter.facts)
    parts = [
        letter.subject,
        "\n".join(facts),
        letter.note.strip(),
        "\n".join(_text_lines(letter.lines)),
        said(letter.language, "agenda.attached"),
        letter.organiser,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def letter_html(letter: AgendaLetter) -> str:
    """Return the letter as a whole HTML page without scripts, pictures or links."""
    rows = "".join(
        f'<tr><td style="padding:2px 16px 2px 0;color:#566273">{escape(name)}</td>'
        f'<td style="padding:2px 0">{escape(value)}</td></tr>'
        for name, value in letter.facts
    )
    note = (
        "".join(f"<p>{escape(line)}</p>" for line in letter.note.strip().splitlines() if line)
        if letter.note.strip()
        else ""
    )
    heading = escape(said(letter.language, "agenda.heading"))
    attached = escape(said(letter.language, "agenda.attached"))
    return (
        f'<!DOCTYPE html><html {spoken(letter.language)}><head><meta charset="utf-8">'
        f"<title>{escape(letter.subject)}</title></head>"
        '<body style="font-family:Segoe UI,Helvetica,Arial,sans-serif;font-size:15px;'
        'line-height:1.5;color:#1b2430;margin:24px;max-width:640px">'
        f'<p style="margin:0;color:#566273">{heading} · {escape(letter.project)}</p>'
        f'<h1 style="font-size:22px;margin:2px 0 12px">{escape(letter.title)}</h1>'
        f'<table role="presentation" style="border-collapse:collapse">{rows}</table>{note}'
        f'<table style="border-collapse:collapse;margin:16px 0;width:100%">'
        f"{''.join(_html_lines(letter.lines))}</table>"
        f"<p>{attached}</p><p>{escape(letter.organiser)}</p>"
        "</body></html>"
    )


def _text_lines(lines: Sequence[AgendaLine]) -> list[str]:
    made: list[str] = []
    for line in lines:
        if not line.clock:
            made += ["", line.text] if made else [line.text]
        else:
            presenter = f" - {line.presenter}" if line.presenter else ""
            made.append(f"{line.clock}  {line.text}{presenter}")
    return made


def _html_lines(lines: Sequence[AgendaLine]) -> list[str]:
    cell = "padding:4px 12px 4px 0;border-bottom:1px solid #d5dbe3;vertical-align:top"
    made = []
    for line in lines:
        if not line.clock:
            made.append(
                '<tr><th colspan="3" style="text-align:left;padding:14px 0 4px">'
                f"{escape(line.text)}</th></tr>"
            )
        else:
            made.append(
                f'<tr><td style="{cell};white-space:nowrap">{escape(line.clock)}</td>'
                f'<td style="{cell}">{escape(line.text)}</td>'
                f'<td style="{cell};color:#566273">{escape(line.presenter)}</td></tr>'
            )
    return made
