"""The sound of a film: every voice at its time, mixed second by second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av

RATE = 48000
_BYTES = 4
"""Of one sample: two channels of 16 bits."""

_SLACK = RATE * 40 // 1000
"""Samples by which a packet may come early or late before it is moved: clocks are not exact."""


class Voice:
    """The sound of one file as an unbroken run of samples; where there is none, silence."""

    def __init__(
        self, path: Path, start_s: float, unheard: Sequence[tuple[float, float]] = ()
    ) -> None:
        """Open a file that begins at `start_s` of the recording.

        unheard: from when to when it is silent in the film, in seconds of the recording.
        """
        self._unheard = unheard
        self._opened = av.open(str(path))
        self._pieces = self._decode(start_s)
        self._next = next(self._pieces, None)
        self._end = 0

    def _decode(self, start_s: float) -> Iterator[tuple[int, bytes]]:
        """Yield the place of a piece, in samples of the recording, and its bytes."""
        resampler = av.AudioResampler(format="s16", layout="stereo", rate=RATE)
        try:
            for frame in self._opened.decode(self._opened.streams.audio[0]):
                if frame.time is None:
                    continue
                place = round((start_s + frame.time) * RATE)
                for made in resampler.resample(frame):
                    data = bytes(made.planes[0])[: made.samples * _BYTES]
                    yield place, data
                    place += made.samples
        except av.error.FFmpegError:
            return  # the rest is damaged

    def read(self, start: int, count: int) -> bytes | None:
        """Return `count` samples from `start`; None for silence. Places never go back."""
        block = None
        while self._next is not None:
            place, data = self._next
            if abs(place - self._end) <= _SLACK:
                place = self._end
            if place >= start + count:
                break
            offset = place - start
            if offset < 0:
                data, offset = data[-offset * _BYTES :], 0
            room = (count - offset) * _BYTES
            if block is None:
                block = bytearray(count * _BYTES)
            block[offset * _BYTES : offset * _BYTES + len(data[:room])] = data[:room]
            self._end = start + offset + len(data[:room]) // _BYTES
            rest = data[room:]
            self._next = (self._end, rest) if rest else next(self._pieces, None)
        if block is not None:
            self._silence(block, start, count)
        return None if block is None else bytes(block)

    def _silence(self, block: bytearray, start: int, count: int) -> None:
        """Take out of `count` samples from `start` what is not to be heard."""
        for begin_s, end_s in self._unheard:
            begin = round(min(max(begin_s * RATE - start, 0), count)) * _BYTES
            end = round(min(max(end_s * RATE - start, 0), count)) * _BYTES
            if begin < end:
                block[begin:end] = bytes(end - begin)

    def close(self) -> None:
        """Close the file."""
        self._opened.close()


class Mixer:
    """Adds voices up and keeps the sum below what a loudspeaker takes."""

    def __init__(self, voices: Sequence[Voice]) -> None:
        """Mix these voices."""
        self._voices = voices
        self._graph = av.filter.Graph()
        self._inputs = [
            self._graph.add_abuffer(
                sample_rate=RATE, format="s16", layout="stereo", time_base=Fraction(1, RATE)
            )
            for _ in voices
        ]
        self._output = self._graph.add("abuffersink")
        if voices:
            self._connect()

    def _connect(self) -> None:
        options = f"inputs={len(self._voices)}:normalize=0:dropout_transition=0"
        mix = self._graph.add("amix", options)
        limit = self._graph.add("alimiter", "limit=0.95:level=disabled")
        for number, one in enumerate(self._inputs):
            one.link_to(mix, 0, number)
        mix.link_to(limit)
        limit.link_to(self._output)
        self._graph.configure()

    def mix(self, start: int, count: int) -> Iterator[av.AudioFrame]:
        """Yield the mixed sound of `count` samples from `start`; some may come with the next."""
        if not self._voices:
            yield _frame(bytes(count * _BYTES), start, count)
            return
        for voice, entry in zip(self._voices, self._inputs, strict=True):
            data = voice.read(start, count) or bytes(count * _BYTES)
            entry.push(_frame(data, start, count))
        yield from self._pull()

    def finish(self) -> Iterator[av.AudioFrame]:
        """Yield what was held back."""
        if self._voices:
            for entry in self._inputs:
                entry.push(None)
            yield from self._pull()

    def _pull(self) -> Iterator[av.AudioFrame]:
        while True:
            try:
                mixed = self._output.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            assert isinstance(mixed, av.AudioFrame)  # noqa: S101 - what such a sink gives
            yield mixed


def _frame(data: bytes, start: int, count: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="s16", layout="stereo", samples=count)
    frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
    frame.planes[0].update(data.ljust(frame.planes[0].buffer_size, b"\0"))
    return frame
