"""What comes before a meeting: its notice by the rules of its body, and the reminders of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.domain.rules.notice import NoticeRule
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.services import commands, queries
from projectdesk.services.notice_rows import NoticeRow
from projectdesk.services.reminder_rows import ReminderRow, RemindersRow
from projectdesk.services.rows import BodyRow, Kind, MeetingRow

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace


@dataclass(frozen=True)
class Preparation:
    """A meeting, its notice, its reminders, and the bodies it may belong to.

    today: where the meeting is.
    """

    meeting: MeetingRow
    notice: NoticeRow
    reminders: RemindersRow
    bodies: Sequence[BodyRow]
    today: date


class PreparingView(Protocol):
    """Where it is shown."""

    def show_preparation(self, shown: Preparation) -> None:
        """Show it."""


class PreparingPresenter(Presenter):
    """Presents what comes before one meeting."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {
            Kind.MEETING,
            Kind.AGENDA_ITEM,
            Kind.BODY,
            Kind.REMINDER,
            Kind.INVITATION,
            Kind.PERSON,
        }
    )

    def __init__(self, session: Session, view: PreparingView) -> None:
        super().__init__(session)
        self._view = view
        self._meeting: UUID | None = None
        self.shown: Preparation | None = None

    def open(self, meeting: UUID) -> None:
        """Present what comes before `meeting`."""
        self._meeting = meeting
        self.shown = None
        self.reload()

    def load(self) -> None:
        """Ask for it."""
        meeting = self._meeting
        if meeting is not None:
            self.ask(lambda ws: _load(ws, meeting), self._show, lambda _: None)

    def note_sent(self, rule: NoticeRule, on: date | None) -> None:
        """Say on which day the invitations or the agenda went out; None = not yet."""
        shown = self.shown
        if shown is None:
            return
        row = shown.meeting
        self.change(
            lambda ws: commands.note_sent(ws, row.id, row.version, rule, on),
            say("Noted.") if on else say("Noted as not sent."),
        )

    def add_reminders(self, minutes_before: Sequence[int]) -> None:
        """Remind so long before the start."""
        meeting = self._meeting
        if meeting is not None:
            self.change(
                lambda ws: commands.add_reminders(ws, meeting, minutes_before),
                say_count(
                    len(minutes_before), "{count} reminder planned.", "{count} reminders planned."
                ),
            )

    def remove_reminder(self, row: ReminderRow) -> None:
        """Take a reminder back."""
        self.change(
            lambda ws: commands.delete(ws, Kind.REMINDER, row.id, row.version),
            say("Reminder removed."),
        )

    def _show(self, shown: Preparation) -> None:
        if shown.meeting.id == self._meeting:
            self.shown = shown
            self._view.show_preparation(shown)


def _load(workspace: Workspace, meeting: UUID) -> Preparation:
    row = queries.meeting(workspace, meeting)
    return Preparation(
        row,
        queries.meeting_notice(workspace, meeting),
        queries.meeting_reminders(workspace, meeting),
        queries.bodies(workspace, row.project_id),
        to_local(workspace.now(), row.zone).date(),
    )
