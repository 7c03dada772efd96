"""What lies in a recording's folder, and what is written down about it.

While it runs: `part-N.json` and `live-N-PARTICIPANT-SOURCE.webm`, N from 1: a media server that was
replaced during a recording begins another part. Once it is over (`finish`): `manifest.json` and one
WebM per participant (`PARTICIPANT.webm`: voice and camera), with a screen in a file of its own
(`PARTICIPANT-screen.webm`). The host adds `consents.json`.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TypeVar

import msgspec

from projectdesk.errors import EnvironmentFailure, NotFound
from projectdesk.signalling.instant import Instant
from projectdesk.signalling.media import FeedSource, RecordedPerson

MANIFEST = "manifest.json"
CONSENTS = "consents.json"
"""Who agreed, refused and withdrew; written by the host (`signalling.recording.ConsentList`)."""
VERSION = 1
_T = TypeVar("_T", bound=msgspec.Struct)


class Track(msgspec.Struct, kw_only=True):
    """One track as it is being written. Times: milliseconds of the recording.

    pictures: coded pictures, or packets of sound. lost: packets that never came.
    """

    file: str
    participant: str
    source: FeedSource
    first_ms: int = 0
    last_ms: int = 0
    pictures: int = 0
    lost: int = 0
    width: int = 0
    height: int = 0


class Presence(msgspec.Struct, frozen=True, kw_only=True):
    """Who is in the call, and recorded, from `at_s` (seconds of the recording) on."""

    at_s: float
    people: list[RecordedPerson]


class Pause(msgspec.Struct, frozen=True, kw_only=True):
    """A pause: where in the recording, and how long it took by the clock on the wall."""

    at_s: float
    lasted_s: float


class Part(msgspec.Struct, kw_only=True):
    """What one run of the recorder wrote. closed: it ended in good order.

    base_s, seconds: where it begins in the recording, and the recording's length after it.
    erased: participants whose material was taken out.
    """

    number: int
    started_at: Instant
    base_s: float
    seconds: float
    pid: int
    closed: bool = False
    failed: str = ""
    tracks: list[Track] = []
    presence: list[Presence] = []
    pauses: list[Pause] = []
    erased: list[str] = []


class RecordedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a finished recording. start_s: where it begins in the recording, seconds.

    sources: its tracks. width, height: the largest picture in it; 0 without one.
    """

    name: str
    participant: str
    sources: list[FeedSource]
    start_s: float
    seconds: float
    size: int
    sha256: str
    width: int = 0
    height: int = 0


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """A finished recording. lost: packets that never came, by file name of the track."""

    version: int
    started_at: Instant
    seconds: float
    files: list[RecordedFile]
    presence: list[Presence]
    pauses: list[Pause]
    interrupted: bool = False

    def names(self) -> dict[str, str]:
        """Return name by participant; the last one where it changed."""
        return {one.id: one.name for entry in self.presence for one in entry.people}


def checksum(path: Path) -> str:
    """Return the hex SHA-256 of a file."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def write(path: Path, value: msgspec.Struct) -> None:
    """Write a JSON file so that a reader sees the old or the new one, never half of it."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(msgspec.json.format(msgspec.json.encode(value)))
    beside.replace(path)


def read(path: Path, kind: type[_T]) -> _T:
    """Return what a JSON file holds.

    Raises:
        NotFound: `recording_unknown`, there is none.
        EnvironmentFailure: `recording_damaged`.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError as error:
        raise NotFound(
            "recording_unknown", "There is no recording in {folder}.", folder=str(path.parent)
        ) from error
    except (OSError, msgspec.MsgspecError) as error:
        raise EnvironmentFailure(
            "recording_damaged", "{file} cannot be read: {reason}.", file=str(path),
            reason=str(error)[:200],
        ) from error  # fmt: skip


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a finished recording; errors as of `read`.

    Names of files are checked: a manifest from elsewhere must not lead out of its folder.
    """
    manifest = read(folder / MANIFEST, Manifest)
    for file in manifest.files:
        if Path(file.name).name != file.name or file.name.startswith("."):
            raise EnvironmentFailure(
                "recording_damaged", "{file} names a file outside of its folder.",
                file=str(folder / MANIFEST),
            )  # fmt: skip
    return manifest


def read_parts(folder: Path) -> list[Part]:
    """Return the parts of a recording that is not finished, in order; damaged ones are left out."""
    parts = []
    for path in folder.glob("part-*.json"):
        try:
            parts.append(read(path, Part))
        except (EnvironmentFailure, NotFound):
            continue
    return sorted(parts, key=lambda part: part.number)
