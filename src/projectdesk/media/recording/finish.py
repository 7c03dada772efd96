"""Makes what a recorder wrote into one WebM per participant, undecoded; also after a crash.

A live file that was never closed is read as far as it goes: it has a cluster for each second. The
files of one participant are merged by time; each begins at 0 and the manifest says where in the
recording that is. What cannot be read is left where it is and told as interrupted.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import av
import msgspec

from projectdesk.errors import EnvironmentFailure, NotFound
from projectdesk.media.recording import manifest
from projectdesk.signalling.media import FeedSource

if TYPE_CHECKING:
    AnyPacket = av.Packet[Any]
_MILLISECOND = Fraction(1, 1000)
_LONGEST_MS = 1000
"""A sound or picture is taken to last no longer when the length of a file is told."""


def finish(folder: Path, without: Iterable[str] = ()) -> manifest.Manifest:
    """Merge the live files of a recording and describe the result. Doing it again changes nothing.

    Args:
        folder: of the recording.
        without: participants of whom nothing may be kept.

    Raises:
        NotFound: `recording_unknown`; nothing was recorded here.
        EnvironmentFailure: `recording_disk`; the disk is full: what was recorded is still there.
    """
    if (folder / manifest.MANIFEST).exists():
        return _leave_out(folder, manifest.read_manifest(folder), set(without))
    parts = manifest.read_parts(folder)
    if not parts:
        raise NotFound(
            "recording_unknown", "There is no recording in {folder}.", folder=str(folder)
        )
    erased = {*without, *(participant for part in parts for participant in part.erased)}
    sources: dict[str, dict[FeedSource, list[manifest.Track]]]
    sources = defaultdict(lambda: defaultdict(list))
    for track in _tracks(folder, parts):
        if track.participant not in erased:
            sources[track.participant][track.source].append(track)
    try:
        files = [
            file
            for participant, tracks in sorted(sources.items())
            for file in _merge_participant(folder, participant, tracks)
        ]
        made = _manifest(parts, files, erased)
        manifest.write(folder / manifest.MANIFEST, made)
    except OSError as error:
        raise EnvironmentFailure(
            "recording_disk",
            "The recording in {folder} cannot be put together: {reason}. What was recorded is "
            "still there.",
            folder=str(folder),
            reason=str(error),
        ) from error
    for path in (*folder.glob("live-*.webm"), *folder.glob("part-*.json")):
        path.unlink()
    return made


def _leave_out(folder: Path, made: manifest.Manifest, without: set[str]) -> manifest.Manifest:
    """Erase people from a finished recording."""
    gone = [file for file in made.files if file.participant in without]
    if not gone:
        return made
    for file in gone:
        (folder / file.name).unlink(missing_ok=True)
    left = msgspec.structs.replace(
        made,
        files=[file for file in made.files if file.participant not in without],
        presence=[
            manifest.Presence(at_s=e.at_s, people=[p for p in e.people if p.id not in without])
            for e in made.presence
        ],
    )
    manifest.write(folder / manifest.MANIFEST, left)
    return left


def _tracks(folder: Path, parts: list[manifest.Part]) -> list[manifest.Track]:
    """Return the tracks that have a file; a part that was cut off may not have told its last."""
    known = {track.file: track for part in parts for track in part.tracks}
    for path in folder.glob("live-*.webm"):
        words = path.stem.split("-", 2)
        if path.name not in known and len(words) == 3:
            participant, _, source = words[2].rpartition("-")
            if participant and source in get_args(FeedSource):
                known[path.name] = manifest.Track(
                    file=path.name,
                    participant=participant,
                    source=source,  # type: ignore[arg-type]
                )
    return [t for name, t in sorted(known.items()) if (folder / name).exists()]


def _merge_participant(
    folder: Path, participant: str, tracks: dict[FeedSource, list[manifest.Track]]
) -> Iterator[manifest.RecordedFile]:
    face: list[FeedSource] = [source for source in ("audio", "video") if source in tracks]
    if face:
        name = f"{participant}.webm"
        yield from _merge(folder, name, participant, {s: tracks[s] for s in face})
    if "screen" in tracks:
        name = f"{participant}-screen.webm"
        shown: list[FeedSource] = [source for source in ("screen", "sound") if source in tracks]
        yield from _merge(folder, name, participant, {s: tracks[s] for s in shown})


class _Source:
    """The live files of one source, one after the other, as one run of packets."""

    def __init__(self, folder: Path, tracks: list[manifest.Track]) -> None:
        self._paths = [folder / track.file for track in tracks]
        self.track: manifest.Track = tracks[0]
        self.template: av.stream.Stream | None = None
        self._opened: list[av.container.InputContainer] = []
        for path in self._paths:
            try:
                self._opened.append(av.open(str(path)))
            except av.error.FFmpegError:
                continue  # nothing but a header, or not even that
        streams = [one.streams[0] for one in self._opened if one.streams]
        self.template = streams[0] if streams else None
        self.width = max((t.width for t in tracks), default=0)
        self.height = max((t.height for t in tracks), default=0)

    def packets(self, source: FeedSource) -> Iterator[tuple[int, FeedSource, AnyPacket]]:
        """Yield time in ms, `source` and packet."""
        for opened in self._opened:
            try:
                for packet in opened.demux():
                    if packet.pts is not None and packet.size:
                        base = packet.time_base or _MILLISECOND
                        yield round(packet.pts * base * 1000), source, packet
            except av.error.FFmpegError:
                continue  # cut off in the middle of a cluster: what was before is there

    def close(self) -> None:
        for opened in self._opened:
            opened.close()


def _merge(
    folder: Path,
    name: str,
    participant: str,
    tracks: dict[FeedSource, list[manifest.Track]],
) -> Iterator[manifest.RecordedFile]:
    """Write one file of several sources; nothing is yielded where they hold no packet."""
    opened = {source: _Source(folder, of) for source, of in tracks.items()}
    beside = folder / f".{name}.new"
    try:
        usable = {source: one for source, one in opened.items() if one.template is not None}
        first, last, found = _write(beside, usable)
    finally:
        for one in opened.values():
            one.close()
    if first is None:
        beside.unlink(missing_ok=True)
        return
    path = folder / name
    beside.replace(path)
    yield manifest.RecordedFile(
        name=name,
        participant=participant,
        sources=found,
        start_s=first / 1000,
        seconds=(last - first) / 1000,
        size=path.stat().st_size,
        sha256=manifest.checksum(path),
        width=max((one.width for one in usable.values()), default=0),
        height=max((one.height for one in usable.values()), default=0),
    )


def _write(
    path: Path, sources: dict[FeedSource, _Source]
) -> tuple[int | None, int, list[FeedSource]]:
    """Write the packets of all sources by time; return first and last ms and what was written."""
    first: int | None = None
    last = 0
    found: list[FeedSource] = []
    with av.open(str(path), "w", format="webm") as output:
        streams = {}
        for source, one in sources.items():
            template = one.template
            assert template is not None  # noqa: S101 - the caller left those out
            streams[source] = output.add_stream_from_template(template)
        runs = [one.packets(source) for source, one in sources.items()]
        written: dict[FeedSource, int] = {}
        for taken, source, packet in heapq.merge(*runs, key=lambda entry: entry[0]):
            at = max(taken, written.get(source, -1) + 1)
            if first is None:
                first = at
            if source not in found:
                found.append(source)
            written[source] = at
            last = max(last, at + _length(packet))
            stream = streams[source]
            packet.stream = stream
            packet.pts = packet.dts = at - first
            packet.time_base = _MILLISECOND
            output.mux_one(packet)
    return first, last, found


def _length(packet: AnyPacket) -> int:
    base = packet.time_base or _MILLISECOND
    return min(round((packet.duration or 0) * base * 1000), _LONGEST_MS)


def _manifest(
    parts: list[manifest.Part], files: list[manifest.RecordedFile], erased: set[str]
) -> manifest.Manifest:
    ends = [file.start_s + file.seconds for file in files]
    presence = [
        manifest.Presence(
            at_s=entry.at_s, people=[one for one in entry.people if one.id not in erased]
        )
        for part in parts
        for entry in part.presence
    ]
    return manifest.Manifest(
        version=manifest.VERSION,
        started_at=parts[0].started_at,
        seconds=max([*(part.seconds for part in parts if part.closed), *ends], default=0.0),
        files=files,
        presence=presence,
        pauses=[pause for part in parts for pause in part.pauses],
        interrupted=not all(part.closed and not part.failed for part in parts),
    )
