"""When, where and how long a meeting is; saved at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.models.words import options
from projectdesk.desktop.presenters.meeting_hosts import (
    NONE_KNOWN,
    host_meaning,
    host_name,
    host_options,
)
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_XL
from projectdesk.desktop.widgets.form import Form
from projectdesk.desktop.widgets.layout import column, frame, plain, row, scrolled, text
from projectdesk.domain.meetings import MeetingState, MeetingType
from projectdesk.services.meeting_hosts import THIS_COMPUTER, MeetingHosts
from projectdesk.services.rows import BodyRow, MeetingRow

_LONGEST = 14 * 24 * 60
_WIDTH = 620
_NARROWEST = 480


class DetailsPane(QWidget):
    """The facts of a meeting."""

    entered = Signal(str, object)

    def __init__(self, beside: QWidget) -> None:
        """Make it. beside: what stands at its right."""
        super().__init__()
        self._bodies: tuple[Option, ...] = (Option(None, "–"),)
        self._hosts = NONE_KNOWN
        self._host = THIS_COMPUTER
        self.meaning = text("", "caption", wrap=True)
        self.form = Form(
            [
                Field[MeetingRow]("title", say("Title"), lambda r: r.title),
                [
                    Field(
                        "type",
                        say("Type"),
                        lambda r: r.type,
                        Entry.CHOICE,
                        lambda: options(MeetingType),
                    ),
                    Field(
                        "state",
                        say("State"),
                        lambda r: r.state,
                        Entry.CHOICE,
                        lambda: options(MeetingState),
                    ),
                ],
                [
                    Field(
                        "body_id",
                        say("Body"),
                        lambda r: r.body_id,
                        Entry.CHOICE,
                        lambda: self._bodies,
                    ),
                    Field(
                        "extraordinary",
                        say("Called as"),
                        lambda r: r.extraordinary,
                        Entry.CHOICE,
                        lambda: (
                            Option(False, say("Ordinary meeting")),
                            Option(True, say("Extraordinary meeting")),
                        ),
                    ),
                ],
                [
                    Field("date", say("Date"), lambda r: r.local_start.date(), Entry.DATE),
                    Field("time", say("Starts at"), lambda r: r.local_start.time(), Entry.TIME),
                ],
                [
                    Field("zone", say("Time zone"), lambda r: r.zone, Entry.ZONE),
                    Field(
                        "duration_minutes",
                        say("Length in minutes"),
                        lambda r: r.duration_minutes,
                        Entry.NUMBER,
                        minimum=1,
                        maximum=_LONGEST,
                    ),
                ],
                Field("place", say("Also meets in person at"), lambda r: r.place),
                [
                    Field(
                        "outside_url",
                        say("Call of others"),
                        lambda r: r.outside_url,
                        hint="https://",
                    ),
                    Field("organiser", say("Invited by"), lambda r: r.organiser),
                ],
                Field(
                    "host",
                    say("Held on"),
                    lambda r: r.host,
                    Entry.CHOICE,
                    lambda: host_options(self._hosts, self._host),
                ),
            ]
        )
        self.form.entered.connect(self.entered)
        card = frame(
            "card",
            column(
                text(say("Details"), "heading"),
                self.form,
                self.meaning,
                spacing=SPACE_L,
                margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL),
            ),
        )
        card.setMaximumWidth(_WIDTH)
        card.setMinimumWidth(_NARROWEST)
        beside.setMaximumWidth(_WIDTH)
        both = row(plain(column(card, None)), beside, spacing=SPACE_L)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        inner = column(both, None, margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL))
        self.setLayout(column(scrolled(plain(inner))))

    def show_meeting(self, row: MeetingRow) -> None:
        """Show the facts of a meeting."""
        self._host = row.host
        self.form.show_row(row)
        self.form.rows["host"].editor.setEnabled(row.state is MeetingState.PLANNED)
        self.meaning.setText(host_meaning(row.host, self._hosts))

    def show_hosts(self, hosts: MeetingHosts) -> None:
        """Offer the places that are known."""
        self._hosts = hosts
        self.form.load_options()
        self.meaning.setText(host_meaning(self._host, hosts))

    def show_bodies(self, bodies: Sequence[BodyRow]) -> None:
        """Offer the bodies of the project."""
        self._bodies = (Option(None, "–"), *(Option(each.id, each.name) for each in bodies))
        self.form.load_options()

    def host_called(self, host: str) -> str:
        """Return what a place is called."""
        return host_name(host, self._hosts)
