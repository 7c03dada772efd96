"""The members of the body in the console: how each stands, and what the chair may say of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from projectdesk.desktop.call.assembly import Assembly, standing_words
from projectdesk.desktop.call.room import LiveRoom
from projectdesk.desktop.language import say
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Icon
from projectdesk.desktop.widgets.layout import column, icon_button, plain, row, text
from projectdesk.signalling import votes


class MembersList(QWidget):
    """One row a member. sent: what the chair says of one; chosen: a menu is open, or not."""

    sent = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._box = column(spacing=SPACE_XS)
        self._shown: object = None
        self.setLayout(self._box)

    def show_members(self, assembly: Assembly, room: LiveRoom, *, over: bool) -> None:
        """Show them; an open menu closes only where something has changed."""
        people = tuple((one.id, one.name, one.organisation) for one in room.participants)
        shown = (assembly.body, people, over)
        if shown == self._shown:
            return
        self._shown = shown
        while self._box.count():
            entry = self._box.takeAt(0)
            widget = entry.widget() if entry is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for member in assembly.body.members if assembly.body is not None else ():
            self._box.addWidget(self._row(member, assembly, room, over=over))

    def _row(
        self, member: votes.MemberState, assembly: Assembly, room: LiveRoom, *, over: bool
    ) -> QWidget:
        there = member.standing != "absent" and not member.in_default
        mark = Icon("circle-check", Tone.SUCCESS, 16) if there else Icon("circle-x", size=16)
        words = column(
            text(member.name, "strong"),
            text(standing_words(member, assembly), "caption", wrap=True),
            spacing=0,
        )
        line = row(mark, plain(words), spacing=SPACE_S)
        line.setStretch(1, 1)
        if not over and not member.in_default:
            line.addWidget(self._menu(member, assembly, room))
        return plain(line)

    def _menu(self, member: votes.MemberState, assembly: Assembly, room: LiveRoom) -> QToolButton:
        opener = icon_button("ellipsis", say("Actions for {name}", name=member.name))
        menu = QMenu(opener)
        partner = member.partner
        there = votes.CountInRoom(partner=partner, there=not member.in_room)
        words = say("Not in the room any more") if member.in_room else say("Is here in the room")
        menu.addAction(words).triggered.connect(self._sender(there))
        if member.proxy:
            end = votes.EndProxy(giver=partner)
            menu.addAction(say("End its proxy")).triggered.connect(self._sender(end))
        elif holders := _holders(member, assembly):
            proxies = menu.addMenu(say("Represented by"))
            for holder in holders:
                proxy = votes.AnnounceProxy(giver=partner, holder=holder.partner)
                proxies.addAction(holder.name).triggered.connect(self._sender(proxy))
        people = [one for one in room.participants if one.organisation == member.name]
        if people:
            voters = menu.addMenu(say("Who votes for it"))
            for person in people:
                name = votes.NameVoter(partner=partner, participant=person.id)
                voters.addAction(person.name).triggered.connect(self._sender(name))
        opener.setMenu(menu)
        opener.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return opener

    def _sender(self, message: votes.VoteRequest) -> Callable[[], None]:
        return lambda: self.sent.emit(message)


def _holders(member: votes.MemberState, assembly: Assembly) -> list[votes.MemberState]:
    """Return who could represent a member; nobody where the body takes no proxies."""
    body = assembly.body
    if body is None or body.rules.proxy_limit == 0 or member.standing == "present":
        return []
    held = [one.proxy for one in body.members if one.proxy]
    return [
        one
        for one in body.members
        if one.standing == "present"
        and one.partner != member.partner
        and held.count(one.partner) < body.rules.proxy_limit
    ]
