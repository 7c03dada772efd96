"""What every table shares: naming, identity, references."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Text

from projectdesk.store.types import Uuid

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def identity() -> tuple[Column[Any], Column[Any]]:
    """Return the columns every record begins with: its id and the count of its saved edits."""
    return (
        Column("id", Uuid, primary_key=True),
        Column("version", Integer, nullable=False, default=1),
    )


CARRIED = "carried"


def reference(
    name: str, table: str, *, nullable: bool = False, carried: bool = False
) -> Column[Any]:
    """Return a column that names a row of `table`; checked at commit, indexed.

    Args:
        name: of the column.
        table: whose row.
        nullable: may be empty; then deleting that row loosens this one.
        carried: empty or not, this row goes with that one (one of several possible owners).
    """
    target = ForeignKey(f"{table}.id", deferrable=True, initially="DEFERRED")
    owned = carried or not nullable
    return Column(name, Uuid, target, nullable=nullable, index=True, info={CARRIED: owned})


def line(name: str) -> Column[Any]:
    """Return a column of one line of text; "" = not known."""
    return Column(name, String, nullable=False, default="")


def prose(name: str) -> Column[Any]:
    """Return a column of long text; "" = none."""
    return Column(name, Text, nullable=False, default="")


def count(name: str, default: int = 0) -> Column[Any]:
    """Return a column of a whole number that is always known."""
    return Column(name, Integer, nullable=False, default=default)
