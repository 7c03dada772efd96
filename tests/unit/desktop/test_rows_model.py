"""The table model: one mutator, the smallest truth told to views."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from projectdesk.desktop.models.fields import Column, Field, Target
from projectdesk.desktop.models.rows_model import RowsModel
from projectdesk.desktop.models.sorted_rows import SortedRows, fold
from projectdesk.services.rows import Kind


@dataclass(frozen=True)
class Thing:
    id: int
    name: str
    size: int | None = None


COLUMNS = [
    Column[Thing]("Name", lambda r: r.name, field=Field("name", "Name", lambda r: r.name)),
    Column[Thing]("Size", lambda r: str(r.size or ""), sort=lambda r: r.size, right=True),
]

things = st.lists(
    st.builds(Thing, st.integers(0, 12), st.sampled_from(["a", "b", "ä", "C"]), st.none()),
    unique_by=lambda thing: thing.id,
    max_size=12,
)


def made(edit=None) -> RowsModel[Thing]:
    return RowsModel(COLUMNS, lambda r: r.id, edit)


@pytest.fixture(autouse=True)
def _application(qapp):
    """Models need a running application for their testers."""


@pytest.mark.full
@given(st.lists(things, min_size=1, max_size=5))
def test_whatever_rows_are_set_they_are_shown_and_every_signal_is_right(history):
    model = made()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    proxy = SortedRows(model)
    proxy_tester = QAbstractItemModelTester(
        proxy, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    proxy.sort(0)
    for rows in history:
        model.set_rows(rows)
        assert model.rows == tuple(rows)
        assert [model.index(n, 0).data() for n in range(model.rowCount())] == [
            row.name for row in rows
        ]
        assert sorted(fold(r.name) for r in rows) == [fold(r.name) for r in proxy.shown()]
    del proxy_tester, tester


@given(things, things)
def test_what_points_at_a_row_follows_it(before, after):
    model = made()
    model.set_rows(before)
    kept = {row.id: QPersistentModelIndex(model.index(n, 0)) for n, row in enumerate(before)}
    model.set_rows(after)
    there = {row.id for row in after}
    for key, index in kept.items():
        assert index.isValid() == (key in there)
        if index.isValid():
            assert model.row(index.row()).id == key


def test_the_same_rows_again_say_nothing(qtbot):
    model = made()
    model.set_rows([Thing(1, "a"), Thing(2, "b")])
    with (
        qtbot.assertNotEmitted(model.dataChanged),
        qtbot.assertNotEmitted(model.layoutChanged),
        qtbot.assertNotEmitted(model.rowsInserted),
    ):
        model.set_rows([Thing(1, "a"), Thing(2, "b")])


def test_a_changed_row_is_told_alone(qtbot):
    model = made()
    model.set_rows([Thing(1, "a"), Thing(2, "b")])
    with qtbot.waitSignal(model.dataChanged) as told:
        model.set_rows([Thing(1, "a"), Thing(2, "B")])
    assert (told.args[0].row(), told.args[1].row()) == (1, 1)


def test_two_rows_with_one_identity_are_a_bug():
    with pytest.raises(ValueError, match="same key"):
        made().set_rows([Thing(1, "a"), Thing(1, "b")])


def test_typing_into_a_cell_asks_and_does_not_change_the_row():
    asked = []
    model = made(lambda row, column, value: asked.append((row.id, column.field.name, value)))
    model.set_rows([Thing(1, "a")])
    assert model.setData(model.index(0, 0), "new")
    assert asked == [(1, "name", "new")]
    assert model.row(0).name == "a"
    assert not model.setData(model.index(0, 0), "a"), "the same value is no edit"
    assert not model.setData(model.index(0, 1), "3"), "this column has no field"


def test_a_cell_can_be_edited_when_its_field_has_a_target():
    nobody = Field[Thing]("name", "Name", lambda r: r.name, target=lambda r: None)
    somebody = Field[Thing](
        "name", "Name", lambda r: r.name, target=lambda r: Target(Kind.PERSON, UUID(int=r.id), 1)
    )
    for field, editable in ((nobody, False), (somebody, True)):
        model = RowsModel(
            [Column("Name", lambda r: r.name, field=field)], lambda r: r.id, lambda *_: None
        )
        model.set_rows([Thing(1, "a")])
        assert bool(model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsEditable) is editable


def test_selection_survives_a_reload():
    model = made()
    model.set_rows([Thing(n, str(n)) for n in range(5)])
    selection = QItemSelectionModel(model)
    selection.select(
        model.index(3, 0),
        QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows,
    )
    model.set_rows([Thing(9, "9"), Thing(4, "4"), Thing(3, "three"), Thing(0, "0")])
    assert [model.row(i.row()).id for i in selection.selectedRows()] == [3]


def test_empty_values_come_last_in_both_orders():
    model = made()
    model.set_rows([Thing(1, "a", None), Thing(2, "b", 5), Thing(3, "c", 2)])
    proxy = SortedRows(model)
    proxy.sort(1, Qt.SortOrder.AscendingOrder)
    assert [row.id for row in proxy.shown()] == [3, 2, 1]
    proxy.sort(1, Qt.SortOrder.DescendingOrder)
    assert [row.id for row in proxy.shown()] == [2, 3, 1]


def test_a_filter_wants_every_word_and_minds_no_accents():
    model = made()
    model.set_rows([Thing(1, "Universität Köln", 7), Thing(2, "Universidad", 8)])
    proxy = SortedRows(model)
    proxy.set_filter("univ KOLN")
    assert [row.id for row in proxy.shown()] == [1]
    proxy.set_filter("univ")
    assert len(proxy.shown()) == 2
    proxy.set_filter("univ 8")
    assert [row.id for row in proxy.shown()] == [2]
