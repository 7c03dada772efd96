"""The audit trail of one written procedure: its steps, whether it holds, and its file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from projectdesk.desktop.language import current, say
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.domain.rules.audit_chain import Break
from projectdesk.errors import NotFound, ProjectDeskError
from projectdesk.services import commands
from projectdesk.services.audit import AuditRow
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace


@dataclass(frozen=True)
class ShownTrail:
    """The steps of a trail, the first one first, and where it does not hold.

    vote_id: None = of no procedure.
    """

    vote_id: UUID | None
    steps: Sequence[AuditRow]
    broken: Break | None


class ProcedureTrailPresenter(Presenter):
    """Presents the trail of the chosen procedure; nothing is asked for before it is shown."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {Kind.VOTE, Kind.VOTE_SEAT, Kind.DECISION, Kind.VETO, Kind.DOCUMENT}
    )

    def __init__(
        self, session: Session, zone: Callable[[], str], show: Callable[[ShownTrail], None]
    ) -> None:
        """Present.

        Args:
            session: the outside.
            zone: in whose clock times in the steps are told.
            show: shows the trail.
        """
        super().__init__(session)
        self._zone = zone
        self._show = show
        self.vote: UUID | None = None

    def choose(self, vote: UUID | None) -> None:
        """Present the trail of a procedure, None = of none.

        What is shown of another one goes at once: nobody knows whether this one can be read.
        """
        if vote != self.vote:
            self.vote = vote
            self._show(ShownTrail(vote, (), None))
            self.reload()

    def load(self) -> None:
        """Ask for the trail."""
        vote = self.vote
        if vote is None:
            return
        language, zone = current(), self._zone()

        def show(found: ShownTrail) -> None:
            if found.vote_id == self.vote:
                self._show(found)

        def failed(error: ProjectDeskError) -> None:
            if not isinstance(error, NotFound):  # the list of procedures drops what is gone
                self.refuse(error)

        self.ask(lambda ws: _trail(ws, vote, language, zone), show, failed)

    def save_file(self, out: Path) -> None:
        """Write the trail to a file, by its ending."""
        vote = self.vote
        if vote is not None:
            self.ask(
                lambda ws: commands.export_procedure_trail(ws, vote, out),
                lambda _: self._session.tell(Notice(say("Saved {file}.", file=out.name))),
                self.refuse,
            )


# --- on the database's thread ---------------------------------------------------------------------


def _trail(workspace: Workspace, vote: UUID, language: str, zone: str) -> ShownTrail:
    from projectdesk.services import audit
    from projectdesk.services.documents.trails import procedure_steps

    checked = audit.check(workspace, vote)
    steps = procedure_steps(workspace, vote, language, zone)
    return ShownTrail(vote, steps, checked.broken if checked is not None else None)
