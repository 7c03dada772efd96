from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import StatementError

from projectdesk.domain.consortium import PartnerRole
from projectdesk.store import engine as engines
from projectdesk.store.mapping import TABLES
from projectdesk.store.record import from_json, to_json
from projectdesk.store.types import (
    FixedList,
    LocalDateTime,
    Money,
    Spelling,
    TextList,
    UtcInstant,
    Uuid,
    UuidList,
)

_METADATA = MetaData()
_TABLE = Table(
    "sample",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("instant", UtcInstant),
    Column("local", LocalDateTime),
    Column("money", Money),
    Column("role", Spelling(PartnerRole)),
    Column("texts", TextList),
    Column("ids", UuidList),
    Column("other_id", Uuid),
)

VALUES = {
    "instant": st.datetimes(
        min_value=datetime.fromisoformat("1900-01-02"),
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
    ),
    "local": st.datetimes(min_value=datetime.fromisoformat("1900-01-02")),
    "money": st.decimals(allow_nan=False, allow_infinity=False, places=2, max_value=10**13),
    "role": st.sampled_from(PartnerRole),
    "texts": st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]))),
    "ids": st.lists(st.uuids()),
    "other_id": st.uuids(),
}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.full)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    if request.param == "sqlite":
        opened = engines.open_sqlite(tmp_path / "types.sqlite")
    else:
        make: Callable[[], str] = request.getfixturevalue("postgres_database")
        opened = engines.open_url(make())
    _METADATA.create_all(opened)
    yield opened
    opened.dispose()


def _round_trip(engine: Engine, values: dict[str, Any]) -> dict[str, Any]:
    with engine.connect() as connection:
        connection.execute(insert(_TABLE).values(values))
        row = connection.execute(select(_TABLE)).mappings().one()
        connection.rollback()
    return dict(row)


def test_every_value_comes_back_exactly(engine: Engine) -> None:
    @given(st.fixed_dictionaries({name: st.none() | kind for name, kind in VALUES.items()}))
    def check(values: dict[str, Any]) -> None:
        back = _round_trip(engine, values)
        for name, value in values.items():
            expected = [] if value is None and name in {"texts", "ids"} else value
            assert back[name] == expected
        if values["instant"] is not None:
            assert back["instant"].tzinfo is UTC
        if values["money"] is not None:
            assert isinstance(back["money"], Decimal)

    check()


def test_money_keeps_what_a_float_would_lose(engine: Engine) -> None:
    for amount in ("0.10", "4503599627370497.25", "1E+3", "0.0001"):
        assert _round_trip(engine, {"money": Decimal(amount)})["money"] == Decimal(amount)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("instant", datetime.fromisoformat("2026-01-01T10:00")),
        ("local", datetime(2026, 1, 1, tzinfo=UTC)),
        ("money", 0.1),
        ("money", Decimal("NaN")),
        ("role", "captain"),
    ],
)
def test_what_a_column_cannot_mean_is_refused(engine: Engine, name: str, value: object) -> None:
    with pytest.raises(StatementError):
        _round_trip(engine, {name: value})


def test_instants_are_ordered_whatever_their_zone(engine: Engine) -> None:
    east = datetime(2026, 1, 1, 10, tzinfo=timezone(timedelta(hours=9)))
    west = datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=-8)))
    with engine.connect() as connection:
        for instant in (west, east):
            connection.execute(insert(_TABLE).values(instant=instant))
        ordered = connection.scalars(select(_TABLE.c.instant).order_by(_TABLE.c.instant)).all()
        connection.rollback()
    assert ordered == [east, west]


def test_a_loaded_list_refuses_every_change() -> None:
    loaded = FixedList(["b", "a"])
    for change in (
        lambda: loaded.append("c"),
        lambda: loaded.extend(["c"]),
        lambda: loaded.insert(0, "c"),
        lambda: loaded.remove("a"),
        lambda: loaded.pop(),
        lambda: loaded.clear(),
        lambda: loaded.sort(),
        lambda: loaded.reverse(),
        lambda: loaded.__setitem__(0, "c"),
        lambda: loaded.__delitem__(0),
    ):
        with pytest.raises(TypeError):
            change()
    assert loaded == ["b", "a"]


@given(st.data())
def test_history_json_is_exact_for_every_type(data: st.DataObject) -> None:
    for name, kind in VALUES.items():
        value = data.draw(kind)
        assert from_json(_TABLE.c[name].type, to_json(value)) == value


def test_every_field_of_an_entity_has_a_column_and_none_more() -> None:
    from dataclasses import fields

    for entity, table in TABLES.items():
        assert [field.name for field in fields(entity)] == [column.name for column in table.columns]


def test_json_of_a_record_holds_only_json() -> None:
    assert type(to_json(PartnerRole.COORDINATOR)) is str
    assert to_json(UUID(int=5)) == "00000000-0000-0000-0000-000000000005"
    with pytest.raises(TypeError):
        to_json(object())


def test_an_id_that_comes_again_is_not_made_anew(tmp_path: Path) -> None:
    opened = engines.open_sqlite(tmp_path / "types.sqlite")
    _METADATA.create_all(opened)
    other = UUID("0198f3d2-7c1e-7a55-9d1c-000000000001")
    with opened.begin() as connection:
        connection.execute(insert(_TABLE), [{"id": n, "other_id": other} for n in (1, 2)])
    with opened.connect() as connection:
        first, second = connection.scalars(select(_TABLE.c.other_id))
    opened.dispose()
    assert first == other
    assert first is second
