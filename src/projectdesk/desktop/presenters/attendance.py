"""Attendance of one meeting: what was measured, what people say, who represents whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.models.entries import NotAValue
from projectdesk.desktop.models.meeting_clock import instant_of, optional_instant_of
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.runtime.session import Session
from projectdesk.domain.minutes import CorrectionKind
from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.attendance_rows import (
    AttendanceList,
    AttendanceRow,
    CompanionRow,
    CorrectionRow,
    ProxyRow,
)
from projectdesk.services.rows import Changes, Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

AS_MEASURED = "measured"
"""The choice of a presence that nobody corrects."""
Failed = Callable[[ProjectDeskError], None]


class AttendanceView(Protocol):
    """Where attendance is shown."""

    def show_attendance(self, found: AttendanceList) -> None:
        """Show who was there."""

    def show_problem(self, field: str, words: str) -> None:
        """Say beside the cell that was edited last why its value was refused."""


class AttendancePresenter(Presenter):
    """Presents who was there, and saves what people say of it."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {
            Kind.ATTENDANCE,
            Kind.ATTENDANCE_CORRECTION,
            Kind.COMPANION,
            Kind.PROXY,
            Kind.INVITATION,
            Kind.MEETING,
            Kind.AGENDA_ITEM,
            Kind.VOTE,
            Kind.BODY,
            Kind.BODY_MEMBER,
            Kind.PARTNER,
            Kind.PERSON,
        }
    )

    def __init__(self, session: Session, view: AttendanceView, reader: Reader) -> None:
        super().__init__(session)
        self._view = view
        self._reader = reader
        self._meeting: UUID | None = None
        self.shown: AttendanceList | None = None

    def open(self, meeting: UUID) -> None:
        """Present the attendance of `meeting`."""
        self._meeting = meeting
        self.shown = None
        self.reload()

    def load(self) -> None:
        """Ask for it."""
        meeting = self._meeting
        if meeting is not None:
            self.ask(lambda ws: queries.attendance_list(ws, meeting), self._show)

    def _show(self, found: AttendanceList) -> None:
        if found.meeting_id == self._meeting:
            self.shown = found
            self._view.show_attendance(found)

    # --- people

    def set_presence(self, rows: Sequence[AttendanceRow], choice: object) -> None:
        """Say of people that they were there, were not, or as measured (`AS_MEASURED`)."""
        ids = [row.invitation_id for row in rows if row.companion_id is None]
        if not ids:
            return
        if choice == AS_MEASURED:
            self.change(
                lambda ws: commands.measured_only(ws, ids), say("What was measured counts again.")
            )
            return
        kind = CorrectionKind(str(choice))
        words = say_count(
            len(ids), "Attendance of {count} person corrected.", "Attendance of {count} corrected."
        )
        self.change(lambda ws: commands.mark_attendance(ws, ids, kind), words)

    def set_hour(self, row: AttendanceRow, field: str, at: object) -> None:
        """Say when somebody came (`first_in`) or went (`last_out`), by the reader's clock."""
        if self.shown is None or not isinstance(at, time):
            return
        instant = instant_of(at, self._reader.zone, (self.shown.start, self.shown.end))
        if row.companion_id is not None:
            self._save_companion_hour(row, field, instant)
            return

        def work(workspace: Workspace) -> Changes:
            first = instant if field == "first_in" else None
            last = instant if field == "last_out" else None
            return commands.set_hours(workspace, row.invitation_id, first, last)

        self.change(work, failed=self._beside(field))

    def _save_companion_hour(self, row: AttendanceRow, field: str, instant: datetime) -> None:
        companion = self._companion(row)
        if companion is not None:
            name = "from_at" if field == "first_in" else "to_at"
            self.save(
                Kind.COMPANION,
                companion.id,
                companion.version,
                {name: instant},
                self._beside(field),
            )

    def _companion(self, row: AttendanceRow) -> CompanionRow | None:
        found = self.shown.companions if self.shown else ()
        return next((each for each in found if each.id == row.companion_id), None)

    # --- what is entered by hand

    def edit_record(
        self, kind: Kind, row: CorrectionRow | CompanionRow | ProxyRow, field: str, value: object
    ) -> None:
        """Save a field of a correction, a companion or a proxy; times are typed as words."""
        if field in {"from_at", "to_at", "ended_at"}:
            try:
                value = self._instant(str(value))
            except NotAValue as error:
                self._view.show_problem(field, str(error))
                return
        self.save(kind, row.id, row.version, {field: value}, self._beside(field))

    def delete_record(
        self, kind: Kind, rows: Sequence[CorrectionRow | CompanionRow | ProxyRow]
    ) -> None:
        """Delete what was entered by hand."""
        records = [(row.id, row.version) for row in rows]
        self.change(
            lambda ws: commands.delete_many(ws, kind, records),
            say_count(len(records), "{count} entry deleted.", "{count} entries deleted."),
        )

    def correct(self, values: Mapping[str, Any], then: Callable[[], None], failed: Failed) -> None:
        """Correct somebody's attendance. values: invitation_id, kind, from_at, to_at, reason."""
        stretch = self._typed(values, failed)
        if stretch is not None:
            self._carry_out(
                lambda ws: commands.correct_attendance(
                    ws,
                    values["invitation_id"],
                    CorrectionKind(values["kind"]),
                    *stretch,
                    reason=values["reason"],
                ),
                then,
                failed,
            )

    def add_companion(
        self, values: Mapping[str, Any], then: Callable[[], None], failed: Failed
    ) -> None:
        """Put somebody behind a camera.

        values: invitation_id, person_id, name, partner_id, from_at, to_at.
        """
        stretch = self._typed(values, failed)
        if stretch is not None:
            self._carry_out(
                lambda ws: commands.add_companion(
                    ws,
                    values["invitation_id"],
                    person_id=values["person_id"],
                    name=values["name"] if values["person_id"] is None else "",
                    partner_id=values["partner_id"],
                    from_at=stretch[0],
                    to_at=stretch[1],
                ),
                then,
                failed,
            )

    def announce(self, values: Mapping[str, Any], then: Callable[[], None], failed: Failed) -> None:
        """Write a proxy down. values: from_partner_id, to_partner_id, note."""
        meeting = self._meeting
        if meeting is not None:
            self._carry_out(
                lambda ws: commands.announce_proxy(
                    ws,
                    meeting,
                    values["from_partner_id"],
                    values["to_partner_id"],
                    note=values["note"],
                ),
                then,
                failed,
            )

    def end_proxy(self, row: ProxyRow) -> None:
        """Take a proxy back, from now on."""
        self.change(
            lambda ws: commands.end_proxy(ws, row.id, row.version),
            say("The proxy of {partner} has ended.", partner=row.from_partner),
        )

    def confirm(self, confirmed: bool) -> None:
        """Say that the attendance is right, or is not yet."""
        meeting = self._meeting
        if meeting is not None:
            self.change(
                lambda ws: commands.confirm_attendance(ws, meeting, confirmed=confirmed),
                say("Attendance confirmed.") if confirmed else "",
            )

    # --- inside

    def _instant(self, words: str) -> datetime | None:
        """Return the instant that typed words mean; raises NotAValue."""
        if self.shown is None:
            return None
        return optional_instant_of(words, self._reader.zone, (self.shown.start, self.shown.end))

    def _typed(
        self, values: Mapping[str, Any], failed: Failed
    ) -> tuple[datetime | None, datetime | None] | None:
        """Return the stretch that was typed; None if it is none (said)."""
        found: list[datetime | None] = []
        for field in ("from_at", "to_at"):
            try:
                found.append(self._instant(str(values[field] or "")))
            except NotAValue as error:
                failed(DomainError("not_a_time", str(error), field=field))
                return None
        return found[0], found[1]

    def _carry_out(
        self,
        work: Callable[[Workspace], tuple[UUID, Changes]],
        then: Callable[[], None],
        failed: Failed,
    ) -> None:
        self.ask(work, lambda _: then(), failed)

    def _beside(self, field: str) -> Failed:
        return lambda error: self._view.show_problem(field, say_error(error))
