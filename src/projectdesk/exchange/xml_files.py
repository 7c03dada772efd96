"""XML of other people, read safely: no entities, and errors that say where.

Some programs declare an encoding that they do not write, one that the parser does not know, or let
characters through that XML cannot hold. Such a file is read all the same.

May import: errors, exchange.findings, exchange.tables.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.tables import WINDOWS_1252
from projectdesk.worded import worded

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DECLARATION = re.compile(
    r"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["'][^>]{0,200}\?>"""
)
_ENCODINGS = re.compile(
    r"utf-?8|utf-?16(?:-?[lb]e)?|(?:us-)?ascii|iso-?8859-?[0-9]{1,2}|(?:windows-|cp)125[0-8]"
    r"|koi8-[ru]|euc-(?:jp|kr)|shift_jis|iso-2022-jp|gb2312|gbk|gb18030|big5",
    re.IGNORECASE,
)
_ISO_8859 = re.compile("^iso-?8859-?", re.IGNORECASE)
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));")


def parse_xml(content: bytes, name: str, kind: str, findings: Findings | None = None) -> Element:
    """Return the root of an XML file.

    Args:
        content: the whole file.
        name: of the file, for errors.
        kind: what it should be ("work plan"), for errors.
        findings: where it is said that bytes were taken for another encoding.

    Raises:
        UnreadableFile: `xml_entities`, `broken_xml`.
    """
    try:
        return _root(content, name, kind)
    except UnreadableFile as error:
        mended = _mended(content, name, findings) if error.code == "broken_xml" else None
        if mended is None:
            raise
    return _root(mended, name, kind)


def _mended(content: bytes, name: str, findings: Findings | None) -> bytes | None:
    """Return a file as UTF-8 with nothing that XML cannot hold, None where that changes nothing."""
    declared = _DECLARATION.match(content[:1024].replace(b"\0", b"").decode("latin-1"))
    encoding = declared[1] if declared else "utf-8"
    if not _ENCODINGS.fullmatch(encoding):
        return None
    encoding = _ISO_8859.sub("iso8859-", encoding)  # "iso88591" has no name in Python
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if wide or b"\0" in content[:4]:
        encoding = "utf-16" if wide else encoding
    elif encoding.casefold().startswith("utf"):
        encoding = "utf-8"  # a program that writes "utf-16" over its UTF-8
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        if encoding != "utf-8":
            return None
        text = content.decode(encoding, errors=WINDOWS_1252)
        if findings is not None:
            said = worded("The file is not UTF-8: the bytes in question were read as Windows-1252.")
            findings.add(name, 0, "", "encoding_guessed", said)
    text = text.removeprefix("\ufeff")
    if whole := _DECLARATION.match(text):
        text = text[whole.end() :]
    mended = _NO_XML.sub("", _REFERENCE.sub(_without_odd, text)).encode()
    return None if mended == content else mended


def _without_odd(reference: re.Match[str]) -> str:
    """Return a reference to a character, "" to one that XML cannot hold."""
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    return "" if number > 0x10FFFF or _NO_XML.match(chr(number)) else reference[0]


def _root(content: bytes, name: str, kind: str) -> Element:
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
