"""Which contents of documents a SQLite file of ours names: a backup, a copy, the data itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def contents_named(path: Path) -> set[str]:
    """Return the SHA-256 of every document in a database file; nothing is written.

    Raises:
        sqlite3.Error: it cannot be read.
    """
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        known = connection.execute(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'document'"
        ).fetchone()
        if known is None:
            return set()
        return {str(row[0]) for row in connection.execute("SELECT DISTINCT sha256 FROM document")}
