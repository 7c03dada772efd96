"""XML of other programs read safely, and written.

May import: domain, errors, exchange.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree.ElementTree import indent, tostring

from projectdesk.exchange.files import Source
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.xml_files import parse_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

XML_BYTES_LIMIT = 64 << 20
"""A plan of 1,000 tasks with a baseline each has about 5 MB."""

SERIALISED_JAVA = b"\xac\xed\x00\x05"
PROJECTLIBRE_MARK = b"@@@@@@@@@@ProjectLibreSeparator_MSXML@@@@@@@@@@"
"""Before the same plan as Microsoft Project XML, in files of ProjectLibre since 1.5.5."""

_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_xml(source: Source, findings: Findings | None = None) -> Element:
    """Return the root of a file, of ProjectLibre's the Microsoft Project XML that ends it.

    Args:
        source: the file.
        findings: where oddities of its encoding go.

    Raises:
        UnreadableFile: `xml_entities`, `broken_xml`.
        FileTooLarge: over `XML_BYTES_LIMIT`.
    """
    content = source.read(XML_BYTES_LIMIT)
    if content.startswith(SERIALISED_JAVA):
        content = content.partition(PROJECTLIBRE_MARK)[2]
    content = content.lstrip(b" \t\r\n")
    return parse_xml(content, source.name, "work plan", findings)


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element | None, name: str) -> Iterator[Element]:
    """Yield the children of one name, in whatever namespace."""
    for child in element if element is not None else ():
        if local(child) == name:
            yield child


def child(element: Element | None, name: str) -> Element | None:
    """Return the first child of a name."""
    return next(children(element, name), None)


def text_of(element: Element | None, name: str) -> str:
    """Return the trimmed text of the first child of a name, "" where there is none."""
    found = child(element, name)
    return "" if found is None else (found.text or "").strip()


def xml_text(text: str) -> str:
    """Return text without what XML 1.0 cannot hold."""
    return _NOT_XML.sub("", text)


def xml_bytes(root: Element) -> bytes:
    """Return a whole file: UTF-8, indented."""
    indent(root)
    body: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return body + b"\n"
