"""The columns of a work plan's tables hold what is in them, in every language."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtGui import QFont, QFontMetrics

from projectdesk.desktop import language
from projectdesk.desktop.language import languages, say
from projectdesk.desktop.models import plan_words
from projectdesk.desktop.models.months import MonthUnit
from projectdesk.desktop.pages.project.plan_tables import deliverable_columns, work_package_columns
from projectdesk.desktop.theme import theme
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.domain.rules.deliverables import Awaited, Step
from tests.unit.desktop.conftest import TODAY


@pytest.fixture(params=languages())
def spoken(request, qapp):
    before = QLocale()
    translators = language.install(qapp, request.param)
    yield request.param
    for translator in translators:
        QCoreApplication.removeTranslator(translator)
    QLocale.setDefault(before)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_badges_and_titles_fit_their_columns(dressed, spoken, qapp):
    font = QFont(qapp.font())
    font.setPointSizeF(theme().points("caption"))
    font.setWeight(QFont.Weight.Medium)
    width = QFontMetrics(font).horizontalAdvance
    choices = SimpleNamespace(unit=MonthUnit(), partners=list, people=list, work_packages=list)
    columns = deliverable_columns(choices, lambda: TODAY)
    late = next(column for column in columns if column.title == say("Late|days"))
    for step in Step:
        words = plan_words.late_chip(Awaited(step, TODAY, 147))
        assert width(words) <= late.width - 2 * SPACE_M - 2 * SPACE_S, words
    counts = [column for column in work_package_columns(choices) if column.right]
    assert len(counts) == 2
    for column in counts:
        assert width(column.title) <= column.width - 2 * SPACE_M, column.title


def test_a_title_that_is_too_long_loses_its_end(qtbot, dressed):
    choices = SimpleNamespace(unit=MonthUnit(), partners=list, people=list, work_packages=list)
    table = DataTable(
        work_package_columns(choices), lambda row: row.id, EmptyState("package", "", "", "")
    )
    qtbot.addWidget(table)
    header = table.horizontalHeader()
    assert header.textElideMode() is Qt.TextElideMode.ElideRight
    number = next(n for n, column in enumerate(table.columns) if column.right)
    tip = table.model().headerData(number, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert tip == table.columns[number].title
