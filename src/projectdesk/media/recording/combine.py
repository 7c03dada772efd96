"""One film of a recording: everybody who was there, side by side, their voices mixed.

This decodes and encodes, so it is done after the call, on the organiser's computer, in a process of
its own. Pauses are not in it; who was muted or had the camera off is shown by name. It sounds as
the floor did: who interprets talks at the same time as who is interpreted, and has a file of their
own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av

from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.media.recording import manifest
from projectdesk.media.recording.layout import Tile, arrange
from projectdesk.media.recording.picture import Canvas, Lettering, Reel
from projectdesk.media.recording.sound import RATE, Mixer, Voice
from projectdesk.signalling.media import SOUNDS

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.video.stream import VideoStream

SIZE = (1280, 720)
PICTURES_A_SECOND = 25
_GAP_S = {"video": 2.0, "screen": 15.0}
"""Longest pause between two pictures of what is on; a screen that does not change sends few."""

_SHAPES = {".mp4": ("libx264", "aac"), ".webm": ("libvpx", "libopus")}
_VIDEO_OPTIONS = {
    "libx264": {"preset": "veryfast", "crf": "23"},
    "libvpx": {"deadline": "realtime", "cpu-used": "6", "crf": "10", "b": "2M"},
}


@dataclass(frozen=True)
class Film:
    """What was made. seconds: its length; people: who is in it, by name."""

    file: Path
    seconds: float
    people: tuple[str, ...]


def best_suffix() -> str:
    """Return ".mp4" where this PyAV can write it, else ".webm"."""
    return ".mp4" if all(_can_encode(codec) for codec in _SHAPES[".mp4"]) else ".webm"


def _can_encode(codec: str) -> bool:
    try:
        av.codec.Codec(codec, "w")
    except ValueError:
        return False
    return True


def combine(
    folder: Path,
    out: Path,
    *,
    lettering: Lettering | None = None,
    size: tuple[int, int] = SIZE,
    told: Callable[[float], None] = lambda _: None,
) -> Film:
    """Write the film of a finished recording.

    Args:
        folder: of the recording, with its manifest.
        out: file to write; its end says what: .mp4 (H.264, AAC) or .webm (VP8, Opus).
        lettering: draws names; None for a film without them.
        size: of its pictures, in pixels, even.
        told: called with how much is done, from 0 to 1.

    Raises:
        NotFound, EnvironmentFailure: as of `manifest.read_manifest`, and `recording_disk`.
        DomainError: `bad_film`, this cannot be written; `recording_empty`, nothing to show.
    """
    made = manifest.read_manifest(folder)
    codecs = _SHAPES.get(out.suffix.lower())
    if codecs is None or not all(_can_encode(codec) for codec in codecs):
        raise DomainError(
            "bad_film",
            "A film “{name}” cannot be written here: expected a name that ends in {known}.",
            name=out.name,
            known=best_suffix(),
        )
    if not made.files or made.seconds <= 0:
        raise DomainError("recording_empty", "There is nothing in this recording to show.")
    beside = out.with_name(f".{out.name}.new{out.suffix}")
    try:
        with ExitStack() as closing:
            canvas = Canvas(*size, lettering)
            film = _Film(folder, made, canvas, closing)
            film.write(beside, codecs, told)
        beside.replace(out)
    except OSError as error:
        raise EnvironmentFailure(
            "recording_disk",
            "The film {file} cannot be written: {reason}.",
            file=str(out),
            reason=error.strerror or str(error),
        ) from error
    finally:
        beside.unlink(missing_ok=True)
    return Film(out, made.seconds, tuple(sorted(set(made.names().values()))))


class _Film:
    """A recording on its way to one file."""

    def __init__(
        self,
        folder: Path,
        made: manifest.Manifest,
        canvas: Canvas,
        closing: ExitStack,
    ) -> None:
        self._made = made
        self._names = made.names()
        self._reels: dict[tuple[str, str], Reel] = {}
        voices = []
        for file in made.files:
            path = folder / file.name
            for source in ("video", "screen"):
                if source in file.sources:
                    reel = Reel(path, file.start_s, _GAP_S[source])
                    closing.callback(reel.close)
                    self._reels[file.participant, source] = reel
            if not set(SOUNDS).isdisjoint(file.sources):
                voice = Voice(path, file.start_s, tuple(_interpreting(made, file.participant)))
                closing.callback(voice.close)
                voices.append(voice)
        self._mixer = Mixer(voices)
        self._canvas = canvas
        self._arranged: tuple[tuple[str, ...], str | None] | None = None
        self._tiles: list[Tile] = []

    def write(self, path: Path, codecs: tuple[str, str], told: Callable[[float], None]) -> None:
        """Encode it second by second."""
        options = {"movflags": "+faststart"} if path.suffix == ".mp4" else {}
        with av.open(str(path), "w", options=options) as output:
            video, audio = _streams(output, codecs, self._canvas)
            count = max(1, round(self._made.seconds * PICTURES_A_SECOND))
            for number in range(count):
                frame = self._picture(number / PICTURES_A_SECOND)
                frame.pts, frame.time_base = number, Fraction(1, PICTURES_A_SECOND)
                output.mux(video.encode(frame))
                if (number + 1) % PICTURES_A_SECOND == 0:
                    self._sound(output, audio, number // PICTURES_A_SECOND * RATE, RATE)
                    told((number + 1) / count)
            whole = count // PICTURES_A_SECOND
            rest = round((count / PICTURES_A_SECOND - whole) * RATE)
            if rest:
                self._sound(output, audio, whole * RATE, rest)
            for mixed in self._mixer.finish():
                output.mux(audio.encode(mixed))
            output.mux(video.encode(None))
            output.mux(audio.encode(None))
        told(1.0)

    def _sound(self, output: OutputContainer, audio: AudioStream, start: int, count: int) -> None:
        for mixed in self._mixer.mix(start, count):
            output.mux(audio.encode(mixed))

    def _picture(self, at: float) -> av.VideoFrame:
        people = tuple(_present(self._made, at))
        shown = {key: reel.at(at) for key, reel in self._reels.items()}
        screen = next(
            (who for who, source in shown if source == "screen" and shown[who, source]), None
        )
        if (people, screen) != self._arranged:
            self._arranged = (people, screen)
            self._canvas.clear()
            self._tiles = arrange(people, screen, self._canvas.width, self._canvas.height)
        for tile in self._tiles:
            name = self._names.get(tile.participant, "")
            self._canvas.draw(tile, shown.get((tile.participant, tile.source)), name)
        return self._canvas.frame()


def _interpreting(made: manifest.Manifest, participant: str) -> Iterator[tuple[float, float]]:
    """Yield from when to when somebody interprets, in seconds of the recording."""
    ends = [entry.at_s for entry in made.presence[1:]] + [float("inf")]
    for entry, end in zip(made.presence, ends, strict=True):
        if any(one.id == participant and one.interprets for one in entry.people):
            yield entry.at_s, end


def _present(made: manifest.Manifest, at: float) -> Iterator[str]:
    """Yield who is in the call at a time of the recording."""
    entries = [entry for entry in made.presence if entry.at_s <= at] or made.presence[:1]
    for entry in entries[-1:]:
        for one in entry.people:
            yield one.id


def _streams(
    output: OutputContainer, codecs: tuple[str, str], canvas: Canvas
) -> tuple[VideoStream, AudioStream]:
    video: VideoStream = output.add_stream(  # type: ignore[assignment]
        codecs[0], rate=PICTURES_A_SECOND, options=dict(_VIDEO_OPTIONS[codecs[0]])
    )
    video.width, video.height, video.pix_fmt = canvas.width, canvas.height, "yuv420p"
    audio: AudioStream = output.add_stream(  # type: ignore[assignment]
        codecs[1], rate=RATE, layout="stereo"
    )
    return video, audio
