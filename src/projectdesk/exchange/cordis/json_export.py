"""The JSON exports: the same columns as the CSV ones, a list of objects or a single one.

Objects are decoded one at a time: a file of 200 MB would be 2 GB of objects. Other people's files
have one object a line, organisations inside their project, and structures that nobody asks for.

May import: errors, exchange.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from projectdesk.errors import BadRow, UnreadableFile
from projectdesk.exchange.cordis.columns import ORGANISATION_COLUMNS, PROJECT_COLUMNS
from projectdesk.exchange.tables import normalised

_CHUNK = 1 << 20
_OBJECT_CHARACTERS_LIMIT = 16 << 20
"""More in one object is no project: what is broken is not looked at further than this."""

_SPACE = re.compile(r"[ \t\r\n]*")


_WANTED = frozenset(
    header for column in (*PROJECT_COLUMNS, *ORGANISATION_COLUMNS) for header in column.headers()
)
_PARTS = frozenset(
    {"organizations", "organisations", "organization", "organisation", "participants", "partners"}
)
"""What holds the organisations of a project, as objects."""
_NAME = frozenset(
    header
    for column in ORGANISATION_COLUMNS
    if column.name == "name"
    for header in column.headers()
)


def read_objects(stream: BinaryIO, name: str) -> Iterator[dict[str, str]]:
    """Yield the objects of a file, every value as the text that a CSV cell would have.

    Args:
        stream: the bytes of the whole file.
        name: of the file, for errors.

    Raises:
        UnreadableFile: no JSON, or no objects.
        BadRow: a value that is wanted is an object itself, or organisations are not a list.
    """
    for item, _ in read_items(stream, name):
        yield item


def read_items(
    stream: BinaryIO, name: str
) -> Iterator[tuple[dict[str, str], list[dict[str, str]]]]:
    """Yield (object, the organisations that lie in it) of a file.

    Args:
        stream: the bytes of the whole file.
        name: of the file, for errors.

    Raises:
        UnreadableFile, BadRow: see `read_objects`.
    """
    index = 0
    try:
        for index, item in enumerate(_Values(stream, name), start=1):
            if not isinstance(item, dict):
                raise _no_objects(name)
            inside = {key: _parts(value, key, index, name) for key, value in item.items()}
            parts = [part for found in inside.values() for part in found]
            yield (
                {key: _cell(item[key], key, index, name) for key in item if not inside[key]},
                [{key: _cell(part[key], key, index, name) for key in part} for part in parts],
            )
    except (UnicodeDecodeError, RecursionError) as error:
        raise UnreadableFile("broken_json", "{file} is not readable as JSON.", file=name) from error
    if not index:
        raise _no_objects(name)


def _no_objects(name: str) -> UnreadableFile:
    return UnreadableFile(
        "not_cordis_json",
        "{file} holds no CORDIS projects.",
        file=name,
        expected="a list of objects",
    )


class _Values:
    """The values of a list, or one value alone, decoded as they are reached."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self._characters = codecs.getincrementaldecoder("utf-8-sig")()
        self._name = name
        self._decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
        self._buffer = ""
        self._at = 0
        self._lines = 0

    def __iter__(self) -> Iterator[Any]:
        if self._sign() == "{":
            yield self._value()
            while self._sign() == "{":  # one object a line
                yield self._value()
        elif self._sign() != "[":
            yield self._value()
        else:
            self._at += 1
            more = self._sign() != "]"
            while more:
                yield self._value()
                more = self._sign() == ","
                self._at += more
            if self._sign() != "]":
                raise self._broken(self._at)
            self._at += 1
        if self._sign():
            raise self._broken(self._at)

    def _sign(self) -> str:
        """Return the next character that is no space, which stays; "" at the end."""
        while True:
            space = _SPACE.match(self._buffer, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._read_on():
                return ""

    def _value(self) -> Any:
        self._sign()
        while True:
            try:
                value, self._at = self._decoder.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                # It may only be cut by the end of what was read so far.
                if len(self._buffer) > _OBJECT_CHARACTERS_LIMIT or not self._read_on():
                    raise self._broken(error.pos) from error
            else:
                return value

    def _read_on(self) -> bool:
        """Read as much again as is left, so that a long value is tried few times; False at end."""
        self._lines += self._buffer.count("\n", 0, self._at)
        left = self._buffer[self._at :]
        chunk = self._stream.read(max(_CHUNK, len(left)))
        self._buffer, self._at = left + self._characters.decode(chunk, final=not chunk), 0
        return bool(chunk)

    def _broken(self, at: int) -> UnreadableFile:
        line_start = self._buffer.rfind("\n", 0, at)
        return UnreadableFile(
            "broken_json",
            "{file}, line {row}: not well-formed JSON. Is the file cut off?",
            file=self._name,
            row=1 + self._lines + self._buffer.count("\n", 0, at),
            column=str(at - line_start),
        )


def _parts(value: Any, key: str, index: int, name: str) -> list[dict[str, Any]]:
    """Return the organisations that a value of a project lists as objects.

    Raises:
        BadRow: a structure that should list them, and does not.
    """
    if not value or not isinstance(value, dict | list) or normalised(key) not in _PARTS:
        return []
    found = _unwrapped(value)
    if not found and not _is_list_of_texts(value):
        raise _no_text(key, index, name)
    return found


def _unwrapped(value: Any) -> list[dict[str, Any]]:
    """Return the organisations of a list, of one alone, or of what holds either; else none."""
    if isinstance(value, list):
        return value if all(isinstance(each, dict) for each in value) else []
    if _NAME & {normalised(key) for key in value}:
        return [value]
    held = [each for each in value.values() if isinstance(each, dict | list)]
    return _unwrapped(held[0]) if len(held) == 1 else []


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _cell(value: Any, column: str, index: int, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if _is_list_of_texts(value):
        return ";".join(value)
    if normalised(column) not in _WANTED:
        return ""
    raise _no_text(column, index, name)


def _no_text(column: str, index: int, name: str) -> BadRow:
    return BadRow(
        "unexpected_value",
        "{file}, object {row}: {column} holds a structure, not a text.",
        file=name,
        row=index,
        column=column,
        expected="a text or number",
    )
