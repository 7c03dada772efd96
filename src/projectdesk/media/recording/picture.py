"""The pictures of a film: what each file shows at an instant, put together on one canvas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import av

from projectdesk.media.recording.layout import Tile, fit

_BLACK = (16, 128, 128)
_PLATE = (40, 128, 128)
_WHITE = 235
_HOLD_S = 0.6
"""How long the last picture stands before a place counts as empty."""


@dataclass(frozen=True)
class Bitmap:
    """A text as grey levels, row by row; width and height are even."""

    width: int
    height: int
    grey: bytes


class Lettering(Protocol):
    """Draws names."""

    def __call__(self, text: str, height: int, most: int) -> Bitmap:
        """Return a text `height` pixels tall and at most `most` wide, white on black."""


class Reel:
    """The pictures of one file, in order of time."""

    def __init__(self, path: Path, start_s: float, gap_s: float) -> None:
        """Open a file.

        Args:
            path: of the WebM.
            start_s: where it begins in the recording.
            gap_s: longest pause between two pictures of a camera that is on.
        """
        self._opened = av.open(str(path))
        self._frames = self._decode(start_s)
        self._gap_s = gap_s
        self._now: tuple[float, av.VideoFrame] | None = None
        self._next = next(self._frames, None)

    def _decode(self, start_s: float) -> Iterator[tuple[float, av.VideoFrame]]:
        stream = self._opened.streams.video[0]
        stream.thread_type = "AUTO"
        try:
            for frame in self._opened.decode(stream):
                if frame.time is not None:
                    yield start_s + frame.time, frame
        except av.error.FFmpegError:
            return  # the rest is damaged

    def at(self, seconds: float) -> av.VideoFrame | None:
        """Return what is shown at an instant; instants never go back."""
        while self._next is not None and self._next[0] <= seconds:
            self._now = self._next
            self._next = next(self._frames, None)
        if self._now is None:
            return None
        shown, frame = self._now
        following = self._next[0] if self._next is not None else float("inf")
        is_gap = following - shown > self._gap_s
        return None if is_gap and seconds - shown > _HOLD_S else frame

    def close(self) -> None:
        """Close the file."""
        self._opened.close()


class Canvas:
    """One picture of the film (yuv420p), kept from one to the next: only what changed is drawn."""

    def __init__(self, width: int, height: int, lettering: Lettering | None) -> None:
        """Make a black canvas; without `lettering` nobody's name is written."""
        self.width, self.height = width, height
        self._planes = [
            bytearray(width * height),
            bytearray(width * height // 4),
            bytearray(width * height // 4),
        ]
        self._lettering = lettering
        self._shown: dict[Tile, tuple[object, str]] = {}
        self._labels: dict[tuple[str, int, int], Bitmap] = {}
        self.clear()

    def clear(self) -> None:
        """Make it black."""
        for plane, level in zip(self._planes, _BLACK, strict=True):
            plane[:] = bytes([level]) * len(plane)
        self._shown.clear()

    def draw(self, tile: Tile, frame: av.VideoFrame | None, name: str) -> None:
        """Draw a picture in its place with a name below, or a plate with the name."""
        if self._shown.get(tile) == (frame, name):
            return
        before = self._shown.get(tile)
        self._shown[tile] = (frame, name)
        if frame is None:
            self._fill(tile.x, tile.y, tile.width, tile.height, _PLATE)
            self._write_middle(tile, name)
            return
        width, height = fit(frame.width, frame.height, tile.width, tile.height)
        if before is None or before[0] is None or (width, height) != (tile.width, tile.height):
            self._fill(tile.x, tile.y, tile.width, tile.height, _BLACK)
        x = tile.x + (tile.width - width) // 4 * 2
        y = tile.y + (tile.height - height) // 4 * 2
        self._paste(frame.reformat(width=width, height=height, format="yuv420p"), x, y)
        self._write_corner(tile, name)

    def frame(self) -> av.VideoFrame:
        """Return the canvas as a picture of its own."""
        made = av.VideoFrame(self.width, self.height, "yuv420p")
        for plane, data in zip(made.planes, self._planes, strict=True):
            if plane.line_size == plane.width:
                plane.update(bytes(data))
                continue
            rows = memoryview(data)
            padding = bytes(plane.line_size - plane.width)
            plane.update(
                b"".join(
                    bytes(rows[at * plane.width : (at + 1) * plane.width]) + padding
                    for at in range(plane.height)
                )
            )
        return made

    # --- inside ---------------------------------------------------------------------------------

    def _fill(self, x: int, y: int, width: int, height: int, levels: tuple[int, int, int]) -> None:
        for number, (plane, level) in enumerate(zip(self._planes, levels, strict=True)):
            half = 1 if number else 0
            stride = self.width >> half
            row = bytes([level]) * (width >> half)
            for line in range(y >> half, (y + height) >> half):
                at = line * stride + (x >> half)
                plane[at : at + len(row)] = row

    def _paste(self, frame: av.VideoFrame, x: int, y: int) -> None:
        for number, (plane, source) in enumerate(zip(self._planes, frame.planes, strict=True)):
            half = 1 if number else 0
            stride = self.width >> half
            rows, width = memoryview(source), source.width
            for line in range(source.height):
                at = ((y >> half) + line) * stride + (x >> half)
                from_ = line * source.line_size
                plane[at : at + width] = rows[from_ : from_ + width]

    def _write_middle(self, tile: Tile, name: str) -> None:
        height = max(22, tile.height // 10 // 2 * 2)
        label = self._label(name, min(height, 44), tile.width - 8)
        if label is not None:
            x = tile.x + (tile.width - label.width) // 4 * 2
            y = tile.y + (tile.height - label.height) // 4 * 2
            self._letter(label, x, y)

    def _write_corner(self, tile: Tile, name: str) -> None:
        label = self._label(name, 26 if tile.height >= 240 else 18, tile.width - 8)
        if label is not None:
            x, y = tile.x + 4, tile.y + tile.height - label.height - 4
            self._fill(x, y, label.width, label.height, _BLACK)
            self._letter(label, x, y)

    def _letter(self, label: Bitmap, x: int, y: int) -> None:
        plane = self._planes[0]
        for line in range(label.height):
            at = (y + line) * self.width + x
            row = label.grey[line * label.width : (line + 1) * label.width]
            plane[at : at + label.width] = bytes(
                max(level, _BLACK[0] + grey * (_WHITE - _BLACK[0]) // 255)
                for level, grey in zip(plane[at : at + label.width], row, strict=True)
            )

    def _label(self, name: str, height: int, most: int) -> Bitmap | None:
        if self._lettering is None or not name or most < 2 * height:
            return None
        key = (name, height, most)
        if key not in self._labels:
            self._labels[key] = self._lettering(name, height, most)
        return self._labels[key]
