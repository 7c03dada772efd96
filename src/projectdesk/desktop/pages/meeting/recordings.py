"""The recordings of a meeting: fetched from the host, made into a film, erased."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.presenters.recordings import ReachesHosts, RecordingsPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.badges import Banner, Chip
from projectdesk.desktop.widgets.dialog import Dialog, confirm
from projectdesk.desktop.widgets.empty_state import EmptyState
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
from projectdesk.desktop.widgets.progress import ProgressPanel
from projectdesk.services.recordings import RecordingRow
from projectdesk.signalling.recording import Consent


class RecordingsPane(Presented, QWidget):
    """One card for each recording, the newest first."""

    def __init__(self, session: Session, reader: Reader, hosts: ReachesHosts | None) -> None:
        super().__init__()
        self._reader = reader
        self.trouble = Banner()
        self.progress = ProgressPanel()
        self.progress.hide()
        self.empty = EmptyState(
            "circle-dot",
            say("Nothing was recorded"),
            say(
                "During a call, ask for a recording in the console at Record. It starts when "
                "everybody agrees, and is fetched here afterwards."
            ),
        )
        self._box = column(spacing=SPACE_M)
        inner = QWidget()
        inner.setLayout(column(self._box, None, spacing=0))
        self.list = scrolled(inner)
        layout = column(
            self.trouble,
            self.progress,
            self.empty,
            self.list,
            spacing=SPACE_M,
            margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL),
        )
        layout.setStretch(2, 1)
        layout.setStretch(3, 1)
        self.setLayout(layout)
        self.list.hide()
        self.presenter = self.present(RecordingsPresenter(session, hosts, self))
        self.progress.cancelled.connect(self.presenter.cancel)

    def open_meeting(self, meeting: UUID) -> None:
        """Show the recordings of `meeting`."""
        self.presenter.open(meeting)

    # --- what the presenter calls

    def show_recordings(self, rows: Sequence[RecordingRow], trouble: str) -> None:
        """Show the recordings, and why the host is not heard."""
        self.trouble.say(
            say("The meeting's host is not heard: recordings that are still there are not shown.")
            if trouble
            else ""
        )
        _clear(self._box)
        for one in rows:
            self._box.addWidget(self._card(one))
        show_if(self.list, bool(rows))
        show_if(self.empty, not rows)

    def show_work(self, words: str) -> None:
        """Show that something is under way; "" = nothing is."""
        show_if(self.progress, bool(words))
        if words:
            self.progress.start(words)
        self.list.setEnabled(not words)

    def show_progress(self, done: int, total: int) -> None:
        """Show how far it is."""
        self.progress.advance(done * 1000 // total if total else 0, 1000 if total else 0)

    # --- inside

    def _card(self, one: RecordingRow) -> QWidget:
        title = formats.moment(one.started_at, self._reader.zone) if one.started_at else one.id
        chip = Chip(*_state(one))
        facts = [
            formats.minutes(max(1, round(one.seconds / 60))) if one.seconds else "",
            formats.size(one.size) if one.size else "",
            say_count(len(one.people), "{count} person", "{count} people") if one.people else "",
        ]
        pieces = [row(text(title, "strong"), chip, None, spacing=SPACE_M)]
        words = formats.joined(facts)
        lines: list[QWidget] = [text(words, "muted")] if words else []
        if one.people:
            lines.append(text(", ".join(one.people), "caption", wrap=True))
        if one.interrupted:
            lines.append(
                text(say("It ended by a failure; what was recorded before is here."), "caption")
            )
        if one.place == "host" and one.kept_until is not None:
            until = formats.moment(one.kept_until, self._reader.zone)
            lines.append(text(say("The host keeps it until {time}.", time=until), "caption"))
        return frame(
            "card",
            column(
                *pieces,
                *lines,
                row(*self._actions(one), None, spacing=SPACE_S),
                spacing=SPACE_S,
                margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_M),
            ),
        )

    def _actions(self, one: RecordingRow) -> list[QWidget]:
        made: list[QWidget] = []
        presenter = self.presenter
        if one.place == "host":
            made.append(
                button(say("Fetch"), "primary", "download", lambda: presenter.fetch(one.id))
            )
        folder, film = one.folder, one.film
        if one.place == "here" and folder is not None:
            if film is not None:
                made.append(button(say("Play film"), "primary", "play", lambda: _open(film)))
            else:
                made.append(
                    button(say("Make film"), "primary", "video", lambda: presenter.make_film(one))
                )
            made.append(button(say("Open folder"), "", "folder-open", lambda: _open(folder)))
        if one.consents:
            made.append(button(say("Who agreed"), "", "shield", lambda: self.ask_consents(one)))
        if one.place != "under_way":
            made.append(
                icon_button("trash-2", say("Erase this recording"), lambda: self._ask_erase(one))
            )
        return made

    def ask_consents(self, one: RecordingRow) -> Dialog:
        """Show who agreed, and when."""
        dialog = Dialog(self.window(), say("Who agreed to the recording"))
        for consent in one.consents:
            dialog.add(self._consent(consent))
        dialog.add_button(say("Close"), "primary", dialog.accept, default=True)
        dialog.open()
        return dialog

    def _consent(self, consent: Consent) -> QWidget:
        words, tone = {
            "given": (say("agreed"), Tone.SUCCESS),
            "refused": (say("refused"), Tone.DANGER),
        }.get(consent.answer, (say("withdrew"), Tone.WARNING))
        when = formats.moment(consent.at, self._reader.zone)
        who = column(
            text(consent.name, "strong"), text(f"{consent.organisation}, {when}", "caption"),
            spacing=0,
        )  # fmt: skip
        return plain(row(who, None, Chip(words, tone), spacing=SPACE_M))

    def _ask_erase(self, one: RecordingRow) -> None:
        confirm(
            self.window(),
            say("Erase this recording?"),
            say("Its files and the film go with it, and nobody can bring them back."),
            say("Erase"),
            lambda: self.presenter.erase(one),
        )


def _state(one: RecordingRow) -> tuple[str, Tone]:
    return {
        "here": (say("Fetched"), Tone.SUCCESS),
        "host": (say("On the host"), Tone.INFO),
        "under_way": (say("Not finished yet"), Tone.WARNING),
    }.get(one.place, (say("Damaged"), Tone.DANGER))


def _open(path: object) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def _clear(box: QVBoxLayout) -> None:
    while box.count():
        entry = box.takeAt(0)
        widget = entry.widget() if entry is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
