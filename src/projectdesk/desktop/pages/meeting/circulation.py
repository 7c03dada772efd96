"""The life of a meeting's minutes: circulated, objected to, answered, revised, accepted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import circulation_words as words
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.pages.meeting.circulation_compare import ComparisonPane
from projectdesk.desktop.pages.meeting.circulation_dialogs import (
    CirculateDialog,
    LinksDialog,
    ask_approval,
    ask_objection,
    ask_readers,
    ask_reason,
)
from projectdesk.desktop.pages.meeting.circulation_notices import NoticesBar
from projectdesk.desktop.pages.meeting.circulation_objections import ObjectionsPane
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.circulation import (
    CirculatingOffer,
    CirculationPresenter,
    CirculationRows,
    FindsMinutesHosts,
    TrailFound,
)
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, SPACE_XS
from projectdesk.desktop.widgets.badges import Banner, Chip
from projectdesk.desktop.widgets.clock_width import with_clock
from projectdesk.desktop.widgets.data_table import DataTable, RowAction
from projectdesk.desktop.widgets.dialog import confirm
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.file_dialogs import ask_new_file
from projectdesk.desktop.widgets.header import Segments
from projectdesk.desktop.widgets.layout import button, column, frame, row, show_if, text
from projectdesk.desktop.widgets.toolbar import toolbar
from projectdesk.domain.rules.minutes_life import Bar, Standing, Step
from projectdesk.services import queries
from projectdesk.services.agenda_rows import AgendaItemRow
from projectdesk.services.audit import SHOWN, AuditRow
from projectdesk.services.circulation_rows import MinutesLife, ReaderLink, ReaderRow
from projectdesk.services.minutes_versions import ItemChange, VersionRow
from projectdesk.services.rows import MeetingRow, PersonRow

READERS, OBJECTIONS, VERSIONS, TRAIL = range(4)
_EXPLAINED = {None, Bar.WINDOW, Bar.WAITING, Bar.NOT_HELD}
"""What the sentence on where they stand says already."""


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class _TrailStep:
    revision: int
    step: AuditRow


class CirculationPane(Presented, QWidget):
    """Where minutes stand and what can be done; below it readers, objections, versions, trail."""

    def __init__(
        self,
        session: Session,
        hosts: FindsMinutesHosts | None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__()
        self._session = session
        self._now = now
        self._life: MinutesLife | None = None
        self._trails: Sequence[TrailFound] = ()
        self.presenter = self.present(CirculationPresenter(session, self, hosts))
        self._chip = Chip()
        self._title = text("", "strong")
        self._sentence = text("", wrap=True)
        self._why = text("", "muted", wrap=True)
        self.steps = self._step_buttons()
        self.problem = Banner()
        self.readers = self._readers_table()
        self.objections = ObjectionsPane(self.presenter.answer)
        self.comparison = ComparisonPane()
        self.comparison.asked.connect(self.presenter.compare)
        self.trail = self._trail_table()
        self.readers.setAccessibleName(say("Readers"))
        self.trail.setAccessibleName(say("Audit trail"))
        self._stack = QStackedWidget()
        for pane in (self.readers, self.objections, self.comparison, self.trail):
            self._stack.addWidget(pane)
        self.by = Segments(
            [
                (READERS, say("Readers")),
                (OBJECTIONS, say("Objections")),
                (VERSIONS, say("Versions")),
                (TRAIL, say("Audit trail")),
            ]
        )
        self.by.chosen.connect(lambda part: self.show_part(int(str(part))))
        self._summary = text("", "muted")
        self.add_reader = button(say("Add a reader"), "", "user-plus", self._ask_reader)
        self.links = button(say("Links"), "", "link", self.presenter.show_links)
        self.save_trail = button(say("Save the trail"), "", "download", self._ask_trail_file)
        self.notices = NoticesBar(self.presenter.choose_telling, self.presenter.tell_readers)
        layout = column(
            self._head(),
            self.problem,
            self.notices,
            toolbar(self.by, SPACE_M, self._summary, None, self.links, self.add_reader,
                    self.save_trail),
            self._stack,
            spacing=SPACE_M,
            margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL),
        )  # fmt: skip
        layout.setStretch(4, 1)
        self.setLayout(layout)
        self.show_part(READERS)

    # --- how it is built

    def _step_buttons(self) -> dict[Step, QPushButton]:
        presenter = self.presenter
        return {
            Step.CIRCULATE: button(say("Circulate"), "primary", "mail", presenter.ask_circulating),
            Step.ACCEPT: button(say("Accept"), "primary", "check", self._ask_accept),
            Step.APPROVE: button(say("Approved at a meeting"), "", "gavel", self._ask_approval),
            Step.REVISE: button(say("New revision"), "", "file-pen-line", self._ask_reason),
        }

    def _head(self) -> QWidget:
        top = row(self._title, self._chip, None, spacing=SPACE_M)
        said = column(top, self._sentence, self._why, spacing=SPACE_XS)
        actions = row(*self.steps.values(), spacing=SPACE_S)
        inner = row(said, actions, spacing=SPACE_L, margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_M))
        inner.setStretch(0, 1)
        return frame("card", inner)

    def _readers_table(self) -> DataTable[ReaderRow]:
        table: DataTable[ReaderRow] = DataTable(
            [
                Column(say("Reader"), lambda r: r.name, stretch=2, strong=True),
                Column(say("Partner"), lambda r: r.partner, width=120),
                Column(say("Sent"), self._sent, width=with_clock(150)),
                Column(say("Received"), self._received, width=with_clock(150)),
                Column(say("Says"), self._said, stretch=2, muted=True),
            ],
            lambda r: r.id,
            EmptyState(
                "mail",
                say("Nobody has the minutes yet"),
                say("When they are circulated, who got them is shown here."),
            ),
            name="minutes-readers",
        )
        table.set_actions(
            [
                RowAction(say("Send again"), "mail", self._send_again, many=True,
                          when=lambda r: not r.revoked and bool(r.email)),
                RowAction(say("Enter an objection"), "message-square", self._ask_objection,
                          when=lambda r: r.may_object),
                RowAction(say("Note as received"), "check", self._note_received, many=True,
                          when=lambda r: r.received_at is None),
                RowAction(say("Issue the link anew"), "refresh-cw", self._renew),
                RowAction(say("Shut the link"), "ban", self._revoke,
                          when=lambda r: not r.revoked, danger=True),
            ]
        )  # fmt: skip
        return table

    def _trail_table(self) -> DataTable[_TrailStep]:
        return DataTable(
            [
                Column(say("Rev."), lambda r: str(r.revision), width=60),
                Column(say("No."), lambda r: str(r.step.seq), width=60),
                Column(say("When"), lambda r: self._moment(r.step.at), width=with_clock(150)),
                Column(say("Step"), _step, width=170, strong=True),
                Column(say("Says"), _trail_text, stretch=1, tip=_trail_text),
                Column(say("Check value"), lambda r: r.step.hash[:SHOWN], width=150, muted=True,
                       optional=True, tip=lambda r: r.step.hash),
            ],
            lambda r: (r.revision, r.step.seq),
            EmptyState(
                "history",
                say("No steps yet"),
                say("Every step is written down here and cannot be changed afterwards."),
            ),
            name="minutes-trail",
            sortable=False,
        )  # fmt: skip

    # --- what the page and the presenter call

    def open_meeting(self, meeting: UUID) -> None:
        """Show the minutes of `meeting`."""
        self.presenter.open(meeting)

    def show_life(self, rows: CirculationRows) -> None:
        """Show where the minutes stand and all that came of them."""
        life = self._life = rows.life
        number = life.newest.revision if life.newest is not None else 1
        self._title.setText(say("Revision {number}", number=number))
        self._chip.set(words.standing_words(life.standing), words.standing_tone(life.standing))
        self._sentence.setText(words.explained(life, self._now()))
        self._show_steps(life)
        self.readers.show_rows(life.readers)
        self.objections.show_life(life)
        self.comparison.show_versions(rows.versions, life.zone)
        steps = [_TrailStep(each.revision, step) for each in rows.trails for step in each.steps]
        self.trail.show_rows(steps)
        broken = next((each for each in rows.trails if each.broken is not None), None)
        self.problem.say(
            words.trail_words(broken.broken, len(broken.steps)) if broken is not None else ""
        )
        self._trails = rows.trails
        self.notices.show_notices(
            rows.notices, circulated=bool(life.readers), can_send=rows.can_send
        )
        self._sum_up()

    def show_offer(self, offer: CirculatingOffer) -> None:
        """Ask to whom the minutes go."""
        CirculateDialog(self.window(), offer, self.presenter.circulate).open()

    def show_comparison(
        self, before: VersionRow, after: VersionRow, items: Sequence[ItemChange]
    ) -> None:
        """Show two versions side by side."""
        self.comparison.show_comparison(before, after, items)

    def show_links(self, links: Sequence[ReaderLink]) -> None:
        """Show personal links, to be copied."""
        LinksDialog(self.window(), links).open()

    def show_host_problem(self, said: str) -> None:
        """Say that links do not open yet."""
        self.problem.say(said)

    def show_part(self, part: int) -> None:
        """Show readers, objections, versions or the trail."""
        self._stack.setCurrentIndex(part)
        self._sum_up()

    # --- inside

    def _show_steps(self, life: MinutesLife) -> None:
        """Show the buttons that may matter now; what is not allowed says why."""
        for step, made in self.steps.items():
            why = life.bar(step)
            made.setEnabled(why is None)
            made.setToolTip(words.bar_words(why))
            made.setAccessibleDescription(words.bar_words(why))
        is_draft, is_accepted = life.standing is Standing.DRAFT, life.standing is Standing.ACCEPTED
        show_if(self.steps[Step.CIRCULATE], is_draft)
        show_if(self.steps[Step.REVISE], not is_draft)
        for step in (Step.ACCEPT, Step.APPROVE):
            show_if(self.steps[step], not is_draft and not is_accepted)
        offered = [step for step, made in self.steps.items() if not made.isHidden()]
        reasons = [life.bar(step) for step in offered]
        shown = [why for why in dict.fromkeys(reasons) if why not in _EXPLAINED]
        self._why.setText(" ".join(words.bar_words(why) for why in shown))
        show_if(self._why, bool(shown))

    def _sum_up(self) -> None:
        life, part = self._life, self._stack.currentIndex()
        show_if(self.save_trail, part == TRAIL and bool(self.trail.rows))
        has_readers = life is not None and bool(life.readers)
        for made in (self.add_reader, self.links):
            show_if(made, part == READERS and has_readers)
        if life is None:
            return
        said = {
            READERS: formats.joined(
                (
                    say_count(len(life.readers), "{count} reader", "{count} readers"),
                    say("{count} received", count=life.received),
                )
            ),
            OBJECTIONS: say_count(
                life.open_objections, "{count} to be answered", "{count} to be answered"
            ),
            VERSIONS: "",
            TRAIL: self._trail_summary(),
        }
        self._summary.setText(said[part])

    def _trail_summary(self) -> str:
        trails = self._trails
        if not trails:
            return ""
        broken = next((each.broken for each in trails if each.broken is not None), None)
        return words.trail_words(broken, sum(len(each.steps) for each in trails))

    def _sent(self, shown: ReaderRow) -> str:
        return words.sent_words(shown, self._zone)

    def _received(self, shown: ReaderRow) -> str:
        return self._moment(shown.received_at)

    def _said(self, shown: ReaderRow) -> str:
        parts = []
        if shown.objections:
            parts.append(say_count(shown.objections, "{count} objection", "{count} objections"))
        if shown.vetoes:
            parts.append(say_count(shown.vetoes, "{count} veto", "{count} vetoes"))
        if shown.comment:
            parts.append(shown.comment)
        if not parts and not shown.may_object:
            parts.append(say("reads only"))
        return formats.joined(parts)

    @property
    def _zone(self) -> str:
        return self._life.zone if self._life is not None else "UTC"

    def _moment(self, value: datetime | None) -> str:
        return formats.moment(value, self._zone) if value is not None else ""

    # --- what a person asks for

    def _send_again(self, rows: list[ReaderRow]) -> None:
        self.presenter.send_again([each.id for each in rows])

    def _note_received(self, rows: list[ReaderRow]) -> None:
        for each in rows:
            self.presenter.note_received(each.id)

    def _renew(self, rows: list[ReaderRow]) -> None:
        self.presenter.renew(rows[0].id)

    def _revoke(self, rows: list[ReaderRow]) -> None:
        reader = rows[0]
        confirm(
            self.window(),
            say("Shut the link of {name}?", name=reader.name),
            say("It opens nothing any more. What they said before stays."),
            say("Shut the link"),
            lambda: self.presenter.revoke(reader.id),
        )

    def _ask_objection(self, rows: list[ReaderRow]) -> None:
        reader, meeting = rows[0], self.presenter.meeting
        if meeting is None:
            return

        def ask(items: Sequence[AgendaItemRow]) -> None:
            shown = [item for item in items if not item.is_break]
            ask_objection(self.window(), reader, shown, self.presenter.enter_objection)

        self._session.ask(lambda ws: queries.agenda(ws, meeting), ask)

    def _ask_reader(self) -> None:
        def ask(people: Sequence[PersonRow]) -> None:
            ask_readers(self.window(), people, self.presenter.add_readers)

        self.presenter.find_people(ask)

    def _ask_reason(self) -> None:
        ask_reason(self.window(), self.presenter.revise)

    def _ask_approval(self) -> None:
        def ask(rows: Sequence[MeetingRow]) -> None:
            ask_approval(self.window(), rows, self.presenter.approve)

        self.presenter.find_later(ask)

    def _ask_accept(self) -> None:
        confirm(
            self.window(),
            say("Accept the minutes?"),
            say("They are only read then, and the decisions in them bind."),
            say("Accept"),
            self.presenter.accept,
        )

    def _ask_trail_file(self) -> None:
        name = f"{say('Audit trail')}.csv"
        kinds = ["CSV (*.csv)", "JSON (*.json)"]
        ask_new_file(self.window(), name, self.presenter.save_trail, filters=kinds)


def _step(shown: _TrailStep) -> str:
    return words.step_words(shown.step.step)


def _trail_text(shown: _TrailStep) -> str:
    return shown.step.text if shown.step.text is not None else say("(erased)")
