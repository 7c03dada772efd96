"""The minutes on their way to those who read them in the call (adr/0044).

What changed is told to the host as text, at most twice a second; a host that is new, or was
restarted, is told everything that is not empty.
"""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from projectdesk.desktop.pages.meeting.minutes import MinutesPane
from projectdesk.desktop.presenters.minutes import MinutesRows
from projectdesk.domain.minutes import ActionStatus
from projectdesk.services.rows import ActionRow, DecisionRow
from projectdesk.signalling import notes

PAUSE_MS = 500
_AT_ONCE = 8
"""Items told in one go: a console may say twenty things a second."""


class LiveNotes(QObject):
    """Watches an editor of minutes, and says what a host is to be told.

    sent: a `notes.WriteNotes`.
    """

    sent = Signal(object)

    def __init__(self, minutes: MinutesPane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._minutes = minutes
        self._told: dict[UUID, notes.ItemNotes] = {}
        self._listening = False
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self._tell)
        minutes.written.connect(self._hurry)

    def start_over(self) -> None:
        """Tell a host everything: it may be another one than before."""
        self._told = {}
        self._listening = True
        self._hurry()

    def stop(self) -> None:
        """Tell nothing more."""
        self._listening = False
        self._timer.stop()

    def _hurry(self) -> None:
        if self._listening and not self._timer.isActive():
            self._timer.start()

    def _tell(self) -> None:
        presenter, rows = self._minutes.presenter, self._minutes.rows
        if rows is None or not presenter.writable:
            return
        told = 0
        for item in sorted(rows.items, key=lambda item: item.id != self._minutes.item):
            written = item_notes(rows, item.id, presenter.text_of(item.id))
            if written == self._told.get(item.id, notes.ItemNotes(item=item.id.hex)):
                continue
            if told == _AT_ONCE:
                self._timer.start()
                return
            told += 1
            self._told[item.id] = written
            self.sent.emit(notes.WriteNotes(notes=written))


def item_notes(rows: MinutesRows, item: UUID, text: str) -> notes.ItemNotes:
    """Return what readers see of an item; pure.

    Args:
        rows: decisions and actions of the meeting.
        item: the agenda item.
        text: its notes.
    """
    return notes.ItemNotes(
        item=item.hex,
        text=text[: notes.MAX_NOTES],
        decisions=[_line(row) for row in rows.decisions if row.agenda_item_id == item][
            : notes.MAX_LINES
        ],
        actions=[_action(row) for row in rows.actions if row.agenda_item_id == item][
            : notes.MAX_LINES
        ],
    )


def _line(row: DecisionRow | ActionRow) -> str:
    return row.text[: notes.MAX_LINE]


def _action(row: ActionRow) -> notes.NotedAction:
    return notes.NotedAction(
        text=_line(row),
        owner=row.owner[: notes.MAX_LINE],
        due=row.due_on.isoformat() if row.due_on is not None else None,
        done=row.status is ActionStatus.DONE,
    )
