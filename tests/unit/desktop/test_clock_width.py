"""Columns of times hold the widest time of the locale."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QFontMetricsF, QGuiApplication

from projectdesk.desktop.language import languages, speaking
from projectdesk.desktop.models import formats
from projectdesk.desktop.pages.meeting.attendance_tables import stretch_columns
from projectdesk.desktop.theme.tokens import SPACE_M
from projectdesk.desktop.widgets.clock_width import with_clock


@pytest.mark.parametrize("tag", languages())
def test_a_column_holds_every_time_of_a_day(dressed, qapp, tag):
    with speaking(qapp, tag):
        measure = QFontMetricsF(QGuiApplication.font()).horizontalAdvance
        start, end = stretch_columns(lambda: "UTC")[:2]
        for hour in range(24):
            words = formats.clock(datetime(2026, 3, 2, hour, 58, tzinfo=UTC))
            for column in (start, end):
                assert measure(words) <= column.width - 2 * SPACE_M, words


def test_a_time_of_twelve_hours_takes_more_room(dressed, qapp):
    before = QLocale()
    try:
        QLocale.setDefault(QLocale("de_DE"))
        assert with_clock(80) == 80
        QLocale.setDefault(QLocale("en_US"))
        assert with_clock(80, 2) - 80 == 2 * (with_clock(80) - 80) > 20
    finally:
        QLocale.setDefault(before)
