"""Outlook's own envelope, winmail.dat (MS-OXTNEF): the files in it and what it says of the message.

A message is a row of attributes; two of them hold properties, of the message and of each file. A
damaged end costs what lies behind it, not what was read before.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

SIGNATURE = b"\x78\x9f\x3e\x22"
DEPTH_LIMIT = 5
"""Messages in messages."""

ATTRIBUTES_LIMIT = 20_000
RECIPIENTS_LIMIT = 5_000
PROPERTIES_LIMIT = 5_000
VALUES_LIMIT = 1_000
"""Values of one property; what is read here has one."""

_CLASS, _MESSAGE_PROPERTIES, _CODE_PAGE = 0x00078008, 0x00069003, 0x00069007
_NEXT_FILE, _FILE_PROPERTIES = 0x00069002, 0x00069005
_FILE_TITLE, _FILE_DATA = 0x00018010, 0x0006800F
_SUBJECT, _RECIPIENTS = 0x00018004, 0x00069004

FILE_NAME, LONG_FILE_NAME, FILE_OBJECT = 0x3704, 0x3707, 0x3701
"""Properties of a file (MS-OXPROPS): its short and long name, the message that it is."""

_WIDTHS = {0x0002: 2, 0x000B: 2, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x0048: 16} | dict.fromkeys(
    (0x0005, 0x0006, 0x0007, 0x0014, 0x0040), 8
)
"""Bytes of the types of fixed length; each takes a multiple of four."""

_TEXT, _WIDE_TEXT, _BYTES, _OBJECT = 0x001E, 0x001F, 0x0102, 0x000D
_SEVERAL = 0x1000
_OBJECT_KIND_BYTES = 16

Name = int | tuple[str, int] | tuple[str, str]
"""Of a property: its number, or its set (a GUID in hexadecimal as stored) and number or text."""

Value = int | str | bytes
Properties = dict[Name, Value]


@dataclass(slots=True)
class Enclosed:
    """A file in the envelope. message: it is a message of its own, None = it is none."""

    name: str = ""
    content: bytes = b""
    message: Winmail | None = None


@dataclass(slots=True)
class Winmail:
    """What an envelope holds.

    kind: what sort of message it is ("IPM.Appointment"). recipients: the properties of each.
    """

    kind: str = ""
    subject: str = ""
    properties: Properties = field(default_factory=dict)
    recipients: list[Properties] = field(default_factory=list)
    files: list[Enclosed] = field(default_factory=list)

    def text(self, name: Name) -> str:
        """Return a property that is a text, "" without it."""
        value = self.properties.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: Name) -> int | None:
        """Return a property that is a number, None without it."""
        value = self.properties.get(name)
        return value if isinstance(value, int) else None

    def data(self, name: Name) -> bytes:
        """Return a property that is bytes, b"" without it."""
        value = self.properties.get(name)
        return value if isinstance(value, bytes) else b""

    def all(self) -> Iterator[Winmail]:
        """Yield this message and those that are files in it."""
        yield self
        for each in self.files:
            if each.message is not None:
                yield from each.message.all()


def is_winmail(data: bytes) -> bool:
    """Return whether bytes begin as an envelope does."""
    return data.startswith(SIGNATURE)


def open_winmail(data: bytes) -> Winmail:
    """Return what an envelope holds.

    Raises:
        ValueError: it is none, or nothing of it can be read.
    """
    found = _message(data, 0) if is_winmail(data) else Winmail()
    if not (found.kind or found.properties or found.files):
        raise ValueError("no TNEF")
    return found


def _message(data: bytes, depth: int) -> Winmail:
    found = Winmail()
    page = "cp1252"
    for number, content in _attributes(data):
        if number == _CODE_PAGE:
            page = _code_page(int.from_bytes(content[:4], "little"))
        elif number == _CLASS:
            found.kind = _read_text(content, page)
        elif number == _SUBJECT:
            found.subject = _read_text(content, page)
        elif number == _MESSAGE_PROPERTIES:
            found.properties.update(_properties(content, page))
        elif number == _RECIPIENTS:
            found.recipients = _rows(content, page)
        elif number == _NEXT_FILE:
            found.files.append(Enclosed())
        elif found.files:
            _add_to(found.files[-1], number, content, page, depth)
    return found


def _add_to(file: Enclosed, number: int, content: bytes, page: str, depth: int) -> None:
    """Take an attribute of a file."""
    if number == _FILE_TITLE:
        file.name = file.name or _read_text(content, page)
    elif number == _FILE_DATA:
        file.content = content
    elif number == _FILE_PROPERTIES:
        _describe(file, _properties(content, page), depth)


def _describe(file: Enclosed, said: Properties, depth: int) -> None:
    """Take the names and the message out of the properties of a file."""
    for name in (LONG_FILE_NAME, FILE_NAME):
        text = said.get(name)
        if isinstance(text, str) and text:
            file.name = text
            break
    inner = said.get(FILE_OBJECT)
    if not isinstance(inner, bytes):
        return
    if is_winmail(inner[_OBJECT_KIND_BYTES:]):
        if depth < DEPTH_LIMIT:
            file.message = _message(inner[_OBJECT_KIND_BYTES:], depth + 1)
    elif not file.content:
        file.content = inner


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (number, content) of the attributes up to where the file ends or is damaged."""
    at = len(SIGNATURE) + 2  # a key that nobody needs
    for _ in range(ATTRIBUTES_LIMIT):
        if at + 9 > len(data) or data[at] not in (1, 2):
            return
        number, length = struct.unpack_from("<II", data, at + 1)
        at += 9
        if length > len(data) - at:
            return
        yield number, data[at : at + length]
        at += length + 2  # the sum of its bytes, which some programs get wrong


def _read_text(content: bytes, page: str) -> str:
    return content.split(b"\0", 1)[0].decode(page, "replace").strip()


_PAGES = {65001: "utf-8", 20127: "ascii", 28591: "latin-1"}
"""Of Windows' numbers those that Python calls otherwise."""


def _code_page(number: int) -> str:
    page = _PAGES.get(number, f"cp{number}")
    try:
        codecs.lookup(page)
    except LookupError:
        return "cp1252"
    return page


# --- properties -----------------------------------------------------------------------------------


class _Bytes:
    """Reads numbers and pieces one after another; ValueError where the bytes end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, length: int) -> bytes:
        end = self._at + length
        if length < 0 or end > len(self._data):
            raise ValueError("cut off")
        piece = self._data[self._at : end]
        self._at = end
        return piece

    def padded(self, length: int) -> bytes:
        """Return a piece behind which nothing stands up to a multiple of four."""
        piece = self.take(length)
        self._at = min(len(self._data), self._at + -length % 4)
        return piece

    def number(self, width: int = 4) -> int:
        return int.from_bytes(self.take(width), "little")


def _properties(content: bytes, page: str) -> Properties:
    found: Properties = {}
    with suppress(ValueError):  # what was read before the damage stays
        _take_row(_Bytes(content), page, found)
    return found


def _rows(content: bytes, page: str) -> list[Properties]:
    """Return the rows of a table of recipients that can be read."""
    rows: list[Properties] = []
    source = _Bytes(content)
    with suppress(ValueError):
        for _ in range(min(source.number(), RECIPIENTS_LIMIT)):
            row: Properties = {}
            _take_row(source, page, row)
            rows.append(row)
    return rows


def _take_row(source: _Bytes, page: str, found: Properties) -> None:
    for _ in range(min(source.number(), PROPERTIES_LIMIT)):
        kind, number = source.number(2), source.number(2)
        name = _name(source) if number >= 0x8000 else number
        values = _values(source, kind, page)
        if values:
            found.setdefault(name, values[0])


def _name(source: _Bytes) -> Name:
    space = source.take(16).hex()
    if source.number() == 0:
        return space, source.number()
    return space, source.padded(source.number()).decode("utf-16-le", "replace").rstrip("\0")


def _values(source: _Bytes, kind: int, page: str) -> list[Value]:
    several, kind = bool(kind & _SEVERAL), kind & ~_SEVERAL
    width = _WIDTHS.get(kind)
    if width is not None:
        count = source.number() if several else 1
        return [_fixed(source.padded(width), kind) for _ in range(_sensible(count))]
    if kind not in (_TEXT, _WIDE_TEXT, _BYTES, _OBJECT):
        raise ValueError("unknown type")
    return [
        _varying(source.padded(source.number()), kind, page)
        for _ in range(_sensible(source.number()))
    ]


def _sensible(count: int) -> int:
    if count > VALUES_LIMIT:
        raise ValueError("too many values")
    return count


def _fixed(piece: bytes, kind: int) -> Value:
    return piece if kind == 0x0048 else int.from_bytes(piece, "little", signed=kind != 0x0040)


def _varying(piece: bytes, kind: int, page: str) -> Value:
    if kind == _TEXT:
        return _read_text(piece, page)
    if kind == _WIDE_TEXT:
        return piece.decode("utf-16-le", "replace").split("\0", 1)[0].strip()
    return piece
