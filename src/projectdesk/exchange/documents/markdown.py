"""A document as CommonMark with tables (GitHub's table extension)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from projectdesk.exchange.documents.blocks import (
    Block,
    Code,
    Listing,
    Paragraph,
    Quote,
    Span,
    Table,
    Title,
)
from projectdesk.exchange.documents.outline import (
    Callout,
    Element,
    Facts,
    Grid,
    Heading,
    Notes,
    Outline,
    Remark,
    captions,
    levelled,
)

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>|~&!]")
_LINE_START = re.compile(r"^(\s*)(?:([#+\-=])|(\d+)([.)]))")


def render(outline: Outline) -> str:
    """Return the document as Markdown text, ending in a newline."""
    outline = levelled(outline)
    shown = captions(outline.elements)
    parts = [f"# {_plain(outline.title)}", f"*{_plain(outline.kicker)}*"]
    for number, element in enumerate(outline.elements):
        if number in shown:
            parts.append(f"*{_cell(shown[number])}*")
        parts.append(_element(element))
    parts += ["---", _at_line_start(_plain(outline.footer))]
    if outline.seal:
        parts.append(_at_line_start(_plain(outline.seal)))
    return "\n\n".join(part for part in parts if part) + "\n"


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is inside a line."""
    return _SPECIAL.sub(lambda match: "\\" + match[0], text)


def _at_line_start(text: str) -> str:
    """Return escaped text that stays text where a line begins: no list, no heading."""
    return _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", text)


def _cell(text: str) -> str:
    return " ".join(_plain(text).split())


def _element(element: Element) -> str:
    match element:
        case Heading(level=level, text=text):
            return f"{'#' * (level + 1)} {_plain(text)}"
        case Facts(rows=rows):
            return "\n".join(f"- **{_plain(label)}:** {_cell(value)}" for label, value in rows)
        case Grid():
            return _grid(element.headers, _bold(element))
        case Notes(blocks=blocks):
            return _blocks(blocks)
        case Callout():
            note = f" *({_cell(element.note)})*" if element.note else ""
            return f"> **{_plain(element.label)}:** {_cell(element.text)}{note}"
        case Remark(text=text):
            return f"*{_cell(text)}*"


def _bold(grid: Grid) -> list[list[str]]:
    """Return the cells of a table as Markdown, those in bold so."""
    strong = set(grid.strong)
    return [
        [
            f"**{_cell(text)}**" if (y, x) in strong and text else _cell(text)
            for x, text in enumerate(row)
        ]
        for y, row in enumerate(grid.rows)
    ]


def _grid(headers: tuple[str, ...], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; headers as they are, cells as Markdown."""
    lines = ["| " + " | ".join(_cell(text) for text in headers) + " |"]
    lines.append("|" + " --- |" * len(headers))
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def _blocks(blocks: tuple[Block, ...]) -> str:
    return "\n\n".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    match block:
        case Paragraph(spans=spans):
            return "\\\n".join(_at_line_start(line) for line in _spans(spans).split("\\\n"))
        case Title(level=level, spans=spans):
            return f"{'#' * min(level + 1, 6)} {_spans(spans)}"
        case Listing(ordered=ordered, entries=entries):
            return "\n".join(
                _entry(f"{number}. " if ordered else "- ", entry)
                for number, entry in enumerate(entries, 1)
            )
        case Table(rows=rows):
            cells = [tuple(_spans(cell).replace("\n", " ") for cell in row) for row in rows]
            head = "| " + " | ".join(cells[0]) + " |\n|" + " --- |" * len(cells[0])
            return head + "".join("\n| " + " | ".join(row) + " |" for row in cells[1:])
        case Quote(blocks=inner):
            return "\n".join(f"> {line}".rstrip() for line in _blocks(inner).split("\n"))
        case Code(text=text):
            fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", text) or [""]))
            return f"{fence}\n{text}\n{fence}"


def _entry(marker: str, blocks: tuple[Block, ...]) -> str:
    indent = " " * len(marker)
    lines = _blocks(blocks).split("\n")
    return marker + "\n".join(
        line if first else (indent + line if line else "")
        for first, line in ((number == 0, line) for number, line in enumerate(lines))
    )


def _spans(spans: tuple[Span, ...]) -> str:
    return "".join(_span(span) for span in spans)


def _span(span: Span) -> str:
    if span.text == "\n":
        return "\\\n"
    if span.code:
        return f"`` {span.text} ``" if "`" in span.text else f"`{span.text}`"
    text = _plain(span.text)
    core = text.strip()
    if core and (span.bold or span.italic):
        mark = "*" * (2 * span.bold + span.italic)
        text = text.replace(core, f"{mark}{core}{mark}", 1)
    return f"[{text}](<{span.href}>)" if span.href else text
