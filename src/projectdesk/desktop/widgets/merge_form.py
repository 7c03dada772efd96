"""Two records beside each other, and for each field in which they differ whose value stays."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QRadioButton, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models.words import word
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S
from projectdesk.desktop.widgets.layout import column, plain, scrolled, text
from projectdesk.services.duplicate_rows import FieldPair, Likeness

_CHARACTERS = 60


class MergeForm(QWidget):
    """Shows a pair; `taken` says of which fields the second value stays."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, SPACE_S, 0)
        self._grid.setHorizontalSpacing(SPACE_L)
        self._grid.setVerticalSpacing(SPACE_M)
        self._seconds: dict[str, QRadioButton] = {}
        self._content = plain(column(self._grid, None))
        area = scrolled(self._content)
        self.setLayout(column(area, spacing=0))

    def show_pair(
        self,
        heads: tuple[str, str],
        details: tuple[str, str],
        fields: Sequence[FieldPair],
        taken: frozenset[str],
    ) -> None:
        """Show two records.

        Args:
            heads: what the columns are called.
            details: a line about each.
            fields: in which they differ.
            taken: of which fields the second value is chosen.
        """
        self._clear()
        for number in (0, 1):
            head = text(heads[number], "strong", wrap=True)
            detail = text(details[number], "caption", wrap=True)
            self._grid.addLayout(column(head, detail, spacing=2), 0, number + 1)
            self._grid.setColumnStretch(number + 1, 1)
        for line, pair in enumerate(fields, start=1):
            label = field_label(pair.name)
            self._grid.addWidget(text(label, "label"), line, 0, Qt.AlignmentFlag.AlignVCenter)
            group = QButtonGroup(self._content)
            second = pair.name in taken
            for number, (value, words, chosen) in enumerate(
                (
                    (pair.first, pair.first_words, not second),
                    (pair.second, pair.second_words, second),
                )
            ):
                radio = QRadioButton(_shown(value, words))
                radio.setToolTip(words)
                radio.setAccessibleName(f"{label}: {_shown(value, words)}, {heads[number]}")
                radio.setChecked(chosen)
                group.addButton(radio)
                self._grid.addWidget(radio, line, number + 1)
                if number:
                    self._seconds[pair.name] = radio
                    radio.toggled.connect(lambda _on: self.changed.emit())
        if not fields:
            self._grid.addWidget(text(say("They differ in nothing."), "muted"), 1, 1, 1, 2)

    def taken(self) -> frozenset[str]:
        """Return the fields of which the second value is chosen."""
        return frozenset(name for name, radio in self._seconds.items() if radio.isChecked())

    def choose(self, field: str, *, second: bool) -> None:
        """Choose whose value of a field stays."""
        self._seconds[field].setChecked(second)

    def set_open(self, on: bool) -> None:
        """Let the person choose, or only look."""
        self._content.setEnabled(on)

    def _clear(self) -> None:
        self._seconds.clear()
        while (item := self._grid.takeAt(0)) is not None:
            _delete(item)


def _delete(item: object) -> None:
    widget = item.widget() if hasattr(item, "widget") else None
    layout = item.layout() if hasattr(item, "layout") else None
    if widget is not None:
        widget.hide()
        widget.deleteLater()
    elif layout is not None:
        while (child := layout.takeAt(0)) is not None:
            _delete(child)


def _shown(value: object, words: str) -> str:
    if isinstance(value, StrEnum):
        words = word(value)
    elif isinstance(value, bool):
        words = say("Yes") if value else say("No")
    shown = " ".join(words.split()) or "–"
    return shown if len(shown) <= _CHARACTERS else f"{shown[: _CHARACTERS - 1]}…"


def field_label(name: str) -> str:
    """Return what a field of a person or an organisation is called."""
    labels = {
        "given_name": say("Given name"),
        "family_name": say("Family name"),
        "email": say("E-mail"),
        "phone": say("Phone"),
        "organisation_id": say("Organisation"),
        "zone": say("Time zone"),
        "languages": say("Languages"),
        "country": say("Country"),
        "region": say("Region"),
        "legal_name": say("Legal name"),
        "short_name": say("Short name"),
        "pic": say("PIC"),
        "vat_number": say("VAT number"),
        "type": say("Kind"),
        "sme": say("SME"),
        "street": say("Street"),
        "post_code": say("Post code"),
        "city": say("City"),
        "nuts_code": say("NUTS code"),
        "website": say("Web site"),
    }
    return labels[name]


def likeness_words(likeness: Likeness) -> str:
    """Return why two records may be one."""
    return {
        Likeness.EMAIL: say("Same e-mail"),
        Likeness.PIC: say("Same PIC"),
        Likeness.VAT_NUMBER: say("Same VAT number"),
        Likeness.NAME_AND_ORGANISATION: say("Same name and organisation"),
        Likeness.NAME: say("Same name"),
        Likeness.SWAPPED: say("Names swapped"),
    }[likeness]
