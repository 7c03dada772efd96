"""Who was there: people, partners, the quorum over time, and what is said of it by hand."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QFrame, QMenu, QStackedWidget, QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column, Field
from projectdesk.desktop.pages.meeting import attendance_tables as tables
from projectdesk.desktop.pages.meeting.attendance_dialogs import (
    ask_companion,
    ask_correction,
    ask_proxy,
)
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.attendance import AS_MEASURED, AttendancePresenter
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.theme.tokens import ROW_HEIGHT, SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.badges import Banner
from projectdesk.desktop.widgets.data_table import DataTable, RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.header import Segments
from projectdesk.desktop.widgets.layout import (
    button,
    column,
    plain,
    scrolled,
    show_if,
    text,
)
from projectdesk.desktop.widgets.step_chart import Step, StepChart
from projectdesk.desktop.widgets.toolbar import toolbar
from projectdesk.domain.minutes import CorrectionKind
from projectdesk.domain.rules.attendance import AttendanceStatus
from projectdesk.services.attendance_rows import (
    AttendanceList,
    AttendanceRow,
    PartnerAttendanceRow,
    ProxyRow,
    QuorumLine,
    QuorumStretch,
)
from projectdesk.services.rows import Kind

PEOPLE, PARTNERS, QUORUM, BY_HAND = range(4)
_HEADER = 38


def _empty() -> EmptyState:
    return EmptyState(
        "clock",
        say("Nobody has been here yet"),
        say(
            "Attendance is measured while the meeting runs. Of a meeting without a call, invite "
            "who was there and say so here."
        ),
    )


class _Card(QFrame):
    """A table with a heading, as high as its rows; a sentence where there are none."""

    def __init__(
        self,
        title: str,
        nothing: str,
        columns: Sequence[Column[Any]],
        key: Callable[[Any], Hashable],
        name: str,
    ) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.table: DataTable[Any] = DataTable(
            columns, key, EmptyState("users", title, nothing), name=name
        )
        self.table.setAccessibleName(title)
        self._nothing = text(nothing, "muted", wrap=True)
        self.setLayout(
            column(
                text(title, "heading"),
                self._nothing,
                self.table,
                spacing=SPACE_S,
                margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_L),
            )
        )

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show all rows."""
        show_if(self._nothing, not rows)
        show_if(self.table, bool(rows))
        self.table.show_rows(rows)
        self.table.setFixedHeight(_HEADER + max(len(rows), 1) * ROW_HEIGHT)


class AttendancePane(Presented, QWidget):
    """Four views of one truth."""

    def __init__(self, session: Session, choices: Choices, reader: Reader) -> None:
        super().__init__()
        self._reader, self._choices = reader, choices
        self._edited: DataTable[Any] | None = None
        self.presenter = self.present(AttendancePresenter(session, self, reader))
        self.people: DataTable[AttendanceRow] = DataTable(
            tables.people_columns(self._zone), lambda r: r.id, _empty(), name="attendance-people"
        )
        self.people.setAccessibleName(say("People"))
        self.partners: DataTable[PartnerAttendanceRow] = DataTable(
            tables.partner_columns(self._zone),
            lambda r: r.partner_id,
            _empty(),
            name="attendance-partners",
        )
        self.partners.setAccessibleName(say("Partners"))
        self._make_quorum()
        self._make_by_hand()
        self._stack = QStackedWidget()
        for part in (self.people, self.partners, self.quorum, self._by_hand):
            self._stack.addWidget(part)
        self._make_bar()
        layout = column(
            self._bar,
            self._summary,
            self.warning,
            self._stack,
            spacing=SPACE_S,
            margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL),
        )
        layout.setStretch(3, 1)
        self.setLayout(layout)
        self._wire()

    def _zone(self) -> str:
        return self._reader.zone

    # --- making

    def _make_bar(self) -> None:
        self.by = Segments(
            [
                (PEOPLE, say("People")),
                (PARTNERS, say("Partners")),
                (QUORUM, say("Quorum")),
                (BY_HAND, say("By hand")),
            ]
        )
        self.by.chosen.connect(lambda number: self._stack.setCurrentIndex(int(str(number))))
        self._summary = text("", "muted", wrap=True)
        self.warning = Banner()
        self.add = button(say("By hand"), "", "plus")
        self.add.setProperty("menu", "true")
        self.add.setMenu(self._menu())
        self.confirm = button(say("Confirm attendance"), "primary", "check", self._confirm)
        self._bar = toolbar(self.by, None, self.add, self.confirm)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for words, icon, run in (
            (say("Correct attendance"), "clock", self.ask_correction),
            (say("Somebody in the room"), "users", self.ask_companion),
            (say("Announce a proxy"), "user-plus", self.ask_proxy),
        ):
            made = menu.addAction(words)
            set_icon(made, icon, Tone.MUTED)
            made.triggered.connect(lambda _=False, ask=run: ask())
        self._asks = list(menu.actions())
        return menu

    def _make_quorum(self) -> None:
        self.chart = StepChart(say("Quorum over the meeting"))
        self.stretches: DataTable[QuorumStretch] = DataTable(
            tables.stretch_columns(self._zone),
            lambda r: r.start,
            EmptyState(
                "landmark",
                say("No quorum to count"),
                say("It is counted for a meeting of a body with members, once it has begun."),
            ),
            sortable=False,
            name="attendance-quorum",
        )
        self.stretches.setAccessibleName(say("Quorum over the meeting"))
        self._rule = text("", "muted", wrap=True)
        layout = column(self._rule, self.chart, self.stretches, spacing=SPACE_M)
        layout.setStretch(2, 1)
        self.quorum = plain(layout)
        self.chart.chosen.connect(self._select_stretch)
        self.stretches.current_changed.connect(self._mark_stretch)

    def _make_by_hand(self) -> None:
        self.corrections = _Card(
            say("Corrections"),
            say("Nobody said otherwise than what was measured."),
            tables.correction_columns(self._zone),
            lambda r: r.id,
            "attendance-corrections",
        )
        self.companions = _Card(
            say("In the room behind another's camera"),
            say("Nobody sat behind another's camera."),
            tables.companion_columns(self._zone, self._choices.partners),
            lambda r: r.id,
            "attendance-companions",
        )
        self.proxies = _Card(
            say("Proxies"),
            say("No member let another represent it."),
            tables.proxy_columns(self._zone),
            lambda r: r.id,
            "attendance-proxies",
        )
        cards = column(self.corrections, self.companions, self.proxies, None, spacing=SPACE_L)
        self._by_hand = scrolled(plain(cards))

    def _wire(self) -> None:
        self.people.edited.connect(self._on_edited)
        self.people.edited_many.connect(self._on_edited_many)
        self.people.set_actions(self._people_actions())
        for table in (self.people, self.partners, self.stretches):
            table.refused.connect(self.presenter.say_problem)
        for kind, card in (
            (Kind.ATTENDANCE_CORRECTION, self.corrections),
            (Kind.COMPANION, self.companions),
            (Kind.PROXY, self.proxies),
        ):
            self._wire_card(kind, card)

    def _wire_card(self, kind: Kind, card: _Card) -> None:
        def edited(shown: Any, of: Field[Any], value: object) -> None:
            self._edited = card.table
            self.presenter.edit_record(kind, shown, of.name, value)

        def edited_many(edits: Sequence[Any], _label: str) -> None:
            for each in edits:
                edited(each.row, each.field, each.value)

        card.table.edited.connect(edited)
        card.table.edited_many.connect(edited_many)
        card.table.refused.connect(self.presenter.say_problem)
        delete = RowAction[Any](
            say("Delete"),
            "trash-2",
            lambda rows: self.presenter.delete_record(kind, rows),
            "Del",
            many=True,
            danger=True,
        )
        card.table.set_actions([*(self._proxy_actions() if kind is Kind.PROXY else ()), delete])

    def _proxy_actions(self) -> list[RowAction[ProxyRow]]:
        return [
            RowAction(
                say("End now"),
                "ban",
                lambda rows: self.presenter.end_proxy(rows[0]),
                when=lambda r: r.ended_at is None,
            )
        ]

    def _people_actions(self) -> list[RowAction[AttendanceRow]]:
        def set_to(choice: object) -> Callable[[list[AttendanceRow]], None]:
            return lambda rows: self.presenter.set_presence(rows, choice)

        def own(shown: AttendanceRow) -> bool:
            return shown.companion_id is None

        return [
            RowAction(
                say("There all the time"),
                "check",
                set_to(CorrectionKind.PRESENT),
                "Ctrl+Shift+P",
                many=True,
                when=own,
            ),
            RowAction(
                say("Not there"),
                "x",
                set_to(CorrectionKind.ABSENT),
                "Ctrl+Shift+A",
                many=True,
                when=own,
            ),
            RowAction(
                say("As measured"),
                "undo-2",
                set_to(AS_MEASURED),
                many=True,
                when=lambda r: r.is_corrected,
            ),
            RowAction(
                say("There for a stretch"),
                "clock",
                lambda rows: self.ask_correction(rows[0].invitation_id),
                when=own,
            ),
            RowAction(
                say("Somebody in the room"),
                "users",
                lambda rows: self.ask_companion(rows[0].invitation_id),
            ),
        ]

    # --- what the page calls

    def open_meeting(self, meeting: UUID) -> None:
        """Show the attendance of `meeting`."""
        self.presenter.open(meeting)

    # --- what the presenter calls

    def show_attendance(self, found: AttendanceList) -> None:
        """Show who was there."""
        begun = found.quorum.stretches or any(r.first_in for r in found.people)
        offered = bool(found.people) and (found.due or bool(begun))
        self.people.show_rows(found.people if offered else ())
        self.partners.show_rows(found.partners if begun else ())
        self.corrections.show_rows([c for r in found.people for c in r.corrections])
        self.companions.show_rows(found.companions)
        self.proxies.show_rows(found.proxies)
        self._show_quorum(found.quorum)
        self._summary.setText(_sum(found, self._reader.zone) if offered else "")
        self.warning.say(_problems(found))
        for action in self._asks:
            action.setEnabled(offered)
        self._asks[-1].setEnabled(any(r.member for r in found.partners))
        confirmed = found.confirmed_at is not None
        self.confirm.setText(say("Confirmed") if confirmed else say("Confirm attendance"))
        self.confirm.setToolTip(
            say(
                "Confirmed {when}. Press to take it back.",
                when=formats.moment(found.confirmed_at, self._reader.zone),
            )
            if confirmed
            else say("Who was there is right: the minutes can go out with it.")
        )
        show_if(self.confirm, bool(begun))

    def show_problem(self, field: str, words: str) -> None:
        """Say beside the cell that was edited last why its value was refused."""
        table = self._edited
        if table is None or not table.refusal.tell_typed(field, words):
            self.presenter.say_problem(words)

    def _show_quorum(self, line: QuorumLine) -> None:
        zone = self._reader.zone
        self.stretches.show_rows(line.stretches)
        show_if(self.chart, bool(line.stretches))
        show_if(self._rule, bool(line.stretches))
        if not line.stretches:
            return
        first, last = line.stretches[0], line.stretches[-1]
        steps = [
            Step(
                each.start,
                each.end,
                each.there,
                each.met,
                tables.stretch_words(each, zone),
                tables.clock(each.start, zone),
            )
            for each in line.stretches
        ]
        self.chart.show_steps(
            steps,
            first.needed,
            first.seats,
            say("{count} needed", count=first.needed),
            tables.clock(last.end, zone),
        )
        self._rule.setText(_quorum_sentence(line))

    def _select_stretch(self, number: int) -> None:
        self.stretches.select(self.stretches.rows[number].start)

    def _mark_stretch(self, shown: QuorumStretch | None) -> None:
        if shown in self.stretches.rows:
            self.chart.choose(self.stretches.rows.index(shown))

    # --- what a person does

    def _on_edited(self, shown: AttendanceRow, of: Field[AttendanceRow], value: object) -> None:
        self._edited = self.people
        if of.name == "presence":
            if value is not None:
                self.presenter.set_presence([shown], value)
        else:
            self.presenter.set_hour(shown, of.name, value)

    def _on_edited_many(self, edits: Sequence[Any], _label: str) -> None:
        for each in edits:
            self._on_edited(each.row, each.field, each.value)

    def ask_correction(self, who: UUID | None = None) -> None:
        """Ask when somebody was, or was not, there."""
        if self.presenter.shown is not None:
            current = self.people.current()
            chosen = who or (current.invitation_id if current is not None else None)
            ask_correction(self.window(), self.presenter, self.presenter.shown, chosen)

    def ask_companion(self, who: UUID | None = None) -> None:
        """Ask who sits in the room behind whose camera."""
        if self.presenter.shown is not None:
            ask_companion(self.window(), self.presenter, self._choices, self.presenter.shown, who)

    def ask_proxy(self) -> None:
        """Ask which member is represented by which."""
        if self.presenter.shown is not None:
            ask_proxy(self.window(), self.presenter, self.presenter.shown)

    def _confirm(self) -> None:
        shown = self.presenter.shown
        if shown is not None:
            self.presenter.confirm(shown.confirmed_at is None)


def _sum(found: AttendanceList, zone: str) -> str:
    """Return the figures of a meeting's attendance in a line."""
    parts = [
        say_count(found.present, "{count} person was there", "{count} people were there"),
        _partners_there(found.partners),
    ]
    if found.excused:
        parts.append(say("{count} excused", count=found.excused))
    if found.absent:
        parts.append(say("{count} absent", count=found.absent))
    if found.by_hand and found.present:
        parts.append(say("all said by hand"))
    parts.append(say("Times in {zone}", zone=formats.city(zone)))
    return formats.joined(parts)


def _partners_there(rows: Sequence[PartnerAttendanceRow]) -> str:
    """Return how many partners were there or represented: of the body's members, where it has."""
    members = [each for each in rows if each.member]
    counted = members or rows
    there = sum(
        each.status in {AttendanceStatus.PRESENT, AttendanceStatus.REPRESENTED} for each in counted
    )
    return say(
        "{present} of {all} members" if members else "{present} of {all} partners",
        present=there,
        all=len(counted),
    )


def _problems(found: AttendanceList) -> str:
    """Return what is wrong with what was said by hand, "" for nothing."""
    wrong = sum(c.fault is not None for r in found.people for c in r.corrections)
    wrong += sum(each.fault is not None for each in found.proxies)
    return (
        say_count(
            wrong,
            "{count} entry by hand does not fit the meeting or the rules of its body: see By hand.",
            "{count} entries by hand do not fit the meeting or the rules of its body: see By hand.",
        )
        if wrong
        else ""
    )


def _quorum_sentence(line: QuorumLine) -> str:
    """Return how the quorum went over the whole meeting."""
    rule = say(
        "{body}: {rule} of the members, present or represented.", body=line.body, rule=line.rule
    )
    if not line.broken:
        return f"{rule} {say('The quorum held all the time.')}"
    broken = say(
        "No quorum for {time} in all.", time=formats.minutes(max(round(line.broken_minutes), 1))
    )
    return f"{rule} {broken}"
