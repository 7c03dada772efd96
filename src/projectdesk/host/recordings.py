"""Where a host keeps recordings: `FOLDER/ROOM/RECORDING`, until the desktop has fetched them.

While a room records, its media server's recorder writes there. Once the recording is over, a
process of its own merges the files (`projectdesk recorder FOLDER --finish`); what a killed host
left over is merged when the next one starts. 14 days after its end, or as long as the host's
settings say, a recording is erased, fetched or not (security.md).
"""

from __future__ import annotations

import asyncio
import logging
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from projectdesk.errors import NotFound, ProjectDeskError
from projectdesk.folders import make_private
from projectdesk.media.recording import manifest
from projectdesk.media.recording.manifest import CONSENTS, checksum
from projectdesk.signalling.recording import (
    Consent,
    ConsentList,
    FetchableFile,
    RecordingFacts,
    RecordingList,
)

_log = logging.getLogger(__name__)
KEPT = timedelta(days=14)
"""How long a recording waits to be fetched (security.md), where nobody says otherwise."""

_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z\-]{3,63}")
_ROOM = re.compile(r"[0-9A-Za-z]{4,32}")
_FILE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-_]{0,99}")


@dataclass(frozen=True)
class _Ended:
    """A recording that is over and is to be merged."""

    folder: Path


def finisher_command() -> list[str]:
    """Return how this installation merges a recording's files."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "recorder"]
    return [sys.executable, "-m", "projectdesk", "recorder"]


class RecordingStore:
    """The recordings of all rooms. kept: how long they wait to be fetched."""

    def __init__(
        self,
        folder: Path,
        clock: Callable[[], datetime],
        *,
        command: Sequence[str] | None = None,
    ) -> None:
        """Make a store; `folder` is made with the first recording.

        Args:
            folder: of all recordings.
            clock: UTC now.
            command: program and first arguments of the recorder; None for this installation's.
        """
        self._folder = folder
        self._clock = clock
        self._command = list(command) if command is not None else finisher_command()
        self._ended: asyncio.Queue[_Ended] = asyncio.Queue()
        self._running: set[Path] = set()
        self.kept = KEPT

    # --- while it records -----------------------------------------------------------------------

    async def prepare(self, room: str, recording: str) -> Path:
        """Return the folder of a recording that begins or goes on, made if it is not there.

        Raises:
            EnvironmentFailure: `folder_unusable`.
        """
        folder = self._place(room, recording)
        self._running.add(folder)
        await asyncio.to_thread(_make, folder, self._folder)
        return folder

    async def end(self, room: str, recording: str, consents: Sequence[Consent]) -> None:
        """Take note that a recording is over; it is merged in the background.

        Args:
            room: whose.
            recording: its id.
            consents: kept with it; who withdrew is erased.
        """
        folder = self._place(room, recording)
        kept = ConsentList(recording=recording, room=room, consents=list(consents))
        if await asyncio.to_thread(_keep, folder, kept):
            self._ended.put_nowait(_Ended(folder))
        else:
            self._running.discard(folder)

    async def run(self) -> None:
        """Merge what ends, and what a host before left over, until cancelled."""
        for folder in await asyncio.to_thread(self._unfinished):
            self._ended.put_nowait(_Ended(folder))
        while True:
            folder = (await self._ended.get()).folder
            self._running.add(folder)
            try:
                await self._finish(folder)
            finally:
                self._running.discard(folder)

    async def _finish(self, folder: Path) -> None:
        without = await asyncio.to_thread(_withdrawn, folder)
        arguments = [*self._command, str(folder), "--finish"]
        for participant in without:
            arguments += ["--without", participant]
        process = await asyncio.to_thread(_spawn, arguments)
        if process is None:
            return
        try:
            while (code := process.poll()) is None:  # noqa: ASYNC110 - a process is waited for
                await asyncio.sleep(0.1)
        finally:
            if process.poll() is None:  # the host ends; the next one goes on
                process.terminate()
        if code != 0:
            _log.error("the recording in %s could not be put together (code %s)", folder, code)

    def _unfinished(self) -> list[Path]:
        found = []
        for folder in sorted(self._folder.glob("*/*")):
            if (folder / manifest.MANIFEST).exists() or folder in self._running:
                continue
            if any(folder.glob("part-*.json")):
                found.append(folder)
            elif folder.is_dir():
                shutil.rmtree(folder, ignore_errors=True)  # nothing was ever recorded
        return found

    # --- afterwards -----------------------------------------------------------------------------

    async def of_room(self, room: str) -> RecordingList:
        """Return the recordings of a room, the oldest first."""
        return RecordingList(recordings=await asyncio.to_thread(self._list, room))

    def _list(self, room: str) -> list[RecordingFacts]:
        folders = sorted((self._folder / room).glob("*")) if _ROOM.fullmatch(room) else []
        return [facts for folder in folders if (facts := self._facts(folder)) is not None]

    def _facts(self, folder: Path) -> RecordingFacts | None:
        if not folder.is_dir():
            return None
        if folder in self._running:
            return RecordingFacts(id=folder.name, state="under_way")
        try:
            made = manifest.read_manifest(folder)
        except ProjectDeskError:
            return RecordingFacts(id=folder.name, state="damaged")
        ended = datetime.fromtimestamp(
            (folder / manifest.MANIFEST).stat().st_mtime, tz=made.started_at.tzinfo
        )
        files = [
            FetchableFile(name=file.name, size=file.size, sha256=file.sha256) for file in made.files
        ]
        for name in (manifest.MANIFEST, CONSENTS):
            if (path := folder / name).exists():
                size = path.stat().st_size
                files.append(FetchableFile(name=name, size=size, sha256=checksum(path)))
        return RecordingFacts(
            id=folder.name,
            state="ready",
            started_at=made.started_at,
            seconds=made.seconds,
            interrupted=made.interrupted,
            kept_until=ended + self.kept,
            files=files,
        )

    async def file(self, room: str, recording: str, name: str) -> Path:
        """Return where a file of a finished recording lies.

        Raises:
            NotFound: `recording_unknown`.
        """
        facts = {facts.id: facts for facts in (await self.of_room(room)).recordings}.get(recording)
        known = {file.name for file in facts.files} if facts is not None else set()
        if name not in known or _FILE.fullmatch(name) is None:
            raise _unknown()
        return self._place(room, recording) / name

    async def erase(self, room: str, recording: str) -> None:
        """Erase a recording that is not under way.

        Raises:
            NotFound: `recording_unknown`; there is none, or it is not over.
        """
        folder = self._place(room, recording)
        if folder in self._running or not await asyncio.to_thread(folder.is_dir):
            raise _unknown()
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        _log.info("a recording of room %s is erased", room)

    async def erase_old(self) -> None:
        """Erase what waited too long, and what could not be put together by then."""
        await asyncio.to_thread(self._erase_old)

    def _erase_old(self) -> None:
        before = (self._clock() - self.kept).timestamp()
        for folder in self._folder.glob("*/*"):
            if folder in self._running or not folder.is_dir():
                continue
            newest = max((path.stat().st_mtime for path in folder.iterdir()), default=0.0)
            if newest < before:
                shutil.rmtree(folder, ignore_errors=True)
                _log.info("recording %s was not fetched in time and is erased", folder.name)

    def _place(self, room: str, recording: str) -> Path:
        if _ROOM.fullmatch(room) is None or _ID.fullmatch(recording) is None:
            raise _unknown()
        return self._folder / room / recording


def _unknown() -> NotFound:
    return NotFound("recording_unknown", "The host has no such recording.")


def _make(folder: Path, top: Path) -> None:
    make_private(top)
    make_private(folder.parent)
    make_private(folder)


def _keep(folder: Path, consents: ConsentList) -> bool:
    """Write who agreed beside a recording; False if nothing was recorded."""
    if not folder.is_dir():
        return False
    manifest.write(folder / CONSENTS, consents)
    return True


def _withdrawn(folder: Path) -> list[str]:
    try:
        kept = manifest.read(folder / CONSENTS, ConsentList)
    except ProjectDeskError:
        return []
    return [one.participant for one in kept.consents if one.answer == "withdrawn"]


def _spawn(arguments: list[str]) -> subprocess.Popen[bytes] | None:
    flags: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    try:
        return subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            creationflags=flags,
        )
    except OSError as error:
        _log.error("the recorder did not start: %s", error)
        return None
