"""Dialogs of date polls: make one, change it, add a date, write to voters, choose the date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QCheckBox, QWidget

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.models import poll_words
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.models.words import options
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.pages.project.mailing_lists import list_name
from projectdesk.desktop.presenters.date_polls import Askable, Done, Failed, Letters
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S
from projectdesk.desktop.widgets.badges import Banner, Elided
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.layout import button, column, plain, row, scrolled, show_if, text
from projectdesk.domain.meetings import MeetingType
from projectdesk.domain.preparation import DateChoice, PollRule
from projectdesk.domain.rules.zoned_time import to_local, to_utc
from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.services.commands import NewVoter
from projectdesk.services.poll_rows import DateOptionRow, DatePollDetail, DatePollRow, PollLink

Create = Callable[[UUID, Mapping[str, Any], Sequence[NewVoter], Done, Failed], None]
_MORNING: Final = time(10)
_END_OF_DAY: Final = time(23, 59)
_LIST_HEIGHT: Final = 300


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


class LettersDialog(Dialog):
    """Personal links that wait to be sent: by our mail, the mail program, or copied."""

    def __init__(
        self,
        parent: QWidget,
        letters: Letters,
        send: Callable[[Done, Failed, bool, bool], None],
        written: Callable[[UUID], None],
        warning: str = "",
    ) -> None:
        """Offer to write.

        Args:
            parent: the window it belongs to.
            letters: whom, and what.
            send: puts them into the outbox; gets whether also to who was asked already, and whether
                also with links that only this network opens.
            written: gets the voter who is being written to another way.
            warning: what has to be known of the links, "" = nothing.
        """
        title = say("Remind voters") if letters.reminder else say("Send the personal links")
        sentence = say("A link is for its voter alone: whoever has it can answer for them.")
        super().__init__(parent, title, sentence, width=600)
        self._letters, self._written, self._send = letters, written, send
        self.warning = Banner()
        self.anyway = QCheckBox(say("Send these links all the same"))
        self.again = QCheckBox(say("Also to who was asked by mail already"))
        self.add(self.warning, self.anyway)
        self.warning.say(warning)
        show_if(self.anyway, bool(warning))
        inside = column(spacing=SPACE_M)
        for link in letters.links:
            inside.addWidget(self._line(link))
        inside.addStretch(1)
        area = scrolled(plain(inside))
        area.setMinimumHeight(min(_LIST_HEIGHT, 56 * len(letters.links) + SPACE_M))
        self.add(area, self.again)
        show_if(self.again, any(voter in letters.asked for voter in letters.mails))
        self.add_button(say("Close"), "", self.accept)
        self.action = self.add_button("", "primary", self._send_all, default=True)
        if not letters.can_send:
            self.action.setToolTip(say("No mail account is set up on this computer."))
        self.again.toggled.connect(self._count)
        self.anyway.toggled.connect(self._count)
        self._count()

    def _count(self) -> None:
        """Say how many mails go out, and let them go when that is possible."""
        asked = frozenset[UUID]() if self.again.isChecked() else self._letters.asked
        count = sum(voter not in asked for voter in self._letters.mails)
        self.action.setText(say_count(count, "Send {count} mail", "Send {count} mails"))
        reached = self.anyway.isHidden() or self.anyway.isChecked()
        self.action.setEnabled(self._letters.can_send and reached and count > 0)

    def _line(self, link: PollLink) -> QWidget:
        mail = button(say("E-mail"), "", "external-link", lambda: self._mail(link))
        mail.setEnabled(link.voter_id in self._letters.mails)
        mail.setAccessibleName(say("Write an e-mail to {name}", name=link.name))
        copy = button(say("Copy text"), "", "copy", lambda: self._copy(link))
        copy.setAccessibleName(say("Copy the text for {name}", name=link.name))
        names = column(
            text(link.name, "strong"),
            Elided(self._known(link), "caption"),
            spacing=0,
        )
        line = row(names, mail, copy, spacing=SPACE_S)
        line.setStretch(0, 1)
        return plain(line)

    def _known(self, link: PollLink) -> str:
        if link.voter_id in self._letters.asked:
            return say("{address}, asked by mail already", address=link.email)
        return link.email or say("No address is known")

    def _send_all(self) -> None:
        self.action.setEnabled(False)
        self._send(self.accept, self._refuse, self.again.isChecked(), self.anyway.isChecked())

    def _refuse(self, error: ProjectDeskError) -> None:
        if error.code == "link_not_public":
            show_if(self.anyway, True)
        self._count()
        self.show_problem(say_error(error))

    def _mail(self, link: PollLink) -> None:
        mail = self._letters.mails[link.voter_id]
        body = quote(mail.text.replace("\n", "\r\n"))
        address = f"mailto:{quote(mail.recipient, safe='@')}?subject={quote(mail.subject)}"
        url = f"{address}&body={body}"
        QDesktopServices.openUrl(QUrl.fromEncoded(url.encode("ascii")))
        self._note(link)

    def _copy(self, link: PollLink) -> None:
        mail = self._letters.mails.get(link.voter_id)
        QGuiApplication.clipboard().setText(link.url if mail is None else mail.text)
        self._note(link)

    def _note(self, link: PollLink) -> None:
        if self._letters.reminder:
            self._written(link.voter_id)


def next_day(now: datetime, zone: str) -> date:
    """Return the day a week from now where the poll is: a first proposal."""
    return to_local(now, zone).date() + timedelta(days=7)
