"""When the invitees of a meeting are reminded, and how far they are prepared."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QMenu, QVBoxLayout, QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats, reminder_words
from projectdesk.desktop.models.connection import problem_words
from projectdesk.desktop.presenters.preparing import Preparation
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.badges import Banner, Chip, Icon
from projectdesk.desktop.widgets.layout import (
    button,
    column,
    hairline,
    icon_button,
    plain,
    row,
    show_if,
    text,
)
from projectdesk.domain.meetings import MeetingState
from projectdesk.services.reminder_rows import Readiness, ReminderRow, RemindersRow


class RemindersCard(QFrame):
    """Reminders by mail, and the state of the connection checks.

    add_asked: minutes before the start. remove_asked: a ReminderRow. mail_asked: the person wants
    to set up a mail account.
    """

    add_asked = Signal(object)
    remove_asked = Signal(object)
    mail_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.setAccessibleName(say("Reminders"))
        self.words: list[str] = []
        self.add = button(say("Add reminder"), "", "plus")
        self.add.setProperty("menu", "true")
        self._menu = QMenu(self)
        self.add.setMenu(self._menu)
        self._about = text("", "caption", wrap=True)
        self.trouble = Banner()
        self._lines: QVBoxLayout = column(spacing=SPACE_M)
        head = row(
            Icon("bell", Tone.MUTED, 18),
            text(say("Reminders"), "heading"),
            None,
            self.add,
            spacing=SPACE_S,
        )
        self.setLayout(
            column(
                head,
                self._about,
                self.trouble,
                self._lines,
                spacing=SPACE_M,
                margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL),
            )
        )

    def show_reminders(self, shown: Preparation) -> None:
        """Show the reminders of a meeting."""
        reminders = shown.reminders
        ahead = shown.meeting.state is MeetingState.PLANNED
        show_if(self.add, ahead)
        self._fill_menu(reminders)
        self._about.setText(_about(reminders, ahead=ahead))
        self._warn(reminders)
        self.words = [self._about.text()]
        while (taken := self._lines.takeAt(0)) is not None:
            if (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for each in reminders.reminders:
            self._lines.addWidget(self._reminder(each, shown.meeting.zone, ahead=ahead))
        if ahead and reminders.readiness.expected:
            self._readiness(reminders.readiness)

    def _warn(self, reminders: RemindersRow) -> None:
        if reminders.reminders and not reminders.can_send:
            self.trouble.say(
                say("No mail account is set up on this computer: reminders do not go out."),
                say("Set it up"),
                self.mail_asked.emit,
            )
        else:
            self.trouble.say("")

    def _fill_menu(self, reminders: RemindersRow) -> None:
        self._menu.clear()
        known = {each.minutes_before for each in reminders.reminders}
        usual = [each for each in reminders.usual if each not in known]
        if usual:
            words = ", ".join(reminder_words.before(each) for each in usual)
            made = self._menu.addAction(say("The usual ones: {times}", times=words))
            made.triggered.connect(lambda: self.add_asked.emit(usual))
            self._menu.addSeparator()
        for option in reminder_words.choices():
            if option.value not in known:
                made = self._menu.addAction(option.label)
                made.triggered.connect(
                    lambda _=False, minutes=option.value: self.add_asked.emit([minutes])
                )

    def _reminder(self, each: ReminderRow, zone: str, *, ahead: bool) -> QWidget:
        words, tone = reminder_words.state(each.state)
        name = reminder_words.before(each.minutes_before)
        when = f"{formats.moment(each.due_at, zone)} {formats.city(zone)}"
        if each.server:
            server = urlsplit(each.server).netloc or each.server
            when = formats.joined((when, say("{server} sends it", server=server)))
        self.words.append(f"{name}, {when}: {words}")
        about = column(text(name, "strong"), text(when, "caption"), spacing=2)
        line = row(about, None, Chip(words, tone), spacing=SPACE_M)
        if ahead:
            remove = icon_button(
                "x", say("Remove {what}", what=name), lambda: self.remove_asked.emit(each)
            )
            line.addWidget(remove)
        return plain(line)

    def _readiness(self, state: Readiness) -> None:
        whole = state.checked == state.expected
        chip = Chip(
            say("{done} of {all} checked", done=state.checked, all=state.expected),
            Tone.SUCCESS if whole else Tone.NEUTRAL,
        )
        self._lines.addWidget(hairline())
        self._lines.addWidget(plain(row(text(say("Connection checks"), "strong"), None, chip)))
        self.words.append(chip.words)
        for each in state.troubled:
            problems = problem_words(each.problems) or say("With limits")
            self._line(f"{each.name}: {problems}", "triangle-alert", Tone.WARNING)
        if state.unchecked:
            unchecked = reminder_words.names(state.unchecked)
            self._line(say("Not checked: {names}", names=unchecked), "circle-question-mark")

    def _line(self, words: str, icon: str, tone: Tone = Tone.MUTED) -> None:
        self.words.append(words)
        line = row(Icon(icon, tone, 16), text(words, "caption", wrap=True), spacing=SPACE_S)
        line.setStretch(1, 1)
        self._lines.addWidget(plain(line))


def _about(reminders: RemindersRow, *, ahead: bool) -> str:
    if not reminders.reminders:
        if not ahead:
            return say("Nobody was reminded by mail.")
        return say(
            "Nobody is reminded yet. A reminder brings the agenda, a calendar entry and the link "
            "to the connection check."
        )
    count = reminders.recipients
    return say_count(
        count,
        "By mail to {count} person who has not declined, with agenda, calendar entry and link.",
        "By mail to {count} people who have not declined, with agenda, calendar entry and link.",
    )
