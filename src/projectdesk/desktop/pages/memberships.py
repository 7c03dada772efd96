"""The projects of a person, in the inspector: one line each, unfolded to change their part."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.models.functions import FUNCTIONS
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.memberships import MembershipsPresenter, Projects
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Elided
from projectdesk.desktop.widgets.choice_editors import ChoiceEditor
from projectdesk.desktop.widgets.folded_form import FoldedForm, fold_button
from projectdesk.desktop.widgets.layout import column, icon_button, plain, row, show_if, text
from projectdesk.services.consortium_rows import MembershipRow


class MembershipLine(QWidget):
    """One project: for which partner, in which function."""

    entered = Signal(object, str, object)
    remove_asked = Signal(object)

    def __init__(self, shown: MembershipRow) -> None:
        super().__init__()
        self._row = shown
        self._project = Elided("", "strong")
        self._part = Elided("", "caption")
        self.form = FoldedForm(
            [
                Field(
                    "partner_id",
                    say("For partner"),
                    lambda r: r.partner_id,
                    Entry.CHOICE,
                    self._partners,
                ),
                Field("function", say("Function"), lambda r: r.function, suggestions=FUNCTIONS),
            ]
        )
        self.form.entered.connect(lambda name, value: self.entered.emit(self._row, name, value))
        self.edit = fold_button(self.form)
        self.drop = icon_button("x", say("Remove"), lambda: self.remove_asked.emit(self._row))
        head = row(
            column(self._project, self._part, spacing=0), self.edit, self.drop, spacing=SPACE_XS
        )
        head.setStretch(0, 1)
        self.setLayout(column(head, self.form, spacing=SPACE_XS))
        self.show_row(shown)

    def _partners(self) -> list[Option]:
        found = (Option(partner, name) for partner, name in self._row.partners)
        return [Option(None, say("External")), *found]

    def show_row(self, shown: MembershipRow) -> None:
        """Show the part as it is now."""
        self._row = shown
        self._project.setText(shown.project)
        partner = shown.partner or say("External")
        self._part.setText(formats.joined((partner, shown.function)))
        self.form.show_row(shown)

    @property
    def words(self) -> tuple[str, str]:
        """What the line says: the project, and the part."""
        return self._project.text(), self._part.text()


class Memberships(Presented, QWidget):
    """The projects of a person; more can be added."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._rows: Sequence[MembershipRow] = ()
        self._projects: Projects = ()
        self.presenter = self.present(MembershipsPresenter(session, self))
        self.lines: list[MembershipLine] = []
        self._box = column(spacing=SPACE_S)
        self.add = ChoiceEditor(self._absent)
        self.add.setAccessibleName(say("Add to project"))
        self.add.committed.connect(self._add_chosen)
        self.setLayout(
            column(text(say("Projects"), "strong"), plain(self._box), self.add, spacing=SPACE_S)
        )

    def show_memberships(self, rows: Sequence[MembershipRow], projects: Projects) -> None:
        """Show all parts; a line that was there keeps what is unfolded and has the focus."""
        self._projects = projects
        if [r.id for r in rows] == [r.id for r in self._rows]:
            for line, shown in zip(self.lines, rows, strict=True):
                line.show_row(shown)
        else:
            self._build(rows)
        self._rows = rows
        self.add.set_value(None)
        self.add.load()
        show_if(self.add, self.add.count() > 1)

    def _build(self, rows: Sequence[MembershipRow]) -> None:
        for line in self.lines:
            self._box.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = []
        for shown in rows:
            line = MembershipLine(shown)
            line.entered.connect(self.presenter.edit)
            line.remove_asked.connect(self.presenter.remove)
            self._box.addWidget(line)
            self.lines.append(line)

    def _absent(self) -> list[Option]:
        """Return the projects that the person is not in, under an invitation to choose one."""
        taken = {shown.project_id for shown in self._rows}
        found = (Option(each, name) for each, name in self._projects if each not in taken)
        return [Option(None, say("Add to project")), *found]

    def _add_chosen(self) -> None:
        chosen = self.add.value()
        self.add.set_value(None)
        if isinstance(chosen, UUID):
            self.presenter.add(chosen)
