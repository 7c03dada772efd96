"""The program `projectdesk recorder`: writes what an SFU hands it, until the end of its input.

The end of the input without END means that the SFU is gone: files are closed in good order all the
same, and the host decides what becomes of them.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TextIO

import msgspec

from projectdesk.errors import ProjectDeskError
from projectdesk.media.embedded import rtp
from projectdesk.media.recording import manifest
from projectdesk.media.recording.clock import SenderClock, StreamClock, Timeline
from projectdesk.media.recording.feed import REPORT, Kind, People, Said, Stream, read_frame
from projectdesk.media.recording.live import LiveFile
from projectdesk.media.recording.reorder import Ordered, Reorder
from projectdesk.media.recording.vp8 import Pictures
from projectdesk.signalling.media import SOUNDS

RESERVE = 256 << 20
"""Bytes that a recording leaves free on the disk: its host has a journal to write."""

_NOTE_S = 1.0
_KEY_FRAME_S = 1.5
"""Between two wishes for a key picture: longer than `reorder` holds one back."""

_SILENT_S = 2.0
_LINGER_S = 15.0
"""How long merging waits for a recorder whose SFU was killed."""

_NICENESS = 10


@dataclass(slots=True)
class _Line:
    """One incoming stream on its way to its file."""

    stream: Stream
    clock: StreamClock
    reorder: Reorder = field(default_factory=Reorder)
    pictures: Pictures = field(default_factory=Pictures)
    heard_at: float = float("-inf")
    asked_at: float = 0.0


class Recorder:
    """One part of a recording."""

    def __init__(self, folder: Path, number: int, started_at: datetime, *, reserve: int = RESERVE):
        """Make the recorder of part `number`; its time goes on where the parts before it ended.

        Args:
            folder: of the recording.
            number: of the part, from 1.
            started_at: UTC now.
            reserve: bytes to leave free.
        """
        base = max((part.seconds for part in manifest.read_parts(folder)), default=0.0)
        self.part = manifest.Part(
            number=number, started_at=started_at, base_s=base, seconds=base, pid=os.getpid()
        )
        self._folder = folder
        self._reserve = reserve
        self._timeline = Timeline(base)
        self._lines: dict[int, _Line] = {}
        self._files: dict[tuple[str, str], LiveFile] = {}
        self._senders: dict[str, SenderClock] = {}
        self._noted_at = float("-inf")
        self._paused_at: float | None = None
        self.wanted: list[int] = []
        """Streams that need a key picture; taken and emptied by the caller."""

    # --- frames ---------------------------------------------------------------------------------

    def take(self, kind: Kind, stream: int, at: float, body: bytes) -> None:
        """Take one frame of the SFU but END.

        Raises:
            OSError: the disk is full or gone.
        """
        match kind:
            case Kind.PACKET:
                self._take_packet(stream, at, body)
            case Kind.TICK:
                self._drain(at)
                self._note(at)
            case Kind.STREAM:
                self._declare(stream, msgspec.json.decode(body, type=Stream))
            case Kind.REPORT:
                self._take_report(stream, at, body)
            case Kind.PEOPLE:
                self._timeline.start(at)
                people = msgspec.json.decode(body, type=People)
                place = self._timeline.seconds(at)
                self.part.presence.append(manifest.Presence(at_s=place, people=people))
            case Kind.PAUSE:
                self._pause(at)
            case Kind.RESUME:
                self._resume(at)
            case Kind.END:
                pass  # the caller's

    def close(self, erased: Sequence[str] = ()) -> None:
        """Write everything out, erase what must not be kept, and close.

        Args:
            erased: participants whose material is erased.

        Raises:
            OSError: the disk; what could be closed is closed.
        """
        self.part.erased = sorted(set(erased))
        with contextlib.ExitStack() as closing:
            try:
                self._flush()
            finally:
                for (participant, _), file in self._files.items():
                    closing.callback(file.erase if participant in erased else file.close)
        self.part.tracks = [t for t in self.part.tracks if t.participant not in erased]
        self.part.closed = True
        self._describe()

    def fail(self, code: str) -> None:
        """Close what can be closed after the disk failed."""
        self.part.failed = code
        self._lines.clear()
        with contextlib.suppress(OSError):
            self.close()

    # --- inside ---------------------------------------------------------------------------------

    def _declare(self, number: int, stream: Stream) -> None:
        sender = self._senders.setdefault(stream.participant, SenderClock())
        self._lines[number] = _Line(stream, StreamClock(stream.clock_rate, sender))

    def _take_packet(self, number: int, at: float, packet: bytes) -> None:
        line = self._lines.get(number)
        if line is None or not rtp.payload_offset(packet, len(packet)):
            return
        _, _, sequence, timestamp, _ = rtp.FIXED_HEADER.unpack_from(packet)
        if at - line.heard_at > _SILENT_S:
            line.asked_at = at  # who begins to send begins with a key picture
            if line.reorder.is_past(sequence):
                # A size that was not kept for long: its numbers went on, half around or more.
                line.reorder = Reorder()
                line.pictures.restart()
        line.heard_at = at
        line.clock.note(timestamp, at)
        line.reorder.push(sequence, packet, at)

    def _take_report(self, number: int, at: float, body: bytes) -> None:
        line = self._lines.get(number)
        if line is not None:
            ntp, timestamp = REPORT.unpack(body)
            line.clock.note_report(ntp / (1 << 32), timestamp, at)

    def _drain(self, now: float) -> None:
        for number, line in self._lines.items():
            for ordered in line.reorder.pop(now):
                self._place(line, ordered, now)
            self._want(number, line, now)

    def _flush(self) -> None:
        for line in self._lines.values():
            for ordered in line.reorder.flush():
                self._place(line, ordered, ordered.at)

    def _want(self, number: int, line: _Line, now: float) -> None:
        is_stuck = line.stream.source not in SOUNDS and line.pictures.broken
        flows = self._timeline.running and now - line.heard_at < _SILENT_S
        if is_stuck and flows and now - line.asked_at >= _KEY_FRAME_S:
            line.asked_at = now
            self.wanted.append(number)

    def _place(self, line: _Line, ordered: Ordered, now: float) -> None:
        """Write one packet in its turn."""
        packet = ordered.packet
        start = rtp.payload_offset(packet, len(packet))
        end = len(packet) - (packet[-1] if packet[0] & 0x20 else 0)
        payload = packet[start:end] if start < end else b""
        timestamp = int.from_bytes(packet[4:8], "big")
        file = self._file(line)
        file.track.lost = max(file.track.lost, line.reorder.lost)
        place = self._timeline.position(line.clock.time_of(timestamp, now))
        if line.stream.source in SOUNDS:
            if place is not None:
                file.write_sound(payload, place)
            return
        marker = bool(packet[1] & 0x80)
        for picture in line.pictures.push(payload, timestamp, marker=marker, gap=ordered.after_gap):
            if place is not None:
                file.write_picture(picture, place)
            else:
                line.pictures.restart()  # left out: what builds on it cannot be shown

    def _file(self, line: _Line) -> LiveFile:
        stream = line.stream
        key = (stream.participant, stream.source)
        if key not in self._files:
            name = f"live-{self.part.number}-{stream.participant}-{stream.source}.webm"
            track = manifest.Track(file=name, participant=stream.participant, source=stream.source)
            self.part.tracks.append(track)
            self._files[key] = LiveFile(self._folder, track)
        return self._files[key]

    def _pause(self, at: float) -> None:
        self._flush()
        if self._timeline.running:
            self._paused_at = at
        self._timeline.stop(at)
        self.part.seconds = self._timeline.seconds(at)
        self._describe()

    def _resume(self, at: float) -> None:
        for line in self._lines.values():
            line.reorder = Reorder()
            line.pictures.restart()
        if self._paused_at is not None:
            lasted = at - self._paused_at
            place = self._timeline.seconds(at)
            self.part.pauses.append(manifest.Pause(at_s=place, lasted_s=lasted))
            self._paused_at = None
        self._timeline.start(at)

    def _note(self, at: float) -> None:
        self.part.seconds = self._timeline.seconds(at)
        if at - self._noted_at < _NOTE_S:
            return
        self._noted_at = at
        if shutil.disk_usage(self._folder).free < self._reserve:
            raise OSError("the disk is full")
        self._describe()

    def _describe(self) -> None:
        manifest.write(self._folder / f"part-{self.part.number}.json", self.part)


def run(recorder: Recorder, source: BinaryIO, out: TextIO) -> int:
    """Record what comes from `source`; say on `out` what the SFU must know. Return an exit code."""

    def say(said: Said) -> None:
        with contextlib.suppress(OSError):  # nobody listens any more: the files matter
            out.write(msgspec.json.encode(said).decode() + "\n")
            out.flush()

    say(Said(what="started"))
    try:
        erased: list[str] = []
        while (frame := read_frame(source)) is not None:
            if frame[0] is Kind.END:
                erased = msgspec.json.decode(frame[3], type=list[str])
                break
            recorder.take(*frame)
            for stream in recorder.wanted:
                say(Said(what="key_frame", stream=stream))
            recorder.wanted.clear()
        recorder.close(erased)
    except OSError as error:
        code = "folder_gone" if isinstance(error, FileNotFoundError) else "disk_full"
        recorder.fail(code)
        say(Said(what="failed", code=code, text=str(error)))
        return 1
    say(Said(what="ended", seconds=recorder.part.seconds))
    return 0


def _finish(folder: Path, without: Sequence[str]) -> int:
    """Merge a recording, once no recorder writes to it any more."""
    from projectdesk.media.recording.finish import finish

    until = time.monotonic() + _LINGER_S
    while time.monotonic() < until and _is_written(folder):
        time.sleep(0.2)
    try:
        finish(folder, without)
    except ProjectDeskError as error:
        logging.getLogger(__name__).error("%s", error)
        return 1
    return 0


def _is_written(folder: Path) -> bool:
    """Tell whether a part is open that was described lately: its recorder may still live."""
    for part in manifest.read_parts(folder):
        path = folder / f"part-{part.number}.json"
        if not part.closed and time.time() - path.stat().st_mtime < 5 * _NOTE_S:
            return True
    return False


def main(given: Sequence[str]) -> int:
    """Run `projectdesk recorder FOLDER --part N` on standard input and output.

    With `--finish` in place of a part it merges what was recorded.
    """
    parser = argparse.ArgumentParser(prog="projectdesk recorder", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the recording is kept")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--part", type=int, help="number of the part to record, from 1")
    what.add_argument("--finish", action="store_true", help="merge what was recorded")
    parser.add_argument("--without", action="append", default=[], help="participant to erase")
    options = parser.parse_args(given)
    nice = getattr(os, "nice", None)
    if nice is not None:
        nice(_NICENESS)  # whoever forwards packets goes first
    if options.finish:
        return _finish(options.folder, options.without)
    try:
        if not options.folder.is_dir():
            raise FileNotFoundError(f"there is no folder {options.folder}")
        recorder = Recorder(options.folder, options.part, datetime.now(UTC))
    except OSError as error:
        said = Said(what="failed", code="folder_gone", text=str(error))
        print(msgspec.json.encode(said).decode(), flush=True)  # noqa: T201 - the SFU reads it
        return 1
    return run(recorder, sys.stdin.buffer, sys.stdout)
