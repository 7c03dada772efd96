"""The dialog of addresses by which other calendars follow the meetings."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFrame, QLineEdit, QMenu, QVBoxLayout, QWidget

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.feeds import (
    FeedsPresenter,
    SendsFeeds,
    ShownFeeds,
    reach_words,
)
from projectdesk.desktop.presenters.meeting_hosts import host_options
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import CONTROL_HEIGHT, SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.desktop.widgets.dialog import Dialog, confirm
from projectdesk.desktop.widgets.form import Form
from projectdesk.desktop.widgets.layout import (
    button,
    column,
    icon_button,
    row,
    scrolled,
    show_if,
    text,
)
from projectdesk.errors import ProjectDeskError
from projectdesk.services.calendar_feeds import FeedLink, FeedRow
from projectdesk.services.meeting_hosts import MeetingHosts

_WIDTH = 640
_MOST_HEIGHT = 280


class FeedCard(QFrame):
    """One address: what it has, where it is read, and what can be done with it."""

    def __init__(
        self, shown: FeedRow, hosts: MeetingHosts, presenter: FeedsPresenter, window: QWidget
    ) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self._row = shown
        self._presenter = presenter
        self._window = window
        self._link: FeedLink | None = None
        self.link = QLineEdit()
        self.link.setReadOnly(True)
        self.link.setFixedHeight(CONTROL_HEIGHT)
        self.link.setAccessibleName(say("Address of {name}", name=shown.name))
        self.copy = button(say("Copy"), "", "copy", self._copy)
        self.copy.setToolTip(say("Copy the address"))
        self.open = button(say("Open in calendar"), "", "external-link", self._open)
        self.open.setToolTip(say("Let the calendar program of this computer subscribe (webcal:)"))
        more = icon_button("ellipsis", say("More"))
        more.setPopupMode(more.ToolButtonPopupMode.InstantPopup)
        more.setMenu(self._menu())
        chip = Chip(say("Ended"), Tone.NEUTRAL) if shown.revoked else Chip("", Tone.NEUTRAL)
        what = shown.project or say("All projects")
        nowhere = say("Made elsewhere: give it a new address to use it here.")
        reach = nowhere if shown.host is None else reach_words(shown.host, hosts)
        self.note = text(formats.joined((what, reach)), "caption", wrap=True)
        head = row(text(shown.name, "strong"), chip, None, more, spacing=SPACE_S)
        self._line = QWidget()
        line = row(self.link, self.copy, self.open, spacing=SPACE_S)
        line.setStretch(0, 1)
        self._line.setLayout(line)
        self.setLayout(
            column(
                head,
                self.note,
                self._line,
                spacing=SPACE_XS,
                margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_M),
            )
        )
        self._line.setVisible(not shown.revoked)
        self.show_link(None)
        if shown.revoked:
            self.note.setText(
                formats.joined(
                    (what, say("Nobody reads it any more. A new address begins it again."))
                )
            )

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(say("New address…"), self._ask_renew)
        if not self._row.revoked:
            menu.addAction(say("End the address…"), self._ask_revoke)
        menu.addSeparator()
        menu.addAction(say("Delete"), partial(self._presenter.delete, self._row))
        return menu

    def show_link(self, link: FeedLink | None) -> None:
        """Show the address; None = it is not known yet."""
        self._link = link
        self.link.setText("" if link is None else link.url)
        self.link.setCursorPosition(0)
        self.link.setPlaceholderText(say("Telling the host…"))
        for each in (self.copy, self.open):
            each.setEnabled(link is not None)

    def show_trouble(self, words: str) -> None:
        """Say why the host was not told."""
        self.show_link(None)
        self.link.setPlaceholderText(words)
        self.link.setToolTip(words)

    def _copy(self) -> None:
        if self._link is not None:
            QGuiApplication.clipboard().setText(self._link.url)
            self._presenter.say_copied(self._row)

    def _open(self) -> None:
        if self._link is not None:
            QDesktopServices.openUrl(QUrl(self._link.webcal))

    def _ask_renew(self) -> None:
        confirm(
            self._window,
            say("Make a new address of “{name}”?", name=self._row.name),
            say("Programs that have the address of now read nothing by it any more."),
            say("New address"),
            partial(self._presenter.renew, self._row),
        )

    def _ask_revoke(self) -> None:
        confirm(
            self._window,
            say("End the address of “{name}”?", name=self._row.name),
            say("Programs that have it read nothing any more. This cannot be undone."),
            say("End the address"),
            partial(self._presenter.revoke, self._row),
        )


class SubscribeDialog(Presented, Dialog):
    """Makes, copies and ends addresses to subscribe to."""

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        desks: SendsFeeds,
        project: UUID | None = None,
    ) -> None:
        """Make the dialog.

        Args:
            parent: the window it belongs to.
            session: the outside.
            desks: sends the calendars to their hosts.
            project: chosen for a new address, None = all.
        """
        super().__init__(
            parent,
            say("Subscribe to the meetings"),
            say(
                "A calendar program that has the address shows the meetings and follows changes. "
                "Whoever has it reads their titles, times and places, but no personal links."
            ),
            width=_WIDTH,
        )
        self._project = project
        self._shown: ShownFeeds | None = None
        self.cards: dict[UUID, FeedCard] = {}
        self._list: QVBoxLayout = column(spacing=SPACE_S)
        inner = QWidget()
        inner.setLayout(column(self._list, None, spacing=0))
        self._area = scrolled(inner)
        self._area.setMaximumHeight(_MOST_HEIGHT)
        self._form_place: QVBoxLayout = column(spacing=SPACE_S)
        self.form: Form | None = None
        self.make = button(say("Make the address"), "primary", "plus", self._make)
        self.add(self._area, SPACE_S, text(say("New address"), "heading"), self._form_place)
        self.add(row(None, self.make))
        self.add_button(say("Close"), "", self.accept)
        self.presenter = self.present(FeedsPresenter(session, self, desks))
        self.finished.connect(lambda _: self.close_presenters())

    # --- what the presenter calls

    def show_feeds(self, shown: ShownFeeds) -> None:
        """Show the addresses that there are."""
        first = self._shown is None
        self._shown = shown
        for card in self.cards.values():
            self._list.removeWidget(card)
            card.deleteLater()
        self.cards = {}
        for each in shown.feeds:
            card = FeedCard(each, shown.hosts, self.presenter, self)
            self.cards[each.id] = card
            self._list.addWidget(card)
        show_if(self._area, bool(shown.feeds))
        self._area.setMinimumHeight(min(_MOST_HEIGHT, 104 * len(shown.feeds)))
        if first:
            self._make_form(shown)
        layout = self.layout()
        if layout is not None:
            layout.activate()  # what is new counts in how high it has to be
        self.grow()

    def show_link(self, feed: UUID, link: FeedLink | None) -> None:
        """Show where one is read."""
        if feed in self.cards:
            self.cards[feed].show_link(link)

    def show_trouble(self, feed: UUID, words: str) -> None:
        """Say why its host was not told."""
        if feed in self.cards:
            self.cards[feed].show_trouble(words)

    # --- a new one

    def _make_form(self, shown: ShownFeeds) -> None:
        names = dict(shown.projects)
        chosen = names.get(self._project, "") if self._project is not None else ""

        def fixed(name: str, label: str, entry: Entry, value: object, **more: Any) -> Field[Any]:
            return Field(name, label, lambda _: value, entry, **more)

        all_projects = Option("", say("All projects"))
        self.form = Form(
            [
                [
                    fixed("name", say("Name"), Entry.TEXT, chosen or say("My meetings")),
                    fixed(
                        "project",
                        say("Meetings of"),
                        Entry.CHOICE,
                        self._project.hex if chosen and self._project is not None else "",
                        options=lambda: [
                            all_projects,
                            *(Option(each.hex, acronym) for each, acronym in shown.projects),
                        ],
                    ),
                ],
                fixed(
                    "host",
                    say("Read at"),
                    Entry.CHOICE,
                    shown.hosts.default,
                    options=lambda: host_options(shown.hosts),
                ),
            ]
        )
        self.form.show_row(None)
        self.reach = text("", "caption", wrap=True)
        self._form_place.addWidget(self.form)
        self._form_place.addWidget(self.reach)
        host = self.form.rows["host"].editor
        host.committed.connect(self._show_reach)
        self._show_reach()

    def _show_reach(self) -> None:
        if self.form is not None and self._shown is not None:
            host = self.form.rows["host"].editor.value()
            self.reach.setText(reach_words(host or "", self._shown.hosts))

    def _make(self) -> None:
        values = None if self.form is None else self.form.values()
        if values is None:
            return
        self.show_problem("")
        self.make.setEnabled(False)
        project = UUID(hex=values["project"]) if values["project"] else None

        def done() -> None:
            self.make.setEnabled(True)

        def failed(error: ProjectDeskError) -> None:
            self.make.setEnabled(True)
            field = error.facts.get("field")
            placed = self.form is not None and isinstance(field, str)
            if not (placed and self.form and self.form.show_problem(str(field), say_error(error))):
                self.show_problem(say_error(error))

        self.presenter.create(values["name"], project, values["host"] or "", done, failed)
