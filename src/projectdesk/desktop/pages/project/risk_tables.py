"""Columns and fields of risks, and the matrix of their likelihood and severity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models.fields import Column, Entry, Field
from projectdesk.desktop.models.plan_words import exposure, exposure_tone, weight
from projectdesk.desktop.models.words import options, tone, word
from projectdesk.desktop.pages.project.plan_tables import number_field
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.theme import theme, tokens
from projectdesk.desktop.theme.tokens import RADIUS_S, SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.elision import shortened
from projectdesk.desktop.widgets.layout import text
from projectdesk.domain.workplan import RiskGrade, RiskStatus
from projectdesk.services.plan_rows import RiskRow

_GRADES = (RiskGrade.LOW, RiskGrade.MEDIUM, RiskGrade.HIGH)
_CELL = QSize(148, 46)


def _level(value: int) -> str:
    if value >= 6:
        return say("High")
    return say("Medium") if value >= 3 else say("Low")


def _grade(name: str, label: str) -> Field[Any]:
    return Field(name, label, lambda r: getattr(r, name), Entry.CHOICE, lambda: options(RiskGrade))


def _title() -> Field[Any]:
    return Field("title", say("What may happen"), lambda r: r.title, Entry.LONG_TEXT)


def _status() -> Field[Any]:
    return Field(
        "status", say("Status"), lambda r: r.status, Entry.CHOICE, lambda: options(RiskStatus)
    )


def _owner(choices: Choices) -> Field[Any]:
    return Field(
        "owner_partner_id",
        say("Owner"),
        lambda r: r.owner_partner_id,
        Entry.CHOICE,
        choices.partners,
    )


def _packages(choices: Choices) -> Field[Any]:
    return Field(
        "work_package_ids",
        say("Work packages"),
        lambda r: r.work_package_ids,
        Entry.CHOICES,
        choices.work_packages,
    )


def _mitigation() -> Field[Any]:
    return Field("mitigation", say("Mitigation"), lambda r: r.mitigation, Entry.LONG_TEXT)


def risk_columns(choices: Choices) -> list[Column[RiskRow]]:
    """Return the columns of the list of risks."""
    likelihood = _grade("likelihood", say("Likelihood"))
    severity = _grade("severity", say("Severity"))
    return [
        Column(say("No."), lambda r: r.label, sort=lambda r: r.number, width=76, muted=True),
        Column(
            say("What may happen"),
            lambda r: r.title,
            stretch=3,
            strong=True,
            tip=_tip,
            field=_title(),
        ),
        Column(
            say("WPs"),
            lambda r: r.work_packages,
            width=110,
            muted=True,
            optional=True,
            field=_packages(choices),
        ),
        Column(
            say("Likelihood"),
            lambda r: word(r.likelihood),
            sort=lambda r: weight(r.likelihood),
            width=108,
            tone=lambda r: tone(r.likelihood),
            field=likelihood,
        ),
        Column(
            say("Severity"),
            lambda r: word(r.severity),
            sort=lambda r: weight(r.severity),
            width=108,
            tone=lambda r: tone(r.severity),
            field=severity,
        ),
        Column(
            say("Risk"),
            lambda r: _level(exposure(r)),
            sort=exposure,
            width=96,
            tone=lambda r: exposure_tone(exposure(r)),
            tip=lambda r: say("Likelihood times severity: {value} of 9", value=exposure(r)),
            optional=True,
        ),
        Column(say("Owner"), lambda r: r.owner, width=130, optional=True, field=_owner(choices)),
        Column(
            say("Status"),
            lambda r: word(r.status),
            width=116,
            tone=lambda r: tone(r.status),
            field=_status(),
        ),
        Column(
            say("Mitigation"), lambda r: r.mitigation, stretch=3, field=_mitigation(), spare=True
        ),
        Column(
            say("Number"),
            lambda r: str(r.number),
            sort=lambda r: r.number,
            width=92,
            field=number_field(),
            spare=True,
        ),
    ]


def _tip(row: RiskRow) -> str:
    if not row.mitigation:
        return row.title
    return say("{title}\nMitigation: {words}", title=row.title, words=row.mitigation)


def risk_fields(choices: Choices) -> list[Field[Any] | list[Field[Any]]]:
    """Return the fields of a risk."""
    return [
        _title(),
        [_grade("likelihood", say("Likelihood")), _grade("severity", say("Severity"))],
        _packages(choices),
        _mitigation(),
        [_owner(choices), _status()],
        number_field(),
    ]


class _Cell(QAbstractButton):
    """The risks of one likelihood and severity: how bad that is, in a word, and which they are."""

    def __init__(self, likelihood: RiskGrade, severity: RiskGrade) -> None:
        super().__init__()
        self.likelihood, self.severity = likelihood, severity
        self._value = weight(likelihood) * weight(severity)
        self._labels: Sequence[str] = ()
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_labels(())

    @property
    def labels(self) -> Sequence[str]:
        """What is in it."""
        return self._labels

    def show_labels(self, labels: Sequence[str]) -> None:
        """Show which risks are here."""
        self._labels = labels
        among = ", ".join(labels) or say("none")
        words = say(
            "Likelihood {likelihood}, severity {severity}: {labels}",
            likelihood=word(self.likelihood),
            severity=word(self.severity),
            labels=among,
        )
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        return _CELL

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, level = tokens(), exposure_tone(self._value)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        marked = self.isChecked() or self.hasFocus()
        painter.setPen(QColor(colours.accent) if marked else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.soft(level)))
        painter.drawRoundedRect(box, RADIUS_S, RADIUS_S)
        inner = box.adjusted(SPACE_S, SPACE_XS, -SPACE_S, -SPACE_XS)
        font = QFont(self.font())
        font.setPointSizeF(theme().points("caption"))
        painter.setFont(font)
        painter.setPen(QColor(colours.colour(level)))
        painter.drawText(inner, Qt.AlignmentFlag.AlignTop, _level(self._value))
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(colours.text))
        shown = shortened(painter.fontMetrics(), ", ".join(self._labels), inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignBottom, shown)
        painter.end()


class RiskMatrix(QWidget):
    """Likelihood across, severity up: where the risks are. A cell chosen keeps only its risks."""

    chosen = Signal(object)
    """(likelihood, severity) of a cell, None when all are wanted again."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: dict[tuple[RiskGrade, RiskGrade], _Cell] = {}
        grid = QGridLayout()
        grid.setSpacing(SPACE_XS)
        grid.setContentsMargins(0, 0, 0, 0)
        for line, severity in enumerate(reversed(_GRADES)):
            label = text(say("Severity {grade}", grade=word(severity).lower()), "caption")
            grid.addWidget(label, line, 0)
            for place, likelihood in enumerate(_GRADES, start=1):
                cell = _Cell(likelihood, severity)
                cell.clicked.connect(lambda on, made=cell: self._choose(made if on else None))
                self.cells[likelihood, severity] = cell
                grid.addWidget(cell, line, place)
        for place, likelihood in enumerate(_GRADES, start=1):
            words = say("Likelihood {grade}", grade=word(likelihood).lower())
            grid.addWidget(text(words, "caption"), 3, place, Qt.AlignmentFlag.AlignHCenter)
        grid.setColumnStretch(4, 1)
        self.setLayout(grid)
        self.setAccessibleName(say("Risks by likelihood and severity"))

    def show_risks(self, rows: Sequence[RiskRow]) -> None:
        """Show where the risks are that can still happen."""
        for (likelihood, severity), cell in self.cells.items():
            cell.show_labels(
                [
                    row.label
                    for row in rows
                    if (row.likelihood, row.severity) == (likelihood, severity)
                    and row.status is not RiskStatus.CLOSED
                ]
            )

    def clear(self) -> None:
        """Choose no cell."""
        for cell in self.cells.values():
            cell.setChecked(False)

    def _choose(self, chosen: _Cell | None) -> None:
        for cell in self.cells.values():
            cell.setChecked(cell is chosen)
        self.chosen.emit((chosen.likelihood, chosen.severity) if chosen else None)
