"""All rows of one database put into another, exactly: SQLite to PostgreSQL and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Integer, Select, Table, func, insert, select, text

from projectdesk.errors import DomainError
from projectdesk.store import mapping, schema
from projectdesk.store.schema import metadata

CHUNK: Final = 500
Progress = Callable[[int, int], object]
Cancelled = Callable[[], bool]
RECORDS: Final = tuple(mapping.TABLES.values())
"""Tables of records: a database without a row in any of them holds nobody's data."""


def is_empty(connection: Connection) -> bool:
    """Return whether a database holds no record."""
    return all(connection.execute(select(table.c.id).limit(1)).first() is None for table in RECORDS)


def lock_against_writers(connection: Connection) -> None:
    """Keep others from writing until this transaction ends (PostgreSQL; SQLite does by itself)."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
        connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


def copy_tables(
    source: Connection,
    target: Connection,
    progress: Progress,
    cancelled: Cancelled,
    *,
    without: Sequence[Table] = (),
    settings_without: str = "",
) -> dict[str, int]:
    """Copy every table, in the order of their references; the caller commits.

    Args:
        source: of a transaction that sees one state.
        target: of a transaction; its tables are empty.
        progress: called with rows done and rows in all.
        cancelled: asked between chunks.
        without: tables that are left out.
        settings_without: key of the setting that is not copied, "" = none.

    Returns:
        How many rows each table has now.

    Raises:
        DomainError: `copy_cancelled`, `copy_differs`; roll back then.
    """
    tables = [table for table in metadata.sorted_tables if table not in without]
    counts = {
        table.name: int(source.scalar(_counted(table, settings_without)) or 0) for table in tables
    }
    total, done = sum(counts.values()), 0
    progress(0, total)
    for table in tables:
        rows = source.execution_options(stream_results=True, yield_per=CHUNK).execute(
            _rows(table, settings_without)
        )
        for chunk in rows.mappings().partitions(CHUNK):
            if cancelled():
                raise DomainError("copy_cancelled", "The copy was stopped: nothing was copied.")
            target.execute(insert(table), [dict(row) for row in chunk])
            done += len(chunk)
            progress(done, total)
        _set_sequence(target, table)
    for table in tables:
        found = target.scalar(_counted(table, settings_without))
        if found != counts[table.name]:
            raise DomainError(
                "copy_differs",
                "The copy has {found} rows of {table} instead of {expected}: it was taken back.",
                found=int(found or 0),
                table=table.name,
                expected=counts[table.name],
            )
    return counts


def _rows(table: Table, settings_without: str) -> Select[Any]:
    query = select(table).order_by(*table.primary_key.columns)
    if table is schema.setting and settings_without:
        return query.where(schema.setting.c.key != settings_without)
    return query


def _counted(table: Table, settings_without: str) -> Select[Any]:
    query = select(func.count()).select_from(table)
    if table is schema.setting and settings_without:
        return query.where(schema.setting.c.key != settings_without)
    return query


def _set_sequence(target: Connection, table: Table) -> None:
    """Let PostgreSQL's own numbers go on after the ones that were copied."""
    [*keys] = table.primary_key.columns
    if target.dialect.name != "postgresql" or len(keys) != 1:
        return
    key = keys[0]
    if isinstance(key.type, Integer):
        target.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', '{key.name}'), "  # noqa: S608
                f"coalesce(max({key.name}), 0) + 1, false) FROM {table.name}"
            )
        )
