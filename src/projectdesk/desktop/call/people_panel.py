"""Who is there and who waits, in the console."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from projectdesk.desktop.call.room import LiveRoom
from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S
from projectdesk.desktop.widgets.badges import Avatar, Chip, Icon
from projectdesk.desktop.widgets.layout import (
    button,
    column,
    frame,
    icon_button,
    plain,
    row,
    scrolled,
    show_if,
    text,
)
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.errors import DomainError
from projectdesk.signalling import call


def _role(role: str) -> str:
    return {
        "chair": say("Chair"),
        "cohost": say("Co-host"),
        "presenter": say("Presenter"),
        "observer": say("Observer"),
        "interpreter": say("Interpreter"),
    }.get(role, "")


def _where(person: call.Participant, now: datetime) -> str:
    """Return organisation and local time: "UPORTO, 09:05"."""
    try:
        clock = f"{to_local(now, person.zone):%H:%M}" if person.zone else ""
    except DomainError:
        clock = ""
    return ", ".join(part for part in (person.organisation, clock) if part)


def _clear(box: QVBoxLayout) -> None:
    while box.count():
        entry = box.takeAt(0)
        widget = entry.widget() if entry is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()


class Lobby(QWidget):
    """Who waits: admit one, admit all, refuse."""

    admitted = Signal(object)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._title = text("", "strong")
        self.all = button(say("Admit all"), "primary", "users", lambda: self.admitted.emit(None))
        self._box = column(spacing=SPACE_S)
        card = frame(
            "banner",
            column(
                row(Icon("door-open", Tone.WARNING), self._title, None, self.all),
                self._box,
                spacing=SPACE_S,
                margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_M),
            ),
        )
        self._shown: tuple[call.Participant, ...] = ()
        self.setLayout(column(card, spacing=0))
        self.hide()

    def show_lobby(self, lobby: tuple[call.Participant, ...], now: datetime) -> None:
        """Show who waits; hidden when nobody does."""
        if lobby == self._shown:
            return
        self._shown = lobby
        _clear(self._box)
        for person in lobby:
            self._box.addWidget(self._row(person, now))
        self._title.setText(say_count(len(lobby), "{count} person waits", "{count} people wait"))
        show_if(self.all, len(lobby) > 1)
        show_if(self, bool(lobby))

    def _row(self, person: call.Participant, now: datetime) -> QWidget:
        name = person.name + (" ⚠" if person.marked else "")
        words = column(text(name, "strong"), text(_where(person, now), "caption"), spacing=0)
        admit = button(say("Admit"), "", "", lambda: self.admitted.emit(person.id))
        admit.setAccessibleName(say("Admit {name}", name=person.name))
        refuse = icon_button(
            "x", say("Turn {name} away", name=person.name), lambda: self.refused.emit(person.id)
        )
        return plain(row(words, None, admit, refuse, spacing=SPACE_S))


class People(QWidget):
    """Who is in the call, chair first."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: object = None
        self._box = column(spacing=SPACE_M)
        inner = QWidget()
        inner.setLayout(column(self._box, None, margins=(SPACE_S, SPACE_M, SPACE_S, SPACE_M)))
        self.setLayout(column(scrolled(inner), spacing=0))

    def show_people(self, room: LiveRoom, now: datetime) -> None:
        """Show everybody with role, organisation, local time, microphone and camera."""
        shown = (room.participants, room.speaker, f"{now:%H:%M}")
        if shown == self._shown:
            return
        self._shown = shown
        _clear(self._box)
        for person in room.in_order():
            self._box.addWidget(self._row(person, room, now))

    def _row(self, person: call.Participant, room: LiveRoom, now: datetime) -> QWidget:
        avatar = Avatar()
        avatar.set_name(person.name)
        speaking = person.id == room.speaker
        words = column(
            text(person.name, "strong"),
            text(_where(person, room.host_now(now)), "caption"),
            spacing=0,
        )
        pieces: list[QWidget] = []
        if person.away:
            pieces.append(Chip(say("reconnecting"), Tone.WARNING))
        elif _role(person.role):
            pieces.append(Chip(_role(person.role), Tone.NEUTRAL))
        microphone = Icon("mic" if person.audio else "mic-off", Tone.MUTED)
        if speaking:
            microphone.set("volume-2", Tone.ACCENT)
        microphone.setToolTip(say("speaks") if speaking else "")
        camera = Icon("video" if person.video else "video-off", Tone.MUTED)
        return plain(row(avatar, words, None, *pieces, microphone, camera, spacing=SPACE_S))
