"""One track while it is written: WebM with one stream, flushed every second, undecoded."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av

from projectdesk.media.recording import opus
from projectdesk.media.recording.manifest import Track
from projectdesk.media.recording.vp8 import Picture

_MILLISECOND = Fraction(1, 1000)
_OPTIONS = {"cluster_time_limit": "1000", "flush_packets": "1"}
"""A cluster a second on the disk: what a crash can take is the last second."""


class LiveFile:
    """Writes the pictures or the sound of one source of one participant."""

    def __init__(self, folder: Path, track: Track) -> None:
        """Take note; the file is made with the first packet.

        Args:
            folder: of the recording.
            track: what is counted and told in the part's description.
        """
        self.track = track
        self._path = folder / track.file
        self._output: av.container.OutputContainer | None = None
        self._stream: av.stream.Stream | None = None
        self._last_ms = -1

    def write_sound(self, packet: bytes, seconds: float) -> None:
        """Write one Opus packet taken at `seconds` of the recording.

        Raises:
            OSError: the disk.
        """
        if not packet:
            return
        if self._output is None:
            self._open("opus", 0, 0)
        self._write(packet, seconds, key=True, duration=round(opus.duration_ms(packet)))

    def write_picture(self, picture: Picture, seconds: float) -> None:
        """Write one VP8 picture taken at `seconds`; the first must be a key picture.

        Raises:
            OSError: the disk.
        """
        if self._output is None:
            self._open("vp8", picture.width, picture.height)
        track = self.track
        track.width = max(track.width, picture.width)
        track.height = max(track.height, picture.height)
        self._write(picture.data, seconds, key=picture.key, duration=0)

    def _open(self, codec: str, width: int, height: int) -> None:
        output = av.open(str(self._path), "w", format="webm", options=_OPTIONS)
        if codec == "opus":
            # An encoder that never encodes: it knows what the file's header must say of Opus.
            self._stream = output.add_stream("libopus", rate=48000, layout="stereo")
        else:
            self._stream = output.add_mux_stream(codec, width=width, height=height)
        self._stream.time_base = _MILLISECOND
        output.start_encoding()
        self._output = output

    def _write(self, data: bytes, seconds: float, *, key: bool, duration: int) -> None:
        at = max(round(seconds * 1000), self._last_ms + 1)
        packet = av.Packet(data)
        packet.pts = packet.dts = at
        packet.time_base = _MILLISECOND
        packet.duration = duration
        packet.is_keyframe = key
        assert self._output is not None  # noqa: S101 - opened by the callers
        assert self._stream is not None  # noqa: S101 - as well
        packet.stream = self._stream
        self._output.mux_one(packet)
        if self._last_ms < 0:
            self.track.first_ms = at
        self._last_ms = self.track.last_ms = at
        self.track.pictures += 1

    def close(self) -> None:
        """Write what is held back and close the file. Idempotent.

        Raises:
            OSError: the disk.
        """
        output, self._output = self._output, None
        if output is not None:
            output.close()

    def erase(self) -> None:
        """Close and delete the file."""
        try:
            self.close()
        finally:
            self._path.unlink(missing_ok=True)
