"""Dialogs of date polls: make one, change it, add a date, choose the date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from PySide6.QtWidgets import QCheckBox, QWidget

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models import poll_words
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.models.words import options
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.pages.project.mailing_lists import list_name
from projectdesk.desktop.presenters.asking import Done, Failed
from projectdesk.desktop.presenters.date_polls import Askable
from projectdesk.desktop.theme.tokens import SPACE_S
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.layout import column, plain, text
from projectdesk.domain.meetings import MeetingType
from projectdesk.domain.preparation import DateChoice, PollRule
from projectdesk.domain.rules.zoned_time import to_local, to_utc
from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.services.commands import NewVoter
from projectdesk.services.poll_rows import DateOptionRow, DatePollDetail, DatePollRow

Create = Callable[[UUID, Mapping[str, Any], Sequence[NewVoter], Done, Failed], None]
_MORNING: Final = time(10)
_END_OF_DAY: Final = time(23, 59)


def _field(name: str, label: str, entry: Entry, first: object = None, **more: Any) -> Field[Any]:
    return Field(name, label, lambda _: first, entry, **more)


def _rules(poll: DatePollRow | None, zone: str) -> list[Any]:
    """Return the fields on how a poll runs, which a new one and an old one have in common."""
    until = None if poll is None or poll.deadline is None else to_local(poll.deadline, zone)
    days = " ".join(map(str, poll.reminder_days)) if poll is not None else ""
    shows = poll is not None and poll.shows_answers
    rule = PollRule.BY_HAND if poll is None else poll.rule
    yes_no = [Option(False, say("Only you see the answers")), Option(True, say("Voters see them"))]
    return [
        [
            _field("until_day", say("Answers count until"), Entry.DATE,
                   until.date() if until else None),
            _field(
                "until_time",
                say("Until (time)"),
                Entry.TIME,
                until.time() if until else _END_OF_DAY,
            ),
            _field("days", say("Remind days before"), Entry.TEXT, days, hint="7 2"),
        ],
        [
            _field("rule", say("The poll closes"), Entry.CHOICE, rule,
                   options=poll_words.rule_options),
            _field("shows_answers", say("Who sees how it stands"), Entry.CHOICE, shows,
                   options=lambda: yes_no),
        ],
        _field("description", say("What it is about"), Entry.LONG_TEXT,
               "" if poll is None else poll.description),
    ]  # fmt: skip


def _kept(dialog: FormDialog, values: Values, zone: str) -> dict[str, Any] | None:
    """Return values as a poll has them; None, said beside the field, if one is none."""
    try:
        days = [int(each) for each in (values["days"] or "").replace(",", " ").split()]
    except ValueError:
        dialog.form.show_problem("days", say("Give numbers of days, as in 7 2."))
        dialog.action.setEnabled(True)
        return None
    day: date | None = values["until_day"]
    deadline = None
    if day is not None:
        clock = values["until_time"] or _END_OF_DAY
        seconds = 59 if clock == _END_OF_DAY else 0
        try:
            deadline = to_utc(datetime.combine(day, clock.replace(second=seconds)), zone)
        except DomainError as error:
            dialog.refuse(error)
            return None
    return {
        "title": values["title"],
        "duration_minutes": values["duration_minutes"],
        "deadline": deadline,
        "rule": values["rule"],
        "shows_answers": values["shows_answers"],
        "reminder_days": days,
        "description": values["description"] or "",
    }


def ask_new_poll(
    parent: QWidget, askable: Sequence[Askable], zone: str, create: Create
) -> FormDialog:
    """Ask for a new poll: what, for how long, whom.

    Args:
        parent: the window it belongs to.
        askable: projects with the lists that can be asked.
        zone: the reader's.
        create: makes it.
    """
    several = len(askable) > 1
    lists = {
        f"{each.project.id.hex} {row.key}": (each, row) for each in askable for row in each.lists
    }

    def name(key: str) -> str:
        each, found = lists[key]
        words = list_name(found)
        return f"{each.project.acronym}: {words}" if several else words

    def run(dialog: FormDialog, values: Values) -> None:
        values_kept = _kept(dialog, values, values["zone"])
        if values_kept is None:
            return
        each, chosen = lists[values["list"]]
        voters = [NewVoter(one.person_id) for one in (*chosen.recipients, *chosen.missing)]
        fields = {**values_kept, "type": values["type"], "zone": values["zone"]}
        create(each.project.id, fields, voters, dialog.close_done, dialog.refuse)

    dialog = FormDialog(
        parent,
        say("New date poll"),
        say("Dates are added next. Nobody is asked before you open the poll."),
        [
            _field("title", say("Title of the meeting"), Entry.TEXT, ""),
            [
                _field("type", say("Type"), Entry.CHOICE, MeetingType.WORK_PACKAGE_CALL,
                       options=lambda: options(MeetingType)),
                _field("list", say("Who is asked"), Entry.CHOICE, next(iter(lists), None),
                       options=lambda: [Option(key, name(key)) for key in lists]),
            ],
            [
                _field("duration_minutes", say("Length in minutes"), Entry.NUMBER, 60,
                       minimum=1, maximum=20_160),
                _field("zone", say("Time zone of the dates"), Entry.ZONE, zone),
            ],
            *_rules(None, zone),
        ],
        say("Make the poll"),
        run,
        required=["title", "zone", "duration_minutes", "list"],
    )  # fmt: skip
    dialog.open()
    return dialog


def ask_changes(
    parent: QWidget,
    poll: DatePollRow,
    save: Callable[[DatePollRow, Mapping[str, Any], Failed], None],
) -> FormDialog:
    """Ask what is changed of a poll; its dates and voters are changed in their tables."""

    def run(dialog: FormDialog, values: Values) -> None:
        values_kept = _kept(dialog, values, poll.zone)
        if values_kept is not None:
            dialog.accept()
            save(poll, values_kept, dialog.refuse)

    dialog = FormDialog(
        parent,
        say("Change the poll"),
        say("Times are those of {city}.", city=poll.zone),
        [
            [
                _field("title", say("Title of the meeting"), Entry.TEXT, poll.title),
                _field("duration_minutes", say("Length in minutes"), Entry.NUMBER,
                       poll.duration_minutes, minimum=1, maximum=20_160),
            ],
            *_rules(poll, poll.zone),
        ],
        say("Save"),
        run,
        required=["title", "duration_minutes"],
    )  # fmt: skip
    dialog.open()
    return dialog


def ask_date(
    parent: QWidget,
    poll: DatePollRow,
    first: date,
    add: Callable[[UUID, datetime, Done, Failed], None],
) -> FormDialog:
    """Ask for one more date, in the poll's zone."""

    def run(dialog: FormDialog, values: Values) -> None:
        start = datetime.combine(values["day"], values["time"])
        add(poll.id, start, dialog.close_done, dialog.refuse)

    dialog = FormDialog(
        parent,
        say("Add a date"),
        say("By the clock of {zone}; voters read it by theirs.", zone=poll.zone),
        [
            [
                _field("day", say("Date"), Entry.DATE, first),
                _field("time", say("Starts at"), Entry.TIME, _MORNING),
            ]
        ],
        say("Add"),
        run,
        required=["day", "time"],
    )
    dialog.open()
    return dialog


def ask_closing(
    parent: QWidget,
    found: DatePollDetail,
    chosen: DateOptionRow,
    own_zone: str,
    *,
    can_send: bool,
    close: Callable[[bool, Failed, Done], None],
) -> Dialog:
    """Ask before a date is chosen: what it becomes, who cannot, whether voters are told.

    Args:
        parent: the window it belongs to.
        found: the poll.
        chosen: the date.
        own_zone: the reader's.
        can_send: whether voters can be told from here.
        close: chooses it; gets whether voters are told.
    """
    poll = found.poll
    becomes = (
        say("The meeting “{title}” is moved to it.", title=poll.meeting)
        if poll.meeting_id is not None
        else say("It becomes a meeting with the voters as invitees; nobody is invited yet.")
    )
    dialog = Dialog(parent, say("Choose this date?"), becomes)
    when = poll_words.date_in_zones(chosen.starts_at, poll.zone, own_zone)
    lines = column(text(when, "strong"), text(poll_words.standing_words(chosen)), spacing=SPACE_S)
    cannot = [
        voter.name
        for voter in found.voters
        if voter.required and voter.choices.get(chosen.id) is DateChoice.NO
    ]
    if cannot:
        names = ", ".join(cannot)
        lines.addWidget(text(say("Needed, and cannot: {names}", names=names), wrap=True))
    tell = _tell_box(can_send)
    lines.addWidget(tell)
    dialog.add(plain(lines))
    dialog.add_button(say("Cancel"), "", dialog.reject)

    def refuse(error: ProjectDeskError) -> None:
        action.setEnabled(True)
        dialog.show_problem(say_error(error))

    def go() -> None:
        action.setEnabled(False)
        close(tell.isChecked(), refuse, dialog.accept)

    action = dialog.add_button(say("Choose this date"), "primary", go, default=True)
    dialog.open()
    return dialog


def ask_calling_off(
    parent: QWidget, found: DatePollDetail, *, can_send: bool, cancel: Callable[[bool], None]
) -> Dialog:
    """Ask before a poll is called off: what becomes of its links, whether voters are told.

    Args:
        parent: the window it belongs to.
        found: the poll.
        can_send: whether anybody was asked, and can be told from here.
        cancel: calls it off; gets whether voters are told.
    """
    dialog = Dialog(
        parent,
        say("Call “{title}” off?", title=found.poll.title),
        say("Its links say so and take no answers. You can undo it, unless the voters are told."),
    )
    tell = _tell_box(can_send)
    if any(voter.asked_at is not None for voter in found.voters):
        dialog.add(tell)
    dialog.add_button(say("Cancel"), "", dialog.reject)

    def go() -> None:
        dialog.accept()
        cancel(tell.isChecked())

    dialog.add_button(say("Call off"), "primary", go, default=True)
    dialog.open()
    return dialog


def _tell_box(can_send: bool) -> QCheckBox:
    tell = QCheckBox(say("Tell the voters by mail"))
    tell.setChecked(can_send)
    tell.setEnabled(can_send)
    if not can_send:
        tell.setToolTip(say("No mail account is set up on this computer."))
    return tell


def next_day(now: datetime, zone: str) -> date:
    """Return the day a week from now where the poll is: a first proposal."""
    return to_local(now, zone).date() + timedelta(days=7)
