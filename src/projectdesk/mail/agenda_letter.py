"""The letter that an agenda goes out with: the items with their times where the reader is.

English, as the attached document is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


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
        return f"Agenda: {self.title} ({self.project})"


def letter_text(letter: AgendaLetter) -> str:
    """Return the letter as plain text."""
    parts = [
        f"Agenda: {letter.title} ({letter.project})",
        "\n".join(
            line
            for line in (
                f"When: {letter.when}",
                f"For you: {letter.here}" if letter.here else "",
                f"Where: {letter.place}" if letter.place else "",
            )
            if line
        ),
        letter.note.strip(),
        "\n".join(_text_lines(letter.lines)),
        "The whole agenda is attached as PDF.",
        letter.organiser,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def letter_html(letter: AgendaLetter) -> str:
    """Return the letter as a whole HTML page without scripts, pictures or links."""
    facts = (("When", letter.when), ("For you", letter.here), ("Where", letter.place))
    rows = "".join(
        f'<tr><td style="padding:2px 16px 2px 0;color:#566273">{name}</td>'
        f'<td style="padding:2px 0">{escape(value)}</td></tr>'
        for name, value in facts
        if value
    )
    note = (
        "".join(f"<p>{escape(line)}</p>" for line in letter.note.strip().splitlines() if line)
        if letter.note.strip()
        else ""
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(letter.subject)}</title></head>"
        '<body style="font-family:Segoe UI,Helvetica,Arial,sans-serif;font-size:15px;'
        'line-height:1.5;color:#1b2430;margin:24px;max-width:640px">'
        f'<p style="margin:0;color:#566273">Agenda · {escape(letter.project)}</p>'
        f'<h1 style="font-size:22px;margin:2px 0 12px">{escape(letter.title)}</h1>'
        f'<table role="presentation" style="border-collapse:collapse">{rows}</table>{note}'
        f'<table style="border-collapse:collapse;margin:16px 0;width:100%">'
        f"{''.join(_html_lines(letter.lines))}</table>"
        f"<p>The whole agenda is attached as PDF.</p><p>{escape(letter.organiser)}</p>"
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
