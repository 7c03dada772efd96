"""Whether the open actions of an agenda template stand as a table or as a list of lines.

The text of a template is a person's: only the lines that say so are changed, what else is in it
(comments, order, spacing) stays.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from projectdesk.domain.rules.agenda_template import AgendaTemplate, TemplateItem
from projectdesk.domain.rules.agenda_toml import parse_template, write_template
from projectdesk.errors import DomainError

ACTIONS: Final = "open_actions"
_LINE: Final = re.compile(
    r"^(?P<key>lists|tables)\s*=\s*\[(?P<names>[^\]\n#]*)\][ \t]*(?P<rest>#.*)?$"
)
_ITEM: Final = re.compile(r"^\s*\[\[item\]\]")


def stands_as_table(text: str) -> bool | None:
    """Return whether a template's open actions stand as a table; None = it lists none.

    One that lists them in both ways, or cannot be read, is none that can be switched.
    """
    try:
        items = parse_template(text, "").items
    except DomainError:
        return None
    listed = any(ACTIONS in item.lists for item in items)
    tabled = any(ACTIONS in item.tables for item in items)
    return tabled if listed != tabled else None


def with_actions(text: str, name: str, *, as_table: bool) -> str:
    """Return a template's text with its open actions as a table, or as a list.

    Args:
        text: TOML.
        name: what to call it in an error.
        as_table: a table; else a list.

    Raises:
        DomainError: `bad_template`, the text is none; `no_open_actions`, it lists none.
    """
    template = parse_template(text, name)
    wanted = replace(template, items=tuple(_turned(i, as_table=as_table) for i in template.items))
    if wanted == template and not any(ACTIONS in (*i.lists, *i.tables) for i in template.items):
        raise DomainError(
            "no_open_actions", "The agenda template {name} lists no open actions.", name=name
        )
    edited = _edited(text, as_table=as_table)
    return edited if _reads_as(edited, wanted) else write_template(wanted)


def _turned(item: TemplateItem, *, as_table: bool) -> TemplateItem:
    if ACTIONS not in (*item.lists, *item.tables):
        return item
    lists = tuple(each for each in item.lists if each != ACTIONS)
    tables = tuple(each for each in item.tables if each != ACTIONS)
    if as_table:
        return replace(item, lists=lists, tables=(*tables, ACTIONS))
    return replace(item, lists=(*lists, ACTIONS), tables=tables)


def _edited(text: str, *, as_table: bool) -> str:
    """Return the text with the lines of lists and tables written anew, item by item."""
    old, new = ("lists", "tables") if as_table else ("tables", "lists")
    blocks: list[list[str]] = [[]]
    for line in text.splitlines(keepends=True):
        if _ITEM.match(line):
            blocks.append([])
        blocks[-1].append(line)
    return "".join("".join(_block(block, old, new)) for block in blocks)


def _block(lines: list[str], old: str, new: str) -> list[str]:
    """Return the lines of one item, its open actions moved from one field to the other."""
    found = {
        m["key"]: at for at, line in enumerate(lines) if (m := _LINE.match(line.rstrip("\r\n")))
    }
    if old not in found or f'"{ACTIONS}"' not in lines[found[old]]:
        return lines
    kept = [each for each in _names(lines[found[old]]) if each != ACTIONS]
    made = list(lines)
    if new in found:
        made[found[new]] = _written(lines[found[new]], new, [*_names(lines[found[new]]), ACTIONS])
        made[found[old]] = _written(lines[found[old]], old, kept) if kept else ""
    elif kept:
        made[found[old]] = _written(lines[found[old]], old, kept) + f'{new} = ["{ACTIONS}"]\n'
    else:
        made[found[old]] = _written(lines[found[old]], new, [ACTIONS])
    return made


def _names(line: str) -> list[str]:
    return re.findall(r'"([^"]*)"', line.partition("#")[0])


def _written(line: str, key: str, names: list[str]) -> str:
    """Return a line of names; what was said behind it stays."""
    match = _LINE.match(line.rstrip("\r\n"))
    rest = f"  {match['rest']}" if match is not None and match["rest"] else ""
    listed = ", ".join(f'"{name}"' for name in names)
    return f"{key} = [{listed}]{rest}\n"


def _reads_as(text: str, wanted: AgendaTemplate) -> bool:
    try:
        return parse_template(text, "") == wanted
    except DomainError:
        return False
