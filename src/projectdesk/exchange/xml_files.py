"""XML of other people, read safely: no entities, and errors that say where.

May import: errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from projectdesk.errors import UnreadableFile

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def parse_xml(content: bytes, name: str, kind: str) -> Element:
    """Return the root of an XML file.

    Args:
        content: the whole file.
        name: of the file, for errors.
        kind: what it should be ("work plan"), for errors.

    Raises:
        UnreadableFile: `xml_entities`, `broken_xml`.
    """
    try:
        root: Element = fromstring(content)
    except DefusedXmlException as error:
        raise UnreadableFile(
            "xml_entities",
            "{file} defines entities, which no {kind} does; it was not read.",
            file=name,
            kind=kind,
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
