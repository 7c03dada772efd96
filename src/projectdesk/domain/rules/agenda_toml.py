"""How an agenda template is written: TOML, so that a consortium can have its own.

title = "Kick-off meeting"        # what the meeting is called unless told
type = "kick_off"                 # optional: for which meetings it is
break_every_minutes = 90          # optional, with break_minutes and break_title
day_minutes = 420                 # optional: a longer agenda goes on the next day
risk_level = 4                    # optional: name risks from likelihood x severity (1 to 9) on
effort_percent = 20               # optional: name deviations of effort from so much on

[[item]]
title = "{label} {title}"
kind = "information"              # information | discussion | decision | break
minutes = 20
minutes_per_partner = 2           # optional
presenter = "leader"              # optional: coordinator | leader
section = "Work packages"         # optional: the heading it stands under
day = 1                           # optional
starts = "13:30"                  # optional: a fixed start
track = "Room A"                  # optional: of parallel sessions
approves = "last_minutes"         # optional: it approves the last meeting's minutes
each = "work_package"             # optional: a loop, see agenda_template.LOOPS
only_with = "open_actions"        # optional: see agenda_template.LISTS
lists = ["deliverables_due_soon"] # optional: see agenda_template.LISTS
tables = ["open_actions"]         # optional: see agenda_template.TABLES
description = "What it is about."
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Mapping
from typing import Any, Final

from projectdesk.domain.meetings import ItemKind, MeetingType
from projectdesk.domain.rules.agenda_template import (
    LISTS,
    LOOP_PLACES,
    LOOPS,
    PRESENTERS,
    TABLES,
    AgendaTemplate,
    Plan,
    Presenter,
    TemplateItem,
    places_of,
)
from projectdesk.domain.rules.agenda_times import LAST_DAY
from projectdesk.errors import DomainError

LONGEST_ITEM: Final = 24 * 60
"""Most minutes that one item may take."""

_TEMPLATE_FIELDS: Final = {
    "title": str,
    "break_every_minutes": int,
    "break_minutes": int,
    "break_title": str,
    "day_minutes": int,
    "type": str,
    "risk_level": int,
    "effort_percent": int,
}
_ITEM_FIELDS: Final = {
    "title": str,
    "kind": str,
    "minutes": int,
    "minutes_per_partner": int,
    "presenter": str,
    "each": str,
    "only_with": str,
    "lists": list,
    "tables": list,
    "description": str,
    "section": str,
    "day": int,
    "starts": str,
    "track": str,
    "approves": str,
}
_CHOICES: Final = {
    "kind": frozenset(ItemKind),
    "presenter": PRESENTERS,
    "each": LOOPS | {""},
    "only_with": LISTS | {""},
    "lists": LISTS,
    "tables": TABLES,
    "approves": frozenset({"last_minutes", ""}),
}
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def parse_template(text: str, name: str) -> AgendaTemplate:
    """Return the template that a TOML text holds.

    Args:
        text: the file's text.
        name: what to call it in an error.

    Raises:
        DomainError: `bad_template`, with what is wrong and where.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _bad(name, str(error)) from error
    items = values.pop("item", None)
    if not isinstance(items, list) or not items:
        raise _bad(name, "it has no [[item]]")
    _check(values, _TEMPLATE_FIELDS, name)
    if values.get("type", "") not in {*MeetingType, ""}:
        raise _bad(name, f"type “{values['type']}” is none of {', '.join(MeetingType)}")
    led = values.get("type") == MeetingType.WORK_PACKAGE_CALL
    made = tuple(_item(item, f"{name}, item {n}", led=led) for n, item in enumerate(items, 1))
    return AgendaTemplate(items=made, **values)


def _item(values: Any, name: str, *, led: bool) -> TemplateItem:
    """Return one item. led: the meeting is of a work package, whose leader may present."""
    if not isinstance(values, dict):
        raise _bad(name, "an item is a table")
    _check(values, _ITEM_FIELDS, name)
    for field, allowed in _CHOICES.items():
        given = values.get(field, [])
        for value in given if isinstance(given, list) else [given]:
            if value not in allowed:
                choices = ", ".join(sorted(allowed - {""}))
                raise _bad(name, f"{field} “{value}” is none of {choices}")
    if values.get("presenter") == "leader" and not values.get("each") and not led:
        raise _bad(name, "a leader presents in a loop only, or in a work package's call")
    _check_places(values, name)
    if not 1 <= values.get("day", 1) <= LAST_DAY:
        raise _bad(name, f"day must be between 1 and {LAST_DAY}")
    made = {
        "kind": ItemKind(values.get("kind", ItemKind.INFORMATION)),
        "lists": tuple(values.get("lists", ())),
        "tables": tuple(values.get("tables", ())),
        "starts": _minute(values.get("starts", ""), name),
        "approves": bool(values.get("approves")),
    }
    return TemplateItem(**values | made)


def _minute(text: str, name: str) -> int | None:
    """Return a time of day in minutes, None for ""."""
    if not text:
        return None
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise _bad(name, f"starts “{text}” is no time such as 09:30")
    return int(found[1]) * 60 + int(found[2])


def _check(values: Mapping[str, Any], fields: Mapping[str, type], name: str) -> None:
    if "title" not in values:
        raise _bad(name, "it has no title")
    for field, value in values.items():
        wanted = fields.get(field)
        if wanted is None:
            raise _bad(name, f"“{field}” is unknown: expected {', '.join(fields)}")
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise _bad(name, f"{field} must be of type {wanted.__name__}")
        if isinstance(value, int) and not 0 <= value <= LONGEST_ITEM:
            raise _bad(name, f"{field} must be between 0 and {LONGEST_ITEM}")


def _check_places(values: Mapping[str, Any], name: str) -> None:
    known = frozenset(places_of(Plan(acronym="", coordinator=Presenter())))
    if values.get("each"):
        known |= LOOP_PLACES
    for text in (values["title"], values.get("description", ""), values.get("section", "")):
        try:
            parts = list(string.Formatter().parse(text))
        except ValueError as error:
            raise _bad(name, f"“{text}”: {error}") from error
        for _, place, form, conversion in parts:
            if place is not None and (place not in known or form or conversion):
                raise _bad(name, f"“{{{place}}}” is no place: expected {', '.join(sorted(known))}")


def write_template(template: AgendaTemplate) -> str:
    """Return a template as the TOML text that `parse_template` reads."""
    lines = [f"title = {_quoted(template.title)}"]
    usual = AgendaTemplate(title="", items=())
    for field in _TEMPLATE_FIELDS:
        value = getattr(template, field)
        if field != "title" and value != getattr(usual, field):
            lines.append(f"{field} = {_written(value)}")
    for item in template.items:
        lines += ["", "[[item]]", *_item_lines(item)]
    return "\n".join(lines) + "\n"


def _item_lines(item: TemplateItem) -> list[str]:
    usual = TemplateItem(title="")
    lines = [f"title = {_quoted(item.title)}"]
    for field in _ITEM_FIELDS:
        value: Any = getattr(item, field)
        if field == "title" or value == getattr(usual, field):
            continue
        if field == "starts":
            value = f"{value // 60:02d}:{value % 60:02d}"
        elif field == "approves":
            value = "last_minutes"
        elif field == "kind":
            value = item.kind.value
        lines.append(f"{field} = {_written(value)}")
    return lines


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_quoted(str(each)) for each in value) + "]"
    return str(value) if isinstance(value, int) else _quoted(str(value))


def _quoted(text: str) -> str:
    """Return a basic string of TOML 1.0: quote, backslash and control characters escaped."""
    named = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(named.get(c, _escaped(c)) for c in text) + '"'


def _escaped(letter: str) -> str:
    control = ord(letter) < 0x20 or ord(letter) == 0x7F
    return f"\\u{ord(letter):04X}" if control else letter


def literal(text: str) -> str:
    """Return a text as it is written where places in braces are filled in."""
    return text.replace("{", "{{").replace("}", "}}")


def _bad(name: str, reason: str) -> DomainError:
    return DomainError(
        "bad_template", "The agenda template {name} is wrong: {reason}.", name=name, reason=reason
    )
