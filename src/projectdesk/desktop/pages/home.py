"""Home: the next meetings, what is late or due, what is mine to do, what others did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import circulation_words, formats
from projectdesk.desktop.models.label_words import say_label
from projectdesk.desktop.models.notice_words import light_tone, urgent
from projectdesk.desktop.models.plan_words import how_late, late_tone, step_word
from projectdesk.desktop.models.words import tone, word
from projectdesk.desktop.pages.page import Page
from projectdesk.desktop.presenters.home import HomePresenter
from projectdesk.desktop.presenters.mail_trouble import MailTroublePresenter
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, SPACE_XS
from projectdesk.desktop.widgets.badges import Chip, Elided, Icon
from projectdesk.desktop.widgets.header import PageHeader, Segments
from projectdesk.desktop.widgets.layout import (
    button,
    column,
    hairline,
    plain,
    row,
    scrolled,
    show_if,
    text,
)
from projectdesk.desktop.widgets.spoken import Role, play
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.services.circulation_rows import MinutesLife
from projectdesk.services.home_rows import HomeRow, RecentRow
from projectdesk.services.notice_rows import NoticeRow
from projectdesk.services.plan_rows import LateRow
from projectdesk.services.rows import ActionRow, Kind, MeetingRow

_MOST = 6
_RECENT = 8
RowT = TypeVar("RowT")


class Line(QFrame):
    """One thing that waits; a click or Enter opens it."""

    opened = Signal(object)

    def __init__(
        self, route: Route, title: str, context: str, chip: str = "", look: Tone = Tone.NEUTRAL
    ) -> None:
        super().__init__()
        self._route = route
        self.setProperty("surface", "line")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        play(self, Role.Button)
        self.setAccessibleName(", ".join(part for part in (title, context, chip) if part))
        name, under = Elided(title, "strong"), Elided(context, "caption")
        layout: QHBoxLayout = row(
            column(name, under, spacing=2),
            Chip(chip, look),
            spacing=SPACE_M,
            margins=(SPACE_L, SPACE_S, SPACE_L, SPACE_S),
        )
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.opened.emit(self._route)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(self._route)
        else:
            super().keyPressEvent(event)


class Board(QFrame):
    """A card with a title and lines.

    opened: a route to go to. unfolded: all lines are wanted here, or only the first again.
    """

    opened = Signal(object)
    unfolded = Signal()

    def __init__(
        self,
        icon: str,
        title: str,
        nothing: str,
        more: Route | None,
        by: QWidget | None = None,
        most: int = _MOST,
    ) -> None:
        """Make an empty card.

        Args:
            icon: at its title.
            title: of the card.
            nothing: said when there are no lines.
            more: where all of them are; None = nowhere else, they are unfolded here.
            by: a control under the title that says which lines are shown.
            most: so many lines are shown while it is folded.
        """
        super().__init__()
        self.setProperty("surface", "card")
        self._count = text("", "muted")
        self._lines: QVBoxLayout = column(spacing=0)
        self._nothing = text(nothing, "muted", wrap=True)
        self._nothing.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_XL)
        self._place = more
        self._most = most
        self.folded = True
        self.more = button(say("Show all"), "link", "", self._show_more)
        head = row(
            Icon(icon, Tone.MUTED, 18),
            text(title, "heading"),
            self._count,
            None,
            self.more,
            spacing=SPACE_S,
            margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_M),
        )
        self.setLayout(
            column(
                head,
                *self._beside(by),
                hairline(),
                self._nothing,
                self._lines,
                None,
                spacing=0,
                margins=(0, 0, 0, SPACE_S),
            )
        )

    def _beside(self, by: QWidget | None) -> list[QWidget]:
        if by is None:
            return []
        return [plain(row(by, None, margins=(SPACE_L, 0, SPACE_L, SPACE_M)))]

    def first(self, rows: Sequence[RowT]) -> Sequence[RowT]:
        """Return those rows that are shown: all of them once they are unfolded."""
        return rows[: self._most] if self.folded else rows

    def _show_more(self) -> None:
        if self._place is not None:
            self.opened.emit(self._place)
            return
        self.folded = not self.folded
        self.unfolded.emit()

    def show_lines(self, lines: list[Line], total: int) -> None:
        """Show lines, of a total."""
        while (taken := self._lines.takeAt(0)) is not None:
            if (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for line in lines:
            line.opened.connect(self.opened)
            self._lines.addWidget(line)
        show_if(self._nothing, not lines)
        here = self._place is None
        self.more.setText(say("Show all") if self.folded else say("Show fewer"))
        show_if(self.more, total > self._most if here else bool(lines))
        self._count.setText(str(total) if total else "")


class HomePage(Page):
    """What waits, on one page."""

    def __init__(
        self,
        session: Session,
        reader: Reader,
        today: Callable[[], date] = date.today,
        now: Callable[[], datetime] = datetime.now,
        since: datetime | None = None,
    ) -> None:
        """Make the page.

        Args:
            session: the outside.
            reader: who reads, and in which zone.
            today: the date where they are.
            now: their local time.
            since: when they were last here, UTC; None = never.
        """
        super().__init__()
        self._since = since
        self._late: tuple[LateRow, ...] = ()
        self._reader = reader
        self._today = today
        self._now = now
        new = button(say("New meeting"), "primary", "calendar-plus")
        new.clicked.connect(lambda: self.go.emit(Route(Place.MEETINGS, tab="new")))
        self.header = PageHeader(say("Home"), "", [new])
        self._zones: Mapping[UUID, tuple[str, ...]] = {}
        self._unfinished: Mapping[UUID, int] = {}
        self.meetings = Board(
            "calendar-days",
            say("Next meetings"),
            say("Nothing is planned. A new meeting takes its agenda from the work plan."),
            Route(Place.MEETINGS, tab="upcoming"),
        )
        self.notices = Board(
            "bell",
            say("Notice of meetings"),
            "",
            Route(Place.MEETINGS, tab="upcoming"),
        )
        self.minutes = Board("file-pen-line", say("Minutes"), "", Route(Place.MEETINGS))
        self.minutes.hide()
        self.mail = Board("mail", say("Mail"), "", Route(Place.MAIL, tab="troubled"))
        self.mail.hide()
        self.mine = Board(
            "list-checks",
            say("My actions"),
            say("Nothing to do for you. Actions come from the minutes of meetings."),
            Route(Place.ACTIONS, tab="mine"),
        )
        self.by = Segments(
            [
                ("mine", say("For me")),
                ("all", say("All")),
                ("project", say("By project")),
                ("partner", say("By partner")),
            ]
        )
        self.by.chosen.connect(lambda _: self._show_due())
        self._recent: tuple[RecentRow, ...] = ()
        self.due = Board(
            "package",
            say("Late or due soon"),
            say("Nothing is late, and nothing is due in the next two months."),
            None,
            self.by,
        )
        self.recent = Board(
            "history",
            say("Since you were last here"),
            say("Nobody changed anything, and no answers came in."),
            None,
            most=_RECENT,
        )
        self.late = Board(
            "triangle-alert",
            say("Late actions of everybody"),
            say("Nobody is late."),
            Route(Place.ACTIONS, tab="late"),
        )
        self.mail.opened.connect(self.go)
        for board in (self.meetings, self.notices, self.minutes, self.mine, self.due, self.late,
                      self.recent):  # fmt: skip
            board.opened.connect(self.go)
        self.due.unfolded.connect(self._show_due)
        self.recent.unfolded.connect(self._show_recent)
        left = column(
            self.meetings, self.mail, self.notices, self.minutes, self.due, None, spacing=SPACE_L
        )
        right = column(self.mine, self.late, self.recent, None, spacing=SPACE_L)
        halves = row(plain(left), plain(right), spacing=SPACE_L)
        halves.setStretch(0, 1)
        halves.setStretch(1, 1)
        content = plain(column(halves, None, margins=(SPACE_XL, SPACE_XS, SPACE_XL, SPACE_XL)))
        top = plain(column(self.header, margins=(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_L)))
        layout = column(top, scrolled(content), spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.presenter = self.present(HomePresenter(session, self, today, since))
        self.present(MailTroublePresenter(session, self.show_mail))
        reader.on_loaded(self._greet)
        self._greet()

    def _greet(self) -> None:
        hour = self._now().hour
        if hour < 12:
            words = say("Good morning")
        elif hour < 18:
            words = say("Good afternoon")
        else:
            words = say("Good evening")
        me = self._reader.me
        name = (me.given_name or me.name) if me else ""
        self.header.set(f"{words}, {name}" if name else words, formats.weekday(self._today()))

    # --- what the presenter calls

    def show_home(self, shown: HomeRow) -> None:
        """Show what waits."""
        self._zones = shown.zones
        self._unfinished = shown.unfinished
        self._show(self.meetings, shown.meetings, self._meeting)
        self._show(self.notices, shown.notices, self._notice)
        show_if(self.notices, bool(shown.notices))
        self._show(self.minutes, shown.minutes, self._written)
        show_if(self.minutes, bool(shown.minutes))
        if not self._late and not any(row.mine for row in shown.late):
            self.by.choose("all")
        self._late = shown.late
        self._show_due()
        self._show(self.mine, shown.my_actions, self._action)
        self._show(self.late, shown.late_actions, self._action)
        self._recent = shown.recent
        self._show_recent()
        show_if(self.recent, self._since is not None)

    def show_mail(self, refused: int, uncertain: int) -> None:
        """Show how many mails were refused, and of how many nobody knows."""
        outbox, lines = Route(Place.MAIL, tab="troubled"), []
        if refused:
            title = say_count(refused, "{count} mail was refused", "{count} mails were refused")
            under = say("The outbox has the words of the server.")
            lines.append(Line(outbox, title, under, say("Refused"), Tone.DANGER))
        if uncertain:
            title = say_count(
                uncertain, "{count} mail may have been sent", "{count} mails may have been sent"
            )
            under = say("The connection broke; only you can send it again.")
            lines.append(Line(outbox, title, under, say("May be sent"), Tone.WARNING))
        self.mail.show_lines(lines, refused + uncertain)
        show_if(self.mail, bool(lines))

    def _show_recent(self) -> None:
        """Show what others did."""
        rows = self.recent.first(self._recent)
        self.recent.show_lines([self._happened(each) for each in rows], len(self._recent))

    def _show_due(self) -> None:
        """Show what is late or due soon, as the person wants to see it."""
        rows = [row for row in self._late if row.mine or self.by.value != "mine"]
        if self.by.value == "project":
            lines = _grouped(rows, lambda r: (r.project_id, r.project), lambda r: r.project, "")
        elif self.by.value == "partner":
            lines = _grouped(
                rows,
                lambda r: (r.project_id, r.partner_id),
                lambda r: r.partner or say("Nobody leads it"),
                "project",
            )
        else:
            lines = [self._awaited(row) for row in self.due.first(rows)]
            self.due.show_lines(lines, len(rows))
            return
        self.due.show_lines(list(self.due.first(lines)), len(lines))

    def _show(self, board: Board, rows: tuple[object, ...], make: Callable[..., Line]) -> None:
        board.show_lines([make(each) for each in rows[:_MOST]], len(rows))

    def _meeting(self, shown: MeetingRow) -> Line:
        own = self._reader.zone
        day = to_local(shown.starts_at, own).date()
        others = (shown.zone, *self._zones.get(shown.id, ()))
        when = formats.joined(
            (formats.weekday(day), formats.own_first(shown.starts_at, own, others))
        )
        days = (day - self._today()).days
        if shown.state.value == "live":
            chip, look = word(shown.state), tone(shown.state)
        else:
            chip, look = _in_days(days), Tone.ACCENT if days <= 7 else Tone.NEUTRAL
        title = f"{shown.project}  {shown.title}"
        return Line(Route(Place.MEETING, shown.id), title, when, chip, look)

    def _notice(self, shown: NoticeRow) -> Line:
        words, chip = urgent(shown, self._today())
        return Line(
            Route(Place.MEETING, shown.meeting_id, tab="details"),
            shown.meeting,
            formats.joined((formats.weekday(shown.on), words)),
            chip,
            light_tone(shown.light),
        )

    def _written(self, shown: MinutesLife) -> Line:
        now = shown.seen_at
        left = self._unfinished.get(shown.meeting_id)
        context = circulation_words.explained(shown, now)
        if left:
            context = formats.joined(
                (say("After the call: {count} to finish", count=left), context)
            )
        return Line(
            Route(Place.MEETING, shown.meeting_id, "circulation" if left is None else "after"),
            f"{shown.project}  {shown.meeting}",
            context,
            circulation_words.urgent(shown, now),
            circulation_words.urgency(shown, now),
        )

    def _awaited(self, shown: LateRow) -> Line:
        parts = (
            say("due {day}", day=formats.day(shown.due_on)),
            shown.project,
            step_word(shown.step),
            shown.partner,
            shown.person,
        )
        return Line(
            Route(Place.PROJECT, shown.project_id, shown.kind, shown.id),
            f"{shown.label}  {shown.title}",
            formats.joined(parts),
            how_late(shown.days),
            late_tone(shown),
        )

    def _happened(self, shown: RecentRow) -> Line:
        when = formats.moment(shown.at, self._reader.zone)
        context = formats.joined((shown.project, shown.who, when))
        return Line(_route(shown), say_label(shown.what), context)

    def _action(self, shown: ActionRow) -> Line:
        late = shown.due_on is not None and shown.due_on < self._today()
        due = say("due {day}", day=formats.day(shown.due_on)) if shown.due_on else ""
        chip = ""
        if shown.due_on is not None:
            chip = say("Late") if late else _in_days(_days(shown.due_on, self._today()))
        return Line(
            Route(Place.ACTIONS, tab="all", select=shown.id),
            shown.text,
            formats.joined((due, shown.project, shown.label, shown.owner)),
            chip,
            Tone.DANGER if late else Tone.NEUTRAL,
        )


def _grouped(
    rows: Sequence[LateRow],
    key: Callable[[LateRow], object],
    name: Callable[[LateRow], str],
    context: str,
) -> list[Line]:
    """Return one line for each group, what is most late first."""
    groups: dict[object, list[LateRow]] = {}
    for each in rows:
        groups.setdefault(key(each), []).append(each)
    lines = []
    for group in groups.values():
        first, late = group[0], sum(each.late for each in group)
        soon = len(group) - late
        counts = (
            say_count(late, "{count} late", "{count} late") if late else "",
            say_count(soon, "{count} due soon", "{count} due soon") if soon else "",
        )
        lines.append(
            Line(
                Route(Place.PROJECT, first.project_id, "late"),
                name(first),
                formats.joined((first.project if context else "", *counts)),
                how_late(first.days),
                late_tone(first),
            )
        )
    return lines


def _route(shown: RecentRow) -> Route:
    match shown.kind:
        case Kind.MEETING:
            return Route(Place.MEETING, shown.record_id)
        case Kind.ACTION:
            return Route(Place.ACTIONS, tab=shown.kind, select=shown.record_id)
        case Kind.DECISION | Kind.VOTE:
            return Route(Place.DECISIONS, tab=shown.kind, select=shown.record_id)
        case Kind.ORGANISATION | Kind.PERSON:
            return Route(Place.DIRECTORY, tab=shown.kind, select=shown.record_id)
        case _ if shown.project_id is not None:
            return Route(Place.PROJECT, shown.project_id, shown.kind, shown.record_id)
        case _:
            return Route(Place.PROJECTS)


def _days(day: date | None, today: date) -> int:
    return (day - today).days if day is not None else 0


def _in_days(days: int) -> str:
    if days <= 0:
        return say("Today")
    if days == 1:
        return say("Tomorrow")
    if timedelta(days=days) < timedelta(weeks=9):
        return say_count(days, "in {count} day", "in {count} days")
    return say("in {count} months", count=round(days / 30.4))
