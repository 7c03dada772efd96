"""A document as an accessible PDF: PDF/UA-1 and PDF/A-3a, made by Typst.

Both standards at once: UA-1 for people with a screen reader, A-3a because minutes are kept for
years. They demand that every character has a glyph, so text that no font of this machine can show
is written as its code point, and the caller is told.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

from projectdesk import resources
from projectdesk.catalogues import right_to_left
from projectdesk.errors import EnvironmentFailure
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
from projectdesk.exchange.documents.characters import (
    LEFT_TO_RIGHT_MARK,
    breakable,
    clean,
    in_line,
    in_line_from_right,
    reads_from_left,
    says_something,
)
from projectdesk.exchange.documents.content import Picture
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
from projectdesk.exchange.documents.pictures import pixels
from projectdesk.exchange.documents.widths import LONGEST_WORD, fitting
from projectdesk.exchange.documents.words import words

STANDARDS: list[Literal["ua-1", "a-3a"]] = ["ua-1", "a-3a"]
# Ours for scripts of few letters; for Chinese, Japanese and Korean the system's, which look better,
# and ours where it has none. What no name here covers, Typst looks for in all fonts.
_FALLBACK_FONTS = [
    "Noto Sans Hebrew",
    "Noto Sans Arabic",
    "Noto Sans Armenian",
    "Noto Sans Georgian",
    "Noto Sans CJK SC",
    "Noto Sans CJK KR",
    "Malgun Gothic",
    "Microsoft YaHei",
    "Yu Gothic",
    "Segoe UI",
    "Apple SD Gothic Neo",
    "PingFang SC",
    "Hiragino Sans",
    "NanumSquare",
    "Droid Sans Fallback",
    "Arial Unicode MS",
    "DejaVu Sans",
]
_AS_IT_IS = frozenset({"svg", "href", "weights", "strong"})
_LONGEST, _LONGEST_IN_TABLES = 40, LONGEST_WORD
"""Characters of a word that may stand unbroken, at the width of a page and of a column."""
_LOGO_HEIGHT, _LOGO_WIDTH = 14.0, 50.0
"""Millimetres."""
_UNSHOWN = re.compile(
    r'text `"(?P<text>.+?)"` could not be displayed|codepoint `"(?P<point>.+?)"`', re.DOTALL
)
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


def render(outline: Outline, *, author: str, now: datetime) -> tuple[bytes, frozenset[str]]:
    """Return the PDF and the characters that had to be written as code points.

    Args:
        outline: the document.
        author: for the document's metadata.
        now: UTC instant of making, for the metadata.

    Raises:
        EnvironmentFailure: Typst refused for another reason ("document_failed").
    """
    template = resources.path("templates", "documents", "document.typ")
    return compile_document(template, _data(outline, author), now)


def compile_document(
    template: Path, data: dict[str, object], now: datetime
) -> tuple[bytes, frozenset[str]]:
    """Return the PDF of a template filled with data; see `render`.

    Args:
        template: a Typst file that reads JSON in `sys.inputs.data`, and its fonts from "fonts".
        data: plain data.
        now: UTC instant of making, for the metadata.
    """
    settle = in_line_from_right if data.get("rtl") else in_line
    text = json.dumps(_settled({"fonts": _FALLBACK_FONTS, **data}, settle), ensure_ascii=False)
    unshown: frozenset[str] = frozenset()
    while True:
        try:
            return _compile(template, text, now), unshown
        except typst.TypstError as error:
            found = _unshown(error) - unshown
            if not found:
                raise EnvironmentFailure(
                    "document_failed", "The PDF could not be made: {reason}", reason=error.message
                ) from error
            unshown |= found
            for character in found:
                text = text.replace(character, f"[U+{ord(character):04X}]")


@cache
def _fonts() -> typst.Fonts:
    """Return ours and the system's fonts, looked for once: that takes longer than a page."""
    return typst.Fonts(font_paths=[str(resources.path("fonts"))])


def _compile(template: Path, text: str, now: datetime) -> bytes:
    made = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"data": text},
        pdf_standards=[*STANDARDS],
        timestamp=now.astimezone(UTC).replace(microsecond=0),
    )
    assert isinstance(made, bytes)  # noqa: S101 - a PDF is one file; only PNG and SVG give lists
    return made


def _settled(value: object, settle: Callable[[str], str]) -> object:
    """Return the data with every text in it settled: what is no character left out, and in order.

    settle: `in_line`, or `in_line_from_right`.
    """
    match value:
        case str():
            return settle(value)
        case dict():
            return {
                key: inner if key in _AS_IT_IS else _settled(inner, settle)
                for key, inner in value.items()
            }
        case [{"text": str(), "bold": bool()}, *_] if settle is in_line_from_right:
            return _settled_spans(value)
        case list() | tuple():
            return [_settled(inner, settle) for inner in value]
        case _:
            return value


def _settled_spans(spans: Sequence[Any]) -> list[dict[str, object]]:
    """Return the spans of one line as `in_line_from_right` would have the whole line."""
    line = "".join(span["text"] for span in spans)
    mark = LEFT_TO_RIGHT_MARK if reads_from_left(line) else ""
    marked = {"code": False, "bold": False, "italic": False, "href": "", "text": mark}
    inner = [{**span, "text": clean(span["text"])} for span in spans]
    return [marked, *inner, marked] if mark else inner


def _unshown(error: typst.TypstError) -> frozenset[str]:
    """Return the characters that Typst says no font can show."""
    texts = (match["text"] or match["point"] for match in _UNSHOWN.finditer(error.diagnostic))
    plain = "".join(_ESCAPE.sub(lambda m: chr(int(m[1], 16)), text) for text in texts)
    return frozenset(character for character in plain if ord(character) > 126)


def _data(outline: Outline, author: str) -> dict[str, object]:
    say, outline = words(outline.language), levelled(outline)
    shown = captions(outline.elements)
    # PDF/UA-1 wants a title that says something.
    title = outline.title if says_something(outline.title) else outline.kicker
    return {
        "title": title.strip(),
        "author": author,
        "lang": outline.language,
        "rtl": right_to_left(outline.language),
        "kicker": outline.kicker,
        "footer": outline.footer,
        "seal": outline.seal,
        "page": say("page", page="\n", pages="\n").split("\n"),
        "factHeaders": [outline.about, say("details")],
        "logo": _logo(outline.logo),
        "elements": [
            _element(element, shown.get(number, ""))
            for number, element in enumerate(outline.elements)
        ],
    }


def _logo(picture: Picture | None) -> dict[str, str] | None:
    """Return a picture as SVG around its octets, which is text; None = no logo that can be read."""
    size = pixels(picture.content) if picture is not None else None
    if picture is None or size is None:
        return None
    width, height = size
    high = min(_LOGO_HEIGHT, _LOGO_WIDTH * height / width)
    octets = b64encode(picture.content).decode("ascii")
    return {
        "alt": picture.alt,
        "height": f"{high:.3f}",
        "svg": f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" '
        f'href="data:{picture.media_type};base64,{octets}"/></svg>',
    }


def _element(element: Element, caption: str) -> dict[str, object]:
    name = type(element).__name__.lower()
    match element:
        case Notes(blocks=blocks):
            return {"type": name, "blocks": [_block(block) for block in blocks]}
        case Grid():
            # asdict would copy every cell of long registers.
            return {
                "type": name,
                "headers": [breakable(text, _LONGEST_IN_TABLES) for text in element.headers],
                "rows": [
                    [breakable(text, _LONGEST_IN_TABLES) for text in row] for row in element.rows
                ],
                "weights": fitting(element),
                "strong": element.strong,
                "tall": element.tall,
                "caption": caption,
            }
        case Facts(rows=rows):
            return {"type": name, "rows": [[k, breakable(v, _LONGEST)] for k, v in rows]}
        case Heading(level=level, text=text):
            return {"type": name, "level": level, "text": breakable(text, _LONGEST)}
        case Callout(kind=kind, label=label, text=text, note=note):
            said = {"text": breakable(text, _LONGEST), "note": breakable(note, _LONGEST)}
            return {"type": name, "kind": kind, "label": label, **said}
        case Remark(text=text):
            return {"type": name, "text": breakable(text, _LONGEST)}


def _block(block: Block) -> dict[str, object]:
    """Return a block as plain data, tagged by its type all the way down."""
    name = type(block).__name__.lower()
    match block:
        case Listing(ordered=ordered, entries=entries):
            nested = [[_block(inner) for inner in entry] for entry in entries]
            return {"type": name, "ordered": ordered, "entries": nested}
        case Quote(blocks=blocks):
            return {"type": name, "blocks": [_block(inner) for inner in blocks]}
        case Table(rows=rows):
            cells = [[_spans(cell, _LONGEST_IN_TABLES) for cell in row] for row in rows]
            return {"type": name, "rows": cells}
        case Title(level=level, spans=spans):
            return {"type": name, "level": level, "spans": _spans(spans)}
        case Paragraph(spans=spans):
            return {"type": name, "spans": _spans(spans)}
        case Code(text=text):
            return {"type": name, "text": breakable(text, _LONGEST)}


def _spans(spans: tuple[Span, ...], longest: int = _LONGEST) -> list[dict[str, object]]:
    return [
        {
            "text": breakable(span.text, longest),
            "bold": span.bold,
            "italic": span.italic,
            "code": span.code,
            "href": span.href,
        }
        for span in spans
    ]


def write(outline: Outline, out: Path, *, author: str, now: datetime) -> frozenset[str]:
    """Write the PDF to `out`; see `render`."""
    made, unshown = render(outline, author=author, now=now)
    out.write_bytes(made)
    return unshown
