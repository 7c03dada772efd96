"""A structural check of PDF/UA-1 (ISO 14289-1) and of what PDF/A-3a adds to it, by pikepdf.

veraPDF is the reference, but no package of Debian or PyPI holds it: this checks by hand what its
machine rules ask of documents like ours (Matterhorn protocol 1.1, the numbers in brackets). It does
not judge whether an alternative text is a good one: nobody but a person can.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf

_PAINTS = frozenset({"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh"})
_PAINTS_OBJECT = frozenset({"Do", "INLINE IMAGE"})
_OPENS, _CLOSES = frozenset({"BMC", "BDC"}), "EMC"
_HEADING = re.compile(r"/H([1-6])")
_STANDARD = frozenset(
    {
        "/Document",
        "/DocumentFragment",
        "/Part",
        "/Art",
        "/Sect",
        "/Div",
        "/BlockQuote",
        "/Caption",
        "/TOC",
        "/TOCI",
        "/Index",
        "/NonStruct",
        "/Private",
        "/P",
        "/H",
        "/H1",
        "/H2",
        "/H3",
        "/H4",
        "/H5",
        "/H6",
        "/L",
        "/LI",
        "/Lbl",
        "/LBody",
        "/Table",
        "/TR",
        "/TH",
        "/TD",
        "/THead",
        "/TBody",
        "/TFoot",
        "/Span",
        "/Quote",
        "/Note",
        "/Reference",
        "/BibEntry",
        "/Code",
        "/Link",
        "/Annot",
        "/Figure",
        "/Formula",
        "/Form",
    }
)
"""Structure types of ISO 32000-1, 14.8.4, and the title that ISO 32000-2 added."""


@dataclass
class Report:
    """What was found: problems (empty = it passes), and the structure for further questions.

    kinds: how often each structure type is there. headings: (level, text) in reading order.
    """

    problems: list[str] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)
    headings: list[tuple[int, str]] = field(default_factory=list)
    language: str = ""
    title: str = ""
    pages: int = 0


def check(pdf: bytes | Path) -> Report:
    """Return what is wrong with a PDF by PDF/UA-1."""
    source = io.BytesIO(pdf) if isinstance(pdf, bytes) else pdf
    with pikepdf.open(source) as document:
        return _Check(document).run()


def assert_accessible(pdf: bytes | Path) -> Report:
    """Fail with all that is wrong with a PDF by PDF/UA-1; return the report of one that passes."""
    report = check(pdf)
    assert not report.problems, "\n".join(report.problems)
    return report


class _Check:
    """One run over a document."""

    def __init__(self, document: pikepdf.Pdf) -> None:
        self.document = document
        self.report = Report(pages=len(document.pages))

    def run(self) -> Report:
        root: Any = self.document.Root
        self._metadata()
        marked = _dictionary(root.get("/MarkInfo")).get("/Marked", False)
        self._expect(bool(marked), "[06] not marked")
        if "/StructTreeRoot" not in root:
            self.report.problems.append("[01] no structure tree")
            return self.report
        self._structure(root.StructTreeRoot)
        for number, page in enumerate(self.document.pages, 1):
            self._page(number, page, root.StructTreeRoot)
            self._fonts(number, page)
        self._bookmarks()
        return self.report

    def _expect(self, fine: bool, problem: str) -> None:
        if not fine:
            self.report.problems.append(problem)

    def _metadata(self) -> None:
        """Language, title, and what the document claims to be [06, 07, 11]."""
        root: Any = self.document.Root
        self.report.language = str(root.get("/Lang", ""))
        self._expect(bool(self.report.language), "[11] no language")
        shown = _dictionary(root.get("/ViewerPreferences")).get("/DisplayDocTitle", False)
        self._expect(bool(shown), "[07] the title is not shown in the window")
        with self.document.open_metadata() as metadata:
            self._expect(str(metadata.get("pdfuaid:part", "")) == "1", "[06] no claim of PDF/UA-1")
            self._expect(str(metadata.get("pdfaid:part", "")) == "3", "[A] no claim of PDF/A-3")
            self._expect(
                str(metadata.get("pdfaid:conformance", "")).upper() == "A", "[A] not level A"
            )
            self.report.title = str(metadata.get("dc:title", ""))
        self._expect(bool(self.report.title.strip()), "[06] no title in the metadata")
        self._expect("/OutputIntents" in root, "[A] no output intent")

    # --- the structure tree -----------------------------------------------------------------------

    def _structure(self, tree: Any) -> None:
        roles = tree.get("/RoleMap", {})
        last = 0
        for node, parents in _nodes(tree):
            kind = str(node.S)
            self.report.kinds[kind] = self.report.kinds.get(kind, 0) + 1
            standard = str(roles.get(kind, kind))
            self._expect(
                standard in _STANDARD, f"[02] {kind} is no standard type, nor mapped to one"
            )
            if kind in {"/Figure", "/Formula"}:
                alt = str(node.get("/Alt", "")) or str(node.get("/ActualText", ""))
                self._expect(bool(alt.strip()), f"[13] a {kind[1:]} without alternative text")
            if match := _HEADING.fullmatch(kind):
                level = int(match[1])
                self._expect(level <= last + 1, f"[14] a heading jumps from {last} to {level}")
                last = level
                self.report.headings.append((level, str(node.get("/T", ""))))
            self._place(kind, parents)
            if kind == "/Table":
                self._table(node)
            if kind == "/TH":
                self._expect("/Scope" in _attributes(node), "[15] a table header without scope")
            if kind == "/Link":
                self._expect(_has_annotation(node), "[28] a link without its annotation")

    def _place(self, kind: str, parents: tuple[str, ...]) -> None:
        """Rows only in tables, entries only in lists [09]."""
        allowed = {
            "/TR": {"/Table", "/THead", "/TBody", "/TFoot"},
            "/TH": {"/TR"},
            "/TD": {"/TR"},
            "/THead": {"/Table"},
            "/TBody": {"/Table"},
            "/LI": {"/L"},
            "/LBody": {"/LI"},
        }
        if kind in allowed:
            above = parents[-1] if parents else ""
            self._expect(above in allowed[kind], f"[09] {kind[1:]} below {above[1:]}")

    def _table(self, table: Any) -> None:
        """Rows of one width, with headers [15]."""
        rows = [node for node, _ in _nodes(table) if str(node.S) == "/TR"]
        widths = {sum(_span(cell) for cell in _children(row)) for row in rows}
        self._expect(len(widths) == 1, f"[15] a table whose rows are {sorted(widths)} cells wide")
        heads = [node for node, _ in _nodes(table) if str(node.S) == "/TH"]
        self._expect(bool(heads), "[15] a table without header cells")

    # --- pages ------------------------------------------------------------------------------------

    def _page(self, number: int, page: Any, tree: Any) -> None:
        """All that is painted is tagged or an artifact, and every tag is in the structure [01]."""
        if page.obj.get("/Annots"):
            self._expect(
                str(page.obj.get("/Tabs", "")) == "/S", f"[28] page {number}: no tab order"
            )
            for annotation in page.obj.Annots:
                subtype = str(annotation.get("/Subtype", ""))
                described = "/Contents" in annotation or subtype != "/Link"
                self._expect(described, f"[28] page {number}: a link without description")
        depth: list[str] = []
        ids: set[int] = set()
        for instruction in pikepdf.parse_content_stream(page):
            operator = str(instruction.operator)
            if operator in _OPENS:
                depth.append(str(instruction.operands[0]))
                if operator == "BDC" and isinstance(instruction.operands[1], pikepdf.Dictionary):
                    mark = instruction.operands[1].get("/MCID")
                    if mark is not None:
                        ids.add(int(mark))
            elif operator == _CLOSES:
                depth.pop()
            elif operator in _PAINTS | _PAINTS_OBJECT:
                self._expect(bool(depth), f"[01] page {number}: {operator} outside of all tags")
        if ids:
            known = _parents(tree, int(page.obj.get("/StructParents", -1)))
            lost = sorted(mark for mark in ids if mark >= len(known) or known[mark] is None)
            self._expect(not lost, f"[01] page {number}: marks {lost} are not in the structure")

    def _fonts(self, number: int, page: Any) -> None:
        """Every font is in the file and says which characters its glyphs are [31, 10]."""
        for font in page.obj.get("/Resources", {}).get("/Font", {}).values():
            name = str(font.get("/BaseFont", "?"))
            below = font.get("/DescendantFonts")
            descriptor = (below[0] if below is not None else font).get("/FontDescriptor", {})
            inside = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
            self._expect(inside, f"[31] page {number}: {name} is not embedded")
            self._expect("/ToUnicode" in font, f"[10] page {number}: {name} has no characters")

    def _bookmarks(self) -> None:
        """Documents with several headings have bookmarks to them."""
        if len(self.report.headings) > 1:
            self._expect("/Outlines" in self.document.Root, "[--] headings, but no bookmarks")


def _dictionary(found: Any) -> Any:
    return pikepdf.Dictionary() if found is None else found


def _nodes(node: Any, parents: tuple[str, ...] = ()) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Yield the structure elements below a node in reading order, with the types above each."""
    for child in _children(node):
        yield child, parents
        yield from _nodes(child, (*parents, str(child.S)))


def _children(node: Any) -> list[Any]:
    kids = node.get("/K", [])
    listed = kids if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in listed if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def _attributes(node: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    listed = node.get("/A", [])
    for each in listed if isinstance(listed, pikepdf.Array) else [listed]:
        if isinstance(each, pikepdf.Dictionary):
            found.update({str(key): value for key, value in each.items()})
    return found


def _span(cell: Any) -> int:
    return int(_attributes(cell).get("/ColSpan", 1))


def _has_annotation(node: Any) -> bool:
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and (
            str(kid.get("/Type", "")) == "/OBJR" or _has_annotation(kid)
        ):
            return True
    return False


def _parents(tree: Any, key: int) -> list[Any]:
    """Return what the parent tree holds for a page: its structure element by mark."""

    def look(node: Any) -> Any:
        numbers = node.get("/Nums")
        if numbers is not None:
            for at in range(0, len(numbers), 2):
                if int(numbers[at]) == key:
                    return numbers[at + 1]
        for kid in node.get("/Kids", []):
            found = look(kid)
            if found is not None:
                return found
        return None

    found = look(tree.get("/ParentTree", pikepdf.Dictionary()))
    return list(found) if isinstance(found, pikepdf.Array) else []
