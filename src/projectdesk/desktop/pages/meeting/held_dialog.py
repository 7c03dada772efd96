"""The dialog in which people say when a meeting was held that had no call."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Entry, Field
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.presenters.meeting import MeetingPresenter
from projectdesk.domain.rules import held_times
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.services.rows import MeetingRow

_BEGIN, _END = held_times.FROM, held_times.UNTIL
"""The names of the fields of time, as refusals say them; beside each a day."""


def ask_when_held(parent: QWidget, presenter: MeetingPresenter, row: MeetingRow) -> FormDialog:
    """Ask when a meeting began and ended; what is planned stands there first."""
    begin, end = _first(row)

    def blank(name: str, label: str, entry: Entry, first: object) -> Field[Any]:
        return Field(name, label, lambda _: first, entry)

    def run(made: FormDialog, values: Values) -> None:
        presenter.say_when_held(
            row,
            _moment(values["begin_day"], values[_BEGIN]),
            _moment(values["end_day"], values[_END]),
            made.close_done,
            made.refuse,
        )

    dialog = FormDialog(
        parent,
        say("When it was held"),
        say(
            "For a meeting in a room, without a call. Attendance, the minutes and their deadlines "
            "count with it. Times in {zone}, as the meeting was planned.",
            zone=formats.city(row.zone),
        ),
        [
            [
                blank("begin_day", say("Began on"), Entry.DATE, begin.date()),
                blank(_BEGIN, say("Began at"), Entry.TIME, begin.time()),
            ],
            [
                blank("end_day", say("Ended on"), Entry.DATE, end.date()),
                blank(_END, say("Ended at"), Entry.TIME, end.time()),
            ],
        ],
        say("Save"),
        run,
        required=("begin_day", _BEGIN, "end_day", _END),
    )
    dialog.open()
    return dialog


def held_words(row: MeetingRow) -> str:
    """Return from when until when a meeting was held, in its zone; "" while nobody knows."""
    start, end = held_times.began(row), held_times.ended(row)
    if start is None or end is None:
        return ""
    first, last = to_local(start, row.zone), to_local(end, row.zone)
    times = {"start": formats.clock(first), "end": formats.clock(last)}
    if first.date() != last.date():
        times = {"start": formats.moment(start, row.zone), "end": formats.moment(end, row.zone)}
    if held_times.is_by_hand(row):
        return say("held {start} to {end}, said by hand", **times)
    return say("held {start} to {end}", **times)


def _first(row: MeetingRow) -> tuple[datetime, datetime]:
    if row.held_from is not None and row.held_until is not None:
        return to_local(row.held_from, row.zone), to_local(row.held_until, row.zone)
    return row.local_start, row.local_start + timedelta(minutes=row.duration_minutes)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at)
