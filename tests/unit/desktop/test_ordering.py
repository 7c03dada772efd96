"""Names stand in the order of the reader's language."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt

from projectdesk.desktop.language import speaking
from projectdesk.desktop.models.column_filters import values_of
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.models.ordering import in_order, people
from projectdesk.desktop.models.rows_model import RowsModel
from projectdesk.desktop.models.sorted_rows import SortedRows

NAMES = ["Zagreb", "Åse", "Łuk", "Lzz", "Ärger", "anna", "Øre", "WP10", "WP2"]
IN_ENGLISH = ["anna", "Ärger", "Åse", "Łuk", "Lzz", "Øre", "WP2", "WP10", "Zagreb"]
IN_DANISH = ["anna", "Łuk", "Lzz", "WP2", "WP10", "Zagreb", "Ärger", "Øre", "Åse"]
IN_POLISH = ["anna", "Ärger", "Åse", "Lzz", "Łuk", "Øre", "WP2", "WP10", "Zagreb"]


@pytest.mark.parametrize(
    ("tag", "wanted"), [("en", IN_ENGLISH), ("da", IN_DANISH), ("pl", IN_POLISH)]
)
def test_every_list_is_in_the_order_of_the_language(qapp, tag, wanted):
    column = Column("Name", lambda row: row.name)
    rows = [SimpleNamespace(name=name) for name in NAMES]
    with speaking(qapp, tag):
        assert in_order(NAMES, str) == wanted
        assert values_of(column, rows) == wanted
        source = RowsModel([column], lambda row: row.name)
        source.set_rows(rows)
        table = SortedRows(source)
        table.sort(0)
        assert [row.name for row in table.shown()] == wanted
        table.sort(0, Qt.SortOrder.DescendingOrder)
        assert [row.name for row in table.shown()] == wanted[::-1]


def test_people_stand_by_family_name_then_by_given_name(qapp):
    rows = [
        SimpleNamespace(family_name=family, given_name=given)
        for family, given in (("de Boer", "Zoë"), ("Ärger", "Ute"), ("de Boer", "Ann"), ("Zu", "A"))
    ]
    assert [row.given_name for row in people(rows)] == ["Ute", "Ann", "Zoë", "A"]


def test_order_follows_when_another_language_is_spoken(qapp):
    with speaking(qapp, "da"):
        assert in_order(["Åse", "Zagreb"], str) == ["Zagreb", "Åse"]
    assert in_order(["Åse", "Zagreb"], str) == ["Åse", "Zagreb"]
