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
_FIELD: Final = re.compile(
    r"^(?P<indent>[ \t]*)(?P<key>lists|tables)[ \t]*=[ \t]*"
    r"\[(?P<names>(?:[^\]#]|#[^\n]*\n)*)\][^\r\n]*(?:\r?\n|\Z)",
    re.MULTILINE,
)
_NAME: Final = re.compile(r"""#[^\n]*|(?P<quote>["'])(?P<name>[^"'\n]*)(?P=quote)""")
"""A name of a field, or a comment: what stands in one is no name."""
_OURS: Final = rf"""["']{ACTIONS}["']"""
_GONE: Final = re.compile(
    rf"(?P<said>#[^\r\n]*)|\r?\n[ \t]*{_OURS}[ \t]*,?[ \t]*(?=\r?\n)"
    rf"|[ \t]*,[ \t]*{_OURS}|{_OURS}[ \t]*,?[ \t]*"
)
"""Open actions in a field with what parts them, and their line where they have one; a comment."""
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
    if not any(ACTIONS in (*item.lists, *item.tables) for item in template.items):
        raise DomainError(
            "no_open_actions", "The agenda template {name} lists no open actions.", name=name
        )
    wanted = replace(template, items=tuple(_turned(i, as_table=as_table) for i in template.items))
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
    """Return the text with the fields lists and tables changed, item by item."""
    old, new = ("lists", "tables") if as_table else ("tables", "lists")
    blocks: list[list[str]] = [[]]
    for line in text.splitlines(keepends=True):
        if _ITEM.match(line):
            blocks.append([])
        blocks[-1].append(line)
    return "".join(_block("".join(block), old, new) for block in blocks)


def _block(block: str, old: str, new: str) -> str:
    """Return the text of one item, its open actions moved from one field to the other."""
    found = {match["key"]: match for match in _FIELD.finditer(block)}
    source, target = found.get(old), found.get(new)
    names = _names(source["names"]) if source is not None else []
    ours = next((each for each in names if each["name"] == ACTIONS), None)
    if source is None or ours is None:
        return block
    start, end = source.span("names")
    edits = [(start, end, _without(source["names"]))]
    if target is not None:
        edits.append((*target.span("names"), _with(target["names"], ours[0])))
        if len(names) == 1 and "#" not in source[0]:
            edits[0] = (*source.span(), "")
    elif len(names) == 1:
        edits = [(*source.span("key"), new)]
    else:
        line = f"{source['indent']}{new} = [{ours[0]}]\n"
        before = "" if source[0].endswith("\n") else "\n"
        edits.append((source.end(), source.end(), before + line))
    for start, end, words in sorted(edits, reverse=True):
        block = block[:start] + words + block[end:]
    return block


def _names(field: str) -> list[re.Match[str]]:
    return [match for match in _NAME.finditer(field) if match["name"] is not None]


def _without(field: str) -> str:
    """Return the names of a field without the open actions; comments stay."""
    return _GONE.sub(lambda match: match["said"] or "", field)


def _with(field: str, name: str) -> str:
    """Return the names of a field with one more behind them, in its quotes."""
    known = _names(field)
    at = known[-1].end() if known else 0
    return f"{field[:at]}{', ' if known else ''}{name}{field[at:]}"


def _reads_as(text: str, wanted: AgendaTemplate) -> bool:
    try:
        return parse_template(text, "") == wanted
    except DomainError:
        return False
