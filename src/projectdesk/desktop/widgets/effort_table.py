"""The effort matrix on the screen: names and sums of partners stay at the left, sums below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models.effort_table import EffortRow
from projectdesk.desktop.models.fields import Column, RowHeading
from projectdesk.desktop.theme import theme, tokens
from projectdesk.desktop.theme.tokens import ROW_HEIGHT, SPACE_L, SPACE_M
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.elision import shortened
from projectdesk.desktop.widgets.empty_state import EmptyState

_NAME_WIDTH = 260
_SUM_WIDTH = 84
_NUMBER_WIDTH = 34


class PartnerHeader(QHeaderView):
    """The frozen left side: number, name and sum of each partner."""

    def __init__(self, table: EffortTable) -> None:
        super().__init__(Qt.Orientation.Vertical, table)
        self._table = table
        self.setFixedWidth(_NAME_WIDTH)
        self.setSectionsClickable(True)
        self.setDefaultSectionSize(ROW_HEIGHT)
        self.setMinimumSectionSize(ROW_HEIGHT)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setAccessibleName(say("Partners"))

    def sectionSizeFromContents(self, section: int) -> QSize:
        return QSize(_NAME_WIDTH, ROW_HEIGHT)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        rows = self._table.rows
        if not 0 <= section < len(rows):
            return
        row, colours = rows[section], tokens()
        painter.save()
        painter.fillRect(rect, QColor(colours.surface))
        if section == self._table.currentIndex().row():
            painter.fillRect(rect, QColor(colours.hover))
        painter.setPen(QColor(colours.line))
        if section:  # where the cells' line below the row above is
            painter.drawLine(rect.topLeft(), rect.topRight())
        if section == len(rows) - 1:
            painter.drawLine(rect.left(), rect.bottom() + 1, rect.right(), rect.bottom() + 1)
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.setFont(self.font())
        inner = rect.adjusted(SPACE_M, 0, -SPACE_M, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(colours.muted))
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | middle, row.label)
        painter.setPen(QColor(colours.text))
        indent = _NUMBER_WIDTH + (SPACE_L if row.below else 0)
        place = inner.adjusted(indent, 0, -_SUM_WIDTH, 0)
        name = shortened(painter.fontMetrics(), row.name, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | middle, name)
        painter.setFont(_strong(painter.font()))
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | middle, self._table.total_of(row))
        painter.restore()


class EffortTable(DataTable[EffortRow]):
    """Partners down, work packages across, edited like a spreadsheet."""

    def __init__(
        self,
        columns: Sequence[Column[EffortRow]],
        shown: Callable[[Decimal], str],
        empty: EmptyState,
    ) -> None:
        """Make an empty matrix.

        Args:
            columns: one for each work package.
            shown: writes a sum (Decimal) as the cells are written.
            empty: shown without partners.
        """
        super().__init__(columns, lambda row: row.id, empty, sortable=False)
        self._write = shown
        self.ruled = True
        self.row_heading = RowHeading(say("Partner"), lambda row: row.name)
        self.setCornerButtonEnabled(False)
        self.name_rows(lambda row: f"{row.label} {row.name}, {self.total_of(row)}".strip())
        header = PartnerHeader(self)
        self.setVerticalHeader(header)
        header.sectionClicked.connect(self._select_row)
        self._corner = _Corner(self)
        self.horizontalHeader().setSectionsMovable(False)
        self.setAccessibleName(say("Effort"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        frame, top = self.frameWidth(), self.horizontalHeader()
        self._corner.setGeometry(frame, frame, _NAME_WIDTH, top.height())
        self._corner.setVisible(not top.isHidden())

    def total_of(self, row: EffortRow) -> str:
        """Return the sum of a partner as it is written, "" without any."""
        return self.written(row.total) if row.months else ""

    def written(self, months: Decimal) -> str:
        """Return person-months as they are written."""
        return self._write(months)

    def row_name(self, row: EffortRow) -> str:
        """Return what a row is called."""
        return f"{row.label}  {row.name}".strip()

    def _select_row(self, number: int) -> None:
        self.select(self.rows[number].id)
        self.setFocus()


class _Corner(QWidget):
    """What the frozen left side shows."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        painter.fillRect(self.rect(), QColor(colours.surface))
        painter.setPen(QColor(colours.line))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        painter.drawLine(self.rect().topRight(), self.rect().bottomRight())
        painter.setPen(QColor(colours.muted))
        font = QFont(self.font())
        font.setPointSizeF(theme().points("caption"))
        painter.setFont(font)
        inner, middle = self.rect().adjusted(SPACE_M, 0, -SPACE_M, 0), Qt.AlignmentFlag.AlignVCenter
        name = inner.adjusted(_NUMBER_WIDTH, 0, 0, 0)
        painter.drawText(name, Qt.AlignmentFlag.AlignLeft | middle, say("Partner"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | middle, say("Sum"))
        painter.end()


class TotalsBar(QWidget):
    """The frozen foot: sums of the work packages under their columns, and of everything."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(ROW_HEIGHT + 2)
        self._table: EffortTable | None = None
        self._sums: Sequence[Decimal] = ()
        self._total = Decimal(0)

    def follow(self, table: EffortTable) -> None:
        """Stand below a table."""
        self._table = table
        header = table.horizontalHeader()
        header.sectionResized.connect(self.update)
        header.geometriesChanged.connect(self.update)
        table.horizontalScrollBar().valueChanged.connect(self.update)

    def show_sums(self, sums: Sequence[Decimal], total: Decimal) -> None:
        """Show the sums of the columns, from the first on, and the total."""
        self._sums, self._total = tuple(sums), total
        if self._table is not None:
            words = f"{say('Total')} {self._table.written(total)}"
            self.setAccessibleName(words)
        self.update()

    @property
    def words(self) -> list[str]:
        """What is shown: the total, then the sum of each column."""
        table = self._table
        if table is None:
            return []
        return [table.written(each) for each in (self._total, *self._sums)]

    def paintEvent(self, event: QPaintEvent) -> None:
        table = self._table
        if table is None:
            return
        colours = tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.sunken))
        painter.setPen(QColor(colours.line_strong))
        painter.drawLine(0, 0, self.width(), 0)
        painter.setPen(QColor(colours.text))
        painter.setFont(_strong(table.font()))
        left = table.verticalHeader().width()
        middle = Qt.AlignmentFlag.AlignVCenter
        corner = QRect(0, 0, left, self.height()).adjusted(SPACE_M, 0, -SPACE_M, 0)
        painter.drawText(corner, Qt.AlignmentFlag.AlignLeft | middle, say("Total"))
        painter.drawText(corner, Qt.AlignmentFlag.AlignRight | middle, table.written(self._total))
        painter.setClipRect(left, 0, table.viewport().width(), self.height())
        for number, months in enumerate(self._sums):
            if table.isColumnHidden(number) or not months:
                continue
            x = left + table.columnViewportPosition(number)
            cell = QRect(x, 0, table.columnWidth(number), self.height())
            painter.drawText(
                cell.adjusted(SPACE_M, 0, -SPACE_M, 0),
                Qt.AlignmentFlag.AlignRight | middle,
                table.written(months),
            )
        painter.end()


def _strong(base: QFont) -> QFont:
    font = QFont(base)
    font.setWeight(QFont.Weight.DemiBold)
    return font
