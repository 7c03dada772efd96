"""XML of other programs read safely, and written.

May import: domain, errors, exchange.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError, indent, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.files import Source

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

XML_BYTES_LIMIT = 64 << 20
"""A plan of 1,000 tasks with a baseline each has about 5 MB."""

_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_xml(source: Source) -> Element:
    """Return the root of a file.

    Raises:
        UnreadableFile: `xml_entities`, `broken_xml`.
        FileTooLarge: over `XML_BYTES_LIMIT`.
    """
    name = source.name
    content = source.read(XML_BYTES_LIMIT)
    try:
        root: Element = fromstring(content.lstrip(b" \t\r\n"))
    except DefusedXmlException as error:
        raise UnreadableFile(
            "xml_entities",
            "{file} defines entities, which no work plan does; it was not read.",
            file=name,
        ) from error
    except ParseError as error:
        line, column = error.position
        raise UnreadableFile(
            "broken_xml",
            "{file}, line {row}: not well-formed XML ({reason}). Is the file cut off?",
            file=name,
            row=line,
            column=str(column),
            reason=str(error).split(":")[0],
        ) from error
    except (ValueError, LookupError, RecursionError) as error:
        raise UnreadableFile("broken_xml", "{file} is not readable as XML.", file=name) from error
    return root


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
