"""Where a host keeps the files that people put into the chat, until their room is erased.

A file is written beside its place while it comes, and counts once it is whole and on the disk.
Everything that touches the disk runs on one thread of this store's own.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import logging
import os
import re
import secrets
import shutil
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from projectdesk.errors import DomainError, EnvironmentFailure

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

SPARE = 200_000_000
"""Bytes that stay free on the disk: the journal must never wait for the chat."""
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_ID = re.compile(r"[0-9a-f]{32}")
_PART = ".part"


@dataclass(frozen=True)
class ReceivedFile:
    """A file that is on the disk. id: 32 hex digits. sha256: of its content, hex."""

    id: str
    size: int
    sha256: str


class FileStore:
    """The files of all rooms, `FOLDER/ROOM/ID`."""

    def __init__(self, folder: Path) -> None:
        """Make a store; `folder` is made when the first file comes."""
        self._folder = folder
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="files")

    def close(self) -> None:
        """End the store's thread; who still sends gets an error."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def receive(self, room: str, chunks: AsyncIterator[bytes], *, limit: int) -> ReceivedFile:
        """Write a file as it comes.

        Args:
            room: whose it is.
            chunks: its bytes.
            limit: most bytes that are taken.

        Raises:
            DomainError: `file_too_large`; nothing of it stays.
            EnvironmentFailure: `host_disk_full`, `host_disk_failed`; nothing of it stays.
        """
        identity = secrets.token_hex(16)
        path = self._folder / room / identity
        part = path.with_suffix(_PART)
        size, digest = 0, hashlib.sha256()
        try:
            file = await self._on_disk(lambda: _begin(part))
            try:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise DomainError(
                            "file_too_large", "The file is larger than this meeting allows."
                        )
                    digest.update(chunk)
                    await self._on_disk(lambda data=chunk: file.write(data))  # type: ignore[misc]
                await self._on_disk(lambda: _finish(file))
            finally:
                await self._on_disk(file.close)
            await self._on_disk(lambda: part.replace(path))
        finally:
            await self._on_disk(lambda: part.unlink(missing_ok=True))
        return ReceivedFile(identity, size, digest.hexdigest())

    def path(self, room: str, file: str) -> Path | None:
        """Return where a file lies, or None if there is none."""
        if _ID.fullmatch(file) is None:
            return None
        path = self._folder / room / file
        return path if path.is_file() else None

    async def discard(self, room: str, file: str) -> None:
        """Erase one file, if it is there."""
        await self._on_disk(lambda: (self._folder / room / file).unlink(missing_ok=True))

    async def erase(self, room: str) -> None:
        """Erase all files of a room."""
        await self._on_disk(lambda: shutil.rmtree(self._folder / room, ignore_errors=True))

    async def tidy(self) -> None:
        """Erase what a host that was killed had begun to write."""

        def work() -> None:
            for part in self._folder.glob(f"*/*{_PART}"):
                part.unlink(missing_ok=True)

        await self._on_disk(work)

    async def _on_disk(self, work: Callable[[], _T]) -> _T:
        loop = asyncio.get_running_loop()
        try:
            return await asyncio.shield(loop.run_in_executor(self._pool, work))
        except OSError as error:
            if error.errno in _FULL:
                raise _disk_full() from error
            _log.error("a file of the chat: %s", error.strerror)
            raise EnvironmentFailure(
                "host_disk_failed", "The host cannot keep files at the moment."
            ) from error


def _begin(part: Path) -> BinaryIO:
    part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(part.parent).free < SPARE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return part.open("xb")


def _finish(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _disk_full() -> EnvironmentFailure:
    return EnvironmentFailure(
        "host_disk_full", "The host’s disk is full: the file was not kept. Tell the organiser."
    )
