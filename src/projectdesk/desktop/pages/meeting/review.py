"""The review of a meeting: its pack, the rehearsal, the question log."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.pages.meeting import review_tables
from projectdesk.desktop.pages.meeting.questions import QuestionsPane
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.review import QUESTIONS, ReviewPresenter
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_XL
from projectdesk.desktop.widgets.badges import Banner
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.editors import ChoiceEditor
from projectdesk.desktop.widgets.file_dialogs import ask_new_file, file_name
from projectdesk.desktop.widgets.header import Segments
from projectdesk.desktop.widgets.layout import button, column, plain, scrolled, text
from projectdesk.desktop.widgets.toolbar import toolbar
from projectdesk.services.review_rows import ReviewPack

PACK, LOG = "pack", "questions"
_PACK_FORMATS: Final = {"pdf": "PDF", "docx": "Word (DOCX)", "md": "Markdown"}
_LOG_FORMATS: Final = {"xlsx": "Excel (XLSX)", "csv": "CSV"}
_PERIOD_WIDTH: Final = 230


class ReviewPane(Presented, QWidget):
    """What a review is about, and what was asked at it."""

    go = Signal(object)

    def __init__(self, session: Session, choices: Choices) -> None:
        super().__init__()
        self._offered: datetime | None = None
        self._periods: tuple[Option, ...] = ()
        self.presenter = self.present(ReviewPresenter(session, self))
        self.questions = QuestionsPane(session, choices)
        self._make_controls()
        self._make_tables()
        parts = (self.slots, self.deliverables, self.milestones, self.efforts, self.risks)
        pack = column(self.findings, *parts, None, spacing=SPACE_L)
        self.parts = QStackedWidget()
        self.parts.addWidget(scrolled(plain(pack)))
        self.parts.addWidget(self.questions)
        bar = toolbar(self.which, self.period, self._span, None, self.rehearse, self.export)
        layout = column(
            bar, self.parts, spacing=SPACE_M, margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        )
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def _make_controls(self) -> None:
        self.which = Segments([(PACK, say("Review pack")), (LOG, say("Questions"))])
        self.which.chosen.connect(lambda which: self.show_part(str(which)))
        self.period = ChoiceEditor(lambda: self._periods)
        self.period.setAccessibleName(say("Reporting period under review"))
        self.period.setFixedWidth(_PERIOD_WIDTH)
        self.period.committed.connect(
            lambda: self.presenter.choose_period(int(str(self.period.value())))
        )
        self._span = text("", "muted")
        self.rehearse = button(say("Rehearse"), "", "play", self._rehearse)
        self.export = button(say("Export pack"), "", "download")
        self.export.setProperty("menu", "true")
        menu = QMenu(self)
        for forms in (_PACK_FORMATS, _LOG_FORMATS):
            for form, name in forms.items():
                words = (
                    say("Questions as {format}") if form in QUESTIONS else say("Pack as {format}")
                )
                made = menu.addAction(words.replace("{format}", name))
                set_icon(made, "file-text", Tone.MUTED)
                made.triggered.connect(lambda _=False, f=form: self.ask_export(f))
            if forms is _PACK_FORMATS:
                menu.addSeparator()
        self.export.setMenu(menu)
        self.findings = Banner()

    def _make_tables(self) -> None:
        self.slots = review_tables.slots(lambda: self.presenter.pack)
        self.slots.table.set_actions(
            [
                RowAction(
                    say("Add a slot to the agenda"),
                    "plus",
                    lambda rows: self.presenter.add_slot(rows[0]),
                    when=lambda row: not row.items,
                )
            ]
        )
        self.deliverables = review_tables.deliverables()
        self.milestones = review_tables.milestones()
        self.efforts = review_tables.efforts()
        self.risks = review_tables.risks()
        self.deliverables.table.opened.connect(lambda row: self._open("deliverable", row.row.id))
        self.milestones.table.opened.connect(lambda row: self._open("milestone", row.row.id))
        self.risks.table.opened.connect(lambda row: self._open("risk", row.id))

    # --- what the page calls

    def open_meeting(self, meeting: UUID) -> None:
        """Show the review `meeting`."""
        self.presenter.open(meeting)
        self.questions.open_meeting(meeting)

    def show_part(self, part: str) -> None:
        """Show the pack or the questions."""
        self.which.choose(part)
        self.parts.setCurrentIndex(1 if part == LOG else 0)

    def ask_question(self) -> None:
        """Go to the field for a new question."""
        self.show_part(LOG)
        self.questions.quick.setFocus()

    def close_presenters(self) -> None:
        """Let the presenters go."""
        super().close_presenters()
        self.questions.presenter.close()

    # --- what the presenter calls

    def show_pack(self, pack: ReviewPack, rehearsed_at: datetime) -> None:
        """Show what a review is about; rehearsed_at: when a rehearsal is offered (local)."""
        self._offered = rehearsed_at
        self._periods = tuple(
            Option(each.number, say("All until the meeting") if not each.number else each.label)
            for each in pack.periods
        )
        self.period.load()
        self.period.set_value(pack.period.number)
        self._span.setText(_span(pack))
        self.slots.show_rows(pack.slots)
        self.deliverables.show_rows(pack.deliverables)
        self.milestones.show_rows(pack.milestones)
        self.efforts.show_rows(pack.efforts)
        self.risks.show_rows(pack.risks)
        self.questions.offer_deliverables(
            [
                Option(each.row.id, f"{each.row.label} {each.row.title}")
                for each in pack.deliverables
            ]
        )
        self.findings.say(_findings(pack))
        planned = pack.rehearsal
        self.rehearse.setText(
            say("Open the rehearsal, {day}", day=formats.day(planned.local_start.date()))
            if planned is not None
            else say("Rehearse…")
        )

    # --- what a person asks for

    def ask_export(self, form: str) -> None:
        """Ask where to save, then write the pack or the questions."""
        pack = self.presenter.pack
        if pack is None:
            return
        kind = say("Questions") if form in QUESTIONS else say("Review pack")
        titled = f"{pack.meeting.project} {pack.meeting.title} {kind}"
        name = file_name(f"{pack.meeting.local_start:%Y-%m-%d} {titled}", form)
        ask_new_file(self.window(), name, lambda path: self.presenter.export(form, path))

    def _rehearse(self) -> None:
        pack = self.presenter.pack
        if pack is not None and pack.rehearsal is not None:
            self.go.emit(Route(Place.MEETING, pack.rehearsal.id))
        else:
            self.ask_rehearsal()

    def ask_rehearsal(self) -> FormDialog | None:
        """Ask when the review is rehearsed; one click takes what is offered."""
        pack, offered = self.presenter.pack, self._offered
        if pack is None or offered is None:
            return None

        def fixed(name: str, label: str, entry: Entry, first: object) -> Field[Any]:
            return Field(name, label, lambda _: first, entry)

        def run(dialog: FormDialog, values: Values) -> None:
            at = values["time"] if isinstance(values["time"], time) else offered.time()
            start = datetime.combine(values["date"], at)
            self.presenter.rehearse(start, lambda made: done(dialog, made), dialog.refuse)

        def done(dialog: FormDialog, made: UUID) -> None:
            dialog.close_done()
            self.go.emit(Route(Place.MEETING, made))

        dialog = FormDialog(
            self.window(),
            say("Rehearse the review"),
            say(
                "A meeting with the same agenda for the partners' people. Reviewers, project "
                "officers and other externals are not invited. Times are {city} time.",
                city=formats.city(pack.meeting.zone),
            ),
            [
                [
                    fixed("date", say("Date"), Entry.DATE, offered.date()),
                    fixed("time", say("Starts at"), Entry.TIME, offered.time()),
                ]
            ],
            say("Plan the rehearsal"),
            run,
            required=["date", "time"],
        )
        dialog.open()
        return dialog

    def _open(self, kind: str, record: UUID) -> None:
        pack = self.presenter.pack
        if pack is not None:
            self.go.emit(Route(Place.PROJECT, pack.meeting.project_id, kind, record))


def _span(pack: ReviewPack) -> str:
    period = pack.period
    months = f"M{period.start_month}–M{period.end_month}"
    if period.starts_on is None or period.ends_on is None:
        return months
    return formats.joined(
        (months, f"{formats.day(period.starts_on)} – {formats.day(period.ends_on)}")
    )


def _findings(pack: ReviewPack) -> str:
    """Return what is not ready for the review; "" when all is."""
    late = sum(bool(each.days_late and not each.row.submitted_on) for each in pack.deliverables)
    missing = [slot.label for slot in pack.slots if not slot.items]
    parts = []
    if late:
        parts.append(
            say_count(late, "{count} deliverable is late.", "{count} deliverables are late.")
        )
    if missing:
        parts.append(say("Without a slot on the agenda: {labels}.", labels=", ".join(missing)))
    return " ".join(parts)
