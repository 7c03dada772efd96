"""A document as an accessible PDF: PDF/UA-1 and PDF/A-3a, made by Typst.

Both standards at once: UA-1 for people with a screen reader, A-3a because minutes are kept for
years. They demand that every character has a glyph, so text that no font of this machine can show
is written as its code point, and the caller is told.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import typst

from projectdesk import resources
from projectdesk.errors import EnvironmentFailure
from projectdesk.exchange.documents.blocks import Block, Listing, Quote, Span, Title
from projectdesk.exchange.documents.outline import Element, Notes, Outline

STANDARDS: list[Literal["ua-1", "a-3a"]] = ["ua-1", "a-3a"]
_FALLBACK_FONTS = [
    "Noto Sans CJK SC",
    "Noto Sans CJK KR",
    "Malgun Gothic",
    "Microsoft YaHei",
    "Yu Gothic",
    "Segoe UI",
    "Apple SD Gothic Neo",
    "PingFang SC",
    "Hiragino Sans",
    "Arial Unicode MS",
    "DejaVu Sans",
]
_UNSHOWN = re.compile(
    r'text `"(?P<text>.+?)"` could not be displayed|codepoint `"(?P<point>.+?)"`', re.DOTALL
)
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
_NO_CHARACTER = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(p * 0x10000 + 0xFFFE)}{chr(p * 0x10000 + 0xFFFF)}" for p in range(17))
    + "]"
)


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
    text = json.dumps(_clean({"fonts": _FALLBACK_FONTS, **data}), ensure_ascii=False)
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


def _compile(template: Path, text: str, now: datetime) -> bytes:
    made = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(resources.path("fonts"))],
        format="pdf",
        sys_inputs={"data": text},
        pdf_standards=[*STANDARDS],
        timestamp=now.astimezone(UTC).replace(microsecond=0),
    )
    assert isinstance(made, bytes)  # noqa: S101 - a PDF is one file; only PNG and SVG give lists
    return made


def _clean(value: object) -> object:
    """Return the data without control characters and what is no character at all."""
    match value:
        case str():
            return _NO_CHARACTER.sub("", value)
        case dict():
            return {key: _clean(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_clean(inner) for inner in value]
        case _:
            return value


def _unshown(error: typst.TypstError) -> frozenset[str]:
    """Return the characters that Typst says no font can show."""
    texts = (match["text"] or match["point"] for match in _UNSHOWN.finditer(error.diagnostic))
    plain = "".join(_ESCAPE.sub(lambda m: chr(int(m[1], 16)), text) for text in texts)
    return frozenset(character for character in plain if ord(character) > 126)


def _data(outline: Outline, author: str) -> dict[str, object]:
    return {
        # PDF/UA-1 wants a title that says something.
        "title": _NO_CHARACTER.sub("", outline.title).strip() or outline.kicker,
        "author": author,
        "lang": "en",
        "kicker": outline.kicker,
        "footer": outline.footer,
        "page": "Page",
        "factHeaders": [outline.about, "Details"],
        "elements": [_element(element) for element in outline.elements],
    }


def _element(element: Element) -> dict[str, object]:
    name = type(element).__name__.lower()
    if isinstance(element, Notes):
        return {"type": name, "blocks": [_block(block) for block in element.blocks]}
    return {"type": name, **asdict(element)}


def _block(block: Block) -> dict[str, object]:
    """Return a block as plain data, tagged by its type all the way down."""
    name = type(block).__name__.lower()
    match block:
        case Listing(ordered=ordered, entries=entries):
            nested = [[_block(inner) for inner in entry] for entry in entries]
            return {"type": name, "ordered": ordered, "entries": nested}
        case Quote(blocks=blocks):
            return {"type": name, "blocks": [_block(inner) for inner in blocks]}
        case Title(spans=spans) if not _says_something(spans):
            return {"type": "paragraph", "spans": []}
        case Title(level=level, spans=spans):
            return {"type": name, "level": min(level + 2, 4), "spans": [asdict(s) for s in spans]}
        case _:
            return {"type": name, **asdict(block)}


def _says_something(spans: tuple[Span, ...]) -> bool:
    """Tell whether a heading has text left; PDF/UA-1 refuses one without."""
    return bool(_NO_CHARACTER.sub("", "".join(span.text for span in spans)).strip())


def write(outline: Outline, out: Path, *, author: str, now: datetime) -> frozenset[str]:
    """Write the PDF to `out`; see `render`."""
    made, unshown = render(outline, author=author, now=now)
    out.write_bytes(made)
    return unshown
