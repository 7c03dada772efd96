"""The notice guard: what the body's rules require by when, what is late, what follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats, notice_words
from projectdesk.desktop.models.fields import Entry, Field
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.presenters.preparing import Preparation
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.badges import Chip, Icon
from projectdesk.desktop.widgets.layout import button, column, hairline, plain, row, text
from projectdesk.domain.rules.notice import Deadline, NoticeLight, NoticeRule
from projectdesk.services.notice_rows import CANCELLED, WITHOUT_BODY, NoticeRow


class NoticeCard(QFrame):
    """Light, dates, consequences, and what to do next."""

    note_asked = Signal(object)
    """NoticeRule: the person wants to say when it was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self._icon = Icon("info", Tone.MUTED, 18)
        self._light = Chip("")
        self._about = text("", "caption", wrap=True)
        self._content: QVBoxLayout = column(spacing=SPACE_M)
        head = row(self._icon, text(say("Notice"), "heading"), None, self._light, spacing=SPACE_S)
        self.setLayout(
            column(
                head,
                self._about,
                self._content,
                spacing=SPACE_M,
                margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL),
            )
        )
        self.words: list[str] = []

    def show_notice(self, shown: Preparation) -> None:
        """Show the notice of a meeting."""
        notice = shown.notice
        self._icon.set(notice_words.light_icon(notice.light), notice_words.light_tone(notice.light))
        self._light.set(
            notice_words.light_word(notice.light), notice_words.light_tone(notice.light)
        )
        self._about.setText(_about(notice))
        self.setAccessibleName(f"{say('Notice')}: {self._light.words or self._about.text()}")
        self.words = [self._about.text()]
        self._clear()
        for deadline in notice.deadlines:
            self._content.addWidget(self._deadline(deadline, shown.today))
        self._list(say("What follows"), notice_words.effects(notice))
        self._list(say("What to do next"), notice_words.steps(notice))
        if notice.added:
            self._heading(say("Added after the agenda was sent"))
            for item in notice.added:
                words, tone = notice_words.added(item)
                kind = [Chip(say("Decision"), Tone.WARNING)] if item.decision else []
                title = text(item.title, wrap=True)
                line = row(title, *kind, Chip(words, tone), spacing=SPACE_S)
                line.setStretch(0, 1)
                self._content.addWidget(plain(line))
                self.words.append(f"{item.title}: {words}")

    def _clear(self) -> None:
        while (taken := self._content.takeAt(0)) is not None:
            if (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _deadline(self, deadline: Deadline, today: date) -> QWidget:
        words, tone = notice_words.standing(deadline, today)
        name = notice_words.rule_name(deadline.rule)
        when = notice_words.required(deadline)
        self.words.append(f"{name} {when}: {words}")
        about = column(text(name, "strong"), text(when, "caption"), spacing=2)
        parts = [Chip(words, tone)]
        line = row(about, None, *parts, spacing=SPACE_M)
        if deadline.rule is not NoticeRule.ITEMS:
            change = button(
                say("Change…") if deadline.done_on else say("Was sent…"),
                "link",
                "",
                lambda: self.note_asked.emit(deadline.rule),
            )
            change.setAccessibleName(f"{name}: {change.text()}")
            line.addWidget(change)
        return plain(line)

    def _heading(self, words: str) -> None:
        self._content.addWidget(hairline())
        self._content.addWidget(text(words, "label"))

    def _list(self, heading: str, lines: list[str]) -> None:
        if not lines:
            return
        self._heading(heading)
        for words in lines:
            bullet = text("•", "muted")
            bullet.setAlignment(Qt.AlignmentFlag.AlignTop)
            said = text(words, wrap=True)
            line = row(bullet, said, spacing=SPACE_S)
            line.setStretch(1, 1)
            self._content.addWidget(plain(line))
        self.words += lines


def _about(notice: NoticeRow) -> str:
    if notice.light is NoticeLight.NONE:
        return say(CANCELLED) if notice.words == CANCELLED else say(WITHOUT_BODY)
    city = formats.city(notice.zone)
    if notice.extraordinary:
        return say(
            "By the rules of {body} for extraordinary meetings; days are those of {city}.",
            body=notice.body,
            city=city,
        )
    return say("By the rules of {body}; days are those of {city}.", body=notice.body, city=city)


def ask_when_sent(
    parent: QWidget,
    deadline: Deadline,
    today: date,
    run: Callable[[date | None], object],
) -> FormDialog:
    """Ask on which day invitations or agenda were sent, then `run`; an empty day = not yet."""
    invitations = deadline.rule is NoticeRule.INVITATION

    def submit(dialog: FormDialog, values: Values) -> None:
        run(values["on"])
        dialog.close_done()

    dialog = FormDialog(
        parent,
        say("When were the invitations sent?") if invitations else say("When was the agenda sent?"),
        say(
            "What is sent from here is noted by itself. Say it here when you sent it by other "
            "means; leave the day empty when it was not sent yet."
        ),
        [Field("on", say("Sent on"), lambda _: deadline.done_on or today, Entry.DATE)],
        say("Note it"),
        submit,
    )
    dialog.open()
    return dialog
