"""Who is there, who waits and who was removed, in the console."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from projectdesk.desktop.call.orders import Choice, Order, choices
from projectdesk.desktop.call.panel import Panel, Surroundings
from projectdesk.desktop.call.room import LiveRoom
from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.ordering import order_of_names
from projectdesk.desktop.theme import Tone, set_icon, theme
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S
from projectdesk.desktop.widgets.badges import Avatar, Chip, Icon
from projectdesk.desktop.widgets.dialog import confirm
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
from projectdesk.services import queries
from projectdesk.services.attendance_rows import AttendanceRow
from projectdesk.signalling import call, floor, leading


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


class People(Panel):
    """Who is in the call: raised hands first, then the chair; and who was removed."""

    key = "people"
    icon = "users"

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._count = 0
        self._around = around
        self._attended: dict[str, int] = {}
        self._asked_at = ""
        self.words = QLineEdit()
        self.words.setMaxLength(leading.MAX_LOBBY_MESSAGE)
        self.words.setPlaceholderText(say("Message to the lobby: We start in five minutes"))
        self.words.setAccessibleName(say("Message to the lobby"))
        self.words.returnPressed.connect(self._write_lobby)
        self._words_known = ""
        self.set_words = button(say("Set"), "", "", self._write_lobby)
        self.follow = QCheckBox(say("Who presents is in focus"))
        self.follow.clicked.connect(self._follow)
        self._in_focus = leading.Focus()
        self._shown: object = None
        self._locked = False
        self._latest: tuple[LiveRoom, datetime] | None = None
        self._choosing = False
        self.mute = button(say("Mute all others"), "", "mic-off", self._mute_all)
        self.lock = button(say("Lock"), "", "lock", self._lock)
        self.lower_hands = button(say("Lower all hands"), "", "hand", self._lower_all)
        self._box = column(spacing=SPACE_M)
        self._removed = column(spacing=SPACE_S)
        inner = QWidget()
        words = row(self.words, self.set_words, spacing=SPACE_S)
        leads = row(self.mute, self.lock, None, spacing=SPACE_S)
        pieces = (words, leads, row(self.lower_hands, None), self.follow)
        inner.setLayout(
            column(
                *pieces,
                self._box,
                self._removed,
                None,
                margins=(SPACE_S, SPACE_M, SPACE_S, SPACE_M),
            )
        )
        self.lower_hands.hide()
        self.setLayout(column(scrolled(inner), spacing=0))

    @property
    def title(self) -> str:
        """What the tab is called."""
        return say("People")

    @property
    def count(self) -> int:
        """How many are in the call."""
        return self._count

    def show_room(self, room: LiveRoom, now: datetime) -> None:
        """Show everybody with hand, role, organisation, local time, microphone and camera.

        While a menu is open its row stays: somebody who starts to speak must not close it.
        """
        self._latest = (room, now)
        if len(room.participants) != self._count:
            self._count = len(room.participants)
            self.labelled.emit()
        self._show_wishes(room)
        self._ask_attendance(f"{now:%H:%M}")
        if self._choosing:
            return
        minute = f"{now:%H:%M}"
        people = (room.participants, room.speaker, room.removed, room.breakouts, room.focus)
        shown = (people, room.locked, minute, tuple(self._attended.items()))
        if shown == self._shown:
            return
        self._shown = shown
        self._locked = room.locked
        self.lock.setText(say("Unlock") if room.locked else say("Lock"))
        set_icon(self.lock, "lock-open" if room.locked else "lock", Tone.TEXT, air=True)
        self.lock.setToolTip(say("Locked: nobody new can knock.") if room.locked else "")
        hands = [one.id for one in room.hands()]
        show_if(self.lower_hands, bool(hands))
        focused = self._focused_name()
        _clear(self._box)
        for person in room.in_order(order_of_names()):
            place = hands.index(person.id) + 1 if person.id in hands else 0
            self._box.addWidget(self._row(person, room, now, place))
        self._show_removed(room)
        self._focus(focused)

    def _show_wishes(self, room: LiveRoom) -> None:
        """Show what is set for all, unless somebody is writing it anew."""
        self._in_focus = room.focus
        self.follow.setChecked(room.focus.follows)
        if room.lobby_message != self._words_known:
            self._words_known = room.lobby_message
            self.words.setText(room.lobby_message)

    def _write_lobby(self) -> None:
        self.sent.emit(leading.SetLobbyMessage(text=self.words.text()))

    def _follow(self, follows: bool) -> None:
        chosen = self._in_focus.participant if self._in_focus.chosen else None
        self.sent.emit(leading.Spotlight(participant=chosen, follows=follows))

    def _ask_attendance(self, minute: str) -> None:
        """Ask once a minute how long everybody was there so far, across all their visits."""
        if minute == self._asked_at:
            return
        self._asked_at = minute
        meeting = self._around.meeting_id
        self._around.session.ask(
            lambda workspace: queries.attendance(workspace, meeting),
            self._take_attendance,
            lambda error: None,  # the list is there without it
        )

    def _take_attendance(self, rows: list[AttendanceRow]) -> None:
        invitees = [row for row in rows if row.companion_id is None]
        self._attended = {row.invitation_id.hex: int(row.minutes) for row in invitees}
        self._catch_up()

    def draft(self) -> Mapping[str, str]:
        """Return a message to the lobby that is not set yet."""
        typed = self.words.text()
        return {"lobby": typed} if typed != self._words_known else {}

    def restore(self, draft: Mapping[str, str]) -> None:
        """Take back what was half typed."""
        self.words.setText(draft.get("lobby", self.words.text()))

    def _focused_name(self) -> str:
        """Return the name of the menu button that has the focus, "" for none."""
        focused = self.focusWidget()
        has_focus = isinstance(focused, QToolButton) and focused.hasFocus()
        return focused.accessibleName() if has_focus and focused is not None else ""

    def _focus(self, name: str) -> None:
        """Give the focus to the button that stands for the one that had it."""
        for opener in self.findChildren(QToolButton):
            if name and opener.accessibleName() == name and not opener.isHidden():
                opener.setFocus()

    def _set_choosing(self, choosing: bool) -> None:
        self._choosing = choosing
        if not choosing:  # the row must outlive the click that closed its menu
            QTimer.singleShot(0, self, self._catch_up)

    def _catch_up(self) -> None:
        if self._latest is not None:
            self.show_room(*self._latest)

    def _show_removed(self, room: LiveRoom) -> None:
        _clear(self._removed)
        if room.removed:
            words = say("Removed ({count})", count=len(room.removed))
            self._removed.addWidget(text(words, "strong"))
        for gone in room.removed:
            back = button(
                say("Let back in"), "", "", self._sender(floor.LetBackIn(participant=gone.id))
            )
            back.setAccessibleName(say("Let {name} back in", name=gone.name))
            self._removed.addWidget(plain(row(text(gone.name), None, back, spacing=SPACE_S)))

    def _row(self, person: call.Participant, room: LiveRoom, now: datetime, place: int) -> QWidget:
        avatar = Avatar()
        avatar.set_name(person.name)
        words = column(
            text(person.name, "strong"),
            text(self._facts(person, room, now), "caption"),
            spacing=0,
        )
        pieces = _states(person, place)
        if person.id == room.focus.participant:
            pieces.insert(0, Chip(say("in focus"), Tone.ACCENT))
        microphone = Icon("mic" if person.audio else "mic-off", Tone.MUTED)
        if person.id == room.speaker:
            microphone.set("volume-2", Tone.ACCENT)
            microphone.setToolTip(say("speaks"))
        camera = Icon("video" if person.video else "video-off", Tone.MUTED)
        menu = self._menu(person, room.focus)
        return plain(row(avatar, words, None, *pieces, microphone, camera, menu, spacing=SPACE_S))

    def _facts(self, person: call.Participant, room: LiveRoom, now: datetime) -> str:
        """Return group, organisation, local time and time there: "WP3 · UP, 09:05 · 45 min"."""
        group = room.group_of(person.id)
        here = int((room.host_now(now) - person.since).total_seconds() // 60)
        minutes = max(self._attended.get(person.id, 0), here, 0)
        there = say("{minutes} min here", minutes=minutes)
        parts = (group.name if group else "", _where(person, room.host_now(now)), there)
        return formats.joined(parts)

    def _menu(self, person: call.Participant, focus: leading.Focus) -> QToolButton:
        opener = icon_button("ellipsis", say("Actions for {name}", name=person.name))
        menu = QMenu(opener)
        for choice in choices(person, focus):
            action = menu.addAction(theme().icon(choice.icon, Tone.TEXT), choice.words)
            action.triggered.connect(self._chooser(choice))
        menu.aboutToShow.connect(lambda: self._set_choosing(True))
        menu.aboutToHide.connect(lambda: self._set_choosing(False))
        opener.setMenu(menu)
        opener.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return opener

    def _chooser(self, choice: Choice) -> Callable[[], object]:
        send = self._sender(choice.order)
        if not choice.question:
            return send
        return lambda: confirm(self, choice.question, choice.consequence, choice.words, send)

    def _sender(self, order: Order) -> Callable[[], None]:
        return lambda: self.sent.emit(order)

    def _mute_all(self) -> None:
        self.sent.emit(floor.StopFeed(source="audio"))

    def _lock(self) -> None:
        self.sent.emit(floor.LockRoom(locked=not self._locked))

    def _lower_all(self) -> None:
        self.sent.emit(floor.LowerHands())


def _states(person: call.Participant, place: int) -> list[QWidget]:
    """Return the raised hand with its place, and whether somebody is away or leads."""
    states: list[QWidget] = []
    if place:
        number = Chip(str(place), Tone.WARNING)
        number.setToolTip(say("hand raised, number {place}", place=place))
        states += [Icon("hand", Tone.WARNING, 16), number]
    if person.away:
        states.append(Chip(say("reconnecting"), Tone.WARNING))
    elif _role(person.role):
        states.append(Chip(_role(person.role), Tone.NEUTRAL))
    return states
