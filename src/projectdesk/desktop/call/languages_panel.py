"""Languages in the console: channels, who interprets, who types captions, what is kept of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import ClassVar

from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from projectdesk.desktop.call.panel import Panel, Surroundings
from projectdesk.desktop.call.room import LiveRoom
from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.ordering import in_order
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.desktop.widgets.layout import (
    button,
    column,
    icon_button,
    plain,
    row,
    scrolled,
    show_if,
    text,
)
from projectdesk.domain.meetings import CallRole
from projectdesk.services import queries
from projectdesk.services.rows import InvitationRow
from projectdesk.signalling import call, languages

_SPOKEN = (
    "ar bg bs ca cs da de el en es et eu fi fr ga gl he hi hr hu is it ja ka ko lt lv mk mt nb nl "
    "pl pt pt-BR ro ru sk sl sq sr sv tr uk vi zh"
)
TAGS = tuple(_SPOKEN.split())
"""Languages that can be chosen, as on the call page."""


def languages_after(known: languages.Languages, message: call.HostMessage) -> languages.Languages:
    """Return the languages after a message of the host; pure."""
    match message:
        case call.Welcome():
            return languages.Languages()
        case languages.LanguagesChanged(languages=now):
            return now
        case _:
            return known


class LanguagesPanel(Panel):
    """What is set for all; also before anybody is there."""

    key: ClassVar[str] = "languages"
    icon: ClassVar[str] = "languages"

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._set = languages.Languages()
        self._channels = column(spacing=SPACE_S)
        self.add = _choice(say("Add interpretation into"), _named(TAGS))
        self.add.activated.connect(lambda _place: self._add_channel())
        self.interpreters = _Appointments(
            say("Interpreters"),
            lambda who, spoken: self.sent.emit(
                languages.AppointInterpreter(participant=who, language=spoken)
            ),
        )
        self.captioners = _Appointments(
            say("Captioners"),
            lambda who, spoken: self.sent.emit(
                languages.AppointCaptioner(participant=who, language=spoken)
            ),
        )
        self.captioners.offer_languages(TAGS)
        self.keep = QCheckBox(say("Keep captions with the meeting"))
        self.keep.clicked.connect(lambda on: self.sent.emit(languages.KeepCaptions(keep=on)))
        inner = QWidget()
        inner.setLayout(
            column(
                text(say("Interpretation"), "strong"),
                text(
                    say(
                        "Interpreters are heard by those who listen to their language, not on the "
                        "floor. Two can take turns on each."
                    ),
                    "caption",
                    wrap=True,
                ),
                self._channels,
                self.add,
                self.interpreters,
                text(say("Captions"), "strong"),
                self.captioners,
                self.keep,
                None,
                spacing=SPACE_M,
                margins=(SPACE_S, SPACE_M, SPACE_S, SPACE_M),
            )
        )
        self.setLayout(column(scrolled(inner), spacing=0))
        self._inner = inner
        around.session.ask(
            lambda workspace: queries.invitations(workspace, around.meeting_id), self._offer
        )
        self._show()

    @property
    def title(self) -> str:
        """What the tab is called."""
        return say("Languages")

    def hear(self, message: call.HostMessage) -> None:
        """Take news of the languages."""
        after = languages_after(self._set, message)
        if after != self._set:
            self._set = after
            self._show()

    def show_room(self, room: LiveRoom, now: datetime) -> None:
        """Nothing of the room is shown here: whoever is invited can be named."""

    def end(self) -> None:
        """Offer nothing more."""
        self._inner.setEnabled(False)

    def _offer(self, invited: list[InvitationRow]) -> None:
        people = [
            (row.id.hex, row.name, row.role) for row in invited if not row.revoked and row.name
        ]
        speaking = [(who, name) for who, name, role in people if role is not CallRole.OBSERVER]
        self.interpreters.offer_people(speaking)
        self.captioners.offer_people([(who, name) for who, name, _role in people])

    def _add_channel(self) -> None:
        chosen = self.add.currentData()
        self.add.setCurrentIndex(0)
        if chosen and chosen not in self._set.channels:
            self.sent.emit(languages.SetChannels(languages=[*self._set.channels, chosen]))

    def _drop_channel(self, tag: str) -> None:
        left = [one for one in self._set.channels if one != tag]
        self.sent.emit(languages.SetChannels(languages=left))

    def _show(self) -> None:
        _clear(self._channels)
        for tag in self._set.channels:
            name = formats.language(tag)
            words = say("No interpretation into {language} any more", language=name)
            drop = icon_button("x", words, self._dropper(tag))
            self._channels.addWidget(plain(row(text(name), None, drop)))
        self.interpreters.offer_languages(self._set.channels)
        on_air = {one.participant for one in self._set.interpreters if one.on_air}
        self.interpreters.show_named(self._set.interpreters, on_air)
        show_if(self.interpreters, bool(self._set.channels))
        self.captioners.show_named(self._set.captioners, set())
        self.keep.setChecked(self._set.keeps)

    def _dropper(self, tag: str) -> Callable[[], None]:
        return lambda: self._drop_channel(tag)


class _Appointments(QWidget):
    """Who does something in which language, and the way to name one more."""

    def __init__(self, title: str, appoint: Callable[[str, str | None], None]) -> None:
        super().__init__()
        self._appoint = appoint
        self._box = column(spacing=SPACE_S)
        self.who = _choice(say("Person"), [])
        self.spoken = _choice(say("Language"), [])
        self.submit = button(say("Add"), "", "plus", self._submit)
        form = row(self.who, self.spoken, self.submit, spacing=SPACE_S)
        form.setStretch(0, 1)
        form.setStretch(1, 1)
        self.setLayout(column(text(title, "label"), self._box, form, spacing=SPACE_S))

    def offer_people(self, people: list[tuple[str, str]]) -> None:
        """Take who may be named: id and name."""
        _fill(self.who, in_order(people, lambda one: one[1]))

    def offer_languages(self, tags: Iterable[str]) -> None:
        """Take the languages that may be chosen."""
        _fill(self.spoken, _named(tags))

    def show_named(
        self, named: list[languages.Interpreter] | list[languages.Captioner], on_air: set[str]
    ) -> None:
        """Show who is named; `on_air`: whose turn it is."""
        _clear(self._box)
        for one in named:
            chips = [Chip(say("On air"), Tone.SUCCESS)] if one.participant in on_air else []
            dismiss = icon_button(
                "x", say("Take {name} off", name=one.name), self._dismisser(one.participant)
            )
            words = formats.joined((one.name, formats.language(one.language)))
            self._box.addWidget(plain(row(text(words), None, *chips, dismiss, spacing=SPACE_S)))

    def _dismisser(self, participant: str) -> Callable[[], None]:
        return lambda: self._appoint(participant, None)

    def _submit(self) -> None:
        who, spoken = self.who.currentData(), self.spoken.currentData()
        if who and spoken:
            self._appoint(who, spoken)
            self.who.setCurrentIndex(0)


def _named(tags: Iterable[str]) -> list[tuple[str, str]]:
    """Return tags with the languages' names, by name."""
    named = [(tag, formats.language(tag)) for tag in tags]
    return in_order(named, lambda one: one[1])


def _choice(name: str, entries: list[tuple[str, str]]) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setPlaceholderText(name)
    _fill(made, entries)
    return made


def _fill(choice: QComboBox, entries: list[tuple[str, str]]) -> None:
    """Offer entries (value, words) below the name of the choice; what was chosen stays."""
    chosen = choice.currentData()
    choice.clear()
    choice.addItem(choice.placeholderText(), "")
    for value, words in entries:
        choice.addItem(words, value)
    choice.setCurrentIndex(max(choice.findData(chosen), 0) if chosen else 0)


def _clear(box: QVBoxLayout) -> None:
    while box.count():
        entry = box.takeAt(0)
        widget = entry.widget() if entry is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
