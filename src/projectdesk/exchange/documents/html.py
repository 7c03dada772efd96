"""A document as one HTML page: for a browser, and as the body of a mail.

Accessible (language, one `h1`, headings without gaps, table headers with scope, captions) and safe:
every text is escaped, links go to http, https and mailto alone, nothing is loaded from elsewhere.
Styles are written at the elements, because mail programs drop style sheets.
"""

from __future__ import annotations

import re
from base64 import b64encode
from html import escape

from projectdesk.catalogues import right_to_left
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
from projectdesk.exchange.documents.characters import LEFT_TO_RIGHT_MARK, in_line
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
from projectdesk.exchange.documents.words import Words, words

_FONT = "font-family:'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif"
_INK, _QUIET, _LINE, _ACCENT = "#1b2430", "#566273", "#d5dbe3", "#1f5fbf"
_TONES = {
    "decision": _ACCENT,
    "vote": _ACCENT,
    "action": "#8a5a00",
    "information": _QUIET,
    "question": "#6b3fa0",
    "risk": "#a32a2a",
    "objection": "#a32a2a",
}
_SIZES = {2: "18px", 3: "15px", 4: "14px", 5: "14px", 6: "14px"}

_STYLES = re.compile(r'style="[^"]*"')
_SIDE = re.compile(r"\b(?:left|right)\b")


def render(outline: Outline, *, logo: str = "") -> str:
    """Return the page.

    Args:
        outline: the document.
        logo: address of the logo ("cid:..." in a mail), "" = the picture itself in the page.
    """
    say, outline = words(outline.language), levelled(outline)
    shown = captions(outline.elements)
    parts = [
        _element(element, shown.get(number, ""), outline.about, say)
        for number, element in enumerate(outline.elements)
    ]
    title = _text(outline.title.strip() or outline.kicker)
    seal = f"<br>{_text(outline.seal)}" if outline.seal else ""
    page = (
        f"<!DOCTYPE html>\n<html {_spoken(outline.language)}>\n<head>\n"
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n</head>\n"
        f'<body style="margin:0;background:#ffffff;color:{_INK};{_FONT};font-size:14px;'
        'line-height:1.5">\n<main style="max-width:760px;margin:0 auto;padding:24px">\n'
        f"{_logo(outline, logo)}"
        f'<p style="margin:0 0 4px;color:{_ACCENT};font-weight:bold;font-size:12px">'
        f"{_text(outline.kicker)}</p>\n"
        f'<h1 style="margin:0 0 16px;font-size:26px;line-height:1.25" dir="auto">{title}</h1>\n'
        + "\n".join(parts)
        + f'\n<footer style="margin-top:32px;padding-top:8px;border-top:1px solid {_LINE};'
        f'color:{_QUIET};font-size:12px">{_text(outline.footer)}{seal}</footer>\n'
        "</main>\n</body>\n</html>\n"
    )
    if right_to_left(outline.language):
        return _STYLES.sub(_mirrored, page).replace(LEFT_TO_RIGHT_MARK, "")
    return page


def _spoken(language: str) -> str:
    side = ' dir="rtl"' if right_to_left(language) else ""
    return f'lang="{escape(language)}"{side}'


def _mirrored(style: re.Match[str]) -> str:
    """Return a style with left and right changed; mail programs know no logical sides."""
    return _SIDE.sub(lambda side: "right" if side[0] == "left" else "left", style[0])


def _text(text: str) -> str:
    """Return text as HTML, without what is no character."""
    return escape(in_line(text))


def _logo(outline: Outline, address: str) -> str:
    if outline.logo is None:
        return ""
    source = address
    if not source:
        content = b64encode(outline.logo.content).decode("ascii")
        source = f"data:{outline.logo.media_type};base64,{content}"
    return (
        f'<img src="{escape(source)}" alt="{_text(outline.logo.alt)}" '
        'style="max-height:48px;max-width:240px;float:right">\n'
    )


def _element(element: Element, caption: str, about: str, say: Words) -> str:
    match element:
        case Heading(level=level, text=text):
            return _heading(level + 1, _text(text))
        case Facts(rows=rows):
            return _facts(rows, about, say)
        case Grid():
            bold = set(element.strong)
            cells = [
                [f"<strong>{_text(c)}</strong>" if (y, x) in bold else _text(c)
                 for x, c in enumerate(row)]
                for y, row in enumerate(element.rows)
            ]  # fmt: skip
            heads = [_text(header) for header in element.headers]
            return _table(heads, cells, caption, element.weights)
        case Notes(blocks=blocks):
            return _blocks(blocks)
        case Callout():
            return _callout(element)
        case Remark(text=text):
            return f'<p style="margin:4px 0 8px;color:{_QUIET};font-size:13px">{_text(text)}</p>'


def _heading(level: int, words_: str) -> str:
    size = _SIZES[level]
    style = f"margin:22px 0 8px;font-size:{size};line-height:1.3"
    return f'<h{level} style="{style}" dir="auto">{words_}</h{level}>'


def _facts(rows: tuple[tuple[str, str], ...], about: str, say: Words) -> str:
    """Return label and value a row; each label is the header of its row."""
    lines = "".join(
        f'<tr><th scope="row" style="text-align:left;vertical-align:top;font-weight:normal;'
        f'color:{_QUIET};padding:3px 16px 3px 0;white-space:nowrap">{_text(label)}</th>'
        f'<td style="padding:3px 0;vertical-align:top">{_text(value)}</td></tr>'
        for label, value in rows
    )
    label = f"{_text(about)}: {_text(say('details'))}"
    return (
        f'<table aria-label="{label}" style="border-collapse:collapse;margin:0 0 8px">'
        f"<tbody>{lines}</tbody></table>"
    )


def _table(
    heads: list[str], rows: list[list[str]], caption: str, weights: tuple[int, ...] = ()
) -> str:
    whole = sum(weights)
    widths = [f"width:{100 * weight // whole}%;" if whole else "" for weight in weights]
    head = "".join(
        f'<th scope="col" style="{width}text-align:left;vertical-align:bottom;font-size:12px;'
        f'color:{_QUIET};border-bottom:1px solid {_QUIET};padding:4px 8px 4px 0">{text}</th>'
        for text, width in zip(heads, widths or [""] * len(heads), strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td style="border-bottom:1px solid {_LINE};padding:4px 8px 4px 0;'
            f'vertical-align:top;overflow-wrap:anywhere">{text}</td>'
            for text in row
        )
        + "</tr>"
        for row in rows
    )
    said = (
        f'<caption style="text-align:left;color:{_QUIET};font-size:12px">{_text(caption)}</caption>'
        if caption
        else ""
    )
    return (
        '<table style="border-collapse:collapse;width:100%;margin:4px 0 12px;font-size:13px">'
        f"{said}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _callout(element: Callout) -> str:
    tone = _TONES[element.kind]
    note = (
        f'<br><span style="color:{_QUIET};font-size:12px">{_text(element.note)}</span>'
        if element.note
        else ""
    )
    return (
        f'<p style="margin:8px 0;padding:4px 0 4px 10px;border-left:3px solid {tone}">'
        f'<strong style="color:{tone}">{_text(element.label)}:</strong> '
        f"{_text(element.text)}{note}</p>"
    )


def _blocks(blocks: tuple[Block, ...]) -> str:
    return "\n".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    match block:
        case Paragraph(spans=spans):
            return f'<p style="margin:6px 0" dir="auto">{_spans(spans)}</p>'
        case Title(level=level, spans=spans):
            return _heading(min(level + 1, 6), _spans(spans))
        case Listing(ordered=ordered, entries=entries):
            tag = "ol" if ordered else "ul"
            lines = "".join(f'<li dir="auto">{_entry(entry)}</li>' for entry in entries)
            return f'<{tag} style="margin:6px 0;padding-left:24px">{lines}</{tag}>'
        case Table(rows=rows):
            heads = [_spans(cell) for cell in rows[0]]
            cells = [[_spans(cell) for cell in row] for row in rows[1:]]
            return _table(heads, cells, "")
        case Quote(blocks=inner):
            style = f"margin:8px 0;padding-left:12px;border-left:3px solid {_LINE};color:{_QUIET}"
            return f'<blockquote style="{style}">{_blocks(inner)}</blockquote>'
        case Code(text=text):
            style = "background:#f3f5f8;padding:8px;overflow-x:auto;white-space:pre-wrap"
            return f'<pre style="{style}"><code>{_text(text)}</code></pre>'


def _entry(blocks: tuple[Block, ...]) -> str:
    """Return what stands in an entry of a list; a paragraph alone needs no `p`."""
    return "".join(
        _spans(block.spans) if number == 0 and isinstance(block, Paragraph) else _block(block)
        for number, block in enumerate(blocks)
    )


def _spans(spans: tuple[Span, ...]) -> str:
    return "".join(_span(span) for span in spans)


def _span(span: Span) -> str:
    if span.text == "\n":
        return "<br>"
    text = _text(span.text)
    if span.code:
        text = f"<code>{text}</code>"
    if span.bold:
        text = f"<strong>{text}</strong>"
    if span.italic:
        text = f"<em>{text}</em>"
    if span.href:
        text = f'<a href="{_text(span.href)}" style="color:{_ACCENT}">{text}</a>'
    return text
