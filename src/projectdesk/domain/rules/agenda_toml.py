"""How an agenda template is written: TOML, so that a consortium can have its own.

break_every_minutes = 90          # optional, with break_minutes and break_title
title = "Kick-off meeting"        # what the meeting is called unless told

[[item]]
title = "{label} {title}"
kind = "information"              # information | discussion | decision
minutes = 20
minutes_per_partner = 2           # optional
presenter = "leader"              # optional: coordinator | leader
each = "work_package"             # optional: a loop, see agenda_template.LOOPS
only_with = "open_actions"        # optional: see agenda_template.LISTS
lists = ["deliverables_due_soon"] # optional: see agenda_template.LISTS
description = "What it is about."
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from typing import Any, Final

from projectdesk.domain.meetings import ItemKind
from projectdesk.domain.rules.agenda_template import (
    LISTS,
    LOOP_PLACES,
    LOOPS,
    PRESENTERS,
    AgendaTemplate,
    Plan,
    Presenter,
    TemplateItem,
    places_of,
)
from projectdesk.errors import DomainError

LONGEST_ITEM: Final = 24 * 60
"""Most minutes that one item may take."""

_TEMPLATE_FIELDS: Final = {
    "title": str,
    "break_every_minutes": int,
    "break_minutes": int,
    "break_title": str,
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
    "description": str,
}
_CHOICES: Final = {
    "kind": frozenset(ItemKind),
    "presenter": PRESENTERS,
    "each": LOOPS | {""},
    "only_with": LISTS | {""},
    "lists": LISTS,
}


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
    made = tuple(_item(item, f"{name}, item {n}") for n, item in enumerate(items, 1))
    return AgendaTemplate(items=made, **values)


def _item(values: Any, name: str) -> TemplateItem:
    if not isinstance(values, dict):
        raise _bad(name, "an item is a table")
    _check(values, _ITEM_FIELDS, name)
    for field, allowed in _CHOICES.items():
        given = values.get(field, [])
        for value in given if isinstance(given, list) else [given]:
            if value not in allowed:
                choices = ", ".join(sorted(allowed - {""}))
                raise _bad(name, f"{field} “{value}” is none of {choices}")
    if values.get("presenter") == "leader" and not values.get("each"):
        raise _bad(name, "a leader presents in a loop only")
    _check_places(values, name)
    kind = ItemKind(values.get("kind", ItemKind.INFORMATION))
    return TemplateItem(**values | {"kind": kind, "lists": tuple(values.get("lists", ()))})


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
    for text in (values["title"], values.get("description", "")):
        try:
            parts = list(string.Formatter().parse(text))
        except ValueError as error:
            raise _bad(name, f"“{text}”: {error}") from error
        for _, place, form, conversion in parts:
            if place is not None and (place not in known or form or conversion):
                raise _bad(name, f"“{{{place}}}” is no place: expected {', '.join(sorted(known))}")


def _bad(name: str, reason: str) -> DomainError:
    return DomainError(
        "bad_template", "The agenda template {name} is wrong: {reason}.", name=name, reason=reason
    )
