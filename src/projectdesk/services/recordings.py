"""Recordings of a meeting: on its host, and fetched into the data folder.

A recording is fetched file by file: each is continued where it was cut off, checked, and counts
once it is whole. Only when all are there is the host told, which then erases its copy. No database:
what was recorded and who agreed lie beside the files.
"""

from __future__ import annotations

import hashlib
import http.client
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec

from projectdesk.errors import (
    DomainError,
    EnvironmentFailure,
    NotFound,
    RemoteProtocolError,
)
from projectdesk.folders import make_private
from projectdesk.services.host_requests import HostAccess as HostAccess
from projectdesk.services.host_requests import nonsense, open_answer, unreachable
from projectdesk.signalling.instant import Instant
from projectdesk.signalling.recording import (
    Consent,
    ConsentList,
    FetchableFile,
    RecordingFacts,
    RecordingList,
)

MANIFEST, CONSENTS = "manifest.json", "consents.json"
FILMS = (".mp4", ".webm")
_CHUNK = 1 << 18
_PART = ".part"

Told = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


@dataclass(frozen=True)
class RecordingRow:
    """A recording as it is shown.

    place: "here" (fetched), "host" (to be fetched), "under_way", "damaged". folder: of its files,
    where it is here. film: everybody in one file, if it was made. size: bytes.
    """

    id: str
    place: str
    started_at: datetime | None
    seconds: float
    size: int
    people: tuple[str, ...] = ()
    consents: tuple[Consent, ...] = ()
    interrupted: bool = False
    kept_until: datetime | None = None
    folder: Path | None = None
    film: Path | None = None


class _Person(msgspec.Struct):
    id: str
    name: str
    organisation: str = ""


class _Presence(msgspec.Struct):
    people: list[_Person]


class _File(msgspec.Struct):
    name: str
    size: int


class _Manifest(msgspec.Struct):
    """What is shown of `manifest.json` (`media.recording.manifest`)."""

    started_at: Instant
    seconds: float
    files: list[_File]
    presence: list[_Presence] = []
    interrupted: bool = False


def folder_of(data: Path, meeting_id: UUID) -> Path:
    """Return where a meeting's recordings are kept, below the data folder."""
    return data / "recordings" / meeting_id.hex


def folders(data: Path) -> list[Path]:
    """Return the folder of each recording that is kept, in order."""
    return sorted((data / "recordings").glob("*/*"))


# --- on the host ----------------------------------------------------------------------------------


def on_host(access: HostAccess, room: str) -> list[RecordingFacts]:
    """Return what a host has of a room; empty where the host has no such room any more.

    Raises:
        EnvironmentFailure: `host_unreachable`.
        RemoteProtocolError: the host refuses, or answers nonsense.
    """
    try:
        with open_answer(access, "GET", f"/api/v1/rooms/{room}/recordings") as answer:
            raw = answer.read()
        return msgspec.json.decode(raw, type=RecordingList).recordings
    except NotFound:
        return []
    except msgspec.MsgspecError as error:
        raise nonsense() from error


def fetch(
    access: HostAccess,
    room: str,
    facts: RecordingFacts,
    into: Path,
    *,
    told: Told = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Fetch a recording and return its folder; the host erases its copy then.

    Cut off or cancelled, what is there stays and is gone on with the next time.

    Args:
        access: the host.
        room: whose recording it is.
        facts: of the recording, as the host told them.
        into: folder of the meeting's recordings.
        told: progress.
        cancelled: asked often; True stops.

    Raises:
        DomainError: `recording_not_ready`, `fetch_cancelled`.
        EnvironmentFailure: `host_unreachable`, `recording_disk`.
        RemoteProtocolError: `recording_changed`, a file is not what the host said.
    """
    if facts.state != "ready":
        raise DomainError("recording_not_ready", "The recording is not ready to be fetched yet.")
    if Path(facts.id).name != facts.id or any(Path(f.name).name != f.name for f in facts.files):
        raise nonsense()
    folder = into / facts.id
    make_private(into.parent)
    make_private(into)
    make_private(folder)
    total = sum(file.size for file in facts.files)
    done = 0
    try:
        for file in facts.files:
            path = f"/api/v1/rooms/{room}/recordings/{facts.id}/files/{file.name}"
            before = done

            def step(count: int, before: int = before) -> None:
                told(before + count, total)
                if cancelled():
                    raise DomainError(
                        "fetch_cancelled", "Stopped. What is fetched stays; go on at any time."
                    )

            _fetch_file(access, path, file, folder / file.name, step)
            done += file.size
    except OSError as error:
        raise EnvironmentFailure(
            "recording_disk",
            "The recording cannot be kept in {folder}: {reason}.",
            folder=str(folder),
            reason=error.strerror or str(error),
        ) from error
    with open_answer(access, "POST", f"/api/v1/rooms/{room}/recordings/{facts.id}/fetched"):
        pass
    return folder


def erase_on_host(access: HostAccess, room: str, recording: str) -> None:
    """Let the host erase a recording that nobody wants to fetch; errors as of `on_host`."""
    with open_answer(access, "DELETE", f"/api/v1/rooms/{room}/recordings/{recording}"):
        pass


def _fetch_file(
    access: HostAccess, path: str, file: FetchableFile, target: Path, step: Callable[[int], None]
) -> None:
    """Fetch one file, going on where an earlier try ended."""
    if target.exists() and _is_whole(target, file):
        step(file.size)
        return
    part = target.with_name(target.name + _PART)
    have = part.stat().st_size if part.exists() else 0
    if have > file.size:
        part.unlink()
        have = 0
    if have < file.size:
        with open_answer(access, "GET", path, begin=have) as answer, part.open("ab") as out:
            if have and answer.status != http.client.PARTIAL_CONTENT:
                out.truncate(0)
                have = 0
            step(have)
            while chunk := _read(answer):
                out.write(chunk)
                have += len(chunk)
                step(have)
    if not part.exists() or not _is_whole(part, file):
        part.unlink(missing_ok=True)
        raise RemoteProtocolError(
            "recording_changed",
            "{file} is not what the host said it is. Please fetch it again.",
            file=file.name,
        )
    part.replace(target)


def _read(answer: http.client.HTTPResponse) -> bytes:
    try:
        return answer.read(_CHUNK)
    except (OSError, http.client.HTTPException) as error:
        raise unreachable(str(error)) from error


def _is_whole(path: Path, file: FetchableFile) -> bool:
    if path.stat().st_size != file.size:
        return False
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest() == file.sha256


# --- here -----------------------------------------------------------------------------------------


def here(folder: Path) -> list[RecordingRow]:
    """Return the recordings in a meeting's folder, the newest first; half fetched ones are not."""
    if not folder.is_dir():
        return []
    rows = [row for one in sorted(folder.iterdir()) if (row := read_row(one)) is not None]
    return rows[::-1]


def read_row(folder: Path) -> RecordingRow | None:
    """Return the recording in a folder, or None if there is none that is whole."""
    try:
        made = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=_Manifest)
    except OSError:
        return None
    except msgspec.MsgspecError:
        return RecordingRow(folder.name, "damaged", None, 0.0, 0, folder=folder)
    if any(folder.glob(f"*{_PART}")) or not all((folder / f.name).exists() for f in made.files):
        return None
    names = {one.id: one.name for entry in made.presence for one in entry.people}
    films = [p for p in folder.iterdir() if p.stem == "film" and p.suffix in FILMS]
    return RecordingRow(
        id=folder.name,
        place="here",
        started_at=made.started_at,
        seconds=made.seconds,
        size=sum(file.size for file in made.files),
        people=tuple(sorted(set(names.values()))),
        consents=_consents(folder),
        interrupted=made.interrupted,
        folder=folder,
        film=films[0] if films else None,
    )


def _consents(folder: Path) -> tuple[Consent, ...]:
    try:
        kept = msgspec.json.decode((folder / CONSENTS).read_bytes(), type=ConsentList)
    except (OSError, msgspec.MsgspecError):
        return ()
    return tuple(sorted(kept.consents, key=lambda one: one.name.casefold()))


def together(found: list[RecordingFacts], local: list[RecordingRow]) -> list[RecordingRow]:
    """Return what the host has and what is here, the newest first; what is in both is here."""
    known = {row.id for row in local}
    remote = [
        RecordingRow(
            id=facts.id,
            place="host" if facts.state == "ready" else facts.state,
            started_at=facts.started_at,
            seconds=facts.seconds,
            size=sum(file.size for file in facts.files),
            interrupted=facts.interrupted,
            kept_until=facts.kept_until,
        )
        for facts in found
        if facts.id not in known
    ]
    return sorted([*local, *remote], key=lambda row: row.id, reverse=True)


def erase_here(folder: Path) -> None:
    """Erase a fetched recording.

    Raises:
        EnvironmentFailure: `recording_disk`.
    """
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise EnvironmentFailure(
            "recording_disk",
            "The recording in {folder} cannot be erased: {reason}.",
            folder=str(folder),
            reason=error.strerror or str(error),
        ) from error
