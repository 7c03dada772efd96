"""Notes as blocks: light Markdown read once, laid out by every format.

CommonMark (spec.commonmark.org) by markdown-it-py with tables; no HTML and no pictures: what looks
like them stays text. A single line break is kept, because that is how people write notes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_SAFE_LINKS = ("http://", "https://", "mailto:")


@dataclass(frozen=True)
class Span:
    """A run of text in one style; `href` only for http, https and mailto."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    href: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a span that is a newline is a line break."""

    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Title:
    """A heading inside notes; level 1..3 counted from the notes' own top."""

    level: int
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Listing:
    """A list; each entry holds blocks of its own."""

    ordered: bool
    entries: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True)
class Table:
    """A table; the first row is its header."""

    rows: tuple[tuple[tuple[Span, ...], ...], ...]


@dataclass(frozen=True)
class Quote:
    """A quotation."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Code:
    """Text as it is."""

    text: str


Block = Paragraph | Title | Listing | Table | Quote | Code


@cache
def _reader() -> MarkdownIt:
    return (
        MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("image")
    )


def read(text: str) -> tuple[Block, ...]:
    """Return the blocks of light Markdown; every text is legal, nothing of it is lost."""
    root = SyntaxTreeNode(_reader().parse(text))
    return _blocks(root)


def _blocks(node: SyntaxTreeNode) -> tuple[Block, ...]:
    return tuple(block for child in node.children for block in _block(child))


def _block(node: SyntaxTreeNode) -> tuple[Block, ...]:
    match node.type:
        case "paragraph":
            return (Paragraph(_spans(node)),)
        case "heading":
            return (Title(min(int(node.tag[1]), 3), _spans(node)),)
        case "bullet_list" | "ordered_list":
            entries = tuple(_blocks(entry) for entry in node.children)
            return (Listing(node.type == "ordered_list", entries),)
        case "table":
            rows = tuple(
                tuple(_spans(cell) for cell in row.children)
                for part in node.children
                for row in part.children
            )
            return (Table(rows),)
        case "blockquote":
            return (Quote(_blocks(node)),)
        case "code_block" | "fence":
            return (Code(node.content.rstrip("\n")),)
        case "hr":
            return ()
        case _:
            return (Code(node.content),) if node.content else ()


def _spans(node: SyntaxTreeNode) -> tuple[Span, ...]:
    spans: list[Span] = []
    for inline in node.children:
        _collect(inline, Span(""), spans)
    return tuple(spans)


def _collect(node: SyntaxTreeNode, style: Span, spans: list[Span]) -> None:
    """Append the spans below `node`, each with the style of what surrounds it."""
    if node.type in {"softbreak", "hardbreak"}:
        spans.append(Span("\n"))
        return
    match node.type:
        case "link":
            href = str(node.attrs.get("href", ""))
            style = replace(style, href=href if href.startswith(_SAFE_LINKS) else "")
        case "strong":
            style = replace(style, bold=True)
        case "em":
            style = replace(style, italic=True)
        case "code_inline":
            style = replace(style, code=True)
    if not node.children and node.content:
        spans.append(Span(node.content, style.bold, style.italic, style.code, style.href))
    for child in node.children:
        _collect(child, style, spans)
