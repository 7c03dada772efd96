"""The minutes in step with the host's, while others write them too (adr/0082).

What is typed here goes out within a moment, what others type is merged into the same document,
which keeps itself (services.notes). After a lost link, a refusal or a silence both sides say what
they have: nothing doubles, and nothing is lost, also when desktop or host were restarted meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from projectdesk.desktop.runtime.relay import Relay
from projectdesk.errors import ProjectDeskError
from projectdesk.services.notes import NotesDocument, merged_updates
from projectdesk.signalling import call, writing

PAUSE_MS: Final = 60
"""Between two changes that go out."""
POINT_MS: Final = 250
"""Between two places of the own cursor."""
PATIENCE_MS: Final = 8_000
"""How long the host may take to keep a change before both sides compare anew."""
AGAIN_MS: Final = 1_500
"""How long after a refusal they do."""
_NOTHING: Final = b"\x00\x00"


@dataclass(frozen=True)
class Pointed:
    """Where somebody else writes. anchor, head: relative positions of Yjs."""

    name: str
    colour: int
    item: UUID
    anchor: bytes
    head: bytes


class LiveWriting(QObject):
    """Keeps one document in step with the host's.

    sent: a message for the host. pointed: where the others write (tuple of Pointed). kept: True =
    all is on the host's disk, False = the host cannot write to it. signed: an `Author` the host
    names. refused: the document is full, or another revision is written (a `Problem`'s code).
    """

    sent = Signal(object)
    pointed = Signal(object)
    kept = Signal(bool)
    signed = Signal(object)
    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notes: NotesDocument | None = None
        self._stop_listening: Callable[[], None] | None = None
        self._linked = False
        self._live = False
        self._stopped = False
        self._taking = False
        self._thread = threading.get_ident()
        self._queue: list[bytes] = []
        self._n = 0
        self._kept_n = 0
        self._others: dict[int, Pointed] = {}
        self._point: writing.PointMinutes | None = None
        self._relay = Relay(self._on_change)
        self._send_timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._send_timer.timeout.connect(self._flush)
        self._patience = QTimer(self, singleShot=True)
        self._patience.timeout.connect(self._open)
        self._point_timer = QTimer(self, singleShot=True, interval=POINT_MS)
        self._point_timer.timeout.connect(self._send_point)

    @property
    def is_live(self) -> bool:
        """True while what is typed goes out at once."""
        return self._live

    def write(self, notes: NotesDocument | None) -> None:
        """Keep this document in step from now on; None = there is none."""
        if notes is self._notes or self._stopped:
            return
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
        self._notes = notes
        self._live = False
        self._queue.clear()
        if notes is not None:
            self._stop_listening = notes.listen(self._heard)
            self._open()

    def start_over(self) -> None:
        """Compare with a host that greets: it may be another one than before."""
        self._linked = True
        self._others.clear()
        self._open()

    def stop(self) -> None:
        """Say nothing more; the document goes on."""
        self._linked = self._live = False
        for timer in (self._send_timer, self._patience, self._point_timer):
            timer.stop()
        self.write(None)
        self._stopped = True
        self._relay.stop()

    def hear(self, message: call.HostMessage) -> None:
        """Take a message of the host."""
        match message:
            case call.RoomState():
                self.start_over()
            case writing.MinutesOpened():
                self._opened(message)
            case writing.MinutesEdited(document=document, update=update):
                if self._notes is not None and document == self._notes.minutes_id.hex:
                    self._take(self._notes, update)
                    self.pointed.emit(self.others())
            case writing.MinutesKept(n=n):
                self._kept_n = n
                if n >= self._n:
                    self._patience.stop()
                self.kept.emit(True)
            case writing.MinutesUnkept():
                self.kept.emit(False)
            case writing.MinutesPointed():
                self._move(message)
            case writing.MinutesSigned(document=document, author=author):
                if self._notes is not None and document == self._notes.minutes_id.hex:
                    self.signed.emit(author)
            case writing.MinutesShut():
                self._live = False
            case _:
                pass

    def hear_refusal(self, problem: call.Problem) -> None:
        """Take note that the host refused something; what was refused is here still."""
        ours = problem.in_reply_to in {"openMinutes", "editMinutes"}
        if problem.code == "minutes_full" and ours:
            self._live = False
            self.refused.emit(problem.code)
        elif ours or problem.code == "too_many_messages":
            self._patience.start(AGAIN_MS)

    def point(self, item: UUID | None, anchor: int, head: int) -> None:
        """Say where the own cursor is, in UTF-16 units; item None = nowhere."""
        notes = self._notes
        if notes is None:
            return
        try:
            point = writing.PointMinutes(
                item=item.hex if item is not None else None,
                anchor=notes.position(item, anchor) if item is not None else b"",
                head=notes.position(item, head) if item is not None else b"",
            )
        except ProjectDeskError:
            return  # the text is another by now; the next place comes with it
        if point != self._point:
            self._point = point
            if not self._point_timer.isActive():
                self._point_timer.start()

    def others(self) -> tuple[Pointed, ...]:
        """Return where the others write."""
        return tuple(self._others.values())

    # --- inside

    def _open(self) -> None:
        """Say what is here, and ask for what is not."""
        notes = self._notes
        if notes is None or not self._linked or not notes.writable:
            return
        self._live = False
        asked = writing.OpenMinutes(
            replica=notes.replica, vector=notes.vector(), document=notes.minutes_id.hex
        )
        self.sent.emit(asked)

    def _opened(self, opened: writing.MinutesOpened) -> None:
        notes = self._notes
        if notes is None or opened.document != notes.minutes_id.hex:
            return
        self._queue.clear()  # what the host lacks is asked of the document itself
        try:
            self._take(notes, opened.update)
            lacking = notes.missing(opened.vector)
        except ProjectDeskError:
            self._patience.start(PATIENCE_MS)
            return
        self._live = True
        if lacking != _NOTHING or self._kept_n < self._n:
            self._send(lacking)
        self._send_point()
        self.pointed.emit(self.others())

    def _take(self, notes: NotesDocument, update: bytes) -> None:
        self._taking = True
        try:
            notes.apply(update)
        except ProjectDeskError as error:
            if error.code == "bad_update":
                raise
            self._live = False  # these minutes are no draft any more
            self.refused.emit(error.code)
        finally:
            self._taking = False

    def _heard(self, update: bytes) -> None:
        """Take a change of the document, on the thread that made it."""
        if not (self._taking and threading.get_ident() == self._thread):
            self._relay.post(update)

    def _on_change(self, update: object) -> None:
        if not self._live or not isinstance(update, bytes):
            return  # asked of the document when both compare
        self._queue.append(update)
        if not self._send_timer.isActive():
            self._flush()
            self._send_timer.start()

    def _flush(self) -> None:
        if self._live and self._queue:
            update = merged_updates(self._queue)
            self._queue.clear()
            self._send(update)

    def _send(self, update: bytes) -> None:
        notes = self._notes
        if notes is None:
            return
        self._n += 1
        size = writing.MAX_UPDATE
        pieces = [update[at : at + size] for at in range(0, len(update), size)]
        if len(pieces) > writing.MAX_PARTS:
            self.refused.emit("minutes_full")
            return
        for part, piece in enumerate(pieces):
            edit = writing.EditMinutes(
                n=self._n,
                document=notes.minutes_id.hex,
                update=piece,
                part=part,
                parts=len(pieces),
            )
            self.sent.emit(edit)
        self._patience.start(PATIENCE_MS)

    def _move(self, pointed: writing.MinutesPointed) -> None:
        try:
            item = UUID(hex=pointed.item) if pointed.item is not None else None
        except ValueError:
            item = None
        if item is None:
            self._others.pop(pointed.writer, None)
        else:
            self._others[pointed.writer] = Pointed(
                pointed.name, pointed.colour, item, pointed.anchor, pointed.head
            )
        self.pointed.emit(self.others())

    def _send_point(self) -> None:
        if self._live and self._point is not None:
            self.sent.emit(self._point)
