"""A document as DOCX (OOXML): real headings, real lists, tables with header rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.text import WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor

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
)

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument
    from docx.styles.style import ParagraphStyle
    from docx.table import Table as DocxTable
    from docx.text.paragraph import Paragraph as DocxParagraph

_INK = RGBColor(0x1B, 0x24, 0x30)
_QUIET = RGBColor(0x56, 0x62, 0x73)
_ACCENT = RGBColor(0x1F, 0x5F, 0xBF)
_AMBER = RGBColor(0x8A, 0x5A, 0x00)
_TEXT_WIDTH = Cm(16.6)
_DEEPEST_LIST = 3


def write(outline: Outline, out: Path, *, author: str, now: datetime) -> None:
    """Write the document to `out`.

    Args:
        outline: the document.
        out: the file to write.
        author: for the document's properties.
        now: UTC instant of making, for the document's properties.
    """
    document = Document()
    _set_up(document, outline, author, now)
    kicker = document.add_paragraph()
    _run(kicker, outline.kicker, bold=True, color=_ACCENT, size=9)
    document.add_paragraph(_clean(outline.title), style="Title")
    for element in outline.elements:
        _element(document, element)
    # Packed in memory: a disk that is full in the midst leaves no half-open archive behind.
    packed = BytesIO()
    document.save(packed)
    out.write_bytes(packed.getvalue())


def _set_up(document: DocxDocument, outline: Outline, author: str, now: datetime) -> None:
    properties = document.core_properties
    properties.title = _clean(outline.title)
    properties.author = _clean(author)
    properties.subject = _clean(outline.kicker)
    properties.language = "en"
    properties.created = properties.modified = now.astimezone(UTC).replace(tzinfo=None)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2.0), Cm(2.2)
    for name, size, color in (
        ("Normal", 10, _INK),
        ("Title", 20, _INK),
        ("Heading 1", 13, _INK),
        ("Heading 2", 11, _INK),
        ("Heading 3", 10, _INK),
        ("Heading 4", 10, _QUIET),
    ):
        _style(document.styles[name], size, color)
    footer = section.footer.paragraphs[0]
    _run(footer, outline.footer, color=_QUIET, size=8)
    _run(footer, "    Page ", color=_QUIET, size=8)
    _page_number(footer)


def _style(style: ParagraphStyle, size: int, color: RGBColor) -> None:
    style.font.name = "Calibri"
    style.font.size = Pt(size)
    style.font.color.rgb = color
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    border = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if border is not None:
        style.element.get_or_add_pPr().remove(border)


def _page_number(paragraph: DocxParagraph) -> None:
    """Append a field that Word fills with the page's number."""
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        run.font.size, run.font.color.rgb = Pt(8), _QUIET
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.set(qn("xml:space"), "preserve")
            part.text = text
        run._r.append(part)


def _clean(text: str) -> str:
    """Return text without what XML 1.0 cannot hold."""
    return "".join(
        character
        for character in text
        if character in "\t\n"
        or (
            character >= " "
            and not 0xD800 <= ord(character) <= 0xDFFF
            and ord(character) not in {0xFFFE, 0xFFFF}
        )
    )


def _run(
    paragraph: DocxParagraph,
    text: str,
    *,
    bold: bool = False,
    color: RGBColor | None = None,
    size: float | None = None,
) -> None:
    run = paragraph.add_run(_clean(text))
    run.bold = bold or None
    if color is not None:
        run.font.color.rgb = color
    if size is not None:
        run.font.size = Pt(size)


def _element(document: DocxDocument, element: Element) -> None:
    match element:
        case Heading(level=level, text=text):
            document.add_heading(_clean(text), level)
        case Facts(rows=rows):
            for label, value in rows:
                paragraph = document.add_paragraph()
                paragraph.paragraph_format.space_after = Pt(2)
                paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(3.6))
                paragraph.paragraph_format.left_indent = Cm(3.6)
                paragraph.paragraph_format.first_line_indent = Cm(-3.6)
                _run(paragraph, f"{label}\t", color=_QUIET)
                _run(paragraph, value)
        case Grid():
            bold = set(element.strong)
            cells = tuple(
                tuple((Span(text, bold=(y, x) in bold),) for x, text in enumerate(row))
                for y, row in enumerate(element.rows)
            )
            heads = tuple((Span(text),) for text in element.headers)
            _table(document, heads, cells, element.weights, element.caption)
        case Notes(blocks=blocks):
            _blocks(document, blocks)
        case Callout():
            _callout(document, element)
        case Remark(text=text):
            _run(document.add_paragraph(), text, color=_QUIET, size=9)


def _callout(document: DocxDocument, element: Callout) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent = Cm(0.4)
    tone = _ACCENT if element.kind == "decision" else _AMBER
    _run(paragraph, f"{element.label}: ", bold=True, color=tone)
    _run(paragraph, element.text)
    if element.note:
        paragraph.add_run().add_break(WD_BREAK.LINE)
        _run(paragraph, element.note, color=_QUIET, size=8.5)


def _table(
    document: DocxDocument,
    headers: tuple[tuple[Span, ...], ...],
    rows: tuple[tuple[tuple[Span, ...], ...], ...],
    weights: tuple[int, ...],
    caption: str,
) -> None:
    table = document.add_table(rows=1, cols=len(headers))
    table.autofit = False
    _describe(table, caption)
    _rule(table)
    for cell, spans in zip(table.rows[0].cells, headers, strict=True):
        _fill(cell.paragraphs[0], tuple(replace(s, bold=True) for s in spans), size=8.5)
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in rows:
        padded = (*row, *(((),) * (len(headers) - len(row))))[: len(headers)]
        for cell, spans in zip(table.add_row().cells, padded, strict=True):
            _fill(cell.paragraphs[0], spans, size=9)
    whole = sum(weights)
    for column, weight in zip(table.columns, weights, strict=True):
        column.width = Emu(int(_TEXT_WIDTH * weight / whole))
        for cell in column.cells:
            cell.width = column.width
            cell.paragraphs[0].paragraph_format.space_after = Pt(2)
            cell.paragraphs[0].paragraph_format.space_before = Pt(2)
    gap = document.add_paragraph()
    gap.paragraph_format.space_after = Pt(0)
    gap.paragraph_format.line_spacing = Pt(8)


def _rule(table: DocxTable) -> None:
    """Draw hairlines between the rows of a table and nothing else."""
    borders = OxmlElement("w:tblBorders")
    for edge in ("bottom", "insideH"):
        line = OxmlElement(f"w:{edge}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "C4CCD6")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)


def _describe(table: DocxTable, caption: str) -> None:
    """Give a table a title for screen readers."""
    title = OxmlElement("w:tblCaption")
    title.set(qn("w:val"), _clean(caption))
    table._tbl.tblPr.append(title)


def _blocks(document: DocxDocument, blocks: tuple[Block, ...], depth: int = 0) -> None:
    for block in blocks:
        _block(document, block, depth)


def _block(document: DocxDocument, block: Block, depth: int) -> None:
    match block:
        case Paragraph(spans=spans):
            _fill(document.add_paragraph(), spans)
        case Title(level=level, spans=spans):
            _fill(document.add_heading("", min(level + 2, 4)), spans)
        case Listing():
            _listing(document, block, depth + 1)
        case Table(rows=rows):
            _table(document, rows[0], rows[1:], (1,) * len(rows[0]), "Table in the notes")
        case Quote(blocks=blocks):
            for inner in blocks:
                if isinstance(inner, Paragraph):
                    _fill(document.add_paragraph(style="Quote"), inner.spans)
                else:
                    _block(document, inner, depth)
        case Code(text=text):
            _fill(document.add_paragraph(style="No Spacing"), (Span(text, code=True),))


def _listing(document: DocxDocument, block: Listing, depth: int) -> None:
    level = min(depth, _DEEPEST_LIST)
    name = ("List Number" if block.ordered else "List Bullet") + (f" {level}" if level > 1 else "")
    for entry in block.entries:
        first = True
        for inner in entry:
            if isinstance(inner, Paragraph):
                style = name if first else f"List Continue{f' {level}' if level > 1 else ''}"
                _fill(document.add_paragraph(style=style), inner.spans)
                first = False
            else:
                _block(document, inner, depth)


def _fill(paragraph: DocxParagraph, spans: tuple[Span, ...], size: float | None = None) -> None:
    for span in spans:
        if span.text == "\n":
            paragraph.add_run().add_break(WD_BREAK.LINE)
        elif span.href:
            _link(paragraph, span)
        else:
            run = paragraph.add_run(_clean(span.text))
            run.bold, run.italic = span.bold or None, span.italic or None
            if span.code:
                run.font.name = "Consolas"
            if size is not None:
                run.font.size = Pt(size)


def _link(paragraph: DocxParagraph, span: Span) -> None:
    """Append a hyperlink; python-docx reads them but has no public way to make one."""
    relation = paragraph.part.relate_to(
        _clean(span.href), RELATIONSHIP_TYPE.HYPERLINK, is_external=True
    )
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    run = paragraph.add_run(_clean(span.text))
    run.font.color.rgb = _ACCENT
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)
