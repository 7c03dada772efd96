"""The audit trail of a written procedure, beside its votes."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import circulation_words as words
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.procedure_trail import ProcedureTrailPresenter, ShownTrail
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_S
from projectdesk.desktop.widgets.badges import Banner
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.file_dialogs import ask_new_file
from projectdesk.desktop.widgets.layout import column
from projectdesk.services.audit import SHOWN, AuditRow


class ProcedureTrail(Presented, QWidget):
    """The steps of the chosen procedure. summed: gets whether the trail holds, in words."""

    def __init__(self, session: Session, reader: Reader, summed: Callable[[str], None]) -> None:
        super().__init__()
        self._reader, self._summed = reader, summed
        self.presenter = self.present(
            ProcedureTrailPresenter(session, lambda: reader.zone, self.show_trail)
        )
        self.problem = Banner()
        self.table: DataTable[AuditRow] = DataTable(
            [
                Column(say("No."), lambda s: str(s.seq), width=56, right=True),
                Column(say("When"), lambda s: formats.moment(s.at, reader.zone), width=150),
                Column(say("Step"), lambda s: words.step_words(s.step), width=170, strong=True),
                Column(say("Says"), _says, stretch=1, tip=_says),
                Column(say("Check value"), lambda s: s.hash[:SHOWN], width=150, muted=True,
                       optional=True, tip=lambda s: s.hash),
            ],
            lambda s: s.seq,
            EmptyState(
                "history",
                say("No steps yet"),
                say("Every step is written down here and cannot be changed afterwards."),
            ),
            sortable=False,
            name="procedure-trail",
        )  # fmt: skip
        self.table.setAccessibleName(say("Audit trail"))
        layout = column(self.problem, self.table, spacing=SPACE_S)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def choose(self, vote: UUID | None) -> None:
        """Show the trail of a procedure."""
        self.presenter.choose(vote)

    def show_trail(self, found: ShownTrail) -> None:
        """Show the steps, and whether they are as they were written."""
        self.table.show_rows(found.steps)
        said = words.trail_words(found.broken, len(found.steps))
        self.problem.say(said if found.broken is not None else "")
        self._summed("" if found.broken is not None or not found.steps else said)

    def ask_file(self) -> None:
        """Ask where the trail is saved, and in which format."""
        ask_new_file(
            self.window(),
            f"{say('Audit trail')}.pdf",
            self.presenter.save_file,
            filters=["PDF (*.pdf)", "CSV (*.csv)", "JSON (*.json)", "Word (*.docx)"],
        )


def _says(step: AuditRow) -> str:
    return step.text if step.text is not None else say("(erased)")
