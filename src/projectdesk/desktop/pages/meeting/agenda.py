"""The agenda of a meeting: days, sections and items; order by dragging and by keys; the backlog."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QMenu

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.agenda_lines import (
    AgendaLine,
    Place,
    place_at,
    sum_words,
    time_hint,
)
from projectdesk.desktop.models.fields import Column, Entry, Field, Option, Target
from projectdesk.desktop.models.words import options, tone, word
from projectdesk.desktop.pages.files_at_hand import sorted_drop
from projectdesk.desktop.pages.meeting.backlog_panel import BacklogPanel
from projectdesk.desktop.pages.page import wire
from projectdesk.desktop.presenters.agenda import AgendaPresenter, AgendaShown, Related
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone, restyle, set_icon
from projectdesk.desktop.widgets.agenda_table import AgendaTable
from projectdesk.desktop.widgets.clock_width import with_clock
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.layout import button, icon_button, show_if, text
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.domain.meetings import ItemKind, MeetingState
from projectdesk.domain.rules.agenda_times import LAST_DAY
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.services.agenda_rows import AgendaItemRow, BacklogRow
from projectdesk.services.rows import Kind, MeetingRow

_LONGEST_ITEM = 24 * 60
_HERE, _ABOUT, _TAKEN, _ADDED = 2, 6, 8, 9
T = TypeVar("T")


class AgendaPane(RecordsPane[AgendaLine]):
    """The items in their order, under their days and sections."""

    def __init__(self, session: Session, choices: Choices, reader: Reader) -> None:
        self._choices = choices
        self._reader = reader
        self._meeting: MeetingRow | None = None
        self._related = Related()
        self.shown: AgendaShown | None = None
        self.add = button(say("Add item"), "primary", "plus", self.add_item)
        self.waiting = button(say("Backlog"), "", "inbox", self.toggle_backlog)
        self.left = button("", "quiet", "history", self.ask_carry_over)
        self.more = icon_button("ellipsis", say("More for the agenda"))
        self.more.setPopupMode(self.more.ToolButtonPopupMode.InstantPopup)
        self.sum = text("", "muted")
        empty = EmptyState(
            "list-todo",
            say("The agenda is empty"),
            say("Add what is to be talked about, or fill it from a template; times follow."),
            say("Add item"),
            say("Use a template"),
        )
        super().__init__(
            self._columns(),
            empty,
            lines=self._fields_of_item(),
            title=lambda r: (
                r.words if r.item is None else f"{r.item.label}  {r.item.title}".strip()
            ),
            subtitle=_about,
            delete_words=say("Delete item"),
            label=say("Agenda"),
            left=[self.sum],
            right=[self.left, self.waiting, self.more, self.add],
            sortable=False,
            ordered=AgendaTable,
        )
        self.filter.hide()
        self.presenter = AgendaPresenter(session, self)
        wire(self, self.presenter, Kind.AGENDA_ITEM)
        self.backlog = BacklogPanel()
        self.backlog.hide()
        self._beside.addWidget(self.backlog)
        self._connect(empty)
        reader.on_loaded(self._show_zone)

    def _connect(self, empty: EmptyState) -> None:
        self.more.setMenu(self._menu())
        if isinstance(self.table, AgendaTable):
            self.table.moved.connect(self.presenter.move)
            self.table.waiting_dropped.connect(self._drop_waiting)
            self.table.files_dropped.connect(self._drop_files)
        self.table.empty_acted.connect(self.add_item)
        empty.acted_otherwise.connect(self.ask_template)
        self.delete_asked.connect(self._delete)
        self.backlog.put.connect(self._put)
        self.backlog.closed.connect(self.toggle_backlog)
        self.backlog.added.connect(self._ask_waiting)
        self.backlog.delete_asked.connect(self.presenter.delete_waiting)
        show_if(self.left, False)
        self.table.set_actions(self._actions())

    def _actions(self) -> list[RowAction[AgendaLine]]:
        return [
            RowAction(
                say("Put into the backlog"),
                "inbox",
                self.presenter.to_backlog,
                "Ctrl+B",
                when=lambda line: line.item is not None and not line.item.is_break,
            ),
            RowAction(
                say("Begin a section here"),
                "layers",
                lambda lines: self._ask_section(lines[0]),
                when=lambda line: line.item is not None,
            ),
            RowAction(
                say("Rename section"),
                "file-text",
                lambda lines: self._ask_section(lines[0]),
                when=lambda line: line.is_section,
            ),
            RowAction(
                say("Delete item"),
                "trash-2",
                lambda lines: self._delete(lines[0]),
                "Del",
                when=lambda line: line.item is not None,
                danger=True,
            ),
        ]

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for words, icon, run in (
            (say("Add break"), "pause", self.add_break),
            (say("Begin a section here"), "layers", lambda: self._ask_section(None)),
            (say("Days and hours"), "calendar-days", self.ask_days),
            (None, "", None),
            (say("Carry over from the last meeting"), "history", self.ask_carry_over),
            (say("Templates"), "layout-grid", self.ask_template),
            (say("Import an agenda"), "file-down", self.ask_import),
            (None, "", None),
            (say("Send the agenda"), "mail", self.ask_send),
        ):
            if words is None or run is None:
                menu.addSeparator()
                continue
            made = menu.addAction(words)
            set_icon(made, icon, Tone.MUTED)
            made.triggered.connect(lambda _=False, chosen=run: chosen())
        return menu

    # --- columns and fields

    def _columns(self) -> list[Column[AgendaLine]]:
        return [
            Column(
                "",
                lambda r: r.words if r.item is None else r.item.label,
                width=44,
                alarm=lambda r: r.alarm,
                bold=lambda r: r.item is None,
                tip=lambda r: r.words,
                name="number",
                about=say("Number"),
            ),
            Column(
                say("Time"),
                self._starts,
                width=with_clock(68),
                muted=True,
                alarm=of(lambda i: i.overlap_minutes > 0, False),
                tip=of(time_hint, ""),
            ),
            Column(
                say("For you"), self._starts_here, width=with_clock(96), muted=True, optional=True
            ),
            Column(
                say("Item"),
                of(lambda i: f"{i.track}: {i.title}" if i.track else i.title, ""),
                stretch=4,
                strong=True,
                field=_field("title", say("Item"), lambda i: i.title),
                tip=of(lambda i: i.description or i.title, ""),
            ),
            Column(
                say("Kind"),
                of(lambda i: word(i.kind), ""),
                width=116,
                tone=of(lambda i: tone(i.kind), None),
                field=_kind(),
                optional=True,
            ),
            Column(
                say("Presenter|agenda"),
                of(lambda i: i.presenter or i.presenter_text, ""),
                stretch=2,
                field=self._presenter_field(),
                optional=True,
            ),
            Column(say("About"), of(_related, ""), width=112, muted=True, optional=True),
            Column(
                say("Planned"),
                of(lambda i: formats.minutes(i.duration_minutes), ""),
                width=84,
                right=True,
                field=_minutes(),
            ),
            Column(
                say("Taken"),
                of(lambda i: formats.span(i.actual_seconds) if i.actual_seconds else "–", ""),
                width=88,
                right=True,
                muted=True,
                alarm=of(lambda i: i.actual_seconds > i.duration_minutes * 60, False),
            ),
            Column(
                say("Added"),
                lambda r: say("Later") if self._is_late(r) else "",
                width=84,
                tone=lambda r: Tone.WARNING if self._is_late(r) else None,
                tip=lambda r: say("Added after the agenda was sent") if self._is_late(r) else "",
            ),
        ]

    def _fields_of_item(self) -> list[Field[AgendaLine] | list[Field[AgendaLine]]]:
        def chosen(name: str, label: str, group: str) -> Field[AgendaLine]:
            return _field(
                name,
                label,
                lambda item: getattr(item, name),
                Entry.CHOICE,
                lambda: getattr(self._related, group),
            )

        return [
            _field("title", say("Item"), lambda i: i.title),
            [_kind(), _minutes()],
            self._presenter_field(),
            _field("presenter_text", say("Or presented by"), lambda i: i.presenter_text),
            [
                _field("section", say("Section"), lambda i: i.section),
                _field(
                    "day", say("Day"), lambda i: i.day, Entry.NUMBER, minimum=1, maximum=LAST_DAY
                ),
            ],
            [
                _field(
                    "starts_minute", say("Fixed start"), _clock, hint=say("after the one above")
                ),
                _field("track", say("Parallel session"), lambda i: i.track, hint=say("Room A")),
            ],
            _field(
                "work_package_id",
                say("Work package"),
                lambda i: i.work_package_id,
                Entry.CHOICE,
                self._choices.work_packages,
            ),
            chosen("deliverable_id", say("Deliverable"), "deliverables"),
            chosen("milestone_id", say("Milestone"), "milestones"),
            chosen("risk_id", say("Risk"), "risks"),
            chosen("minutes_of_id", say("Approves the minutes of"), "meetings"),
            _field("description", say("Description"), lambda i: i.description, Entry.LONG_TEXT),
        ]

    def _presenter_field(self) -> Field[AgendaLine]:
        return _field(
            "presenter_id",
            say("Presenter|agenda"),
            lambda i: i.presenter_id,
            Entry.CHOICE,
            self._choices.people,
        )

    # --- what the page and the presenter call

    def open_meeting(self, meeting: UUID) -> None:
        """Show the agenda of `meeting`."""
        self.table.clear_selection()
        self.presenter.open(meeting)

    def show_meeting(self, row: MeetingRow) -> None:
        """Show times by the meeting's start, and the sum against its length."""
        self._meeting = row
        self._show_zone()
        self._show_sum()

    def show_agenda(self, shown: AgendaShown) -> None:
        """Show items, backlog and what the last meeting left."""
        self.shown = shown
        self._related = shown.related
        self.show_rows(shown.lines)
        self.backlog.show_rows(shown.waiting)
        count = len(shown.waiting)
        self.waiting.setText(say("Backlog ({count})", count=count) if count else say("Backlog"))
        ahead = self._meeting is None or self._meeting.state is MeetingState.PLANNED
        self.left.setText(say("Carry over ({count})", count=shown.left))
        show_if(self.left, bool(shown.left) and ahead)
        self._show_zone()
        self._show_sum()

    def _inspect(self, shown: AgendaLine | None) -> None:
        super()._inspect(None if shown is not None and shown.item is None else shown)

    def _show_zone(self) -> None:
        shown = self.shown
        if shown is None:
            return
        held = any(item.actual_seconds for item in shown.plan.items)
        same = self._reader.zone == shown.plan.zone
        about = any(item.related or item.documents for item in shown.plan.items)
        late = any(self._is_late(line) for line in shown.lines)
        needless = ((_TAKEN, not held), (_HERE, same), (_ABOUT, not about), (_ADDED, not late))
        self.table.set_columns_hidden(frozenset(number for number, hidden in needless if hidden))
        self.table.refresh()

    def _is_late(self, line: AgendaLine) -> bool:
        """Return whether an item came onto the agenda after it was sent."""
        sent = self._meeting.agenda_sent_at if self._meeting is not None else None
        added = line.item.added_at if line.item is not None else None
        return sent is not None and added is not None and added > sent

    def _starts(self, line: AgendaLine) -> str:
        if line.item is None or line.item.starts_at is None or self.shown is None:
            return ""
        return formats.clock(to_local(line.item.starts_at, self.shown.plan.zone))

    def _starts_here(self, line: AgendaLine) -> str:
        if line.item is None or line.item.starts_at is None or self.shown is None:
            return ""
        here = to_local(line.item.starts_at, self._reader.zone)
        there = to_local(line.item.starts_at, self.shown.plan.zone)
        apart = (here.date() - there.date()).days
        sign = f" ({apart:+d})" if apart else ""
        return formats.clock(here) + sign

    def _show_sum(self) -> None:
        if self._meeting is None or self.shown is None:
            return
        words, too_long = sum_words(self.shown.plan, self._meeting.duration_minutes)
        self.sum.setText(words)
        self.sum.setProperty("look", "alarm" if too_long else "muted")
        restyle(self.sum)

    # --- what a person asks for

    def add_item(self) -> None:
        """Make an item below the selected line, else at the end."""
        self.presenter.add_at({"title": say("New item"), "duration_minutes": 10}, self._below())

    def add_break(self) -> None:
        """Make a break below the selected line, else at the end."""
        values = {"title": say("Break"), "kind": ItemKind.BREAK, "duration_minutes": 15}
        self.presenter.add_at(values, self._below())

    def toggle_backlog(self) -> None:
        """Show or hide what waits."""
        self.backlog.setVisible(self.backlog.isHidden())
        if not self.backlog.isHidden():
            self.backlog.list.setFocus()

    def ask_days(self) -> None:
        """Ask from when until when each day lasts."""
        from projectdesk.desktop.pages.meeting.agenda_dialogs import days_dialog

        if self._meeting is not None and self.shown is not None:
            days_dialog(self.window(), self.presenter, self._meeting, self.shown.plan).open()

    def ask_carry_over(self) -> None:
        """Show what the last meeting left, to be taken."""
        from projectdesk.desktop.pages.meeting.agenda_dialogs import CarryOverDialog

        self.presenter.ask_left(
            lambda found: CarryOverDialog(self.window(), self.presenter, found).open()
        )

    def ask_template(self) -> None:
        """Show the templates, and what each would make."""
        from projectdesk.desktop.pages.meeting.template_dialog import TemplateDialog

        project = self._meeting.project_id if self._meeting else None
        TemplateDialog(self.window(), self.presenter, project).open()

    def ask_import(self) -> None:
        """Take an agenda out of a file or of what was pasted."""
        from projectdesk.desktop.pages.meeting.agenda_import import AgendaImportDialog

        AgendaImportDialog(self.window(), self.presenter).open()

    def ask_send(self) -> None:
        """Ask how the agenda is sent."""
        from projectdesk.desktop.pages.meeting.agenda_dialogs import SendAgendaDialog

        if self._meeting is not None:
            SendAgendaDialog(self.window(), self.presenter, self._meeting).open()

    def _ask_section(self, line: AgendaLine | None) -> None:
        from projectdesk.desktop.pages.meeting.agenda_dialogs import section_dialog

        chosen = line or self.table.current()
        if chosen is not None:
            section_dialog(self.window(), self.presenter, chosen).open()

    def _ask_waiting(self) -> None:
        from projectdesk.desktop.pages.meeting.agenda_dialogs import waiting_dialog

        if self._meeting is not None:
            waiting_dialog(self.window(), self.presenter, self._meeting).open()

    def _below(self) -> Place | None:
        current = self.table.current()
        if current is None or self.shown is None or not self.table.selected():
            return None
        at = next(
            (n for n, line in enumerate(self.shown.lines) if line.id == current.id),
            len(self.shown.lines) - 1,
        )
        return place_at(self.shown.lines, at + 1)

    def _put(self, rows: Sequence[BacklogRow]) -> None:
        self.presenter.to_agenda([row.id for row in rows], self._below())

    def _drop_waiting(self, ids: Sequence[UUID], at: int) -> None:
        if self.shown is not None:
            self.presenter.to_agenda(ids, place_at(self.shown.lines, at))

    def _drop_files(self, line: AgendaLine, data: QMimeData) -> None:
        files, left_out = sorted_drop(data)
        self.presenter.attach(line, files, left_out)

    def _delete(self, line: AgendaLine) -> None:
        if line.item is not None:
            self.presenter.delete(line, f"{line.item.label} {line.item.title}".strip())


def of(value: Callable[[AgendaItemRow], T], otherwise: T) -> Callable[[AgendaLine], T]:
    """Return what reads something of a line's item, `otherwise` of a heading."""
    return lambda line: otherwise if line.item is None else value(line.item)


def _field(
    name: str,
    label: str,
    value: Callable[[AgendaItemRow], object],
    entry: Entry = Entry.TEXT,
    choices: Callable[[], Sequence[Option]] = lambda: (),
    **more: Any,
) -> Field[AgendaLine]:
    """Return a field of an item; a heading has none."""
    return Field(name, label, of(value, None), entry, choices, target=_target, **more)


def _target(line: AgendaLine) -> Target | None:
    return None if line.item is None else Target(Kind.AGENDA_ITEM, line.id, line.version)


def _kind() -> Field[AgendaLine]:
    return _field("kind", say("Kind"), lambda i: i.kind, Entry.CHOICE, lambda: options(ItemKind))


def _minutes() -> Field[AgendaLine]:
    return _field(
        "duration_minutes",
        say("Length in minutes"),
        lambda i: i.duration_minutes,
        Entry.NUMBER,
        minimum=0,
        maximum=_LONGEST_ITEM,
    )


def _clock(item: AgendaItemRow) -> str:
    minute = item.starts_minute
    return "" if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"


def _related(item: AgendaItemRow) -> str:
    parts = list(item.related)
    if item.documents:
        parts.append(f"📎 {item.documents}")
    return "  ".join(parts)


def _about(line: AgendaLine) -> str:
    item = line.item
    if item is None:
        return ""
    parts = [
        *item.related,
        say("Minutes of {meeting}", meeting=item.minutes_of) if item.minutes_of else "",
        say("From {meeting}", meeting=item.carried_from) if item.carried_from else "",
        time_hint(item),
    ]
    return formats.joined(parts)
