"""Hands what is recorded to a process of its own, so that no disk ever holds a packet back.

A packet costs the forwarding loop one append. Twenty times a second what was collected goes to a
thread that writes it to the recorder (`media.recording.process`); when the recorder cannot follow,
packets are left out and the recording shows it, the call does not.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from projectdesk.errors import MediaError
from projectdesk.media.recording.feed import REPORT, Kind, Said, Stream, pack
from projectdesk.signalling.media import RecordedPerson, RecordingFailed, VideoCodec

if TYPE_CHECKING:
    from projectdesk.media.embedded.feed import Feed
    from projectdesk.media.embedded.rtcp import SenderReport
    from projectdesk.media.embedded.track import Track

log = logging.getLogger(__name__)

_MOST = 32 << 20
"""Bytes that may wait for the recorder: a quarter of a minute of a full room."""

_PATIENCE_S = 15.0
"""How long the recorder may stand still before the recording is given up."""

UNRECORDED: tuple[VideoCodec, ...] = ("vp9", "h264")
"""Codecs that are not sent while a recording runs: a file holds one codec from its beginning to its
end, and VP8 is what nobody makes the room leave."""

_LOAD_S = 60.0
"""How long it may take to load, on a computer that has much else to do."""

_CLOSE_S = 30.0
"""How long a recorder may take to write out what waits for it."""


def recorder_command() -> list[str]:
    """Return how this installation starts `projectdesk recorder`."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "recorder"]
    return [sys.executable, "-m", "projectdesk", "recorder"]


@dataclass(slots=True)
class _Layer:
    """Which layer of a picture is kept, and which is to be kept from its next key frame on."""

    kept: Track | None = None
    awaited: Track | None = None


class Tape:
    """One run of the recorder: from the first `StartRecording` to `StopRecording`."""

    def __init__(
        self,
        emit: Callable[[RecordingFailed], None],
        *,
        command: Sequence[str] | None = None,
        most: int = _MOST,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        """Make a tape that records nothing yet.

        Args:
            emit: told, once, when the recording ends by itself.
            command: program and first arguments of the recorder; None for this installation's.
            most: bytes that may wait for the recorder.
            patience_s: how long it may stand still.
        """
        self._emit = emit
        self._command = list(command) if command is not None else recorder_command()
        self._most = most
        self._patience_s = patience_s
        self._process: subprocess.Popen[bytes] | None = None
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._waiting = 0
        self._counter = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._batch: list[tuple[int, float, bytes]] = []
        self._frames: list[bytes] = []
        self._numbers: dict[Track, int] = {}
        self._tracks: list[Track] = []
        self._layers: dict[Feed, _Layer] = {}
        self._moving_at = 0.0
        self._failure: RecordingFailed | None = None
        self._closing = False
        self._has_loaded = False
        self.recording: frozenset[str] = frozenset()
        """Participants who are recorded now."""
        self.left_out = 0
        """Packets that the recorder was too slow for."""

    # --- requests -------------------------------------------------------------------------------

    async def start(self, folder: Path) -> None:
        """Start the recorder as the next part of the recording in `folder`.

        It takes a while to load; what comes meanwhile waits for it. That it cannot record, it says
        later, and then the recording has failed.

        Raises:
            MediaError: `recorder_not_started`.
        """
        loop = asyncio.get_running_loop()
        try:
            self._process = await asyncio.to_thread(_spawn, self._command, folder)
        except OSError as error:
            raise _not_started(str(error)) from error
        for name, work in (("tape-out", self._write), ("tape-in", self._listen)):
            thread = threading.Thread(target=work, args=(loop,), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def record(self, people: Sequence[RecordedPerson], now: float) -> None:
        """Record these people from now on, also after a pause."""
        if not self.recording:
            self._control(Kind.RESUME, now)
        self.recording = frozenset(person.id for person in people)
        self._control(Kind.PEOPLE, now, msgspec.json.encode(list(people)))
        self._moving_at = now

    def pause(self, now: float) -> None:
        """Record nothing for now."""
        self.recording = frozenset()
        self._control(Kind.PAUSE, now)
        self._layers.clear()

    async def stop(self, erased: Sequence[str], now: float) -> None:
        """End: everything is written and closed, without the material of `erased`. Idempotent."""
        process = self._process
        if process is None:
            return
        self._closing = True
        self._control(Kind.END, now, msgspec.json.encode(list(erased)))
        self._queue.put(None)
        await asyncio.to_thread(self._finish, process)
        self._process = None

    def _finish(self, process: subprocess.Popen[bytes]) -> None:
        try:
            process.wait(_CLOSE_S)
        except subprocess.TimeoutExpired:
            log.error("the recorder does not end; it is killed, its files are read as they are")
            process.kill()
            process.wait()
        for thread in self._threads:
            thread.join(1.0)
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    # --- packets --------------------------------------------------------------------------------

    def records(self, feed: Feed) -> bool:
        """Tell whether a feed is recorded now."""
        return feed.participant in self.recording and self._failure is None

    def take(self, track: Track, packet: bytes, start: int, now: float) -> None:
        """Take a packet of a recorded feed; `start`: where its payload begins."""
        if track.codec.name in UNRECORDED:
            return  # its publisher has been asked for VP8
        if track.rid and not self._keeps(track, packet, start):
            return
        number = self._numbers.get(track)
        if number is None:
            number = self._declare(track, now)
        self._batch.append((number, now, packet))

    def report(self, track: Track, report: SenderReport, now: float) -> None:
        """Take a sender report of a recorded feed."""
        number = self._numbers.get(track)
        if number is not None:
            self._flush_batch()
            self._frames.append(pack(Kind.REPORT, number, now, REPORT.pack(report.ntp, report.rtp)))

    def tick(self, now: float) -> None:
        """Hand over what was collected; called many times a second."""
        if self._process is None or self._failure is not None or self._closing:
            return
        for feed, layer in self._layers.items():
            self._choose(feed, layer, now)
        self._control(Kind.TICK, now)
        with self._counter:
            is_idle = self._waiting < self._most // 2
        if is_idle:
            self._moving_at = now
        elif now - self._moving_at > (self._patience_s if self._has_loaded else _LOAD_S):
            self._fail("recorder_slow", "The disk of the recording is too slow.")

    def _keeps(self, track: Track, packet: bytes, start: int) -> bool:
        """Tell whether a layer is the one that is kept; another takes over at its key frame."""
        layer = self._layers.setdefault(track.feed, _Layer())
        if track is layer.kept:
            return True
        is_next = layer.kept is None or track is layer.awaited
        if is_next and track.codec.starts_key_frame(packet, start, len(packet)):
            layer.kept, layer.awaited = track, None
            return True
        return False

    def _choose(self, feed: Feed, layer: _Layer, now: float) -> None:
        """Wait for the largest layer that flows, if it is not the one that is kept."""
        alive = feed.alive_layers(now)
        if alive and alive[-1] is not layer.kept:
            layer.awaited = alive[-1]
            alive[-1].remind(now)

    def _declare(self, track: Track, now: float) -> int:
        number = self._numbers[track] = len(self._tracks)
        self._tracks.append(track)
        stream = Stream(
            participant=track.feed.participant,
            source=track.feed.source,
            clock_rate=track.clock_rate,
        )
        self._flush_batch()
        self._frames.append(pack(Kind.STREAM, number, now, msgspec.json.encode(stream)))
        return number

    def _control(self, kind: Kind, now: float, body: bytes = b"") -> None:
        """Queue a frame after all that was collected before."""
        self._flush_batch()
        self._frames.append(pack(kind, 0, now, body))
        data = b"".join(self._frames)
        self._frames.clear()
        with self._counter:
            self._waiting += len(data)
        self._queue.put(data)

    def _flush_batch(self) -> None:
        if not self._batch:
            return
        with self._counter:
            is_full = self._waiting > self._most
        if is_full:
            self.left_out += len(self._batch)
        else:
            self._frames += [
                pack(Kind.PACKET, number, at, data) for number, at, data in self._batch
            ]
        self._batch.clear()

    # --- the recorder ---------------------------------------------------------------------------

    def _write(self, _loop: asyncio.AbstractEventLoop) -> None:
        """Write to the recorder; a thread's work. What it cannot take any more is let go."""
        process = self._process
        assert process is not None  # noqa: S101 - started before the thread
        assert process.stdin is not None  # noqa: S101 - a pipe
        is_open = True
        while (data := self._queue.get()) is not None:
            if is_open:
                try:
                    view = memoryview(data)
                    while view:
                        view = view[os.write(process.stdin.fileno(), view) :]
                except OSError:
                    is_open = False  # `_listen` hears why
            with self._counter:
                self._waiting -= len(data)
        with contextlib.suppress(OSError):
            process.stdin.close()

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hear the recorder until it ends; a thread's work."""
        process = self._process
        assert process is not None  # noqa: S101 - started before the thread
        assert process.stdout is not None  # noqa: S101 - a pipe
        for line in process.stdout:
            try:
                said = msgspec.json.decode(line, type=Said)
            except msgspec.MsgspecError:
                log.warning("the recorder said something unknown")
                continue
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self._heard, said)
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(self._gone)

    def _heard(self, said: Said) -> None:
        if said.what == "started":
            self._has_loaded = True
        elif said.what == "key_frame" and 0 <= said.stream < len(self._tracks):
            track = self._tracks[said.stream]
            if self.records(track.feed):
                track.want_key_frame(track.received_at)
        elif said.what == "failed":
            self._fail(said.code, said.text)

    def _gone(self) -> None:
        if not self._closing:
            self._fail("recorder_ended", "The recorder ended by itself.")

    def _fail(self, code: str, text: str) -> None:
        if self._failure is None:
            self._failure = RecordingFailed(code=code, text=text)
            self.recording = frozenset()
            log.error("the recording ended: %s (%s)", text, code)
            self._emit(self._failure)


def _not_started(reason: str) -> MediaError:
    return MediaError(
        "recorder_not_started", "The recorder did not start: {reason}.", reason=reason
    )


def _spawn(command: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    """Start the recorder of the next part; one whose folder is gone says so itself."""
    parts = (path.stem.removeprefix("part-") for path in folder.glob("part-*.json"))
    number = 1 + max((int(part) for part in parts if part.isdigit()), default=0)
    with contextlib.suppress(OSError):
        (folder / f"part-{number}.json").touch()  # taken, before its recorder has loaded
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    return subprocess.Popen(
        [*command, str(folder), "--part", str(number)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        creationflags=flags,
    )
