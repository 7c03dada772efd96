"""Workbooks that Excel opens and openpyxl does not: copied to what holds their cells alone.

Strict Open XML (ISO/IEC 29500-1) names everything in other namespaces. Other programs write styles,
properties or names that openpyxl stumbles over. None of these hold cells; of the styles only the
number formats count, as they make a number a date.

May import: exchange.xml_files.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from xml.etree.ElementTree import Element, SubElement, tostring

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.xml_files import parse_xml

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = b"http://purl.oclc.org/ooxml/"
_NAMESPACES = (
    (_STRICT + b"spreadsheetml/main", _MAIN.encode()),
    (
        _STRICT + b"officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_STYLES = "xl/styles.xml"
_WORKBOOK = "xl/workbook.xml"
_LEFT_OUT = ("docProps/", "xl/theme/", "xl/externalLinks/", "customXml/")
_NAMES = re.compile(rb"<(?:\w{1,40}:)?definedNames\b")
_NAMES_END = b"definedNames>"
_LARGEST_PART = 256 << 20
"""Bytes of a part that is changed, which is done in memory; larger ones are copied as they are."""


def is_strict(path: Path) -> bool:
    """Return whether a workbook is strict Open XML.

    Raises:
        zipfile.BadZipFile, OSError: it is damaged.
    """
    with zipfile.ZipFile(path) as archive:
        if _WORKBOOK not in archive.namelist():
            return False
        with archive.open(_WORKBOOK) as part:
            return _STRICT in part.read(4096)


def plain_copy(path: Path) -> IO[bytes]:
    """Return a workbook of the same cells that has nothing else; the caller closes it.

    Raises:
        zipfile.BadZipFile, OSError: it is damaged.
    """
    copy = TemporaryFile()  # noqa: SIM115 - the caller's
    try:
        with (
            zipfile.ZipFile(path) as archive,
            zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as written,
        ):
            for part in archive.infolist():
                _copy(archive, part, written)
    except BaseException:
        copy.close()
        raise
    copy.seek(0)
    return copy


def _copy(archive: zipfile.ZipFile, part: zipfile.ZipInfo, written: zipfile.ZipFile) -> None:
    name = part.filename
    if name.startswith(_LEFT_OUT):
        return
    if part.file_size > _LARGEST_PART or not name.endswith((".xml", ".rels")):
        with archive.open(part) as source, written.open(name, "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target, 1 << 20)
        return
    content = archive.read(part)
    for strict, usual in _NAMESPACES:
        content = content.replace(strict, usual)
    if name == _WORKBOOK:
        content = _without_names(content)
    if name == _STYLES:
        content = _number_formats(content)
    written.writestr(name, content)


def _without_names(content: bytes) -> bytes:
    """Return a workbook's part without the names it defines for ranges and formulas."""
    first, last = _NAMES.search(content), content.rfind(_NAMES_END)
    if first is None or last < first.end():
        return content
    return content[: first.start()] + content[last + len(_NAMES_END) :]


def _number_formats(content: bytes) -> bytes:
    """Return the styles of a workbook with nothing but the number format of each."""
    try:
        styles = parse_xml(content, _STYLES, "workbook")
    except UnreadableFile:
        styles = Element("styleSheet")
    space = f"{{{_MAIN}}}"
    plain = Element("styleSheet", xmlns=_MAIN)
    formats = SubElement(plain, "numFmts")
    for each in styles.findall(f"{space}numFmts/{space}numFmt"):
        known = {key: each.get(key, "") for key in ("numFmtId", "formatCode")}
        if known["numFmtId"].isdecimal():
            SubElement(formats, "numFmt", known)
    SubElement(SubElement(plain, "fonts"), "font")
    SubElement(SubElement(SubElement(plain, "fills"), "fill"), "patternFill")
    SubElement(SubElement(plain, "borders"), "border")
    SubElement(SubElement(plain, "cellStyleXfs"), "xf")
    cells = SubElement(plain, "cellXfs")
    for each in styles.findall(f"{space}cellXfs/{space}xf") or [Element("xf")]:
        number = each.get("numFmtId", "0")
        SubElement(cells, "xf", numFmtId=number if number.isdecimal() else "0")
    kinds = SubElement(plain, "cellStyles")
    SubElement(kinds, "cellStyle", name="Normal", xfId="0", builtinId="0")
    return tostring(plain)
