"""The agenda of a meeting: order by dragging, durations against the meeting's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column, Entry, Field
from projectdesk.desktop.models.words import options, tone, word
from projectdesk.desktop.pages.page import wire
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.meeting import AgendaPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import restyle
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.layout import button, text
from projectdesk.desktop.widgets.ordered_table import OrderedTable
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.domain.meetings import ItemKind
from projectdesk.services import queries
from projectdesk.services.rows import AgendaItemRow, Kind, MeetingRow

_LONGEST_ITEM = 24 * 60


class AgendaPane(RecordsPane[AgendaItemRow]):
    """The items in their order."""

    def __init__(self, session: Session, choices: Choices) -> None:
        self._choices = choices
        self._meeting: MeetingRow | None = None
        self._planned = 0
        self.add = button(say("Add item"), "primary", "plus", self._add)
        self.sum = text("", "muted")
        empty = EmptyState(
            "list-todo",
            say("The agenda is empty"),
            say("Add what is to be talked about; the times follow from the durations."),
            say("Add item"),
        )
        super().__init__(
            self._columns(),
            empty,
            lines=self._fields_of_item(),
            title=lambda r: f"{r.label}  {r.title}",
            subtitle=lambda r: r.work_package,
            delete_words=say("Delete item"),
            left=[self.sum],
            right=[self.add],
            placeholder=say("Filter items"),
            sortable=False,
        )
        self.filter.hide()
        self.presenter = AgendaPresenter(session, self)
        wire(self, self.presenter, Kind.AGENDA_ITEM)
        if isinstance(self.table, OrderedTable):
            self.table.moved.connect(lambda row, at: self.presenter.move(row.id, at))
        self.table.empty_acted.connect(self._add)
        self.delete_asked.connect(self._delete)
        self.table.set_actions(
            [
                RowAction(
                    say("Delete item"),
                    "trash-2",
                    lambda rows: self.presenter.delete_rows(rows, lambda row: row.title),
                    "Del",
                    many=True,
                    danger=True,
                )
            ]
        )

    def _columns(self) -> list[Column[AgendaItemRow]]:
        kind, minutes, presenter = _kind(), _minutes(), self._presenter_field()
        return [
            Column("", lambda r: r.label, width=48, muted=True),
            Column(say("Time"), self._starts, width=92, muted=True),
            Column(
                say("Item"),
                lambda r: r.title,
                stretch=3,
                strong=True,
                field=Field("title", say("Item"), lambda r: r.title),
            ),
            Column(
                say("Kind"),
                lambda r: word(r.kind),
                width=126,
                tone=lambda r: tone(r.kind),
                field=kind,
                optional=True,
            ),
            Column(
                say("Presenter"),
                lambda r: r.presenter or r.presenter_text,
                stretch=1,
                field=presenter,
                optional=True,
            ),
            Column(
                say("Planned"),
                lambda r: formats.minutes(r.duration_minutes),
                width=96,
                right=True,
                field=minutes,
            ),
            Column(
                say("Taken"),
                lambda r: formats.span(r.actual_seconds) if r.actual_seconds else "–",
                width=88,
                right=True,
                muted=True,
                alarm=lambda r: r.actual_seconds > r.duration_minutes * 60,
            ),
        ]

    def _fields_of_item(self) -> list[Field[AgendaItemRow] | list[Field[AgendaItemRow]]]:
        return [
            Field("title", say("Item"), lambda r: r.title),
            [_kind(), _minutes()],
            self._presenter_field(),
            Field("presenter_text", say("Or presented by"), lambda r: r.presenter_text),
            Field(
                "work_package_id",
                say("Work package"),
                lambda r: r.work_package_id,
                Entry.CHOICE,
                self._choices.work_packages,
            ),
            Field("description", say("Description"), lambda r: r.description, Entry.LONG_TEXT),
        ]

    def _presenter_field(self) -> Field[AgendaItemRow]:
        return Field(
            "presenter_id",
            say("Presenter"),
            lambda r: r.presenter_id,
            Entry.CHOICE,
            self._choices.people,
        )

    def open_meeting(self, meeting: UUID) -> None:
        """Show the agenda of `meeting`."""
        self.table.clear_selection()
        self.presenter.set_query(lambda ws: queries.agenda(ws, meeting))

    def show_meeting(self, row: MeetingRow) -> None:
        """Show times by the meeting's start, and the sum against its length."""
        self._meeting = row
        self.table.refresh()
        self._show_sum()

    def show_rows(self, rows: Sequence[AgendaItemRow]) -> None:
        """Show the items."""
        super().show_rows(rows)
        self._planned = sum(row.duration_minutes for row in rows)
        held = any(row.actual_seconds for row in rows)
        self.table.set_columns_hidden(frozenset() if held else frozenset({6}))
        self._show_sum()

    def _starts(self, row: AgendaItemRow) -> str:
        if self._meeting is None:
            return ""
        start = self._meeting.local_start + timedelta(minutes=row.starts_after_minutes)
        return formats.clock(start)

    def _show_sum(self) -> None:
        if self._meeting is None:
            return
        length = self._meeting.duration_minutes
        over = self._planned - length
        places = {"planned": formats.minutes(self._planned), "length": formats.minutes(length)}
        if over > 0:
            words = say(
                "{planned} planned for a meeting of {length}: {over} too long.",
                over=formats.minutes(over),
                **places,
            )
        elif over < 0:
            words = say(
                "{planned} planned of {length}, {rest} left.", rest=formats.minutes(-over), **places
            )
        else:
            words = say("{planned} planned, the whole meeting.", **places)
        self.sum.setText(words)
        self.sum.setProperty("look", "alarm" if over > 0 else "muted")
        restyle(self.sum)

    def _add(self) -> None:
        if self._meeting is not None:
            self.presenter.add(
                {"meeting_id": self._meeting.id, "title": say("New item"), "duration_minutes": 10}
            )

    def _delete(self, row: AgendaItemRow) -> None:
        self.presenter.delete(row, f"{row.label} {row.title}")


def _kind() -> Field[AgendaItemRow]:
    return Field("kind", say("Kind"), lambda r: r.kind, Entry.CHOICE, lambda: options(ItemKind))


def _minutes() -> Field[AgendaItemRow]:
    return Field(
        "duration_minutes",
        say("Minutes"),
        lambda r: r.duration_minutes,
        Entry.NUMBER,
        minimum=1,
        maximum=_LONGEST_ITEM,
    )
