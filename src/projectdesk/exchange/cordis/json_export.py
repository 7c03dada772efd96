"""The JSON exports: the same columns as the CSV ones, a list of objects or a single one.

May import: errors, exchange.
"""

from __future__ import annotations

import json
from typing import Any

from projectdesk.errors import BadRow, UnreadableFile

JSON_BYTES_LIMIT = 256 << 20


def read_objects(content: bytes, name: str) -> list[dict[str, str]]:
    """Return the objects of a file, every value as the text that a CSV cell would have.

    Raises:
        UnreadableFile: no JSON, or neither an object nor a list of objects.
        BadRow: a value is an object itself.
    """
    try:
        found: Any = json.loads(content.decode("utf-8-sig"), parse_float=str, parse_int=str)
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            "broken_json",
            "{file}, line {row}: not well-formed JSON. Is the file cut off?",
            file=name,
            row=error.lineno,
            column=str(error.colno),
        ) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise UnreadableFile("broken_json", "{file} is not readable as JSON.", file=name) from error
    objects = found if isinstance(found, list) else [found]
    if not objects or not all(isinstance(item, dict) for item in objects):
        raise UnreadableFile(
            "not_cordis_json",
            "{file} holds no CORDIS projects.",
            file=name,
            expected="a list of objects",
        )
    return [
        {key: _cell(value, key, index, name) for key, value in item.items()}
        for index, item in enumerate(objects, start=1)
    ]


def _cell(value: Any, column: str, index: int, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ";".join(value)
    raise BadRow(
        "unexpected_value",
        "{file}, object {row}: {column} holds a structure, not a text.",
        file=name,
        row=index,
        column=column,
        expected="a text or number",
    )
