"""A document as DOCX (OOXML): real headings, real lists, tables with header rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.image.exceptions import (
    InvalidImageStreamError,
    UnexpectedEndOfFileError,
    UnrecognizedImageError,
)
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Length, Pt, RGBColor, Twips
from docx.text.run import Run

from projectdesk.catalogues import known, right_to_left
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
    clean,
    in_line,
    in_line_from_right,
    reads_from_left,
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
from projectdesk.exchange.documents.widths import fitting
from projectdesk.exchange.documents.words import Words
from projectdesk.exchange.documents.words import words as words_of

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument
    from docx.oxml.text.font import CT_RPr
    from docx.oxml.text.paragraph import CT_P
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.styles.style import ParagraphStyle
    from docx.table import Table as DocxTable
    from docx.table import _Row as DocxRow
    from docx.text.paragraph import Paragraph as DocxParagraph

_INK = RGBColor(0x1B, 0x24, 0x30)
_QUIET = RGBColor(0x56, 0x62, 0x73)
_ACCENT = RGBColor(0x1F, 0x5F, 0xBF)
_AMBER = RGBColor(0x8A, 0x5A, 0x00)
_VIOLET = RGBColor(0x6B, 0x3F, 0xA0)
_RED = RGBColor(0xA3, 0x2A, 0x2A)
_TONES = {
    "decision": _ACCENT,
    "vote": _ACCENT,
    "action": _AMBER,
    "information": _QUIET,
    "question": _VIOLET,
    "risk": _RED,
    "objection": _RED,
}
_STYLES = (
    ("Normal", 10, _INK),
    ("Title", 20, _INK),
    ("Subtitle", 9, _ACCENT),
    ("Caption", 8.5, _QUIET),
    ("No Spacing", 10, _INK),
    ("Heading 1", 13, _INK),
    ("Heading 2", 11, _INK),
    ("Heading 3", 10, _INK),
    ("Heading 4", 10, _QUIET),
    ("Heading 5", 10, _QUIET),
    ("Heading 6", 10, _QUIET),
)
_STOPS_OF_THE_STYLE = (Twips(4680), Twips(9360))
"""Of the header's and footer's style in python-docx's own template: US Letter."""
_AFTER_BORDERS = (
    "w:shd",
    "w:tabs",
    "w:suppressAutoHyphens",
    "w:spacing",
    "w:ind",
    "w:jc",
    "w:outlineLvl",
    "w:rPr",
)
"""What stands behind the borders of a paragraph (ECMA-376, 17.3.1.26)."""
_AFTER_BIDI = (
    "w:adjustRightInd",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:jc",
    "w:outlineLvl",
    "w:rPr",
)
_AFTER_BIDI_VISUAL = ("w:tblStyleRowBandSize", "w:tblStyleColBandSize", "w:tblW", "w:jc")
_TEXT_WIDTH = Cm(16.6)
_DEEPEST_LIST = 3
_LONGEST_PROPERTY = 255
"""Characters of a property (ECMA-376 part 2, 11)."""


def write(outline: Outline, out: Path, *, author: str, now: datetime) -> None:
    """Write the document to `out`.

    Args:
        outline: the document.
        out: the file to write.
        author: for the document's properties.
        now: UTC instant of making, for the document's properties.
    """
    # Packed in memory: a disk that is full in the midst leaves no half-open archive behind.
    out.write_bytes(render(outline, author=author, now=now))


def render(outline: Outline, *, author: str, now: datetime) -> bytes:
    """Return the document as the octets of a DOCX file; see `write`."""
    document, outline = Document(), levelled(outline)
    words = words_of(outline.language)
    _set_up(document, outline, author, now)
    _page_ends(document, outline, words)
    if outline.logo is not None:
        _logo(document, outline.logo)
    kicker = document.add_paragraph(style="Subtitle")
    _run(kicker, outline.kicker)
    document.add_paragraph(in_line(outline.title), style="Title")
    shown = captions(outline.elements)
    for number, element in enumerate(outline.elements):
        if number in shown:
            document.add_paragraph(in_line(shown[number]), style="Caption")
        _element(document, element, outline.about, words)
    if right_to_left(outline.language):
        _mirror(document)
    packed = BytesIO()
    document.save(packed)
    return packed.getvalue()


def _set_up(document: DocxDocument, outline: Outline, author: str, now: datetime) -> None:
    properties = document.core_properties
    properties.title = clean(outline.title)[:_LONGEST_PROPERTY]
    properties.author = clean(author)[:_LONGEST_PROPERTY]
    properties.subject = clean(outline.kicker)[:_LONGEST_PROPERTY]
    properties.language = outline.language
    properties.created = properties.modified = now.astimezone(UTC).replace(tzinfo=None)
    properties.comments = ""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2.4)
    section.different_first_page_header_footer = True
    for name, size, color in _STYLES:
        _style(document.styles[name], size, color)
    document.styles["Subtitle"].font.bold = True
    document.styles["Subtitle"].font.italic = False
    document.styles["Title"].font.bold = True
    document.styles["Caption"].font.bold = False
    document.styles["Caption"].paragraph_format.keep_with_next = True
    _language(document, outline.language)


def _language(document: DocxDocument, language: str) -> None:
    """Say in which language the text is: for spelling, hyphenation and screen readers."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = next(defaults.iter(qn("w:rPr")))
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    tag = OxmlElement("w:lang")
    regional = known()[language].regional  # Word wants a region
    tag.set(qn("w:val"), regional)
    if right_to_left(language):
        tag.set(qn("w:bidi"), regional)
        _read_from_the_right(document, properties)
    properties.append(tag)


def _read_from_the_right(document: DocxDocument, properties: CT_RPr) -> None:
    """Let paragraphs and runs begin at the right where a style says nothing else (17.3.1.6)."""
    properties.append(OxmlElement("w:rtl"))
    for look in document.styles.element.iter(qn("w:rPr")):
        for apart in look.findall(qn("w:spacing")):  # letters of the script are joined
            look.remove(apart)
    for style in document.styles.element.iter(qn("w:style")):
        if style.get(qn("w:type")) == "paragraph" and style.find(qn("w:basedOn")) is None:
            style.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), *_AFTER_BIDI)


def _mirror(document: DocxDocument) -> None:
    """Let tables begin at the right (17.4.1), and letters of the script have the others' look."""
    for properties in document.element.body.iter(qn("w:tblPr")):
        properties.insert_element_before(OxmlElement("w:bidiVisual"), *_AFTER_BIDI_VISUAL)
    section = document.sections[0]
    ends = (section.header, section.footer, section.first_page_footer)
    for part in (document.styles.element, document.element, *(end._element for end in ends)):
        for name in ("w:b", "w:i", "w:sz"):
            for mark in list(part.iter(qn(name))):
                _say_of_script(mark)
        for paragraph in part.iter(qn("w:p")):
            _from_the_left(document, paragraph)


def _from_the_left(document: DocxDocument, paragraph: CT_P) -> None:
    """Let a paragraph in letters from the left be read so: its runs (17.3.2.30) and its ends.

    Else the full stop of an English title, or the sign of a number, would stand at its left. Other
    paragraphs have no marks.
    """
    texts = list(paragraph.iter(qn("w:t")))
    line = "".join(text.text or "" for text in texts)
    for text in texts:
        text.text = (text.text or "").replace(LEFT_TO_RIGHT_MARK, "")
    if not reads_from_left(line):
        return
    for run in paragraph.iter(qn("w:r")):
        Run(run, document).font.rtl = False
    if in_line_from_right(line) != line:
        texts[0].text = f"{LEFT_TO_RIGHT_MARK}{texts[0].text}"
        texts[-1].text = f"{texts[-1].text}{LEFT_TO_RIGHT_MARK}"


def _say_of_script(mark: BaseOxmlElement) -> None:
    """Say of letters of a complex script what is said of others: size, bold, italic (17.3.2)."""
    name = f"{mark.tag}Cs"
    for old in mark.getparent().findall(name):
        mark.getparent().remove(old)
    other = mark.makeelement(name, dict(mark.attrib))
    mark.addnext(other)


def _page_ends(document: DocxDocument, outline: Outline, words: Words) -> None:
    """Put the title on top of every page but the first, and the page's number below each."""
    section = document.sections[0]
    head = section.header.paragraphs[0]
    head.style = document.styles["Header"]
    _tab_at_the_right(head)
    _run(head, outline.title, color=_QUIET, size=8)
    _run(head, f"\t{outline.kicker}", color=_QUIET, size=8)
    for footer in (section.footer, section.first_page_footer):
        foot = footer.paragraphs[0]
        foot.style = document.styles["Footer"]
        _tab_at_the_right(foot)
        _run(foot, f"{outline.footer}\t", color=_QUIET, size=8)
        before, between, after = words("page", page="\n", pages="\n").split("\n")
        _run(foot, before, color=_QUIET, size=8)
        _field(foot, "PAGE")
        _run(foot, between, color=_QUIET, size=8)
        _field(foot, "NUMPAGES")
        _run(foot, after, color=_QUIET, size=8)
        if outline.seal:
            _run(footer.add_paragraph(style="Footer"), outline.seal, color=_QUIET, size=7)


def _tab_at_the_right(paragraph: DocxParagraph) -> None:
    """Let a tab lead to the right margin; the style's own stops are another page's."""
    stops = paragraph.paragraph_format.tab_stops
    for old in _STOPS_OF_THE_STYLE:
        stops.add_tab_stop(old, WD_TAB_ALIGNMENT.CLEAR)
    stops.add_tab_stop(_TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)


def _logo(document: DocxDocument, logo: Picture) -> None:
    """Put the logo above the title, with its words; one that cannot be read is left out."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    try:
        picture = paragraph.add_run().add_picture(BytesIO(logo.content), height=Cm(1.4))
    except (UnrecognizedImageError, InvalidImageStreamError, UnexpectedEndOfFileError):
        document.element.body.remove(paragraph._p)
        return
    widest = Cm(6)
    if picture.width > widest:
        picture.height, picture.width = Emu(int(picture.height * widest / picture.width)), widest
    described = picture._inline.docPr
    described.set("descr", clean(logo.alt))
    described.set("name", clean(logo.alt))


def _style(style: ParagraphStyle, size: float, color: RGBColor) -> None:
    style.font.name = "Calibri"
    style.font.size = Pt(size)
    style.font.color.rgb = color
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    border = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if border is not None:
        style.element.get_or_add_pPr().remove(border)


def _field(paragraph: DocxParagraph, instruction: str) -> None:
    """Append a field that Word fills: PAGE, NUMPAGES. Until it does, it says 1."""
    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("", ""), ("end", "")):
        run = paragraph.add_run()
        run.font.size, run.font.color.rgb = Pt(8), _QUIET
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
            run._r.append(part)
        elif text:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = f" {text} "
            run._r.append(part)
        else:
            run.text = "1"


def _run(
    paragraph: DocxParagraph,
    text: str,
    *,
    bold: bool = False,
    color: RGBColor | None = None,
    size: float | None = None,
) -> None:
    run = paragraph.add_run(in_line(text))
    run.bold = bold or None
    if color is not None:
        run.font.color.rgb = color
    if size is not None:
        run.font.size = Pt(size)


def _element(document: DocxDocument, element: Element, about: str, words: Words) -> None:
    match element:
        case Heading(level=level, text=text):
            document.add_heading(in_line(text), level)
        case Facts(rows=rows):
            _facts(document, rows, (about, words("details")))
        case Grid():
            bold = set(element.strong)
            cells = tuple(
                tuple((Span(text, bold=(y, x) in bold),) for x, text in enumerate(row))
                for y, row in enumerate(element.rows)
            )
            heads = tuple((Span(text),) for text in element.headers)
            height = Cm(1.1) if element.tall else None
            _table(document, heads, cells, fitting(element), element.caption, height)
        case Notes(blocks=blocks):
            _blocks(document, blocks, words)
        case Callout():
            _callout(document, element)
        case Remark(text=text):
            _run(document.add_paragraph(style="No Spacing"), text, color=_QUIET, size=9)


def _facts(
    document: DocxDocument, rows: tuple[tuple[str, str], ...], heads: tuple[str, str]
) -> None:
    """Add label and value as a table of two columns, with a header row for screen readers."""
    cells = tuple(((Span(label),), (Span(value),)) for label, value in rows)
    headers = tuple((Span(head),) for head in heads)
    table = _table(document, headers, cells, (4, 16), heads[0], ruled=False)
    for row in table.rows[1:]:
        for run in row.cells[0].paragraphs[0].runs:
            run.font.color.rgb = _QUIET


def _callout(document: DocxDocument, element: Callout) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent = Cm(0.4)
    tone = _TONES[element.kind]
    _bar(paragraph, tone)
    _run(paragraph, f"{element.label}: ", bold=True, color=tone)
    _run(paragraph, element.text)
    if element.note:
        paragraph.add_run().add_break(WD_BREAK.LINE)
        _run(paragraph, element.note, color=_QUIET, size=8.5)


def _bar(paragraph: DocxParagraph, tone: RGBColor) -> None:
    """Draw a line at the left of a paragraph."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "16"), ("space", "6"), ("color", str(tone))):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDERS)


def _table(
    document: DocxDocument,
    headers: tuple[tuple[Span, ...], ...],
    rows: tuple[tuple[tuple[Span, ...], ...], ...],
    weights: tuple[int, ...],
    caption: str,
    height: Length | None = None,
    *,
    ruled: bool = True,
) -> DocxTable:
    """Add a table with a header row that is repeated on every page, and say what it is of."""
    # A whole table at once: a row at a time takes as long as the rows before it.
    table: DocxTable = document.add_table(rows=1 + len(rows), cols=len(headers))
    table.autofit = False
    _describe(table, caption)
    if ruled:
        _rule(table)
    whole = sum(weights)
    widths = [Emu(int(_TEXT_WIDTH * weight / whole)) for weight in weights]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    lines = iter(table.rows)
    head = next(lines)
    properties = head._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    properties.append(OxmlElement("w:tblHeader"))
    bold = tuple(tuple(replace(s, bold=True) for s in spans) for spans in headers)
    _row(head, bold, widths, 8.5)
    for line, row in zip(lines, rows, strict=True):
        padded = (*row, *(((),) * (len(headers) - len(row))))[: len(headers)]
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        if height is not None:
            line.height = height
        _row(line, padded, widths, 9)
    gap = document.add_paragraph(style="No Spacing")
    gap.paragraph_format.line_spacing = Pt(8)
    return table


def _row(
    row: DocxRow, texts: tuple[tuple[Span, ...], ...], widths: Sequence[Length], size: float
) -> None:
    for cell, spans, width in zip(row.cells, texts, widths, strict=True):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        _fill(paragraph, spans, size)


def _rule(table: DocxTable) -> None:
    """Draw hairlines between the rows of a table and nothing else."""
    borders = OxmlElement("w:tblBorders")
    for edge in ("bottom", "insideH"):
        line = OxmlElement(f"w:{edge}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "C4CCD6")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    # The order of the schema (ECMA-376, 17.4.60): before the look.
    table._tbl.tblPr.insert_element_before(
        borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook"
    )


def _describe(table: DocxTable, caption: str) -> None:
    """Give a table a title for screen readers, and say that its first row is the header."""
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    if look is not None:
        for name in ("firstColumn", "lastColumn", "lastRow", "noHBand"):
            look.set(qn(f"w:{name}"), "0")
        look.set(qn("w:firstRow"), "1")
    title = OxmlElement("w:tblCaption")
    title.set(qn("w:val"), clean(caption))
    properties.append(title)


def _blocks(
    document: DocxDocument, blocks: tuple[Block, ...], words: Words, depth: int = 0
) -> None:
    for block in blocks:
        _block(document, block, words, depth)


def _block(document: DocxDocument, block: Block, words: Words, depth: int) -> None:
    match block:
        case Paragraph(spans=spans):
            _fill(document.add_paragraph(), spans)
        case Title(level=level, spans=spans):
            _fill(document.add_heading("", level), spans)
        case Listing():
            _listing(document, block, words, depth + 1)
        case Table(rows=rows):
            _table(document, rows[0], rows[1:], (1,) * len(rows[0]), words("table_in_notes"))
        case Quote(blocks=blocks):
            for inner in blocks:
                if isinstance(inner, Paragraph):
                    _fill(document.add_paragraph(style="Quote"), inner.spans)
                else:
                    _block(document, inner, words, depth)
        case Code(text=text):
            _fill(document.add_paragraph(style="No Spacing"), (Span(text, code=True),))


def _listing(document: DocxDocument, block: Listing, words: Words, depth: int) -> None:
    level = min(depth, _DEEPEST_LIST)
    name = ("List Number" if block.ordered else "List Bullet") + (f" {level}" if level > 1 else "")
    number = _numbering(document, name) if block.ordered else None
    for entry in block.entries:
        first = True
        for inner in entry:
            if isinstance(inner, Paragraph):
                style = name if first else f"List Continue{f' {level}' if level > 1 else ''}"
                paragraph = document.add_paragraph(style=style)
                if first and number is not None:
                    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                    properties.get_or_add_ilvl().val = 0
                    properties.get_or_add_numId().val = number
                _fill(paragraph, inner.spans)
                first = False
            else:
                _block(document, inner, words, depth)


def _numbering(document: DocxDocument, style: str) -> int:
    """Return the id of a new numbering as the style has it: else a list goes on from the last."""
    numbering = document.part.numbering_part.element
    used = document.styles[style].element.pPr.numPr.numId.val
    abstract = numbering.num_having_numId(used).abstractNumId.val
    made = numbering.add_num(abstract)
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(made.numId)


def _fill(paragraph: DocxParagraph, spans: tuple[Span, ...], size: float | None = None) -> None:
    for span in spans:
        if span.text == "\n":
            paragraph.add_run().add_break(WD_BREAK.LINE)
        elif span.href:
            _link(paragraph, span)
        else:
            run = paragraph.add_run(in_line(span.text))
            run.bold, run.italic = span.bold or None, span.italic or None
            if span.code:
                run.font.name = "Consolas"
            if size is not None:
                run.font.size = Pt(size)


def _link(paragraph: DocxParagraph, span: Span) -> None:
    """Append a hyperlink; python-docx reads them but has no public way to make one."""
    relation = paragraph.part.relate_to(
        clean(span.href), RELATIONSHIP_TYPE.HYPERLINK, is_external=True
    )
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    run = paragraph.add_run(in_line(span.text))
    run.font.color.rgb = _ACCENT
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)
