"""What was written in the call, as the host told it: polls and captions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from PySide6.QtWidgets import QStackedWidget, QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.call_record import CallRecordPresenter
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_XL
from projectdesk.desktop.widgets.clock_width import with_clock
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.file_dialogs import ask_new_file
from projectdesk.desktop.widgets.header import Segments
from projectdesk.desktop.widgets.layout import button, column, show_if, text
from projectdesk.desktop.widgets.toolbar import toolbar
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.services.talk_rows import CaptionRow, PollRow

POLLS, CAPTIONS = range(2)
RowT = TypeVar("RowT", PollRow, CaptionRow)


class CallRecordPane(Presented, QWidget):
    """Two tables: polls, captions."""

    def __init__(self, session: Session, reader: Reader) -> None:
        super().__init__()
        self._reader = reader
        self.polls: DataTable[PollRow] = DataTable(
            self._poll_columns(),
            lambda r: r.id,
            EmptyState(
                "chart-bar",
                say("No poll was closed in this meeting"),
                say("Open one in the call; its result is kept here and in the minutes."),
            ),
            name="call-polls",
        )
        self.captions: DataTable[CaptionRow] = DataTable(
            self._caption_columns(),
            lambda r: r.id,
            EmptyState(
                "captions",
                say("No captions were kept"),
                say("Somebody can type captions in the call; the chair decides if they are kept."),
            ),
            sortable=False,
            name="captions",
        )
        self.polls.setAccessibleName(say("Polls"))
        self.captions.setAccessibleName(say("Captions"))
        self._stack = QStackedWidget()
        for table in (self.polls, self.captions):
            self._stack.addWidget(table)
        self.by = Segments([(POLLS, say("Polls")), (CAPTIONS, say("Captions"))])
        self.by.chosen.connect(lambda number: self._show_part(int(str(number))))
        self._summary = text("", "muted")
        self.save = button(say("Save captions"), "", "download", self._ask_transcripts)
        self.save.hide()
        layout = column(
            toolbar(self.by, SPACE_M, self._summary, None, self.save),
            self._stack,
            spacing=SPACE_M,
            margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL),
        )
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.presenter = self.present(CallRecordPresenter(session, self))

    # --- columns

    def _poll_columns(self) -> list[Column[PollRow]]:
        return [
            Column(say("Question"), lambda r: r.question, stretch=2, strong=True),
            Column(say("Result"), _result, stretch=2, tip=_names),
            Column(say("Votes"), lambda r: str(r.voted), sort=lambda r: r.voted, width=80),
            Column(say("Item"), lambda r: r.item, stretch=1, muted=True),
            self._time(say("Closed at"), lambda r: r.closed_at),
        ]

    def _caption_columns(self) -> list[Column[CaptionRow]]:
        return [
            self._time(say("Time"), lambda r: r.written_at),
            Column(say("Language"), lambda r: formats.language(r.language), width=140, muted=True),
            Column(say("Text"), lambda r: r.text, stretch=1),
        ]

    def _time(self, title: str, when: Callable[[RowT], datetime]) -> Column[RowT]:
        return Column(title, lambda r: self._clock(when(r)), sort=when, width=with_clock(110))

    def _clock(self, instant: datetime) -> str:
        return formats.clock(to_local(instant, self._reader.zone))

    # --- what the page and the presenter call

    def open_meeting(self, meeting: UUID) -> None:
        """Show what was written in `meeting`."""
        self.presenter.open(meeting)

    def show_record(self, polls: Sequence[PollRow], captions: Sequence[CaptionRow]) -> None:
        """Show polls and captions."""
        self.polls.show_rows(polls)
        self.captions.show_rows(captions)
        parts = (
            say_count(len(polls), "{count} poll", "{count} polls"),
            say_count(len(captions), "{count} caption", "{count} captions"),
        )
        self._summary.setText(formats.joined(parts))
        self._show_part(self._stack.currentIndex())

    def _show_part(self, part: int) -> None:
        self._stack.setCurrentIndex(part)
        show_if(self.save, part == CAPTIONS and bool(self.captions.rows))

    # --- what a person asks for

    def _ask_transcripts(self) -> None:
        """Ask where each language's captions go, one after the other."""
        for spoken in sorted({row.language for row in self.captions.rows}):
            name = f"{say('Captions')} {formats.language(spoken)}.txt"

            def save(out: Path, spoken: str = spoken) -> None:
                self.presenter.save_transcript(spoken, out)

            ask_new_file(self.window(), name, save)


def _result(row: PollRow) -> str:
    votes = zip(row.options, row.counts, strict=True)
    return formats.joined(f"{option}: {count}" for option, count in votes)


def _names(row: PollRow) -> str:
    by_option = zip(row.options, row.names, strict=False)
    return "\n".join(f"{option}: {', '.join(names)}" for option, names in by_option)
