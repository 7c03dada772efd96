"""How commands print: rows as JSON or as a table, errors with their code."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence

from projectdesk.errors import ProjectDeskError
from projectdesk.plain import plain


def print_json(value: object) -> None:
    """Print one JSON document."""
    print(json.dumps(plain(value), ensure_ascii=False, indent=2))


def print_found(rows: Sequence[Sequence[object]], headers: Sequence[str]) -> None:
    """Print what a search found as a table, or that there is nothing."""
    if rows:
        print_table(rows, headers)
    else:
        print("Nothing found.")


def print_table(rows: Iterable[Sequence[object]], headers: Sequence[str]) -> None:
    """Print rows in aligned columns; a cell is at most 60 characters."""
    shown = [[_cell(value) for value in row] for row in rows]
    widths = [
        max([len(header), *(len(row[column]) for row in shown)])
        for column, header in enumerate(headers)
    ]
    for line in ([*headers], *shown):
        print(
            "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        )


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = " ".join(str(plain(value)).split())
    return text if len(text) <= 60 else text[:59] + "…"


def print_error(error: ProjectDeskError, *, as_json: bool) -> None:
    """Print a refusal to standard error: code, text, facts.

    A text may quote a file from outside: what a terminal would obey is shown, not sent.
    """
    if as_json:
        document = {"error": {"code": error.code, "text": error.text, "facts": dict(error.facts)}}
        print(json.dumps(plain(document), ensure_ascii=False), file=sys.stderr)
    else:
        text = " ".join([error.text, *_way_back(error)])
        print(f"projectdesk: {_visible(text)} [{error.code}]", file=sys.stderr)


def _way_back(error: ProjectDeskError) -> list[str]:
    """Return what to run or to add to the command, where that would help."""
    if error.code == "before_start":
        return ["Add --own-start to count from the file's own start."]
    newest, folder = error.facts.get("newest_backup"), error.facts.get("folder")
    if not newest:
        return []
    return [f'Run: projectdesk restore "{newest}" --data "{folder}"']


def _visible(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
