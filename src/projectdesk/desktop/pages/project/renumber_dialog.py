"""Partners in a new order, with the numbers they get."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.presenters.consortium import ConsortiumPresenter
from projectdesk.desktop.theme.tokens import SPACE_S
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.layout import button, plain, row
from projectdesk.domain.rules import consortium
from projectdesk.errors import ProjectDeskError
from projectdesk.services.rows import PartnerRow

_PARTNER = Qt.ItemDataRole.UserRole
_HEIGHT = 320


class RenumberDialog(Dialog):
    """Partners to be put into order by dragging or with buttons."""

    def __init__(
        self,
        parent: QWidget,
        presenter: ConsortiumPresenter,
        project: UUID,
        partners: Sequence[PartnerRow],
    ) -> None:
        sentence = say(
            "Numbers without gaps, in this order. Plans and reports that name a partner by its "
            "number show the new one."
        )
        super().__init__(parent, say("Renumber partners"), sentence, width=520)
        self._presenter = presenter
        self._project = project
        self._partners = {partner.id: partner for partner in partners}
        self.list = QListWidget()
        self.list.setAccessibleName(say("Partners in their new order"))
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setFixedHeight(_HEIGHT)
        for partner in consortium.in_agreements_order(list(partners)):
            item = QListWidgetItem()
            item.setData(_PARTNER, partner.id.hex)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.model().rowsMoved.connect(lambda *_: self._number())
        self.up = button(say("Move up"), "", "chevron-up", lambda: self.move_by(-1))
        self.down = button(say("Move down"), "", "chevron-down", lambda: self.move_by(1))
        self.add(self.list, plain(row(self.up, self.down, None, spacing=SPACE_S)))
        self.add_button(say("Cancel"), "", self.reject)
        self.action = self.add_button(say("Renumber"), "primary", self.submit, default=True)
        self._number()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.grow()

    def order(self) -> list[UUID]:
        """Return the partners as they stand."""
        items = (self.list.item(number) for number in range(self.list.count()))
        return [UUID(hex=item.data(_PARTNER)) for item in items]

    def move_by(self, steps: int) -> None:
        """Move the current partner up or down."""
        now = self.list.currentRow()
        then = now + steps
        if now < 0 or not 0 <= then < self.list.count():
            return
        self.list.insertItem(then, self.list.takeItem(now))
        self.list.setCurrentRow(then)
        self._number()

    def _number(self) -> None:
        """Write beside each partner which number it gets, and which it had."""
        order = [self._partners[partner] for partner in self.order()]
        numbers = consortium.renumbered(order)
        for at, partner in enumerate(order):
            own, _ = numbers[partner.id]
            name = partner.short_name or partner.legal_name
            words = f"{own}  {name}" if own is not None else f"–  {name}"
            if own is not None and partner.number is not None and own != partner.number:
                words += "   " + say("(was {number})", number=partner.number)
            self.list.item(at).setText(words)

    def submit(self) -> None:
        """Number them so."""
        self.action.setEnabled(False)
        self._presenter.renumber(self._project, self.order(), self.accept, self._refuse)

    def _refuse(self, error: ProjectDeskError) -> None:
        self.action.setEnabled(True)
        self.show_problem(say_error(error))
