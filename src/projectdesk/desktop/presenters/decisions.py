"""The register of decisions: filters, search, the chosen one in detail, what is done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from projectdesk.desktop.language import say
from projectdesk.desktop.models.decision_words import veto_facts
from projectdesk.desktop.presenters.records import RecordsPresenter, RecordsView
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.domain.meetings import MeetingState
from projectdesk.domain.voting import VetoState
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.commands.votes import HeldByHand
from projectdesk.services.decision_rows import DecisionDetail, RegisterRow, Standing, VetoRow
from projectdesk.services.procedure_rows import VotingDetail
from projectdesk.services.rows import BodyMemberRow, Changes, Kind, MeetingRow, ProjectRow

if TYPE_CHECKING:
    from pathlib import Path

    from projectdesk.services.documents.registers import Span
    from projectdesk.services.workspace import Workspace

ALL, BINDING, OPEN, VETO = "all", "binding", "open", "veto"
_OPEN = frozenset(
    {
        Standing.NO_MINUTES,
        Standing.MINUTES_OPEN,
        Standing.NOTICE_DUE,
        Standing.VETO_OPEN,
        Standing.VETO_WAITING,
        Standing.UNPROVEN,
    }
)
_VETO = frozenset({Standing.VETO_OPEN, Standing.VETO_WAITING, Standing.VETOED})
Done = Callable[[], None]
Failed = Callable[[ProjectDeskError], None]
_WATCHED = frozenset(
    {
        Kind.PROJECT,
        Kind.MEETING,
        Kind.AGENDA_ITEM,
        Kind.MINUTES,
        Kind.BODY,
        Kind.VOTE,
        Kind.VOTE_SEAT,
        Kind.VETO,
        Kind.ACTION,
        Kind.PARTNER,
        Kind.PERSON,
    }
)


class RegisterView(RecordsView[RegisterRow], Protocol):
    """Where the register is shown."""

    def show_detail(self, detail: DecisionDetail | None) -> None:
        """Show the chosen decision."""


class RegisterPresenter(RecordsPresenter[RegisterRow]):
    """Presents the decisions that pass the filter and hold the words that are looked for."""

    def __init__(self, session: Session, view: RegisterView) -> None:
        super().__init__(session, view, Kind.DECISION, queries.decision_register, _WATCHED)
        self._register = view
        self._project: UUID | None = None
        self._filter = ALL
        self._text = ""
        self._holding: frozenset[UUID] | None = None
        self._rows: Sequence[RegisterRow] = ()
        self.decision: UUID | None = None
        self.counted: list[Callable[[int, int], None]] = []

    def set_project(self, project: UUID | None) -> None:
        """Present one project only, None = all."""
        self._project = project
        self.reload()

    def show_only(self, name: str) -> None:
        """Present what passes a filter: all, binding, open, veto."""
        self._filter = name
        self._show()

    def search(self, text: str) -> None:
        """Present what holds these words: the decision, its minutes, its item or its vote."""
        self._text = text.strip()
        if not self._text:
            self._holding = None
            self._show()
            return
        wanted, project = self._text, self._project

        def found(ids: frozenset[UUID]) -> None:
            if wanted == self._text:
                self._holding = ids
                self._show()

        self.ask(lambda ws: queries.find_decisions(ws, wanted, project), found, self.refuse)

    def load(self) -> None:
        """Ask for the register, and for the chosen decision."""
        project = self._project
        self.ask(lambda ws: queries.decision_register(ws, project), self._keep)
        self._load_detail()

    def choose(self, decision: UUID | None) -> None:
        """Show one decision with vote, vetoes and actions."""
        if decision != self.decision:
            self.decision = decision
            self._load_detail()

    def _load_detail(self) -> None:
        wanted = self.decision
        if wanted is None:
            self._register.show_detail(None)
            return

        def show(detail: DecisionDetail) -> None:
            if wanted == self.decision:
                self._register.show_detail(detail)

        def gone(_error: ProjectDeskError) -> None:
            if wanted == self.decision:
                self.decision = None
                self._register.show_detail(None)

        self.ask(lambda ws: queries.decision_detail(ws, wanted), show, gone)

    def find_vote(self, vote: UUID, then: Callable[[VotingDetail], None]) -> None:
        """Find a vote, to show where it belongs."""
        self.ask(lambda ws: queries.vote_detail(ws, vote), then, self.refuse)

    def find_meetings(self, then: Callable[[Sequence[MeetingRow]], None]) -> None:
        """Find the meetings of bodies that began, the newest first."""
        project = self._project

        def work(workspace: Workspace) -> list[MeetingRow]:
            rows = queries.meetings(workspace, project)
            begun = (MeetingState.LIVE, MeetingState.HELD)
            return [row for row in reversed(rows) if row.body_id and row.state in begun]

        self.ask(work, then, self.refuse)

    def find_projects(self, then: Callable[[Sequence[ProjectRow]], None]) -> None:
        """Find the project that is shown, or all."""
        project = self._project

        def work(workspace: Workspace) -> list[ProjectRow]:
            rows = queries.projects(workspace)
            return [row for row in rows if project is None or row.id == project]

        self.ask(work, then, self.refuse)

    def compile_period(self, span: Span, what: str, form: str, out: Path) -> None:
        """Write what came of a period into one document, and say so."""
        self._session.tell(Notice(say("Writing {file}…", file=out.name)))
        self._session.ask_long(
            lambda ws, _: commands.compile_period(ws, span, what, form, out),
            lambda path: self._session.tell(Notice(say("Saved {file}.", file=path.name))),
            self.refuse,
        )

    def members_of(self, body: UUID, then: Callable[[Sequence[BodyMemberRow]], None]) -> None:
        """Find the members of a body that have a vote."""
        self.ask(lambda ws: queries.body_members(ws, body), then, self.refuse)

    def record_vote(self, meeting: UUID, held: HeldByHand, done: Done, failed: Failed) -> None:
        """Write down a vote that was held in a room."""

        def then(made: tuple[UUID, Changes]) -> None:
            done()
            self._session.tell(Notice(say("The vote is recorded."), undo=made[1].change_id))

        self.ask(lambda ws: commands.record_vote(ws, meeting, held), then, failed)

    # --- what is done

    def follow_up(
        self, decision: UUID, values: Mapping[str, object], done: Done, failed: Failed
    ) -> None:
        """Make an action that follows a decision up."""

        def then(made: tuple[UUID, Changes]) -> None:
            done()
            self._session.tell(Notice(say("The action is made."), undo=made[1].change_id))

        self.ask(lambda ws: commands.add_follow_up(ws, decision, values), then, failed)

    def replace(self, row: RegisterRow, text: str, done: Done, failed: Failed) -> None:
        """Write down a decision that takes the place of another, and select it."""

        def then(made: tuple[UUID, Changes]) -> None:
            done()
            words = say("{label} is replaced.", label=row.label)
            self._session.tell(Notice(words, undo=made[1].change_id))
            self._view.select(made[0])

        self.ask(lambda ws: commands.replace_decision(ws, row.id, text), then, failed)

    def replace_by(self, row: RegisterRow, later: UUID, done: Done, failed: Failed) -> None:
        """Say that a decision that was taken already takes the place of another."""

        def then(made: tuple[UUID, Changes]) -> None:
            done()
            words = say("{label} is replaced.", label=row.label)
            self._session.tell(Notice(words, undo=made[1].change_id))

        self.ask(lambda ws: commands.replace_decision(ws, row.id, "", later), then, failed)

    def withdraw(self, row: RegisterRow) -> None:
        """Withdraw a decision."""
        self.change(
            lambda ws: commands.withdraw_decision(ws, row.id),
            say("{label} is withdrawn.", label=row.label),
        )

    def reinstate(self, row: RegisterRow) -> None:
        """Let a decision stand again."""
        self.change(
            lambda ws: commands.reinstate_decision(ws, row.id),
            say("{label} stands again.", label=row.label),
        )

    def raise_veto(
        self,
        decision: UUID,
        partner: UUID,
        reason: str,
        done: Done,
        failed: Failed,
        *,
        person: UUID | None = None,
        raised_at: datetime | None = None,
    ) -> None:
        """Write down a veto that came another way than by a link."""

        def work(workspace: Workspace) -> tuple[Changes, VetoRow | None]:
            changes = commands.raise_veto(
                workspace, decision, partner, reason, person_id=person, raised_at=raised_at
            )
            vetoes = queries.decision_detail(workspace, decision).vetoes
            return changes, next((v for v in reversed(vetoes) if v.partner_id == partner), None)

        def then(noted: tuple[Changes, VetoRow | None]) -> None:
            changes, veto = noted
            done()
            told = [say("The veto is noted."), *(veto_facts(veto) if veto is not None else ())]
            self._session.tell(Notice(" ".join(told), undo=changes.change_id))

        self.ask(work, then, failed)

    def settle_veto(
        self, veto: VetoRow, state: VetoState, answer: str, done: Done, failed: Failed
    ) -> None:
        """Answer a veto."""

        def then(changes: Changes) -> None:
            done()
            self._session.tell(Notice(say("The veto is answered."), undo=changes.change_id))

        self.ask(lambda ws: commands.settle_veto(ws, veto.id, state, answer), then, failed)

    # --- inside

    def _keep(self, rows: Sequence[RegisterRow]) -> None:
        self._rows = rows
        self._show()
        if self._text:
            self.search(self._text)

    def _passes(self, row: RegisterRow) -> bool:
        if self._holding is not None and row.id not in self._holding:
            return False
        match self._filter:
            case "binding":
                return row.standing is Standing.BINDING
            case "open":
                return row.standing in _OPEN
            case "veto":
                return row.standing in _VETO
            case _:
                return True

    def _show(self) -> None:
        self._view.show_rows([row for row in self._rows if self._passes(row)])
        open_ = sum(row.standing in _OPEN for row in self._rows)
        for listener in self.counted:
            listener(len(self._rows), open_)

    @property
    def rows(self) -> Sequence[RegisterRow]:
        """Every decision of the project, whatever is shown."""
        return self._rows


def later_options(rows: Sequence[RegisterRow], of: RegisterRow) -> list[RegisterRow]:
    """Return the decisions that can take the place of one: of its project, not before it."""
    return [
        row
        for row in rows
        if row.project_id == of.project_id
        and row.id != of.id
        and row.made_at >= of.made_at
        and row.standing not in {Standing.REPLACED, Standing.WITHDRAWN}
    ]
