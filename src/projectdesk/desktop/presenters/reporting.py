"""Reporting periods of a project: what partners state for them, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.presenters.asking import Failed, SendsDesks
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.reporting_rows import (
    EffortLink,
    ReportingPeriodRow,
    ReportingPeriods,
    StatementRow,
)
from projectdesk.services.rows import Changes, Dependents, Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace


class ReportingView(Protocol):
    """Where periods and statements are shown."""

    def show_periods(self, found: ReportingPeriods) -> None:
        """Show the periods of the project."""

    def show_statements(self, rows: Sequence[StatementRow]) -> None:
        """Show the statements of the chosen period."""

    def show_links(self, links: Sequence[EffortLink], sender: str, *, reminder: bool) -> None:
        """Offer to write to the partners."""

    def show_problem(self, words: str) -> None:
        """Say why something was refused."""

    def select_period(self, period: UUID) -> None:
        """Choose a period as soon as it is there."""

    def confirm_delete(self, what: str, also: Sequence[str], run: Callable[[], None]) -> None:
        """Ask whether `also` may go with `what`; then `run`."""


class ReportingPresenter(Presenter):
    """Presents the reporting periods of one project."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {
            Kind.PROJECT,
            Kind.PARTNER,
            Kind.PERSON,
            Kind.MEMBERSHIP,
            Kind.WORK_PACKAGE,
            Kind.EFFORT,
            Kind.REPORTING_PERIOD,
            Kind.EFFORT_STATEMENT,
            Kind.REPORTED_EFFORT,
        }
    )

    def __init__(
        self, session: Session, view: ReportingView, desks: SendsDesks[EffortLink] | None
    ) -> None:
        """Present.

        Args:
            session: the outside.
            view: where it is shown.
            desks: what sends desks to hosts; None where nothing is sent (pictures).
        """
        super().__init__(session)
        self._view = view
        self._desks = desks
        self._project: UUID | None = None
        self.period: UUID | None = None
        self.zone = "UTC"

    def open(self, project: UUID) -> None:
        """Show a project."""
        self._project = project
        self.period = None
        self.reload()

    def choose(self, period: UUID | None) -> None:
        """Show the statements of a period."""
        if period != self.period:
            self.period = period
            self._load_statements()

    def load(self) -> None:
        """Ask for the periods, and the statements of the chosen one."""
        project = self._project
        if project is None:
            return

        def show(loaded: tuple[str, ReportingPeriods]) -> None:
            self.zone, found = loaded
            self._view.show_periods(found)

        self.ask(lambda ws: (_my_zone(ws), queries.reporting_periods(ws, project)), show)
        self._load_statements()

    def _load_statements(self) -> None:
        period = self.period
        if period is None:
            self._view.show_statements(())
            return

        def show(rows: Sequence[StatementRow]) -> None:
            if period == self.period:
                self._view.show_statements(rows)

        self.ask(lambda ws: queries.effort_statements(ws, period), show, lambda _error: None)

    # --- periods

    def add(self) -> None:
        """Add a period after the last one."""
        project = self._project
        if project is not None:
            self.ask(
                lambda ws: commands.add_reporting_period(ws, project),
                lambda made: self._view.select_period(made[0]),
                self.refuse,
            )

    def divide(
        self, count: int | None, every: int | None, done: Callable[[], None], failed: Failed
    ) -> None:
        """Divide the project into periods."""
        project = self._project
        if project is not None:
            self.ask(
                lambda ws: commands.divide_into_periods(ws, project, count=count, every=every),
                lambda _changes: done(),
                failed,
            )

    def edit(self, row: ReportingPeriodRow, field: str, value: object, failed: Failed) -> None:
        """Save one field of a period; `failed` gets the refusal of its value."""
        self.save(Kind.REPORTING_PERIOD, row.id, row.version, {field: value}, failed)

    def edit_many(
        self, edits: Sequence[tuple[ReportingPeriodRow, str, object]], label: str, failed: Failed
    ) -> None:
        """Save cells of several periods as one change.

        Args:
            edits: period, field and value of each cell.
            label: of the change.
            failed: gets what is refused, with the facts `record_id` and `field`.
        """
        changed = [
            commands.RecordEdit(Kind.REPORTING_PERIOD, row.id, row.version, {field: value})
            for row, field, value in edits
        ]
        self.save_many(changed, label, failed)

    def delete(self, row: ReportingPeriodRow) -> None:
        """Delete a period; when statements would go with it, ask first."""

        def go() -> None:
            self.change(
                lambda ws: commands.delete(ws, Kind.REPORTING_PERIOD, row.id, row.version),
                say("Deleted {what}.", what=row.label),
            )

        def then(also: Sequence[Dependents]) -> None:
            lines = [each.text for each in also if each.count]
            if lines:
                self._view.confirm_delete(row.label, lines, go)
            else:
                go()

        self.ask(
            lambda ws: queries.dependents(ws, Kind.REPORTING_PERIOD, row.id), then, self.refuse
        )

    def freeze(self, period: UUID) -> None:
        """Freeze a period, for ever."""
        self.change(lambda ws: commands.freeze_period(ws, period))

    # --- statements

    def ask_partners(
        self, partners: Sequence[UUID], deadline: date, done: Callable[[], None], failed: Failed
    ) -> None:
        """Make statements, send their desks to the host, and offer to write to the partners."""
        period = self.period
        if period is None:
            return

        def made(result: tuple[list[UUID], Changes]) -> None:
            done()
            self._offer(period, frozenset(result[0]), reminder=False)

        self.ask(lambda ws: commands.ask_effort(ws, period, partners, deadline), made, failed)

    def offer_links(self, rows: Sequence[StatementRow], *, reminder: bool) -> None:
        """Offer to write to partners that were asked before."""
        if self.period is not None:
            ids = frozenset(row.id for row in rows if row.id is not None)
            self._offer(self.period, ids, reminder=reminder)

    def _offer(self, period: UUID, ids: frozenset[UUID], *, reminder: bool) -> None:
        if self._desks is None:
            return

        def then(links: tuple[EffortLink, ...]) -> None:
            wanted = [link for link in links if link.statement_id in ids]

            def show(sender: str) -> None:
                self._view.show_links(wanted, sender, reminder=reminder)

            if wanted and not self._closed:
                self.ask(_my_name, show)

        def failed(error: ProjectDeskError) -> None:
            if not self._closed:
                self._view.show_problem(say_error(error))

        self._desks.publish(period, then, failed)

    def reminded(self, statements: Sequence[UUID]) -> None:
        """Note that partners were reminded."""
        self.change(lambda ws: commands.remind_effort(ws, statements))

    def approve(self, rows: Sequence[StatementRow]) -> None:
        """Approve figures."""
        ids = [row.id for row in rows if row.id is not None]
        done = (
            say("Approved {what}.", what=rows[0].partner)
            if len(rows) == 1
            else say("Approved {count} statements.", count=len(rows))
        )
        self.change(lambda ws: commands.approve_effort(ws, ids), done)

    def send_back(
        self,
        row: StatementRow,
        remark: str,
        deadline: date,
        done: Callable[[], None],
        failed: Failed,
    ) -> None:
        """Send figures back, and offer to write why."""
        statement, period = row.id, self.period
        if statement is None or period is None:
            return

        def sent(_changes: Changes) -> None:
            done()
            self._offer(period, frozenset({statement}), reminder=False)

        self.ask(
            lambda ws: commands.send_back_effort(ws, statement, remark, deadline), sent, failed
        )

    def enter(
        self,
        row: StatementRow,
        figures: Mapping[UUID, Decimal | None],
        comment: str,
        done: Callable[[], None],
        failed: Failed,
    ) -> None:
        """Enter figures that came another way."""
        period = self.period
        if period is not None:
            self.ask(
                lambda ws: commands.enter_effort(ws, period, row.partner_id, figures, comment),
                lambda _changes: done(),
                failed,
            )

    def renew(self, row: StatementRow) -> None:
        """Issue a link anew; the old one ends at once."""
        statement, period = row.id, self.period
        if statement is None or period is None:
            return
        self.ask(
            lambda ws: commands.renew_effort_link(ws, statement),
            lambda _changes: self._offer(period, frozenset({statement}), reminder=False),
            self.refuse,
        )

    # --- the report

    def export(self, period: UUID, file: Path) -> None:
        """Write the tables of the periodic report; the format is that of the file's name."""
        self.ask(
            lambda ws: commands.export_periodic_report(ws, period, file),
            lambda path: self._session.tell(Notice(say("Saved as {file}.", file=str(path)))),
            self.refuse,
        )


def _my_name(workspace: Workspace) -> str:
    me = queries.me(workspace)
    return me.name if me is not None else ""


def _my_zone(workspace: Workspace) -> str:
    me = queries.me(workspace)
    return (me.zone if me is not None else "") or "UTC"
