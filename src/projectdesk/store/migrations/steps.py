"""Steps that migrations from 0004 on are written in: columns, references, tables of records.

Migrations that landed are made of these, so what a function does is fixed; new ones may come.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

INSTANT = sa.DateTime(timezone=True)
MONEY = sa.Numeric().with_variant(sa.String(), "sqlite")


def column(name: str, kind: sa.types.TypeEngine[Any], *, nullable: bool = False) -> Any:
    """Return a column; full unless told."""
    return sa.Column(name, kind, nullable=nullable)


def _reference(table: str, name: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [name],
        [f"{target}.id"],
        name=f"fk_{table}_{name}",
        deferrable=True,
        initially="DEFERRED",
    )


def record(
    table: str,
    references: dict[str, tuple[str, bool]],
    *columns: Any,
    unique: tuple[tuple[str, ...], ...] = (),
) -> None:
    """Make a table of records. references: column -> table it names, whether it may be empty."""
    op.create_table(
        table,
        column("id", sa.Uuid()),
        column("version", sa.Integer()),
        *(column(name, sa.Uuid(), nullable=empty) for name, (_, empty) in references.items()),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        *(_reference(table, name, target) for name, (target, _) in references.items()),
        *(sa.UniqueConstraint(*each, name=f"uq_{table}_{'_'.join(each)}") for each in unique),
    )
    for name in references:
        op.create_index(f"ix_{table}_{name}", table, [name])


def more(table: str, references: dict[str, str], *columns: Any) -> None:
    """Give a table more columns, and references that may be empty."""
    with op.batch_alter_table(table) as batch:
        for each in columns:
            batch.add_column(each)
        for name, target in references.items():
            batch.add_column(column(name, sa.Uuid(), nullable=True))
            batch.create_foreign_key(
                f"fk_{table}_{name}",
                target,
                [name],
                ["id"],
                deferrable=True,
                initially="DEFERRED",
            )
    for name in references:
        op.create_index(f"ix_{table}_{name}", table, [name])


def words(name: str, kind: sa.types.TypeEngine[Any]) -> Any:
    """Return a column of text that is empty in the rows of before."""
    return given(name, kind, "")


def given(name: str, kind: sa.types.TypeEngine[Any], default: str) -> Any:
    """Return a column that holds `default` (SQL) in the rows of before."""
    return sa.Column(name, kind, nullable=False, server_default=default)


def settle_defaults(table: str, *names: str) -> None:
    """Take the defaults away that only filled the rows of before."""
    with op.batch_alter_table(table) as batch:
        for name in names:
            batch.alter_column(name, server_default=None)
