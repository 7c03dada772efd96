"""An invitation as text and as a page of HTML that Outlook and Gmail show alike.

Tables and styles at each element, no style sheet, no script, nothing from the network: what is not
in the mail itself would tell its sender who read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from projectdesk.domain.rules.invitation_changes import Telling
from projectdesk.mail.invitation_words import Words, sentence
from projectdesk.mail.letter_page import spoken

LOGO: Final = "logo"
"""Content id of the consortium's logo."""
_FONT: Final = "font-family:'Segoe UI',-apple-system,'Helvetica Neue',Arial,sans-serif;"
_TEXT: Final = "#1a1f29"
_MUTED: Final = "#586173"
_LINE: Final = "#e4e7ec"
_PAGE: Final = "#f6f7f9"
_ACCENT: Final = "#3355c8"
_SOFT: Final = "#e8edfb"
_WARNING: Final = "#8a5200"
_WARNING_SOFT: Final = "#fdf0d9"
_DANGER: Final = "#b3261e"
_DANGER_SOFT: Final = "#fdeae8"
_WIDTH: Final = 600


@dataclass(frozen=True)
class Changed:
    """One thing that changed, in words."""

    what: str
    before: str
    now: str


@dataclass(frozen=True)
class ZoneLine:
    """The time somewhere else. places: cities that share it; away: "UTC+1"."""

    places: str
    when: str
    away: str


@dataclass(frozen=True)
class AgendaLine:
    """An item, with its number. starts: by the reader's clock, "" = a heading; length: in words."""

    starts: str
    title: str
    presenter: str = ""
    length: str = ""


@dataclass(frozen=True)
class DateLine:
    """One date of a series. note: "moved", "cancelled", "". link: "" = none."""

    when: str
    note: str
    link: str


@dataclass(frozen=True)
class Letter:
    """What one invitee is written.

    again: told before that it is cancelled. removed: the meeting takes place, without them. when:
    day, span and place of the reader. note: the organiser's own words. link, check_link: "" = none
    to give. repeats: of a series, how. logo: the mail holds one as `LOGO`.
    """

    words: Words
    telling: Telling
    title: str
    project: str
    project_title: str
    organiser: str
    name: str
    when: tuple[str, str, str]
    length: str
    place: str = ""
    required: bool = True
    again: bool = False
    removed: bool = False
    asks_again: bool = False
    note: str = ""
    link: str = ""
    check_link: str = ""
    changed: Sequence[Changed] = ()
    zones: Sequence[ZoneLine] = ()
    agenda: Sequence[AgendaLine] = ()
    dates: Sequence[DateLine] = ()
    repeats: str = ""
    logo: bool = False

    @property
    def heading(self) -> str:
        """What kind of mail it is, in a word."""
        if self.again and self.telling is not Telling.CANCEL:
            return self.words.say("again")
        return self.words.what(self.telling)

    @property
    def lead(self) -> str:
        """The first sentence."""
        if self.telling is Telling.CANCEL:
            return self.words.say("lead_removed" if self.removed else "lead_cancel")
        if self.again:
            return self.words.say("lead_again")
        if self.telling is Telling.NEW:
            return self.words.say("lead_series" if self.repeats else "lead_new")
        return self.words.say("lead_update")

    @property
    def greeting(self) -> str:
        """Whom it is for."""
        return self.words.greeting(self.name)

    @property
    def place_of_clock(self) -> str:
        """By whose clock the times are: "Lisbon"."""
        return self.when[2].partition(" (")[0]

    @property
    def stands(self) -> bool:
        """Whether there is a meeting to come to."""
        return self.telling is not Telling.CANCEL


# --- text -----------------------------------------------------------------------------------------


def as_text(letter: Letter) -> str:
    """Return the mail as plain text, readable without any HTML."""
    words = letter.words
    lines = [letter.greeting, "", letter.lead]
    lines += [f"  {one.what}: {one.before}  ->  {one.now}" for one in letter.changed]
    if letter.asks_again:
        lines += ["", words.say("ask_again")]
    if letter.note:
        lines += ["", letter.note]
    day, span, where = letter.when
    lines += ["", letter.title, f"{day}, {span} {where} ({letter.length})"]
    if letter.stands:
        lines += _text_to_come(letter)
    if letter.organiser:
        lines += ["", letter.organiser]
    lines += ["", "-- ", words.say("footer", project=letter.project)]
    return "\n".join(lines)


def as_description(letter: Letter) -> str:
    """Return what stands in the calendar entry: the way in, other zones, agenda; no greeting."""
    if not letter.stands:
        return sentence(letter.lead)
    parts = [letter.note, ""] if letter.note else []
    return "\n".join([*parts, *_text_to_come(letter)])


def _text_to_come(letter: Letter) -> list[str]:
    words = letter.words
    lines = [words.labelled("repeats", letter.repeats)] if letter.repeats else []
    lines += [letter.place] if letter.place else []
    presence = words.say("required" if letter.required else "optional")
    lines.append(words.labelled("presence", presence))
    if letter.link:
        lines += ["", words.labelled("join", letter.link), words.say("join_says")]
    if letter.check_link:
        lines += ["", words.labelled("check", letter.check_link)]
    lines += ["", words.labelled("answer", words.say("answer_says"))]
    if letter.dates:
        lines += ["", words.say("dates")]
        for each in letter.dates:
            note = f" ({each.note})" if each.note else ""
            lines.append("  ".join(part for part in (f"  {each.when}{note}", each.link) if part))
    if letter.zones:
        lines += ["", words.say("zones")]
        lines += [f"  {each.when}  {each.places} ({each.away})" for each in letter.zones]
    if letter.agenda:
        lines += [
            "",
            f"{words.say('agenda')} ({words.say('agenda_in', place=letter.place_of_clock)})",
        ]
        for item in letter.agenda:
            if not item.starts:
                lines.append(f"  {item.title}")
                continue
            who = f", {words.say('presenter', name=item.presenter)}" if item.presenter else ""
            lines.append(f"  {item.starts}  {item.title}{who} ({item.length})")
    return lines


# --- HTML -----------------------------------------------------------------------------------------


def as_html(letter: Letter) -> str:
    """Return the mail as a page of HTML."""
    rows = [_head(letter), _title(letter), _changes(letter), _note(letter), _facts(letter)]
    if letter.stands:
        rows += [_way_in(letter), _dates(letter), _zones(letter), _agenda(letter)]
    rows.append(_foot(letter))
    inside = "".join(f'<tr><td style="padding:0 32px;">{row}</td></tr>' for row in rows if row)
    title = escape(f"{letter.heading}: {letter.title}")
    return (
        f'<!DOCTYPE html><html {spoken(letter.words.language)}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="color-scheme" content="light"><title>{title}</title></head>'
        f'<body style="margin:0;padding:0;background:{_PAGE};">'
        f'<div style="display:none;max-height:0;overflow:hidden;">{escape(_preview(letter))}</div>'
        f'<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" '
        f'bgcolor="{_PAGE}"><tr><td align="center" style="padding:24px 12px;">'
        f'<table role="presentation" width="{_WIDTH}" cellpadding="0" cellspacing="0" border="0" '
        f'bgcolor="#ffffff" style="width:100%;max-width:{_WIDTH}px;border:1px solid {_LINE};'
        f'border-radius:8px;">{inside}</table></td></tr></table></body></html>'
    )


def _preview(letter: Letter) -> str:
    day, span, where = letter.when
    return f"{day}, {span} {where}. {sentence(letter.lead)}"


def _style(size: int = 15, colour: str = _TEXT, more: str = "") -> str:
    return f"{_FONT}font-size:{size}px;line-height:1.5;color:{colour};{more}"


def _paragraph(text: str, size: int = 15, colour: str = _TEXT, more: str = "") -> str:
    words = escape(text).replace("\n", "<br>")
    return f'<p style="margin:0 0 12px 0;{_style(size, colour, more)}">{words}</p>'


def _head(letter: Letter) -> str:
    if letter.logo:
        mark = (
            f'<img src="cid:{LOGO}" alt="{escape(letter.project)}" height="48" '
            'style="display:block;height:48px;width:auto;border:0;">'
        )
    else:
        mark = (
            f'<span style="{_style(22, _ACCENT, "font-weight:700;letter-spacing:0.5px;")}">'
            f"{escape(letter.project)}</span>"
        )
    under = ""
    if letter.project_title:
        under = (
            f'<div style="{_style(12, _MUTED, "padding-top:4px;")}">'
            f"{escape(letter.project_title)}</div>"
        )
    return (
        f'<div style="padding:28px 0 16px 0;border-bottom:1px solid {_LINE};">{mark}{under}</div>'
    )


def _title(letter: Letter) -> str:
    colour = _ACCENT if letter.telling is Telling.NEW else _WARNING
    if letter.telling is Telling.CANCEL:
        colour = _DANGER
    struck = "" if letter.stands else "text-decoration:line-through;"
    return (
        f'<div style="{_style(13, colour, "font-weight:600;padding-top:24px;")}">'
        f"{escape(letter.heading)}</div>"
        f'<h1 style="margin:4px 0 16px 0;{_style(24, _TEXT, "font-weight:600;line-height:1.3;")}'
        f'{struck}">{escape(letter.title)}</h1>'
        f"{_paragraph(letter.greeting)}{_paragraph(letter.lead)}"
    )


def _changes(letter: Letter) -> str:
    if not letter.changed:
        return ""
    lines = "".join(
        f'<tr><td valign="top" style="{_style(13, _WARNING, "padding:4px 16px 4px 0;")}'
        f'white-space:nowrap;">{escape(one.what)}</td>'
        f'<td style="{_style(15, _TEXT, "padding:4px 0;")}">'
        f'<span style="color:{_MUTED};text-decoration:line-through;">{escape(one.before)}</span>'
        f"<br><b>{escape(one.now)}</b></td></tr>"
        for one in letter.changed
    )
    again = ""
    if letter.asks_again:
        again = (
            f'<div style="{_style(14, _WARNING, "padding-top:8px;")}">'
            f"{escape(letter.words.say('ask_again'))}</div>"
        )
    return _box(f"{_table(lines)}{again}", _WARNING_SOFT)


def _note(letter: Letter) -> str:
    return _paragraph(letter.note) if letter.note else ""


def _facts(letter: Letter) -> str:
    words = letter.words
    day, span, where = letter.when
    struck = "" if letter.stands else "text-decoration:line-through;"
    when = (
        f'<span style="{struck}"><b>{escape(day)}</b><br>{escape(f"{span} {where}")}</span>'
        f' <span style="color:{_MUTED};">({escape(letter.length)})</span>'
    )
    facts = [(words.say("when"), when)]
    if letter.repeats:
        facts.append((words.say("repeats"), escape(letter.repeats)))
    if letter.stands:
        place = letter.place or (words.say("online") if letter.link or letter.dates else "")
        if place:
            facts.append((words.say("where"), escape(place)))
        presence = words.say("required" if letter.required else "optional")
        facts.append((words.say("presence"), escape(presence)))
    lines = "".join(
        f'<tr><td valign="top" width="110" style="{_style(13, _MUTED, "padding:6px 16px 6px 0;")}">'
        f'{escape(name)}</td><td style="{_style(16, _TEXT, "padding:6px 0;")}">{value}</td></tr>'
        for name, value in facts
    )
    return _box(_table(lines), _SOFT if letter.stands else _DANGER_SOFT)


def _way_in(letter: Letter) -> str:
    words, parts = letter.words, []
    if letter.link:
        parts.append(
            '<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>'
            f'<td bgcolor="{_ACCENT}" style="border-radius:6px;"><a href="{escape(letter.link)}" '
            f'style="display:inline-block;padding:12px 28px;{_FONT}font-size:16px;font-weight:600;'
            f'color:#ffffff;text-decoration:none;">{escape(words.say("join"))}</a></td></tr></table>'
            f'<div style="height:12px;line-height:12px;">&nbsp;</div>'
            f"{_paragraph(words.say('join_says'), 13, _MUTED)}"
        )
    if letter.check_link:
        parts.append(
            f'<p style="margin:0 0 12px 0;{_style(14)}"><a href="{escape(letter.check_link)}" '
            f'style="color:{_ACCENT};">{escape(words.say("check"))}</a></p>'
        )
    parts.append(
        f'<p style="margin:0 0 12px 0;{_style(13, _MUTED)}"><b>{escape(words.say("answer"))}.</b> '
        f"{escape(words.say('answer_says'))}</p>"
    )
    return "".join(parts)


def _dates(letter: Letter) -> str:
    if not letter.dates:
        return ""
    words = letter.words
    lines = "".join(_date_line(each, words.say("open")) for each in letter.dates)
    return f"{_section(words.say('dates'), words.say('dates_says'))}{_table(lines)}"


def _date_line(each: DateLine, open_word: str) -> str:
    note = f' <span style="color:{_WARNING};">({escape(each.note)})</span>' if each.note else ""
    way = ""
    if each.link:
        way = f'<a href="{escape(each.link)}" style="color:{_ACCENT};">{escape(open_word)}</a>'
    return _line((f"{escape(each.when)}{note}", way))


def _zones(letter: Letter) -> str:
    if not letter.zones:
        return ""
    lines = "".join(
        _line(
            (
                escape(each.places),
                f'<span style="white-space:nowrap;">{escape(each.when)}</span>',
                f'<span style="color:{_MUTED};">{escape(each.away)}</span>',
            )
        )
        for each in letter.zones
    )
    return f"{_section(letter.words.say('zones'))}{_table(lines)}"


def _agenda(letter: Letter) -> str:
    if not letter.agenda:
        return ""
    words = letter.words
    lines = "".join(_agenda_line(words, item) for item in letter.agenda)
    under = words.say("agenda_in", place=letter.place_of_clock)
    return f"{_section(words.say('agenda'), under)}{_table(lines)}"


def _agenda_line(words: Words, item: AgendaLine) -> str:
    if not item.starts:
        style = _style(14, _TEXT, "font-weight:600;padding:14px 0 4px 0;")
        return f'<tr><td colspan="3" style="{style}">{escape(item.title)}</td></tr>'
    length = f'<span style="color:{_MUTED};white-space:nowrap;">{escape(item.length)}</span>'
    title = f"{escape(item.title)}{_presenter(words, item)}"
    return _line((escape(item.starts), title, length), first=56)


def _presenter(words: Words, item: AgendaLine) -> str:
    if not item.presenter:
        return ""
    who = escape(words.say("presenter", name=item.presenter))
    return f'<br><span style="font-size:13px;color:{_MUTED};">{who}</span>'


def _foot(letter: Letter) -> str:
    signed = _paragraph(letter.organiser, more="padding-top:24px;") if letter.organiser else ""
    words = escape(letter.words.say("footer", project=letter.project))
    return (
        f'{signed}<div style="margin-top:16px;padding:16px 0 24px 0;border-top:1px solid {_LINE};'
        f'{_style(12, _MUTED)}">{words}</div>'
    )


def _section(title: str, under: str = "") -> str:
    small = ""
    if under:
        small = (
            f' <span style="font-weight:400;font-size:13px;color:{_MUTED};">{escape(under)}</span>'
        )
    return (
        f'<h2 style="margin:20px 0 4px 0;{_style(16, _TEXT, "font-weight:600;")}">'
        f"{escape(title)}{small}</h2>"
    )


def _box(inside: str, colour: str) -> str:
    return (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" '
        f'style="margin:0 0 20px 0;"><tr><td bgcolor="{colour}" style="padding:12px 20px;'
        f'border-radius:6px;">{inside}</td></tr></table>'
    )


def _table(lines: str) -> str:
    return (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">'
        f"{lines}</table>"
    )


def _line(cells: Iterable[str], *, first: int | None = None) -> str:
    made = []
    for number, cell in enumerate(cells):
        width = f' width="{first}"' if first is not None and number == 0 else ""
        made.append(
            f'<td{width} valign="top" style="{_style(14, _TEXT, "padding:7px 12px 7px 0;")}'
            f'border-bottom:1px solid {_LINE};">{cell}</td>'
        )
    return f"<tr>{''.join(made)}</tr>"
