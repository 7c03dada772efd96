"""The format of a file that a command writes: what is asked for, and what the file's name says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from projectdesk.errors import DomainError

_SUFFIXES: Final = {
    "csv": {"csv", "tsv", "txt"},
    "docx": {"docx"},
    "gan": {"gan"},
    "html": {"html", "htm"},
    "ics": {"ics"},
    "json": {"json"},
    "md": {"md", "markdown", "txt"},
    "mspdi": {"xml"},
    "pdf": {"pdf"},
    "png": {"png"},
    "svg": {"svg"},
    "vcf": {"vcf"},
    "xlsx": {"xlsx"},
}
"""What files of a format may be called; other endings than these say nothing of a format."""
_KNOWN: Final = frozenset().union(*_SUFFIXES.values())


def check_name(out: Path, form: str | None) -> None:
    """Refuse to write a format under the name of another one: no workbook called .csv.

    Args:
        out: the file to write.
        form: what is asked for; None or "" = the file's name says it.

    Raises:
        DomainError: `format_contradicts_name`.
    """
    named = out.suffix.removeprefix(".").lower()
    may_be = _SUFFIXES.get((form or "").lower())
    if may_be is not None and named in _KNOWN and named not in may_be:
        raise DomainError(
            "format_contradicts_name",
            "{file} is the name of another format than {format}: name it .{expected}, or leave "
            "--format out.",
            file=out.name,
            format=form,
            expected=" or .".join(sorted(may_be)),
        )
